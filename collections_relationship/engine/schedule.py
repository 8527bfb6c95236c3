"""Turns an amount, a start and a rhythm into lines that sum to the cent, on days that follow each other.

It knows neither the clock nor the holidays: which day a bank works is asked of the caller.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .instalment import MOST_LINES, NOTHING, Line, Problem, ScheduleError
from .pasted_lines import parse_lines
from .reschedule import Shrunk, end_early, extra_days, move_rest_to_end, shrink, spread

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
    "shrink",
    "spread",
]

RHYTHMS = ("once", "weekly", "two_weekly", "four_weekly", "monthly", "month_end", "quarterly", "own")
#: What to do with a day on which banks rest: the next one on which they work, the last one, nothing.
MOVES = ("after", "before", "keep")


@dataclass(frozen=True)
class Terms:
    """What somebody wants to agree on.

    Exactly one of ``count`` and ``size`` is given, save for ``once`` (neither is needed) and ``own``
    (the days are the count, unless ``size`` is given).

    :param total: what all lines together make, deposit included
    :param digits: decimals of the currency
    :param start: first possible day; without ``deposit_on`` the day of the deposit
    :param rhythm: one of ``RHYTHMS``
    :param count: number of instalments, the deposit not among them
    :param size: amount of each instalment; how many there are follows
    :param deposit: paid before the instalments; 0 for none
    :param deposit_on: day of the deposit. Given, the instalments begin on ``start``; not given, the
        deposit is due on ``start`` and the instalments begin one step later
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


def plan(
    terms: Terms, is_bank_day: Callable[[date], bool] | None = None, move: str = "after"
) -> tuple[Line, ...]:
    """Return the lines of ``terms``: they sum to the total, and each day is later than the last.

    Days on which banks rest are moved; where that would put two lines on one day, the later one
    waits for the next bank day. ``before`` never goes before the first day of the terms.

    :param is_bank_day: tells whether banks work on a day; ``None`` moves nothing
    :param move: one of ``MOVES``
    :raises ScheduleError: ``nothing_to_plan``, ``unknown_rhythm``, ``unknown_day``, ``count_or_size``,
        ``size_too_small``, ``too_many_lines``, ``deposit_too_large``, ``deposit_date_missing``,
        ``own_dates_missing``, ``dates_not_ordered``, ``rounding_too_coarse``, ``too_precise``,
        ``no_bank_day``
    """
    raise NotImplementedError


def check_lines(lines: Sequence[Line], total: Decimal, digits: int, today: date) -> tuple[Problem, ...]:
    """Return what is wrong with lines that were typed or pasted; nothing where all is well.

    Codes: ``no_lines``; ``too_many_lines`` (found, limit); of a line ``not_positive`` (amount),
    ``too_precise`` (amount, digits), ``past`` (date), ``double`` (date), ``unordered`` (date, before);
    ``not_summing`` (total, found, difference: what is too much, negative what is missing).

    :param today: a line on it is not past
    """
    raise NotImplementedError
