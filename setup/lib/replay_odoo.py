"""Plays a ledger inside Odoo, one simulated day after the other.

Run by `setup/replay` in Odoo's shell on a database that is dropped afterwards.
Invoices and payments are real accounting entries made through the ORM; messages
go to the transport that only records. The machine's clock decides nothing here:
each night gets the simulated moment.
"""

import json
import sys
import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from odoo import Command

sys.path.insert(0, sys.argv[1])
from lib import paths, replay_check, replay_ledger, words

# The moment of every night, in UTC.
NIGHT = time_of_day(6, 0)
# How long messages that were put off to their hours may leave before the next night.
DAY_AFTER_NIGHT = timedelta(hours=23)
# Days played after the last payment, so that the last cases close.
DAYS_AFTER = 3
HEARTBEAT = 10.0
BATCH = 200
# Nobody watches these records change, and every night looks at all customers anyway.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "collection_no_dirty": True,
    "collection_record_only": True,
}


class Replay:
    """One ledger in one empty company.

    :param env: Odoo's environment
    :param invoices: the rows of the ledger
    :param gap: days between two messages, `None` for the policy's
    :param packs: codes of rule packs that hold for everybody; the customers live where the first does
    """

    def __init__(self, env, invoices, gap=None, packs=()):
        self.env = env(context={**env.context, **QUIET})
        self.company = self.env.company
        self.invoices = invoices
        self.gap = gap
        self.packs = self.env["collection.rule.pack"].search([("code", "in", packs)])
        self.partners = {}
        self.move_of_row = {}
        self.row_of_move = {}
        self.payments_of_day = defaultdict(dict)
        self.waiting_since = {}
        self.first = min(invoice.issued for invoice in invoices)
        self.last = max(invoice.settled for invoice in invoices) + timedelta(days=DAYS_AFTER)

    @property
    def days(self):
        return (self.last - self.first).days + 1

    def play(self):
        """Play every day of the ledger, showing where we are."""
        self._prepare()
        self._draft_invoices()
        self._draft_payments()
        issued = defaultdict(list)
        for invoice in self.invoices:
            issued[invoice.issued].append(invoice)
        shown = time.monotonic()
        for number in range(self.days):
            day = self.first + timedelta(days=number)
            self._issue(issued[day], day)
            self._settle(self.payments_of_day[day])
            self._night(datetime.combine(day, NIGHT))
            self.env.cr.commit()
            self.env.invalidate_all()
            if time.monotonic() - shown > HEARTBEAT:
                shown = time.monotonic()
                words.say(f"{day}: day {number + 1} of {self.days}")

    def _prepare(self):
        # A replay shows the whole follow-up: no gentle start, and no bank statements to be current.
        self.company.write({"collection_night_cap": 0, "collection_active": True})
        self.bank = self.env["account.journal"].search(
            [("type", "=", "bank"), *self.env["account.journal"]._check_company_domain(self.company)], limit=1
        )
        self.income = self.env["account.account"].search(
            [("account_type", "=", "income"), *self.env["account.account"]._check_company_domain(self.company)], limit=1
        )
        self.policy = self.company._collection_default_policy()
        if self.gap:
            self.policy.minimum_gap = self.gap
        self.policy.pack_ids = self.packs
        names = sorted({invoice.customer for invoice in self.invoices})
        partners = self.env["res.partner"].create(
            [
                {"name": name, "is_company": True, "email": f"customer{number}@example.com", **self._place()}
                for number, name in enumerate(names)
            ]
        )
        self.partners = dict(zip(names, partners, strict=True))

    def _place(self):
        """Return where the customers live: in a country the packs are made for."""
        made_for = [json.loads(rules.definition).get("applies", {}) for rules in self.packs]
        countries = {code for applies in made_for for code in applies.get("countries", ())}
        country = self.env["res.country"].search([("code", "in", sorted(countries))], limit=1)
        return {"country_id": country.id, "tz": False} if country else {}

    def _create_moves(self, values, label):
        """Create draft entries in batches: much quicker than day by day, and drafts are seen by nobody."""
        moves = self.env["account.move"]
        for start in range(0, len(values), BATCH):
            moves |= moves.create(values[start : start + BATCH])
            self.env.cr.commit()
            words.say(f"{label}: {len(moves)} of {len(values)} drafted")
        return moves

    def _draft_invoices(self):
        moves = self._create_moves([self._prepare_invoice(invoice) for invoice in self.invoices], "invoices")
        self.move_of_row = dict(zip(self.invoices, moves.ids, strict=True))
        self.row_of_move = dict(zip(moves.ids, self.invoices, strict=True))

    def _draft_payments(self):
        """Draft what customers paid: one bank entry per customer and day, a line per invoice."""
        paid = defaultdict(list)
        for invoice in self.invoices:
            paid[invoice.settled, invoice.customer].append(invoice)
        moves = self._create_moves([self._prepare_payment(*key, rows) for key, rows in paid.items()], "payments")
        for (day, _customer), rows, move in zip(paid, paid.values(), moves.ids, strict=True):
            self.payments_of_day[day][move] = rows

    def _issue(self, invoices, day):
        """Post the day's invoices, delivered, and put the disputed ones on hold at once."""
        if not invoices:
            return
        moves = self.env["account.move"].browse(self.move_of_row[invoice] for invoice in invoices)
        moves._post(soft=False)
        self.env["collection.hold"].create(
            [
                {
                    "partner_id": move.partner_id.id,
                    "company_id": self.company.id,
                    "move_id": move.id,
                    "reason": "dispute",
                    "date_start": day,
                    "date_end": self.last,
                }
                for invoice, move in zip(invoices, moves, strict=True)
                if invoice.disputed
            ]
        )

    def _prepare_invoice(self, invoice):
        return {
            "move_type": "out_invoice",
            "partner_id": self.partners[invoice.customer].id,
            "ref": invoice.number,
            "invoice_date": invoice.issued,
            "date": invoice.issued,
            "invoice_payment_term_id": False,
            "invoice_date_due": invoice.due,
            "is_move_sent": True,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": invoice.number,
                        "account_id": self.income.id,
                        "quantity": 1,
                        "price_unit": float(invoice.amount),
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    def _settle(self, payments):
        """Book what customers paid that day, and match it with their invoices."""
        entries = self.env["account.move"].browse(payments)
        entries._post(soft=False)
        pairs = []
        for entry, paid in zip(entries, payments.values(), strict=True):
            matched = entry.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
            for line, invoice in zip(matched.sorted("sequence"), paid, strict=True):
                pairs.append(line | self._receivable(invoice))
        self.env["account.move.line"]._reconcile_plan(pairs)

    def _prepare_payment(self, day, customer, paid):
        partner = self.partners[customer]
        total = sum(invoice.amount for invoice in paid)
        return {
            "move_type": "entry",
            "journal_id": self.bank.id,
            "date": day,
            "ref": ", ".join(invoice.number for invoice in paid),
            "line_ids": [
                Command.create(
                    {
                        "name": customer,
                        "account_id": self.bank.default_account_id.id,
                        "partner_id": partner.id,
                        "debit": float(total),
                    }
                ),
                *(
                    Command.create(
                        {
                            "name": invoice.number,
                            "sequence": position,
                            "account_id": partner.property_account_receivable_id.id,
                            "partner_id": partner.id,
                            "credit": float(invoice.amount),
                        }
                    )
                    for position, invoice in enumerate(paid, 1)
                ),
            ],
        }

    def _receivable(self, invoice):
        move = self.env["account.move"].browse(self.move_of_row[invoice])
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def _night(self, now):
        """Run the night, say yes to what has waited for a day, and let leave what is due until the next."""
        self.env["collection.run"]._night(now, self.company)
        steps = self.env["collection.step"]
        waiting = steps.search([("state", "=", "waiting")])
        for step in waiting:
            self.waiting_since.setdefault(step.id, now)
        ready = waiting.filtered(lambda step: now - self.waiting_since[step.id] >= timedelta(days=1))
        if ready:
            ready._approve(now)
        for moment in sorted(steps._moments_ahead(now, within=DAY_AFTER_NIGHT)):
            while steps._act(moment):
                pass

    # === WHAT CAME OUT OF IT === #

    def contacts(self):
        """Return each outgoing contact as the contacts file has it, oldest first."""
        names = {partner.id: name for name, partner in self.partners.items()}
        outgoing = [("direction", "=", "out"), ("kind", "=", "sent")]
        sent = self.env["collection.contact"].search(outgoing, order="date, id")
        guard = self.env["collection.guard"]
        facts = guard._facts(datetime.combine(self.last, NIGHT), self.company, [partner.id for partner in self.partners.values()])
        template_names = sent.template_id.get_external_id()
        result = []
        for contact in sent:
            items = [self._item(item) for item in (contact.facts or {}).get("asked", [])]
            result.append(
                {
                    "at": contact.date.isoformat(),
                    "zones": list(facts.zones_of(contact.partner_id.id)),
                    "customer": names[contact.partner_id.id],
                    "stage": contact.stage_id.code or contact.purpose,
                    "channel": contact.channel,
                    "template": template_names.get(contact.template_id.id, ""),
                    "items": items,
                    "total": round(sum(item["amount"] for item in items), 2),
                }
            )
        return result

    def _item(self, item):
        invoice = self.row_of_move[item["move"]]
        return {"invoice": invoice.number, "due": item["due"], "amount": item["amount"]}

    def stages_reached(self):
        """Return each stage of the ladder with the number of cases that came to stand at it."""
        events = self.env["collection.case.event"]._read_group(
            [("new_stage_id", "!=", False)], ["new_stage_id"], ["case_id:count_distinct"]
        )
        return [(stage.code, count) for stage, count in sorted(events, key=lambda event: event[0].days)]

    def totals(self, contacts, seconds):
        """Return the figures of the JSON file; right and wrong are judged by the ledger alone."""
        cases = self.env["collection.case"]
        held = Counter()
        for run in self.env["collection.run"].search([]):
            held.update(run.held_back or {})
        return {
            "invoices": len(self.invoices),
            "customers": len(self.partners),
            "days": self.days,
            "cases_opened": cases.search_count([]),
            "cases_closed": cases.search_count([("state", "=", "closed")]),
            "contacts": len(contacts),
            "by_stage": dict(Counter(contact["stage"] for contact in contacts)),
            "by_channel": dict(Counter(contact["channel"] for contact in contacts)),
            "held_back": dict(sorted(held.items())),
            "wrongful": len(replay_check.wrongful(self.invoices, contacts)),
            "gap_violations": len(replay_check.gap_violations(contacts, self.policy.minimum_gap)),
            "seconds": round(seconds, 1),
        }


def show(totals, reached):
    """Print the figures for a person."""
    print(f"{totals['invoices']} invoices of {totals['customers']} customers, {totals['days']} days")
    print(f"cases: {totals['cases_opened']} opened, {totals['cases_closed']} closed")
    print(f"messages: {totals['contacts']}")
    for stage, count in totals["by_stage"].items():
        print(f"    {stage}: {count}")
    print("cases that came to stand at a stage:")
    for stage, count in reached:
        print(f"    {stage}: {count}")
    print("nights on which a customer was held back, by reason:")
    for reason, count in totals["held_back"].items():
        print(f"    {reason}: {count}")
    print(f"wrongful: {totals['wrongful']}, too soon after another: {totals['gap_violations']}")
    print(f"took {totals['seconds']} s")


def main(env, ledger, totals_file, contacts_file, gap, packs):
    """Replay ``ledger`` (a path) and write the two files whose paths are not empty."""
    started = time.monotonic()
    replay = Replay(env, replay_ledger.read(Path(ledger)), int(gap) if gap else None, packs.split(",") if packs else [])
    replay.play()
    contacts = replay.contacts()
    gaps = replay_check.gap_violations(contacts, replay.policy.minimum_gap)
    for fault in (*replay_check.wrongful(replay.invoices, contacts), *gaps):
        words.say(f"wrong: {fault}")
    totals = replay.totals(contacts, time.monotonic() - started)
    if contacts_file:
        paths.write_text(Path(contacts_file), "".join(f"{json.dumps(contact)}\n" for contact in contacts))
    if totals_file:
        paths.write_text(Path(totals_file), json.dumps(totals, indent=4) + "\n")
    show(totals, replay.stages_reached())


main(env, *sys.argv[2:])  # noqa: F821 (Odoo's shell gives `env`)
