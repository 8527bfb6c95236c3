"""Notes that a customer must be refreshed when a receivable line changes."""
from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"
