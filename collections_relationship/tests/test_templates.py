"""The words of the library hold to its voice, in both languages."""
import re

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..engine import placeholders
from ..models.collection_template import ASKING_PURPOSES, BLOCK_PLACEHOLDERS, PLACEHOLDERS
from .mail_common import MailCommon

#: Words that would tell a third person about the debt.
TELLTALE = re.compile(
    r"invoice|payment|\bpay|overdue|\bdue\b|debt|owe|amount|remind|arrear|collection|urgent|final"
    r"|factur|paiement|payer|règl|échéance|échu|dette|impay|montant|rappel|relance|recouvrement|dernier",
    re.IGNORECASE,
)
PRESSURE = {
    "en_US": r"immediately|at once|final warning|legal action|failure to|\bmust\b|\bcourt\b|penalt",
    "fr_FR": r"immédiatement|sans délai|dernier avertissement|poursuites|tribunal|pénalité|à défaut",
}


@tagged("post_install", "-at_install")
class TestTemplates(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        module = cls.env["ir.module.module"].search([("name", "=", "collections_relationship")])
        module._update_translations(["fr_FR"], overwrite=True)
        data = cls.env["ir.model.data"].search(
            [("module", "=", "collections_relationship"), ("model", "=", "collection.template")]
        )
        cls.templates = cls.env["collection.template"].browse(data.mapped("res_id"))

    def _each(self):
        """Return each message in each language, with the language's code."""
        return [
            (lang, template) for lang in ("en_US", "fr_FR") for template in self.templates.with_context(lang=lang)
        ]

    def test_there_is_one_for_each_message_of_the_default_ladder(self):
        self.assertEqual(
            set(self.templates.mapped("purpose")), {*ASKING_PURPOSES, "account_settled", "opt_out_confirmation"}
        )

    def test_french_is_its_own_text(self):
        for template in self.templates:
            french = template.with_context(lang="fr_FR")
            for field in ("subject", "preview", "body_html"):
                self.assertNotEqual(template[field], french[field], (template.purpose, field))

    def test_subject_and_preview_tell_third_persons_nothing(self):
        for _lang, template in self._each():
            for text in (template.subject, template.preview):
                self.assertTrue(text)
                self.assertNotRegex(text, TELLTALE)
                names = placeholders.compile_text(text).names
                self.assertFalse(names & {"amount_due", "credits", "items", "other_items", "pay_by", "pay_link"})

    def test_a_message_that_asks_has_the_facts_one_button_the_ways_out_and_a_person(self):
        for _lang, template in self._each():
            names = re.findall(r"\{\{(\w+)\}\}", template.body_html)
            self.assertEqual(names.count("greeting"), 1)
            self.assertEqual(names.count("signature"), 1)
            asks = template.purpose in ASKING_PURPOSES
            for name in ("items", "pay_button", "bank_account"):
                self.assertEqual(names.count(name), int(asks), name)
            self.assertRegex(template.body_html, r"[Rr]eply|[Rr]épond")

    def test_the_ways_out_name_time_a_mistake_and_talking(self):
        wanted = {
            "en_US": (r"time|later|dates", r"wrong|not right|not agree", r"talk|reply"),
            "fr_FR": (r"délai|date", r"ne va pas|problème|pas d’accord", r"parler|répondez"),
        }
        for lang, template in self._each():
            if template.purpose in ASKING_PURPOSES:
                text = html2plaintext(template.body_html).lower()
                for pattern in wanted[lang]:
                    self.assertRegex(text, pattern)

    def test_no_pressure_no_shouting(self):
        for lang, template in self._each():
            text = html2plaintext(f"{template.subject} {template.preview} {template.body_html}")
            self.assertNotIn("!", text)
            self.assertNotRegex(text.lower(), PRESSURE[lang])
            self.assertNotRegex(re.sub(r"\{\{\w+\}\}", "", text), r"\b[A-ZÀ-Þ]{3,}\b")

    def test_sentences_are_short(self):
        for _lang, template in self._each():
            text = re.sub(r"\{\{\w+\}\}|\[\?|\?\]|\*", "", html2plaintext(template.body_html))
            for sentence in re.split(r"[.?!:;\n]", text):
                self.assertLessEqual(len(sentence.split()), 28, sentence)

    def test_only_known_words_are_named(self):
        for _lang, template in self._each():
            template._check_placeholders()
        self.assertLessEqual(BLOCK_PLACEHOLDERS, PLACEHOLDERS)

    def test_a_consequence_has_a_date_and_only_the_formal_notice_has_one(self):
        for lang, template in self._each():
            words = {"en_US": "outside our company", "fr_FR": "extérieur à notre entreprise"}[lang]
            if template.purpose == "formal_notice":
                sentence = next(part for part in template.body_html.split("[?") if words in part)
                self.assertIn("{{pay_by}}", sentence.split("?]")[0])
            else:
                self.assertNotIn(words, template.body_html)

    def test_french_marks_do_not_hang_alone_at_the_start_of_a_line(self):
        for template in self.templates.with_context(lang="fr_FR"):
            for text in (template.subject, template.body_html):
                self.assertNotRegex(text, r" (?:[:;!»]|\?(?!\]))|« ")

    def test_an_unknown_word_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "first_name"):
            self.templates[0].subject = "Hello {{first_name}}"

    def test_an_optional_part_that_is_not_closed_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "not closed"):
            self.templates[0].body_html = "<p>[? by {{pay_by}}</p>"

    def test_a_brace_that_stands_alone_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "two braces stand alone"):
            self.templates[0].subject = "Hi {{sender"

    def test_a_message_that_asks_must_list_what_it_asks_for(self):
        asking = self.templates.filtered(lambda template: template.purpose in ASKING_PURPOSES)
        with self.assertRaisesRegex(ValidationError, "asks for money"):
            asking[0].body_html = "<p>Please pay.</p>"
