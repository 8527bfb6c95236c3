from datetime import timedelta

import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestMerge(CollectionCommon):
    """Contacts that turn out to be one customer have one case, and the whole log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls._create_customer("Azure Interiour", email=cls.customer.email)

    def _merge(self, source=None, target=None):
        source, target = source or self.double, target or self.customer
        self.env["base.partner.merge.automatic.wizard"]._merge((source | target).ids, target)
        self.assertFalse(source.exists())

    def _cases(self):
        return self.env["collection.case"].search([("company_id", "=", self.company.id)])

    def test_two_open_cases_become_one(self):
        moves = self._create_item(10) | self._create_item(8, partner=self.double)
        self._refresh()
        kept = self._case()
        self._merge()
        self._refresh()
        self.assertEqual(self._cases().filtered(lambda case: case.state == "open"), kept)
        self.assertEqual(kept.item_ids.move_id, moves)
        self.assertEqual(kept.amount_overdue, 200)
        self.assertIn("joined", kept.event_ids.mapped("kind"))

    def test_a_case_only_the_double_has_goes_to_the_customer_that_stays(self):
        self._create_item(8, partner=self.double)
        self._refresh()
        case = self._case(self.double)
        self._merge()
        self._refresh()
        self.assertEqual((case.partner_id, case.state), (self.customer, "open"))
        self.assertEqual(self._cases(), case)

    def test_the_log_is_kept_whole_and_follows(self):
        self._create_item(10)
        self._create_item(10, partner=self.double)
        self._night_and_act()
        self._move_to(1)
        self._night_and_act()
        log = self._sent() | self._sent(self.double)
        self.assertEqual(len(log), 2)
        before = log.mapped(lambda contact: (contact.date, contact.address, contact.amount, contact.content_id))
        self._merge()
        self.assertEqual(
            log.mapped(lambda contact: (contact.date, contact.address, contact.amount, contact.content_id)), before
        )
        self.assertEqual(log.partner_id, self.customer)
        self.assertEqual(log.case_id, self._cases().filtered(lambda case: case.state == "open"))
        self.assertEqual(log.step_id.case_id, log.case_id)

    def test_the_log_is_protected_again_afterwards(self):
        self._create_item(10)
        self._night_and_act()
        self._merge()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "never changed or deleted"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(SQL("DELETE FROM collection_contact WHERE id = %s", self._sent().id))

    def test_the_gap_holds_for_both(self):
        self._create_item(10, partner=self.double)
        self._night_and_act()
        self._merge()
        self._create_item(10)
        self._move_to(1)
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)
        self.assertEqual(self._reason(), "minimum_gap")

    def test_messages_planned_for_both_become_one(self):
        moves = self._create_item(10) | self._create_item(8, partner=self.double)
        self._night()
        self._merge()
        self._act()
        self.assertEqual(len(self._sent()), 1)
        self.assertEqual(self._sent().move_ids, moves)

    def test_a_message_of_unknown_outcome_still_blocks(self):
        self._create_item(8, partner=self.double)
        self._night()
        self._case(self.double).step_ids.sudo().state = "unknown"
        self._create_item(10)
        self._refresh()
        self._merge()
        self._move_to(30)
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "unknown")

    def test_an_unread_answer_of_one_stops_the_messages_to_both(self):
        self._create_item(8, partner=self.double)
        self._create_item(10)
        self._refresh()
        self._case(self.double).sudo().reply_unread_since = self.now
        self._merge()
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "reply_unread")

    def test_a_pause_of_one_holds_for_both(self):
        self.env["collection.hold"].create(
            {
                "partner_id": self.double.id,
                "company_id": self.company.id,
                "reason": "internal",
                "date_start": self.today,
                "date_end": self.today + timedelta(days=9),
            }
        )
        self._create_item(10)
        self._merge()
        self._night_and_act()
        self.assertFalse(self._sent())

    def test_activities_and_messages_follow_to_the_case_that_stays(self):
        self._create_item(10)
        self._create_item(10, partner=self.double, sent=False)
        self._night()
        joined = self._case(self.double)
        message = joined.message_post(body="She called back.")
        self.assertTrue(joined.activity_ids)
        self._merge()
        self.assertIn(message, self._case().message_ids)
        self.assertTrue(self._case().activity_ids)
        self.assertFalse(joined.activity_ids)

    def test_a_customer_who_becomes_a_person_of_another_is_followed_up_with_it(self):
        self.double.is_company = False
        person = self.env["res.partner"].create(
            {"name": "Person", "parent_id": self.customer.id, "email": self.customer.email}
        )
        moves = self._create_item(10) | self._create_item(8, partner=self.double)
        self._refresh()
        self._merge(self.double, person)
        self._night_and_act()
        self.assertEqual(self._cases().filtered(lambda case: case.state == "open").partner_id, self.customer)
        self.assertEqual(self._sent().move_ids, moves)

    def test_a_company_merged_into_a_person_makes_it_a_customer_of_its_own(self):
        person = self.env["res.partner"].create(
            {"name": "Person", "parent_id": self.customer.id, "email": self.customer.email}
        )
        mine, theirs = self._create_item(10), self._create_item(8, partner=self.double)
        self._refresh()
        self._merge(self.double, person)
        self.assertEqual(person.commercial_partner_id, person)
        person.email = "own@azure.example.com"
        self._night_and_act()
        self.assertEqual(self._sent().move_ids, mine)
        self.assertEqual(self._sent(person).move_ids, theirs)
