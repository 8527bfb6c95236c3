"""Writes messages as letters: blocks that suit paper, the page around the words, one PDF of many letters.

The pages are one document that needs no server: style and pictures are inside it. Positions are exact
on paper, so that an address stands in the window of its envelope.
"""
import base64
import io
import logging
import re
from decimal import Decimal

from markupsafe import Markup

from odoo import models
from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.tools.image import image_data_uri
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from ..engine import paper, right_to_left
from ..engine.amount_words import in_words
from ..engine.vocabulary import BUTTONS
from .collection_step_render import _Speech

_logger = logging.getLogger(__name__)

#: Blocks of a message that look different on paper.
ON_PAPER = {
    "mail_items": "letter_items",
    "mail_other_items": "letter_other_items",
    "mail_item_row": "letter_item_row",
    "mail_signature": "letter_signature",
}
#: Blocks that lead somewhere; on paper they are one, with the account to pay into.
PAYING = {*BUTTONS, "bank_account", "pay_link"}
#: Without a patch that Debian leaves out, the program that prints lays out a page 1.302 times too wide
#: and shrinks it; enlarged by as much, a millimetre is one.
UNPATCHED_ZOOM = 1.302
#: A longer name takes the lines of an address away.
LONGEST_NAME = 76
#: References are at most this many on one line.
REFERENCES_SHOWN = 3


class CollectionStep(models.Model):
    _inherit = "collection.step"

    # === BLOCKS === #

    def _items_block(self, template, speech, tables, more="", **values):
        return super()._items_block(self._block_for_channel(template), speech, tables, more, **values)

    def _common_block(self, template, speech, own, **values):
        return super()._common_block(self._block_for_channel(template), speech, own, **values)

    def _block_for_channel(self, template):
        return ON_PAPER.get(template, template) if self.channel == "letter" else template

    def _block_values(self, names, speech, today, company, user, link, asked, information):
        """Paper has no buttons: where they would stand are codes to scan, the address, and the account."""
        if self.channel != "letter":
            return super()._block_values(names, speech, today, company, user, link, asked, information)
        values = super()._block_values(names - PAYING, speech, today, company, user, link, asked, information)
        address = self._letter_links()[self.id] if link else ""
        if "pay_link" in names and link:
            values["pay_link"] = Markup('<span dir="ltr">%s</span>') % _without_scheme(address)
        for name in ("pay_button", "answer_button", "bank_account", "agreement_button"):
            if name in names and (asked or link):
                values[name] = self._letter_pay_block(speech, company, asked, address)
                break
        return values

    def _letter_pay_block(self, speech, company, asked, address):
        """Return how to pay or answer from paper.

        :param asked: rows of the items asked for, possibly none
        :param str address: of the message's page, possibly none
        """
        draw = self.env["collection.qr"]
        totals = self._totals(asked)
        bank, reference, code = self.env["res.partner.bank"], "", None
        if asked:
            banks = bank.browse(dict.fromkeys(row["bank_id"] for row in asked if row["bank_id"]))
            bank = company._collection_bank_account(banks, asked[0]["currency"])
            references = list(dict.fromkeys(row["reference"] for row in asked if row["reference"]))
            reference = ", ".join(references) if len(references) <= REFERENCES_SHOWN else self._letter_reference()
        if bank and len(totals) == 1:
            currency, amount, _credit = totals[0]
            code = draw._draw_transfer(bank, amount, currency, reference, self.partner_id)
        return self._block(
            "letter_pay",
            speech,
            holder=bank.acc_holder_name or company.name,
            number=bank._collection_number() if bank else "",
            bic=bank.bank_bic or "",
            reference=reference,
            amount=speech.listed(speech.amount(amount, currency) for currency, amount, _credit in totals),
            words=self._amounts_in_words(speech, totals) if self.template_id.tone == "formal" else "",
            bank_code=code,
            page_code=draw._draw(address) if address else None,
            address=_breakable(address) if address else "",
        )

    @staticmethod
    def _amounts_in_words(speech, totals):
        """Return the amounts in words, nothing where the language has none."""
        written = [
            in_words(
                Decimal(f"{amount:.{currency.decimal_places}f}"), currency.name, currency.decimal_places, speech.code
            )
            for currency, amount, _credit in totals
        ]
        return speech.listed(written) if written and all(written) else ""

    def _letter_reference(self):
        """Return the text by which a letter is found again; no other letter has it."""
        self.ensure_one()
        return f"L{self.case_id.id}-{self.id}"

    # === PAGES === #

    def _letters_pdf_base64(self, rendered, now):
        return base64.b64encode(self._letters_pdf(rendered, now))

    def _letters_pdf(self, rendered, now):
        """Return one PDF of these letters in their order, each followed by the files that come with it.

        :param dict rendered: their words and files, as `_render_safely` returns them
        :param datetime now: naive UTC, the day on them
        :rtype: bytes
        """
        company = self.company_id[:1]
        letters = self._print_pages(self._letters_html(rendered, now), company)
        if not any(rendered[step.id].files for step in self):
            return letters
        pages = self._pages_of_letters(letters) or self._print_one_by_one(rendered, now, company)
        writer = PdfFileWriter()
        for step in self:
            for page in pages[step.id]:
                writer.addPage(page)
            for file in rendered[step.id].files:
                for page in _read_pages(file.content):
                    writer.addPage(page)
        with io.BytesIO() as buffer:
            writer.write(buffer)
            return buffer.getvalue()

    def _letters_html(self, rendered, now):
        """Return the letters as one document, a page break after each.

        :rtype: Markup
        """
        langs, users = self._message_langs(), self._senders()
        speeches = {code: _Speech(self.env, code) for code in set(langs.values())}
        links = self._letter_links()
        logos = {}
        pages = []
        for step in self:
            company, speech = step._speaker(), speeches[langs[step.id]]
            if company not in logos:
                logos[company] = _logo(company)
            pages.append(
                step._letter_page(speech, rendered[step.id], users[step.id], links[step.id], logos[company], now)
            )
        return self.env["ir.qweb"]._render(
            "collections_relationship.letter_document",
            {"pages": pages, "zoom": 1 if _wkhtml().is_patched_qt else UNPATCHED_ZOOM},
            minimal_qcontext=True,
        )

    def _letter_page(self, speech, message, user, address, logo, now):
        """Return one letter: the words and what stands around them."""
        company = self._speaker()
        window = company._collection_window()
        company_sudo = company.sudo()  # the letterhead of a branch whose contact the user may not read
        has_page = self.is_asking or self._has_link()
        today = company._collection_today(now)
        page = self._block(
            "letter_page",
            speech,
            window=window,
            margin_top=paper.MARGIN_TOP,
            direction=speech.direction,
            lang=speech.code.replace("_", "-"),
            logo=logo,
            company=company_sudo,
            sender_lines=_address_lines(company_sudo.partner_id, None, speech.env),
            return_line=_return_line(company_sudo),
            recipient_lines=self._letter_address(company_sudo, window),
            date=speech.day(today, "long"),
            reference=self._letter_reference(),
            contact=user.partner_id.name or "",
            phone=user.partner_id.phone or company_sudo.phone or "",
            email=user.partner_id.email_normalized or company_sudo.email or "",
            subject=message.subject,
            words=message.body_html,
            address=_breakable(address) if has_page else "",
            accent=company_sudo.email_secondary_color or "#875A7B",
        )
        if speech.direction == "rtl":
            return Markup(right_to_left.separate(str(page)))  # noqa: S704 - QWeb has escaped it, this keeps it so
        return page

    def _letter_address(self, company, window):
        """Return the recipient's address in the lines that show in the envelope's window."""
        person = self.recipient_id or self.partner_id
        names = [self.partner_id.name]
        if person != self.partner_id and not person.is_company and person.name:
            names.append(person.name)
        lines = [_shortened(name) for name in names if name]
        lines += _address_lines(person, company.country_id, company.with_context(lang=company.partner_id.lang).env)
        return lines[: window.lines - 1] + lines[-1:] if len(lines) > window.lines else lines

    # === PRINTING === #

    def _print_pages(self, html, company):
        """Turn a document into a PDF, on the paper of the company's country.

        :rtype: bytes
        """
        formats = {"A4": "paperformat_letter_a4", "Letter": "paperformat_letter_us"}
        paper_format = self.env.ref(f"collections_relationship.{formats[company._collection_window().paper]}").sudo()
        report = self.env["ir.actions.report"].sudo().new({"paperformat_id": paper_format.id})
        return report._run_wkhtmltopdf([f"<!DOCTYPE html>{html}"])

    def _pages_of_letters(self, pdf):
        """Return the pages of each letter of a PDF by step; nothing if they cannot be told apart.

        A letter begins where its reference stands.
        """
        pages = _read_pages(pdf)
        if len(pages) == len(self):
            return {step.id: [page] for step, page in zip(self, pages, strict=True)}
        expected = [step._letter_reference() for step in self]
        found = {}
        current = -1
        for page in pages:
            following = expected[current + 1] if current + 1 < len(expected) else None
            if following and re.search(rf"\b{following}\b", page.extract_text()):
                current += 1
            if current < 0:
                return {}
            found.setdefault(self[current].id, []).append(page)
        return found if len(found) == len(self) else {}

    def _print_one_by_one(self, rendered, now, company):
        """Return the pages of each letter by step, each printed alone."""
        _logger.info("The letters of one PDF cannot be told apart; each of %d is printed alone.", len(self))
        return {
            step.id: _read_pages(self._print_pages(step._letters_html(rendered, now), company)) for step in self
        }


def _read_pages(pdf):
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    return [reader.getPage(number) for number in range(reader.getNumPages())]


def _logo(company):
    """Return the company's own logo as an address for `img`, nothing where it is Odoo's."""
    company_sudo = company.sudo()  # the letterhead of a branch
    if company_sudo.uses_default_logo or not company_sudo.logo:
        return ""
    return image_data_uri(company_sudo.logo)


def _without_scheme(address):
    return address.partition("://")[2] or address


def _breakable(address):
    """Return an address as it is printed: without its scheme, able to break after a stroke and nowhere else."""
    parts = _without_scheme(address).split("/")
    return Markup("/<wbr/>").join(Markup('<span style="white-space:nowrap">%s</span>') % part for part in parts)


def _shortened(name):
    name = " ".join(name.split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _address_lines(partner, home, env):
    """Return street, town and country in the order of the partner's country.

    :param home: the country a letter is posted in, whose name is left out; None: no country at all
    """
    abroad = partner.country_id and home is not None and partner.country_id != home
    lines = [line.strip() for line in partner._display_address(without_company=True).splitlines()]
    country = partner.country_id.name
    lines = [line for line in lines if line and line != country]
    return lines + ([partner.country_id.with_env(env).name.upper()] if abroad else [])


def _return_line(company):
    """Return the sender in one line, for the small print above the recipient."""
    town = " ".join(part for part in (company.zip, company.city) if part)
    return " · ".join(part for part in (company.name, company.street, town) if part)
