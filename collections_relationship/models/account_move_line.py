"""Notes that a customer must be refreshed when a receivable line changes."""
from odoo import models

WATCHED = {"no_followup", "date_maturity", "partner_id", "account_id"}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        with self.env["collection.dirty"]._marking(self, WATCHED & vals.keys()):
            return super().write(vals)

    def _collection_partner_ids(self):
        """Return the commercial partners of the posted receivable lines among these."""
        receivable = self.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and line.parent_state == "posted"
        )
        return receivable.partner_id.commercial_partner_id.ids
