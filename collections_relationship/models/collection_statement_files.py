"""Statements of account as PDF, many customers in one, and as XLSX.

The PDF is one HTML document that needs nothing from elsewhere: pictures are inside it, so that it looks the
same with a running server and without, and wkhtmltopdf of any make can print it.
"""
import io
import re

import xlsxwriter
from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, models
from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.exceptions import UserError

from ..engine import paper
from .collection_contact_export import FORMULA_SIGNS
from .collection_step_letter import UNPATCHED_ZOOM, _address_lines, _logo, _return_line, _shortened
from .collection_step_render import _Speech

#: Of a customer's name, what a file name takes.
LONGEST_NAME = 60
#: Excel takes no longer names of sheets.
LONGEST_SHEET = 31
#: Of a customer's name, what a transfer may say.
LONGEST_REFERENCE = 60
#: Companies choose any colour; what is none of these is not written into a style.
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}")
DAYS_OF_A_YEAR = 365.25


class CollectionStatement(models.Model):
    _inherit = "collection.statement"

    # === WHOSE WORDS === #

    @api.model
    def _lang_of(self, partner, company):
        """Return the code of the language a customer's statement is written in."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (partner.lang, company.partner_id.lang, self.env.lang, "en_US")
        return next((code for code in wanted if code in installed), min(installed))

    @api.model
    def _file_name(self, partners, today):
        """Return the name of a file with these customers' statements, without its ending."""
        name = partners.name if len(partners) == 1 else self.env._("%s customers", len(partners))
        letters = "".join(letter if letter.isalnum() or letter in " -_.&" else " " for letter in name or "")
        return self.env._(
            "Statement %(name)s %(day)s", name=" ".join(letters.split())[:LONGEST_NAME].strip(), day=today.isoformat()
        )

    # === PDF === #

    @api.model
    def _pdf(self, figures, links=None, internal=False):
        """Return the statements of these customers as one PDF, in their order, each beginning on a new page.

        :param figures: list of `Figures`
        :param dict links: partner id to the address of a payment page that shows nothing but these items
        :param bool internal: for colleagues, in the user's language: with why an item is not asked for, and
            how long the law lets us ask
        :rtype: bytes
        :raise UserError: the server has no wkhtmltopdf, or it failed
        """
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() not in ("ok", "workers"):
            raise UserError(self.env._("This server cannot make PDFs: wkhtmltopdf is missing. The XLSX works without."))
        company = figures[0].company.sudo()  # the paper of its country
        return self.env["collection.step"]._print_pages(self._html(figures, links, internal), company)

    @api.model
    def _html(self, figures, links=None, internal=False):
        """Return the document `_pdf` prints."""
        speeches, parts = {}, []
        limits = self._limitation_years(figures) if internal else {}
        for own in figures:
            code = self.env.lang or "en_US" if internal else self._lang_of(own.partner, own.company)
            speech = speeches.setdefault(code, _Speech(self.env, code))
            values = self._sheet(own, speech, (links or {}).get(own.partner.id), internal, limits.get(own.partner.id))
            parts.append(
                speech.env["ir.qweb"]._render("collections_relationship.report_statement", values, minimal_qcontext=True)
            )
        return self.env["ir.qweb"]._render(
            "collections_relationship.report_statement_document",
            {"parts": Markup("").join(parts), "zoom": 1 if _wkhtml().is_patched_qt else UNPATCHED_ZOOM},
            minimal_qcontext=True,
        )

    @api.model
    def _sheet(self, figures, speech, link=None, internal=False, limitation=None):
        """Return all that one customer's statement shows, as text, lists and pictures."""
        company = figures.company.with_env(speech.env).sudo()  # colours and address of the sender, nothing more
        partner = figures.partner.with_env(speech.env).sudo()
        window = company._collection_window()
        accounts = [self._sheet_account(account, figures, speech, internal, limitation) for account in figures.accounts]
        payable = [account for account in figures.accounts if account.currency.compare_amounts(account.to_pay, 0) > 0]
        bank, code, is_transfer = self._sheet_code(figures, payable, link)
        return {
            "lang": speech.code.replace("_", "-"),
            "direction": speech.direction,
            "start": speech.start,
            "end": speech.end,
            "color": company.primary_color if _COLOR.fullmatch(company.primary_color or "") else "#444444",
            "window": window,
            "margin_top": paper.MARGIN_TOP,
            "logo": _logo(company),
            "company": company,
            "sender_lines": _address_lines(company.partner_id, None, speech.env),
            "sender_contacts": list(filter(None, (company.phone, company.email, company.website))),
            "return_line": _return_line(company),
            "vat": company.vat or "",
            "address": self._window_lines(partner, company, window),
            "customer": partner,
            "day": speech.day(figures.today, "long"),
            "day_short": speech.day(figures.today),
            "since": speech.day(figures.start, "long"),
            "since_short": speech.day(figures.start),
            "internal": internal,
            "accounts": accounts,
            "limited": bool(limitation),
            "several": len(accounts) > 1,
            "bank": bank,
            "bank_number": bank._collection_number() if bank else "",
            "bank_holder": (bank.acc_holder_name or company.name) if bank else "",
            "code": code,
            "is_transfer": is_transfer,
            "to_pay": speech.amount(payable[0].to_pay, payable[0].currency) if payable else "",
            "to_pay_all": speech.listed(speech.amount(account.to_pay, account.currency) for account in payable),
            "reference": self._reference(figures),
        }

    @api.model
    def _sheet_code(self, figures, payable, link):
        """Return the account to pay into and the QR code, both possibly none.

        Where one amount is to be paid and the account's country has such codes, one that a banking app takes;
        else the address of the page.

        :return: tuple (bank account, code, whether it is for a banking app)
        """
        if not payable:
            return self.env["res.partner.bank"], None, False
        moves = self.env["account.move"].sudo().browse({line.move_id for line in payable[0].lines if line.residual > 0})
        currency = payable[0].currency
        bank = figures.company.sudo()._collection_bank_account(moves.partner_bank_id, currency)
        codes = self.env["collection.qr"]
        transfer = None
        if len(payable) == 1:
            customer = figures.partner.sudo()
            transfer = codes._draw_transfer(bank, payable[0].to_pay, currency, self._reference(figures), customer)
        return bank, transfer or (codes._draw(link) if link else None), bool(transfer)

    @api.model
    def _reference(self, figures):
        """Return what a transfer for this statement should say: a few numbers, else whose it is."""
        numbers = [
            line.number
            for account in figures.accounts
            for line in account.lines
            if line.residual > 0 and line.is_due and line.number
        ]
        numbers = list(dict.fromkeys(numbers))
        if 0 < len(numbers) <= 3:
            return ", ".join(numbers)
        return (figures.partner.ref or figures.partner.name or "")[:LONGEST_REFERENCE]

    @api.model
    def _window_lines(self, partner, company, window):
        """Return the address of the customer's invoices in the lines that show in the envelope's window."""
        to = partner.browse(partner.address_get(["invoice"])["invoice"]) or partner
        names = [partner.name] if to == partner or to.name in (False, partner.name) else [partner.name, to.name]
        lines = [_shortened(name) for name in names if name]
        lines += _address_lines(to, company.country_id, company.with_context(lang=company.partner_id.lang).env)
        return lines[: window.lines - 1] + lines[-1:] if len(lines) > window.lines else lines

    @api.model
    def _sheet_account(self, account, figures, speech, internal, limitation):
        """Return one currency of a statement as text."""
        currency = account.currency

        def money(value):
            return speech.amount(value, currency)

        return {
            "currency": currency.name,
            "history": bool(figures.start),
            "opening": money(account.opening),
            "movements": [
                {
                    "day": speech.day(movement.day),
                    "what": self._movement_words(movement, speech),
                    "note": self._branch_name(movement, figures, speech),
                    "amount": money(movement.amount),
                    "balance": money(movement.balance),
                }
                for movement in account.movements
            ],
            "lines": [self._sheet_line(line, figures, speech, money, internal, limitation) for line in account.lines],
            "payments": [
                self._sheet_line(line, figures, speech, money, internal, limitation) for line in account.payments
            ],
            "receipts": [
                {"day": speech.day(receipt.day), "number": receipt.number, "amount": money(-receipt.amount)}
                for receipt in account.receipts
            ],
            "open_total": money(account.open_total),
            "unmatched": money(account.unmatched) if account.payments else "",
            "closing": money(account.closing),
            "received": money(-account.received) if account.receipts else "",
            "remaining": money(currency.round(account.closing - account.received)) if account.receipts else "",
            "overdue": money(account.overdue) if currency.compare_amounts(account.overdue, 0) > 0 else "",
            "held": money(account.held) if currency.compare_amounts(account.held, 0) > 0 else "",
            "to_pay": money(account.to_pay),
        }

    @api.model
    def _sheet_line(self, line, figures, speech, money, internal, limitation):
        notes = [line.reference] if line.reference and line.reference != line.number else []
        if abs(line.residual) < abs(line.amount):
            notes.append(speech.env._("open part of %s", money(line.amount)))
        notes.append(self._branch_name(line, figures, speech))
        owed = line.residual > 0
        late = (line.due - figures.today).days
        return {
            "day": speech.day(line.day),
            "number": self._line_words(line, speech),
            "note": ", ".join(filter(None, notes)),
            "hold": self._hold_words(line, speech, internal),
            "due": speech.day(line.due) if owed else "",
            "distance": speech.distance(late) if owed and late < 0 else "",
            "residual": money(line.residual),
            "balance": money(line.balance),
            "limit": speech.day(self._limit_day(line, limitation)),
        }

    @api.model
    def _limit_day(self, line, years):
        """Return the first day on which a claim might be too old to sue for; `None` where no pack says so."""
        if not years or line.residual <= 0:
            return None
        whole, part = divmod(years, 1)
        return line.due + relativedelta(years=int(whole), days=round(part * DAYS_OF_A_YEAR))

    @api.model
    def _limitation_years(self, figures):
        """Return after how many years each customer's debts may be too old to sue for, where a pack says so."""
        limits = {}
        by_company = {}
        for own in figures:
            by_company.setdefault(own.company, []).append(own.partner.id)
        for company, partner_ids in by_company.items():
            facts = self.env["collection.guard"]._facts(self.env.cr.now(), company, partner_ids)
            for partner_id in partner_ids:
                packs = facts.packs_of(partner_id, facts.policy_of(partner_id))
                years = [rules.limitation_years for rules in packs if rules.limitation_years]
                if years:
                    limits[partner_id] = min(years)
        return limits

    # === WORDS === #

    @api.model
    def _kind_labels(self, env):
        return {
            "invoice": env._("Invoice"),
            "credit_note": env._("Credit note"),
            "payment": env._("Payment"),
            "entry": env._("Booking"),
            "transfer": env._("Settled with"),
        }

    @api.model
    def _line_words(self, line, speech):
        """Return what an open entry is called; an invoice's number says enough."""
        if line.kind in ("credit_note", "payment"):
            return f"{self._kind_labels(speech.env)[line.kind]} {line.number}"
        return line.number or self._kind_labels(speech.env)[line.kind]

    @api.model
    def _movement_words(self, movement, speech):
        label = self._kind_labels(speech.env)[movement.kind]
        if movement.kind == "transfer":
            return speech.env._("%(reference)s, settled with %(number)s", reference=movement.reference, number=movement.number)
        return f"{label} {movement.number}"

    @api.model
    def _branch_name(self, entry, figures, speech):
        """Return the name of the branch an entry is of, nothing for the company at the top."""
        if not entry.company_id or entry.company_id == figures.company.id:
            return ""
        return speech.env["res.company"].sudo().browse(entry.company_id).name  # the customer knows whom he bought from

    @api.model
    def _hold_words(self, line, speech, internal):
        """Return why an item is not asked for now: to the customer what he knows, to colleagues all of it."""
        env = speech.env
        if internal:
            labels = dict(env["collection.item"]._fields["hold_code"]._description_selection(env))
            return env._("Contested") if line.hold == "dispute" else labels.get(line.hold, "")
        return {
            "dispute": env._("We are looking into it"),
            "arranged": env._("As agreed: paid on the days we agreed on"),
            "offered": env._("We are talking about it with you"),
            "paused": env._("On hold: no need to pay it now"),
            "blocked": env._("On hold: no need to pay it now"),
            "excluded": env._("On hold: no need to pay it now"),
            "pending_payment": env._("Your payment is on its way"),
            "covered": env._("Covered by your credit"),
        }.get(line.hold, "")

    # === XLSX === #

    @api.model
    def _xlsx(self, figures, internal=False):
        """Return the statements of these customers as a workbook: a sheet per currency, with history two.

        Dates and amounts are real ones; sums are formulas that carry their result.

        :param figures: list of `Figures`
        :rtype: bytes
        """
        code = self.env.lang or "en_US"
        if len(figures) == 1 and not internal:
            code = self._lang_of(figures[0].partner, figures[0].company)
        speech = _Speech(self.env, code)
        file = io.BytesIO()
        workbook = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book = _Book(workbook, speech, len(figures) > 1)
        limits = self._limitation_years(figures) if internal else {}
        currencies = {}
        for own in figures:
            for account in own.accounts:
                currencies.setdefault(account.currency, []).append((own, account))
        for currency, accounts in currencies.items():
            self._xlsx_open(book, currency, accounts, speech, internal, limits)
            if any(own.start for own, _account in accounts):
                self._xlsx_history(book, currency, accounts, speech)
        if not currencies:
            sheet = book.sheet(speech.env._("Statement"), [speech.env._("Nothing is open.")])
            sheet.set_column(0, 0, 40)
        workbook.close()
        return file.getvalue()

    @api.model
    def _xlsx_open(self, book, currency, accounts, speech, internal, limits):
        env = speech.env
        heads = [
            env._("Date"), env._("Document"), env._("Reference"), env._("Due"), env._("Days late"), env._("Amount"),
            env._("Open"), env._("Balance"), env._("Remark"),
        ]  # fmt: skip
        if internal:
            heads.append(env._("Time limit, at the earliest"))
        sheet = book.sheet(currency.name, heads)
        for own, account in accounts:
            first = book.row
            for line in account.lines + account.payments:
                is_payment = line in account.payments
                note = env._("Payment not yet matched") if is_payment else self._hold_words(line, speech, internal)
                cells = [
                    line.day, self._line_words(line, speech), line.reference,
                    line.due if line.residual > 0 else None, line.days_late or None, (line.amount, currency),
                    (line.residual, currency), None, note,
                ]  # fmt: skip
                if internal:
                    cells.append(self._limit_day(line, limits.get(own.partner.id)))
                book.write_row(sheet, own, cells)
                book.running(sheet, currency, first, line.balance)
            book.total(sheet, own, env._("Balance"), currency, first, account.closing)
            for receipt in account.receipts:
                amount = (-receipt.amount, currency)
                note = env._("Received, being booked; not in the balance")
                book.write_row(sheet, own, [receipt.day, receipt.number, "", None, None, amount, None, None, note])

    @api.model
    def _xlsx_history(self, book, currency, accounts, speech):
        env = speech.env
        heads = [
            env._("Date"), env._("Document"), env._("Reference"), env._("Due"), env._("Amount"), env._("Balance"),
        ]  # fmt: skip
        sheet = book.sheet(env._("%s history", currency.name), heads)
        for own, account in accounts:
            first = book.row
            book.write_row(sheet, own, [own.start, env._("Opening balance"), "", None, (account.opening, currency), None])
            book.running(sheet, currency, first, account.opening, column=4)
            for movement in account.movements:
                reference = "" if movement.kind == "transfer" else movement.reference
                book.write_row(
                    sheet,
                    own,
                    [movement.day, self._movement_words(movement, speech), reference, movement.due,
                     (movement.amount, currency), None],
                )  # fmt: skip
                book.running(sheet, currency, first, movement.balance, column=4)
            book.total(sheet, own, env._("Closing balance"), currency, first, account.closing, column=4)


class _Book:
    """Writes rows of a workbook; remembers where it is and the formats it needs."""

    def __init__(self, workbook, speech, several):
        self._workbook = workbook
        self._speech = speech
        self._several = several
        self._head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._money = {}
        self.row = 1

    def sheet(self, name, heads):
        """Begin a sheet with frozen heads; the customer's name is the first column where there are several."""
        name = re.sub(r"[\[\]:*?/\\']", " ", name)[:LONGEST_SHEET]
        sheet = self._workbook.add_worksheet(name)
        if self._speech.direction == "rtl":
            sheet.right_to_left()
        heads = [self._speech.env._("Customer"), *heads] if self._several else heads
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self._head)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 30 if self._several else 12)
        sheet.set_column(1, len(heads) - 1, 16)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        self.row = 1
        return sheet

    def write_row(self, sheet, figures, cells):
        """Write one row: days as dates, (amount, currency) as numbers, everything else as text."""
        cells = [figures.partner.name or "", *cells] if self._several else cells
        for column, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, tuple):
                sheet.write_number(self.row, column, cell[0], self._format(cell[1]))
            elif isinstance(cell, (int, float)):
                sheet.write_number(self.row, column, cell)
            elif hasattr(cell, "isoformat"):
                sheet.write_datetime(self.row, column, cell, self._day)
            else:
                sheet.write_string(self.row, column, _harmless(cell), self._text)
        self.row += 1

    def running(self, sheet, currency, first, value, column=6):
        """Write the running balance beside the last row: a formula over this customer's rows so far."""
        column += self._several
        row = self.row - 1
        start = xlsxwriter.utility.xl_rowcol_to_cell(first, column, row_abs=True)
        end = xlsxwriter.utility.xl_rowcol_to_cell(row, column)
        sheet.write_formula(row, column + 1, f"=SUM({start}:{end})", self._format(currency), value)

    def total(self, sheet, figures, label, currency, first, value, column=6):
        """Write the sum of the customer's rows since `first`, and leave a row free."""
        place = column + self._several
        if self._several:
            sheet.write_string(self.row, 0, _harmless(figures.partner.name or ""), self._text)
        sheet.write_string(self.row, self._several + 1, label, self._head)
        if self.row > first:
            cells = xlsxwriter.utility.xl_range(first, place, self.row - 1, place)
            sheet.write_formula(self.row, place, f"=SUM({cells})", self._format(currency, bold=True), value)
        else:
            sheet.write_number(self.row, place, value, self._format(currency, bold=True))
        self.row += 2

    def _format(self, currency, bold=False):
        if (currency, bold) not in self._money:
            digits = f"0.{'0' * currency.decimal_places}" if currency.decimal_places else "0"
            self._money[currency, bold] = self._workbook.add_format({"num_format": f"#,##{digits}", "bold": bold})
        return self._money[currency, bold]


def _harmless(text):
    """Return a text that no spreadsheet takes for a formula, also after it was saved as CSV."""
    text = str(text)
    return f"'{text}" if text.lstrip(" \ufeff\u200b\n").startswith(FORMULA_SIGNS) else text
