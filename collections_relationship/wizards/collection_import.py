"""Imports where another system stood with each customer or invoice.

Every row is checked before anything is written: a file with one bad row imports nothing, and each
bad row is named with its line and the reason.
"""

import base64
import binascii
import csv
import io
import re
from collections import defaultdict
from datetime import date, datetime, time
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize
from odoo.tools.misc import format_date, formatLang

COLUMNS = ("customer", "invoice", "stage", "last_contact", "promise_date", "promise_amount", "dispute")
NO_WORDS = frozenset({"", "no", "n", "0", "false"})
YES_WORDS = frozenset({"yes", "y", "1", "true", "x"})
#: A contested invoice of another system is left alone this long, so that somebody can look into it.
DISPUTE_DAYS = 30
MOST_PROBLEMS_SHOWN = 50
#: One decimal mark, whichever; groups of thousands could be either and are refused.
AMOUNT = re.compile(r"-?[0-9]+([.,][0-9]+)?")


class Row(NamedTuple):
    """One row of the file, understood."""

    line: int
    partner: models.Model
    move: models.Model
    items: models.Model
    stage: models.Model
    last_contact: date | None
    promise_date: date | None
    promise_amount: float
    disputed: bool
    dispute_note: str


class CollectionImport(models.TransientModel):
    _name = "collection.import"
    _description = "Import Where Another System Stood"
    _inherit = ["collection.setup"]

    file = fields.Binary(string="CSV File", attachment=False)
    filename = fields.Char()
    dispute_until = fields.Date(
        string="Leave Contested Ones Alone Until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=DISPUTE_DAYS),
    )
    state = fields.Selection(
        [("draft", "Choose a File"), ("wrong", "To Mend"), ("done", "Done")], default="draft", required=True
    )
    problems = fields.Text(readonly=True)
    result = fields.Text(readonly=True)

    def action_import(self):
        """Check every row; write all of them, or none and say what is wrong with which."""
        self.ensure_one()
        self._check_manager()
        today = self.company_id._collection_today(fields.Datetime.now())
        rows, problems = self._understand(self._read(), today)
        if problems:
            shown = problems[:MOST_PROBLEMS_SHOWN]
            if len(problems) > len(shown):
                shown.append(self.env._("... and %(count)s more.", count=len(problems) - len(shown)))
            self.write({"state": "wrong", "problems": "\n".join(shown), "result": False})
        else:
            self.write({"state": "done", "problems": False, "result": self._apply(rows, today)})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Where Another System Stood"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_sample(self):
        """Download a file to start from."""
        return {
            "type": "ir.actions.act_url",
            "url": "/collections_relationship/static/import_sample.csv",
            "target": "download",
        }

    # === READ === #

    def _read(self):
        """Return the rows of the file as (line number, values by column).

        :raises UserError: it is no readable CSV file, or a column is missing or unknown
        """
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            text = base64.b64decode(self.file).decode("utf-8-sig")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise UserError(
                self.env._("The file is not text in UTF-8. Save it as “CSV UTF-8” and try again.")
            ) from error
        header = text.partition("\n")[0]
        delimiter = max(",;\t", key=header.count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            names = [(name or "").strip().lower() for name in reader.fieldnames or []]
            self._check_columns(names)
            reader.fieldnames = names
            return [
                (reader.line_num, {name: (values.get(name) or "").strip() for name in COLUMNS}, values.get(None))
                for values in reader
                if any(value for value in values.values() if value)
            ]
        except csv.Error as error:
            raise UserError(
                self.env._("Line %(line)s of the file cannot be read: %(error)s.", line=reader.line_num, error=error)
            ) from error

    def _check_columns(self, names):
        if "customer" not in names:
            raise UserError(
                self.env._(
                    "The first line of the file must name its columns, among them “customer”. Known: %s.",
                    ", ".join(COLUMNS),
                )
            )
        unknown = [name for name in names if name not in COLUMNS]
        if unknown:
            raise UserError(
                self.env._(
                    "The file has columns nobody knows: %(unknown)s. Known: %(known)s.",
                    unknown=", ".join(unknown),
                    known=", ".join(COLUMNS),
                )
            )

    # === UNDERSTAND === #

    def _understand(self, raw_rows, today):
        """Return the rows understood, and a sentence for each that is not.

        :return: (list of Row, list of str)
        """
        partners = self._find_partners({values["customer"] for _line, values, _rest in raw_rows})
        all_partners = self.env["res.partner"].union(*partners.values())
        # Items may be newer than the last night: look again, for these customers only.
        self.env["collection.item"].sudo()._refresh(
            today, fields.Datetime.now(), self.company_id, partner_ids=all_partners.ids
        )
        items = self.env["collection.item"].search(
            [
                ("partner_id", "in", all_partners.ids),
                ("root_company_id", "=", self.company_id.id),
                ("is_open", "=", True),
            ]
        )
        moves = self._find_moves({values["invoice"] for _line, values, _rest in raw_rows if values["invoice"]})
        items_by_partner = items.grouped("partner_id")
        rows, problems, seen = [], [], {}
        for line, values, rest in raw_rows:
            row, wrong = self._understand_row(line, values, partners, moves, items_by_partner, today)
            if rest:
                wrong.insert(0, self.env._("it has more values than the file has columns"))
            if not wrong and (row.partner, row.move) in seen:
                wrong.append(
                    self.env._(
                        "it says again what line %(line)s says about the same", line=seen[row.partner, row.move]
                    )
                )
            if wrong:
                problems.append(self.env._("Line %(line)s: %(problem)s.", line=line, problem="; ".join(wrong)))
            else:
                seen[row.partner, row.move] = line
                rows.append(row)
        if not raw_rows:
            problems.append(self.env._("The file holds no rows below its first line."))
        return rows, problems

    def _understand_row(self, line, values, partners, moves, items_by_partner, today):
        """Return one row understood, and everything that is wrong with it, each as the end of a sentence.

        :return: (Row, list of str); the row counts only while nothing is wrong
        """
        wrong = []

        def read(reader, *arguments, otherwise=None):
            try:
                return reader(*arguments)
            except UserError as error:
                wrong.append(str(error))
                return otherwise

        partner = read(self._one_partner, values["customer"], partners, otherwise=self.env["res.partner"])
        items = items_by_partner.get(partner, self.env["collection.item"])
        move = self.env["account.move"]
        if values["invoice"] and partner:
            move = read(self._one_move, values["invoice"], partner, moves, otherwise=move)
            items = items.filtered(lambda item: item.move_id == move)
            if move and not items:
                wrong.append(self.env._("nothing is open on %(invoice)s", invoice=move.name))
        last_contact = read(self._date, values["last_contact"], "last_contact")
        if last_contact and last_contact > today:
            wrong.append(self.env._("last_contact %(day)s is in the future", day=values["last_contact"]))
        stage = read(self._stage, values["stage"], items, partner, otherwise=self.env["collection.stage"])
        if values["stage"] and not values["last_contact"]:
            wrong.append(self.env._("a stage needs last_contact, the day on which it was reached"))
        promise_date = read(self._date, values["promise_date"], "promise_date")
        promise_amount = read(self._amount, values["promise_amount"], otherwise=0.0)
        if values["promise_amount"] and not values["promise_date"]:
            wrong.append(self.env._("promise_amount needs promise_date"))
        dispute = values["dispute"]
        disputed = dispute.lower() not in NO_WORDS
        note = dispute if disputed and dispute.lower() not in YES_WORDS else ""
        row = Row(line, partner, move, items, stage, last_contact, promise_date, promise_amount, disputed, note)
        return row, wrong

    def _find_partners(self, keys):
        """Return the commercial partners each key (reference, VAT number, e-mail or name) may mean."""
        keys = {key for key in keys if key}
        emails = {email_normalize(key): key for key in keys if email_normalize(key)}
        plain = {key.replace(" ", "").lower(): key for key in keys}
        domain = Domain.OR(
            [
                Domain("ref", "in", list(keys)),
                Domain("vat", "in", list(keys) + [key.replace(" ", "") for key in keys]),
                Domain("email_normalized", "in", list(emails)),
                Domain.OR(
                    Domain("name", "=ilike", key.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_"))
                    for key in keys
                ),
            ]
        ) & Domain(
            "company_id", "in", [False, *self.env["res.company"].search([("id", "child_of", self.company_id.id)]).ids]
        )
        found = defaultdict(lambda: defaultdict(lambda: self.env["res.partner"]))
        lower = {key.lower(): key for key in keys}
        for partner in self.env["res.partner"].search(domain):
            matches = (
                partner.ref if partner.ref in keys else None,
                plain.get((partner.vat or "").replace(" ", "").lower()),
                emails.get(partner.email_normalized),
                lower.get((partner.name or "").lower()),
            )
            for rank, key in enumerate(matches):
                if key:
                    found[key][rank] |= partner.commercial_partner_id
        # The surest kind of match decides: a reference before a VAT number, an e-mail, a name.
        return {key: by_rank[min(by_rank)] for key, by_rank in found.items()}

    def _one_partner(self, key, partners):
        if not key:
            raise UserError(self.env._("it names no customer"))
        partner = partners.get(key)
        if not partner:
            raise UserError(self.env._("no customer has “%(key)s” as reference, VAT number, e-mail or name", key=key))
        if len(partner) > 1:
            raise UserError(
                self.env._("“%(key)s” means %(count)s customers; use the reference", key=key, count=len(partner))
            )
        return partner

    def _find_moves(self, numbers):
        moves = self.env["account.move"].search(
            [
                ("name", "in", list(numbers)),
                ("state", "=", "posted"),
                ("company_id", "child_of", self.company_id.id),
                ("move_type", "in", ("out_invoice", "out_receipt", "entry")),
            ]
        )
        return moves.grouped("name")

    def _one_move(self, number, partner, moves):
        found = moves.get(number, self.env["account.move"])
        if not found:
            raise UserError(self.env._("there is no confirmed invoice “%(number)s”", number=number))
        of_partner = found.filtered(
            lambda move: partner in (move.commercial_partner_id | move.line_ids.partner_id.commercial_partner_id)
        )
        if not of_partner:
            raise UserError(
                self.env._(
                    "invoice “%(number)s” is not one of %(customer)s", number=number, customer=partner.display_name
                )
            )
        if len(of_partner) > 1:
            raise UserError(self.env._("several invoices are called “%(number)s”", number=number))
        return of_partner

    def _stage(self, text, items, partner):
        """Return the stage called so, or that many steps up the ladder, of the policy that applies."""
        if not text:
            return self.env["collection.stage"]
        policy = items.policy_id[:1] or partner.with_company(self.company_id).collection_policy_id
        policy = policy or self.company_id._collection_default_policy()
        stages = policy.stage_ids.sorted("days")
        if text.isdigit():
            late_stages = stages.filtered(lambda stage: stage.days >= 0)
            level = int(text)
            if not 1 <= level <= len(late_stages):
                raise UserError(
                    self.env._(
                        "there is no level %(level)s, “%(policy)s” has %(count)s",
                        level=level,
                        policy=policy.name,
                        count=len(late_stages),
                    )
                )
            return late_stages[level - 1]
        stage = stages.filtered(lambda stage: text.lower() in ((stage.code or "").lower(), stage.name.lower()))
        if not stage:
            raise UserError(
                self.env._(
                    "“%(policy)s” has no stage “%(stage)s”; it has %(known)s",
                    policy=policy.name,
                    stage=text,
                    known=", ".join(stages.mapped("name")),
                )
            )
        return stage[0]

    def _date(self, text, column):
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise UserError(
                self.env._("%(column)s “%(text)s” is no date; write it as 2026-01-31", column=column, text=text)
            ) from error

    def _amount(self, text):
        if not text:
            return 0.0
        plain = text.replace(" ", "")
        if not AMOUNT.fullmatch(plain):
            raise UserError(self.env._("promise_amount “%(text)s” is no number; write it as 1234.50", text=text))
        amount = float(plain.replace(",", "."))
        if self.company_id.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("promise_amount “%(text)s” must be above zero", text=text))
        return amount

    # === WRITE === #

    def _apply(self, rows, today):
        """Write all rows and return in words what was written."""
        asked = self._apply_stages(rows)
        contacts = self._apply_contacts(rows)
        holds = self._apply_holds(rows, today)
        partners = self.env["res.partner"].union(*(row.partner for row in rows))
        # The manager's right was checked when the import started; items are written by refresh alone.
        self.env["collection.item"].sudo()._refresh(
            today, fields.Datetime.now(), self.company_id, partner_ids=partners.ids
        )
        return "\n".join(
            [
                self.env._("Rows imported: %(count)s. Customers: %(customers)s.", count=len(rows), customers=len(partners)),
                self.env._("Open items that know the stage they were last asked at: %(count)s.", count=asked),
                self.env._("Contacts added to the log: %(count)s. Already there: %(known)s.", **contacts),
                self.env._("Pauses set for promises and contested invoices: %(count)s. Already there: %(known)s.", **holds),
            ]
        )

    def _apply_stages(self, rows):
        """Say on the items when and at which stage they were last asked for; return how many."""
        items_by_state = defaultdict(lambda: self.env["collection.item"])
        for row in rows:
            if row.stage:
                items_by_state[row.stage, row.last_contact] |= row.items.filtered(
                    lambda item, row=row: row.move or item.date_due <= row.last_contact
                )
        for (stage, day), items in items_by_state.items():
            # The manager's right was checked when the import started; nobody writes items directly.
            items.sudo()._note_asked(stage, day)
        return sum(len(items) for items in items_by_state.values())

    def _apply_contacts(self, rows):
        """Add one contact to the log for each row it does not know yet; return how many, and how many it knew."""
        cases = self.env["collection.case"].search(
            [
                ("partner_id", "in", [row.partner.id for row in rows]),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "open"),
            ]
        )
        case_by_partner = cases.grouped("partner_id")
        known = self._known_contacts(cases.browse().partner_id.union(*(row.partner for row in rows)))
        vals_list = [
            {
                "case_id": case_by_partner.get(row.partner, cases.browse()).id,
                "partner_id": row.partner.id,
                "company_id": self.company_id.id,
                "date": datetime.combine(row.last_contact, time(12)) if row.last_contact else fields.Datetime.now(),
                "kind": "imported",
                "direction": "out",
                "channel": "other",
                "is_asking": bool(row.last_contact),
                "purpose": row.stage.purpose if row.stage else False,
                "stage_id": row.stage.id,
                "user_id": self.env.uid,
                "note": self._note(row),
                "reason": {"code": "imported"},
                "facts": {"open": row.items._ledger_now()},
                "move_ids": [fields.Command.set(row.items.move_id.ids)],
            }
            for row in rows
            if (row.partner, row.last_contact, self._note(row)) not in known
        ]
        # The manager's right was checked when the import started; nobody adds to the log directly.
        self.env["collection.contact"].sudo().create(vals_list)
        return {"count": len(vals_list), "known": len(rows) - len(vals_list)}

    def _known_contacts(self, partners):
        """Return what earlier imports said of these customers, as a set of (customer, day, note).

        Where a row named no day its contact has that of its import, which says nothing: None here.
        """
        contacts = self.env["collection.contact"].search(
            [("partner_id", "in", partners.ids), ("company_id", "=", self.company_id.id), ("kind", "=", "imported")]
        )
        return {
            (contact.partner_id, contact.date.date() if contact.is_asking else None, contact.note)
            for contact in contacts
        }

    def _note(self, row):
        """Return in words what the other system knew."""
        parts = [self.env._("From another system.")]
        if row.move:
            parts.append(self.env._("Invoice: %s.", row.move.name))
        if row.stage:
            parts.append(self.env._("Stage: %s.", row.stage.name))
        if row.promise_date:
            promise = self.env._("Promised to pay by %s.", format_date(self.env, row.promise_date))
            if row.promise_amount:
                promise = self.env._(
                    "Promised to pay %(amount)s by %(day)s.",
                    amount=formatLang(self.env, row.promise_amount, currency_obj=self.company_id.currency_id),
                    day=format_date(self.env, row.promise_date),
                )
            parts.append(promise)
        if row.disputed:
            parts.append(
                self.env._("Contested: %s.", row.dispute_note) if row.dispute_note else self.env._("Contested.")
            )
        return " ".join(parts)

    def _apply_holds(self, rows, today):
        """Pause what was promised or is contested; return how many pauses that makes, and how many there were."""
        vals_list = []
        for row in rows:
            common = {
                "partner_id": row.partner.id,
                "company_id": self.company_id.id,
                "move_id": row.move.id,
                "date_start": today,
                "note": self._note(row),
            }
            if row.promise_date and row.promise_date >= today:
                vals_list.append({**common, "reason": "promise", "date_end": row.promise_date})
            if row.disputed:
                vals_list.append({**common, "reason": "dispute", "date_end": self.dispute_until})
        known = {
            (hold.partner_id.id, hold.move_id.id, hold.reason, hold.note)
            for hold in self.env["collection.hold"].search(
                [
                    ("partner_id", "in", [row.partner.id for row in rows]),
                    ("company_id", "=", self.company_id.id),
                    ("date_end", ">=", today),
                ]
            )
        }
        fresh = [
            vals
            for vals in vals_list
            if (vals["partner_id"], vals["move_id"], vals["reason"], vals["note"]) not in known
        ]
        self.env["collection.hold"].create(fresh)
        return {"count": len(fresh), "known": len(vals_list) - len(fresh)}
