"""From the terms a person enters to the payments, and 'Agree on something'."""
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .test_arrangement import ArrangementCommon


@tagged("post_install", "-at_install")
class TestArrangementTerms(ArrangementCommon):
    def _form(self, moves=None, user=None):
        """Return the window 'Agree on something' opens for these invoices."""
        action = (moves or self.item).with_user(user or self.user).action_collection_agree()
        Arrangement = self.env[action["res_model"]].with_user(user or self.user).with_context(**action["context"])
        return Form(Arrangement, view=action["views"][0][0])

    def _payments(self, form):
        return [(line["date"], line["amount"]) for line in form.line_ids._records]

    def test_the_window_proposes_three_months(self):
        form = self._form()
        # The 25th of May is a holiday.
        self.assertEqual(
            self._payments(form), [(date(2026, 3, 23), 100), (date(2026, 4, 23), 100), (date(2026, 5, 26), 100)]
        )
        self.assertEqual(form.kind, "plan")
        self.assertFalse(form.problem_text)

    def test_the_terms_change_the_payments(self):
        form = self._form()
        form.rhythm = "weekly"
        form.payment_count = 7
        self.assertEqual([amount for _day, amount in self._payments(form)], [42.86] * 6 + [42.84])
        form.payment_size = 150
        self.assertEqual([amount for _day, amount in self._payments(form)], [150, 150])
        form.rhythm = "once"
        self.assertEqual(self._payments(form), [(date(2026, 3, 23), 300)])

    def test_a_payment_typed_by_hand_stays(self):
        form = self._form()
        with form.line_ids.edit(0) as line:
            line.amount = 120
        self.assertEqual(form.rhythm, "own")
        self.assertIn("instead of", form.problem_text)
        with form.line_ids.edit(1) as line:
            line.amount = 80
        self.assertFalse(form.problem_text)
        self.assertEqual(sum(amount for _day, amount in self._payments(form)), 300)

    def test_rows_of_a_spreadsheet_are_read(self):
        form = self._form()
        form.rhythm = "own"
        form.pasted = "Date\tAmount\n04/15/2026\t$ 120.00\n05/15/2026\t180"
        self.assertEqual(self._payments(form), [(date(2026, 4, 15), 120), (date(2026, 5, 15), 180)])
        self.assertEqual(form.rhythm, "own")

    def test_what_is_covered_in_part_is_planned_in_part(self):
        form = self._form()
        form.rhythm = "once"
        with form.item_ids.edit(0) as item:
            item.amount = 120
        self.assertEqual(self._payments(form), [(date(2026, 3, 23), 120)])

    def test_from_the_window_to_an_offer(self):
        arrangement = self._form().save()
        arrangement.action_offer()
        self.assertEqual((arrangement.state, arrangement.proposer_id), ("offered", self.user))
        self.assertEqual(str(arrangement.date_until), "2026-03-30")
        self.assertEqual(self.item.collection_hold_code, "arranged")

    def test_each_currency_has_one_of_its_own(self):
        self.env.ref("base.EUR").active = True
        euro = self._create_item(30, 90, currency_id=self.env.ref("base.EUR").id)
        self._refresh()
        action = (self.item | euro).action_collection_agree()
        drafts = self.env["collection.arrangement"].search(action["domain"])
        self.assertEqual(set(drafts.currency_id.mapped("name")), {"USD", "EUR"})
        self.assertEqual([len(draft.line_ids) for draft in drafts], [3, 3])

    def test_what_cannot_be_agreed_on_says_why(self):
        other = self._create_item(30, 90, partner=self._create_customer("Borealis"))
        with self.assertRaisesRegex(UserError, "one customer"):
            (self.item | other).action_collection_agree()
        self._running()
        with self.assertRaisesRegex(UserError, "agreed on already"):
            self.item.action_collection_agree()
        self._pay(other)
        with self.assertRaisesRegex(UserError, "Nothing of it is open"):
            other.action_collection_agree()
        colleague = new_test_user(self.env, "colleague", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.item.with_user(colleague).action_collection_agree()

    def test_a_payment_in_the_past_is_refused(self):
        with self.assertRaisesRegex(UserError, "lies in the past"):
            self._arrangement(((-3, 300),))._submit(self.now, "offer")

    def test_a_promise_read_in_an_answer_is_agreed_on(self):
        self._night_and_act()
        case = self._case().with_user(self.user)
        case.sudo()._receive_answer(
            self.now,
            subject=False,
            body="We will pay 120.00 on 20 March.",
            message_id="<promise@made-up.example.com>",
            author=self.customer,
            address=self.customer.email_normalized,
            channel="email",
        )
        hint = case.hint_ids
        action = hint.action_agree()
        view = action["views"][0][0]
        Arrangement = self.env["collection.arrangement"].with_user(self.user).with_context(**action["context"])
        arrangement = Form(Arrangement, view=view).save()
        self.assertEqual(
            (arrangement.kind, arrangement.line_ids.date, arrangement.amount_agreed, arrangement.contact_id),
            ("promise", date(2026, 3, 20), 120, hint.contact_id),
        )
        self.assertEqual(arrangement.amount_waived, 0)
        arrangement.action_start()
        self.assertEqual((arrangement.state, hint.state, hint.arrangement_id), ("active", "done", arrangement))
        hint.action_undo()
        self.assertEqual((arrangement.state, hint.state), ("cancelled", "open"))
