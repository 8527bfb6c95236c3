"""What an agreement with a customer is, and which way it may go.

The names are those of the field: a promise is one payment soon, grace one payment later, a payment plan
several, a settlement one where part of the debt is given up.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

#: One payment within so many days is a promise; a later one is time given.
SOON_DAYS = 7
KINDS = ("promise", "grace", "plan", "settlement")
#: Which state may follow which. What has ended stays ended, but for a kept one whose payment is taken back.
TRANSITIONS = {
    "draft": ("to_approve", "offered", "active", "cancelled"),
    "to_approve": ("draft", "offered", "countered", "active", "refused", "cancelled", "lapsed"),
    "offered": ("to_approve", "countered", "accepted", "active", "refused", "lapsed", "cancelled"),
    "countered": (),
    "accepted": ("active", "broken", "cancelled", "lapsed", "kept"),
    "active": ("kept", "broken", "lapsed", "cancelled"),
    "kept": ("active",),
    "broken": (),
    "lapsed": (),
    "refused": (),
    "cancelled": (),
}
#: Nobody has said the last word: the offer stands until its day.
STANDING = ("to_approve", "offered")
#: Agreed by both: payments are judged by it.
RUNNING = ("accepted", "active")
#: What it covers is not chased.
HOLDING = (*STANDING, *RUNNING)


def kind_of(dates: Sequence[date], agreed_on: date, waives: bool, new_due_date: bool = False) -> str:
    """Return what an agreement is.

    :param dates: the days on which the customer pays, at least one
    :param agreed_on: the day from which 'soon' counts
    :param waives: part of the debt is given up
    :param new_due_date: the payment is not merely waited for: it is due later
    :return: one of `KINDS`
    :raise ValueError: without a day
    """
    if not dates:
        raise ValueError("an agreement has at least one payment")
    if waives:
        return "settlement"
    if len(dates) > 1:
        return "plan"
    if new_due_date or (dates[0] - agreed_on).days > SOON_DAYS:
        return "grace"
    return "promise"


def may_become(state: str, new: str) -> bool:
    """Tell whether an agreement may go from one state to another."""
    return new in TRANSITIONS[state]
