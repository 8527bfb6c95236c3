"""What a company decided about its follow-up."""
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    collection_policy_id = fields.Many2one(
        "collection.policy",
        string="Follow-up Policy",
        help="Applies to customers no other policy fits.",
    )
    collection_active = fields.Boolean(
        string="Follow Up Automatically",
        default=True,
        help="Off: stages are shown, but the nightly run plans nothing.",
    )
    collection_bank_checked_on = fields.Date(
        string="Bank Data Current Up To",
        help="Say here that bookings are current when no bank transaction came in lately.",
    )
    collection_bank_days = fields.Integer(
        string="Bank Data May Be Old (Bank Days)",
        default=2,
        help="When the newest bank transaction is older than this, nobody is asked for money.",
    )
    collection_require_delivery = fields.Boolean(
        string="Only Delivered Invoices",
        default=True,
        help="Never ask for an invoice that was not sent from here, or whose mail bounced; an activity "
        "asks to deliver it instead.",
    )
    collection_night_cap = fields.Integer(
        string="First Nights: Messages per Responsible",
        default=50,
        help="While the follow-up is new, at most this many messages a night leave for each responsible. "
        "0: no limit.",
    )
    collection_night_cap_until = fields.Date(
        string="First Nights Until",
        help="From the next day on there is no limit. Empty: no limit.",
    )
