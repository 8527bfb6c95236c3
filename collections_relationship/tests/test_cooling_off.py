from datetime import datetime, time, timedelta
from itertools import pairwise

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.collection_template import MILD_PURPOSES
from .common import TODAY
from .test_holds import HoldCommon

DAYS = 10


@tagged("post_install", "-at_install")
class CoolingOffCommon(HoldCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._create_user("clara", "account.group_account_invoice,base.group_partner_manager")
        cls.reader = cls._create_user("rita", "account.group_account_readonly")
        cls.invoice = cls._create_item(32)

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env, login, groups=groups, company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)]
        )

    def setUp(self):
        super().setUp()
        self._refresh()

    def _click(self, record=None, method="action_cool_off", user=None):
        """Click the button where the clock shows the test's moment; return what the browser gets."""
        record = record or self._case()
        with freeze_time(self.now):
            return getattr(record.with_user(user or self.collector).with_company(self.company), method)()

    def _pauses(self, partner=None):
        return self.env["collection.hold"].search([("partner_id", "=", (partner or self.customer).id)])

    def _message_of(self, action):
        return action["params"]["message"]


@tagged("post_install", "-at_install")
class TestOneClick(CoolingOffCommon):
    """After a difficult conversation one click leaves the customer alone."""

    def test_one_click_pauses_everything_for_the_days_of_the_policy(self):
        self._create_item(8)
        action = self._click()
        hold = self._pauses()
        self.assertEqual((hold.reason, hold.move_id.id, hold.company_id), ("cooling_off", False, self.company))
        self.assertEqual((hold.date_start, hold.date_end), (TODAY, TODAY + timedelta(days=DAYS)))
        self.assertEqual(self._case().hold_code, "paused")
        self.assertIn("asked for nothing until 03/26/2026", self._message_of(action))

    def test_the_days_are_those_of_the_customers_policy(self):
        self.policy.cooling_off_days = 3
        self._click()
        self.assertEqual(self._pauses().date_end, TODAY + timedelta(days=3))

    def test_a_policy_needs_at_least_one_day_and_at_most_a_year(self):
        for days in (0, -5, 366):
            refused = self.assertRaises(psycopg2.errors.CheckViolation)
            with self.subTest(days=days), mute_logger("odoo.sql_db"), refused, self.cr.savepoint():
                self.policy.cooling_off_days = days

    def test_the_dialog_adds_to_what_holds_already(self):
        action = self._click()["params"]["next"]
        self.assertEqual((action["res_model"], action["res_id"], action["target"]), ("collection.hold", self._pauses().id, "new"))
        hold = self._pauses().with_user(self.collector)
        with freeze_time(self.now):
            with Form(hold, view=action["views"][0][0]) as form:
                form.note = "He shouted; speak of the delivery first."
                form.days_left = 14
                form.next_step_user_id = self.collector
            self.assertEqual(hold.date_end, TODAY + timedelta(days=14))
            self.assertIn(f"{self.collector.name} takes the next step", self._case().pause_text)

    def test_negative_days_are_refused(self):
        self._click()
        for days in (0, -3):
            with self.subTest(days=days), freeze_time(self.now), self.assertRaisesRegex(UserError, "at least one more day"):
                self._pauses().days_left = days

    def test_a_pause_lasts_at_most_a_year(self):
        self._click()
        hold = self._pauses()
        for days in (366, 100_000, 999_999_999):
            with self.subTest(days=days), freeze_time(self.now), self.assertRaisesRegex(UserError, "Exclude from Follow-up"):
                hold.days_left = days
        with freeze_time(self.now), self.assertRaisesRegex(ValidationError, "at most a year"), self.cr.savepoint():
            self._hold(days=367)
        with freeze_time(self.now):
            hold.days_left = 365
            self._hold(days=366)
        self._move_to(300)
        with freeze_time(self.now):
            hold.days_left = 300
        self.assertEqual(hold.date_end, TODAY + timedelta(days=600), "looked at again, it may go on")

    def test_ending_it_shows_at_once_what_comes_next(self):
        self._create_item(8)
        self._click()
        case = self._case()
        after = TODAY + timedelta(days=DAYS + 1)
        self.assertEqual((case.hold_code, case.next_reason), ("paused", {"code": "paused", "date": after.isoformat()}))
        self._click(self._pauses(), "action_end")
        self.assertFalse(case.hold_code)
        self.assertFalse(any(case.open_item_ids.mapped("hold_code")))
        self.assertEqual((case.next_reason, case.next_step_date), ({"code": "due"}, TODAY))
        self.assertEqual(case.next_stage_id, self.stage["friendly_reminder"])

    def test_ending_it_soon_after_a_message_says_when_the_next_may_leave(self):
        self._night_and_act()
        self._move_to(2)
        self._click()
        self._click(self._pauses(), "action_end")
        gap_end = TODAY + timedelta(days=5)
        self.assertEqual(self._case().next_reason, {"code": "minimum_gap", "date": gap_end.isoformat()})
        self.assertEqual(self._case().next_step_date, gap_end)

    def test_the_case_says_until_when_after_each_night_too(self):
        self._click()
        said = self._case().next_reason_text
        self.assertIn("Paused. Not before 03/27/2026", said)
        self._move_to(1)
        self._night()
        self.assertEqual(self._case().next_reason_text, said)
        self.assertEqual(self._case().next_step_date, TODAY + timedelta(days=DAYS + 1))

    def test_it_is_ended_not_deleted(self):
        self._click()
        hold = self._pauses()
        self._click(hold, "action_end")
        with self.assertRaisesRegex(UserError, "ended, not deleted"), self.cr.savepoint():
            hold.unlink()
        self.assertTrue(self._case()._is_cooled())

    def test_a_second_click_lengthens_the_running_pause_and_says_so(self):
        self._click()
        self._move_to(4)
        action = self._click()
        self.assertEqual(self._pauses().date_end, TODAY + timedelta(days=4 + DAYS))
        self.assertIn("was running until 03/26/2026. It now lasts until 03/30/2026", self._message_of(action))

    def test_a_doubled_click_adds_nothing_and_says_so(self):
        self._click()
        action = self._click()
        self.assertEqual(self._pauses().date_end, TODAY + timedelta(days=DAYS))
        self.assertIn("is running already, until 03/26/2026", self._message_of(action))

    def test_a_click_never_shortens(self):
        self._click()
        self._pauses().date_end = TODAY + timedelta(days=60)
        self._click()
        self.assertEqual(self._pauses().date_end, TODAY + timedelta(days=60))

    def test_the_case_shows_until_when_and_why(self):
        self._click()
        with freeze_time(self.now):
            self.assertIn("Cooling-off until 03/26/2026, after a difficult conversation", self._case().pause_text)

    def test_from_invoice_and_customer(self):
        self._click(self.invoice, "action_collection_cool_off")
        self.assertEqual(self._pauses().date_end, TODAY + timedelta(days=DAYS))
        other = self._create_customer("Deco Addict")
        self._click(other, "action_collection_cool_off")
        self.assertEqual(self._pauses(other).reason, "cooling_off")

    def test_other_customers_and_companies_are_left_alone(self):
        other = self._create_customer("Deco Addict")
        self._create_item(10, partner=other)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["collection.case"].sudo().create(
            {"partner_id": self.customer.id, "company_id": elsewhere.id, "policy_id": self.policy.id}
        )
        step = self.env["collection.step"].sudo().create(
            {
                "case_id": foreign.id,
                "company_id": elsewhere.id,
                "purpose": "friendly_reminder",
                "date_planned": self.now,
                "state": "waiting",
            }
        )
        with freeze_time(self.now):
            scheduled = self.env["mail.scheduled.message"].sudo().create(
                {
                    "model": "collection.case",
                    "res_id": foreign.id,
                    "author_id": self.collector.partner_id.id,
                    "body": "<p>Theirs</p>",
                    "scheduled_date": self.now + timedelta(days=1),
                    "send_context": {"collection_about_payment": True, "collection_customer_ids": [self.customer.id]},
                }
            )
        self._night()
        self._click()
        self.assertEqual(step.state, "waiting")
        self.assertTrue(scheduled.exists())
        self.assertFalse(foreign.pause_text)
        self._act()
        self.assertTrue(self._sent(other))
        self.assertFalse(self._sent())

    def test_what_was_about_to_leave_is_taken_back(self):
        self.invoice.collection_item_ids._note_asked(self.stage["firm_reminder"], TODAY - timedelta(days=20))
        self._create_item(50)
        self._night()
        steps = self._case().step_ids
        self.assertTrue(steps.filtered(lambda step: step.state in ("planned", "waiting", "approved")))
        self._click()
        self.assertEqual(set(steps.mapped("state")), {"cancelled"})
        self.assertFalse(self._activities("mail_activity_type_approve"))

    def test_a_scheduled_message_about_payment_goes_back_to_its_author(self):
        with freeze_time(self.now):
            about, other = self.env["mail.scheduled.message"].create(
                [
                    {
                        "model": "res.partner",
                        "res_id": self.customer.id,
                        "author_id": self.collector.partner_id.id,
                        "body": "<p>Pay at last</p>",
                        "scheduled_date": self.now + timedelta(days=30),
                        "send_context": context,
                    }
                    for context in (
                        {"collection_about_payment": True, "collection_customer_ids": [self.customer.id]},
                        {"collection_about_payment": False, "collection_customer_ids": []},
                    )
                ]
            )
        self._click()
        self.assertFalse(about.exists())
        self.assertTrue(other.exists())
        self.assertIn("Pay at last", self.customer.message_ids[0].body)
        self.assertNotIn("blockquote", self.customer.message_ids[0].body, "the chatter folds what it takes for a quotation")

    def test_invoicing_users_may_and_readers_may_not(self):
        with self.assertRaises(AccessError):
            self._click(self.customer, "action_collection_cool_off", self.reader)
        self.assertFalse(self._pauses())
        self._click(user=self.collector)
        self.assertTrue(self._pauses())

    def test_it_is_about_everything_not_one_invoice(self):
        with self.assertRaisesRegex(ValidationError, "covers everything"), self.cr.savepoint():
            self._hold(move=self.invoice, reason="cooling_off")
        action = self._click(self.invoice, "action_collection_pause")
        wizard = self.env["collection.pause"].browse(action["res_id"])
        wizard.write({"reason": "cooling_off", "date_end": TODAY + timedelta(days=20)})
        self._click()
        with freeze_time(self.now):
            wizard.action_pause()
        self.assertEqual(len(self._pauses()), 1, "the running one is lengthened")
        self.assertEqual((self._pauses().date_end, self._pauses().move_id.id), (TODAY + timedelta(days=20), False))

    def test_a_logged_call_can_bring_it_along(self):
        with freeze_time(self.now):
            action = self._case().with_user(self.collector).action_log_call()
            wizard = self.env["collection.call"].with_user(self.collector).browse(action["res_id"])
            wizard.write({"outcome": "conversation", "note": "He hung up"})
            result = wizard.action_log_and_cool_off()
        self.assertEqual(self._pauses().note, "He hung up")
        self.assertEqual(self._case().contact_ids.note, "He hung up")
        self.assertRegex(self._message_of(result), "Logged.*asked for nothing until")

    def test_somebody_who_wants_to_call_all_the_same_sees_it(self):
        self._click()
        with freeze_time(self.now):
            action = self._case().with_user(self.collector).action_log_call()
            html = self.env["collection.call"].browse(action["res_id"]).verdict_html
        self.assertIn("Cooling-off until 03/26/2026", html)

    def test_a_pause_is_a_notice_to_whoever_calls_not_a_rule(self):
        self._click()
        with freeze_time(self.now):
            action = self._case().with_user(self.collector).action_log_call()
            wizard = self.env["collection.call"].with_user(self.collector).browse(action["res_id"])
            self.assertIn("to listen, not to ask", wizard.verdict_html)
            self.assertIn("may be done now", wizard.verdict_html)
            self.assertNotIn("Nobody may set this aside", wizard.verdict_html)
            wizard.write({"outcome": "conversation"})
            self.assertEqual(self._message_of(wizard.action_log()), "Logged.")
        contact = self._case().contact_ids
        self.assertEqual((contact.reason, contact.set_aside_text), ({"code": "we_called"}, False))
        self.assertEqual(contact.reason_text, "A colleague decided to call.")

    def test_a_letter_during_a_pause_is_against_the_rules_and_the_end_is_said(self):
        self._click()
        with freeze_time(self.now):
            action = self._case().with_user(self.collector).action_log_call()
            wizard = self.env["collection.call"].with_user(self.collector).browse(action["res_id"])
            wizard.channel = "letter"
            self.assertIn("Not now.", wizard.verdict_html)
            self.assertIn("The next right moment is not before 03/27/2026", wizard.verdict_html)
            wizard.action_log()
        self.assertEqual(self._case().contact_ids.reason, {"code": "by_hand", "against": ["paused"]})


@tagged("post_install", "-at_install")
class TestAfterwards(CoolingOffCommon):
    """What follows a cooling-off is mild, late enough and not a burst."""

    def _after_the_pause(self, days=1):
        self._click()
        self._day_by_day(DAYS + 1)
        self.assertFalse([day for day, _purpose in self._sent_days() if day >= 0])
        self._day_by_day(days)

    def _purposes(self):
        return [purpose for _day, purpose in self._sent_days()]

    def test_the_first_message_is_mild_whatever_the_days_late(self):
        self.invoice.collection_item_ids._note_asked(self.stage["formal_notice"], TODAY - timedelta(days=20))
        self._after_the_pause()
        self.assertEqual(self._sent_days(), [(DAYS + 1, "friendly_reminder")])

    def test_a_policy_that_begins_firmly_is_mild_all_the_same(self):
        (self.stage["friendly_reminder"] | self.stage["check_in"]).active = False
        self.stage["help_offer"].days = 40
        self._after_the_pause(1)
        self.assertEqual(self._purposes(), ["help_offer"])

    def test_a_mild_purpose_in_a_firm_tone_is_not_mild(self):
        self.stage["friendly_reminder"].tone = "firm"
        self._after_the_pause()
        self.assertEqual(self._purposes(), ["check_in"])

    def test_without_a_mild_stage_a_person_is_asked(self):
        self.policy.stage_ids.filtered(lambda stage: stage.purpose in MILD_PURPOSES).active = False
        self._after_the_pause(2)
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "no_mild_stage")

    def test_a_stage_done_by_hand_does_not_stand_in_for_the_mild_message(self):
        self.stage["friendly_reminder"].mode = "manual"
        self._after_the_pause(6)
        self.assertEqual(self._purposes()[0], "check_in")

    def test_afterwards_the_ladder_goes_on(self):
        self._after_the_pause(7)
        self.assertEqual(self._purposes(), ["friendly_reminder", "firm_reminder"])

    def test_what_became_late_meanwhile_is_asked_for_mildly_too(self):
        (self.stage["friendly_reminder"] | self.stage["check_in"] | self.stage["help_offer"]).mode = "manual"
        self._create_item(-5)
        self._after_the_pause(3)
        self.assertFalse(self._sent())

    def test_the_days_between_messages_hold(self):
        self._night_and_act()
        self.policy.cooling_off_days = 1
        self._move_to(1)
        self._click()
        self._move_to(1)
        self._day_by_day(8)
        days = [day for day, _purpose in self._sent_days()]
        self.assertEqual(days[0], 0)
        self.assertGreaterEqual(days[1], 5)

    def test_what_is_noted_as_asked_meanwhile_does_not_end_the_mildness(self):
        self._click()
        self._day_by_day(DAYS + 1)
        self._refresh()
        self.invoice.collection_item_ids._note_asked(self.stage["formal_notice"], TODAY - timedelta(days=1))
        self._day_by_day(1)
        self.assertEqual(self._purposes(), ["friendly_reminder"])

    def test_a_message_of_before_does_not_count_as_the_mild_one(self):
        self._night()
        step = self._case().step_ids.sudo()
        step.write({"state": "unknown", "written": {"amount": 100, "facts": {"asked": []}}})
        self._click()
        step._resolve_unknown(left=True, now=self.now)
        self.assertEqual(step.state, "sent")
        self.assertTrue(self._case()._is_cooled())

    def test_what_a_person_writes_afterwards_does(self):
        self._click()
        self._day_by_day(DAYS + 1)
        self._refresh()
        self.assertTrue(self._case()._is_cooled())
        with freeze_time(self.now):
            self.customer.with_user(self.collector).with_context(collection_about_payment=True).message_post(
                body="Shall we talk?",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.customer.ids,
            )
        self.assertFalse(self._case()._is_cooled())

    def test_there_is_no_burst(self):
        for days_late in (6, 13, 22, 48):
            self._create_item(days_late)
        self._refresh()
        self._after_the_pause(15)
        days = [day for day, _purpose in self._sent_days()]
        self.assertEqual(days[0], DAYS + 1)
        self.assertTrue(all(later - earlier >= 5 for earlier, later in pairwise(days)))

    def test_after_the_mild_message_the_case_names_the_next_one(self):
        self.invoice.collection_item_ids._note_asked(self.stage["help_offer"], TODAY - timedelta(days=20))
        self._click()
        self._day_by_day(DAYS)
        self._move_to(1)
        self._night_and_act()
        self.assertEqual(self._purposes(), ["friendly_reminder"])
        root = self._root_env()
        root["collection.run"]._refresh_dirty(self.now)
        case = self._case()
        self.assertEqual(case.next_stage_id, self.stage["firm_reminder"], "the friendly one has just left")
        self.assertEqual(case.next_reason["code"], "minimum_gap")
        self.assertEqual(case.next_step_date, self.today + timedelta(days=5))

    def test_a_person_may_choose_a_mild_stage_only(self):
        self.invoice.collection_item_ids._note_asked(self.stage["help_offer"], TODAY - timedelta(days=20))
        self._click()
        self._pauses().action_end()
        self._refresh()
        with freeze_time(self.now):
            action = self._case().with_user(self.collector).action_follow_up()
            wizard = self.env["collection.follow.up"].with_user(self.collector).browse(action["res_id"])
            self.assertEqual(set(wizard.usable_stage_ids.mapped("purpose")), set(MILD_PURPOSES) - {"heads_up", "after_agreement"})
            wizard.stage_id = self.stage["firm_reminder"]
            with self.assertRaisesRegex(UserError, "choose a mild stage"):
                wizard.action_send()

    def test_ended_by_hand_it_is_mild_as_well(self):
        self.invoice.collection_item_ids._note_asked(self.stage["formal_notice"], TODAY - timedelta(days=20))
        self._click()
        self._day_by_day(1)
        self._pauses().action_end()
        self._day_by_day(2)
        self.assertEqual(self._purposes(), ["friendly_reminder"])

    def test_somebody_is_reminded_on_the_day_it_ends(self):
        self._case().user_id = self.collector
        self._click()
        self._pauses().note = "Speak of the delivery first"
        self._day_by_day(DAYS)
        self.assertFalse(self._activities("mail_activity_type_cooling_off"))
        self._day_by_day(1)
        activity = self._activities("mail_activity_type_cooling_off")
        self.assertEqual((activity.user_id, activity.date_deadline), (self.collector, TODAY + timedelta(days=DAYS)))
        self.assertIn("call first?", activity.summary)
        self.assertIn("Speak of the delivery first", activity.note)
        activity.action_feedback()
        self._day_by_day(1)
        self.assertFalse(self._activities("mail_activity_type_cooling_off"))

    def test_lengthened_on_its_last_day_the_reminder_comes_at_the_new_end(self):
        self._click()
        self._day_by_day(DAYS)
        self._night()
        self.assertTrue(self._activities("mail_activity_type_cooling_off"))
        self._click()
        self.assertFalse(self._activities("mail_activity_type_cooling_off"))
        self._day_by_day(DAYS + 1)
        self.assertEqual(
            self._activities("mail_activity_type_cooling_off").date_deadline, TODAY + timedelta(days=2 * DAYS)
        )

    def test_whoever_takes_the_next_step_is_reminded(self):
        other = self._create_user("olaf", "account.group_account_invoice")
        self._click()
        self._pauses().next_step_user_id = other
        self._day_by_day(DAYS + 1)
        self.assertEqual(self._activities("mail_activity_type_cooling_off").user_id, other)

    def test_after_it_ended_the_case_says_that_the_next_message_is_mild(self):
        self._click()
        self._day_by_day(DAYS + 1)
        with freeze_time(self.now):
            self.env.invalidate_all()
            self.assertIn("the next message is a mild one", self._case().pause_text)
        self._day_by_day(1)
        with freeze_time(self.now):
            self.env.invalidate_all()
            self.assertFalse(self._case().pause_text)


@tagged("post_install", "-at_install")
class TestUnansweredCalls(CoolingOffCommon):
    """A call that nobody took is no message: it does not delay the next one."""

    def _log(self, outcome):
        with freeze_time(self.now):
            action = self._case().with_user(self.collector).action_log_call()
            wizard = self.env["collection.call"].with_user(self.collector).browse(action["res_id"])
            wizard.outcome = outcome
            wizard.action_log()

    def test_it_opens_no_gap(self):
        self._log("no_answer")
        self._night_and_act()
        self.assertTrue(self._sent())

    def test_a_message_on_the_machine_does(self):
        self._log("left_message")
        self._night_and_act()
        self.assertFalse(self._sent())


@tagged("post_install", "-at_install")
class TestDatesOfCalls(CoolingOffCommon):
    """What is logged happened when the customer could owe something."""

    def _log(self, **values):
        with freeze_time(self.now):
            action = self._case().with_user(self.collector).action_log_call()
            wizard = self.env["collection.call"].with_user(self.collector).browse(action["res_id"])
            wizard.write({"outcome": "conversation", **values})
            return wizard.action_log()

    def test_the_year_1990_is_refused(self):
        with self.assertRaisesRegex(UserError, "more than 3 years ago"):
            self._log(date=datetime(1990, 1, 1, 12))

    def test_before_the_first_invoice_nothing_was_owed(self):
        first = self.invoice.invoice_date
        with self.assertRaisesRegex(UserError, "owed nothing yet"):
            self._log(date=datetime.combine(first - timedelta(days=1), time(12)))
        self._log(date=datetime.combine(first, time(12)))

    def test_what_was_not_about_payment_may_be_older(self):
        self._log(date=datetime.combine(self.invoice.invoice_date - timedelta(days=9), time(12)), is_asking=False)
        self.assertTrue(self._case().contact_ids)
