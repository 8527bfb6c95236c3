from datetime import timedelta

from odoo.tests import tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestRefresh(CollectionCommon):
    """What refresh makes of the ledger."""

    def _item(self, invoice):
        return invoice.collection_item_ids

    def test_stage_follows_the_days_late(self):
        for days, code in ((4, None), (5, "friendly_reminder"), (12, "check_in"), (21, "help_offer"),
                           (30, "firm_reminder"), (44, "firm_reminder"), (45, "formal_notice"), (60, "handover")):
            invoice = self._create_item(days, partner=self._create_customer(f"Customer {days}"))
            self._refresh()
            self.assertEqual(self._item(invoice).stage_id.code or None, code, f"{days} days late")

    def test_first_message_is_gentle_however_old_the_item(self):
        invoice = self._create_item(50)
        self._refresh()
        self.assertEqual(self._item(invoice).stage_id, self.stage["formal_notice"])
        self.assertEqual(self._item(invoice).next_stage_id, self.stage["friendly_reminder"])

    def test_case_opens_once_and_closes_when_settled(self):
        first, second = self._create_item(10), self._create_item(3)
        self._refresh()
        self._refresh()
        case = self._case()
        self.assertEqual(case.state, "open")
        self.assertEqual(case.amount_overdue, 200)
        self.assertEqual(case.oldest_due_date, self.today - timedelta(days=10))
        self.assertEqual(case.event_ids.mapped("kind"), ["opened"])
        self.assertEqual(case.event_ids.new_stage_id, case.stage_id)
        self.assertEqual(case.event_ids.amount_overdue, 200)
        self._pay(first | second)
        self._refresh()
        self.assertEqual(case.state, "closed")
        self.assertEqual(self.env["collection.case"].search_count([("partner_id", "=", self.customer.id)]), 1)

    def test_instalments_are_items_of_their_own(self):
        invoice = self._create_item(
            0, amount=1000, invoice_payment_term_id=self.pay_terms_b.id, invoice_date=self.today - timedelta(days=20),
            invoice_date_due=False,
        )
        self._refresh()
        items = self._item(invoice).sorted("date_due")
        self.assertEqual(len(items), 2)
        self.assertEqual(items[0].stage_id, self.stage["check_in"])
        self.assertFalse(items[1].stage_id)
        self.assertEqual(self._case().amount_overdue, 300)

    def test_a_newly_late_item_opens_its_own_round(self):
        old = self._create_item(31)
        self._refresh()
        new = self._create_item(6)
        self._refresh()
        self.assertEqual(self._item(old).round, 1)
        self.assertEqual(self._item(new).round, 2)

    def test_credit_lowers_what_is_asked_first_where_it_names_the_invoice(self):
        oldest, named = self._create_item(20, amount=100), self._create_item(10, amount=100)
        self._create_refund(130, invoice=named)
        self._refresh()
        self.assertEqual(self._item(named).amount_asked, 0)
        self.assertEqual(self._item(named).hold_code, "covered")
        self.assertEqual(self._item(oldest).amount_asked, 70)
        self.assertEqual(self._item(oldest).credit_applied, 30)
        self.assertEqual(self._case().amount_overdue, 70)

    def test_statements_do_not_grow_with_items(self):
        self._create_item(10)
        self._refresh()
        self._refresh()
        before = self.env.cr.sql_log_count
        self._refresh()
        few = self.env.cr.sql_log_count - before
        for index in range(30):
            self._create_item(index, partner=self._create_customer(f"Many {index}"))
        self._refresh()
        before = self.env.cr.sql_log_count
        self._refresh()
        self.assertEqual(self.env.cr.sql_log_count - before, few)

    def test_a_pause_leaves_the_stage_and_says_itself_what_it_waits_for(self):
        invoice = self._create_item(14)
        self._refresh()
        self.env["collection.hold"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "reason": "clarification",
                "date_start": self.today,
                "date_end": self.today + timedelta(days=3),
            }
        )
        root = self._root_env()
        root["collection.case"]._refresh_customers(self.now, root["res.company"].browse(self.company.id), self.customer.ids)
        self.env.invalidate_all()
        self.assertEqual(self._item(invoice).hold_code, "paused")
        self.assertEqual(self._item(invoice).stage_id, self.stage["check_in"])
        self.assertEqual(self._case().stage_id, self.stage["check_in"])
        over = self.today + timedelta(days=4)
        self.assertEqual(self._case().next_reason, {"code": "paused", "date": over.isoformat()})

    def test_a_deleted_journal_item_takes_its_row_along(self):
        invoice = self._create_item(10)
        kept = self._create_item(10)
        self._refresh()
        invoice.button_draft()
        invoice.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.env["collection.item"].search([("partner_id", "=", self.customer.id)]).move_id, kept)

    def test_a_deleted_stage_is_taken_off_what_stands_at_it(self):
        policy = self.policy.copy()
        stage = policy.stage_ids.filtered(lambda stage: stage.days == 5)
        self.customer.with_company(self.company).collection_policy_id = policy
        invoice = self._create_item(6)
        self._refresh()
        case = self._case()
        self.assertEqual((self._item(invoice).stage_id, case.stage_id), (stage, stage))
        stage.unlink()
        self.assertFalse(self._item(invoice).stage_id)
        self.assertFalse(case.stage_id)
        self.assertFalse(case.event_ids.new_stage_id)
