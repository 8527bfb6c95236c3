"""What the customer's page shows and what he may do there. Nothing here trusts the browser.

Reading needs the link, deciding needs more: a log-in of the customer, or a code sent to his mail.
"""
from collections import namedtuple
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize
from odoo.tools.mail import plaintext2html
from odoo.tools.misc import formatLang, get_lang

from ..engine import agreement, schedule

#: What a customer may choose from; `own` is his own days and amounts.
RHYTHMS = ("once", "weekly", "two_weekly", "monthly", "month_end", "own")
MOST_PAYMENTS = 60
LONGEST_NOTE = 1000
LONGEST_NAME = 120
#: More than anybody owes; figures beyond lose their cents on the way.
LARGEST_AMOUNT = 10**12

#: What has been proved: the person, how ('login' or 'code'), and the address the code went to.
Proof = namedtuple("Proof", ["person", "how", "address"])


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    # === WHAT THE PAGE SHOWS === #

    def _page_values(self, now, lang, proof=None):
        """Return what the page of a negotiation shows.

        :param datetime now: the moment of the visit, naive UTC
        :param str lang: code of the language
        :param Proof proof: who is there, if that is proved; only he sees the offers that stand no more
        """
        self.ensure_one()
        speech = self._speech(lang)
        stage, shown = self._page_stage(now)
        past = self._versions().filtered(lambda version: version._was_shown()) - shown if proof else self.browse()
        bank = shown[:1]._paper_transfer(self._speaker())[0] if stage == "running" else self.env["res.partner.bank"]
        return {
            "bank_number": bank._collection_number() if bank else "",
            "bank_holder": (bank.acc_holder_name or self._speaker().name) if bank else "",
            "bank_bic": bank.bank_bic or "",
            "reference": shown[:1]._pay_reference() if bank else "",
            "stage": stage,
            "shown": [(version, version._terms(speech)) for version in shown],
            "past": [(version, version._terms(speech), version._past_words()) for version in past],
            "current": shown[:1],
            "ended": shown._ended_words(now, speech) if stage == "ended" else None,
            "newer": self._newer_elsewhere(now) if stage in ("ended", "nothing") else self.browse(),
            **self._choice_words(shown),
            "until_words": shown._until_words(speech) if stage == "choose" else "",
            "speech": speech,
        }

    @api.model
    def _choice_words(self, shown):
        """Return the headings of offers and the words on their buttons; of a single one no others than its own."""
        if len(shown) < 2:
            return {"headings": [""], "choose_words": [""]}
        return {
            "headings": [
                self.env._("Offer %(number)s: %(title)s", number=number, title=offer._customer_title())
                for number, offer in enumerate(shown, 1)
            ],
            "choose_words": [self.env._("Choose offer %s", number) for number in range(1, len(shown) + 1)],
        }

    def _page_stage(self, now):
        """Return how the negotiation stands, and the versions that say so.

        :return: 'running', 'accepted' (the customer said yes, we check), 'choose' (he may answer), 'proposed' (he waits
            for our answer), 'kept', 'ended' or 'nothing'; and the versions, those to choose from the oldest first
        """
        versions = self._versions().filtered(lambda version: version._was_shown())
        today = self._today(now)
        running = versions.filtered(lambda version: version.state in agreement.RUNNING)
        if running:
            return "running", running[:1]
        accepted = versions.filtered(
            lambda version: version.state == "to_approve" and version.proposed_by == "company" and version.accepted_how
        )
        if accepted:
            return "accepted", accepted[:1]
        offers = versions.filtered(
            lambda version: version.proposed_by == "company"
            and version.state == "offered"
            and (not version.date_until or version.date_until >= today)
            and version.date_first >= today  # what cannot be kept any more cannot be said yes to
        )
        proposed = versions.filtered(
            lambda version: version.proposed_by == "customer" and version.state in agreement.STANDING
        )
        if proposed and (not offers or proposed[0].id > max(offers.ids)):
            return "proposed", proposed[:1]  # the newest stands, even while ours has not been taken back
        if offers:
            return "choose", offers.sorted("id")
        # What made way for another is the last word only where nothing followed.
        ended = (versions.filtered(lambda version: version.state != "countered") or versions)[:1]
        return ("nothing" if not ended else "kept" if ended.state == "kept" else "ended"), ended

    def _until_words(self, speech):
        """Return until when the customer may choose, in a sentence; of several offers by the earliest day."""
        days = [offer.date_until for offer in self if offer.date_until]
        if len(self) > 1 and len(set(days)) > 1:
            return self.env._("Each of them stands until %s at least.", speech.day(min(days), "long"))
        if len(self) > 1 and days:
            return self.env._("They stand until %s.", speech.day(days[0], "long"))
        return self.env._("It stands until %s.", speech.day(days[0], "long")) if days else ""

    def _page_choice(self, now, version_id):
        """Return the standing offer the customer answers; the only one where he named none.

        :param int|None version_id: as the browser sent it
        """
        stage, offers = self._page_stage(now)
        if stage != "choose":
            return self.browse()
        chosen = offers.filtered(lambda offer: offer.id == version_id)
        return chosen or (offers if len(offers) == 1 else self.browse())

    # === WHO IS THERE === #

    def _proof_of_login(self, user):
        """Return the proof a log-in is: of a portal user of this customer."""
        person = user.sudo().partner_id
        if user._is_public() or not user._is_portal() or person.commercial_partner_id != self.partner_id:
            return None
        return Proof(person, "login", "")

    def _proof_of_code(self, partner_id, address):
        """Return the proof an entered code is; none where the person belongs to the customer no more.

        :param int partner_id: of whom the code was sent to
        :param str address: where it was sent
        """
        person = self.env["res.partner"].sudo().browse(partner_id).exists()
        if not person or person.commercial_partner_id != self.partner_id:
            return None
        if email_normalize(person.email) != address:
            return None
        return Proof(person, "code", address)

    # === YES === #

    def _sign(self, now, name, signature, proof, speech):
        """Write the customer's yes with its evidence.

        :param datetime now: naive UTC
        :param str name: as he typed it
        :param str signature: the drawing, PNG in base64
        :param Proof proof: who he is
        :param speech: the language he read it in
        :raise UserError: the offer stands no more, the ledger moved on, or a name or signature is missing
        """
        self.ensure_one()
        name = " ".join((name or "").split())[:LONGEST_NAME]
        if not name:
            raise UserError(self.env._("Please type your name."))
        if not signature:
            raise UserError(self.env._("Please sign in the field below your name."))
        if self.proposed_by != "company":
            raise UserError(self.env._("This is your own proposal; we will answer it."))
        if self.state != "offered":
            raise UserError(self._words_not_standing())
        self._check_days(now)  # these two once more in the customer's words, before our own
        self.item_ids._check_open(self._today(now))
        self._keep_text(speech)
        self.sudo().write(  # the proof is the right
            {"signature": signature, "accepted_proof": proof.how, "accepted_address": proof.address}
        )
        office = self._for_the_office()
        office._accept(now, "portal", "page", name=name, person=proof.person)
        # Nobody has to read a yes first: the confirmation leaves at once.
        office._log_answer(now, proof, office.env._("Said yes to %s", self.name), kind="agreed")

    # === ANOTHER PROPOSAL === #

    def _plan(self, wish, now):
        """Return the payments a customer wishes for, summing to what is to be paid; written nowhere.

        :param dict wish: rhythm, count, start, or for `own` lines as (date, amount), all as the browser sent them
        :return: list of `schedule.Line`
        :raise ValidationError: says in plain words what to change
        """
        self.ensure_one()
        digits = self.currency_id.decimal_places
        total = Decimal(f"{self.amount_agreed:.{digits}f}")
        today = self._today(now)
        if wish.get("rhythm") not in RHYTHMS:
            raise ValidationError(self.env._("Please choose how often you would like to pay."))
        if wish["rhythm"] == "own":
            return self._own_lines(wish.get("lines"), total, digits, today)
        start = self._read_day(wish.get("start"))
        if start < today:
            raise ValidationError(self.env._("The first payment lies in the past. Please choose today or a later day."))
        count = 1 if wish["rhythm"] == "once" else self._read_count(wish.get("count"))
        terms = schedule.Terms(total, digits, start, wish["rhythm"], count=None if wish["rhythm"] == "once" else count)
        try:
            return list(schedule.plan(terms, self._is_bank_day))
        except schedule.ScheduleError as error:
            raise ValidationError(self._words_on_schedule(error)) from error

    def _own_lines(self, typed, total, digits, today):
        """Return payments whose days and amounts the customer typed himself."""
        lines = [
            schedule.Line(self._read_day(day), self._read_amount(amount))
            for day, amount in typed or ()
            if day or amount
        ]
        problems = schedule.check_lines(lines, total, digits, today)
        if problems:
            raise ValidationError(self._words_on_problem(problems[0]))
        return lines

    def _read_day(self, typed):
        try:
            day = fields.Date.to_date(typed)
        except ValueError:
            day = None
        if not day:
            raise ValidationError(self.env._("Please give each payment a day."))
        return day

    def _read_count(self, typed):
        try:
            count = int(typed)
        except (TypeError, ValueError):
            count = 0
        if not 1 <= count <= MOST_PAYMENTS:
            raise ValidationError(self.env._("Please choose between 1 and %s payments.", MOST_PAYMENTS))
        return count

    def _read_amount(self, typed):
        digits = self.currency_id.decimal_places
        amount = schedule.read_amount(str(typed or ""), digits, get_lang(self.env).decimal_point)
        if amount is None or amount > LARGEST_AMOUNT:
            raise ValidationError(self.env._("Please write each amount in figures, such as %s.", self._written(120.5)))
        return amount

    def _written(self, amount):
        """Return an amount as a person of this language types it, without its currency."""
        return formatLang(self.env, amount, digits=self.currency_id.decimal_places)

    def _words_on_schedule(self, error):
        """Return why no plan can be made, in plain words."""
        words = {
            "too_many_lines": self.env._("That would be too many payments. Please choose fewer."),
            "too_far": self.env._("That would take too long. Please choose fewer payments, or an earlier first day."),
            "size_too_small": self.env._("The single payments would be too small. Please choose fewer payments."),
            "no_bank_day": self.env._("We could not find a day on which banks work. Please choose another first day."),
        }
        usual = self.env._("We could not make payments of this. Please choose other days or another number.")
        return words.get(error.code) or usual

    def _words_on_problem(self, problem):
        """Return what is wrong with days and amounts the customer typed, in plain words."""
        money = self.currency_id.format
        if problem.code == "not_summing":
            return self.env._(
                "Your payments come to %(found)s, but %(total)s is to be paid. Please change one of them by %(difference)s.",
                found=money(float(problem.facts["found"])),
                total=money(float(problem.facts["total"])),
                difference=money(abs(float(problem.facts["difference"]))),
            )
        words = {
            "no_lines": self.env._("Please write at least one payment."),
            "not_positive": self.env._("Each payment must be more than nothing."),
            "past": self.env._("A payment lies in the past. Please choose today or a later day."),
            "double": self.env._("Two payments are on the same day. Please put them together, or move one."),
            "unordered": self.env._("Please put the payments in the order of their days."),
            "too_many_lines": self.env._("That would be too many payments. Please choose fewer."),
            "too_precise": self.env._("An amount has more decimals than this currency has."),
        }
        return words.get(problem.code) or self.env._("Please look at the days and amounts once more.")

    def _propose(self, lines, now, note, proof):
        """Answer an offer with the customer's own proposal; we answer it in turn.

        :param lines: of `schedule.Line`, as `_plan` returns them
        :param str note: what he says to it
        :param Proof proof: who he is
        :return: the proposal
        """
        self.ensure_one()
        note = (note or "").strip()[:LONGEST_NOTE]
        proposal = self._counter(
            {
                "acknowledges": False,  # he says how he can pay; a yes with its consequences is another thing
                "rhythm": "own",
                "line_ids": [
                    fields.Command.create({"date": line.date, "amount": float(line.amount)}) for line in lines
                ],
            },
            now,
            "customer",
            origin="page",
            person=proof.person,
        )
        proposal.item_ids._check_open(self._today(now))  # in the customer's words, before our own
        office = proposal._for_the_office()
        office._submit(now, "offer", origin="page", person=proof.person, note=note[:240] or False)
        office._ask_responsible(office.env._("Answer the customer's proposal"), now, note)
        office._log_answer(now, proof, office.env._("Proposed other terms: %s", proposal.name), note)
        return proposal

    # === NO === #

    def _decline(self, offers, now, note, proof):
        """Write the customer's no to what we offered, with his reason.

        :param offers: those that stand
        :param str note: his reason, maybe none
        :param Proof proof: who he is
        """
        note = (note or "").strip()[:LONGEST_NOTE]
        for offer in offers:
            offer._refuse(now, origin="page", person=proof.person, note=note[:240] or False)
        newest = offers.sorted("id")[-1:]._for_the_office()
        newest._ask_responsible(newest.env._("The customer does not accept our offer"), now, note)
        newest._log_answer(now, proof, newest.env._("Said no to %s", ", ".join(offers.mapped("name"))), note)

    # === FOR OUR PEOPLE === #

    def _for_the_office(self):
        """Return the arrangement in the language of whoever looks after it: what follows is read there."""
        self.ensure_one()
        company = self.company_id.sudo()
        return self.with_context(lang=self.user_id.lang or company.partner_id.lang or "en_US")

    def _ask_responsible(self, summary, now, note=""):
        """Give whoever looks after it an activity: a person decides."""
        self.ensure_one()
        user = self.user_id or self.case_id.user_id
        self.sudo().with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self._today(now),
            summary=summary,
            note=plaintext2html(note) if note else False,
            user_id=user.id or self.env.ref("base.user_admin").id,
        )

    def _log_answer(self, now, proof, words, note="", kind="answered"):
        """Write in the log of contacts what the customer did on the page.

        :param str kind: 'answered' stops what would leave until somebody has read it
        """
        self.env["collection.contact"].sudo().create(  # the log is written by the machine alone
            {
                "case_id": self.case_id.id,
                "partner_id": self.partner_id.id,
                "recipient_id": proof.person.id,
                "company_id": self.company_id.id,
                "date": now,
                "kind": kind,
                "direction": "in",
                "channel": "portal",
                "address": proof.address,
                "note": f"{words}. {note}"[:240] if note else words,
            }
        )

    # === OF A LOG-IN === #

    @api.model
    def _of_user(self, user):
        """Return what a log-in's own commercial entity was offered or has agreed on: the newest version of each negotiation.

        Which customer is decided here alone: nothing the browser sends names one.
        """
        customer = user.sudo().partner_id.commercial_partner_id
        versions = self.sudo().search(
            [
                ("partner_id", "=", customer.id),
                ("company_id", "in", user.sudo().company_ids.root_id.ids),
                ("state", "!=", "draft"),
            ],
            order="id desc",
        )
        newest = {}
        for version in versions.filtered(lambda version: version._was_shown()):
            newest.setdefault(version.negotiation_id, version)
        return self.sudo().union(*newest.values())
