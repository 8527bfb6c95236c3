"""What the payment page of an arrangement asks for: the payment agreed on, or all that is left."""
from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_arrangement import ArrangementCommon


@tagged("post_install", "-at_install")
class TestArrangementPay(ArrangementCommon):
    def _step(self, arrangement):
        return self.env["collection.step"].search([("arrangement_id", "=", arrangement.id)], limit=1)

    def _asked(self, step, now=None, whole=False):
        groups = step.with_context(collection_pay_whole=whole)._pay_groups(now or self.now)
        return [(entry.amount, entry.state) for group in groups for entry in group.items]

    def test_the_next_payment_or_all_that_is_left(self):
        step = self._step(self._running())
        self.assertEqual(self._asked(step), [(100.0, "open")])
        self.assertEqual(self._asked(step, whole=True), [(300.0, "open")])
        self.assertEqual([scope.is_chosen for scope in step._pay_scopes(self.now)], [True, False])

    def test_what_is_to_be_paid_is_not_called_needless(self):
        [group] = self._step(self._running())._pay_groups(self.now)
        self.assertFalse([note for note in group.items[0].notes if "No need" in note])

    def test_what_is_behind_comes_together(self):
        step = self._step(self._running())
        later = self.now + timedelta(days=40)
        self.assertEqual(self._asked(step, later), [(200.0, "open")])

    def test_what_is_given_up_is_never_asked_for(self):
        arrangement = self._arrangement(((5, 200),))
        arrangement.item_ids.waived_amount = 100
        arrangement.with_user(self.user).sudo()._move("active", self.now, values={"started_on": self.today})
        arrangement._tell("confirmed", self.now)
        step = self._step(arrangement)
        self.assertEqual(self._asked(step, whole=True), [(200.0, "open")])
        self.assertEqual(step._pay_scopes(self.now), [])

    def test_several_invoices_share_it_the_oldest_first(self):
        second = self._create_item(10, 150)
        self._refresh()
        step = self._step(self._running(((7, 350), (37, 100)), self.item | second))
        self.assertEqual(self._asked(step), [(300.0, "open"), (50.0, "open")])
        self.assertEqual(self._asked(step, whole=True), [(300.0, "open"), (150.0, "open")])

    def test_an_invoice_agreed_on_at_once_can_be_paid(self):
        early = self._step(self._running(((7, 100),), self._create_item(5, 100)))
        self._refresh()
        self.assertEqual(self._asked(early), [(100.0, "open")])

    def test_an_invoice_whose_turn_is_later_cannot_be_chosen(self):
        second = self._create_item(10, 150)
        self._refresh()
        step = self._step(self._running(((7, 250), (37, 200)), self.item | second))
        self.assertEqual(self._asked(step), [(250.0, "open"), (150.0, "later")])
        [group] = step._pay_groups(self.now)
        choice = step._pay_choice(group)
        self.assertEqual((choice.amount, len(choice.items)), (250.0, 1))

    def test_what_was_shown_is_what_is_paid(self):
        arrangement = self._running()
        step = self._step(arrangement)
        step._ensure_link_keys()
        for whole, amount in ((False, 100.0), (True, 300.0)):
            shown = step.with_context(collection_pay_whole=whole)
            signed = shown._sign_choice(shown._pay_choice(shown._pay_groups(self.now)[0]))
            self.assertEqual(step._read_choice(signed, self.now).amount, amount)
        self._pay(self.item, 100)
        self.env["collection.arrangement"]._judge_customers(self.now, self.company, self.customer.ids)
        with self.assertRaises(ValidationError):
            step._read_choice(signed, self.now)

    def test_an_arrangement_that_ended_asks_like_any_message(self):
        arrangement = self._running()
        step = self._step(arrangement)
        arrangement._cancel(self.now)
        self.assertEqual(self._asked(step), [(300.0, "open")])
        self.assertEqual(step._pay_scopes(self.now), [])
