"""By which channel a customer hears from us: his wish first, then the stage's way, then what may stand in."""
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.addons.sms.tools.sms_api import SmsApi
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CollectionCommon


class ChannelCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write(
            {
                "phone": "+1 201 555 0123",
                "street": "1 Made-up Street",
                "city": "Hoboken",
                "zip": "07030",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_31").id,
            }
        )
        cls.stage["friendly_reminder"].days = 5
        cls.item = cls._create_item(6)

    def setUp(self):
        super().setUp()
        type(self).now = self.now.replace(hour=16)  # noon where the customer is

    def _opt_out(self, channel):
        self.env["collection.protection"].create(
            {"partner_id": self.customer.id, "kind": "opt_out", "channel": channel, "date_from": self.today}
        )

    def _act(self):
        """Send what is due for real; nothing leaves the test, where Odoo sends no mail."""
        return self._root_env()["collection.step"]._act_all(self.now)

    def _act_once(self):
        return self._root_env()["collection.step"]._act(self.now)

    def _step(self):
        return self._case().step_ids.filtered("is_asking").sorted("id")[-1:]

    def _texted(self, answer="success"):
        """Let a night pass with a provider of text messages that says `answer`; return what it was given."""
        given = []

        def send(_api, messages, delivery_reports_url=False):
            given.extend(messages)
            if isinstance(answer, Exception):
                raise answer
            return [
                {"uuid": number["uuid"], "state": answer} for message in messages for number in message["numbers"]
            ]

        with patch.object(SmsApi, "_send_sms_batch", send):
            self._night_and_act()
        return given


@tagged("post_install", "-at_install")
class TestChannels(ChannelCommon):
    def test_the_stage_decides_where_nobody_wishes_otherwise(self):
        self._night_and_act()
        self.assertEqual((self._step().channel, self._step().state), ("email", "sent"))

    def test_the_customers_wish_comes_first(self):
        self.customer.collection_channel = "sms"
        given = self._texted()
        self.assertEqual((self._step().channel, self._step().state), ("sms", "sent"))
        self.assertEqual(given[0]["numbers"][0]["number"], "+12015550123")
        contact = self._case().contact_ids.filtered(lambda contact: contact.kind == "sent")
        self.assertEqual((contact.channel, contact.address), ("sms", "+12015550123"))

    def test_a_text_message_says_nothing_of_the_debt(self):
        self.customer.collection_channel = "sms"
        text = self._texted()[0]["content"]
        self.assertIn("/collections/pay/", text)
        self.assertNotIn(self.item.name, text)
        self.assertNotIn("100", text.partition("http")[0])
        self.assertNotIn("{{", text)

    def test_no_text_message_leaves_where_the_law_wants_it_to_say_how_to_stop(self):
        self.customer.collection_channel = "sms"
        self.policy.pack_ids = self.env["collection.rule.pack"].search([("code", "=", "us_reg_f")])
        self.assertFalse(self._texted())
        self.assertEqual((self._step().channel, self._step().state), ("email", "sent"))

    def test_a_wish_without_an_address_gives_way(self):
        self.customer.write({"collection_channel": "sms", "phone": False})
        self._night_and_act()
        self.assertEqual((self._step().channel, self._step().state), ("email", "sent"))

    def test_no_mail_address_makes_it_a_letter_to_print(self):
        self.customer.email = False
        self._night_and_act()
        self.assertEqual((self._step().channel, self._step().state), ("letter", "to_do"))
        self.assertIn("Hoboken", self._step().address)
        self.assertFalse(self._sent())

    def test_a_bounced_address_is_passed_over(self):
        self._refresh()
        self._case().sudo().bounced_on = self.now
        self._night_and_act()
        self.assertEqual(self._step().channel, "letter")

    def test_a_stop_of_mail_leaves_the_other_ways(self):
        self._opt_out("email")
        self._night_and_act()
        self.assertEqual(self._step().channel, "letter")

    def test_what_the_policy_does_not_let_stand_in_stays_closed(self):
        self.policy.write({"may_write": False, "may_call": False})
        self._opt_out("email")
        self._night_and_act()
        self.assertFalse(self._step())
        self.assertEqual(self._reason(), "opted_out")

    def test_the_last_way_is_a_call_somebody_makes(self):
        self.customer.write({"email": False, "street": False})
        self._night_and_act()
        self.assertEqual((self._step().channel, self._step().state), ("call", "to_do"))
        activity = self._case().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref("collections_relationship.mail_activity_type_call")
        )
        self.assertEqual(len(activity), 1)

    def test_a_portal_message_is_on_the_invoices_page(self):
        self.stage["friendly_reminder"].channel = "portal"
        self.env["res.users"].create(
            {
                "name": "Portal Person",
                "login": "portal.person",
                "partner_id": self.customer.id,
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        self._night_and_act()
        self.assertEqual((self._step().channel, self._step().state), ("portal", "sent"))
        message = self.item.message_ids[0]
        self.assertIn("o_collection_mail", message.body)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertFalse(message.notification_ids)

    def test_the_portal_needs_somebody_who_can_log_in(self):
        self.stage["friendly_reminder"].channel = "portal"
        self._night_and_act()
        self.assertEqual(self._step().channel, "email")


@tagged("post_install", "-at_install")
class TestTextMessages(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.customer.collection_channel = "sms"

    def test_a_provider_without_credit_is_asked_again_later(self):
        self._texted("insufficient_credit")
        self.assertEqual(self._step().state, "planned")
        self.assertGreater(self._step().date_planned, self.now)
        self.assertFalse(self._sent())

    def test_a_number_that_is_none_is_passed_over_from_then_on(self):
        self._texted("wrong_number_format")
        self.assertEqual((self._step().state, self._step().cancel_code), ("cancelled", "refused_by_server"))
        self._night_and_act()
        self.assertEqual((self._step().channel, self._step().state), ("email", "sent"))

    def test_an_answer_that_is_lost_is_shown_to_a_human(self):
        self._texted(OSError("the line broke"))
        self.assertEqual(self._step().state, "unknown")
        self.assertFalse(self._sent())

    def test_a_payment_before_the_message_takes_it_back(self):
        self._night()
        self._pay(self.item)
        given = []
        with patch.object(SmsApi, "_send_sms_batch", lambda _api, messages, **_kw: given.extend(messages) or []):
            self._act()
        self.assertFalse(given)
        self.assertEqual(self._step().state, "cancelled")


@tagged("post_install", "-at_install")
class TestSecondWay(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.stage["friendly_reminder"].write({"also_channel": "letter", "also_days": 5})

    def _letters(self):
        return self._case().step_ids.filtered(lambda step: step.channel == "letter")

    def test_it_comes_after_its_days(self):
        self._night_and_act()
        self._move_to(4)
        self._night_and_act()
        self.assertFalse(self._letters())
        self._move_to(1)
        self._night_and_act()
        self.assertEqual(self._letters().state, "to_do")
        self.assertEqual(self._letters().repeats_id.channel, "email")

    def test_once_only(self):
        self._night_and_act()
        self._move_to(5)
        self._night_and_act()
        self._night_and_act()
        self.assertEqual(len(self._letters()), 1)

    def test_not_after_an_answer(self):
        self._night_and_act()
        self.env["collection.contact"].sudo().create(
            {
                "case_id": self._case().id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": self.now,
                "kind": "answered",
                "direction": "in",
                "channel": "email",
            }
        )
        self._move_to(5)
        self._night_and_act()
        self.assertFalse(self._letters())

    def test_not_after_a_conversation(self):
        self._night_and_act()
        self.env["collection.contact"].sudo().create(
            {
                "case_id": self._case().id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": fields.Datetime.add(self.now, days=1),
                "kind": "called",
                "direction": "out",
                "channel": "call",
                "outcome": "conversation",
            }
        )
        self._move_to(5)
        self._night_and_act()
        self.assertFalse(self._letters())

    def test_not_after_a_payment(self):
        self._night_and_act()
        self._pay(self.item)
        self._move_to(5)
        self._night_and_act()
        self.assertFalse(self._letters())

    def test_it_must_differ_from_the_first(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.stage["check_in"].write({"also_channel": "email"})
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestCalls(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.customer.collection_channel = "call"
        self._night_and_act()
        self.call = self._step()

    def _log(self, outcome):
        action = self.call.with_context(call_outcome=outcome).action_log_call()
        wizard = self.env["collection.call"].browse(action["res_id"])
        wizard.date = self.now
        wizard.action_log()
        return wizard

    def test_the_sheet_has_what_to_say_and_no_gap(self):
        self.assertEqual((self.call.channel, self.call.state), ("call", "to_do"))
        self.assertIn("<h4>", self.call.call_html)
        self.assertNotIn("{{", self.call.call_html)

    def test_a_conversation_closes_it_and_is_the_contact(self):
        self._log("conversation")
        self.assertEqual(self.call.state, "sent")
        contact = self._case().contact_ids.filtered(lambda contact: contact.kind == "called")
        self.assertEqual((contact.step_id, contact.outcome, contact.stage_id), (self.call, "conversation", self.call.stage_id))
        self.assertEqual(self.call.item_ids.asked_stage_id, self.call.stage_id)

    def test_each_call_shows_its_own_latest_contacts(self):
        other = self._create_customer("Brown Trading", tz="America/New_York", phone="+1 201 555 0188", collection_channel="call")
        self._create_item(6, partner=other)
        self._night_and_act()
        calls = self.call | self._case(other).step_ids
        for number in range(6):
            for call in calls:
                self.env["collection.contact"].sudo().create(
                    {
                        "case_id": call.case_id.id,
                        "partner_id": call.partner_id.id,
                        "company_id": self.company.id,
                        "date": fields.Datetime.add(self.now, minutes=number),
                        "kind": "called",
                        "direction": "out",
                        "channel": "call",
                        "outcome": "no_answer",
                        "note": f"{call.partner_id.name} {number}",
                    }
                )
        calls.invalidate_recordset()
        for call in calls:
            expected = [f"{call.partner_id.name} {number}" for number in (5, 4, 3, 2, 1)]
            self.assertEqual(call.history_ids.mapped("note"), expected)

    def test_a_message_left_closes_it(self):
        self._log("left_message")
        self.assertEqual(self.call.state, "sent")

    def test_a_wrong_number_ends_it_and_is_not_used_again(self):
        self._log("wrong_number")
        self.assertEqual((self.call.state, self.call.cancel_code), ("cancelled", "wrong_number"))
        self.assertIn("number", self.call.cancel_text)
        self.assertIn("Find a phone number that works", self._case().activity_ids.mapped("summary"))
        reach = self._case()._reach(self._case().ids, {})[self._case().id]
        self.assertFalse({"call", "sms"} & set(reach))
        self._move_to(1)
        self._night_and_act()
        self.assertEqual((self._step().channel, self._step().state), ("email", "sent"), "the next way is taken")

    def test_a_number_that_was_right_after_all_is_used_again(self):
        self._log("wrong_number")
        self._move_on(5)
        self._log("conversation")
        self.assertIn("call", self._case()._reach(self._case().ids, {})[self._case().id])

    def test_a_new_number_is_called(self):
        self._log("wrong_number")
        self.customer.phone = "+1 201 555 0177"
        self._move_to(1)
        self._night_and_act()
        self.assertEqual((self._step().address, self._step().state), ("+12015550177", "to_do"))

    def test_who_calls_us_talks_with_us(self):
        action = self.call.action_log_call()
        wizard = self.env["collection.call"].browse(action["res_id"])
        wizard.write({"date": self.now, "direction": "in", "note": "He will pay on Friday"})
        wizard.action_log()
        contact = self._case().contact_ids.filtered(lambda contact: contact.kind == "called")
        self.assertEqual((contact.direction, contact.outcome), ("in", "conversation"))
        self.assertTrue(self._case().reply_unread_since)

    def test_no_answer_leaves_it_on_the_list(self):
        self._log("no_answer")
        self.assertEqual(self.call.state, "to_do")

    def test_a_payment_takes_it_off(self):
        self._pay(self.item)
        self._night_and_act()
        self.assertEqual(self.call.state, "cancelled")
