"""How often a company sends statements of account."""
from odoo import fields, models

from .collection_statement import SCHEDULES


class ResCompany(models.Model):
    _inherit = "res.company"

    collection_statement = fields.Selection(
        SCHEDULES,
        string="Statements of Account",
        default="none",
        required=True,
        help="How often customers with something open get their statement, unless it is chosen for one of them.",
    )
    collection_statement_history = fields.Boolean(
        string="Statements with History",
        help="Also show what was booked since the week or month before.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_statement = fields.Selection(related="company_id.collection_statement", readonly=False)
    collection_statement_history = fields.Boolean(related="company_id.collection_statement_history", readonly=False)
