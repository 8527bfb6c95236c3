"""Settlements in the books: nothing before its time, to the cent, and back."""
from collections import defaultdict
from datetime import date, timedelta
from itertools import product

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .test_arrangement import ArrangementCommon


class BookCommon(ArrangementCommon):
    """A company that knows where it books what nobody can collect."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bad_debt = cls._create_account("Losses on bad debts", "666000", "expense")
        cls.company.collection_waiver_account_id = cls.bad_debt
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.revenue = cls.company_data["default_account_revenue"]
        cls.bank = cls.company_data["default_journal_bank"]
        cls.general = cls.company_data["default_journal_misc"]
        cls.vat = cls.env["account.tax"].create(
            {
                "name": "VAT 19%",
                "amount": 19.0,
                "type_tax_use": "sale",
                "country_id": cls.company.account_fiscal_country_id.id,
                "invoice_repartition_line_ids": cls._repartition(),
                "refund_repartition_line_ids": cls._repartition(),
            }
        )
        cls.approvers = cls.env["res.users"].union(
            *(
                new_test_user(
                    cls.env,
                    f"approver{number}",
                    groups="collections_relationship.group_collection_approver",
                    company_id=cls.company.id,
                )
                for number in (1, 2)
            )
        )
        cls.vat_account = cls.vat.invoice_repartition_line_ids.account_id

    @classmethod
    def _create_account(cls, name, code, kind, **values):
        return cls.env["account.account"].create({"name": name, "code": code, "account_type": kind, **values})

    @classmethod
    def _repartition(cls):
        account = cls.env["account.account"].search([("code", "=", "255000")]) or cls._create_account(
            "VAT owed", "255000", "liability_current"
        )
        return [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": account.id}),
        ]

    def _sell(self, *lines, days_late=20, **values):
        """Post an invoice; each line is (price, taxes) or (price, taxes, analytic distribution)."""
        return self._create_item(
            days_late,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Work done",
                        "quantity": 1,
                        "price_unit": price,
                        "tax_ids": [Command.set(taxes.ids if taxes else [])],
                        "analytic_distribution": rest[0] if rest else False,
                    }
                )
                for price, taxes, *rest in lines
            ],
            **values,
        )

    def _settle(self, moves, waived, payments=None, **values):
        """Return a settlement that is running: `waived` by invoice, the rest paid as said, else in one week."""
        lines = self._line(moves).sorted("id")
        given_up = {self._line(move)[:1].id: amount for move, amount in waived.items()}
        total = sum(lines.mapped("amount_residual_currency")) - sum(waived.values())
        arrangement = self._arrangement(
            payments or ((7, total),),
            moves,
            item_ids=self.env["collection.arrangement"]._values_of(lines, waived=given_up),
            **values,
        )
        return self._agree(arrangement)

    def _agree(self, arrangement):
        """Let a draft run: agreed on the phone, approved by as many as it takes."""
        arrangement._submit(self.now, "start", how="phone")
        for approver in self.approvers:
            if arrangement.state == "to_approve":
                arrangement.with_user(approver)._say_yes(self.now)
        self.assertEqual(arrangement.state, "active")
        return arrangement

    def _judge(self):
        self._root_env()["collection.arrangement"]._judge_customers(self.now, self.company, self.customer.ids)

    def _receive(self, moves, amount, day=None, **values):
        """Let money arrive on the bank and match it with these invoices; return the transaction."""
        transaction = self.env["account.bank.statement.line"].create(
            {
                "payment_ref": "Payment",
                "journal_id": self.bank.id,
                "partner_id": self.customer.id,
                "amount": amount,
                "date": day or self.today,
                **values,
            }
        )
        _liquidity, suspense, _other = transaction.with_context(skip_account_move_synchronization=True)._seek_for_lines()
        suspense.account_id = self.receivable
        (suspense | self._line(moves)).filtered(lambda line: not line.reconciled).reconcile()
        self.env.flush_all()  # as at the end of the request that matches it
        return transaction

    def _balances(self):
        """Return the trial balance: account to balance, without accounts at nothing."""
        balances = defaultdict(float)
        for account, balance in self.env["account.move.line"]._read_group(
            [("parent_state", "=", "posted"), ("company_id", "child_of", self.company.id)], ["account_id"], ["balance:sum"]
        ):
            balances[account] = round(balance, 2)
        return {account: balance for account, balance in balances.items() if balance}

    def _moved(self, before, after):
        return {
            account: round(after.get(account, 0) - before.get(account, 0), 2)
            for account in {*before, *after}
            if round(after.get(account, 0) - before.get(account, 0), 2)
        }

    def _assert_books_moved(self, before, **expected):
        """Check the change of the trial balance since `before`: name of an attribute of the test to the amount."""
        self.assertEqual(
            self._moved(before, self._balances()), {getattr(self, name): amount for name, amount in expected.items()}
        )

    def _assert_settled(self, moves):
        """Check that the invoices read paid and everything about them is reconciled."""
        for move in moves:
            self.assertIn(move.payment_state, ("paid", "reversed"), move.name)
            self.assertTrue(all(line.reconciled for line in self._line(move)))

    def _take_money_back(self, moves):
        self._line(moves).matched_credit_ids.filtered("credit_move_id.statement_line_id").unlink()


@tagged("post_install", "-at_install")
class TestArrangementBook(BookCommon):
    # === THE SHAPES === #

    def test_one_invoice_a_lower_price(self):
        """Of 1,190 the customer pays 833; 357 are 300 less income and 57 less tax."""
        invoice = self._sell((1000, self.vat))
        arrangement = self._settle(invoice, {invoice: 357})
        self._receive(invoice, 833)
        before = self._balances()
        arrangement._paid_in_full(self.now)
        self._assert_books_moved(before, receivable=-357, revenue=300, vat_account=57)
        self._assert_settled(invoice)
        note = arrangement.waiver_move_ids
        self.assertEqual((note.move_type, note.amount_untaxed, note.amount_tax), ("out_refund", 300, 57))
        self.assertEqual((arrangement.state, note.reversed_entry_id), ("kept", invoice))

    def test_one_invoice_a_rest_nobody_can_collect(self):
        """Written off with its tax; the relief of tax is claimed apart, whatever taxes the account proposes."""
        self.bad_debt.tax_ids = self.vat
        invoice = self._sell((1000, self.vat))
        arrangement = self._settle(invoice, {invoice: 357}, waive_as="write_off")
        self._receive(invoice, 833)
        before = self._balances()
        arrangement._paid_in_full(self.now)
        self._assert_books_moved(before, receivable=-357, bad_debt=357)
        self._assert_settled(invoice)
        self.assertFalse(arrangement.waiver_move_ids.line_ids.tax_ids)
        self.assertFalse(arrangement.waiver_move_ids.line_ids.tax_tag_ids)

    def test_several_invoices_and_the_money_fills_the_oldest(self):
        old, new = self._sell((600, None), days_late=40), self._sell((400, None), days_late=10)
        for waive_as, account in (("credit_note", "revenue"), ("write_off", "bad_debt")):
            with self.subTest(waive_as), self.env.cr.savepoint() as savepoint:
                arrangement = self._settle(old | new, {old: 200, new: 100}, waive_as=waive_as)
                self._receive(old | new, 700)
                self.assertEqual(self._line(new).amount_residual, 300)
                before = self._balances()
                arrangement._paid_in_full(self.now)
                self._assert_books_moved(before, receivable=-300, **{account: 300})
                self._assert_settled(old | new)
                savepoint.rollback()

    def test_instalments_of_one_invoice(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Half now, half later",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        for waive_as in ("credit_note", "write_off"):
            with self.subTest(waive_as):
                invoice = self._sell(
                    (1000, self.vat), invoice_payment_term_id=terms.id, invoice_date_due=False, days_late=40
                )
                first, second = self._line(invoice).sorted("date_maturity")
                arrangement = self._arrangement(
                    ((7, 400), (37, 395)),
                    invoice,
                    item_ids=self.env["collection.arrangement"]._values_of(
                        first | second, waived={first.id: 195, second.id: 200}
                    ),
                    waive_as=waive_as,
                )
                self._agree(arrangement)
                self._receive(invoice, 400)
                self._receive(invoice, 395)
                before = self._balances()
                arrangement._paid_in_full(self.now)
                self.assertEqual(self._moved(before, self._balances())[self.receivable], -395)
                self._assert_settled(invoice)

    def test_foreign_currency_after_the_rate_changed(self):
        """1,000 at 2 for one are 500 in the books; 600 arrive at 4 for one, worth 150 of the 300 they were booked at.

        The difference on the money is Odoo's. What is given up is worth what it is in the books: 200.
        """
        currency = self.setup_other_currency("GBP", rates=[("2020-01-01", 2.0), ("2026-03-01", 4.0)])
        self.loss_of_rate = self.company.expense_currency_exchange_account_id
        bank = self.bank.default_account_id
        for waive_as, account in (("credit_note", self.revenue), ("write_off", self.bad_debt)):
            with self.subTest(waive_as):
                invoice = self._sell((1000, None), currency_id=currency.id, days_late=20)
                self.assertEqual(self._line(invoice).balance, 500)
                before = self._balances()
                arrangement = self._settle(invoice, {invoice: 400}, waive_as=waive_as)
                self._receive(invoice, 150, foreign_currency_id=currency.id, amount_currency=600)
                arrangement._paid_in_full(self.now)
                self.assertEqual(
                    self._moved(before, self._balances()),
                    {self.receivable: -500, bank: 150, account: 200, self.loss_of_rate: 150},
                )
                self._assert_settled(invoice)

    def test_odd_cents_of_payments_in_a_foreign_currency(self):
        """1,000 at 3 for one are 333.33; three payments of 33.33 leave 233.34 for 700 that are worth 233.33."""
        self.loss_of_rate = self.company.expense_currency_exchange_account_id
        currency = self.setup_other_currency("GBP", rates=[("2020-01-01", 3.0)])
        invoice = self._sell((1000, None), currency_id=currency.id)
        arrangement = self._settle(invoice, {invoice: 700}, waive_as="write_off")
        for _payment in range(3):
            self._receive(invoice, 33.33, foreign_currency_id=currency.id, amount_currency=100)
        rest = self._line(invoice).amount_residual
        self.assertEqual(rest, 233.34)
        before = self._balances()
        arrangement._paid_in_full(self.now)
        self._assert_books_moved(before, receivable=-233.34, bad_debt=233.33, loss_of_rate=0.01)
        self._assert_settled(invoice)

    def test_lines_without_tax_share_odd_cents(self):
        accounts = [self._create_account(f"Sales {number}", f"40099{number}", "income") for number in range(3)]
        invoice = self._create_item(
            20,
            invoice_line_ids=[
                Command.create({"name": "Work", "price_unit": price, "account_id": account.id, "tax_ids": []})
                for price, account in zip((33.33, 33.33, 33.34), accounts, strict=True)
            ],
        )
        for waived in (0.01, 0.02, 12.35, 50.0, 50.01, 66.67):
            with self.subTest(waived), self.env.cr.savepoint() as savepoint:
                arrangement = self._settle(invoice, {invoice: waived})
                self._receive(invoice, round(100 - waived, 2))
                arrangement._paid_in_full(self.now)
                self._assert_settled(invoice)
                self.assertEqual(arrangement.waiver_move_ids.amount_total, waived)
                savepoint.rollback()

    def test_cash_basis_tax_allows_a_credit_note_only(self):
        self.company.tax_exigibility = True
        waiting = self._create_account("VAT not due yet", "255900", "liability_current", reconcile=True)
        self.vat.write({"tax_exigibility": "on_payment", "cash_basis_transition_account_id": waiting.id})
        invoice = self._sell((1000, self.vat))
        with self.assertRaisesRegex(ValidationError, "due when money arrives"):
            self._settle(invoice, {invoice: 357}, waive_as="write_off")
        arrangement = self._settle(invoice, {invoice: 357})
        self._receive(invoice, 833)
        arrangement._paid_in_full(self.now)
        self._assert_settled(invoice)
        balances = self._balances()
        self.assertEqual(balances.get(self.vat_account), -133, "19 % of the 700 that remain of the price")
        self.assertNotIn(waiting, balances)
        self.assertEqual(balances[self.revenue], -700 - 300, "700 of this one, 300 of the first invoice")

    def test_partially_paid_and_covered_in_part(self):
        """Paid before, and part of it not covered: that part stays open, the money from before earns nothing."""
        invoice = self._sell((1000, None))
        self._receive(invoice, 100, self.today - timedelta(days=5))
        line = self._line(invoice)
        for waive_as in ("credit_note", "write_off"):
            with self.subTest(waive_as), self.env.cr.savepoint() as savepoint:
                arrangement = self._arrangement(
                    ((7, 500),),
                    invoice,
                    item_ids=self.env["collection.arrangement"]._values_of(
                        line, amounts={line.id: 700}, waived={line.id: 200}
                    ),
                    waive_as=waive_as,
                )
                self._agree(arrangement)
                arrangement._paid_in_full(self.now)
                self.assertFalse(arrangement.is_waived)
                self._receive(invoice, 500)
                arrangement._paid_in_full(self.now)
                self.assertEqual((arrangement.state, line.amount_residual), ("kept", 200))
                savepoint.rollback()

    def test_a_locked_period_moves_the_entry_to_the_next_open_day_and_says_so(self):
        invoice = self._sell((1000, self.vat))
        for waive_as, locks, day in (
            ("write_off", {"fiscalyear_lock_date": date(2026, 3, 31)}, date(2026, 4, 1)),
            ("credit_note", {"sale_lock_date": date(2026, 3, 20)}, date(2026, 3, 21)),
            ("credit_note", {"tax_lock_date": date(2026, 4, 30)}, date(2026, 5, 1)),
            ("write_off", {"tax_lock_date": date(2026, 4, 30), "sale_lock_date": date(2026, 4, 30)}, self.today),
            ("write_off", {"hard_lock_date": date(2026, 3, 31)}, date(2026, 4, 1)),
        ):
            with self.subTest(waive_as, **locks), self.env.cr.savepoint() as savepoint:
                arrangement = self._settle(invoice, {invoice: 357}, waive_as=waive_as)
                self._receive(invoice, 833)
                self.company.write(locks)
                arrangement._paid_in_full(self.now)
                self.assertEqual(arrangement.waiver_move_ids.date, day)
                self.assertEqual(arrangement.waived_on, day)
                self.assertEqual(str(day) in (arrangement.booking_note or ""), day != self.today)
                self._assert_settled(invoice)
                savepoint.rollback()

    def test_analytic_distribution_is_kept(self):
        plan = self.env["account.analytic.plan"].create({"name": "Projects"})
        north, south = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("North", "South")]
        )
        invoice = self._sell((600, None, {str(north.id): 100}), (300, None, {str(south.id): 100}), (100, None))
        for waive_as in ("credit_note", "write_off"):
            with self.subTest(waive_as), self.env.cr.savepoint() as savepoint:
                arrangement = self._settle(invoice, {invoice: 200}, waive_as=waive_as)
                self._receive(invoice, 800)
                arrangement._paid_in_full(self.now)
                lines = arrangement.waiver_move_ids.line_ids.filtered(lambda line: line.account_id != self.receivable)
                self.assertEqual(
                    {(tuple(line.analytic_distribution or {}), line.balance) for line in lines},
                    {((str(north.id),), 120), ((str(south.id),), 60), ((), 20)},
                )
                savepoint.rollback()

    def test_any_amount_comes_to_the_cent(self):
        """Taxes of several rates, included and not, and amounts no price of whole cents would give."""
        reduced = self.vat.copy({"name": "VAT 7%", "amount": 7.0})
        included = self.vat.copy({"name": "VAT 20% included", "amount": 20.0, "price_include_override": "tax_included"})
        invoice = self._sell((333.33, self.vat), (77.77, reduced), (0.99, None), (12.34, included), (200, included))
        for waived in (0.01, 0.02, 0.03, 0.07, 100.03, 333.33, 641.17):
            with self.subTest(waived), self.env.cr.savepoint() as savepoint:
                arrangement = self._settle(invoice, {invoice: waived})
                self._receive(invoice, round(invoice.amount_total - waived, 2))
                preview = arrangement._preview_booking(self.now)
                arrangement._paid_in_full(self.now)
                self._assert_settled(invoice)
                note = arrangement.waiver_move_ids
                self.assertEqual(note.amount_total, waived)
                self.assertEqual(
                    sorted((row["account"], row["debit"], row["credit"]) for row in preview),
                    sorted((line.account_id.display_name, line.debit, line.credit) for line in note.line_ids),
                )
                savepoint.rollback()

    def test_invoices_of_a_branch_are_booked_in_the_branch(self):
        branch = self._create_branch("Azure North")
        self.env = self.env(context={**self.env.context, "allowed_company_ids": (self.company | branch).ids})
        invoice = self._sell((500, None), company_id=branch.id).with_env(self.env)
        self.item = self.item.with_env(self.env)
        self.approvers.company_ids |= branch
        for waive_as in ("credit_note", "write_off"):
            with self.subTest(waive_as), self.env.cr.savepoint() as savepoint:
                arrangement = self._settle(self.item | invoice, {self.item: 50, invoice: 100}, waive_as=waive_as)
                self._receive(self.item | invoice, 650)
                arrangement._paid_in_full(self.now)
                self._assert_settled(self.item | invoice)
                self.assertIn(branch, arrangement.waiver_move_ids.company_id)
                savepoint.rollback()

    def test_a_receivable_that_is_no_invoice(self):
        """An opening balance has no price to lower; its rest can be written off."""
        opening = self.env["account.move"].create(
            {
                "date": self.today - timedelta(days=60),
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": self.customer.id, "balance": balance, "name": "Opening"}
                    )
                    for account, balance in ((self.receivable, 500), (self.revenue, -500))
                ],
            }
        )
        opening.action_post()
        with self.assertRaisesRegex(ValidationError, "not an invoice"):
            self._settle(opening, {opening: 100})
        arrangement = self._settle(opening, {opening: 100}, waive_as="write_off")
        self._receive(opening, 400)
        before = self._balances()
        arrangement._paid_in_full(self.now)
        self._assert_books_moved(before, receivable=-100, bad_debt=100)
        self.assertTrue(self._line(opening).reconciled)

    # === NOTHING BEFORE ITS TIME === #

    def test_not_before_the_money_is_in_the_bank(self):
        arrangement = self._settle(self.item, {self.item: 100})
        payment = self._pay(self.item, 200)
        arrangement._paid_in_full(self.now)
        self.assertEqual((arrangement.state, arrangement.is_waived), ("active", False))
        self.assertIn("Waits for the bank", arrangement.booking_note)
        transaction = self.env["account.bank.statement.line"].create(
            {"payment_ref": "Payment", "journal_id": self.bank.id, "amount": 200, "date": self.today}
        )
        _liquidity, suspense, _other = transaction.with_context(skip_account_move_synchronization=True)._seek_for_lines()
        outstanding = payment.move_id.line_ids.filtered(lambda line: line.account_id == payment.outstanding_account_id)
        suspense.account_id = outstanding.account_id
        (suspense | outstanding).reconcile()
        arrangement._paid_in_full(self.now)
        self.assertEqual((arrangement.state, arrangement.is_waived), ("kept", True))
        self.assertFalse(arrangement.booking_note)

    def test_cash_counts_at_once(self):
        arrangement = self._settle(self.item, {self.item: 100})
        self._register_payment(
            self.item, amount=200, payment_date=self.today, journal_id=self.company_data["default_journal_cash"].id
        )
        arrangement._paid_in_full(self.now)
        self._assert_settled(self.item)

    def test_a_credit_note_is_no_money(self):
        arrangement = self._settle(self.item, {self.item: 100})
        refund = self._create_refund(200)
        self._line(self.item | refund).reconcile()
        arrangement._paid_in_full(self.now)
        self.assertFalse(arrangement.is_waived)

    def test_less_than_agreed_gives_nothing_up(self):
        arrangement = self._settle(self.item, {self.item: 100})
        self._receive(self.item, 199.99)
        arrangement._paid_in_full(self.now)
        self.assertFalse(arrangement.is_waived)

    def test_what_was_given_up_is_booked_once(self):
        arrangement = self._settle(self.item, {self.item: 100})
        self._receive(self.item, 200)
        self.assertTrue(arrangement._book(self.now))
        self._line(arrangement.waiver_move_ids).remove_move_reconcile()  # somebody takes the matching back by hand
        self.assertEqual(self.item.amount_residual, 100)
        self.assertTrue(arrangement._book(self.now))
        self.assertEqual(len(arrangement.waiver_move_ids), 1)

    def test_a_payment_reset_to_draft_is_no_money(self):
        """Odoo keeps the matching of a draft; the money is nowhere."""
        arrangement = self._settle(self.item, {self.item: 100})
        payment = self._register_payment(
            self.item, amount=200, payment_date=self.today, journal_id=self.company_data["default_journal_cash"].id
        )
        payment.move_id.button_draft()
        self.assertTrue(self._line(self.item).matched_credit_ids)
        arrangement._paid_in_full(self.now)
        self.assertFalse(arrangement.is_waived)

    def test_what_is_paid_beyond_pays_what_was_not_covered(self):
        line = self._line(self._sell((1000, None)))
        arrangement = self._agree(
            self._arrangement(
                ((7, 300),),
                line.move_id,
                item_ids=self.env["collection.arrangement"]._values_of(
                    line, amounts={line.id: 500}, waived={line.id: 200}
                ),
            )
        )
        self._receive(line.move_id, 400)
        arrangement._paid_in_full(self.now)
        self.assertEqual((arrangement.waiver_move_ids.amount_total, line.amount_residual), (200, 400))

    def test_who_pays_too_much_is_given_up_less(self):
        """Never more than is open: the receivable does not turn into a debt of ours."""
        arrangement = self._settle(self.item, {self.item: 100})
        self._receive(self.item, 250)
        arrangement._paid_in_full(self.now)
        self.assertEqual(arrangement.waiver_move_ids.amount_total, 50)
        self._assert_settled(self.item)

    def test_who_pays_all_of_it_is_given_nothing_up(self):
        arrangement = self._settle(self.item, {self.item: 100})
        self._receive(self.item, 300)
        arrangement.action_book()
        self.assertEqual((arrangement.state, arrangement.waiver_count, arrangement.waived_on), ("kept", 0, False))

    def test_journals_that_seal_their_entries(self):
        """A sealed entry is not changed any more: matched, named and reversed all the same."""
        for waive_as, journal in (("credit_note", self.item.journal_id), ("write_off", self.general)):
            with self.subTest(waive_as), self.env.cr.savepoint() as savepoint:
                journal.restrict_mode_hash_table = True
                arrangement = self._settle(self.item, {self.item: 100}, waive_as=waive_as)
                self._receive(self.item, 200)
                arrangement._paid_in_full(self.now)
                self._assert_settled(self.item)
                self._take_money_back(self.item)
                arrangement._take_back(self.now)
                self.assertEqual(self.item.amount_residual, 300)
                savepoint.rollback()

    def test_nothing_before_it_is_approved(self):
        line = self._line(self.item)
        values = {"item_ids": self.env["collection.arrangement"]._values_of(line, waived={line.id: 100})}
        arrangement = self._arrangement(((7, 200),), **values)
        arrangement._submit(self.now, "start", how="phone")
        self.assertEqual(arrangement.state, "to_approve")
        self._receive(self.item, 200)
        with self.assertRaisesRegex(UserError, "running"):
            arrangement._book(self.now)
        self._judge()
        self.assertEqual((arrangement.state, self.item.amount_residual), ("to_approve", 100))

    def test_an_invoice_reset_to_draft_by_another_program_is_given_nothing(self):
        """Nobody resets it in a window; a program may. Nothing is booked against what is no claim any more."""
        arrangement = self._settle(self.item, {self.item: 100}, waive_as="write_off")
        self._receive(self.item, 200)
        self.item.state = "draft"
        arrangement._paid_in_full(self.now)
        self.assertFalse(arrangement.waiver_move_ids)
        self.assertIn("not posted", arrangement.booking_note)
        with self.assertRaisesRegex(UserError, "not posted"):
            arrangement.action_book()

    def test_what_a_payment_was_registered_with_is_no_money(self):
        """A payment of 150 that wrote 50 off by itself is no payment of 200."""
        arrangement = self._settle(self.item, {self.item: 100})
        cash = self.company_data["default_journal_cash"]
        self._register_payment(
            self.item,
            amount=150,
            payment_date=self.today,
            journal_id=cash.id,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.bad_debt.id,
        )
        arrangement._paid_in_full(self.now)
        self.assertFalse(arrangement.is_waived)

    def test_an_account_is_asked_for_before_anything_is_offered(self):
        self.company.collection_waiver_account_id = False
        with self.assertRaisesRegex(ValidationError, "No account for rests nobody can collect"):
            self._settle(self.item, {self.item: 100}, waive_as="write_off")

    def test_an_entry_that_cannot_be_booked_asks_an_accountant_and_waits(self):
        arrangement = self._settle(self.item, {self.item: 100}, waive_as="write_off")
        self._receive(self.item, 200)
        self.bad_debt.active = False
        for _attempt in range(2):
            arrangement._paid_in_full(self.now)
        self.assertEqual((arrangement.state, arrangement.is_waived), ("active", False))
        self.assertIn("could not be booked", arrangement.booking_note)
        self.assertEqual(len(arrangement.activity_ids), 1)
        self.assertEqual(self.item.amount_residual, 100)
        self.bad_debt.active = True
        arrangement._paid_in_full(self.now)
        self.assertEqual((arrangement.state, arrangement.booking_note), ("kept", False))
        self.assertFalse(arrangement.activity_ids)
        self._assert_settled(self.item)

    def test_what_gives_nothing_up_needs_no_entry(self):
        arrangement = self._running()
        arrangement._paid_in_full(self.now)
        self.assertEqual((arrangement.state, arrangement.waiver_count), ("kept", 0))

    # === NOT PAID, TAKEN BACK === #

    def test_judged_from_the_bank_to_the_books(self):
        """The judgement books by itself once the transaction is matched; what is given up counts as no payment."""
        arrangement = self._settle(self.item, {self.item: 100}, waive_as="write_off")
        self._receive(self.item, 200)
        self._judge()
        self.assertEqual((arrangement.state, arrangement.is_waived), ("kept", True))
        self.assertEqual((arrangement.amount_paid, arrangement.line_ids.amount_reduced), (200, 0))
        self._assert_settled(self.item)
        self._move_to(1)
        self._judge()
        self.assertEqual(arrangement.state, "kept")

    def test_not_paid_in_time_it_lapses_and_the_debt_stands(self):
        arrangement = self._settle(self.item, {self.item: 100})
        self._receive(self.item, 50)
        self._move_to(40)
        self.company.collection_bank_checked_on = self.today
        for _night in range(3):  # it is missed, the note about it leaves, its last day passes
            self._judge()
            self._act()
            self._move_to(20)
            self.company.collection_bank_checked_on = self.today
        self.assertEqual((arrangement.state, arrangement.end_code), ("lapsed", "not_paid"))
        self.assertEqual((self.item.amount_residual, arrangement.waiver_count), (250, 0))

    def test_paid_again_after_it_was_taken_back(self):
        """Nothing was taken back from the books meanwhile, so nothing is given up twice."""
        arrangement = self._settle(self.item, {self.item: 100})
        self._receive(self.item, 200)
        self._judge()
        self._take_money_back(self.item)
        self._judge()
        self.assertEqual(arrangement.state, "active")
        self.assertIn("Take back what was given up?", arrangement.activity_ids.mapped("summary"))
        self._receive(self.item, 200)
        self._judge()
        self.assertEqual((arrangement.state, arrangement.waiver_count), ("kept", 1))
        self.assertNotIn("Take back what was given up?", arrangement.activity_ids.mapped("summary"))
        self._assert_settled(self.item)

    def test_a_payment_taken_back_proposes_to_take_back_what_was_given_up(self):
        invoice = self._sell((1000, self.vat))
        currency = self.setup_other_currency("GBP", rates=[("2020-01-01", 2.0), ("2026-03-01", 4.0)])
        foreign = self._sell((1000, self.vat), currency_id=currency.id)
        for move, waive_as in product((invoice, foreign), ("credit_note", "write_off")):
            with self.subTest(move.currency_id.name, waive_as=waive_as), self.env.cr.savepoint() as savepoint:
                before = self._balances()
                arrangement = self._settle(move, {move: 357}, waive_as=waive_as)
                rate = {} if move == invoice else {"foreign_currency_id": currency.id, "amount_currency": 833}
                transaction = self._receive(move, 833 if move == invoice else 208.25, **rate)
                arrangement._paid_in_full(self.now)
                with self.assertRaisesRegex(UserError, "stays given up"):
                    arrangement.action_take_back()
                self._take_money_back(move)
                arrangement._move("active", self.now, "night")
                self.assertEqual(arrangement.activity_ids.summary, "Take back what was given up?")
                arrangement.action_take_back()
                self.assertEqual((arrangement.state, arrangement.is_waived), ("active", False))  # a week is left to pay
                self.assertFalse(arrangement.waived_on)
                self.assertFalse(arrangement.activity_ids)
                self.assertEqual(move.amount_residual, 1190)
                self.assertTrue(all(line.reconciled for line in self._line(arrangement.waiver_move_ids)))
                transaction.action_undo_reconciliation()
                transaction.unlink()
                self.assertEqual(self._balances(), before)
                savepoint.rollback()

    def test_taken_back_it_lapses_only_once_its_day_has_passed(self):
        arrangement = self._settle(self.item, {self.item: 100})
        self._receive(self.item, 200)
        arrangement._paid_in_full(self.now)
        self._take_money_back(self.item)
        arrangement._take_back(self.now)
        self.assertEqual(arrangement.state, "active")
        # The customer pays again in time: the rest is given up again.
        self._receive(self.item, 200)
        arrangement._judge(self.now, self.company)
        self.assertEqual((arrangement.state, arrangement.is_waived), ("kept", True))
        self._take_money_back(self.item)
        arrangement._take_back(self.now + timedelta(days=20))
        self.assertEqual((arrangement.state, arrangement.end_code), ("lapsed", "not_paid"))

    def test_tax_reports_read_as_before_once_taken_back(self):
        tags = self.env["account.account.tag"].create(
            [
                {
                    "name": name,
                    "applicability": "taxes",
                    "country_id": self.company.account_fiscal_country_id.id,
                }
                for name in ("base", "tax")
            ]
        )
        for lines in (self.vat.invoice_repartition_line_ids, self.vat.refund_repartition_line_ids):
            for line in lines:
                line.tag_ids = tags[0] if line.repartition_type == "base" else tags[1]
        invoice = self._sell((1000, self.vat))

        def reported():
            return {
                tag.name: round(
                    sum(
                        self.env["account.move.line"]
                        .search([("parent_state", "=", "posted"), ("tax_tag_ids", "in", tag.ids)])
                        .mapped("balance")
                    ),
                    2,
                )
                for tag in tags
            }

        self.assertEqual(reported(), {"base": -1000, "tax": -190})
        arrangement = self._settle(invoice, {invoice: 357})
        self._receive(invoice, 833)
        arrangement._paid_in_full(self.now)
        self.assertEqual(reported(), {"base": -700, "tax": -133})
        self._take_money_back(invoice)
        arrangement._take_back(self.now)
        self.assertEqual(reported(), {"base": -1000, "tax": -190})

    def test_taking_back_in_a_locked_period(self):
        for waive_as in ("credit_note", "write_off"):
            with self.subTest(waive_as), self.env.cr.savepoint() as savepoint:
                arrangement = self._settle(self.item, {self.item: 100}, waive_as=waive_as)
                self._receive(self.item, 200)
                arrangement._paid_in_full(self.now)
                self._take_money_back(self.item)
                self.company.hard_lock_date = date(2026, 3, 31)
                arrangement._take_back(self.now)
                self.assertEqual(arrangement.waiver_move_ids.reversal_move_ids.date, date(2026, 4, 1))
                self.assertEqual(self.item.amount_residual, 300)
                savepoint.rollback()

    # === WHO MAY === #

    def test_only_accountants_decide_about_the_books(self):
        clerk = new_test_user(self.env, "clerk", groups="account.group_account_invoice", company_id=self.company.id)
        arrangement = self._settle(self.item, {self.item: 100}).with_user(clerk)
        for button in ("action_book", "action_take_back"):
            with self.assertRaisesRegex(AccessError, "Only accountants"):
                getattr(arrangement, button)()
        for values in ({"waiver_move_ids": [(4, self.item.id)]}, {"waived_on": self.today}, {"booking_note": "x"}):
            with self.assertRaises(AccessError):
                arrangement.write(values)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            arrangement.write({"waive_as": "write_off"})

    def test_a_look_before_writes_nothing(self):
        clerk = new_test_user(self.env, "clerk", groups="account.group_account_invoice", company_id=self.company.id)
        invoice = self._sell((1000, self.vat))
        before = self.env["account.move"].search_count([])
        arrangement = self._settle(invoice, {invoice: 357}, waive_as="write_off").with_user(clerk)
        self.assertEqual(
            [(row["account"], row["debit"], row["credit"]) for row in arrangement._preview_booking(self.now)],
            [(self.receivable.display_name, 0, 357), (self.bad_debt.display_name, 357, 0)],
        )
        self.assertIn("357", arrangement.booking_preview)
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_what_could_not_be_booked_is_said_while_it_is_written(self):
        self.company.collection_waiver_account_id = False
        line = self._line(self.item)
        draft = self._arrangement(
            ((7, 200),),
            item_ids=self.env["collection.arrangement"]._values_of(line, waived={line.id: 100}),
            waive_as="write_off",
            rhythm="own",
        )
        self.assertIn("No account for rests nobody can collect", draft.problem_text)
        self.assertIn("No account for rests nobody can collect", draft.booking_preview)
        draft.waive_as = "credit_note"
        self.assertFalse(draft.problem_text)

    def test_what_ended_otherwise_shows_no_entry_to_come(self):
        arrangement = self._settle(self.item, {self.item: 100})
        self.assertTrue(arrangement._preview_booking(self.now))
        arrangement._cancel(self.now)
        self.assertEqual(arrangement._preview_booking(self.now), [])

    def test_a_counter_offer_keeps_what_it_is_booked_as(self):
        arrangement = self._arrangement(waive_as="write_off")
        arrangement._submit(self.now, "offer")
        self.assertEqual(arrangement._counter({}, self.now, "customer").waive_as, "write_off")
