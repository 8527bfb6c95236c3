"""The customer's own statement under /my: his own commercial entity, whatever the browser sends."""
import io

import openpyxl

from odoo import Command
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .test_letters import read_text
from .test_statement import StatementCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestStatementPortal(HttpCase, StatementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Borealis Secret Ltd")
        cls.employee = cls.env["res.partner"].create({"name": "Ann Azure", "parent_id": cls.customer.id})
        cls._portal_user("ann", cls.employee)
        cls._portal_user("boris", cls.other)
        cls.mine = cls._create_item(10, 123.45)
        cls.theirs = cls._create_item(10, 987.65, partner=cls.other)
        another = cls.setup_other_company(name="Another Company")
        cls.another = another["company"]
        cls.elsewhere = cls._create_item(
            10, 55.55, partner=cls.other, company_id=cls.another.id, journal_id=another["default_journal_sale"].id
        )

    @classmethod
    def _portal_user(cls, login, partner, company=None):
        company = company or cls.company
        user = new_test_user(
            cls.env, login, groups="base.group_portal", company_id=company.id, company_ids=[Command.set(company.ids)]
        )
        user.partner_id = partner
        return user

    def setUp(self):
        super().setUp()
        self._refresh()

    def _file(self, kind="xlsx", company=None, query=""):
        return self.url_open(f"/my/statement/{(company or self.company).id}/{kind}{query}", allow_redirects=False)

    def test_page_shows_the_whole_customer_and_nobody_else(self):
        self.authenticate("ann", "ann")
        page = self.url_open("/my/statement")
        self.assertEqual(page.status_code, 200)
        self.assertIn("123.45", page.text)
        self.assertIn(self.mine.name, page.text)
        self.assertNotIn("987.65", page.text)
        self.assertNotIn(self.theirs.name, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")

    def test_history_opens_and_closes(self):
        self.authenticate("ann", "ann")
        page = self.url_open("/my/statement?history=1")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Opening balance", page.text)
        self.assertIn(f"Invoice {self.mine.name}", page.text)
        self.assertIn("Closing balance", page.text)

    def test_another_customers_log_in_sees_his_own(self):
        self.authenticate("boris", "boris")
        page = self.url_open("/my/statement?partner_id=%s&partner=%s" % (self.customer.id, self.customer.id))
        self.assertIn("987.65", page.text)
        self.assertNotIn("123.45", page.text)

    def test_workbook_is_his_own_whatever_is_tampered_with(self):
        self.authenticate("boris", "boris")
        for query in ("", f"?partner_id={self.customer.id}", "?history=1"):
            answer = self._file(query=query)
            self.assertEqual(answer.status_code, 200)
            book = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True)
            cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
            self.assertIn(987.65, cells)
            self.assertNotIn(123.45, cells)

    def test_pdf_is_his_own(self):
        self.authenticate("ann", "ann")
        answer = self._file(kind="pdf")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        [page] = read_text(answer.content)
        self.assertIn("123.45", page)
        self.assertNotIn("987.65", page)

    def test_a_company_he_does_not_belong_to_is_not_found(self):
        """Nor is a customer's id in the place of a company's."""
        self.authenticate("boris", "boris")
        self.assertNotIn("55.55", self.url_open("/my/statement").text)
        for company_id in (self.another.id, 0, 999999, self.customer.id + 5000):
            answer = self.url_open(f"/my/statement/{company_id}/xlsx", allow_redirects=False)
            self.assertEqual(answer.status_code, 404, company_id)
        self.assertEqual(self._file(kind="csv").status_code, 404)

    def test_without_log_in_there_is_nothing(self):
        self.authenticate(None, None)
        for path in ("/my/statement", f"/my/statement/{self.company.id}/xlsx", f"/my/statement/{self.company.id}/pdf"):
            answer = self.url_open(path, allow_redirects=False)
            self.assertEqual(answer.status_code, 303, path)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_portal_reaches_neither_model_nor_wizard_by_rpc(self):
        self.authenticate("ann", "ann")
        for model, method in (
            ("collection.statement", "search_read"),
            ("collection.statement.export", "create"),
            ("collection.statement", "_read_figures"),
        ):
            answer = self.url_open(
                "/web/dataset/call_kw",
                json={"params": {"model": model, "method": method, "args": [[{}]], "kwargs": {}}},
            ).json()
            self.assertIn("error", answer, (model, method))

    def test_somebody_without_an_account_is_told_so(self):
        self._portal_user("clear", self._create_customer("Clear Skies"))
        self.authenticate("clear", "clear")
        page = self.url_open("/my/statement")
        self.assertIn("Nothing is open on your account", page.text)
        self.assertEqual(self._file().status_code, 404)

    def test_holds_are_said_in_his_words_only(self):
        self.mine.is_move_sent = False
        self._refresh()
        self.authenticate("ann", "ann")
        page = self.url_open("/my/statement")
        self.assertNotIn("Invoice never sent", page.text)
        self.assertNotIn("Excluded", page.text)

    def test_home_shows_the_card_where_something_is_there(self):
        self.authenticate("ann", "ann")
        self.assertIn("/my/statement", self.url_open("/my/home").text)
        counters = {"params": {"counters": ["collection_statement_count"]}}
        self.assertEqual(self.url_open("/my/counters", json=counters).json()["result"]["collection_statement_count"], 1)
