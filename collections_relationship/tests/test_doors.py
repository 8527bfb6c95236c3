"""Every door through which a customer can be reached is tried; none gets past the guard."""

from datetime import timedelta

from odoo import Command, fields
from odoo.addons.sms.tools.sms_api import SmsApi
from odoo.exceptions import AccessError, UserError
from odoo.service import model as rpc
from odoo.service.server import thread_local
from odoo.sql_db import db_connect
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..models.collection_step_act import LOCK_CASE
from ..models.collection_step_link import PREFERENCE_SCOPE
from .common import CollectionCommon, shipped

NOW = "2026-03-16 09:00:00"
NIGHT = "2026-03-16 02:00:00"
LATE_MESSAGE = "nobody has said whether this message is about payment"


class DoorsCommon(CollectionCommon):
    """A customer who owes something late and heard from us today; people who would write to him again."""

    @classmethod
    def default_env_context(cls):
        return {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._create_user("clara", "account.group_account_invoice,base.group_partner_manager")
        cls.manager = cls._create_user("mona", "account.group_account_manager,base.group_partner_manager")
        cls.colleague = cls._create_user("carl", "base.group_user,base.group_partner_manager")
        cls.customer.write({"phone": "+32 470 12 34 56", "country_id": cls.env.ref("base.be").id})
        cls.portal = new_test_user(
            cls.env,
            "portal",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.portal.partner_id.parent_id = cls.customer
        cls.invoice = cls._create_item(31, 400)
        cls.other_customer = cls._create_customer("Paid Up")

    @classmethod
    def _create_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            email=f"{login}@azure.example.com",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def setUp(self):
        super().setUp()
        self._refresh()

    def _contacted(self):
        """Let the customer hear from us now, so that the guard says no for some days."""
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)

    def _written(self, kind="written"):
        return self.env["collection.contact"].search([("partner_id", "=", self.customer.id), ("kind", "=", kind)])

    def _mails(self):
        """Return the mails to the customer that have been made for a person's message."""
        return self.env["mail.mail"].sudo().search(
            [("recipient_ids", "in", self.customer.ids), ("model", "!=", "collection.case")]
        )

    def _texts(self):
        return self.env["sms.sms"].sudo().search([("number", "=", "+32470123456")])

    def _compose(self, record, user=None, answer=None, **values):
        """Return the composer as it opens on a record for its customer, the question answered."""
        composer = (
            self.env["mail.compose.message"]
            .with_user(user or self.collector)
            .with_context(default_model=record._name, default_res_ids=record.ids, default_composition_mode="comment")
            .create({"body": "<p>Shall we talk?</p>", "subject": "Hello", "partner_ids": self.customer.ids, **values})
        )
        if answer:
            composer.collection_about_payment = answer
        return composer

    def _from_outside(self, method):
        """Act as if the request had called this method."""
        thread_local.rpc_model_method = method
        self.addCleanup(setattr, thread_local, "rpc_model_method", "")

    def _call(self, user, model, method, ids, *args, **kwargs):
        """Call a public method as somebody outside does."""
        self._from_outside(f"{model}.{method}")
        records = self.env(user=user, context={})[model]
        return rpc.call_kw(records, method, [ids, *args], kwargs)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestWritingByHand(DoorsCommon):
    """Composer and chatter."""

    def test_the_question_is_asked_without_a_preset_answer_where_it_may_be_about_payment(self):
        for record in (self.invoice, self.customer, self._case()):
            composer = self._compose(record)
            self.assertTrue(composer.collection_is_asked, record)
            self.assertFalse(composer.collection_about_payment, record)
            with self.assertRaisesRegex(UserError, "is this about payment"):
                composer.action_send_mail()
        self.assertFalse(self._mails())

    def test_the_question_is_not_asked_about_who_owes_nothing_late(self):
        self._create_item(-5, partner=self.other_customer)
        self._refresh()
        composer = self._compose(self.other_customer, partner_ids=self.other_customer.ids)
        self.assertFalse(composer.collection_is_asked)
        composer.action_send_mail()

    def test_a_follower_counts_like_a_recipient(self):
        self.invoice.message_subscribe(self.customer.ids)
        self.assertTrue(self._compose(self.invoice, partner_ids=self.other_customer.ids).collection_is_asked)

    def _bodies(self, mails):
        """Return what each recipient's mail server would get, by address."""
        return {
            email["email_to_normalized"][0]: email["body"]
            for mail in mails
            for email in mail._prepare_outgoing_list()
        }

    def test_about_payment_it_ends_with_the_customers_choices_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("collections_relationship.mail_preference_footer")
        template.with_context(lang="fr_FR").arch_db = template.arch_db.replace("You choose", "Vous choisissez")
        self.customer.lang = "fr_FR"
        self.invoice.message_subscribe(self.colleague.partner_id.ids)
        self._compose(self.invoice, answer="yes").action_send_mail()
        contact = self._written()
        mails = self.env["mail.mail"].sudo().search([("message_id", "=", contact.message_id)])
        bodies = self._bodies(mails)
        step = contact._preference_step(fields.Datetime.now())
        self.assertIn("Vous choisissez", bodies[self.customer.email])
        self.assertIn(step._preference_path(), bodies[self.customer.email])
        self.assertNotIn("/collections/preferences", bodies.get(self.colleague.email, ""), "a colleague's copy")
        self.assertNotIn("/collections/preferences", contact.body_html)
        found, problem = self.env["collection.step"]._find_by_link(
            step._preference_path().rsplit("/", 1)[1], fields.Datetime.now(), scope=PREFERENCE_SCOPE
        )
        self.assertEqual((found, problem), (step, False))
        self.assertEqual((step.address, step.state), (self.customer.email_normalized, "cancelled"))
        self.assertNotIn("/collections/pay/", bodies[self.customer.email])

    def test_the_link_of_an_earlier_message_to_the_address_is_used_again(self):
        self._night_and_act()
        sent = self._sent().step_id
        contact = self.env["collection.contact"].sudo().create(
            {
                "case_id": self._case().id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": fields.Datetime.now(),
                "kind": "written",
                "direction": "out",
                "channel": "email",
                "address": self.customer.email_normalized,
            }
        )
        self.assertEqual(contact._preference_step(fields.Datetime.now()), sent)

    def test_about_something_else_it_has_no_such_line(self):
        self._compose(self.invoice, answer="no").action_send_mail()
        bodies = self._bodies(self._mails())
        self.assertTrue(bodies)
        self.assertNotIn("/collections/preferences", "".join(bodies.values()))

    def test_several_mails_have_each_customers_own_line(self):
        second = self._create_customer("Birch")
        invoice = self._create_item(20, partner=second)
        self._refresh()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.collector)
            .with_context(
                default_model="account.move",
                default_res_ids=(self.invoice | invoice).ids,
                default_composition_mode="mass_mail",
            )
            .create({"body": "<p>Shall we talk?</p>", "subject": "Hello", "collection_about_payment": "yes"})
        )
        composer.action_send_mail()
        mails = self.env["mail.mail"].sudo().search([("collection_about_payment", "=", True)])
        bodies = self._bodies(mails)
        self.assertEqual(set(bodies), {self.customer.email, second.email})
        links = {address: body.partition("/collections/preferences/")[2].partition('"')[0] for address, body in bodies.items()}
        self.assertEqual(len(set(links.values())), 2)
        self.assertTrue(all(links.values()))

    def test_about_something_else_it_leaves_and_is_not_logged(self):
        self._contacted()
        self._compose(self.invoice, answer="no").action_send_mail()
        self.assertTrue(self._mails())
        self.assertFalse(self._written())

    def test_about_payment_it_leaves_when_right_and_is_logged_as_asking(self):
        composer = self._compose(self.invoice, answer="yes")
        self.assertIn("may be done now", composer.collection_verdict_html)
        composer.action_send_mail()
        contact = self._written()
        self.assertEqual(len(self._mails()), 1)
        self.assertTrue(contact.is_asking)
        self.assertEqual(contact.move_ids, self.invoice)
        self.assertEqual(contact.user_id, self.collector)
        self.assertEqual(contact.address, self.customer.email_normalized)

    def test_what_was_written_counts_in_the_budget(self):
        self._compose(self.invoice, answer="yes").action_send_mail()
        self._night_and_act()
        self.assertFalse(self._sent())
        self.assertEqual(self._reason(), "minimum_gap")
        with self.assertRaisesRegex(UserError, "heard from us recently"):
            self._compose(self.customer, answer="yes").action_send_mail()

    def test_on_a_case_it_is_logged_once(self):
        self._compose(self._case(), answer="yes").action_send_mail()
        self.assertEqual(len(self._written()), 1)
        self.assertTrue(self._written().is_asking)

    def test_the_verdict_is_shown_before_writing_with_its_rule_source_and_moment(self):
        self._contacted()
        composer = self._compose(self.invoice, answer="yes")
        html = composer.collection_verdict_html
        self.assertTrue(composer.collection_is_refused)
        self.assertIn("heard from us recently", html)
        self.assertIn(self.policy.name, html)
        self.assertIn("next right moment", html)
        self.assertEqual(fields.Date.to_string(composer.collection_next_moment), "2026-03-21")

    def test_refused_it_does_not_leave_and_the_words_name_rule_and_moment(self):
        self._contacted()
        with self.assertRaisesRegex(UserError, "(?s)heard from us recently.*source.*next right moment"):
            self._compose(self.invoice, answer="yes").action_send_mail()
        self.assertFalse(self._mails())

    def test_what_is_paused_may_not_be_asked_for_by_hand(self):
        self.env["collection.hold"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "reason": "promise",
                "date_end": self.today + timedelta(days=3),
            }
        )
        self._refresh()
        with self.assertRaisesRegex(UserError, "Paused"):
            self._compose(self.invoice, answer="yes").action_send_mail()

    def test_an_unread_answer_comes_first(self):
        self._case().sudo().reply_unread_since = self.now
        with self.assertRaisesRegex(UserError, "must read it first"):
            self._compose(self.invoice, answer="yes").action_send_mail()

    def test_on_a_document_that_is_not_about_money_no_is_preset_and_visible(self):
        product = self.env["product.template"].create({"name": "Offered"})
        composer = self._compose(product, user=self.manager)
        self.assertTrue(composer.collection_is_asked)
        self.assertEqual(composer.collection_about_payment, "no")

    # === THE CHATTER AND RPC === #

    def test_the_chatter_does_not_get_past(self):
        for record in (self.invoice, self.customer, self._case()):
            for user in (self.collector, self.manager, self.colleague):
                if not record.with_user(user).has_access("read"):
                    continue
                with self.subTest(record=record, user=user.login), self.assertRaisesRegex(UserError, LATE_MESSAGE):
                    # The chatter's route posts as superuser for the user.
                    record.with_user(user).sudo().message_post(
                        body="Pay", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids
                    )
        self.assertFalse(self._mails())

    def test_a_message_called_something_else_does_not_get_past_from_outside(self):
        for user in (self.collector, self.manager):
            for method, values in (
                ("message_post", {"body": "Pay", "partner_ids": self.customer.ids}),
                ("message_post", {"body": "Pay", "partner_ids": self.customer.ids, "message_type": "auto_comment"}),
                ("message_notify", {"body": "Pay", "partner_ids": self.customer.ids}),
            ):
                with self.subTest(user=user.login, method=method), self.assertRaisesRegex(UserError, LATE_MESSAGE):
                    self._call(user, "account.move", method, self.invoice.ids, **values)
        self.assertFalse(self._mails())

    def test_a_template_does_not_get_past_from_outside(self):
        template = self.env["mail.template"].create(
            {
                "name": "Pay",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "use_default_to": False,
                "partner_to": str(self.customer.id),
                "subject": "Pay",
                "body_html": "<p>Pay</p>",
                "user_id": self.manager.id,
            }
        )
        for call in (
            lambda: self._call(self.manager, "mail.template", "send_mail", template.ids, self.customer.id, force_send=True),
            lambda: self._call(self.manager, "mail.template", "send_mail_batch", template.ids, self.customer.ids),
        ):
            with self.assertRaisesRegex(UserError, LATE_MESSAGE), self.env.cr.savepoint():
                call()
        with self.assertRaisesRegex(UserError, LATE_MESSAGE), self.env.cr.savepoint():
            self._from_outside("res.partner.message_mail_with_source")
            self.customer.with_user(self.manager).message_mail_with_source(template)
        self.assertFalse(self._mails())

    def test_a_mail_made_by_hand_does_not_get_past(self):
        admin = self._create_user("ada", "base.group_system,account.group_account_manager")
        for values in ({"recipient_ids": [Command.link(self.customer.id)]}, {"email_to": self.customer.email}):
            with self.assertRaisesRegex(UserError, LATE_MESSAGE):
                self._from_outside("mail.mail.create")
                self.env["mail.mail"].with_user(admin).create({"subject": "Pay", "body_html": "Pay", **values})
        for user in (self.collector, self.manager, self.portal):
            with self.assertRaises(AccessError):
                self.env["mail.mail"].with_user(user).create({"subject": "Pay", "email_to": self.customer.email})

    def test_declared_about_payment_the_chatter_asks_the_guard(self):
        declared = self.invoice.with_user(self.collector).with_context(collection_about_payment=True)
        declared.message_post(
            body="Pay", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids
        )
        self.assertEqual(len(self._written()), 1)
        with self.assertRaisesRegex(UserError, "heard from us recently"):
            declared.message_post(
                body="Pay", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids
            )
        self.assertEqual(len(self._mails()), 1)

    def test_a_second_contact_at_the_same_address_is_no_way_around(self):
        twin = self.env["res.partner"].create({"name": "Not Azure", "email": self.customer.email})
        with self.assertRaisesRegex(UserError, LATE_MESSAGE):
            self.invoice.with_user(self.collector).message_post(
                body="Pay", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=twin.ids
            )

    def test_a_mailbox_that_several_customers_share_is_that_of_the_one_written_to(self):
        sister = self._create_customer("Sister", email=self.customer.email)
        self._create_item(20, partner=sister)
        self._refresh()
        composer = self._compose(self.invoice, answer="yes")
        self.assertEqual(composer.collection_customer_ids, self.customer)
        composer.action_send_mail()
        self.assertEqual(self.env["collection.contact"].search([("kind", "=", "written")]).partner_id, self.customer)
        with self.assertRaisesRegex(UserError, "same address heard from us"):
            self._compose(sister, answer="yes", partner_ids=sister.ids).action_send_mail()

    def test_what_the_guard_has_no_business_with_is_untouched(self):
        self._contacted()
        invoice = self.invoice.with_user(self.collector)
        invoice.message_post(body="Called, nobody there", message_type="comment", subtype_xmlid="mail.mt_note")
        invoice.message_post(body="Look at this", message_type="comment", partner_ids=self.manager.partner_id.ids)
        # A program that tells the customer something, on behalf of whoever triggered it.
        invoice.message_post(body="Delivered", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids)
        self.invoice.message_subscribe(self.customer.ids)
        self.invoice.with_user(self.portal).sudo().message_post(
            body="I have a question", message_type="comment", subtype_xmlid="mail.mt_comment",
            author_id=self.portal.partner_id.id,
        )
        self.assertFalse(self._written())

    def test_sending_an_invoice_works_unchanged(self):
        self._contacted()
        self.env["account.move.send"].with_user(self.collector)._generate_and_send_invoices(
            self.invoice, sending_methods=["email"]
        )
        self.assertTrue(self._mails())
        self.assertFalse(self._written())

    def test_several_at_once_those_who_may_not_are_left_out(self):
        free = self._create_customer("Free")
        self._create_item(20, partner=free)
        self._contacted_only(self.customer)
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.collector)
            .with_context(
                default_model="res.partner",
                default_res_ids=(self.customer | free).ids,
                default_composition_mode="mass_mail",
            )
            .create({"body": "<p>Shall we talk?</p>", "subject": "Hello"})
        )
        with self.assertRaisesRegex(UserError, "is this about payment"):
            composer.action_send_mail()
        composer.collection_about_payment = "yes"
        composer.action_send_mail()
        contacts = self.env["collection.contact"].search([("kind", "=", "written")])
        self.assertEqual(contacts.partner_id, free)
        self.assertFalse(self._mails())

    def _contacted_only(self, customer):
        self.env["collection.contact"].sudo().create(
            {
                "case_id": self._case(customer).id,
                "partner_id": customer.id,
                "company_id": self.company.id,
                "date": self.now,
                "kind": "called",
                "direction": "out",
                "channel": "call",
                "is_asking": True,
            }
        )
        self._refresh()

    # === LATER === #

    def test_at_the_next_right_moment_it_is_scheduled_and_asked_again(self):
        self._contacted()
        composer = self._compose(self.invoice, answer="yes")
        action = composer.action_collection_send_later()
        self.assertIn("3/21/26", action["params"]["message"])
        scheduled = self.env["mail.scheduled.message"].search([("model", "=", "account.move")])
        self.assertEqual(len(scheduled), 1)
        self.assertFalse(self._mails() or self._written())
        with freeze_time("2026-03-23 10:00:00"):
            self.env["mail.scheduled.message"]._post_messages_cron()
        self.assertFalse(scheduled.exists())
        self.assertEqual(len(self._written()), 1)

    def test_scheduled_and_paid_meanwhile_it_does_not_leave_and_its_writer_hears_why(self):
        self._contacted()
        self._compose(self.invoice, answer="yes").action_collection_send_later()
        self._pay(self.invoice)
        self.env.flush_all()
        with freeze_time("2026-03-23 10:00:00"):
            self.env["mail.scheduled.message"]._post_messages_cron()
        self.assertFalse(self.env["mail.scheduled.message"].search([("model", "=", "account.move")]))
        self.assertFalse(self._written())
        told = self.env["mail.message"].search([("partner_ids", "in", self.collector.partner_id.ids)], limit=1)
        self.assertIn("owed any more", told.body)
        self.assertIn("Shall we talk", told.body)

    def test_scheduled_and_not_right_then_it_is_put_off(self):
        self._contacted()
        self._compose(self.invoice, answer="yes").action_collection_send_later()
        scheduled = self.env["mail.scheduled.message"].search([("model", "=", "account.move")])
        with freeze_time("2026-03-23 02:00:00"):
            self.env["mail.scheduled.message"]._post_messages_cron()
            self.assertTrue(scheduled.exists())
            self.assertGreater(scheduled.scheduled_date, fields.Datetime.now())
        self.assertFalse(self._written())

    def test_a_scheduled_message_made_past_the_screens_has_to_be_declared(self):
        values = {
            "model": "account.move",
            "res_id": self.invoice.id,
            "author_id": self.collector.partner_id.id,
            "partner_ids": self.customer.ids,
            "body": "Pay",
            "scheduled_date": "2026-03-17 10:00:00",
        }
        Scheduled = self.env["mail.scheduled.message"].with_user(self.collector)
        with self.assertRaisesRegex(UserError, LATE_MESSAGE):
            Scheduled.create(values)
        harmless = Scheduled.create({**values, "partner_ids": []})
        with self.assertRaisesRegex(UserError, LATE_MESSAGE):
            harmless.partner_ids = self.customer

    def test_a_mail_about_payment_that_waits_in_the_queue_is_asked_again(self):
        self._compose(self.invoice, answer="yes").action_send_mail()
        mail = self._mails()
        self.assertTrue(mail.collection_about_payment)
        with freeze_time(NIGHT.replace("16", "17")):
            held = mail._collection_hold_back(fields.Datetime.now())
            self.assertEqual(held, mail)
            self.assertGreater(mail.scheduled_date, fields.Datetime.now())
        with freeze_time("2026-03-17 10:00:00"):
            self.assertFalse(mail._collection_hold_back(fields.Datetime.now()))
        self._pay(self.invoice)
        self.assertEqual(mail._collection_hold_back(fields.Datetime.now()), mail)
        self.assertEqual(mail.state, "cancel")

    # === SET ASIDE === #

    def test_a_manager_sets_a_soft_rule_aside_and_the_log_says_so(self):
        self._contacted()
        composer = self._compose(self.invoice, user=self.manager, answer="yes")
        self.assertTrue(composer.collection_may_override)
        with self.assertRaisesRegex(UserError, "Write why"):
            composer.action_collection_set_aside()
        composer.collection_override_reason = ". -"
        with self.assertRaisesRegex(UserError, "Write why"):
            composer.action_collection_set_aside()
        composer.collection_override_reason = "He asked for it on the phone"
        composer.action_collection_set_aside()
        contact = self._written()
        self.assertIn("He asked for it on the phone", contact.set_aside_text)
        self.assertIn(self.manager.name, contact.set_aside_text)
        self.assertIn("heard from us recently", contact.set_aside_text)
        mail = self._mails()
        self.assertFalse(mail._collection_hold_back(fields.Datetime.now()), "what was set aside is not asked again")

    def test_nobody_else_does(self):
        self._contacted()
        composer = self._compose(self.invoice, answer="yes", collection_override_reason="Because")
        self.assertFalse(composer.collection_may_override)
        with self.assertRaises(AccessError):
            composer.action_collection_set_aside()
        with self.assertRaises(AccessError):
            self.invoice.with_user(self.collector).with_context(
                collection_about_payment=True, collection_override_reason="Because"
            ).message_post(
                body="Pay", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids
            )

    def test_a_rule_that_binds_everybody_is_not_set_aside(self):
        self.env["collection.protection"].sudo().create(
            {"partner_id": self.customer.id, "kind": "cease", "date_from": self.today, "source": "by_hand"}
        )
        composer = self._compose(self.invoice, user=self.manager, answer="yes", collection_override_reason="Because")
        self.assertFalse(composer.collection_may_override)
        self.assertFalse(composer.collection_next_moment)
        self.assertIn("Nobody may set this aside", composer.collection_verdict_html)
        with self.assertRaisesRegex(UserError, "Nobody may set this aside"):
            composer.action_collection_set_aside()

    # === TWO AT ONCE === #

    def test_while_the_worker_holds_the_customer_nobody_writes_to_him(self):
        other = db_connect(self.env.cr.dbname).cursor()

        def close():
            other.execute("SELECT pg_advisory_unlock_all()")
            other.close()

        self.addCleanup(close)
        other.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CASE, self._case().id])
        with self.assertRaisesRegex(UserError, "at this very moment"):
            self._compose(self.invoice, answer="yes").action_send_mail()


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestTextMessages(DoorsCommon):
    def setUp(self):
        super().setUp()
        self.sent = []

        def send(api, messages, delivery_reports_url=False):
            self.sent += [number["number"] for message in messages for number in message["numbers"]]
            return [{"uuid": number["uuid"], "state": "sent"} for message in messages for number in message["numbers"]]

        self.patch(SmsApi, "_send_sms_batch", send)

    def _composer(self, answer=None, user=None, **values):
        composer = (
            self.env["sms.composer"]
            .with_user(user or self.collector)
            .create(
                {
                    "res_model": "res.partner",
                    "res_id": self.customer.id,
                    "composition_mode": "comment",
                    "number_field_name": "phone",
                    "body": "Please call us",
                    **values,
                }
            )
        )
        if answer:
            composer.collection_about_payment = answer
        return composer

    def test_the_question_has_to_be_answered(self):
        composer = self._composer()
        self.assertTrue(composer.collection_is_asked)
        with self.assertRaisesRegex(UserError, "is this about payment"):
            composer.action_send_sms()
        self.assertFalse(self.sent)

    def test_about_payment_it_is_judged_and_logged(self):
        self._composer("yes").action_send_sms()
        self.assertEqual(self.sent, ["+32470123456"])
        contact = self._written()
        self.assertEqual((contact.channel, contact.is_asking, contact.address), ("sms", True, "+32470123456"))
        with self.assertRaisesRegex(UserError, "heard from us recently"):
            self._composer("yes").action_send_sms()
        self.assertEqual(len(self.sent), 1)

    def test_a_manager_sets_a_soft_rule_aside_and_nobody_else(self):
        self._contacted()
        self._composer("yes", user=self.manager, collection_override_reason="Agreed on the phone").action_collection_set_aside()
        self.assertTrue(self.sent)
        self.assertIn("Agreed on the phone", self._written().set_aside_text)
        with self.assertRaises(AccessError):
            self._composer("yes", collection_override_reason="Because").action_collection_set_aside()

    def test_about_something_else_it_leaves(self):
        self._contacted()
        self._composer("no").action_send_sms()
        self.assertTrue(self.sent)
        self.assertFalse(self._written())

    def test_a_bare_number_does_not_get_past(self):
        values = {"res_model": False, "res_id": False, "composition_mode": "numbers", "numbers": "+32470123456"}
        with self.assertRaisesRegex(UserError, "is this about payment"):
            self._composer(**values).action_send_sms()
        self._contacted()
        with self.assertRaisesRegex(UserError, "heard from us recently"):
            self._composer("yes", **values).action_send_sms()
        self.assertFalse(self.sent)

    def test_several_at_once_those_who_may_not_are_left_out(self):
        free = self._create_customer("Free", phone="+32470999999", country_id=self.env.ref("base.be").id)
        self._create_item(20, partner=free)
        self._refresh()
        self._composer("yes").action_send_sms()
        values = {
            "res_id": False,
            "res_ids": repr((self.customer | free).ids),
            "composition_mode": "mass",
            "mass_force_send": True,
        }
        with self.assertRaisesRegex(UserError, "is this about payment"):
            self._composer(**values).action_send_sms()
        self._composer("yes", **values).action_send_sms()
        self.assertEqual(self.sent, ["+32470123456", "+32470999999"])

    def _later(self):
        with freeze_time(NIGHT):
            composer = self._composer("yes")
            self.assertIn("too early or too late", composer.collection_verdict_html)
            action = composer.action_collection_send_later()
        self.assertIn("if it is still right then", action["params"]["message"])
        return self.env["mail.scheduled.message"].sudo().search([("res_id", "=", self.customer.id)])

    def _at(self, moment):
        with freeze_time(moment):
            self._root_env()["mail.scheduled.message"]._post_messages_cron()

    def test_a_text_refused_now_leaves_at_the_next_right_moment(self):
        planned = self._later()
        self.assertEqual(planned.create_uid, self.collector)
        self.assertFalse(self.sent)
        self.assertFalse(self._written())
        self._at(planned.scheduled_date)
        self.assertEqual(self.sent, ["+32470123456"])
        contact = self._written()
        self.assertEqual((contact.channel, contact.is_asking, contact.address), ("sms", True, "+32470123456"))
        [text] = self.customer.message_ids.filtered(lambda one: one.message_type == "sms")
        self.assertEqual(text.author_id, self.collector.partner_id)
        self.assertFalse(planned.exists())

    def test_a_planned_text_is_asked_again_at_its_moment(self):
        planned = self._later()
        first = planned.scheduled_date
        self._contacted()
        self._at(first)
        self.assertFalse(self.sent)
        self.assertGreater(planned.scheduled_date, first + timedelta(days=3))

    def test_a_planned_text_about_what_was_paid_goes_back_to_its_author(self):
        planned = self._later()
        moment = planned.scheduled_date
        self._pay(self.invoice)
        self._at(moment)
        self.assertFalse(self.sent)
        self.assertFalse(planned.exists())
        self.assertIn("Please call us", self.customer.message_ids[0].body)

    def test_a_text_is_not_planned_where_no_moment_is_known(self):
        self.env["collection.protection"].sudo().create(
            {"partner_id": self.customer.id, "kind": "cease", "date_from": self.today, "source": "by_hand"}
        )
        composer = self._composer("yes")
        self.assertFalse(composer.collection_next_moment)
        with self.assertRaisesRegex(UserError, "No later moment"):
            composer.action_collection_send_later()

    def test_a_text_planned_past_the_screens_has_to_be_declared(self):
        with self.assertRaisesRegex(UserError, LATE_MESSAGE):
            self.env["mail.scheduled.message"].with_user(self.collector).create(
                {
                    "model": "res.partner",
                    "res_id": self.other_customer.id,
                    "author_id": self.collector.partner_id.id,
                    "body": "Pay",
                    "is_note": True,
                    "scheduled_date": self.now + timedelta(days=1),
                    "notification_parameters": '{"message_type": "sms", "sms_numbers": ["+32470123456"]}',
                }
            )

    def test_posting_a_text_message_does_not_get_past(self):
        with self.assertRaisesRegex(UserError, LATE_MESSAGE):
            self.customer.with_user(self.collector).message_post(
                body="Pay", message_type="sms", sms_numbers=["+32470123456"]
            )
        with self.assertRaisesRegex(UserError, LATE_MESSAGE):
            self.customer.with_user(self.collector).message_post(
                body="Pay", message_type="sms", partner_ids=self.customer.ids
            )
        self.assertFalse(self.sent)

    def test_in_the_queue_it_is_asked_again(self):
        declared = self.customer.with_user(self.collector).with_context(collection_about_payment=True)
        declared._message_sms("Pay", number_field="phone", put_in_queue=True)
        [text] = self._texts()
        with freeze_time(NIGHT.replace("16", "17")):
            text.send()
        self.assertFalse(self.sent)
        self.assertEqual(text.state, "outgoing")
        with freeze_time("2026-03-17 10:00:00"):
            text.send()
        self.assertEqual(len(self.sent), 1)

    def test_in_the_queue_and_paid_meanwhile_it_does_not_leave(self):
        declared = self.customer.with_user(self.collector).with_context(collection_about_payment=True)
        declared._message_sms("Pay", number_field="phone", put_in_queue=True)
        self._pay(self.invoice)
        self._texts().send()
        self.assertFalse(self.sent)
        self.assertEqual(self._texts().state, "canceled")

    def test_of_a_step_it_leaves_only_while_the_step_sends(self):
        self._contacted()
        step = self._sent().step_id.sudo()
        text = self.env["sms.sms"].sudo().create({"number": "+32470123456", "body": "Pay", "collection_step_id": step.id})
        text.send()
        self.assertFalse(self.sent)
        self.assertEqual(text.state, "canceled")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestStepsAndLog(DoorsCommon):
    """Nobody makes a step or a contact past the follow-up."""

    def _people(self):
        other = self.setup_other_company(name="Another Company")["company"]
        stranger = self._create_user("stranger", "account.group_account_manager", other)
        return self.collector, self.manager, self.colleague, self.portal, stranger

    def test_nobody_creates_or_changes_a_step_or_a_contact(self):
        self._night()
        step = self._case().step_ids
        values = {
            "case_id": self._case().id,
            "company_id": self.company.id,
            "purpose": "friendly_reminder",
            "state": "approved",
            "date_planned": self.now,
        }
        contact = {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "date": self.now,
            "kind": "sent",
            "direction": "out",
            "channel": "email",
        }
        for user in self._people():
            for call in (
                lambda user=user: self._call(user, "collection.step", "create", [values]),
                lambda user=user: self._call(user, "collection.contact", "create", [contact]),
                lambda user=user: self._call(user, "collection.step", "write", step.ids, {"state": "approved"}),
                lambda user=user: self._call(user, "collection.step", "write", step.ids, {"state": "sent"}),
                lambda user=user: self._call(user, "collection.step", "write", step.ids, {"override_codes": ["CEASED"]}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()
        self.assertEqual(step.state, "planned")

    def test_no_public_method_sends_past_the_guard(self):
        for model in ("collection.step", "collection.case", "collection.run", "collection.guard", "collection.door"):
            for name in ("_act", "_act_all", "_hand_over", "_log_and_claim", "_follow_up_now", "_night", "_pass", "_log"):
                with self.subTest(model=model, method=name), self.assertRaises(AccessError):
                    self._call(self.manager, model, name, [])

    def test_a_step_made_past_everything_is_still_asked_about(self):
        self._contacted()
        before = len(self._sent())
        self.env["collection.step"].sudo().create(
            {
                "case_id": self._case().id,
                "company_id": self.company.id,
                "stage_id": self.stage["check_in"].id,
                "purpose": "check_in",
                "template_id": shipped(self.env, "check_in", "friendly").id,
                "state": "approved",
                "date_planned": self.now,
                "recipient_id": self.customer.id,
                "address": self.customer.email_normalized,
                "item_ids": [Command.set(self._case().item_ids.ids)],
            }
        )
        self._act()
        self.assertEqual(len(self._sent()), before)

    def test_cron_and_mail_queue_send_nothing_that_is_not_right(self):
        self._night()
        with freeze_time(NIGHT):
            type(self).now = fields.Datetime.now()
            self._act()
        self.assertFalse(self._sent())

    def test_portal_and_colleagues_open_no_door(self):
        for user in (self.portal, self.colleague):
            for call in (
                lambda user=user: self._case().with_user(user).action_follow_up(),
                lambda user=user: self._case().with_user(user).action_log_call(),
                lambda user=user: self.env["collection.follow.up"].with_user(user).create({}),
                lambda user=user: self.env["collection.call"].with_user(user).create({}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestFollowUpDoor(DoorsCommon):
    """'Follow up now' shows the verdict, waits for the right moment, and lets a manager set a soft rule aside."""

    def _open(self, user=None):
        action = self._case().with_user(user or self.collector).action_follow_up()
        return self.env["collection.follow.up"].with_user(user or self.collector).browse(action["res_id"])

    def test_refused_it_shows_why_and_leaves_at_the_next_right_moment(self):
        self._contacted()
        wizard = self._open()
        self.assertFalse(wizard.allowed)
        self.assertIn("heard from us recently", wizard.verdict_html)
        self.assertIn(self.policy.name, wizard.verdict_html)
        with self.assertRaisesRegex(UserError, "heard from us recently"):
            wizard.action_send()
        toast = wizard.action_send_later()["params"]["message"]
        self.assertIn("if it is still right then", toast)
        step = self._case().step_ids.filtered("is_manual")
        self.assertEqual(step.state, "approved")
        self.assertEqual(fields.Date.to_string(step.date_planned), "2026-03-21")
        self._act()
        self.assertEqual(len(self._sent()), 1)
        self._move_to(7)
        self._act()
        self.assertEqual(len(self._sent()), 2)

    def test_planned_for_later_and_paid_it_does_not_leave(self):
        self._contacted()
        self._open().action_send_later()
        self._pay(self.invoice)
        self._move_to(7)
        self._act()
        self.assertEqual(len(self._sent()), 1)

    def test_a_manager_sets_a_soft_rule_aside(self):
        self._contacted()
        wizard = self._open(self.manager)
        self.assertTrue(wizard.may_override)
        with self.assertRaisesRegex(UserError, "Write why"):
            wizard.action_send_all_the_same()
        wizard.override_reason = "She asked me to send it"
        wizard.action_send_all_the_same()
        self._act()
        contact = self._sent()[-1]
        self.assertEqual(len(self._sent()), 2)
        self.assertIn("She asked me to send it", contact.set_aside_text)
        self.assertIn("She asked me to send it", contact.step_id.set_aside_text)
        self.assertEqual(contact.step_id.override_by_id, self.manager)

    def test_an_ordinary_user_does_not(self):
        self._contacted()
        wizard = self._open()
        self.assertFalse(wizard.may_override)
        wizard.override_reason = "Because"
        with self.assertRaises(AccessError):
            wizard.action_send_all_the_same()

    def test_a_rule_that_binds_everybody_is_not_set_aside(self):
        self.env["collection.protection"].sudo().create(
            {"partner_id": self.customer.id, "kind": "cease", "date_from": self.today, "source": "by_hand"}
        )
        wizard = self._open(self.manager)
        self.assertFalse(wizard.may_override or wizard.date_next or wizard.can_leave)
        wizard.override_reason = "Because"
        with self.assertRaisesRegex(UserError, "Nobody may set this aside"):
            wizard.action_send_all_the_same()

    def test_of_several_those_who_may_now_and_the_others_later(self):
        self._contacted()
        free = self._create_customer("Free")
        self._create_item(20, partner=free)
        self._refresh()
        cases = self._case() | self._case(free)
        action = cases.with_user(self.collector).action_follow_up()
        wizard = self.env["collection.follow.up"].with_user(self.collector).browse(action["res_id"])
        self.assertEqual((wizard.line_count, wizard.allowed_count, wizard.later_count), (2, 1, 1))
        wizard.action_send_later()
        self.assertEqual(set(wizard.line_ids.mapped("result")), {"sent", "later"})
        self.assertIn("1 at their next right moment", wizard.result_text)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLogCall(DoorsCommon):
    def _open(self, user=None, **values):
        action = self._case().with_user(user or self.collector).action_log_call()
        wizard = self.env["collection.call"].with_user(user or self.collector).browse(action["res_id"])
        wizard.write(values)
        return wizard

    def test_the_verdict_says_whether_to_call_now(self):
        self.assertIn("may be done now", self._open().verdict_html)
        with freeze_time(NIGHT):
            html = self._open().verdict_html
        self.assertIn("too early or too late", html)
        self.assertIn("03:00 where the customer is", html)

    def test_what_was_said_is_logged_and_counts(self):
        wizard = self._open(outcome="conversation", note="Pays on Friday")
        wizard.action_log()
        contact = self._written("called")
        self.assertEqual(
            (contact.channel, contact.outcome, contact.direction, contact.is_asking, contact.note),
            ("call", "conversation", "out", True, "Pays on Friday"),
        )
        self.assertFalse(self._case().reply_unread_since)
        self._night()
        self.assertEqual(self._reason(), "minimum_gap")

    def test_a_call_against_the_rules_is_logged_and_says_so(self):
        with freeze_time(NIGHT):
            action = self._open(outcome="no_answer").action_log()
        self.assertIn("said no", action["params"]["message"])
        contact = self._written("called")
        self.assertIn("outside_hours", contact.reason["against"])
        self.assertIn("too early or too late", contact.set_aside_text)

    def test_a_wrong_number_counts_for_nothing_and_asks_for_another(self):
        self._open(outcome="wrong_number").action_log()
        self._night()
        self.assertEqual(self._reason(), "due")
        self.assertIn("Find a phone number that works", self._case().activity_ids.mapped("summary"))

    def test_a_customer_who_calls_is_logged_as_incoming_and_his_words_are_read_first(self):
        self._open(outcome="conversation", direction="in", note="Wants a copy").action_log()
        contact = self._written("called")
        self.assertEqual((contact.direction, contact.is_asking), ("in", False))
        self.assertEqual(self._case().reply_unread_since, contact.date)

    def test_a_letter_made_outside(self):
        self._open(channel="letter").action_log()
        self.assertEqual(self._written().channel, "letter")

    def test_the_future_is_not_logged(self):
        with self.assertRaisesRegex(UserError, "has passed"):
            self._open(outcome="conversation", date=self.now + timedelta(days=1)).action_log()

    def test_it_opens_from_invoice_and_customer(self):
        action = self.invoice.with_user(self.collector).action_collection_log_call()
        wizard = self.env["collection.call"].browse(action["res_id"])
        self.assertEqual((wizard.partner_id, wizard.move_ids), (self.customer, self.invoice))
        action = self.customer.with_user(self.collector).action_collection_log_call()
        self.assertEqual(self.env["collection.call"].browse(action["res_id"]).partner_id, self.customer)

    def test_the_form_demands_an_outcome(self):
        action = self._case().with_user(self.collector).action_log_call()
        record = self.env["collection.call"].with_user(self.collector).browse(action["res_id"])
        with self.assertRaises(AssertionError):
            Form(record).save()
        with self.assertRaisesRegex(UserError, "what came of it"):
            record.action_log()
