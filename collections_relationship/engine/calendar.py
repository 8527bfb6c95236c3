"""Days as the customer and the bank count them.

Pure Python: the moment is always passed in as an aware datetime, never read from a clock.
"""
from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SATURDAY = 5


def zone(name: str | None, fallback: str = "UTC") -> ZoneInfo:
    """Return the time zone ``name``, or ``fallback`` where it is empty or unknown."""
    for candidate in (name, fallback):
        try:
            return ZoneInfo(candidate or fallback)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def local_date(moment: datetime, zone_name: str | None) -> date:
    """Return the calendar date of an aware ``moment`` in the zone called ``zone_name``.

    :raises ValueError: the moment carries no zone, so its date cannot be known
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no calendar date")
    return moment.astimezone(zone(zone_name)).date()


def is_bank_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Tell whether banks book on ``day``: Monday to Friday, save the ``holidays`` given."""
    return day.weekday() < SATURDAY and day not in holidays


def bank_days_between(start: date, end: date, holidays: Collection[date] = ()) -> int:
    """Count the bank days after ``start`` up to and including ``end``.

    Friday to the following Monday is one bank day. An ``end`` not after ``start`` gives 0.

    >>> bank_days_between(date(2026, 11, 20), date(2026, 11, 23))
    1
    """
    days = (end - start).days
    if days <= 0:
        return 0
    if not holidays:
        weeks, rest = divmod(days, 7)
        tail = sum(
            (start + timedelta(days=weeks * 7 + offset)).weekday() < SATURDAY
            for offset in range(1, rest + 1)
        )
        return weeks * 5 + tail
    return sum(is_bank_day(start + timedelta(days=offset), holidays) for offset in range(1, days + 1))
