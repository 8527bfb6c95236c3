"""The checker of rule packs finds each kind of breach: a checker that is blind proves nothing."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import check_pack


def contact(at, zones=("Australia/Sydney",), customer="MADEUP-1"):
    return {"at": at, "customer": customer, "channel": "email", "zones": list(zones), "items": [{"invoice": "1"}]}


def faults(tmp_path, code, *contacts):
    path = tmp_path / "contacts.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in contacts), encoding="utf-8")
    return check_pack.faults(code, path)


def test_nothing_is_no_proof(tmp_path):
    assert faults(tmp_path, "us_reg_f") == ["there are no contacts: nothing is proven"]


def test_a_fourth_contact_in_seven_local_days(tmp_path):
    days = [contact(f"2026-03-{day:02d}T02:00:00") for day in (2, 4, 6)]
    assert faults(tmp_path, "au_rg96", *days) == []
    assert faults(tmp_path, "au_rg96", *days, contact("2026-03-08T02:00:00")) == [
        "MADEUP-1: 4 contacts from 2026-03-02 to 2026-03-08, at most 3"
    ]
    assert faults(tmp_path, "au_rg96", *days, contact("2026-03-09T02:00:00")) == []


def test_days_are_the_customers(tmp_path):
    # 22:00 UTC on the 1st is the 2nd in Sydney, so the contact of the 8th there is the fourth in seven days.
    days = ["2026-03-01T22:00:00", "2026-03-04T02:00:00", "2026-03-06T02:00:00", "2026-03-07T22:00:00"]
    assert len(faults(tmp_path, "au_rg96", *map(contact, days))) == 1


def test_an_hour_that_is_wrong_in_one_of_several_zones(tmp_path):
    coast = contact("2026-03-02T13:00:00", zones=("America/New_York", "America/Los_Angeles"))
    assert faults(tmp_path, "us_reg_f", coast) == ["MADEUP-1: email at 2026-03-02 05:00 in America/Los_Angeles"]
