"""The texts of contacts, kept apart so that retention can blank them without touching the log."""
from odoo import fields, models


class CollectionContactContent(models.Model):
    _name = "collection.contact.content"
    _description = "Text of a Contact"
    _rec_name = "subject"

    subject = fields.Char(readonly=True)
    # Written from sanitised templates and escaped values; what a person types is sanitised on the way in.
    body_html = fields.Html(string="Message", readonly=True, sanitize=False)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade", index=True)
