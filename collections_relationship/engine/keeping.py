"""How long the law has business letters kept, and from when that is counted.

The periods are data (``keeping.json``), with their source and a mark whether it was read. They are
proposals: a company writes down what holds for it.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from .calendar import zone

CALENDAR_YEAR = "calendar_year"
FINANCIAL_YEAR = "financial_year"
LAST_CONTACT = "last_contact"
COUNTED_FROM = (CALENDAR_YEAR, FINANCIAL_YEAR, LAST_CONTACT)
_FILE = Path(__file__).parent / "keeping.json"


@dataclass(frozen=True)
class Keeping:
    """How long letters are kept: ``years`` after the end of what ``counted_from`` names."""

    years: int
    counted_from: str
    source: str
    verified: bool
    known: bool
    notes: str = ""
    url: str = ""


@lru_cache(maxsize=1)
def _countries() -> dict[str, dict[str, Any]]:
    """Return what the file says, by two-letter code of the country."""
    content: dict[str, dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))["countries"]
    return content


def proposed(country: str | None, collects_as: str = "creditor") -> Keeping:
    """Return the period proposed for a company.

    Of a country that is not known to the file the longest period known is proposed: what was kept too
    long can still be deleted.

    :param country: two-letter code of the company's country, if it has one
    :param collects_as: in which role it collects; some periods bind agencies only
    """
    entry = _countries().get(country or "")
    if entry is None:
        return Keeping(max(one["years"] for one in _countries().values()), FINANCIAL_YEAR, "", False, False)
    entry = {**entry, **entry.get("collectors", {}).get(collects_as, {})}
    return Keeping(
        years=entry["years"],
        counted_from=entry["counted_from"],
        source=entry["source"],
        verified=entry["verified"],
        known=True,
        notes=entry.get("notes", ""),
        url=entry.get("url", ""),
    )


def minus_months(day: date, months: int) -> date:
    """Return the day ``months`` months earlier; the last of its month where that day does not exist.

    >>> minus_months(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_of_next = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def free_before(today: date, years: int, counted_from: str, year_end: tuple[int, int] = (12, 31)) -> date | None:
    """Return the first day whose letters must still be kept; those before it are free.

    A letter of 2 January 2020, kept six years from the end of its calendar year, is free on
    1 January 2027. Years that end with another month count from the later of the two ends.

    :param years: 0 for no period
    :param year_end: month and day with which the financial year ends
    :return: ``None`` where no period holds
    """
    if not years:
        return None
    limit = minus_months(today, years * 12)
    if counted_from == CALENDAR_YEAR:
        limit = date(today.year - years, 1, 1)
    elif counted_from == FINANCIAL_YEAR:
        limit = min(date(today.year - years, 1, 1), _year_start(limit, year_end))
    # Leap days: years later there may be no such day, so the other question has the last word.
    while free_on(limit, years, counted_from, year_end) <= today:
        limit += timedelta(days=1)
    while free_on(limit - timedelta(days=1), years, counted_from, year_end) > today:
        limit -= timedelta(days=1)
    return limit


def free_on(day: date, years: int, counted_from: str, year_end: tuple[int, int] = (12, 31)) -> date:
    """Return the day from which a letter of ``day`` is free: what `free_before` says the other way round."""
    if counted_from == LAST_CONTACT:
        return minus_months(day, -12 * years) + timedelta(days=1)
    calendar_free = date(day.year + years + 1, 1, 1)
    if counted_from == CALENDAR_YEAR:
        return calendar_free
    next_start = minus_months(_year_start(day, year_end), -12)
    return max(calendar_free, minus_months(next_start, -12 * years))


def _year_start(day: date, year_end: tuple[int, int]) -> date:
    """Return the first day of the financial year ``day`` lies in."""
    starts = (_day_after_end(day.year - offset, year_end) for offset in (0, 1))
    return max(start for start in starts if start <= day)


def _day_after_end(year: int, year_end: tuple[int, int]) -> date:
    month, last = year_end
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=last), first_of_next)


def start_of_day(day: date, zone_name: str | None) -> datetime:
    """Return the moment (naive UTC) at which ``day`` begins in the zone called ``zone_name``."""
    return datetime.combine(day, time(), zone(zone_name)).astimezone(timezone.utc).replace(tzinfo=None)
