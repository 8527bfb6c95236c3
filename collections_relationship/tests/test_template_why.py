"""Why these words: what chose them, in short sentences."""
from odoo.tests import tagged

from .common import shipped
from .mail_common import NOW, MailCommon


@tagged("post_install", "-at_install")
class TestWhyTheseWords(MailCommon):
    def setUp(self):
        super().setUp()
        self.templates = self.env["collection.template"]
        self.chooser = self.templates._chooser(self.company, self.customer.ids, NOW.date())

    def _why(self, purpose="firm_reminder", tone="firm", **kwargs):
        picked = self.chooser.choose(self.customer, purpose, tone, policy=self.policy, **kwargs)
        return self.templates._describe_choice(picked.why)

    def test_the_tone_the_stage_wishes_for(self):
        self.assertEqual(self._why("check_in", "friendly"), ["The stage wishes for the tone “Friendly”."])

    def test_a_ceiling_a_person_set(self):
        self.customer.collection_tone_ceiling = "friendly"
        self.assertIn(
            "To this customer nothing sounds firmer than “Friendly”, because somebody decided so for this customer.",
            self._why("check_in", "neutral"),
        )

    def test_a_good_customer_with_the_figures(self):
        self.policy.write(
            {
                "good_customer_ceiling": "neutral",
                "good_customer_years": 1,
                "good_customer_revenue": 0,
                "good_customer_punctuality": 0,
            }
        )
        invoice = self._invoice(self.customer, 900.0, 800)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": invoice.invoice_date_due})._create_payments()
        [_wished, ceiling] = self._why()
        self.assertIn("this is a good customer (a customer for 2 years", ceiling)

    def test_an_open_question(self):
        self.policy.open_matter_ceiling = "neutral"
        self.env["collection.hold"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "reason": "clarification",
                "date_start": "2026-03-10",
                "date_end": "2026-03-30",
            }
        )
        self.assertIn("because a question of the customer still waits for us.", self._why()[1])

    def test_an_industry_without_words_of_its_own(self):
        self.customer.industry_id = self.env.ref("base.res_partner_industry_A")
        self.assertIn("the industry “Agriculture” alone; the general one speaks.", self._why("check_in", "friendly")[1])

    def test_an_audience_without_words_of_its_own(self):
        self.customer.collection_debtor_kind = "sole_trader"
        self.assertIn("No message is written for “Sole Traders” alone", self._why("check_in", "friendly")[1])

    def test_the_variant(self):
        shipped(self.env, "check_in", "friendly").copy()
        self.assertRegex(self._why("check_in", "friendly")[1], "always gets variant [AB]")

    def test_a_message_chosen_by_hand(self):
        [sentence] = self._why(fixed=shipped(self.env, "firm_reminder", "firm"))
        self.assertIn("chosen by hand", sentence)

    def test_step_and_contact_say_so(self):
        reason = {"code": "ready", "words": {"wished": "firm", "tone": "neutral", "given_up": {"tone": "firm"}}}
        case = self._case(self.customer)
        step = self._step(case, self._item(self._invoice(self.customer, 100.0, 10)), reason=reason)
        self.assertIn("the nearest is “Neutral”", step.words_text)
        contact = self.env["collection.contact"].create(
            {
                "case_id": case.id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": NOW,
                "kind": "sent",
                "direction": "out",
                "channel": "email",
                "reason": reason,
            }
        )
        self.assertEqual(contact.words_text, step.words_text)
