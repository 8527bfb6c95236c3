"""Reads a rule pack from JSON, and refuses one it does not wholly understand.

A key that is spelled wrong would be a rule that silently does not hold. So every key is known or
named in the error, with what to do about it.
"""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import TypeVar

from .facts import CHANNELS, MIDNIGHT, PURPOSES, RESIDENCE, WORK
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

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DEBTORS = ("company", "sole_trader", "consumer", "guarantor")
COLLECTORS = ("creditor", "other_name", "agency", "debt_buyer")
DEBT_KINDS = ("consumer", "commercial")
PAYMENT_PARTS = ("costs", "interest", "principal")
MOST_DAYS = 3660
_NONE: frozenset[str] = frozenset()
_CLOSED: Day = ()
_BASES = {LAW: LAW, GUIDANCE: GUIDANCE, DEFAULT: DEFAULT, "policy_default": DEFAULT}
_MARKS = {True: VERIFIED, False: UNVERIFIED, VERIFIED: VERIFIED, SECONDARY: SECONDARY, UNVERIFIED: UNVERIFIED}
_Value = TypeVar("_Value")


class PackError(ValueError):
    """A pack cannot be used; the text says which key is wrong and what to do."""


def parse(text: str, code: str) -> Pack:
    """Make the pack called ``code`` from JSON text.

    :raises PackError: the text is no JSON, or the pack is not in order
    """
    try:
        definition = json.loads(text, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        raise PackError(f"{code}: not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}") from error
    return load(definition, code)


def load(definition: object, code: str) -> Pack:
    """Make the pack called ``code`` from the content of its file.

    :raises PackError: a key is unknown, has the wrong kind of value, or contradicts another
    """
    table = _Table(definition, code)
    name = table.take("name", _text, code)
    origin = _origin(table, Origin(code, source=name))
    honours, consents = _honours(table, origin)
    pack = Pack(
        code=code,
        name=name,
        origin=origin,
        notes=table.take("notes", _text, ""),
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
        notice_purposes=table.take("notice_purposes", _some_of(PURPOSES), _NONE),
        limitation_years=table.take("limitation_years", _years, None),
        payment_order=table.take("payment_order", _order, ()),
    )
    table.finish()
    _check_consents(pack)
    return pack


class _Table:
    """A JSON object whose keys are taken one by one; what is left at the end is an error."""

    def __init__(self, content: object, path: str) -> None:
        if not isinstance(content, Mapping):
            raise PackError(f"{path}: expected an object in braces, found {_kind(content)}")
        self.path = path
        self._left = {key: value for key, value in content.items() if not str(key).startswith("_")}
        self._known: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def fail(self, key: str, words: str) -> PackError:
        return PackError(f"{self.path}: {key}: {words}")

    def take(self, key: str, read: Callable[[object], _Value], default: _Value) -> _Value:
        """Return the value of ``key`` as ``read`` understands it, ``default`` where it is absent or null."""
        self._known.append(key)
        value = self._left.pop(key, None)
        if value is None:
            return default
        try:
            return read(value)
        except ValueError as error:
            raise self.fail(key, str(error)) from error

    def need(self, key: str, read: Callable[[object], _Value]) -> _Value:
        """Return the value of ``key``, which must be there."""
        if self._left.get(key) is None:
            raise self.fail(key, "is missing; add it")
        found: list[_Value] = []
        self.take(key, lambda value: found.append(read(value)), None)
        return found[0]

    def raw(self, key: str) -> object:
        """Return the value of ``key`` unread, ``None`` where it is absent."""
        return self.take(key, lambda value: value, None)

    def list(self, key: str) -> Sequence[object]:
        """Return the list at ``key``, empty where it is absent."""
        return self.take(key, _list, ())

    def table(self, key: str) -> _Table | None:
        """Return the object at ``key``, ``None`` where it is absent."""
        content = self.raw(key)
        return None if content is None else _Table(content, f"{self.path}: {key}")

    def finish(self) -> None:
        """Complain of what nobody asked for."""
        for key in self._left:
            close = get_close_matches(str(key), self._known, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(sorted(self._known))}"
            raise self.fail(str(key), f"unknown key; {hint} Correct or remove it")


def _origin(table: _Table, inherited: Origin) -> Origin:
    """Read what a pack or a rule says of its source, taking over the rest."""
    return replace(
        inherited,
        source=table.take("source", _text, inherited.source),
        url=table.take("url", _text, inherited.url),
        basis=table.take("basis", _basis, inherited.basis),
        verified=table.take("verified", _mark, inherited.verified),
        review_date=table.take("review_date", _date, inherited.review_date),
        effective_from=table.take("effective_from", _date, inherited.effective_from),
    )


def _applies(table: _Table) -> Applies:
    inner = table.table("applies")
    if inner is None:
        return Applies()
    applies = Applies(
        countries=inner.take("countries", _countries, _NONE),
        subdivisions=inner.take("subdivisions", _texts, _NONE),
        cities=inner.take("cities", _texts, _NONE),
        debtors=inner.take("debtors", _some_of(DEBTORS), _NONE),
        collectors=inner.take("collectors", _some_of(COLLECTORS), _NONE),
        debt=inner.take("debt", _some_of(DEBT_KINDS), _NONE),
    )
    inner.finish()
    if applies.subdivisions and len(applies.countries) != 1:
        raise inner.fail("subdivisions", "name exactly one country beside them")
    return applies


def _hours(table: _Table, origin: Origin) -> Hours | None:
    inner = table.table("hours")
    if inner is None:
        return None
    origin = _origin(inner, origin)
    channels = inner.take("channels", _some_of(CHANNELS), _NONE)
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
                bound = week.take("channels", _some_of(CHANNELS), frozenset(by_channel))
                by_place.update(dict.fromkeys(((channel, place) for channel in bound), _week(week)))
                week.finish()
        by_place_table.finish()
    inner.finish()
    if not by_channel:
        raise table.fail("hours", "binds no channel; name some under 'channels' or remove the hours")
    return Hours(origin, by_channel, by_place)


def _week(table: _Table) -> Week:
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


def _holidays(table: _Table, origin: Origin) -> Holidays | None:
    inner = table.table("holidays")
    short = table.take("holiday_channels", _some_of(CHANNELS), _NONE)
    if inner is None:
        return Holidays(origin, short) if short else None
    if short:
        raise table.fail("holiday_channels", "contradicts 'holidays'; keep one of them")
    holidays = Holidays(
        origin=_origin(inner, origin),
        channels=inner.need("channels", _some_of(CHANNELS)),
        country=inner.take("country", _country, ""),
        subdivision=inner.take("subdivision", _text, ""),
        national=inner.take("national", _flag, False),
    )
    inner.finish()
    if holidays.subdivision and (holidays.national or not holidays.country):
        raise inner.fail("subdivision", "needs its country beside it, and no 'national'")
    return holidays


def _cooldown(table: _Table, origin: Origin) -> CoolDown | None:
    inner = table.table("cooldown")
    if inner is None:
        return None
    cooldown = CoolDown(
        origin=_origin(inner, origin),
        days=inner.need("days", _count),
        trigger_channel=inner.take("trigger_channel", _one_of(CHANNELS), "call"),
        apply=inner.need("apply", _some_of(CHANNELS)),
        scope=inner.take("scope", _one_of((PER_DEBT, PER_PERSON)), PER_DEBT),
    )
    inner.finish()
    return cooldown


def _caps(table: _Table, origin: Origin) -> tuple[Cap, ...]:
    contents = enumerate(table.list("caps"))
    return tuple(_cap(_Table(content, f"{table.path}: caps[{number}]"), origin) for number, content in contents)


def _cap(table: _Table, origin: Origin) -> Cap:
    cap = Cap(
        origin=_origin(table, origin),
        limit=table.need("limit", _count),
        days=table.need("days", _count),
        count=table.need("count", _some_of(CHANNELS)),
        apply=table.need("apply", _some_of(CHANNELS)),
        scope=table.take("scope", _one_of((PER_DEBT, PER_PERSON, PER_ADDRESS)), PER_DEBT),
        mode=table.take("mode", _one_of((ATTEMPTS, CONNECTED, CONTACTS)), CONNECTED),
        place=table.take("place", _one_of((RESIDENCE, WORK)), ""),
        only_place=table.take("only_place", _flag, False),
        threads=table.take("threads", _flag, False),
        only_prerecorded=table.take("only_prerecorded", _flag, False),
        requires_prior_conversation=table.take("requires_prior_conversation", _flag, False),
        exclude_requested=table.take("exclude_requested", _flag, False),
        persons=table.take("persons", _persons, _NONE),
        other_mail=table.take("other_mail", _flag, False),
        other_customers=table.take("other_customers", _flag, False),
    )
    table.finish()
    if cap.only_place and not cap.place:
        raise table.fail("only_place", "needs 'place' beside it")
    if cap.other_customers and cap.scope != PER_ADDRESS:
        raise table.fail("other_customers", f"needs \"scope\": \"{PER_ADDRESS}\"")
    if not cap.count & cap.apply:
        raise table.fail("apply", "none of these channels is counted, so following the cap changes nothing; add one")
    return cap


def _notice_wait(table: _Table, origin: Origin) -> NoticeWait | None:
    inner = table.table("notice_wait")
    short = table.take("notice_wait_days", _count, 0)
    if inner is None:
        return NoticeWait(origin, short, frozenset({"legally_required"})) if short else None
    if short:
        raise table.fail("notice_wait_days", "contradicts 'notice_wait'; keep one of them")
    wait = NoticeWait(
        origin=_origin(inner, origin),
        days=inner.need("days", _count),
        exceptions=inner.take("except", _some_of(PURPOSES), frozenset({"legally_required"})),
    )
    inner.finish()
    return wait


def _honours(table: _Table, origin: Origin) -> tuple[tuple[Honour, ...], frozenset[str]]:
    """Read what the pack heeds: a list of words, or an object with a source for each."""
    content = table.raw("honours")
    if content is None:
        return (), frozenset()
    if isinstance(content, list):
        if len(set(map(str, content))) < len(content):
            raise table.fail("honours", "names something twice; keep one of them")
        content = {str(word): {} for word in content}
    inner = _Table(content, f"{table.path}: honours")
    honours = []
    for kind, (_reason, exceptions) in HONOURS.items():
        rule = inner.table(kind)
        if rule is None:
            continue
        lifted = rule.take("lifted_by_verification", _flag, True) if kind == "disputed" else True
        excepted = rule.take("except", _some_of(PURPOSES), frozenset(exceptions))
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
        raise PackError(f"{pack.code}: honours: consent: the pack has no cap it could lift; remove it")
    if "tcpa_consent" in pack.consents and not any(cap.only_prerecorded for cap in pack.caps):
        raise PackError(f"{pack.code}: honours: tcpa_consent: no cap is 'only_prerecorded'; remove it")


def _advice(table: _Table) -> Advice | None:
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


def _wording(table: _Table) -> Mapping[str, str]:
    content = table.raw("statutory_wording")
    if content is None:
        return {}
    if not isinstance(content, Mapping) or not all(isinstance(text, str) and text for text in content.values()):
        raise table.fail("statutory_wording", 'give a text per language, as {"en": "..."}')
    return {str(language): str(text) for language, text in content.items()}


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _value in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise PackError(f"{double}: stands twice in the same braces; keep one of them")
    return table


def _kind(value: object) -> str:
    names = {bool: "true or false", str: "text", int: "a number", float: "a number", list: "a list", type(None): "null"}
    return names.get(type(value), "an object" if isinstance(value, Mapping) else type(value).__name__)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected text in quotes, found {_kind(value)}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, found {_kind(value)}")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST_DAYS:
        raise ValueError(f"expected a whole number from 1 to {MOST_DAYS}")
    return value


def _years(value: object) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value <= 100:
        raise ValueError("expected a number of years from 0 to 100")
    return float(value)


def _date(value: object) -> date:
    try:
        return date.fromisoformat(_text(value))
    except ValueError as error:
        raise ValueError('expected a date such as "2026-09-01"') from error


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise ValueError(f"expected a list in brackets, found {_kind(value)}")
    return value


def _texts(value: object) -> frozenset[str]:
    return frozenset(_text(entry) for entry in _list(value))


def _persons(value: object) -> frozenset[str]:
    return frozenset("" if person == "consumer" else person for person in _texts(value))


def _one_of(words: Sequence[str]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in words:
            raise ValueError(f"{value!r} is not known; use one of: {', '.join(words)}")
        return str(value)

    return read


def _some_of(words: Sequence[str]) -> Callable[[object], frozenset[str]]:
    one = _one_of(words)

    def read(value: object) -> frozenset[str]:
        found = [one(entry) for entry in _list(value)]
        if len(set(found)) < len(found):
            raise ValueError("names something twice; keep one of them")
        return frozenset(found)

    return read


def _country(value: object) -> str:
    if not re.fullmatch("[A-Z]{2}", _text(value)):
        raise ValueError(f"{value!r} is no two-letter country code such as \"CA\"")
    return str(value)


def _countries(value: object) -> frozenset[str]:
    return frozenset(_country(entry) for entry in _list(value))


def _basis(value: object) -> str:
    # "policy_default (numbers borrowed)" carries its remark behind the word.
    word = _text(value).split(" ")[0]
    if word not in _BASES:
        raise ValueError(f"{value!r} is not known; use one of: {LAW}, {GUIDANCE}, {DEFAULT}")
    return _BASES[word]


def _mark(value: object) -> str:
    if not isinstance(value, (bool, str)) or value not in _MARKS:
        raise ValueError(f"use true (read in the source), \"{SECONDARY}\" (read about it) or false")
    return _MARKS[value]


def _order(value: object) -> tuple[str, ...]:
    found = tuple(_one_of(PAYMENT_PARTS)(entry) for entry in _list(value))
    if sorted(found) != sorted(PAYMENT_PARTS):
        raise ValueError(f"name each of these once: {', '.join(PAYMENT_PARTS)}")
    return found


def _day(value: object) -> Day:
    """Read one opening, as a pair of clock times, or several."""
    entries = _list(value)
    if entries and isinstance(entries[0], str):
        entries = [entries]
    spans = sorted(_opening(entry) for entry in entries)
    for (_first, end), (begin, _last) in pairwise(spans):
        if begin < end:
            raise ValueError("two openings of one day overlap; join them")
    return tuple(spans)


def _opening(value: object) -> tuple[int, int]:
    pair = _list(value)
    if len(pair) != 2:
        raise ValueError('expected an opening and a closing time such as ["08:00", "20:00"]')
    opens, closes = clock_time(pair[0]), clock_time(pair[1])
    if opens >= closes:
        raise ValueError(f"opens at {pair[0]} and closes at {pair[1]}; the closing time must be later")
    return opens, closes


def clock_time(value: object) -> int:
    """Return the minute of the day of a clock time such as "08:00"; "24:00" is the end of the day.

    :raises ValueError: it is no such time
    """
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", _text(value))
    minute = int(match[1]) * 60 + int(match[2]) if match else MIDNIGHT + 1
    if not match or int(match[2]) > 59 or minute > MIDNIGHT:
        raise ValueError(f"{value!r} is no clock time such as \"08:00\"")
    return minute
