"""A message as it reads while it is written: for any customer, channel and language, and mailed to oneself."""
from odoo.addons.mail.tests.common import MockEmail
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import html2plaintext

from ..engine.vocabulary import PURPOSES
from ..models.collection_template import WORDS_OF_CHANNEL
from .common import shipped
from .mail_common import MailCommon


class PreviewCommon(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"]._load_module_terms(["collections_relationship"], ["fr_FR"])
        cls.template = shipped(cls.env, "friendly_reminder", "friendly")
        cls.manager = new_test_user(
            cls.env,
            "library.manager",
            groups="account.group_account_manager",
            email="library.manager@example.com",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.item = cls._item(cls._invoice(cls.customer, 1200.0, 12))
        cls.case = cls._case(cls.customer, amount_overdue=1200.0)
        cls.item.case_id = cls.case
        cls.templates = cls.env["collection.template"].with_user(cls.manager)
        cls.env.flush_all()

    def _look(self, template=None, values=None, case=True, channel="email", lang="en_US"):
        template = template or self.template
        case = self.case.id if case is True else case
        return self.templates.preview_message(template.id, values or {}, "en_US", case, channel, lang)


@tagged("post_install", "-at_install")
class TestPreview(PreviewCommon):
    def test_words_that_are_not_saved_are_shown_and_stay_unsaved(self):
        before = self.template.body_html
        count = self.env["collection.template"].search_count([])
        seen = self._look(values={"body_html": "<p>{{greeting}}</p><p>A new thought.</p><div>{{items}}</div>"})
        self.assertIn("A new thought.", seen["html"])
        self.assertIn(self.item.move_id.name, seen["html"])
        self.assertEqual(self.template.body_html, before)
        self.assertEqual(self.env["collection.template"].search_count([]), count)
        self.assertFalse(self.env["collection.step"].search([("case_id", "=", self.case.id)]))

    def test_every_purpose_reads_without_a_gap_on_every_channel(self):
        for purpose in PURPOSES:
            template = self.env["collection.template"].search([("purpose", "=", purpose)], limit=1)
            for channel in WORDS_OF_CHANNEL:
                for case in (True, False):
                    seen = self._look(template, channel=channel, case=case)
                    with self.subTest(purpose=purpose, channel=channel, case=case):
                        self.assertNotIn("error", seen)
                        words = seen["html"] + seen["text"]
                        self.assertNotIn("{{", words)
                        self.assertNotIn("[?", words)

    def test_the_language_chosen_speaks_whatever_the_customer_does(self):
        seen = self._look(lang="fr_FR")
        french = self.template.with_context(lang="fr_FR")
        self.assertEqual(seen["subject"], french.subject.replace("{{company}}", self.company.name))
        self.assertNotEqual(seen["subject"], self._look()["subject"])

    def test_unsaved_words_are_those_of_the_language_they_are_written_in(self):
        seen = self._look(values={"subject": "Something new"}, lang="fr_FR")
        self.assertNotEqual(seen["subject"], "Something new")

    def test_a_text_message_is_counted(self):
        seen = self._look(values={"sms_body": "x" * 161}, channel="sms")
        self.assertEqual((seen["text"], seen["segments"], seen["letters"]), ("x" * 161, 2, 161))

    def test_facts_that_do_not_exist_yet_are_made_up_and_named(self):
        seen = self._look(shipped(self.env, "plan_offered", "friendly"))
        names = self.env["collection.template"]._placeholder_names()
        self.assertIn(names["plan"], seen["made_up"])
        self.assertEqual(html2plaintext(seen["html"]).count("300.00"), 3)

    def test_what_has_nothing_to_say_is_named(self):
        seen = self._look(values={"body_html": "<p>{{greeting}}</p>[?<p>{{credits}}</p>?]<div>{{items}}</div>"})
        self.assertEqual(seen["silent"], [self.env["collection.template"]._placeholder_names()["credits"]])

    def test_without_a_customer_one_is_made_up_and_gone_again(self):
        count = self.env["res.partner"].search_count([])
        seen = self._look(case=False)
        self.assertTrue(seen["is_example"])
        self.assertIn("640.00", seen["html"])
        self.assertEqual(self.env["res.partner"].search_count([]), count)

    def test_what_is_wrong_with_the_words_is_said(self):
        seen = self._look(values={"subject": "Hello {{first_name}}"})
        self.assertIn("first_name", seen["error"])

    def test_the_case_to_begin_with_is_of_who_owes_most(self):
        more = self._case(self._customer("Made-up Mill"), amount_overdue=9000.0)
        self.assertEqual(self.templates.preview_choices(self.template.id)["case_id"], more.id)

    def test_variants_of_the_message_can_be_chosen(self):
        copy = self.template.copy()
        choices = self.templates.preview_choices(self.template.id)
        self.assertEqual([variant["id"] for variant in choices["variants"]], [self.template.id, copy.id])

    def test_nobody_looks_at_a_case_he_may_not_read(self):
        outsider = new_test_user(self.env, "library.outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["collection.template"].with_user(outsider).preview_message(
                self.template.id, {}, "en_US", self.case.id, "email", "en_US"
            )


@tagged("post_install", "-at_install")
class TestSendToMe(PreviewCommon, MockEmail):
    def _send(self, channel="email", **values):
        with self.mock_mail_gateway():
            address = self.templates.send_preview(
                self.template.id, values, "en_US", self.case.id, channel, "en_US"
            )
        return address, self._mails

    def test_it_goes_to_whoever_asks_and_to_nobody_else(self):
        address, mails = self._send()
        self.assertEqual(address, "library.manager@example.com")
        self.assertEqual([mail["email_to"] for mail in mails], [[self.manager.email_formatted]])
        self.assertTrue(mails[0]["subject"].startswith("Test: "))

    def test_its_links_lead_nowhere_and_the_log_says_nothing(self):
        before = self.env["collection.contact"].search_count([])
        _address, mails = self._send()
        self.assertNotIn("/collections/pay/", mails[0]["body"])
        self.assertEqual(self.env["collection.contact"].search_count([]), before)

    def test_a_text_message_comes_as_a_mail(self):
        _address, mails = self._send("sms", sms_body="A short word from us.")
        self.assertIn("A short word from us.", mails[0]["body"])

    def test_somebody_without_an_address_is_told(self):
        self.manager.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self._send()
