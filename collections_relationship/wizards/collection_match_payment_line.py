"""One document that a payment may pay: what it owes, what the payment pays of it, and why."""
from odoo import api, fields, models


class CollectionMatchPaymentLine(models.TransientModel):
    _name = "collection.match.payment.line"
    _description = "What a Payment Pays"

    wizard_id = fields.Many2one("collection.match.payment", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    line_id = fields.Many2one("account.move.line", string="Journal Item", required=True, ondelete="cascade")
    move_id = fields.Many2one(related="line_id.move_id", string="Document")
    date_due = fields.Date(related="line_id.date_maturity", string="Due Date")
    residual = fields.Monetary(related="line_id.amount_residual_currency", string="Owed")
    amount = fields.Monetary(string="This Pays")
    why = fields.Char(compute="_compute_why")

    @api.depends("line_id", "amount", "wizard_id.credit_id")
    def _compute_why(self):
        for wizard, lines in self.grouped("wizard_id").items():
            shares = wizard._proposal() if wizard._may_propose() else {}
            for line in lines:
                line.why = line._describe(shares.get(line.line_id.id))

    def _describe(self, share):
        """Return why this amount is matched with this document."""
        currency = self.currency_id
        if not currency or currency.is_zero(self.amount):
            return False
        if not share or currency.compare_amounts(share.amount, self.amount):
            return self.env._("Chosen by you")
        if share.basis == "designated":
            return self.env._("Named by the payer")
        if share.basis == "agreed":
            return self.env._("Agreed: %s", share.arrangement.display_name)
        if self.wizard_id.pack_id:
            return self.env._("Legal order: %s", self.wizard_id.pack_id.name)
        return self.env._("Legal order: what is due, then the oldest")
