"""Notes that a customer must be refreshed when a payment starts, arrives or fails."""
from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env["collection.dirty"]._mark(
                self.filtered(lambda payment: payment.payment_type == "inbound").partner_id.commercial_partner_id.ids
            )
        return result
