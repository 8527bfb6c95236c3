"""What came of messages, counted on made-up histories; each case here is one a simple count gets wrong."""
from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import tagged

from ..models.collection_template_results import Result
from .common import CollectionCommon, shipped


@tagged("post_install", "-at_install")
class TestTemplateResults(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = shipped(cls.env, "friendly_reminder", "friendly")
        cls.second = cls.first.copy()
        cls.contacts = cls.env["collection.contact"].sudo()

    def _log(self, kind, days=0, partner=None, template=None, company=None, invoice=None, **values):
        """Log a contact `days` days after the message of day 0."""
        facts = {}
        if invoice:
            lines = invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
            facts = {"asked": [{"line": line.id} for line in lines]}
        return self.contacts.create(
            {
                "partner_id": (partner or self.customer).id,
                "company_id": (company or self.company).id,
                "date": self.now + timedelta(days=days),
                "kind": kind,
                "direction": "out" if kind == "sent" else "in",
                "channel": "email",
                "template_id": template.id if template else False,
                "facts": facts,
                **values,
            }
        )

    def _send(self, days=0, partner=None, template=None, **values):
        return self._log("sent", days, partner, template or self.first, **values)

    def _results(self, days=30, companies=None):
        return (self.first | self.second)._results(self.now + timedelta(days=days), companies or self.company)

    def _result(self, **values):
        return self._results(**values).get(self.first.id)

    def _at(self, days):
        return self.today + timedelta(days=days)

    # === WHO COUNTS === #

    def test_each_variant_has_its_own_customers(self):
        for number in range(3):
            partner = self._create_customer(f"First {number}")
            self._send(partner=partner)
            self._log("answered", 1, partner)
        other = self._create_customer("Second")
        self._send(partner=other, template=self.second)
        self.assertEqual(
            self._results(), {self.first.id: Result(3, 0, 3, 0, 0, 0), self.second.id: Result(1, 0, 0, 0, 0, 0)}
        )

    def test_the_same_message_twice_counts_its_customer_once(self):
        self._send()
        self._send(5)
        self._log("answered", 6)
        self.assertEqual(self._result(), Result(1, 0, 1, 0, 0, 0))

    def test_two_weeks_begin_with_the_first_time(self):
        self._send()
        self._send(10)
        self._log("answered", 16)
        self.assertEqual(self._result(), Result(1, 0, 0, 0, 0, 0))

    def test_a_customer_of_two_companies_counts_once_and_only_answers_to_the_one_that_wrote(self):
        other = self.env["res.company"].create({"name": "Another Made-up Company"})
        self._send()
        self._send(1, company=other)
        self._log("answered", 2, company=other)
        both = self.company | other
        self.assertEqual(self._result(companies=both), Result(1, 0, 0, 0, 0, 0))
        self.assertEqual(self._result(companies=other), Result(1, 0, 1, 0, 0, 0))

    def test_many_answers_count_once(self):
        self._send()
        for day in (1, 2, 3):
            self._log("answered", day)
        self.assertEqual(self._result(), Result(1, 0, 1, 0, 0, 0))

    def test_who_got_it_lately_waits(self):
        self._send()
        self._log("answered", 1)
        self.assertEqual(self._result(days=13), Result(0, 1, 0, 0, 0, 0))
        self.assertEqual(self._result(days=14), Result(1, 0, 1, 0, 0, 0))

    def test_another_companys_log_is_not_counted(self):
        other = self.env["res.company"].create({"name": "Another Made-up Company"})
        self._send(company=other)
        self.assertEqual(self._results(), {})

    # === ANSWERED === #

    def test_an_answer_after_the_next_message_is_an_answer_to_that_one(self):
        self._send()
        self._send(5, template=self.second)
        self._log("answered", 6)
        self.assertEqual(self._results()[self.first.id].answered, 0)
        self.assertEqual(self._results()[self.second.id].answered, 1)

    def test_answers_come_from_people_after_the_message_within_two_weeks(self):
        for number, (kind, days, expected) in enumerate(
            (
                ("answered", 14, 1),
                ("answered", 14.01, 0),
                ("answered", -1, 0),
                ("called", 3, 1),
                ("auto_reply", 1, 0),
                ("bounced", 1, 0),
                ("clicked", 1, 0),
            )
        ):
            partner = self._create_customer(f"Customer {number}")
            before = (self._result() or Result()).answered
            self._send(partner=partner)
            self._log(kind, days, partner)
            self.assertEqual(self._result().answered - before, expected, (kind, days))

    def test_a_call_of_ours_is_no_answer(self):
        self._send()
        self._log("called", 1, direction="out")
        self.assertEqual(self._result().answered, 0)

    # === PAID === #

    def test_money_matched_with_what_was_asked_for_is_paid(self):
        invoice = self._create_item(10)
        self._send(invoice=invoice)
        self._pay(invoice, date=self._at(14))
        self.assertEqual(self._result(), Result(1, 0, 0, 1, 0, 0))

    def test_a_part_is_paid_once(self):
        invoice = self._create_item(10)
        self._send(invoice=invoice)
        self._pay(invoice, amount=10.0, date=self._at(1))
        self._pay(invoice, amount=20.0, date=self._at(2))
        self.assertEqual(self._result().paid, 1)

    def test_money_after_two_weeks_does_not_count(self):
        invoice = self._create_item(10)
        self._send(invoice=invoice)
        self._pay(invoice, date=self._at(15))
        self.assertEqual(self._result().paid, 0)

    def test_money_that_was_there_before_and_matched_later_does_not_count(self):
        invoice = self._create_item(10)
        self._send(invoice=invoice)
        self._pay(invoice, date=self._at(-1))
        self.assertEqual(self._result().paid, 0)

    def test_money_for_something_else_does_not_count(self):
        self._send(invoice=self._create_item(10))
        self._pay(self._create_item(12), date=self._at(1))
        self.assertEqual(self._result().paid, 0)

    def test_a_payment_taken_back_does_not_count(self):
        invoice = self._create_item(10)
        self._send(invoice=invoice)
        payment = self._pay(invoice, date=self._at(1))
        self.assertEqual(self._result().paid, 1)
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._result().paid, 0)

    def test_a_payment_that_bounced_does_not_count_while_it_still_is_matched(self):
        invoice = self._create_item(10)
        self._send(invoice=invoice)
        payment = self._pay(invoice, date=self._at(1))
        payment.action_reject()
        self.assertTrue(payment.move_id.line_ids.matched_debit_ids)
        self.assertEqual(self._result().paid, 0)

    def test_a_reversed_entry_does_not_count_while_it_still_is_matched(self):
        invoice = self._create_item(10)
        self._send(invoice=invoice)
        payment = self._pay(invoice, date=self._at(1))
        payment.move_id._reverse_moves([{"date": self._at(3)}]).action_post()
        self.assertTrue(payment.move_id.line_ids.matched_debit_ids)
        self.assertEqual(self._result().paid, 0)

    def test_a_credit_note_and_a_write_off_are_no_money(self):
        invoice = self._create_item(10)
        self._send(invoice=invoice)
        refund = self._create_refund(60.0, invoice_date=self._at(1))
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": self._at(1),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.company_data["default_account_receivable"].id,
                            "partner_id": self.customer.id,
                            "credit": 40.0,
                        }
                    ),
                    Command.create({"account_id": self.company_data["default_account_expense"].id, "debit": 40.0}),
                ],
            }
        )
        entry.action_post()
        lines = (invoice | refund | entry).line_ids
        lines.filtered(lambda line: line.account_id.account_type == "asset_receivable").reconcile()
        self.assertIn(invoice.payment_state, ("paid", "reversed"))
        self.assertEqual(self._result().paid, 0)

    def test_the_day_is_the_companys_own(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        invoice = self._create_item(10)
        self._send(invoice=invoice, date=datetime(2026, 3, 16, 20))  # the 17th there
        self._pay(invoice, date=self._at(0))
        self.assertEqual(self._result().paid, 0)

    # === OPTED OUT, COMPLAINED === #

    def _protect(self, kind, days, **values):
        return self.env["collection.protection"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "kind": kind,
                "date_from": self._at(days),
                **values,
            }
        )

    def test_a_channel_closed_is_an_opt_out_and_a_stop_is_a_complaint(self):
        self._send()
        self._protect("opt_out", 14, channel="email")
        self.assertEqual(self._result(), Result(1, 0, 0, 0, 1, 0))
        self._protect("cease", 14)
        self.assertEqual(self._result(), Result(1, 0, 0, 0, 1, 1))

    def test_what_ended_since_still_counts_and_what_came_before_or_later_does_not(self):
        self._send()
        self._protect("opt_out", -1, channel="email")
        self._protect("represented", 15)
        self._protect("inconvenient", 1, weekdays="5")
        self.assertEqual(self._result(), Result(1, 0, 0, 0, 0, 0))
        self._protect("cease", 2).active = False
        self.assertEqual(self._result(), Result(1, 0, 0, 0, 0, 1))

    def test_what_the_customer_did_himself_counts_from_its_minute(self):
        self._send()
        before = self._log("stopped", -0.1)
        self._protect("opt_out", 0, channel="email", contact_id=before.id)
        self.assertEqual(self._result().opted_out, 0)
        after = self._log("stopped", 0.1)
        self._protect("opt_out", 0, channel="sms", contact_id=after.id)
        self.assertEqual(self._result().opted_out, 1)

    def test_a_stop_told_to_another_company_is_not_ours(self):
        other = self.env["res.company"].create({"name": "Another Made-up Company"})
        self._send()
        self._protect("cease", 1, company_id=other.id)
        self.assertEqual(self._result().complained, 0)
        self._protect("cease", 1, company_id=False)
        self.assertEqual(self._result().complained, 1)

    # === SHOWN === #

    def test_below_the_minimum_it_says_too_few(self):
        self.company.collection_minimum_sample = 2
        messages = (self.first | self.second).with_company(self.company)
        self.assertEqual(set(messages.mapped("result_words")), {"Not sent yet"})
        self._send()
        self._log("answered", 1)
        messages.invalidate_recordset()
        self.assertEqual(messages[0].result_words, "Too few to say (1 of 2)")
        self.assertFalse(messages[0].result_is_enough)
        self.assertEqual((messages[0].result_answered_text, messages[0].result_paid_text), ("1", "0"))
        self._send(partner=self._create_customer("Another"))
        messages.invalidate_recordset()
        self.assertEqual(messages[0].result_words, "Enough customers")
        self.assertEqual((messages[0].result_answered, messages[0].result_answered_share), (1, 0.5))
        self.assertEqual(messages[0].result_answered_text, "1 (50.0 %)")

    def test_thanks_say_nothing_about_money(self):
        thanks = shipped(self.env, "account_settled", "warm")
        self._send(template=thanks)
        self.assertFalse(thanks.result_asks)
        self.assertTrue(self.first.result_asks)

    def test_all_variants_stand_beside_each_other(self):
        self.assertEqual(self.first.variant_ids, self.first | self.second)
        self.second.active = False
        self.first.invalidate_recordset()
        self.assertEqual(self.first.variant_ids, self.first | self.second)

    def test_one_statement_whatever_the_number_of_messages_and_customers(self):
        for number in range(30):
            partner = self._create_customer(f"Customer {number}")
            self._send(partner=partner, template=(self.first, self.second)[number % 2])
            self._log("answered", 1, partner)
        templates = self.env["collection.template"].search([])
        now = self.now + timedelta(days=30)
        self.env.flush_all()
        for messages in (self.first, templates):
            before = self.env.cr.sql_log_count
            messages._results(now, self.company)
            self.assertEqual(self.env.cr.sql_log_count - before, 1)
