"""What the guard is told of customers, and what follows from its verdicts at planning and at sending."""
from datetime import datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .common import CollectionCommon, shipped


@tagged("post_install", "-at_install")
class TestGuardFacts(CollectionCommon):
    """The house's rules and the packs that fit meet in one verdict."""

    def _verdict(self, channel="email", partner=None, at=None, **details):
        partner = partner or self.customer
        return self.env["collection.guard"]._verdict(
            at or self.now, partner, channel, partner.email_normalized, company=self.company, **details
        )

    def _at(self, hour, minute=0):
        """Return a moment of today in UTC, where the company is."""
        return datetime.combine(self.today, time(hour, minute))

    def _protect(self, kind, **values):
        return self.env["collection.protection"].create(
            {"partner_id": self.customer.id, "kind": kind, "date_from": self.today, **values}
        )

    def test_hours_of_the_policy_are_the_customers(self):
        self.customer.write({"country_id": self.env.ref("base.jp").id, "tz": "Asia/Tokyo"})
        self.assertFalse(self._verdict(at=self._at(14)).allowed, "23:00 in Tokyo")
        self.assertTrue(self._verdict(at=self._at(1)).allowed, "10:00 in Tokyo")
        refused = self._verdict(at=self._at(14))
        self.assertEqual(refused.code, "OUTSIDE_HOURS")
        self.assertEqual(refused.next_allowed_at.isoformat(), "2026-03-17T08:00:00+09:00")

    def test_the_zone_of_whoever_made_the_contact_is_no_sign(self):
        self.company.partner_id.tz = "Europe/Brussels"
        self.customer.write({"tz": "Europe/Brussels", "country_id": self.env.ref("base.jp").id})
        facts = self.env["collection.guard"]._facts(self.now, self.company, self.customer.ids)
        self.assertEqual(facts.zones_of(self.customer.id), ("Asia/Tokyo",))

    def test_the_contacts_own_zone_comes_first(self):
        self.customer.write({"tz": "Asia/Tokyo", "country_id": self.env.ref("base.fr").id})
        facts = self.env["collection.guard"]._facts(self.now, self.company, self.customer.ids)
        self.assertEqual(facts.zones_of(self.customer.id), ("Asia/Tokyo",))

    def test_a_policy_may_rest_on_weekdays(self):
        self.policy.weekdays = "1234"
        refused = self._verdict()
        self.assertEqual(refused.code, "OUTSIDE_HOURS")
        self.assertEqual(refused.next_allowed_at.replace(tzinfo=None), datetime(2026, 3, 17, 8))
        with self.assertRaisesRegex(ValidationError, "no weekdays"):
            self.policy.weekdays = "17x"

    def test_without_any_sign_the_companys_zone_holds(self):
        self.company.partner_id.tz = "Europe/Brussels"
        self.customer.tz = False
        facts = self.env["collection.guard"]._facts(self.now, self.company, self.customer.ids)
        self.assertEqual(facts.zones_of(self.customer.id), ("Europe/Brussels",))

    def test_packs_are_proposed_until_somebody_confirms(self):
        australia = self.env.ref("base.au")
        self.customer.write({"country_id": australia.id, "tz": "Australia/Sydney"})
        au = self.env["collection.rule.pack"].search([("code", "=", "au_rg96")])
        self.customer.is_company = False
        self.env.invalidate_all()
        self.assertIn(au, self.customer.collection_proposed_pack_ids)
        self.customer.action_collection_confirm_packs()
        self.assertIn(au, self.customer.collection_pack_ids)
        self.assertEqual(self.customer.collection_packs_confirmed_by_id, self.env.user)
        # Somebody who knows better takes it off: it no longer holds, although it would fit.
        self.customer.collection_pack_ids -= au
        self.env.invalidate_all()
        facts = self.env["collection.guard"]._facts(self.now, self.company, self.customer.ids)
        self.assertNotIn("au_rg96", [rules.code for rules in facts.packs_of(self.customer.id, self.policy)])

    def test_each_protection_is_heeded(self):
        lawyer = self.env["res.partner"].create({"name": "Maître Lovelace"})
        for kind, values, code in (
            ("cease", {}, "CEASED"),
            ("represented", {"representative_id": lawyer.id}, "ATTORNEY"),
            ("moratorium", {"date_until": fields.Date.add(self.today, days=20)}, "BREATHING_SPACE"),
            ("moratorium", {}, "BREATHING_SPACE"),
            ("capacity", {}, "MENTAL_CAPACITY"),
            ("opt_out", {"channel": "email"}, "OPTED_OUT"),
            ("opt_out", {}, "OPTED_OUT"),
            ("opt_out", {"channel": "email", "address": self.customer.email}, "OPTED_OUT"),
            ("inconvenient", {"hour_from": 8, "hour_to": 12}, "INCONVENIENT_TIME"),
        ):
            with self.subTest(kind=kind, **values):
                protection = self._protect(kind, **values)
                self.assertEqual(self._verdict().code, code)
                protection.action_archive()
                self.assertTrue(self._verdict().allowed)

    def test_a_long_gap_is_kept_to_its_last_day(self):
        self.policy.minimum_gap = 90
        self._create_item(6)
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)
        self._move_to(89)
        self.assertEqual(self._verdict().code, "MINIMUM_GAP")
        self._move_to(1)
        self.assertTrue(self._verdict().allowed)

    def test_an_opt_out_of_mail_leaves_the_letter(self):
        self._protect("opt_out")
        self.assertFalse(self._verdict("email").allowed)
        self.assertFalse(self._verdict("call").allowed)
        self.assertTrue(self._verdict("letter").allowed)

    def test_preferences_narrow_the_hours(self):
        self.customer.write({"collection_hour_from": 10, "collection_hour_to": 12, "collection_weekdays": "1"})
        refused = self._verdict()
        self.assertEqual(refused.code, "INCONVENIENT_TIME")
        self.assertEqual(refused.next_allowed_at.replace(tzinfo=None), datetime(2026, 3, 17, 10))

    def test_other_mail_counts_only_where_the_policy_says_so(self):
        invoice = self._create_item(3)
        for _number in range(2):
            message = invoice.message_post(body="Your invoice", partner_ids=self.customer.ids, message_type="comment")
            notifications = self.env["mail.notification"].sudo().search([("mail_message_id", "=", message.id)])
            self.assertEqual(notifications.res_partner_id, self.customer)
            notifications.notification_status = "sent"
            message.sudo().date = self.now - timedelta(days=1)
        self.env.flush_all()
        self.assertTrue(self._verdict().allowed)
        self.policy.write({"other_mail_counts": True, "other_mail_limit": 2, "other_mail_days": 7})
        self.assertEqual(self._verdict().code, "FREQUENCY_CAP")
        message.sudo().record_company_id = self.env["res.company"].sudo().create({"name": "Another Company"})
        self.assertTrue(self._verdict().allowed, "another company's mail is none of ours")

    def test_statements_do_not_grow_with_customers(self):
        self._verdict()
        counts = []
        for number in (1, 20):
            partners = self.env["res.partner"].create(
                [{"name": f"Customer {n}", "is_company": True, "email": f"c{n}@customer.example.com"} for n in range(number)]
            )
            addresses = partners.mapped("email_normalized")
            self.env.flush_all()
            self.policy.invalidate_recordset(["pack_ids"])
            before = self.env.cr.sql_log_count
            facts = self.env["collection.guard"]._facts(self.now, self.company, partners.ids, addresses)
            for partner, address in zip(partners, addresses, strict=True):
                self.assertTrue(facts.check(partner.id, address, policy=self.policy).allowed)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 5)

    def test_words_name_rule_figures_and_source(self):
        self._protect("cease")
        first = self.env["collection.guard"]._describe(self._verdict())[0]
        self.assertEqual(first["code"], "ceased")
        self.assertTrue(first["hard"])
        self.assertEqual(first["text"], "The customer asked us to stop.")
        self.assertEqual(first["source"], self.policy.name)

    def test_what_two_packs_say_is_said_once_with_both_sources(self):
        britain = self.env.ref("base.uk").id
        self.customer.write({"country_id": britain, "tz": "Europe/London", "collection_debtor_kind": "consumer"})
        self._protect("capacity")
        [why] = self.env["collection.guard"]._describe(self._verdict())
        self.assertIn(self.policy.name, why["source"])
        self.assertIn("CONC", why["source"])
        self.assertIn("Law", why["basis"])

    @freeze_time("2026-03-16 23:30:00")
    def test_what_a_colleague_further_east_notes_holds_at_once(self):
        self.company.partner_id.tz = "America/New_York"
        self.env.user.tz = "Europe/Brussels"  # the 17th there, still the 16th in New York
        at = datetime(2026, 3, 16, 23, 30)
        env = self.env(context={**self.env.context, "tz": "Europe/Brussels"}, su=False)
        stop = env["collection.protection"].with_company(self.company).create({"partner_id": self.customer.id, "kind": "cease"})
        self.assertEqual(stop.date_from, self.today)
        self.assertIn("CEASED", [refusal.code for refusal in self._verdict(at=at).refusals])
        pause = env["collection.hold"].with_company(self.company).create(
            {"partner_id": self.customer.id, "reason": "internal", "date_end": fields.Date.add(self.today, days=9)}
        )
        self.assertEqual(pause.date_start, self.today)

    def test_a_stop_shows_on_the_case_at_once(self):
        self._create_item(6)
        self._night()
        self._protect("cease")
        self.assertEqual(self._reason(), "ceased")

    def test_every_refusal_has_words(self):
        from ..engine.facts import REASONS

        labels = self.env["collection.guard"]._reason_labels()
        self.assertEqual({code.lower() for code in REASONS}, set(labels))


@tagged("post_install", "-at_install")
class TestGuardedNight(CollectionCommon):
    """Planning puts off what only comes at the wrong hour; sending asks again."""

    def _plan_at(self, hour):
        type(self).now = datetime.combine(self.today, time(hour))
        self._night()
        return self._case().step_ids.filtered(lambda step: step.is_asking)

    def test_a_message_planned_before_the_hours_leaves_in_the_hours(self):
        self._create_item(6)
        step = self._plan_at(5)
        self.assertEqual(step.date_planned, datetime(2026, 3, 16, 8))
        self._act()
        self.assertFalse(self._sent())
        self._move_on(180)
        self._act()
        self.assertEqual(len(self._sent()), 1)
        self.assertEqual(self._sent().reason["put_off"], ["outside_hours"])

    def test_a_message_in_another_time_zone_leaves_in_the_customers_hours(self):
        self.customer.write({"country_id": self.env.ref("base.us").id, "tz": "America/Los_Angeles"})
        self._create_item(6)
        step = self._plan_at(9)
        self.assertEqual(step.date_planned, datetime(2026, 3, 16, 15), "08:00 in Los Angeles, summer time")

    def test_the_nights_report_counts_what_was_put_off_and_held_back(self):
        self._create_item(6)
        self._create_item(6, partner=self._create_customer("Borealis Bakery", email=False))
        type(self).now = datetime.combine(self.today, time(5))
        run = self._night()
        self.assertEqual((run.step_count, run.put_off_count), (1, 1))
        action = run.action_open_held_back()
        self.assertEqual(self.env["collection.case"].search(action["domain"]).partner_id.name, "Borealis Bakery")

    def test_paid_before_the_morning_it_does_not_leave(self):
        invoice = self._create_item(6)
        step = self._plan_at(22)
        self.assertEqual((step.state, step.date_planned), ("planned", datetime(2026, 3, 17, 8)))
        self._pay(invoice)
        self._move_on(11 * 60)
        self._act()
        self.assertFalse(self._sent())
        self.assertEqual(step.state, "cancelled")

    def test_put_off_at_sending_says_so_on_the_contact(self):
        self._create_item(6)
        step = self._plan_at(9)
        self.customer.write({"country_id": self.env.ref("base.us").id, "tz": "America/Los_Angeles"})
        self._act()
        self.assertEqual((step.state, step.date_planned), ("planned", datetime(2026, 3, 16, 15)))
        self._move_on(6 * 60)
        self._act()
        self.assertEqual(self._sent().reason["moved"], [{"code": "outside_hours", "to": "2026-03-16T15:00:00"}])

    def test_a_stop_between_planning_and_sending_takes_the_message_back(self):
        self._create_item(6)
        step = self._plan_at(9)
        self.env["collection.protection"].create(
            {"partner_id": self.customer.id, "kind": "cease", "date_from": self.today}
        )
        self._act()
        self.assertFalse(self._sent())
        self.assertEqual((step.state, step.cancel_code), ("cancelled", "ceased"))

    def test_a_stopped_customer_shows_why_and_gets_a_person(self):
        self.env["collection.protection"].create(
            {"partner_id": self.customer.id, "kind": "opt_out", "channel": "email", "date_from": self.today}
        )
        self._create_item(6)
        self._night()
        self.assertEqual(self._reason(), "opted_out")
        self.assertIn("wants no e-mails", self._case().activity_ids.summary)

    def test_at_night_the_reason_is_the_rule_that_holds_longest(self):
        self._create_item(6)
        self._night_and_act()
        self._move_to(2)
        self._create_item(6)
        self._plan_at(4)
        self.assertEqual(self._reason(), "minimum_gap")

    def test_a_cap_of_a_pack_holds_back_and_names_the_day(self):
        self.policy.write(
            {
                "minimum_gap": 1,
                "pack_ids": [
                    fields.Command.create(
                        {
                            "name": "One mail a fortnight",
                            "code": "one_a_fortnight",
                            "definition": """{"name": "One mail a fortnight", "basis": "default", "verified": true,
                                "caps": [{"limit": 1, "days": 14, "count": ["email"], "apply": ["email"],
                                          "scope": "person", "mode": "attempt"}]}""",
                        }
                    )
                ],
            }
        )
        self._create_item(6)
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)
        self._move_to(7)
        self._night_and_act()
        self.assertEqual(self._reason(), "frequency_cap")
        self.assertEqual(self._case().next_step_date, self.today + timedelta(days=7))
        self._move_to(7)
        self._night_and_act()
        self.assertEqual(len(self._sent()), 2)


@tagged("post_install", "-at_install")
class TestOverride(CollectionCommon):
    """A manager sets a soft rule aside with a reason; nobody sets aside a hard one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = new_test_user(
            cls.env, "colin_collector", groups="account.group_account_invoice", company_id=cls.company.id
        )
        cls.manager = new_test_user(
            cls.env, "maria_manager", groups="account.group_account_manager", company_id=cls.company.id
        )

    def _follow_up(self, user, **how):
        case = self._case()
        template = shipped(self.env, "friendly_reminder", "friendly")
        subject, body = template.subject, str(template.body_html)
        return case.with_user(user)._follow_up_now(
            self.now, self.stage["friendly_reminder"], case.item_ids, subject, body, user, **how
        )

    def setUp(self):
        super().setUp()
        self._create_item(8)
        self._night_and_act()
        self._move_to(1)

    def test_refused_without_a_reason_in_words(self):
        with self.assertRaisesRegex(UserError, "heard from us recently.*next right moment"):
            self._follow_up(self.manager)

    def test_a_collector_may_not(self):
        with self.assertRaisesRegex(AccessError, "Only a manager"):
            self._follow_up(self.collector, override_reason="He asked for a copy.")

    def test_a_manager_may_and_it_is_logged(self):
        step = self._follow_up(self.manager, override_reason="He asked for a copy by phone.")
        self._act()
        self.assertEqual(step.state, "sent")
        sent = self._sent()[-1]
        self.assertEqual(sent.step_id, step)
        self.assertEqual(sent.reason["override"]["reason"], "He asked for a copy by phone.")
        self.assertEqual(sent.reason["override"]["codes"], ["MINIMUM_GAP"])
        self.assertEqual(sent.reason["override"]["by"], self.manager.id)

    def test_nobody_overrides_a_hard_rule(self):
        self.env["collection.protection"].create(
            {"partner_id": self.customer.id, "kind": "cease", "date_from": self.today}
        )
        with self.assertRaisesRegex(UserError, "Nobody may set this aside"):
            self._follow_up(self.manager, override_reason="It is a lot of money.")

    def test_a_rule_that_was_not_set_aside_still_holds_at_sending(self):
        step = self._follow_up(self.manager, override_reason="He asked for a copy by phone.")
        self.env["collection.protection"].create(
            {"partner_id": self.customer.id, "kind": "opt_out", "channel": "email", "date_from": self.today}
        )
        self._act()
        self.assertEqual((step.state, step.cancel_code), ("cancelled", "opted_out"))

    def test_later_leaves_at_the_next_right_moment(self):
        step = self._follow_up(self.collector, later=True)
        self.assertEqual(step.date_planned, datetime(2026, 3, 21, 8))
        case = self._case()
        self.assertEqual((case.next_reason["code"], str(case.next_step_date)), ("ready", "2026-03-21"))
        self._act()
        self.assertEqual(step.state, "approved")
        self._move_to(4)
        self._act()
        self.assertEqual(step.state, "sent")


@tagged("post_install", "-at_install")
class TestRulePacks(CollectionCommon):
    """Packs are data; a wrong one is refused in words."""

    def test_shipped_packs_are_loaded_and_kept(self):
        pack = self.env["collection.rule.pack"].search([("code", "=", "us_reg_f")])
        self.assertTrue(pack.is_shipped)
        self.assertEqual(pack.basis, "law")
        self.assertTrue(pack.review_date)
        with self.assertRaisesRegex(UserError, "Copy it"):
            pack.definition = "{}"
        with self.assertRaisesRegex(UserError, "Copy it"):
            pack.unlink()
        copy = pack.copy()
        self.assertFalse(copy.is_shipped)
        copy.name = "Ours"

    def test_a_pack_says_in_words_what_it_holds(self):
        summary = self.env["collection.rule.pack"].search([("code", "=", "au_rg96")]).summary
        self.assertIn("At most 3 within 7 days: E-mail, Text Message, Call, Letter.", summary)
        self.assertIn("Text Message, Call: Mon-Fri 07:30-21:00; Sat-Sun 09:00-21:00.", summary)
        self.assertIn("Not on public holidays: Text Message, Call, Visit.", summary)
        for pack in self.env["collection.rule.pack"].search([]):
            self.assertTrue(pack.summary, pack.code)

    def test_loading_again_brings_files_up_to_date_and_doubles_nothing(self):
        packs = self.env["collection.rule.pack"]
        before = packs.search_count([])
        packs._load_shipped()
        self.assertEqual(packs.search_count([]), before)

    def test_a_wrong_pack_is_refused_in_words(self):
        for number, definition in enumerate(("[]", "nonsense", '{"name": "x", "capz": []}')):
            with self.subTest(definition=definition), self.assertRaisesRegex(ValidationError, "cannot be read"):
                self.env["collection.rule.pack"].create(
                    {"name": "Wrong", "code": f"wrong_{number}", "definition": definition}
                )

    def test_what_is_wrong_in_a_text_is_said_with_its_place_and_what_to_do(self):
        for number, (definition, words) in enumerate(
            (
                ("", "between { and }"),
                ('{"name": "x" "source": "y"}', "line 1, column 14: a comma is missing"),
                ('{"name": "x",}', "a comma before a closing b"),
                ('{"name" "x"}', "a colon is missing"),
                ('{"name": "x', "double quotes that open here are never closed"),
                ('{\n"review_date": tomorrow}', "line 2, column 16: a value is missing.*tomorrow"),
                ('{"name": "x"} and more', "after the last closing brace"),
            )
        ):
            with self.subTest(definition=definition), self.assertRaisesRegex(ValidationError, f"(?s){words}"):
                self.env["collection.rule.pack"].create(
                    {"name": "Wrong", "code": f"wrong_{number}", "definition": definition or " "}
                )

    def test_the_name_typed_is_kept_and_that_of_the_text_is_shown(self):
        text = '{"name": "Freedonian Code", "source": "Code, art. 1", "hours": {"channels": ["call"], "all": ["09:00", "17:00"]}}'
        with Form(self.env["collection.rule.pack"]) as form:
            form.name = "Freedonia"
            form.code = "freedonia"
            form.definition = text
            self.assertEqual((form.name, form.own_name), ("Freedonia", "Freedonian Code"))
        self.assertEqual(form.record.name, "Freedonia")
        self.env["collection.rule.pack"]._load_shipped()
        self.assertEqual(form.record.name, "Freedonia")
        with Form(self.env["collection.rule.pack"]) as form:
            form.code = "freedonia_2"
            form.definition = text
            self.assertEqual(form.name, "Freedonian Code", "none was typed")

    def test_a_text_without_name_or_source_is_named_as_its_pack(self):
        own = self.env["collection.rule.pack"].create({"name": "Freedonia", "code": "freedonia", "definition": "{}"})
        self.assertEqual(self.env["collection.rule.pack"]._compiled()[own.id].origin.source, "Freedonia")

    def test_a_pack_of_the_house_is_not_overwritten_by_a_shipped_one(self):
        shipped = self.env["collection.rule.pack"].search([("code", "=", "au_rg96")])
        shipped.sudo().with_context(collection_loads_packs=True).write({"is_shipped": False, "name": "Ours"})
        with self.assertLogs("odoo.addons.collections_relationship.models.collection_rule_pack", "WARNING"):
            self.env["collection.rule.pack"]._load_shipped()
        self.assertEqual(shipped.name, "Ours")

    def test_an_archived_pack_no_longer_holds(self):
        pack = self.env["collection.rule.pack"].search([("code", "=", "au_rg96")])
        self.assertIn(pack.id, self.env["collection.rule.pack"]._compiled())
        pack.active = False
        self.assertNotIn(pack.id, self.env["collection.rule.pack"]._compiled())
