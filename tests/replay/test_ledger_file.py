"""A ledger that cannot be used is refused as a whole, with the line and the reason."""

import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
HEADER = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,"
    "Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate"
)
GOOD = {
    "countryCode": "999",
    "customerID": "MADEUP-1",
    "PaperlessDate": "1/5/2015",
    "invoiceNumber": "0001",
    "InvoiceDate": "1/5/2015",
    "DueDate": "2/4/2015",
    "InvoiceAmount": "50.39",
    "Disputed": "No",
    "SettledDate": "2/20/2015",
    "PaperlessBill": "Paper",
    "DaysToSettle": "46",
    "DaysLate": "16",
}


def row(**changes):
    return ",".join({**GOOD, **changes}.values())


def replay(tmp_path, content):
    """Run the command on a file of this content; return it and the files it left."""
    ledger = tmp_path / "ledger.csv"
    ledger.write_bytes(content if isinstance(content, bytes) else content.encode())
    files = ["--json", tmp_path / "totals.json", "--contacts", tmp_path / "contacts"]
    command = [PROJECT / "setup" / "replay", ledger, *files]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer, sorted(path.name for path in tmp_path.iterdir())


def lines(*rows):
    return "\n".join([HEADER, *rows]) + "\n"


MALFORMED = {
    "no such day": (
        lines(row(), row(invoiceNumber="2", DueDate="2/30/2015")),
        ["line 3", "DueDate", "2/30/2015"],
    ),
    "other date format": (
        lines(row(InvoiceDate="2015-01-05")),
        ["line 2", "InvoiceDate", "month/day/year"],
    ),
    "never settled": (
        lines(row(SettledDate="")),
        ["line 2", "SettledDate is empty"],
    ),
    "settled too early": (
        lines(row(SettledDate="1/4/2015")),
        ["line 2", "SettledDate", "before InvoiceDate"],
    ),
    "due too early": (
        lines(row(DueDate="1/4/2015")),
        ["line 2", "DueDate", "before InvoiceDate"],
    ),
    "no amount": (
        lines(row(InvoiceAmount="fifty")),
        ["line 2", "InvoiceAmount", "fifty"],
    ),
    "negative amount": (
        lines(row(InvoiceAmount="-5.00")),
        ["line 2", "InvoiceAmount", "-5.00"],
    ),
    "nothing to pay": (
        lines(row(InvoiceAmount="0.00")),
        ["line 2", "InvoiceAmount", "above 0"],
    ),
    "not a number": (
        lines(row(InvoiceAmount="NaN")),
        ["line 2", "InvoiceAmount", "NaN"],
    ),
    "tenth of a cent": (
        lines(row(InvoiceAmount="5.001")),
        ["line 2", "InvoiceAmount", "decimals"],
    ),
    "unclear dispute": (
        lines(row(Disputed="Maybe")),
        ["line 2", "Disputed", "Maybe"],
    ),
    "no customer": (
        lines(row(customerID=" ")),
        ["line 2", "customerID is empty"],
    ),
    "the same invoice twice": (
        lines(row(), row()),
        ["line 3", "0001", "line 2 already"],
    ),
    "too many cells": (
        lines(row() + ",more"),
        ["line 2", "13 cells", "12"],
    ),
    "too few cells": (
        lines("999,MADEUP-1"),
        ["line 2", "2 cells", "12"],
    ),
    "a quote never closed": (
        lines(row(customerID='"open')),
        ["line 2", "not CSV"],
    ),
    "a year mistyped": (
        lines(row(SettledDate="2/20/2095")),
        ["line 2", "20 years"],
    ),
    "a column missing": (
        lines().replace(",DueDate", ""),
        ["line 1", "missing column DueDate"],
    ),
    "a column twice": (
        lines().replace(",DaysLate", ",DueDate"),
        ["line 1", "DueDate", "twice"],
    ),
    "no row": (
        lines(),
        ["no invoice"],
    ),
    "empty file": (
        "",
        ["empty"],
    ),
    "other encoding": (
        lines(row(), row(customerID="Zoë")).encode("latin-1"),
        ["line 3", "UTF-8"],
    ),
    "two bytes a letter": (
        lines(row()).encode("utf-16"),
        ["UTF-8"],
    ),
}


@pytest.mark.parametrize(("content", "words"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_ledger_is_refused(tmp_path, content, words):
    answer, left = replay(tmp_path, content)
    assert answer.returncode == 2
    assert [word for word in words if word not in answer.stderr] == []
    assert "Traceback" not in answer.stderr
    assert left == ["ledger.csv"]


def test_every_malformed_row_is_named(tmp_path):
    answer, _left = replay(tmp_path, lines(row(Disputed="?"), row(), row(invoiceNumber="2", InvoiceAmount="x")))
    assert "line 2: Disputed" in answer.stderr
    assert "line 4: InvoiceAmount" in answer.stderr
    assert "line 3" not in answer.stderr


def test_missing_file_is_named(tmp_path):
    command = [PROJECT / "setup" / "replay", tmp_path / "nowhere.csv"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "nowhere.csv: cannot be read" in answer.stderr
