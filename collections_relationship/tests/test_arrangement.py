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

    def _agree_on_the_phone(self, arrangement, note="Called at 10.15: yes, that suits me.", **values):
        """Record that the customer agreed to a draft, as its user does."""
        action = arrangement.action_start()
        wizard = self.env[action["res_model"]].with_user(arrangement.env.user).with_context(**action["context"])
        return wizard.create({"note": note, **values}).action_record()

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
        self.assertEqual((arrangement.state, item.hold_code), ("offered", "offered"))
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
        self.assertEqual((second.state, second.end_code), ("cancelled", "agreed_otherwise"))
        self.assertIn(first.name, second.end_note)
        self.assertIn("something else was agreed on", second._ended_words(self.now, second._speech()).lead)
        self.assertIn("something else was agreed on", second._past_words())
        with self.assertRaisesRegex(UserError, "does not stand any more"):
            second._accept(self.now, "portal", "page")

    def test_an_offer_whose_first_payment_has_passed_is_not_accepted(self):
        arrangement = self._arrangement()
        arrangement._submit(self.now, "offer")
        later = self.now + timedelta(days=8)
        arrangement.sudo().date_until = later.date()  # as one offered by an earlier version
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


@tagged("post_install", "-at_install")
class TestBesideEachOther(ArrangementCommon):
    """Which of several holds an invoice, in which words, for how long, and what becomes of the others."""

    def _hold(self):
        self._refresh()
        item = self.env["collection.item"].search([("move_id", "=", self.item.id)])
        return item.hold_code, item.hold_until

    def _waiting(self, **values):
        """Return a proposal that waits for a yes: one payment in a year."""
        arrangement = self._arrangement(((365, 300),), **values)
        arrangement._submit(self.now, "offer")
        self.assertEqual(arrangement.state, "to_approve")
        return arrangement

    def test_what_waits_for_a_yes_is_not_called_agreed(self):
        waiting = self._waiting()
        self.assertEqual(self._hold(), ("proposed", self.today + timedelta(days=7)))
        self.assertIn(f"{waiting.name} waits for an accountant's yes", self.item.collection_next_text)
        self.assertIn(f"{waiting.name} waits for an accountant's yes", self._case()._describe_hold("proposed"))

    def test_it_holds_some_days_only_and_what_comes_then_is_no_new_start(self):
        self._waiting()
        self._refresh()
        later = self.today + timedelta(days=8)
        self.env["collection.item"]._refresh(later, self.now + timedelta(days=8), self.company)
        item = self.env["collection.item"].search([("move_id", "=", self.item.id)])
        self.assertFalse(item.hold_code)
        self.assertFalse(item.restart)

    def test_what_the_customer_said_yes_to_holds_until_it_is_decided(self):
        arrangement = self._arrangement(((365, 300),))
        arrangement._submit(self.now, "start", how="phone")
        self.assertEqual(arrangement.state, "to_approve")
        self.assertEqual(self._hold(), ("offered", False))

    def test_an_offer_holds_until_it_cannot_be_accepted_any_more(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        self.assertEqual(self._hold(), ("offered", self.today + timedelta(days=7)))
        self.assertIn(f"{offer.name} is offered to the customer and stands until 03/23/2026", self.item.collection_next_text)
        offer.sudo().date_until = self.today + timedelta(days=30)  # as one offered by an earlier version
        self.assertEqual(self._hold(), ("offered", self.today + timedelta(days=7)))
        later = self.now + timedelta(days=8)
        offer._judge(later, self.company)
        self.assertEqual(offer.state, "lapsed")

    def test_what_runs_is_said_before_what_is_offered(self):
        other = self._arrangement(((14, 300),))
        other._submit(self.now, "offer")
        running = self._running()
        self.assertEqual(self._hold(), ("arranged", False))
        self.assertIn(f"{running.name} runs; the next payment is $\u00a0100.00 on 03/23/2026", self.item.collection_next_text)

    def test_a_payment_that_did_not_come_is_said(self):
        running = self._running()
        running.line_ids.sorted("date")[0].sudo().missed_on = self.today
        self._refresh()
        self.assertIn("runs, but $\u00a0100.00 of 03/23/2026 did not come", self.item.collection_next_text)

    def test_another_about_the_same_invoices_is_warned_of(self):
        self._create_item(20, 50)
        first = self._waiting()
        second = self._arrangement()
        self.assertIn(f"{first.name} waits for an accountant's yes", second.beside_text)
        self.assertIn(self.item.name, second.beside_text)
        third = self._arrangement(moves=self._create_item(20, 50))
        self.assertFalse(third.beside_text)
        self.assertFalse(first.beside_text)  # drafts warn nobody
        second._submit(self.now, "offer")
        first.invalidate_recordset(["beside_text"])
        self.assertIn(f"{second.name} is offered to the customer", first.beside_text)

    def test_an_answer_to_an_offer_is_no_second_one(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        counter = offer._counter(offer._terms_again(), self.now, "company")
        self.assertFalse(counter.beside_text)

    def test_a_message_that_is_not_right_any_more_waits_no_longer(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        [step] = offer.step_ids
        self.assertIn(step.state, ("planned", "approved"))
        self._running()
        self.assertEqual((offer.state, step.state, step.cancel_code), ("cancelled", "cancelled", "arrangement_moved"))

    def test_it_has_its_number_before_anybody_is_told(self):
        arrangement = self._arrangement(user_id=self.user.id)
        told = self.env["mail.message"].search([("model", "=", arrangement._name), ("res_id", "=", arrangement.id)])
        self.assertTrue(arrangement.name)
        for message in told.filtered("subject"):
            self.assertIn(arrangement.name, message.subject)

    def test_what_is_agreed_on_lets_all_others_about_it_fall(self):
        waiting = self._waiting()
        elsewhere = self._arrangement(moves=self._create_item(20, 50), payments=((7, 50),))
        elsewhere._submit(self.now, "offer")
        running = self._running()
        self.assertEqual((waiting.state, waiting.end_code), ("cancelled", "agreed_otherwise"))
        self.assertIn(running.name, waiting.end_note)
        self.assertEqual(elsewhere.state, "offered")


@tagged("post_install", "-at_install")
class TestWhatTheCustomerSaidStays(ArrangementCommon):
    def _wizard(self, arrangement, **values):
        return self.env["collection.arrangement.answer"].with_user(self.user).create(
            {"arrangement_id": arrangement.id, **values}
        )

    def test_the_phone_needs_who_and_what_was_said(self):
        arrangement = self._arrangement().with_user(self.user)
        action = arrangement.action_start()
        self.assertEqual((arrangement.state, action["res_model"]), ("draft", "collection.arrangement.answer"))
        wizard = self._wizard(arrangement, name="Ann Bell")
        self.assertIn("you confirm that you owe", wizard.to_read)
        with self.assertRaisesRegex(UserError, "What Was Said"):
            wizard.action_record()
        self.assertEqual(arrangement.state, "draft")
        wizard.note = "Called at 10.15, I read it out, she said yes."
        wizard.action_record()
        self.assertEqual(
            (arrangement.state, arrangement.accepted_name, arrangement.accepted_note, arrangement.accepted_how),
            ("active", "Ann Bell", "Called at 10.15, I read it out, she said yes.", "phone"),
        )

    def test_the_moment_of_the_yes_is_the_customer_s(self):
        arrangement = self._arrangement(((365, 300),))
        arrangement._submit(self.now, "start", how="phone")
        later = self.now + timedelta(days=2)
        arrangement._continue(later)
        self.assertEqual((arrangement.state, arrangement.accepted_on), ("active", self.now))
        self.assertEqual(arrangement.started_on, later.date())

    def test_a_yes_that_could_not_be_confirmed_is_no_agreement_that_ended(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        self.env["collection.limit"].search([]).sudo().longest_days = 1  # since then
        offer._accept(self.now, "portal", "page", name="Ann Bell")
        self.assertEqual(offer.state, "to_approve")
        offer._refuse(self.now, note="Too long")
        words = offer._ended_words(self.now, offer._speech())
        self.assertEqual(words.title, "We could not confirm it")
        self.assertFalse(words.was_agreed)

    def test_terms_taken_back_take_the_yes_along(self):
        arrangement = self._arrangement(((365, 300),)).with_user(self.user)
        self._agree_on_the_phone(arrangement)
        self.assertEqual(arrangement.state, "to_approve")
        arrangement.action_back_to_draft()
        self.assertEqual(arrangement.state, "draft")
        self.assertFalse(
            arrangement.accepted_on or arrangement.accepted_how or arrangement.accepted_name or arrangement.accepted_note
        )

    def test_a_proposal_of_the_customer_beyond_the_limits_can_be_answered_and_not_changed(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        terms = {**offer._terms_again(), "line_ids": [(0, 0, {"date": self.today + timedelta(days=365), "amount": 300})]}
        proposal = offer._counter(terms, self.now, "customer").with_user(self.user)
        proposal.sudo()._submit(self.now, "offer", origin="page")
        self.assertEqual((proposal.state, proposal.proposed_by), ("to_approve", "customer"))
        with self.assertRaisesRegex(UserError, "stay as they are"):
            proposal.action_back_to_draft()
        action = proposal.action_counter()
        answer = self.env["collection.arrangement"].browse(action["res_id"])
        answer.line_ids.date = self.today + timedelta(days=10)
        answer._submit(self.now, "offer")
        self.assertEqual((proposal.state, answer.state), ("countered", "offered"))

    def test_a_no_to_the_customer_s_proposal_is_a_no_and_not_taken_back(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        proposal = offer._counter(offer._terms_again(), self.now, "customer").with_user(self.user)
        proposal.sudo()._submit(self.now, "offer", origin="page")
        proposal.action_cancel()
        self.assertEqual(proposal.state, "refused")

    def test_whose_proposal_it_is_cannot_be_rewritten(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        proposal = offer._counter(offer._terms_again(), self.now, "customer").with_user(self.user)
        for values in ({"proposed_by": "company"}, {"replaces_id": False}):
            with self.assertRaisesRegex(UserError, "stays as written"):
                proposal.write(values)
