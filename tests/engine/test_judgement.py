"""Promises and plans judged: kept, partly kept, missed, with tolerance in days and amount."""
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from engine.allocation import Received, settle
from engine.judgement import TOLERANCE, TOLERANCE_ABROAD, KeptRate, Nth, Tolerance, due_now, judge, kept_rate, nth_promise
from engine.schedule import Line

FRIDAY = date(2027, 1, 8)
PROMISE = (Line(FRIDAY, Decimal("100.00")),)
STRICT = Tolerance()
#: The deadline of the promise with three bank days, a Wednesday.
WEDNESDAY = date(2027, 1, 13)


def verdict(today, *money, lines=PROMISE, tolerance=TOLERANCE, reductions=(), **how):
    received = [Received(day, Decimal(amount), number) for number, (day, amount) in enumerate(money)]
    return judge(settle(lines, received, reductions), today, tolerance, **how)


def after(days):
    return FRIDAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("today", "state", "overall", "again"),
    [
        (after(-1), "open", "running", FRIDAY),
        (FRIDAY, "due", "running", date(2027, 1, 14)),
        (WEDNESDAY, "due", "running", date(2027, 1, 14)),
        (date(2027, 1, 14), "missed", "broken", None),
    ],
)
def test_an_unpaid_promise_is_missed_after_three_bank_days(today, state, overall, again):
    found = verdict(today)
    assert (found.states, found.overall, found.judge_again_on) == ((state,), overall, again)
    assert found.deadlines == (WEDNESDAY,)


def test_the_day_to_judge_again_is_the_first_on_which_the_verdict_changes():
    days = [after(number) for number in range(-5, 12)]
    changes = [day for before, day in pairwise(days) if verdict(before).states != verdict(day).states]
    assert changes == [verdict(days[0]).judge_again_on, verdict(FRIDAY).judge_again_on]


def test_without_tolerance_the_day_itself_is_the_deadline():
    assert verdict(FRIDAY, tolerance=STRICT).states == ("due",)
    assert verdict(after(1), tolerance=STRICT).states == ("missed",)


def test_a_day_on_which_banks_rest_stands_for_the_next():
    sunday = (Line(date(2027, 1, 10), Decimal(100)),)
    assert verdict(date(2027, 1, 11), lines=sunday, tolerance=STRICT).states == ("due",)
    assert verdict(date(2027, 1, 12), lines=sunday, tolerance=STRICT).states == ("missed",)


def test_holidays_are_no_bank_days():
    def works(day):
        return day.weekday() < 5 and day != date(2027, 1, 11)

    assert verdict(date(2027, 1, 14), is_bank_day=works).deadlines == (date(2027, 1, 14),)


@pytest.mark.parametrize(
    ("money", "today", "state"),
    [
        ([(after(-3), "100")], after(-3), "kept"),  # before its day
        ([(WEDNESDAY, "100")], WEDNESDAY, "kept"),
        ([(date(2027, 1, 14), "100")], date(2027, 1, 14), "late_kept"),
        ([(FRIDAY, "90")], WEDNESDAY, "due"),  # the rest may still come
        ([(FRIDAY, "90")], date(2027, 1, 14), "kept"),  # 10 may be missing
        ([(FRIDAY, "89.99")], date(2027, 1, 14), "partly"),
        ([(FRIDAY, "89.99"), (date(2027, 1, 20), "0.01")], date(2027, 1, 20), "late_kept"),
        ([(FRIDAY, "90"), (date(2027, 1, 20), "10")], date(2027, 1, 20), "kept"),
        ([(FRIDAY, "89"), (date(2027, 1, 20), "11")], date(2027, 1, 20), "late_kept"),
    ],
)
def test_what_counts_as_kept(money, today, state):
    assert verdict(today, *money).states == (state,)


@pytest.mark.parametrize(
    ("amount", "paid", "tolerance", "state"),
    [
        ("1000", "990", TOLERANCE, "kept"),
        ("1000", "989.99", TOLERANCE, "partly"),  # 10 per cent would be 100: the smaller limit counts
        ("50", "45", TOLERANCE, "kept"),
        ("50", "44.99", TOLERANCE, "partly"),  # 10 of 50 would be too much: 10 per cent are 5
        ("1000", "975", TOLERANCE_ABROAD, "kept"),
        ("1000", "974.99", TOLERANCE_ABROAD, "partly"),
        ("1000", "900", Tolerance(3, percent=Decimal(10)), "kept"),
        ("1000", "899.99", Tolerance(3, percent=Decimal(10)), "partly"),
        ("1000", "995", Tolerance(3, amount=Decimal(5)), "kept"),
        ("1000", "994.99", Tolerance(3, amount=Decimal(5)), "partly"),
        ("1000", "999.99", Tolerance(3), "partly"),
    ],
)
def test_how_little_counts_as_kept(amount, paid, tolerance, state):
    lines = (Line(FRIDAY, Decimal(amount)),)
    assert verdict(date(2027, 1, 14), (FRIDAY, paid), lines=lines, tolerance=tolerance).states == (state,)


def test_nothing_paid_is_never_kept():
    lines = (Line(FRIDAY, Decimal("8.00")),)
    assert verdict(date(2027, 1, 14), lines=lines, tolerance=Tolerance(3, amount=Decimal(10))).states == ("missed",)


def test_a_broken_promise_may_be_partly_kept():
    partly = verdict(date(2027, 1, 14), (FRIDAY, "40"))
    assert (partly.overall, partly.partly_kept, partly.paid_share) == ("broken", True, Decimal("0.4"))
    assert not verdict(date(2027, 1, 14)).partly_kept
    assert not verdict(date(2027, 1, 14), (FRIDAY, "100")).partly_kept


PLAN = tuple(Line(date(2027, month, 5), Decimal("100.00")) for month in (1, 2, 3))


def test_a_plan_names_its_first_missed_line_and_what_is_open():
    found = verdict(date(2027, 3, 20), (date(2027, 1, 5), "100"), (date(2027, 2, 5), "30"), lines=PLAN)
    assert found.states == ("kept", "partly", "missed")
    assert (found.first_missed, found.missed) == (1, {1: Decimal(70), 2: Decimal(100)})


@pytest.mark.parametrize(("left", "overall"), [(0, "broken"), (1, "broken"), (2, "missed"), (3, "missed")])
def test_missed_lines_may_be_forgiven_as_often_as_the_policy_says(left, overall):
    assert verdict(date(2027, 2, 20), lines=PLAN, forgiveness_left=left).overall == overall


def test_a_plan_runs_until_its_last_line_and_is_kept_then():
    money = [(date(2027, 1, 5), "100"), (date(2027, 2, 25), "100")]
    running = verdict(date(2027, 3, 4), *money, lines=PLAN)
    assert (running.states, running.overall, running.first_missed) == (("kept", "late_kept", "open"), "running", None)
    assert running.judge_again_on == date(2027, 3, 5)
    done = verdict(date(2027, 3, 5), *money, (date(2027, 3, 5), "100"), lines=PLAN)
    assert (done.overall, done.paid_share, done.judge_again_on) == ("kept", 1, None)


def test_credit_notes_are_never_counted_as_kept():
    gone = verdict(date(2027, 3, 20), lines=PLAN, reductions=[Decimal(300)])
    assert (gone.states, gone.overall, gone.paid_share) == (("reduced",) * 3, "reduced", 0)
    mixed = verdict(date(2027, 3, 20), (date(2027, 1, 5), "100"), lines=PLAN, reductions=[Decimal(200)])
    assert (mixed.states, mixed.overall) == (("kept", "reduced", "reduced"), "kept")
    late = verdict(date(2027, 3, 20), lines=PLAN, reductions=[Decimal(200)])
    assert late.states == ("missed", "reduced", "reduced")
    # The last line shrank to 60: 60 keep it.
    smaller = verdict(date(2027, 3, 20), (date(2027, 1, 5), "260"), lines=PLAN, reductions=[Decimal(40)])
    assert (smaller.states, smaller.paid_share) == (("kept",) * 3, 1)


def test_a_payment_taken_back_breaks_what_was_kept():
    money = [Received(FRIDAY, Decimal(100), 1)]
    assert judge(settle(PROMISE, money), after(20), STRICT).overall == "kept"
    money.append(Received(after(10), Decimal(-100), 1))
    assert judge(settle(PROMISE, money), after(20), STRICT).overall == "broken"


def test_nothing_cannot_be_judged():
    with pytest.raises(ValueError, match="without lines"):
        judge((), FRIDAY, STRICT)


def test_the_presets():
    assert (TOLERANCE.days, TOLERANCE.percent, TOLERANCE.amount) == (3, 10, 10)
    assert (TOLERANCE_ABROAD.days, TOLERANCE_ABROAD.percent, TOLERANCE_ABROAD.amount) == (3, 25, 25)


def test_the_rate_of_kept_promises():
    history = ["kept", "cancelled", "broken", "kept", "partly", "running", "reduced"]
    assert kept_rate(history) == KeptRate(kept=2, partly=1, broken=1, share=Decimal("0.5"))
    assert kept_rate(["running"]) == KeptRate(0, 0, 0, None)
    assert kept_rate(["broken"]).share == 0


@pytest.mark.parametrize(
    ("history", "number", "in_a_row"),
    [
        ([], 1, 1),
        (["kept"], 2, 1),
        (["broken"], 2, 2),
        (["broken", "partly", "running"], 4, 4),
        (["broken", "kept", "broken"], 4, 2),
        (["broken", "cancelled", "broken"], 3, 3),
        (["cancelled", "lapsed"], 1, 1),
    ],
)
def test_which_promise_this_is(history, number, in_a_row):
    assert nth_promise(history) == Nth(number, in_a_row)


@pytest.mark.parametrize(
    ("today", "amount"),
    [
        (after(-3), "10.50"),  # nothing is due yet: the next payment
        (FRIDAY, "10.50"),
        (after(6), "10.50"),
        (after(7), "30.50"),
        (after(400), "60.50"),
    ],
)
def test_what_is_to_be_paid_now_is_what_is_behind_or_the_next_payment(today, amount):
    lines = [(after(14), Decimal(30)), (FRIDAY, Decimal("10.50")), (after(7), Decimal(20))]
    assert due_now(lines, today) == Decimal(amount)


def test_where_nothing_is_left_nothing_is_to_be_paid():
    assert due_now([], FRIDAY) == 0
