"""The morning's digest: to whom and when, what it tells, and that it is no contact with a customer."""
from datetime import date, datetime, timedelta
from functools import partial
from unittest.mock import patch

from lxml import html
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..models.collection_digest_words import LISTS
from .common import CollectionCommon

#: 08:00 in Paris on Monday 16 March 2026, after a night at 05:00 UTC.
MORNING = datetime(2026, 3, 16, 7, 0)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 04:59:00")
class TestDigest(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.collection_digest = "daily"
        cls.company.partner_id.tz = "Europe/Paris"
        cls.clara = cls._create_user("clara")
        cls.customer.user_id = cls.clara

    @classmethod
    def _create_user(cls, login, groups="account.group_account_invoice", **values):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            email=f"{login}@azure.example.com",
            tz="Europe/Paris",
            **{"company_id": cls.company.id, "company_ids": cls.company.ids, **values},
        )

    def setUp(self):
        super().setUp()
        self.digests = self._root_env()["collection.digest"]

    def _open_case(self, partner=None, days_late=6, user=None, amount=100.0):
        """Have a customer owe something late; the night looks at it and Clara looks after it."""
        invoice = self._create_item(days_late, amount, partner=partner)
        self._refresh()
        self._case(partner).user_id = user or self.clara
        return invoice

    def _case(self, partner=None):
        """Return a case as scheduled actions see it: people may not write most of it."""
        return super()._case(partner).sudo()

    def _facts(self, now=MORNING, user=None, since=None):
        """Return the sections of a user's digest."""
        reader = next(one for one in self.digests._due_readers(now) if one.user == (user or self.clara))
        if since:
            reader = reader._replace(since=since)
        return self.digests._gather([reader], now)[reader.user.id]

    def _section(self, **values):
        [section] = self._facts(**values)
        return section

    def _send(self, now=MORNING, night_is_near=False):
        return self.digests._send_digests(now, night_is_near)

    def _of(self, digests, user=None):
        return digests.filtered(lambda digest: digest.user_id == (user or self.clara))

    def _text(self, digest):
        return " ".join(html.fromstring(digest.mail_id.body_html).text_content().split())

    # === TO WHOM, AND WHEN === #

    def test_one_mail_a_day_however_often_the_action_runs(self):
        self._open_case()
        first = self._of(self._send())
        again = self._of(self._send()) | self._of(self._send(MORNING + timedelta(hours=5)))
        self.assertEqual(first.state, "sent")
        self.assertEqual(first.mail_id.recipient_ids, self.clara.partner_id)
        self.assertFalse(again)
        self.assertEqual(self._of(self._send(MORNING + timedelta(days=1))).state, "sent")

    def test_the_database_refuses_a_second_one_for_the_same_day(self):
        self._open_case()
        digest = self._of(self._send())
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            digest.copy({"state": "quiet"})

    def test_it_comes_at_eight_where_the_reader_is(self):
        self._open_case()
        self.clara.tz = "America/New_York"
        self.assertFalse(self._of(self._send(MORNING)), "it is three in the morning in New York")
        self.assertFalse(self._of(self._send(datetime(2026, 3, 16, 11, 59))))
        self.assertTrue(self._of(self._send(datetime(2026, 3, 16, 12, 0))))

    def test_it_waits_for_the_night_until_noon(self):
        self._open_case()
        self.assertFalse(self._of(self._send(MORNING, night_is_near=True)))
        self.assertTrue(self._of(self._send(datetime(2026, 3, 16, 11, 0), night_is_near=True)))

    def test_a_night_that_has_not_run_is_near(self):
        cron = self.env.ref("collections_relationship.ir_cron_night")
        cron.nextcall = MORNING - timedelta(hours=2)
        self.assertTrue(self.digests._night_is_near(MORNING))
        cron.nextcall = MORNING + timedelta(hours=22)
        self.assertFalse(self.digests._night_is_near(MORNING))

    def test_none_on_a_weekend(self):
        self._open_case()
        self.assertFalse(self._of(self._send(datetime(2026, 3, 14, 8, 0))))

    def test_the_readers_choice_wins_over_the_companys(self):
        self._open_case()
        self.clara.collection_digest = "off"
        self.assertFalse(self._of(self._send()))
        self.company.collection_digest = "off"
        self.clara.collection_digest = "daily"
        self.assertTrue(self._of(self._send()))

    def test_weekly_on_its_day_or_the_day_after_it_was_missed(self):
        self._open_case()
        self.clara.write({"collection_digest": "weekly", "collection_digest_weekday": "2"})
        sent = [
            day
            for day in range(1, 20)
            if day != 11 and self._of(self._send(datetime(2026, 3, 1, 8, 0) + timedelta(days=day - 1)))
        ]
        self.assertEqual(sent, [4, 12, 18], "Wednesdays; on the 11th the server was down")

    def test_who_may_write_his_choice(self):
        self.clara.with_user(self.clara).write({"collection_digest": "weekly", "collection_digest_weekday": "4"})
        self.assertEqual(self.clara._collection_digest_choice(), ("weekly", 4))

    def test_portal_users_inactive_ones_and_strangers_get_none(self):
        self._open_case()
        left = self._create_user("left")
        stranger = self._create_user("stranger", groups="base.group_user")
        for partner, user in ((self._create_customer("Birch"), left), (self._create_customer("Cedar"), stranger)):
            self._open_case(partner, user=user)
        left.active = False
        self.assertEqual(self._send().filtered(lambda digest: digest.state == "sent").user_id, self.clara)

    def test_the_colleague_who_stands_in_reads_it(self):
        self._open_case()
        dora = self._create_user("dora")
        self.clara.write(
            {"collection_cover_id": dora.id, "collection_away_from": "2026-03-10", "collection_away_until": "2026-03-20"}
        )
        digests = self._send()
        self.assertFalse(self._of(digests))
        self.assertEqual(self._of(digests, dora).state, "sent")

    def test_nothing_of_other_companies(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        case = self.env["collection.case"].sudo().create(
            {"partner_id": self._create_customer("Far Away").id, "company_id": other.id, "user_id": self.clara.id,
             "reply_unread_since": MORNING, "date_opened": MORNING}
        )
        self._open_case()
        self.assertEqual([section.company_id for section in self._facts()], [self.company.id])
        self.clara.company_ids |= other
        self.assertEqual({section.company_id for section in self._facts()}, {self.company.id, other.id})
        self.assertTrue(case)

    def test_record_rules_hold(self):
        self._open_case()
        hidden = self._create_customer("Hidden")
        self._open_case(hidden)
        self._case(hidden).reply_unread_since = MORNING - timedelta(days=1)
        self.assertEqual(self._section().unread[0], 1)
        self.env["ir.rule"].create(
            {
                "name": "Not this customer",
                "model_id": self.env["ir.model"]._get_id("collection.case"),
                "domain_force": [("partner_id", "!=", hidden.id)],
            }
        )
        self.assertEqual(self._section().unread[0], 0)

    # === WHAT IT TELLS === #

    def test_what_left_and_what_it_asked_for(self):
        self._open_case(amount=120)
        birch = self._create_customer("Birch", user_id=self.clara.id)
        self._open_case(birch, amount=80)
        self._night_and_act()
        section = self._section(now=MORNING + timedelta(days=1), since=MORNING)
        self.assertEqual((section.sent, section.customers), (2, 2))
        self.assertEqual(section.sums, {self.company.currency_id.id: 200.0})
        self.assertFalse(self._section(now=MORNING + timedelta(days=1), since=self.now + timedelta(minutes=1)).sent)

    def test_what_was_held_back_in_words(self):
        self._open_case()
        self.env["collection.hold"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id, "reason": "internal",
             "date_start": "2026-03-10", "date_end": "2026-04-30"}
        )
        self._night()
        self.assertEqual(self._section().held, {"paused": 1})
        self.assertIn("Paused 1", self._text(self._of(self._send())))

    def test_answers_nobody_has_read_the_oldest_first(self):
        for days, name in ((1, "Birch"), (4, "Cedar")):
            partner = self._create_customer(name)
            self._open_case(partner)
            self._case(partner).reply_unread_since = MORNING - timedelta(days=days)
        count, answers = self._section().unread
        self.assertEqual(count, 2)
        self.assertEqual([answer["name"] for answer in answers], ["Cedar", "Birch"])
        self.assertEqual(answers[0]["since"], MORNING - timedelta(days=4))

    def test_messages_that_wait_are_unknown_or_failed(self):
        self._open_case(amount=500)
        case = self._case()
        values = {"case_id": case.id, "company_id": self.company.id, "purpose": "firm_reminder", "date_planned": MORNING}
        self.env["collection.step"].sudo().create(
            [
                {**values, "state": "waiting", "round": 1},
                {**values, "state": "unknown", "round": 2},
                {**values, "state": "cancelled", "cancel_code": "refused_by_server", "round": 3},
                {**values, "state": "cancelled", "cancel_code": "outdated", "round": 4},
            ]
        )
        case.bounced_on = MORNING
        section = self._section(since=MORNING - timedelta(days=14))
        self.assertEqual(section.steps, {"waiting": 1, "unknown": 1, "failed": 1, "bounced": 1})
        self.assertEqual(section.needs, 4)

    def test_activities_of_the_reader_that_are_due(self):
        self._open_case()
        case = self._case()
        for user, day, summary in (
            (self.clara, "2026-03-15", "Look for the money"),
            (self.clara, "2026-03-17", "Later"),
            (self._create_user("dora"), "2026-03-15", "Not hers"),
        ):
            case.activity_schedule(
                "mail.mail_activity_data_todo", date_deadline=fields.Date.to_date(day), summary=summary, user_id=user.id
            )
        count, facts = self._section().activities
        self.assertEqual((count, [fact["summary"] for fact in facts]), (1, ["Look for the money"]))

    def test_an_escalated_answer_reaches_the_manager_who_got_it(self):
        self._open_case()
        boss = self._create_user("boss", groups="account.group_account_manager")
        self._case().activity_schedule(
            "collections_relationship.mail_activity_type_reply", date_deadline=date(2026, 3, 16), user_id=boss.id
        )
        self.assertEqual(self._section(user=boss).activities[0], 1)

    def test_pauses_that_end_and_promises_whose_day_has_come(self):
        for name, reason, end in (
            ("Birch", "internal", "2026-03-18"),
            ("Cedar", "internal", "2026-03-25"),
            ("Dogwood", "promise", "2026-03-17"),
            ("Elm", "promise", "2026-03-20"),
        ):
            partner = self._create_customer(name)
            self._open_case(partner)
            self.env["collection.hold"].create(
                {"partner_id": partner.id, "company_id": self.company.id, "reason": reason,
                 "date_start": "2026-03-02", "date_end": end}
            )
        section = self._section()
        self.assertEqual([fact["name"] for fact in section.pauses[1]], ["Birch"])
        self.assertEqual([fact["name"] for fact in section.promises[1]], ["Dogwood"])

    def test_packs_to_read_again_are_told_to_managers(self):
        self.env["collection.rule.pack"].create(
            {
                "name": "Freedonia",
                "code": "freedonia",
                "definition": '{"name": "Freedonia", "source": "made up", "basis": "default", "verified": "yes",'
                ' "review_date": "2026-03-01"}',
            }
        )
        self._open_case()
        boss = self._create_user("boss", groups="account.group_account_manager")
        self._open_case(self._create_customer("Birch"), user=boss)
        self.assertIn("Freedonia", self._section(user=boss).packs)
        self.assertFalse(self._section().packs)

    def test_money_that_came_in_comes_first_with_thanks(self):
        invoice = self._open_case(amount=120)
        self._pay(invoice, 50)
        section = self._section(since=datetime(2000, 1, 1))
        self.assertEqual((section.paid, section.paid_by), (1, ["Azure Interior"]))
        self.assertEqual(section.paid_sums, {self.company.currency_id.id: 50.0})

    def test_a_credit_note_is_no_payment(self):
        invoice = self._open_case(amount=120)
        refund = self._create_refund(20)
        lines = (invoice | refund).line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        lines.reconcile()
        self.assertEqual(self._section(since=datetime(2000, 1, 1)).paid, 0)

    # === THE MAIL === #

    def test_only_when_something_needs_me(self):
        self._open_case()
        self.clara.collection_digest = "needs"
        self.assertEqual(self._of(self._send()).state, "quiet")
        self._case().reply_unread_since = MORNING
        digest = self._of(self._send(MORNING + timedelta(days=1)))
        self.assertEqual(digest.state, "sent")
        self.assertEqual(digest.mail_id.subject, "Follow-up: one thing needs you")

    def test_nothing_to_tell_is_one_line(self):
        self._open_case()
        text = self._text(self._of(self._send()))
        self.assertIn("Nothing left, nothing was held back, and nothing needs you.", text)
        self.assertNotIn("Held back, and why", text)

    def test_it_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.clara.lang = "fr_FR"
        self._open_case()
        self._case().reply_unread_since = datetime(2026, 3, 2, 12)
        digest = self._of(self._send())
        self.assertIn('lang="fr-FR"', digest.mail_id.body_html)
        self.assertIn("02/03/2026", digest.mail_id.body_html)

    def test_moments_are_in_the_readers_time_zone(self):
        self.clara.tz = "Asia/Tokyo"
        self._open_case()
        self._case().reply_unread_since = datetime(2026, 3, 2, 20)
        digest = self._of(self._send())
        self.assertIn("Since 3/15/26, 4:00 PM", self._text(digest))
        self.assertIn("Azure Interior, since 3/3/26, 5:00 AM", self._text(digest))

    def test_it_leads_to_the_readers_preferences(self):
        self._open_case()
        self.assertIn("/odoo/collection-my-preferences", self._of(self._send()).mail_id.body_html)
        action = self.env.ref("collections_relationship.action_collection_my_preferences").with_user(self.clara).run()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.users", self.clara.id))

    def test_a_failing_mail_costs_that_reader_only(self):
        self._open_case()
        dora = self._create_user("dora")
        self._open_case(self._create_customer("Birch"), user=dora)
        write = type(self.digests)._render_digest

        def fail_for_clara(digests, reader, facts):
            if reader.user == self.clara:
                raise ValueError("a made-up failure")
            return write(digests, reader, facts)

        with (
            patch.object(type(self.digests), "_render_digest", fail_for_clara),
            self.assertLogs("odoo.addons.collections_relationship.models.collection_digest", "ERROR"),
        ):
            digests = self._send()
        self.assertEqual(self._of(digests).state, "failed")
        self.assertEqual(self._of(digests).error, "a made-up failure")
        self.assertEqual(self._of(digests, dora).state, "sent")

    def test_it_is_no_contact_with_a_customer(self):
        """Even where the reader is a customer's contact himself, and other mail counts."""
        self.policy.write({"other_mail_counts": True, "other_mail_limit": 1, "other_mail_days": 7})
        self._open_case()
        self.clara.partner_id.parent_id = self.customer
        logged = self.env["collection.contact"].search_count([])
        digest = self._of(self._send())
        digest.mail_id.send()
        self.assertEqual(self.env["collection.contact"].search_count([]), logged)
        guard = self._root_env()["collection.guard"]
        facts = guard._facts(MORNING + timedelta(hours=3), self.company, self.customer.ids)
        verdict = facts.check(self.customer.id, "", channel="email", policy=facts.policy_of(self.customer.id))
        self.assertNotIn("FREQUENCY_CAP", [refusal.code for refusal in verdict.refusals])

    def test_the_list_of_what_to_do_holds_what_the_line_counts(self):
        self._open_case()
        case = self._case()
        act = partial(case.activity_schedule, date_deadline=self.today, user_id=self.clara.id)
        action = self.env.ref("collections_relationship.action_collection_my_activities")

        def listed():
            domain = safe_eval(action.domain, {"uid": self.clara.id})
            return case in self.env["collection.case"].with_user(self.clara).search(domain)

        act("collections_relationship.mail_activity_type_approve")
        self.assertFalse(listed(), "it is counted where it waits for a yes")
        act("mail.mail_activity_data_call")
        self.assertTrue(listed())
        case.activity_ids.unlink()
        case.user_id = self._create_user("another")
        act("collections_relationship.mail_activity_type_approve")
        self.assertTrue(listed(), "of somebody else's case nothing else tells him")

    def test_the_links_open_lists_the_reader_may_read(self):
        self._open_case()
        self._case().reply_unread_since = MORNING
        for path in set(LISTS.values()):
            action = self.env["ir.actions.act_window"].search([("path", "=", path)])
            self.assertEqual(len(action), 1, path)
            domain = safe_eval(action.domain or "[]", {"uid": self.clara.id})
            self.env[action.res_model].with_user(self.clara).search(domain)
        answers = self.env.ref("collections_relationship.action_collection_my_answers")
        found = self.env["collection.case"].with_user(self.clara).search(safe_eval(answers.domain, {"uid": self.clara.id}))
        self.assertEqual(found, self._case())

    # === COST === #

    def test_the_number_of_statements_does_not_grow(self):
        users = [self.clara]
        for number in range(5):
            user = self._create_user(f"user{number}")
            users.append(user)
            for extra in range(2):
                partner = self._create_customer(f"Customer {number} {extra}")
                self._open_case(partner, user=user)
                self._case(partner).reply_unread_since = MORNING
        self._open_case()
        readers = self.digests._due_readers(MORNING)
        few = [reader for reader in readers if reader.user in users[:2]]
        many = [reader for reader in readers if reader.user in users]
        self.assertEqual((len(few), len(many)), (2, 6))
        self.digests._gather(many, MORNING)  # rights of each are looked up once and kept by Odoo

        def statements(batch):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.digests._gather(batch, MORNING)
            return self.env.cr.sql_log_count - before

        few_count, many_count = statements(few), statements(many)
        self.assertEqual(few_count, many_count)
        self.assertLess(many_count, 25)


@tagged("post_install", "-at_install")
class TestReport(CollectionCommon):
    """The night's report says what needs a human, and leads to it."""

    def test_what_needs_somebody_with_its_lists(self):
        self._create_item(6)
        run = self._night()
        case = self._case().sudo()
        self.assertEqual(run.needs_count, 0)
        case.reply_unread_since = self.now
        case.bounced_on = self.now
        self.env["collection.step"].sudo().create(
            {"case_id": case.id, "company_id": self.company.id, "purpose": "firm_reminder", "state": "waiting",
             "date_planned": self.now, "round": 9}
        )
        run.invalidate_recordset()
        self.assertEqual((run.unread_count, run.yes_count, run.address_count), (1, 1, 1))
        self.assertEqual(run.needs_count, 3)
        for name in ("unread_count", "yes_count", "address_count"):
            action = run.with_context(collection_needs=name).action_open_needs()
            self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), 1, name)

    def test_what_left_of_one_night(self):
        self._create_item(6)
        run = self._night()
        self._act()
        self._move_to(1)
        self._night()
        action = run.action_open_sent()
        self.assertEqual(self.env["collection.contact"].search(action["domain"]), self._sent())
        self._move_to(1)
        later = self._night().action_open_sent()
        self.assertFalse(self.env["collection.contact"].search(later["domain"]))
