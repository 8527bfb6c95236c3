"""The contact log as rows for a file: one dict per contact, read in bulk."""
import json
from collections import namedtuple
from datetime import timezone

from odoo import api, models
from odoo.tools.misc import format_date, format_datetime

from ..engine import calendar, plain_text

#: Columns of the CSV, in their order. Their names are stable, whatever the language: a machine reads them.
COLUMNS = (
    "id", "date", "direction", "channel", "kind", "kind_text", "outcome", "outcome_text", "requested", "place",
    "purpose", "stage", "customer", "customer_id", "person", "address", "by", "company", "is_asking", "amount",
    "currency", "asked", "invoices", "why_now", "set_aside", "note", "text_deleted_on", "message_id", "facts", "reason",
)  # fmt: skip
TEXT_COLUMNS = ("subject", "text")
#: A spreadsheet takes what starts with one of these for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

#: What wraps the words of a message of ours; around it stands the mail layout.
WORDS_CLASS = "o_collection_mail"

#: One contact as a person reads it.
LogLine = namedtuple(
    "LogLine",
    "contact when direction channel kind outcome person address by amount amount_company totals invoices why set_aside "
    "note deleted subject text",
)


class CollectionContact(models.Model):
    _inherit = "collection.contact"

    def action_export_log(self):
        """Open the export of the chosen contacts, or of all their customers have."""
        return self.env["collection.log.export"]._action_open(self.partner_id, contacts=self)

    @api.model
    def _log_of(self, customers, start=None, end=None):
        """Return the contacts of these customers that the user may see, the oldest first.

        :param customers: commercial partners; contacts of their people and of what was merged into them count
        :param start: naive UTC, first moment; `None` for all
        :param end: naive UTC, first moment after; `None` for all
        """
        customers.check_access("read")
        everybody = self.env["res.partner"].sudo().with_context(active_test=False)  # ids only: the log's own rules decide
        partners = everybody.search([("commercial_partner_id", "in", customers.ids)])
        domain = [("partner_id", "in", partners.ids)]
        if start:
            domain.append(("date", ">=", start))
        if end:
            domain.append(("date", "<", end))
        return self.search(domain, order="date, id")

    def _read_log(self, zone, with_texts):
        """Yield these contacts as a person reads them, in the user's language.

        :param str zone: name of the time zone of the moments
        :param bool with_texts: with subject and text of each message
        """
        self.check_access("read")
        log = self.sudo()  # who may read a contact may read whom it names
        currencies = self._currencies()
        names = {name: self._labels(name) for name in ("direction", "channel", "kind", "outcome")}
        for contact in log:
            totals = contact._asked_totals(currencies)
            is_foreign = any(currency != contact.currency_id for currency, _amount in totals)
            yield LogLine(
                contact=contact,
                when=format_datetime(self.env, contact.date, tz=zone, dt_format="short"),
                direction=names["direction"][contact.direction],
                channel=names["channel"][contact.channel],
                kind=names["kind"][contact.kind],
                outcome=names["outcome"].get(contact.outcome, ""),
                person=contact.recipient_id.name or contact.partner_id.name or "",
                address=contact.address or "",
                by=contact.user_id.name or "",
                amount=contact.asked_text or "",
                amount_company=contact.currency_id.format(contact.amount) if is_foreign else "",
                totals=totals,
                invoices=", ".join(filter(None, contact.move_ids.mapped("name"))),
                why=contact.reason_text or "",
                set_aside=contact.set_aside_text or "",
                note=contact.note or "",
                deleted=contact.text_deleted_text or "",
                subject=(contact.subject or "") if with_texts else "",
                text=contact._plain_text() if with_texts else "",
            )

    def _plain_text(self):
        """Return the words of the message, without its links: whoever holds one speaks for the customer.

        Of what we sent only the words count: layout and preview are the same in each mail.
        """
        self.ensure_one()
        return plain_text.plain_text(self.body_html or "", WORDS_CLASS if self.kind == "sent" else "")

    def _labels(self, name):
        return dict(self._fields[name]._description_selection(self.env))

    def _read_table(self, zone, with_texts):
        """Yield these contacts as cells of a table for a spreadsheet, its head first.

        Moments are ISO 8601 with the zone's offset, amounts plain numbers. What a spreadsheet would take
        for a formula starts with an apostrophe.
        """
        yield [*COLUMNS, *(TEXT_COLUMNS if with_texts else ())]
        local = calendar.zone(zone)
        for line in self._read_log(zone, with_texts):
            contact = line.contact
            moment = contact.date.replace(tzinfo=timezone.utc).astimezone(local)
            cells = [
                contact.id, moment.isoformat(timespec="seconds"), contact.direction, contact.channel, contact.kind,
                line.kind, contact.outcome or "", line.outcome, int(contact.requested), contact.place or "",
                contact.purpose or "", contact.stage_id.name or "", contact.partner_id.name or "",
                contact.partner_id.id, line.person, line.address, line.by, contact.company_id.name,
                int(contact.is_asking), self._plain_amount(contact), contact.currency_id.name,
                self._plain_totals(line.totals), line.invoices, line.why,
                line.set_aside, line.note, contact.text_deleted_on or "", contact.message_id or "",
                self._as_json(contact.facts), self._as_json(contact.reason),
            ]  # fmt: skip
            if with_texts:
                cells += [line.subject, line.text]
            yield [self._harmless(cell) for cell in cells]

    @api.model
    def _plain_amount(self, contact):
        return f"{contact.amount:.{contact.currency_id.decimal_places}f}" if contact.is_asking else ""

    @api.model
    def _plain_totals(self, totals):
        """Return what a message asked for in the currencies it named, as plain numbers with their codes."""
        return "; ".join(
            f"{currency.round(amount):.{currency.decimal_places}f} {currency.name}" for currency, amount in totals
        )

    @api.model
    def _as_json(self, value):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""

    @api.model
    def _harmless(self, cell):
        """Return a cell so that no spreadsheet computes what somebody wrote."""
        text = str(cell)
        # After spaces or a byte order mark some programs still see a formula.
        if text.lstrip(" \ufeff\u200b\n").startswith(FORMULA_SIGNS):
            return f"'{text}"
        return text

    @api.model
    def _describe_period(self, start, end):
        """Return a period of days in words.

        :param start: first day, or nothing
        :param end: last day, or nothing
        """
        if start and end:
            return self.env._("%(start)s to %(end)s", start=format_date(self.env, start), end=format_date(self.env, end))
        if start:
            return self.env._("From %s", format_date(self.env, start))
        if end:
            return self.env._("Until %s", format_date(self.env, end))
        return self.env._("Everything")
