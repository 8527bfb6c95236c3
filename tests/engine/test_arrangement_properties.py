"""What holds for every plan, every payment and every limit."""
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import plan_worlds as worlds
from engine.allocation import DESIGNATED, allocate_all, apply, net_lines, reverse, settle
from engine.judgement import Tolerance, judge
from engine.limits import DiscountRule, Limits, Proposal, Waived, check, may_waive, needs_second_yes
from engine.schedule import (
    Line,
    ScheduleError,
    Terms,
    check_lines,
    end_early,
    extra_days,
    move_rest_to_end,
    parse_lines,
    plan,
    put_back,
    shrink,
    spread,
)
from hypothesis import given, settings
from hypothesis import strategies as st

PLANS = 50_000
PAID_PLANS = 12_000
LEDGERS = 8_000
PROPOSALS = 8_000


def planned(chance, refused=None):
    """A random plan with its terms."""
    while True:
        terms, move = worlds.terms(chance)
        try:
            return terms, move, plan(terms, worlds.works, move)
        except ScheduleError as error:
            assert error.code in worlds.REFUSALS, (terms, error)
            if refused is not None:
                refused[error.code] += 1


def total_of(lines):
    return sum(line.amount for line in lines)


def follow_each_other(lines):
    return all(before.date < line.date for before, line in pairwise(lines))


def test_every_plan_sums_to_the_cent_on_days_that_follow_each_other():
    chance = random.Random(20270101)
    refused, seen = Counter(), Counter()
    for _ in range(PLANS):
        terms, move, lines = planned(chance, refused)
        smallest = Decimal(1).scaleb(-terms.digits)
        assert total_of(lines) == terms.total, terms
        assert follow_each_other(lines), (terms, lines)
        assert all(line.amount > 0 and line.amount % smallest == 0 for line in lines), (terms, lines)
        assert lines[0].date >= min(terms.start, terms.deposit_on or terms.start)
        assert move == "keep" or all(worlds.works(line.date) for line in lines)
        instalments = [line.amount for line in lines]
        if terms.deposit:
            assert instalments.pop(0) == terms.deposit
        rest = instalments.pop(0 if terms.rest_in == "first" else -1)
        assert len(set(instalments)) <= 1, (terms, lines)
        if instalments and terms.size:
            assert instalments[0] == terms.size
            assert rest <= terms.size
        elif instalments and terms.round_to:
            assert instalments[0] % terms.round_to == 0
            assert rest <= 2 * instalments[0]
        if terms.count:
            assert len(instalments) + 1 == terms.count
        if move == "keep" and terms.rhythm in ("monthly", "quarterly", "month_end"):
            wished = 31 if terms.rhythm == "month_end" else terms.day_of_month or terms.start.day
            days = [line.date for line in lines[bool(terms.deposit) :]]
            months = [day.year * 12 + day.month for day in days]
            assert {later - one for one, later in pairwise(months)} <= {3 if terms.rhythm == "quarterly" else 1}
            assert all(day.day == worlds.month_day(day, wished) for day in days)
        assert check_lines(lines, terms.total, terms.digits, lines[0].date) == ()
        seen[terms.rhythm, terms.digits] += 1
    print(f"\n{PLANS} plans, {sum(refused.values())} wishes refused: {dict(refused)}")
    assert len(seen) == 24
    assert min(seen.values()) > 500
    assert set(refused) >= {"rounding_too_coarse", "size_too_small"}


def test_money_on_a_plan_is_never_more_than_came_and_the_same_in_any_order():
    chance = random.Random(20270102)
    reversed_payments = 0
    for _ in range(PAID_PLANS):
        terms, _move, lines = planned(chance)
        received = worlds.receipts(chance, lines, terms.digits)
        reductions = [worlds.money(chance, terms.digits, 999_999) for _ in range(chance.randrange(3))]
        beside = chance.choice((Decimal(0), worlds.money(chance, terms.digits, 99_999)))
        prepay = chance.choice(("next", "shorten"))
        states = settle(lines, received, reductions, prepay, beside)
        came = max(sum(one.amount for one in received), Decimal(0))
        paid = [state.paid for state in states]
        assert sum(paid) == min(came, terms.total)
        for state in states:
            assert min(state.paid, state.reduced, state.open) >= 0
            assert state.paid + state.reduced + state.open == state.line.amount
            assert sum(amount for _day, amount in state.receipts) == state.paid
            assert (state.paid_on is not None) == (not state.open and state.paid > 0)
        if prepay == "next":
            assert paid == worlds.filled([line.amount for line in lines], came)
        reduced = [state.reduced for state in states]
        could = [line.amount - amount for line, amount in zip(lines, paid, strict=True)]
        assert reduced == worlds.filled(could[::-1], max(sum(reductions) - beside, Decimal(0)))[::-1]
        # Booked in another order, or with a payment that comes and is taken back: the same.
        chance.shuffle(received)
        assert settle(lines, received, reductions[::-1], prepay, beside) == states
        extra = worlds.Received(lines[0].date, worlds.money(chance, terms.digits, 99_999), "extra")
        back = worlds.Received(lines[-1].date, -extra.amount, "extra")
        received.insert(chance.randrange(len(received) + 1), extra)
        received.insert(chance.randrange(len(received) + 1), back)
        assert settle(lines, received, reductions, prepay, beside) == states
        reversed_payments += 1
        today = lines[0].date + timedelta(days=chance.randrange((lines[-1].date - lines[0].date).days + 30))
        so_far = [one for one in received if one.date <= today]
        check_changes(chance, terms, settle(lines, so_far, reductions, prepay, beside), prepay, today)
    print(f"\n{PAID_PLANS} plans paid, {reversed_payments} payments taken back")


def check_changes(chance, terms, states, prepay, today):
    """Judge a plan and change it: sums stay, days follow each other, and what was missed is missed no more."""
    lines = [state.line for state in states]
    tolerance = Tolerance(3, Decimal(10), Decimal(10))
    verdict = judge(states, today, tolerance, worlds.works)
    assert (verdict.overall == "broken") == bool(verdict.missed)
    assert (verdict.overall == "running") == (not verdict.missed and verdict.judge_again_on is not None)
    assert all(today > verdict.deadlines[position] for position in verdict.missed)
    assert verdict.judge_again_on is None or verdict.judge_again_on > today
    paid = [state.paid for state in states]
    reduction = worlds.money(chance, terms.digits, 999_999)
    shrunk = shrink(lines, paid, reduction)
    assert total_of(lines) - total_of(shrunk.lines) == reduction - shrunk.unused
    assert all(line.amount >= amount for line, amount in zip(shrunk.lines, paid, strict=True))
    assert shrunk.unused == 0 or [line.amount for line in shrunk.lines] == paid
    if any(state.open for state in states) and sum(paid) < total_of(lines):
        early = end_early(lines, paid, today)
        assert total_of(early) == total_of(lines)
        assert follow_each_other(early)
        assert early[-1].date == today
    if not verdict.missed:
        return
    lines = net_lines(states)
    move = chance.choice(worlds.MOVES)
    changes = [
        move_rest_to_end(lines, verdict.missed, today, terms.rhythm, terms.day_of_month, worlds.works, move),
        extra_days(lines, verdict.missed, today, chance.randrange(1, 60), worlds.works, move),
    ]
    if any(state.open and state.line.date > today for state in states):
        changes.append(spread(lines, verdict.missed, today, terms.digits, paid))
    for changed in changes:
        assert total_of(changed) == total_of(lines), (lines, verdict, changed)
        assert follow_each_other(changed), (lines, verdict, changed)
        assert all(line.amount > 0 for line in changed)
    moved = changes[0][-1]
    assert moved.amount == sum(verdict.missed.values())
    assert moved.date > max(today, lines[-1].date)
    money = [worlds.Received(day, amount, 0) for state in states for day, amount in state.receipts]
    reduced = sum(state.reduced for state in states)
    for changed in changes:
        again = judge(settle(changed, money, [reduced], prepay, reduced), today, tolerance, worlds.works)
        assert again.overall in ("running", "kept"), (prepay, today, money, states, changed, again)
        whole = put_back(changed, reduced, {state.line.date: state.paid for state in states})
        assert total_of(whole) == sum(state.line.amount for state in states)
        again = judge(settle(whole, money, [reduced], prepay), today, tolerance, worlds.works)
        assert again.overall in ("running", "kept"), (prepay, today, money, states, whole, again)


def test_payments_never_pay_more_than_came_or_is_owed_and_can_be_taken_back():
    chance = random.Random(20270103)
    bases = Counter()
    for _ in range(LEDGERS):
        digits = chance.choice((0, 2, 3))
        debts = worlds.debts(chance, digits)
        order = worlds.order(chance, debts)
        payments = worlds.payments(chance, debts, digits)
        found = allocate_all(payments, debts, order, digits)
        owed = tuple(debts)
        for payment in sorted(payments, key=lambda payment: (payment.date, payment.key)):
            allocation = found[payment.key]
            assert sum(part.amount for part in allocation.parts) + allocation.rest == payment.amount
            assert all(part.amount > 0 for part in allocation.parts)
            assert allocation.waits == payment.full_and_final
            before, owed = owed, apply(owed, allocation)
            assert reverse(owed, allocation) == before
            # Money is left only where nothing is owed any more.
            assert allocation.waits or not allocation.rest or not any(debt.owed for debt in owed)
            left_of_named = sum(debt.owed for debt in owed if debt.key in payment.designated)
            assert allocation.waits or not left_of_named or {part.basis for part in allocation.parts} == {DESIGNATED}
            bases[allocation.basis] += 1
        chance.shuffle(payments)
        assert allocate_all(payments, debts, order, digits) == found
        if len(payments) > 1:
            # A payment that is taken back leaves no trace.
            gone = max(payments, key=lambda payment: (payment.date, payment.key))
            rest = allocate_all([payment for payment in payments if payment is not gone], debts, order, digits)
            assert rest == {key: allocation for key, allocation in found.items() if key != gone.key}
    print(f"\n{LEDGERS} ledgers, by basis {dict(bases)}")
    assert min(bases[basis] for basis in ("designated", "agreed", "statutory")) > 1_000


def test_limits_hold_and_forbid_nothing_else():
    chance = random.Random(20270104)
    inside = 0
    for _ in range(PROPOSALS):
        terms, _move, lines = planned(chance)
        limits = Limits(
            longest_days=chance.choice((None, 90, 184)),
            max_amount=chance.choice((None, Decimal(1000))),
            smallest_instalment=chance.choice((None, Decimal(20))),
            deposit_from=chance.choice((None, Decimal(500))),
            deposit_percent=Decimal(20),
            discounts=tuple(
                DiscountRule(chance.choice((0, 90, 180)), chance.choice((None, Decimal(100))), Decimal(chance.choice((5, 20))))
                for _ in range(chance.randrange(3))
            ),
            second_yes_amount=Decimal(500),
            second_yes_percent=Decimal(20),
        )
        item = Waived("i", worlds.money(chance, 2, 99_999), chance.randrange(300), Decimal(0))
        item = replace(item, amount=chance.choice((Decimal(0), may_waive(item, limits), item.open)))
        before = chance.choice((Decimal(0), Decimal(300)))
        proposal = Proposal(
            kind="plan",
            lines=lines,
            total=terms.total + item.amount,
            waived=item.amount,
            waived_by_item=(item,),
            planned_last_12_months=before,
            waived_last_12_months=before,
        )
        today = lines[0].date - timedelta(days=chance.randrange(5))
        codes = {beyond.code for beyond in check(proposal, limits, today)}
        assert codes == expected_codes(proposal, limits, today), (proposal, limits)
        assert needs_second_yes(proposal, limits) == (
            item.amount > 0 and (item.amount + before > 500 or item.amount > proposal.total / 5)
        )
        inside += not codes
    print(f"\n{PROPOSALS} proposals, {inside} of them inside their limits")
    assert 500 < inside < PROPOSALS - 500


def expected_codes(proposal, limits, today):
    """The limits once more, in plain words."""
    amounts = [line.amount for line in proposal.lines]
    found = set()
    if limits.longest_days and proposal.lines[-1].date > today + timedelta(days=limits.longest_days):
        found.add("too_long")
    if len(amounts) > 1:
        total = sum(amounts)
        if limits.max_amount and total + proposal.planned_last_12_months > limits.max_amount:
            found.add("too_much")
        if limits.smallest_instalment and max(min(amounts[1:]), min(amounts[:-1])) < limits.smallest_instalment:
            found.add("instalment_too_small")
        if limits.deposit_from and total >= limits.deposit_from and amounts[0] * 5 < total:
            found.add("deposit_too_small")
    [item] = proposal.waived_by_item
    rules = [
        rule
        for rule in limits.discounts
        if item.age_days >= rule.age_days and item.open <= (rule.up_to_amount or 10**9)
    ]
    oldest = [rule for rule in rules if rule.age_days == max(one.age_days for one in rules)]
    best = [rule for rule in oldest if rule.up_to_amount] or oldest
    if item.amount * 100 > item.open * (best[0].percent if best else 0):
        found.add("discount")
    return found


# Smaller worlds, in which a failure is shrunk to its core.
wishes = st.builds(
    Terms,
    total=st.integers(1, 10**7).map(lambda cents: Decimal(cents).scaleb(-2)),
    digits=st.just(2),
    start=st.dates(date(2026, 1, 1), date(2032, 12, 31)),
    rhythm=st.sampled_from(("weekly", "two_weekly", "four_weekly", "monthly", "month_end", "quarterly")),
    count=st.integers(1, 60),
    deposit=st.sampled_from((Decimal(0), Decimal("0.01"), Decimal(10))),
    day_of_month=st.none() | st.integers(1, 31),
    rest_in=st.sampled_from(("first", "last")),
)


@given(wishes, st.sampled_from(worlds.MOVES), st.sets(st.integers(0, 400), max_size=40))
@settings(max_examples=1_500, deadline=None)
def test_any_holidays(terms, move, closed):
    def works(day):
        return day.weekday() < 5 and (day - terms.start).days not in closed

    try:
        lines = plan(terms, works, move)
    except ScheduleError as error:
        assert error.code in ("size_too_small", "deposit_too_large", "no_bank_day")
        return
    assert total_of(lines) == terms.total
    assert follow_each_other(lines)
    assert len(lines) == terms.count + bool(terms.deposit)
    assert move == "keep" or all(works(line.date) for line in lines)


amounts = st.integers(1, 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(st.lists(st.builds(Line, days, amounts), min_size=1, max_size=12), st.booleans(), st.sampled_from(".,"))
@settings(max_examples=1_000, deadline=None)
def test_lines_written_in_any_way_are_read_again(lines, dayfirst, mark):
    written = "%d/%m/%Y" if dayfirst else "%m/%d/%Y"
    swapped = str.maketrans(".,", ",.") if mark == "," else {}
    text = "\n".join(f"{line.date.strftime(written)}\t{f'{line.amount:,.2f}'.translate(swapped)} EUR" for line in lines)
    assert parse_lines(text, 2, dayfirst, mark) == (tuple(lines), ())


@given(st.text(st.sampled_from("0123456789.,-/ \t;'()€EURjanmärz:\n"), max_size=60), st.sampled_from((0, 2, 3)))
@settings(max_examples=1_500, deadline=None)
def test_any_text_is_read_or_told(text, digits):
    lines, problems = parse_lines(text, digits, dayfirst=True, decimal_mark=",")
    rows = [row for row in text.splitlines() if row.strip()]
    assert len(lines) + len([one for one in problems if one.line is not None]) <= len(rows)
    assert all(line.amount % Decimal(1).scaleb(-digits) == 0 for line in lines)
