"""Which rung speaks today when several rounds of one customer are due.

A customer hears from us once, not once per invoice. This module picks the one message; it knows
neither the database nor the clock.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

#: An item that nobody has asked for yet should have been asked for by this many days after its due date.
FIRST_ASK_WITHIN = 10
#: A higher rung gives way to newly late items for at most this many gaps, so that it never starves.
MOST_TURNS_GIVEN = 3


@dataclass(frozen=True, slots=True)
class DueItem:
    """An item whose next rung is due.

    :param key: whatever identifies the item to the caller
    :param rung: days late from which the rung applies; negative before the due date
    :param due: the item's due date
    :param since: the day on which the rung became due
    :param asked_before: some message has asked for the item already
    """

    key: object
    rung: int
    due: date
    since: date
    asked_before: bool


def choose(items: Sequence[DueItem], today: date, gap: int, upcoming: date | None = None) -> int | None:
    """Return the rung that speaks today, or ``None`` when the message should wait.

    The highest due rung speaks, unless an item nobody has asked for yet could not wait one more
    gap; then the lowest rung after the due date that needs it speaks first. The higher rung gives
    way ``MOST_TURNS_GIVEN`` times at most. A heads-up (negative rung) speaks only when nothing
    else is due and no reminder (``upcoming``, the next day one becomes due) falls into the gap it
    would open: it never delays a reminder.

    :param items: all due items of one customer and company
    :param gap: days that must lie between two asking messages
    :raises ValueError: ``gap`` is negative
    """
    if gap < 0:
        raise ValueError("a gap between messages cannot be negative")
    late = [item for item in items if item.rung >= 0]
    if not late:
        if not items or (upcoming is not None and upcoming < today + timedelta(days=gap)):
            return None
        return max(item.rung for item in items)
    highest = max(item.rung for item in late)
    urgent = [
        item.rung
        for item in late
        if not item.asked_before and (today - item.due).days + gap > FIRST_ASK_WITHIN
    ]
    if not urgent or min(urgent) == highest:
        return highest
    waiting_since = min(item.since for item in late if item.rung == highest)
    if (today - waiting_since).days >= gap * MOST_TURNS_GIVEN and gap:
        return highest
    return min(urgent)
