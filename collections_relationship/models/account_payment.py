"""Notes that a customer must be refreshed when a payment starts, arrives or fails."""
from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"
