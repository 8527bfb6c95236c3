"""Turns an amount, a start and a rhythm into lines that sum to the cent, on days that follow each other.

It knows neither the clock nor the holidays: which day a bank works is asked of the caller.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import dropwhile, islice, pairwise

from .instalment import MOST_LINES, NOTHING, Line, Problem, ScheduleError, is_exact, to_amount, to_units
from .pasted_lines import parse_lines, read_amount
from .reschedule import Shrunk, end_early, extra_days, move_rest_to_end, put_back, shrink, spread
from .rhythm import AFTER, DAY, LAST_DAY, MOVES, RHYTHMS, BankDay, days_from, moved, moved_in

__all__ = [
    "MOST_LINES",
    "MOVES",
    "RHYTHMS",
    "Line",
    "Problem",
    "ScheduleError",
    "Shrunk",
    "Terms",
    "check_lines",
    "end_early",
    "extra_days",
    "move_rest_to_end",
    "parse_lines",
    "plan",
    "put_back",
    "read_amount",
    "shrink",
    "spread",
]

#: A year outside these was mistyped.
_YEARS = range(2000, 2200)
#: Rounding may make the rest line so many times as large as the others.
_LARGEST_REST = 2


@dataclass(frozen=True)
class Terms:
    """What somebody wants to agree on.

    Exactly one of ``count`` and ``size`` is given, save for ``once`` (neither is needed) and ``own``
    (the days are the count; with ``size``, the first days that it takes). What is 0 is not given.

    :param total: what all lines together make, deposit included
    :param digits: decimals of the currency
    :param start: first possible day; without ``deposit_on`` the day of the deposit
    :param rhythm: one of ``RHYTHMS``
    :param count: number of instalments, the deposit not among them
    :param size: amount of each instalment; how many there are follows
    :param deposit: paid before the instalments; 0 for none
    :param deposit_on: day of the deposit. Given, the instalments begin on ``start``; not given, the
        deposit is due on ``start`` and the instalments begin on the next day of the rhythm. A day of the
        rhythm that the deposit was moved to or over is passed by
    :param day_of_month: of ``monthly`` and ``quarterly``, 1 to 31, the last day of shorter months;
        the day of ``start`` where it is not given
    :param own_dates: of ``own``: the days of the instalments, in order
    :param round_to: equal instalments are multiples of it, such as 5 or 0.05; the rest line is not
    :param rest_in: ``first`` or ``last``: the instalment that takes what does not divide
    """

    total: Decimal
    digits: int
    start: date
    rhythm: str
    count: int | None = None
    size: Decimal | None = None
    deposit: Decimal = NOTHING
    deposit_on: date | None = None
    day_of_month: int | None = None
    own_dates: tuple[date, ...] = ()
    round_to: Decimal | None = None
    rest_in: str = "last"


def plan(terms: Terms, is_bank_day: BankDay | None = None, move: str = AFTER) -> tuple[Line, ...]:
    """Return the lines of ``terms``: they sum to the total, and each day is later than the last.

    Days on which banks rest are moved; where that would put two lines on one day, the later one
    waits for the next bank day. ``before`` never goes before the first day of the terms.

    :param is_bank_day: tells whether banks work on a day; ``None`` moves nothing
    :param move: one of ``MOVES``
    :raises ScheduleError: ``nothing_to_plan`` (total), ``unknown_rhythm`` (rhythm), ``unknown_day``
        (day_of_month), ``count_or_size``, ``size_too_small`` (size), ``too_many_lines`` (found, limit),
        ``deposit_negative`` (deposit), ``deposit_too_large`` (deposit, total), ``deposit_date_missing``,
        ``own_dates_missing`` (found, needed), ``dates_not_ordered`` (date, before),
        ``rounding_too_coarse`` (round_to, rest), ``too_precise`` (amount, digits), ``too_far`` (date),
        ``no_bank_day`` (date)
    """
    _check(terms)
    deposit = to_units(terms.deposit, terms.digits)
    amounts = _amounts(terms, to_units(terms.total, terms.digits) - deposit)
    found = len(amounts) + bool(deposit)
    if found > MOST_LINES:
        raise ScheduleError("too_many_lines", found=found, limit=MOST_LINES)
    days = _days(terms, len(amounts), is_bank_day, move)
    if deposit:
        amounts.insert(0, deposit)
        days.insert(0, terms.deposit_on or terms.start)
    for before, day in pairwise(days):
        if day <= before:
            raise ScheduleError("dates_not_ordered", date=day, before=before)
    last = min(terms.start, days[0]) - DAY
    lines = []
    for position, (day, units) in enumerate(zip(days, amounts, strict=True)):
        is_deposit = bool(deposit) and not position
        last = moved_in("own" if is_deposit else terms.rhythm, day, is_bank_day, move, last)
        lines.append(Line(last, to_amount(units, terms.digits)))
    return tuple(lines)


def _check(terms: Terms) -> None:
    """Refuse what no plan can be made of."""
    if not terms.total.is_finite() or terms.total <= 0:
        raise ScheduleError("nothing_to_plan", total=terms.total)
    if terms.rhythm not in RHYTHMS:
        raise ScheduleError("unknown_rhythm", rhythm=terms.rhythm)
    if terms.day_of_month and not 1 <= terms.day_of_month <= LAST_DAY:
        raise ScheduleError("unknown_day", day_of_month=terms.day_of_month)
    if not terms.deposit.is_finite() or terms.deposit < 0:
        raise ScheduleError("deposit_negative", deposit=terms.deposit)
    if terms.deposit >= terms.total:
        raise ScheduleError("deposit_too_large", deposit=terms.deposit, total=terms.total)
    if terms.deposit and not terms.deposit_on and terms.rhythm == "once":
        raise ScheduleError("deposit_date_missing")
    for day in (terms.start, terms.deposit_on or terms.start, *terms.own_dates):
        if day.year not in _YEARS:
            raise ScheduleError("too_far", date=day)


def _days(terms: Terms, count: int, is_bank_day: BankDay | None, move: str) -> list[date]:
    """Return the wished days of ``count`` instalments."""
    if terms.rhythm == "once":
        return [terms.start]
    if terms.rhythm == "own":
        own = list(terms.own_dates[:count])
        if own[0] < terms.start:
            raise ScheduleError("dates_not_ordered", date=own[0], before=terms.start)
        return own
    days: Iterator[date] = days_from(terms.start, terms.rhythm, terms.day_of_month or terms.start.day)
    if terms.deposit:
        deposit_on = terms.deposit_on or terms.start
        paid_on = moved(deposit_on, is_bank_day, move, min(terms.start, deposit_on) - DAY)
        # Without a day of its own the deposit takes the start; a day given too early is refused later.
        first = deposit_on + DAY if terms.deposit_on else terms.start
        days = dropwhile(lambda day: first <= day <= max(deposit_on, paid_on), days)
    return list(islice(days, count))


def _amounts(terms: Terms, units: int) -> list[int]:
    """Return the instalments of ``units``, in units."""
    if terms.size:
        return _of_size(terms, units)
    return _equal(terms, units, _count(terms))


def _count(terms: Terms) -> int:
    """Return how many equal instalments there are."""
    if terms.rhythm == "once":
        count = terms.count or 1
        fits = count == 1
    elif terms.rhythm == "own":
        if not terms.own_dates:
            raise ScheduleError("own_dates_missing", found=0, needed=terms.count or 1)
        count = terms.count or len(terms.own_dates)
        fits = count == len(terms.own_dates)
    else:
        count = terms.count or 0
        fits = count > 0
    if not fits:
        raise ScheduleError("count_or_size")
    if count > MOST_LINES:
        raise ScheduleError("too_many_lines", found=count, limit=MOST_LINES)
    return count


def _equal(terms: Terms, units: int, count: int) -> list[int]:
    """Return equal instalments: as near to equal as whole steps allow, the rest in one of them."""
    step = to_units(terms.round_to or to_amount(1, terms.digits), terms.digits)
    if step < 0:
        raise ScheduleError("rounding_too_coarse", round_to=terms.round_to, rest=NOTHING)
    if count == 1:
        return [units]
    each = (2 * units + count * step) // (2 * count * step) * step
    if units - each * (count - 1) <= 0:
        each = units // (count * step) * step
    rest = units - each * (count - 1)
    if not terms.round_to and not each:
        raise ScheduleError("size_too_small", size=to_amount(units, terms.digits) / count)
    if terms.round_to and rest > _LARGEST_REST * each:
        raise ScheduleError("rounding_too_coarse", round_to=terms.round_to, rest=to_amount(rest, terms.digits))
    return _with_rest(terms, each, count - 1, rest)


def _of_size(terms: Terms, units: int) -> list[int]:
    """Return instalments of the wished size, the rest in one of them."""
    size = to_units(terms.size or NOTHING, terms.digits)
    if size < 0:
        raise ScheduleError("size_too_small", size=terms.size)
    if terms.count or terms.rhythm == "once":
        raise ScheduleError("count_or_size")
    full = (units - 1) // size
    if full >= MOST_LINES:
        raise ScheduleError("too_many_lines", found=full + 1, limit=MOST_LINES)
    if terms.rhythm == "own" and full >= len(terms.own_dates):
        raise ScheduleError("own_dates_missing", found=len(terms.own_dates), needed=full + 1)
    return _with_rest(terms, size, full, units - full * size)


def _with_rest(terms: Terms, each: int, count: int, rest: int) -> list[int]:
    return [rest] + [each] * count if terms.rest_in == "first" else [each] * count + [rest]


def check_lines(lines: Sequence[Line], total: Decimal, digits: int, today: date) -> tuple[Problem, ...]:
    """Return what is wrong with lines that were typed or pasted; nothing where all is well.

    Codes: ``no_lines``; ``too_many_lines`` (found, limit); of a line ``not_positive`` (amount),
    ``too_precise`` (amount, digits), ``past`` (date), ``double`` (date), ``unordered`` (date, before);
    ``not_summing`` (total, found, difference: what is too much, negative what is missing).

    :param today: a line on it is not past
    """
    if not lines:
        return (Problem("no_lines"),)
    problems = []
    if len(lines) > MOST_LINES:
        problems.append(Problem("too_many_lines", None, {"found": len(lines), "limit": MOST_LINES}))
    seen: set[date] = set()
    for position, line in enumerate(lines):
        problems += _problems_of(line, position, seen, digits, today)
        seen.add(line.date)
    if all(line.amount.is_finite() for line in lines):
        found = sum((line.amount for line in lines), NOTHING)
        if found != total:
            facts = {"total": total, "found": found, "difference": found - total}
            problems.append(Problem("not_summing", None, facts))
    return tuple(problems)


def _problems_of(line: Line, position: int, seen: set[date], digits: int, today: date) -> list[Problem]:
    """Return what is wrong with one line, given the days of those before it."""
    problems = []
    if not line.amount.is_finite() or line.amount <= 0:
        problems.append(Problem("not_positive", position, {"amount": line.amount}))
    elif not is_exact(line.amount, digits):
        problems.append(Problem("too_precise", position, {"amount": line.amount, "digits": digits}))
    if line.date < today:
        problems.append(Problem("past", position, {"date": line.date}))
    if line.date in seen:
        problems.append(Problem("double", position, {"date": line.date}))
    elif seen and line.date < max(seen):
        problems.append(Problem("unordered", position, {"date": line.date, "before": max(seen)}))
    return problems
