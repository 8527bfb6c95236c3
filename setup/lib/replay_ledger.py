"""A past ledger in a CSV file: read, checked as a whole, never half taken.

The format is one row per invoice with the day it was paid in full. Columns that
are not in `COLUMNS` may stand in the file and are left alone.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from .words import Trouble

COLUMNS = ("customerID", "invoiceNumber", "InvoiceDate", "DueDate", "InvoiceAmount", "Disputed", "SettledDate")
DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
AMOUNT = re.compile(r"\d+(\.\d*)?|\.\d+", re.ASCII)
DISPUTED = {"yes": True, "no": False}
# An amount of the add-on's ledger has two decimals and at most this size.
LARGEST = Decimal(10) ** 12
# Every day from the first invoice to the last payment is played; beyond this a year was mistyped.
LONGEST = timedelta(days=20 * 366)
MOST_SHOWN = 20


class MalformedLedger(Trouble):
    """The file cannot be replayed; the text names each line and what is wrong there."""


@dataclass(frozen=True)
class Invoice:
    """One row: an invoice of one amount, due on one day, paid in full on one day."""

    line: int
    number: str
    customer: str
    issued: date
    due: date
    amount: Decimal
    disputed: bool
    settled: date


def read(path: Path) -> list[Invoice]:
    """Return the ledger's invoices in the order of the file.

    :raises MalformedLedger: the file or any row of it cannot be used
    """
    rows = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    invoices: list[Invoice] = []
    complaints: list[str] = []
    seen: dict[str, int] = {}
    try:
        columns = _columns(path, next(rows, []))
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            try:
                invoice = _invoice(rows.line_num, columns, cells)
                if invoice.number in seen:
                    raise ValueError(f"invoiceNumber {invoice.number} stands in line {seen[invoice.number]} already")
            except ValueError as error:
                complaints.append(f"line {rows.line_num}: {error}")
                continue
            seen[invoice.number] = invoice.line
            invoices.append(invoice)
    except csv.Error as error:
        complaints.append(f"line {rows.line_num}: not CSV: {error}")
    if complaints:
        raise MalformedLedger("\n".join(_shown(path, complaints)))
    if not invoices:
        raise MalformedLedger(f"{path}: no invoice in it")
    first, last = min(invoices, key=lambda invoice: invoice.issued), max(invoices, key=lambda invoice: invoice.settled)
    if last.settled - first.issued > LONGEST:
        raise MalformedLedger(
            f"{path}: from InvoiceDate {first.issued} in line {first.line} to SettledDate {last.settled} "
            f"in line {last.line} are more than 20 years"
        )
    return invoices


def _shown(path: Path, complaints: list[str]) -> Iterator[str]:
    rows = "1 row" if len(complaints) == 1 else f"{len(complaints)} rows"
    yield f"{path}: {rows} cannot be used, so nothing was imported"
    yield from complaints[:MOST_SHOWN]
    if len(complaints) > MOST_SHOWN:
        yield f"... and {len(complaints) - MOST_SHOWN} more"


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MalformedLedger(f"{path}: cannot be read: {error.strerror}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MalformedLedger(f"{path}: line {line}: not UTF-8; save the file as UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise MalformedLedger(f"{path}: line {line}: a zero byte; this is no CSV file in UTF-8")
    return text


def _columns(path: Path, header: Iterable[str]) -> list[str]:
    columns = [name.strip() for name in header]
    if not columns:
        raise MalformedLedger(f"{path}: the file is empty")
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise MalformedLedger(f"{path}: line 1: missing column {', '.join(missing)}")
    doubled = sorted({name for name in COLUMNS if columns.count(name) > 1})
    if doubled:
        raise MalformedLedger(f"{path}: line 1: column {', '.join(doubled)} stands there twice")
    return columns


def _invoice(line: int, columns: list[str], cells: list[str]) -> Invoice:
    if len(cells) != len(columns):
        raise ValueError(f"{len(cells)} cells, but the header has {len(columns)}")
    row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    empty = [name for name in COLUMNS if not row[name]]
    if empty:
        raise ValueError(f"{', '.join(empty)} is empty")
    issued, due, settled = (_date(row, name) for name in ("InvoiceDate", "DueDate", "SettledDate"))
    if due < issued:
        raise ValueError(f"DueDate {row['DueDate']} is before InvoiceDate {row['InvoiceDate']}")
    if settled < issued:
        raise ValueError(f"SettledDate {row['SettledDate']} is before InvoiceDate {row['InvoiceDate']}")
    disputed = DISPUTED.get(row["Disputed"].lower())
    if disputed is None:
        raise ValueError(f"Disputed is {row['Disputed']!r}, neither Yes nor No")
    return Invoice(line, row["invoiceNumber"], row["customerID"], issued, due, _amount(row), disputed, settled)


def _date(row: Mapping[str, str], name: str) -> date:
    found = DATE.fullmatch(row[name])
    try:
        if found is None:
            raise ValueError
        month, day, year = (int(part) for part in found.groups())
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{name} is {row[name]!r}, not a date as month/day/year") from None


def _amount(row: Mapping[str, str]) -> Decimal:
    text = row["InvoiceAmount"]
    try:
        if not AMOUNT.fullmatch(text):
            raise InvalidOperation
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"InvoiceAmount is {text!r}, not an amount such as 1234.50") from None
    if not 0 < amount < LARGEST:
        raise ValueError(f"InvoiceAmount is {text}, not above 0 and below {LARGEST:.0f}")
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError(f"InvoiceAmount is {text}: more than two decimals")
    return amount
