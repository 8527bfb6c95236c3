"""Reads a rule pack, and refuses one it does not wholly understand or that contradicts itself."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from .facts import CHANNELS, PURPOSES, RESIDENCE, WORK
from .pack_parts import (
    ATTEMPTS,
    CONNECTED,
    CONSENTS,
    CONTACTS,
    DEFAULT,
    GUIDANCE,
    HONOURS,
    LAW,
    PER_ADDRESS,
    PER_DEBT,
    PER_PERSON,
    SECONDARY,
    UNVERIFIED,
    VERIFIED,
    Advice,
    Applies,
    Cap,
    CoolDown,
    Day,
    Holidays,
    Honour,
    Hours,
    NoticeWait,
    Origin,
    Pack,
    Week,
)
from .values import (
    NO_WORDS,
    WEEKDAYS,
    ContentError,
    Table,
    calendar_date,
    clock_time,
    flag,
    items,
    one_of,
    parse_json,
    some_of,
    text,
    texts,
)

DEBTORS = ("company", "sole_trader", "consumer", "guarantor")
COLLECTORS = ("creditor", "other_name", "agency", "debt_buyer")
DEBT_KINDS = ("consumer", "commercial")
PAYMENT_PARTS = ("costs", "interest", "principal")
MOST_DAYS = 3660
_CLOSED: Day = ()
_BASES = {LAW: LAW, GUIDANCE: GUIDANCE, DEFAULT: DEFAULT, "policy_default": DEFAULT}
_MARKS = {True: VERIFIED, False: UNVERIFIED, VERIFIED: VERIFIED, SECONDARY: SECONDARY, UNVERIFIED: UNVERIFIED}


class PackError(ValueError):
    """A pack cannot be used; the text says which key is wrong and what to do."""


def parse(content: str, code: str, name: str = "") -> Pack:
    """Make the pack called ``code`` from JSON text.

    :param name: what people call it, where the text has no ``name`` of its own
    :raises PackError: the text is no JSON, or the pack is not in order
    """
    try:
        definition = parse_json(content)
    except ContentError as error:
        raise PackError(f"{code}: {error}") from error
    return load(definition, code, name)


def load(definition: object, code: str, name: str = "") -> Pack:
    """Make the pack called ``code`` from the content of its file.

    :raises PackError: a key is unknown, has the wrong kind of value, or contradicts another
    """
    try:
        return _pack(Table(definition, code), code, name)
    except ContentError as error:
        raise PackError(str(error)) from error


def _pack(table: Table, code: str, called: str) -> Pack:
    name = table.take("name", text, called or code)
    origin = _origin(table, Origin(code, source=name))
    honours, consents = _honours(table, origin)
    pack = Pack(
        code=code,
        name=name,
        origin=origin,
        notes=table.take("notes", text, ""),
        applies=_applies(table),
        hours=_hours(table, origin),
        holidays=_holidays(table, origin),
        cooldown=_cooldown(table, origin),
        caps=_caps(table, origin),
        notice_wait=_notice_wait(table, origin),
        honours=honours,
        consents=consents,
        advice=_advice(table),
        statutory_wording=_wording(table),
        notice_purposes=table.take("notice_purposes", some_of(PURPOSES), NO_WORDS),
        limitation_years=table.take("limitation_years", _years, None),
        payment_order=table.take("payment_order", _order, ()),
    )
    table.finish()
    _check_consents(pack)
    return pack


def _origin(table: Table, inherited: Origin) -> Origin:
    """Read what a pack or a rule says of its source, taking over the rest."""
    return replace(
        inherited,
        source=table.take("source", text, inherited.source),
        url=table.take("url", text, inherited.url),
        basis=table.take("basis", _basis, inherited.basis),
        verified=table.take("verified", _mark, inherited.verified),
        review_date=table.take("review_date", calendar_date, inherited.review_date),
        effective_from=table.take("effective_from", calendar_date, inherited.effective_from),
    )


def _applies(table: Table) -> Applies:
    inner = table.table("applies")
    if inner is None:
        return Applies()
    applies = Applies(
        countries=inner.take("countries", _countries, NO_WORDS),
        subdivisions=inner.take("subdivisions", texts, NO_WORDS),
        cities=inner.take("cities", texts, NO_WORDS),
        debtors=inner.take("debtors", some_of(DEBTORS), NO_WORDS),
        collectors=inner.take("collectors", some_of(COLLECTORS), NO_WORDS),
        debt=inner.take("debt", some_of(DEBT_KINDS), NO_WORDS),
    )
    inner.finish()
    if applies.subdivisions and len(applies.countries) != 1:
        raise inner.fail("subdivisions", "name exactly one country beside them")
    return applies


def _hours(table: Table, origin: Origin) -> Hours | None:
    inner = table.table("hours")
    if inner is None:
        return None
    origin = _origin(inner, origin)
    channels = inner.take("channels", some_of(CHANNELS), NO_WORDS)
    by_channel_table = inner.table("by_channel")
    by_place_table = inner.table("by_place")
    by_channel: dict[str, Week] = {}
    if channels:
        by_channel.update(dict.fromkeys(channels, _week(inner)))
    if by_channel_table is not None:
        for channel in CHANNELS:
            week = by_channel_table.table(channel)
            if week is not None:
                by_channel[channel] = _week(week)
                week.finish()
        by_channel_table.finish()
    by_place: dict[tuple[str, str], Week] = {}
    if by_place_table is not None:
        for place in (RESIDENCE, WORK):
            week = by_place_table.table(place)
            if week is not None:
                bound = week.take("channels", some_of(CHANNELS), frozenset(by_channel))
                by_place.update(dict.fromkeys(((channel, place) for channel in bound), _week(week)))
                week.finish()
        by_place_table.finish()
    inner.finish()
    if not by_channel:
        raise table.fail("hours", "binds no channel; name some under 'channels' or remove the hours")
    return Hours(origin, by_channel, by_place)


def _week(table: Table) -> Week:
    """Read the hours of a week: ``all``, or ``weekday`` with ``sat`` and ``sun``, or each day by name."""
    spelled = [key for key in ("all", "weekday", *WEEKDAYS) if key in table]
    if "all" in spelled and len(spelled) > 1:
        raise table.fail("all", f"contradicts {spelled[1]!r}; keep one of them")
    if "weekday" in spelled and set(spelled) & set(WEEKDAYS[:5]):
        raise table.fail("weekday", "contradicts the days named one by one; keep one of them")
    if "all" in spelled:
        keys: list[str] = ["all"] * 7
    elif "weekday" in spelled:
        keys = ["weekday"] * 5 + ["sat", "sun"]
    else:
        keys = list(WEEKDAYS)
    for key in keys:
        if key not in table:
            raise table.fail(key, 'is missing; give its hours as ["08:00", "20:00"], or null for a closed day')
    read = {key: table.take(key, _day, _CLOSED) for key in dict.fromkeys(keys)}
    if not any(read.values()):
        raise table.fail(keys[0], "no day is open; a channel that is never allowed needs no hours")
    first, second, third, fourth, fifth, sixth, seventh = (read[key] for key in keys)
    return first, second, third, fourth, fifth, sixth, seventh


def _holidays(table: Table, origin: Origin) -> Holidays | None:
    inner = table.table("holidays")
    short = table.take("holiday_channels", some_of(CHANNELS), NO_WORDS)
    if inner is None:
        return Holidays(origin, short) if short else None
    if short:
        raise table.fail("holiday_channels", "contradicts 'holidays'; keep one of them")
    holidays = Holidays(
        origin=_origin(inner, origin),
        channels=inner.need("channels", some_of(CHANNELS)),
        country=inner.take("country", _country, ""),
        subdivision=inner.take("subdivision", text, ""),
        national=inner.take("national", flag, False),
    )
    inner.finish()
    if holidays.subdivision and (holidays.national or not holidays.country):
        raise inner.fail("subdivision", "needs its country beside it, and no 'national'")
    return holidays


def _cooldown(table: Table, origin: Origin) -> CoolDown | None:
    inner = table.table("cooldown")
    if inner is None:
        return None
    cooldown = CoolDown(
        origin=_origin(inner, origin),
        days=inner.need("days", _count),
        trigger_channel=inner.take("trigger_channel", one_of(CHANNELS), "call"),
        apply=inner.need("apply", some_of(CHANNELS)),
        scope=inner.take("scope", one_of((PER_DEBT, PER_PERSON)), PER_DEBT),
        exempt_persons=inner.take("exempt_persons", _persons, NO_WORDS),
    )
    inner.finish()
    return cooldown


def _caps(table: Table, origin: Origin) -> tuple[Cap, ...]:
    contents = enumerate(table.list("caps"))
    return tuple(_cap(Table(content, f"{table.path}: caps[{number}]"), origin) for number, content in contents)


def _cap(table: Table, origin: Origin) -> Cap:
    cap = Cap(
        origin=_origin(table, origin),
        limit=table.need("limit", _count),
        days=table.need("days", _count),
        count=table.need("count", some_of(CHANNELS)),
        apply=table.need("apply", some_of(CHANNELS)),
        scope=table.take("scope", one_of((PER_DEBT, PER_PERSON, PER_ADDRESS)), PER_DEBT),
        mode=table.take("mode", one_of((ATTEMPTS, CONNECTED, CONTACTS)), CONNECTED),
        place=table.take("place", one_of((RESIDENCE, WORK)), ""),
        only_place=table.take("only_place", flag, False),
        threads=table.take("threads", flag, False),
        only_prerecorded=table.take("only_prerecorded", flag, False),
        requires_prior_conversation=table.take("requires_prior_conversation", flag, False),
        exclude_requested=table.take("exclude_requested", flag, False),
        persons=table.take("persons", _persons, NO_WORDS),
        exempt_persons=table.take("exempt_persons", _persons, NO_WORDS),
        other_mail=table.take("other_mail", flag, False),
        other_customers=table.take("other_customers", flag, False),
    )
    table.finish()
    if cap.only_place and not cap.place:
        raise table.fail("only_place", "needs 'place' beside it")
    if cap.other_customers and cap.scope != PER_ADDRESS:
        raise table.fail("other_customers", f"needs \"scope\": \"{PER_ADDRESS}\"")
    if not cap.count & cap.apply:
        raise table.fail("apply", "none of these channels is counted, so following the cap changes nothing; add one")
    return cap


def _notice_wait(table: Table, origin: Origin) -> NoticeWait | None:
    inner = table.table("notice_wait")
    short = table.take("notice_wait_days", _count, 0)
    if inner is None:
        return NoticeWait(origin, short, frozenset({"legally_required"})) if short else None
    if short:
        raise table.fail("notice_wait_days", "contradicts 'notice_wait'; keep one of them")
    wait = NoticeWait(
        origin=_origin(inner, origin),
        days=inner.need("days", _count),
        exceptions=inner.take("except", some_of(PURPOSES), frozenset({"legally_required"})),
    )
    inner.finish()
    return wait


def _honours(table: Table, origin: Origin) -> tuple[tuple[Honour, ...], frozenset[str]]:
    """Read what the pack heeds: a list of words, or an object with a source for each."""
    content = table.raw("honours")
    if content is None:
        return (), frozenset()
    if isinstance(content, list):
        if len(set(map(str, content))) < len(content):
            raise table.fail("honours", "names something twice; keep one of them")
        content = {str(word): {} for word in content}
    inner = Table(content, f"{table.path}: honours")
    honours = []
    for kind, heeded in HONOURS.items():
        rule = inner.table(kind)
        if rule is None:
            continue
        lifted = rule.take("lifted_by_verification", flag, True) if kind == "disputed" else True
        excepted = rule.take("except", some_of(PURPOSES), frozenset(heeded.exceptions))
        honours.append(Honour(_origin(rule, origin), kind, excepted, lifted))
        rule.finish()
    consents = []
    for kind in CONSENTS:
        rule = inner.table(kind)
        if rule is not None:
            _origin(rule, origin)
            rule.finish()
            consents.append(kind)
    inner.finish()
    return tuple(honours), frozenset(consents)


def _check_consents(pack: Pack) -> None:
    """Refuse a consent that could lift nothing."""
    if "consent" in pack.consents and not (pack.caps or pack.cooldown):
        raise ContentError(f"{pack.code}: honours: consent: the pack has no cap it could lift; remove it")
    if "tcpa_consent" in pack.consents and not any(cap.only_prerecorded for cap in pack.caps):
        raise ContentError(f"{pack.code}: honours: tcpa_consent: no cap is 'only_prerecorded'; remove it")


def _advice(table: Table) -> Advice | None:
    inner = table.table("advice")
    if inner is None:
        return None
    advice = Advice(
        concentrated=inner.need("concentrated", _count),
        cumulative=inner.need("cumulative", _count),
        cumulative_days=inner.need("cumulative_days", _count),
    )
    inner.finish()
    return advice


def _wording(table: Table) -> Mapping[str, str]:
    content = table.raw("statutory_wording")
    if content is None:
        return {}
    if not isinstance(content, Mapping) or not all(isinstance(text, str) and text for text in content.values()):
        raise table.fail("statutory_wording", 'give a text per language, as {"en": "..."}')
    return {str(language): str(text) for language, text in content.items()}


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST_DAYS:
        raise ValueError(f"expected a whole number from 1 to {MOST_DAYS}")
    return value


def _years(value: object) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value <= 100:
        raise ValueError("expected a number of years from 0 to 100")
    return float(value)


def _persons(value: object) -> frozenset[str]:
    return frozenset("" if person == "consumer" else person for person in texts(value))


def _country(value: object) -> str:
    if not re.fullmatch("[A-Z]{2}", text(value)):
        raise ValueError(f"{value!r} is no two-letter country code such as \"CA\"")
    return str(value)


def _countries(value: object) -> frozenset[str]:
    return frozenset(_country(entry) for entry in items(value))


def _basis(value: object) -> str:
    # "policy_default (numbers borrowed)" carries its remark behind the word.
    word = text(value).split(" ")[0]
    if word not in _BASES:
        raise ValueError(f"{value!r} is not known; use one of: {LAW}, {GUIDANCE}, {DEFAULT}")
    return _BASES[word]


def _mark(value: object) -> str:
    if not isinstance(value, (bool, str)) or value not in _MARKS:
        raise ValueError(f"use true (read in the source), \"{SECONDARY}\" (read about it) or false")
    return _MARKS[value]


def _order(value: object) -> tuple[str, ...]:
    found = tuple(one_of(PAYMENT_PARTS)(entry) for entry in items(value))
    if sorted(found) != sorted(PAYMENT_PARTS):
        raise ValueError(f"name each of these once: {', '.join(PAYMENT_PARTS)}")
    return found


def _day(value: object) -> Day:
    """Read one opening, as a pair of clock times, or several."""
    entries = items(value)
    if entries and isinstance(entries[0], str):
        entries = [entries]
    spans = sorted(_opening(entry) for entry in entries)
    for (_first, end), (begin, _last) in pairwise(spans):
        if begin < end:
            raise ValueError("two openings of one day overlap; join them")
    return tuple(spans)


def _opening(value: object) -> tuple[int, int]:
    pair = items(value)
    if len(pair) != 2:
        raise ValueError('expected an opening and a closing time such as ["08:00", "20:00"]')
    opens, closes = clock_time(pair[0]), clock_time(pair[1])
    if opens >= closes:
        raise ValueError(f"opens at {pair[0]} and closes at {pair[1]}; the closing time must be later")
    return opens, closes
