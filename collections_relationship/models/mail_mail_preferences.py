"""Ends each hand-written mail about payment with the line that leads to the customer's choices.

Automatic messages have it from their text. Here it is added for each recipient as the mail leaves, so that a
colleague's copy, and the message on the document, do not carry a customer's link.
"""
from odoo import fields, models
from odoo.tools.mail import append_content_to_html, email_normalize_all


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _personalize_outgoing_body(self, body, partner=False, doc_to_followers=None):
        body = super()._personalize_outgoing_body(body, partner, doc_to_followers=doc_to_followers)
        if not self.collection_about_payment:
            return body
        contact = self._collection_contact_of(partner)
        step = contact and contact._preference_step(fields.Datetime.now())
        if not step:
            return body
        lang = contact.recipient_id.lang or contact.partner_id.lang or contact.company_id.partner_id.lang
        line = (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render("collections_relationship.mail_preference_footer", {"link": step._preference_links()[step.id]})
        )
        return append_content_to_html(body, line, plaintext=False)

    def _collection_contact_of(self, partner):
        """Return what the log says of this mail to one recipient; nothing where he owes nothing late.

        :param partner: the recipient, `False` for addresses written out
        """
        contacts = self.env["collection.contact"].sudo().search(
            [("message_id", "=", self.message_id), ("kind", "=", "written"), ("direction", "=", "out")]
        )
        if partner:
            return contacts.filtered(
                lambda contact: partner in (contact.recipient_id, contact.partner_id)
                or (contact.address and contact.address == partner.email_normalized)
            )[:1]
        addresses = email_normalize_all(f"{self.email_to or ''},{self.email_cc or ''}")
        return contacts.filtered(lambda contact: contact.address in addresses)[:1]
