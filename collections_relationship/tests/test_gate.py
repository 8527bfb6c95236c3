from itertools import pairwise

import psycopg2

from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..models.collection_run import LOCK_REFRESH
from ..models.collection_step_act import LOCK_CASE
from .common import TODAY, CollectionCommon, shipped


@tagged("post_install", "-at_install")
class TestFollowUpNow(CollectionCommon):
    """A message sent by hand passes the same gate and the same look at the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = new_test_user(
            cls.env, "clara", groups="account.group_account_invoice", company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _follow_up_now(self, *invoices, code="friendly_reminder"):
        moves = self.env["account.move"].union(*invoices)
        case = self._case().with_user(self.collector)
        return case._follow_up_now(
            self.now,
            self.stage[code],
            moves.collection_item_ids,
            "From me to you",
            str(shipped(self.env, code, self.stage[code].tone).body_html),
            self.collector,
        )

    def test_a_case_is_found_by_its_customers_name(self):
        stranger = self._create_customer("Made-up Stranger")
        self._create_item(2)
        self._create_item(2, partner=stranger)
        self._refresh()
        found = self.env["collection.case"].name_search("up Stranger")
        self.assertEqual([case_id for case_id, _name in found], self._case(stranger).ids)

    def test_it_leaves_at_once(self):
        invoice = self._create_item(2)
        self._refresh()
        self._follow_up_now(invoice)
        self._act()
        self.assertEqual(self._sent().move_ids, invoice)
        self.assertEqual(self._sent().user_id, self.collector)

    def test_it_is_refused_within_the_gap_with_the_day_it_ends(self):
        self._create_item(10)
        self._night_and_act()
        newly_late = self._create_item(3)
        self._move_to(1)
        self._refresh()
        with self.assertRaisesRegex(UserError, "heard from us recently.*right moment is 3/21/26, 8:00"):
            self._follow_up_now(newly_late)

    def test_what_is_held_is_refused_with_the_reason(self):
        invoice = self._create_item(10)
        invoice.no_followup = True
        self._create_item(9)
        self._refresh()
        with self.assertRaisesRegex(UserError, "Excluded"):
            self._follow_up_now(invoice)

    def test_an_unread_answer_refuses_it(self):
        invoice = self._create_item(10)
        self._refresh()
        self._case().sudo().reply_unread_since = self.now
        with self.assertRaisesRegex(UserError, "answered"):
            self._follow_up_now(invoice)

    def test_what_was_paid_meanwhile_is_refused(self):
        paid = self._create_item(10)
        self._create_item(9)
        self._refresh()
        items = paid.collection_item_ids
        self._pay(paid)
        with self.assertRaisesRegex(UserError, "still open"):
            self._case().with_user(self.collector)._follow_up_now(
                self.now, self.stage["friendly_reminder"], items, "Subject", "<p>Text {{items}}</p>", self.collector
            )

    def test_what_is_not_due_yet_is_refused(self):
        self._create_item(10)
        upcoming = self._create_item(-3)
        self._refresh()
        with self.assertRaisesRegex(UserError, "not all of what you chose is late"):
            self._follow_up_now(upcoming)

    def test_old_bank_data_refuse_it(self):
        invoice = self._create_item(10)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2026-03-02",
                "payment_ref": "Transfer",
                "amount": 10,
            }
        )
        self._refresh()
        with self.assertRaisesRegex(UserError, "Bank data"):
            self._follow_up_now(invoice)

    def test_a_customer_without_address_refuses_it(self):
        invoice = self._create_item(10)
        self.customer.email = False
        self._refresh()
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self._follow_up_now(invoice)

    def test_a_message_of_unknown_outcome_refuses_it(self):
        invoice = self._create_item(10)
        self._night()
        self._case().step_ids.sudo().state = "unknown"
        self._move_to(20)
        with self.assertRaisesRegex(UserError, "unknown whether"):
            self._follow_up_now(invoice)

    def test_it_takes_the_place_of_the_message_planned_for_tonight(self):
        invoice = self._create_item(10)
        self._night()
        self._follow_up_now(invoice)
        self._act()
        self.assertEqual(len(self._sent()), 1)
        self.assertTrue(self._sent().step_id.is_manual)

    def test_what_is_paid_before_it_leaves_is_not_asked(self):
        invoice = self._create_item(10)
        self._refresh()
        self._follow_up_now(invoice)
        self._pay(invoice)
        self._act()
        self.assertFalse(self._sent())


@tagged("post_install", "-at_install")
class TestNoWayAround(CollectionCommon):
    """Nothing leaves but through the gate, and nothing leaves twice."""

    def _sending(self):
        """Hand over for real up to the mail server, which a test never reaches."""
        return self._root_env()["collection.step"]._act(self.now)

    def test_two_nights_and_two_sendings_a_day_give_one_message(self):
        self._create_item(10)
        self._night_and_act()
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)

    def test_one_message_a_day_even_without_a_gap(self):
        self.policy.minimum_gap = 0
        self._create_item(13)
        self._night_and_act()
        self._create_item(40)
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)
        self._move_to(1)
        self._night_and_act()
        self.assertEqual(len(self._sent()), 2)

    def test_invoices_that_become_late_on_following_days_do_not_give_daily_mail(self):
        for days_late in range(10):
            self._create_item(days_late)
        for _day in range(20):
            self._night_and_act()
            self._move_to(1)
        days = [contact.date.date() for contact in self._sent()]
        self.assertTrue(days)
        self.assertTrue(all((later - earlier).days >= 5 for earlier, later in pairwise(days)))

    def test_every_late_invoice_is_asked_within_ten_days(self):
        invoices = [self._create_item(days_late) for days_late in range(10)]
        due = {invoice.id: invoice.invoice_date_due for invoice in invoices}
        for _day in range(20):
            self._night_and_act()
            self._move_to(1)
        first = {}
        for contact in self._sent():
            for item in contact.facts["asked"]:
                first.setdefault(item["move"], (contact.date.date() - due[item["move"]]).days)
        self.assertEqual(first.keys(), due.keys())
        self.assertLessEqual(max(first.values()), 10)

    def test_a_second_night_in_one_transaction_sees_what_the_first_sent(self):
        self._create_item(10)
        self._night_and_act()
        self._refresh()
        self._night()
        self.assertEqual(self._case().step_ids.mapped("state"), ["sent"])

    def test_no_mail_is_left_for_the_queue_when_a_message_was_taken_back(self):
        invoice = self._create_item(10)
        self._night()
        Step = type(self.env["collection.step"])
        build = Step._build_messages

        def build_then(steps, *args):
            built = build(steps, *args)
            self._pay(invoice)
            self.env.flush_all()
            return built

        self.patch(Step, "_build_messages", build_then)
        self._sending()
        self.assertFalse(self._sent())
        self.assertFalse(self._outgoing_mails())

    def test_no_mail_is_left_for_the_queue_when_a_batch_was_interrupted_before_sending(self):
        self._create_item(10)
        self._night()
        root = self._root_env()
        step = root["collection.step"].search([("case_id", "=", self._case().id)])
        step._mark_refreshed(self.now)
        step._prepare_envelopes(step._render(self.now), self.now, record_only=False)
        step.invalidate_recordset()
        orphan = step.mail_id
        self.assertEqual(orphan.state, "outgoing")
        self._sending()
        self.assertEqual(len(self._sent()), 1)
        self.assertFalse(self._outgoing_mails())
        self.assertNotIn("outgoing", orphan.exists().mapped("state"))

    def test_the_mail_queue_does_not_send_a_steps_mail(self):
        step = self._prepare_step()
        with self.mock_server() as sent:
            step.mail_id.send()
            self.env["mail.mail"].sudo().process_email_queue()
        self.assertFalse(sent)

    def test_retry_does_not_send_a_steps_mail(self):
        step = self._prepare_step()
        step.state = "unknown"
        step.mail_id.state = "exception"
        with self.mock_server() as sent:
            step.mail_id.action_retry()
            step.mail_id.send()
        self.assertFalse(sent)
        self.assertEqual(step.mail_id.state, "cancel")

    def _prepare_step(self):
        """Return a step whose mail is written and has not left."""
        self._create_item(10)
        self._night()
        step = self._root_env()["collection.step"].search([("case_id", "=", self._case().id)])
        step._mark_refreshed(self.now)
        step._prepare_envelopes(step._render(self.now), self.now, record_only=False)
        step.invalidate_recordset()
        return step

    def mock_server(self):
        """Collect what would reach a mail server."""
        sent = []
        Server = type(self.env["ir.mail_server"])
        self.patch(Server, "_disable_send", lambda server: False)
        self.patch(Server, "_connect__", lambda server, *args, **kwargs: None)
        self.patch(Server, "send_email", lambda server, message, *args, **kwargs: sent.append(message))

        class Collected:
            def __enter__(self):
                return sent

            def __exit__(self, *_error):
                return False

        return Collected()

    def _outgoing_mails(self):
        return self.env["mail.mail"].sudo().search(
            [("model", "=", "collection.case"), ("state", "=", "outgoing")]
        )

    # === OUTCOME UNKNOWN === #

    def _make_unknown(self):
        self._create_item(10)
        self._night()
        step = self._root_env()["collection.step"].search([("case_id", "=", self._case().id)])
        step._mark_refreshed(self.now)
        step._prepare_envelopes(step._render(self.now), self.now, record_only=True)
        step.invalidate_recordset()
        step.state = "unknown"
        return step

    def test_a_message_of_unknown_outcome_blocks_the_next_until_somebody_looked(self):
        self._make_unknown()
        self._move_to(30)
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "unknown")

    def test_a_message_of_unknown_outcome_blocks_one_approved_meanwhile(self):
        self._create_item(46, amount=500)
        while not self._case().step_ids.filtered(lambda step: step.state == "waiting"):
            self._night_and_act()
            self._move_to(1)
        waiting = self._case().step_ids.filtered(lambda step: step.state == "waiting")
        self._create_item(10)
        self._move_to(5)
        self._night()
        friendly = self._case().step_ids.filtered(lambda step: step.state == "planned")
        friendly.sudo().state = "unknown"
        self.assertTrue(friendly)
        waiting.action_approve()
        before = len(self._sent())
        self._move_to(30)
        self._act()
        self.assertEqual(len(self._sent()), before)
        self.assertEqual(waiting.state, "approved")

    def test_found_to_have_left_it_is_logged_once_and_the_gap_counts_from_then(self):
        step = self._make_unknown()
        self._pay(step.item_ids.move_id, amount=30)
        self._move_to(2)
        step._resolve_unknown(left=True, now=self.now)
        self.assertEqual(self._sent().step_id, step)
        self.assertEqual(self._sent().date.date(), TODAY)
        self.assertEqual(self._sent().amount, 100)
        self.assertEqual([item["amount"] for item in self._sent().facts["asked"]], [100])
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)
        self._move_to(4)
        self._night_and_act()
        self.assertEqual(self._sent().mapped("purpose"), ["friendly_reminder", "check_in"])

    def test_found_not_to_have_left_it_is_planned_again(self):
        step = self._make_unknown()
        self._move_to(2)
        step._resolve_unknown(left=False, now=self.now)
        self.assertEqual(step.state, "cancelled")
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)
        self.assertNotEqual(self._sent().step_id, step)

    # === THE LOG === #

    def test_the_log_is_not_changed_or_deleted_through_the_orm(self):
        self._create_item(10)
        self._night_and_act()
        contact = self._sent().sudo()
        with self.assertRaises(UserError):
            contact.write({"note": "It never happened"})
        with self.assertRaises(UserError):
            contact.unlink()
        with self.assertRaises(UserError):
            contact.content_id.write({"subject": "Something else"})
        with self.assertRaises(UserError):
            contact.content_id.unlink()
        draft = contact.content_id.create({"subject": "Not said yet"})
        draft.unlink()
        self.assertFalse(draft.exists(), "what was never said may go")

    def test_the_log_is_not_changed_or_deleted_by_sql(self):
        self._create_item(10)
        self._night_and_act()
        contact = self._sent()
        for query in (
            "UPDATE collection_contact SET note = 'It never happened' WHERE id = %s",
            "DELETE FROM collection_contact WHERE id = %s",
            "TRUNCATE collection_contact CASCADE -- %s",
            f"UPDATE collection_contact_content SET subject = 'x' WHERE id = {contact.content_id.id} -- %s",
            f"UPDATE collection_contact_content SET body_html = 'x' WHERE id = {contact.content_id.id} -- %s",
            "TRUNCATE collection_contact_content CASCADE -- %s",
            "DELETE FROM collection_contact_move_rel WHERE contact_id = %s",
            "UPDATE collection_contact_move_rel SET move_id = move_id WHERE contact_id = %s",
            "TRUNCATE collection_contact_move_rel -- %s",
        ):
            with (
                self.subTest(query=query),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "never changed or deleted"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(SQL(query, contact.id))
        self.assertTrue(contact.exists())
        self.assertTrue(contact.move_ids)

    def test_an_invoice_that_was_asked_for_can_still_be_deleted(self):
        invoice = self._create_item(10)
        self._night_and_act()
        name = invoice.name
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self.env.invalidate_all()
        contact = self._sent()
        self.assertFalse(contact.move_ids)
        self.assertEqual(contact.facts["asked"][0]["invoice"], name, "the row itself still says it")

    # === TWO WORKERS === #

    def _other_session(self):
        cursor = db_connect(self.env.cr.dbname).cursor()

        def close():
            # The connection goes back to a pool and would keep its locks.
            cursor.execute("SELECT pg_advisory_unlock_all()")
            cursor.close()

        self.addCleanup(close)
        return cursor

    def test_only_one_night_runs_at_a_time(self):
        other = self._other_session()
        seen = []
        Run = type(self.env["collection.run"])
        night_of = Run._night_of

        def look_then(run, company, now):
            other.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_REFRESH])
            seen.append(other.fetchone()[0])
            return night_of(run, company, now)

        self.patch(Run, "_night_of", look_then)
        self._night()
        self.assertEqual(seen, [False])
        other.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_REFRESH])
        self.assertTrue(other.fetchone()[0], "after the night the next one may run")

    def test_the_refresh_in_between_does_not_wait_for_the_night(self):
        other = self._other_session()
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK_REFRESH])
        self._create_item(10)
        marks = self.env["collection.dirty"].search_count([])
        self.assertTrue(marks)
        self._root_env()["collection.run"]._refresh_dirty(self.now)
        self.assertEqual(self.env["collection.dirty"].search_count([]), marks)

    def test_a_case_another_worker_sends_for_is_left_to_it(self):
        self._create_item(10)
        self._night()
        other = self._other_session()
        other.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CASE, self._case().id])
        self._act()
        self.assertFalse(self._sent())
        other.execute("SELECT pg_advisory_unlock_all()")
        self._act()
        self.assertEqual(len(self._sent()), 1)

    # === FIRST NIGHTS, SWITCHED OFF === #

    def _create_customers(self, number, user=None):
        for index in range(number):
            self._create_item(10, partner=self._create_customer(f"Customer {index}", user_id=user and user.id))

    def _all_sent(self):
        return self.env["collection.contact"].search([("kind", "=", "sent"), ("company_id", "=", self.company.id)])

    def test_the_first_nights_are_capped_per_responsible(self):
        anna = new_test_user(self.env, "anna", groups="account.group_account_invoice")
        self.company.write({"collection_night_cap": 2, "collection_night_cap_until": self.today})
        self._create_customers(3, anna)
        self._create_item(10)
        self._night_and_act()
        self.assertEqual(len(self._all_sent()), 3, "two of Anna's, one of nobody's")
        self._move_to(1)
        self._night_and_act()
        self.assertEqual(len(self._all_sent()), 4, "from the next day on there is no limit")

    def test_a_second_night_of_a_capped_day_sends_no_more(self):
        self.company.write({"collection_night_cap": 2, "collection_night_cap_until": self.today})
        self._create_customers(5)
        self._night_and_act()
        self._night_and_act()
        self.assertEqual(len(self._all_sent()), 2)

    def test_who_waits_for_the_cap_sees_why(self):
        self.company.write({"collection_night_cap": 1, "collection_night_cap_until": self.today})
        self._create_customers(2)
        self._night_and_act()
        cases = self.env["collection.case"].search([("company_id", "=", self.company.id)])
        self.assertEqual(sorted(case.next_reason["code"] for case in cases), ["due", "night_cap"])

    def test_a_company_switched_off_plans_nothing(self):
        self.company.collection_active = False
        self._create_item(10)
        self._night_and_act()
        self.assertFalse(self._case().step_ids)
        self.assertEqual(self._case().stage_id, self.stage["friendly_reminder"])

    def test_a_company_switched_off_since_the_plan_sends_nothing(self):
        self._create_item(10)
        self._night()
        self.company.collection_active = False
        self._act()
        self.assertFalse(self._sent())

    def test_a_company_switched_off_thanks_nobody(self):
        invoice = self._create_item(10)
        self._night_and_act()
        self.company.collection_active = False
        self._pay(invoice)
        self._move_to(1)
        self._night_and_act()
        self.assertEqual(self._case().step_ids.mapped("purpose"), ["friendly_reminder"])
