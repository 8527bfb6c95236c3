"""What an arrangement covers: an open receivable line, or a part of it. The ledger is referenced, never rewritten."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

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
        if problem := next(self._problems(today), None):
            raise UserError(problem)

    def _problems(self, today):
        """Yield in a sentence each what of this cannot be agreed on now, with the invoice and what to do."""
        arrangement = self.arrangement_id
        running = self.sudo().search(  # only whether there is one; those of the same company
            [("line_id", "in", self.line_id.ids), ("is_running", "=", True), ("arrangement_id", "not in", arrangement.ids)]
        )
        taken = running.filtered(lambda item: item.arrangement_id not in arrangement.replan_of_id)
        contested = self._contested(today)
        seen = self.env["account.move.line"]
        for item in self:
            line = item.line_id
            name = line.move_id.name or line.display_name
            if not line:
                yield self.env._("A row covers no invoice. Choose one, or remove the row.")
            elif line in seen:
                yield self.env._("%s stands here twice. Remove one of the rows.", name)
            elif line.parent_state != "posted":
                yield self.env._("%s is not posted. Post it again, or take it out of the arrangement.", name)
            elif item.currency_id.compare_amounts(line.amount_residual_currency, 0) <= 0:
                yield self.env._("%s is paid already. Take it out of the arrangement.", name)
            elif line in taken.line_id:
                yield self.env._("An arrangement about %s is running already. Change that one, or end it first.", name)
            elif line.move_id in contested:
                yield self.env._(
                    "The customer contests %s. Settle that first: end the pause on it, or take it out of the arrangement.",
                    name,
                )
            yield from item._amount_problems(name)
            seen |= line

    def _amount_problems(self, name):
        """Yield what is wrong with the amounts typed beside an invoice."""
        money, compare = self.currency_id.format, self.currency_id.compare_amounts
        if not self.line_id or not self.currency_id:
            return
        if compare(self.amount, 0) <= 0:
            yield self.env._("Of %s nothing is covered. Enter an amount above zero, or remove the row.", name)
        elif compare(self.amount, self.line_id.amount_residual_currency) > 0 and compare(self.residual, 0) > 0:
            yield self.env._(
                "Of %(invoice)s only %(open)s is open, but the arrangement covers %(covered)s. Lower what it covers.",
                invoice=name,
                open=money(self.line_id.amount_residual_currency),
                covered=money(self.amount),
            )
        if compare(self.waived_amount, 0) < 0:
            yield self.env._("What is given up of %s is below zero. Enter an amount, or nothing.", name)
        elif compare(self.waived_amount, self.amount) > 0:
            yield self.env._(
                "Of %(invoice)s %(given_up)s would be given up, but only %(covered)s is covered.",
                invoice=name,
                given_up=money(self.waived_amount),
                covered=money(self.amount),
            )

    @api.onchange("line_id")
    def _onchange_line_id(self):
        """Cover all that is open of an invoice that is chosen."""
        if self.line_id:
            self.amount = self.line_id.amount_residual_currency

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

    def _note_matched(self):
        """Note which matchings are there already: one statement. Only later ones are payments under the arrangement."""
        self.flush_model()
        self.env["account.partial.reconcile"].flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_arrangement_item ai
                   SET matched_before = (SELECT jsonb_agg(pr.id ORDER BY pr.id) FROM account_partial_reconcile pr
                                          WHERE pr.debit_move_id = ai.line_id)
                 WHERE ai.id = ANY(%s)
                RETURNING ai.id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["matched_before"], flush=False)

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
