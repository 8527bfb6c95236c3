"""Judges what a replay sent by the ledger file alone.

Nothing here knows the database or the add-on: whether a message was right is
counted from the rows of the ledger and the lines of the contacts file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from .replay_ledger import Invoice

# The days an item must be late (negative: before it is due) for each stage of the default ladder.
LADDER = {
    "heads_up": -7,
    "friendly_reminder": 5,
    "check_in": 12,
    "help_offer": 21,
    "firm_reminder": 30,
    "formal_notice": 45,
}


def wrongful(invoices: Iterable[Invoice], contacts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a line for each item that should not have been asked for as it was."""
    ledger = {invoice.number: invoice for invoice in invoices}
    found = []
    for contact in contacts:
        day = datetime.fromisoformat(contact["at"]).date()
        for item in contact["items"]:
            fault = _fault(ledger.get(item["invoice"]), contact, item, day)
            if fault:
                found.append(f"{contact['at']} {contact['customer']} {contact['stage']} {item['invoice']}: {fault}")
    return found


def _fault(invoice: Invoice | None, contact: Mapping[str, Any], item: Mapping[str, Any], day: date) -> str | None:
    if invoice is None or invoice.customer != contact["customer"]:
        return "not an invoice of this customer"
    if not invoice.issued <= day < invoice.settled:
        return f"not open that day (settled {invoice.settled})"
    if invoice.disputed:
        return "disputed"
    if item["due"] != invoice.due.isoformat():
        return f"due {invoice.due}, not {item['due']}"
    if Decimal(str(item["amount"])) != invoice.amount:
        return f"{invoice.amount} is open, not {item['amount']}"
    if contact["stage"] not in LADDER:
        return "a stage that asks for nothing"
    if (day - invoice.due).days < LADDER[contact["stage"]]:
        return "too early for this stage"
    return None


def gap_violations(contacts: Iterable[Mapping[str, Any]], gap: int) -> list[str]:
    """Return a line for each asking message less than ``gap`` days after the one before it."""
    asked = defaultdict(list)
    for contact in contacts:
        if contact["items"]:
            asked[contact["customer"]].append(datetime.fromisoformat(contact["at"]).date())
    return [
        f"{customer}: asked on {earlier} and on {later}"
        for customer, days in sorted(asked.items())
        for earlier, later in pairwise(sorted(days))
        if later - earlier < timedelta(days=gap)
    ]
