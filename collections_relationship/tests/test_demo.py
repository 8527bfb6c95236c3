"""The demo company shows everything the follow-up does, whenever it is installed."""
import base64

from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file
from odoo.tools.misc import file_open

DEMO_FILES = ("demo/collection_demo.xml", "demo/res.partner.csv", "demo/collection_demo_play.xml")


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("collections_relationship.demo_customer_01", raise_if_not_found=False):
            for name in DEMO_FILES:
                convert_file(cls.env, "collections_relationship", name, {}, "init", noupdate=True)
        cls.customers = cls.env["res.partner"].union(
            *(cls.env.ref(f"collections_relationship.demo_customer_{number:02d}") for number in range(1, 41))
        )
        cls.cases = cls.env["collection.case"].search([("partner_id", "in", cls.customers.ids)])

    def test_customers_are_of_five_industries_and_four_countries(self):
        self.assertEqual(len(self.customers), 40)
        self.assertEqual(len(self.customers.industry_id), 5)
        self.assertEqual(len(self.customers.country_id), 4)
        self.assertGreater(len(set(self.customers.mapped("lang"))), 1)

    def test_ledger_covers_eight_months_in_two_currencies(self):
        invoices = self.env["account.move"].search(
            [("partner_id", "in", self.customers.ids), ("move_type", "=", "out_invoice"), ("state", "=", "posted")]
        )
        dates = invoices.mapped("invoice_date")
        self.assertGreater((max(dates) - min(dates)).days, 200)
        self.assertEqual(len(invoices.currency_id), 2)
        self.assertIn("partial", invoices.mapped("payment_state"))
        self.assertIn("paid", invoices.mapped("payment_state"))
        instalments = [len(move.line_ids.filtered("date_maturity")) for move in invoices]
        self.assertIn(3, instalments)
        self.assertTrue(
            self.env["account.move"].search(
                [("partner_id", "in", self.customers.ids), ("move_type", "=", "out_refund"), ("state", "=", "posted")]
            )
        )

    def test_every_stage_is_present(self):
        stages = self.env.ref("collections_relationship.policy_default").stage_ids
        reached = self.cases.filtered(lambda case: case.state == "open").stage_id
        self.assertEqual(stages - reached, self.env["collection.stage"])

    def test_past_follow_up_was_played_and_nothing_left(self):
        contacts = self.env["collection.contact"].search([("case_id", "in", self.cases.ids), ("kind", "=", "sent")])
        self.assertEqual(
            set(contacts.mapped("purpose")),
            {
                "heads_up",
                "friendly_reminder",
                "check_in",
                "help_offer",
                "firm_reminder",
                "formal_notice",
                "account_settled",
            },
        )
        self.assertFalse(self.cases.step_ids.mail_id)
        self.assertIn("closed", self.cases.mapped("state"))

    def test_people_have_something_to_decide(self):
        codes = {case.next_reason.get("code") for case in self.cases if case.next_reason}
        self.assertLessEqual({"paused", "awaiting_yes", "not_delivered", "below_minimum"}, codes)
        self.assertIn("waiting", self.cases.step_ids.mapped("state"))
        self.assertIn("planned", self.cases.step_ids.mapped("state"))
        self.assertIn("letter", self.cases.step_ids.mapped("channel"), "somebody without an e-mail address")
        self.assertTrue(self.cases.filtered("reply_unread_since"))
        self.assertIn("excluded", self.env["collection.item"].search([]).mapped("hold_code"))
        self.assertIn("covered", self.env["collection.item"].search([]).mapped("hold_code"))

    def test_nothing_of_odoos_own_demo_data_is_followed_up(self):
        items = self.env["collection.item"].search([("is_open", "=", True), ("partner_id", "not in", self.customers.ids)])
        self.assertLessEqual(set(items.mapped("hold_code")), {"excluded"})
        strangers = self.env["collection.case"].search(
            [("state", "=", "open"), ("partner_id", "not in", self.customers.ids)]
        )
        self.assertFalse(strangers.mapped("partner_id.name"))
        self.assertFalse(self.env["mail.mail"].search([("state", "=", "outgoing")]), "nothing is mailed to its people")

    def test_invoices_bear_made_up_names_and_a_logo(self):
        invoices = self.env["account.move"].search(
            [("partner_id", "in", self.customers.ids), ("move_type", "=", "out_invoice")]
        )
        self.assertEqual(invoices.invoice_user_id, self.env.ref("collections_relationship.demo_user_collector"))
        self.assertFalse(self.env.ref("base.main_company").uses_default_logo)

    def test_unread_answer_is_in_the_messages_of_its_case(self):
        case = self.cases.filtered("reply_unread_since")
        answer = case.message_ids.filtered(lambda message: message.author_id == case.partner_id)
        self.assertEqual(len(answer), 1)
        self.assertIn("half in three weeks", answer.body)
        contact = case.contact_ids.filtered(lambda contact: contact.kind == "answered")
        self.assertEqual(contact.message_id, answer.message_id)
        self.assertEqual(len(contact), 1)
        self.assertFalse(answer.notification_ids, "nobody gets mail about it")

    def test_log_ins_have_their_rights(self):
        logins = ("accountant", "collector", "customer")
        users = [self.env.ref(f"collections_relationship.demo_user_{login}") for login in logins]
        self.assertEqual(tuple(user.login for user in users), logins)
        accountant, collector, customer = users
        self.assertTrue(accountant.has_group("account.group_account_manager"))
        self.assertTrue(collector.has_group("account.group_account_invoice"))
        self.assertFalse(collector.has_group("account.group_account_manager"))
        self.assertTrue(customer._is_portal())

    def test_loading_again_changes_nothing(self):
        before = self.env["account.move"].search_count([])
        convert_file(
            self.env, "collections_relationship", "demo/collection_demo_play.xml", {}, "update", noupdate=True
        )
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_an_answer_to_a_message_of_the_past_reaches_its_case(self):
        sent = self.env["collection.contact"].search(
            [("case_id", "in", self.cases.ids), ("kind", "=", "sent"), ("message_id", "!=", False)], limit=1
        )
        mail = (
            f"From: {sent.address}\nTo: colin@fernway.example.com\nSubject: Re: A quick note\n"
            f"Message-Id: <answer-made-up@customer.example.com>\nIn-Reply-To: {sent.message_id}\n\nThank you."
        )
        self.env["mail.thread"].message_process(False, mail)
        answer = self.env["collection.contact"].search([("message_id", "=", "<answer-made-up@customer.example.com>")])
        self.assertEqual(answer.kind, "answered")
        self.assertEqual(answer.partner_id, sent.partner_id)

    def test_the_sample_file_can_be_imported(self):
        with file_open("collections_relationship/static/import_sample.csv", "rb") as sample:
            wizard = self.env["collection.import"].create({"file": base64.b64encode(sample.read())})
        wizard.action_import()
        self.assertEqual(wizard.state, "done", wizard.problems)
