"""Answers that come in elsewhere: by text message, on an invoice, in a call. And the suggestions of a case."""
from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..engine import hints


class CollectionCase(models.Model):
    _inherit = "collection.case"

    hint_ids = fields.One2many("collection.hint", "case_id", string="Suggestions", readonly=True)
    unread_hint_ids = fields.Many2many(
        "collection.hint", string="Suggestions of Unread Answers", compute="_compute_unread_hint_ids"
    )

    @api.depends("reply_unread_since", "hint_ids.contact_id.date")
    def _compute_unread_hint_ids(self):
        for case in self:
            since = case.reply_unread_since
            case.unread_hint_ids = since and case.hint_ids.filtered(lambda hint, since=since: hint.contact_date >= since)

    def _move_documents(self, kept):
        self.hint_ids.write({"case_id": kept.id})
        return super()._move_documents(kept)

    # === ON AN INVOICE OR A CONTACT === #

    @api.model
    def _receive_elsewhere(self, record, *, automatic, now, **values):
        """Count an answer that landed on an invoice or a contact as one of the customer's open case.

        :param record: the invoice or contact whose messages hold it
        :param bool automatic: a machine wrote it
        :param values: as for `_receive_answer`
        """
        author = values["author"]
        case = self._case_of(record)
        if not case or (author and not author.partner_share) or self._is_logged(values["message_id"]):
            return
        if automatic:
            case._log_incoming("auto_reply", now, **values)
            return
        case._receive_answer(now, **values)
        case._message_log(body=self.env._("The customer answered on %s.", record._get_html_link()), author_id=author.id)

    @api.model
    def _case_of(self, record):
        """Return the open case of the customer an invoice or a contact belongs to, possibly none."""
        if record._name == "account.move":
            if not record.is_sale_document(include_receipts=True):
                return self.browse()
            domain = [("company_id", "=", record.company_id.root_id.id)]
        else:
            domain = []
        domain += [("partner_id", "=", record.commercial_partner_id.id), ("state", "=", "open")]
        return self.search(domain, order="last_asked DESC NULLS LAST, id DESC", limit=1)

    # === BY TEXT MESSAGE === #

    @api.model
    def _receive_sms(self, number, text, now, message_id=False):
        """Receive a text message: the door for any gateway, called as superuser from its own controller.

        A message that is nothing but the word for stop takes effect at once: this number gets no more
        text messages. Anything else is an answer like a mail.

        :param str number: the sender's, as the gateway gives it; without a country prefix it is one of
            the company's country
        :param datetime now: naive UTC
        :param str message_id: the gateway's own, so that a message handed over twice counts once
        :return: the one confirmation that may be sent back, else an empty text. Gateways that confirm a
            stop themselves ignore it
        """
        if message_id and self._is_logged(message_id):
            return ""
        Partner = self.env["res.partner"]
        number = Partner._phone_format(number=number) or number
        people = Partner.search([("phone_sanitized", "=", number)])
        case = self._case_at_number(number, people)
        values = {
            "subject": False,
            "body": plaintext2html(text),
            "message_id": message_id,
            "author": people.filtered(lambda person: person.commercial_partner_id == case.partner_id)[:1] or people[:1],
            "address": number,
            "channel": "sms",
        }
        if hints.is_stop(text) and people:
            return self._stop_number(number, people, case, values, now)
        if case:
            values["message_id"] = self._keep_message(case, values)
            case._receive_answer(now, **values)
        else:
            self._keep_sms(number, people, values, now)
        return ""

    @api.model
    def _case_at_number(self, number, people):
        """Return the open case a text message is most likely about: the one we last wrote about to that number."""
        written = self.env["collection.contact"].search(
            [("address", "=", number), ("direction", "=", "out"), ("case_id.state", "=", "open")], limit=1
        )
        return written.case_id or self.search(
            [("partner_id", "in", people.commercial_partner_id.ids), ("state", "=", "open")],
            order="last_asked DESC NULLS LAST, id DESC",
            limit=1,
        )

    @api.model
    def _stop_number(self, number, people, case, values, now):
        """Send no more text messages to a number, for whichever customer and company."""
        known = self.env["collection.protection"].search(
            [
                ("partner_id", "in", people.ids),
                ("kind", "=", "opt_out"),
                ("channel", "=", "sms"),
                ("address", "=", number),
                ("company_id", "=", False),
                ("date_until", "=", False),
            ]
        )
        for person in people:
            customer = person.commercial_partner_id
            of_case = case if case.partner_id == customer else case.browse()
            company = of_case.company_id or person.company_id.root_id or self.env.company.root_id
            contact = self._create_contact(
                {
                    "case_id": of_case.id,
                    "partner_id": customer.id,
                    "recipient_id": person.id,
                    "company_id": company.id,
                },
                "stopped",
                now,
                **{key: value for key, value in values.items() if key != "author"},
                direction="in",
            )
            if person in known.partner_id:
                continue
            self.env["collection.protection"].create(
                {
                    "partner_id": person.id,
                    "company_id": False,
                    "kind": "opt_out",
                    "channel": "sms",
                    "address": number,
                    "date_from": company._collection_today(now),
                    "source": "sms",
                    "contact_id": contact.id,
                }
            )
        if people <= known.partner_id:
            return ""
        reader = self.with_context(lang=people[0].lang or self.env.lang).env
        company = case.company_id or self.env.company.root_id
        return reader._("%s: you will get no more text messages from us.", company.name)

    @api.model
    def _keep_message(self, thread, values):
        """Keep a text message in the messages of a record, by the id under which the log knows it.

        :return: that id: the gateway's, where it gave one
        """
        message = thread._message_log(body=values["body"], author_id=values["author"].id, message_type="sms")
        if values["message_id"]:
            message.message_id = values["message_id"]
        return message.message_id

    @api.model
    def _keep_sms(self, number, people, values, now):
        """Keep a text message that fits no open case: on the customer where he is known, else on the company."""
        company = people[:1].company_id.root_id or self.env.company.root_id
        thread = people[:1].commercial_partner_id or company.partner_id
        values["message_id"] = self._keep_message(thread, {**values, "author": people[:1]})
        if people:
            self._create_contact(
                {"partner_id": thread.id, "recipient_id": people[0].id, "company_id": company.id},
                "answered",
                now,
                **{key: value for key, value in values.items() if key != "author"},
                direction="in",
            )
        user = self._managers(company)[:1]
        thread.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=company._collection_today(now),
            summary=self._env_of(user)._("Read the text message from %s", number),
            user_id=user.id or self.env.uid,
        )
