"""Who of the colleagues has read which version of the published policy."""
from odoo import fields, models


class CollectionPublicPolicyReading(models.Model):
    _name = "collection.public.policy.reading"
    _description = "Colleague Who Read a Policy"
    _order = "date desc, id desc"
    _rec_name = "user_id"

    version_id = fields.Many2one(
        "collection.public.policy.version", required=True, readonly=True, index=True, ondelete="cascade"
    )
    policy_id = fields.Many2one(related="version_id.policy_id", store=True, index=True)
    company_id = fields.Many2one(related="version_id.company_id", store=True)
    user_id = fields.Many2one("res.users", string="Colleague", required=True, readonly=True, ondelete="restrict")
    date = fields.Datetime(string="Read On", required=True, readonly=True)

    _once = models.UniqueIndex("(version_id, user_id)", "This colleague has said so already.")
