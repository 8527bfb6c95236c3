"""Notes that a customer must be refreshed when a payment is matched or taken back."""
from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._mark_collection_dirty()
        return partials

    def unlink(self):
        self._mark_collection_dirty()
        return super().unlink()

    def _mark_collection_dirty(self):
        lines = self.debit_move_id | self.credit_move_id
        self.env["collection.dirty"]._mark(lines._collection_partner_ids())
