"""Importing where another system stood: all rows or none, each bad row named."""

import base64
import csv
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools.misc import file_open

from .common import CollectionCommon

HEADER = "customer,invoice,stage,last_contact,promise_date,promise_amount,dispute"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestImport(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"ref": "C-1", "vat": "US12345672"})
        cls.invoice = cls._create_item(33, 300)
        cls.second = cls._create_item(14, 200)
        cls.borealis = cls._create_customer("Borealis")
        cls.third = cls._create_item(20, 150, partner=cls.borealis)
        cls.manager = new_test_user(
            cls.env,
            "manager",
            groups="account.group_account_manager",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def setUp(self):
        super().setUp()
        self._refresh()

    def _wizard(self, *rows, header=HEADER, encoding="utf-8"):
        text = "\n".join([header, *rows]) + "\n"
        return (
            self.env["collection.import"]
            .with_user(self.manager)
            .with_company(self.company)
            .create({"file": base64.b64encode(text.encode(encoding)), "company_id": self.company.id})
        )

    def _import(self, *rows, **options):
        wizard = self._wizard(*rows, **options)
        wizard.action_import()
        return wizard

    def _item(self, invoice):
        return invoice.collection_item_ids

    def _assert_nothing_imported(self):
        self.assertFalse(self.env["collection.contact"].search([("company_id", "=", self.company.id)]))
        self.assertFalse(self.env["collection.hold"].search([("company_id", "=", self.company.id)]))
        self.assertFalse((self.invoice | self.second | self.third).collection_item_ids.filtered("asked_on"))

    # === WHAT A GOOD FILE DOES === #

    def test_invoice_continues_where_the_other_system_stood(self):
        wizard = self._import(f"C-1,{self.invoice.name},check_in,2026-03-01,,,")
        self.assertEqual(wizard.state, "done", wizard.problems)
        item = self._item(self.invoice)
        self.assertEqual(item.asked_stage_id, self.stage["check_in"])
        self.assertEqual(item.asked_days, 12)
        self.assertEqual(item.asked_on, date(2026, 3, 1))
        self.assertEqual(item.next_stage_id, self.stage["firm_reminder"], "33 days late, and asked at 12")
        self.assertFalse(self._item(self.second).asked_on, "the other invoice was not named")

    def test_customer_without_invoice_means_what_was_late_then(self):
        self._import("C-1,,Friendly Reminder,2026-02-25,,,")
        self.assertEqual(self._item(self.invoice).asked_stage_id, self.stage["friendly_reminder"])
        self.assertFalse(self._item(self.second).asked_on, "it was due on 2 March only")

    def test_level_counts_the_stages_after_the_due_date(self):
        self._import(f"C-1,{self.invoice.name},3,2026-03-01,,,")
        self.assertEqual(self._item(self.invoice).asked_stage_id, self.stage["help_offer"])

    def test_customer_is_found_by_reference_vat_email_or_name(self):
        for key in ("C-1", "US 12345672", self.customer.email.upper(), "azure interior"):
            with self.subTest(key=key):
                wizard = self._wizard(f"{key},,1,2026-03-01,,,")
                wizard.action_import()
                self.assertEqual(wizard.state, "done", wizard.problems)
        contacts = self.env["collection.contact"].search([("kind", "=", "imported")])
        self.assertEqual(contacts.partner_id, self.customer)

    def test_last_contact_counts_for_the_gap(self):
        self._import(f"C-1,{self.invoice.name},1,2026-03-14,,,")
        facts = self.env["collection.guard"]._facts(self.now, self.company, self.customer.ids, [self.customer.email])
        verdict = facts.check(self.customer.id, self.customer.email, policy=self.policy)
        self.assertFalse(verdict.allowed)
        self.assertEqual(verdict.next_allowed_at.date(), date(2026, 3, 19))

    def test_contact_is_logged_with_the_invoices_and_what_was_known(self):
        self._import(f"C-1,{self.invoice.name},2,2026-03-01,2026-03-20,120.50,")
        contact = self.env["collection.contact"].search([("kind", "=", "imported")])
        self.assertEqual(contact.date.date(), date(2026, 3, 1))
        self.assertEqual(contact.move_ids, self.invoice)
        self.assertEqual(contact.case_id, self._case())
        self.assertEqual(contact.stage_id, self.stage["check_in"])
        self.assertIn("120.50", contact.note)

    def test_promise_pauses_until_its_day(self):
        self._import(f"C-1,{self.invoice.name},,,2026-03-20,120,")
        hold = self.env["collection.hold"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((hold.reason, hold.date_end, hold.move_id), ("promise", date(2026, 3, 20), self.invoice))
        self.assertEqual(self._item(self.invoice).hold_code, "paused")

    def test_promise_of_the_past_pauses_nothing(self):
        wizard = self._import(f"C-1,{self.invoice.name},,,2026-03-01,,")
        self.assertEqual(wizard.state, "done")
        self.assertFalse(self.env["collection.hold"].search([("partner_id", "=", self.customer.id)]))

    def test_dispute_pauses_with_its_words(self):
        self._import("Borealis,,,,,,The goods arrived broken", "C-1,,,,,,no")
        hold = self.env["collection.hold"].search([("company_id", "=", self.company.id)])
        self.assertEqual((hold.partner_id, hold.reason), (self.borealis, "dispute"))
        self.assertIn("The goods arrived broken", hold.note)
        self.assertEqual(hold.date_end, self.today + timedelta(days=30))

    def test_semicolons_a_byte_order_mark_and_missing_columns_are_fine(self):
        wizard = self._import("C-1;2;2026-03-01", header="Customer; stage ;last_contact", encoding="utf-8-sig")
        self.assertEqual(wizard.state, "done", wizard.problems)
        self.assertEqual(self._item(self.invoice).asked_stage_id, self.stage["check_in"])

    def test_sample_file_has_columns_that_are_understood(self):
        with file_open("collections_relationship/static/import_sample.csv") as sample:
            self.assertEqual(sample.readline().strip(), HEADER)
        action = self._wizard().action_sample()
        self.assertEqual(action["url"], "/collections_relationship/static/import_sample.csv")

    def test_sample_file_can_be_imported_into_the_demo_company(self):
        with file_open("collections_relationship/demo/res.partner.csv") as demo:
            people = [row for row in csv.DictReader(demo) if not row["parent_id:id"]]
        for row in people:
            self._create_customer(row["name"], email=row["email"])
        with file_open("collections_relationship/static/import_sample.csv") as sample:
            wizard = self._import(*sample.read().splitlines()[1:])
        self.assertEqual(wizard.state, "done", wizard.problems)
        contacts = self.env["collection.contact"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(contacts), 3)
        self.assertLessEqual(set(contacts.partner_id.mapped("name")), {row["name"] for row in people})

    def test_file_imported_again_adds_nothing(self):
        rows = (
            f"C-1,{self.invoice.name},2,2026-03-01,,,",
            f"C-1,{self.second.name},1,2026-03-10,2026-03-20,50,",
            "Borealis,,,,,,Arrived broken",
        )
        first = self._import(*rows)
        self.assertIn("Contacts added to the log: 3. Already there: 0.", first.result)
        self.assertIn("contested invoices: 2. Already there: 0.", first.result)
        with freeze_time("2026-03-17 09:00:00"):
            again = self._import(*rows)
        self.assertIn("Contacts added to the log: 0. Already there: 3.", again.result)
        self.assertIn("contested invoices: 0. Already there: 2.", again.result)
        contacts = self.env["collection.contact"].search([("kind", "=", "imported")])
        self.assertEqual(len(contacts), 3)
        self.assertEqual(self.env["collection.hold"].search_count([("company_id", "=", self.company.id)]), 2)

    def test_same_words_about_another_invoice_are_added(self):
        self._import(f"C-1,{self.invoice.name},1,2026-03-10,,,", f"C-1,{self.second.name},1,2026-03-10,,,")
        contacts = self.env["collection.contact"].search([("kind", "=", "imported")])
        self.assertEqual(contacts.move_ids, self.invoice | self.second)
        wizard = self._import(f"C-1,{self.invoice.name},1,2026-03-11,,,")
        self.assertIn("Contacts added to the log: 1. Already there: 0.", wizard.result)

    # === WHAT A BAD FILE DOES === #

    def test_everything_wrong_with_a_row_is_told_at_once(self):
        wizard = self._import(f"C-1,{self.invoice.name},Angry Letter,2026-02-30,someday,plenty,", "Nobody,,9,,,-5,")
        first, second = wizard.problems.splitlines()
        for words in ("no stage “Angry Letter”", "“2026-02-30” is no date", "“someday” is no date", "is no number"):
            self.assertIn(words, first)
        for words in ("no customer", "no level 9", "needs last_contact", "above zero", "needs promise_date"):
            self.assertIn(words, second)
        self._assert_nothing_imported()

    def test_one_bad_row_imports_nothing_and_is_named_with_its_line(self):
        wizard = self._import(
            f"C-1,{self.invoice.name},2,2026-03-01,,,",
            "Nobody Known,,2,2026-03-01,,,",
            "Borealis,,,,2026-03-20,,yes",
        )
        self.assertEqual(wizard.state, "wrong")
        self.assertEqual(len(wizard.problems.splitlines()), 1)
        self.assertTrue(wizard.problems.startswith("Line 3:"))
        self.assertIn("Nobody Known", wizard.problems)
        self._assert_nothing_imported()

    def test_line_is_the_files_line_after_a_value_of_several_lines(self):
        wizard = self._import('Borealis,,,,,,"Broken,\nand late"', "Nobody Known,,,,,,")
        self.assertTrue(wizard.problems.startswith("Line 4:"), wizard.problems)

    def test_each_wrong_value_is_told(self):
        self._create_customer("Twin")
        self._create_customer("Twin")
        paid = self._create_item(40, 10)
        self._pay(paid)
        name = self.invoice.name
        cases = {
            ",,2,2026-03-01,,,": "names no customer",
            "Twin,,2,2026-03-01,,,": "means 2 customers",
            "C-1,INV/1999/1,2,2026-03-01,,,": "no confirmed invoice",
            f"Borealis,{name},2,2026-03-01,,,": "is not one of Borealis",
            f"C-1,{paid.name},2,2026-03-01,,,": "nothing is open",
            f"C-1,{name},Angry Letter,2026-03-01,,,": "no stage “Angry Letter”",
            f"C-1,{name},0,2026-03-01,,,": "no level 0",
            f"C-1,{name},7,2026-03-01,,,": "no level 7",
            f"C-1,{name},2,,,,": "needs last_contact",
            f"C-1,{name},2,01/03/2026,,,": "is no date",
            f"C-1,{name},2,2026-02-30,,,": "is no date",
            f"C-1,{name},2,2026-03-17,,,": "in the future",
            f"C-1,{name},,,2026-13-01,,": "is no date",
            f"C-1,{name},,,,100,": "needs promise_date",
            f"C-1,{name},,,2026-03-20,plenty,": "is no number",
            f"C-1,{name},,,2026-03-20,-5,": "above zero",
            f"C-1,{name},,,2026-03-20,nan,": "is no number",
            f"C-1,{name},,,2026-03-20,inf,": "is no number",
            f'C-1,{name},,,2026-03-20,"1,234.50",': "is no number",
            f"C-1,{name},,,,,no,more,values": "more values",
        }
        for row, words in cases.items():
            with self.subTest(row=row):
                wizard = self._import(row)
                self.assertEqual(wizard.state, "wrong")
                self.assertTrue(wizard.problems.startswith("Line 2:"), wizard.problems)
                self.assertIn(words, wizard.problems)
        self._assert_nothing_imported()

    def test_row_said_twice_is_refused(self):
        wizard = self._import("C-1,,1,2026-03-01,,,", "azure interior,,2,2026-03-02,,,")
        self.assertIn("Line 3:", wizard.problems)
        self.assertIn("line 2", wizard.problems)
        self._assert_nothing_imported()

    def test_file_that_is_none_is_refused(self):
        for content, words in (
            (False, "Choose a file"),
            (base64.b64encode("customer\nMüller\n".encode("latin-1")), "UTF-8"),
            (base64.b64encode(b"name,level\nAzure,1\n"), "customer"),
            (base64.b64encode(b"customer,mood\nC-1,bad\n"), "mood"),
            (base64.b64encode(b'customer,dispute\nC-1,"never closed\n'), "cannot be read"),
        ):
            with self.subTest(words=words):
                wizard = self._wizard()
                wizard.file = content
                with self.assertRaisesRegex(UserError, words):
                    wizard.action_import()

    def test_file_without_rows_is_told(self):
        self.assertIn("no rows", self._import().problems)

    def test_invoice_of_another_company_is_not_found(self):
        other = self.setup_other_company(name="Another Company")["company"]
        other_invoice = self._create_item(
            20,
            50,
            partner=self.env["res.partner"].with_company(other).create({"name": "Elsewhere", "company_id": other.id}),
            company_id=other.id,
            journal_id=self.env["account.journal"]
            .search([("company_id", "=", other.id), ("type", "=", "sale")], limit=1)
            .id,
        )
        wizard = self._import(f"C-1,{other_invoice.name} x,,,,,yes", "Elsewhere,,,,,,yes")
        self.assertIn("Line 2:", wizard.problems)
        self.assertIn("Line 3: no customer", wizard.problems)

    def test_only_managers_import(self):
        user = new_test_user(
            self.env,
            "user",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        wizard = self._wizard("C-1,,1,2026-03-01,,,")
        with self.assertRaises(AccessError):
            wizard.with_user(user).action_import()
