"""'Match This Payment' from where the money is: a payment, the entry of a bank transaction, an arrangement."""
from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    collection_has_open_credit = fields.Boolean(
        compute="_compute_collection_has_open_credit", groups="account.group_account_invoice",
        string="Has Money Not Matched Yet",
    )

    def _compute_collection_has_open_credit(self):
        for move in self:
            move.collection_has_open_credit = bool(move._collection_credits())

    def _collection_credits(self):
        """Return the journal items of these entries on which money of a customer waits to be matched."""
        return self.line_ids.filtered(
            lambda line: line.partner_id
            and (line.account_type == "asset_receivable" or line._collection_is_unassigned())
            and (line.move_id.origin_payment_id or line.move_id.statement_line_id)
            and not line.currency_id.is_zero(line._collection_credit_left())
        )

    def action_collection_match_payment(self):
        """Open the window that matches this money with what the customer owes."""
        self.ensure_one()
        credit = self._collection_credits()[:1]
        if not credit:
            raise UserError(self.env._("Nothing of this money waits to be matched with what a customer owes."))
        return self.env["collection.match.payment"]._action_open(
            credit.partner_id.commercial_partner_id, credit.company_id.root_id, credit
        )


class AccountPayment(models.Model):
    _inherit = "account.payment"

    collection_has_open_credit = fields.Boolean(
        related="move_id.collection_has_open_credit", groups="account.group_account_invoice"
    )

    def action_collection_match_payment(self):
        """Open the window that matches this payment with what the customer owes."""
        return self.move_id.action_collection_match_payment()


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    allocation_count = fields.Integer(string="Matched Payments", compute="_compute_allocation_count")
    has_unmatched = fields.Boolean(compute="_compute_has_unmatched")

    def _compute_allocation_count(self):
        allocations = self.env["collection.allocation"].search(self._allocation_domain())
        for arrangement in self:
            lines = arrangement.item_ids.line_id
            arrangement.allocation_count = sum(
                allocation.arrangement_id == arrangement or allocation.debt_line_id in lines for allocation in allocations
            )

    def _compute_has_unmatched(self):
        for company, arrangements in self.grouped("company_id").items():
            money = self.env["account.move.line"]._collection_open_credits(arrangements.partner_id, company)
            there = {(line.partner_id.commercial_partner_id, line.currency_id) for line in money}
            for arrangement in arrangements:
                arrangement.has_unmatched = (arrangement.partner_id, arrangement.currency_id) in there

    def _allocation_domain(self):
        """Return which matched payments are about what these arrangements cover."""
        return ["|", ("arrangement_id", "in", self.ids), ("debt_line_id", "in", self.item_ids.line_id.ids)]

    def action_match_payment(self):
        """Open 'Match This Payment' for what the customer paid and nobody has matched."""
        self.ensure_one()
        return self.env["collection.match.payment"]._action_open(self.partner_id, self.company_id, currency=self.currency_id)

    def action_open_allocations(self):
        self.ensure_one()
        return self.env["collection.allocation"]._action_open(self._allocation_domain())
