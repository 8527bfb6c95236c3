"""Sending an invoice is no message about its payment, however late other invoices are."""
from odoo import api, models

from .collection_door import ABOUT_PAYMENT


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _send_mail(self, move, mail_template, **kwargs):
        """Declare the mail with the invoice as what it is, so that nobody is asked about it."""
        return super()._send_mail(move.with_context(**{ABOUT_PAYMENT: False}), mail_template, **kwargs)
