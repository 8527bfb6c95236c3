"""Notes that a customer must be refreshed when the delivery of an invoice fails."""
from odoo import models


class MailNotification(models.Model):
    _inherit = "mail.notification"
