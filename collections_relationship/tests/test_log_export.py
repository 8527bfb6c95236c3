"""The contact log of a customer as PDF and CSV."""
import base64
import csv
import io
import json
from datetime import datetime, timedelta

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CollectionCommon

#: Quotes, an emoji, a comma, right-to-left.
ODD_NAME = 'Müller "Söhne", شركة 🙂 <b>& Co</b>'


@tagged("post_install", "-at_install")
class TestLogExport(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "clara.exports",
            "account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            tz="Europe/Berlin",
        )
        cls.odd = cls._create_customer("Odd", email="odd@customer.example.com")
        cls.odd.name = ODD_NAME
        cls.invoice = cls._create_item(10, amount=1234.5, partner=cls.odd)

    def _add(self, **values):
        return self.env["collection.contact"].sudo().create(
            {
                "partner_id": self.odd.id,
                "company_id": self.company.id,
                "date": self.now,
                "kind": "called",
                "direction": "out",
                "channel": "call",
                "note": "First line\nsecond; line, with \"quotes\"",
                **values,
            }
        )

    def _wizard(self, user=None, partners=None, **values):
        partners = partners or self.odd
        action = partners.with_user(user or self.clerk).action_collection_export_log()
        wizard = self.env[action["res_model"]].with_user(user or self.clerk).browse(action["res_id"])
        wizard.write(values)
        return wizard

    def _rows(self, wizard):
        wizard.file_format = "csv"
        action = wizard.action_export()
        self.assertIn("/web/content/", action["url"])
        raw = base64.b64decode(wizard.content)
        self.assertTrue(raw.startswith(b"\xef\xbb\xbf"), "a spreadsheet sees that it is UTF-8")
        return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))

    def test_a_message_sent_is_told_whole(self):
        self._night_and_act()
        [row] = self._rows(self._wizard(with_texts=True))
        sent = self._sent(self.odd)
        self.assertEqual(row["date"], "2026-03-16T10:00:00+01:00")
        self.assertEqual((row["direction"], row["channel"], row["kind"]), ("out", "email", "sent"))
        self.assertEqual((row["amount"], row["currency"]), ("1234.50", self.company.currency_id.name))
        self.assertEqual(row["invoices"], self.invoice.name)
        self.assertEqual(row["customer"], ODD_NAME)
        self.assertEqual(row["address"], "odd@customer.example.com")
        self.assertEqual(row["why_now"], sent.reason_text)
        self.assertTrue(row["why_now"])
        self.assertEqual(json.loads(row["facts"])["asked"][0]["invoice"], self.invoice.name)
        self.assertEqual(json.loads(row["reason"])["code"], sent.reason["code"])
        self.assertEqual(row["subject"], sent.subject)
        self.assertIn(self.invoice.name, row["text"])
        self.assertIn("/collections/", sent.body_html)
        self.assertNotIn("/collections/", row["text"], "no link by which a reader could speak for the customer")

    def test_only_the_words_of_a_message_not_its_layout(self):
        self._night_and_act()
        sent = self._sent(self.odd)
        self.assertIn("\u034f", sent.body_html, "what keeps the rest out of a preview")
        [row] = self._rows(self._wizard(with_texts=True))
        text = row["text"].replace("\N{NO-BREAK SPACE}", " ")
        self.assertTrue(text.startswith("Hello"), text[:80])
        self.assertNotIn("\u034f", text)
        self.assertNotIn(self.company.email, text.splitlines()[-1], "the foot of each mail")
        [line] = [line for line in text.splitlines() if self.invoice.name in line and "|" in line]
        self.assertIn("1,234.50", line)

    def test_what_a_customer_wrote_is_whole_though_it_quotes_us(self):
        content = self.env["collection.contact.content"].sudo().create(
            {"body_html": '<p>I paid.</p><blockquote><div class="o_collection_mail">Hello</div></blockquote>'}
        )
        self._add(kind="answered", direction="in", channel="email", content_id=content.id)
        [row] = self._rows(self._wizard(with_texts=True))
        self.assertEqual(row["text"], "I paid.\n\nHello")

    def test_amounts_are_as_the_message_said_them(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self._create_item(10, amount=200, partner=self.odd, currency_id=euro.id)
        self._night_and_act()
        sent = self._sent(self.odd)
        [row] = self._rows(self._wizard())
        code = self.company.currency_id.name
        self.assertEqual((row["amount"], row["currency"]), ("1334.50", code))
        self.assertEqual(row["asked"], f"1234.50 {code}; 200.00 EUR")
        self.assertIn("200.00", sent.asked_text.replace("\N{NO-BREAK SPACE}", " "))
        page = self._html(self._wizard())
        self.assertIn(sent.asked_text, page)
        self.assertIn("1,334.50", page)

    def test_in_one_currency_the_amount_is_said_once(self):
        self._night_and_act()
        self.assertEqual(self._html(self._wizard()).count("1,234.50"), 1)

    def test_without_texts_there_are_none(self):
        self._night_and_act()
        [row] = self._rows(self._wizard())
        self.assertNotIn("text", row)
        self.assertNotIn("subject", row)

    def test_nothing_somebody_wrote_becomes_a_formula(self):
        notes = ["=1+1", "+49 30", "-x", "@SUM(A1)", " =cmd()", "\t=1", "harmless = 1"]
        for number, note in enumerate(notes):
            self._add(note=note, date=self.now + timedelta(minutes=number))
        written = [row["note"] for row in self._rows(self._wizard())]
        self.assertEqual(written, [f"'{note}" for note in notes[:-1]] + notes[-1:])

    def test_newlines_quotes_and_commas_stay_in_their_cell(self):
        self._add()
        [row] = self._rows(self._wizard())
        self.assertEqual(row["note"], 'First line\nsecond; line, with "quotes"')
        self.assertEqual(row["customer"], ODD_NAME)

    def test_the_clock_change_shows_in_the_offset(self):
        self._add(date=datetime(2026, 7, 1, 22, 30))
        self._add(date=datetime(2026, 1, 1, 22, 30))
        dates = [row["date"] for row in self._rows(self._wizard())]
        self.assertEqual(dates, ["2026-01-01T23:30:00+01:00", "2026-07-02T00:30:00+02:00"])

    def test_the_period_counts_the_users_days(self):
        self._add(date=datetime(2026, 7, 1, 22, 30))
        self.assertFalse(self._rows(self._wizard(date_start="2026-07-01", date_end="2026-07-01")))
        self.assertEqual(len(self._rows(self._wizard(date_start="2026-07-02", date_end="2026-07-02"))), 1)

    def test_the_people_of_the_customer_and_who_was_merged_into_him_count(self):
        twin = self._create_customer("Twin")
        self._add(partner_id=twin.id)
        person = self.env["res.partner"].create({"name": "Paul", "parent_id": self.odd.id, "active": False})
        self._add(partner_id=person.id)
        self.env["collection.case"]._move_to_customer(twin, self.odd, self.now)
        self.assertEqual(len(self._rows(self._wizard(partners=person))), 2)

    def test_only_rows_of_companies_the_user_works_in(self):
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        self._add(company_id=other.id)
        mine = self._add()
        [row] = self._rows(self._wizard())
        self.assertEqual(row["id"], str(mine.id))

    def test_of_chosen_contacts_only_those(self):
        first = self._add()
        self._add()
        action = first.with_user(self.clerk).action_export_log()
        wizard = self.env[action["res_model"]].with_user(self.clerk).browse(action["res_id"])
        self.assertEqual([row["id"] for row in self._rows(wizard)], [str(first.id)])
        wizard.only_chosen = False
        self.assertEqual(len(self._rows(wizard)), 2)

    def test_people_without_invoicing_rights_get_nothing(self):
        for login, group in (("pat.portal", "base.group_portal"), ("emil.employee", "base.group_user")):
            user = new_test_user(self.env, login, group)
            with self.assertRaises(AccessError):
                self.odd.with_user(user).action_collection_export_log()
            with self.assertRaises(AccessError):
                self.env["collection.contact"].with_user(user)._log_of(self.odd.with_user(user))

    def test_a_deleted_text_says_so(self):
        self.company.write({"collection_text_months": 1, "collection_letter_years": 0})
        self._add()
        self._root_env()["collection.deletion"]._delete_all(self.now + timedelta(days=60))
        wizard = self._wizard(with_texts=True)
        [row] = self._rows(wizard)
        self.assertEqual((row["text_deleted_on"], row["note"]), ("2026-05-15", ""))
        self.assertIn("Text deleted on 05/15/2026", self._html(wizard))

    def _html(self, wizard):
        page, _type = self.env["ir.actions.report"].with_user(self.clerk)._render_qweb_html(
            "collections_relationship.report_contact_log", wizard.ids
        )
        return page.decode()

    def test_the_pdf_names_zone_customer_amount_and_reason(self):
        self._night_and_act()
        page = self._html(self._wizard(with_texts=True))
        sent = self._sent(self.odd)
        for words in (
            "Europe/Berlin", "Müller", "شركة 🙂", "&lt;b&gt;", self.invoice.name, "1,234.50", sent.reason_text,
            "odd@customer.example.com", sent.subject, self.clerk.name, self.company.name,
        ):  # fmt: skip
            self.assertIn(words, page)
        self.assertNotIn("<b>& Co</b>", page)

    def test_the_words_in_the_pdf_are_blocks_of_a_line_each(self):
        # A page that ends inside a cell of a table cuts a line of text in two.
        self._night_and_act()
        tree = html.fromstring(self._html(self._wizard(with_texts=True)))
        subject = self._sent(self.odd).subject
        self.assertTrue(tree.xpath("//strong[text() = $words]", words=subject))
        self.assertFalse(tree.xpath("//table//*[contains(text(), $words)]", words=subject))
        lines = tree.xpath("//div[contains(@class, 'o_collection_log_line')]//div[@dir='auto'][contains(@style, 'avoid')]")
        self.assertGreater(len(lines), 5)

    def test_several_customers_are_one_document(self):
        # Debian's wkhtmltopdf refuses to print several; each customer begins a page of it.
        wizard = self._wizard(partners=self.odd + self.customer)
        bodies, _ids, *_rest = self.env["ir.actions.report"]._prepare_html(
            self._html(wizard), report_model=wizard._name
        )
        self.assertEqual(len(bodies), 1)
        parts = html.fromstring(bodies[0]).xpath("//div[contains(@class, 'o_collection_log')]/..")
        begins = [(part.get("style") or "", part.text_content()) for part in parts if part.xpath("./div/h2")]
        self.assertEqual([bool("page-break-before" in style) for style, _words in begins], [False, True])
        self.assertIn(self.customer.name, begins[0][1])
        self.assertIn("Müller", begins[1][1])

    def test_rules_that_said_no_are_named_once(self):
        contact = self._add(reason={"code": "we_called", "against": ["outside_hours", "outside_hours", "minimum_gap"]})
        self.assertEqual(contact.set_aside_text.count("too early or too late"), 1)

    def test_a_spreadsheet_in_german_gets_semicolons(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.clerk.lang = "de_DE"
        self._add()
        wizard = self._wizard().with_context(lang="de_DE")
        head = wizard._csv().decode("utf-8-sig").splitlines()[0]
        self.assertTrue(head.startswith("id;date;direction;"))

    def test_the_name_of_the_file_holds_no_signs_of_paths(self):
        self.odd.name = "a/../b\\c\n<d>"
        self.assertNotRegex(self._wizard()._file_name(), r"[/\\<>\n]")

    def test_thousands_of_contacts_take_no_query_each(self):
        def count_of(rows):
            contacts = self.env["collection.contact"].sudo().create(
                [
                    {
                        "partner_id": self.odd.id,
                        "company_id": self.company.id,
                        "date": self.now + timedelta(minutes=number),
                        "kind": "called",
                        "direction": "out",
                        "channel": "call",
                        "note": f"Call {number}",
                        "user_id": self.clerk.id,
                        "content_id": self.env["collection.contact.content"].sudo().create({"body_html": "<p>x</p>"}).id,
                        "move_ids": [Command.set(self.invoice.ids)],
                    }
                    for number in range(rows)
                ]
            )
            wizard = self._wizard(with_texts=True)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            text = wizard._csv()
            self.assertGreaterEqual(text.count(b"\r\n"), len(contacts))
            return self.env.cr.sql_log_count - start

        few = count_of(20)
        self.assertLessEqual(count_of(900), few + 5)


@tagged("post_install", "-at_install")
class TestWhyNow(CollectionCommon):
    """Each kind of outgoing row keeps why, as data and in words."""

    def test_what_a_colleague_wrote_from_his_own_program_says_so_and_what_was_open(self):
        invoice = self._create_item(10)
        self._night()
        case = self._case().sudo()
        contact = case._log_incoming(
            "written",
            self.now,
            direction="out",
            subject="Hello",
            body="Please pay",
            message_id="<own@example.com>",
            author=self.customer,
            address=self.customer.email_normalized,
            channel="email",
            why="written_elsewhere",
        )
        self.assertEqual(contact.reason, {"code": "written_elsewhere"})
        self.assertTrue(contact.reason_text)
        self.assertEqual([item["invoice"] for item in contact.facts["open"]], [invoice.name])
