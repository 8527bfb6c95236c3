"""Ties an online payment to the message it answers."""
from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"
