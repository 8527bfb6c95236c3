"""For which week or month a statement of account is due, and from which day its history starts."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

#: A statement not sent by then (a server was off) waits for the next period; nobody wants it in the middle of one.
WEEKLY_WINDOW = timedelta(days=3)
MONTHLY_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """One week or month.

    :param key: names it for good, such as ``2026-W12`` or ``2026-03``
    :param start: its first day
    :param before: the first day of the one before, from which its statement's history runs
    """

    key: str
    start: date
    before: date


def due_period(schedule: str, today: date) -> Period | None:
    """Return the period whose statement may be sent today, ``None`` where none is.

    >>> due_period("weekly", date(2026, 3, 16)).key  # a Monday
    '2026-W12'
    >>> due_period("weekly", date(2026, 3, 20)) is None
    True
    >>> due_period("monthly", date(2026, 3, 2))
    Period(key='2026-03', start=datetime.date(2026, 3, 1), before=datetime.date(2026, 2, 1))

    :param schedule: weekly or monthly; anything else is never due
    """
    if schedule == "weekly":
        start = today - timedelta(days=today.weekday())
        year, week, _weekday = today.isocalendar()
        period = Period(f"{year}-W{week:02d}", start, start - timedelta(days=7))
        return period if today < start + WEEKLY_WINDOW else None
    if schedule == "monthly":
        start = today.replace(day=1)
        period = Period(f"{today:%Y-%m}", start, (start - timedelta(days=1)).replace(day=1))
        return period if today < start + MONTHLY_WINDOW else None
    return None
