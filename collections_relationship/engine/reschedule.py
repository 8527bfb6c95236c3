"""Changes to a plan that runs: a missed line forgiven, a plan that shrinks or ends early.

What is missed is told as ``missed``: the position of each missed line -> what is open of it, which
is what ``judgement.Verdict.missed`` holds. Whatever is forgiven, the sum stays the same, and the days
follow each other.

Lines that credit notes have reached are forgiven as ``allocation.net_lines`` returns them. What those
took is then put back (``put_back``), or lies beside the lines from then on (``allocation.settle``).
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .instalment import NOTHING, Line, ScheduleError, to_amount, to_units
from .rhythm import AFTER, DAY, BankDay, days_after, moved, moved_in, repeats


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A plan after a reduction.

    :param lines: as many as before, so that positions stay; one that shrank to nothing has amount 0
    :param unused: what of the reduction found no open line
    """

    lines: tuple[Line, ...]
    unused: Decimal


def move_rest_to_end(
    lines: Sequence[Line],
    missed: Mapping[int, Decimal],
    today: date,
    rhythm: str,
    day_of_month: int | None = None,
    is_bank_day: BankDay | None = None,
    move: str = AFTER,
) -> tuple[Line, ...]:
    """Return the plan with what was missed as one more line, a step of ``rhythm`` after the last.

    What was paid of a missed line stays; a missed line of which nothing was paid is gone. With the
    rhythms ``once`` and ``own`` the step is a month.

    :param today: the new line falls after it
    :raises ScheduleError: ``nothing_missed``; ``not_missed`` (position, open): more than the line; ``no_bank_day``
    """
    kept = _without(lines, missed)
    last = max(line.date for line in lines)
    days = days_after(last, rhythm if repeats(rhythm) else "monthly", day_of_month or last.day)
    wished = next(day for day in days if day > today)
    added = Line(moved_in(rhythm, wished, is_bank_day, move, max(last, today)), sum(missed.values(), NOTHING), since=today)
    return (*(line for line in kept if line.amount), added)


def spread(
    lines: Sequence[Line],
    missed: Mapping[int, Decimal],
    today: date,
    digits: int,
    paid: Sequence[Decimal] | None = None,
) -> tuple[Line, ...]:
    """Return the plan with what was missed spread evenly over the open lines after ``today``, the rest on the last.

    :param paid: what is paid on each line; lines paid in advance take no more. ``None``: none is paid
    :raises ScheduleError: ``no_line_left``: none comes after today; as in ``move_rest_to_end``
    :raises ValueError: ``paid`` does not fit the lines
    """
    kept = _without(lines, missed)
    received = [NOTHING] * len(lines) if paid is None else paid
    _check_paid(lines, received)
    later = [
        position
        for position, line in enumerate(lines)
        if line.date > today and received[position] < line.amount and position not in missed
    ]
    if not later:
        raise ScheduleError("no_line_left")
    each, rest = divmod(to_units(sum(missed.values(), NOTHING), digits), len(later))
    for position in later:
        more = each + (rest if position == later[-1] else 0)
        kept[position] = replace(kept[position], amount=kept[position].amount + to_amount(more, digits))
    return tuple(line for line in kept if line.amount)


def extra_days(
    lines: Sequence[Line],
    missed: Mapping[int, Decimal],
    today: date,
    days: int,
    is_bank_day: BankDay | None = None,
    move: str = AFTER,
) -> tuple[Line, ...]:
    """Return the plan with the missed lines ``days`` calendar days later, at the earliest tomorrow.

    A day that another line has already is left to it; the moved line takes the next one.

    :raises ScheduleError: as in ``move_rest_to_end``
    :raises ValueError: ``days`` is not positive
    """
    _check_missed(lines, missed)
    if days < 1:
        raise ValueError("extra days are at least one")
    result = [line for position, line in enumerate(lines) if line.amount and position not in missed]
    taken = {line.date for line in result}
    for position in sorted(missed):
        line = lines[position]
        day = moved(line.date + timedelta(days=days), is_bank_day, move, today)
        while day in taken:
            day = moved(day + DAY, is_bank_day, AFTER, today)
        taken.add(day)
        result.append(replace(line, date=day, since=today))
    return tuple(sorted(result, key=lambda line: line.date))


def _check_missed(lines: Sequence[Line], missed: Mapping[int, Decimal]) -> None:
    if not missed:
        raise ScheduleError("nothing_missed")
    for position, amount in missed.items():
        if not 0 <= position < len(lines) or not 0 < amount <= lines[position].amount:
            raise ScheduleError("not_missed", position=position, open=amount)


def _without(lines: Sequence[Line], missed: Mapping[int, Decimal]) -> list[Line]:
    """Return the lines with only what was paid left of those missed."""
    _check_missed(lines, missed)
    return [
        replace(line, amount=line.amount - missed.get(position, NOTHING)) for position, line in enumerate(lines)
    ]


def put_back(lines: Sequence[Line], reduced: Decimal, paid: Mapping[date, Decimal]) -> tuple[Line, ...]:
    """Return net lines with what credit notes took on the last open one, from which they take it once more.

    :param paid: day of a line -> what is paid on it; a line paid in advance must not grow
    """
    still_open = [position for position, line in enumerate(lines) if paid.get(line.date, NOTHING) < line.amount]
    last = max(still_open, default=len(lines) - 1)
    grown = replace(lines[last], amount=lines[last].amount + reduced)
    return (*lines[:last], grown, *lines[last + 1 :])


def shrink(lines: Sequence[Line], paid: Sequence[Decimal], reduction: Decimal) -> Shrunk:
    """Return the plan made smaller from its last line on, never below what is paid on a line.

    Lines are shrunk for good like this, or ``allocation.settle`` is told of the reduction each time;
    both would count it twice.

    :param paid: what is paid on each line
    :param reduction: a credit note or write-off, not negative
    :raises ValueError: ``paid`` does not fit the lines, or the reduction is negative
    """
    _check_paid(lines, paid)
    if reduction < 0:
        raise ValueError("a reduction cannot be negative")
    result = list(lines)
    for position in reversed(range(len(lines))):
        less = min(lines[position].amount - paid[position], reduction)
        result[position] = replace(lines[position], amount=lines[position].amount - less)
        reduction -= less
    return Shrunk(tuple(result), reduction)


def end_early(lines: Sequence[Line], paid: Sequence[Decimal], on: date) -> tuple[Line, ...]:
    """Return the plan with everything that is open due on one day.

    What is paid stays on the lines before ``on``; the line on that day holds all the rest, what was
    paid in advance included, so that the sum stays.

    :raises ScheduleError: ``nothing_to_plan``: nothing is open
    :raises ValueError: ``paid`` does not fit the lines
    """
    _check_paid(lines, paid)
    total = sum((line.amount for line in lines), NOTHING)
    if total == sum(paid, NOTHING):
        raise ScheduleError("nothing_to_plan", total=NOTHING)
    kept = [
        Line(line.date, amount) for line, amount in zip(lines, paid, strict=True) if amount and line.date < on
    ]
    return (*kept, Line(on, total - sum((line.amount for line in kept), NOTHING)))


def _check_paid(lines: Sequence[Line], paid: Sequence[Decimal]) -> None:
    if len(paid) != len(lines):
        raise ValueError("what is paid is told for each line")
    if any(not 0 <= amount <= line.amount for line, amount in zip(lines, paid, strict=True)):
        raise ValueError("what is paid on a line is between nothing and its amount")
