"""'Follow up now' goes the way the customer wants, or the one that reaches him; a person may choose another."""
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.addons.sms.tools.sms_api import SmsApi
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common import CollectionCommon, shipped

ADDRESS = {"street": "1 Made-up Street", "city": "Hoboken", "zip": "07030"}

#: What a message must say, after a first word of its own.
ENOUGH = "{{items}}{{pay_button}} If you need more time or something is wrong, tell us.</p>{{signature}}"


class WaysCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "wanda",
            groups="account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            tz="UTC",
        )
        cls.customer.write({"phone": "+1 201 555 0123", **ADDRESS, **cls._place()})
        cls.invoice = cls._create_item(14, 300)

    @classmethod
    def _place(cls):
        return {"country_id": cls.env.ref("base.us").id, "state_id": cls.env.ref("base.state_us_31").id}

    def setUp(self):
        super().setUp()
        type(self).now = datetime(2026, 3, 16, 16)  # noon where the customer is

    def _open(self, cases=None):
        self._refresh()
        action = (cases or self._case()).with_user(self.user).action_follow_up()
        return self.env["collection.follow.up"].with_user(self.user).browse(action["res_id"])

    def _way(self, wizard, channel):
        return wizard.way_ids.filtered(lambda way: way.channel == channel)

    def _choose(self, wizard, channel):
        with Form(wizard) as form:
            form.way_id = self._way(wizard, channel)
        return wizard

    def _step(self):
        return self._case().step_ids.sorted("id")[-1:]

    def _stop(self, channel):
        self.env["collection.protection"].create(
            {"partner_id": self.customer.id, "kind": "opt_out", "channel": channel, "date_from": self.today}
        )

    def _give_portal(self):
        self.env["res.users"].create(
            {
                "name": "Portal Person",
                "login": "portal.person",
                "partner_id": self.customer.id,
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 16:00:00")
class TestProposedWay(WaysCommon):
    def test_the_usual_way_needs_no_reason(self):
        wizard = self._open()
        self.assertEqual((wizard.channel, wizard.why_text, wizard.address), ("email", "", self.customer.email))
        self.assertEqual(wizard.way_ids.mapped("channel"), ["email", "letter", "call", "sms"], "tried first, then others")

    def test_the_customers_wish_comes_first_and_is_named(self):
        self.customer.collection_channel = "letter"
        wizard = self._open()
        self.assertEqual((wizard.channel, wizard.way_text), ("letter", "Letter: wants letters"))
        self.assertIn("Hoboken", wizard.address)
        self.assertTrue(wizard.allowed)

    def test_without_an_address_the_letter_stands_in_and_says_why(self):
        self.customer.email = False
        wizard = self._open()
        self.assertEqual((wizard.channel, wizard.way_text), ("letter", "Letter: no e-mail address"))
        self.assertTrue(wizard.allowed, wizard.verdict_text)
        self.assertNotIn("email", wizard.way_ids.mapped("channel"))

    def test_a_wish_that_cannot_be_met_is_named(self):
        self.customer.write({"collection_channel": "sms", "phone": False})
        wizard = self._open()
        self.assertEqual((wizard.channel, wizard.way_text), ("email", "E-mail: no phone number"))

    def test_a_number_that_takes_no_texts_or_is_somebody_elses_is_named(self):
        self.customer.collection_channel = "sms"
        self._refresh()
        contact = {
            "case_id": self._case().id,
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "date": datetime(2026, 1, 5, 16),
            "address": "+12015550123",
        }
        log = self.env["collection.contact"].sudo()
        log.create([{**contact, "kind": "bounced", "direction": "in", "channel": "sms"}])
        self.assertEqual(self._open().way_text, "E-mail: the number takes no text messages")
        log.create([{**contact, "kind": "called", "direction": "out", "channel": "call", "outcome": "wrong_number"}])
        wizard = self._open()
        self.assertEqual(wizard.way_text, "E-mail: the phone number is wrong")
        self.assertNotIn("call", wizard.way_ids.mapped("channel"))

    def test_a_stopped_channel_gives_way_and_shows_its_own_verdict(self):
        self._stop("email")
        wizard = self._open()
        self.assertEqual((wizard.channel, wizard.way_text), ("letter", "Letter: the customer stopped e-mails"))
        self.assertTrue(wizard.allowed)
        self.assertEqual(wizard.way_ids[:2].mapped("channel"), ["letter", "email"], "what is proposed stands first")
        self.assertFalse(self._way(wizard, "email").allowed)
        self.assertIn("does not want to be contacted this way", self._way(wizard, "email").verdict_html)
        self._choose(wizard, "email")
        self.assertFalse(wizard.allowed or wizard.can_leave)
        with self.assertRaisesRegex(UserError, "does not want to be contacted this way"):
            wizard.action_send()

    def test_the_night_takes_the_way_that_is_proposed(self):
        for wish, email in (("letter", "a@example.com"), ("sms", "a@example.com"), (False, False), (False, "a@example.com")):
            self.customer.write({"collection_channel": wish, "email": email})
            with self.subTest(wish=wish, email=email), self.cr.savepoint() as savepoint:
                proposed = self._open().channel
                self._night()
                self.assertEqual(self._step().channel, proposed)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_without_any_way_it_says_what_to_enter(self):
        self.customer.write({"email": False, "phone": False, "street": False})
        wizard = self._open()
        self.assertFalse(wizard.channel or wizard.way_ids or wizard.allowed)
        self.assertIn("no e-mail address, no postal address, and no phone number", wizard.verdict_text)
        self.assertIn("an e-mail address, a postal address with street and town, or a phone number", wizard.verdict_text)
        self.assertEqual(wizard.action_open_contact()["res_id"], self.customer.id)
        with self.assertRaisesRegex(UserError, "No way leads"):
            wizard.action_send()

    def test_what_the_policy_does_not_let_stand_in_can_be_chosen_by_a_person(self):
        self.policy.write({"may_write": False, "may_call": False})
        self.customer.email = False
        wizard = self._open()
        self.assertFalse(wizard.channel or wizard.allowed)
        self.assertIn("or choose a way yourself: Text Message, Letter, or Call.", wizard.verdict_text)
        self._choose(wizard, "letter")
        self.assertTrue(wizard.allowed)
        self.assertEqual(wizard.why_text, "no e-mail address")
        wizard.action_send()
        self.assertEqual((self._step().channel, self._step().state), ("letter", "to_do"))

    def test_where_a_mail_bounced_a_person_may_try_the_corrected_address(self):
        self._refresh()
        self._case().sudo().bounced_on = self.now
        wizard = self._open()
        self.assertEqual((wizard.channel, wizard.why_text), ("letter", "the last e-mail bounced"))
        self.assertIn("email", wizard.way_ids.mapped("channel"))


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 16:00:00")
class TestSendByWay(WaysCommon):
    def test_a_letter_waits_to_be_printed_in_the_words_that_were_written(self):
        wizard = self._choose(self._open(), "letter")
        with Form(wizard) as form:
            form.body_html = f"<p>Dear Ann, on paper: {ENOUGH}"
        toast = wizard.action_send()["params"]["message"]
        self.assertIn("Letters to Print", toast)
        step = self._step()
        self.assertEqual((step.channel, step.state, step.is_manual), ("letter", "to_do", True))
        self.assertIn("Hoboken", step.address)
        self.assertFalse(self._sent(), "nothing counts as a contact before it is printed")
        batches, left_out = self._root_env()["collection.step"].browse(step.id)._print_letters(self.now)
        self.assertEqual((batches.letter_count, left_out), (1, []))
        self.assertEqual((self._sent().channel, self._sent().amount), ("letter", 300))
        self.assertIn("Dear Ann, on paper", self._sent().body_html)

    def test_the_night_lets_a_letter_that_waits_be_the_message(self):
        self._choose(self._open(), "letter").action_send()
        self._night()
        self.assertEqual(self._case().step_ids.filtered(lambda step: step.state != "cancelled").channel, "letter")
        self.assertEqual(self._reason(), "ready")
        self.assertEqual(self._case().next_step_date, self.today)

    def test_it_takes_the_place_of_a_letter_or_call_that_waits(self):
        self.customer.collection_channel = "call"
        self._night()
        self._root_env()["collection.step"]._act_all(self.now)
        call = self._step()
        self.assertEqual((call.channel, call.state), ("call", "to_do"))
        self._choose(self._open(), "email").action_send()
        self.assertEqual((call.state, call.cancel_code), ("cancelled", "replaced"))
        call_type = self.env.ref("collections_relationship.mail_activity_type_call")
        self.assertFalse(self._case().activity_ids.filtered(lambda activity: activity.activity_type_id == call_type))

    def test_a_text_message_leaves_as_it_was_written(self):
        wizard = self._choose(self._open(), "sms")
        self.assertIn("{{pay_link}}", wizard.sms_body)
        self.assertFalse(wizard.body_html or wizard.subject)
        with Form(wizard) as form:
            form.sms_body = "Ann & Bob <3: a word from us, {{pay_link}}"
        wizard.action_send()
        given = []

        def send(_api, messages, delivery_reports_url=False):
            given.extend(messages)
            return [{"uuid": number["uuid"], "state": "success"} for one in messages for number in one["numbers"]]

        with patch.object(SmsApi, "_send_sms_batch", send):
            self._root_env()["collection.step"]._act_all(self.now)
        [message] = given
        self.assertRegex(message["content"], r"^Ann & Bob <3: a word from us, https?://\S+/collections/pay/\S+$")
        self.assertEqual(message["numbers"][0]["number"], "+12015550123")
        self.assertEqual(self._sent().channel, "sms")

    def test_names_in_a_text_message_are_written_as_they_are(self):
        self.company.name = "Bits & Bolts"
        self.assertIn("Bits & Bolts", self._choose(self._open(), "sms").sms_body)

    def test_an_empty_text_message_is_refused(self):
        wizard = self._choose(self._open(), "sms")
        wizard.sms_body = " "
        with self.assertRaisesRegex(UserError, "Write the text message"):
            wizard.action_send()

    def test_how_long_the_text_message_is_once_it_is_filled_in(self):
        wizard = self._choose(self._open(), "sms")
        wizard.sms_body = "Hello"
        self.assertEqual(wizard.sms_size_text, "Filled in: 5 characters, 1 SMS (GSM7)")
        wizard.sms_body = "Hello ’ {{company}}"
        length = len("Hello ’ ") + len(self.company.name)
        self.assertEqual(wizard.sms_size_text, f"Filled in: {length} characters, 1 SMS (UNICODE)")
        wizard.sms_body = "Hello {{nobody_knows}}"
        self.assertFalse(wizard.sms_size_text)

    def test_a_portal_message_is_on_the_invoices_page(self):
        self._give_portal()
        wizard = self._choose(self._open(), "portal")
        self.assertEqual(wizard.address, "portal.person")
        wizard.body_html = f"<p>Dear Ann, here: {ENOUGH}"
        wizard.action_send()
        self._root_env()["collection.step"]._act_all(self.now)
        self.assertEqual((self._step().channel, self._step().state), ("portal", "sent"))
        self.assertIn("Dear Ann, here", self.invoice.message_ids[0].body)

    def test_a_call_shows_its_sheet_and_opens_to_call_from(self):
        wizard = self._choose(self._open(), "call")
        self.assertIn("<h4>", wizard.call_html)
        self.assertNotIn("{{", wizard.call_html)
        self.assertFalse(wizard.body_html or wizard.sms_body or wizard.check_html)
        action = wizard.action_call()
        step = self._step()
        self.assertEqual((action["res_model"], action["res_id"]), ("collection.step", step.id))
        self.assertEqual((step.channel, step.state, step.address), ("call", "to_do", "+12015550123"))
        self.assertIn("<h4>", step.with_user(self.user).call_html)

    def test_a_call_can_wait_on_the_list(self):
        wizard = self._choose(self._open(), "call")
        self.assertIn("Calls to Make", wizard.action_send()["params"]["message"])
        self.assertEqual(self._step().state, "to_do")
        self.assertEqual(self._step().reason_text, "A colleague asked for it with Follow up now.")

    def test_at_night_a_call_is_refused_and_planned_for_the_morning(self):
        with freeze_time("2026-03-16 03:00:00"):
            wizard = self._choose(self._open(), "call")
            self.assertFalse(wizard.allowed)
            self.assertIn("too early or too late", wizard.verdict_html)
            wizard.action_send_later()
        step = self._step()
        self.assertEqual((step.state, step.date_planned), ("approved", wizard.date_next))
        self._root_env()["collection.step"]._act_all(self.now)
        self.assertEqual(step.state, "to_do")

    def test_a_way_without_an_address_is_refused_wherever_it_comes_from(self):
        self._refresh()
        self.customer.street = False
        with self.assertRaisesRegex(UserError, "cannot be reached this way: no postal address"):
            self._case().with_user(self.user)._follow_up_now(
                self.now,
                self.stage["friendly_reminder"],
                self.invoice.collection_item_ids,
                "Subject",
                "<p>{{items}}</p>",
                self.user,
                channel="letter",
            )

    def test_where_the_library_has_no_words_for_a_way_it_says_so(self):
        self.env["collection.template"].search([("purpose", "=", "friendly_reminder")]).sms_body = False
        wizard = self._choose(self._open(), "sms")
        self.assertFalse(wizard.allowed)
        self.assertIn("has words for this way: Text Message", wizard.verdict_text)

    def test_the_check_reads_the_words_of_the_way(self):
        wizard = self._choose(self._open(), "letter")
        wizard.body_html = "<p>Pay or else. {{items}}{{pay_button}}</p>{{signature}}"
        self.assertIn("or else", str(wizard.check_html))
        with self.assertRaisesRegex(UserError, "or else"):
            wizard.action_send()
        self._choose(wizard, "sms").sms_body = "Pay or else: {{pay_link}}"
        self.assertIn("or else", str(wizard.check_html))
        with self.assertRaisesRegex(UserError, "or else"):
            wizard.action_send()

    def test_the_preview_is_of_the_way(self):
        wizard = self._choose(self._open(), "sms")
        wizard.sms_body = "A word: {{pay_link}}"
        wizard.action_preview()
        self.assertIn("A word: ", wizard.preview_html)
        self.assertIn("/collections/pay/", wizard.preview_html)
        self.assertNotIn(self.invoice.name, wizard.preview_html)
        self._choose(wizard, "letter").action_preview()
        self.assertIn(self.invoice.name, wizard.preview_html)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 16:00:00")
class TestWordsOfWays(WaysCommon):
    def test_what_was_written_for_a_way_is_there_on_coming_back(self):
        wizard = self._open()
        with Form(wizard) as form:
            form.body_html = "<p>Dear Ann {{items}}</p>"
            form.way_id = self._way(wizard, "sms")
            self.assertIn("{{pay_link}}", form.sms_body)
            self.assertIn("(E-mail)", form.kept_text)
            form.sms_body = "Short {{pay_link}}"
            form.way_id = self._way(wizard, "letter")
            self.assertNotIn("Dear Ann", form.body_html)
            self.assertIn("(E-mail, Text Message)", form.kept_text)
            form.way_id = self._way(wizard, "email")
            self.assertIn("Dear Ann", form.body_html)
            self.assertTrue(form.subject)
            form.way_id = self._way(wizard, "sms")
            self.assertEqual(form.sms_body, "Short {{pay_link}}")

    def test_words_nobody_changed_are_not_said_to_be_kept(self):
        wizard = self._open()
        with Form(wizard) as form:
            form.way_id = self._way(wizard, "letter")
            form.way_id = self._way(wizard, "sms")
            self.assertFalse(form.kept_text)

    def test_the_message_chosen_for_a_way_is_still_chosen_on_coming_back(self):
        other = shipped(self.env, "friendly_reminder", "warm")
        wizard = self._open()
        with Form(wizard) as form:
            form.template_id = other
            form.body_html = "<p>Dear Ann {{items}}</p>"
            form.way_id = self._way(wizard, "letter")
            self.assertNotEqual(form.template_id, other)
            form.way_id = self._way(wizard, "email")
            self.assertEqual(form.template_id, other)
            self.assertIn("Dear Ann", form.body_html)

    def test_another_stage_has_other_words(self):
        wizard = self._open()
        with Form(wizard) as form:
            form.body_html = "<p>Dear Ann {{items}}</p>"
            form.stage_id = self.stage["check_in"]
            self.assertNotIn("Dear Ann", form.body_html)

    def test_only_messages_that_fit_the_customer_are_offered(self):
        templates = self.env["collection.template"]
        here = templates.search([("purpose", "=", "friendly_reminder")])
        building = here.filtered("industry_id")[:1]
        consumers = here.filtered(lambda one: one.audience == "consumer" and not one.industry_id)[:1]
        self.assertTrue(building and consumers, "the library has messages for some only")
        wizard = self._open()
        offered = wizard.offered_template_ids
        self.assertIn(wizard.template_id, offered)
        self.assertFalse(offered.industry_id)
        self.assertNotIn(consumers, offered)
        self.assertEqual(set(offered.mapped("purpose")), {"friendly_reminder"})
        self.assertIn("“Friendly Reminder”", wizard.offered_text)
        self.assertIn(f": {len(offered)}.", wizard.offered_text)
        self.customer.industry_id = building.industry_id
        self.assertIn(building, self._open().offered_template_ids)

    def test_for_a_text_message_those_with_a_text_are_offered(self):
        without = shipped(self.env, "friendly_reminder", "warm")
        without.sms_body = False
        wizard = self._choose(self._open(), "sms")
        self.assertNotIn(without, wizard.offered_template_ids)
        self.assertIn(without, self._choose(wizard, "email").offered_template_ids)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 16:00:00")
class TestSeveralWays(WaysCommon):
    def _another(self, name, **values):
        partner = self._create_customer(name, **{**self._place(), **values})
        self._create_item(14, 80, partner=partner)
        return partner

    def test_each_hears_by_his_own_way(self):
        paper = self._another("Paper", email=False, **ADDRESS)
        phone = self._another("Phone", email=False, phone="+1 201 555 0124")
        nobody = self._another("Nobody", email=False)
        self._refresh()
        cases = self._case() | self._case(paper) | self._case(phone) | self._case(nobody)
        wizard = self._open(cases)
        lines = {line.case_id.partner_id: line for line in wizard.line_ids}
        self.assertEqual(lines[self.customer].way_text, "E-mail")
        self.assertEqual(lines[paper].way_text, "Letter: no e-mail address")
        self.assertEqual(lines[phone].way_text, "Call: no e-mail address and no postal address")
        self.assertFalse(lines[nobody].way_text)
        self.assertIn("No way leads to this customer", lines[nobody].verdict_text)
        wizard.action_send()
        self.assertEqual(
            {partner: line.result for partner, line in lines.items()},
            {self.customer: "sent", paper: "to_do", phone: "to_do", nobody: "held"},
        )
        self.assertIn("Letters to Print", lines[paper].result_text)
        self.assertIn("Calls to Make", lines[phone].result_text)
        self.assertIn("1 of 4", wizard.result_text)
        self.assertIn("Letters to print: 1.", wizard.result_text)
        self.assertIn("Calls to make: 1.", wizard.result_text)
        self.assertEqual(self._case(paper).step_ids.mapped("state"), ["to_do"])

    def test_the_moment_stands_in_its_column_and_with_what_was_held_back(self):
        other = self._another("Another")
        self._refresh()
        (self.customer | other).tz = "America/New_York"
        cases = self._case() | self._case(other)
        cases.sudo().policy_id.write({"hour_from": 18, "hour_to": 20})
        wizard = self._open(cases)
        line = wizard.line_ids[0]
        self.assertEqual(line.verdict_text, "It is too early or too late where the customer is.")
        self.assertTrue(line.date_next)
        wizard.action_send()
        self.assertIn("too late where the customer is. The next right moment is 3/16/26, 10:00", line.result_text)

    def test_what_only_a_person_may_choose_is_named(self):
        self.policy.write({"may_write": False, "may_call": False})
        paper = self._another("Paper", email=False, **ADDRESS)
        self._refresh()
        wizard = self._open(self._case() | self._case(paper))
        line = wizard.line_ids.filtered(lambda line: line.case_id.partner_id == paper)
        self.assertFalse(line.channel)
        self.assertIn("follow up this customer alone and choose: Letter.", line.verdict_text)

    def test_the_number_of_statements_does_not_grow_with_the_customers(self):
        partners = [self._another(f"Customer {number}", phone="+1 201 555 0125", **ADDRESS) for number in range(24)]
        self.customer.collection_channel = "letter"
        partners[3].email = partners[13].email = False
        self._refresh()
        cases = self.env["collection.case"].with_user(self.user).browse([self._case(one).id for one in partners])

        def statements(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["collection.follow.up"].with_user(self.user)._prepare_lines(some)
            return self.cr.sql_log_count - before

        statements(cases[:2])
        few, many = statements(cases[:4]), statements(cases[4:24])
        self.assertLessEqual(many, few)


@tagged("post_install", "-at_install")
class TestDayAsked(CollectionCommon):
    def test_the_day_is_that_of_the_company_on_the_case_as_on_the_item(self):
        self.company.partner_id.tz = "America/New_York"
        self._create_item(14)
        self._refresh()
        case = self._case()
        moment = datetime(2026, 11, 22, 3, 30)  # the evening before in New York
        case.sudo().last_asked = moment
        case.item_ids.sudo()._note_asked(self.stage["friendly_reminder"], self.company._collection_today(moment))
        reader = case.with_context(tz="Europe/Paris")
        self.assertEqual(str(reader.last_asked_on), "2026-11-21")
        self.assertEqual(reader.item_ids.asked_on, reader.last_asked_on)

    def test_cases_are_sorted_by_it(self):
        other = self._create_customer("Borealis")
        self._create_item(14)
        self._create_item(14, partner=other)
        self._refresh()
        self._case().sudo().last_asked = datetime(2026, 3, 2, 9)
        self._case(other).sudo().last_asked = datetime(2026, 3, 1, 9)
        found = self.env["collection.case"].search(
            [("partner_id", "in", (self.customer | other).ids)], order="last_asked_on"
        )
        self.assertEqual(found.partner_id.ids, [other.id, self.customer.id])
