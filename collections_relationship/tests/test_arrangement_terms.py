"""From the terms a person enters to the payments, and 'Agree on something'."""
from datetime import date, timedelta

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
        self.assertEqual(str(arrangement.date_until), "2026-03-23")
        self.assertEqual(self.item.collection_hold_code, "offered")

    def test_each_currency_has_one_of_its_own(self):
        self.env.ref("base.EUR").active = True
        euro = self._create_item(30, 90, currency_id=self.env.ref("base.EUR").id)
        self._refresh()
        action = (self.item | euro).with_user(self.user).action_collection_agree()
        Arrangement = self.env["collection.arrangement"].with_user(self.user)
        self.assertFalse(Arrangement.search([("partner_id", "=", self.customer.id)]))  # looking writes nothing
        form = Form(Arrangement.with_context(**action["context"]), view=action["views"][0][0])
        this, then = form.currency_id.name, {"USD", "EUR"} - {form.currency_id.name}
        self.assertIn(f"about {this}; then comes {then.pop()}", form.currencies_text)
        following = form.save().action_offer()["params"]["next"]
        second = Form(Arrangement.with_context(**following["context"]), view=following["views"][0][0])
        self.assertFalse(second.currencies_text)
        self._agree_on_the_phone(second.save())
        drafts = Arrangement.search([("partner_id", "=", self.customer.id)], order="id")
        self.assertEqual(drafts.mapped("state"), ["offered", "active"])
        self.assertEqual(set(drafts.currency_id.mapped("name")), {"USD", "EUR"})

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
        self._agree_on_the_phone(arrangement)
        self.assertEqual((arrangement.state, hint.state, hint.arrangement_id), ("active", "done", arrangement))
        hint.action_undo()
        self.assertEqual((arrangement.state, hint.state), ("cancelled", "open"))


@tagged("post_install", "-at_install")
class TestWhatIsWrongIsSaid(ArrangementCommon):
    """While somebody types, and before anything leaves."""

    def _form(self, moves=None):
        action = (moves or self.item).with_user(self.user).action_collection_agree()
        Arrangement = self.env[action["res_model"]].with_user(self.user).with_context(**action["context"])
        return Form(Arrangement, view=action["views"][0][0])

    def test_what_followed_from_other_terms_is_never_sent(self):
        for name, value, words in (
            ("payment_count", 100000, "too many payments"),
            ("payment_count", -1, "number of payments is below zero"),
            ("payment_count", 0, "how many payments"),
            ("payment_size", 20000, "more than the .*300.00"),
            ("payment_size", -1, "amount each time is below zero"),
            ("deposit", 999999, "down payment is as much"),
            ("deposit", -5, "down payment is below zero"),
            ("round_to", 100000, "steps are larger"),
            ("round_to", -3, "steps are below zero"),
        ):
            with self.subTest(name=name, value=value):
                form = self._form()
                setattr(form, name, value)
                self.assertRegex(form.problem_text, words)
                self.assertFalse(form.line_ids._records)
                self.assertFalse(form.terms_text)
                with self.assertRaisesRegex(UserError, words):
                    form.save().action_offer()
                setattr(form, name, {"payment_count": 3}.get(name, 0))
                form.payment_count = 3
                self.assertFalse(form.problem_text)
                self.assertEqual(len(form.line_ids._records), 3)

    def test_terms_written_past_the_window_are_refused_as_well(self):
        arrangement = self._form().save()
        arrangement.payment_count = 100000
        with self.assertRaisesRegex(UserError, "too many payments"):
            arrangement.action_start()
        self.assertEqual(arrangement.state, "draft")

    def test_after_impossible_terms_a_payment_can_be_typed(self):
        form = self._form()
        form.payment_count = 100000
        with form.line_ids.new() as line:
            line.date = self.today + timedelta(days=3)
            line.amount = 300
        self.assertEqual(form.rhythm, "own")
        self.assertFalse(form.problem_text)

    def test_amounts_beside_the_invoices(self):
        for values, words in (
            ({"waived_amount": -5}, "given up of .* is below zero"),
            ({"waived_amount": 301}, "301.00 would be given up, but only .*300.00"),
            ({"amount": 9999}, "only .*300.00 is open"),
            ({"amount": 0}, "nothing is covered"),
        ):
            with self.subTest(values=values):
                form = self._form()
                with form.item_ids.edit(0) as item:
                    for name, value in values.items():
                        setattr(item, name, value)
                self.assertRegex(form.problem_text, words)
                self.assertFalse(form.terms_text)

    def test_what_is_missing_or_too_much_is_said_without_a_sign(self):
        form = self._form()
        form.rhythm = "own"
        form.pasted = "2026-04-15\t$ 120.00"
        self.assertIn("Add the missing $\u00a0180.00", form.problem_text)
        form.pasted = "2026-04-15\t$ 320.00"
        self.assertIn("Take the $\u00a020.00 too much off", form.problem_text)

    def test_an_offer_stands_until_its_first_payment_at_most(self):
        form = self._form()
        first = self.today + timedelta(days=7)
        self.assertIn("03/23/2026, the day of the first payment", form.stands_text)
        arrangement = form.save()
        arrangement.action_offer()
        self.assertEqual((arrangement.date_first, arrangement.date_until), (first, first))
        later = self._arrangement(((20, 100), (40, 200)), moves=self._create_item(20, 300))
        later._submit(self.now, "offer")
        self.assertEqual(later.date_until, self.today + timedelta(days=14))

    def test_a_day_on_which_it_cannot_be_accepted_is_refused_at_once(self):
        for until, words in (
            (date(2020, 1, 1), "has passed"),
            (date(2099, 1, 1), "first payment is on 03/23/2026"),
            (date(2026, 3, 24), "first payment is on 03/23/2026"),
        ):
            with self.subTest(until=until):
                form = self._form()
                form.date_until = until
                self.assertIn(words, form.problem_text)
                with self.assertRaisesRegex(UserError, words):
                    form.save().action_offer()
                form.date_until = date(2026, 3, 23)
                self.assertFalse(form.problem_text)
