"""Money that arrives unmatched: what it is proposed to pay, why that is kept, and who decides about 'full and final'."""
import json
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .test_arrangement_judge import JudgeCommon

FINAL = "Pour solde de tout compte"


class MatchCommon(JudgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_currency = cls.setup_other_currency("EUR")

    def setUp(self):
        super().setUp()
        # `self.item` of 300 is 20 days late.
        self.newer = self._create_item(5, 200)
        self.older = self._create_item(40, 150)
        self._refresh()
        self.user = self._user("collector", "account.group_account_invoice")

    def _user(self, login, groups, company=None):
        company = company or self.company
        return new_test_user(
            self.env, login, groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    def _receive(self, amount, memo="", partner=None, currency=None):
        """Register a payment without an invoice; returns its open credit."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.customer).id,
                "amount": amount,
                "date": self.today,
                "memo": memo,
                "currency_id": (currency or self.company.currency_id).id,
                "payment_method_line_id": self.inbound_payment_method_line.id,
            }
        )
        payment.action_post()
        return self._line(payment.move_id)

    def _window(self, credit=None, user=None, company=None):
        action = (
            self.env["collection.match.payment"]
            .with_user(user or self.user)
            ._action_open(self.customer, company or self.company, credit)
        )
        self.env.flush_all()  # as at the end of a request
        return self.env["collection.match.payment"].with_user(user or self.user).browse(action["res_id"])

    def _proposed(self, window):
        """Return what is proposed as {invoice: amount}, without what gets nothing."""
        return {line.move_id: line.amount for line in window.line_ids if line.amount}

    def _allocations(self):
        return self.env["collection.allocation"].search([("partner_id", "=", self.customer.id)], order="id")

    def _row(self, window, move):
        return window.line_ids.filtered(lambda line: line.move_id == move)


@tagged("post_install", "-at_install")
class TestMatchPayment(MatchCommon):
    # === WHAT IS PROPOSED === #

    def test_without_a_word_the_oldest_debt_is_paid_first(self):
        window = self._window(self._receive(400))
        self.assertEqual(self._proposed(window), {self.older: 150, self.item: 250})
        self.assertIn("Legal order", self._row(window, self.item).why)
        window.action_match()
        self.assertEqual(
            [(row.document, row.amount, row.basis, row.user_id) for row in self._allocations()],
            [
                (self.older.name, 150, "statutory", self.user),
                (self.item.name, 250, "statutory", self.user),
            ],
        )
        self.assertEqual([move.amount_residual for move in (self.older, self.item, self.newer)], [0, 50, 200])

    def test_what_the_payer_named_comes_first(self):
        credit = self._receive(250, f"Payment of {self.newer.name.replace('/', ' ').lower()}")
        window = self._window(credit)
        self.assertEqual(self._proposed(window), {self.newer: 200, self.older: 50})
        window.action_match()
        self.assertEqual(
            {row.document: row.basis for row in self._allocations()},
            {self.newer.name: "designated", self.older.name: "statutory"},
        )
        self.assertIn(self.newer.name.lower().replace("/", " "), self._allocations()[0].payment_words)
        self.assertTrue(credit.reconciled)

    def test_what_was_agreed_comes_before_the_legal_order(self):
        plan = self._running(((7, 100), (37, 100)), moves=self.newer)
        window = self._window(self._receive(120))
        self.assertEqual(self._proposed(window), {self.newer: 120})
        self.assertIn(plan.name, self._row(window, self.newer).why)
        window.action_match()
        allocation = self._allocations()
        self.assertEqual((allocation.basis, allocation.arrangement_id), ("agreed", plan))
        self.assertEqual((plan.amount_paid, plan.amount_left), (120, 80))
        self.assertIn("matched", plan.event_ids.mapped("code"))
        self.assertEqual(plan.allocation_count, 1)

    def test_the_order_of_a_pack_is_named(self):
        pack = self.env["collection.rule.pack"].search([], limit=1).copy()
        pack.definition = json.dumps({**json.loads(pack.definition), "payment_order": ["costs", "interest", "principal"]})
        self.policy.pack_ids = pack
        window = self._window(self._receive(100))
        self.assertEqual(window.pack_id, pack)
        self.assertIn(pack.name, self._row(window, self.older).why)
        window.action_match()
        self.assertEqual(self._allocations().pack_id, pack)

    def test_of_several_payments_one_is_chosen_in_the_window(self):
        self._receive(100)
        second = self._receive(200, f"invoice {self.newer.name}")
        with Form(self._window()) as form:
            self.assertEqual(form.credit_amount, 100)
            form.credit_id = second
            self.assertEqual(form.amount_matched, 200)
            with form.line_ids.edit(2) as row:
                self.assertEqual((row.move_id, row.amount, row.why), (self.newer, 200, "Named by the payer"))
                row.amount = 150
            with form.line_ids.edit(0) as row:
                row.amount = 30
            self.assertEqual((form.amount_matched, form.amount_left), (180, 20))
        form.record.action_match()
        self.assertEqual({row.document: row.amount for row in self._allocations()}, {self.older.name: 30, self.newer.name: 150})
        self.assertEqual(second.amount_residual, -20)

    def test_credit_notes_and_what_is_matched_are_no_money_to_match(self):
        self._create_refund(30)
        self._pay(self.newer, 200)
        with self.assertRaisesRegex(UserError, "matched already"):
            self._window()

    # === CONFIRMING === #

    def test_other_amounts_can_be_chosen_and_say_so(self):
        credit = self._receive(400)
        window = self._window(credit)
        self._row(window, self.older).amount = 10.01
        self._row(window, self.item).amount = 0
        self._row(window, self.newer).amount = 120.5
        self.assertEqual(self._row(window, self.newer).why, "Chosen by you")
        self.assertEqual((window.amount_matched, window.amount_left), (130.51, 269.49))
        window.action_match()
        rows = self._allocations()
        self.assertEqual(
            [(row.amount, row.proposed, row.basis) for row in rows], [(10.01, 150, "by_hand"), (120.5, 0, "by_hand")]
        )
        self.assertEqual(credit.amount_residual, -269.49)
        self.assertEqual([move.amount_residual for move in (self.older, self.item, self.newer)], [139.99, 300, 79.5])
        self.assertEqual(rows.mapped("partial_id.amount"), [10.01, 120.5])

    def test_the_rest_can_be_matched_later_and_nothing_counts_twice(self):
        credit = self._receive(400)
        window = self._window(credit)
        self._row(window, self.older).amount = 100
        self._row(window, self.item).amount = 0
        window.action_match()
        window = self._window(credit)
        self.assertEqual(window.credit_amount, 300)
        self.assertEqual(self._proposed(window), {self.older: 50, self.item: 250})
        window.action_match()
        self.assertTrue(credit.reconciled)
        self.assertEqual(sum(self._allocations().mapped("amount")), 400)

    def test_bad_amounts_are_refused(self):
        window = self._window(self._receive(350))
        self._row(window, self.older).amount = 0
        self._row(window, self.item).amount = 300
        self._row(window, self.newer).amount = 50
        for move, amount, words in (
            (self.item, 300.01, "Lower them by .*0.01"),
            (self.older, 0.01, "Lower them by .*0.01"),
            (self.newer, 0.01 - 300, "below nothing"),
        ):
            with self.subTest(words=words, amount=amount):
                row = self._row(window, move)
                before, row.amount = row.amount, amount
                with self.assertRaisesRegex(UserError, words):
                    window.action_match()
                row.amount = before
        self._row(window, self.newer).amount = 0
        self._row(window, self.item).amount = 300.01
        with self.assertRaisesRegex(UserError, "only .*300.00 is open"):
            window.action_match()
        self.assertFalse(self._allocations())
        window.line_ids.amount = 0
        with self.assertRaisesRegex(UserError, "Nothing is matched"):
            window.action_match()

    def test_a_debt_that_is_there_twice_is_refused(self):
        window = self._window(self._receive(400))
        self._row(window, self.older).copy({"wizard_id": window.id, "amount": 50})
        self._row(window, self.item).amount = 100
        with self.assertRaisesRegex(UserError, "there twice"):
            window.action_match()

    def test_a_debt_paid_meanwhile_is_refused(self):
        window = self._window(self._receive(400))
        self._pay(self.older)
        with self.assertRaisesRegex(UserError, "paid or taken back meanwhile"):
            window.action_match()
        self.assertEqual(self.item.amount_residual, 300)

    def test_money_used_meanwhile_is_refused(self):
        credit = self._receive(400)
        window, other = self._window(credit), self._window(credit)
        other.action_match()
        with self.assertRaisesRegex(UserError, "matched meanwhile"):
            window.action_match()
        self.assertEqual(len(self._allocations()), 2)

    def test_only_documents_of_the_customer_in_the_currency_are_matched(self):
        abroad = self._create_item(60, 90, currency_id=self.other_currency.id)
        stranger = self._create_item(10, 50, partner=self._create_customer("Deco Addict"))
        credit = self._receive(100)
        window = self._window(credit)
        self.assertNotIn(abroad, window.line_ids.move_id)
        self.assertIn("another currency", window.other_text)
        for move, words in ((abroad, "the payment in"), (stranger, "is not a document of")):
            with self.subTest(words=words):
                row = self._row(window, self.older)
                row.write({"line_id": self._line(move).id, "amount": 10})
                with self.assertRaisesRegex(UserError, words):
                    window.action_match()
                row.write({"line_id": self._line(self.older).id})

    def test_a_part_of_foreign_money_is_matched_at_its_rate(self):
        currency = self.other_currency
        first = self._create_item(60, 90, currency_id=currency.id)
        second = self._create_item(50, 60, currency_id=currency.id)
        credit = self._receive(100, currency=currency)
        window = self._window(credit)
        self._row(window, first).amount = 33.33
        self._row(window, second).amount = 21.1
        window.action_match()
        self.assertEqual((first.amount_residual, second.amount_residual), (56.67, 38.9))
        self.assertAlmostEqual(credit.amount_residual_currency, -45.57)
        window = self._window(credit)
        window.action_match()
        self.assertTrue(credit.reconciled)
        self.assertEqual(credit.amount_residual, 0)
        self.assertEqual((first.amount_residual, second.amount_residual), (11.1, 38.9))

    def test_a_part_of_foreign_money_at_another_rate_leaves_nothing_behind(self):
        currency = self.setup_other_currency("GBP", rates=[("2020-01-01", 2.0), ("2026-03-10", 3.0)])
        first = self._create_item(60, 90, currency_id=currency.id)
        second = self._create_item(50, 60, currency_id=currency.id)
        credit = self._receive(100, currency=currency)
        window = self._window(credit)
        self._row(window, first).amount = 33.33
        self._row(window, second).amount = 21.1
        window.action_match()
        self.assertAlmostEqual(credit.amount_residual_currency, -45.57)
        self.assertAlmostEqual(credit.amount_residual, -15.19)  # a third of it, at the payment's own rate
        self._window(credit).action_match()
        self.assertEqual((credit.amount_residual, credit.amount_residual_currency), (0, 0))
        credit = self._receive(50, currency=currency)
        self._window(credit).action_match()
        for line in (self._line(first), self._line(second), credit):
            self.assertEqual((line.amount_residual, line.amount_residual_currency, line.reconciled), (0, 0, True))

    def test_a_bank_transaction_is_assigned_and_matched(self):
        transaction = self._receive_at_bank(500)
        transaction.payment_ref = f"INV {self.newer.name}"
        accountant = self._user("accountant", "account.group_account_manager")
        window = self._window(user=accountant)
        self.assertEqual(self._proposed(window), {self.newer: 200, self.older: 150, self.item: 150})
        window.action_match()
        self.assertTrue(transaction.is_reconciled)
        self.assertEqual([move.amount_residual for move in (self.older, self.item, self.newer)], [0, 150, 0])

    def test_who_may_not_assign_a_bank_transaction_is_told_whom_to_ask(self):
        self._receive_at_bank(100)
        with self.assertRaisesRegex(AccessError, "Ask somebody who works with the bank"):
            self._window().action_match()

    # === AFTERWARDS === #

    def test_what_was_matched_is_kept_and_says_when_it_was_taken_back(self):
        credit = self._receive(150)
        self._window(credit).action_match()
        allocation = self._allocations()
        self.assertTrue(allocation.stands)
        with self.assertRaises(UserError):
            allocation.sudo().amount = 1
        with self.assertRaises(UserError):
            allocation.sudo().unlink()
        credit.remove_move_reconcile()
        allocation.invalidate_recordset()
        self.assertFalse(allocation.stands)
        self.assertEqual(allocation.amount, 150)

    def test_the_case_shows_money_not_matched_and_leads_to_the_window(self):
        self._receive(150, "Thank you")
        case = self._case().with_user(self.user)
        self.assertRegex(case.unmatched_text, "150.00.*Thank you")
        action = case.action_match_payment()
        self.env["collection.match.payment"].with_user(self.user).browse(action["res_id"]).action_match()
        case.invalidate_recordset()
        self.assertFalse(case.unmatched_text)
        self.assertEqual(case.allocation_count, 1)

    def test_it_opens_from_the_payment_and_from_the_arrangement(self):
        plan = self._running(((7, 100), (37, 100)), moves=self.newer)
        self._receive(20)
        credit = self._receive(100)
        payment = credit.move_id.origin_payment_id.with_user(self.user)
        self.assertTrue(payment.collection_has_open_credit)
        action = payment.action_collection_match_payment()
        self.assertEqual(self.env["collection.match.payment"].browse(action["res_id"]).credit_id, credit)
        self.assertTrue(plan.with_user(self.user).has_unmatched)
        plan.with_user(self.user).action_match_payment()
        invoice = self.older.with_user(self.user)
        self.assertFalse(invoice.collection_has_open_credit)
        with self.assertRaises(UserError):
            invoice.action_collection_match_payment()

    # === RIGHTS === #

    def test_only_people_who_work_with_invoices_match(self):
        credit = self._receive(100)
        reader = self._user("reader", "base.group_user,account.group_account_readonly")
        with self.assertRaises(AccessError):
            self._window(credit, user=reader)
        window = self._window(credit)
        with self.assertRaises(AccessError):
            window.with_user(reader).action_match()
        with self.assertRaises(AccessError):
            window.with_user(reader).sudo()._check_may_match(self.company)

    def test_another_company_is_not_touched(self):
        other = self.setup_other_company(name="Other Company")["company"]
        stranger = self._user("stranger", "account.group_account_invoice", other)
        credit = self._receive(100)
        with self.assertRaises(AccessError):
            self._window(credit, user=stranger)
        with self.assertRaises(AccessError):
            self._window(credit).with_user(stranger).action_match()
        self._window(credit).action_match()
        self.assertFalse(self.env["collection.allocation"].with_user(stranger).search([]))


@tagged("post_install", "-at_install")
class TestFullAndFinal(MatchCommon):
    def _notice(self):
        self._root_env()["collection.run"]._refresh_marked(self.now)

    def _noticed(self):
        return self.env["collection.final.payment"].search([("partner_id", "=", self.customer.id)])

    def _activities(self):
        return self._case().activity_ids.filtered(lambda activity: "full and final" in activity.summary)

    def test_it_stops_the_follow_up_once(self):
        self._receive(100, FINAL)
        self._notice()
        case = self._case()
        self.assertTrue(case.reply_unread_since)
        self.assertEqual(len(self._activities()), 1)
        contact = self._noticed().contact_id
        self.assertEqual((contact.kind, contact.case_id), ("answered", case))
        self.assertIn(FINAL, contact.note)
        self.env["collection.dirty"]._mark(self.customer.ids)
        self._notice()
        self._night_and_act()
        self.assertEqual((len(self._noticed()), len(self._activities())), (1, 1))
        self.assertFalse(self._sent())

    def test_the_night_notices_it_on_a_bank_transaction_too(self):
        transaction = self._receive_at_bank(100)
        transaction.payment_ref = "zur Abgeltung aller Ansprüche"
        self._night()
        self.assertEqual(self._noticed().amount, 100)
        self.assertEqual(len(self._activities()), 1)

    def test_it_is_not_read_away(self):
        self._receive(100, FINAL)
        self._notice()
        case = self._case().with_user(self.user)
        with self.assertRaisesRegex(UserError, "decide what it is"):
            case.action_mark_reply_read()
        self.assertTrue(case.reply_unread_since)

    def test_nothing_is_proposed_and_nothing_matched_before_a_decision(self):
        window = self._window(self._receive(100, FINAL))
        self.assertIn("solde de tout compte", window.final_text)
        self.assertFalse(window.line_ids)
        with self.assertRaisesRegex(UserError, "Nothing is matched"):
            window.action_match()
        self.env["collection.match.payment.line"].create(
            {"wizard_id": window.id, "line_id": self._line(self.older).id, "amount": 100}
        )
        with self.assertRaisesRegex(UserError, "Decide first"):
            window.action_match()
        self.assertEqual(self.older.amount_residual, 150)

    def test_a_part_payment_needs_a_reason_and_lets_the_follow_up_go_on(self):
        credit = self._receive(100, FINAL)
        self._notice()
        window = self._window(credit)
        window.decision = "part"
        self.assertEqual(self._proposed(window), {self.older: 100})
        with self.assertRaisesRegex(UserError, "write why"):
            window.action_match()
        window.note = "He rang: the rest follows."
        window.action_match()
        noticed = self._noticed()
        self.assertEqual((noticed.decision, noticed.user_id, noticed.note), ("part", self.user, "He rang: the rest follows."))
        self.assertTrue(credit.reconciled)
        case = self._case()
        self.assertFalse(case.reply_unread_since)
        self.assertFalse(self._activities())
        self.assertIn("the rest follows", " ".join(case.message_ids.mapped("body")))

    def test_a_decision_leaves_other_answers_unread(self):
        credit = self._receive(100, FINAL)
        self._notice()
        self._case().sudo()._receive_answer(
            self.now + timedelta(minutes=5), subject=False, body="One more thing", message_id="<more@example.com>",
            author=self.customer, address=False, channel="email",
        )
        window = self._window(credit)
        window.write({"decision": "part", "note": "Rang him."})
        window.action_match()
        self.assertTrue(self._case().reply_unread_since)

    def test_accepted_it_becomes_the_draft_of_a_settlement_and_pays_once_that_runs(self):
        credit = self._receive(400, FINAL)
        self._notice()
        window = self._window(credit)
        window.decision = "settlement"
        self.assertFalse(window.line_ids)
        with self.assertRaisesRegex(UserError, "write why"):
            window.action_settle()
        window.note = "He closes his shop."
        action = window.action_settle()
        form_view = self.env.ref("collections_relationship.view_collection_arrangement_agree_form")
        with Form(self.env["collection.arrangement"].with_context(**action["context"]), form_view) as form:
            pass
        draft = form.record
        self.assertEqual([(line.date, line.amount) for line in draft.line_ids], [(self.today, 400)])
        self.assertEqual((draft.kind, draft.amount_agreed, draft.amount_waived), ("settlement", 400, 250))
        self.assertEqual(draft._check_complete(), None)
        self.assertEqual(self._noticed().decision, "settlement")
        self.assertEqual(credit.amount_residual, -400)
        window = self._window(credit)
        self.assertFalse(window.line_ids)
        self.assertIn("He closes his shop.", window.decided_text)
        plan = self._running(((7, 100), (37, 100)), moves=self.newer)
        self.assertFalse(self._window(credit).line_ids, "a plan is no settlement")
        plan._cancel(self.now)
        self.env.flush_all()
        draft.sudo()._move("active", self.now, values={"started_on": self.today})
        window = self._window(credit)
        self.assertEqual(self._proposed(window), {self.older: 150, self.item: 250})
        window.action_match()
        self.assertEqual(set(self._allocations().mapped("basis")), {"agreed"})

    def test_the_draft_pays_first_what_the_payer_named(self):
        credit = self._receive(400, f"{self.newer.name} {FINAL}")
        window = self._window(credit)
        window.note = "He closes his shop."
        values = window.action_settle()["context"]
        waived = {
            item[2]["line_id"]: item[2]["waived_amount"] for item in values["default_item_ids"] if item[2]["waived_amount"]
        }
        self.assertEqual(waived, {self._line(self.item).id: 250})

    def test_nobody_settles_with_another_customers_money(self):
        window = self._window(self._receive(100, FINAL))
        stranger = self._create_customer("Deco Addict")
        credit = self._receive(100, FINAL, partner=stranger)
        window.write({"credit_id": credit.id, "note": "He closes his shop.", "decision": "settlement"})
        window.line_ids.create({"wizard_id": window.id, "line_id": self._line(self.older).id, "amount": 100})
        for press in (window.action_settle, window.action_match):
            with self.assertRaisesRegex(UserError, "not of Azure Interior"):
                press()
        self.assertFalse(self.env["collection.final.payment"].search([("credit_line_id", "=", credit.id)]))

    def test_what_somebody_has_just_decided_is_not_noticed_again(self):
        credit = self._receive(100, FINAL)
        window = self._window(credit)
        window.write({"decision": "part", "note": "Rang him."})
        window.action_match()
        noticed = self._noticed()
        row = (credit.id, self.customer.id, self.company.id, credit.currency_id.id, 100, FINAL)
        self.assertFalse(self.env["collection.final.payment"].sudo()._note_once([row], self.now))
        self.assertEqual(self._noticed(), noticed)

    def test_several_cases_at_once_are_not_read_away(self):
        other = self._create_customer("Deco Addict")
        self._create_item(20, 100, partner=other)
        self._refresh()
        self._receive(100, FINAL, partner=other)
        self._root_env()["collection.final.payment"]._notice(self.now, self.company)
        cases = self._case() | self._case(other)
        with self.assertRaisesRegex(UserError, "Deco Addict"):
            cases.action_mark_reply_read()

    def test_cases_at_once_each_name_their_own_money(self):
        other = self._create_customer("Deco Addict")
        self._create_item(20, 100, partner=other)
        self._refresh()
        self._receive(30, "Oak table", partner=other)
        mine, others = self._case(), self._case(other)
        (mine | others).invalidate_recordset(["unmatched_text"])
        self.assertIn("Oak table", others.unmatched_text)
        self.assertFalse(mine.unmatched_text)

    def test_money_without_a_case_is_not_an_answer(self):
        self._receive(100, FINAL, partner=self._create_customer("Deco Addict"))
        self._night()
        self.assertFalse(self.env["collection.final.payment"].search([]))
