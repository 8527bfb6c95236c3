from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestNeverAsked(CollectionCommon):
    """What nobody owes, or what people took out, is never asked for."""

    @contextmanager
    def _between_check_and_claim(self, happens):
        """Let something happen after the ledger was checked and the texts were written, before sending."""
        Step = type(self.env["collection.step"])
        prepare = Step._prepare_envelopes

        def prepare_then(steps, *args, **kwargs):
            envelopes = prepare(steps, *args, **kwargs)
            happens()
            steps.env.flush_all()
            return envelopes

        with patch.object(Step, "_prepare_envelopes", prepare_then):
            yield

    def _asked_amounts(self, contact):
        return {item["move"]: item["amount"] for item in contact.facts["asked"]}

    # === PAID === #

    def test_what_is_paid_is_not_asked(self):
        self._pay(self._create_item(10))
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertFalse(self._case())

    def test_what_was_paid_since_the_plan_is_left_out_of_the_message(self):
        paid, late = self._create_item(10), self._create_item(8)
        self._night()
        self._pay(paid)
        self._act()
        self.assertEqual(self._sent().move_ids, late)
        self.assertEqual(self._asked_amounts(self._sent()), {late.id: 100})
        self.assertEqual(self._sent().amount, 100)

    def test_what_is_paid_at_the_moment_of_sending_is_not_asked(self):
        invoice = self._create_item(10)
        self._night()
        with self._between_check_and_claim(lambda: self._pay(invoice)):
            self._act_once()
        self.assertFalse(self._sent())

    def test_part_of_a_message_paid_at_the_moment_of_sending_takes_it_back_whole(self):
        paid, late = self._create_item(10), self._create_item(8)
        self._night()
        with self._between_check_and_claim(lambda: self._pay(paid)):
            self._act_once()
        self.assertFalse(self._sent())
        self._move_on(minutes=15)
        self._act()
        self.assertEqual(self._asked_amounts(self._sent()), {late.id: 100})

    def test_partly_paid_only_the_rest_is_asked(self):
        invoice = self._create_item(10, amount=100)
        self._pay(invoice, amount=30)
        self._night_and_act()
        self.assertEqual(self._asked_amounts(self._sent()), {invoice.id: 70})
        self.assertEqual(self._sent().amount, 70)

    def test_partly_paid_between_plan_and_sending_only_the_rest_is_asked(self):
        invoice = self._create_item(10, amount=100)
        self._night()
        self._pay(invoice, amount=30)
        self._act()
        self.assertEqual(self._asked_amounts(self._sent()), {invoice.id: 70})

    def test_partly_paid_at_the_moment_of_sending_the_old_amount_does_not_leave(self):
        invoice = self._create_item(10, amount=100)
        self._night()
        with self._between_check_and_claim(lambda: self._pay(invoice, amount=30)):
            self._act_once()
        self.assertFalse(self._sent())
        self._move_on(minutes=15)
        self._act()
        self.assertEqual(self._asked_amounts(self._sent()), {invoice.id: 70})

    def test_a_message_taken_back_while_sending_is_not_tried_again_at_once(self):
        invoice = self._create_item(10)
        self._night()
        times = []

        def happens():
            times.append(len(times))
            self._pay(invoice, amount=10)

        with self._between_check_and_claim(happens):
            self._act()
        self.assertEqual(times, [0])

    def test_a_message_that_would_fall_below_the_minimum_by_a_payment_does_not_leave(self):
        invoice = self._create_item(10, amount=100)
        self._night()
        self._pay(invoice, amount=80)
        self._act()
        self.assertFalse(self._sent())

    # === TAKEN OUT BY PEOPLE === #

    def test_an_excluded_invoice_is_not_asked(self):
        excluded, late = self._create_item(10), self._create_item(8)
        excluded.no_followup = True
        self._night_and_act()
        self.assertEqual(self._sent().move_ids, late)
        self.assertNotIn(excluded.name, self._sent().body_html)

    def test_an_invoice_excluded_since_the_plan_is_not_asked(self):
        invoice = self._create_item(10)
        self._night()
        invoice.no_followup = True
        self._act()
        self.assertFalse(self._sent())

    def test_an_invoice_excluded_at_the_moment_of_sending_is_not_asked(self):
        invoice = self._create_item(10)
        self._night()
        with self._between_check_and_claim(lambda: invoice.write({"no_followup": True})):
            self._act_once()
        self.assertFalse(self._sent())

    def test_a_customer_with_excluded_invoices_only_has_no_case(self):
        self._create_item(10).no_followup = True
        self._night()
        self.assertFalse(self._case())

    def test_a_blocked_invoice_is_not_asked(self):
        blocked, late = self._create_item(10), self._create_item(8)
        blocked.action_toggle_block_payment()
        self.assertEqual(blocked.payment_state, "blocked")
        self._night_and_act()
        self.assertEqual(self._sent().move_ids, late)

    def test_an_invoice_blocked_since_the_plan_is_not_asked(self):
        invoice = self._create_item(10)
        self._night()
        invoice.action_toggle_block_payment()
        self._act()
        self.assertFalse(self._sent())

    def test_an_invoice_blocked_at_the_moment_of_sending_is_not_asked(self):
        invoice = self._create_item(10)
        self._night()
        with self._between_check_and_claim(invoice.action_toggle_block_payment):
            self._act_once()
        self.assertFalse(self._sent())

    def test_a_stop_at_the_moment_of_sending_holds_the_message(self):
        for number, values in enumerate(
            (
                {"kind": "cease"},
                {"kind": "opt_out"},
                {"kind": "opt_out", "channel": "email"},
                {"kind": "opt_out", "channel": "email", "address": "stops3@customer.example.com"},
            )
        ):
            with self.subTest(values=values):
                partner = self._create_customer(f"Stops {number}")
                self._create_item(8, partner=partner)
                self._night()
                protection = {"partner_id": partner.id, "company_id": self.company.id, "date_from": self.today, **values}
                with self._between_check_and_claim(partial(self.env["collection.protection"].create, protection)):
                    self._act_once()
                self.assertFalse(self._sent(partner))
                self.assertEqual(self._case(partner).step_ids.state, "planned", "held at the claim")
                self._move_on(20)
                self._act_once()
                self.assertEqual(self._case(partner).step_ids.state, "cancelled")

    def test_another_stop_does_not_hold_the_message(self):
        self._create_item(8)
        self._night()

        def protect():
            for values in (
                {"channel": "sms"},
                {"channel": "letter"},
                {"channel": "email", "address": "somebody@else.example"},
                {"channel": "email", "date_from": self.today + timedelta(days=1)},
                {"channel": "email", "date_from": date(2025, 1, 1), "date_until": self.today - timedelta(days=1)},
            ):
                self.env["collection.protection"].create(
                    {
                        "partner_id": self.customer.id,
                        "company_id": self.company.id,
                        "kind": "opt_out",
                        "date_from": self.today,
                        **values,
                    }
                )

        with self._between_check_and_claim(protect):
            self._act_once()
        self.assertEqual(len(self._sent()), 1)

    def test_an_invoice_paused_at_the_moment_of_sending_is_not_asked(self):
        invoice = self._create_item(10)
        self._night()
        hold = {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "move_id": invoice.id,
            "reason": "dispute",
            "date_start": self.today,
            "date_end": self.today,
        }
        with self._between_check_and_claim(lambda: self.env["collection.hold"].create(hold)):
            self._act_once()
        self.assertFalse(self._sent())

    # === NOT OWED AT ALL === #

    def test_drafts_are_not_asked(self):
        invoice = self._create_item(10)
        invoice.button_draft()
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_cancelled_invoices_are_not_asked(self):
        invoice = self._create_item(10)
        invoice.button_draft()
        invoice.button_cancel()
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_reversed_invoices_are_not_asked(self):
        invoice = self._create_item(10)
        refund = invoice._reverse_moves(
            [{"date": self.today, "invoice_date": self.today}], cancel=True
        )
        self.assertEqual(refund.state, "posted")
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_an_invoice_reset_to_draft_since_the_plan_is_not_asked(self):
        invoice = self._create_item(10)
        self._night()
        invoice.button_draft()
        self._act()
        self.assertFalse(self._sent())
        self.assertEqual(self._case().step_ids.mapped("state"), ["cancelled"])
        self.assertEqual(self._case().state, "closed")

    def test_an_invoice_reset_to_draft_at_the_moment_of_sending_is_not_asked(self):
        invoice = self._create_item(10)
        self._night()
        with self._between_check_and_claim(invoice.button_draft):
            self._act_once()
        self.assertFalse(self._sent())

    def test_an_invoice_confirmed_again_is_asked_gently_with_its_new_amount(self):
        invoice = self._create_item(32, amount=100)
        self._night_and_act()
        self._move_to(7)
        self._night_and_act()
        self.assertEqual(self._sent().mapped("purpose"), ["friendly_reminder", "firm_reminder"])
        invoice.button_draft()
        self._move_to(1)
        self._night_and_act()
        invoice.invoice_line_ids.price_unit = 150
        invoice.action_post()
        self._move_to(6)
        self._night_and_act()
        self.assertEqual(self._sent()[-1].purpose, "friendly_reminder")
        self.assertEqual(self._asked_amounts(self._sent()[-1]), {invoice.id: 150})

    def test_money_paid_out_to_a_customer_is_not_asked_back(self):
        self._create_entry_at_bank(80)
        self._night_and_act()
        self.assertFalse(self._sent())

    def _create_entry_at_bank(self, amount):
        """Book money that left the bank to the customer, not matched with anything."""
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2026-02-01",
                "line_ids": [
                    Command.create({"account_id": receivable.id, "partner_id": self.customer.id, "debit": amount}),
                    Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": amount}),
                ],
            }
        )
        entry.action_post()
        self.assertEqual(entry.line_ids.filtered("debit").amount_residual, amount)

    def test_bills_and_other_accounts_are_not_asked(self):
        bill = self._create_invoice_one_line(
            price_unit=500, partner_id=self.customer, move_type="in_invoice", invoice_date="2026-01-01", post=True
        )
        self.assertEqual(bill.state, "posted")
        self._night_and_act()
        self.assertFalse(self._case())

    # === OPENING BALANCES === #

    def _create_opening(self, amount=400.0):
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": "2026-01-01",
                "ref": "Opening balance",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer.id,
                            "debit": amount,
                            "name": "Old invoice 4711",
                            "date_maturity": "2026-03-01",
                        }
                    ),
                    Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    def test_opening_balances_are_not_asked_by_themselves(self):
        self._create_opening()
        self._night_and_act()
        self.assertFalse(self._case())

    def test_opening_balances_are_asked_once_somebody_includes_them(self):
        entry = self._create_opening()
        entry.line_ids.filtered("date_maturity").no_followup = False
        self._night_and_act()
        self.assertEqual(self._sent().move_ids, entry)
        self.assertEqual(self._sent().facts["asked"][0]["invoice"], "Old invoice 4711")
        self.assertEqual(self._sent().amount, 400)
