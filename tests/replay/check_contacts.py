"""Checks what a replay sent against the ledger it was given, and nothing else.

    python check_contacts.py LEDGER.csv CONTACTS.jsonl [TOTALS.json]

Prints a line for each fault; the exit code is 1 if there is any. Written on its
own on purpose: neither the add-on nor `setup/` is imported, so that a mistake
there cannot hide here.
"""

import csv
import json
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

DAY = timedelta(days=1)
MINIMUM_TOTAL = Decimal(25)
GAP_DAYS = 5
FIRST_STAGE = "friendly_reminder"
FIRST_STAGE_DAYS = 5
ASKED_WITHIN_DAYS = 10
STAGE_DAYS = {
    "heads_up": -7,
    "friendly_reminder": 5,
    "check_in": 12,
    "help_offer": 21,
    "firm_reminder": 30,
    "formal_notice": 45,
}
TOTALS_KEYS = {
    "invoices",
    "customers",
    "days",
    "cases_opened",
    "cases_closed",
    "contacts",
    "by_stage",
    "by_channel",
    "held_back",
    "wrongful",
    "gap_violations",
    "seconds",
}


def american(text):
    month, day, year = text.strip().split("/")
    return date(int(year), int(month), int(day))


def read_ledger(path):
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        return {
            row["invoiceNumber"].strip(): {
                "customer": row["customerID"].strip(),
                "issued": american(row["InvoiceDate"]),
                "due": american(row["DueDate"]),
                "settled": american(row["SettledDate"]),
                "amount": Decimal(row["InvoiceAmount"].strip()),
                "disputed": row["Disputed"].strip().lower() == "yes",
            }
            for row in csv.DictReader(file)
            if any(row.values())
        }


def read_contacts(path):
    with Path(path).open(encoding="utf-8") as file:
        return [json.loads(line, parse_float=Decimal) for line in file]


def day_of(contact):
    return datetime.fromisoformat(contact["at"]).date()


def faults_of_messages(ledger, contacts):
    """Each message adds up, and what it asks for may be asked for on that day."""
    for contact in contacts:
        where = f"{contact['at']} {contact['customer']} ({contact['stage']})"
        numbers = [item["invoice"] for item in contact["items"]]
        if len(numbers) != len(set(numbers)):
            yield f"{where}: an invoice stands there twice"
        if sum((Decimal(item["amount"]) for item in contact["items"]), Decimal(0)) != Decimal(contact["total"]):
            yield f"{where}: total {contact['total']} is not the sum of the items"
        if bool(numbers) != (contact["stage"] in STAGE_DAYS):
            yield f"{where}: {len(numbers)} items at this stage"
        for item in contact["items"]:
            invoice = ledger.get(item["invoice"])
            if invoice is None:
                yield f"{where}: {item['invoice']} is not in the ledger"
            else:
                yield from (f"{where}: {item['invoice']} {fault}" for fault in faults_of_item(invoice, contact, item))


def faults_of_item(invoice, contact, item):
    """It is this customer's, open that day, not disputed, right, and old enough for the stage."""
    day = day_of(contact)
    if invoice["customer"] != contact["customer"]:
        yield f"is an invoice of {invoice['customer']}"
    if day < invoice["issued"]:
        yield f"is dated {invoice['issued']}"
    if day >= invoice["settled"]:
        yield f"was settled on {invoice['settled']}"
    if invoice["disputed"]:
        yield "is disputed"
    if date.fromisoformat(item["due"]) != invoice["due"]:
        yield f"is due {invoice['due']}, not {item['due']}"
    if Decimal(item["amount"]) != invoice["amount"]:
        yield f"has {invoice['amount']} open, not {item['amount']}"
    late = (day - invoice["due"]).days
    if late < STAGE_DAYS.get(contact["stage"], 0):
        yield f"is {late} days late, too few for this stage"


def faults_of_gaps(contacts):
    """One asking message per customer and day, and enough days between two."""
    asked = defaultdict(list)
    for contact in contacts:
        if contact["items"]:
            asked[contact["customer"]].append(day_of(contact))
    for customer, days in asked.items():
        days.sort()
        for earlier, later in pairwise(days):
            if (later - earlier).days < GAP_DAYS:
                yield f"{customer}: asked on {earlier} and on {later}"


def overdue_total(invoices, day):
    overdue = [invoice for invoice in invoices if invoice["due"] < day < invoice["settled"] and not invoice["disputed"]]
    return sum((invoice["amount"] for invoice in overdue), Decimal(0))


def faults_of_silence(ledger, contacts, turns=False):
    """Nobody is forgotten: who owed enough was asked for each item in time.

    With ``turns``, an item may stand back for one gap (or for good, when too little is owed by then)
    when a message about older items of the same customer, at a higher stage, took the turn in those
    days.
    """
    first_asked, contacts_of = {}, defaultdict(list)
    for contact in sorted(contacts, key=lambda contact: contact["at"]):
        contacts_of[contact["customer"]].append(contact)
        for item in contact["items"]:
            first_asked.setdefault(item["invoice"], day_of(contact))
    by_customer = defaultdict(list)
    for invoice in ledger.values():
        by_customer[invoice["customer"]].append(invoice)
    for number, invoice in ledger.items():
        latest = invoice["due"] + ASKED_WITHIN_DAYS * DAY
        if invoice["disputed"] or invoice["settled"] <= latest or first_asked.get(number, date.max) <= latest:
            continue
        days = [invoice["due"] + late * DAY for late in range(FIRST_STAGE_DAYS, ASKED_WITHIN_DAYS + 1)]
        totals = [overdue_total(by_customer[invoice["customer"]], day) for day in days]
        stands_back = (
            turns
            and (first_asked.get(number, date.max) <= latest + GAP_DAYS * DAY or totals[-1] < MINIMUM_TOTAL)
            and any(
                contact["items"] and contact["stage"] != FIRST_STAGE and day_of(contact) in days
                for contact in contacts_of[invoice["customer"]]
            )
        )
        if max(totals) >= MINIMUM_TOTAL and not stands_back:
            yield f"{invoice['customer']}: {number}, due {invoice['due']}, was not asked for by {latest}"


def faults_of_totals(ledger, contacts, totals):
    """The totals are those of this ledger and these contacts, and every case is closed."""
    if set(totals) != TOTALS_KEYS:
        yield f"totals: keys {sorted(set(totals) ^ TOTALS_KEYS)} are missing or unknown"
        return
    stages = defaultdict(int)
    for contact in contacts:
        stages[contact["stage"]] += 1
    last = max(invoice["settled"] for invoice in ledger.values())
    first = min(invoice["issued"] for invoice in ledger.values())
    expected = {
        "invoices": len(ledger),
        "customers": len({invoice["customer"] for invoice in ledger.values()}),
        "contacts": len(contacts),
        "by_stage": dict(stages),
        "cases_closed": totals["cases_opened"],
        "wrongful": 0,
        "gap_violations": 0,
    }
    for key, value in expected.items():
        if totals[key] != value:
            yield f"totals: {key} is {totals[key]}, not {value}"
    if totals["days"] < (last - first).days + 1:
        yield f"totals: {totals['days']} days do not reach the last payment"
    if sum(totals["by_channel"].values()) != len(contacts):
        yield "totals: by_channel does not add up to the contacts"
    if not contacts or not totals["cases_opened"]:
        yield "totals: nothing happened in this replay"


def faults(ledger_path, contacts_path, totals_path=None, turns=False):
    """Return a line for each fault of a replay.

    :param ledger_path: the ledger that was replayed
    :param contacts_path: its contacts file
    :param totals_path: its totals, where they are to be checked too
    :param turns: whether an item may stand back for a message about older ones, see `faults_of_silence`
    """
    ledger, contacts = read_ledger(ledger_path), read_contacts(contacts_path)
    found = [*faults_of_messages(ledger, contacts), *faults_of_gaps(contacts)]
    found += faults_of_silence(ledger, contacts, turns)
    if totals_path:
        totals = json.loads(Path(totals_path).read_text(encoding="utf-8"))
        found += faults_of_totals(ledger, contacts, totals)
    return found


if __name__ == "__main__":
    lines = faults(*sys.argv[1:])
    print("\n".join(lines) or "no fault")
    sys.exit(bool(lines))
