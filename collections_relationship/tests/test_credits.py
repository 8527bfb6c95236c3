from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestCredits(CollectionCommon):
    """Open credits lower what is asked; they never raise it, and nothing is matched for it."""

    def _asked(self, invoice):
        return invoice.collection_item_ids.mapped("amount_asked")

    def _dispute(self, invoice):
        self.env["collection.hold"].create(
            {
                "partner_id": invoice.commercial_partner_id.id,
                "company_id": self.company.id,
                "move_id": invoice.id,
                "reason": "dispute",
                "date_start": self.today,
                "date_end": self.today + timedelta(days=30),
            }
        )

    def test_a_customer_whose_credits_cover_everything_is_not_asked(self):
        invoice = self._create_item(20, amount=100)
        self._create_refund(100)
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(invoice.collection_item_ids.hold_code, "covered")
        self.assertFalse(self._case())

    def test_the_oldest_invoice_takes_a_credit_first(self):
        newest, oldest = self._create_item(10, amount=100), self._create_item(20, amount=100)
        self._create_refund(150)
        self._refresh()
        self.assertEqual(self._asked(oldest), [0])
        self.assertEqual(self._asked(newest), [50])

    def test_the_invoice_a_credit_names_takes_it_before_the_oldest(self):
        named, oldest = self._create_item(10, amount=100), self._create_item(20, amount=100)
        self._create_refund(60, invoice=named)
        self._refresh()
        self.assertEqual(self._asked(named), [40])
        self.assertEqual(self._asked(oldest), [100])

    def test_what_a_credit_leaves_over_on_the_named_invoice_goes_to_the_oldest(self):
        named, oldest, middle = (self._create_item(days, amount=100) for days in (10, 20, 15))
        self._create_refund(170, invoice=named)
        self._refresh()
        self.assertEqual([self._asked(move) for move in (named, oldest, middle)], [[0], [30], [100]])

    def test_several_credits_that_name_one_invoice_are_added(self):
        named, oldest = self._create_item(10, amount=100), self._create_item(20, amount=100)
        self._create_refund(30, invoice=named)
        self._create_refund(30, invoice=named)
        self._create_refund(30)
        self._refresh()
        self.assertEqual([self._asked(named), self._asked(oldest)], [[40], [70]])

    def test_the_instalments_of_the_named_invoice_take_the_credit_in_turn(self):
        named = self._create_item(
            0, amount=1000, invoice_payment_term_id=self.pay_terms_b.id, invoice_date_due=False,
            invoice_date=self.today - timedelta(days=60),
        )
        self._create_refund(400, invoice=named)
        self._refresh()
        self.assertEqual(named.collection_item_ids.sorted("date_due").mapped("amount_asked"), [0, 600])

    def test_credits_never_cover_what_is_disputed(self):
        disputed, late = self._create_item(20, amount=100), self._create_item(10, amount=100)
        self._dispute(disputed)
        self._create_refund(100, invoice=disputed)
        self._refresh()
        self.assertEqual(disputed.collection_item_ids.credit_applied, 0)
        self.assertEqual(self._asked(late), [0])

    def test_credits_never_cover_what_is_excluded(self):
        excluded, late = self._create_item(20, amount=100), self._create_item(10, amount=100)
        excluded.no_followup = True
        self._create_refund(100)
        self._refresh()
        self.assertEqual(excluded.collection_item_ids.credit_applied, 0)
        self.assertEqual(self._asked(late), [0])

    def test_credits_in_another_currency_lower_nothing(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])
        invoice = self._create_item(20, amount=100)
        self._create_refund(100, currency_id=euro.id)
        self._create_refund(10)
        self._refresh()
        self.assertEqual(self._asked(invoice), [90])

    def test_credits_on_another_account_lower_nothing(self):
        other_account = self.company_data["default_account_receivable"].copy({"code": "121999"})
        self.customer.property_account_receivable_id = other_account
        self._create_refund(100)
        self.customer.property_account_receivable_id = self.company_data["default_account_receivable"]
        invoice = self._create_item(20, amount=100)
        self._create_refund(10)
        self._refresh()
        self.assertEqual(self._asked(invoice), [90])

    def test_credits_of_another_company_lower_nothing(self):
        other = self.setup_other_company(name="Other Company")
        refund = self.env["account.move"].with_company(other["company"]).create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": self.today,
                "company_id": other["company"].id,
                "invoice_line_ids": [
                    fields.Command.create({"name": "Taken back", "price_unit": 100, "tax_ids": []})
                ],
            }
        )
        refund.action_post()
        invoice = self._create_item(20, amount=100)
        self._create_refund(10)
        self._refresh()
        self.assertEqual(self._asked(invoice), [90])

    def test_credits_of_a_branch_lower_nothing_of_the_company_above(self):
        branch = self._create_branch("Branch")
        self._create_refund(100, company_id=branch.id)
        invoice = self._create_item(20, amount=100)
        self._create_refund(10)
        self._refresh()
        self.assertEqual(self._asked(invoice), [90])

    def test_credits_of_another_customer_lower_nothing(self):
        invoice = self._create_item(20, amount=100)
        self._create_refund(100, partner=self._create_customer("Deco Addict"))
        self._create_refund(10)
        self._refresh()
        self.assertEqual(self._asked(invoice), [90])

    def test_draft_credits_lower_nothing(self):
        invoice = self._create_item(20, amount=100)
        self._create_refund(100).button_draft()
        self._refresh()
        self.assertEqual(self._asked(invoice), [100])

    def test_nothing_is_matched_for_it(self):
        invoice, refund = self._create_item(20, amount=100), self._create_refund(60)
        before = self.env["account.partial.reconcile"].search_count([])
        self._night_and_act()
        self.assertEqual((invoice.amount_residual, refund.amount_residual), (100, 60))
        self.assertEqual(self.env["account.partial.reconcile"].search_count([]), before)

    def test_the_message_asks_for_the_rest_and_shows_the_credit(self):
        invoice = self._create_item(20, amount=100)
        self._create_refund(60)
        self._night_and_act()
        [item] = self._sent().facts["asked"]
        self.assertEqual(
            (item["move"], item["amount"], item["residual"], item["credit"]), (invoice.id, 40, 100, 60)
        )
        self.assertEqual(self._sent().amount, 40)
        self.assertEqual(self._sent().facts["totals"], [{"currency": "USD", "amount": 40}])

    def test_the_case_shows_all_credits_taken_off(self):
        self._create_item(20, amount=100)
        self._create_item(10, amount=100)
        self._create_refund(130)
        self._refresh()
        self.assertEqual(self._case().amount_credit, 130)
        self.assertEqual(self._case().amount_overdue, 70)

    def test_the_case_shows_credits_in_the_company_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])
        self._create_item(20, amount=100, currency_id=euro.id)
        self._create_item(10, amount=100)
        self._create_refund(100, currency_id=euro.id)
        self._refresh()
        self.assertEqual(self._case().amount_credit, 200)

    def test_a_total_below_the_minimum_after_credits_is_not_asked(self):
        self._create_item(20, amount=100)
        self._create_refund(80)
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "below_minimum")

    def test_a_credit_since_the_plan_lowers_what_is_asked(self):
        self._create_item(20, amount=100)
        self._night()
        self._create_refund(60)
        self._act()
        self.assertEqual(self._sent().amount, 40)

    def test_money_received_and_not_matched_is_no_credit(self):
        invoice = self._create_item(20, amount=100)
        self.init_payment(60, post=True, date=self.today, partner=self.customer)
        self._refresh()
        self.assertEqual(self._asked(invoice), [100])
        self.assertEqual(invoice.collection_item_ids.hold_code, "unmatched_receipt")

    def test_cents_of_a_credit_are_exact(self):
        euro = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.7)])
        invoice = self._create_item(20, amount=100.01, currency_id=euro.id)
        self._create_refund(33.34, currency_id=euro.id)
        self._refresh()
        item = invoice.collection_item_ids
        self.assertEqual(item.amount_asked, 66.67)
        # 100.01 / 0.7 = 142.87 booked; of it 66.67 / 100.01.
        self.assertEqual(invoice.line_ids.filtered("date_maturity").amount_residual, 142.87)
        self.assertEqual(item.amount_company, 95.24)
