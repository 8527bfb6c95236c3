"""What is agreed, in words and on paper: the same text on the page, in the evidence and in the PDF."""
import hashlib
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_arrangement import ArrangementCommon
from .test_arrangement_page import drawn
from .test_letters import read_text, render_pages, scan


@tagged("post_install", "-at_install")
class TestArrangementPaper(ArrangementCommon):
    def _text(self, arrangement, lang="en_US"):
        return arrangement._text_version(arrangement._speech(lang))

    def test_every_sentence_speaks_the_language_of_the_customer(self):
        languages = ("de_DE", "es_ES", "fr_FR", "it_IT", "nl_NL")
        for code in languages:
            self.env["res.lang"]._activate_lang(code)
        with mute_logger("odoo.addons.base.models.ir_module"):
            self.env["ir.module.module"]._load_module_terms(["collections_relationship"], list(languages))
        plan, settlement = self._arrangement(), self._arrangement(((7, 100), (37, 100)))
        settlement.item_ids.waived_amount = 100
        for arrangement in plan | settlement:
            english = {line for line in self._text(arrangement).splitlines() if " " in line}
            self.assertGreater(len(english), 8)
            for code in languages:
                with self.subTest(kind=arrangement.kind, language=code):
                    self.assertFalse(english & set(self._text(arrangement, code).splitlines()))

    def test_before_a_yes_there_is_no_paper(self):
        with self.assertRaisesRegex(UserError, "nobody has said yes"):
            self._arrangement()._paper()

    def test_the_paper_says_all_that_is_agreed_and_is_made_once(self):
        running = self._running()
        paper = running._paper()
        words = " ".join(" ".join(read_text(paper.raw)).split())
        for expected in ("Azure Interior", self.item.name, "Mar 23, 2026", "300.00", "three hundred"):
            self.assertIn(expected, words)
        self.assertIn(running.accepted_hash, words.replace(" ", ""))
        self.assertEqual(running.paper_hash, hashlib.sha256(paper.raw).hexdigest())
        self.assertEqual(running._paper(), paper)

    def test_a_short_agreement_fits_on_one_page_with_its_signature(self):
        for partner in (self.company.partner_id, self.customer):
            partner.write({"street": "1 Made-up Street", "city": "Nowhere", "zip": "94005", "vat": False})
        self.company.write({"phone": "+1 555 010 0100", "email": "hello@mill.example"})
        bank = {"acc_number": "DE89370400440532013000", "partner_id": self.company.partner_id.id, "allow_out_payment": True}
        self.env["res.partner.bank"].create(bank)
        running = self._running()
        running.sudo().write({"signature": drawn(), "accepted_how": "portal"})
        self.assertEqual(len(read_text(running._paper().raw)), 1)

    def test_its_codes_fill_in_the_next_payment_and_open_the_page(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create({"currency_id": euro.id, "rate": 0.5, "name": "2020-01-01"})
        self.env["res.partner.bank"].create(
            {
                "acc_number": "DE89370400440532013000",
                "partner_id": self.company.partner_id.id,
                "acc_holder_name": "Made-up Mill",
                "allow_out_payment": True,
            }
        )
        invoice = self._create_item(20, 100, currency_id=euro.id)
        running = self._running(((7, 33.34), (37, 66.66)), moves=invoice)
        texts = [text for page in render_pages(running._paper().raw) for text in scan(page)]
        self.assertIn(running._page_link(), texts)
        [transfer] = [text for text in texts if text.startswith("BCD")]
        self.assertIn("EUR33.34", transfer)
        self.assertIn("DE89370400440532013000", transfer)

    def test_the_kept_text_never_changes(self):
        running = self._running()
        before = running.accepted_text
        self.customer.name = "Another Name"
        running._keep_text()
        self.assertEqual(running.accepted_text, before)

    def test_a_yes_starts_the_printing(self):
        running = self._running()
        cron = self.env.ref("collections_relationship.ir_cron_agreements")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        running.invalidate_recordset(["paper_id"])
        self.assertTrue(running.paper_id)

    def test_what_is_given_up_is_said_with_its_condition(self):
        settlement = self._arrangement(((5, 200),))
        settlement.item_ids.waived_amount = 100
        text = self._text(settlement)
        self.assertRegex(text, r"you need not pay the remaining \$\s?100\.00")
        self.assertRegex(text, r"Until then \$\s?300\.00 stay open")
        self.assertNotIn("need not pay the remaining", self._text(self._arrangement()))

    def test_whether_the_debt_is_confirmed_is_said(self):
        draft = self._arrangement()
        self.assertRegex(self._text(draft), r"you confirm that you owe \$\s?300\.00")
        draft.acknowledges = False
        text = self._text(draft)
        self.assertNotIn("you confirm that you owe", text)
        self.assertIn("you may still question them", text)

    def test_grace_says_what_it_means(self):
        grace = self._arrangement(((20, 300),))
        self.assertIn("The due date of the invoices stays as it is", self._text(grace))
        grace.grace_kind = "new_due_date"
        self.assertIn("The new due date is April 5, 2026", self._text(grace))

    def _limit(self, years):
        statements = type(self.env["collection.statement"])
        self.patch(statements, "_limitation_years", lambda _self, whose: {one.partner.id: years for one in whose})

    def test_what_may_be_too_old_warns_the_office_and_tells_the_customer(self):
        draft = self._arrangement()
        self.assertFalse(draft.limitation_warning)
        due = self._line(self.item).date_maturity
        self._limit(((self.today - due).days + 30) / 365.25)
        draft.invalidate_recordset()
        self.assertIn("from", draft.limitation_warning or "")
        self.assertNotIn("may have passed already", self._text(draft))
        self._limit(((self.today - due).days - 1) / 365.25)
        draft.invalidate_recordset()
        self.assertIn("Ask a lawyer", draft.limitation_warning)
        self.assertIn("may have passed already", self._text(draft))

    def test_what_may_be_too_old_needs_another_yes(self):
        draft = self._arrangement(((5, 300),))
        self._limit(((self.today - self._line(self.item).date_maturity).days - 1) / 365.25)
        self.assertIn("Have a lawyer look at it", " ".join(draft._beyond_words(draft._beyond(self.now))))
        draft._submit(self.now, "offer")
        self.assertEqual(draft.state, "to_approve")

    def test_amounts_stand_in_words_in_six_languages(self):
        words = {
            "en_US": "three hundred dollars",
            "de_DE": "dreihundert Dollar",
            "fr_FR": "trois cents dollars",
            "es_ES": "trescientos dólares",
            "it_IT": "trecento dollari",
            "nl_NL": "driehonderd dollar",
        }
        draft = self._arrangement()
        for lang, expected in words.items():
            self.env["res.lang"]._activate_lang(lang)
            with self.subTest(lang=lang):
                self.assertIn(expected, self._text(draft, lang))

    def test_an_offer_stands_as_long_as_it_says(self):
        offer = self._arrangement(((16, 100), (46, 100), (76, 100)))
        offer._submit(self.now, "offer")
        self.assertEqual(offer.date_until, self.today + timedelta(days=14))
