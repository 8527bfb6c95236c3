"""Suggestions from answers: kept apart from the log, done by a person in one click, taken back in another."""
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .mail_common import NOW
from .test_incoming_mail import OUR_MESSAGE, IncomingCommon


@tagged("post_install", "-at_install")
class HintsCommon(IncomingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.country_id = cls.env.ref("base.be")
        cls.company.country_id = cls.env.ref("base.be")
        cls.item.case_id = cls.case

    def _answer(self, text, **headers):
        self._receive(self._mail(text, References=OUR_MESSAGE, **headers))
        return self.case.hint_ids

    def _click(self, hint, action="action_apply", at=NOW, user=None):
        with freeze_time(at):
            getattr(hint.with_user(user or self.collector).with_company(self.company), action)()
        self.env.flush_all()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestReading(HintsCommon):
    def test_a_promise_is_suggested_with_its_words_and_nothing_is_done(self):
        [hint] = self._answer("Sorry! I will pay 400.00 EUR on 15 April.")
        self.assertEqual((hint.kind, hint.day, hint.amount, hint.state), ("promise", date(2026, 4, 15), 400.0, "open"))
        self.assertEqual(hint.currency_id.name, "EUR")
        self.assertEqual(hint.quote, "I will pay 400.00 EUR on 15 April.")
        self.assertEqual(hint.contact_id.kind, "answered")
        self.assertFalse(self.customer.collection_hold_ids)
        self.assertEqual(self.case.reply_unread_since, NOW)

    def test_the_words_say_what_it_says_and_what_a_click_does(self):
        [hint] = self._answer("I will pay 400.00 on 15 April.")
        with freeze_time(NOW):
            self.assertEqual(hint.says.replace("\xa0", " "), "Promises to pay $ 400.00 on 04/15/2026")
            self.assertEqual(hint.will, "Pause everything until 04/20/2026.")

    def test_the_writers_country_says_how_he_writes_dates(self):
        self.customer.country_id = self.env.ref("base.us")
        [hint] = self._answer("I will pay on 04/05.")
        self.assertEqual(hint.day, date(2026, 4, 5))
        self.customer.country_id = self.env.ref("base.uk")
        self.assertEqual(self._answer("We will pay on 04/05.")[-1].day, date(2026, 5, 4))

    def test_an_answer_in_the_customers_language(self):
        self.customer.lang = "fr_FR"
        [hint] = self._answer("Nous contestons cette facture.")
        self.assertEqual(hint.kind, "dispute")

    def test_quoted_words_of_ours_are_not_his(self):
        text = "Thank you.\n\nOn Mon, 16 Mar 2026 Clara Collector wrote:\n> We never ordered this. Please stop writing to me."
        self.assertFalse(self._answer(text))

    def test_the_only_invoice_named_is_the_one_meant(self):
        other = self._invoice(self.customer, 50.0, 12)
        self._item(other, case_id=self.case.id)
        [hint] = self._answer(f"We dispute invoice {self.move.name}, the price is wrong.")
        self.assertEqual(hint.move_id, self.move)
        both = self._answer(f"We dispute the invoices {self.move.name} and {other.name}.")[-1]
        self.assertFalse(both.move_id)

    def test_a_promise_is_about_the_invoice_of_its_own_sentence(self):
        promise, dispute = self._answer(f"We will pay on 15 April. We contest invoice {self.move.name}, though.")
        self.assertEqual((promise.kind, promise.move_id.id), ("promise", False))
        self.assertEqual((dispute.kind, dispute.move_id), ("dispute", self.move))

    def test_what_is_contested_may_be_named_beside_it(self):
        [hint] = self._answer(f"About {self.move.name}. The price is wrong.")
        self.assertEqual(hint.move_id, self.move)

    def test_an_automatic_reply_is_not_read(self):
        self.assertFalse(self._answer("I will pay on Friday.", Auto_Submitted="auto-replied"))

    def test_the_form_shows_suggestions_of_unread_answers_only(self):
        self._answer("I will pay on 15 April.")
        self.assertEqual(self.case.unread_hint_ids, self.case.hint_ids)
        with Form(self.case.with_user(self.collector)) as form:
            self.assertEqual(len(form.unread_hint_ids), 1)
        self.case.with_user(self.collector).action_mark_reply_read()
        self.env.invalidate_all()
        self.assertFalse(self.case.unread_hint_ids)
        self.assertEqual(len(self.case.hint_ids), 1)

    def test_an_open_amount_without_a_currency_is_in_the_one_owed(self):
        [hint] = self._answer("I will pay 400.00 on 15 April.")
        self.assertEqual(hint.currency_id, self.move.currency_id)

    def test_suggestions_follow_a_merged_case(self):
        other = self._customer("Second Made-up Bakery")
        kept = self._case(other)
        [hint] = self._answer("I will pay on 15 April.")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.customer.id, other.id], other)
        self.assertEqual(hint.case_id, kept)


@tagged("post_install", "-at_install")
class TestClick(HintsCommon):
    def test_a_promise_pauses_until_three_bank_days_after_it(self):
        # Good Friday, 3 April, is no holiday in Belgium; Easter Monday, the 6th, is.
        [hint] = self._answer("I will pay on 2 April.")
        self._click(hint)
        hold = self.customer.collection_hold_ids
        self.assertEqual((hold.reason, hold.date_end, hold.user_id), ("promise", date(2026, 4, 8), self.collector))
        self.assertFalse(hold.move_id)
        self.assertEqual((hint.state, hint.done_by_id, hint.hold_id), ("done", self.collector, hold))

    def test_it_is_noted_on_the_case_and_the_answer_stays_unread(self):
        [hint] = self._answer("I will pay on 15 April.")
        self._click(hint)
        note = self.case.message_ids[0]
        self.assertIn("Promises to pay on", note.body)
        self.assertEqual(note.author_id, self.collector.partner_id)
        self.assertTrue(self.case.reply_unread_since)

    def test_the_pause_shows_at_once(self):
        self.company.write({"collection_active": True})
        [hint] = self._answer("I will pay on 15 April.")
        self._click(hint)
        self.assertEqual(self.item.hold_code, "paused")

    def test_a_promise_without_a_day_pauses_shortly_and_asks_for_it(self):
        [hint] = self._answer("We will pay the invoice.")
        self._click(hint)
        self.assertEqual(self.customer.collection_hold_ids.date_end, date(2026, 3, 23))
        self.assertEqual(hint.activity_id.summary, "Ask on which day the customer will pay")
        self.assertEqual(hint.activity_id.user_id, self.collector)

    def test_what_is_paid_is_looked_for(self):
        [hint] = self._answer("We have already paid 400.00 on 3 March.")
        self._click(hint)
        hold = self.customer.collection_hold_ids
        self.assertEqual((hold.reason, hold.date_end), ("clarification", date(2026, 3, 23)))
        self.assertIn("Look for the money", hint.activity_id.summary)

    def test_what_is_contested_pauses_only_the_invoice_named(self):
        [hint] = self._answer(f"The price on invoice {self.move.name} is wrong.")
        self._click(hint)
        hold = self.customer.collection_hold_ids
        self.assertEqual((hold.reason, hold.move_id, hold.date_end), ("dispute", self.move, date(2026, 3, 30)))

    def test_difficulty_pauses_and_asks_to_talk(self):
        [hint] = self._answer("We have cash flow problems.")
        self._click(hint)
        self.assertEqual(self.customer.collection_hold_ids.reason, "relationship")
        self.assertIn("what is possible", hint.activity_id.summary)

    def test_the_wrong_person_gets_no_more_and_somebody_looks_for_the_right_one(self):
        person = self.env["res.partner"].create({"name": "Paul", "parent_id": self.customer.id, "email": "p@example.org"})
        self.customer.collection_recipient_id = person
        [hint] = self._answer("I am not the right person for this.")
        self._click(hint)
        self.assertFalse(self.customer.collection_recipient_id)
        self.assertEqual(hint.activity_id.summary, "Find the right contact")
        self._click(hint, "action_undo")
        self.assertEqual(self.customer.collection_recipient_id, person)
        self.assertFalse(hint.activity_id)

    def test_stop_asks_which(self):
        [hint] = self._answer("Please do not contact me again.")
        self.assertEqual(hint.kind, "stop")
        self.assertFalse(self.env["collection.protection"].search([("partner_id", "=", self.customer.id)]))
        with self.assertRaisesRegex(UserError, "Choose"):
            self._click(hint)
        self._click(hint, "action_stop_channel")
        protection = hint.protection_id
        self.assertEqual((protection.kind, protection.channel, protection.source), ("opt_out", "email", "email"))
        self.assertEqual(protection.contact_id, hint.contact_id)
        self._click(hint, "action_undo")
        self.assertFalse(protection.active)
        self._click(hint, "action_stop_all")
        self.assertFalse(hint.protection_id.channel)
        self.assertTrue(hint.protection_id.active)

    def test_taking_back_ends_the_pause(self):
        [hint] = self._answer("I will pay on 15 April.")
        self._click(hint)
        hold = hint.hold_id
        self._click(hint, "action_undo")
        self.assertFalse(hold.active)
        self.assertEqual((hint.state, hint.hold_id.id), ("open", False))
        self.assertIn("Taken back", self.case.message_ids[0].body)
        self._click(hint)
        self.assertTrue(hint.hold_id.active)

    def test_nothing_is_done_twice(self):
        [hint] = self._answer("I will pay on 15 April.")
        self._click(hint)
        with self.assertRaisesRegex(UserError, "already"):
            self._click(hint)
        self.assertEqual(len(self.customer.collection_hold_ids), 1)

    def test_a_settled_case_needs_nothing(self):
        [hint] = self._answer("I will pay on 15 April.")
        self.case.state = "closed"
        with self.assertRaisesRegex(UserError, "settled"):
            self._click(hint)

    def test_who_does_not_follow_up_may_not_click_nor_read(self):
        [hint] = self._answer("I will pay on 15 April.")
        stranger = self.env["res.users"].create({"name": "Sam", "login": "sam.hints@example.com"})
        with self.assertRaises(AccessError):
            self._click(hint, user=stranger)
        with self.assertRaises(AccessError):
            hint.with_user(stranger).read(["quote"])

    def test_a_suggestion_is_not_written_by_hand(self):
        [hint] = self._answer("I will pay on 15 April.")
        with self.assertRaises(AccessError):
            hint.with_user(self.collector).write({"state": "done"})


@tagged("post_install", "-at_install")
class TestElsewhere(HintsCommon):
    def _reply_to_invoice(self, text, **headers):
        with freeze_time(NOW):
            sender = self.move.with_user(self.collector).with_context(collection_about_payment=False).sudo()
            sent = sender.message_post(
                body="Your invoice", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids
            )
        self._receive(self._mail(text, to=self._catchall(), References=sent.message_id, **headers))

    def _catchall(self):
        """Return where Odoo has the answers to its own mails sent."""
        self.domain.catchall_alias = self.domain.catchall_alias or "catchall"
        return self.domain.catchall_email

    def test_the_answer_to_the_invoices_own_mail_stops_the_follow_up(self):
        self._reply_to_invoice("I will pay on 15 April.")
        contact = self._incoming("answered")
        self.assertEqual((contact.channel, contact.address), ("email", self.customer.email_normalized))
        self.assertEqual(self.case.reply_unread_since, NOW)
        self.assertEqual(self.case.hint_ids.kind, "promise")
        self.assertIn(self.move.name, self.case.message_ids[0].body)
        self.assertIn("I will pay", "".join(self.move.message_ids.mapped("body")))

    def test_an_automatic_reply_to_the_invoice_stops_nothing(self):
        self._reply_to_invoice("Away.", Auto_Submitted="auto-replied")
        self.assertEqual(self._incoming().kind, "auto_reply")
        self.assertFalse(self.case.reply_unread_since)

    def test_a_colleague_who_answers_there_stops_nothing(self):
        self._reply_to_invoice("Noted.", sender=self.collector.email_formatted)
        self.assertFalse(self._incoming())
        self.assertFalse(self.case.reply_unread_since)

    def test_a_supplier_bill_is_not_ours_to_collect(self):
        bill = self.env["account.move"].create({"move_type": "in_invoice", "partner_id": self.customer.id})
        sent = bill.sudo().message_post(body="Question", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids)
        self._receive(self._mail("An answer", to=self._catchall(), References=sent.message_id))
        self.assertFalse(self._incoming())

    def test_an_answer_on_the_customers_own_page_counts(self):
        sent = self.customer.message_post(body="Hello", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids)
        self._receive(self._mail("We have already paid.", to=self._catchall(), References=sent.message_id))
        self.assertEqual(self.case.reply_unread_since, NOW)
        self.assertEqual(self.case.hint_ids.kind, "already_paid")

    def test_a_customer_without_a_case_is_left_to_odoo(self):
        self.case.state = "closed"
        self._reply_to_invoice("I will pay on 15 April.")
        self.assertFalse(self._incoming())

    def test_what_a_customer_writes_on_his_invoice_in_the_portal_counts(self):
        person = self.env["res.partner"].create(
            {"name": "Claire", "parent_id": self.customer.id, "email": "claire.portal@example.org"}
        )
        portal = self.env["res.users"].create(
            {
                "name": "Claire",
                "login": "claire.hints@example.org",
                "partner_id": person.id,
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        with freeze_time(NOW):
            self.move.with_user(portal).sudo().message_post(
                body="I will pay on 15 April.", message_type="comment", subtype_xmlid="mail.mt_comment", author_id=person.id
            )
        contact = self._incoming("answered")
        self.assertEqual((contact.channel, contact.recipient_id), ("portal", person))
        self.assertEqual(self.case.reply_unread_since, NOW)
        self.assertEqual(self.case.hint_ids.kind, "promise")

    def test_a_colleagues_note_on_the_invoice_is_no_answer(self):
        self.move.with_user(self.collector).sudo().message_post(
            body="I will pay on 15 April.", message_type="comment", author_id=self.collector.partner_id.id
        )
        self.assertFalse(self._incoming())

    def _call(self, note, direction="in", **values):
        return self.env["collection.contact"].create(
            {
                "case_id": self.case.id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": NOW,
                "kind": "called",
                "direction": direction,
                "channel": "call",
                "outcome": "conversation",
                "note": note,
                **values,
            }
        )

    def test_a_note_of_a_call_is_read_and_stops_the_follow_up(self):
        self._call("Customer will pay 400 EUR on 15 April.", direction="out")
        hint = self.case.hint_ids
        self.assertEqual((hint.kind, hint.amount, hint.day), ("promise", 400.0, date(2026, 4, 15)))
        self.assertEqual(self.case.reply_unread_since, NOW)
        self._click(hint)
        self.assertEqual(self.customer.collection_hold_ids.reason, "promise")

    def test_our_own_call_that_says_nothing_new_stops_nothing(self):
        self._call("Nobody there.", direction="out")
        self.assertFalse(self.case.reply_unread_since)

    def test_a_call_of_the_customer_is_read_by_whoever_looks_after_him(self):
        self._call("Asked for Clara.")
        self.assertEqual(self.case.reply_unread_since, NOW)
        self.assertEqual(self._activities("reply").user_id, self.collector)

    def test_what_the_responsible_noted_himself_needs_no_activity(self):
        self._call("Asked for a copy.", user_id=self.collector.id)
        self.assertEqual(self.case.reply_unread_since, NOW)
        self.assertFalse(self._activities("reply"))

    def test_a_call_without_a_note_has_nothing_to_read(self):
        self._call(False)
        self.assertFalse(self.case.reply_unread_since)


@tagged("post_install", "-at_install")
class TestTextMessage(HintsCommon):
    NUMBER = "+32470123456"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.phone = "0470 12 34 56"

    def _sms(self, text, number=NUMBER, at=NOW, **values):
        answer = self.env["collection.case"]._receive_sms(number, text, at, **values)
        self.env.flush_all()
        self.env.invalidate_all()
        return answer

    def _protections(self):
        return self.env["collection.protection"].search([("commercial_partner_id", "=", self.customer.id)])

    def test_stop_alone_takes_effect_at_once_for_that_number(self):
        confirmation = self._sms(" stop. ")
        protection = self._protections()
        self.assertEqual(
            (protection.kind, protection.channel, protection.address, protection.source, protection.company_id.id),
            ("opt_out", "sms", self.NUMBER, "sms", False),
        )
        self.assertEqual((protection.contact_id.kind, protection.contact_id.channel), ("stopped", "sms"))
        self.assertIn(self.company.name, confirmation)
        self.assertFalse(self.case.reply_unread_since, "nobody has to read it")

    def test_it_is_confirmed_once(self):
        self.assertTrue(self._sms("STOP"))
        self.assertFalse(self._sms("STOP"))
        self.assertEqual(len(self._protections()), 1)
        self.assertEqual(len(self._incoming("stopped")), 2)

    def test_the_words_of_other_languages(self):
        self.assertTrue(self._sms("Désabonnement"))
        self.assertTrue(self._protections())

    def test_stop_inside_other_words_pauses_for_a_person(self):
        self.assertFalse(self._sms("Please stop the delivery"))
        self.assertFalse(self._protections())
        self.assertEqual(self.case.reply_unread_since, NOW)
        self.assertEqual(self._incoming().channel, "sms")
        self.assertIn("stop the delivery", "".join(self.case.message_ids.mapped("body")))

    def test_a_national_number_is_the_same_number(self):
        self._sms("STOP", number="0470123456")
        self.assertEqual(self._protections().address, self.NUMBER)

    def test_everybody_with_that_number_is_protected(self):
        other = self._customer("Second Made-up Bakery", phone="+32 470 12 34 56")
        self._sms("STOP")
        self.assertTrue(self.env["collection.protection"].search([("partner_id", "=", other.id)]))
        self.assertTrue(self._protections())

    def test_a_text_message_is_read_for_hints(self):
        self._sms("Ik betaal op 15 april", message_id="made-up-1")
        self.assertEqual((self.case.hint_ids.kind, self.case.hint_ids.day), ("promise", date(2026, 4, 15)))
        self._sms("Ik betaal op 15 april", message_id="made-up-1")
        self.assertEqual(len(self._incoming()), 1, "the gateway may hand it over twice")

    def test_a_customer_without_a_case_is_kept_with_an_activity(self):
        self.case.state = "closed"
        self._sms("I have a question", at=NOW + timedelta(days=1))
        self.assertEqual(self.env["collection.contact"].search([("channel", "=", "sms")]).partner_id, self.customer)
        self.assertIn(self.NUMBER, self.customer.activity_ids.summary)

    def test_an_unknown_number_is_kept_on_the_company(self):
        self.assertFalse(self._sms("STOP", number="+32470999999"))
        self.assertIn("+32470999999", "".join(self.env.company.partner_id.activity_ids.mapped("summary")))
