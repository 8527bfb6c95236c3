from datetime import timedelta

from odoo.tests import tagged

from .common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestNight(CollectionCommon):
    """From the night's decision to the log."""

    def test_one_message_whatever_the_number_of_items(self):
        invoices = self._create_item(6) | self._create_item(7) | self._create_item(9)
        self._night_and_act()
        contact = self._sent()
        self.assertEqual(len(contact), 1)
        self.assertEqual(contact.purpose, "friendly_reminder")
        self.assertEqual(contact.move_ids, invoices)
        self.assertEqual(contact.amount, 300)
        self.assertEqual(sorted(item["move"] for item in contact.facts["asked"]), sorted(invoices.ids))

    def test_second_night_of_the_day_changes_nothing(self):
        self._create_item(6)
        self._night_and_act()
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)

    def test_the_ladder_is_climbed_to_the_top(self):
        self._create_item(5, amount=500)
        for _day in range(80):
            self._night()
            waiting = self.env["collection.step"].search([("state", "=", "waiting")])
            if waiting:
                waiting.action_approve()
            self._act()
            self._move_to(1)
        self.assertEqual(
            [(contact.stage_id.code, (contact.date.date() - TODAY).days + 5) for contact in self._sent()],
            [("friendly_reminder", 5), ("check_in", 12), ("help_offer", 21), ("firm_reminder", 30), ("formal_notice", 45)],
        )
        case = self._case()
        self.assertEqual(case.stage_id, self.stage["handover"])
        self.assertIn(
            self.env.ref("collections_relationship.mail_activity_type_manual"), case.activity_ids.activity_type_id
        )

    def test_gap_between_asking_messages(self):
        self._create_item(6)
        self._night_and_act()
        self._create_item(5)
        self._move_to(1)
        self._night_and_act()
        case = self._case()
        self.assertEqual(case.next_reason["code"], "minimum_gap")
        self.assertEqual(len(self._sent()), 1)
        self._move_to(4)
        self._night_and_act()
        self.assertEqual(len(self._sent()), 2)

    def test_paid_customer_is_thanked_once(self):
        invoice = self._create_item(6)
        self._night_and_act()
        self._pay(invoice)
        self._move_to(1)
        self._night_and_act()
        self._night_and_act()
        self.assertEqual(self._sent().mapped("purpose"), ["friendly_reminder", "account_settled"])
        self.assertEqual(self._case().state, "closed")

    def test_paid_between_plan_and_sending_is_not_asked(self):
        invoice = self._create_item(6)
        self._night()
        self._pay(invoice)
        self._act()
        self.assertFalse(self._sent())

    def test_the_day_announced_respects_the_gap(self):
        self._create_item(11)
        self._night_and_act()
        self._night()
        case = self._case()
        self.assertEqual(case.next_stage_id, self.stage["check_in"])
        self.assertEqual(case.next_step_date, self.today + timedelta(days=5))
        self.assertEqual(case.next_reason["code"], "minimum_gap")
