"""Answers, automatic replies, bounces and copies, as raw mails through Odoo's gateway."""
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .mail_common import NOW, MailCommon

OUR_MESSAGE = "<4711.step-made-up@mail.example.com>"
GATEWAY = "odoo.addons.mail.models.mail_thread"


@tagged("post_install", "-at_install")
class IncomingCommon(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._invoice(cls.customer, 100.0, 10)
        cls.item = cls._item(cls.move)
        cls.case = cls._case(cls.customer)
        cls.address = cls.alias.alias_full_name
        cls.step = cls._sent_step(cls.case, OUR_MESSAGE)

    @classmethod
    def _sent_step(cls, case, message_id, **vals):
        """Lay down what a message that left leaves behind."""
        step = cls._step(case, cls.item, **{"state": "sent", "sent_on": NOW, "message_id": message_id, **vals})
        cls.env["mail.mail"].create(
            {
                "model": "collection.case",
                "res_id": case.id,
                "message_type": "email_outgoing",
                "author_id": cls.collector.partner_id.id,
                "subject": "A quick note",
                "body_html": "<p>Hello</p>",
                "recipient_ids": [(4, step.recipient_id.id)],
                "message_id": message_id,
                "is_notification": False,
                "state": "sent",
            }
        )
        cls.env["collection.contact"].create(
            {
                "case_id": case.id,
                "partner_id": case.partner_id.id,
                "company_id": case.company_id.id,
                "step_id": step.id,
                "date": NOW,
                "kind": "sent",
                "direction": "out",
                "channel": "email",
                "is_asking": True,
                "address": step.address,
                "message_id": message_id,
            }
        )
        return step

    def _mail(self, text="I pay on Friday.", *, sender=None, to=None, subject="Re: A quick note", html=None, **headers):
        """Return a raw mail; headers are named with underscores."""
        message = EmailMessage()
        message["From"] = sender or f"Claire Dubois <{self.customer.email}>"
        message["To"] = to or self.address
        message["Subject"] = subject
        message["Message-Id"] = headers.pop("Message_Id", None) or make_msgid(domain="example.org")
        message["Date"] = format_datetime(NOW.replace(tzinfo=timezone.utc))
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        if html is not None:
            message.add_alternative(html, subtype="html")
        return message.as_bytes()

    def _receive(self, raw, at=NOW):
        with freeze_time(at), mute_logger(GATEWAY, "odoo.addons.mail.models.mail_mail"):
            thread_id = self.env["mail.thread"].message_process("mail.thread", raw)
        self.env.flush_all()
        self.env.invalidate_all()
        return thread_id

    def _incoming(self, kind=None, case=None):
        domain = [("case_id", "=", (case or self.case).id), ("kind", "!=", "sent")]
        contacts = self.env["collection.contact"].search(domain, order="id")
        return contacts.filtered(lambda contact: contact.kind == kind) if kind else contacts

    def _activities(self, name, record=None):
        activity_type = self.env.ref(f"collections_relationship.mail_activity_type_{name}")
        return (record or self.case).activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type)

    def _dirty(self, partner):
        return self.env["collection.dirty"].search_count([("partner_id", "=", partner.id)])


@tagged("post_install", "-at_install")
class TestAnswer(IncomingCommon):
    def test_answer_to_a_message_only_our_log_knows_reaches_its_case(self):
        """Odoo deletes sent mails with their messages; and the answer may go to the writer's own address."""
        self.env["mail.message"].search([("message_id", "=", OUR_MESSAGE)]).unlink()
        self._receive(self._mail(to=self.collector.email, In_Reply_To=OUR_MESSAGE))
        contact = self._incoming("answered")
        self.assertEqual(contact.case_id, self.case)
        self.assertTrue(self.case.reply_unread_since)

    def test_answer_that_also_goes_to_another_address_of_ours_is_a_new_matter_there(self):
        self.env["mail.message"].search([("message_id", "=", OUR_MESSAGE)]).unlink()
        other = self.env["mail.alias"].create(
            {
                "alias_name": "orders",
                "alias_domain_id": self.domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
                "alias_contact": "everyone",
            }
        )
        self._receive(self._mail(to=other.alias_full_name, In_Reply_To=OUR_MESSAGE))
        self.assertFalse(self._incoming("answered").filtered(lambda contact: contact.case_id == self.case))

    def test_an_answer_stops_the_follow_up_and_asks_its_responsible_to_read_it(self):
        self._receive(self._mail(In_Reply_To=OUR_MESSAGE, References=OUR_MESSAGE))
        [contact] = self._incoming()
        self.assertEqual((contact.kind, contact.direction, contact.channel), ("answered", "in", "email"))
        self.assertIn("I pay on Friday.", contact.body_html)
        self.assertEqual(contact.date, NOW)
        self.assertEqual(self.case.reply_unread_since, NOW)
        [activity] = self._activities("reply")
        self.assertEqual(activity.user_id, self.collector)
        self.assertIn("I pay on Friday.", activity.note)
        self.assertTrue(self._dirty(self.customer))
        self.assertIn("I pay on Friday.", "".join(self.case.message_ids.mapped("body")))

    def test_the_note_holds_the_new_words_only(self):
        text = "Yes, tomorrow.\n\nOn Mon, 16 Mar 2026 Clara Collector wrote:\n> Could you take a look?"
        self._receive(self._mail(text, In_Reply_To=OUR_MESSAGE))
        self.assertEqual(self._incoming().note, "Yes, tomorrow.")

    def test_an_answer_without_references_finds_the_case_by_its_sender(self):
        self._receive(self._mail())
        self.assertEqual(self._incoming().kind, "answered")
        self.assertTrue(self.case.reply_unread_since)

    def test_a_colleague_of_the_customer_is_the_customer(self):
        self.env["res.partner"].create(
            {"name": "Paul Baker", "parent_id": self.customer.id, "email": "paul@example.org"}
        )
        self._receive(self._mail(sender="paul@example.org"))
        self.assertEqual(self._incoming().recipient_id.name, "Paul Baker")

    def test_among_customers_at_one_address_the_one_written_to_last_is_meant(self):
        other = self._customer("Second Made-up Bakery", email=self.customer.email)
        case = self._case(other)
        self._sent_step(case, "<4712.step-made-up@mail.example.com>", sent_on=NOW)
        later = self.env["collection.contact"].create(
            {
                "case_id": self.case.id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": NOW + timedelta(days=1),
                "kind": "sent",
                "direction": "out",
                "channel": "email",
                "address": self.customer.email_normalized,
            }
        )
        self.assertTrue(later)
        self._receive(self._mail())
        self.assertTrue(self.case.reply_unread_since)
        self.assertFalse(case.reply_unread_since)

    def test_the_reference_wins_over_the_sender(self):
        other = self._customer("Second Made-up Bakery", email=self.customer.email)
        case = self._case(other)
        self._sent_step(case, "<4713.step-made-up@mail.example.com>", sent_on=NOW + timedelta(days=2))
        self._receive(self._mail(References=OUR_MESSAGE))
        self.assertTrue(self.case.reply_unread_since)
        self.assertFalse(case.reply_unread_since)

    def test_an_answer_to_a_closed_case_stops_the_open_one(self):
        self.case.state = "closed"
        self.case.flush_recordset()
        reopened = self._case(self.customer)
        self._receive(self._mail(References=OUR_MESSAGE))
        self.assertTrue(reopened.reply_unread_since)
        self.assertEqual(self._incoming(case=reopened).kind, "answered")

    def test_a_second_answer_keeps_the_first_moment_and_one_activity(self):
        self._receive(self._mail(References=OUR_MESSAGE))
        self._receive(self._mail("And thank you.", References=OUR_MESSAGE), at=NOW + timedelta(hours=5))
        self.assertEqual(self.case.reply_unread_since, NOW)
        self.assertEqual(len(self._incoming("answered")), 2)
        self.assertEqual(len(self._activities("reply")), 1)

    def test_the_same_mail_fetched_twice_is_one_answer(self):
        raw = self._mail(References=OUR_MESSAGE)
        self._receive(raw)
        self._receive(raw)
        self.assertEqual(len(self._incoming()), 1)

    def test_once_read_the_flag_and_the_activity_are_gone(self):
        self._receive(self._mail(References=OUR_MESSAGE))
        self.case.action_mark_reply_read()
        self.assertFalse(self.case.reply_unread_since)
        self.assertFalse(self._activities("reply"))

    def test_while_the_responsible_is_away_the_cover_reads_it(self):
        cover = self.collector.copy({"name": "Carl Cover", "login": "carl", "email": "carl@example.com"})
        self.collector.write({"collection_cover_id": cover.id, "collection_away_from": NOW.date()})
        self._receive(self._mail(References=OUR_MESSAGE))
        self.assertEqual(self._activities("reply").user_id, cover)

    def test_the_activity_is_in_the_language_of_its_reader(self):
        module = self.env["ir.module.module"].search([("name", "=", "collections_relationship")])
        module._update_translations(["fr_FR"], overwrite=True)
        self.collector.lang = "fr_FR"
        self._receive(self._mail(References=OUR_MESSAGE))
        self.assertEqual(self._activities("reply").summary, "Lire la réponse du client")

    def test_an_empty_answer_is_an_answer(self):
        self._receive(self._mail("", References=OUR_MESSAGE, subject=""))
        self.assertEqual(self._incoming().kind, "answered")
        self.assertTrue(self.case.reply_unread_since)

    def test_a_huge_answer_is_cut_in_the_log_and_whole_in_the_chatter(self):
        lines = "\n".join(f"line {number} of a very long answer" for number in range(20_000))
        self._receive(self._mail(lines, References=OUR_MESSAGE))
        contact = self._incoming()
        self.assertLess(len(contact.body_html), 400_000)
        self.assertIn("line 19999", "".join(self.case.message_ids.mapped("body")))
        self.assertLessEqual(len(contact.note), 240)

    def test_scripts_do_not_survive(self):
        html = '<p onclick="steal()">Paid</p><script>steal()</script><img src="x" onerror="steal()">'
        self._receive(self._mail("Paid", html=html, References=OUR_MESSAGE))
        contact = self._incoming()
        self.assertIn("Paid", contact.body_html)
        self.assertNotIn("steal", contact.body_html)
        self.assertNotIn("steal", self._activities("reply").note)

    def test_the_answer_of_a_portal_customer_counts(self):
        portal = self.env["res.users"].create(
            {
                "name": "Claire Dubois",
                "login": "claire.portal@example.org",
                "partner_id": self.env["res.partner"]
                .create({"name": "Claire", "parent_id": self.customer.id, "email": "claire.portal@example.org"})
                .id,
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        with freeze_time(NOW):
            self.case.with_user(portal).sudo().message_post(
                body="I pay on Friday.", message_type="comment", subtype_xmlid="mail.mt_comment",
                author_id=portal.partner_id.id,
            )
        self.assertEqual(self._incoming().channel, "portal")
        self.assertEqual(self.case.reply_unread_since, NOW)

    def test_a_note_among_colleagues_is_no_contact(self):
        self.case.with_user(self.collector).message_post(body="Called, nobody there.", message_type="comment")
        self.assertFalse(self._incoming())
        self.assertFalse(self.case.reply_unread_since)


@tagged("post_install", "-at_install")
class TestAutomaticReply(IncomingCommon):
    def _assert_logged_only(self):
        [contact] = self._incoming()
        self.assertEqual((contact.kind, contact.direction), ("auto_reply", "in"))
        self.assertFalse(self.case.reply_unread_since)
        self.assertFalse(self._activities("reply"))

    def test_an_automatic_reply_is_logged_and_pauses_nothing(self):
        self._receive(self._mail("I am away.", References=OUR_MESSAGE, Auto_Submitted="auto-replied"))
        self._assert_logged_only()

    def test_by_subject_alone_and_without_references(self):
        self._receive(self._mail("Je suis absente.", subject="Réponse automatique : un petit mot"))
        self._assert_logged_only()

    def test_a_ticket_receipt_pauses_nothing(self):
        self._receive(self._mail(subject="[Ticket 4711] We have received your message", References=OUR_MESSAGE))
        self._assert_logged_only()

    def test_an_automatic_reply_reaches_nobody_by_mail(self):
        self.case.message_subscribe(partner_ids=self.collector.partner_id.ids)
        self.collector.write(
            {
                "notification_type": "email",
                "out_of_office_from": NOW - timedelta(days=1),
                "out_of_office_message": "<p>Away until Monday</p>",
            }
        )
        before = self.env["mail.mail"].search_count([])
        for number in range(5):
            self._receive(self._mail(f"Away {number}", References=OUR_MESSAGE, Auto_Submitted="auto-replied"))
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertEqual(len(self._incoming("auto_reply")), 5)

    def test_a_read_receipt_is_neither_an_answer_nor_a_bounce(self):
        raw = f"""\
From: Claire Dubois <{self.customer.email}>
To: {self.address}
Subject: Read: A quick note
Message-Id: {make_msgid(domain="example.org")}
References: {OUR_MESSAGE}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="made-up"

--made-up
Content-Type: text/plain

Your message was displayed.
--made-up
Content-Type: message/disposition-notification

Final-Recipient: rfc822; {self.customer.email}
Original-Message-ID: {OUR_MESSAGE}
Disposition: manual-action/MDN-sent-manually; displayed

--made-up--
""".encode()
        self._receive(raw)
        self.assertFalse(self.case.reply_unread_since)
        self.assertFalse(self.case.bounced_on)
        self.assertFalse(self._activities("address"))


@tagged("post_install", "-at_install")
class TestUnassigned(IncomingCommon):
    def test_mail_of_a_stranger_is_kept_on_the_company_with_an_activity(self):
        self.company.collection_user_id = self.collector
        self._receive(self._mail("Who are you?", sender="stranger@example.net", subject="Hello"))
        company_contact = self.company.partner_id
        self.assertIn("Who are you?", "".join(company_contact.message_ids.mapped("body")))
        [activity] = company_contact.activity_ids
        self.assertEqual(activity.user_id, self.collector)
        self.assertIn("stranger@example.net", activity.summary)
        self.assertFalse(self.case.reply_unread_since)
        self.assertFalse(self.env["res.partner"].search_count([("email", "ilike", "stranger@example.net")]))

    def test_a_stranger_who_writes_often_makes_one_activity(self):
        for number in range(3):
            self._receive(self._mail(f"Hello {number}", sender="stranger@example.net"))
        self.assertEqual(len(self.company.partner_id.activity_ids), 1)
        bodies = "".join(self.company.partner_id.message_ids.mapped("body"))
        self.assertTrue(all(f"Hello {number}" in bodies for number in range(3)))

    def test_a_customer_without_a_case_is_logged_on_himself(self):
        other = self._customer("Prompt Made-up Payer")
        self._receive(self._mail("A question.", sender=other.email))
        contact = self.env["collection.contact"].search([("partner_id", "=", other.id)])
        self.assertEqual((contact.kind, contact.case_id.id), ("answered", False))
        self.assertTrue(other.activity_ids)

    def test_newsletters_of_machines_make_no_activity(self):
        self._receive(self._mail("Buy now", sender="news@example.net", Precedence="bulk"))
        self.assertFalse(self.company.partner_id.activity_ids)
        self.assertIn("Buy now", "".join(self.company.partner_id.message_ids.mapped("body")))

    def test_another_company_does_not_get_the_answer(self):
        other_company = self.env["res.company"].create({"name": "Other Made-up Company"})
        domain = self.env["mail.alias.domain"].create({"name": "other.example.com"})
        other_company.alias_domain_id = domain
        alias = self.env["mail.alias.domain"]._collection_aliases(domain)
        self._receive(self._mail("For the other company", to=alias.alias_full_name))
        self.assertFalse(self.case.reply_unread_since)
        contact = self.env["collection.contact"].search(
            [("partner_id", "=", self.customer.id), ("kind", "=", "answered")]
        )
        self.assertEqual(contact.company_id, other_company)


@tagged("post_install", "-at_install")
class TestWrittenElsewhere(IncomingCommon):
    def test_a_copy_of_a_colleagues_mail_is_logged_and_is_no_answer(self):
        before = self.env["mail.mail"].search_count([])
        self._receive(
            self._mail(
                "As agreed on the phone.",
                sender=self.collector.email_formatted,
                to=f"Claire <{self.customer.email}>",
                Cc=self.address,
            )
        )
        [contact] = self._incoming()
        self.assertEqual((contact.kind, contact.direction), ("written", "out"))
        self.assertEqual(contact.address, self.customer.email_normalized)
        self.assertEqual(contact.user_id, self.collector)
        self.assertFalse(self.case.reply_unread_since)
        self.assertEqual(self.env["mail.mail"].search_count([]), before, "the customer has it already")

    def test_a_blind_copy_is_known_by_the_envelope(self):
        for header in ("Delivered_To", "X_Original_To", "Envelope_To"):
            self._receive(
                self._mail(
                    f"Blind copy by {header}",
                    sender=self.collector.email_formatted,
                    to=self.customer.email,
                    **{header: self.address},
                )
            )
        self.assertEqual(len(self._incoming("written")), 3)
        self.assertFalse(self.case.reply_unread_since)

    def test_a_copy_that_names_no_customer_comes_back_to_its_writer(self):
        self._receive(self._mail("Hm", sender=self.collector.email_formatted, subject="To whom"))
        [activity] = self.company.partner_id.activity_ids
        self.assertEqual(activity.user_id, self.collector)

    def test_a_message_to_the_customer_from_the_chatter_is_logged(self):
        self.case.with_user(self.collector).with_context(collection_about_payment=False).message_post(
            body="As agreed.", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids
        )
        self.assertEqual(self._incoming().kind, "written")
        self.assertFalse(self._incoming().is_asking)
        self.assertFalse(self.case.reply_unread_since)


@tagged("post_install", "-at_install")
class TestBounce(IncomingCommon):
    def _bounce(self, *, action="failed", status="5.1.1", recipient=None, original=OUR_MESSAGE):
        final = f"Final-Recipient: rfc822; {recipient}\n" if recipient else ""
        return f"""\
From: MAILER-DAEMON@mx.example.org
To: {self.domain.bounce_email or 'bounce@mail.example.com'}
Subject: Undelivered Mail Returned to Sender
Message-Id: {make_msgid(domain="mx.example.org")}
Date: {format_datetime(NOW.replace(tzinfo=timezone.utc))}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="made-up"

--made-up
Content-Type: text/plain

The mail did not arrive.
--made-up
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

{final}Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user here

--made-up
Content-Type: text/rfc822-headers

Message-Id: {original}
Subject: A quick note

--made-up--
""".encode()

    def test_a_bounce_marks_the_case_and_asks_for_an_address(self):
        self._receive(self._bounce(recipient=self.customer.email))
        [contact] = self._incoming()
        self.assertEqual((contact.kind, contact.address), ("bounced", self.customer.email_normalized))
        self.assertEqual(contact.step_id, self.step)
        self.assertIn("no such user", contact.note)
        self.assertEqual(self.case.bounced_on, NOW)
        self.assertEqual(self._activities("address").user_id, self.collector)
        self.assertFalse(self.case.reply_unread_since)
        self.assertTrue(self._dirty(self.customer))

    def test_a_bounce_that_names_no_recipient_is_known_by_its_message(self):
        self._receive(self._bounce())
        self.assertEqual(self.case.bounced_on, NOW)

    def test_a_bounce_that_names_no_message_is_known_by_its_recipient(self):
        self._receive(self._bounce(recipient=self.customer.email, original="<rewritten@relay.example.net>"))
        self.assertEqual(self.case.bounced_on, NOW)

    def test_a_delay_is_no_bounce(self):
        self._receive(self._bounce(recipient=self.customer.email, action="delayed", status="4.4.1"))
        self.assertFalse(self.case.bounced_on)
        self.assertFalse(self._incoming())

    def test_a_bounce_of_an_address_corrected_meanwhile_is_only_logged(self):
        old = self.customer.email
        self.customer.email = "corrected@example.org"
        self._receive(self._bounce(recipient=old))
        self.assertEqual(self._incoming().kind, "bounced")
        self.assertFalse(self.case.bounced_on)

    def test_a_new_address_lets_messages_out_again(self):
        self._receive(self._bounce(recipient=self.customer.email))
        self.customer.phone = "+1 555 0199"
        self.assertTrue(self.case.bounced_on)
        self.customer.email = "corrected@example.org"
        self.assertFalse(self.case.bounced_on)
        self.assertFalse(self._activities("address"))

    def test_a_new_contact_for_payments_lets_messages_out_again(self):
        self._receive(self._bounce(recipient=self.customer.email))
        person = self.env["res.partner"].create(
            {"name": "Paul", "parent_id": self.customer.id, "email": "paul@example.org"}
        )
        self.customer.collection_recipient_id = person
        self.assertFalse(self.case.bounced_on)

    def test_an_answer_from_the_address_shows_that_it_works(self):
        self._receive(self._bounce(recipient=self.customer.email))
        self._receive(self._mail(References=OUR_MESSAGE))
        self.assertFalse(self.case.bounced_on)

    def test_a_bounced_invoice_mail_has_the_customer_looked_at_again(self):
        message = self.move.message_post(body="Your invoice", partner_ids=self.customer.ids)
        notification = message.notification_ids.filtered(lambda row: row.res_partner_id == self.customer)
        self.env["collection.dirty"].search([]).unlink()
        notification.write({"notification_status": "sent"})
        self.assertFalse(self._dirty(self.customer))
        notification.write({"notification_status": "bounce"})
        self.assertTrue(self._dirty(self.customer))
        self.env["collection.dirty"].search([]).unlink()
        notification.write({"notification_status": "sent"})
        self.assertTrue(self._dirty(self.customer), "the second try arrived")

    def test_a_bounced_mail_of_something_else_changes_nothing(self):
        message = self.customer.message_post(body="Hello", partner_ids=self.customer.ids)
        self.env["collection.dirty"].search([]).unlink()
        message.notification_ids.write({"notification_status": "bounce"})
        self.assertFalse(self._dirty(self.customer))


@tagged("post_install", "-at_install")
class TestEscalation(IncomingCommon):
    FRIDAY = datetime(2026, 3, 13, 9, 0)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.env["res.users"].create(
            {
                "name": "Mara Manager",
                "login": "mara.manager@example.com",
                "group_ids": [(6, 0, [cls.env.ref("account.group_account_manager").id])],
                "company_ids": [(6, 0, cls.company.ids)],
                "company_id": cls.company.id,
            }
        )
        cls.company.collection_user_id = cls.manager
        cls.case.reply_unread_since = cls.FRIDAY

    def _escalated_to(self):
        return self._activities("reply").user_id

    def test_a_weekend_is_no_reason_to_escalate(self):
        self.case._escalate_replies(self.FRIDAY + timedelta(days=3))
        self.assertFalse(self._escalated_to())

    def test_after_two_working_days_a_manager_gets_it(self):
        self.case._escalate_replies(self.FRIDAY + timedelta(days=4))
        self.assertEqual(self._escalated_to(), self.manager)
        self.assertTrue(self.case.reply_escalated)

    def test_it_is_escalated_once(self):
        for day in (4, 5, 6):
            self.case._escalate_replies(self.FRIDAY + timedelta(days=day))
        self.assertEqual(len(self._activities("reply")), 1)

    def test_a_read_answer_is_not_escalated(self):
        self.case.action_mark_reply_read()
        self.case._escalate_replies(self.FRIDAY + timedelta(days=9))
        self.assertFalse(self._escalated_to())

    def test_a_manager_who_is_the_responsible_hands_it_to_another(self):
        self.case.user_id = self.manager
        self.case._escalate_replies(self.FRIDAY + timedelta(days=4))
        self.assertNotEqual(self._escalated_to(), self.manager)


@tagged("post_install", "-at_install")
class TestAlias(MailCommon):
    def test_each_mail_domain_gets_an_address_for_answers(self):
        domain = self.env["mail.alias.domain"].create({"name": "new.example.com"})
        self.assertEqual(
            self.env["mail.alias.domain"]._collection_addresses(domain), {domain.id: "accounts@new.example.com"}
        )

    def test_a_taken_name_is_left_alone(self):
        model = self.env["ir.model"]._get("res.partner")
        domain = self.env["mail.alias.domain"].create(
            {"name": "new.example.com", "catchall_alias": "customer-accounts"}
        )
        self.env["mail.alias.domain"]._collection_aliases(domain).unlink()
        self.env["mail.alias"].create(
            {"alias_name": "accounts", "alias_domain_id": domain.id, "alias_model_id": model.id}
        )
        domain._collection_create_aliases()
        self.assertEqual(
            self.env["mail.alias.domain"]._collection_addresses(domain), {domain.id: "your-account@new.example.com"}
        )

    def test_a_renamed_address_stays_the_address(self):
        self.alias.alias_name = "hello-accounts"
        self.domain._collection_create_aliases()
        self.assertEqual(
            self.env["mail.alias.domain"]._collection_addresses(self.domain),
            {self.domain.id: f"hello-accounts@{self.domain.name}"},
        )
