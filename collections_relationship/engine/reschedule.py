"""Changes to a plan that runs: a missed line forgiven, a plan that shrinks or ends early.

What is missed is told as ``missed``: the position of each missed line -> what is open of it, which
is what ``judgement.Verdict.missed`` holds. Whatever is forgiven, the sum stays the same, and the days
follow each other.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .instalment import Line


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
    is_bank_day: Callable[[date], bool] | None = None,
    move: str = "after",
) -> tuple[Line, ...]:
    """Return the plan with what was missed as one more line, a step of ``rhythm`` after the last.

    What was paid of a missed line stays; a missed line of which nothing was paid is gone. With the
    rhythms ``once`` and ``own`` the step is a month.

    :param today: the new line falls after it
    :raises ScheduleError: ``nothing_missed``, or ``not_missed`` (position, open, amount)
    """
    raise NotImplementedError


def spread(lines: Sequence[Line], missed: Mapping[int, Decimal], today: date, digits: int) -> tuple[Line, ...]:
    """Return the plan with what was missed spread evenly over the lines after ``today``, the rest on the last.

    :raises ScheduleError: ``no_line_left``: none comes after today; as in ``move_rest_to_end``
    """
    raise NotImplementedError


def extra_days(
    lines: Sequence[Line],
    missed: Mapping[int, Decimal],
    today: date,
    days: int,
    is_bank_day: Callable[[date], bool] | None = None,
    move: str = "after",
) -> tuple[Line, ...]:
    """Return the plan with the missed lines ``days`` calendar days later, at the earliest tomorrow.

    A day that another line has already is left to it; the moved line takes the next one.

    :raises ScheduleError: as in ``move_rest_to_end``
    """
    raise NotImplementedError


def shrink(lines: Sequence[Line], paid: Sequence[Decimal], reduction: Decimal) -> Shrunk:
    """Return the plan made smaller from its last line on, never below what is paid on a line.

    :param paid: what is paid on each line
    :param reduction: a credit note or write-off, not negative
    :raises ValueError: ``paid`` does not fit the lines, or the reduction is negative
    """
    raise NotImplementedError


def end_early(lines: Sequence[Line], paid: Sequence[Decimal], on: date) -> tuple[Line, ...]:
    """Return the plan with everything that is open due on one day.

    What is paid stays on the lines before ``on``; the line on that day holds all the rest, what was
    paid in advance included, so that the sum stays.

    :raises ScheduleError: ``nothing_to_plan``: nothing is open
    :raises ValueError: ``paid`` does not fit the lines
    """
    raise NotImplementedError
