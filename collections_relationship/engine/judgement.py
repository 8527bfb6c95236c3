"""Judges a promise or a plan: what is kept, partly kept or missed, and how often a customer kept his word."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import takewhile

from .allocation import LineState
from .instalment import NOTHING
from .rhythm import DAY, BankDay, bank_days_after

#: States of a line. ``open`` comes later; ``due`` is its day or one of the days of grace after it;
#: ``partly`` and ``missed`` are past them; ``late_kept`` was, and has been paid since; ``reduced`` is
#: gone by credit note or write-off, which keeps no promise.
OPEN, DUE, KEPT, PARTLY, MISSED, LATE_KEPT, REDUCED = (
    "open", "due", "kept", "partly", "missed", "late_kept", "reduced",
)
LINE_STATES = (OPEN, DUE, KEPT, PARTLY, MISSED, LATE_KEPT, REDUCED)
#: States of the whole. ``missed`` may still be forgiven, ``broken`` may not; ``reduced``: no line is
#: left to be paid and none was.
RUNNING, BROKEN = "running", "broken"
OVERALL = (RUNNING, KEPT, MISSED, BROKEN, REDUCED)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How late and how little still counts as kept.

    What may be missing of a line is the smaller of both limits; a limit of 0 is not looked at, and with
    both 0 nothing may be missing. A line on which nothing came is never kept.

    :param days: bank days after the day of the line
    :param percent: of the line
    :param amount: in the currency of the plan
    """

    days: int = 0
    percent: Decimal = NOTHING
    amount: Decimal = NOTHING


#: Presets: at home, and across borders, where banks on the way keep something.
TOLERANCE = Tolerance(3, Decimal(10), Decimal(10))
TOLERANCE_ABROAD = Tolerance(3, Decimal(25), Decimal(25))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a plan stands on a day.

    :param states: of each line, of ``LINE_STATES``
    :param overall: of ``OVERALL``
    :param first_missed: position of the first line that is missed or partly paid, else ``None``
    :param missed: position of each such line -> what is open of it
    :param deadlines: the last day on which each line may be paid
    :param judge_again_on: the first day on which the calendar alone changes the verdict, else ``None``
    :param paid_share: money on the lines, of what they ask after reductions; 0 to 1
    """

    states: tuple[str, ...]
    overall: str
    first_missed: int | None
    missed: Mapping[int, Decimal]
    deadlines: tuple[date, ...]
    judge_again_on: date | None
    paid_share: Decimal

    @property
    def partly_kept(self) -> bool:
        """Whether it is broken, but some money came."""
        return self.overall == BROKEN and self.paid_share > 0


def judge(
    line_states: Sequence[LineState],
    today: date,
    tolerance: Tolerance,
    is_bank_day: BankDay | None = None,
    forgiveness_left: int = 0,
) -> Verdict:
    """Judge the lines of a plan as ``allocation.settle`` returns them.

    A line is kept when all but the tolerated rest was paid by its deadline; before the deadline is
    over, only a line fully paid is kept. A day on which banks rest stands for the next one on which
    they work.

    :param is_bank_day: tells whether banks work on a day; ``None`` stands for Monday to Friday
    :param forgiveness_left: how many missed lines may still be forgiven
    :raises ValueError: there are no lines
    :raises ScheduleError: ``no_bank_day``
    """
    if not line_states:
        raise ValueError("there is nothing to judge without lines")
    deadlines = tuple(bank_days_after(state.line.date, tolerance.days, is_bank_day) for state in line_states)
    states = tuple(
        _judge_line(state, deadline, today, tolerance)
        for state, deadline in zip(line_states, deadlines, strict=True)
    )
    missed = {
        position: line_states[position].open
        for position, state in enumerate(states)
        if state in (PARTLY, MISSED)
    }
    changes = [
        line_state.line.date if state == OPEN else deadline + DAY
        for line_state, state, deadline in zip(line_states, states, deadlines, strict=True)
        if state in (OPEN, DUE)
    ]
    paid = sum((state.paid for state in line_states), NOTHING)
    asked = sum((state.line.amount - state.reduced for state in line_states), NOTHING)
    return Verdict(
        states=states,
        overall=_overall(states, len(missed), forgiveness_left),
        first_missed=min(missed, default=None),
        missed=missed,
        deadlines=deadlines,
        judge_again_on=min(changes, default=None),
        paid_share=paid / asked if asked else NOTHING,
    )


def _judge_line(state: LineState, deadline: date, today: date, tolerance: Tolerance) -> str:
    asked = state.line.amount - state.reduced
    if not asked:
        return REDUCED
    enough = asked - _may_be_missing(asked, tolerance)
    in_time = sum((amount for day, amount in state.receipts if day <= deadline), NOTHING)
    if state.open and today <= deadline:
        return OPEN if today < state.line.date else DUE
    if in_time and in_time >= enough:
        return KEPT
    if state.paid and state.paid >= enough:
        return LATE_KEPT
    return PARTLY if state.paid else MISSED


def _may_be_missing(asked: Decimal, tolerance: Tolerance) -> Decimal:
    limits = (asked * tolerance.percent / 100, tolerance.amount)
    return min((limit for limit in limits if limit), default=NOTHING)


def _overall(states: Sequence[str], missed: int, forgiveness_left: int) -> str:
    if missed:
        return MISSED if missed <= forgiveness_left else BROKEN
    if OPEN in states or DUE in states:
        return RUNNING
    return KEPT if KEPT in states or LATE_KEPT in states else REDUCED


def due_now(open_lines: Iterable[tuple[date, Decimal]], today: date) -> Decimal:
    """Return what is to be paid now: all that is behind or due today; where nothing is, the next payment.

    :param open_lines: day of each line and what is left of it, in any order
    """
    lines = sorted(open_lines)
    due = [amount for day, amount in lines if day <= today] or [amount for _day, amount in lines[:1]]
    return sum(due, NOTHING)


@dataclass(frozen=True, slots=True)
class KeptRate:
    """How many of the arrangements that ended were kept.

    :param share: 0 to 1; ``None`` where none has ended yet
    """

    kept: int
    partly: int
    broken: int
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Nth:
    """Which promise of a customer a new one would be.

    :param number: 1 for his first
    :param in_a_row: 1 for the first after one that was kept, or his first
    """

    number: int
    in_a_row: int


def kept_rate(history: Iterable[str]) -> KeptRate:
    """Count outcomes: ``kept``, ``partly``, ``broken``; anything else has not ended by itself and is left out."""
    counts = Counter(history)
    ended = counts[KEPT] + counts[PARTLY] + counts[BROKEN]
    share = Decimal(counts[KEPT]) / ended if ended else None
    return KeptRate(counts[KEPT], counts[PARTLY], counts[BROKEN], share)


def nth_promise(history: Sequence[str]) -> Nth:
    """Return which promise the next one would be.

    :param history: outcome of each accepted promise so far, oldest first: ``kept``, ``partly``,
        ``broken``, ``running``; anything else (cancelled, reduced...) is no promise of his
    """
    given = [outcome for outcome in history if outcome in (KEPT, PARTLY, BROKEN, RUNNING)]
    since_kept = list(takewhile(lambda outcome: outcome != KEPT, reversed(given)))
    return Nth(len(given) + 1, len(since_kept) + 1)
