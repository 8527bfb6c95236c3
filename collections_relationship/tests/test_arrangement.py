"""What an arrangement is, who may write what, and which way it goes."""
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import CollectionCommon


class ArrangementCommon(CollectionCommon):
    """A customer with items that are late, and arrangements about them."""

    def setUp(self):
        super().setUp()
        clock = freeze_time(self.now)
        clock.start()
        self.addCleanup(clock.stop)
        self.item = self._create_item(20, 300)
        self._refresh()

    def _line(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def _arrangement(self, payments=((7, 100), (37, 100), (67, 100)), moves=None, **values):
        """Return a draft: payments as (days from today, amount), about all that is open of these invoices."""
        lines = self._line(moves or self.item)
        return self.env["collection.arrangement"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "currency_id": lines.currency_id.id,
                "item_ids": self.env["collection.arrangement"]._values_of(lines),
                "line_ids": [
                    (0, 0, {"date": self.today + timedelta(days=days), "amount": amount}) for days, amount in payments
                ],
                **values,
            }
        )

    def _running(self, *args, **values):
        arrangement = self._arrangement(*args, **values)
        arrangement._submit(self.now, "start", how="phone")
        return arrangement


@tagged("post_install", "-at_install")
class TestArrangement(ArrangementCommon):
    def test_the_kind_follows_from_the_payments(self):
        for payments, kind in (
            (((5, 300),), "promise"),
            (((20, 300),), "grace"),
            (((5, 150), (35, 150)), "plan"),
        ):
            self.assertEqual(self._arrangement(payments).kind, kind)
        settlement = self._arrangement(((5, 200),))
        settlement.item_ids.waived_amount = 100
        self.assertEqual(settlement.kind, "settlement")

    def test_payments_must_come_to_what_it_covers(self):
        with self.assertRaisesRegex(ValidationError, "should come to"):
            self._arrangement(((5, 200),))._submit(self.now, "start")

    def test_what_is_offered_leaves_the_chase_and_returns_gently(self):
        arrangement = self._arrangement()
        arrangement._submit(self.now, "offer")
        self._refresh()
        item = self.env["collection.item"].search([("move_id", "=", self.item.id)])
        self.assertEqual((arrangement.state, item.hold_code), ("offered", "arranged"))
        self.assertEqual(item.hold_until, arrangement.date_until)
        arrangement._cancel(self.now)
        self._refresh()
        self.assertFalse(item.hold_code)
        self.assertTrue(item.restart)

    def test_one_runs_at_a_time(self):
        first, second = self._arrangement(), self._arrangement()
        first._submit(self.now, "start")
        with self.assertRaisesRegex(UserError, "running already"):
            second._submit(self.now, "start")

    def test_of_two_offers_only_one_can_be_accepted(self):
        first, second = self._arrangement(), self._arrangement(((5, 300),))
        first._submit(self.now, "offer")
        second._submit(self.now, "offer")
        first._accept(self.now, "portal", "page")
        with self.assertRaisesRegex(UserError, "running already"):
            second._accept(self.now, "portal", "page")

    def test_an_offer_whose_first_payment_has_passed_is_not_accepted(self):
        arrangement = self._arrangement()
        arrangement._submit(self.now, "offer")
        later = self.now + timedelta(days=8)
        self.assertGreater(arrangement.date_until, later.date())
        with self.assertRaisesRegex(UserError, "lies in the past"):
            arrangement._accept(later, "portal", "page")
        self.assertEqual(arrangement.state, "offered")

    def test_nobody_writes_past_the_flow(self):
        arrangement = self._arrangement().with_user(self.user)
        with self.assertRaises(AccessError):
            arrangement.write({"state": "active"})
        with self.assertRaises(AccessError):
            self.env["collection.arrangement"].with_user(self.user).create(
                {"partner_id": self.customer.id, "state": "active"}
            )
        arrangement.sudo()._submit(self.now, "offer")
        with self.assertRaisesRegex(UserError, "stays as it is"):
            arrangement.line_ids[0].write({"amount": 1})
        with self.assertRaisesRegex(UserError, "stays as it is"):
            arrangement.write({"grace_kind": "new_due_date"})

    def test_every_step_is_noted(self):
        arrangement = self._arrangement()
        arrangement._submit(self.now, "offer")
        arrangement._accept(self.now, "portal", "page", name="Ann Bell", person=self.customer)
        events = arrangement.event_ids.sorted("id")
        self.assertEqual(events.mapped("state"), ["offered", "active"])
        self.assertEqual(events[-1].partner_id, self.customer)
        with self.assertRaises(UserError):
            events[0].note = "other"

    def test_a_paid_or_contested_invoice_is_refused_with_the_way_out(self):
        arrangement = self._arrangement()
        self._pay(self.item)
        with self.assertRaisesRegex(UserError, "paid already"):
            arrangement._submit(self.now, "start")
