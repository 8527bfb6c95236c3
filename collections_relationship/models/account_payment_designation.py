"""The payer's designation: an online payment settles the lines it was made for, before any other."""
from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def action_post(self):
        result = super().action_post()
        for payment in self.filtered("payment_transaction_id.collection_line_ids"):
            payment._settle_designated_lines()
        return result

    def _settle_designated_lines(self):
        """Match the payment with the lines its payer chose, the oldest due first.

        What was settled otherwise meanwhile is left alone; the rest of the money stays an open credit.
        """
        self.ensure_one()
        designated = self.payment_transaction_id.collection_line_ids
        (self.move_id.line_ids + designated).filtered(
            lambda line: line.account_id == self.destination_account_id
            and line.parent_state == "posted"
            and not line.reconciled
        ).reconcile()
