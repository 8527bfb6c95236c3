"""The page on which a customer says how he wants to be contacted: what it shows, does, and never does."""
import datetime

from freezegun import freeze_time
from lxml import html

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools.misc import hash_sign

from ..models.collection_step_link import LINK_SCOPE, PREFERENCE_SCOPE
from .common import shipped
from .test_payment_page import BROWSER, PaymentPageCommon

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class PreferencePageCommon(PaymentPageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.person.phone = "+1 201 555 0123"
        cls.company.collection_active = True
        cls.step = cls._sent_message()

    @classmethod
    def _sent_message(cls, amount=100, **values):
        lines = cls._terms(cls._posted(amount, partner=values.pop("customer", None)))
        template = values.pop("template", shipped(cls.env, "friendly_reminder", "friendly"))
        step = cls._message(lines, template_id=template.id, **values)
        if not values.get("address"):
            step.address = step.recipient_id.email_normalized
        step._preference_links()
        return step

    @classmethod
    def _planned_message(cls, **values):
        return cls._sent_message(state="planned", sent_on=False, **values)

    def _open_preferences(self, step=None, status=200, path="", **params):
        self.env.flush_all()
        response = self.url_open((step or self.step)._preference_path() + path, params=params, headers=BROWSER)
        self.assertEqual(response.status_code, status)
        return response

    def _post(self, step=None, status=200, path="", **data):
        self.env.flush_all()
        url = (step or self.step)._preference_path() + path
        response = self.url_open(url, data=data, headers=BROWSER, method="POST")
        self.assertEqual(response.status_code, status)
        self.env.invalidate_all()
        return response

    def _protections(self, customer=None):
        return self.env["collection.protection"].search(
            [("commercial_partner_id", "=", (customer or self.customer).id)], order="id"
        )

    def _log(self, step=None, kinds=("stopped", "preference")):
        return self.env["collection.contact"].search(
            [("case_id", "=", (step or self.step).case_id.id), ("kind", "in", kinds)], order="id"
        )

    def _confirmations(self, step=None):
        return (step or self.step)._confirmations([("state", "!=", "cancelled")])

    def _all_there_is(self):
        """Everything the page could have changed, to compare."""
        self.env.invalidate_all()
        return (
            self._protections().ids,
            self._log(kinds=("stopped", "preference", "clicked")).ids,
            self.env["collection.step"].search([("case_id", "=", self.step.case_id.id)]).mapped("state"),
            self.customer.read(["collection_channel", "collection_weekdays", "collection_hour_from", "lang"]),
            self.person.read(["lang", "email", "write_date"]),
        )


@tagged("post_install", "-at_install")
class TestPreferenceLink(PreferencePageCommon):
    def test_each_link_opens_its_own_page_only(self):
        payment, preference = self.step._payment_path(), self.step._preference_path()
        self.assertNotEqual(payment.rsplit("/", 1)[1], preference.rsplit("/", 1)[1])
        token = payment.rsplit("/", 1)[1]
        self.assertEqual(self.url_open(f"/collections/preferences/{token}", headers=BROWSER).status_code, 404)
        token = preference.rsplit("/", 1)[1]
        self.assertEqual(self.url_open(f"/collections/pay/{token}", headers=BROWSER).status_code, 404)

    def test_it_lasts_a_year_longer_than_the_payment_link(self):
        self.step.link_expires = datetime.date(2026, 3, 1)
        with freeze_time("2027-03-01 12:00:00"):
            self._open_preferences()
        with freeze_time("2027-03-02 12:00:00"):
            response = self._open_preferences(status=410)
            self.assertIn("Nothing was changed", response.text)
            self._post(do="stop", channel="email", status=410)
        self.assertFalse(self._protections())

    def test_a_link_taken_back_changes_nothing(self):
        self.step.link_revoked = True
        response = self._open_preferences(status=410)
        self.assertNotIn("Made-up Mill", response.text)
        self._post(do="stop", channel="email", status=410)
        self._post(path="/unsubscribe", status=410, **ONE_CLICK)
        self.assertFalse(self._protections())

    def test_a_tampered_link_changes_nothing(self):
        path = self.step._preference_path()
        other = self._sent_message(50)
        forged = hash_sign(self.env(su=True), PREFERENCE_SCOPE, [other.id, self.step.link_key])
        wrong_scope = hash_sign(self.env(su=True), LINK_SCOPE, [self.step.id, self.step.link_key])
        self.env.flush_all()
        for altered in (
            path[:-6] + ("A" if path[-6] != "A" else "B") + path[-5:],
            f"/collections/preferences/{forged}",
            f"/collections/preferences/{wrong_scope}",
            "/collections/preferences/nothing",
        ):
            with self.subTest(path=altered):
                for response in (
                    self.url_open(altered, headers=BROWSER),
                    self.url_open(altered, data={"do": "stop", "channel": "email"}, headers=BROWSER),
                    self.url_open(f"{altered}/unsubscribe", data=ONE_CLICK, headers=BROWSER),
                ):
                    self.assertEqual(response.status_code, 404)
        self.assertFalse(self._protections())

    def test_the_page_is_private(self):
        headers = self._open_preferences().headers
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertIn("noindex", headers["X-Robots-Tag"])
        self.assertEqual(headers["Referrer-Policy"], "strict-origin")


@tagged("post_install", "-at_install")
class TestPreferencePage(PreferencePageCommon):
    # === WHAT IT SHOWS === #

    def test_it_shows_no_amount_no_invoice_and_no_whole_address(self):
        text = self._text(self._open_preferences())
        self.assertIn("Made-up Mill", text)
        self.assertIn("@bakery.example", text)
        self.assertNotIn("ada@bakery.example", text)
        self.assertNotIn("0123", text)
        self.assertNotIn(self.step.item_ids.move_id.name, text)
        self.assertNotIn("100.00", text)
        self.assertNotIn("Ada Baker", text)

    def test_it_speaks_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.person.lang = "fr_FR"
        page = html.fromstring(self._open_preferences().text)
        self.assertEqual(page.get("lang"), "fr-FR")
        self.assertIn("lundi", page.text_content())

    def test_opening_it_changes_nothing(self):
        self._planned_message(amount=70)
        before = self._all_there_is()
        for path, params in (
            ("", {}),
            ("", {"do": "stop", "channel": "email"}),
            ("", {"do": "cease"}),
            ("", {"done": "stop"}),
            ("/unsubscribe", {}),
            ("/unsubscribe", ONE_CLICK),
        ):
            with self.subTest(path=path, params=params):
                self._open_preferences(path=path, **params)
                self.assertEqual(self._all_there_is(), before)
        self.env.flush_all()
        self.url_open(self.step._preference_path(), headers=BROWSER, method="HEAD")
        self.assertEqual(self._all_there_is(), before)

    # === ONE CLICK === #

    def test_one_click_stops_a_channel_at_once(self):
        planned = self._planned_message(amount=70)
        waiting = self._sent_message(amount=30, state="waiting", sent_on=False)
        self._post(do="stop", channel="email")
        self.assertRecordValues(
            self._protections(),
            [
                {
                    "kind": "opt_out",
                    "channel": "email",
                    "address": False,
                    "source": "link",
                    "partner_id": self.person.id,
                    "company_id": self.company.id,
                    "active": True,
                    "contact_id": self._log().id,
                }
            ],
        )
        self.assertRecordValues(
            planned | waiting,
            [{"state": "cancelled", "cancel_code": "opted_out"}, {"state": "cancelled", "cancel_code": "opted_out"}],
        )
        self.assertEqual(planned.cancel_text, "The customer does not want to be contacted this way.")
        self.assertEqual(self.step.case_id.next_reason, {"code": "opted_out"})

    def test_a_letter_may_still_come(self):
        self._post(do="stop", channel="email")
        self._post(do="stop", channel="sms")
        self._post(do="stop", channel="call")
        rows = self.env["collection.protection"]._state_rows(self.company, self.customer.ids, self.now.date())
        self.assertEqual({row["channel"] for row in rows}, {"email", "sms", "call"})
        self._post(do="stop", channel="letter", status=422)
        self.assertEqual(len(self._protections()), 3)

    def test_it_is_logged_as_said_by_the_customer(self):
        with freeze_time("2026-03-02 10:00:00"):
            self._post(do="stop", channel="email")
        self.assertRecordValues(
            self._log(),
            [
                {
                    "kind": "stopped",
                    "direction": "in",
                    "channel": "portal",
                    "date": datetime.datetime(2026, 3, 2, 10),
                    "partner_id": self.customer.id,
                    "recipient_id": self.person.id,
                    "case_id": self.step.case_id.id,
                    "company_id": self.company.id,
                    "step_id": self.step.id,
                    "is_asking": False,
                    "user_id": False,
                    "note": "No more messages about payments by this channel: E-mail.",
                }
            ],
        )
        self.assertIn("No more messages about payments", self.step.case_id.message_ids[:1].body)

    def test_twice_the_same_is_noted_once(self):
        for _time in range(2):
            response = self._post(do="stop", channel="email")
            self.assertIn("Thank you, this is noted", response.text)
        self.assertEqual(len(self._protections()), 1)
        self.assertEqual(len(self._log()), 1)
        self.assertEqual(len(self._confirmations()), 1)
        for _time in range(2):
            self._post(do="cease")
        self.assertEqual(self._protections().mapped("kind"), ["opt_out", "cease"])

    def test_another_message_of_the_same_customer_finds_it_stopped(self):
        other = self._sent_message(40)
        self._post(do="stop", channel="email")
        self.assertIn("Allow e-mails again", self._open_preferences(other).text)
        self._post(other, do="stop", channel="email")
        self.assertEqual(len(self._protections()), 1)

    def test_another_customer_is_not_touched(self):
        mill = self.env["res.partner"].create({"name": "Made-up Smithy", "email": "smith@smithy.example"})
        theirs = self._planned_message(amount=70, customer=mill)
        self._post(do="stop", channel="email")
        self._post(do="cease")
        self.assertEqual(theirs.state, "planned")
        self.assertFalse(self._protections(mill))
        self.assertIn("No more e-mails about payments", self._open_preferences(theirs).text)

    def test_another_company_is_not_bound(self):
        other = self.setup_other_company(name="Made-up Quarry")
        invoice = self._posted(60, company_id=other["company"].id, journal_id=other["default_journal_sale"].id)
        theirs = self._message(self._terms(invoice), state="planned", sent_on=False, address="ada@bakery.example")
        theirs._preference_links()
        self._post(do="stop", channel="email")
        self.assertEqual(theirs.state, "planned")
        self.assertFalse(
            self.env["collection.protection"]._state_rows(other["company"], self.customer.ids, self.now.date())
        )
        self.assertIn("No more e-mails about payments", self._open_preferences(theirs).text)

    def test_a_portal_user_of_another_customer_changes_only_what_the_link_names(self):
        smithy = self.env["res.partner"].create({"name": "Made-up Smithy", "email": "smith@smithy.example"})
        user = new_test_user(self.env, "smithy_portal", groups="base.group_portal")
        user.partner_id.parent_id = smithy
        self.authenticate("smithy_portal", "smithy_portal")
        response = self._post(do="stop", channel="email")
        self.assertNotIn("smith", self._text(response))
        self.assertEqual(self._protections().commercial_partner_id, self.customer)
        self.assertFalse(self._protections(smithy))
        self.assertEqual(self._log().recipient_id, self.person)
        response = self.url_open(
            "/web/dataset/call_kw/collection.protection/search_read",
            json={"params": {"model": "collection.protection", "method": "search_read", "args": [[]], "kwargs": {}}},
        )
        self.assertIn("error", response.json())

    def test_it_works_without_cookies(self):
        self.opener.cookies.clear()
        self._post(do="stop", channel="email")
        self.assertEqual(len(self._protections()), 1)

    def test_who_of_ours_clicked_is_written_down(self):
        user = new_test_user(self.env, "clerk_clicks", groups="account.group_account_invoice")
        self.authenticate("clerk_clicks", "clerk_clicks")
        self._post(do="stop", channel="email")
        self.assertEqual((self._log().user_id, self._protections().user_id), (user, user))

    # === TAKING IT BACK === #

    def test_undo_on_the_same_page(self):
        response = self._post(do="stop", channel="email")
        self.assertIn("Allow e-mails again", response.text)
        response = self._post(do="allow", channel="email")
        self.assertIn("No more e-mails about payments", response.text)
        self.assertFalse(self._protections())
        ended = self.env["collection.protection"].with_context(active_test=False).search([("source", "=", "link")])
        self.assertTrue(ended.ended_on)
        self.assertEqual(self._log().mapped("kind"), ["stopped", "preference"])
        self.assertFalse(self._confirmations(), "nothing is left to confirm")
        self._post(do="allow", channel="email")
        self.assertEqual(len(self._log()), 2)

    def test_what_a_colleague_noted_is_not_undone_by_a_click(self):
        protection = self.env["collection.protection"].create(
            {"partner_id": self.customer.id, "kind": "opt_out", "company_id": self.company.id, "source": "call"}
        )
        cease = protection.copy({"kind": "cease"})
        text = self._text(self._open_preferences())
        self.assertNotIn("You may contact me again", text)
        self._post(do="resume")
        cease._end("Not any more")
        text = self._text(self._open_preferences())
        self.assertNotIn("Allow e-mails again", text)
        self.assertIn("If that has changed, please tell us", text)
        self._post(do="allow", channel="email")
        self.assertTrue(protection.active)
        self.assertFalse(self._log())

    # === STOPPING EVERYTHING === #

    def test_please_stop_says_what_it_means_and_stops(self):
        planned = self._planned_message(amount=70)
        text = self._text(self._open_preferences())
        self.assertIn("It stays open, and a letter may still come where the law asks for one.", text)
        text = self._text(self._post(do="cease"))
        self.assertIn("We no longer contact you about what is open.", text)
        self.assertRecordValues(planned, [{"state": "cancelled", "cancel_code": "ceased"}])
        self.assertEqual(self._protections().kind, "cease")
        activity = self.step.case_id.activity_ids
        self.assertEqual(activity.summary, "The customer asked us to stop: decide how to go on")
        self._post(do="resume")
        self.assertFalse(self._protections())
        self.assertFalse(self._confirmations())

    # === CHOICES === #

    def test_choices_are_kept_and_logged(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._post(
            do="save", channel="call", weekday=["0", "2"], hour_from="9.0", hour_to="17.0", lang="fr_FR"
        )
        self.assertRecordValues(
            self.customer,
            [
                {
                    "collection_channel": "call",
                    "collection_weekdays": "02",
                    "collection_hour_from": 9.0,
                    "collection_hour_to": 17.0,
                }
            ],
        )
        self.assertEqual(self.person.lang, "fr_FR")
        self.assertEqual(
            self._log().note,
            "Wants to be contacted: by: Phone Call; hours: 09:00 to 17:00; days: Mon, Wed; language: French / Français",
        )
        self._post(do="save", channel="call", weekday=["0", "2"], hour_from="9.0", hour_to="17.0", lang="fr_FR")
        self.assertEqual(len(self._log()), 1)
        self.assertFalse(self._confirmations(), "only a stop is confirmed")

    def test_every_day_is_any_day(self):
        self._post(do="save", weekday=list("0123456"), hour_from="0.0", hour_to="24.0")
        self.assertFalse(self.customer.collection_weekdays)
        self.assertFalse(self._log(), "that is what it was")

    def test_every_hour_offered_carries_its_value(self):
        page = html.fromstring(self._open_preferences().content)
        for name, first in (("hour_from", "0.0"), ("hour_to", "1.0")):
            values = page.xpath(f"//select[@name='{name}']/option/@value")
            self.assertEqual((len(values), values[0]), (len(page.xpath(f"//select[@name='{name}']/option")), first))

    def test_impossible_choices_are_refused_in_words(self):
        for choices in (
            {"hour_from": "17.0", "hour_to": "9.0"},
            {"hour_from": "nan", "hour_to": "9.0"},
            {"hour_from": "early"},
            {"hour_to": "99"},
        ):
            with self.subTest(choices=choices):
                response = self._post(do="save", status=422, **choices)
                self.assertIn("a first hour that is before the last one", self._text(response))
        self._post(do="save", channel="pigeon", status=422)
        self._post(do="stop", channel="pigeon", status=422)
        self._post(do="nothing", status=422)
        self._post(status=422)
        self._post(do="save", weekday=["9", "x"], lang="xx_XX")
        self.assertFalse(self.customer.collection_weekdays)
        self.assertFalse(self._log())

    def test_somebody_else_is_noted_for_a_person_and_nobody_is_written_to(self):
        for _time in range(2):
            self._post(do="person", name=" Otto  Other ", reach="otto@elsewhere.example")
        self.assertEqual(self._log().note, "Talk to Otto Other instead: otto@elsewhere.example")
        self.assertEqual(self.step.case_id.activity_ids.summary, "The customer named somebody else to talk to")
        self.assertFalse(self.customer.collection_recipient_id)
        self.assertFalse(self.env["res.partner"].search([("email", "=", "otto@elsewhere.example")]))
        self._post(do="person", name="Otto", reach=" ", status=422)

    def test_signs_nobody_can_read_do_no_harm(self):
        self._post(do="person", name="Otto\0 Other\x1b", reach="otto@elsewhere.example\0")
        self.assertEqual(self._log().note, "Talk to Otto Other instead: otto@elsewhere.example")

    def test_somebody_nobody_can_reach_is_asked_for_again(self):
        for reach in ("ask my wife", "otto@", "otto@elsewhere", "12", "otto@a.example, ada@b.example", "x" * 500):
            response = self._post(do="person", name="Otto Other", reach=reach, status=422)
            self.assertIn("such as name@example.com", response.text, reach)
            self.assertIn('value="Otto Other"', response.text, "what was typed stays")
        self.assertFalse(self._log())
        self._post(do="person", name="Otto Other", reach="+44 20 7946 0123")
        self.assertEqual(self._log().note, "Talk to Otto Other instead: +44 20 7946 0123")

    def test_a_number_without_country_code_is_one_where_the_customer_is(self):
        self.customer.country_id = self.env.ref("base.fr")
        self._post(do="person", name="Otto", reach="01 99 00 12 34")
        self.assertIn("01 99 00 12 34", self._log().note)

    def test_what_is_typed_is_shown_as_text(self):
        self._post(do="person", name="<script>alert(1)</script>" + "x" * 500, reach="otto@elsewhere.example")
        self.assertIn("&lt;script&gt;", str(self.step.case_id.message_ids[:1].body))
        self.assertLessEqual(len(self._log().note), 450)


@tagged("post_install", "-at_install")
class TestUnsubscribe(PreferencePageCommon):
    def test_the_mail_programs_button_stops_this_address(self):
        here = self._planned_message(amount=70)
        elsewhere = self._planned_message(amount=30, address="office@bakery.example")
        response = self._post(path="/unsubscribe", **ONE_CLICK)
        self.assertFalse(response.history, "no redirect: mail programs follow none")
        self.assertRecordValues(
            self._protections(),
            [{"kind": "opt_out", "channel": "email", "address": "ada@bakery.example", "source": "link"}],
        )
        self.assertEqual((here.cancel_code, elsewhere.state), ("opted_out", "planned"))
        self.assertEqual(self._log().kind, "stopped")
        self.assertEqual(len(self._confirmations()), 1)
        self._post(path="/unsubscribe", **ONE_CLICK)
        self.assertEqual((len(self._protections()), len(self._log())), (1, 1))
        self.assertIn("Stopped for this address", self._open_preferences().text)
        self._post(do="allow", channel="email")
        self.assertFalse(self._protections())

    def test_stopping_all_mail_after_one_address_is_new(self):
        self._post(path="/unsubscribe", **ONE_CLICK)
        self.step._stop_channel("email", self.now)
        self.assertEqual(self._protections().mapped("address"), ["ada@bakery.example", False])
        self.assertEqual(len(self._confirmations()), 1, "one that has not left says it all")

    def test_another_body_is_no_click(self):
        self._post(path="/unsubscribe", status=400)
        self._post(path="/unsubscribe", status=400, **{"List-Unsubscribe": "Maybe"})
        self.assertFalse(self._protections())

    def test_it_needs_neither_cookie_nor_form_encoding(self):
        self.opener.cookies.clear()
        self.env.flush_all()
        response = self.url_open(
            f"{self.step._preference_path()}/unsubscribe", files={"List-Unsubscribe": (None, "One-Click")}
        )
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(len(self._protections()), 1)

    # === THE HEADERS === #

    def test_only_friendly_messages_carry_the_header(self):
        self.company.get_base_url()
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", "https://mill.example")
        steps = {}
        for purpose, _name in self.env["collection.step"]._fields["purpose"].selection:
            steps[purpose] = self._planned_message(amount=10, purpose=purpose)
        headers = self.env["collection.step"].union(*steps.values())._unsubscribe_headers()
        carried = {purpose for purpose, step in steps.items() if headers[step.id]}
        self.assertEqual(
            carried, {"heads_up", "friendly_reminder", "check_in", "help_offer", "after_agreement", "account_settled"}
        )
        step = steps["heads_up"]
        self.assertEqual(
            headers[step.id],
            {
                "List-Unsubscribe": f"<https://mill.example{step._preference_path()}/unsubscribe>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )

    def test_a_legal_notice_carries_none_whatever_it_is_for(self):
        self.step.template_id = self.step.template_id.copy({"is_statutory": True})
        self.assertEqual(self.step._unsubscribe_headers(), {self.step.id: {}})

    def test_without_https_there_is_no_one_click(self):
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", "http://mill.example")
        self.assertEqual(list(self.step._unsubscribe_headers()[self.step.id]), ["List-Unsubscribe"])

    def test_links_of_many_messages_cost_no_statement_each(self):
        steps = self.env["collection.step"].union(*(self._planned_message(amount=number) for number in range(1, 6)))
        steps.sudo().link_key = False
        self.env.flush_all()
        list(steps.template_id), list(steps.stage_id.policy_id), list(steps.case_id.policy_id)
        steps._unsubscribe_headers()
        steps.sudo().link_key = False
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        steps._preference_links()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 2, "write the keys, read them")


@tagged("post_install", "-at_install")
class TestOptOutConfirmation(PreferencePageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step.case_id.policy_id.write({"hour_from": 0, "hour_to": 24})

    def _act(self, now):
        return self.env(su=True)["collection.step"].with_context(collection_record_only=True)._act_all(now)

    def _sent(self):
        return self.env["collection.contact"].search(
            [("case_id", "=", self.step.case_id.id), ("purpose", "=", "opt_out_confirmation")], order="id"
        )

    def test_it_is_sent_once_after_the_stop_and_to_the_address_that_asked(self):
        with freeze_time(self.now):
            self._post(do="stop", channel="email")
            self._act(self.now + datetime.timedelta(minutes=1))
            self._post(do="stop", channel="sms")
            self._act(self.now + datetime.timedelta(minutes=2))
        self.assertRecordValues(
            self._sent(),
            [{"kind": "sent", "direction": "out", "channel": "email", "address": "ada@bakery.example", "is_asking": False}],
        )
        words = " ".join(html.fromstring(str(self._sent().body_html)).text_content().split())
        self.assertIn("No more e-mails about payments.", words)
        self.assertIn("Hello Ada Baker,", words)
        self.assertNotIn("100.00", words)
        self.assertNotIn("/collections/pay/", str(self._sent().body_html))
        self.assertIn(self._sent().step_id._preference_path(), str(self._sent().body_html))

    def test_it_says_what_is_in_force_when_it_leaves(self):
        self._post(do="stop", channel="email")
        self._post(do="stop", channel="call")
        self._act(self.now + datetime.timedelta(minutes=1))
        words = str(self._sent().body_html)
        self.assertIn("No more e-mails about payments.", words)
        self.assertIn("No more calls about payments.", words)

    def test_it_leaves_though_an_answer_waits_to_be_read_or_the_company_rests(self):
        self.step.case_id.reply_unread_since = self.now
        self.company.collection_active = False
        self._post(do="cease")
        self._act(self.now + datetime.timedelta(minutes=1))
        self.assertIn("We no longer contact you about what is open.", str(self._sent().body_html))

    def test_it_answers_the_click_at_any_hour(self):
        policy = self.step.case_id.policy_id
        policy.write({"hour_from": 8, "hour_to": 20})
        self.person.tz = self.customer.tz = "UTC"
        night = datetime.datetime.combine(self.now.date(), datetime.time(22))
        with freeze_time(night):
            self._post(do="stop", channel="email")
            self._act(night)
        self.assertEqual(len(self._sent()), 1)

    def test_a_stop_on_another_day_is_confirmed_again(self):
        for days, channel in ((0, "sms"), (3, "email")):
            now = self.now + datetime.timedelta(days=days)
            with freeze_time(now):
                self._post(do="stop", channel=channel)
                self._act(now)
        self.assertEqual(len(self._sent()), 2)

    def test_whoever_stopped_our_mail_gets_none_about_the_next_stop(self):
        choices = ({"do": "stop", "channel": "email"}, {"do": "stop", "channel": "sms"}, {"do": "cease"})
        for days, choice in enumerate(choices):
            now = self.now + datetime.timedelta(days=days)
            with freeze_time(now):
                response = self._post(**choice)
                self.assertEqual("One e-mail confirms it" in response.text, days == 0)
                self._act(now)
        self.assertEqual(len(self._sent()), 1)
        self.assertEqual(len(self._protections()), 3)

    def test_none_is_promised_that_may_not_leave(self):
        self._post(do="stop", channel="email")
        response = self._post(do="cease")
        self.assertNotIn("One e-mail confirms it", response.text)
        self.assertFalse(self._confirmations())


@tagged("post_install", "-at_install")
class TestPreferenceFooter(PreferencePageCommon):
    def test_every_message_ends_with_the_link_to_the_choices(self):
        tones = {"friendly_reminder": "friendly", "formal_notice": "formal", "account_settled": "warm"}
        for purpose, tone in tones.items():
            template = shipped(self.env, purpose, tone)
            step = self._sent_message(amount=10, purpose=purpose, state="planned", template=template)
            with self.subTest(purpose=purpose):
                body = step._render(self.now)[step.id].body_html
                self.assertEqual(body.count(f"{step._preference_path()}\""), 1)
                self.assertIn("stop these e-mails", body)
                self.assertIn("stop these e-mails: http", step._plain_text(body))

    def test_masks_hide_all_but_a_hint(self):
        from ..models.collection_step_preferences import HIDDEN, masked_email, masked_phone

        self.assertEqual(masked_email("ada@bakery.example"), f"a{HIDDEN}@bakery.example")
        self.assertEqual(masked_email(False), "")
        self.assertEqual(masked_phone("+1 (201) 555-0123"), f"{HIDDEN} 23")
        self.assertEqual(masked_phone("12"), "")

    def test_a_stop_needs_an_address_to_stop(self):
        self.step.address = False
        with self.assertRaises(ValidationError):
            self.step._stop_channel("email", self.now, only_address=True)
        self.assertEqual(self.step._unsubscribe_headers(), {self.step.id: {}})
