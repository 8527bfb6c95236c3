"""The library in the database: what a text may say, what is shipped, and what a manager makes of it."""
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..engine import library
from ..models.collection_template import PURPOSES
from .common import shipped
from .mail_common import MailCommon


@tagged("post_install", "-at_install")
class TestTemplates(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["collections_relationship"], ["fr_FR"])
        cls.template = shipped(cls.env, "friendly_reminder", "friendly")

    def test_the_whole_library_is_there_and_every_purpose_has_a_name(self):
        templates = self.env["collection.template"].search([("code", "!=", False)])
        self.assertEqual(set(templates.mapped("code")), set(library.read("en")))
        self.assertEqual(set(templates.mapped("purpose")), set(dict(PURPOSES)))

    def test_a_language_installed_later_brings_its_own_words(self):
        french = library.read("fr")["friendly_reminder.friendly"]
        template = self.template.with_context(lang="fr_FR")
        self.assertEqual(template.subject, french.subject)
        self.assertEqual(template.sms_body, french.sms)
        self.assertNotEqual(template.name, self.template.with_context(lang="en_US").name)

    def test_loading_again_writes_nothing(self):
        before = self.template.write_date
        self.env.cr.execute("UPDATE collection_template SET write_date = '2020-01-01' WHERE id = %s", [self.template.id])
        self.env.invalidate_all()
        self.env["collection.template"]._load_shipped()
        self.assertEqual(str(self.template.write_date), "2020-01-01 00:00:00", before)

    def test_words_a_manager_changed_stay_when_the_library_is_loaded_again(self):
        self.template.with_context(lang="fr_FR").subject = "Un mot de nous"
        self.assertTrue(self.template.is_changed)
        self.env["collection.template"]._load_shipped()
        self.assertEqual(self.template.with_context(lang="fr_FR").subject, "Un mot de nous")
        self.assertNotEqual(self.template.subject, "Un mot de nous")

    def test_reset_brings_the_shipped_words_back_in_every_language(self):
        french = library.read("fr")["friendly_reminder.friendly"]
        self.template.with_context(lang="fr_FR").subject = "Un mot de nous"
        self.template.subject = "A word from us"
        self.template.action_reset()
        self.assertEqual(self.template.with_context(lang="fr_FR").subject, french.subject)
        self.assertEqual(self.template.subject, library.read("en")["friendly_reminder.friendly"].subject)
        self.assertFalse(self.template.is_changed)

    def test_a_copy_is_the_next_variant_and_no_place_of_the_library(self):
        copy = self.template.copy()
        self.assertEqual((copy.variant, copy.code), ("B", False))
        self.assertEqual(self.template._variants(), self.template | copy)

    def test_an_unknown_word_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "first_name"):
            self.template.subject = "Hello {{first_name}}"

    def test_a_refusal_says_where_and_names_what_can_be_inserted_as_people_do(self):
        with self.assertRaises(ValidationError) as caught:
            self.template.with_context(lang="fr_FR").sms_body = "Bonjour {{first_name}}"
        refusal = str(caught.exception)
        french = self.template.with_context(lang="fr_FR").name
        self.assertIn(f"{french} · Text Message · French / Français", refusal)
        self.assertIn("{{first_name}}", refusal)
        self.assertIn("List of open items", refusal)
        self.assertIn("Last day to pay", refusal)
        self.assertNotRegex(refusal, "pay_by|amount_due|oldest_due")
        self.assertNotIn("Promised date", refusal, "a reminder knows no promise")
        with self.assertRaisesRegex(ValidationError, "Subject · English"):
            self.template.subject = "Hi {{sender"

    def test_a_word_of_another_purpose_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "promise_date"):
            self.template.sms_body = "You said {{promise_date}}."

    def test_an_optional_part_that_is_not_closed_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "not closed"):
            self.template.body_html = "<p>[? by {{pay_by}}</p>"

    def test_a_brace_that_stands_alone_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "two braces stand alone"):
            self.template.subject = "Hi {{sender"

    def test_a_message_that_asks_must_list_what_it_asks_for(self):
        with self.assertRaisesRegex(ValidationError, "asks for money: insert “List of open items”"):
            self.template.body_html = "<p>{{greeting}}</p><p>Please pay.</p>{{pay_button}}"

    def test_a_message_without_own_words_for_paper_says_those_of_the_mail(self):
        self.assertEqual(self.template._words("letter"), str(self.template.body_html))
        self.template.letter_html = "<p>On paper.</p>"
        self.assertEqual(self.template._words("letter"), "<p>On paper.</p>")
        self.assertEqual(self.template._words("portal"), str(self.template.body_html))


@tagged("post_install", "-at_install")
class TestTemplateVersions(MailCommon):
    def setUp(self):
        super().setUp()
        self.template = shipped(self.env, "friendly_reminder", "friendly")
        self.versions = self.env["collection.template.version"]

    def test_the_same_words_have_one_version(self):
        first = self.versions._of(self.template)
        with self.assertQueryCount(1):
            self.assertEqual(self.versions._of(self.template), first)

    def test_changed_words_have_a_new_one_and_the_old_words_stay_readable(self):
        old = self.versions.browse(self.versions._of(self.template)[self.template.id])
        subject = self.template.subject
        self.template.subject = "A word from us"
        new = self.versions.browse(self.versions._of(self.template)[self.template.id])
        self.assertEqual((old.number, new.number), (1, 2))
        self.assertEqual(old.texts["subject"]["en_US"], subject)
        self.assertEqual(new.texts["subject"]["en_US"], "A word from us")

    def test_words_changed_back_have_their_old_version(self):
        old, subject = self.versions._of(self.template), self.template.subject
        self.template.subject = "A word from us"
        self.versions._of(self.template)
        self.template.subject = subject
        self.assertEqual(self.versions._of(self.template), old)

    def test_nobody_makes_up_a_version(self):
        manager = new_test_user(self.env, "manager", groups="account.group_account_manager")
        with self.assertRaises(AccessError):
            self.versions.with_user(manager).create(
                {"template_id": self.template.id, "number": 9, "digest": "x", "texts": {}}
            )

    def test_a_version_is_never_changed_nor_deleted(self):
        version = self.versions.browse(self.versions._of(self.template)[self.template.id])
        with self.assertRaisesRegex(UserError, "never changed"):
            version.number = 7
        with self.assertRaisesRegex(UserError, "never deleted"):
            version.unlink()
