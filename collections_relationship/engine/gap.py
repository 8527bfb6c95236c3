"""The one gate every message passes before it leaves.

Given what was sent before and what is wanted now, it answers with a verdict: allowed, or every
rule that says no and the first day on which all of them say yes. It sends nothing and looks
nothing up.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .calendar import local_date

#: Order in which failing rules are named; the first is the one shown in short.
REASON_ORDER = ("minimum_gap", "address_gap")


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that left, or may have left.

    :param at: aware moment of sending
    :param customer: any hashable key of the customer
    :param address: normalised address it went to, empty where unknown
    :param asking: it asked for money; thanks and acknowledgements do not
    """

    at: datetime
    customer: object
    address: str
    asking: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What the house allows.

    :param minimum_gap: days between two asking messages to one customer; never less than one, for
        a customer gets one such message a day at most
    :param address_gap: days between two asking messages to one address, whoever the customer is
    :param source: where the rules come from, shown beside a refusal
    """

    minimum_gap: int = 5
    address_gap: int = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """The message wanted.

    :param at: aware moment at which it would leave
    :param zone: name of the customer's time zone; days are counted there
    :param bundle_agreed: every customer at this address agreed to get messages on one day
    """

    at: datetime
    customer: object
    address: str
    asking: bool
    zone: str = "UTC"
    bundle_agreed: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule that says no, its source, and the first local day on which it says yes."""

    code: str
    source: str
    free_on: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: ``allowed``, else every refusal in the order of ``REASON_ORDER``."""

    refusals: tuple[Refusal, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.refusals

    @property
    def reason(self) -> str:
        """The code of the rule named first, empty when allowed."""
        return self.refusals[0].code if self.refusals else ""

    @property
    def free_on(self) -> date | None:
        """The first local day on which all rules say yes, ``None`` when allowed."""
        return max((refusal.free_on for refusal in self.refusals), default=None)


def check(ask: Ask, history: Iterable[Sent], rules: Rules) -> Verdict:
    """Judge ``ask`` against ``history`` under ``rules``.

    Days are local calendar dates of the customer, not spans of 24 hours: a message on the 1st
    with a gap of 5 leaves the customer in peace until the 6th. Messages that ask for nothing are
    exempt and are not counted. A message dated after the moment asked about counts as well: a
    clock that was set back must not open the gate.
    """
    if not ask.asking:
        return Verdict()
    last_customer: date | None = None
    last_address: date | None = None
    for sent in history:
        if not sent.asking:
            continue
        day = local_date(sent.at, ask.zone)
        if sent.customer == ask.customer:
            last_customer = max(last_customer or day, day)
        elif ask.address and sent.address == ask.address and not ask.bundle_agreed:
            last_address = max(last_address or day, day)
    today = local_date(ask.at, ask.zone)
    refusals = [
        Refusal(code, rules.source, last + timedelta(days=gap))
        for code, last, gap in (
            ("minimum_gap", last_customer, max(rules.minimum_gap, 1)),
            ("address_gap", last_address, rules.address_gap),
        )
        if last is not None and today < last + timedelta(days=gap)
    ]
    return Verdict(tuple(refusals))
