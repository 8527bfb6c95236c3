"""The checker of replays finds each kind of fault: a checker that is blind proves nothing."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import check_contacts

LEDGER = """customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate
MADEUP-1,01,1/1/2015,2/1/2015,40.10,No,3/20/2015
MADEUP-1,02,1/1/2015,2/3/2015,10.00,No,2/9/2015
MADEUP-1,03,1/1/2015,2/1/2015,99.00,Yes,3/20/2015
MADEUP-2,04,1/1/2015,2/1/2015,24.99,No,3/20/2015
"""
FIRST = {"invoice": "01", "due": "2015-02-01", "amount": 40.10}

THIRD = {"invoice": "03", "due": "2015-02-01", "amount": 99.00}


def message(day, *items, stage="friendly_reminder", customer="MADEUP-1"):
    return {
        "at": f"{day}T06:00:00",
        "customer": customer,
        "stage": stage,
        "channel": "email",
        "template": "made.up",
        "items": list(items),
        "total": round(sum(item["amount"] for item in items), 2),
    }


@pytest.fixture
def faults(tmp_path):
    def check(*contacts, totals=None):
        ledger, sent, summary = tmp_path / "ledger.csv", tmp_path / "contacts", tmp_path / "totals.json"
        ledger.write_text(LEDGER, encoding="utf-8")
        sent.write_text("".join(json.dumps(contact) + "\n" for contact in contacts), encoding="utf-8")
        summary.write_text(json.dumps(totals), encoding="utf-8")
        return check_contacts.faults(ledger, sent, summary if totals else None)

    return check


RIGHT = message("2015-02-06", FIRST)


def test_right_messages_have_no_fault(faults):
    check_in = message("2015-02-13", FIRST, stage="check_in")
    thanks = message("2015-03-20", stage="account_settled")
    assert faults(RIGHT, check_in, thanks) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        pytest.param(message("2015-03-20", FIRST), "was settled on", id="paid that morning"),
        pytest.param(message("2014-12-31", FIRST, stage="heads_up"), "is dated", id="not issued yet"),
        pytest.param(message("2015-02-20", THIRD), "is disputed", id="disputed"),
        pytest.param(message("2015-02-20", {**FIRST, "due": "2015-02-02"}), "is due 2015-02-01", id="other due date"),
        pytest.param(message("2015-02-20", {**FIRST, "amount": 40.11}), "has 40.10 open", id="other amount"),
        pytest.param(message("2015-02-12", FIRST, stage="check_in"), "too few", id="too early"),
        pytest.param(message("2015-02-20", FIRST, customer="MADEUP-2"), "is an invoice of", id="other customer"),
        pytest.param(message("2015-02-20", {**FIRST, "invoice": "99"}), "not in the ledger", id="unknown invoice"),
        pytest.param(message("2015-02-20", FIRST, FIRST), "twice", id="one invoice twice"),
        pytest.param({**message("2015-02-20", FIRST), "total": 40.2}, "not the sum", id="other total"),
        pytest.param(message("2015-02-20"), "0 items", id="asks for nothing"),
        pytest.param(message("2015-02-20", FIRST, stage="account_settled"), "1 items", id="thanks that ask"),
        pytest.param(message("2015-02-10", FIRST), "and on 2015-02-10", id="too soon"),
        pytest.param(RIGHT, "and on 2015-02-06", id="twice a day"),
    ],
)
def test_fault_is_found(faults, wrong, words):
    found = faults(RIGHT, wrong)
    assert [line for line in found if words in line]


def test_forgotten_item_is_found(faults):
    assert [line for line in faults(message("2015-02-12", FIRST, stage="check_in")) if "not asked" in line]


def test_item_may_stand_back_once_for_older_ones_where_turns_are_taken(tmp_path):
    ledger, sent = tmp_path / "ledger.csv", tmp_path / "contacts"
    ledger.write_text(LEDGER + "MADEUP-1,05,1/1/2015,1/20/2015,40.00,No,3/20/2015\n", encoding="utf-8")
    older = {"invoice": "05", "due": "2015-01-20", "amount": 40.0}
    contacts = [
        message("2015-01-26", older),
        message("2015-02-10", older, stage="help_offer"),
        message("2015-02-15", FIRST, older, stage="check_in"),
    ]
    sent.write_text("".join(json.dumps(contact) + "\n" for contact in contacts), encoding="utf-8")
    assert len(check_contacts.faults(ledger, sent)) == 1
    assert check_contacts.faults(ledger, sent, turns=True) == []
    sent.write_text("".join(json.dumps(contact) + "\n" for contact in contacts[:2]), encoding="utf-8")
    assert len(check_contacts.faults(ledger, sent, turns=True)) == 1


def test_customer_below_the_minimum_may_be_left_alone(faults):
    assert not [line for line in faults(RIGHT) if "MADEUP-2" in line]


def test_open_case_at_the_end_is_found(faults):
    totals = {
        "invoices": 4,
        "customers": 2,
        "days": 90,
        "cases_opened": 2,
        "cases_closed": 2,
        "contacts": 1,
        "by_stage": {"friendly_reminder": 1},
        "by_channel": {"email": 1},
        "held_back": {},
        "wrongful": 0,
        "gap_violations": 0,
        "seconds": 1.0,
    }
    assert faults(RIGHT, totals=totals) == []
    assert faults(RIGHT, totals={**totals, "cases_closed": 1}) == ["totals: cases_closed is 1, not 2"]
