"""Notes that a customer must be refreshed when money of his arrives at the bank."""
from odoo import api, models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["collection.dirty"]._mark(lines.partner_id.commercial_partner_id.ids)
        return lines

    def write(self, vals):
        before = self.partner_id.commercial_partner_id.ids if "partner_id" in vals else []
        result = super().write(vals)
        if "partner_id" in vals:
            self.env["collection.dirty"]._mark([*before, *self.partner_id.commercial_partner_id.ids])
        return result
