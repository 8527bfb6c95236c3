"""An arrangement that runs: money really matched moves its payments, and what is missed, forgiven or kept follows."""
from datetime import timedelta

from odoo.tests import tagged

from .test_arrangement import ArrangementCommon


class JudgeCommon(ArrangementCommon):
    def _judge(self):
        self._root_env()["collection.arrangement"].with_context(collection_no_commit=True)._judge_all(self.now, self.company)

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
        self.assertEqual(self._told(plan), ["plan_confirmed", "payment_received", "plan_completed"])

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

    def test_a_missed_payment_is_forgiven_once_then_it_is_broken(self):
        plan = self._running()
        self._refresh()
        self._move_to(7 + 3 + 5)
        self._judge()
        line = self._lines(plan)[0]
        self.assertEqual((plan.state, plan.forgiven_count, line.state), ("active", 1, "open"))
        self.assertGreaterEqual(line.date, self.today + timedelta(days=7))
        self.assertEqual(line.agreed_date, self.today + timedelta(days=-8))
        self.assertEqual(line.forgiven_on, self.today)
        self.assertIn("instalment_missed", self._told(plan))
        self._move_to(15)
        self._judge()
        self.assertEqual((plan.state, plan.end_code), ("broken", "not_kept"))
        self._refresh()
        item = self.env["collection.item"].search([("move_id", "=", self.item.id)])
        self.assertFalse(item.hold_code)
        self.assertTrue(item.restart)

    def test_a_credit_note_takes_no_part_in_what_is_forgiven(self):
        self.policy.arrangement_forgive = "end"
        plan = self._running()
        self._credit(self.item, 240)
        self._move_to(20)
        self._judge()
        self.assertEqual((plan.state, plan.forgiven_count, plan.amount_left), ("active", 1, 60))
        open_lines = plan.line_ids.filtered("amount_left")
        self.assertEqual((open_lines.mapped("amount_left"), open_lines.state), ([60], "open"))
        self.assertGreater(open_lines.date, self.today)
        self.assertEqual(sum(plan.line_ids.mapped("amount")), 300)

    def test_with_no_payment_to_come_more_days_are_given_instead_of_spreading(self):
        self.policy.arrangement_forgive = "spread"
        plan = self._running(((7, 100), (15, 200)))
        self._move_to(16)
        self._judge()
        self.assertEqual((plan.state, plan.forgiven_count), ("active", 1))
        self.assertEqual(self._lines(plan).mapped("amount"), [200, 100])

    def test_what_was_paid_in_advance_takes_no_share_of_a_missed_payment(self):
        self.policy.write({"arrangement_forgive": "spread", "arrangement_prepay": "shorten"})
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

    def test_some_money_makes_it_partly_kept(self):
        self.policy.arrangement_most_forgiven = 0
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

    def test_an_offer_lapses_after_its_day(self):
        offer = self._arrangement()
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
