"""Days as the customer and the bank count them.

Pure Python: the moment is always passed in as an aware datetime, never read from a clock.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

SATURDAY = 5


class UnknownZone(ValueError):
    """No time zone of that name is known."""


class UnknownHolidays(ValueError):
    """The public holidays of a country, or of one of its years, are not known."""


def known_zone(name: str) -> ZoneInfo:
    """Return the time zone called ``name``, an IANA name such as "Europe/Paris".

    :raises UnknownZone: no zone has that name
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder of zones
        raise UnknownZone(name) from error


def zone(name: str | None, fallback: str = "UTC") -> ZoneInfo:
    """Return the time zone ``name``, or ``fallback`` where it is empty or unknown."""
    for candidate in (name, fallback):
        try:
            return known_zone(candidate or fallback)
        except UnknownZone:
            continue
    return ZoneInfo("UTC")


@lru_cache(maxsize=1)
def _parts_of_countries() -> Mapping[str, list[str]]:
    """Return the countries the library knows, with the states and regions it knows of each."""
    return holidays.list_supported_countries()


@lru_cache(maxsize=512)
def holidays_of(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """Return the public holidays of one ``year``, each with its name.

    Where the ``subdivision`` is given but the library does not know it, the holidays of every part
    of the country are returned: a day on which some part rests is better left alone. Empty means
    the holidays of the whole country only.

    :param country: two-letter ISO 3166 code
    :param subdivision: code of the state or region without the country, such as "ON"; may be empty
    :raises UnknownHolidays: the library lacks the country, or its calendar ends before the year
    """
    parts = _parts_of_countries().get(country)
    if parts is None:
        raise UnknownHolidays(f"no holidays are known for the country {country!r}")
    chosen: list[str | None] = [subdivision or None]
    if subdivision and subdivision not in parts:
        chosen = [None, *parts]
    found: dict[date, str] = {}
    for part in chosen:
        calendar = holidays.country_holidays(country, subdiv=part, years=year)
        if not calendar.start_year <= year <= calendar.end_year:
            raise UnknownHolidays(f"the holidays of {country} are not known for {year}")
        found.update(calendar)
    return found


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
