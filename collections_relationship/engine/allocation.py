"""Applies money: to debts, by what the payer said, what was agreed or what the law says; to instalments.

Nothing here depends on the order in which payments were booked: they count in the order of their own
days.
"""
from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .instalment import NOTHING, Line

Key = Hashable
COSTS, INTEREST, PRINCIPAL = "costs", "interest", "principal"
PARTS = (COSTS, INTEREST, PRINCIPAL)
DESIGNATED, AGREED, STATUTORY = "designated", "agreed", "statutory"
BASES = (DESIGNATED, AGREED, STATUTORY)
#: By what debts are put in order: those due by the day of the payment first, the least secured, the
#: most burdensome for the debtor, the oldest.
CRITERIA = ("due", "least_secured", "most_burdensome", "oldest")
#: What an overpaid instalment does: it pays the next ones, or makes the plan shorter from its end.
PREPAYS = ("next", "shorten")


@dataclass(frozen=True, slots=True)
class Debt:
    """Something owed, in one currency.

    :param key: whatever identifies it to the caller
    :param burden: the greater, the more it burdens the debtor, such as its rate of interest
    :param secured: how much of it is secured, such as by a guarantee
    """

    key: Key
    date_due: date
    principal: Decimal
    interest: Decimal = NOTHING
    costs: Decimal = NOTHING
    burden: Decimal = NOTHING
    secured: Decimal = NOTHING

    @property
    def owed(self) -> Decimal:
        return self.principal + self.interest + self.costs


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in.

    :param designated: keys of the debts the payer named, in his order; empty where he named none
    :param full_and_final: the payer wants it to settle everything; a human decides what it pays
    """

    key: Key
    date: date
    amount: Decimal
    designated: tuple[Key, ...] = ()
    full_and_final: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """In which order a payment that names no debt is applied.

    :param basis: ``AGREED`` or ``STATUTORY``
    :param parts: ``PARTS`` in order, as ``Pack.payment_order`` has them
    :param by: of ``CRITERIA``, the first decides; debts alike in all of them share in proportion
    :param agreed: keys of debts that come first, in this order
    :param part_first: the first part of all debts comes before the second of any
    """

    basis: str = STATUTORY
    parts: tuple[str, ...] = PARTS
    by: tuple[str, ...] = CRITERIA
    agreed: tuple[Key, ...] = ()
    part_first: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What a payment pays of one part of one debt, and why this one."""

    key: Key
    part: str
    amount: Decimal
    basis: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """What one payment pays.

    :param parts: never more than the payment together, never more than is owed each
    :param basis: of the first part; empty where nothing is paid
    :param rest: what of the payment is left
    :param waits: it is marked as full and final: nothing is applied before a human has decided
    """

    parts: tuple[Part, ...]
    basis: str
    rest: Decimal
    waits: bool = False


def statutory_order(payment_order: Sequence[str] = ()) -> Order:
    """Return the legal order of a rule pack, given its ``payment_order``; the usual one where it has none."""
    raise NotImplementedError


def agreed_order(keys: Sequence[Key], payment_order: Sequence[str] = ()) -> Order:
    """Return the order that was agreed: the debts of ``keys``, then the others by the legal order."""
    raise NotImplementedError


def allocate(payment: Payment, debts: Sequence[Debt], order: Order, digits: int = 2) -> Allocation:
    """Apply one payment: to what the payer named, then by ``order``.

    :param debts: what is owed now; with nothing else to tell two apart, an odd cent goes to the former
    :param digits: decimals of the currency
    :raises ValueError: a payment that is not positive, a negative debt, two debts of one key, an order
        that is none
    """
    raise NotImplementedError


def allocate_all(
    payments: Iterable[Payment], debts: Sequence[Debt], order: Order, digits: int = 2
) -> dict[Key, Allocation]:
    """Apply payments one after the other, by their days, then their keys; the same however they are given.

    A payment that was taken back is left out by the caller; what others pay follows from that.

    :return: the allocation of each payment, by its key
    :raises ValueError: as in ``allocate``, or two payments of one key
    """
    raise NotImplementedError


def apply(debts: Iterable[Debt], allocation: Allocation) -> tuple[Debt, ...]:
    """Return the debts with an allocation paid."""
    raise NotImplementedError


def reverse(debts: Iterable[Debt], allocation: Allocation) -> tuple[Debt, ...]:
    """Return the debts with an allocation taken back: what they were before it was applied."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Received:
    """Money really reconciled on what a plan covers.

    :param date: the day the money came
    :param amount: negative where it was taken back
    :param key: of the payment; what is taken back bears the key of what it takes back. Without such a
        one, the latest money is taken back first
    """

    date: date
    amount: Decimal
    key: Key


@dataclass(frozen=True, slots=True)
class LineState:
    """Where one line of a plan stands. ``line.amount`` is ``paid + reduced + open``.

    :param paid: money on it
    :param reduced: what credit notes and write-offs took from it
    :param open: what is still to be paid
    :param paid_on: the day on which money closed it; ``None`` while open, or where no money came
    :param receipts: the money on it by day, in order
    """

    line: Line
    paid: Decimal
    reduced: Decimal
    open: Decimal
    paid_on: date | None
    receipts: tuple[tuple[date, Decimal], ...] = ()


def settle(
    lines: Sequence[Line],
    reconciled: Iterable[Received],
    reductions: Iterable[Decimal] = (),
    prepay: str = "next",
    beside: Decimal = NOTHING,
) -> tuple[LineState, ...]:
    """Put what was received since acceptance on the lines of a plan, the oldest line first.

    With ``shorten``, the money of a day pays the lines due by then, or the next one where all those
    are paid; what is over pays from the last line. Money beyond the whole plan is on no line.
    Reductions take open amounts from the last line on, never what is paid.

    :param reductions: credit notes and write-offs on what is covered, negative where taken back
    :param prepay: one of ``PREPAYS``
    :param beside: what of the covered amount lies outside the lines (a promise of a part, an amount to
        be waived); reductions use it up before they reach the lines
    :raises ValueError: the lines are not in order, or ``prepay`` is none of ``PREPAYS``
    """
    raise NotImplementedError
