"""Notes that a customer must be refreshed when an invoice changes; the invoice itself is never written."""
from odoo import fields, models

#: Who sees the follow-up on an invoice; customers read their invoices too, but never these fields.
FOLLOW_UP_GROUPS = "account.group_account_invoice"
#: Changes after which an invoice may be asked for, or no longer be.
WATCHED = {"state", "payment_state", "partner_id", "collection_policy_id", "is_move_sent"}


class AccountMove(models.Model):
    _inherit = "account.move"

    collection_policy_id = fields.Many2one(
        "collection.policy",
        string="Follow-up Policy",
        copy=False,
        groups=FOLLOW_UP_GROUPS,
        check_company=True,
        help="Empty: the customer's policy applies.",
    )
    collection_item_ids = fields.One2many(
        "collection.item", "move_id", string="Follow-up Items", readonly=True, groups=FOLLOW_UP_GROUPS
    )

    def write(self, vals):
        with self.env["collection.dirty"]._marking(self, WATCHED & vals.keys()):
            return super().write(vals)

    def _collection_partner_ids(self):
        """Return the commercial partners whose receivable lines these entries may hold."""
        entries = self.filtered(lambda move: not move.is_purchase_document(include_receipts=True))
        return (entries.commercial_partner_id | entries.line_ids.partner_id.commercial_partner_id).ids
