"""Applies money: to debts, by what the payer said, what was agreed or what the law says; to instalments.

Nothing here depends on the order in which payments were booked: they count in the order of their own
days.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from .instalment import NOTHING, Line, to_amount, to_units

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
    :param secured: the greater, the better it is secured; 0 for not at all
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
    return Order(parts=tuple(payment_order) or PARTS)


def agreed_order(keys: Sequence[Key], payment_order: Sequence[str] = ()) -> Order:
    """Return the order that was agreed: the debts of ``keys``, then the others by the legal order."""
    return Order(parts=tuple(payment_order) or PARTS, agreed=tuple(keys))


def allocate(payment: Payment, debts: Sequence[Debt], order: Order, digits: int = 2) -> Allocation:
    """Apply one payment: to what the payer named, then by ``order``.

    :param debts: what is owed now; with nothing else to tell two apart, an odd cent goes to the former
    :param digits: decimals of the currency
    :raises ValueError: a payment that is not positive, a negative debt, two debts of one key, an order
        that is none, an amount with more decimals than the currency
    """
    _check(payment, debts, order)
    if payment.full_and_final:
        return Allocation((), "", payment.amount, waits=True)
    purse = _Purse(to_units(payment.amount, digits), debts, order.parts, digits)
    known = {debt.key: debt for debt in debts}
    for key in payment.designated:
        if key in known:
            purse.pay([known[key]], order.parts, DESIGNATED)
    groups = [([known[key]], AGREED) for key in order.agreed if key in known]
    others = [debt for debt in debts if debt.key not in order.agreed]
    groups += [(group, order.basis) for group in _ranked(others, order.by, payment.date)]
    for parts in [(part,) for part in order.parts] if order.part_first else [order.parts]:
        for group, basis in groups:
            purse.pay(group, parts, basis)
    parts_paid = tuple(purse.paid)
    return Allocation(parts_paid, parts_paid[0].basis if parts_paid else "", to_amount(purse.units, digits))


def _check(payment: Payment, debts: Sequence[Debt], order: Order) -> None:
    if payment.amount <= 0:
        raise ValueError("a payment is more than nothing")
    if any(min(debt.principal, debt.interest, debt.costs) < 0 for debt in debts):
        raise ValueError("a debt cannot be negative")
    if len({debt.key for debt in debts}) < len(debts):
        raise ValueError("two debts have one key")
    if sorted(order.parts) != sorted(PARTS) or not set(order.by) <= set(CRITERIA) or order.basis not in BASES[1:]:
        raise ValueError(f"no such order: {order}")


def _ranked(debts: Sequence[Debt], by: Sequence[str], day: date) -> list[list[Debt]]:
    """Return the debts in order, those together that no criterion tells apart."""

    def rank(debt: Debt) -> tuple[Decimal, ...]:
        ranks = {
            "due": Decimal(debt.date_due > day),
            "least_secured": debt.secured,
            "most_burdensome": -debt.burden,
            "oldest": Decimal(debt.date_due.toordinal()),
        }
        return tuple(ranks[criterion] for criterion in by)

    alike: dict[tuple[Decimal, ...], list[Debt]] = {}
    for debt in debts:
        alike.setdefault(rank(debt), []).append(debt)
    return [alike[found] for found in sorted(alike)]


class _Purse:
    """What is left of a payment, and what it has paid.

    :ivar units: what is left, in units
    :ivar paid: what was paid so far, in order
    """

    def __init__(self, units: int, debts: Sequence[Debt], parts: Sequence[str], digits: int) -> None:
        self.units = units
        self.paid: list[Part] = []
        self._digits = digits
        self._owed = {(debt.key, part): to_units(getattr(debt, part), digits) for debt in debts for part in parts}

    def pay(self, debts: Sequence[Debt], parts: Sequence[str], basis: str) -> None:
        """Pay ``parts`` of debts that stand in the same place, in proportion to what they owe of them."""
        owed = [sum(self._owed[debt.key, part] for part in parts) for debt in debts]
        for debt, share in zip(debts, _shares(min(self.units, sum(owed)), owed), strict=True):
            self.units -= share
            for part in parts:
                amount = min(share, self._owed[debt.key, part])
                if amount:
                    self._owed[debt.key, part] -= amount
                    share -= amount
                    self.paid.append(Part(debt.key, part, to_amount(amount, self._digits), basis))


def _shares(units: int, owed: Sequence[int]) -> list[int]:
    """Divide units in proportion to what is owed, never more than that; odd ones go to the largest fractions."""
    total = sum(owed)
    if not units:
        return [0] * len(owed)
    shares = [units * one // total for one in owed]
    by_fraction = sorted(range(len(owed)), key=lambda position: -(units * owed[position] % total))
    for position in by_fraction[: units - sum(shares)]:
        shares[position] += 1
    return shares


def allocate_all(
    payments: Iterable[Payment], debts: Sequence[Debt], order: Order, digits: int = 2
) -> dict[Key, Allocation]:
    """Apply payments one after the other, by their days, then their keys; the same however they are given.

    A payment that was taken back is left out by the caller; what others pay follows from that.

    :return: the allocation of each payment, by its key
    :raises ValueError: as in ``allocate``, or two payments of one key
    """
    result: dict[Key, Allocation] = {}
    owed = tuple(debts)
    for payment in sorted(payments, key=lambda payment: (payment.date, repr(payment.key))):
        if payment.key in result:
            raise ValueError("two payments have one key")
        result[payment.key] = allocate(payment, owed, order, digits)
        owed = apply(owed, result[payment.key])
    return result


def apply(debts: Iterable[Debt], allocation: Allocation) -> tuple[Debt, ...]:
    """Return the debts with an allocation paid.

    :raises ValueError: it pays what is not among them, or more than is owed
    """
    result = _changed(debts, allocation, -1)
    if any(min(debt.principal, debt.interest, debt.costs) < 0 for debt in result):
        raise ValueError("the allocation pays more than is owed")
    return result


def reverse(debts: Iterable[Debt], allocation: Allocation) -> tuple[Debt, ...]:
    """Return the debts with an allocation taken back: what they were before it was applied.

    :raises ValueError: it pays what is not among them
    """
    return _changed(debts, allocation, 1)


def _changed(debts: Iterable[Debt], allocation: Allocation, sign: int) -> tuple[Debt, ...]:
    change: dict[tuple[Key, str], Decimal] = defaultdict(Decimal)
    for part in allocation.parts:
        change[part.key, part.part] += sign * part.amount
    result = tuple(
        replace(
            debt,
            costs=debt.costs + change[debt.key, COSTS],
            interest=debt.interest + change[debt.key, INTEREST],
            principal=debt.principal + change[debt.key, PRINCIPAL],
        )
        for debt in debts
    )
    if not {part.key for part in allocation.parts} <= {debt.key for debt in result}:
        raise ValueError("the allocation pays a debt that is not there")
    return result


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
    if any(line.date <= before.date for before, line in pairwise(lines)):
        raise ValueError("the days of the lines must follow each other")
    if prepay not in PREPAYS:
        raise ValueError(f"prepay is one of {PREPAYS}, not {prepay!r}")
    left = [line.amount for line in lines]
    receipts: list[list[tuple[date, Decimal]]] = [[] for _line in lines]
    for day, money in _by_day(reconciled):
        for position in _next_lines(lines, left, day) if prepay == "shorten" else range(len(lines)):
            amount = min(money, left[position])
            if amount:
                left[position] -= amount
                money -= amount
                receipts[position].append((day, amount))
    reduced = _reduced(left, sum(reductions, NOTHING) - beside)
    return tuple(
        _state(line, tuple(received), less, rest - less)
        for line, received, less, rest in zip(lines, receipts, reduced, left, strict=True)
    )


def net_lines(states: Iterable[LineState]) -> tuple[Line, ...]:
    """Return the lines as reductions have left them, as many as before; one that is gone has amount 0.

    Kept as the lines of a plan, what was reduced lies ``beside`` them for ``settle``.
    """
    return tuple(replace(state.line, amount=state.line.amount - state.reduced) for state in states)


def _state(line: Line, receipts: tuple[tuple[date, Decimal], ...], reduced: Decimal, rest: Decimal) -> LineState:
    paid = sum((amount for _day, amount in receipts), NOTHING)
    closed = receipts[-1][0] if receipts and not rest else None
    return LineState(line, paid, reduced, rest, closed, receipts)


def _next_lines(lines: Sequence[Line], left: Sequence[Decimal], day: date) -> list[int]:
    """Return the lines that money of a day pays when it shortens the plan: those due or the next one, then the last."""
    unpaid = [position for position, rest in enumerate(left) if rest]
    known = [position for position in unpaid if (lines[position].since or day) <= day]
    first = [position for position in known if lines[position].date <= day] or known[:1]
    later = [position for position in reversed(known) if position not in first]
    return first + later + [position for position in unpaid if position not in known]


def _reduced(left: Sequence[Decimal], reduction: Decimal) -> list[Decimal]:
    """Return what a reduction takes of each open amount, from the last one on."""
    result = []
    for rest in reversed(left):
        less = max(min(rest, reduction), NOTHING)
        reduction -= less
        result.append(less)
    return result[::-1]


def _by_day(reconciled: Iterable[Received]) -> list[tuple[date, Decimal]]:
    """Return the money of each day, in order, without what was taken back."""
    booked = sorted(reconciled, key=lambda received: (received.date, repr(received.key), received.amount))
    money = [received for received in booked if received.amount > 0]
    left = [received.amount for received in money]
    newest_first = range(len(money))[::-1]
    without_own = []
    for back in (received for received in booked if received.amount < 0):
        own = [position for position in newest_first if money[position].key == back.key]
        without_own.append((back.date, _take(left, own, -back.amount)))
    for day, amount in without_own:
        # What came after it was taken back is touched only where nothing else is left.
        before = [position for position in newest_first if money[position].date <= day]
        _take(left, before + [position for position in newest_first if money[position].date > day], amount)
    days: dict[date, Decimal] = defaultdict(Decimal)
    for received, amount in zip(money, left, strict=True):
        if amount:
            days[received.date] += amount
    return list(days.items())


def _take(left: list[Decimal], positions: Iterable[int], amount: Decimal) -> Decimal:
    """Take an amount from what is left at the positions, in their order; return what was not there."""
    for position in positions:
        taken = min(amount, left[position])
        left[position] -= taken
        amount -= taken
    return amount
