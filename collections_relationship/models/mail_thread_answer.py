"""Brings what customers answer to an invoice's own mail, or on their contact, to their case."""
from odoo import api, fields, models
from odoo.tools.mail import email_normalize

from ..engine import incoming


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Bring the answer to an invoice's own mail to the customer's case as well."""
        elsewhere = [
            (model, thread_id)
            for model, thread_id, *_rest in routes or ()
            if model in ("account.move", "res.partner") and thread_id
        ]
        values = {
            "subject": message_dict.get("subject"),
            "body": message_dict.get("body"),
            "message_id": message_dict.get("message_id"),
            "address": email_normalize(message_dict.get("email_from") or "") or False,
            "channel": "email",
            "author": self.env["res.partner"].sudo().browse(message_dict.get("author_id") or []),
        }
        result = super()._message_route_process(message, message_dict, routes)
        for model, thread_id in elsewhere:
            kind = incoming.classify(dict(message.items()), values["subject"] or "", values["address"] or "")
            self.env["collection.case"].sudo()._receive_elsewhere(
                self.env[model].sudo().browse(thread_id),
                automatic=kind == incoming.AUTOMATIC,
                now=fields.Datetime.now(),
                **values,
            )
        return result
