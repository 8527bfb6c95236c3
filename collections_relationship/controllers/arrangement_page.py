"""The page on which a customer reads what we offer and answers it, by link and under /my. Decides nothing itself.

Opening it changes nothing. The link is enough to read; for an answer the customer logs in, or types the code we
send to his mail.
"""
from datetime import timedelta
from urllib.parse import urlencode

from odoo import fields
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError, ValidationError
from odoo.http import content_disposition, request, route

from ..models.collection_arrangement_code import CODE_MINUTES
from ..models.collection_arrangement_page import RHYTHMS
from .message_page import PRIVATE_HEADERS, MessagePage
from .payment_page import CollectionPaymentPage

PAGE = "/collections/offer/<string:token>"
OPTIONS = {"type": "http", "auth": "public", "website": True, "multilang": False, "sitemap": False}
JSON = {"type": "jsonrpc", "auth": "public", "website": True}
#: What the customer may want to do; anything else shows the offer.
WISHES = ("accept", "propose", "refuse", "papers")
DONE = ("accepted", "already", "proposed", "refused")
#: The customer said yes, or we did to what he proposed: nothing is left to answer.
AGREED = ("running", "accepted", "kept")
PROOFS = "collection_offer_proofs"
#: So long an entered code is good for answers in the same browser.
PROOF_LASTS = timedelta(minutes=60)
PROBLEM_PAGE = "collections_relationship.arrangement_page_problem"


class CollectionArrangementPage(MessagePage, CustomerPortal):
    # === UNDER /MY === #

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "collection_arrangement_count" in counters:
            values["collection_arrangement_count"] = len(request.env["collection.arrangement"]._of_user(request.env.user))
        return values

    @route("/my/arrangements", type="http", auth="user", methods=["GET"], website=True)
    def portal_my_arrangements(self, **_kwargs):
        """List what was offered to the log-in's own commercial entity, or agreed with it."""
        arrangements = request.env["collection.arrangement"]._of_user(request.env.user)
        now, lang = fields.Datetime.now(), request.env.lang
        rows = [(one, one._terms(one._speech(lang)), one._page_stage(now)[0]) for one in arrangements]
        values = {**self._prepare_portal_layout_values(), "page_name": "collection_arrangements", "rows": rows}
        return self._render_private("collections_relationship.portal_my_arrangements", values)

    @route("/my/arrangements/<int:arrangement_id>", type="http", auth="user", methods=["GET"], website=True)
    def portal_my_arrangement(self, arrangement_id, **_kwargs):
        """Open the page of one of them; any other is not found."""
        own = request.env["collection.arrangement"]._of_user(request.env.user)
        chosen = own.filtered(lambda one: one.id == arrangement_id or arrangement_id in one._versions().ids)
        return request.redirect(chosen._page_path()) if chosen else request.not_found()

    # === THE PAGE === #

    @route(PAGE, methods=["GET"], **OPTIONS)
    def collection_arrangement_page(self, token, do=None, offer=None, done=None, sent=None, **_kwargs):
        """Show what stands in the negotiation.

        :param str token: names and proves the negotiation, and the message the link stood in
        :param str do: what the customer is about to do
        :param str offer: which of several offers he chose
        :param str done: what was just done, to say so
        :param str sent: set when a code was just sent
        """
        first, step, problem = self._find_negotiation(token)
        if problem:
            return self._render_no_page(first, problem)
        now = fields.Datetime.now()
        if step and CollectionPaymentPage._is_a_person():
            step._log_click(now)
        return self._render_page(first, step, now, do=do, offer=offer, done=done, sent=sent)

    @route(f"{PAGE}/code", methods=["POST"], **OPTIONS)
    def collection_arrangement_code(self, token, do=None, offer=None, person=None, **_kwargs):
        """Send a code to an address we know.

        :param str person: which of the customer's people shown on the page
        """
        first, step, problem = self._find_negotiation(token)
        if problem:
            return self._render_no_page(first, problem)
        now = fields.Datetime.now()
        people = first._known_people(step)
        chosen = people.filtered(lambda one: one.id == self._cast_as_int(person)) or people[:1]
        try:
            if not chosen:
                raise UserError(first.env._("We know no e-mail address of yours. Please get in touch with us."))
            first._send_code(chosen, now)
        except UserError as error:
            return self._render_page(first, step, now, do=do, offer=offer, problem_words=str(error), status=422)
        return self._redirect(first, step, do=do, offer=offer, sent=chosen.id)

    @route(f"{PAGE}/check", methods=["POST"], **OPTIONS)
    def collection_arrangement_check(self, token, do=None, offer=None, code=None, sent=None, **_kwargs):
        """Take the code the customer typed; the right one lets him answer in this browser for an hour."""
        first, step, problem = self._find_negotiation(token)
        if problem:
            return self._render_no_page(first, problem)
        now = fields.Datetime.now()
        person = first._prove_by_code(code, now)
        if not person:
            words = first._words_on_code(code, now)
            return self._render_page(first, step, now, do=do, offer=offer, sent=sent, problem_words=words, status=422)
        proofs = dict(request.session.get(PROOFS) or {})
        until = fields.Datetime.to_string(now + PROOF_LASTS)
        proofs[str(first.id)] = [person.id, person.email_normalized, until]
        request.session[PROOFS] = proofs
        return self._redirect(first, step, do=do, offer=offer)

    # === ANSWERS === #

    @route(f"{PAGE}/sign", **JSON)
    def collection_arrangement_sign(self, token, offer=None, name=None, signature=None):
        """Take the customer's yes: his name as typed and his signature as drawn."""
        first, step, problem = self._find_negotiation(token)
        if problem:
            return {"error": request.env._("This link no longer works. Please answer our message, we will help.")}
        now = fields.Datetime.now()
        proof = self._proof(first, now)
        if not proof:
            return {"error": first.env._("Please have a new code sent first: reload this page.")}
        offer_id = self._cast_as_int(offer or request.httprequest.args.get("offer"))
        chosen = first._page_choice(now, offer_id)
        if not chosen:
            return self._not_standing(first, step, now)
        try:
            with request.env.cr.savepoint():
                chosen._sign(now, name, signature, proof, chosen._speech(first.env.context["lang"]))
        except (UserError, ValueError) as error:
            if not first._page_choice(now, chosen.id):  # somebody was faster
                return self._not_standing(first, step, now)
            words = str(error) if isinstance(error, UserError) else first.env._("Please sign once more.")
            return {"error": words}
        return {"force_refresh": True, "redirect_url": self._address(first, step, done="accepted")}

    def _not_standing(self, first, step, now):
        """Lead to the page that says how it stands; who has said yes already hears that nothing is wrong."""
        done = "already" if first._page_stage(now)[0] in AGREED else None
        return {"force_refresh": True, "redirect_url": self._address(first, step, done=done)}

    @route(f"{PAGE}/plan", **JSON)
    def collection_arrangement_plan(self, token, **wish):
        """Return the payments a customer wishes for as a table, or what to change; computed here, kept nowhere."""
        first, _step, problem = self._find_negotiation(token)
        now = fields.Datetime.now()
        offer = first._page_stage(now)[1][:1] if not problem else first.browse()
        if not offer:
            return {"problem": request.env._("This link no longer works. Please answer our message, we will help.")}
        try:
            lines = offer._plan(wish, now)
        except ValidationError as error:
            return {"problem": str(error)}
        rows = [[line.date.isoformat(), offer._written(float(line.amount))] for line in lines]
        return {"html": self._render_preview(offer, lines), "rows": rows}

    @route(f"{PAGE}/propose", methods=["POST"], **OPTIONS)
    def collection_arrangement_propose(self, token, **form):
        """Take the customer's own proposal."""

        def propose(first, now, proof):
            offer = first._page_stage(now)[1][:1]
            typed = request.httprequest.form
            lines = list(zip(typed.getlist("day"), typed.getlist("amount"), strict=False))
            offer._propose(offer._plan({**form, "lines": lines}, now), now, form.get("note"), proof)

        return self._answer(token, "propose", "proposed", propose, form)

    @route(f"{PAGE}/refuse", methods=["POST"], **OPTIONS)
    def collection_arrangement_refuse(self, token, **form):
        """Take the customer's no to what we offered."""

        def refuse(first, now, proof):
            first._decline(first._page_stage(now)[1], now, form.get("note"), proof)

        return self._answer(token, "refuse", "refused", refuse, form)

    def _answer(self, token, do, done, act, form):
        """Let a proven customer answer what stands, then show the page anew."""
        first, step, problem = self._find_negotiation(token)
        if problem:
            return self._render_no_page(first, problem)
        now = fields.Datetime.now()
        proof = self._proof(first, now)
        if not proof:
            return self._redirect(first, step, do=do)
        try:
            stage = first._page_stage(now)[0]
            if stage in AGREED:
                return self._redirect(first, step, done="already")
            if stage != "choose":
                raise UserError(first.env._("This offer does not stand any more. Here is how it stands now."))
            with request.env.cr.savepoint():
                act(first, now, proof)
        except UserError as error:
            return self._render_page(first, step, now, do=do, problem_words=str(error), typed=form, status=422)
        return self._redirect(first, step, done=done)

    # === THE PAPER === #

    @route(f"{PAGE}/pdf", methods=["GET"], **OPTIONS)
    def collection_arrangement_pdf(self, token, **_kwargs):
        """Hand out the signed agreement to whoever has proved to be the customer."""
        first, step, problem = self._find_negotiation(token)
        if problem:
            return self._render_no_page(first, problem)
        now = fields.Datetime.now()
        agreed = first._versions().filtered("accepted_hash")[:1]
        if not agreed:
            return self._redirect(first, step)
        if not self._proof(first, now):
            return self._redirect(first, step, do="papers")
        try:
            paper = agreed._paper()
        except UserError as error:
            return self._render_page(first, step, now, problem_words=str(error), status=503)
        return request.make_response(
            paper.raw,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", str(len(paper.raw))),
                ("Content-Disposition", content_disposition(paper.name)),
                ("X-Content-Type-Options", "nosniff"),
                *PRIVATE_HEADERS.items(),
            ],
        )

    # === HELPERS === #

    def _find_negotiation(self, token):
        """Return the negotiation a link stands for in its company and language, its message, and what is wrong with it."""
        first, step, problem = request.env["collection.arrangement"]._find_by_page_link(token, fields.Datetime.now())
        return (first if problem == "unknown" else self._speak_for(first, step)), step, problem

    def _speak_for(self, first, step):
        """Return the negotiation in its own company, and switch the request to the reader's language.

        That of his log-in, else of whom the message was written to, else of the customer.
        """
        proof = first._proof_of_login(request.env.user)
        reader = proof.person if proof else step.recipient_id
        language = first._customer_lang(reader)
        request.lang = request.env["res.lang"]._get_data(code=language)
        request.update_context(lang=language)
        return first.with_context(lang=language).with_company(first._speaker())

    def _proof(self, first, now):
        """Return the proof of who is there: a log-in of the customer, or a code entered in this browser."""
        by_login = first._proof_of_login(request.env.user)
        if by_login:
            return by_login
        partner_id, address, until = (request.session.get(PROOFS) or {}).get(str(first.id)) or (0, "", "")
        if not until or fields.Datetime.to_datetime(until) < now:
            return None
        return first._proof_of_code(partner_id, address)

    @staticmethod
    def _address(first, step, **parameters):
        kept = {name: value for name, value in parameters.items() if value}
        return first._page_path(step) + (f"?{urlencode(kept)}" if kept else "")

    def _redirect(self, first, step, **parameters):
        response = request.redirect(self._address(first, step, **parameters), code=303)
        response.headers.update(PRIVATE_HEADERS)
        return response

    def _render_page(self, first, step, now, do=None, offer=None, done=None, sent=None, problem_words="", typed=(), status=200):
        proof = self._proof(first, now)
        values = first._page_values(now, first.env.context["lang"], proof)
        offer_id = self._cast_as_int(offer)
        chosen = first._page_choice(now, offer_id)
        do = do if do in WISHES else None
        if do == "papers" and (proof or not values["current"].accepted_hash):
            do = None
        if (values["stage"] != "choose" and do != "papers") or (do == "accept" and not chosen):
            do = None
        people = first._known_people(step)
        company = first._speaker()
        person = values["current"].user_id or first.case_id.user_id
        sent_to = people.filtered(lambda one: one.id == self._cast_as_int(sent)) or people & first._awaited_from(now)
        newer = values["newer"]
        values.update(
            {
                **self._brand_values(company),
                "contact_name": person.name,
                "contact_email": person.email or company.email,
                "contact_phone": person.phone or company.phone,
                "html_data": {"lang": first.env.context["lang"].replace("_", "-")},
                "customer": first.partner_id,
                "page_path": first._page_path(step),
                "newer_path": newer._page_path(newer._step_to(step.recipient_id)) if newer else "",
                "step": step,
                "do": do,
                "done": done if done in DONE else None,
                "chosen": chosen,
                "chosen_terms": chosen._terms(values["speech"]) if chosen else None,
                "proof": proof,
                "is_own_log_in": bool(proof and proof.how == "login"),
                "people": [(one.id, first._masked(one.email_normalized)) for one in people],
                "sent": bool(sent_to),
                "sent_id": sent_to.id,
                "sent_words": first.env._(
                    "We have sent six digits to %(address)s. They are good for %(minutes)s minutes.",
                    address=first._masked(sent_to.email_normalized or ""),
                    minutes=CODE_MINUTES,
                ),
                "goes_to_words": first.env._("It goes to %s.", first._masked(people[:1].email_normalized or "")),
                "login_url": f"/web/login?{urlencode({'redirect': self._address(first, step, do=do, offer=offer_id)})}",
                "problem_words": problem_words,
                "typed": dict(typed),
                "rhythms": self._rhythm_words(first),
                "today": first._today(now),
                "pay_link": step._payment_path() if step and step.link_key else "",
            }
        )
        if do == "propose":
            values.update(self._propose_values(values["current"], typed, now))
        response = self._render_private("collections_relationship.arrangement_page", values)
        response.status_code = status
        return response

    def _propose_values(self, offer, typed, now):
        """Return what the form of the customer's own proposal starts from: what we offered, or what he typed."""
        typed = dict(typed)
        lines = offer.line_ids.sorted("date")
        count = typed.get("count") or str(max(len(lines) + 1, 2))
        start = typed.get("start") or fields.Date.to_string(max(lines[:1].date, offer._today(now)))
        wish = {"rhythm": typed.get("rhythm") or "monthly", "count": count, "start": start}
        rows = []
        if wish["rhythm"] == "own":
            form = request.httprequest.form
            rows = list(zip(form.getlist("day"), form.getlist("amount"), strict=False))
        preview, problem = "", ""
        try:
            preview = self._render_preview(offer, offer._plan({**wish, "lines": rows}, now))
        except ValidationError as error:
            problem = str(error)
        total = offer._terms(offer._speech(offer.env.context["lang"])).total
        return {
            "about_words": offer.env._("It is about %s. We look at your proposal and answer you.", total),
            "means": offer._clauses_of_proposal(offer._speech(offer.env.context["lang"])),
            "wish": wish,
            "own_rows": rows or [("", "")] * 3,
            "preview": preview,
            "preview_problem": problem,
            "note": typed.get("note", ""),
        }

    @staticmethod
    def _render_preview(offer, lines):
        speech = offer._speech(offer.env.context["lang"])
        return offer.env["ir.qweb"]._render(
            "collections_relationship.arrangement_page_preview",
            {
                "lines": [
                    (number, speech.day(line.date), speech.amount(float(line.amount), offer.currency_id))
                    for number, line in enumerate(lines, 1)
                ],
                "total": speech.amount(float(sum(line.amount for line in lines)), offer.currency_id),
            },
        )

    @staticmethod
    def _rhythm_words(first):
        words = {
            "once": first.env._("All at once"),
            "weekly": first.env._("Every week"),
            "two_weekly": first.env._("Every two weeks"),
            "monthly": first.env._("Every month"),
            "month_end": first.env._("On the last day of each month"),
            "own": first.env._("On days of my own"),
        }
        return [(code, words[code]) for code in RHYTHMS]

    def _render_no_page(self, first, problem):
        """Show a kind page for a link that opens nothing; says nothing about who owes what."""
        values = {"problem": problem, "html_data": {"lang": request.env.lang.replace("_", "-")}}
        if problem == "expired":
            company = first._speaker()
            values.update(
                {**self._brand_values(company), "contact_email": company.email, "contact_phone": company.phone}
            )
        response = self._render_private(PROBLEM_PAGE, values)
        response.status_code = {"unknown": 404}.get(problem, 410)
        return response

    @staticmethod
    def _cast_as_int(typed):
        try:
            return int(typed)
        except (TypeError, ValueError):
            return None
