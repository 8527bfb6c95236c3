"""Checks the contacts of a replay against the figures of a rule pack, written out here once more.

    python check_pack.py CODE CONTACTS.jsonl

Prints a line for each fault; the exit code is 1 if there is any. Written on its own on purpose:
neither the add-on, its engine nor `setup/` is imported, so that a mistake there cannot hide here.
"""

import json
import sys
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

#: Per pack: (most contacts, in so many local days), and the local hours of an e-mail.
CAPS = {"au_rg96": [(3, 7), (10, 30)], "us_reg_f": []}
HOURS = {"au_rg96": (8, 20), "us_reg_f": (8, 20)}


def read(path):
    """Return the contacts: at (aware, UTC), customer, channel, zones."""
    with Path(path).open(encoding="utf-8") as file:
        contacts = [json.loads(line) for line in file]
    for contact in contacts:
        contact["at"] = datetime.fromisoformat(contact["at"]).replace(tzinfo=timezone.utc)
    return contacts


def faults_of_hours(contacts, hours):
    """In none of the customer's possible zones was it too early or too late."""
    opens, closes = hours
    for contact in contacts:
        for zone in contact["zones"]:
            local = contact["at"].astimezone(ZoneInfo(zone))
            if not opens <= local.hour < closes:
                yield f"{contact['customer']}: {contact['channel']} at {local:%Y-%m-%d %H:%M} in {zone}"


def faults_of_caps(contacts, caps):
    """In any stretch of days that ends with a contact there were not too many; all channels count."""
    days_of = defaultdict(list)
    for contact in contacts:
        if contact["items"]:
            days_of[contact["customer"]].append(contact["at"].astimezone(ZoneInfo(contact["zones"][0])).date())
    for customer, days in days_of.items():
        for last in days:
            for most, length in caps:
                first = last - timedelta(days=length - 1)
                count = sum(first <= day <= last for day in days)
                if count > most:
                    yield f"{customer}: {count} contacts from {first} to {last}, at most {most}"


def faults(code, path):
    """Return a line for each breach of the pack."""
    contacts = read(path)
    found = [*faults_of_hours(contacts, HOURS[code]), *faults_of_caps(contacts, CAPS[code])]
    return found or ([] if contacts else ["there are no contacts: nothing is proven"])


if __name__ == "__main__":
    lines = faults(*sys.argv[1:])
    print("\n".join(lines) or "no fault")
    sys.exit(bool(lines))
