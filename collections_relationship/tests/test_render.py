"""What a message says, to whom, in whose name, and what it costs to write."""
import json
import re
from datetime import datetime, timedelta

from markupsafe import escape

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import format_amount, html2plaintext

from ..models.collection_step_render import _Speech
from .common import shipped
from .mail_common import NOW, MailCommon

AWKWARD = "Ö'Neil & \"Söhne\" <script>alert(1)</script> 🥐 " + "x" * 160


@tagged("post_install", "-at_install")
class RenderCommon(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.company.write({"email": "accounts@azure.example.com", "phone": "+1 555 0123"})
        cls.move = cls._invoice(cls.customer, 1200.0, 12)
        cls.item = cls._item(cls.move)
        cls.case = cls._case(cls.customer)

    def _render(self, step):
        return step._render(NOW)[step.id]

    def _text(self, rendered):
        return html2plaintext(rendered.body_html).replace("\N{NO-BREAK SPACE}", " ")

    def _part(self, rendered, title, before=True):
        """Return the words before or after the title of a block."""
        first, _found, second = self._text(rendered).partition(title)
        return first if before else second


@tagged("post_install", "-at_install")
class TestFigures(RenderCommon):
    def test_an_item_asked_for_stands_with_number_dates_and_amount(self):
        rendered = self._render(self._step(self.case, self.item))
        text = self._text(rendered)
        for words in (self.move.name, "Mar 4, 2026", "12 days ago", "of Feb 2, 2026", "$ 1,200.00"):
            self.assertEqual(text.count(words), 1, words)
        self.assertEqual(rendered.amount, 1200.0)
        self.assertEqual(
            rendered.facts["asked"],
            [
                {
                    "line": self.item.line_id.id,
                    "move": self.move.id,
                    "invoice": self.move.name,
                    "due": "2026-03-04",
                    "amount": 1200.0,
                    "residual": 1200.0,
                    "credit": 0.0,
                    "currency": "USD",
                    "days_late": 12,
                    "stage": None,
                }
            ],
        )
        self.assertEqual(rendered.facts["totals"], [{"currency": "USD", "amount": 1200.0}])

    def test_other_open_items_stand_apart_and_are_not_asked_for(self):
        later = self._item(self._invoice(self.customer, 300.0, -4))
        paused = self._item(self._invoice(self.customer, 77.0, 40), hold_code="paused")
        excluded = self._item(self._invoice(self.customer, 55.0, 40), hold_code="excluded")
        unseen = self._item(self._invoice(self.customer, 66.0, 40), hold_code="not_delivered")
        rendered = self._render(self._step(self.case, self.item))
        asked = self._part(rendered, "For your information")
        information = self._part(rendered, "For your information", before=False)
        self.assertIn(self.move.name, asked)
        self.assertNotIn(self.move.name, information)
        for item in (later, paused):
            self.assertNotIn(item.move_id.name, asked)
            self.assertIn(item.move_id.name, information)
        self.assertIn("in 4 days", information)
        self.assertIn("on hold", information)
        for item in (excluded, unseen):
            self.assertNotIn(item.move_id.name, self._text(rendered))
        self.assertEqual(rendered.amount, 1200.0)
        self.assertEqual({row["move"] for row in rendered.facts["information"]}, {later.move_id.id, paused.move_id.id})

    def test_an_item_held_paid_or_covered_meanwhile_is_not_asked_for(self):
        for number, values in enumerate(({"hold_code": "paused"}, {"is_open": False}, {"amount_asked": 0.0})):
            with self.subTest(**values):
                other = self._item(self._invoice(self.customer, 500.0, 15))
                step = self._step(self.case, self.item + other, round=number)
                other.write(values)
                rendered = self._render(step)
                self.assertEqual([row["line"] for row in rendered.facts["asked"]], [self.item.line_id.id])
                self.assertEqual(rendered.amount, 1200.0)

    def test_credits_are_shown_and_taken_off(self):
        self.item.write({"credit_applied": 200.0, "amount_asked": 1000.0, "amount_company": 1000.0})
        rendered = self._render(self._step(self.case, self.item))
        text = self._text(rendered)
        self.assertRegex(text, r"Your credit, already taken off\s+−\$ 200.00")
        self.assertRegex(text, r"Total\*?\s*\|?\s*\*?\$ 1,000.00")
        self.assertEqual(rendered.facts["totals"], [{"currency": "USD", "amount": 1000.0}])
        self.assertEqual(rendered.facts["asked"][0]["credit"], 200.0)

    def test_each_currency_has_its_table_and_total(self):
        other = self._item(self._invoice(self.customer, 250.0, 15, currency=self.euro), amount_company=125.0)
        rendered = self._render(self._step(self.case, self.item + other))
        text = self._text(rendered)
        self.assertIn("Amount (USD)", text)
        self.assertIn("Amount (EUR)", text)
        self.assertIn("250.00 €", text)
        self.assertEqual(
            sorted((total["currency"], total["amount"]) for total in rendered.facts["totals"]),
            [("EUR", 250.0), ("USD", 1200.0)],
        )
        self.assertEqual(rendered.amount, 1325.0)

    def test_cents_add_up_without_drift(self):
        items = self.item.browse()
        for _number in range(10):
            items |= self._item(self._invoice(self.customer, 0.1, 15))
        rendered = self._render(self._step(self.case, items))
        self.assertEqual(rendered.facts["totals"], [{"currency": "USD", "amount": 1.0}])
        self.assertEqual(rendered.amount, 1.0)

    def test_a_part_payment_is_visible(self):
        self.item.write({"residual": 450.0, "amount_asked": 450.0, "amount_company": 450.0})
        text = self._text(self._render(self._step(self.case, self.item)))
        self.assertIn("open part of $ 1,200.00", text)
        self.assertIn("$ 450.00", text)

    def test_many_items_for_information_are_counted(self):
        for number in range(15):
            self._item(self._invoice(self.customer, 10.0 + number, -5))
        rendered = self._render(self._step(self.case, self.item))
        self.assertEqual(len(rendered.facts["information"]), 12)
        self.assertEqual(rendered.facts["information_more"], 3)
        self.assertRegex(self._text(rendered), r"and 3 more, together \$ \d+")

    def test_another_customers_items_stay_out(self):
        other = self._item(self._invoice(self._customer("Another Made-up Shop"), 999.0, 20))
        rendered = self._render(self._step(self.case, self.item))
        self.assertNotIn(other.move_id.name, self._text(rendered))

    def test_days_are_the_companys_own(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        step = self._step(self.case, self.item)
        evening = datetime(2026, 3, 16, 20, 0)
        self.assertIn("13 days ago", self._text(step._render(evening)[step.id]))


@tagged("post_install", "-at_install")
class TestWords(RenderCommon):
    def test_nothing_of_the_markup_is_left(self):
        for code in ("heads_up", "friendly_reminder", "check_in", "help_offer", "firm_reminder", "formal_notice"):
            step = self._step(self.case, self.item, code)
            rendered = self._render(step)
            for html in (rendered.subject, rendered.body_html):
                for leftover in ("{{", "}}", "[?", "?]", "collection-body-mark", "collection-preview-mark"):
                    self.assertNotIn(leftover, html, code)

    def test_the_button_opens_our_own_page(self):
        step = self._step(self.case, self.item)
        rendered = self._render(step)
        self.assertEqual(rendered.body_html.count(f'href="{step._payment_link()}"'), 1)

    def test_thanks_ask_for_nothing(self):
        step = self._step(self.case, self.item, "account_settled")
        rendered = self._render(step)
        self.assertNotIn(self.move.name, rendered.body_html)
        self.assertNotIn("/collections/pay", rendered.body_html)
        self.assertEqual(rendered.amount, 0.0)
        self.assertEqual(rendered.facts["asked"], [])

    def test_the_formal_notice_names_the_day_to_pay_by(self):
        self.env.ref("collections_relationship.stage_formal_notice").response_days = 14
        rendered = self._render(self._step(self.case, self.item, "formal_notice"))
        self.assertIn("March 30, 2026", self._text(rendered))

    def test_without_days_to_pay_the_sentence_about_them_is_left_out(self):
        stage = self.env.ref("collections_relationship.stage_formal_notice")
        stage.response_days = 0
        text = self._text(self._render(self._step(self.case, self.item, "formal_notice")))
        self.assertNotIn("outside our company", text)

    def test_a_person_is_greeted_by_name_and_a_company_is_not(self):
        person = self.env["res.partner"].create(
            {"name": "Claire Dubois", "parent_id": self.customer.id, "email": "claire@example.org"}
        )
        self.assertIn("Hello,", self._text(self._render(self._step(self.case, self.item))))
        step = self._step(self.case, self.item, "check_in", recipient_id=person.id)
        self.assertIn("Hello Claire Dubois,", self._text(self._render(step)))

    def test_a_name_too_long_to_greet_is_left_out(self):
        person = self.env["res.partner"].create({"name": AWKWARD, "parent_id": self.customer.id})
        step = self._step(self.case, self.item, recipient_id=person.id)
        self.assertIn("Hello,", self._text(self._render(step)))

    def test_names_are_escaped_wherever_they_stand(self):
        self.customer.name = AWKWARD
        self.collector.partner_id.write({"name": "Clara <b>&amp;", "function": "<i>Accounts</i>"})
        self.company.name = "Azure <u>& Co"
        person = self.env["res.partner"].create({"name": "Ann <em>Lee", "parent_id": self.customer.id})
        draft = self.env["collection.contact.content"].create(
            {
                "subject": "For {{customer}}",
                "body_html": "<p>{{greeting}} {{customer}} {{company}} {{sender}}</p>{{items}}{{signature}}",
            }
        )
        step = self._step(self.case, self.item, draft_id=draft.id, recipient_id=person.id)
        rendered = self._render(step)
        for raw in ("<em>", "<script>", "<b>&amp;", "<i>Accounts", "<u>&"):
            self.assertNotIn(raw, rendered.body_html)
        self.assertIn(escape("Azure <u>& Co"), rendered.body_html)
        self.assertIn(AWKWARD, rendered.subject)

    def test_the_subject_is_one_line(self):
        self.customer.name = "Two\nLines"
        rendered = self._render(self._step(self.case, self.item, "formal_notice"))
        self.assertNotIn("\n", rendered.subject)

    def test_the_hidden_preview_comes_first_and_says_nothing_of_money(self):
        rendered = self._render(self._step(self.case, self.item))
        body = str(rendered.body_html).partition("<body")[2]
        first = re.search(r">\s*([^<>\s][^<>]*)<", body).group(1)
        self.assertEqual(first, shipped(self.env, "friendly_reminder", "friendly").preview)

    def test_the_branding_is_the_senders(self):
        self.company.write({"email_secondary_color": "#123456", "website": "https://azure.example.com"})
        html = self._render(self._step(self.case, self.item)).body_html
        self.assertIn("background-color:#123456", html)
        self.assertIn("accounts@azure.example.com", html)
        self.assertIn("Clara Collector", html)

    def test_without_a_responsible_the_company_signs(self):
        self.case.user_id = False
        step = self._step(self.case, self.item, user_id=False)
        rendered = self._render(step)
        self.assertEqual(rendered.subject, f"A quick note from {self.company.name}")
        self.assertIn("accounts@azure.example.com", self._text(rendered))

    def test_bank_account_and_reference(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "GB33BUKB20201555555555", "partner_id": self.company.partner_id.id}
        )
        text = self._text(self._render(self._step(self.case, self.item)))
        self.assertIn("GB33 BUKB 2020 1555 5555 55", text)
        self.assertIn(self.move.payment_reference, text)

    def test_another_companys_account_is_never_named(self):
        other = self.env["res.company"].create({"name": "Other Made-up Company"})
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "GB94BARC10201530093459", "partner_id": other.partner_id.id}
        )
        self.env.cr.execute("UPDATE account_move SET partner_bank_id = %s WHERE id = %s", [bank.id, self.move.id])
        self.assertNotIn("GB94", self._text(self._render(self._step(self.case, self.item))))

    def test_a_branch_speaks_for_itself(self):
        branch = self.env["res.company"].create(
            {"name": "Azure Harbour Branch", "parent_id": self.company.id, "email": "harbour@azure.example.com"}
        )
        step = self._step(self.case, self.item, sender_company_id=branch.id)
        root_item = self._item(self._invoice(self.customer, 88.0, 3))
        self.item.company_id = branch
        rendered = self._render(step)
        self.assertIn("Azure Harbour Branch", rendered.body_html)
        self.assertNotIn(root_item.move_id.name, rendered.body_html)


@tagged("post_install", "-at_install")
class TestLanguage(RenderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        module = cls.env["ir.module.module"].search([("name", "=", "collections_relationship")])
        module._update_translations(["fr_FR"], overwrite=True)

    def test_the_recipients_language_wins(self):
        person = self.env["res.partner"].create(
            {"name": "Claire Dubois", "parent_id": self.customer.id, "lang": "fr_FR", "email": "claire@example.org"}
        )
        step = self._step(self.case, self.item, recipient_id=person.id)
        rendered = self._render(step)
        text = self._text(rendered)
        button = step.template_id.with_context(lang="fr_FR").button_label
        for words in ("Bonjour Claire Dubois,", "il y a 12 jours", "4 mars 2026", "Facture", button):
            self.assertIn(words, text)
        self.assertIn('lang="fr-FR"', rendered.body_html)

    def test_languages_of_one_batch_do_not_mix(self):
        french = self._customer("Boulangerie inventée", lang="fr_FR")
        item = self._item(self._invoice(french, 80.0, 12))
        steps = self._step(self.case, self.item) + self._step(self._case(french), item)
        rendered = list(steps._render(NOW).values())
        english, other = (self._text(message) for message in rendered)
        self.assertEqual(
            [re.findall(r'lang="([^"]+)"', str(message.body_html)) for message in rendered],
            [["en-US", "en-US"], ["fr-FR", "fr-FR"]],
        )
        self.assertIn("Hello,", english)
        self.assertIn("Bonjour,", other)
        self.assertNotIn("Facture", english)
        self.assertNotIn("Invoice", other)

    def test_a_language_that_is_not_installed_falls_back(self):
        self.env.cr.execute("UPDATE res_partner SET lang = 'xx_XX' WHERE id = %s", [self.customer.id])
        self.customer.invalidate_recordset(["lang"])
        self.assertIn("Hello,", self._text(self._render(self._step(self.case, self.item))))

    def test_a_language_without_words_of_its_own_is_not_half_used(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        self.company.partner_id.lang = "fr_FR"
        rendered = self._render(self._step(self.case, self.item))
        text = self._text(rendered)
        self.assertIn('lang="fr-FR"', rendered.body_html)
        self.assertIn("il y a 12 jours", text)
        self.assertNotIn("Tagen", text)

    def test_british_english_keeps_its_own_dates(self):
        self.env["res.lang"]._activate_lang("en_GB")
        self.customer.lang = "en_GB"
        self.assertIn("4 Mar 2026", self._text(self._render(self._step(self.case, self.item))))

    def test_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        template = shipped(self.env, "friendly_reminder", "friendly")
        template.with_context(lang="ar_001").body_html = "<p>{{greeting}}</p><p>مرحبا</p>{{items}}{{bank_account}}"
        self.customer.lang = "ar_001"
        html = self._render(self._step(self.case, self.item)).body_html
        self.assertIn('dir="rtl"', html)
        self.assertIn("text-align:right;max-width", html)
        self.assertNotRegex(html, r'<th scope="col"[^>]*text-align:left[^>]*>Invoice')


@tagged("post_install", "-at_install")
class TestEditedText(RenderCommon):
    def _edited(self, body, subject="From me to {{customer}}"):
        draft = self.env["collection.contact.content"].create({"subject": subject, "body_html": body})
        return self._render(self._step(self.case, self.item, draft_id=draft.id))

    def test_a_persons_words_take_the_place_of_the_templates(self):
        rendered = self._edited("<p>As we said on the phone:</p><p>{{items}}</p><p>{{signature}}</p>")
        self.assertEqual(rendered.subject, "From me to Made-up Bakery")
        text = self._text(rendered)
        self.assertIn("As we said on the phone:", text)
        self.assertNotIn("slipped through, as it does", text)
        self.assertEqual(rendered.body_html.count("<table cellspacing"), 1)
        self.assertNotRegex(rendered.body_html, r"<p>\s*<table")

    def test_removed_tables_come_back_at_the_end(self):
        rendered = self._edited("<p>Please see below.</p>")
        self.assertIn(self.move.name, self._text(rendered))
        self.assertIn("/collections/pay", rendered.body_html)

    def test_a_stray_bracket_does_not_stop_the_message(self):
        bodies = ("<p>Really ?] Yes {{items}}</p>", "<p>[? Really {{items}}</p>", "<p>{{unknown_word}} {{items}}</p>")
        for number, body in enumerate(bodies):
            with self.subTest(body=body):
                draft = self.env["collection.contact.content"].create({"subject": "Hm [?", "body_html": body})
                step = self._step(self.case, self.item, draft_id=draft.id, round=number)
                rendered = self._render(step)
                self.assertIn(self.move.name, self._text(rendered))
                self.assertNotIn("{{", rendered.body_html)

    def test_the_text_that_left_is_not_taken_for_an_edited_one(self):
        step = self._step(self.case, self.item)
        first = self._render(step)
        step.content_id = self.env["collection.contact.content"].create(
            {"subject": first.subject, "body_html": first.body_html}
        )
        self.assertEqual(self._render(step).body_html, first.body_html)


@tagged("post_install", "-at_install")
class TestLayout(RenderCommon):
    def test_a_layout_without_a_place_for_the_message_is_named(self):
        layout = self.env.ref("collections_relationship.mail_layout")
        layout.arch = (
            '<data inherit_id="mail.mail_notification_layout">'
            '<xpath expr="//body" position="replace"><body/></xpath></data>'
        )
        with self.assertRaisesRegex(UserError, "mail layout"):
            self._render(self._step(self.case, self.item))

    def test_a_change_of_the_companys_layout_shows(self):
        self.env["ir.ui.view"].create(
            {
                "name": "made-up change",
                "type": "qweb",
                "inherit_id": self.env.ref("mail.mail_notification_layout").id,
                "arch": (
                    "<xpath expr=\"//div[@t-out='message.body']\" position='after'><p>Made-up house words</p></xpath>"
                ),
            }
        )
        self.assertIn("Made-up house words", self._render(self._step(self.case, self.item)).body_html)


@tagged("post_install", "-at_install")
class TestPlainText(RenderCommon):
    def test_the_text_for_programs_without_html_reads_well(self):
        step = self._step(self.case, self.item)
        lines = step._plain_text(self._render(step).body_html).splitlines()
        self.assertIn(f"{self.move.name} of Feb 2, 2026 | Mar 4, 2026 12 days ago | $ 1,200.00", lines)
        self.assertIn(f"{step.template_id.button_label}: {step._payment_link()}", lines)
        self.assertIn("Kind regards,", lines)
        self.assertEqual(lines[0], self.company.name, "what is hidden in HTML is not written here")
        self.assertNotIn("\u200b", "".join(lines))
        self.assertNotIn("\n\n\n", "\n".join(lines))

    def test_names_come_out_as_they_are(self):
        self.company.name = "Azure <u>& Co"
        step = self._step(self.case, self.item)
        self.assertIn("Azure <u>& Co", step._plain_text(self._render(step).body_html))


@tagged("post_install", "-at_install")
class TestRecipient(RenderCommon):
    def _person(self, name, **vals):
        return self.env["res.partner"].create(
            {"name": name, "parent_id": self.customer.id, "email": f"{name.lower()}@example.org", **vals}
        )

    def _recipient(self, moves=None):
        move_ids = (moves or self.move).ids
        return self.case._recipients(self.case.ids, {self.case.id: move_ids})[self.case.id]

    def test_the_customer_himself(self):
        self.assertEqual(self._recipient(), (self.customer.id, "madeupbakery@example.org"))

    def test_the_invoice_address_before_the_customer(self):
        person = self._person("Ivy", type="invoice")
        self.assertEqual(self._recipient(), (person.id, "ivy@example.org"))

    def test_the_contact_of_the_invoice_before_the_invoice_address(self):
        self._person("Ivy", type="invoice")
        paul = self._person("Paul")
        move = self._invoice(paul, 10.0, 12)
        self.assertEqual(self._recipient(move), (paul.id, "paul@example.org"))

    def test_the_contact_of_most_invoices(self):
        paul, zoe = self._person("Paul"), self._person("Zoe")
        moves = self._invoice(paul, 10.0, 12) + self._invoice(paul, 10.0, 13) + self._invoice(zoe, 10.0, 12)
        self.assertEqual(self._recipient(moves), (paul.id, "paul@example.org"))

    def test_the_contact_for_payments_before_all(self):
        self._person("Ivy", type="invoice")
        chosen = self._person("Chosen")
        self.customer.collection_recipient_id = chosen
        self.assertEqual(self._recipient(), (chosen.id, "chosen@example.org"))

    def test_nobody_is_written_to_in_place_of_the_contact_for_payments(self):
        chosen = self._person("Chosen", email=False)
        self.customer.collection_recipient_id = chosen
        self.assertEqual(self._recipient(), (chosen.id, False))

    def test_one_without_an_address_gives_way(self):
        self._person("Ivy", type="invoice", email=False)
        self.assertEqual(self._recipient(), (self.customer.id, "madeupbakery@example.org"))

    def test_archived_people_and_people_who_left_are_not_written_to(self):
        self._person("Ivy", type="invoice").active = False
        gone = self._person("Gone")
        move = self._invoice(gone, 10.0, 12)
        gone.parent_id = self._customer("New Made-up Employer")
        self.assertEqual(self._recipient(move), (self.customer.id, "madeupbakery@example.org"))

    def test_no_address_at_all(self):
        self.customer.email = False
        self.assertEqual(self._recipient(), (self.customer.id, False))

    def test_many_cases_cost_one_statement(self):
        cases = self.case
        for number in range(5):
            cases |= self._case(self._customer(f"Made-up Shop {number}"))
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(len(cases._recipients(cases.ids, {})), 6)


@tagged("post_install", "-at_install")
class TestHeaders(RenderCommon):
    def test_the_responsibles_name_and_the_address_for_answers(self):
        step = self._step(self.case, self.item)
        self.assertEqual(
            step._mail_headers()[step.id],
            {
                "email_from": '"Clara Collector" <clara.collector@example.com>',
                "reply_to": f'"Clara Collector" <{self.alias.alias_full_name}>',
            },
        )

    def test_without_a_mail_domain_answers_go_to_the_sender(self):
        self.company.alias_domain_id = False
        step = self._step(self.case, self.item)
        self.assertEqual(
            step._mail_headers()[step.id]["reply_to"], '"Clara Collector" <clara.collector@example.com>'
        )

    def test_without_a_responsible_the_company_writes(self):
        self.case.user_id = False
        step = self._step(self.case, self.item, user_id=False)
        self.assertEqual(
            step._mail_headers()[step.id]["email_from"], f'"{self.company.name}" <accounts@azure.example.com>'
        )

    def test_the_alias_of_each_company_is_its_own(self):
        branch = self.env["res.company"].create({"name": "Azure Harbour Branch", "parent_id": self.company.id})
        branch.alias_domain_id = self.env["mail.alias.domain"].create({"name": "harbour.example.com"})
        step = self._step(self.case, self.item, sender_company_id=branch.id)
        self.assertIn("@harbour.example.com", step._mail_headers()[step.id]["reply_to"])


@tagged("post_install", "-at_install")
class TestAmounts(RenderCommon):
    def test_amounts_are_written_as_odoo_writes_them(self):
        lang = self.env["res.lang"]._lang_get("en_US")
        yen = self.env.ref("base.JPY")
        for grouping, separator, point in (
            ("[3,0]", ",", "."),
            ("[3,0]", ".", ","),
            ("[3,0]", "\N{NARROW NO-BREAK SPACE}", ","),
            ("[3,0]", " ", ","),
            ("[3,0]", False, "."),
            ("[3,2,0]", ",", "."),
        ):
            lang.write({"grouping": grouping, "thousands_sep": separator, "decimal_point": point})
            speech = _Speech(self.env, "en_US")
            for currency in (self.company.currency_id, self.euro, yen):
                for value in (0.0, 7.0, 999.995, 1000.0, 123456.78, 1234567890.1, -1234.5, -0.001):
                    with self.subTest(grouping=grouping, currency=currency.name, value=value):
                        self.assertEqual(speech.amount(value, currency), format_amount(self.env, value, currency, "en_US"))

    def test_a_number_that_reads_like_a_mark_of_ours_stays_as_it_is(self):
        self.move.button_draft()
        self.move.name = "collection-own-amount-mark"
        self.move.action_post()
        text = self._text(self._render(self._step(self.case, self._item(self.move))))
        self.assertIn("collection-own-amount-mark", text)


@tagged("post_install", "-at_install")
class TestCost(RenderCommon):
    def test_statements_do_not_grow_with_the_batch(self):
        def batch(size):
            steps = self.env["collection.step"]
            for _number in range(size):
                customer = self._customer(f"Made-up Shop {size}")
                item = self._item(self._invoice(customer, 50.0, 12))
                steps |= self._step(self._case(customer), item)
            self.env.flush_all()
            return steps

        counts = []
        for steps in (batch(1), batch(2), batch(20)):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            steps._render(NOW)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1], counts)

    def test_the_batch_of_a_user_needs_the_right_to_read(self):
        step = self._step(self.case, self.item)
        outsider = self.env["res.users"].create(
            {"name": "Otto Outsider", "login": "otto", "group_ids": [Command.set([self.env.ref("base.group_user").id])]}
        )
        with self.assertRaises(AccessError):
            step.with_env(self.env(user=outsider, su=False))._render(NOW)
        self.assertTrue(step._render(NOW + timedelta(seconds=1)))


@tagged("post_install", "-at_install")
class TestEvents(RenderCommon):
    """Messages about a plan, a promise, a statement: what `details` holds of it, written out."""

    def _event(self, purpose, tone, details, **vals):
        template = shipped(self.env, purpose, tone)
        step = self._step(self.case, self.item, "account_settled", purpose=purpose, template_id=template.id, **vals)
        step.details = details
        return self._render(step)

    def test_a_promise_is_written_out_in_the_customers_words(self):
        text = self._text(
            self._event(
                "promise_noted", "friendly", {"promise_date": "2026-03-27", "promise_amount": 400.5, "currency": "USD"}
            )
        )
        self.assertIn("March 27, 2026", text)
        self.assertIn("400.50", text)

    def test_a_plan_is_a_table_with_its_total(self):
        details = {
            "plan": [{"date": "2026-04-01", "amount": 400.0, "paid": True}, {"date": "2026-05-01", "amount": 800.0}],
            "plan_count": 2,
            "plan_total": 1200.0,
            "plan_end": "2026-05-01",
            "instalment_date": "2026-05-01",
            "instalment_amount": 800.0,
            "instalment_number": 2,
            "remaining_amount": 800.0,
            "offer_until": "2026-03-30",
        }
        text = self._text(self._event("plan_offered", "friendly", details))
        for words in ("Apr 1, 2026", "paid", "400.00", "May 1, 2026", "800.00", "1,200.00", "March 30, 2026"):
            self.assertIn(words, text)

    def test_an_offer_leads_to_the_page(self):
        details = {"plan": [{"date": "2026-04-01", "amount": 400.0}], "plan_total": 400.0, "offer_until": "2026-03-30"}
        self.assertIn("/collections/pay/", self._event("plan_offered", "friendly", details).body_html)

    def test_a_statement_lists_everything_open_and_asks_for_nothing(self):
        other = self._invoice(self.customer, 80.0, 2)
        self._item(other)
        rendered = self._event("statement", "friendly", {"statement_date": "2026-03-16"}, item_ids=[Command.clear()])
        text = self._text(rendered)
        self.assertIn(self.move.name, text)
        self.assertIn(other.name, text)
        self.assertIn("1,280.00", text)
        self.assertEqual((rendered.amount, rendered.facts["asked"]), (0.0, []))

    def test_a_fact_that_is_missing_takes_its_sentence_along(self):
        rendered = self._event("dispute_upheld", "neutral", {"dispute_subject": "INV/2026/00001: wrong price"})
        self.assertNotIn("{{", rendered.body_html)
        self.assertIn("wrong price", self._text(rendered))

    def test_words_of_a_law_stand_in_a_formal_message_whatever_its_author_wrote(self):
        definition = {
            "source": "Made-up Code, section 1",
            "basis": "law",
            "verified": "no",
            "statutory_wording": {"en": "Made-up words of a law."},
        }
        pack = self.env["collection.rule.pack"].create(
            {"name": "Made-up Law", "code": "made_up", "definition": json.dumps(definition)}
        )
        self.policy.pack_ids = pack
        html = self._render(self._step(self.case, self.item, "formal_notice")).body_html
        self.assertEqual(html.count("Made-up words of a law."), 1)
        self.assertNotIn("Made-up words", self._render(self._step(self.case, self.item)).body_html)
