"""What a person decided about how a customer is spoken to."""
from odoo import fields, models

from .collection_template import TONES
from .res_partner import FOLLOW_UP_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    collection_tone_ceiling = fields.Selection(
        TONES,
        string="Never Firmer Than",
        groups=FOLLOW_UP_GROUPS,
        help="No message to this customer sounds firmer, whatever the stage says. Empty: the policy decides.",
    )
    collection_needs_person = fields.Boolean(
        string="A Person Decides",
        groups=FOLLOW_UP_GROUPS,
        help="For customers the business depends on: no message that asks for money leaves without somebody's yes.",
    )
