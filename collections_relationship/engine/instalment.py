"""What a plan is made of: dated amounts, what may be wrong with them, and amounts as whole units.

Sums are done in whole units of the currency (cents, or fils in a currency of three decimals), so
that no rounding can lose or make one.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

#: No plan has more lines: ten years of months.
MOST_LINES = 120
NOTHING = Decimal(0)
#: Another name for a date, where a field has taken that one.
Day = date
#: Nobody owes that much; below it, sums of amounts are exact.
_BEYOND_REASON = Decimal(10**15)


class ScheduleError(ValueError):
    """A plan cannot be made or changed as asked.

    :ivar code: why, for the caller to put into words
    :ivar facts: what the words need: amounts, dates, numbers
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(f"{code} {facts}" if facts else code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Line:
    """An amount to be paid on a day, in the currency of its plan.

    :param since: the day a missed line was given this day; money that came before does not pay it in
        advance. ``None`` for what was agreed from the start
    """

    date: date
    amount: Decimal
    since: Day | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with lines that were typed or pasted.

    :param code: what is wrong, for the caller to put into words
    :param line: position of the line, counted from 0; ``None`` where it is about all of them
    :param facts: what the words need
    """

    code: str
    line: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def is_reasonable(amount: Decimal) -> bool:
    """Tell whether somebody may owe ``amount``."""
    return amount.is_finite() and abs(amount) < _BEYOND_REASON


def is_exact(amount: Decimal, digits: int) -> bool:
    """Tell whether ``amount`` is one that money can have: no coin is smaller, no sum beyond all reason.

    >>> is_exact(Decimal("1.50"), 1), is_exact(Decimal("1.05"), 1)
    (True, False)
    """
    if not is_reasonable(amount):
        return False
    return to_amount(int(amount.scaleb(digits)), digits) == amount


def to_units(amount: Decimal, digits: int) -> int:
    """Return ``amount`` as a whole number of the smallest coins.

    :raises ScheduleError: ``too_precise``: the currency has no coin that small
    """
    if not is_exact(amount, digits):
        raise ScheduleError("too_precise", amount=amount, digits=digits)
    return int(amount.scaleb(digits))


def to_amount(units: int, digits: int) -> Decimal:
    """Return a whole number of the smallest coins as an amount.

    >>> to_amount(1005, 2)
    Decimal('10.05')
    """
    return Decimal(units).scaleb(-digits)
