"""Ties an online payment to the message it answers, and settles exactly what was paid for."""
from odoo import fields, models
from odoo.tools import format_amount


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    collection_step_id = fields.Many2one(
        "collection.step",
        string="Follow-up Message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The message whose link the customer paid through.",
    )
    collection_line_ids = fields.Many2many(
        "account.move.line",
        "collection_transaction_line_rel",
        "transaction_id",
        "line_id",
        string="Paid For",
        readonly=True,
        copy=False,
        help="The instalments and opening items the customer chose to pay.",
    )

    def _covers(self, line):
        """Return whether one of these transactions pays for a line.

        A transaction started elsewhere names whole invoices, not their instalments.
        """
        return any(
            line in tx.collection_line_ids if tx.collection_line_ids else line.move_id in tx.invoice_ids for tx in self
        )

    def _payment_page_words(self):
        """Return what became of this payment, in a sentence for the customer who comes back from it."""
        self.ensure_one()
        words = {
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "invoices": self.collection_step_id._pay_numbers(self.collection_line_ids),
            "reference": self.reference,
        }
        if self.state in ("done", "authorized"):
            return self.env._("We have received your payment of %(amount)s for %(invoices)s.", **words)
        if self.state == "pending":
            return self.env._("%(amount)s for %(invoices)s. Your reference: %(reference)s", **words)
        return self.env._("Nothing was taken from you. You can try again below, or pay in another way.")

    def _update_state(self, allowed_states, target_state, state_message):
        """Override of `payment`: a payment that starts, arrives or fails changes what may be asked for."""
        changed = super()._update_state(allowed_states, target_state, state_message)
        self.env["collection.dirty"]._mark(changed.partner_id.commercial_partner_id.ids)
        return changed

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment`: opening items name no invoice, so their account is given here."""
        account = self.collection_line_ids.account_id
        if account and not self.invoice_ids:
            extra_create_values.setdefault("destination_account_id", account.id)
        return super()._create_payment(**extra_create_values)
