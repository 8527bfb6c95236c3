"""Statements of account: the figures tie to the ledger, whatever was booked, and their number of statements is fixed."""
import io
from datetime import date, timedelta

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import CollectionCommon
from .test_letters import find_words, read_text, render_pages, scan


class StatementCommon(CollectionCommon):
    def _figures(self, partner=None, start=None, company=None):
        partner = partner or self.customer
        Statement = self.env["collection.statement"]
        return Statement._read_figures(company or self.company, partner, self.today, start)[partner.id]

    def _account(self, partner=None, start=None):
        [account] = self._figures(partner, start).accounts
        return account

    def _ledger_balance(self, partner=None, currency=None):
        """What the receivable accounts say, asked of Odoo itself."""
        domain = [
            ("partner_id", "=", (partner or self.customer).id),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("company_id", "child_of", self.company.id),
        ]
        if currency:
            domain.append(("currency_id", "=", currency.id))
        [(total,)] = self.env["account.move.line"]._read_group(
            domain, [], ["amount_currency:sum" if currency else "balance:sum"]
        )
        return total or 0.0

    def _receive(self, amount, partner=None, currency=None):
        """Book a payment that is matched with nothing."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.customer).id,
                "amount": amount,
                "currency_id": (currency or self.company.currency_id).id,
                "date": self.today - timedelta(days=2),
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_method_line_id": self.inbound_payment_method_line.id,
            }
        )
        payment.action_post()
        return payment


@tagged("post_install", "-at_install")
class TestStatementFigures(StatementCommon):
    def test_balance_is_the_accounts(self):
        self._create_item(40, 100.10)
        self._create_item(5, 250.20)
        self._create_item(-20, 33.33)
        self._create_refund(50.05)
        self._receive(20.01)
        account = self._account()
        self.assertEqual(account.currency.compare_amounts(account.closing, self._ledger_balance()), 0)
        self.assertEqual(account.currency.compare_amounts(account.closing, 313.57), 0)
        self.assertEqual(sorted(line.residual for line in account.lines), [-50.05, 33.33, 100.10, 250.20])
        self.assertEqual([line.residual for line in account.payments], [-20.01])
        self.assertEqual(account.payments[-1].balance, account.closing)
        self.assertEqual([line.due for line in account.lines], sorted(line.due for line in account.lines))

    def test_history_opens_and_closes_at_the_accounts_balance(self):
        old = self._create_item(100, 80.0)
        late = self._create_item(10, 120.0)
        self._pay(old, 30.0, date=self.today - timedelta(days=60))
        self._pay(late, 20.0, date=self.today - timedelta(days=3))
        start = self.today - timedelta(days=50)
        account = self._account(start=start)
        self.assertEqual(account.opening, 50.0)
        self.assertEqual([(m.kind, m.amount) for m in account.movements], [("invoice", 120.0), ("payment", -20.0)])
        self.assertEqual(account.movements[-1].balance, account.closing)
        self.assertEqual(account.closing, self._ledger_balance())

    def test_invoice_paid_in_another_currency_leaves_no_balance(self):
        dollars = self.setup_other_currency("CAD", rates=[("2020-01-01", 2.0)])
        invoice = self._create_item(10, 200.0, currency_id=dollars.id)
        self._register_payment(
            invoice, payment_date=self.today, currency_id=self.company.currency_id.id, amount=100.0
        )
        self.assertEqual(invoice.amount_residual, 0.0)
        figures = self._figures(start=self.today - timedelta(days=90))
        self.assertEqual([account.closing for account in figures.accounts], [0.0, 0.0])
        for account in figures.accounts:
            self.assertEqual(account.movements[-1].balance, 0.0, account.currency.name)

    def test_one_account_per_currency_the_companys_first(self):
        other = self.setup_other_currency("AED", rates=[("2020-01-01", 4.0)])
        self._create_item(10, 400.0, currency_id=other.id)
        self._create_item(10, 70.0)
        accounts = self._figures().accounts
        self.assertEqual([account.currency for account in accounts], [self.company.currency_id, other])
        for account in accounts:
            self.assertEqual(account.closing, self._ledger_balance(currency=account.currency))

    def test_branches_count(self):
        branch = self._create_branch("Harbour Branch")
        self._create_item(10, 70.0)
        self._create_item(10, 30.0, company_id=branch.id)
        account = self._account()
        self.assertEqual(account.closing, 100.0)
        self.assertEqual({line.company_id for line in account.lines}, {self.company.id, branch.id})

    def test_holds_are_marked_and_not_due(self):
        contested = self._create_item(10, 70.0)
        self._create_item(10, 30.0)
        self.env["collection.hold"].create(
            {
                "move_id": contested.id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "reason": "dispute",
                "date_start": self.today,
                "date_end": self.today + timedelta(days=10),
            }
        )
        self._refresh()
        account = self._account()
        holds = {line.move_id: line.hold for line in account.lines}
        self.assertEqual(holds[contested.id], "dispute")
        self.assertEqual(account.held, 70.0)
        self.assertEqual(account.to_pay, 30.0)
        self.assertEqual(account.closing, 100.0)

    def test_money_in_the_bank_that_nobody_matched_is_listed_apart(self):
        self._create_item(10, 70.0)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "partner_id": self.customer.id,
                "payment_ref": "Transfer 4711",
                "date": self.today,
                "amount": 45.5,
            }
        )
        account = self._account()
        self.assertEqual([(receipt.number, receipt.amount) for receipt in account.receipts], [("Transfer 4711", 45.5)])
        self.assertEqual(account.closing, 70.0)
        self.assertEqual(account.to_pay, 24.5)

    def test_draft_invoices_are_not_in_it(self):
        self._create_item(10, 70.0).button_draft()
        self.assertFalse(self._figures().accounts)

    def test_same_number_of_statements_for_one_and_for_many(self):
        partners = self.env["res.partner"]
        for number in range(12):
            partner = self._create_customer(f"Customer {number}")
            self._create_item(10, 10.0 + number, partner=partner)
            partners |= partner
        Statement = self.env["collection.statement"]
        start = self.today - timedelta(days=90)

        def count(some):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            Statement._read_figures(self.company, some, self.today, start)
            return self.env.cr.sql_log_count - before

        count(partners)
        self.assertEqual(count(partners), count(partners[0]))
        self.assertLessEqual(count(partners), 5)

    def test_days_late_are_of_the_companys_day(self):
        self._create_item(7, 10.0)
        [line] = self._account().lines
        self.assertEqual(line.days_late, 7)


@tagged("post_install", "-at_install")
class TestStatementFiles(StatementCommon):
    def _workbook(self, figures, **options):
        content = self.env["collection.statement"]._xlsx(figures, **options)
        return openpyxl.load_workbook(io.BytesIO(content)), openpyxl.load_workbook(io.BytesIO(content), data_only=True)

    def test_workbook_has_real_dates_numbers_and_sums(self):
        self._create_item(40, 100.10)
        self._create_item(5, 250.20)
        formulas, values = self._workbook([self._figures()])
        [sheet] = values.worksheets
        self.assertEqual(sheet.title, self.company.currency_id.name)
        self.assertEqual(sheet.freeze_panes, "A2")
        self.assertEqual(sheet["A2"].value.date(), self._figures().lines[0].day)
        self.assertEqual([sheet["G2"].value, sheet["G3"].value], [100.10, 250.20])
        self.assertEqual(formulas.worksheets[0]["G4"].value, "=SUM(G2:G3)")
        self.assertEqual(sheet["G4"].value, 350.30)
        self.assertEqual(formulas.worksheets[0]["H3"].value, "=SUM(G$2:G3)")
        self.assertEqual(sheet["H3"].value, 350.30)

    def test_nothing_a_person_typed_becomes_a_formula(self):
        self._create_item(40, 100.0, ref="=HYPERLINK(\"http://evil.example.com\")")
        other = self._create_customer("@SUM(1+1)")
        self._create_item(40, 100.0, partner=other, ref="+1-1")
        formulas, _values = self._workbook([self._figures(), self._figures(other)])
        for row in formulas.worksheets[0].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    self.assertTrue(cell.value.startswith("=SUM("), cell.value)
                elif isinstance(cell.value, str):
                    self.assertNotIn(cell.value[:1], tuple("=+@"), cell.coordinate)

    def test_history_is_a_sheet_of_its_own(self):
        self._pay(self._create_item(10, 100.0), 40.0, date=self.today)
        _formulas, values = self._workbook([self._figures(start=self.today - timedelta(days=90))])
        name = self.company.currency_id.name
        self.assertEqual(values.sheetnames, [name, f"{name} history"])
        history = values.worksheets[1]
        self.assertEqual([row[4] for row in history.iter_rows(min_row=2, values_only=True)][:3], [0, 100, -40])
        self.assertEqual(history["F4"].value, 60.0)

    def test_statement_without_anything_open_is_a_page_and_a_sheet(self):
        figures = self._figures()
        self.assertIn("Nothing is open on your account", self.env["collection.statement"]._html([figures]))
        _formulas, values = self._workbook([figures])
        self.assertEqual(values.worksheets[0]["A1"].value, "Nothing is open.")

    def test_document_is_in_the_customers_language_and_direction(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.customer.lang = "ar_001"
        self._create_item(10, 1234.5)
        html = self.env["collection.statement"]._html([self._figures()])
        self.assertIn('dir="rtl"', html)
        self.assertIn('lang="ar-001"', html)

    def test_names_are_escaped_and_long_ones_kept_in_the_window(self):
        self.customer.name = "\"O'Neil\" <b>& Søns</b> 🦊 " + "x" * 200
        self._create_item(10, 10.0)
        html = self.env["collection.statement"]._html([self._figures()])
        self.assertNotIn("<b>& S", html)
        self.assertIn("&lt;b&gt;&amp; Søns&lt;/b&gt; 🦊", html)
        self.assertNotIn("x" * 77, html)

    def test_address_shows_in_the_window_and_the_code_opens_the_page(self):
        self.company.country_id = self.env.ref("base.de")
        self.customer.write({"name": "Windowed", "street": "7 Test Lane", "zip": "12345", "city": "Sampleton"})
        self._create_item(10, 70.0)
        link = "https://example.com/collections/pay/made-up"
        with self.allow_pdf_render():
            pdf = self.env["collection.statement"]._pdf([self._figures()], {self.customer.id: link})
        [(page, left, top, _right, bottom)] = find_words(pdf, "Windowed")[:1]
        box = self.company._collection_window().address
        self.assertEqual(page, 1)
        self.assertAlmostEqual(left, box.left, delta=0.5)
        self.assertGreaterEqual(top, box.top)
        self.assertLess(bottom, box.top + box.height)
        [picture] = render_pages(pdf)
        self.assertEqual(scan(picture), [link])

    def test_code_of_a_european_account_is_a_transfer_of_what_is_due(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.partner.bank"].create(
            {"acc_number": "DE89370400440532013000", "partner_id": self.company.partner_id.id}
        )
        self.env["res.currency.rate"].create({"currency_id": euro.id, "rate": 0.5, "name": "2020-01-01"})
        invoice = self._create_item(10, 70.55, currency_id=euro.id)
        self._create_item(-10, 900.0, currency_id=euro.id)
        with self.allow_pdf_render():
            pdf = self.env["collection.statement"]._pdf([self._figures()], {self.customer.id: "https://example.com/x"})
        [code] = scan(render_pages(pdf)[0])
        self.assertIn("EUR70.55", code)
        self.assertIn("DE89370400440532013000", code)
        self.assertIn(invoice.name, code)

    def test_many_customers_in_one_pdf_in_their_order(self):
        names = ["Firstling", "Secondling", "Thirdling"]
        figures = []
        for name in names:
            partner = self._create_customer(name)
            self._create_item(10, 70.0, partner=partner)
            figures.append(self._figures(partner))
        with self.allow_pdf_render():
            pdf = self.env["collection.statement"]._pdf(figures)
        pages = read_text(pdf)
        self.assertEqual(len(pages), 3)
        for name, page in zip(names, pages, strict=True):
            self.assertIn(name, page)

    def test_what_is_for_colleagues_never_stands_in_the_customers(self):
        invoice = self._create_item(10, 70.0, sent=False)
        self._refresh()
        figures = self._figures()
        self.assertEqual(figures.lines[0].hold, "not_delivered")
        Statement = self.env["collection.statement"]
        self.assertIn("Invoice never sent", Statement._html([figures], internal=True))
        html = Statement._html([figures])
        self.assertNotIn("Invoice never sent", html)
        self.assertNotIn("colleagues", html)
        self.assertIn(invoice.name, html)

    def test_time_limit_is_shown_to_colleagues_where_a_pack_says_it(self):
        self._create_item(10, 70.0)
        pack = self.env["collection.rule.pack"].search([], limit=1)
        definition = pack.definition
        self.assertNotIn("limitation_years", definition)
        Statement = self.env["collection.statement"]
        self.assertNotIn("Time limit", Statement._html([self._figures()], internal=True))
        self.patch(
            type(Statement), "_limitation_years", lambda _self, figures: {own.partner.id: 3.0 for own in figures}
        )
        due = self._figures().lines[0].due
        html = Statement._html([self._figures()], internal=True)
        self.assertIn("Time limit, at the earliest", html)
        self.assertIn(str(due.year + 3), html)
        self.assertNotIn("Time limit", Statement._html([self._figures()]))

    def test_only_people_who_work_with_invoices_make_them(self):
        self._create_item(10, 70.0)
        nobody = new_test_user(self.env, "employee@example.com", groups="base.group_user", company_id=self.company.id)
        with self.assertRaises(AccessError):
            self.env["collection.statement"].with_user(nobody)._check_may_make(self.customer, self.company)
        with self.assertRaises(AccessError):
            self.env["collection.statement.export"].with_user(nobody).create({})
        clerk = new_test_user(
            self.env, "clerk@example.com", groups="account.group_account_invoice", company_id=self.company.id
        )
        other = self.setup_other_company()["company"]
        Export = self.env["collection.statement.export"].with_user(clerk)
        wizard = Export.browse(Export._action_open(self.customer.with_user(clerk), self.company)["res_id"])
        wizard.action_xlsx()
        self.assertTrue(wizard.content)
        wizard.sudo().company_id = other
        with self.assertRaises(AccessError):
            wizard.action_xlsx()


@tagged("post_install", "-at_install")
class TestStatementSending(StatementCommon):
    def _plan(self, day=None):
        now = fields.Datetime.to_datetime(day or date(2026, 3, 16)) + timedelta(hours=9)
        root = self._root_env()
        return root["collection.statement"].with_context(collection_no_commit=True)._plan_scheduled(
            now, root["res.company"].browse(self.company.id)
        )

    def _statements(self, partner=None):
        return self.env["collection.statement"].search([("partner_id", "=", (partner or self.customer).id)])

    def test_weekly_statement_is_planned_once_and_sent(self):
        self.customer.collection_statement = "weekly"
        self._create_item(10, 70.0)
        self._refresh()
        self.assertEqual(self._plan(), 1)
        self.assertEqual(self._plan(), 0)
        [statement] = self._statements()
        self.assertEqual(statement.period, "2026-W12")
        step = statement.step_id
        self.assertEqual((step.purpose, step.channel, step.state), ("statement", "email", "planned"))
        self.assertFalse(step.is_asking)
        self._act()
        self.assertEqual(step.state, "sent")
        [sent] = self._sent()
        self.assertEqual(sent.facts["statement"]["accounts"][0]["balance"], 70.0)
        self.assertFalse(sent.facts["asked"])
        self.assertIn("70.00", sent.body_html)

    def test_next_week_brings_the_next_one(self):
        self.customer.collection_statement = "weekly"
        self._create_item(10, 70.0)
        self._refresh()
        self._plan()
        self._act()
        self.assertEqual(self._plan(date(2026, 3, 23)), 1)

    def test_monthly_company_default_and_a_customer_who_wants_none(self):
        self.company.collection_statement = "monthly"
        other = self._create_customer("Quiet Customer")
        other.with_company(self.company).collection_statement = "none"
        self._create_item(10, 70.0)
        self._create_item(10, 70.0, partner=other)
        self._refresh()
        self.assertEqual(self._plan(), 0)
        self.assertEqual(self._plan(date(2026, 4, 1)), 1)
        self.assertFalse(self._statements(other))
        self.assertEqual(self._statements().period, "2026-04")

    def test_nothing_open_nothing_sent(self):
        self.customer.collection_statement = "weekly"
        self._pay(self._create_item(10, 70.0))
        self._refresh()
        self.assertEqual(self._plan(), 0)

    def test_what_is_paid_before_it_leaves_takes_it_back(self):
        self.customer.collection_statement = "weekly"
        invoice = self._create_item(10, 70.0)
        self._refresh()
        self._plan()
        self._pay(invoice)
        self._act()
        step = self._statements().step_id
        self.assertEqual((step.state, step.cancel_code), ("cancelled", "nothing_owed"))

    def test_customer_who_asked_us_to_stop_gets_none(self):
        self.customer.collection_statement = "weekly"
        self._create_item(10, 70.0)
        self._refresh()
        self.env["collection.protection"].create(
            {"partner_id": self.customer.id, "kind": "cease", "date_from": self.today}
        )
        self.assertEqual(self._plan(), 0)
        self.assertFalse(self._statements())

    def test_customer_who_was_never_late_gets_a_case_closed_from_the_start(self):
        self.customer.collection_statement = "weekly"
        self._create_item(-20, 70.0)
        self._refresh()
        self.assertFalse(self._case())
        self._plan()
        self.assertEqual(self._case().state, "closed")
        self._act()
        self.assertEqual(self._statements().step_id.state, "sent")

    def test_link_on_paper_is_reused_and_shows_these_items_only(self):
        self._create_item(10, 70.0)
        self._refresh()
        Statement = self.env["collection.statement"]
        first = Statement._links(self.company, self.customer, self.now)
        self.assertEqual(Statement._links(self.company, self.customer, self.now), first)
        token = first[self.customer.id].rsplit("/", 1)[1]
        step, problem = self.env["collection.step"]._find_by_link(token, self.now)
        self.assertFalse(problem)
        self._create_item(3, 999.0)
        self._refresh()
        self.assertEqual(step._pay_items().mapped("residual"), [70.0])
        self.assertNotEqual(Statement._links(self.company, self.customer, self.now), first)

    def test_by_hand(self):
        self._create_item(10, 70.0)
        self._refresh()
        Export = self.env["collection.statement.export"]
        wizard = Export.browse(Export._action_open(self.customer, self.company)["res_id"])
        self.assertFalse(wizard.waiting_text)
        wizard.action_send()
        other = self._create_customer("Brown Trading")
        again = Export.browse(Export._action_open(self.customer + other, self.company)["res_id"])
        self.assertIn("for Azure Interior. A new one takes its place", again.waiting_text)
        again = Export.browse(Export._action_open(self.customer, self.company)["res_id"])
        self.assertIn("already waits to leave on", again.waiting_text)
        wizard.action_send()
        steps = self._statements().step_id
        self.assertEqual(steps.mapped("is_manual"), [True, True])
        self.assertEqual(steps.sorted("id").mapped("state"), ["cancelled", "approved"], "the newer one says it all")

    def _pdf_of_mail(self, partner=None):
        """Send the planned statement for good, up to the mail server, and return the mail."""
        step = self._statements(partner).step_id
        root = self._root_env()["collection.step"].with_context(collection_no_commit=True)
        with self.allow_pdf_render():
            root._act_all(self.now)
        self.assertEqual(step.state, "sent")
        return step.mail_id

    def test_mail_brings_the_statement_as_pdf(self):
        self.customer.collection_statement = "weekly"
        self._create_item(10, 70.0)
        self._refresh()
        self._plan()
        mail = self._pdf_of_mail()
        [attachment] = mail.attachment_ids
        self.assertTrue(attachment.raw.startswith(b"%PDF"))
        self.assertEqual(attachment.name, "Statement Azure Interior 2026-03-16.pdf")

    def test_statement_that_cannot_be_printed_stops_no_other_message(self):
        self.customer.collection_statement = "weekly"
        late = self._create_customer("Late Customer")
        self._create_item(10, 70.0)
        self._create_item(10, 70.0, partner=late)
        self._night()
        self._plan()

        def fail(*_args, **_options):
            raise UserError("no printer")  # pylint: disable=translation-required

        self.patch(type(self.env["collection.statement"]), "_pdf", fail)
        with self.assertLogs("odoo.addons.collections_relationship", "ERROR"):
            self._root_env()["collection.step"].with_context(collection_no_commit=True)._act_all(self.now)
        step = self._statements().step_id
        self.assertEqual((step.state, step.cancel_code), ("cancelled", "render_error"))
        self.assertTrue(self._sent(late))
