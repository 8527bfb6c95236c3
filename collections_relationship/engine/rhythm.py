"""The days of a rhythm, and where they go when banks rest."""
from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from .calendar import is_bank_day as is_weekday
from .instalment import ScheduleError

RHYTHMS = ("once", "weekly", "two_weekly", "four_weekly", "monthly", "month_end", "quarterly", "own")
#: What to do with a day on which banks rest: the next one on which they work, the last one, nothing.
MOVES = ("after", "before", "keep")
AFTER, BEFORE, KEEP = MOVES

BankDay = Callable[[date], bool]
DAY = timedelta(days=1)
LAST_DAY = 31
#: Banks work again within so many days, whatever is celebrated.
_LONGEST_REST = 31
_DAYS = {"weekly": 7, "two_weekly": 14, "four_weekly": 28}
_MONTHS = {"monthly": 1, "month_end": 1, "quarterly": 3}


def days_from(start: date, rhythm: str, day_of_month: int) -> Iterator[date]:
    """Yield the days of a rhythm without end, the first on ``start`` or soon after.

    :param rhythm: one that repeats: not ``once``, not ``own``
    :param day_of_month: the day of rhythms that count months; the last day of shorter months
    """
    if rhythm in _DAYS:
        while True:
            yield start
            start += timedelta(days=_DAYS[rhythm])
    day = _day_of(rhythm, day_of_month)
    month = _month(start)
    if _in_month(month, day) < start:
        month += 1
    while True:
        yield _in_month(month, day)
        month += _MONTHS[rhythm]


def days_after(last: date, rhythm: str, day_of_month: int) -> Iterator[date]:
    """Yield the days of a rhythm that follow ``last``, which may have been moved off its own day."""
    if rhythm in _DAYS:
        days = days_from(last, rhythm, day_of_month)
        next(days)
        yield from days
    day = _day_of(rhythm, day_of_month)
    month = min(range(_month(last) - 1, _month(last) + 2), key=lambda near: abs(_in_month(near, day) - last))
    while True:
        month += _MONTHS[rhythm]
        yield _in_month(month, day)


def repeats(rhythm: str) -> bool:
    """Tell whether a rhythm has a next day."""
    return rhythm in _DAYS or rhythm in _MONTHS


def moved(day: date, is_bank_day: BankDay | None, move: str, after: date) -> date:
    """Return where ``day`` goes by the rule ``move``, always later than ``after``.

    :param is_bank_day: tells whether banks work on a day; ``None`` moves nothing
    :raises ScheduleError: ``no_bank_day``
    """
    if is_bank_day is None or move == KEEP:
        return max(day, after + DAY)
    if move == BEFORE:
        back = day
        while back > after and not is_bank_day(back):
            back -= DAY
        if back > after:
            return back
    return bank_day_from(max(day, after + DAY), is_bank_day)


def moved_in(rhythm: str, day: date, is_bank_day: BankDay | None, move: str, after: date) -> date:
    """Return where a day of a rhythm goes, as ``moved``; the last day of a month stays in its month where it can.

    :raises ScheduleError: ``no_bank_day``
    """
    found = moved(day, is_bank_day, move, after)
    if rhythm == "month_end" and move == AFTER and _month(found) != _month(day):
        back = moved(day, is_bank_day, BEFORE, after)
        return back if _month(back) == _month(day) else found
    return found


def bank_day_from(day: date, is_bank_day: BankDay) -> date:
    """Return ``day``, or the first one after it on which banks work.

    :raises ScheduleError: ``no_bank_day``: none within a month
    """
    for offset in range(_LONGEST_REST):
        found = day + timedelta(days=offset)
        if is_bank_day(found):
            return found
    raise ScheduleError("no_bank_day", date=day)


def bank_days_after(day: date, count: int, is_bank_day: BankDay | None = None) -> date:
    """Return the bank day that is ``count`` bank days after ``day``; with 0, the first on or after it.

    :param is_bank_day: ``None`` stands for Monday to Friday
    :raises ScheduleError: ``no_bank_day``
    """
    works = is_bank_day or is_weekday
    found = bank_day_from(day, works)
    for _ in range(count):
        found = bank_day_from(found + DAY, works)
    return found


def _day_of(rhythm: str, day_of_month: int) -> int:
    return LAST_DAY if rhythm == "month_end" else day_of_month


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _in_month(month: int, day: int) -> date:
    """Return a day of a month that is counted from year 0; its last day where the month is shorter."""
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day, monthrange(year, index + 1)[1]))
