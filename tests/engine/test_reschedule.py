"""A running plan that changes: the sum stays, the days follow each other."""
from datetime import date
from decimal import Decimal

import pytest
from engine.calendar import is_bank_day
from engine.schedule import Line, ScheduleError, end_early, extra_days, move_rest_to_end, put_back, shrink, spread

TODAY = date(2027, 2, 10)


def lines(*written):
    """Lines as (day, amount), or (day, amount, since when)."""
    return tuple(Line(date.fromisoformat(day), Decimal(amount), *since) for day, amount, *since in written)


MONTHS = lines(("2027-01-05", "100.00"), ("2027-02-05", "100.00"), ("2027-03-05", "100.00"), ("2027-04-05", "100.00"))
ALL_OF_FEBRUARY = {1: Decimal(100)}
PART_OF_FEBRUARY = {1: Decimal("60.00")}


def test_a_missed_line_moves_to_the_end():
    assert move_rest_to_end(MONTHS, ALL_OF_FEBRUARY, TODAY, "monthly") == lines(
        ("2027-01-05", "100"), ("2027-03-05", "100"), ("2027-04-05", "100"), ("2027-05-05", "100", TODAY)
    )


def test_what_was_paid_of_a_missed_line_stays():
    assert move_rest_to_end(MONTHS, PART_OF_FEBRUARY, TODAY, "monthly") == lines(
        ("2027-01-05", "100"), ("2027-02-05", "40"), ("2027-03-05", "100"), ("2027-04-05", "100"), ("2027-05-05", "60", TODAY)
    )


@pytest.mark.parametrize(
    ("last", "today", "rhythm", "day", "how", "expected"),
    [
        ("2027-02-05", "2027-02-10", "weekly", None, (), "2027-02-12"),
        ("2027-02-05", "2027-02-12", "weekly", None, (), "2027-02-19"),  # the next step would be today
        ("2027-02-05", "2027-02-10", "two_weekly", None, (), "2027-02-19"),
        ("2027-02-05", "2027-02-10", "once", None, (), "2027-03-05"),
        ("2027-02-05", "2027-02-10", "own", None, (), "2027-03-05"),
        ("2027-02-28", "2027-03-04", "month_end", None, (), "2027-03-31"),
        ("2027-02-28", "2027-03-04", "monthly", 31, (), "2027-03-31"),
        # 31 January 2027 is a Sunday: the line was moved to 1 February, and is still January's.
        ("2027-02-01", "2027-02-10", "monthly", 31, (is_bank_day,), "2027-03-01"),
        ("2027-02-01", "2027-02-10", "quarterly", 31, (), "2027-04-30"),
        # 1 May 2027 is a Saturday: the line was moved to 30 April, and is May's. 1 June is a Tuesday.
        ("2027-04-30", "2027-05-05", "monthly", 1, (is_bank_day, "before"), "2027-06-01"),
        ("2027-04-05", "2027-04-10", "monthly", None, (is_bank_day,), "2027-05-05"),
    ],
)
def test_the_new_last_day_is_a_step_later(last, today, rhythm, day, how, expected):
    plan = lines(("2027-01-05", "100"), (last, "100"))
    changed = move_rest_to_end(plan, {1: Decimal(100)}, date.fromisoformat(today), rhythm, day, *how)
    assert changed == lines(("2027-01-05", "100"), (expected, "100", date.fromisoformat(today)))


def test_several_missed_lines_move_as_one():
    missed = {0: Decimal(100), 1: Decimal("0.01")}
    assert move_rest_to_end(MONTHS, missed, TODAY, "monthly") == lines(
        ("2027-02-05", "99.99"), ("2027-03-05", "100"), ("2027-04-05", "100"), ("2027-05-05", "100.01", TODAY)
    )


def test_a_missed_line_is_spread_over_the_rest():
    assert spread(MONTHS, ALL_OF_FEBRUARY, TODAY, 2) == lines(
        ("2027-01-05", "100"), ("2027-03-05", "150"), ("2027-04-05", "150")
    )
    assert spread(MONTHS, {1: Decimal("60.01")}, TODAY, 2) == lines(
        ("2027-01-05", "100"), ("2027-02-05", "39.99"), ("2027-03-05", "130"), ("2027-04-05", "130.01")
    )
    assert spread(lines(("2027-02-05", "7"), ("2027-03-05", "7"), ("2027-04-05", "7")), {0: Decimal(7)}, TODAY, 0) == lines(
        ("2027-03-05", "10"), ("2027-04-05", "11")
    )


def test_lines_that_are_gone_take_no_part():
    # Credit notes took April's line, and half of March's.
    net = lines(("2027-02-05", "100"), ("2027-03-05", "50"), ("2027-04-05", "0"))
    assert spread(net, {0: Decimal(100)}, TODAY, 2) == lines(("2027-03-05", "150"))
    assert extra_days(net, {0: Decimal(100)}, TODAY, 14) == lines(("2027-02-19", "100", TODAY), ("2027-03-05", "50"))
    assert move_rest_to_end(net, {0: Decimal(100)}, TODAY, "monthly") == lines(("2027-03-05", "50"), ("2027-05-05", "100", TODAY))


def test_lines_paid_in_advance_take_no_more():
    paid = [Decimal(100), Decimal(0), Decimal(99), Decimal(100)]
    assert spread(MONTHS, ALL_OF_FEBRUARY, TODAY, 2, paid) == lines(
        ("2027-01-05", "100"), ("2027-03-05", "200"), ("2027-04-05", "100")
    )
    with pytest.raises(ScheduleError, match="no_line_left"):
        spread(MONTHS, ALL_OF_FEBRUARY, TODAY, 2, [Decimal(100), Decimal(0), Decimal(100), Decimal(100)])


def test_nothing_is_spread_over_days_that_are_past():
    with pytest.raises(ScheduleError, match="no_line_left"):
        spread(MONTHS, ALL_OF_FEBRUARY, date(2027, 4, 5), 2)


def test_a_missed_line_gets_extra_days():
    assert extra_days(MONTHS, PART_OF_FEBRUARY, TODAY, 14)[1] == Line(date(2027, 2, 19), Decimal(100), since=TODAY)
    # From the day of the line that is today: the earliest is tomorrow, a Thursday.
    assert extra_days(MONTHS, PART_OF_FEBRUARY, TODAY, 5)[1].date == date(2027, 2, 11)
    assert extra_days(MONTHS, PART_OF_FEBRUARY, TODAY, 1)[1].date == date(2027, 2, 11)
    # The 20th is a Saturday.
    assert extra_days(MONTHS, PART_OF_FEBRUARY, TODAY, 15, is_bank_day)[1].date == date(2027, 2, 22)
    assert extra_days(MONTHS, PART_OF_FEBRUARY, TODAY, 15, is_bank_day, "before")[1].date == date(2027, 2, 19)


def test_extra_days_leave_a_taken_day_to_its_line():
    weeks = lines(("2027-02-05", "1"), ("2027-02-12", "2"), ("2027-02-19", "3"))
    # A week later is the next line's Friday. With banks in mind, Monday follows.
    assert extra_days(weeks, {0: Decimal(1)}, TODAY, 7) == lines(
        ("2027-02-12", "2"), ("2027-02-13", "1", TODAY), ("2027-02-19", "3")
    )
    assert extra_days(weeks, {0: Decimal(1)}, TODAY, 7, is_bank_day)[1] == Line(date(2027, 2, 15), Decimal(1), since=TODAY)


@pytest.mark.parametrize(
    ("missed", "code"),
    [
        ({}, "nothing_missed"),
        ({1: Decimal("100.01")}, "not_missed"),
        ({1: Decimal(0)}, "not_missed"),
        ({4: Decimal(1)}, "not_missed"),
    ],
)
def test_only_what_was_missed_is_forgiven(missed, code):
    for change in (
        lambda: move_rest_to_end(MONTHS, missed, TODAY, "monthly"),
        lambda: spread(MONTHS, missed, TODAY, 2),
        lambda: extra_days(MONTHS, missed, TODAY, 7),
    ):
        with pytest.raises(ScheduleError) as caught:
            change()
        assert caught.value.code == code


def test_no_extra_days_are_no_forgiveness():
    with pytest.raises(ValueError, match="at least one"):
        extra_days(MONTHS, ALL_OF_FEBRUARY, TODAY, 0)


@pytest.mark.parametrize(
    ("reduction", "expected", "unused"),
    [
        ("50", ["100", "100", "100", "50"], "0"),
        ("130", ["100", "100", "70", "0"], "0"),
        ("250", ["100", "40", "10", "0"], "0"),  # 10 and 40 are paid
        ("260", ["100", "40", "10", "0"], "10"),
        ("0", ["100", "100", "100", "100"], "0"),
    ],
)
def test_a_reduction_shrinks_from_the_end_and_leaves_what_is_paid(reduction, expected, unused):
    paid = [Decimal(100), Decimal(40), Decimal(10), Decimal(0)]
    shrunk = shrink(MONTHS, paid, Decimal(reduction))
    assert [line.amount for line in shrunk.lines] == [Decimal(amount) for amount in expected]
    assert [line.date for line in shrunk.lines] == [line.date for line in MONTHS]
    assert shrunk.unused == Decimal(unused)


def test_what_credit_notes_took_is_put_back_on_the_last_open_line():
    paid = {date(2027, 1, 5): Decimal(100), date(2027, 2, 5): Decimal(0)}
    assert put_back(MONTHS[:2], Decimal("30.50"), paid) == lines(("2027-01-05", "100"), ("2027-02-05", "130.50"))
    paid[date(2027, 2, 5)] = Decimal("99.99")
    assert put_back(MONTHS[:3], Decimal(5), paid | {date(2027, 3, 5): Decimal(100)})[1].amount == 105
    paid[date(2027, 2, 5)] = Decimal(100)
    assert [int(line.amount) for line in put_back(MONTHS[:2], Decimal(5), paid)] == [100, 105]


def test_an_early_payoff_asks_for_the_rest_on_one_day():
    paid = [Decimal(100), Decimal(40), Decimal(0), Decimal(0)]
    assert end_early(MONTHS, paid, date(2027, 2, 20)) == lines(("2027-01-05", "100"), ("2027-02-05", "40"), ("2027-02-20", "260"))
    # On the day of a line, that line is replaced; what was paid in advance is part of the last.
    assert end_early(MONTHS, paid, date(2027, 2, 5)) == lines(("2027-01-05", "100"), ("2027-02-05", "300"))


def test_a_paid_plan_cannot_be_paid_off():
    with pytest.raises(ScheduleError, match="nothing_to_plan"):
        end_early(MONTHS, [Decimal(100)] * 4, TODAY)


@pytest.mark.parametrize("paid", [[Decimal(0)] * 3, [Decimal(101)] + [Decimal(0)] * 3, [Decimal(-1)] + [Decimal(0)] * 3])
def test_what_is_paid_fits_the_lines(paid):
    with pytest.raises(ValueError, match="paid"):
        shrink(MONTHS, paid, Decimal(1))
    with pytest.raises(ValueError, match="paid"):
        end_early(MONTHS, paid, TODAY)


def test_a_reduction_is_not_negative():
    with pytest.raises(ValueError, match="negative"):
        shrink(MONTHS, [Decimal(0)] * 4, Decimal(-1))
