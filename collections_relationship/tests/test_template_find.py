"""A message is found among hundreds within seconds."""
from odoo.tests import tagged

from .common import shipped
from .mail_common import MailCommon


@tagged("post_install", "-at_install")
class TestFind(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"]._load_module_terms(["collections_relationship"], ["fr_FR"])
        cls.templates = cls.env["collection.template"]

    def _find(self, words):
        return self.templates.search([("words_to_find", "ilike", words)])

    def test_words_in_any_order_find_the_one(self):
        self.assertEqual(self._find("french construction firm reminder").mapped("code"), ["firm_reminder.firm.construction"])

    def test_a_word_that_fits_nothing_finds_nothing(self):
        self.assertFalse(self._find("firm submarine"))

    def test_a_language_finds_those_that_speak_it(self):
        own = shipped(self.env, "check_in", "friendly").copy()
        self.env.cr.execute("UPDATE collection_template SET body_html = body_html - 'fr_FR' WHERE id = %s", [own.id])
        self.env.invalidate_all()
        speaking = self.templates.search([("language_text", "ilike", "french")])
        self.assertNotIn(own, speaking)
        self.assertIn(shipped(self.env, "check_in", "friendly"), speaking)
        self.assertEqual(own.language_text, "English")

    def test_those_you_changed_are_found(self):
        template = shipped(self.env, "check_in", "friendly")
        template.subject = "A word from us"
        self.assertEqual(self.templates.search([("is_changed", "=", True)]), template)
        self.assertNotIn(template, self.templates.search([("is_changed", "=", False)]))

    def test_channels_with_words_of_their_own_are_named(self):
        template = shipped(self.env, "friendly_reminder", "friendly")
        self.assertEqual(template.own_words_text, "Text message, Call sheet")
        self.assertIn(template, self.templates.search([("sms_body", "!=", False)]))
        self.assertNotIn(template, self.templates.search([("letter_html", "!=", False)]))
