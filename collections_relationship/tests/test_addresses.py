from datetime import timedelta

from odoo.tests import tagged

from .common import TODAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestAddresses(CollectionCommon):
    """To whom a message goes, and how several customers share one mailbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_customer("First Shop", email="Accounts@Group.example.com")
        cls.second = cls._create_customer("Second Shop", email="accounts@group.example.com")

    def _days(self, partner):
        return [(contact.date.date() - TODAY).days for contact in self._sent(partner)]

    def _play(self, days):
        for _day in range(days):
            self._night_and_act()
            self._move_to(1)

    # === SHARED ADDRESSES === #

    def test_customers_at_one_address_hear_on_different_days(self):
        self._create_item(10, partner=self.first, amount=200)
        self._create_item(10, partner=self.second)
        self._play(2)
        self.assertEqual((self._days(self.first), self._days(self.second)), ([0], [1]))

    def test_who_waits_sees_why(self):
        self._create_item(10, partner=self.first, amount=200)
        self._create_item(10, partner=self.second)
        self._night_and_act()
        self.assertEqual(self._reason(self.second), "address_gap")

    def test_one_who_agreed_is_not_enough(self):
        self.first.collection_bundle_agreed = True
        self._create_item(10, partner=self.first, amount=200)
        self._create_item(10, partner=self.second)
        self._play(2)
        self.assertEqual((self._days(self.first), self._days(self.second)), ([0], [1]))

    def test_when_all_agreed_each_gets_its_own_message_on_one_day(self):
        (self.first | self.second).collection_bundle_agreed = True
        one = self._create_item(10, partner=self.first)
        two = self._create_item(10, partner=self.second)
        self._night_and_act()
        self.assertEqual((self._days(self.first), self._days(self.second)), ([0], [0]))
        self.assertEqual((self._sent(self.first).move_ids, self._sent(self.second).move_ids), (one, two))
        self.assertNotIn(two.name, self._sent(self.first).body_html)

    def test_the_policys_days_between_messages_to_an_address_hold(self):
        self.policy.address_gap = 3
        self._create_item(10, partner=self.first, amount=200)
        self._create_item(10, partner=self.second)
        self._play(5)
        self.assertEqual((self._days(self.first), self._days(self.second)), ([0], [3]))

    def test_addresses_are_compared_without_regard_to_capitals(self):
        self._create_item(10, partner=self.first)
        self._night_and_act()
        self.assertEqual(self._sent(self.first).address, "accounts@group.example.com")

    def test_messages_planned_apart_but_due_together_still_go_on_different_days(self):
        self._create_item(10, partner=self.first, amount=200)
        other_address = self._create_customer("Third Shop")
        self._create_item(10, partner=other_address)
        self._night()
        other_address.email = self.first.email
        self._act()
        self.assertEqual(len(self._sent(self.first)) + len(self._sent(other_address)), 1)

    # === NO ADDRESS === #

    def test_a_customer_without_address_makes_one_activity(self):
        self.customer.email = False
        self._create_item(10)
        self._play(3)
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "no_address")
        self.assertEqual(
            self._case().activity_ids.activity_type_id,
            self.env.ref("collections_relationship.mail_activity_type_address"),
        )
        self.assertEqual(len(self._case().activity_ids), 1)

    def test_an_address_that_is_none_makes_an_activity(self):
        self.customer.email = "ask at the counter"
        self._create_item(10)
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "no_address")

    def test_once_there_is_an_address_the_customer_is_asked(self):
        self.customer.email = False
        self._create_item(10)
        self._night_and_act()
        self.customer.email = "office@azure.example.com"
        self._move_to(1)
        self._night_and_act()
        self.assertEqual(self._sent().address, "office@azure.example.com")

    def test_an_address_lost_since_the_plan_stops_the_message(self):
        self._create_item(10)
        self._night()
        self.customer.email = False
        self._act()
        self.assertFalse(self._sent())

    def test_an_address_changed_since_the_plan_is_followed(self):
        self._create_item(10)
        self._night()
        self.customer.email = "new@azure.example.com"
        self._act()
        self.assertEqual(self._sent().address, "new@azure.example.com")

    def test_nothing_goes_to_an_address_that_came_back_not_even_after_a_yes(self):
        self._create_item(46, amount=500)
        while not self._case().step_ids.filtered(lambda step: step.state == "waiting"):
            self._play(1)
        self._case().sudo().bounced_on = self.now - timedelta(days=30)
        self._case().step_ids.filtered(lambda step: step.state == "waiting").action_approve()
        before = self._sent()
        self._move_to(10)
        self._act()
        self.assertEqual(self._sent(), before)

    # === WHO IN THE HOUSE === #

    def _person(self, name, **values):
        return self.env["res.partner"].create(
            {"name": name, "parent_id": self.customer.id, "email": f"{name.lower()}@azure.example.com", **values}
        )

    def test_the_invoice_address_gets_the_message(self):
        self._person("Bookkeeping", type="invoice")
        self._person("Warehouse", type="delivery")
        self._create_item(10)
        self._night_and_act()
        self.assertEqual(self._sent().address, "bookkeeping@azure.example.com")

    def test_the_contact_for_payments_wins_over_the_invoice_address(self):
        self._person("Bookkeeping", type="invoice")
        self.customer.collection_recipient_id = self._person("Treasurer")
        self._create_item(10)
        self._night_and_act()
        self.assertEqual(self._sent().address, "treasurer@azure.example.com")

    def test_the_contact_an_invoice_was_addressed_to_gets_the_message(self):
        branch_office = self._person("Office", type="other")
        self._create_item(10, partner=branch_office)
        self._night_and_act()
        self.assertEqual(self._sent().address, "office@azure.example.com")

    def test_invoices_of_several_contacts_are_one_case_and_one_message(self):
        moves = self._create_item(10, partner=self._person("Bookkeeping", type="invoice")) | self._create_item(8)
        self._night_and_act()
        self.assertEqual(self._sent().move_ids, moves)
        self.assertEqual(len(self._sent()), 1)
