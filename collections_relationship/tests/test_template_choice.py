"""Which message of the library speaks to which customer, and why."""
from datetime import date, timedelta

from odoo.tests import tagged

from .common import CollectionCommon, shipped


@tagged("post_install", "-at_install")
class TestTemplateChoice(CollectionCommon):
    def _choose(self, tone="firm", purpose="firm_reminder", channel="email", partner=None, fixed=None):
        partner = partner or self.customer
        chooser = self.env["collection.template"]._chooser(self.company, partner.ids, self.today)
        return chooser.choose(partner, purpose, tone, channel, policy=self.policy, fixed=fixed)

    def _code(self, picked):
        return self.env["collection.template"].browse(picked.template_id).code

    def _good_customer(self, late_days=0):
        """Let the customer have paid four invoices within the last two years, the first three years ago."""
        self._create_item(3 * 365)
        for days in (120, 240, 360, 480):
            self._pay(self._create_item(days), date=self.today - timedelta(days=days - late_days))

    def test_the_stage_decides_where_nothing_else_does(self):
        picked = self._choose()
        self.assertEqual(self._code(picked), "firm_reminder.firm")
        self.assertEqual((picked.why["tone"], picked.why["wished"]), ("firm", "firm"))
        self.assertNotIn("ceiling", picked.why)

    def test_the_policy_caps(self):
        self.policy.tone_ceiling = "neutral"
        picked = self._choose()
        self.assertEqual(self._code(picked), "firm_reminder.neutral")
        self.assertEqual((picked.why["ceiling"], picked.why["because"]), ("neutral", ["policy"]))

    def test_a_person_caps_for_one_customer(self):
        self.customer.collection_tone_ceiling = "friendly"
        picked = self._choose("firm", "second_reminder")
        self.assertEqual(self._code(picked), "second_reminder.friendly")
        self.assertEqual(picked.why["because"], ["person"])

    def test_words_firmer_than_the_ceiling_need_a_yes(self):
        self.customer.collection_tone_ceiling = "neutral"
        picked = self._choose("formal", "formal_notice")
        self.assertEqual(self._code(picked), "formal_notice.formal")
        self.assertTrue(picked.must_approve)

    def test_the_industry_has_its_own_words(self):
        self.customer.industry_id = self.env.ref("base.res_partner_industry_F")
        self.assertEqual(self._code(self._choose()), "firm_reminder.firm.construction")
        self.customer.industry_id = self.env.ref("base.res_partner_industry_A")
        picked = self._choose()
        self.assertEqual(self._code(picked), "firm_reminder.firm")
        self.assertIn("industry", picked.why["given_up"])

    def test_a_consumer_has_his_own_words(self):
        self.customer.collection_debtor_kind = "consumer"
        self.assertEqual(self._code(self._choose()), "firm_reminder.firm.consumer")

    def test_a_message_without_words_for_the_channel_is_passed_over(self):
        shipped(self.env, "firm_reminder", "firm").sms_body = False
        self.assertEqual(self._code(self._choose(channel="sms")), "firm_reminder.neutral")

    def test_nothing_for_a_purpose_is_nothing(self):
        self.env["collection.template"].search([("purpose", "=", "statement")]).active = False
        self.assertFalse(self._choose("friendly", "statement").template_id)

    def test_variants_are_shared_out_fairly_and_stay_with_the_customer(self):
        first = shipped(self.env, "firm_reminder", "firm")
        second = first.copy()
        customers = self.env["res.partner"].create([{"name": f"Made-up Customer {n}", "is_company": True} for n in range(200)])
        chooser = self.env["collection.template"]._chooser(self.company, customers.ids, self.today)
        picked = {
            customer: chooser.choose(customer, "firm_reminder", "firm", policy=self.policy).template_id
            for customer in customers
        }
        share = sum(template_id == second.id for template_id in picked.values())
        # Of 200 fair coins, fewer than 70 or more than 130 heads come up once in 30,000 times.
        self.assertTrue(70 <= share <= 130, share)
        self.assertEqual(set(picked.values()), {first.id, second.id})
        third = second.copy()
        again = self.env["collection.template"]._chooser(self.company, customers.ids, self.today)
        for customer in customers:
            template_id = again.choose(customer, "firm_reminder", "firm", policy=self.policy).template_id
            self.assertIn(template_id, (picked[customer], third.id))

    def test_a_good_customer_is_spoken_to_more_gently(self):
        self._good_customer()
        picked = self._choose()
        self.assertEqual(self._code(picked), "firm_reminder.neutral")
        self.assertEqual(picked.why["because"], ["good_customer"])

    def test_a_customer_of_years_who_pays_late_is_none(self):
        self._good_customer(late_days=10)
        self.assertEqual(self._code(self._choose()), "firm_reminder.firm")

    def test_a_question_of_his_makes_the_firm_reminder_milder_and_asks_nobody_for_a_yes(self):
        self.env["collection.hold"].create(
            {
                "partner_id": self.customer.id,
                "move_id": self._create_item(40).id,
                "company_id": self.company.id,
                "reason": "dispute",
                "date_start": self.today,
                "date_end": date(self.today.year, 12, 31),
            }
        )
        picked = self._choose()
        self.assertEqual((self._code(picked), picked.must_approve), ("firm_reminder.neutral", False))

    def test_while_we_owe_an_answer_we_stay_friendly(self):
        self.policy.open_matter_ceiling = "friendly"
        self.env["collection.hold"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "reason": "clarification",
                "date_start": self.today,
                "date_end": date(self.today.year + 1, 1, 1),
            }
        )
        picked = self._choose("firm", "second_reminder")
        self.assertEqual(self._code(picked), "second_reminder.friendly")
        self.assertEqual(picked.why["because"], ["open_matter"])

    def test_the_books_are_read_in_one_statement_whatever_the_number_of_customers(self):
        customers = self.env["res.partner"].create([{"name": f"Made-up Customer {n}"} for n in range(50)])
        chooser = self.env["collection.template"]._chooser(self.company, customers.ids, self.today)
        chooser.choose(customers[0], "firm_reminder", "firm", policy=self.policy)
        with self.assertQueryCount(0):
            for customer in customers:
                chooser.choose(customer, "firm_reminder", "firm", policy=self.policy)
