"""Notes that a customer must be refreshed when a payment is matched or taken back."""
from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"
