"""An arrangement that runs: money really matched moves its payments, and what is missed, forgiven or kept follows."""
from datetime import timedelta

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_arrangement import ArrangementCommon


class JudgeCommon(ArrangementCommon):
    def _judge(self):
        self._root_env()["collection.arrangement"].with_context(collection_no_commit=True)._judge_all(self.now, self.company)

    def _limit(self, **values):
        """Put figures of the limits in force, as if a second person had said yes."""
        limit = self.env["collection.limit"].sudo()._in_force(self.company)[:1]
        limit.write(values)
        return limit

    def _receive_at_bank(self, amount, day=None, partner=None):
        """Import one transaction of the bank, matched with nothing."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": day or self.today,
                "amount": amount,
                "payment_ref": "Transfer",
                "partner_id": (partner or self.customer).id,
            }
        )

    def _lines(self, arrangement):
        return arrangement.line_ids.sorted("date")

    def _credit(self, move, amount):
        """Credit a part of an invoice and match it."""
        refund = self._create_refund(amount)
        (self._line(move) + self._line(refund)).reconcile()
        return refund

    @staticmethod
    def _long(day):
        """Return a day as an English message writes it."""
        return f"{day:%B} {day.day}, {day.year}"

    def _told(self, arrangement):
        """Return the messages planned about an arrangement, as (purpose, state), oldest first."""
        return arrangement.step_ids.sorted("id").mapped("purpose")


@tagged("post_install", "-at_install")
class TestJudge(JudgeCommon):
    def test_a_payment_pays_the_oldest_line_first(self):
        plan = self._running()
        self._pay(self.item, 130)
        self._judge()
        lines = self._lines(plan)
        self.assertEqual(lines.mapped("amount_paid"), [100, 30, 0])
        self.assertEqual(lines.mapped("state"), ["kept", "open", "open"])
        self.assertEqual((plan.amount_paid, plan.amount_left, plan.date_next), (130, 170, lines[1].date))
        self.assertEqual(lines[0].paid_on, self.today)

    def test_what_was_matched_before_is_no_payment_of_it(self):
        self._pay(self.item, 60)
        self._refresh()
        plan = self._running(((7, 120), (37, 120)))
        self._judge()
        self.assertEqual(plan.amount_paid, 0)
        self._pay(self.item, 20)
        self._judge()
        self.assertEqual(plan.amount_paid, 20)

    def test_a_credit_note_shrinks_the_plan_from_its_end_and_keeps_nothing(self):
        plan = self._running()
        self._credit(self.item, 150)
        self._judge()
        lines = self._lines(plan)
        self.assertEqual(lines.mapped("amount_paid"), [0, 0, 0])
        self.assertEqual(lines.mapped("amount_reduced"), [0, 50, 100])
        self.assertEqual(lines.mapped("state"), ["open", "open", "reduced"])
        self.assertEqual(plan.state, "active")
        self._credit(self.item, 150)
        self._judge()
        self.assertEqual((plan.state, plan.end_code), ("cancelled", "credited"))

    def test_a_write_off_is_no_payment(self):
        plan = self._running()
        self._register_payment(
            self.item,
            amount=80,
            payment_date=self.today,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self._judge()
        self.assertEqual((plan.amount_paid, sum(plan.line_ids.mapped("amount_reduced"))), (80, 220))
        self.assertEqual(self._lines(plan).mapped("state"), ["kept", "reduced", "reduced"])

    def test_paid_in_full_is_kept_and_the_customer_is_thanked(self):
        plan = self._running()
        self._pay(self.item, 100)
        self._judge()
        self._pay(self.item, 200)
        self._judge()
        self.assertEqual((plan.state, plan.amount_left), ("kept", 0))
        self.assertEqual(self._told(plan), ["plan_confirmed", "instalment_received", "plan_completed"])

    def test_a_payment_taken_back_reopens_what_was_kept(self):
        plan = self._running(((7, 300),))
        self._pay(self.item, 300)
        self._judge()
        self.assertEqual(plan.state, "kept")
        self._line(self.item).remove_move_reconcile()
        self._judge()
        self.assertEqual((plan.state, plan.amount_paid, plan.line_ids.state), ("active", 0, "open"))
        self.assertTrue(plan.activity_ids)
        self.assertIn("payment_returned", plan.event_ids.mapped("code"))

    def test_a_payment_taken_back_under_a_running_plan_is_noted(self):
        plan = self._running()
        self._pay(self.item, 100)
        self._judge()
        self._line(self.item).remove_move_reconcile()
        self._judge()
        self._judge()
        [event] = plan.event_ids.filtered(lambda event: event.code == "payment_returned")
        self.assertIn("100.00 less is paid", event.note)

    def test_a_missed_payment_is_forgiven_once_then_it_is_broken(self):
        self._limit(forgiveness="extra_days", forgiveness_days=7)
        plan = self._running()
        self._refresh()
        self._move_to(7 + 3 + 5)
        self._judge()
        line = self._lines(plan)[0]
        self.assertEqual((plan.state, plan.forgiven_count, line.state), ("active", 1, "open"))
        self.assertGreaterEqual(line.date, self.today + timedelta(days=7))
        self.assertEqual(line.agreed_date, self.today + timedelta(days=-8))
        self.assertEqual(line.forgiven_on, self.today)
        self.assertEqual(self._told(plan), ["plan_confirmed", "date_moved"])
        self._act()
        body = str(self._sent()[-1].content_id.body_html)
        for words in ("March 23, 2026", self._long(line.date), "Does that suit you?"):
            self.assertIn(words, body)
        self._move_to(15)
        self._judge()
        self.assertEqual((plan.state, plan.end_code), ("broken", "not_kept"))
        self.assertRegex(plan.end_note, r"100\.00 of .* did not come")
        self._refresh()
        item = self.env["collection.item"].search([("move_id", "=", self.item.id)])
        self.assertFalse(item.hold_code)
        self.assertTrue(item.restart)

    def test_a_credit_note_takes_no_part_in_what_is_forgiven(self):
        self._limit(forgiveness="shift")
        plan = self._running()
        self._credit(self.item, 240)
        for days in (20, 7):
            self._move_to(days)
            self._judge()
            self._act()
        self.assertEqual((plan.state, plan.forgiven_count, plan.amount_left), ("active", 1, 60))
        open_lines = plan.line_ids.filtered("amount_left")
        self.assertEqual((open_lines.mapped("amount_left"), open_lines.state), ([60], "open"))
        self.assertGreater(open_lines.date, self.today)
        self.assertEqual(sum(plan.line_ids.mapped("amount")), 300)

    def test_with_no_payment_to_come_more_days_are_given_instead_of_spreading(self):
        self._limit(forgiveness="spread")
        plan = self._running(((7, 100), (15, 200)))
        self._move_to(16)
        self._judge()
        self.assertEqual((plan.state, plan.forgiven_count), ("active", 1))
        self.assertEqual(self._lines(plan).mapped("amount"), [200, 100])

    def test_what_was_paid_in_advance_takes_no_share_of_a_missed_payment(self):
        self._limit(forgiveness="spread", overpaid="shorten")
        plan = self._running()
        self._pay(self.item, 100)
        self._pay(self.item, 100)
        self._judge()
        self.assertEqual(self._lines(plan).mapped("amount_paid"), [100, 0, 100])
        self._move_to(50)
        self._judge()
        self.assertEqual((plan.state, plan.forgiven_count, plan.amount_left), ("active", 1, 100))
        line = plan.line_ids.filtered("amount_left")
        self.assertEqual((line.amount_left, line.state), (100, "open"))
        self.assertGreater(line.date, self.today)

    def test_the_first_message_after_it_broke_speaks_of_what_was_agreed(self):
        self._limit(most_forgiven=0)
        plan = self._running(((7, 300),))
        self._move_to(15)
        self._judge()
        self._act()
        self.assertEqual(plan.state, "broken")
        asked = []
        for _week in range(8):
            self._move_to(7)
            self._night_and_act()
            asked = self._sent().filtered("is_asking").mapped("purpose")
            if len(asked) == 2:
                break
        self.assertEqual(asked[0], "after_agreement")
        self.assertNotEqual(asked[1], "after_agreement", "once is enough")

    def test_what_is_forgiven_moves_to_the_end_or_is_spread(self):
        for way, dates, amounts in (
            ("shift", (37, 67, 98), [100, 100, 100]),
            ("spread", (37, 67), [150, 150]),
        ):
            with self.subTest(way=way):
                self._limit(forgiveness=way)
                self.item = self._create_item(20, 300)
                start = self.today
                plan = self._running()
                self._move_to(11)
                self._judge()
                self.assertEqual(self._lines(plan)[0].state, "missed")
                self._act()
                self._move_to(6)
                self._judge()
                self.assertEqual(self._told(plan), ["plan_confirmed", "instalment_missed"])
                self._move_to(1)
                self._judge()
                self.assertEqual(self._told(plan), ["plan_confirmed", "instalment_missed", "date_moved"])
                self.assertEqual(plan.state, "active")
                self.assertEqual(self._lines(plan).mapped("amount"), amounts)
                self.assertEqual([(day - start).days for day in self._lines(plan).mapped("date")], list(dates))
                self.assertEqual(plan.amount_agreed, 300)
                [facts] = plan.event_ids.filtered(lambda event: event.code == "forgiven").mapped("facts")
                self.assertEqual(len(facts["before"]), 3)
                self._move_to(-18)

    def test_what_was_paid_of_a_forgiven_payment_stays_on_it(self):
        plan = self._running()
        self._pay(self.item, 40)
        for days in (15, 7):
            self._move_to(days)
            self._judge()
            self._act()
        lines = self._lines(plan)
        self.assertEqual(lines.mapped("amount"), [40, 100, 100, 60])
        self.assertEqual(lines.mapped("amount_paid"), [40, 0, 0, 0])
        self.assertEqual(lines[0].state, "kept")

    def test_some_money_makes_it_partly_kept(self):
        self._limit(most_forgiven=0)
        plan = self._running()
        self._pay(self.item, 50)
        self._move_to(20)
        self._judge()
        self.assertEqual((plan.state, plan.end_code), ("broken", "partly_kept"))
        self.assertEqual(self._lines(plan)[0].state, "partly")

    def test_a_little_less_still_is_kept(self):
        plan = self._running(((7, 200), (37, 100)))
        self._pay(self.item, 191)
        self._move_to(15)
        self._judge()
        self.assertEqual((self._lines(plan)[0].state, plan.forgiven_count), ("kept", 0))

    def test_nothing_is_missed_while_money_may_be_here(self):
        plan = self._running(((7, 300),))
        self._move_to(30)
        payment = self.env["account.payment"].create(
            {"payment_type": "inbound", "partner_type": "customer", "partner_id": self.customer.id, "amount": 300}
        )
        payment.action_post()
        self._judge()
        self.assertEqual((plan.state, plan.line_ids.state, plan.forgiven_count), ("active", "due", 0))

    def test_nothing_is_missed_while_bank_data_are_old(self):
        plan = self._running(((7, 300),))
        self._move_to(30)
        self._receive_at_bank(1, self.today - timedelta(days=20), partner=self._create_customer("Somebody Else"))
        self._judge()
        self.assertEqual((plan.state, plan.line_ids.state), ("active", "due"))

    def test_a_promise_given_some_days_more_is_still_a_promise(self):
        self._limit(forgiveness="extra_days", forgiveness_days=30)
        promise = self._running(((5, 300),))
        self.assertEqual(promise.kind, "promise")
        self._move_to(5 + 3 + 5)
        self._judge()
        self.assertEqual((promise.forgiven_count, promise.kind), (1, "promise"))

    def test_an_offer_lapses_after_its_day(self):
        offer = self._arrangement(((16, 100), (46, 100), (76, 100)))
        offer._submit(self.now, "offer")
        self._move_to(14)
        self._judge()
        self.assertEqual(offer.state, "offered")
        self._move_to(1)
        self._judge()
        self.assertEqual((offer.state, offer.end_code), ("lapsed", "not_answered"))

    def test_an_offer_about_what_was_paid_meanwhile_falls(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        self._pay(self.item)
        self._judge()
        self.assertEqual((offer.state, offer.end_code), ("lapsed", "nothing_owed"))

    def test_it_is_judged_as_soon_as_money_is_matched(self):
        plan = self._running()
        self._pay(self.item, 100)
        self._root_env()["collection.run"]._refresh_dirty(self.now)
        self.assertEqual(self._lines(plan)[0].state, "kept")

    def test_the_night_costs_the_same_for_one_and_for_many(self):
        plans = self.env["collection.arrangement"]
        for number in range(12):
            self.item = self._create_item(20, 300, partner=self._create_customer(f"Customer {number}"))
            line = self._line(self.item)
            plans |= self._arrangement(partner_id=line.partner_id.id)
        for plan in plans:
            plan._start(self.now)
        judge = self._root_env()["collection.arrangement"]
        counts = []
        for batch in (plans[:2], plans):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            judge.browse(batch.ids)._judge(self.now, self.company)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)


@tagged("post_install", "-at_install")
class TestChanges(JudgeCommon):
    """What may change while an arrangement runs, by hand."""

    def _change(self, plan, **values):
        """Change a plan by the dialog, as somebody who works with invoices; return the preview he saw."""
        wizard = self.env["collection.reschedule"].with_user(self.user).create({"arrangement_id": plan.id, **values})
        preview = wizard.preview
        wizard.action_change()
        return preview

    def test_a_colleague_moves_the_next_payment_once(self):
        plan = self._running()
        preview = self._change(plan, way="shift")
        self.assertEqual((plan.forgiven_count, plan.line_count), (1, 3))
        self.assertEqual([(day - self.today).days for day in self._lines(plan).mapped("date")], [37, 67, 98])
        self.assertIn("06/22/2026", preview)
        self.assertEqual(self._told(plan), ["plan_confirmed", "date_moved"])
        with self.assertRaisesRegex(UserError, "Plan it anew"):
            self._change(plan, way="shift")

    def test_the_dialog_shows_what_differs_and_what_it_counts_as(self):
        """Only the days that change, before and after; more days say how many; forgiveness says it is one."""
        plan = self._running()
        self._limit(forgiveness_days=9, most_forgiven=2)
        wizard = self.env["collection.reschedule"].with_user(self.user).create({"arrangement_id": plan.id})
        first = self.today + timedelta(days=7)
        facts = wizard._differences(plan._changed_lines("extra_days", self.now))
        money = plan.currency_id.format(100)
        self.assertEqual(
            facts,
            {
                "rows": [
                    {"day": f"{first:%m/%d/%Y}", "now": money, "then": ""},
                    {"day": f"{first + timedelta(days=9):%m/%d/%Y}", "now": "", "then": money},
                ],
                "staying": 2,
            },
        )
        self.assertIn("2 other payments stay as they are", wizard.preview)
        self.assertIn("9 more days", wizard.counts_text)
        self.assertIn("0 so far, and the limits allow 2 more", wizard.counts_text)
        wizard.way = "shift"
        self.assertNotIn("more days", wizard.counts_text)
        self.assertIn("the limits allow 2 more", wizard.counts_text)
        wizard.way = "pay_off"
        self.assertFalse(wizard.counts_text)

    def test_the_refusal_names_the_day_that_is_allowed(self):
        """Agreed until in 67 days already, so that day is allowed whatever the limits say since."""
        plan = self._running()
        self._limit(longest_days=10, grace_days=10)
        wizard = self.env["collection.reschedule"].create(
            {"arrangement_id": plan.id, "way": "pay_off", "date": self.today + timedelta(days=68)}
        )
        last = self.today + timedelta(days=67)
        self.assertIn(f"it may go on until {last:%m/%d/%Y}", wizard.problem)
        wizard.date = last
        self.assertFalse(wizard.problem)

    def test_the_dialog_says_why_something_cannot_be(self):
        plan = self._running(((7, 300),))
        wizard = self.env["collection.reschedule"].create({"arrangement_id": plan.id, "way": "spread"})
        self.assertIn("No payment comes after it", wizard.problem)
        self.assertFalse(wizard.preview)
        wizard.write({"way": "pause", "date": self.today})
        self.assertIn("after today", wizard.problem)

    def test_a_pause_moves_every_payment_to_come_and_is_confirmed(self):
        plan = self._running()
        self._pay(self.item, 100)
        self._judge()
        self._change(plan, way="pause", date=self.today + timedelta(days=60), note="Flood in the workshop")
        self.assertEqual([(day - self.today).days for day in self._lines(plan).mapped("date")], [7, 63, 91])
        self.assertEqual(self._lines(plan).mapped("state"), ["kept", "open", "open"])
        self.assertEqual(self._told(plan)[-1], "hardship_granted")
        self.assertEqual(plan.event_ids.sorted("id")[-1].note, "Flood in the workshop")
        self._move_to(50)
        self._judge()
        self.assertEqual(plan.state, "active")

    def test_nobody_makes_a_plan_longer_than_the_limits_allow(self):
        plan = self._running()
        self._limit(longest_days=90)
        with self.assertRaisesRegex(UserError, "can be approved"):
            self._change(plan, way="pause", date=self.today + timedelta(days=60))
        self.assertEqual((self._lines(plan)[0].date - self.today).days, 7)

    def test_paying_the_rest_early_keeps_it(self):
        plan = self._running()
        self._pay(self.item, 100)
        self._judge()
        self._change(plan, way="pay_off", date=self.today + timedelta(days=10))
        self.assertEqual(self._lines(plan).mapped("amount"), [100, 200])
        self.assertEqual((plan.amount_agreed, plan.amount_left, plan.date_next), (300, 200, self.today + timedelta(days=10)))
        self._pay(self.item, 200)
        self._judge()
        self.assertEqual(plan.state, "kept")

    def test_a_new_plan_takes_the_place_of_the_old_one(self):
        plan = self._running()
        self._pay(self.item, 100)
        self._judge()
        new = plan._replan()
        self.assertEqual((new.amount_covered, new.amount_agreed, new.replan_of_id), (200, 200, plan))
        new._start(self.now)
        self.assertEqual((plan.state, plan.end_code, new.state), ("cancelled", "replanned", "active"))
        self._pay(self.item, 50)
        self._judge()
        self.assertEqual((plan.amount_paid, new.amount_paid), (100, 50))

    def test_only_what_runs_is_changed_by_who_may(self):
        draft = self._arrangement()
        with self.assertRaisesRegex(UserError, "does not run"):
            draft.action_change()
        plan = self._running()
        reader = new_test_user(self.env, "made.up.reader", groups="account.group_account_readonly")
        with self.assertRaises(AccessError):
            plan.with_user(reader).action_change()
        with self.assertRaises(AccessError):
            plan.with_user(reader)._change("shift", self.now)


@tagged("post_install", "-at_install")
class TestWaysToPay(JudgeCommon, AccountPaymentCommon):
    """By whatever way money comes, it moves the payments the same way."""

    def _match_at_bank(self, transaction, move):
        suspense = transaction.move_id.line_ids.filtered(
            lambda line: line.account_id == transaction.journal_id.suspense_account_id
        )
        suspense.account_id = self._line(move).account_id
        (suspense + self._line(move)).reconcile()

    def _pay_at_bank(self, amount):
        transaction = self._receive_at_bank(amount)
        self._match_at_bank(transaction, self.item)

    def _pay_in_cash(self, amount):
        self._register_payment(
            self.item, amount=amount, payment_date=self.today, journal_id=self.company_data["default_journal_cash"].id
        )

    def _pay_online(self, amount):
        transaction = self._create_transaction(
            "redirect",
            reference=f"TEST-{self.item.id}",
            amount=amount,
            currency_id=self.item.currency_id.id,
            partner_id=self.customer.id,
            invoice_ids=[(6, 0, self.item.ids)],
            state="done",
        )
        transaction._post_process()

    def test_bank_cash_and_portal_move_the_payments_alike(self):
        for way in (self._pay_at_bank, self._pay_in_cash, self._pay_online):
            with self.subTest(way=way.__name__):
                self.item = self._create_item(20, 300)
                plan = self._running()
                way(130)
                self._judge()
                lines = self._lines(plan)
                self.assertEqual(lines.mapped("amount_paid"), [100, 30, 0])
                self.assertEqual(lines.mapped("state"), ["kept", "open", "open"])

    def test_money_for_the_wrong_invoice_counts_once_it_is_matched_right(self):
        other = self._create_item(5, 300)
        plan = self._running()
        self._pay(other, 100)
        self._judge()
        self.assertEqual(plan.amount_paid, 0)
        payment = self._line(other).matched_credit_ids.credit_move_id
        self._line(other).remove_move_reconcile()
        (payment + self._line(self.item)).reconcile()
        self._judge()
        self.assertEqual(plan.amount_paid, 100)

    def test_a_transaction_taken_off_its_statement_reopens_the_payments(self):
        plan = self._running()
        self._pay_at_bank(200)
        self._judge()
        self.assertEqual(self._lines(plan).mapped("state"), ["kept", "kept", "open"])
        self._line(self.item).matched_credit_ids.credit_move_id.move_id.line_ids.remove_move_reconcile()
        self._judge()
        self.assertEqual(self._lines(plan).mapped("state"), ["open", "open", "open"])
        self.assertEqual((plan.amount_paid, plan.amount_left), (0, 300))

    def test_a_difference_of_rates_belongs_to_its_payment(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-03-10", 4.0)])
        self.item = self._create_item(20, 300, currency_id=euro.id)
        plan = self._running()
        self.assertEqual(plan.currency_id, euro)
        self._register_payment(self.item, amount=300, currency_id=euro.id, payment_date=self.today)
        self.assertTrue(self._line(self.item).matched_credit_ids.exchange_move_id)
        self._judge()
        self.assertEqual((plan.state, plan.amount_paid), ("kept", 300))
        self.assertEqual(sum(plan.line_ids.mapped("amount_reduced")), 0)

    def test_what_is_paid_too_much_pays_ahead_or_shortens(self):
        plan = self._running()
        self._pay(self.item, 150)
        self._judge()
        self.assertEqual(self._lines(plan).mapped("amount_paid"), [100, 50, 0])

    def test_a_promise_of_a_part_is_kept_by_that_part(self):
        promise = self._arrangement(((5, 100),))
        promise.item_ids.amount = 100
        promise._submit(self.now, "start")
        self._credit(self.item, 120)
        self._judge()
        self.assertEqual((promise.state, promise.amount_left), ("active", 100))
        self._pay(self.item, 100)
        self._judge()
        self.assertEqual(promise.state, "kept")

    def test_several_invoices_are_one_plan(self):
        second = self._create_item(10, 60)
        plan = self._running(((7, 200), (37, 160)), moves=self.item + second)
        self._pay(second)
        self._pay(self.item, 150)
        self._judge()
        self.assertEqual(self._lines(plan).mapped("amount_paid"), [200, 10])


@tagged("post_install", "-at_install")
class TestBooksUnderAnArrangement(JudgeCommon):
    def test_a_covered_invoice_is_not_put_back_to_draft(self):
        plan = self._running()
        with self.assertRaisesRegex(UserError, "is running"):
            self.item.button_draft()
        plan._cancel(self.now)
        self.item.button_draft()
        self.assertEqual(self.item.state, "draft")

    def test_an_offer_falls_with_its_invoice(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        self.item.button_draft()
        self._judge()
        self.assertEqual((offer.state, offer.end_code), ("lapsed", "invoice_changed"))

    def test_a_refund_of_everything_ends_it_without_a_broken_word(self):
        plan = self._running()
        self._credit(self.item, 300)
        self._judge()
        self.assertEqual((plan.state, plan.end_code), ("cancelled", "credited"))
        self.assertEqual(self.customer._collection_history(self.company)[self.customer.id], [])

    def test_a_merge_takes_arrangements_along(self):
        double = self._create_customer("Azure Interiour")
        self.item = self._create_item(20, 300, partner=double)
        lines = self._line(self.item)
        plan = self.env["collection.arrangement"].create(
            {
                "partner_id": double.id,
                "company_id": self.company.id,
                "currency_id": lines.currency_id.id,
                "item_ids": self.env["collection.arrangement"]._values_of(lines),
                "line_ids": [(0, 0, {"date": self.today + timedelta(days=5), "amount": 300})],
            }
        )
        plan._submit(self.now, "start")
        self.env["base.partner.merge.automatic.wizard"]._merge((double + self.customer).ids, self.customer)
        self.assertEqual((plan.partner_id, plan.line_ids.partner_id), (self.customer, self.customer))
        self._pay(self.item, 300)
        self._judge()
        self.assertEqual(plan.state, "kept")

    def test_an_archived_customer_is_judged_and_not_written_to(self):
        plan = self._running()
        self._act()
        self.customer.active = False
        self._pay(self.item, 100)
        self._judge()
        self._act()
        self.assertEqual(self._lines(plan)[0].state, "kept")
        self.assertEqual(self._sent().mapped("purpose"), ["plan_confirmed"])

    def test_kept_and_broken_move_the_facts_about_the_customer(self):
        self._running(((7, 300),))
        self._pay(self.item, 300)
        self._judge()
        self.assertEqual(self.customer.collection_kept_rate, 1)
        self.item = self._create_item(20, 300)
        broken = self._running(((7, 300),))
        for _week in range(4):
            self._move_to(15)
            self._judge()
        self.assertEqual(broken.state, "broken")
        self.env.invalidate_all()
        self.assertEqual(self.customer.collection_kept_rate, 0.5)
        self.assertIn("1 kept, 1 broken, the next is number 2 in a row", self.customer.collection_kept_text)
        facts = self.env["collection.template"]._chooser(self.company, self.customer.ids, self.today)._facts
        self.assertEqual(facts[self.customer.id].broken, 1)
