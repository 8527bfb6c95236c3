from datetime import date, datetime, time, timedelta
from itertools import pairwise
from unittest.mock import patch

from odoo.tests import tagged

from .common import TODAY, CollectionCommon


class HoldCommon(CollectionCommon):
    @classmethod
    def _hold(cls, days=10, move=None, partner=None, reason="customer_request"):
        """Pause the customer, or one invoice, for `days` days beginning today."""
        return cls.env["collection.hold"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "company_id": cls.company.id,
                "move_id": move and move.id,
                "reason": reason,
                "date_start": cls.today,
                "date_end": cls.today + timedelta(days=days - 1),
            }
        )

    def _day_by_day(self, days):
        """Run the night and the sending of each of the next `days` days, today included."""
        for _day in range(days):
            self._night_and_act()
            self._move_to(1)

    def _sent_days(self, partner=None):
        """Return (days since the first day, purpose) of each message."""
        return [((contact.date.date() - TODAY).days, contact.purpose) for contact in self._sent(partner)]

    def _activities(self, xmlid, partner=None):
        activity_type = self.env.ref(f"collections_relationship.{xmlid}")
        return self._case(partner).activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type)


@tagged("post_install", "-at_install")
class TestPauses(HoldCommon):
    """While somebody has paused the follow-up nothing is asked; afterwards it starts again gently."""

    def test_a_paused_customer_is_not_asked(self):
        self._create_item(10)
        self._hold()
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._case().hold_code, "paused")
        self.assertEqual(self._reason(), "paused")

    def test_of_a_paused_invoice_the_others_are_asked(self):
        paused, late = self._create_item(10), self._create_item(8)
        self._hold(move=paused)
        self._night_and_act()
        self.assertEqual(self._sent().move_ids, late)
        self.assertEqual(self._sent().amount, 100)

    def test_a_pause_of_one_customer_leaves_the_others_alone(self):
        other = self._create_customer("Deco Addict")
        self._create_item(10)
        self._create_item(10, partner=other)
        self._hold()
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertTrue(self._sent(other))

    def test_a_pause_since_the_plan_is_kept(self):
        self._create_item(10)
        self._night()
        self._hold()
        self._act()
        self.assertFalse(self._sent())

    def test_a_pause_holds_through_its_last_day_and_restarts_gently(self):
        self._create_item(12)
        self._day_by_day(1)
        self.assertEqual(self._sent_days(), [(0, "friendly_reminder")])
        self._move_to(20)
        self._hold(days=10)
        self._day_by_day(10)
        self.assertEqual(self._reason(), "paused")
        self._day_by_day(1)
        self.assertEqual(self._sent_days(), [(0, "friendly_reminder"), (31, "friendly_reminder")])

    def test_after_a_pause_the_stage_is_what_a_fresh_computation_says(self):
        invoice = self._create_item(12)
        self._day_by_day(1)
        self._hold(days=20)
        self._day_by_day(21)
        self.assertEqual(invoice.collection_item_ids.stage_id, self.stage["firm_reminder"])
        self.assertEqual(self._sent()[-1].purpose, "friendly_reminder")

    def test_after_a_pause_the_gap_holds(self):
        self._create_item(12)
        self._day_by_day(1)
        self._hold(days=1)
        self._day_by_day(8)
        days = [day for day, _purpose in self._sent_days()]
        self.assertEqual(days, [0, 5])

    def test_after_a_pause_there_is_no_burst(self):
        for days_late in (6, 13, 22, 31):
            self._create_item(days_late)
        self._hold(days=10)
        self._day_by_day(20)
        days = [day for day, _purpose in self._sent_days()]
        self.assertEqual(days[0], 10)
        self.assertTrue(all(later - earlier >= 5 for earlier, later in pairwise(days)))

    def test_ending_a_pause_by_hand_restarts_gently(self):
        self._create_item(32)
        self._day_by_day(8)
        self.assertEqual(self._sent()[-1].purpose, "firm_reminder")
        hold = self._hold(days=30)
        self._day_by_day(2)
        hold.action_end()
        self._day_by_day(5)
        self.assertEqual(self._sent()[-1].purpose, "friendly_reminder")

    def test_two_pauses_hold_until_the_later_end(self):
        invoice = self._create_item(10)
        self._hold(days=2, move=invoice)
        self._hold(days=6)
        self._day_by_day(7)
        self.assertEqual([day for day, _purpose in self._sent_days()], [6])

    def test_an_excluded_invoice_taken_in_again_restarts_gently(self):
        invoice = self._create_item(32)
        self._day_by_day(8)
        invoice.no_followup = True
        self._day_by_day(1)
        invoice.no_followup = False
        self._day_by_day(5)
        self.assertEqual(self._sent()[-1].purpose, "friendly_reminder")


@tagged("post_install", "-at_install")
class TestDelivery(HoldCommon):
    """An invoice the customer never got is delivered, not chased."""

    def _mail_of(self, invoice, status):
        """Note that a mail with the invoice reached, or did not reach, the customer."""
        message = self.env["mail.message"].create(
            {"model": "account.move", "res_id": invoice.id, "message_type": "comment", "body": "Your invoice"}
        )
        return self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "res_partner_id": self.customer.id,
                "notification_type": "email",
                "notification_status": status,
            }
        )

    def test_an_invoice_never_sent_is_not_asked(self):
        unsent, late = self._create_item(10, sent=False), self._create_item(8)
        self._night_and_act()
        self.assertEqual(self._sent().move_ids, late)
        self.assertNotIn(unsent.name, self._sent().body_html)

    def test_an_invoice_never_sent_makes_one_activity_to_deliver_it(self):
        self._create_item(10, sent=False)
        self._day_by_day(3)
        self.assertFalse(self._sent())
        self.assertEqual(len(self._activities("mail_activity_type_deliver")), 1)
        self.assertEqual(self._reason(), "not_delivered")

    def test_an_invoice_once_sent_is_asked(self):
        invoice = self._create_item(10, sent=False)
        self._day_by_day(1)
        invoice.is_move_sent = True
        self._day_by_day(1)
        self.assertEqual(self._sent().move_ids, invoice)

    def test_an_invoice_not_yet_due_makes_no_activity(self):
        self._create_item(-20, sent=False)
        self._day_by_day(1)
        self.assertFalse(self._case())

    def test_a_bounced_invoice_is_not_asked_and_makes_an_activity(self):
        invoice = self._create_item(10)
        self._mail_of(invoice, "bounce")
        self._day_by_day(2)
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "delivery_failed")
        self.assertEqual(len(self._activities("mail_activity_type_deliver")), 1)

    def test_a_rejected_invoice_is_not_asked(self):
        invoice = self._create_item(10)
        self._mail_of(invoice, "exception")
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_a_bounced_invoice_delivered_later_is_asked(self):
        invoice = self._create_item(10)
        self._mail_of(invoice, "bounce")
        self._day_by_day(1)
        self._mail_of(invoice, "sent")
        self._day_by_day(1)
        self.assertEqual(self._sent().move_ids, invoice)

    def test_a_bounce_since_the_plan_is_kept(self):
        invoice = self._create_item(10)
        self._night()
        self._mail_of(invoice, "bounce")
        self._act()
        self.assertFalse(self._sent())

    def test_a_company_that_delivers_elsewhere_may_ask_for_what_was_not_sent_here(self):
        self.company.collection_require_delivery = False
        invoice = self._create_item(10, sent=False)
        self._night_and_act()
        self.assertEqual(self._sent().move_ids, invoice)


@tagged("post_install", "-at_install")
class TestBankData(HoldCommon):
    """Whoever may have paid is not asked: old bank data, money not matched, payments on their way."""

    def _statement(self, day, partner=None, amount=10.0, matched=True):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": day,
                "payment_ref": "Transfer",
                "amount": amount,
                "partner_id": partner and partner.id,
            }
        )
        if matched:
            suspense = line.move_id.line_ids.filtered(
                lambda entry: entry.account_id == line.journal_id.suspense_account_id
            )
            suspense.account_id = self.company_data["default_account_revenue"]
        return line

    def test_bank_data_of_two_bank_days_ago_are_current(self):
        # Thursday for Monday: Friday and Monday lie between.
        self._statement("2026-03-12")
        self._create_item(10)
        self._night_and_act()
        self.assertTrue(self._sent())

    def test_bank_data_of_three_bank_days_ago_hold_everybody(self):
        self._statement("2026-03-11")
        self._create_item(10)
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "bank_stale")

    def test_a_weekend_does_not_make_bank_data_old(self):
        self._statement("2026-03-20")
        self._create_item(10)
        self._move_to(7)
        self.assertEqual((self.today, self.today.weekday()), (date(2026, 3, 23), 0))
        self._night_and_act()
        self.assertTrue(self._sent())

    def test_a_confirmed_day_makes_bank_data_current(self):
        self._statement("2026-03-02")
        self._create_item(10)
        self.company.collection_bank_checked_on = self.today
        self._night_and_act()
        self.assertTrue(self._sent())

    def test_a_company_without_bank_statements_is_not_held(self):
        self._create_item(10)
        self.assertIsNone(self.company._collection_bank_newest())
        self._night_and_act()
        self.assertTrue(self._sent())

    def test_bank_data_that_got_old_since_the_plan_hold_the_message(self):
        self._statement("2026-03-12")
        self._create_item(10)
        self._night()
        self._move_to(1)
        self._act()
        self.assertFalse(self._sent())
        self.assertEqual(self._case().step_ids.cancel_code, "bank_stale")

    def test_bank_data_of_another_company_do_not_count(self):
        other = self.setup_other_company(name="Other Company")
        self.env["account.bank.statement.line"].with_company(other["company"]).create(
            {
                "journal_id": other["default_journal_bank"].id,
                "date": "2026-01-01",
                "payment_ref": "Transfer",
                "amount": 10,
            }
        )
        self._create_item(10)
        self._night_and_act()
        self.assertTrue(self._sent())

    def test_a_payment_without_invoice_holds_its_payer(self):
        other = self._create_customer("Deco Addict")
        self._create_item(10)
        self._create_item(10, partner=other)
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 40,
                "date": self.today,
                "payment_method_line_id": self.inbound_payment_method_line.id,
            }
        ).action_post()
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "unmatched_receipt")
        self.assertTrue(self._sent(other))

    def test_a_transfer_nobody_has_matched_holds_its_payer(self):
        self._create_item(10)
        self._statement(self.today, partner=self.customer, matched=False)
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "unmatched_receipt")

    def test_a_transfer_of_a_person_of_the_customer_holds_the_customer(self):
        person = self.env["res.partner"].create({"name": "Brandon Freeman", "parent_id": self.customer.id})
        self._create_item(10)
        self._statement(self.today, partner=person, matched=False)
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_a_transfer_that_came_in_since_the_plan_holds_its_payer(self):
        self._create_item(10)
        self._night()
        self._statement(self.today, partner=self.customer, matched=False)
        self._act()
        self.assertFalse(self._sent())

    def test_money_that_left_our_bank_holds_nobody(self):
        self._create_item(10)
        self._statement(self.today, partner=self.customer, amount=-10, matched=False)
        self._night_and_act()
        self.assertTrue(self._sent())

    def test_once_matched_the_rest_is_asked(self):
        invoice = self._create_item(10, amount=100)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 40,
                "date": self.today,
                "payment_method_line_id": self.inbound_payment_method_line.id,
            }
        )
        payment.action_post()
        self._day_by_day(1)
        (payment.move_id.line_ids + invoice.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self._day_by_day(1)
        self.assertEqual(self._sent().amount, 60)

    # === PAYMENTS ON THEIR WAY === #

    def _pay_online(self, invoice, state):
        provider = self.env["payment.provider"].search([("company_id", "=", self.company.id)], limit=1)
        if not provider:
            provider = self.env["payment.provider"].create({"name": "Made-up Provider", "company_id": self.company.id})
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "reference": f"made-up-{state}-{invoice.id}",
                "amount": 100,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
                "operation": "online_redirect",
                "invoice_ids": invoice.ids,
            }
        )
        transaction.write({"state": state, "last_state_change": self.now})
        return transaction

    def test_a_pending_online_payment_holds_its_payer(self):
        for state in ("pending", "authorized"):
            with self.subTest(state=state):
                customer = self._create_customer(f"Payer {state}")
                invoice = self._create_item(10, partner=customer)
                self._pay_online(invoice, state)
                self._night_and_act()
                self.assertFalse(self._sent(customer))
                self.assertEqual(self._reason(customer), "pending_payment")

    def test_an_online_payment_given_up_holds_nobody(self):
        for state in ("draft", "cancel", "error"):
            with self.subTest(state=state):
                customer = self._create_customer(f"Payer {state}")
                invoice = self._create_item(10, partner=customer)
                self._pay_online(invoice, state)
                self._night_and_act()
                self.assertTrue(self._sent(customer))

    def test_an_online_payment_pending_for_14_days_no_longer_holds(self):
        self._pay_online(self._create_item(10), "pending")
        self._day_by_day(20)
        self.assertEqual(self._sent_days()[0][0], 15)

    def test_a_payment_started_elsewhere_without_kind_holds_its_payer(self):
        self._pay_online(self._create_item(10), "pending").operation = False
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_an_online_payment_begun_since_the_plan_holds_its_payer(self):
        invoice = self._create_item(10)
        self._night()
        self._pay_online(invoice, "pending")
        self._act()
        self.assertFalse(self._sent())

    def test_a_direct_debit_on_its_way_holds_its_payer(self):
        self._create_item(10)
        methods = self.company_data["default_journal_bank"].inbound_payment_method_line_ids
        method = methods[0].copy({"payment_account_id": False})
        # As with Odoo's own accounting app, which books nothing before the bank does.
        with patch.object(type(self.env["account.move"]), "_get_invoice_in_payment_state", return_value="in_payment"):
            payment = self.env["account.payment"].create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.customer.id,
                    "amount": 100,
                    "date": self.today,
                    "payment_method_line_id": method.id,
                }
            )
            payment.action_post()
        self.assertEqual((payment.state, bool(payment.move_id)), ("in_process", False))
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "pending_payment")

    def test_after_the_money_failed_to_come_the_follow_up_goes_on(self):
        transaction = self._pay_online(self._create_item(10), "pending")
        self._day_by_day(1)
        transaction.state = "error"
        self._day_by_day(1)
        self.assertEqual(self._sent_days(), [(1, "friendly_reminder")])

    def test_the_clock_of_the_company_tells_the_day(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        self._statement("2026-03-12")
        self._create_item(10)
        type(self).now = datetime.combine(TODAY, time(20))
        self._night_and_act()
        self.assertEqual(self._reason(), "bank_stale")
