"""Shows where an invoice stands in the follow-up. Reads `collection.item`; never written by refresh."""
from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    collection_policy_id = fields.Many2one(
        "collection.policy",
        string="Follow-up Policy",
        copy=False,
        help="Empty: the customer's policy applies.",
    )
    collection_item_ids = fields.One2many("collection.item", "move_id", string="Follow-up Items", readonly=True)
