"""The customer's page: what a link shows, who may answer, and what an answer leaves as evidence."""
import base64
import hashlib
import io
import re
from datetime import timedelta
from unittest.mock import patch

from PIL import Image

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .test_arrangement import ArrangementCommon

LONG_AGO = timedelta(days=400)


def drawn():
    """Return a small picture, as the signature pad would send it."""
    buffer = io.BytesIO()
    Image.new("RGBA", (120, 40), (0, 0, 0, 255)).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


class PageCommon(HttpCase, ArrangementCommon):
    def setUp(self):
        super().setUp()
        self.ann = self.env["res.partner"].create(
            {"name": "Ann Azure", "parent_id": self.customer.id, "type": "invoice", "email": "ann@azure.example.com"}
        )
        self.offer = self._offered()

    def _offered(self, *args, **values):
        offer = self._arrangement(*args, **values)
        offer._submit(self.now, "offer")
        return offer

    def _get(self, query="", offer=None):
        self.env.flush_all()
        return self.url_open(f"{(offer or self.offer)._page_path()}{query}", allow_redirects=False)

    def _post(self, path, offer=None, **data):
        token = re.search(r'name="csrf_token" value="([^"]+)"', self._get(f"?do={data.get('do', 'propose')}", offer).text)[1]
        return self.url_open(
            f"{(offer or self.offer)._page_path()}/{path}", data={"csrf_token": token, **data}, allow_redirects=False
        )

    def _rpc(self, path, offer=None, query="", **parameters):
        answer = self.url_open(
            f"{(offer or self.offer)._page_path()}/{path}{query}", json={"jsonrpc": "2.0", "params": parameters}
        )
        return answer.json()["result"]

    def _prove(self, offer=None):
        """Prove by a code that Ann is there."""
        with self._kept_mails():
            self._post("code", offer, do="propose")
            digits = self.sent_digits[-1]
        answer = self._post("check", offer, do="propose", code=digits, sent=self.ann.id)
        self.assertEqual(answer.status_code, 303)

    def _kept_mails(self):
        """Keep the codes that would leave by mail."""
        self.sent_digits = sent = []
        model = type(self.env["collection.arrangement"])
        original = model._mail_code

        def keep(arrangement, person, digits, now):
            sent.append(digits)
            return original(arrangement, person, digits, now)

        return patch.object(model, "_mail_code", keep)


@tagged("post_install", "-at_install")
class TestArrangementPage(PageCommon):
    # === READING === #

    def test_the_link_shows_the_offer_and_nothing_of_the_past(self):
        page = self._get()
        self.assertEqual(page.status_code, 200)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        for words in ("300.00", "Mar 23, 2026", "Apr 22, 2026", self.item.name, "Yes, this suits me"):
            self.assertIn(words, page.text)
        self.assertNotIn("What was proposed before", page.text)

    def test_the_page_speaks_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        self.assertIn("23. März 2026", self._get().text)
        user = new_test_user(self.env, "ann", groups="base.group_portal", company_id=self.company.id)
        user.partner_id = self.ann
        self.ann.lang = "en_US"
        self.authenticate("ann", "ann")
        self.assertIn("March 23, 2026", self._get().text)

    def test_reading_changes_nothing(self):
        for query in ("", "?do=accept", "?do=refuse", "?do=propose", "?done=accepted"):
            self._get(query)
        self.assertEqual(self.offer.state, "offered")
        self.assertFalse(self.offer.accepted_text)

    def test_an_altered_an_old_and_a_revoked_link_open_nothing(self):
        path = self.offer._page_path()
        self.assertEqual(self.url_open(path[:-3] + "xyz").status_code, 404)
        self.offer.action_revoke_link()
        answer = self._get()
        self.assertEqual(answer.status_code, 410)
        self.assertNotIn("300.00", answer.text)

    def test_a_link_runs_out(self):
        with freeze_time(self.now + LONG_AGO):
            answer = self._get()
        self.assertEqual(answer.status_code, 410)
        self.assertNotIn("300.00", answer.text)

    def test_a_draft_and_one_that_waits_for_a_yes_are_not_shown(self):
        draft = self._arrangement(((9, 300),))
        page = self._get(offer=draft)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("300.00", page.text)
        waiting = self._arrangement(((400, 300),))
        waiting._submit(self.now, "start", how="phone")
        self.assertEqual(waiting.state, "to_approve")
        self.assertNotIn("300.00", self._get(offer=waiting).text)

    def test_the_counter_offer_is_found_behind_the_old_link(self):
        path = self.offer._page_path()
        payment = Command.create({"date": self.today + timedelta(12), "amount": 300})
        newer = self.offer._counter({"line_ids": [payment]}, self.now, "company")
        newer._submit(self.now, "offer")
        self.env.flush_all()
        self.assertEqual(newer._page_path(), path)
        page = self.url_open(path)
        self.assertIn("Mar 28, 2026", page.text)
        self.assertNotIn("Mar 23, 2026", page.text)

    # === WHO IS THERE === #

    def test_without_a_code_nobody_answers(self):
        self._get()
        self.assertIn("error", self._rpc("sign", name="Ann", signature=drawn()))
        for path, data in (("refuse", {"do": "refuse"}), ("propose", {"rhythm": "once", "start": "2026-04-01"})):
            self.assertEqual(self._post(path, **data).status_code, 303)
        self.assertEqual(self.offer.state, "offered")
        self.assertEqual(len(self.offer._versions()), 1)

    def test_the_code_goes_to_a_known_address_and_is_kept_as_a_hash(self):
        page = self._get("?do=accept")
        self.assertIn("a•••@azure.example.com", page.text)
        self.assertNotIn("ann@azure", page.text)
        with self._kept_mails():
            self._post("code", do="accept", person=str(self.env.user.partner_id.id))
        code = self.env["collection.arrangement.code"].search([])
        self.assertEqual((code.partner_id, code.address), (self.ann, "ann@azure.example.com"))
        self.assertNotIn(self.sent_digits[0], code.code_hash)
        contact = self.env["collection.contact"].search([("recipient_id", "=", self.ann.id)])
        self.assertEqual((contact.kind, contact.requested, contact.is_asking), ("sent", True, False))

    def test_a_code_is_good_once_and_for_few_tries(self):
        with self._kept_mails():
            self.offer._send_code(self.ann, self.now)
        code = self.env["collection.arrangement.code"].search([])
        wrong = f"{(int(self.sent_digits[0]) + 1) % 10**6:06d}"
        for _try in range(5):
            self.assertFalse(self.offer._prove_by_code(wrong, self.now))
        self.assertFalse(self.offer._prove_by_code(self.sent_digits[0], self.now), "five tries are enough")
        self.assertIn("too many tries", self.offer._words_on_code(self.sent_digits[0], self.now))
        code.sudo().tries = 0
        self.assertFalse(self.offer._prove_by_code(self.sent_digits[0], self.now + timedelta(minutes=16)))
        self.assertEqual(self.offer._prove_by_code(self.sent_digits[0], self.now), self.ann)
        self.assertFalse(self.offer._prove_by_code(self.sent_digits[0], self.now))

    def test_a_slip_of_the_finger_is_no_try(self):
        with self._kept_mails():
            self.offer._send_code(self.ann, self.now)
        for typed in ("", "12", "abcdef", "1234567"):
            self.assertFalse(self.offer._prove_by_code(typed, self.now))
            self.assertIn("six digits", self.offer._words_on_code(typed, self.now))
        self.assertEqual(self.env["collection.arrangement.code"].search([]).tries, 0)
        self.assertIn("run out", self.offer._words_on_code("123456", self.now + timedelta(minutes=16)))
        self.assertEqual(self.offer._prove_by_code(self.sent_digits[0], self.now), self.ann)

    def test_the_field_for_the_code_stays(self):
        field = 'name="code"'
        self.assertNotIn(field, self._get("?do=accept").text)
        for _code in range(5):
            self.offer._send_code(self.ann, self.now)
        refused = self._post("code", do="accept", person=str(self.ann.id))
        self.assertIn("several codes", refused.text)
        self.assertIn(field, refused.text)
        self.assertIn(field, self._get("?do=accept").text, "also in another browser")

    def test_codes_are_not_sent_without_end(self):
        for _code in range(5):
            self.offer._send_code(self.ann, self.now)
        with self.assertRaisesRegex(UserError, "several codes"):
            self.offer._send_code(self.ann, self.now)
        self.offer._send_code(self.ann, self.now + timedelta(minutes=61))

    def test_a_code_for_one_negotiation_opens_no_other(self):
        other_item = self._create_item(10, 50)
        other = self._offered(((9, 50),), moves=other_item)
        self._prove()
        self.assertIn("error", self._rpc("sign", other, name="Ann", signature=drawn()))
        self.assertEqual(other.state, "offered")

    # === YES === #

    def test_a_yes_leaves_its_evidence(self):
        self._prove()
        page = self._get("?do=accept")
        self.assertIn("you confirm that you owe", page.text)
        answer = self._rpc("sign", query=f"?offer={self.offer.id}", name="  Ann   Azure ", signature=drawn())
        self.assertIn("done=accepted", answer["redirect_url"])
        self.offer.invalidate_recordset()
        self.assertEqual(
            (self.offer.state, self.offer.accepted_how, self.offer.accepted_name, self.offer.accepted_by_id),
            ("active", "portal", "Ann Azure", self.ann),
        )
        self.assertEqual((self.offer.accepted_proof, self.offer.accepted_address), ("code", "ann@azure.example.com"))
        self.assertTrue(self.offer.signature)
        self.assertEqual(self.offer.accepted_hash, hashlib.sha256(self.offer.accepted_text.encode()).hexdigest())
        for words in ("Azure Interior", self.item.name, "Mar 23, 2026", "three hundred", "you confirm that you owe"):
            self.assertIn(words, self.offer.accepted_text)
        contact = self.env["collection.contact"].search([("kind", "=", "agreed"), ("partner_id", "=", self.customer.id)])
        self.assertFalse(contact.case_id.reply_unread_since, "a yes waits for no reader: its confirmation leaves at once")
        self.assertEqual(contact.recipient_id, self.ann)

    def test_a_yes_needs_a_name_and_a_signature(self):
        self._prove()
        self.assertIn("error", self._rpc("sign", name=" ", signature=drawn()))
        self.assertIn("error", self._rpc("sign", name="Ann", signature=""))
        self.assertIn("error", self._rpc("sign", name="Ann", signature="bm8gcGljdHVyZQ=="))
        self.assertEqual(self.offer.state, "offered")
        self.assertFalse(self.offer.accepted_text)

    def test_the_second_yes_finds_it_agreed(self):
        self._prove()
        token = re.search(r'name="csrf_token" value="([^"]+)"', self._get("?do=refuse").text)[1]
        self._rpc("sign", name="Ann", signature=drawn())
        self.assertIn("done=already", self._rpc("sign", name="Bob", signature=drawn())["redirect_url"])
        self.assertIn("This is agreed already", self._get("?done=already").text)
        no = self.url_open(f"{self.offer._page_path()}/refuse", data={"csrf_token": token}, allow_redirects=False)
        self.assertIn("done=already", no.headers["Location"])
        self.offer.invalidate_recordset()
        self.assertEqual(self.offer.accepted_name, "Ann")

    def test_a_passed_offer_cannot_be_accepted(self):
        self.offer.sudo().date_until = self.today - timedelta(days=1)
        self._prove_anyway()
        answer = self._rpc("sign", name="Ann", signature=drawn())
        self.assertEqual(answer["redirect_url"], self.offer._page_path())
        self.assertIn("It stood until March 15, 2026", self._get().text)
        self.assertEqual(self.offer.state, "offered")

    def test_an_offer_whose_first_payment_has_passed_says_so_before_anything_is_signed(self):
        self.offer.line_ids.sorted("date")[0].sudo().date = self.today - timedelta(days=1)
        page = self._get("?do=accept")
        self.assertNotIn("Yes, this suits me", page.text)
        self.assertNotIn("Send me a code", page.text)
        self.assertIn("Its first day was March 15, 2026", page.text)

    def _prove_anyway(self):
        day, self.offer.sudo().date_until = self.offer.date_until, self.today
        self._prove()
        self.offer.sudo().date_until = day
        self.env.flush_all()

    def test_a_log_in_of_the_customer_needs_no_code(self):
        user = new_test_user(self.env, "ann", groups="base.group_portal", company_id=self.company.id)
        user.partner_id = self.ann
        self.authenticate("ann", "ann")
        self.assertNotIn("Send me a code", self._get("?do=accept").text)
        self.assertIn("redirect_url", self._rpc("sign", name="Ann", signature=drawn()))
        self.offer.invalidate_recordset()
        self.assertEqual((self.offer.accepted_proof, self.offer.accepted_by_id), ("login", self.ann))

    def test_another_customers_log_in_and_a_colleagues_prove_nothing(self):
        other = self._create_customer("Borealis")
        user = new_test_user(self.env, "boris", groups="base.group_portal", company_id=self.company.id)
        user.partner_id = other
        for login in ("boris", self.user.login):
            self.authenticate(login, login)
            self.assertIn("Send me a code", self._get("?do=accept").text, login)
            self.assertIn("error", self._rpc("sign", name="Boris", signature=drawn()), login)

    # === SEVERAL SIDE BY SIDE === #

    def _alternatives(self, days=3):
        second = self.env["collection.arrangement"].browse(self.offer.action_add_alternative()["res_id"])
        second.line_ids[1:].unlink()
        second.line_ids.write({"amount": 300, "date": self.today + timedelta(days=days)})
        second._submit(self.now, "offer")
        return second

    def test_he_chooses_one_of_several(self):
        second = self._alternatives()
        self.assertEqual((self.offer.state, second.state), ("offered", "offered"))
        page = self._get()
        self.assertIn("Choose what suits you", page.text)
        self._prove()
        self.assertEqual(self._rpc("sign", name="Ann", signature=drawn())["redirect_url"], self.offer._page_path())
        self.assertEqual((self.offer.state, second.state), ("offered", "offered"), "he must say which")
        self._rpc("sign", query=f"?offer={second.id}", name="Ann", signature=drawn())
        (self.offer | second).invalidate_recordset()
        self.assertEqual((self.offer.state, second.state), ("countered", "active"))
        self.assertIn("Our offer, which was not chosen.", self._get().text)

    def test_each_offer_says_which_it_is(self):
        self._alternatives()
        page = self._get().text
        for words in ("Offer 1: Payment plan", "Choose offer 1", "Offer 2: Payment on an agreed day", "Choose offer 2"):
            self.assertIn(words, page)
        self.assertIn("Each of them stands until March 19, 2026 at least.", page)

    def test_at_most_three_stand_side_by_side(self):
        self._alternatives()
        with self.assertRaisesRegex(UserError, "offers the same already"), self.env.cr.savepoint():
            self._alternatives()
        self._alternatives(days=4)
        with self.assertRaisesRegex(UserError, "At most 3"):
            self.offer.action_add_alternative()

    # === ANOTHER PROPOSAL === #

    def test_a_proposal_sums_to_the_cent_and_waits_for_us(self):
        self._prove()
        answer = self._post("propose", rhythm="monthly", count="5", start="2026-04-01", note="After the holidays, please")
        self.assertEqual(answer.status_code, 303)
        proposal = self.offer._versions()[0]
        self.assertEqual((proposal.proposed_by, proposal.state, len(proposal.line_ids)), ("customer", "offered", 5))
        self.assertEqual(round(sum(proposal.line_ids.mapped("amount")), 2), 300)
        self.assertEqual(self.offer.state, "countered")
        self.assertIn("After the holidays", proposal.activity_ids.note)
        self.assertIn("We have your proposal", self._get().text)
        page = self._get()
        self.assertIn("Our offer, followed by a newer one.", page.text, "he has proved who he is")
        self.assertFalse(proposal.acknowledges, "he said how he can pay, not that he owes it")
        self.assertNotIn("you confirm that you owe", page.text)

    def test_what_a_proposal_means_is_read_before_it_is_sent(self):
        self._prove()
        page = self._get("?do=propose").text
        before = page[: page.index("Send this proposal")]
        self.assertIn("If we accept your proposal, it is agreed", before)
        self.assertIn("does not say that the invoices are right", before)

    def test_a_proposal_assigns_nobody_in_a_mail(self):
        self.offer.sudo().user_id = self.user
        self._prove()
        self._post("propose", rhythm="once", start="2026-03-20")
        proposal = self.offer._versions()[0]
        self.assertEqual(proposal.user_id, self.user)
        self.assertTrue(proposal.activity_ids, "who looks after it is asked to answer")
        said = [("model", "=", proposal._name), ("res_id", "=", proposal.id), ("message_type", "=", "user_notification")]
        self.assertFalse(self.env["mail.message"].search(said).mapped("subject"))

    def test_amounts_are_read_as_the_page_writes_them(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        offer = self.offer.with_context(lang="nl_NL")
        offer.line_ids[1:].sudo().unlink()
        offer.line_ids.sudo().amount = 2734.56
        for typed in (("1.234,56", "€ 1.500"), ("1,234.56", "1500,00 €"), ("1 234,56", "1.500")):
            with self.subTest(typed=typed):
                lines = offer._plan({"rhythm": "own", "lines": zip(("2026-04-01", "2026-05-04"), typed, strict=True)}, self.now)
                self.assertEqual([float(line.amount) for line in lines], [1234.56, 1500])
        with self.assertRaisesRegex(ValidationError, "120,50"):
            offer._plan({"rhythm": "own", "lines": [("2026-04-01", "99999999999999")]}, self.now)

    def test_whoever_answers_a_proposal_has_read_it(self):
        for answer, told in (("action_accept", "plan_confirmed"), ("action_counter", "plan_countered")):
            with self.subTest(answer=answer):
                self.item = self._create_item(20, 300)
                self._refresh()
                self.offer = self._offered()
                self._prove()
                self._post("propose", rhythm="monthly", count="3", start="2026-04-01", note="After the holidays")
                case = self._case()
                self.env.invalidate_all()
                self.assertTrue(case.reply_unread_since)
                proposal = self.offer._versions()[0]
                result = getattr(proposal, answer)()
                if answer == "action_counter":
                    self.env["collection.arrangement"].browse(result["res_id"]).action_offer()
                self.assertFalse(case.reply_unread_since)
                self._act()
                self.assertEqual(self._sent()[-1].purpose, told)

    def test_another_answer_of_his_stays_unread(self):
        self._prove()
        self._post("propose", rhythm="monthly", count="3", start="2026-04-01")
        case = self._case()
        self.env["collection.contact"].sudo().create(
            {
                "case_id": case.id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": self.now + timedelta(minutes=5),
                "kind": "answered",
                "direction": "in",
                "channel": "email",
                "note": "Please call me first.",
            }
        )
        self.offer._versions()[0].action_accept()
        self.assertTrue(case.reply_unread_since)

    def test_a_proposal_beyond_our_limits_waits_too(self):
        self._prove()
        self._post("propose", rhythm="monthly", count="24", start="2026-04-01")
        self.assertEqual(self.offer._versions()[0].state, "to_approve")
        page = self._get()
        self.assertIn("We have your proposal", page.text)
        self.assertNotIn("Yes, this suits me", page.text)

    def test_own_days_and_amounts_must_come_to_what_is_to_be_paid(self):
        wish = {"rhythm": "own", "lines": [("2026-04-01", "100"), ("2026-05-04", "150,50")]}
        with self.assertRaisesRegex(ValidationError, r"change one of them by \$\s?49.50"):
            self.offer._plan(wish, self.now)
        wish["lines"].append(("2026-05-20", "49.50"))
        self.assertEqual([str(line.amount) for line in self.offer._plan(wish, self.now)], ["100.00", "150.50", "49.50"])

    def test_nonsense_is_answered_kindly(self):
        for wish in (
            {},
            {"rhythm": "daily"},
            {"rhythm": "monthly", "count": "0", "start": "2026-04-01"},
            {"rhythm": "monthly", "count": "1000000", "start": "2026-04-01"},
            {"rhythm": "monthly", "count": "3", "start": "2026-03-01"},
            {"rhythm": "monthly", "count": "3", "start": "soon"},
            {"rhythm": "monthly", "count": "50", "start": "9998-04-01"},
            {"rhythm": "own", "lines": [("2026-04-01", "many")]},
            {"rhythm": "own", "lines": [("2026-04-01", "nan")]},
            {"rhythm": "own", "lines": []},
        ):
            with self.subTest(wish=wish), self.assertRaises(ValidationError):
                self.offer._plan(wish, self.now)

    def test_the_calculator_asks_the_server_and_keeps_nothing(self):
        answer = self._rpc("plan", rhythm="monthly", count="3", start="2026-04-01", lines=[])
        self.assertEqual(answer["rows"], [["2026-04-01", "100.00"], ["2026-05-01", "100.00"], ["2026-06-01", "100.00"]])
        self.assertIn("100.00", answer["html"])
        self.assertIn("problem", self._rpc("plan", rhythm="monthly", count="x", start="2026-04-01"))
        self.assertEqual(len(self.offer._versions()), 1)

    # === NO === #

    def test_a_no_ends_every_offer_and_tells_us_why(self):
        second = self._alternatives()
        self._prove()
        self._post("refuse", do="refuse", note="Too early in the year")
        (self.offer | second).invalidate_recordset()
        self.assertEqual((self.offer.state, second.state), ("refused", "refused"))
        self.assertIn("Too early", second.activity_ids.note)

    # === PAYING === #

    def test_the_payment_page_takes_what_is_agreed_for_now(self):
        step = self.env["collection.step"].sudo().search([("arrangement_id", "=", self.offer.id)])
        self.assertEqual(len(step), 1)
        step._payment_links()
        [group] = step._pay_groups(self.now)
        self.assertEqual(step._pay_choice(group).amount, 300, "nothing is agreed yet")
        self.offer._accept(self.now, "phone")
        [group] = step._pay_groups(self.now)
        choice = step._pay_choice(group)
        self.assertEqual(choice.amount, 100)
        self.assertIn("March 23, 2026", step._agreed_words(choice))
        self.offer.sudo().line_ids.sorted("date")[0].amount_paid = 40
        [group] = step._pay_groups(self.now)
        self.assertEqual(step._pay_choice(group).amount, 60)
        self.env.flush_all()
        page = self.url_open(step._payment_path())
        self.assertIn("Your next payment as agreed", page.text)

    # === IN THE OFFICE === #

    def test_an_answer_on_the_phone_needs_its_words(self):
        wizard = self.env["collection.arrangement.answer"].create(
            {"arrangement_id": self.offer.id, "how": "phone", "person_id": self.ann.id}
        )
        with self.assertRaisesRegex(UserError, "what was said"):
            wizard.action_record()
        wizard.note = "Called back at ten: yes, three times a hundred."
        wizard.with_user(self.user).action_record()
        self.assertEqual((self.offer.state, self.offer.accepted_how, self.offer.accepted_name), ("active", "phone", "Ann Azure"))
        self.assertIn("Called back", self.offer.accepted_note)
        self.assertTrue(self.offer.accepted_hash)

    def test_versions_stand_side_by_side(self):
        self.assertFalse(self.offer.versions_html)
        second = self._alternatives()
        for words in (self.offer.name, second.name, "Mar 23, 2026", "Mar 19, 2026"):
            self.assertIn(words, second.versions_html)

    # === UNDER /MY === #

    def test_my_arrangements_are_his_own(self):
        other = self._create_customer("Borealis")
        theirs = self._offered(((9, 77),), moves=self._create_item(10, 77, partner=other), partner_id=other.id)
        user = new_test_user(self.env, "ann", groups="base.group_portal", company_id=self.company.id)
        user.partner_id = self.ann
        self.authenticate("ann", "ann")
        page = self.url_open("/my/arrangements")
        self.assertIn(self.offer.name, page.text)
        self.assertNotIn(theirs.name, page.text)
        self.assertEqual(self.url_open(f"/my/arrangements/{theirs.id}").status_code, 404)
        self.assertIn("Back to your account", self.url_open(f"/my/arrangements/{self.offer.id}").text)


@tagged("post_install", "-at_install")
class TestEndedPage(PageCommon):
    """What a customer reads of what stands no more, and where he finds what stands instead."""

    def test_an_offer_taken_back_leads_to_the_one_made_instead(self):
        self.offer._cancel(self.now)
        page = self._get().text
        self.assertIn("This offer has been taken back", page)
        self.assertIn("March 16, 2026", page)
        self.assertNotIn("See what stands now", page)
        newer = self._offered(((9, 300),))
        page = self._get().text
        self.assertIn("See what stands now", page)
        self.assertIn(newer._page_path(), page)
        newer.action_revoke_link()
        self.assertNotIn("See what stands now", self._get().text)

    def test_an_offer_about_another_invoice_is_not_led_to(self):
        self.offer._cancel(self.now)
        self._offered(((9, 50),), moves=self._create_item(10, 50))
        self.assertNotIn("See what stands now", self._get().text)

    def test_an_offer_beyond_its_day_says_since_when(self):
        self.offer._lapse(self.now + timedelta(days=15))
        with freeze_time(self.now + timedelta(days=15)):
            page = self._get().text
        self.assertIn("It stood until March 23, 2026.", page)

    def test_a_signed_agreement_that_ended_is_still_there(self):
        self._prove()
        self._rpc("sign", name="Ann", signature=drawn())
        self._pay(self.item, 100)
        self.offer._end("broken", self.now, "broken")
        page = self._get().text
        self.assertNotIn("offer does not stand", page)
        for words in ("This agreement has ended", "March 16, 2026", "Mar 23, 2026", "Download the agreement"):
            self.assertIn(words, page)
        self.assertRegex(page, r"Of these invoices \$\s200.00 are open now")

    def test_of_several_the_one_that_was_agreed_is_shown(self):
        second = self.env["collection.arrangement"].browse(self.offer.action_add_alternative()["res_id"])
        second.line_ids[-1:].date += timedelta(days=1)
        second._submit(self.now, "offer")
        self._prove()
        self._rpc("sign", query=f"?offer={self.offer.id}", name="Ann", signature=drawn())
        self.offer._end("broken", self.now, "broken")
        self.assertIn("This agreement has ended", self._get().text)

    def test_a_credit_note_is_seen_on_the_page(self):
        self._prove()
        self._rpc("sign", name="Ann", signature=drawn())
        refund = self._create_refund(50)
        (self._line(self.item) + self._line(refund)).reconcile()
        judge = self._root_env()["collection.arrangement"].with_context(collection_no_commit=True)
        judge._judge_all(self.now, self.company)
        page = self._get().text
        self.assertRegex(page, r"\$\s50.00 credited")
        self.assertRegex(page, r'amount">\$\s50.00<', "what is left of the last payment")
        self.assertRegex(page, r"Still to pay</span><b>\$\s250.00")
