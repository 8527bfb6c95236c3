"""Somebody's yes or no to an arrangement. Can be added to by the flow, never changed or deleted."""
from odoo import api, fields, models
from odoo.exceptions import UserError

DECISIONS = [("yes", "Yes"), ("no", "No"), ("counter", "Other Terms")]


class CollectionArrangementApproval(models.Model):
    _name = "collection.arrangement.approval"
    _description = "Yes or No to an Arrangement"
    _order = "date desc, id desc"
    _rec_name = "decision"

    arrangement_id = fields.Many2one("collection.arrangement", required=True, index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="arrangement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="arrangement_id.currency_id")
    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, index=True, readonly=True, ondelete="restrict")
    on_behalf_of_id = fields.Many2one(
        "res.users", string="In Place Of", readonly=True, ondelete="restrict", help="Whose right it was, where he was away."
    )
    decision = fields.Selection(DECISIONS, required=True, readonly=True)
    note = fields.Char(string="Why", readonly=True)
    terms = fields.Char(readonly=True, help="Fingerprint of the terms that were looked at; others need a yes of their own.")
    amount_waived = fields.Monetary(string="Given Up", readonly=True)
    amount_agreed = fields.Monetary(string="To Pay", readonly=True)
    beyond_text = fields.Text(string="Beyond the Limits", readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Somebody's yes or no is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Somebody's yes or no is never deleted."))
