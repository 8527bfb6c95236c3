"""Notes on a message that somebody said it is about payment, so that it is asked again if it waits in a queue."""
from odoo import fields, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    collection_about_payment = fields.Boolean(
        string="About Payment",
        readonly=True,
        copy=False,
        help="Somebody wrote it to a customer about money that is late; the guard is asked again when it leaves.",
    )
