"""The check where people write, and at sending: what threatens or lacks a fact does not leave unless the policy lets it."""
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from ..engine.tone import Finding, reader
from .common import CollectionCommon, shipped
from .test_doors import NOW, DoorsCommon

THREAT = "<p>{{greeting}}</p><p>Pay, or else.</p>{{items}}{{pay_button}}<p>Call us.</p>{{signature}}"
KIND = "<p>{{greeting}}</p><p>Something is still open.</p>{{items}}{{pay_button}}<p>Call us.</p>{{signature}}"


class ToneCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_item(8)
        cls.template = shipped(cls.env, "friendly_reminder", "friendly")


@tagged("post_install", "-at_install")
class TestTemplatePanel(ToneCommon):
    """Beside the editor of a message."""

    def _panel(self, **values):
        self.template.write(values)
        return html2plaintext(self.template.check_html)

    def test_a_shipped_message_is_kind_clear_and_complete(self):
        self.assertIn("Kind, clear and complete.", html2plaintext(self.template.check_html))

    def test_every_finding_names_the_words_says_why_and_suggests_better_ones(self):
        said = self._panel(body_html=THREAT)
        self.assertIn("Change this before it leaves.", said)
        self.assertIn("“or else”", said)
        self.assertIn("Whoever feels threatened stops talking", said)
        self.assertIn("say only what you ask for and by when", said)

    def test_a_sentence_that_only_reads_unkindly_is_an_impression_that_explains_itself(self):
        sentence = "Nobody in this town will lend you a pencil after this."
        said = self._panel(body_html=KIND.replace("</p>{{items}}", f" {sentence}</p>{{{{items}}}}"))
        self.assertIn("Impression", said)
        self.assertIn(f"“{sentence}”", said)
        self.assertIn("This sentence reads unkindly, perhaps like a threat.", said)
        self.assertIn("Read it once as your customer would", said)
        self.assertNotIn("Change this before it leaves.", said)

    def test_an_impression_nobody_can_name_says_no_more_than_that(self):
        found = Finding("impression", "advice", "Some words.")
        told = self.env["collection.tone"]._describe(found)
        self.assertEqual(told["why"], "This sentence reads unkindly, or is hard to follow.")
        for detail in reader.GUESSES.values():
            self.assertNotEqual(
                self.env["collection.tone"]._describe(Finding("impression", "advice", "Some words.", detail=detail))["why"],
                told["why"],
            )

    def test_it_follows_what_is_typed(self):
        with Form(self.template) as form:
            form.subject = "Your unpaid invoice"
            self.assertIn("“unpaid”", html2plaintext(form.check_html))
            form.subject = "A note"
            self.assertNotIn("unpaid", html2plaintext(form.check_html))

    def test_a_missing_fact_is_named_with_its_placeholder(self):
        said = self._panel(body_html="<p>{{greeting}}</p><p>Something is open.</p>{{items}}{{signature}}")
        self.assertIn("The customer must see how to pay.", said)
        self.assertIn("{{pay_button}}", said)
        self.assertIn("Say what else is possible", said)

    def test_how_easily_it_is_read_stands_beside_its_goal(self):
        self.assertRegex(html2plaintext(self.template.check_html), r"Reading ease\s*\*(9\d|100)\* \(goal 70\)")

    def test_the_words_are_read_in_their_language_and_told_in_the_readers(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.template.with_context(lang="de_DE").body_html = (
            "<p>{{greeting}}</p><p>Zahlen Sie unverzüglich, das ist eine Schande.</p>{{items}}{{pay_button}}"
            "<p>Rufen Sie uns an.</p>{{signature}}"
        )
        said = html2plaintext(self.template.with_context(lang="de_DE").check_html)
        self.assertIn("“unverzüglich”", said)
        self.assertIn("Shame", said)
        self.assertNotIn("unverzüglich", html2plaintext(self.template.check_html), "the English words are others")

    def test_a_language_without_lists_says_so(self):
        self.env["res.lang"]._activate_lang("ar_001")
        template = self.template.with_context(lang="ar_001")
        template.body_html = "<p>{{greeting}}</p><p>ادفع الآن!!</p>{{items}}{{pay_button}}{{signature}}"
        template.write({"subject": "مرحبا", "preview": "مرحبا", "sms_body": "مرحبا {{pay_link}}"})
        said = html2plaintext(template.check_html)
        self.assertIn("Nobody has written word lists for this language yet", said)
        self.assertIn("“!!”", said)


@tagged("post_install", "-at_install")
class TestNightTone(ToneCommon):
    """Messages that nobody looks at before they leave."""

    def setUp(self):
        super().setUp()
        self.manager = self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "Mona Manager",
                "login": "mona.tone@example.com",
                "email": "mona.tone@example.com",
                "company_id": self.company.id,
                "company_ids": [fields.Command.set(self.company.ids)],
                "group_ids": [fields.Command.link(self.env.ref("account.group_account_manager").id)],
            }
        )

    def _step(self):
        return self.env["collection.step"].search([("partner_id", "=", self.customer.id)])

    def _activities(self):
        kind = self.env.ref("collections_relationship.mail_activity_type_tone")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def test_shipped_words_leave(self):
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)
        self.assertFalse(self._activities())

    def test_a_message_that_was_made_a_threat_does_not_leave_and_its_author_is_asked(self):
        self.template.with_user(self.manager).body_html = THREAT
        self._night_and_act()
        self.assertFalse(self._sent())
        step = self._step()
        self.assertEqual((step.state, step.cancel_code), ("cancelled", "tone"))
        self.assertIn("threaten", step.cancel_text)
        activity = self._activities()
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn(self.template.display_name, activity.summary)
        self.assertIn("or else", activity.note)

    def test_a_message_without_the_way_to_pay_does_not_leave(self):
        self.template.body_html = KIND.replace("{{pay_button}}", "")
        self._night_and_act()
        self.assertEqual(self._step().cancel_code, "tone")

    def test_a_threat_in_the_subject_does_not_leave(self):
        self.template.subject = "Pay or else"
        self._night_and_act()
        self.assertEqual(self._step().cancel_code, "tone")

    def test_it_is_not_planned_again_each_night_but_as_soon_as_its_words_are_changed(self):
        self.template.body_html = THREAT
        self._night_and_act()
        self._move_to(1)
        self._night_and_act()
        self.assertEqual(len(self._step()), 1, "the words are still the same")
        self.assertEqual(self._reason(), "tone")
        self.assertIn("a manager must change them", self._case()._describe_reason(self._case().next_reason))
        self.template.body_html = KIND
        self.env.flush_all()  # the test is one transaction, which has one moment for all it writes
        self.env.cr.execute("UPDATE collection_template SET write_date = write_date + interval '1 hour'")
        self._move_to(1)
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)

    def test_of_many_customers_one_activity_comes(self):
        self._create_item(8, partner=self._create_customer("Second Street"))
        self.template.with_user(self.manager).body_html = THREAT
        self._night_and_act()
        self.assertEqual(len(self.env["collection.step"].search([("cancel_code", "=", "tone")])), 2)
        self.assertEqual(len(self._activities()), 1)
        self._create_item(8, partner=self._create_customer("Third Street"))
        self._night_and_act()
        self.assertEqual(len(self.env["collection.step"].search([("cancel_code", "=", "tone")])), 3)
        self.assertEqual(len(self._activities()), 1, "it was asked for already")

    def test_the_policy_may_let_it_leave(self):
        self.policy.tone_check = "advise"
        self.template.body_html = THREAT
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)

    def test_it_costs_no_statement_per_message(self):
        for number in range(20):
            self._create_item(8, partner=self._create_customer(f"Customer {number}"))
        self._night()
        steps = self.env["collection.step"].sudo().search([("state", "in", ("planned", "approved"))])
        self.assertGreaterEqual(len(steps), 20)
        self.env.flush_all()
        self.env.invalidate_all()
        steps.mapped("template_id.subject")
        before = self.env.cr.sql_log_count
        steps[:1]._refused_for_words()
        one = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        steps.mapped("template_id.subject")
        before = self.env.cr.sql_log_count
        steps._refused_for_words()
        self.assertLessEqual(self.env.cr.sql_log_count - before, one + 1)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestByHandTone(DoorsCommon):
    """Follow up now, the mail composer, the chatter, text messages."""

    def _wizard(self):
        action = self._case().with_user(self.collector).action_follow_up()
        return self.env["collection.follow.up"].with_user(self.collector).browse(action["res_id"])

    def test_follow_up_now_shows_and_refuses_a_threat(self):
        wizard = self._wizard()
        self.assertIn("Kind, clear and complete.", html2plaintext(wizard.check_html))
        wizard.body_html = THREAT
        self.assertIn("Change this before it leaves.", html2plaintext(wizard.check_html))
        with self.assertRaisesRegex(UserError, r"Threat: “or else”"):
            wizard.action_send()
        wizard.body_html = KIND
        wizard.action_send()

    def test_follow_up_now_refuses_a_missing_fact_and_says_what_to_put_in(self):
        wizard = self._wizard()
        wizard.body_html = KIND.replace("{{pay_button}}", "")
        with self.assertRaisesRegex(UserError, r"how to pay.*\{\{pay_button\}\}"):
            wizard.action_send()

    def test_under_advise_one_may_go_on(self):
        self.policy.tone_check = "advise"
        wizard = self._wizard()
        wizard.body_html = THREAT
        said = html2plaintext(wizard.check_html)
        self.assertIn("This could be said better.", said)
        self.assertNotIn("Change this before it leaves.", said)
        wizard.action_send()

    def test_the_composer_shows_and_refuses_a_threat_about_payment(self):
        composer = self._compose(self.invoice, body="<p>Pay or else.</p>")
        self.assertFalse(composer.collection_check_html, "nobody has said that it is about payment")
        composer.collection_about_payment = "yes"
        self.assertIn("or else", html2plaintext(composer.collection_check_html))
        with self.assertRaisesRegex(UserError, "or else"):
            composer.action_send_mail()
        self.assertFalse(self._mails())
        self.assertFalse(self._written())

    def test_the_composer_leaves_other_matters_alone(self):
        composer = self._compose(self.invoice, answer="no", body="<p>Deliver or else.</p>")
        composer.action_send_mail()
        self.assertTrue(self._mails())

    def test_who_asks_for_money_says_how_much_for_what_and_how_to_pay(self):
        composer = self._compose(self.customer, answer="yes", body="<p>Please pay.</p>")
        with self.assertRaisesRegex(UserError, r"(?s)how much.*which invoice.*how to pay"):
            composer.action_send_mail()
        composer.body = "<p>Invoice INV/2026/0012 of EUR 400.00 is open. Please pay it: https://example.com/pay</p>"
        composer.action_send_mail()
        self.assertTrue(self._mails())

    def test_on_an_invoice_the_document_says_it(self):
        self._compose(self.invoice, answer="yes", body="<p>Please pay this.</p>").action_send_mail()
        self.assertTrue(self._mails())

    def test_what_the_customer_wrote_is_not_held_against_us(self):
        body = "<p>Let us talk.</p><blockquote data-o-mail-quote='1'><p>You will regret this, you thieves.</p></blockquote>"
        self._compose(self.invoice, answer="yes", body=body).action_send_mail()
        self.assertTrue(self._mails())

    def test_a_scheduled_threat_is_refused_when_it_is_scheduled_and_when_it_leaves(self):
        composer = self._compose(self.invoice, answer="yes", body="<p>Pay or else.</p>", scheduled_date="2026-03-17 09:00:00")
        with self.assertRaisesRegex(UserError, "or else"):
            composer.action_schedule_message()
        composer.body = "<p>Shall we talk?</p>"
        composer.action_schedule_message()
        message = self.env["mail.scheduled.message"].search([("res_id", "=", self.invoice.id)])
        message.with_user(self.collector).body = "<p>Pay or else.</p>"
        with freeze_time("2026-03-17 09:00:00"), mute_logger("odoo.addons.mail.models.mail_scheduled_message"):
            self.env["mail.scheduled.message"]._post_messages_cron()
        self.assertFalse(message.exists())
        self.assertFalse(self._mails())
        self.assertIn("A message about payment did not leave", self.invoice.message_ids[0].body)
        self.assertIn("or else", self.invoice.message_ids[0].body, "its words go back to their author")

    def test_a_post_past_the_screens_is_looked_at(self):
        with self.assertRaisesRegex(UserError, "or else"):
            self.invoice.with_user(self.collector).with_context(collection_about_payment=True).message_post(
                body="Pay or else.", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids
            )

    def test_a_text_message_is_looked_at(self):
        composer = (
            self.env["sms.composer"]
            .with_user(self.collector)
            .create(
                {
                    "res_model": "res.partner",
                    "res_id": self.customer.id,
                    "composition_mode": "comment",
                    "number_field_name": "phone",
                    "body": "Pay or else",
                }
            )
        )
        composer.collection_about_payment = "yes"
        self.assertIn("or else", html2plaintext(composer.collection_check_html))
        with self.assertRaisesRegex(UserError, "or else"):
            composer.action_send_sms()
        self.assertFalse(self._texts())

    def test_english_to_a_german_customer_is_read_as_english(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        body = "<p>Hello, this is about the invoice that you have got from us. You will pay it today or else.</p>"
        with self.assertRaisesRegex(UserError, "or else"):
            self._compose(self.invoice, answer="yes", body=body).action_send_mail()

    def test_policies_refuse_by_default(self):
        self.assertEqual(self.env["collection.policy"].create({"name": "New"}).tone_check, "refuse")
