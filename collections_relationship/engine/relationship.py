"""How firm a message to a customer may sound: a ceiling from facts of the relationship.

A customer of many years who pays on time is not spoken to like a stranger, however late one invoice
is; and while we owe him an answer ourselves, we stay friendly.
"""
from __future__ import annotations

from dataclasses import dataclass

from .vocabulary import TONES

#: A payment this many days after the due date still is punctual: banks take that long.
TOLERANCE_DAYS = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What the books say about a customer.

    :param years: since the first invoice
    :param revenue: invoiced in the last twelve months without tax, in the company's currency
    :param paid: invoices or instalments paid in the last two years
    :param punctual: how many of these on time
    :param matters: open questions of his that wait for us
    :param broken: promises and plans broken in the last twelve months, since the last that was kept
    """

    years: float = 0.0
    revenue: float = 0.0
    paid: int = 0
    punctual: int = 0
    matters: int = 0
    broken: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """When the ceiling is lowered and to what; an empty tone lowers nothing.

    :param general: for everybody
    :param good: for customers who meet all of the next three
    :param good_years: at least; 0 asks for none
    :param good_revenue: at least; 0 asks for none
    :param good_punctuality: share of payments on time, 0 to 1; 0 asks for none
    :param good_paid: so many payments say something about a habit
    :param matters: while a question of his waits for us
    """

    general: str = ""
    good: str = ""
    good_years: float = 0.0
    good_revenue: float = 0.0
    good_punctuality: float = 0.0
    good_paid: int = 3
    matters: str = ""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The firmest tone allowed, empty for any, and the codes of why."""

    tone: str = ""
    reasons: tuple[str, ...] = ()


def is_good(facts: Facts, rules: Rules) -> bool:
    """Tell whether the books show a customer worth special care; never without a condition that says so.

    Who broke his word lately is none, until he keeps it again.
    """
    if facts.broken or not (rules.good_years or rules.good_revenue or rules.good_punctuality):
        return False
    if rules.good_punctuality and (
        facts.paid < rules.good_paid or facts.punctual < rules.good_punctuality * facts.paid
    ):
        return False
    return facts.years >= rules.good_years and facts.revenue >= rules.good_revenue


def ceiling(facts: Facts, rules: Rules, own: str = "") -> Ceiling:
    """Return the ceiling for a customer: the mildest that applies.

    :param own: what a person set for this customer
    """
    caps = [("policy", rules.general), ("person", own)]
    if is_good(facts, rules):
        caps.append(("good_customer", rules.good))
    if facts.matters:
        caps.append(("open_matter", rules.matters))
    caps = [(code, tone) for code, tone in caps if tone]
    if not caps:
        return Ceiling()
    mildest = min((tone for _code, tone in caps), key=TONES.index)
    return Ceiling(mildest, tuple(code for code, tone in caps if tone == mildest))
