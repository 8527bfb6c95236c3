"""Writes the message of a step: words, tables, button, in the recipient's language and the sender's name.

Reads what refresh left in `collection.item`; decides nothing and sends nothing.
"""
import re
from collections import defaultdict
from datetime import timedelta
from functools import cache, lru_cache
from typing import NamedTuple

import babel.dates
from markupsafe import Markup, escape

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount, format_list
from odoo.tools.mail import formataddr
from odoo.tools.misc import babel_locale_parse, get_lang

from ..engine import markup, placeholders
from ..engine.help import plain_address
from ..engine.vocabulary import AMOUNTS, BLOCKS, BUTTONS, DATES, MAYBE, NAMES, NUMBERS, PERSONAL, PURPOSES, TEXTS

#: At most this many items for information are listed; the rest is counted.
INFORMATION_SHOWN = 12
#: Purposes whose message carries the words a law asks for.
STATUTORY_PURPOSES = ("formal_notice", "handover")
#: So many invoices are named in a sentence; of more, the rest is counted.
NUMBERS_NAMED = 3
#: A longer name reads badly after "Hello"; the greeting then does without.
LONGEST_NAME_GREETED = 60
#: Items a customer never got or that people took out are not shown to him, not even for information.
NEVER_SHOWN = ("excluded", "not_delivered", "delivery_failed")
NBSP = "\N{NO-BREAK SPACE}"
#: Stands where the words of one mail go in the layout, which is written once for many mails.
BODY_MARK = "collection-body-mark"
PREVIEW_MARK = "collection-preview-mark"
#: Stands where something of one message's own goes in a block that many messages share.
OWN_MARK = "collection-own-%s-mark"

_BLOCK_IN_PARAGRAPH = re.compile(
    r"<(p|div)\b[^>]*>\s*((?:\[\?\s*)?\{\{\s*(?:%s)\s*\}\}(?:\s*\?\])?)\s*(?:<br\s*/?>\s*)?</\1>"
    % "|".join(sorted(BLOCKS))
)

_OWN = re.compile(OWN_MARK % r"(\w+)")
#: A sentence that names one of these goes when it has nothing to say; a block simply is not there.
_MAYBE_IN_LINE = (
    MAYBE.union(*(purpose.maybe for purpose in PURPOSES.values())) | DATES | AMOUNTS | NUMBERS | TEXTS
) - BLOCKS


class Rendered(NamedTuple):
    """A message ready to be sent.

    :param subject: plain text, one line
    :param body_html: the whole mail, layout included; on other channels the words alone
    :param facts: what it asks for and what it shows, JSON-able
    :param amount: total asked for, in the company's currency
    :param text: a text message's words; nothing on other channels
    :param preview: the line mail programs show beside the subject
    :param silent: placeholders of its text that had nothing to say
    :param files: files made together with it, as `Attached`
    """

    subject: str
    body_html: Markup
    facts: dict
    amount: float
    text: str = ""
    preview: str = ""
    silent: frozenset[str] = frozenset()
    files: tuple = ()


@lru_cache(maxsize=512)
def _compile_body(source):
    """Compile a message's text. A table or button never stays inside a paragraph, where it would be invalid.

    A text that a person edited may hold a bracket without its partner; then no part is optional.
    """
    source = _BLOCK_IN_PARAGRAPH.sub(r"\2", source)
    try:
        placeholders.compile_text(source)
    except placeholders.UnbalancedText:
        source = source.replace("[?", "").replace("?]", "")
    return placeholders.compile_text(placeholders.protect(source, _MAYBE_IN_LINE))


class _Speech:
    """How one language writes amounts, dates and directions; remembers what it wrote in one batch."""

    def __init__(self, env, code, shelf=None):
        self.shelf = shelf
        self.env = env(context=dict(env.context, lang=code))
        self.code = code
        self.locale = babel_locale_parse(code)
        self.direction = self.env["res.lang"]._get_data(code=code).direction or "ltr"
        self.start, self.end = ("right", "left") if self.direction == "rtl" else ("left", "right")
        self.day, self.distance, self.amount = cache(self._day), cache(self._distance), cache(self._amount)
        self.blocks = {}
        self._frame = cache(self._amount_frame)

    def _amount(self, value, currency):
        """Write an amount as `format_amount` does, which looks up language and currency each time."""
        before, after, separators = self._frame(currency)
        if separators is None:
            return format_amount(self.env, value, currency, self.code)
        digits = f"{currency.round(value):,.{currency.decimal_places}f}".translate(separators)
        digits = digits.replace(" ", NBSP).replace("-", "-\N{ZERO WIDTH NO-BREAK SPACE}")
        return f"{before}{digits}{after}"

    def _amount_frame(self, currency):
        """Return what stands before and after the digits and the separators; none where groups are not all of three."""
        lang = get_lang(self.env, self.code)
        if lang.grouping != "[3,0]":
            return "", "", None
        sign = currency.symbol or ""
        before, after = (f"{sign}{NBSP}", "") if currency.position == "before" else ("", f"{NBSP}{sign}")
        return before, after, {ord(","): lang.thousands_sep or "", ord("."): lang.decimal_point}

    def _day(self, value, style="medium"):
        return babel.dates.format_date(value, format=style, locale=self.locale) if value else ""

    def _distance(self, days):
        """Say how far ``days`` from today lie: negative is past."""
        if not days:
            return self.env._("today")
        # A threshold out of reach keeps babel from turning 45 days into a rounded month.
        return babel.dates.format_timedelta(
            timedelta(days=days), granularity="day", threshold=1e9, add_direction=True, locale=self.locale
        )

    def listed(self, texts):
        return format_list(self.env, list(texts), lang_code=self.code)


class CollectionStep(models.Model):
    _inherit = "collection.step"

    # === THE MESSAGE === #

    def _render(self, now):
        """Write the messages of steps, a handful of statements for all of them.

        :param datetime now: the moment of sending (naive UTC), from which days are counted
        :return: step id to `Rendered`
        :rtype: dict[int, Rendered]
        :raise UserError: the company's mail layout has no place for the message
        """
        self.check_access("read")
        rows_by_step = self._fetch_open_rows()
        langs = self._message_langs()
        users = self._senders()
        shelf = self.env["collection.resource"]._shelf()
        speeches = {code: _Speech(self.env, code, shelf) for code in set(langs.values())}
        paying = self.filtered(
            lambda step: step._has_link() or (step.is_asking and any(row["asked"] for row in rows_by_step[step.id]))
        )
        links = paying._payment_links() if paying else {}
        days = {company: company._collection_today(now) for company in self.sender_company_id | self.company_id}
        preference_links = self._preference_links()
        wordings = self._statutory_wordings(now, langs)
        layouts = {}
        result = {}
        for step in self:
            speech = speeches[langs[step.id]]
            company = step.sender_company_id or step.company_id
            layout_key = (company, speech.code, users[step.id])
            if layout_key not in layouts and step.channel == "email":
                layouts[layout_key] = step._render_layout(company, speech, users[step.id])
            result[step.id] = step._render_one(
                speech,
                days[company],
                rows_by_step[step.id],
                users[step.id],
                links.get(step.id),
                layouts.get(layout_key),
                preference_links[step.id],
                wordings.get(step.id, ""),
            )
        return result

    def _render_one(self, speech, today, rows, user, link, layout, preference_link, wording):
        """Write one message. See `_render`.

        :param layout: the mail around it in three pieces, `None` where it is none
        :param str wording: words a law asks for, which nobody may leave out or change
        """
        company = self.sender_company_id or self.company_id
        asked = [row for row in rows if row["asked"]] if self.is_asking else []
        named = asked if self.is_asking else self._named_rows(rows)
        information = [row for row in rows if not row["asked"]] if self.is_asking else []
        template = self.template_id.with_env(speech.env)
        subject_source, body_source = template.subject or "", template._words(self.channel)
        if self.draft_id:
            subject_source, body_source = self.draft_id.subject or "", self._draft_source()
        body = _compile_body(str(body_source))
        if self.draft_id and self.is_asking and self.channel != "sms" and "items" not in body.names:
            body = _compile_body(f"{body_source}{{{{items}}}}{{{{pay_button}}}}")
        subject = _compile_body(subject_source)
        preview = _compile_body(template.preview or "")

        plain = self._plain_values(speech, today, company, user, named)
        names = body.names | subject.names | preview.names
        blocks = self._block_values(names, speech, today, company, user, link, named, information)
        if wording:
            blocks["statutory_wording"] = self._common_block("mail_statutory_wording", speech, {"wording": wording})
            if "statutory_wording" not in names:
                body = _compile_body(f"{body_source}{{{{statutory_wording}}}}")
        if "preferences" in names:
            blocks["preferences"] = self._preference_block(speech, today)
        filled = {**plain, **blocks, "pay_link": link}
        rendered = Rendered(
            subject=" ".join(subject.render(plain).split()),
            body_html=Markup(""),
            facts=self._facts(today, asked, information),
            amount=company.currency_id.round(sum(row["amount_company"] for row in asked)),
            preview=" ".join(preview.render(plain).split()),
            silent=frozenset(name for name in names if not filled.get(name)),
        )
        if self.channel == "sms":
            return rendered._replace(text=" ".join(body.render({**plain, "pay_link": link or ""}).split()))
        words = Markup(body.render({**plain, **blocks}, escape))  # noqa: S704 - sanitized, every value in it escaped
        if self.channel == "portal":
            return rendered._replace(body_html=self._wrap(words, speech))
        if layout is None:
            return rendered._replace(body_html=words)
        head, middle, tail = layout
        html = Markup("").join(
            [
                head,
                escape(rendered.preview or company.name or ""),
                middle,
                self._wrap(words + self._preference_footer(speech, preference_link), speech),
                tail,
            ]
        )
        return rendered._replace(body_html=html)

    def _draft_source(self):
        """Return the words of a message as a person edited them; those of a text message without markup."""
        if self.channel == "sms":
            return Markup(self.draft_id.body_html or "").striptags()  # noqa: S704 - the opposite: it takes markup away
        return markup.tidy(str(self.draft_id.body_html or ""))

    def _named_rows(self, rows):
        """Return the open items a message that asks for nothing is about, in full: no credit is taken off.

        A statement is about everything that is open.
        """
        if "items" not in PURPOSES[self.purpose].facts:
            return []
        about = rows if self.purpose == "statement" else [row for row in rows if row["named"]]
        return [
            {**row, "amount_asked": row["residual"], "credit_applied": 0.0, "asked": True}
            for row in about
        ]

    def _statutory_wordings(self, now, langs):
        """Return the words a rule pack locks into formal messages, by step id; most packs have none.

        :param dict langs: step id to language code
        """
        formal = self.filtered(lambda step: step.purpose in STATUTORY_PURPOSES)
        result = {}
        for company, steps in formal.grouped("company_id").items():
            facts = self.env["collection.guard"]._facts(now, company, steps.partner_id.ids)
            for step in steps:
                texts = [
                    rules.statutory_wording.get(langs[step.id].partition("_")[0], "")
                    for rules in facts.packs_of(step.partner_id.id, step.case_id.policy_id)
                ]
                if words := "\n".join(filter(None, texts)):
                    result[step.id] = words
        return result

    def _has_link(self):
        """Tell whether a message that asks for nothing of its own leads to a page of the customer's all the same."""
        return bool(PURPOSES[self.purpose].facts & frozenset(BUTTONS)) or self._has_agreement()

    def _has_agreement(self):
        """Tell whether there is an agreement whose page the message can open."""
        return bool((self.details or {}).get("agreement_button"))

    def _draft_texts(self, now):
        """Return subject and body of the template with the people's names filled in and all facts kept as words.

        :param datetime now: naive UTC
        """
        self.ensure_one()
        speech = _Speech(self.env, self._message_langs()[self.id])
        company = self.sender_company_id or self.company_id
        template = self.template_id.with_env(speech.env)
        values = self._plain_values(speech, company._collection_today(now), company, self._senders()[self.id], [])
        kept = NAMES - PERSONAL
        words = placeholders.compile_text(template._words(self.channel))
        return (
            placeholders.compile_text(template.subject or "").fill(values, kept),
            words.fill(values, kept) if self.channel == "sms" else words.fill(values, kept, escape),
        )

    @staticmethod
    def _wrap(words, speech):
        """Put the words into a column that is easy to read on a phone, in the language's direction."""
        return Markup(
            '<div class="o_collection_mail" dir="{direction}" lang="{lang}" style="font-size:16px;line-height:1.5;'
            'text-align:{start};max-width:600px;">{words}</div>'
        ).format(direction=speech.direction, lang=speech.code.replace("_", "-"), start=speech.start, words=words)

    def _render_layout(self, company, speech, user):
        """Return the company's mail layout as the pieces before the preview, up to the words, after them."""
        html = str(
            self.env["mail.render.mixin"]
            .with_env(speech.env)
            ._render_encapsulate(
                "collections_relationship.mail_layout",
                Markup("<div>%s</div>") % BODY_MARK,
                add_context={
                    "company": company.with_env(speech.env).sudo(),
                    "author_user": user.with_env(speech.env).sudo(),
                    "record_name": "",
                    "subtitles": [],
                    "model_description": "",
                    "lang": speech.code.replace("_", "-"),
                    "direction": speech.direction,
                    "preheader": PREVIEW_MARK,
                    "email_notification_force_footer": True,
                },
            )
        )
        head, found, rest = html.partition(PREVIEW_MARK)
        # The layout shows the beginning of the message a first time, hidden, as preview: ours stands there.
        middle, found_body, tail = rest.rpartition(BODY_MARK)
        middle = middle.replace(BODY_MARK, "")
        if not (found and found_body):
            raise UserError(
                self.env._(
                    "The mail layout of %s has no place for the message. Undo the changes made to it.", company.name
                )
            )
        return Markup(head), Markup(middle), Markup(tail)  # noqa: S704 - QWeb has escaped it

    # === WORDS === #

    def _plain_values(self, speech, today, company, user, asked):
        """Return the words that are plain text, by placeholder."""
        totals = self._totals(asked)
        taken_off = [(currency, credit) for currency, _amount, credit in totals if not currency.is_zero(credit)]
        response_days = self.stage_id.response_days
        author = user.partner_id
        return {
            "greeting": self._greeting(speech),
            "customer": self.partner_id.name or "",
            "company": company.name or "",
            "amount_due": speech.listed(speech.amount(amount, currency) for currency, amount, _credit in totals),
            "credits": speech.listed(speech.amount(credit, currency) for currency, credit in taken_off),
            "pay_by": speech.day(today + timedelta(days=response_days), "long") if response_days else "",
            "invoices": self._invoice_numbers(speech, asked),
            "oldest_due": speech.day(min((row["date_due"] for row in asked), default=None), "long"),
            **self._event_values(speech, company),
            "sender": author.name or "",
            "sender_phone": (author.phone or company.phone or "").replace(" ", NBSP),
            "sender_email": author.email_normalized or company.email or "",
        }

    @staticmethod
    def _invoice_numbers(speech, rows):
        """Return the numbers of what is asked for in words, the first few by name."""
        numbers = list(dict.fromkeys(row["invoice"] for row in rows if row["invoice"]))
        more = len(numbers) - NUMBERS_NAMED
        if more > 1:
            return speech.env._("%(numbers)s and %(count)s more", numbers=", ".join(numbers[:NUMBERS_NAMED]), count=more)
        return speech.listed(numbers)

    def _event_values(self, speech, company):
        """Write out what `details` holds of the event the message is about: dates as ISO text, amounts with a currency."""
        details = self.details or {}
        if not details:
            return {}
        currency = self._details_currency(company)
        values = {}
        for name, value in details.items():
            if value in (None, False, ""):
                continue
            if name in DATES:
                values[name] = speech.day(fields.Date.to_date(value), "long")
            elif name in AMOUNTS:
                values[name] = speech.amount(value, currency)
            elif name in NUMBERS or name in TEXTS:
                values[name] = str(value)
        return values

    def _greeting(self, speech):
        """Return the first line: by name to a person, without one to a company."""
        recipient = self.recipient_id or self.partner_id
        name = "" if recipient.is_company else (recipient.name or "").strip()
        if len(name) > LONGEST_NAME_GREETED:
            name = ""
        if self.template_id.tone == "formal":
            return speech.env._("Dear %s,", name) if name else speech.env._("Dear Sir or Madam,")
        return speech.env._("Hello %s,", name) if name else speech.env._("Hello,")

    def _block_values(self, names, speech, today, company, user, link, asked, information):
        """Return the words that are HTML, by placeholder; only those the text names are written."""
        values = {}
        if "items" in names and asked:
            values["items"] = self._items_block("mail_items", speech, self._tables(speech, today, asked))
        if "other_items" in names and information:
            shown, more = information[:INFORMATION_SHOWN], information[INFORMATION_SHOWN:]
            values["other_items"] = self._items_block(
                "mail_other_items",
                speech,
                self._tables(speech, today, shown),
                some_late=any(row["date_due"] < today for row in information),
                more=self._more(speech, more),
            )
        for button in names.intersection(BUTTONS):
            if not link or (button == "agreement_button" and not self._has_agreement()):
                continue
            values[button] = self._common_block(
                "mail_button",
                speech,
                {"link": link},
                label=self.template_id.with_env(speech.env).button_label or speech.env._("See and pay"),
                color=company.email_secondary_color or "#875A7B",
                text_color=company.email_primary_color or "#FFFFFF",
            )
        if "pay_link" in names and link:
            values["pay_link"] = Markup('<a href="{0}">{0}</a>').format(link)
        if "plan" in names and (lines := (self.details or {}).get("plan")):
            values["plan"] = self._plan_block(speech, company, lines)
        if "offers" in names and (offers := (self.details or {}).get("offers")):
            values["offers"] = self._offers_block(speech, company, offers)
        if "bank_account" in names and asked:
            values["bank_account"] = self._bank_block(speech, company, asked)
        if "resources" in names and (
            offers := speech.shelf.offered(self.partner_id, company, self.purpose, speech.code)
        ):
            values["resources"] = self._common_block("mail_resources", speech, {}, offers=offers)
        if "policy_link" in names and (policy := speech.shelf.policy_of(company, speech.code)):
            values["policy_link"] = self._common_block(
                "mail_policy_link", speech, {}, title=policy.title, link=policy.link, address=plain_address(policy.link)
            )
        if "signature" in names:
            values["signature"] = self._common_block(
                "mail_signature",
                speech,
                {},
                name=user.partner_id.name or "",
                function=user.partner_id.function or "",
                company=company.name,
                phone=user.partner_id.phone or company.phone,
                email=user.partner_id.email_normalized or company.email,
            )
        return values

    def _details_currency(self, company):
        """Return the currency of the amounts in `details`."""
        code = (self.details or {}).get("currency")
        Currency = self.env["res.currency"].with_context(active_test=False)
        return (Currency.search([("name", "=", code)], limit=1) if code else Currency) or company.currency_id

    def _plan_block(self, speech, company, lines):
        """Return the table of a plan: its lines in `details` are dicts of date (ISO), amount and perhaps paid."""
        currency = self._details_currency(company)
        return self._block(
            "mail_plan",
            speech,
            lines=[
                {
                    "number": number,
                    "date": speech.day(fields.Date.to_date(line["date"])),
                    "amount": speech.amount(line["amount"], currency),
                    "paid": bool(line.get("paid")),
                }
                for number, line in enumerate(lines, 1)
            ],
            total=speech.amount(sum(line["amount"] for line in lines), currency),
        )

    def _offers_block(self, speech, company, offers):
        """Return the offers a customer may choose from: in `details`, dicts of kind, lines as of a plan, and waived amount."""
        currency = self._details_currency(company)
        words = [
            speech.env["collection.arrangement"]._offer_words(
                speech,
                currency,
                offer["kind"],
                [(fields.Date.to_date(line["date"]), line["amount"]) for line in offer["lines"]],
                offer["waived"],
            )
            for offer in offers
        ]
        return self._block(
            "mail_offers",
            speech,
            offers=[
                {"heading": speech.env._("Offer %(number)s: %(title)s", number=number, title=title), "lines": lines}
                for number, (title, *lines) in enumerate(words, 1)
            ],
        )

    def _more(self, speech, rows):
        """Return one line for the items that are not listed."""
        if not rows:
            return ""
        return speech.env._(
            "and %(count)s more, together %(total)s",
            count=len(rows),
            total=speech.listed(speech.amount(amount, currency) for currency, amount, _credit in self._totals(rows)),
        )

    def _block(self, template, speech, **values):
        return speech.env["ir.qweb"]._render(
            f"collections_relationship.{template}",
            {"start": speech.start, "end": speech.end, **values},
            minimal_qcontext=True,
        )

    def _items_block(self, template, speech, tables, more="", **values):
        """Write the tables of items; their frame is written once for all messages of a batch that have the same."""
        own = {"more": more} if more else {}
        framed = []
        for number, table in enumerate(tables):
            filled = {f"{name}{number}": table[name] for name in ("rows", "credit", "total") if table[name]}
            own.update(filled)
            marks = {name: OWN_MARK % f"{name}{number}" for name in ("rows", "credit", "total") if table[name]}
            framed.append({"credit": "", "total": "", **marks, "currency": table["currency"]})
        key = (template, tuple(own), tuple(table["currency"] for table in tables), *values.values())
        return self._fill_block(
            speech, key, own, lambda: self._block(template, speech, tables=framed, more=more and OWN_MARK % "more", **values)
        )

    def _common_block(self, template, speech, own, **values):
        """Write a block that many messages of a batch share, once for all; ``own`` is what differs."""
        key = (template, tuple(own), *values.values())
        marks = {name: OWN_MARK % name for name in own}
        return self._fill_block(speech, key, own, lambda: self._block(template, speech, **marks, **values))

    @staticmethod
    def _fill_block(speech, key, own, write):
        """Return the block of ``key`` with what is ``own`` in place of its marks.

        :param write: writes the block with its marks; called once for each key of a batch
        """
        if key not in speech.blocks:
            speech.blocks[key] = _OWN.split(write())
        pieces = [
            escape(own[piece]) if position % 2 else piece for position, piece in enumerate(speech.blocks[key])
        ]
        return Markup("".join(pieces))  # noqa: S704 - QWeb has escaped the block, `escape` what stands in it

    def _bank_block(self, speech, company, asked):
        """Return how to pay by transfer, or nothing when the company has no bank account."""
        bank_ids = dict.fromkeys(row["bank_id"] for row in asked if row["bank_id"])
        bank = company._collection_bank_account(self.env["res.partner.bank"].browse(bank_ids), asked[0]["currency"])
        if not bank:
            return ""
        references = list(dict.fromkeys(row["reference"] for row in asked if row["reference"]))
        reference = {"reference": ", ".join(references)} if 0 < len(references) <= 3 else {}
        return self._common_block(
            "mail_bank_account",
            speech,
            reference,
            holder=bank.acc_holder_name or company.name,
            number=bank._collection_number(),
            bic=bank.bank_bic or "",
        )

    # === FIGURES === #

    def _fetch_open_rows(self):
        """Return the open items of each step's customer, those asked for marked, in one statement.

        An item that is paid, held or covered meanwhile is never asked for, whatever was planned.
        A message that speaks for a branch shows that branch's items only.

        :return: step id to a list of rows (dict), the oldest due first
        """
        self.env["collection.item"].flush_model()
        self.env["account.move"].flush_model(
            ["name", "ref", "move_type", "invoice_date", "date", "partner_bank_id", "payment_reference"]
        )
        self.env["account.move.line"].flush_model(["name", "amount_currency"])
        self.flush_model(["case_id", "sender_company_id", "item_ids"])
        rows_by_step = defaultdict(list)
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT step.id AS step_id, item.id, item.line_id, item.move_id, item.currency_id, item.date_due,
                       item.residual, item.credit_applied, item.amount_asked, item.amount_company, item.hold_code,
                       COALESCE(stage.code, stage.id::text) AS stage,
                       CASE WHEN move.move_type = 'entry' THEN COALESCE(NULLIF(line.name, ''), move.ref, move.name)
                            ELSE move.name END AS invoice,
                       COALESCE(move.invoice_date, move.date) AS invoice_date,
                       line.amount_currency AS amount_full,
                       move.partner_bank_id AS bank_id,
                       COALESCE(NULLIF(move.payment_reference, ''), move.name) AS reference,
                       rel.item_id IS NOT NULL AND item.hold_code IS NULL AND item.amount_asked > 0 AS asked,
                       rel.item_id IS NOT NULL AS named
                  FROM collection_step step
                  JOIN collection_case cases ON cases.id = step.case_id
                  JOIN collection_item item
                    ON item.partner_id = cases.partner_id AND item.root_company_id = cases.company_id AND item.is_open
                   AND (COALESCE(step.sender_company_id, cases.company_id) = cases.company_id
                        OR item.company_id = step.sender_company_id)
                  JOIN account_move_line line ON line.id = item.line_id
                  JOIN account_move move ON move.id = item.move_id
             LEFT JOIN collection_stage stage ON stage.id = item.stage_id
             LEFT JOIN collection_item_step_rel rel ON rel.step_id = step.id AND rel.item_id = item.id
                 WHERE step.id = ANY(%(steps)s)
                   AND (item.hold_code IS NULL OR item.hold_code != ALL(%(never_shown)s))
                   AND item.residual > 0
                 ORDER BY step.id, item.date_due, move.name, item.id
                """,
                steps=self.ids,
                never_shown=list(NEVER_SHOWN),
            )
        )
        currencies = self.env["res.currency"].browse({row["currency_id"] for row in rows}).grouped("id")
        for row in rows:
            row["currency"] = currencies[row["currency_id"]]
            rows_by_step[row["step_id"]].append(row)
        return rows_by_step

    @staticmethod
    def _totals(rows):
        """Return (currency, amount to pay, credits taken off) of ``rows`` per currency, in their order."""
        amounts, credit = defaultdict(float), defaultdict(float)
        for row in rows:
            amounts[row["currency"]] += row["amount_asked"]
            credit[row["currency"]] += row["credit_applied"] or 0.0
        return [(currency, currency.round(amounts[currency]), currency.round(credit[currency])) for currency in amounts]

    def _tables(self, speech, today, rows):
        """Return one table per currency, as `mail_items` shows them: its rows are written, all else is text."""
        totals = self._totals(rows)
        tables = []
        for currency, amount, credit in totals:
            own = [row for row in rows if row["currency"] == currency]
            has_credit = not currency.is_zero(credit)
            tables.append(
                {
                    "currency": currency.name if len(totals) > 1 or currency != self.company_id.currency_id else "",
                    "rows": Markup("").join(self._table_row(speech, today, row) for row in own),
                    "credit": f"\N{MINUS SIGN}{speech.amount(credit, currency)}" if has_credit else "",
                    "total": speech.amount(amount, currency) if len(own) > 1 or has_credit else "",
                }
            )
        return tables

    def _table_row(self, speech, today, row):
        currency = row["currency"]
        notes = []
        if row["invoice_date"]:
            notes.append(speech.env._("of %s", speech.day(row["invoice_date"])))
        if currency.compare_amounts(row["residual"], row["amount_full"]) < 0:
            notes.append(speech.env._("open part of %s", speech.amount(row["amount_full"], currency)))
        if not row["asked"]:
            notes.append(
                {
                    "arranged": speech.env._("as agreed with you"),
                    "offered": speech.env._("we are talking about it with you"),
                    "paused": speech.env._("on hold"),
                    "blocked": speech.env._("on hold"),
                    "pending_payment": speech.env._("your payment is on its way"),
                    "covered": speech.env._("covered by your credit"),
                }.get(row["hold_code"], "")
            )
        note = ", ".join(note for note in notes if note)
        own = {
            "invoice": row["invoice"] or "",
            "due": speech.day(row["date_due"]),
            "distance": speech.distance((row["date_due"] - today).days),
            "amount": speech.amount(row["residual"], currency),
        }
        return self._common_block("mail_item_row", speech, {**own, "note": note} if note else own)

    def _facts(self, today, asked, information):
        """Return what the message says in figures, JSON-able, for the log."""

        def item(row):
            currency = row["currency"]
            return {
                "line": row["line_id"],
                "move": row["move_id"],
                "invoice": row["invoice"],
                "due": row["date_due"].isoformat(),
                "amount": currency.round(row["amount_asked"]),
                "residual": currency.round(row["residual"]),
                "credit": currency.round(row["credit_applied"] or 0.0),
                "currency": currency.name,
                "days_late": (today - row["date_due"]).days,
                "stage": row["stage"],
            }

        more = information[INFORMATION_SHOWN:]
        return {
            "asked": [item(row) for row in asked],
            "information": [item(row) for row in information[:INFORMATION_SHOWN]],
            "information_more": len(more),
            "totals": [
                {"currency": currency.name, "amount": amount} for currency, amount, _credit in self._totals(asked)
            ],
        }

    # === WHO SPEAKS TO WHOM === #

    def _message_langs(self):
        """Return the language of each step's message: the recipient's, the customer's, the company's.

        Only a language the template has words in: dates of one language among words of another
        read badly. The source of all templates is English.
        """
        installed = self.env["res.lang"]._get_active_by("code")
        worded = {template.id: template._worded_languages(template.id) for template in self.template_id}
        result = {}
        chosen = self.env.context.get("collection_message_lang")
        if chosen in installed:
            return dict.fromkeys(self.ids, chosen)
        for step in self:
            company = step.sender_company_id or step.company_id
            wanted = (step.recipient_id.lang, step.partner_id.lang, company.partner_id.lang, "en_US", *installed)
            usable = [code for code in wanted if code in installed]
            result[step.id] = next(
                (code for code in usable if code.startswith("en_") or code in worded.get(step.template_id.id, ())),
                usable[0],
            )
        return result

    def _senders(self):
        """Return the user who signs each step, possibly none."""
        return {step.id: step.user_id or step.case_id.user_id for step in self}

    def _mail_headers(self):
        """Return the sender and the reply address of each step's mail.

        The name is the responsible's. Answers go to the alias of the company's mail domain, which
        brings them back to the case; without a mail domain they go to the sender.

        :return: step id to ``{"email_from": ..., "reply_to": ...}``
        :rtype: dict[int, dict]
        """
        senders = self._senders()
        companies = self.sender_company_id | self.company_id
        aliases = self.env["mail.alias.domain"]._collection_addresses(companies.alias_domain_id)
        result = {}
        for step in self:
            company = step.sender_company_id or step.company_id
            author = senders[step.id].partner_id
            name = author.name or company.name
            alias = aliases.get(company.alias_domain_id.id)
            address = author.email_normalized or company.partner_id.email_normalized or alias
            result[step.id] = {
                "email_from": formataddr((name, address)) if address else False,
                "reply_to": formataddr((name, alias or address)) if alias or address else False,
            }
        return result
