"""The page behind a message's link: what it shows, what it takes, and what it never does."""
import datetime

from freezegun import freeze_time
from lxml import html

from odoo import fields
from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.payment.tests.http_common import PaymentHttpCommon
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import format_date, hash_sign

from ..models.collection_step_link import LINK_SCOPE

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
DUE = fields.Date.from_string("2026-01-10")


class PaymentPageCommon(AccountPaymentCommon, PaymentHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.cron"].sudo().search([("model_id.model", "=", "collection.run")]).active = False
        cls.customer = cls.env["res.partner"].create(
            {"name": "Made-up Bakery", "is_company": True, "email": "office@bakery.example", "lang": "en_US"}
        )
        cls.person = cls.env["res.partner"].create(
            {"name": "Ada Baker", "parent_id": cls.customer.id, "email": "ada@bakery.example", "lang": "en_US"}
        )
        cls.company.write({"name": "Made-up Mill", "email": "hello@mill.example", "phone": "+1 555 0100"})
        cls.bank = cls.env["res.partner.bank"].create(
            {"acc_number": "DE89 3704 0044 0532 0130 00", "partner_id": cls.company.partner_id.id}
        )
        cls.usd = cls.company_data["currency"]
        cls.eur = cls.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])

    @classmethod
    def _invoice(cls, amount, due=DUE, partner=None, **values):
        return cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Flour", "price_unit": amount, "quantity": 1, "tax_ids": []})
                ],
                **values,
            }
        )

    @classmethod
    def _posted(cls, amount, **values):
        invoice = cls._invoice(amount, **values)
        invoice.action_post()
        invoice.is_move_sent = True
        return invoice

    @staticmethod
    def _terms(move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable").sorted("date_maturity")

    @classmethod
    def _message(cls, lines, **values):
        """A message that was sent and asked for these journal items."""
        env = cls.env(su=True)
        company, partner, now = lines.company_id.root_id, lines.partner_id, fields.Datetime.now()
        env["collection.item"]._refresh(company._collection_today(now), now, company, partner.ids)
        items = env["collection.item"].search([("line_id", "in", lines.ids)])
        case = items.case_id or env["collection.case"].search([("partner_id", "=", partner.id)], limit=1)
        return env["collection.step"].create(
            {
                "case_id": case.id,
                "company_id": company.id,
                "sender_company_id": lines.company_id[:1].id,
                "purpose": "friendly_reminder",
                "round": env["collection.step"].search_count([("case_id", "=", case.id)]),
                "state": "sent",
                "date_planned": now,
                "sent_on": now,
                "recipient_id": cls.person.id if partner == cls.customer else partner.id,
                "item_ids": [Command.set(items.ids)],
                **values,
            }
        )

    def _open(self, step, status=200, headers=None, **params):
        self.env.flush_all()
        response = self.url_open(step._payment_path(), params=params, headers=headers or BROWSER)
        self.assertEqual(response.status_code, status)
        return response

    @staticmethod
    def _text(response):
        page = html.fromstring(response.text).get_element_by_id("wrap")  # outside of it stand keys made at random
        return " ".join(page.text_content().replace("\xa0", " ").split())

    def _start(self, response, **changes):
        """Press Pay on a page as the browser does; returns the transaction."""
        context = self._get_payment_context(response)
        params = {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method_id,
            "token_id": None,
            "amount": context["amount"],
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": context["landing_route"],
            "is_validation": False,
            "access_token": context["access_token"],
            **changes,
        }
        route = params.pop("route", context["transaction_route"])
        with mute_logger("odoo.addons.payment.models.payment_transaction"):
            values = self.make_jsonrpc_request(route, params)
        self.env.invalidate_all()
        return self._get_tx(values["reference"])

    def _assert_refused(self, because, response, **changes):
        """Press Pay and expect the server to refuse with these words, and to create nothing."""
        context = self._get_payment_context(response)
        params = {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method_id,
            "amount": context["amount"],
            "flow": "redirect",
            "access_token": context["access_token"],
            **changes,
        }
        count = self.env["payment.transaction"].sudo().search_count([])
        self.env.flush_all()
        with mute_logger("odoo.http"):
            answer = self.url_open(context["transaction_route"], json={"params": params}).json()
        self.assertIn(because, answer["error"]["data"]["message"])
        self.env.invalidate_all()
        self.assertEqual(self.env["payment.transaction"].sudo().search_count([]), count)

    def _pay(self, tx):
        tx._set_done()
        tx._post_process()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestPaymentLink(PaymentPageCommon):
    def test_the_same_message_keeps_its_link(self):
        step = self._message(self._terms(self._posted(100)))
        self.assertEqual(step._payment_link(), step._payment_link())
        self.assertTrue(step._payment_link().startswith(f"{self.company.get_base_url()}/collections/pay/"))

    def test_links_of_many_messages_cost_one_statement(self):
        steps = self.env(su=True)["collection.step"]
        for number in range(5):
            steps |= self._message(self._terms(self._posted(100 + number)))
        self.env.flush_all()
        list(steps.stage_id.policy_id), list(steps.case_id.policy_id.mapped("link_days"))
        steps._payment_links()
        steps.write({"link_key": False})
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        steps._ensure_link_keys()
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
        self.assertEqual(len(set(steps.mapped("link_key"))), 5)

    def test_a_link_runs_out_after_the_policys_days(self):
        step = self._message(self._terms(self._posted(100)))
        step.case_id.policy_id.link_days = 30
        step._payment_link()
        self.assertEqual(step.link_expires, step.sent_on.date() + datetime.timedelta(days=30))
        with freeze_time(step.link_expires):
            self._open(step)
        with freeze_time(step.link_expires + datetime.timedelta(days=1)):
            response = self._open(step, status=410)
        self.assertIn("This link has run out", response.text)
        self.assertIn("hello@mill.example", response.text)
        self.assertNotIn(step.item_ids.move_id.name, response.text)

    def test_a_link_taken_back_opens_nothing(self):
        step = self._message(self._terms(self._posted(100)))
        step._payment_link()
        user = new_test_user(self.env, "made_up_clerk", groups="account.group_account_invoice", company_id=self.company.id)
        step.with_user(user).action_revoke_link()
        response = self._open(step, status=410)
        self.assertNotIn(step.item_ids.move_id.name, response.text)
        self.assertNotIn("Made-up Mill", response.text)

    def test_a_link_taken_back_says_so_in_the_language_of_its_message(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"].sudo()._load_module_terms(["collections_relationship"], ["fr_FR"])
        english = self._message(self._terms(self._posted(100)))
        english._payment_link()
        english.link_revoked = True
        self.person.lang = "fr_FR"
        french = self._message(self._terms(self._posted(100)))
        french._payment_link()
        self._open(french)
        response = self._open(english, status=410)
        self.assertIn('lang="fr-FR"', response.text)
        self.assertIn("Ce lien", self._text(response))
        self.person.lang = "en_US"
        response = self._open(english, status=410)
        self.assertIn('lang="en-US"', response.text)
        self.assertIn("This link is no longer in use", self._text(response))

    def test_only_people_who_work_with_invoices_take_a_link_back(self):
        step = self._message(self._terms(self._posted(100)))
        user = new_test_user(self.env, "made_up_stranger", groups="base.group_user", company_id=self.company.id)
        with self.assertRaises(AccessError):
            step.with_user(user).action_revoke_link()

    def test_a_tampered_link_opens_nothing(self):
        step = self._message(self._terms(self._posted(100)))
        path = step._payment_link().removeprefix(self.company.get_base_url())
        self.env.flush_all()
        altered = path[:-6] + ("A" if path[-6] != "A" else "B") + path[-5:]
        foreign_scope = hash_sign(self.env(su=True), "another", [step.id, step.link_key])
        other_key = hash_sign(self.env(su=True), LINK_SCOPE, [step.id, "guessed"])
        gone = hash_sign(self.env(su=True), LINK_SCOPE, [step.id + 1000, step.link_key])
        base = "/collections/pay/"
        for wrong in (altered, base + foreign_scope, base + other_key, base + gone, base + "x", base + "%FF%00", path + "A" * 8):
            with self.subTest(wrong=wrong):
                response = self.url_open(wrong)
                self.assertEqual(response.status_code, 404)
                self.assertNotIn(step.item_ids.move_id.name, response.text)
                self.assertNotIn("Made-up Mill", response.text)

    def test_the_page_is_kept_out_of_caches_and_search_engines(self):
        step = self._message(self._terms(self._posted(100)))
        step._payment_link()
        headers = self._open(step).headers
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["Referrer-Policy"], "strict-origin")
        self.assertIn("noindex", headers["X-Robots-Tag"])


@tagged("post_install", "-at_install")
class TestPaymentPage(PaymentPageCommon):
    def setUp(self):
        super().setUp()
        self.first = self._posted(100.10)
        self.second = self._posted(50.20, due=fields.Date.from_string("2026-02-10"))
        self.step = self._message(self._terms(self.first) | self._terms(self.second))
        self.step._payment_link()

    # === WHAT IT SHOWS === #

    def test_it_shows_the_messages_items_and_their_amounts_only(self):
        stranger = self._posted(77.77)
        text = self._text(self._open(self.step))
        self.assertIn(self.first.name, text)
        self.assertIn("January 10, 2026", text)
        self.assertIn("$ 100.10", text)
        self.assertIn("$ 50.20", text)
        self.assertIn("$ 150.30", text)
        self.assertIn("hello@mill.example", text)
        self.assertNotIn(stranger.name, text)
        self.assertNotIn("77.77", text)

    def test_once_sent_it_shows_what_the_message_asked_for(self):
        line = self._terms(self.first)
        self.env["collection.contact"].sudo().create(
            {
                "case_id": self.step.case_id.id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "step_id": self.step.id,
                "date": fields.Datetime.now(),
                "kind": "sent",
                "direction": "out",
                "channel": "email",
                "facts": {"asked": [{"line": line.id}]},
            }
        )
        text = self._text(self._open(self.step))
        self.assertIn(self.first.name, text)
        self.assertNotIn(self.second.name, text)

    def test_amounts_are_those_of_this_second(self):
        self._register_payment(self.first, amount=40.10, payment_date=DUE)
        text = self._text(self._open(self.step))
        self.assertIn("$ 60.00", text)
        self.assertIn("$ 110.20", text)

    def test_what_is_paid_is_shown_as_paid_and_cannot_be_chosen(self):
        self._register_payment(self.first, payment_date=DUE)
        response = self._open(self.step)
        self.assertIn(f"{self.first.name} Due January 10, 2026 Paid", self._text(response))
        self.assertEqual(self._get_payment_context(response)["amount"], 50.20)

    def test_everything_paid_is_a_thank_you(self):
        self._register_payment(self.first, payment_date=DUE)
        self._register_payment(self.second, payment_date=DUE)
        response = self._open(self.step)
        self.assertIn("Everything here is settled", response.text)
        self.assertNotIn("o_payment_form", response.text)

    def test_an_invoice_taken_back_is_withdrawn(self):
        self.first.button_draft()
        response = self._open(self.step)
        self.assertEqual(self._get_payment_context(response)["amount"], 50.20)
        self.assertIn("Withdrawn", response.text)

    def test_open_credits_are_taken_off(self):
        credit = self._posted(30, move_type="out_refund")
        self.assertEqual(credit.amount_residual, 30)
        response = self._open(self.step)
        self.assertEqual(self._get_payment_context(response)["amount"], 120.30)
        self.assertIn("$ 70.10", self._text(response))

    def test_a_paused_item_may_be_paid_but_is_not_asked_for(self):
        self.first.action_toggle_block_payment()
        response = self._open(self.step)
        self.assertEqual(self._get_payment_context(response)["amount"], 50.20)
        response = self._open(self.step, part=0, chosen=1, item=self.step.item_ids.ids)
        self.assertEqual(self._get_payment_context(response)["amount"], 150.30)

    def test_money_not_matched_yet_is_mentioned(self):
        self.assertNotIn("Money from you has reached us", self._text(self._open(self.step)))
        self._register_payment(self._posted(500), payment_date=DUE)
        self.env["account.payment"].create(
            {"partner_id": self.customer.id, "amount": 150.30, "payment_type": "inbound", "partner_type": "customer"}
        ).action_post()
        response = self._open(self.step)
        self.assertIn("Money from you has reached us", self._text(response))
        self.assertEqual(self._get_payment_context(response)["amount"], 150.30)

    def test_bank_details_carry_the_reference(self):
        text = self._text(self._open(self.step))
        self.assertIn("DE89 3704 0044 0532 0130 00", text)
        self.assertIn(f"{self.first.name}, {self.second.name}", text)

    def test_an_account_of_somebody_else_is_never_named(self):
        foreign = self.env["res.partner.bank"].create(
            {"acc_number": "BE71096123456769", "partner_id": self.person.id, "allow_out_payment": True}
        )
        (self.first + self.second).partner_bank_id = foreign
        text = self._text(self._open(self.step))
        self.assertNotIn("BE71", text)
        self.assertIn("DE89", text)

    def test_without_a_provider_it_says_how_to_pay_by_transfer(self):
        self.env["payment.provider"].sudo().search([]).state = "disabled"
        response = self._open(self.step)
        self.assertNotIn("o_payment_form", response.text)
        self.assertIn("Please pay by bank transfer", response.text)
        self.assertIn("DE89 3704 0044 0532 0130 00", self._text(response))

    def test_the_recipients_language_is_used(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"].sudo()._load_module_terms(["collections_relationship"], ["fr_FR"])
        self.person.lang = "fr_FR"
        response = self._open(self.step)
        self.assertIn('lang="fr-FR"', response.text)
        self.assertIn("10 janvier 2026", self._text(response))
        self.assertIn("Vos factures ouvertes", self._text(response))
        self.assertEqual(response.cookies["frontend_lang"], "fr_FR")

    # === CHOOSING === #

    def test_the_customer_chooses_what_to_pay(self):
        item = self.step.item_ids.filtered(lambda item: item.move_id == self.second)
        response = self._open(self.step, part=0, chosen=1, item=item.id)
        self.assertEqual(self._get_payment_context(response)["amount"], 50.20)
        tx = self._start(response)
        self.assertEqual(tx.collection_line_ids, self._terms(self.second))
        self._pay(tx)
        self.assertEqual((self.first.amount_residual, self.second.amount_residual), (100.10, 0.0))

    def test_at_least_one_item_must_be_chosen(self):
        response = self._open(self.step, part=0, chosen=1)
        self.assertNotIn("o_payment_form", response.text)
        self.assertIn("Please choose at least one invoice", response.text)

    def test_an_item_of_another_message_cannot_be_chosen(self):
        other = self._message(self._terms(self._posted(900)))
        response = self._open(self.step, part=0, chosen=1, item=other.item_ids.ids)
        self.assertNotIn("o_payment_form", response.text)
        self.assertNotIn("900", self._text(response))

    # === PAYING === #

    def test_paying_settles_the_items_and_thanks(self):
        tx = self._start(self._open(self.step))
        self.assertEqual((tx.amount, tx.currency_id, tx.partner_id), (150.30, self.usd, self.person))
        self.assertEqual(tx.collection_step_id, self.step)
        self.assertEqual(tx.invoice_ids, self.first + self.second)
        self._pay(tx)
        self.assertEqual(self.first.amount_residual + self.second.amount_residual, 0.0)
        self.assertIn(self.first.payment_state, ("paid", "in_payment"))
        text = self._text(self._open(self.step, tx=tx.id))
        self.assertEqual(tx.landing_route, f"{self.step._payment_path()}?tx={tx.id}")
        self.assertIn(f"We have received your payment of $ 150.30 for {self.first.name}, {self.second.name}", text)
        self.assertIn("Everything here is settled", text)

    def test_who_paid_what_was_agreed_on_is_not_asked_for_the_next_payment(self):
        now = fields.Datetime.now()
        lines = self._terms(self._posted(300))
        arrangements = self.env["collection.arrangement"]
        plan = arrangements.create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "currency_id": lines.currency_id.id,
                "item_ids": arrangements._values_of(lines),
                "line_ids": [
                    (0, 0, {"date": fields.Date.add(now.date(), days=days), "amount": 100}) for days in (1, 31, 61)
                ],
            }
        )
        plan._submit(now, "start", how="phone")
        step = self._message(lines, arrangement_id=plan.id, purpose="instalment_soon")
        step._payment_links()
        tx = self._start(self._open(step))
        self.assertEqual(tx.amount, 100)
        self._pay(tx)
        arrangements._judge_customers(now, self.company, self.customer.ids)
        page = self._open(step, tx=tx.id)
        text = self._text(page)
        day = format_date(self.env, plan.line_ids.sorted("date")[1].date, date_format="long")
        self.assertIn(f"You need not do anything until {day}. Then $ 100.00 is due.", text)
        self.assertNotIn("To pay", text)
        self.assertNotIn("o_payment_form", page.text)
        self.assertIn("Pay more now", text)
        self.assertIn("To pay", self._text(self._open(step)), "who wants to pay more can")

    def test_paying_marks_the_customer_to_be_refreshed(self):
        tx = self._start(self._open(self.step))
        self.env["collection.dirty"].sudo().search([]).unlink()
        tx._set_pending()
        self.assertIn(self.customer.id, self.env["collection.dirty"].sudo().search([]).mapped("partner_id"))

    def test_post_processing_twice_pays_once(self):
        tx = self._start(self._open(self.step))
        self._pay(tx)
        tx._post_process()
        self.assertEqual(self.env["account.payment"].search_count([("payment_transaction_id", "=", tx.id)]), 1)

    def test_the_browsers_figures_are_ignored(self):
        tx = self._start(
            self._open(self.step), amount=0.01, landing_route="https://elsewhere.example", is_validation=True, token_id=1
        )
        self.assertEqual(tx.amount, 150.30)
        self.assertEqual(tx.operation, "online_redirect")
        self.assertFalse(tx.token_id)
        self.assertTrue(tx.landing_route.startswith("/collections/pay/"))

    def test_other_values_from_the_browser_are_refused(self):
        for name, value in (("currency_id", self.eur.id), ("partner_id", self.partner.id), ("invoice_ids", [])):
            with self.subTest(name=name):
                self._assert_refused("not whitelisted", self._open(self.step), **{name: value})

    def test_an_amount_that_changed_since_the_page_was_shown_is_refused(self):
        response = self._open(self.step)
        self._register_payment(self.first, amount=40.10, payment_date=DUE)
        self._assert_refused("changed since", response)
        self.assertEqual(self._start(self._open(self.step)).amount, 110.20)

    def test_the_choice_of_one_message_cannot_pay_another(self):
        other = self._message(self._terms(self._posted(900)))
        other._payment_link()
        foreign = self._get_payment_context(self._open(other))["access_token"]
        link_token = hash_sign(self.env(su=True), LINK_SCOPE, [self.step.id, self.step.link_key])
        for token in (foreign, None, "", "x", 7, [foreign], link_token):
            with self.subTest(token=token):
                self._assert_refused("does not belong", self._open(self.step), access_token=token)

    def test_a_link_that_ran_out_takes_no_payment(self):
        response = self._open(self.step)
        self.step.link_revoked = True
        self.env.flush_all()
        self._assert_refused("no longer works", response)

    def test_providers_the_page_did_not_offer_are_refused(self):
        response = self._open(self.step)
        self.provider.is_published = False
        self.env.flush_all()
        self._assert_refused("not available here", response)

    def test_a_provider_that_is_not_offered_is_refused_even_with_an_offered_method(self):
        hidden = self.provider.copy({"state": "test", "is_published": False})
        self._assert_refused("not available here", self._open(self.step), provider_id=hidden.id)

    def test_nobody_pays_with_a_saved_card(self):
        token = self._create_token(partner_id=self.person.id)
        response = self._open(self.step)
        self.assertEqual(self._get_payment_context(response)["token_ids"], [])
        self._assert_refused("not available here", response, flow="token", token_id=token.id)
        self.assertFalse(self._start(response, tokenization_requested=True).tokenize)

    def test_of_two_open_tabs_only_one_pays(self):
        one, two = self._open(self.step), self._open(self.step)
        self._pay(self._start(one))
        self._assert_refused("changed since", two)

    def test_a_payment_on_its_way_is_not_offered_twice(self):
        one, two = self._open(self.step), self._open(self.step)
        tx = self._start(one)
        for state in ("pending", "authorized", "done"):
            with self.subTest(state=state):
                self.env.cr.execute("UPDATE payment_transaction SET state = %s WHERE id = %s", (state, tx.id))
                self.env.invalidate_all()
                response = self._open(self.step, tx=tx.id)
                self.assertIn("Your payment is on its way", response.text)
                self.assertNotIn("o_payment_form", response.text)
                self._assert_refused("changed since", two)

    def test_a_payment_started_on_the_invoice_itself_counts_too(self):
        self._create_transaction("redirect", amount=100.10, state="pending", invoice_ids=[Command.set(self.first.ids)])
        self.assertEqual(self._get_payment_context(self._open(self.step))["amount"], 50.20)

    def test_a_failed_payment_may_be_tried_again(self):
        tx = self._start(self._open(self.step))
        tx._set_error("Made-up refusal")
        response = self._open(self.step, tx=tx.id)
        self.assertIn("did not go through", response.text)
        self.assertEqual(self._get_payment_context(response)["amount"], 150.30)

    def test_a_transaction_of_another_message_is_not_shown(self):
        other = self._message(self._terms(self._posted(900)))
        other._payment_link()
        tx = self._start(self._open(other))
        tx._set_pending()
        self.assertNotIn("900", self._text(self._open(self.step, tx=tx.id)))

    # === SPECIAL ITEMS === #

    def test_an_asked_instalment_is_settled_and_no_other(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Three parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": days})
                    for share, days in ((30, 0), (30, 30), (40, 60))
                ],
            }
        )
        invoice = self._posted(1000, invoice_payment_term_id=terms.id)
        lines = self._terms(invoice)
        step = self._message(lines[1])
        step._payment_link()
        response = self._open(step)
        self.assertIn("Instalment 2 of 3", self._text(response))
        tx = self._start(response)
        self.assertEqual(tx.amount, 300.0)
        self._pay(tx)
        self.assertEqual(lines.mapped("amount_residual"), [300.0, 0.0, 400.0])

    def test_an_opening_item_is_paid_and_settled(self):
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": DUE,
                "line_ids": [
                    Command.create(
                        {
                            "name": "OLD-0042",
                            "account_id": self.company_data["default_account_receivable"].id,
                            "partner_id": self.customer.id,
                            "debit": 210.0,
                            "date_maturity": DUE,
                        }
                    ),
                    Command.create(
                        {"name": "Opening", "account_id": self.company_data["default_account_revenue"].id, "credit": 210.0}
                    ),
                ],
            }
        )
        entry.action_post()
        line = self._terms(entry)
        line.no_followup = False
        for step, amount in ((self._message(line | self._terms(self.first)), 310.10), (self._message(line), None)):
            step._payment_link()
            response = self._open(step)
            if amount is None:
                self.assertIn("OLD-0042 Due January 10, 2026 Paid", self._text(response))
                continue
            tx = self._start(response)
            self.assertEqual((tx.amount, tx.invoice_ids), (amount, self.first))
            self._pay(tx)
            self.assertTrue(line.reconciled)
            self.assertEqual(self.first.amount_residual, 0.0)

    def test_an_opening_item_alone_is_settled(self):
        account = self.company_data["default_account_receivable"].copy()
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": DUE,
                "line_ids": [
                    Command.create(
                        {"name": "OLD-0043", "account_id": account.id, "partner_id": self.customer.id, "debit": 99.0}
                    ),
                    Command.create(
                        {"name": "Opening", "account_id": self.company_data["default_account_revenue"].id, "credit": 99.0}
                    ),
                ],
            }
        )
        entry.action_post()
        line = self._terms(entry)
        line.date_maturity = DUE
        step = self._message(line)
        step._payment_link()
        tx = self._start(self._open(step))
        self._pay(tx)
        self.assertTrue(line.reconciled)
        self.assertEqual(tx.payment_id.destination_account_id, account)

    def test_each_currency_is_paid_by_itself(self):
        euros = self._posted(80, currency_id=self.eur.id)
        step = self._message(self._terms(self.first) | self._terms(euros))
        step._payment_link()
        response = self._open(step)
        self.assertIn("Pay these instead", response.text)
        self.assertEqual(self._get_payment_context(response)["amount"], 100.10)
        response = self._open(step, part=1)
        context = self._get_payment_context(response)
        self.assertEqual((context["amount"], context["currency_id"]), (80.0, self.eur.id))
        tx = self._start(response)
        self._pay(tx)
        self.assertEqual((self.first.amount_residual, euros.amount_residual), (100.10, 0.0))

    def test_items_of_two_receivable_accounts_are_paid_apart(self):
        self.customer.property_account_receivable_id = self.company_data["default_account_receivable"].copy()
        other = self._posted(70)
        step = self._message(self._terms(self.first) | self._terms(other))
        step._payment_link()
        self.assertEqual(self._get_payment_context(self._open(step))["amount"], 100.10)
        self._pay(self._start(self._open(step, part=1)))
        self.assertEqual((self.first.amount_residual, other.amount_residual), (100.10, 0.0))

    def test_each_company_speaks_for_itself(self):
        other = self.setup_other_company(name="Made-up Quarry")
        other["company"].write({"email": "hello@quarry.example"})
        self.env["res.partner.bank"].create(
            {"acc_number": "GB33BUKB20201555555555", "partner_id": other["company"].partner_id.id}
        )
        invoice = self._posted(60, company_id=other["company"].id, journal_id=other["default_journal_sale"].id)
        step = self._message(self._terms(invoice))
        step._payment_link()
        response = self._open(step)
        text = self._text(response)
        self.assertIn("Made-up Quarry", text)
        self.assertNotIn("Made-up Mill", text)
        self.assertNotIn("hello@mill.example", text)
        self.assertNotIn("DE89", text)
        self.assertIn("GB33", text.replace(" ", ""))
        self.assertNotIn("o_payment_form", response.text, "the provider is another company's")

    def test_a_branch_speaks_for_itself_and_its_parents_account_is_used(self):
        branch = self.env["res.company"].create({"name": "Made-up Mill South", "parent_id": self.company.id})
        self.env.cr.precommit.run()  # gives the branch its parent's chart of accounts
        self.env.user.company_ids |= branch
        invoice = self._posted(60, company_id=branch.id)
        step = self._message(self._terms(invoice))
        step._payment_link()
        response = self._open(step)
        self.assertIn("Made-up Mill South", self._text(response))
        self.assertIn("DE89", self._text(response))
        self._pay(self._start(response))
        self.assertEqual(invoice.amount_residual, 0.0)

    # === THE LOG === #

    def _clicks(self):
        return self.env["collection.contact"].search([("step_id", "=", self.step.id), ("kind", "=", "clicked")])

    def test_a_visit_is_logged_once_a_day(self):
        with freeze_time("2026-03-02 10:00:00"):
            self._open(self.step)
            self._open(self.step)
        self.assertRecordValues(
            self._clicks(),
            [
                {
                    "direction": "in",
                    "channel": "portal",
                    "partner_id": self.customer.id,
                    "recipient_id": self.person.id,
                    "case_id": self.step.case_id.id,
                    "is_asking": False,
                    "date": datetime.datetime(2026, 3, 2, 10),
                }
            ],
        )
        with freeze_time("2026-03-03 00:00:01"):
            self._open(self.step)
        self.assertEqual(len(self._clicks()), 2)

    def test_robots_and_prefetches_are_no_visits(self):
        for headers in (
            {**BROWSER, "Sec-Purpose": "prefetch"},
            {**BROWSER, "Purpose": "prefetch"},
            {"User-Agent": "Mozilla/5.0 (compatible; made-up-bot/1.0)"},
        ):
            self._open(self.step, headers=headers)
        self.env.flush_all()
        self.url_open(self.step._payment_path(), headers=BROWSER, method="HEAD")
        self.assertFalse(self._clicks())
