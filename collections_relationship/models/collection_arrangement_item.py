"""What an arrangement covers: an open receivable line, or a part of it. The ledger is referenced, never rewritten."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import agreement


class CollectionArrangementItem(models.Model):
    _name = "collection.arrangement.item"
    _description = "What an Arrangement Covers"
    _order = "date_due, id"
    _rec_name = "move_id"

    arrangement_id = fields.Many2one("collection.arrangement", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="arrangement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="arrangement_id.currency_id")
    line_id = fields.Many2one("account.move.line", string="Journal Item", required=True, index=True, ondelete="restrict")
    move_id = fields.Many2one(related="line_id.move_id", store=True, index=True, string="Invoice")
    date_due = fields.Date(related="line_id.date_maturity", store=True, string="Due Date")
    residual = fields.Monetary(related="line_id.amount_residual_currency", string="Open Now")
    amount = fields.Monetary(string="Covered", required=True, help="All of what is open, or a part of it.")
    waived_amount = fields.Monetary(
        string="Given Up", help="Not to be paid once all payments are there. Nothing unless it is written here."
    )
    matched_before = fields.Json(
        readonly=True, copy=False, help="Matchings that were there when it started: no payment under the arrangement."
    )
    is_running = fields.Boolean(
        compute="_compute_is_running", store=True, help="The arrangement is agreed; one at a time may be."
    )

    _running_once = models.UniqueIndex(
        "(line_id) WHERE is_running",
        "Another arrangement about the same invoice is running. Open it and change that one, or end it first.",
    )
    _amount_is_positive = models.Constraint("CHECK (amount > 0)", "What an arrangement covers must be more than nothing.")
    _waived_is_part = models.Constraint(
        "CHECK (waived_amount >= 0 AND waived_amount <= amount)", "No more can be given up than is covered."
    )

    @api.depends("arrangement_id.state")
    def _compute_is_running(self):
        for item in self:
            item.is_running = item.arrangement_id.state in agreement.RUNNING

    def _check_fits(self):
        """Refuse invoices of another customer, company or currency, and what is not an open receivable."""
        for item in self:
            arrangement, line = item.arrangement_id, item.line_id
            name = line.move_id.name or line.display_name
            if line.account_type != "asset_receivable":
                raise ValidationError(self.env._("%s is not something a customer owes.", name))
            if line.partner_id.commercial_partner_id != arrangement.partner_id:
                raise ValidationError(
                    self.env._("%(invoice)s is not of %(customer)s.", invoice=name, customer=arrangement.partner_id.name)
                )
            if line.company_id.root_id != arrangement.company_id:
                raise ValidationError(
                    self.env._("%s is of another company. Make an arrangement of its own for it.", name)
                )
            if line.currency_id != arrangement.currency_id:
                raise ValidationError(
                    self.env._(
                        "%(invoice)s is in %(currency)s. Make an arrangement of its own for each currency.",
                        invoice=name,
                        currency=line.currency_id.name,
                    )
                )

    def _check_open(self, today):
        """Refuse what cannot be agreed on now: paid, contested, covered already, or covered by more than is open.

        :raise UserError: names the invoice and what to do
        """
        running = self.sudo().search(  # only whether there is one; those of the same company
            [
                ("line_id", "in", self.line_id.ids),
                ("is_running", "=", True),
                ("arrangement_id", "not in", self.arrangement_id.ids),
            ]
        )
        replaced = self.arrangement_id.replan_of_id
        taken = running.filtered(lambda item: item.arrangement_id not in replaced).line_id
        contested = self._contested(today)
        for item in self:
            line = item.line_id
            name = line.move_id.name or line.display_name
            if line.parent_state != "posted":
                raise UserError(self.env._("%s is not posted. Post it again, or take it out of the arrangement.", name))
            if item.currency_id.compare_amounts(line.amount_residual_currency, 0) <= 0:
                raise UserError(self.env._("%s is paid already. Take it out of the arrangement.", name))
            if item.currency_id.compare_amounts(item.amount, line.amount_residual_currency) > 0:
                raise UserError(
                    self.env._(
                        "Of %(invoice)s only %(open)s is open, but the arrangement covers %(covered)s. Lower what it covers.",
                        invoice=name,
                        open=item.currency_id.format(line.amount_residual_currency),
                        covered=item.currency_id.format(item.amount),
                    )
                )
            if line in taken:
                raise UserError(
                    self.env._(
                        "An arrangement about %s is running already. Change that one, or end it first.", name
                    )
                )
            if line.move_id in contested:
                raise UserError(
                    self.env._(
                        "The customer contests %s. Settle that first: end the pause on it, or take it out of the arrangement.",
                        name,
                    )
                )

    def _contested(self, today):
        """Return the invoices among these that the customer contests."""
        holds = self.env["collection.hold"].search(
            [
                ("move_id", "in", self.move_id.ids),
                ("reason", "=", "dispute"),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
            ]
        )
        return holds.move_id

    # === WHO MAY WRITE === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.arrangement_id._check_is_draft()
        items._check_fits()
        return items

    def write(self, vals):
        self.arrangement_id._check_is_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_of_drafts_only(self):
        self.arrangement_id._check_is_draft()
