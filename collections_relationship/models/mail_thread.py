"""Tells the follow-up what the mail gateway knows and drops: headers, bounces, the envelope's address."""
from odoo import api, models
from odoo.tools.mail import decode_message_header, email_normalize, email_split

from ..engine import incoming

#: Where mail servers write the address a blind copy was delivered to.
ENVELOPE_HEADERS = ("X-Original-To", "Envelope-To", "X-Envelope-To")


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Count our address among the recipients of a blind copy, where only the envelope names it."""
        msg_dict = super().message_parse(message, save_original=save_original)
        envelope = {
            email_normalize(address)
            for header in ENVELOPE_HEADERS
            for address in email_split(decode_message_header(message, header, separator=","))
        } - {False}
        if envelope:
            ours = envelope & set(self.env["mail.alias.domain"]._collection_aliases().mapped("alias_full_name"))
            msg_dict["recipients"] = ",".join(filter(None, [msg_dict["recipients"], *sorted(ours)]))
        return msg_dict

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Bring an answer to its case by our log where Odoo does not have the message answered any more."""
        case = self.env["collection.case"].browse()
        if not message_dict.get("is_bounce"):
            case = self.env["collection.case"].sudo()._answered_case(message_dict)
        if case:
            user = self._mail_find_user_for_gateway(message_dict["email_from"])
            route = self._routing_check_route(
                message,
                message_dict,
                (case._name, case.id, custom_values, user.id or self.env.uid, self.env["mail.alias"]),
                raise_exception=False,
            )
            if route or route is False:
                self._routing_reset_bounce(message, message_dict)
                return [route] if route else []
        return super().message_route(message, message_dict, model, thread_id, custom_values)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Say, while a mail goes to a case, whether a person or a machine wrote it."""
        if any(route[0] == "collection.case" for route in routes or ()):
            sender = email_normalize(message_dict.get("email_from") or "") or ""
            kind = incoming.classify(dict(message.items()), message_dict.get("subject") or "", sender)
            self = self.with_context(collection_incoming=kind)
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Bring the bounce of a step's mail to its case; the rest is Odoo's."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        self.env["collection.case"].sudo()._receive_bounce(email_message, message_dict)
        return result
