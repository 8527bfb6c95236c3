"""What a customer hears about an arrangement: the right words once, at the right time, and nothing that is no longer so."""
import html
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext
from odoo.tools.misc import format_date

from .test_arrangement_judge import JudgeCommon


@tagged("post_install", "-at_install")
class TestMessages(JudgeCommon):
    def _settlement(self):
        """Return one that runs: 200 of 300 are to be paid, as if an accountant had said yes."""
        settlement = self._arrangement(((5, 200),))
        settlement.item_ids.waived_amount = 100
        settlement._start(self.now)
        return settlement

    def _purposes_sent(self):
        return self._sent().mapped("purpose")

    def _words_sent(self):
        """Return the words of the latest message, without markup."""
        return html2plaintext(self._sent()[-1].content_id.body_html, include_references=False).replace("*", "")

    def test_an_offer_is_told_with_its_payments_and_asks_for_no_money(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        step = offer.step_ids
        self.assertEqual((step.purpose, step.state, step.is_asking), ("plan_offered", "approved", False))
        self._act()
        [contact] = self._sent()
        self.assertFalse(contact.is_asking)
        self.assertEqual(contact.facts["arrangement"]["id"], offer.id)
        body = str(contact.content_id.body_html)
        self.assertIn("300.00", body)
        self.assertEqual(body.count("100.00"), 3)
        self.assertIn("March 23, 2026", body, "until its first payment it stands")

    def test_each_kind_is_confirmed_in_its_own_words(self):
        for payments, purpose in (
            (((5, 300),), "promise_noted"),
            (((13, 300),), "grace_given"),
            (((5, 150), (35, 150)), "plan_confirmed"),
        ):
            with self.subTest(purpose=purpose):
                self.item = self._create_item(20, 300)
                self._refresh()
                self.assertEqual(self._running(payments).step_ids.mapped("purpose"), [purpose])
                self._act()
                self.assertEqual(self._purposes_sent()[-1], purpose)
                self.assertNotIn("{{", str(self._sent()[-1].content_id.body_html))

    def test_a_settlement_names_what_it_covers_even_when_paid(self):
        settlement = self._settlement()
        self._act()
        body = str(self._sent()[-1].content_id.body_html)
        for words in (self.item.name, "200.00", "100.00"):
            self.assertIn(words, body)
        self._credit(self.item, 100)
        self._pay(self.item, 200)
        self._refresh()
        settlement._end("kept", self.now, "kept")
        settlement._tell("kept", self.now)
        self._act()
        self.assertEqual(self._purposes_sent()[-1], "settlement_confirmed")
        self.assertIn(self.item.name, str(self._sent()[-1].content_id.body_html))

    def test_it_is_never_counted_as_a_message_that_asks(self):
        self._create_item(30, 80)
        self._refresh()
        self._running()
        self._act()
        self._night_and_act()
        self.assertEqual(self._purposes_sent(), ["plan_confirmed", "friendly_reminder"])

    def test_a_payment_that_is_near_is_remembered_once(self):
        plan = self._running()
        self._act()
        self._move_to(3)
        self._judge()
        self.assertEqual(self._told(plan), ["plan_confirmed"])
        self._move_to(1)
        self._judge()
        self._judge()
        self.assertEqual(self._told(plan), ["plan_confirmed", "instalment_soon"])
        self._act()
        body = str(self._sent()[-1].content_id.body_html)
        self.assertIn("March 23, 2026", body)
        self.assertIn("number 1 of 3", body)
        self.assertIn("/collections/pay/", body)

    def test_a_promise_is_remembered_on_the_day_before(self):
        promise = self._running(((5, 300),))
        for days, told in ((3, []), (1, ["promise_due"])):
            self._move_to(days)
            self._judge()
            self.assertEqual(self._told(promise)[1:], told)
        self._act()
        self.assertIn("promise_due", self._purposes_sent())

    def test_who_pays_before_the_reminder_leaves_gets_none(self):
        plan = self._running()
        self._act()
        self._move_to(4)
        self._judge()
        self._pay(self.item, 100)
        self._root_env()["collection.run"]._refresh_dirty(self.now)
        self._act()
        soon = plan.step_ids.filtered(lambda step: step.purpose == "instalment_soon")
        self.assertEqual((soon.state, soon.cancel_code), ("cancelled", "arrangement_moved"))
        self.assertEqual(self._purposes_sent(), ["plan_confirmed", "instalment_received"])

    def test_a_reminder_of_tomorrow_is_not_sent_on_the_day(self):
        promise = self._running(((5, 300),))
        self._act()
        self._move_to(4)
        self._judge()
        self._move_to(1)
        self._act()
        self.assertEqual(promise.step_ids.sorted("id")[-1].cancel_code, "arrangement_moved")

    def test_what_was_missed_is_asked_about_gently_once(self):
        plan = self._running()
        self._act()
        self._move_to(15)
        self._judge()
        self._act()
        self._judge()
        self._act()
        self.assertEqual(self._purposes_sent(), ["plan_confirmed", "instalment_missed"])
        body = str(self._sent()[-1].content_id.body_html)
        self.assertIn("March 23, 2026", body)
        self.assertEqual(plan.state, "active")

    def test_thanks_name_what_came_in_one_message(self):
        self._running()
        self._act()
        self._pay(self.item, 200)
        self._judge()
        self._act()
        self.assertEqual(self._purposes_sent(), ["plan_confirmed", "plan_nearly_done"])
        self.assertIn("200.00", str(self._sent()[-1].content_id.body_html))
        self.item = self._create_item(20, 400)
        self._refresh()
        self._running(((7, 100), (37, 100), (67, 100), (97, 100)))
        self._pay(self.item, 200)
        self._judge()
        self._act()
        self.assertEqual(self._purposes_sent()[-1], "instalment_received")
        self.assertIn("200.00", str(self._sent()[-1].content_id.body_html))

    def test_thanks_name_the_whole_sum_what_it_pays_and_what_comes_next(self):
        self._running()
        self._act()
        self._pay(self.item, 130)
        self._judge()
        self._act()
        words = self._words_sent()
        self.assertIn("130.00 from you reached us on March 16, 2026", words)
        self.assertIn("you have paid 1 of our 3 payments, and $\xa030.00 of the next one", words)
        self.assertIn("Next comes $\xa070.00 on April 22, 2026. Until April 22, 2026 there is nothing for you to do.", words)
        self.assertIn("Left in all: $\xa0170.00", words)
        self.assertIn("/collections/offer/", str(self._sent()[-1].content_id.body_html))

    def test_a_part_of_a_payment_is_thanked_for_and_the_rest_named(self):
        plan = self._running()
        self._act()
        self._pay(self.item, 40)
        self._judge()
        self._judge()
        self._act()
        self.assertEqual(self._purposes_sent(), ["plan_confirmed", "partly_paid"])
        words = self._words_sent()
        self.assertIn("40.00 has reached us", words)
        self.assertIn("March 23, 2026, number 1 of 3", words)
        self.assertIn("60.00 is still to come", words)
        self._move_to(15)
        self._judge()
        self._act()
        self.assertEqual(self._told(plan), ["plan_confirmed", "partly_paid", "partly_paid"])
        words = self._words_sent()
        self.assertIn("Here already: $\xa040.00", words)
        self.assertIn("Still to come: $\xa060.00 (payment 1 of 3)", words)

    def test_a_part_that_comes_after_the_note_is_thanked_for(self):
        plan = self._running()
        self._act()
        self._move_to(15)
        self._judge()
        self._act()
        self._pay(self.item, 40)
        self._judge()
        self.assertEqual(self._told(plan), ["plan_confirmed", "instalment_missed", "partly_paid"])

    def test_a_credit_note_is_told_with_what_is_left(self):
        plan = self._running()
        self._act()
        self._credit(self.item, 150)
        self._judge()
        self._judge()
        self._act()
        self.assertEqual(self._told(plan), ["plan_confirmed", "plan_reduced"])
        words = self._words_sent()
        self.assertIn("we have taken $\xa0150.00 off for you. What is left in all: $\xa0150.00", words)
        self.assertEqual([line["amount"] for line in plan.step_ids.sorted("id")[-1].details["plan"]], [100, 50])

    def test_a_settlement_is_remembered_with_what_is_at_stake(self):
        settlement = self._settlement()
        self._act()
        self._move_to(4)
        self._judge()
        self._act()
        self.assertEqual(self._told(settlement), ["settlement_agreed", "settlement_soon"])
        self.assertIn("you need not pay the other $\xa0100.00", self._words_sent())

    def test_a_settlement_in_two_payments_names_both(self):
        settlement = self._arrangement(((5, 80), (35, 120)))
        settlement.item_ids.waived_amount = 100
        settlement._start(self.now)
        self._act()
        words = self._words_sent()
        for known in ("Mar 21, 2026", "80.00", "Apr 20, 2026", "120.00", "name a last day"):
            self.assertIn(known, words)

    def test_of_a_promise_nobody_says_that_it_is_the_first_of_one(self):
        self._running(((5, 300),))
        self._act()
        self._pay(self.item, 100)
        self._judge()
        self._act()
        words = self._words_sent()
        self.assertIn("200.00 is still to come", words)
        self.assertNotIn("of 1", words)

    def test_a_promise_forgiven_is_told_as_our_offer(self):
        self._limit(forgiveness="shift")
        promise = self._running(((5, 300),))
        self._act()
        self._move_to(12)
        self._judge()
        self._act()
        self.assertEqual(self._told(promise), ["promise_noted", "date_moved"])
        words = self._words_sent()
        self.assertIn("The payment planned for March 21, 2026 is still open.", words)
        self.assertIn(f"from March 21, 2026 to {self._long(promise.line_ids.date)}", words)
        self.assertNotIn("agreed, thank you", words)

    def test_a_plan_moves_only_after_the_note_has_left_and_says_so(self):
        self._limit(forgiveness="shift", forgiveness_days=7)
        plan = self._running()
        self._act()
        self._move_to(15)
        self._judge()
        self._move_to(20)
        self._judge()
        self.assertEqual(plan.forgiven_count, 0, "the note has not left")
        self._act()
        self._move_to(7)
        self._judge()
        self._act()
        self.assertEqual((plan.forgiven_count, self._purposes_sent()[-1]), (1, "date_moved"))
        self.assertIn(f"from March 23, 2026 to {self._long(plan.date_last)}", self._words_sent())

    def test_the_page_says_what_was_moved_and_what_is_paid_ahead(self):
        plan = self._running()
        self._pay(self.item, 130)
        self._judge()
        states = [line.state for line in plan._terms(plan._speech("en_US")).lines]
        self.assertEqual(states, ["Paid", "Partly paid, $\xa070.00 to go", ""])
        plan._change("shift", self.now)
        moved = plan._terms(plan._speech("en_US")).lines[-1]
        self.assertEqual((moved.amount, moved.state), ("$\xa070.00", "Moved from Apr 22, 2026"))

    def test_nothing_is_forgiven_or_broken_while_an_answer_is_unread(self):
        self._limit(forgiveness="extra_days")
        promise = self._running(((5, 300),))
        self._act()
        case = self._case()
        case.sudo().reply_unread_since = self.now
        self._move_to(20)
        self._judge()
        self.assertEqual((promise.state, promise.forgiven_count, self._told(promise)), ("active", 0, ["promise_noted"]))
        case.action_mark_reply_read()
        self._judge()
        self.assertEqual(self._told(promise), ["promise_noted", "date_moved"])

    def test_a_promise_noted_names_invoice_account_and_page(self):
        self._running(((5, 300),))
        self._act()
        body = str(self._sent()[-1].content_id.body_html)
        self.assertIn(self.item.name, body)
        self.assertIn("/collections/offer/", body)

    def test_the_reference_is_the_same_in_mail_page_and_paper(self):
        second = self._create_item(10, 150)
        self._refresh()
        plan = self._running(((7, 350), (37, 100)), self.item | second)
        references = {row["reference"] for row in plan.step_ids._named_rows([])}
        self.assertEqual(references, {plan._pay_reference()})
        self.assertEqual(references, {plan.name})
        step = plan.step_ids
        self.assertEqual(step._pay_reference(step._pay_choice(step._pay_groups(self.now)[0])), plan.name)

    def test_who_kept_it_is_thanked_once(self):
        self._night_and_act()
        plan = self._running(((7, 300),))
        self._act()
        self._pay(self.item, 300)
        self._root_env()["collection.run"]._refresh_dirty(self.now)
        self._act()
        self.assertEqual(plan.state, "kept")
        self.assertEqual(self._purposes_sent()[-1], "payment_received")
        self.assertNotIn("account_settled", self._purposes_sent())

    def test_one_payment_is_not_offered_as_a_plan(self):
        for days in (5, 13):
            with self.subTest(days=days):
                self.item = self._create_item(20, 300)
                self._refresh()
                offer = self._arrangement(((days, 300),))
                offer._submit(self.now, "offer")
                self.assertEqual(offer.step_ids.purpose, "promise_offered")
                self._act()
                body = self._sent()[-1].content_id.body_html
                self.assertIn("300.00", body)
                self.assertIn(self.item.name, body)
                self.assertIn("/collections/offer/", body)
                self.assertNotIn("plan", body.lower())

    def test_an_offer_names_its_invoices(self):
        self._arrangement()._submit(self.now, "offer")
        self._act()
        body = str(self._sent()[-1].content_id.body_html)
        self.assertIn(self.item.name, body)
        self.assertIn(format_date(self.env, self.item.invoice_date_due, lang_code="en_US", date_format="medium"), body)

    def _until(self, days):
        return self.today + timedelta(days=days)

    def _side_by_side(self):
        """Return two offers of which the customer may choose one: three payments, or one of less."""
        first = self._arrangement(is_alternative=True, date_until=self._until(6))
        first._submit(self.now, "offer")
        second = self._arrangement(((5, 200),), is_alternative=True, replaces_id=first.id, date_until=self._until(4))
        second.item_ids.waived_amount = 100
        second._offer(self.now)
        return first, second

    def test_offers_side_by_side_are_told_in_one_message_as_a_choice(self):
        first, second = self._side_by_side()
        self.assertEqual((first.state, second.state), ("offered", "offered"))
        steps = (first + second).step_ids
        self.assertEqual(steps.filtered(lambda step: step.state == "approved").mapped("purpose"), ["choice_offered"])
        self._act()
        [contact] = self._sent()
        body = str(contact.content_id.body_html)
        less = "need not pay the other $\N{NO-BREAK SPACE}100.00"
        for words in ("these 2 offers", "Offer 1", "in 3 payments", "Offer 2", less):
            self.assertIn(words, body)
        self.assertIn("March 20, 2026", body, "the day by which both can still be chosen")
        self.assertEqual([offer["id"] for offer in contact.facts["arrangement"]["details"]["offers"]], [first.id, second.id])

    def test_an_offer_put_beside_one_already_told_is_told_as_a_choice(self):
        first = self._arrangement(is_alternative=True)
        first._submit(self.now, "offer")
        self._act()
        second = self._arrangement(((5, 300),), is_alternative=True, replaces_id=first.id)
        second._submit(self.now, "offer")
        self._act()
        self.assertEqual(self._purposes_sent(), ["plan_offered", "choice_offered"])

    def test_a_choice_that_shrinks_before_it_leaves_is_told_anew(self):
        first, second = self._side_by_side()
        second._cancel(self.now)
        self._act()
        self.assertEqual(self._purposes_sent(), ["plan_offered"])
        self.assertEqual(self._sent().facts["arrangement"]["id"], first.id)

    def test_what_is_agreed_on_leads_to_its_page(self):
        for payments, waived in ((((5, 300),), 0), (((13, 300),), 0), (((5, 150), (35, 150)), 0), (((5, 200),), 100)):
            with self.subTest(payments=payments, waived=waived):
                self.item = self._create_item(20, 300)
                self._refresh()
                agreed = self._arrangement(payments)
                agreed.item_ids.waived_amount = waived
                agreed._start(self.now)
                self._act()
                body = str(self._sent()[-1].content_id.body_html)
                self.assertIn(agreed._page_link(agreed.step_ids), html.unescape(body))
                self.assertIn("See the agreement", body)

    def test_what_is_agreed_on_comes_along_as_pdf(self):
        running = self._running()
        step = running.step_ids
        [file] = step._render_safely(self.now)[step.id].files
        self.assertEqual(file.content, running.paper_id.raw)
        self.assertNotIn("/", file.name)
        log = "odoo.addons.collections_relationship.models.collection_step_arrangement"
        with patch.object(type(running), "_paper", side_effect=UserError("no printer")), self.assertLogs(log, "WARNING"):
            self.assertFalse(step._render_safely(self.now)[step.id].files, "the mail leaves all the same")

    def test_a_settlement_agreed_on_is_no_news_to_who_said_yes(self):
        ours = self._settlement()
        self.assertEqual(ours.step_ids.purpose, "settlement_agreed")
        self.item = self._create_item(20, 300)
        self._refresh()
        his = self._arrangement(((5, 200),), proposed_by="customer")
        his.item_ids.waived_amount = 100
        his._start(self.now)
        self.assertEqual(his.step_ids.purpose, "settlement_approved")

    def test_what_the_customer_proposed_is_not_told_to_him(self):
        proposal = self._arrangement(proposed_by="customer")
        proposal._submit(self.now, "offer", origin="page")
        self.assertFalse(proposal.step_ids)

    def test_an_offer_taken_back_is_not_sent(self):
        offer = self._arrangement()
        offer._submit(self.now, "offer")
        offer._cancel(self.now)
        self._act()
        self.assertFalse(self._sent())
        self.assertEqual(offer.step_ids.cancel_code, "arrangement_moved")

    def test_who_cannot_be_told_is_noted_with_why(self):
        self.customer.email = False
        plan = self._running()
        self.assertFalse(plan.step_ids)
        self.assertIn("not told", " ".join(plan.message_ids.mapped("body")))

    def test_each_message_says_why_it_leaves(self):
        plan = self._running()
        self.assertEqual(plan.step_ids.reason_text, "Something was agreed on with the customer.")

    def test_a_settlement_ends_only_after_a_note_with_the_last_day(self):
        settlement = self._settlement()
        self._act()
        self._pay(self.item, 50)
        self._move_to(20)
        self._judge()
        self.assertEqual((settlement.state, self._told(settlement)), ("active", ["settlement_agreed", "settlement_missed"]))
        self._move_to(9)
        self._judge()
        self.assertEqual(settlement.state, "active", "the note has not left")
        self._act()
        last_day = self.today + timedelta(days=7)
        words = self._words_sent()
        self.assertIn(f"open for you until {self._long(last_day)}", words)
        self.assertIn("50.00 has arrived, thank you", words)
        self.assertIn("you need not pay the other $\xa0100.00", words)
        self._move_to(7)
        self._judge()
        self.assertEqual(settlement.state, "active", "its last day is not over")
        self._move_to(1)
        self._judge()
        self._act()
        self.assertEqual((settlement.state, settlement.end_code), ("lapsed", "not_paid"))
        self.assertEqual(self._purposes_sent()[-1], "settlement_lapsed")
        self.assertIn("our agreement has ended", self._words_sent())

    def test_a_settlement_paid_by_the_last_day_does_not_lapse(self):
        settlement = self._settlement()
        self._act()
        self._move_to(20)
        self._judge()
        self._act()
        self._move_to(6)
        self._pay(self.item, 200)
        self._judge()
        self._move_to(9)
        self._judge()
        self.assertEqual(settlement.line_ids.state, "late")
        self.assertNotIn("settlement_lapsed", self._told(settlement))

    def test_a_settlement_nobody_can_be_told_about_waits_for_a_person(self):
        settlement = self._settlement()
        self.customer.email = False
        for _week in range(3):
            self._move_to(20)
            self._judge()
        self.assertEqual(settlement.state, "active")
        self.assertEqual(len(settlement.activity_ids), 1)
