"""Lets no mail of a step leave that is no longer right."""
from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"
