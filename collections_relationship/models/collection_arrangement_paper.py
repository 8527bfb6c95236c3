"""What is agreed, in words: on the page, as text that is kept word for word, and as PDF.

All three say the same, from one place: `_terms`. Everything is text already, in the customer's language.
"""
import base64
import hashlib
import logging
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.exceptions import UserError

from ..engine import agreement, paper
from ..engine.amount_words import in_words
from .collection_statement_files import _COLOR
from .collection_step_letter import UNPATCHED_ZOOM, _address_lines, _logo
from .collection_step_render import _Speech

_logger = logging.getLogger(__name__)

#: Agreements put on paper in one go of the scheduled action.
PAPERS_AT_ONCE = 20


class TermLine(NamedTuple):
    """A payment, as text.

    :param amount: as agreed
    :param asked: less what was credited since
    :param state: how it stands, in a word or two; empty where nothing has happened yet
    """

    number: int
    day: str
    amount: str
    asked: str
    state: str
    is_done: bool


class TermItem(NamedTuple):
    """An invoice it covers, as text; ``waived`` is empty where nothing is given up."""

    number: str
    due: str
    amount: str
    waived: str


class Terms(NamedTuple):
    """All that is agreed or offered, as text in one language.

    :param title: what it is
    :param summary: in a sentence: how much in how many payments
    :param total_words: the sum of the payments in words; empty in a language without
    :param times: 'in 3 payments'; empty for one
    :param all_words: offers to show all payments of a long plan
    :param waived_words: what need not be paid then, in a sentence; empty where nothing is given up
    :param left: what is still to be paid of what is agreed; empty for an offer
    :param clauses: what a yes means, a sentence or two each
    """

    title: str
    number: str
    summary: str
    items: tuple[TermItem, ...]
    lines: tuple[TermLine, ...]
    covered: str
    waived: str
    total: str
    total_words: str
    until: str
    times: str
    all_words: str
    waived_words: str
    left: str
    clauses: tuple[str, ...]


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    acknowledges = fields.Boolean(
        string="Confirms the Debt",
        default=True,
        help="The customer's yes says that he owes the amount. In many countries the time in which it can be claimed "
        "in court then begins anew. Without it he may still question the invoices.",
    )
    accepted_text = fields.Text(readonly=True, copy=False, help="What was agreed, word for word as the customer read it.")
    accepted_hash = fields.Char(
        string="Fingerprint of the Text", readonly=True, copy=False, help="SHA-256 of the text that was agreed."
    )
    accepted_proof = fields.Selection(
        [("login", "Logged in"), ("code", "Code sent by mail")], string="Proved by", readonly=True, copy=False
    )
    accepted_address = fields.Char(string="Code Sent To", readonly=True, copy=False)
    accepted_note = fields.Text(string="How It Was Agreed", readonly=True, copy=False)
    signature = fields.Image(readonly=True, copy=False, max_width=1024, max_height=1024)
    paper_id = fields.Many2one("ir.attachment", string="Agreement", readonly=True, copy=False, ondelete="restrict")
    paper_hash = fields.Char(
        string="Fingerprint of the PDF", readonly=True, copy=False, help="SHA-256 of the file as it was made."
    )

    @api.model
    def _term_names(self):
        return super()._term_names() | {"acknowledges"}

    # === THE TERMS === #

    def _customer_lang(self, reader=None):
        """Return the code of the language the customer reads.

        :param reader: `res.partner` of the customer who reads it; a language of his own goes first
        """
        self.ensure_one()
        partner = reader if reader and reader.lang else self.partner_id
        return self.env["collection.statement"]._lang_of(partner, self._speaker())

    def _speech(self, lang=None):
        return _Speech(self.sudo().env, lang or self._customer_lang())

    def _terms(self, speech):
        """Return what is agreed or offered, as text.

        :rtype: Terms
        """
        self.ensure_one()
        own = self.with_env(speech.env).sudo()  # whoever reads it has the link, a log-in, or the right to invoices

        def money(amount):
            return speech.amount(amount, own.currency_id)

        count = len(own.line_ids)
        until = speech.day(own.date_until, "long") if own.date_until else ""
        waives = not own.currency_id.is_zero(own.amount_waived)
        items = tuple(
            TermItem(
                item.move_id.name or item.line_id.name or "",
                speech.day(item.date_due),
                money(item.amount),
                money(item.waived_amount) if not own.currency_id.is_zero(item.waived_amount) else "",
            )
            for item in own.item_ids.sorted(lambda item: (item.date_due or fields.Date.today(), item.id))
        )
        return Terms(
            title=own._customer_title(),
            number=own.name or "",
            summary=own._summary(speech),
            items=items,
            lines=tuple(own._term_line(line, speech) for line in own.line_ids.sorted("date")),
            covered=money(own.amount_covered),
            waived=money(own.amount_waived) if waives else "",
            total=money(own.amount_agreed),
            total_words=own._in_words(own.amount_agreed, speech),
            until=until,
            times=own.env._("in %s payments", count) if count > 1 else "",
            all_words=own.env._("Show all %(count)s payments, the last on %(day)s", count=count, day=speech.day(own.date_last)),
            waived_words=own._waived_of(speech, own.currency_id, own.amount_waived) if waives else "",
            left=money(own.amount_left) if own.accepted_on else "",
            clauses=tuple(own._clauses(speech)),
        )

    def _customer_title(self):
        return self._title_of(self.kind)

    @api.model
    def _title_of(self, kind):
        return {
            "promise": self.env._("Payment on an agreed day"),
            "grace": self.env._("More time to pay"),
            "plan": self.env._("Payment plan"),
            "settlement": self.env._("Settlement"),
        }.get(kind, self.env._("Agreement"))

    @api.model
    def _offer_words(self, speech, currency, kind, lines, waived):
        """Return an offer in few words: what it is, how much is paid when, and what need not be paid, if anything.

        :param lines: pairs of day and amount, the earliest first
        :rtype: list[str]
        """
        words = [self._title_of(kind), self._summary_of(speech, currency, lines)]
        if not currency.is_zero(waived):
            words.append(self._waived_of(speech, currency, waived))
        return words

    @api.model
    def _waived_of(self, speech, currency, waived):
        return self.env._("You then need not pay the other %s.", speech.amount(waived, currency))

    def _in_words(self, amount, speech):
        currency = self.currency_id
        digits = currency.decimal_places
        return in_words(Decimal(f"{amount:.{digits}f}"), currency.name, digits, speech.code)

    def _summary(self, speech):
        """Return in one sentence how much is paid when."""
        lines = [(line.date, line.amount) for line in self.line_ids.sorted("date")]
        return self._summary_of(speech, self.currency_id, lines)

    @api.model
    def _summary_of(self, speech, currency, lines):
        total = speech.amount(sum(amount for _day, amount in lines), currency)
        if len(lines) == 1:
            return self.env._("%(total)s on %(day)s", total=total, day=speech.day(lines[0][0], "long"))
        return self.env._(
            "%(total)s in %(count)s payments, from %(first)s to %(last)s",
            total=total,
            count=len(lines),
            first=speech.day(lines[0][0]),
            last=speech.day(lines[-1][0]),
        )

    def _term_line(self, line, speech):
        currency = line.currency_id
        done = line.state in ("kept", "late", "reduced")
        words = {
            "kept": self.env._("Paid"),
            "late": self.env._("Paid"),
            "partly": self.env._("Partly paid"),
            "reduced": self.env._("Credited"),
            "missed": self.env._("Still open"),
            "due": self.env._("To pay now"),
        }
        is_agreed = bool(self.accepted_on)
        state = words.get(line.state, "") if is_agreed else ""
        if is_agreed and not state and not currency.is_zero(line.amount_paid):
            state = words["partly"]  # paid ahead
        if state and not done and currency.compare_amounts(line.amount_left, line.amount - line.amount_reduced) != 0:
            left = speech.amount(line.amount_left, currency)
            state = self.env._("%(state)s, %(amount)s to go", state=state, amount=left)
        asked = line.amount
        if is_agreed and line.state != "reduced" and not currency.is_zero(line.amount_reduced):
            credited = self.env._("%s credited", speech.amount(line.amount_reduced, currency))
            asked, state = currency.round(asked - line.amount_reduced), f"{credited}, {state}" if state else credited
        if is_agreed and not done and line.agreed_date and line.agreed_date != line.date:
            moved = self.env._("Moved from %s", speech.day(line.agreed_date))
            state = f"{moved}, {state}" if state else moved
        amount = speech.amount(line.amount, currency)
        return TermLine(line.number, speech.day(line.date), amount, speech.amount(asked, currency), state, done)

    # === AS TEXT === #

    def _text_version(self, speech):
        """Return all that is agreed as plain text: what is kept word for word, and what the fingerprint is of.

        :rtype: str
        """
        self.ensure_one()
        own = self.with_env(speech.env).sudo()
        terms = self._terms(speech)
        company = own._speaker()
        rows = [
            f"{terms.title} {terms.number}".strip(),
            "",
            own.env._("Between %(company)s and %(customer)s", company=company.name, customer=own.partner_id.name),
            "",
            own.env._("What it is about"),
        ]
        for item in terms.items:
            row = own.env._("%(invoice)s, due %(day)s: %(amount)s", invoice=item.number, day=item.due, amount=item.amount)
            rows.append(f"- {row}" + (f" ({own.env._('of it given up: %s', item.waived)})" if item.waived else ""))
        rows += ["", own.env._("What is paid")]
        rows += [f"{line.number}. {line.day}: {line.amount}" for line in terms.lines]
        rows.append(own.env._("Together: %s", f"{terms.total} ({terms.total_words})" if terms.total_words else terms.total))
        rows += ["", own.env._("What this means"), *(f"- {clause}" for clause in terms.clauses)]
        return "\n".join(rows)

    @api.model
    def _fingerprint(self, text):
        """Return the SHA-256 of a text, as 64 characters."""
        return hashlib.sha256(text.encode()).hexdigest()

    def _keep_text(self, speech=None):
        """Keep what is agreed word for word, with its fingerprint. What was kept once stays.

        :param speech: in the language the customer read it in
        """
        for arrangement in self.filtered(lambda arrangement: not arrangement.accepted_text):
            text = arrangement._text_version(speech or arrangement._speech())
            arrangement.sudo().write({"accepted_text": text, "accepted_hash": self._fingerprint(text)})

    # === AS PDF === #

    def _started(self, now):
        res = super()._started(now)
        self._keep_text()
        cron = self.env.ref("collections_relationship.ir_cron_agreements", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(now)  # printing takes a second or two; whoever agrees need not wait for it
        return res

    @api.model
    def _cron_agreements(self):
        """Put on paper what was agreed on since."""
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() not in ("ok", "workers"):
            return
        domain = [("state", "in", agreement.RUNNING), ("paper_id", "=", False), ("accepted_hash", "!=", False)]
        waiting = self.search(domain, limit=PAPERS_AT_ONCE, order="id desc")
        for done, arrangement in enumerate(waiting, 1):
            try:
                arrangement._paper()
            except UserError as error:  # one that cannot be printed keeps no other from being printed
                _logger.warning("The agreement %s cannot be printed: %s", arrangement.name, error)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(waiting) - done):
                return

    def _paper(self):
        """Return the agreement as a PDF that is kept, with its fingerprint; the same file each time.

        :rtype: ir.attachment
        :raise UserError: it is not agreed on yet, or this server cannot make PDFs
        """
        self.ensure_one()
        own = self.sudo()  # whoever asks has the right to invoices, or has proved to be the customer
        if not own.accepted_hash:
            raise UserError(self.env._("There is no agreement yet: nobody has said yes."))
        own.lock_for_update()  # two who ask at the same moment get one file
        own.invalidate_recordset(["paper_id"])
        if own.paper_id:
            return own.paper_id
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() not in ("ok", "workers"):
            raise UserError(self.env._("This server cannot make PDFs: wkhtmltopdf is missing."))
        content = own.env["collection.step"]._print_pages(own._paper_html(), own.company_id)
        attachment = own.env["ir.attachment"].create(
            {
                "name": f"{own.with_env(own._speech().env)._customer_title()} {own.name}.pdf",
                "datas": base64.b64encode(content),
                "res_model": own._name,
                "res_id": own.id,
                "mimetype": "application/pdf",
            }
        )
        own.write({"paper_id": attachment.id, "paper_hash": hashlib.sha256(content).hexdigest()})
        return attachment

    def _paper_html(self, speech=None):
        """Return the document the PDF is printed from."""
        self.ensure_one()
        speech = speech or self._speech()
        own = self.with_env(speech.env).sudo()
        company = own._speaker()
        window = company._collection_window()
        bank, transfer = own._paper_transfer(company)
        page = own.env["ir.qweb"]._render(
            "collections_relationship.report_arrangement",
            {
                "arrangement": own,
                "terms": own._terms(speech),
                "company": company,
                "sender_lines": _address_lines(company.partner_id, None, speech.env),
                "customer": own.partner_id,
                "customer_lines": _address_lines(own.partner_id, company.country_id, speech.env),
                "logo": _logo(company),
                "color": company.primary_color if _COLOR.fullmatch(company.primary_color or "") else "#444444",
                "window": window,
                "margin": paper.MARGIN_TOP,
                "lang": speech.code.replace("_", "-"),
                "direction": speech.direction,
                "bank": bank,
                "bank_number": bank._collection_number() if bank else "",
                "bank_holder": (bank.acc_holder_name or company.name) if bank else "",
                "transfer_code": transfer,
                "page_code": own.env["collection.qr"]._draw(own._page_link()),
                "next_amount": speech.amount(own._next_line().amount, own.currency_id),
                "day": speech.day(own._today(own.accepted_on or fields.Datetime.now()), "long"),
                "how": own._how_words(speech),
            },
            minimal_qcontext=True,
        )
        return own.env["ir.qweb"]._render(
            "collections_relationship.report_statement_document",
            {"parts": page, "zoom": 1 if _wkhtml().is_patched_qt else UNPATCHED_ZOOM},
            minimal_qcontext=True,
        )

    def _next_line(self):
        """Return the payment that comes next; the last one where all is paid."""
        lines = self.line_ids.sorted("date")
        return lines.filtered(lambda line: not line.currency_id.is_zero(line.amount_left))[:1] or lines[-1:]

    def _paper_transfer(self, company):
        """Return the account to pay into and the code that fills in the next payment, both possibly none."""
        moves = self.item_ids.line_id.move_id
        bank = company._collection_bank_account(moves.partner_bank_id, self.currency_id)
        line = self._next_line()
        code = self.env["collection.qr"]._draw_transfer(
            bank, line.amount_left or line.amount, self.currency_id, self._pay_reference(), self.partner_id
        )
        return bank, code

    def _pay_reference(self):
        """Return what a transfer should say: the invoice it is about, or the number of the agreement."""
        moves = self.item_ids.line_id.move_id
        return (moves.payment_reference or moves.name) if len(moves) == 1 else (self.name or "")

    def _how_words(self, speech):
        """Return who said yes, when and how, in a sentence."""
        if not self.accepted_on:
            return ""
        how = {
            "portal": self.env._("Signed on our page by %(name)s on %(day)s."),
            "mail": self.env._("Agreed by mail with %(name)s on %(day)s."),
            "phone": self.env._("Agreed on the phone with %(name)s on %(day)s."),
            "person": self.env._("Agreed in person with %(name)s on %(day)s."),
            "company": self.env._("Proposed by %(name)s and accepted by us on %(day)s."),
        }[self.accepted_how or "company"]
        day = speech.day(self._today(self.accepted_on), "long")
        return how % {"name": self.accepted_name or self.partner_id.name, "day": day}
