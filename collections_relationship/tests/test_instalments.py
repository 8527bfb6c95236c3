from datetime import timedelta

from odoo.tests import tagged

from .common import TODAY, CollectionCommon


class LadderCommon(CollectionCommon):
    def _play(self, days, approve=False):
        """Run the night and the sending of each of the next `days` days; say yes where one is wanted."""
        for _day in range(days):
            self._night()
            waiting = self.env["collection.step"].search([("state", "=", "waiting")])
            if approve and waiting:
                waiting._approve(self.now)
            self._act()
            self._move_to(1)

    def _story(self, partner=None):
        """Return (days since the first day, purpose) of each message."""
        return [((contact.date.date() - TODAY).days, contact.purpose) for contact in self._sent(partner)]


@tagged("post_install", "-at_install")
class TestInstalments(LadderCommon):
    """Each instalment has its own due date, its own stage and its own message."""

    def _create_instalments(self, days_ago, amount=1000):
        """An invoice of which 30 % are due at once and the rest at the end of the following month."""
        return self._create_item(
            0,
            amount=amount,
            invoice_payment_term_id=self.pay_terms_b.id,
            invoice_date_due=False,
            invoice_date=self.today - timedelta(days=days_ago),
        )

    def test_only_the_instalment_that_is_due_is_asked(self):
        invoice = self._create_instalments(10)
        self._night_and_act()
        [asked] = self._sent().facts["asked"]
        self.assertEqual((asked["move"], asked["amount"], asked["days_late"]), (invoice.id, 300, 10))

    def test_the_other_instalments_appear_for_information(self):
        invoice = self._create_instalments(10)
        self._night_and_act()
        [other] = self._sent().facts["information"]
        self.assertEqual((other["move"], other["amount"]), (invoice.id, 700))
        self.assertEqual(self._sent().amount, 300)

    def test_a_paid_instalment_is_not_asked_when_the_next_is_late(self):
        invoice = self._create_instalments(10)
        self._pay(invoice, amount=300)
        self._night_and_act()
        self.assertFalse(self._sent())
        last = max(invoice.line_ids.filtered("date_maturity").mapped("date_maturity"))
        self._move_to((last - self.today).days + 5)
        self._night_and_act()
        self.assertEqual([item["amount"] for item in self._sent().facts["asked"]], [700])

    def test_a_due_date_moved_by_hand_is_followed(self):
        invoice = self._create_item(10)
        invoice.line_ids.filtered("date_maturity").date_maturity = self.today + timedelta(days=20)
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_the_last_instalment_of_several_is_asked_within_ten_days(self):
        invoice = self._create_instalments(10)
        last = max(invoice.line_ids.filtered("date_maturity").mapped("date_maturity"))
        self._play((last - TODAY).days + 11)
        first = next(
            contact.date.date()
            for contact in self._sent()
            if any(item["due"] == last.isoformat() for item in contact.facts["asked"])
        )
        self.assertLessEqual((first - last).days, 10)


@tagged("post_install", "-at_install")
class TestCurrencies(LadderCommon):
    """Amounts in their own currency for the customer, in the company's for the rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # One dollar buys half a euro.
        cls.euro = cls.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])

    def test_one_message_with_a_total_per_currency(self):
        self._create_item(10, amount=100)
        self._create_item(9, amount=80, currency_id=self.euro.id)
        self._create_item(8, amount=20, currency_id=self.euro.id)
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)
        self.assertEqual(
            self._sent().facts["totals"], [{"currency": "USD", "amount": 100}, {"currency": "EUR", "amount": 100}]
        )
        self.assertEqual(self._sent().amount, 300)

    def test_the_minimum_total_is_in_the_company_currency(self):
        for amount, asked in ((12, False), (13, True)):
            with self.subTest(amount=amount):
                customer = self._create_customer(f"Owes {amount} euros")
                self._create_item(10, amount=amount, partner=customer, currency_id=self.euro.id)
                self._night_and_act()
                self.assertEqual(bool(self._sent(customer)), asked, "12 euros are 24 dollars, 13 are 26")

    def test_a_stage_minimum_is_in_the_company_currency(self):
        self.stage["friendly_reminder"].minimum_amount = 100
        for amount, stage in ((49, False), (50, "friendly_reminder")):
            with self.subTest(amount=amount):
                customer = self._create_customer(f"Owes {amount} euros")
                invoice = self._create_item(10, amount=amount, partner=customer, currency_id=self.euro.id)
                self._refresh()
                self.assertEqual(invoice.collection_item_ids.stage_id.code, stage)

    def test_amounts_come_from_the_books_not_from_todays_rate(self):
        self._create_item(10, amount=100, currency_id=self.euro.id)
        self.env["res.currency.rate"].create(
            {"currency_id": self.euro.id, "name": self.today, "rate": 4, "company_id": self.company.id}
        )
        self._night_and_act()
        self.assertEqual(self._sent().amount, 200)


@tagged("post_install", "-at_install")
class TestStages(LadderCommon):
    """When a stage speaks, and when it does not."""

    # === AMOUNTS === #

    def test_a_total_below_the_minimum_is_not_worth_a_message(self):
        self._create_item(10, amount=24.99)
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "below_minimum")

    def test_a_total_at_the_minimum_is_worth_a_message(self):
        self._create_item(10, amount=12.5)
        self._create_item(8, amount=12.5)
        self._night_and_act()
        self.assertEqual(self._sent().amount, 25)

    def test_what_is_held_or_not_due_does_not_count_towards_the_minimum(self):
        self._create_item(10, amount=20)
        self._create_item(10, amount=20, sent=False)
        self._create_item(-20, amount=20)
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_a_stage_waits_for_its_minimum_amount(self):
        self.stage["check_in"].minimum_amount = 150
        invoice = self._create_item(13, amount=100)
        self._refresh()
        self.assertEqual(invoice.collection_item_ids.stage_id, self.stage["friendly_reminder"])
        self._create_item(12, amount=50)
        self._refresh()
        self.assertEqual(invoice.collection_item_ids.stage_id, self.stage["check_in"])

    def test_items_too_young_for_a_stage_do_not_count_towards_its_minimum(self):
        self.stage["check_in"].minimum_amount = 150
        invoice = self._create_item(13, amount=100)
        self._create_item(11, amount=500)
        self._refresh()
        self.assertEqual(invoice.collection_item_ids.stage_id, self.stage["friendly_reminder"])

    def test_a_stage_waits_for_its_share_of_the_balance(self):
        self.stage["check_in"].minimum_share = 20
        invoice = self._create_item(13, amount=100)
        large = self._create_item(-20, amount=500)
        self._refresh()
        self.assertEqual(invoice.collection_item_ids.stage_id, self.stage["friendly_reminder"])
        self._pay(large, amount=100)
        self._refresh()
        self.assertEqual(invoice.collection_item_ids.stage_id, self.stage["check_in"])

    # === BEFORE THE DUE DATE === #

    def _create_history(self, late_by, number=2, partner=None):
        """Let the customer have paid invoices `late_by` days after they were due."""
        for index in range(number):
            invoice = self._create_item(60 + index, partner=partner)
            self._pay(invoice, date=invoice.invoice_date_due + timedelta(days=late_by))

    def test_a_new_customer_gets_a_heads_up(self):
        self._create_item(-7)
        self._night_and_act()
        self.assertEqual(self._sent().purpose, "heads_up")

    def test_a_customer_who_pays_late_by_habit_gets_a_heads_up(self):
        self._create_history(late_by=10)
        self._create_item(-7)
        self._night_and_act()
        self.assertEqual(self._sent().purpose, "heads_up")

    def test_a_punctual_customer_gets_no_heads_up(self):
        self._create_history(late_by=3)
        self._create_item(-7)
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_a_punctual_customer_gets_a_heads_up_for_a_large_item_only(self):
        self._create_history(late_by=0)
        for amount, asked in ((1000, False), (1000.01, True)):
            with self.subTest(amount=amount):
                invoice = self._create_item(-7, amount=amount)
                self._night_and_act()
                self.assertEqual(invoice in self._sent().move_ids, asked)

    def test_no_heads_up_comes_early(self):
        self._create_item(-8)
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_a_heads_up_never_delays_a_reminder(self):
        self._create_item(2)
        self._create_item(-7, amount=2000)
        self._play(4)
        self.assertEqual(self._story(), [(3, "friendly_reminder")])

    def test_a_heads_up_for_one_item_is_given_once(self):
        self._create_item(-7)
        self._play(7)
        self.assertEqual(self._story(), [(0, "heads_up")])

    def test_after_a_heads_up_the_first_reminder_comes_on_its_day(self):
        self._create_item(-7)
        self._play(13)
        self.assertEqual(self._story(), [(0, "heads_up"), (12, "friendly_reminder")])

    def test_a_heads_up_planned_before_the_due_date_does_not_leave_after_it(self):
        self._create_item(-1, amount=2000)
        self._night()
        self.assertEqual(self._case().step_ids.purpose, "heads_up")
        self._move_to(2)
        self._act()
        self.assertFalse(self._sent())

    # === ROUNDS === #

    def test_a_newly_late_item_is_asked_gently_while_another_stands_higher(self):
        self._create_item(30, amount=500)
        self._play(6)
        self.assertEqual(self._story(), [(0, "friendly_reminder"), (5, "firm_reminder")])
        newly_late = self._create_item(1)
        self._play(10)
        gentle = self._sent().filtered(lambda contact: newly_late in contact.move_ids)[0]
        self.assertEqual(gentle.purpose, "friendly_reminder")
        self.assertLessEqual((gentle.date.date() - newly_late.invoice_date_due).days, 10)

    def test_a_newly_late_item_that_cannot_wait_is_asked_before_a_higher_stage(self):
        self._create_item(20, amount=500)
        newly_late = self._create_item(1)
        self._play(11)
        self.assertEqual(
            self._story(), [(0, "friendly_reminder"), (5, "friendly_reminder"), (10, "firm_reminder")]
        )
        self.assertIn(newly_late, self._sent()[1].move_ids)
        self.assertNotIn(newly_late, self._sent()[2].move_ids)

    def test_a_newly_late_item_is_asked_while_another_waits_for_a_yes(self):
        old = self._create_item(44, amount=500)
        self._play(15)
        self.assertIn("waiting", self._case().step_ids.mapped("state"))
        newly_late = self._create_item(5)
        self._play(1)
        self.assertEqual(self._sent()[-1].purpose, "friendly_reminder")
        self.assertIn(newly_late, self._sent()[-1].move_ids)
        self.assertIn("waiting", self._case().step_ids.mapped("state"))
        self.assertNotEqual(old.collection_item_ids.round, newly_late.collection_item_ids.round)

    # === THE TOP OF THE LADDER === #

    def test_the_formal_notice_waits_for_a_yes(self):
        self._create_item(44, amount=500)
        self._play(30)
        self.assertNotIn("formal_notice", self._sent().mapped("purpose"))
        waiting = self._case().step_ids.filtered(lambda step: step.state == "waiting")
        self.assertEqual(waiting.purpose, "formal_notice")
        self.assertEqual(self._reason(), "awaiting_yes")
        self.assertEqual(
            len(
                self._case().activity_ids.filtered(
                    lambda activity: activity.activity_type_id
                    == self.env.ref("collections_relationship.mail_activity_type_approve")
                )
            ),
            1,
        )

    def test_the_formal_notice_comes_after_the_firm_reminder_only(self):
        self._create_item(50, amount=500)
        self._play(6, approve=True)
        self.assertEqual([purpose for _day, purpose in self._story()], ["friendly_reminder", "firm_reminder"])

    def test_an_approved_notice_still_passes_gate_and_ledger(self):
        invoice = self._create_item(44, amount=500)
        self._play(15)
        waiting = self._case().step_ids.filtered(lambda step: step.state == "waiting")
        before = len(self._sent())
        waiting._approve(self.now)
        self._pay(invoice)
        self._act()
        self.assertEqual(len(self._sent()), before)
        self.assertEqual(waiting.state, "cancelled")

    def test_the_hand_over_is_proposed_when_the_days_of_the_notice_have_passed(self):
        self._create_item(44, amount=500)
        self._play(40, approve=True)
        [notice] = [day for day, purpose in self._story() if purpose == "formal_notice"]
        item = self._case().item_ids
        self.assertEqual(item.asked_stage_id, self.stage["handover"])
        self.assertEqual((item.asked_on - TODAY).days, max(notice + 14, 60 - 44))

    def test_no_hand_over_without_a_formal_notice(self):
        self._create_item(80, amount=500)
        self._play(40)
        self.assertNotEqual(self._case().item_ids.asked_stage_id, self.stage["handover"])
        self.assertNotIn(
            self.env.ref("collections_relationship.mail_activity_type_manual"), self._case().activity_ids.activity_type_id
        )

    def test_an_item_that_is_paid_while_it_waits_for_a_yes_cancels_the_step(self):
        invoice = self._create_item(44, amount=500)
        self._play(15)
        self._pay(invoice)
        self._night()
        self.assertNotIn("waiting", self._case().step_ids.mapped("state"))

    def test_what_was_refused_is_not_proposed_again_within_the_gap(self):
        self._create_item(44, amount=500)
        self._play(15)
        waiting = self._case().step_ids.filtered(lambda step: step.state == "waiting")
        waiting._refuse(self.now)
        self._play(5)
        self.assertNotIn("waiting", self._case().step_ids.mapped("state"))
        self.assertEqual(self._reason(), "refused")
        self._play(1)
        self.assertIn("waiting", self._case().step_ids.mapped("state"))

    def test_a_message_somebody_refused_does_not_leave_the_next_night(self):
        self._create_item(10)
        self._night()
        self._case().step_ids._refuse(self.now)
        self._play(5)
        self.assertFalse(self._sent())
        self._play(1)
        self.assertEqual(len(self._sent()), 1)


@tagged("post_install", "-at_install")
class TestStatements(LadderCommon):
    """How many statements the database gets: per contact few, per case none."""

    def _create_customers(self, number):
        for index in range(number):
            self._create_item(10, partner=self._create_customer(f"Customer {number} {index}"))

    def _statements(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _decide(self):
        root = self._root_env()
        return root["collection.case"]._decide(self.now, root["res.company"].browse(self.company.id))

    def test_fifty_cases_take_three_statements_a_contact_at_most(self):
        self._create_customers(1)
        self._refresh()
        self._decide()
        self._act()  # what a process reads once, like views and languages, is read
        self._create_customers(50)
        self._refresh()
        statements = self._statements(lambda: (self._decide(), self._act()))
        self.assertEqual(self.env["collection.contact"].search_count([("company_id", "=", self.company.id)]), 51)
        self.assertLessEqual(statements / 50, 3)

    def test_deciding_takes_no_statement_per_case(self):
        counts = []
        for number in (10, 40):
            self._create_customers(number)
            self._refresh()
            self._decide()  # what is read once, like stages and templates, is read
            self.env["collection.step"].search([("state", "=", "planned")]).sudo()._cancel("outdated")
            counts.append(self._statements(self._decide))
            self._act()
        self.assertEqual(counts[0], counts[1])

    def test_holding_back_takes_no_statement_per_case(self):
        counts = []
        for number in (10, 40):
            self._create_customers(number)
            self._refresh()
            self._decide()
            self._act()
            for customer in self.env["collection.case"].search([("company_id", "=", self.company.id)]).partner_id:
                self._create_item(6, partner=customer)
            self._refresh()
            counts.append(self._statements(self._decide))
            self.assertEqual(self._reason(customer), "minimum_gap")
        self.assertEqual(counts[0], counts[1])
