"""What protects a customer, and how he wants to be contacted: what may be noted, and what stays."""
from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestProtections(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create(
            {"name": "Ada Baker", "parent_id": cls.customer.id, "email": "ada@customer.example.com"}
        )
        cls.user = new_test_user(
            cls.env,
            "clerk",
            groups="account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _protect(self, kind="opt_out", partner=None, **values):
        return self.env["collection.protection"].create(
            {"partner_id": (partner or self.customer).id, "company_id": self.company.id, "kind": kind, **values}
        )

    def _rows(self, day=None, company=None, partner=None):
        return self.env["collection.protection"]._state_rows(
            company or self.company, (partner or self.customer).ids, day or self.today
        )

    # === WHAT IS IN FORCE === #

    def test_a_fact_holds_from_its_first_to_its_last_day(self):
        fact = self._protect("moratorium", date_from=self.today, date_until=self.today + timedelta(days=59))
        in_force = {
            offset: bool(self._rows(self.today + timedelta(days=offset))) for offset in (-1, 0, 59, 60)
        }
        self.assertEqual(in_force, {-1: False, 0: True, 59: True, 60: False})
        for offset, expected in in_force.items():
            self.assertEqual(fact._is_in_force(self.company, self.today + timedelta(days=offset)), expected)

    def test_what_a_contact_tells_us_protects_the_customer(self):
        self._protect("cease", partner=self.person)
        [row] = self._rows()
        self.assertEqual((row["partner_id"], row["person_id"]), (self.customer.id, self.person.id))

    def test_the_case_of_another_company_says_nothing_of_it(self):
        other = self.setup_other_company(name="Another Company")["company"]
        self._create_item(10)
        self._night()
        mine = self._case()
        theirs = mine.sudo().create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "policy_id": self.policy.id,
                "date_opened": self.now,
                "next_reason": {"code": "due"},
            }
        )
        self._protect("cease")
        self.assertNotEqual(mine.next_reason["code"], "due")
        self.assertEqual(theirs.next_reason, {"code": "due"})
        self._protect("cease", company_id=False)
        self.assertEqual(theirs.next_reason, mine.next_reason)

    def test_another_company_does_not_see_it_unless_it_holds_for_all(self):
        other = self.setup_other_company(name="Another Company")["company"]
        self._protect("cease")
        self.assertFalse(self._rows(company=other))
        self._protect("cease", company_id=False)
        self.assertEqual(len(self._rows(company=other)), 1)
        self.assertEqual(len(self._rows()), 2)

    def test_a_branch_is_bound_by_what_its_company_was_told(self):
        branch = self._create_branch("South")
        self._protect("cease")
        self.assertEqual(len(self._rows(company=branch)), 1)
        with self.assertRaisesRegex(ValidationError, "a branch belongs to"):
            self._protect("cease", company_id=branch.id)

    def test_facts_of_many_customers_cost_one_statement(self):
        partners = self.customer
        for number in range(5):
            partners |= self._create_customer(f"Customer {number}")
        for partner in partners:
            self._protect("cease", partner=partner)
        self.env.flush_all()
        with self.assertQueryCount(1):
            rows = self.env["collection.protection"]._state_rows(self.company, partners.ids, self.today)
        self.assertEqual({row["partner_id"] for row in rows}, set(partners.ids))

    # === ENDING === #

    def test_it_is_ended_with_who_when_and_why_and_never_revived(self):
        fact = self._protect().with_user(self.user)
        action = fact.action_end()
        Wizard = self.env[action["res_model"]].with_user(self.user).with_context(**action["context"])
        # Odoo would say "Missing required fields" only; here the words name what is wanted.
        with self.assertRaisesRegex(UserError, "Say why it ends"):
            Form(Wizard).save().action_end()
        wizard = Wizard.create({"note": "  "})
        with self.assertRaisesRegex(UserError, "Say why it ends"):
            wizard.action_end()
        wizard.note = "They wrote that e-mail is fine"
        wizard.action_end()
        self.assertRecordValues(
            fact, [{"active": False, "ended_by_id": self.user.id, "end_note": "They wrote that e-mail is fine"}]
        )
        self.assertEqual(str(fact.ended_on), "2026-03-16 09:00:00")
        self.assertFalse(self._rows())
        with self.assertRaisesRegex(UserError, "stays ended"):
            fact.write({"active": True})
        with self.assertRaisesRegex(UserError, "ended already"):
            fact.action_end()

    def test_archiving_is_ending(self):
        fact = self._protect().with_user(self.user)
        fact.action_archive()
        self.assertEqual(fact.ended_by_id, self.user)

    def test_ending_twice_keeps_who_ended_it_first(self):
        fact = self._protect()
        fact.with_user(self.user)._end("First")
        fact.write({"active": False})
        self.assertEqual((fact.ended_by_id, fact.end_note), (self.user, "First"))

    def test_what_was_told_is_not_rewritten(self):
        fact = self._protect("cease").with_user(self.user)
        for values in ({"kind": "inconvenient"}, {"partner_id": self.person.id}, {"date_from": date(2027, 1, 1)}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "stays as the customer told it"):
                fact.write(values)
        fact.write({"note": "Their letter is in the file", "date_until": date(2026, 12, 31)})

    def test_it_is_never_deleted(self):
        with self.assertRaisesRegex(UserError, "never deleted"):
            self._protect().sudo().unlink()

    def test_noting_and_ending_have_the_customer_looked_at_again(self):
        def dirty():
            self.env.cr.execute("SELECT partner_id FROM collection_dirty")
            ids = {row[0] for row in self.env.cr.fetchall()}
            self.env.cr.execute("DELETE FROM collection_dirty")
            return self.customer.id in ids

        dirty()
        fact = self._protect(partner=self.person)
        self.assertTrue(dirty())
        fact._end("Changed their mind")
        self.assertTrue(dirty())

    # === WHAT MAY BE NOTED === #

    def test_an_address_is_kept_the_way_it_is_compared(self):
        fact = self._protect(channel="email", address=" Ada@Customer.Example.COM ")
        self.assertEqual(fact.address, "ada@customer.example.com")
        self.customer.country_id = self.env.ref("base.us")
        fact = self._protect(channel="sms", address="(201) 555-0123")
        self.assertEqual(fact.address, "+12015550123")

    def test_an_address_needs_its_channel(self):
        with self.assertRaisesRegex(ValidationError, "choose the channel"):
            self._protect(address="ada@customer.example.com")
        with self.assertRaisesRegex(ValidationError, "is not an e-mail address"):
            self._protect(channel="email", address="ada")

    def test_times_need_a_time(self):
        with self.assertRaisesRegex(ValidationError, "at which times or on which days"):
            self._protect("inconvenient")
        self._protect("inconvenient", weekdays="56")
        with self.assertRaisesRegex(ValidationError, "no part of a day"):
            self._protect("inconvenient", hour_from=14, hour_to=9)
        with self.assertRaisesRegex(ValidationError, "no weekdays"):
            self._protect("inconvenient", weekdays="57")

    def test_it_says_what_it_means(self):
        lawyer = self._create_customer("Made-up Law")
        for expected, kind, values in (
            ("Letters only", "opt_out", {}),
            ("No e-mail", "opt_out", {"channel": "email"}),
            ("No calls to +12015550123", "opt_out", {"channel": "call", "address": "+1 201-555-0123"}),
            ("No e-mail to ada@customer.example.com", "opt_out", {"channel": "email", "address": self.person.email}),
            ("Write to Made-up Law instead", "represented", {"representative_id": lawyer.id}),
            ("Not: Sat, Sun, 08:00 to 10:30", "inconvenient", {"weekdays": "56", "hour_from": 8, "hour_to": 10.5}),
            (
                "No contact about what is owed while it lasts, until 05/15/2026",
                "moratorium",
                {"date_until": date(2026, 5, 15)},
            ),
        ):
            with self.subTest(expected=expected):
                self.assertEqual(self._protect(kind, **values).summary, expected)

    def test_the_case_shows_what_is_in_force(self):
        self._create_item(10)
        self._refresh()
        self._protect(channel="email")
        self._protect(channel="sms", date_until=self.today - timedelta(days=1), date_from=date(2026, 1, 1))
        self.assertEqual(self._case().with_user(self.user).protection_text, "No e-mail")

    # === CONTACTS THAT ARE ONE === #

    def test_a_merge_takes_protections_along(self):
        double = self._create_customer("Azure Interiour", email=self.customer.email)
        fact = self._protect("cease", partner=double)
        self.env["base.partner.merge.automatic.wizard"]._merge((double | self.customer).ids, self.customer)
        self.assertEqual((fact.partner_id, fact.commercial_partner_id), (self.customer, self.customer))
        self.assertEqual(self._rows()[0]["id"], fact.id)

    def test_a_contact_merged_into_another_customers_protects_that_one(self):
        other = self._create_customer("Borealis")
        contact = self.env["res.partner"].create({"name": "Ada B.", "parent_id": other.id, "email": self.person.email})
        fact = self._protect("represented", partner=self.person)
        self.env["base.partner.merge.automatic.wizard"]._merge((contact | self.person).ids, contact)
        self.assertEqual((fact.partner_id, fact.commercial_partner_id), (contact, other))
        self.assertEqual(self._rows(partner=other)[0]["id"], fact.id)


@tagged("post_install", "-at_install")
class TestPreferences(CollectionCommon):
    def test_a_company_is_a_company_and_a_person_a_consumer_until_somebody_says_otherwise(self):
        person = self.env["res.partner"].create({"name": "Ada Baker"})
        self.assertEqual(self.customer.collection_debtor_kind, "company")
        self.assertEqual(person.collection_debtor_kind, "consumer")
        person.is_company = True
        self.assertEqual(person.collection_debtor_kind, "company")
        person.collection_debtor_kind = "sole_trader"
        person.is_company = False
        self.assertEqual(person.collection_debtor_kind, "sole_trader")

    def test_contacts_follow_their_customer(self):
        person = self.env["res.partner"].create({"name": "Ada Baker", "parent_id": self.customer.id})
        self.assertEqual(person.collection_debtor_kind, "company")
        self.customer.write({"collection_hour_from": 9.0, "collection_weekdays": "01234"})
        self.assertEqual((person.collection_hour_from, person.collection_weekdays), (9.0, "01234"))

    def test_hours_and_days_must_exist(self):
        for values in (
            {"collection_hour_from": 18.0, "collection_hour_to": 9.0},
            {"collection_hour_from": -1.0},
            {"collection_hour_to": 24.5},
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "no part of a day"):
                self.customer.write(values)
        with self.assertRaisesRegex(ValidationError, "no weekdays"):
            self.customer.collection_weekdays = "Mon"

    def test_nobody_is_a_third_person_to_himself(self):
        with self.assertRaisesRegex(ValidationError, "need not be authorised"):
            self.customer.collection_authorised_ids = self.customer

    def test_the_form_takes_preferences(self):
        with Form(self.customer) as form:
            form.collection_channel = "call"
            form.collection_hour_from = 9.0
            form.collection_hour_to = 17.5
        self.assertRecordValues(
            self.customer, [{"collection_channel": "call", "collection_hour_from": 9.0, "collection_hour_to": 17.5}]
        )
