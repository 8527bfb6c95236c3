from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from random import Random

from odoo.tests import tagged

from .common import CollectionCommon

DAYS = 20


@tagged("post_install", "-at_install")
class TestInvariants(CollectionCommon):
    """Whatever happens to the ledger in whatever order, no message asks for what it must not."""

    def _happenings(self, dice, customers, invoices):
        """Let something happen, as the dice say."""
        kind = dice.choice(["invoice", "invoice", "pay", "part", "refund", "exclude", "include", "pause", "block", "draft"])
        open_invoices = [move for move in invoices if move.state == "posted" and move.amount_residual > 1]
        if kind == "invoice" or not open_invoices:
            invoices.append(
                self._create_item(
                    dice.randint(-12, 48), amount=dice.randint(10, 900), partner=dice.choice(customers),
                    sent=dice.random() < 0.9,
                )
            )
            return
        move = dice.choice(open_invoices)
        if kind == "pay" and move.payment_state != "blocked":
            self._pay(move)
        elif kind == "part" and move.payment_state != "blocked":
            self._pay(move, amount=round(move.amount_residual / 3, 2))
        elif kind == "refund":
            self._create_refund(dice.randint(5, 300), partner=move.partner_id, invoice=dice.choice([move, None]))
        elif kind in ("exclude", "include"):
            move.no_followup = kind == "exclude"
        elif kind == "pause":
            self.env["collection.hold"].create(
                {
                    "partner_id": move.partner_id.id,
                    "company_id": self.company.id,
                    "move_id": dice.choice([move.id, False]),
                    "reason": dice.choice(["dispute", "customer_request"]),
                    "date_start": self.today,
                    "date_end": self.today + timedelta(days=dice.randint(0, 6)),
                }
            )
        elif kind == "block" and move.payment_state in ("not_paid", "partial", "blocked"):
            move.action_toggle_block_payment()
        elif kind == "draft" and move.payment_state == "not_paid":
            move.button_draft()

    def _check(self, contact):
        """Compare a message with the ledger as it is at the moment of sending."""
        holds = self.env["collection.hold"].search(
            [
                ("partner_id", "=", contact.partner_id.id),
                ("date_start", "<=", self.today),
                ("date_end", ">=", self.today),
            ]
        )
        asked = contact.facts["asked"]
        self.assertTrue(asked)
        for item in asked:
            line = self.env["account.move.line"].browse(item["line"])
            move = line.move_id
            self.assertEqual(line.partner_id, contact.partner_id)
            self.assertEqual(line.parent_state, "posted")
            self.assertFalse(line.reconciled)
            self.assertFalse(line.no_followup)
            self.assertNotEqual(move.payment_state, "blocked")
            self.assertTrue(move.is_move_sent)
            self.assertFalse(holds.filtered(lambda hold, move=move: not hold.move_id or hold.move_id == move))
            self.assertEqual(item["residual"], line.amount_residual)
            self.assertEqual(line.currency_id.compare_amounts(item["amount"] + item["credit"], line.amount_residual), 0)
            self.assertGreater(item["amount"], 0)
            if contact.stage_id.days >= 0:
                self.assertGreaterEqual((self.today - line.date_maturity).days, contact.stage_id.days)
        self.assertEqual(contact.amount, round(sum(item["amount"] for item in asked), 2))
        open_credits = -sum(
            self.env["account.move.line"].search(
                [
                    ("partner_id", "=", contact.partner_id.id),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("move_type", "=", "out_refund"),
                ]
            ).mapped("amount_residual")
        )
        self.assertLessEqual(sum(item["credit"] for item in asked), open_credits + 0.005)

    def _play(self, seed):
        dice = Random(seed)
        customers = [self._create_customer(f"Customer {seed} {number}") for number in range(6)]
        invoices, seen = [], self.env["collection.contact"]
        days = defaultdict(list)
        for _day in range(DAYS):
            for _event in range(dice.randint(0, 4)):
                self._happenings(dice, customers, invoices)
            self._night()
            for _event in range(dice.randint(0, 2)):
                self._happenings(dice, customers, invoices)
            self._act()
            contacts = self.env["collection.contact"].search(
                [("kind", "=", "sent"), ("is_asking", "=", True), ("company_id", "=", self.company.id)]
            )
            for contact in contacts - seen:
                self._check(contact)
                days[contact.partner_id].append(self.today)
            seen |= contacts
            self._move_to(1)
        for heard in days.values():
            for earlier, later in pairwise(heard):
                self.assertGreaterEqual((later - earlier).days, self.policy.minimum_gap)
        cases = self.env["collection.case"].search([("company_id", "=", self.company.id), ("state", "=", "open")])
        self.assertEqual(len(cases), len(cases.partner_id))
        self.assertGreater(len(seen), 5, "the play must have something to check")

    def test_no_message_ever_asks_for_what_it_must_not(self):
        self._play(seed=19)

    def test_no_message_ever_asks_for_what_it_must_not_in_another_play(self):
        self._play(seed=470)
