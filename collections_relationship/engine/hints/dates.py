"""Days as people write them in an answer: '15 December', 'next Friday', 'in two weeks'.

Each day found carries what it means looking ahead (a promise) and looking back (a payment made). What
cannot be told for sure is None: an ambiguous day is worse than none. Pure Python, no clock.
"""
from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from .language import Language, choice, fold_accents

FRIDAY = 4
WEEK = 7
#: A day without a year further away than this may be meant in the other direction.
FAR = timedelta(days=300)
#: What "the beginning" and "the middle" of a month end with.
BEGINNING, MIDDLE = 10, 20
#: Sundays and Saturdays are no bank days.
SATURDAY = 5


class Day(NamedTuple):
    """A day found in a text, from ``start`` to ``end`` of it."""

    start: int
    end: int
    ahead: date | None
    back: date | None


_ISO = re.compile(r"(?<![\w/.-])(\d{4})-(\d{2})-(\d{2})(?![\w/-])")
#: 15/12, 15-12-2026, 15.12.2026; with dots and without a year only where a final dot or a word before shows a day.
_NUMERIC = re.compile(
    r"(?<![\w/.,-])(\d{1,2})(?:([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?|\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2})(?!\d))?"
    r"|\.(\d{1,2})(?:\.(\d{4}|\d{2}))?)(?![\w/-]|[.,]\d)"
)


def find(text: str, language: Language, today: date, month_first: bool | None) -> list[Day]:
    """Return the days named in ``text``, in their order.

    :param text: with accents folded as the language wants it
    :param month_first: how 04/05 is read; None: it is ambiguous
    """
    days: list[Day] = []
    for day in (*_named(text, language, today), *_numeric(text, language, today, month_first)):
        if not any(day.start < other.end and other.start < day.end for other in days):
            days.append(day)
    before = language.pattern(*language.open_start)
    document = language.pattern(*language.of_document)
    kept: list[Day] = []
    for day in sorted(days):
        words = text[max(0, day.start - 60) : day.start]
        if _ends_with(document, words):
            continue
        if _ends_with(before, words):
            day = day._replace(ahead=None)
        kept.append(day)
    return kept


def _ends_with(pattern: re.Pattern[str], words: str) -> bool:
    return any(not words[match.end() :].strip(" (") for match in pattern.finditer(words))


def _named(text: str, language: Language, today: date) -> Iterator[Day]:
    for pattern, meaning in _patterns(language):
        for match in pattern.finditer(text):
            ahead, back = _resolve(meaning, match.groupdict(), language, today)
            yield Day(match.start(), match.end(), ahead, back)


@cache
def _patterns(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    parts = {
        "{day}": r"(?P<day>\d{1,2})",
        "{year}": r"(?P<year>\d{4})",
        "{month}": f"(?P<month>{choice(language.months)})",
        "{weekday}": f"(?P<weekday>{choice(language.weekdays)})",
        "{number}": rf"(?P<number>\d{{1,3}}|{choice(language.numbers)})",
        "{unit}": f"(?P<unit>{choice(language.units)})",
    }
    compiled = []
    for sources, meaning in language.days:
        for source in _alternatives(sources):
            for name, part in parts.items():
                source = source.replace(name, part)
            compiled.append((language.pattern(source), meaning))
    return tuple(compiled)


def _alternatives(source: str) -> list[str]:
    """Split a pattern at its outermost bars: each may name the same parts.

    >>> _alternatives("a(?:b|c)|d")
    ['a(?:b|c)', 'd']
    """
    bare = re.sub(r"\[[^\]]*\]", lambda match: "." * len(match[0]), source)
    depths = accumulate((letter == "(") - (letter == ")") for letter in bare)
    bars = [place for place, depth in enumerate(depths) if bare[place] == "|" and not depth]
    return [source[begin + 1 : end] for begin, end in pairwise([-1, *bars, len(source)])]


def _numeric(text: str, language: Language, today: date, month_first: bool | None) -> Iterator[Day]:
    for match in _ISO.finditer(text):
        yield Day(match.start(), match.end(), *_sides(_date(*map(int, match.groups())), today))
    for match in _NUMERIC.finditer(text):
        first = int(match[1])
        second = int(match[3] or match[5] or match[7])
        year = match[4] or match[6] or match[8]
        words = text[max(0, match.start() - 12) : match.start()]
        if match[7] and not year and not _ends_with(language.pattern(*_DAY_WORDS), words):
            continue
        if not (1 <= first <= 31 and 1 <= second <= 31) or min(first, second) > 12:
            continue
        dotted = match[2] is None
        yield Day(match.start(), match.end(), *_ordered(first, second, year, today, month_first and not dotted))


#: Words right before "15.12" that make it a day and no amount.
_DAY_WORDS = ("am", "bis", "zum", "den", "dem", "vom", "le", "au", "el", "il", "al", "entro il", "op", "on", "by")


def _ordered(
    first: int, second: int, year: str | None, today: date, month_first: bool | None
) -> tuple[date | None, date | None]:
    if first > 12 or second > 12:
        day, month = (first, second) if first > 12 else (second, first)
    elif first == second:
        day, month = first, second
    elif month_first is None:
        return None, None
    else:
        day, month = (second, first) if month_first else (first, second)
    if year:
        number = int(year) if len(year) == 4 else 2000 + int(year)
        return _sides(_date(number, month, day), today)
    return _without_year(day, month, today)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _sides(day: date | None, today: date) -> tuple[date | None, date | None]:
    """Return a day that is fully known as (ahead, back): it is one of them, or both when it is today."""
    if day is None:
        return None, None
    return (day if day >= today else None), (day if day <= today else None)


def _without_year(day: int, month: int, today: date) -> tuple[date | None, date | None]:
    """Infer the year of a day: the next such day ahead, the last one looking back, unless far away."""
    around = [_date(today.year + offset, month, day) for offset in (-1, 0, 1)]
    ahead = [found for found in around if found and today <= found <= today + FAR]
    back = [found for found in around if found and today - FAR <= found <= today]
    return (min(ahead) if ahead else None), (max(back) if back else None)


def _in_month(day: int, offset: int, today: date) -> date | None:
    months = today.year * 12 + today.month - 1 + offset
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day, last)) if day >= 31 else _date(year, month + 1, day)


def _week(today: date, weeks: int, weekday: int) -> date:
    """Return a weekday of this week or of one ``weeks`` ahead or back; weeks begin on Monday."""
    return today + timedelta(days=weeks * WEEK + weekday - today.weekday())


def _bank_days(today: date, count: int) -> date:
    day = today
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def _resolve(
    meaning: str, found: dict[str, str | None], language: Language, today: date
) -> tuple[date | None, date | None]:
    """Return what the words of a day mean, as (ahead, back).

    MEANINGS: ``day+N`` and ``day-N`` days from today; ``week+N`` the Friday of a week; ``weekday`` the
    next or last one; ``weekday+N`` one of a week; ``next_weekday`` as the language takes it;
    ``month+N`` a month's end, ``beginning+N`` and ``middle+N`` its parts; ``end_of``, ``beginning_of``,
    ``middle_of``, the same of a month named; ``day_month``; ``day_of_month`` the next day of that
    number, ``day_of_month+N`` the one of a month; ``after`` and ``ago`` a number of units; ``vague``.
    """
    kind, sign, number = re.match(r"(\w+?)(?:([+-])(\d+))?$", meaning).groups()  # type: ignore[union-attr]
    offset = int(number or 0) * (-1 if sign == "-" else 1)
    if kind in ("day", "week", "weekday", "next_weekday"):
        return _resolve_week(kind, sign, offset, found, language, today)
    if kind in ("after", "ago"):
        day = _count(kind, found, language, today)
        return (day, None) if kind == "after" else (None, day)
    if kind in ("month", "beginning", "middle"):
        day = _in_month({"month": 31, "beginning": BEGINNING, "middle": MIDDLE}[kind], offset, today)
        return _sides(day, today)
    return _resolve_month(kind, sign, offset, found, language, today)


def _resolve_week(
    kind: str, sign: str | None, offset: int, found: dict[str, str | None], language: Language, today: date
) -> tuple[date | None, date | None]:
    if kind == "day":
        return _sides(today + timedelta(days=offset), today)
    if kind == "week":
        friday = _week(today, offset, FRIDAY)
        return (max(friday, today), None) if offset >= 0 else (None, friday)
    weekday = _number_of(found["weekday"], language.weekdays, language)
    if sign:
        return _sides(_week(today, offset, weekday), today)
    coming = today + timedelta(days=(weekday - today.weekday() - 1) % WEEK + 1)
    if kind == "next_weekday" and language.later_weekday:
        return _week(today, 1, weekday), None
    return coming, coming - timedelta(days=WEEK) if coming - timedelta(days=WEEK) < today else None


def _resolve_month(
    kind: str, sign: str | None, offset: int, found: dict[str, str | None], language: Language, today: date
) -> tuple[date | None, date | None]:
    number = int(found.get("day") or 0)
    if kind == "day_of_month":
        if sign:
            return _in_month(number, offset, today), None
        around = [_in_month(number, months, today) for months in (-1, 0, 1)] if 1 <= number <= 31 else []
        days = [day for day in around if day and day.day == number]
        return min((day for day in days if day >= today), default=None), max(
            (day for day in days if day <= today), default=None
        )
    if kind == "vague":
        return None, None
    month = _number_of(found["month"], language.months, language)
    year = found.get("year")
    if kind == "day_month":
        if year:
            return _sides(_date(int(year), month, number), today)
        return _without_year(number, month, today)
    last = {"beginning_of": BEGINNING, "middle_of": MIDDLE}.get(kind)
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    days = [date(one, month, last or monthrange(one, month)[1]) for one in years]
    return min((day for day in days if today <= day <= today + FAR), default=None), None


def _count(kind: str, found: dict[str, str | None], language: Language, today: date) -> date | None:
    words = found["number"] or ""
    count = int(words) if words.isdigit() else _number_of(words, language.numbers, language)
    unit = _unit_of(found["unit"] or "", language)
    direction = 1 if kind == "after" else -1
    if unit == "bank_day":
        return _bank_days(today, count) if direction > 0 else today - timedelta(days=count)
    if unit == "month":
        moved = _in_month(today.day, direction * count, today)
        return moved or _in_month(31, direction * count, today)
    return today + timedelta(days=direction * count * (WEEK if unit == "week" else 1))


def _number_of(word: str | None, words: object, language: Language) -> int:
    """Return the number a word stands for; the keys are patterns, so each is tried."""
    assert isinstance(words, dict)
    text = fold_accents(word or "", language.fold)
    return next(int(number) for key, number in words.items() if language.pattern(key).fullmatch(text))


def _unit_of(word: str, language: Language) -> str:
    return next(unit for key, unit in language.units.items() if language.pattern(key).fullmatch(word))
