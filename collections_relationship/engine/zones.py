"""In which time zones a customer may be, from what his record says.

Address and telephone number are signs, not proofs. Where they disagree nothing is chosen: all zones
are returned, and the guard allows only what is right in each of them.
"""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path

import phonenumbers
import phonenumbers.timezone
import pytz

from .calendar import UnknownZone, known_zone

_STATES = Path(__file__).parent / "state_zones.json"
_ANY_STATE = "*"
_NOWHERE = "Etc/Unknown"
#: Kinds of numbers that say where their owner is; a toll-free number says nothing.
_TELLING = (
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
#: The days on which two zones are compared: a year, so that every change of the clock is in it.
_NOONS = tuple(datetime(2026, 1, 1, 12, tzinfo=timezone.utc) + timedelta(days=day) for day in range(365))

Zones = tuple[str, ...]


def zones_of(tz: str = "", country: str = "", subdivision: str = "", phone: str = "") -> Zones:
    """Return the names of the zones the signs point to, the customer's own first.

    Address and number narrow each other down where they agree. The customer's own zone is joined by
    theirs only where they speak against it. Zones that always show the same time are named once.

    :param tz: the zone on the customer's record, empty where there is none; a name that nobody knows
        is returned, so that the guard can say so
    :param country: two-letter code of the address
    :param subdivision: code of its state, without the country
    :param phone: the number, in international form or as dialled in ``country``
    :return: empty where nothing is known
    """
    place, number = _zones_of_place(country, subdivision), _zones_of_phone(phone, country)
    narrow, wide = sorted((place, number), key=len)
    told = _same(narrow, wide) or _distinct((*place, *number))
    if not tz:
        return told
    if not told or _same((tz,), told):
        return (tz,)
    return _distinct((tz, *told))


@lru_cache(maxsize=2048)
def _zones_of_place(country: str, subdivision: str) -> Zones:
    states = _states().get(country, {})
    zones = states.get(subdivision) or (states.get(_ANY_STATE) if subdivision else None)
    return tuple(zones) if zones else _zones_of_country(country)


@lru_cache(maxsize=512)
def _zones_of_country(country: str) -> Zones:
    zones = pytz.country_timezones.get(country, ())
    # Zones of research stations come last: they should not lend their name to a city's time.
    return _distinct(sorted(zones, key=lambda zone: zone.startswith("Antarctica/")))


def _zones_of_phone(phone: str, country: str) -> Zones:
    if not phone:
        return ()
    try:
        number = phonenumbers.parse(phone, country or None)
    except phonenumbers.NumberParseException:
        return ()
    kind = phonenumbers.number_type(number)
    if kind not in _TELLING:
        return ()
    if phonenumbers.is_number_geographical(number):
        zones = phonenumbers.timezone.time_zones_for_geographical_number(number)
        return _distinct(zone for zone in zones if zone != _NOWHERE)
    return _zones_of_country(phonenumbers.region_code_for_number(number) or "")


@lru_cache(maxsize=1)
def _states() -> Mapping[str, Mapping[str, list[str]]]:
    content = json.loads(_STATES.read_text(encoding="utf-8"))
    return {country: states for country, states in content.items() if country != "_about"}


def _same(first: Zones, second: Zones) -> Zones:
    """Return the zones of ``first`` that show the same time as one of ``second``."""
    times = {_times(zone) for zone in second}
    return tuple(zone for zone in first if _times(zone) in times)


def _distinct(zones: Iterable[str]) -> Zones:
    """Return the zones without those that show the same time as an earlier one."""
    found: dict[int, str] = {}
    for zone in zones:
        found.setdefault(_times(zone), zone)
    return tuple(found.values())


@lru_cache(maxsize=1024)
def _times(zone: str) -> int:
    """Return a number that is the same for zones whose clocks show the same all year."""
    try:
        known = known_zone(zone)
    except UnknownZone:
        return hash(zone)
    return hash(tuple(noon.astimezone(known).utcoffset() for noon in _NOONS))


def is_phone(text: str, country: str = "") -> bool:
    """Tell whether somebody can be called at what was typed; not whether the number is in use.

    :param text: as typed
    :param country: ISO code of where a number without a country code is taken to be

    >>> is_phone("+33 1 99 00 12 34"), is_phone("01 99 00 12 34", "FR"), is_phone("ask my wife", "FR")
    (True, True, False)
    """
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number)
