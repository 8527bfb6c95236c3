"""Reads dated amounts from text pasted out of a spreadsheet, a mail or a customer's cash flow."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from .instalment import MOST_LINES, Line, Problem, is_exact, is_reasonable, to_amount, to_units

#: Beginnings of the months' names in English, German, French, Spanish, Italian and Dutch.
_MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrz", "mae", "maa"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott"),
    ("nov",),
    ("dec", "déc", "dez", "dic"),
)
_NAME = rf"(?P<name>(?:{'|'.join(start for starts in _MONTHS for start in starts)})[^\W\d_]*)\.?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
#: A day stands apart from other figures; a time of day may follow it.
_APART, _END = r"(?<![\d.,/-])", r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?(?![\d/-]|:\d)"
_DATES = tuple(
    re.compile(_APART + pattern + _END, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})(?P<sep>[-./])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})",
        r"(?P<one>\d{1,2})(?P<sep>[-./]) ?(?P<two>\d{1,2})(?P=sep) ?" + _YEAR,
        rf"(?P<day>\d{{1,2}})(?:\.|er|st|nd|rd|th)?[ -]?(?:de )?{_NAME},?[ -]?(?:de )?{_YEAR}",
        rf"{_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
    )
)
#: A currency's code or sign, on either side of a number.
_CURRENCY = r"(?:[^\W\d_]{1,3}\.?|[^\W\d_]{0,2}[^\w\s.,'()+-])?"
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<minus>-)? ?{_CURRENCY} ?(?P<minus2>-)? ?(?P<number>[\d.,][\d., ']*?)(?:[.,]-)? ?{_CURRENCY}\)?"
)
_NUMBERS = {
    mark: re.compile(
        rf"(?P<whole>\d{{1,3}}(?P<group>[{other} '])\d{{3}}(?:(?P=group)\d{{3}})*"
        rf"|\d{{1,2}}(?:{other}\d{{2}})+{other}\d{{3}}|\d*)(?:{re.escape(mark)}(?P<decimals>\d*))?"
    )
    for mark, other in ((".", ","), (",", r"\."))
}
#: Typographic spaces, dashes and apostrophes -> the usual ones.
_USUAL = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2019": "'"}
)
_LONGEST_ROW = 200
_SHOWN = 80
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class _Row:
    """A row of the text: where it stands, what it says, and where its day and its amount are."""

    number: int
    text: str
    day: re.Match[str] | None
    amounts: tuple[re.Match[str], ...]


def parse_lines(
    text: str, digits: int, dayfirst: bool, decimal_mark: str
) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """Return the lines of a pasted text, in its order, and what of it could not be read.

    Each row holds one day and one amount, parted by a tab, a semicolon or spaces. A heading and empty
    rows are passed over. Where some row makes no sense the way the reader writes days or amounts and
    every row makes sense the other way, the other way is meant.

    :param digits: decimals of the currency
    :param dayfirst: 3/4 is the third of April, not the fourth of March
    :param decimal_mark: ``.`` or ``,``
    :return: lines, and problems whose ``line`` is the row of the text counted from 0: ``no_lines``,
        ``too_many_lines`` (found, limit), ``date_unreadable`` (text), ``amount_unreadable`` (text),
        ``several_amounts`` (text), ``too_precise`` (text, digits), ``too_large`` (text)
    """
    rows = _rows(text)
    if not rows:
        return (), (Problem("no_lines"),)
    if len(rows) > MOST_LINES:
        return (), (Problem("too_many_lines", None, {"found": len(rows), "limit": MOST_LINES}),)
    days = _either_way([row.day for row in rows], lambda found, usual: _day(found, dayfirst == usual))
    single = [row.amounts[0] if len(row.amounts) == 1 else None for row in rows]
    marks = (decimal_mark, "," if decimal_mark == "." else ".")
    amounts = _either_way(single, lambda found, usual: _exact(_number(found, marks[not usual]), digits))
    lines, problems = [], []
    for row, day, amount in zip(rows, days, amounts, strict=True):
        if day is None:
            problems.append(_problem("date_unreadable", row))
        elif len(row.amounts) > 1:
            problems.append(_problem("several_amounts", row))
        elif amount is None:
            number = _number(row.amounts[0], decimal_mark) if row.amounts else None
            if number is None:
                problems.append(_problem("amount_unreadable", row))
            elif is_reasonable(number):
                problems.append(_problem("too_precise", row, digits=digits))
            else:
                problems.append(_problem("too_large", row))
        else:
            lines.append(Line(day, amount))
    return tuple(lines), tuple(problems)


def read_amount(text: str, digits: int, decimal_mark: str) -> Decimal | None:
    """Return an amount somebody typed, with or without a currency and with the separators of either notation.

    >>> read_amount("1.234", 2, ","), read_amount("1.234", 3, "."), read_amount("€ 2.500,00", 2, ".")
    (Decimal('1234.00'), Decimal('1.234'), Decimal('2500.00'))

    :param digits: decimals of the currency
    :param decimal_mark: of the reader's language, which decides where both make sense
    :return: ``None`` where it is no amount; with more decimals than there are where it is one, but too fine
    """
    found = _amounts([_plain(text[:_LONGEST_ROW])])
    if not found:
        return None
    numbers = [_number(found[0], mark) for mark in (decimal_mark, "," if decimal_mark == "." else ".")]
    exact = [_exact(number, digits) for number in numbers if number is not None]
    return next((amount for amount in (*exact, *numbers) if amount is not None), None)


def _problem(code: str, row: _Row, **facts: object) -> Problem:
    return Problem(code, row.number, {"text": row.text[:_SHOWN], **facts})


def _either_way(
    found: list[re.Match[str] | None], read: Callable[[re.Match[str], bool], _Value | None]
) -> list[_Value | None]:
    """Read all the usual way; the other way where only that one makes sense of every row."""
    usual = [None if match is None else read(match, True) for match in found]
    if None not in usual:
        return usual
    other = [None if match is None else read(match, False) for match in found]
    # What no way makes sense of does not speak for either.
    return other if all(one is not None for one, match in zip(other, found, strict=True) if match) else usual


def _rows(text: str) -> list[_Row]:
    """Return the rows that say something, the heading aside."""
    rows: list[_Row] = []
    for number, raw in enumerate(text.splitlines()):
        plain = _plain(raw)
        if not plain.strip():
            continue
        if not rows and not any(character.isdigit() for character in plain):
            continue
        rows.append(_row(number, plain))
    return rows


def _plain(raw: str) -> str:
    """Return a row with one kind of space, minus and apostrophe, without marks of direction."""
    composed = unicodedata.normalize("NFC", raw).translate(_USUAL)
    return "".join(character for character in composed if unicodedata.category(character) != "Cf")


def _row(number: int, plain: str) -> _Row:
    """Find the day and the amount of a row: the amount stands after the day, or else before it."""
    if len(plain) > _LONGEST_ROW:
        return _Row(number, plain, None, ())
    separator = next((mark for mark in "\t;" if mark in plain), None)
    cells = plain.split(separator) if separator else [plain]
    for position, cell in enumerate(cells):
        day = next(filter(None, (pattern.search(cell) for pattern in _DATES)), None)
        if day:
            before = _amounts([*cells[:position], cell[: day.start()]])
            after = _amounts([cell[day.end() :], *cells[position + 1 :]])
            return _Row(number, plain.strip(), day, after or before)
    return _Row(number, plain.strip(), None, ())


def _amounts(cells: list[str]) -> tuple[re.Match[str], ...]:
    """Return what looks like an amount among cells."""
    trimmed = (cell.strip().strip("|:").strip().lstrip(",").removeprefix("- ").strip() for cell in cells)
    return tuple(filter(None, (_AMOUNT.fullmatch(cell) for cell in trimmed)))


def _day(found: re.Match[str], dayfirst: bool) -> date | None:
    """Return the day that was found, ``None`` where there is no such day."""
    parts = found.groupdict()
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    if "one" in parts:
        day, month = (parts["one"], parts["two"]) if dayfirst else (parts["two"], parts["one"])
    else:
        day, month = parts["day"], parts.get("month") or _month(parts["name"])
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return the number of the month of that name."""
    return next(number for number, starts in enumerate(_MONTHS, 1) if name.lower().startswith(starts))


def _number(found: re.Match[str], mark: str) -> Decimal | None:
    """Return the amount that was found, ``None`` where it makes no sense with that decimal mark."""
    number = _NUMBERS[mark].fullmatch(found["number"].strip())
    if number is None:
        return None
    whole = re.sub(r"\D", "", number["whole"])
    decimals = number["decimals"] or ""
    if not whole + decimals:
        return None
    negative = found["open"] or found["minus"] or found["minus2"]
    amount = Decimal(f"{whole or 0}.{decimals or 0}")
    return -amount if negative else amount


def _exact(amount: Decimal | None, digits: int) -> Decimal | None:
    if amount is None or not is_exact(amount, digits):
        return None
    return to_amount(to_units(amount, digits), digits)
