"""What is known about a customer's follow-up."""
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    collection_policy_id = fields.Many2one(
        "collection.policy",
        string="Follow-up Policy",
        company_dependent=True,
        help="Empty: the first policy that fits the customer applies.",
    )
    collection_bundle_agreed = fields.Boolean(
        string="Shared Address Agreed",
        help="This customer agreed that messages for several customers at the same address may arrive on one day.",
    )
    collection_recipient_id = fields.Many2one(
        "res.partner",
        string="Contact for Payments",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="Messages about payments go to this person. Empty: to the invoice address.",
    )

    def _commercial_fields(self):
        return [*super()._commercial_fields(), "collection_policy_id"]
