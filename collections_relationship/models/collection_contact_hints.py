"""Every answer is read for what it may mean, on whatever channel it came in."""
from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..engine import hints, incoming

#: Outcomes of calls whose note holds no words of the customer.
NOBODY_SPOKE = ("no_answer", "left_message", "wrong_number")


class CollectionContact(models.Model):
    _inherit = "collection.contact"

    hint_ids = fields.One2many("collection.hint", "contact_id", string="Suggestions", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Read what comes in, on whatever channel and through whatever door."""
        contacts = super().create(vals_list)
        told = contacts.sudo().filtered(lambda contact: contact.case_id and contact._tells())
        told._read_hints()
        told.filtered(lambda contact: contact.direction == "in" or contact.hint_ids)._stop_until_read()
        return contacts

    def _tells(self):
        """Return whether words of the customer came in. Of a call it is the note of whoever talked with him."""
        self.ensure_one()
        spoken = self.kind == "called" and self.outcome not in NOBODY_SPOKE
        noted = spoken or (self.kind == "written" and self.direction == "in")
        return self.kind == "answered" or (noted and bool(self.note))

    def _stop_until_read(self):
        """Let nothing leave until somebody has read what these contacts say."""
        for case, contacts in self.grouped("case_id").items():
            first = min(contacts.mapped("date"))
            if not case.reply_unread_since or first < case.reply_unread_since:
                case.write({"reply_unread_since": first, "reply_escalated": False})
            today = case.company_id._collection_today(max(contacts.mapped("date")))
            reader = case._acting_user(today)
            if contacts.filtered(lambda contact, reader=reader: contact.kind != "answered" and contact.user_id != reader):
                summary = case._env_of(reader)._("Read what the customer said")
                case._schedule("mail_activity_type_reply", today, summary)
        self.env["collection.dirty"]._mark(self.partner_id.ids)

    def _read_hints(self):
        """Read what these answers and notes of calls may mean, and keep it as suggestions."""
        values = []
        for contact in self:
            text = html2plaintext(contact.body_html) if contact.body_html else contact.note
            if not text:
                continue
            day = contact.company_id._collection_today(contact.date)
            for hint in hints.read(text, contact._written_in(), day):
                currency = contact._currency_meant(hint.currency)
                values.append(
                    {
                        "contact_id": contact.id,
                        "case_id": contact.case_id.id,
                        "kind": hint.kind,
                        "quote": hint.quote,
                        "day": hint.date,
                        "amount": float(hint.amount) if hint.amount else False,
                        "currency_id": currency.id,
                        "move_id": contact._invoice_meant(hint, text).id,
                    }
                )
        return self.env["collection.hint"].create(values)

    def _written_in(self):
        """Return the writer's language with his country, which says how he writes dates."""
        self.ensure_one()
        person = self.recipient_id or self.partner_id
        country = person.country_id or self.partner_id.country_id or self.company_id.country_id
        return f"{(person.lang or self.partner_id.lang or 'en')[:2]}_{country.code or ''}"

    def _currency_meant(self, written):
        """Return the currency of an amount, whose sign several currencies may share.

        :param str written: its code or sign, `None` where it was not said
        """
        self.ensure_one()
        if written and written.isalpha():
            currencies = self.env["res.currency"].with_context(active_test=False)
            return currencies.search([("name", "=", written)], limit=1) or self.currency_id
        owed = self.case_id.open_item_ids.currency_id
        if written:
            owed = owed.filtered(lambda currency: currency.symbol == written)
        return owed if len(owed) == 1 else self.currency_id

    def _invoice_meant(self, hint, text):
        """Return the invoice a hint is about: the only one its sentence names; of what is contested, the answer."""
        named = self._named_invoice(hint.quote)
        if hint.kind == "dispute":
            return named or self._named_invoice(text)
        return named if hint.kind in ("promise", "already_paid") else named.browse()

    def _named_invoice(self, text):
        """Return the only open invoice of the customer a text names, else none."""
        self.ensure_one()
        words = {word.strip(".,;:!?()[]#\"'").lower() for word in incoming.own_words(text).split()}
        named = self.case_id.open_item_ids.move_id.filtered(lambda move: words & move._collection_numbers())
        return named if len(named) == 1 else named.browse()
