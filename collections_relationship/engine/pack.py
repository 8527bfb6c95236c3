"""Rule packs: those shipped with the add-on, the house's own, and which ones fit a customer.

A pack is data. To add one, put a file into ``packs/``, or hand its text to ``parse``.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .facts import CHANNELS, EVERY_DAY, LETTER, MIDNIGHT
from .pack_parts import (
    ALL_CHANNELS,
    CONTACTS,
    DEFAULT,
    HONOURS,
    PER_ADDRESS,
    PER_PERSON,
    VERIFIED,
    Applies,
    Cap,
    Day,
    Holidays,
    Honour,
    Hours,
    Origin,
    Pack,
    Week,
)
from .pack_reader import PackError, load, parse

__all__ = ["CustomerFacts", "Pack", "PackError", "days_back", "house", "load", "parse", "proposed", "shipped"]

HOUSE = "house"
PACKS = Path(__file__).parent / "packs"
#: How far back an answer may lie that somebody still replies to.
REPLY_DAYS = 30
#: What a house heeds by itself, whatever the law where the customer lives.
HOUSE_HONOURS = tuple(kind for kind in HONOURS if kind != "opt_out_notice")
_TIMED = tuple(channel for channel in CHANNELS if channel != LETTER)


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Pack]:
    """Return the packs shipped with the add-on by code, the name of their file."""
    return {path.stem: parse(path.read_text(encoding="utf-8"), path.stem) for path in sorted(PACKS.glob("*.json"))}


def house(
    minimum_gap: int = 5,
    address_gap: int = 1,
    hours: tuple[float, float] | None = (8.0, 20.0),
    weekdays: Collection[int] = EVERY_DAY,
    holidays: bool = False,
    other_mail_limit: int = 0,
    other_mail_days: int = 7,
    source: str = "",
) -> Pack:
    """Return the rules that a company gives itself, as a pack.

    :param minimum_gap: days between two asking messages to one customer over all channels; never
        less than one, for a customer gets one such message a day at most. A call that nobody took is no
        message and opens no gap; packs that count attempts count it
    :param address_gap: days between asking messages to different customers at one address, 0 for no
        gap; customers who all agreed to one day (``bundle_agreed``) are exempt
    :param hours: when e-mail, text, call and visit may begin and must have ended, in hours of the
        customer's day; ``None`` for any time
    :param weekdays: days with such hours, Monday is 0
    :param holidays: these channels rest on public holidays
    :param other_mail_limit: most e-mails of any kind in ``other_mail_days``, other mail of the company
        included; 0 for no limit
    :param source: shown beside a refusal, such as the name of the policy
    :raises PackError: the hours or weekdays leave no time at all
    """
    origin = Origin(HOUSE, source, basis=DEFAULT, verified=VERIFIED)
    return Pack(
        code=HOUSE,
        name=source or HOUSE,
        origin=origin,
        hours=None if hours is None else _house_hours(origin, hours, weekdays),
        holidays=Holidays(origin, frozenset(_TIMED)) if holidays else None,
        caps=_house_caps(origin, minimum_gap, address_gap, other_mail_limit, other_mail_days),
        honours=tuple(Honour(origin, kind, frozenset(HONOURS[kind].exceptions)) for kind in HOUSE_HONOURS),
    )


def _house_hours(origin: Origin, hours: tuple[float, float], weekdays: Collection[int]) -> Hours:
    opens, closes = (round(hour * 60) for hour in hours)
    if not 0 <= opens < closes <= MIDNIGHT:
        raise PackError(f"hours from {hours[0]} to {hours[1]}: the end must be later than the beginning")
    if not weekdays or not EVERY_DAY.issuperset(weekdays):
        raise PackError("weekdays: choose at least one, from 0 (Monday) to 6 (Sunday)")
    days: list[Day] = [((opens, closes),) if weekday in weekdays else () for weekday in sorted(EVERY_DAY)]
    first, second, third, fourth, fifth, sixth, seventh = days
    week: Week = first, second, third, fourth, fifth, sixth, seventh
    return Hours(origin, dict.fromkeys(_TIMED, week))


def _house_caps(origin: Origin, minimum_gap: int, address_gap: int, mail_limit: int, mail_days: int) -> tuple[Cap, ...]:
    everything = ALL_CHANNELS
    gap = Cap(origin, 1, max(minimum_gap, 1), everything, everything, PER_PERSON, mode=CONTACTS, reason="MINIMUM_GAP")
    caps = [gap]
    if address_gap > 0:
        caps.append(
            Cap(
                origin,
                1,
                address_gap,
                everything,
                everything,
                PER_ADDRESS,
                mode=CONTACTS,
                other_customers=True,
                reason="ADDRESS_GAP",
            )
        )
    if mail_limit > 0:
        mail = frozenset({"email"})
        caps.append(Cap(origin, mail_limit, mail_days, mail, mail, PER_PERSON, other_mail=True))
    return tuple(caps)


def days_back(packs: Iterable[Pack]) -> int | None:
    """Return how many days of a customer's past these packs look at, ``None`` for all of it.

    A reply once and a consent look at the customer's own recent messages; the days cover those too.
    """
    days = [REPLY_DAYS]
    for pack in packs:
        if any(cap.requires_prior_conversation for cap in pack.caps):
            return None
        days += [cap.days for cap in pack.caps]
        days += [pack.cooldown.days] if pack.cooldown else []
        days += [pack.advice.cumulative_days] if pack.advice else []
    return max(days)


@dataclass(frozen=True)
class CustomerFacts:
    """Who owes, where, what kind of debt, and who collects it; empty where it is not known.

    The words are those of ``Applies``.
    """

    country: str = ""
    subdivision: str = ""
    city: str = ""
    debtor: str = ""
    collector: str = ""
    debt: str = ""


def proposed(facts: CustomerFacts, packs: Mapping[str, Pack]) -> tuple[str, ...]:
    """Return the codes of the packs that fit, for a person to confirm.

    A pack fits unless a known fact speaks against it: what is not known must not cost the customer
    his protection. Only without a country no pack of a country is proposed.
    """
    return tuple(code for code, pack in packs.items() if _fits(facts, pack.applies))


def _fits(facts: CustomerFacts, applies: Applies) -> bool:
    if applies.countries and facts.country not in applies.countries:
        return False
    known = (
        (facts.subdivision, applies.subdivisions),
        (facts.city.casefold(), {city.casefold() for city in applies.cities}),
        (facts.debtor, applies.debtors),
        (facts.collector, applies.collectors),
        (facts.debt, applies.debt),
    )
    return all(not fact or not wanted or fact in wanted for fact, wanted in known)
