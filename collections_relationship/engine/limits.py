"""What may be agreed without asking, as the policy has it, and what needs a yes or two."""
from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .instalment import NOTHING, Line

PROMISE, GRACE, PLAN, SETTLEMENT = "promise", "grace", "plan", "settlement"
KINDS = (PROMISE, GRACE, PLAN, SETTLEMENT)


@dataclass(frozen=True, slots=True)
class DiscountRule:
    """A cell of the matrix of discounts: what may be given up of an item without asking.

    :param age_days: for items at least so many days late
    :param up_to_amount: and of at most so much open; ``None`` for any amount
    :param percent: of what is open
    :param amount: and at most so much of a customer in 12 months, what other rules let go of before
        included; ``None`` for no such limit
    """

    age_days: int
    up_to_amount: Decimal | None
    percent: Decimal
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a policy lets a person agree on alone; ``None`` sets no limit.

    :param longest_days: from today to the last line
    :param max_amount: of all that lines plan, in 12 months
    :param smallest_instalment: of a plan of several lines; the one at either end that takes the rest aside
    :param deposit_from: planned amounts from which the first line must be a deposit
    :param deposit_percent: of the planned amount, that the first line must be then
    :param most_promises: in a row, this one included
    :param most_replans: of one plan
    :param most_forgiven: missed lines of one plan
    :param grace_days: from today to the end of the grace
    :param discounts: of those that fit an item, the one for the oldest items holds, then the one for the
        smallest amounts; where none fits, nothing may be given up
    :param second_yes_amount: given up in 12 months beyond which two people must say yes
    :param second_yes_percent: of what is covered, likewise
    :param offer_days: how long an offer stands
    """

    longest_days: int | None = None
    max_amount: Decimal | None = None
    smallest_instalment: Decimal | None = None
    deposit_from: Decimal | None = None
    deposit_percent: Decimal = NOTHING
    most_promises: int | None = None
    most_replans: int | None = None
    most_forgiven: int | None = None
    grace_days: int | None = None
    discounts: tuple[DiscountRule, ...] = ()
    second_yes_amount: Decimal | None = None
    second_yes_percent: Decimal | None = None
    offer_days: int = 14


#: Six calendar months are at most 184 days.
PRESET = Limits(
    longest_days=184,
    max_amount=Decimal(10_000),
    most_promises=2,
    most_replans=1,
    most_forgiven=1,
    grace_days=14,
    second_yes_amount=Decimal(5_000),
    second_yes_percent=Decimal(20),
    offer_days=14,
)


@dataclass(frozen=True, slots=True)
class Waived:
    """What a proposal gives up of one item.

    :param key: whatever identifies the item to the caller
    :param open: what is open of it
    :param age_days: days late today, negative before it is due
    :param amount: what is given up
    :param before: what was given up of it earlier
    """

    key: Hashable
    open: Decimal
    age_days: int
    amount: Decimal
    before: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants to agree on, all amounts in the currency of the limits.

    :param kind: of ``KINDS``
    :param lines: what is to be paid and when; may be empty for a grace
    :param total: what is open of all that is covered
    :param waived: what is given up of it; the sum of ``waived_by_item``
    :param grace_until: last day of a grace
    :param promises_in_a_row: ``judgement.nth_promise(...).in_a_row``: this one included
    :param replans: how often the plan was made anew, this time included
    :param forgiven: missed lines forgiven, this one included
    :param waived_last_12_months: given up to this customer before, this proposal not included
    :param planned_last_12_months: planned with him before, without what this proposal replaces
    """

    kind: str
    lines: tuple[Line, ...] = ()
    total: Decimal = NOTHING
    waived: Decimal = NOTHING
    waived_by_item: tuple[Waived, ...] = ()
    grace_until: date | None = None
    promises_in_a_row: int = 0
    replans: int = 0
    forgiven: int = 0
    waived_last_12_months: Decimal = NOTHING
    planned_last_12_months: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Beyond:
    """A limit a proposal is beyond.

    :param code: ``too_long``, ``too_much``, ``instalment_too_small``, ``deposit_too_small``,
        ``promises``, ``replans``, ``forgiven``, ``grace_too_long``, ``discount``, ``discounts_of_year``
    :param found: what the proposal has: days, a number or an amount
    :param limit: what it may have
    :param key: of the item, where it is about one
    """

    code: str
    found: Decimal | int
    limit: Decimal | int
    key: Hashable = None


def check(proposal: Proposal, limits: Limits, today: date) -> tuple[Beyond, ...]:
    """Return what of a proposal is beyond the limits; nothing where one may agree alone.

    :raises ValueError: the proposal's kind is unknown, or what it waives does not add up
    """
    _check_sums(proposal)
    return (*_lines_beyond(proposal, limits, today), *_counts_beyond(proposal, limits), *_waived_beyond(proposal, limits))


def _check_sums(proposal: Proposal) -> None:
    if proposal.kind not in KINDS:
        raise ValueError(f"a proposal is one of {KINDS}, not {proposal.kind!r}")
    if sum((item.amount for item in proposal.waived_by_item), NOTHING) != proposal.waived:
        raise ValueError("what is waived is not the sum over the items")
    if any(not 0 <= item.amount <= item.open for item in proposal.waived_by_item) or proposal.waived > proposal.total:
        raise ValueError("what is waived is between nothing and what is open")


def _lines_beyond(proposal: Proposal, limits: Limits, today: date) -> Iterator[Beyond]:
    """Yield what is too long, too much or too small in the lines."""
    lines = proposal.lines
    last_day = proposal.grace_until or max((line.date for line in lines), default=today)
    days = (last_day - today).days
    if proposal.kind == GRACE:
        yield from _above("grace_too_long", days, limits.grace_days)
        return
    yield from _above("too_long", days, limits.longest_days)
    if len(lines) < 2:
        return
    planned = sum((line.amount for line in lines), NOTHING)
    yield from _above("too_much", planned + proposal.planned_last_12_months, limits.max_amount)
    amounts = [line.amount for line in lines]
    amounts.remove(min(amounts[0], amounts[-1]))
    if limits.smallest_instalment is not None and min(amounts) < limits.smallest_instalment:
        yield Beyond("instalment_too_small", min(amounts), limits.smallest_instalment)
    deposit = planned * limits.deposit_percent / 100
    if limits.deposit_from is not None and planned >= limits.deposit_from and lines[0].amount < deposit:
        yield Beyond("deposit_too_small", lines[0].amount, deposit)


def _counts_beyond(proposal: Proposal, limits: Limits) -> Iterator[Beyond]:
    """Yield what happens too often."""
    if proposal.kind == PROMISE:
        yield from _above("promises", proposal.promises_in_a_row, limits.most_promises)
    yield from _above("replans", proposal.replans, limits.most_replans)
    yield from _above("forgiven", proposal.forgiven, limits.most_forgiven)


def _waived_beyond(proposal: Proposal, limits: Limits) -> Iterator[Beyond]:
    """Yield where too much is given up: of an item, and of the customer in a year."""
    waived = [item for item in proposal.waived_by_item if item.amount]
    for item in waived:
        yield from _above("discount", item.amount, may_waive(item, limits), item.key)
    capped = [(item.amount, rule.amount) for item in waived if (rule := _rule_of(item, limits)) and rule.amount is not None]
    if capped:
        of_year = sum((amount for amount, _most in capped), proposal.waived_last_12_months)
        yield from _above("discounts_of_year", of_year, max(most for _amount, most in capped))


def _above(
    code: str, found: Decimal | int, limit: Decimal | int | None, key: Hashable = None
) -> Iterator[Beyond]:
    if limit is not None and found > limit:
        yield Beyond(code, found, limit, key)


def needs_second_yes(proposal: Proposal, limits: Limits) -> bool:
    """Tell whether two people must say yes: so much is given up.

    :raises ValueError: as in ``check``
    """
    _check_sums(proposal)
    if not proposal.waived:
        return False
    of_year = proposal.waived + proposal.waived_last_12_months
    if limits.second_yes_amount is not None and of_year > limits.second_yes_amount:
        return True
    percent = limits.second_yes_percent
    return percent is not None and proposal.waived * 100 > percent * proposal.total


def may_waive(item: Waived, limits: Limits) -> Decimal:
    """Return the largest discount on an item, unrounded, that needs no asking; ``item.amount`` is not looked at.

    What was given up of the item before counts, so that two small discounts are one large one.
    """
    rule = _rule_of(item, limits)
    if rule is None:
        return NOTHING
    most = (item.open + item.before) * rule.percent / 100
    if rule.amount is not None:
        most = min(most, rule.amount)
    return min(max(most - item.before, NOTHING), item.open)


def _rule_of(item: Waived, limits: Limits) -> DiscountRule | None:
    """Return the cell of the matrix an item is in."""
    size = item.open + item.before
    fitting = [
        rule
        for rule in limits.discounts
        if rule.age_days <= item.age_days and (rule.up_to_amount is None or size <= rule.up_to_amount)
    ]
    return min(fitting, key=lambda rule: (-rule.age_days, _upper(rule)), default=None)


def _upper(rule: DiscountRule) -> Decimal:
    return Decimal("Infinity") if rule.up_to_amount is None else rule.up_to_amount
