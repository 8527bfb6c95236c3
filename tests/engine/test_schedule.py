"""Plans: amounts that sum to the cent, days that follow each other, wishes that cannot be met."""
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from engine.calendar import is_bank_day
from engine.schedule import MOST_LINES, Line, ScheduleError, Terms, check_lines, plan

JANUARY_4 = date(2027, 1, 4)  # a Monday
TERMS = Terms(total=Decimal("1000.00"), digits=2, start=JANUARY_4, rhythm="monthly", count=3)


def amounts(terms, **how):
    return [str(line.amount) for line in plan(terms, **how)]


def days(terms, *how):
    return [line.date.isoformat() for line in plan(terms, *how)]


def code(terms, *how):
    with pytest.raises(ScheduleError) as caught:
        plan(terms, *how)
    return caught.value.code


@pytest.mark.parametrize(
    ("total", "digits", "count", "expected"),
    [
        ("1000.00", 2, 3, ["333.33", "333.33", "333.34"]),
        ("200.00", 2, 3, ["66.67", "66.67", "66.66"]),  # to the nearest cent: the last is no odd one out
        ("1000", 0, 3, ["333", "333", "334"]),
        ("10.000", 3, 3, ["3.333", "3.333", "3.334"]),
        ("0.03", 2, 3, ["0.01", "0.01", "0.01"]),
        ("0.05", 2, 3, ["0.02", "0.02", "0.01"]),
        ("0.04", 2, 3, ["0.01", "0.01", "0.02"]),  # 0.013 each
        ("0.11", 2, 7, ["0.01"] * 6 + ["0.05"]),  # 0.02 each would leave nothing for the last
        ("850.00", 2, 1, ["850.00"]),
    ],
)
def test_equal_instalments_sum_to_the_cent(total, digits, count, expected):
    assert amounts(replace(TERMS, total=Decimal(total), digits=digits, count=count)) == expected


def test_the_first_instalment_takes_the_rest_where_wished():
    assert amounts(replace(TERMS, rest_in="first")) == ["333.34", "333.33", "333.33"]
    assert amounts(replace(TERMS, count=None, size=Decimal(300), rest_in="first")) == ["100.00"] + ["300.00"] * 3


@pytest.mark.parametrize(
    ("total", "size", "expected"),
    [
        ("1000.00", "300.00", ["300.00", "300.00", "300.00", "100.00"]),
        ("900.00", "300.00", ["300.00", "300.00", "300.00"]),
        ("900.01", "300.00", ["300.00", "300.00", "300.00", "0.01"]),
        ("250.00", "300.00", ["250.00"]),
    ],
)
def test_the_number_follows_from_the_size(total, size, expected):
    assert amounts(replace(TERMS, total=Decimal(total), count=None, size=Decimal(size))) == expected


def test_equal_instalments_are_rounded_and_the_rest_is_not():
    assert amounts(replace(TERMS, total=Decimal("1003.17"), count=12, round_to=Decimal(10))) == ["80.00"] * 11 + ["123.17"]
    francs = replace(TERMS, total=Decimal("100.00"), round_to=Decimal("0.05"))
    assert amounts(francs) == ["33.35", "33.35", "33.30"]


@pytest.mark.parametrize(
    ("count", "step", "rest"),
    [
        (12, 50, "450.00"),  # 50 each leaves 450 for the last: nobody expects that
        (3, 600, "1000.00"),  # nothing each
    ],
)
def test_rounding_that_leaves_most_to_one_line_is_refused(count, step, rest):
    with pytest.raises(ScheduleError) as caught:
        plan(replace(TERMS, count=count, round_to=Decimal(step)))
    assert caught.value.code == "rounding_too_coarse"
    assert caught.value.facts["rest"] == Decimal(rest)


def test_the_rest_may_be_twice_the_others():
    assert amounts(replace(TERMS, total=Decimal(800), round_to=Decimal(200))) == ["200.00", "200.00", "400.00"]
    assert code(replace(TERMS, total=Decimal(801), round_to=Decimal(200))) == "rounding_too_coarse"


def test_the_deposit_comes_first_and_the_rest_is_divided():
    terms = replace(TERMS, deposit=Decimal("250.00"))
    assert plan(terms) == (
        Line(date(2027, 1, 4), Decimal("250.00")),
        Line(date(2027, 2, 4), Decimal("250.00")),
        Line(date(2027, 3, 4), Decimal("250.00")),
        Line(date(2027, 4, 4), Decimal("250.00")),
    )
    own_day = replace(terms, deposit_on=date(2027, 1, 2))
    assert days(own_day) == ["2027-01-02", "2027-01-04", "2027-02-04", "2027-03-04"]
    of_size = replace(terms, count=None, size=Decimal("500.00"))
    assert amounts(of_size) == ["250.00", "500.00", "250.00"]


@pytest.mark.parametrize(
    ("rhythm", "start", "count", "expected"),
    [
        ("once", "2027-01-04", None, ["2027-01-04"]),
        ("weekly", "2027-01-29", 3, ["2027-01-29", "2027-02-05", "2027-02-12"]),
        ("two_weekly", "2027-01-29", 3, ["2027-01-29", "2027-02-12", "2027-02-26"]),
        ("four_weekly", "2027-01-29", 3, ["2027-01-29", "2027-02-26", "2027-03-26"]),
        ("monthly", "2027-12-15", 3, ["2027-12-15", "2028-01-15", "2028-02-15"]),
        ("monthly", "2027-12-31", 4, ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]),
        ("month_end", "2027-01-04", 4, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("month_end", "2027-02-28", 2, ["2027-02-28", "2027-03-31"]),
        ("quarterly", "2027-11-30", 3, ["2027-11-30", "2028-02-29", "2028-05-30"]),
    ],
)
def test_days_follow_the_rhythm(rhythm, start, count, expected):
    terms = replace(TERMS, rhythm=rhythm, start=date.fromisoformat(start), count=count)
    assert days(terms) == expected


@pytest.mark.parametrize(
    ("start", "day_of_month", "expected"),
    [
        ("2027-01-15", 31, ["2027-01-31", "2027-02-28", "2027-03-31"]),
        ("2027-01-15", 15, ["2027-01-15", "2027-02-15", "2027-03-15"]),
        ("2027-01-15", 1, ["2027-02-01", "2027-03-01", "2027-04-01"]),
        ("2027-02-28", 30, ["2027-02-28", "2027-03-30", "2027-04-30"]),
    ],
)
def test_a_day_of_the_month_is_met_from_the_start_on(start, day_of_month, expected):
    assert days(replace(TERMS, start=date.fromisoformat(start), day_of_month=day_of_month)) == expected


def test_days_on_which_banks_rest_are_moved():
    # 31 January and 28 February 2027 are Sundays, 31 March is a Wednesday.
    terms = replace(TERMS, start=date(2027, 1, 31))
    assert days(terms, is_bank_day) == ["2027-02-01", "2027-03-01", "2027-03-31"]
    assert days(terms, is_bank_day, "keep") == ["2027-01-31", "2027-02-28", "2027-03-31"]
    month_end = replace(terms, rhythm="month_end", start=date(2027, 1, 4))
    assert days(month_end, is_bank_day, "before") == ["2027-01-29", "2027-02-26", "2027-03-31"]


def test_moving_back_never_reaches_before_the_start():
    # The start is a Sunday: the Friday before may be past.
    assert days(replace(TERMS, start=date(2027, 1, 31)), is_bank_day, "before")[0] == "2027-02-01"


def test_moved_days_never_meet():
    # Banks rest from 1 to 8 October: both days would fall on the 9th.
    def works(day):
        return not date(2027, 10, 1) <= day <= date(2027, 10, 8)

    terms = replace(TERMS, rhythm="weekly", start=date(2027, 10, 1))
    assert days(terms, works) == ["2027-10-09", "2027-10-10", "2027-10-15"]
    assert days(replace(terms, start=date(2027, 9, 27)), works, "before") == ["2027-09-27", "2027-09-30", "2027-10-11"]


def test_own_days():
    own = (date(2027, 1, 8), date(2027, 3, 30), date(2027, 4, 1))
    terms = replace(TERMS, rhythm="own", count=None, own_dates=own)
    assert plan(terms)[0] == Line(date(2027, 1, 8), Decimal("333.33"))
    assert days(terms) == ["2027-01-08", "2027-03-30", "2027-04-01"]
    assert days(replace(terms, start=date(2027, 1, 8)))[0] == "2027-01-08"
    assert plan(replace(terms, size=Decimal(600))) == (
        Line(date(2027, 1, 8), Decimal("600.00")),
        Line(date(2027, 3, 30), Decimal("400.00")),
    )
    assert days(replace(terms, deposit=Decimal(100)))[0] == "2027-01-04"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"total": Decimal(0)}, "nothing_to_plan"),
        ({"total": Decimal(-5)}, "nothing_to_plan"),
        ({"total": Decimal("NaN")}, "nothing_to_plan"),
        ({"total": Decimal("10.001")}, "too_precise"),
        ({"total": Decimal("1e30")}, "too_precise"),
        ({"rhythm": "daily"}, "unknown_rhythm"),
        ({"day_of_month": 32}, "unknown_day"),
        ({"count": None}, "count_or_size"),
        ({"count": -1}, "count_or_size"),
        ({"size": Decimal(100)}, "count_or_size"),
        ({"rhythm": "once", "count": 2}, "count_or_size"),
        ({"rhythm": "once", "count": None, "size": Decimal(100)}, "count_or_size"),
        ({"count": None, "size": Decimal(-1)}, "size_too_small"),
        ({"count": None, "size": Decimal("0.001")}, "too_precise"),
        ({"count": 100, "total": Decimal("0.99")}, "size_too_small"),
        ({"count": 121}, "too_many_lines"),
        ({"count": 120, "deposit": Decimal(1)}, "too_many_lines"),
        ({"count": None, "size": Decimal(8)}, "too_many_lines"),
        ({"deposit": Decimal(1000)}, "deposit_too_large"),
        ({"deposit": Decimal(-1)}, "deposit_negative"),
        ({"deposit": Decimal("1.234")}, "too_precise"),
        ({"deposit": Decimal(100), "deposit_on": JANUARY_4}, "dates_not_ordered"),
        ({"deposit": Decimal(100), "rhythm": "once", "count": None}, "deposit_date_missing"),
        ({"round_to": Decimal(-5)}, "rounding_too_coarse"),
        ({"start": date(2927, 1, 1)}, "too_far"),
        ({"rhythm": "own"}, "own_dates_missing"),
        ({"rhythm": "own", "own_dates": (JANUARY_4,)}, "count_or_size"),
        ({"rhythm": "own", "count": None, "own_dates": (JANUARY_4,), "size": Decimal(999)}, "own_dates_missing"),
        ({"rhythm": "own", "count": None, "own_dates": (JANUARY_4, JANUARY_4)}, "dates_not_ordered"),
        ({"rhythm": "own", "count": None, "own_dates": (date(2027, 1, 3),)}, "dates_not_ordered"),
        ({"rhythm": "own", "count": None, "own_dates": (JANUARY_4,), "deposit": Decimal(1)}, "dates_not_ordered"),
    ],
)
def test_what_cannot_be_planned_is_refused(changes, expected):
    assert code(replace(TERMS, **changes)) == expected


def test_the_longest_plan_is_made():
    assert len(plan(replace(TERMS, count=MOST_LINES))) == MOST_LINES
    size = Decimal("8.40")  # 119 of them and 0.40
    assert amounts(replace(TERMS, count=None, size=size))[-1] == "0.40"


def test_banks_may_rest_for_a_month():
    reopening = date(2027, 2, 3)  # 30 days after the start
    assert plan(TERMS, lambda day: day >= reopening)[0].date == reopening
    assert code(TERMS, lambda day: day > reopening) == "no_bank_day"


def test_a_calendar_without_bank_days_is_refused():
    assert code(TERMS, lambda day: False) == "no_bank_day"


def test_an_error_names_its_facts():
    with pytest.raises(ScheduleError, match=r"too_many_lines .*'found': 121.*'limit': 120"):
        plan(replace(TERMS, count=121))


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        ({"count": None, "size": Decimal(8)}, {"found": 125, "limit": 120}),
        ({"count": None, "size": Decimal(300), "rhythm": "own", "own_dates": (JANUARY_4,)}, {"found": 1, "needed": 4}),
        ({"rhythm": "own"}, {"found": 0, "needed": 3}),
        ({"rhythm": "own", "count": None}, {"found": 0, "needed": 1}),
        ({"count": 10, "total": Decimal("0.05")}, {"size": Decimal("0.005")}),
    ],
)
def test_facts_of_errors(changes, facts):
    with pytest.raises(ScheduleError) as caught:
        plan(replace(TERMS, **changes))
    assert caught.value.facts == facts


@pytest.mark.parametrize(("day", "far"), [("1999-12-31", 1), ("2000-01-01", 0), ("2199-12-31", 0), ("2200-01-01", 1)])
def test_years_that_were_mistyped(day, far):
    terms = replace(TERMS, rhythm="once", count=None, start=date.fromisoformat(day))
    if far:
        assert code(terms, is_bank_day) == "too_far"
    else:
        assert days(terms) == [day]
    own = replace(terms, start=JANUARY_4, rhythm="own", own_dates=(date.fromisoformat(day),))
    assert not far or code(own) == "too_far"


TODAY = date(2027, 1, 4)


def problems(*lines, total="300.00", digits=2):
    given = [Line(date.fromisoformat(day), Decimal(amount)) for day, amount in lines]
    return [(found.code, found.line, dict(found.facts)) for found in check_lines(given, Decimal(total), digits, TODAY)]


def test_typed_lines_in_order_are_right():
    assert problems(("2027-01-04", "100"), ("2027-01-05", "150.50"), ("2027-06-30", "49.5")) == []


@pytest.mark.parametrize(("last", "difference"), [("150.00", "-50.00"), ("200.01", "0.01")])
def test_typed_lines_that_do_not_sum_say_by_how_much(last, difference):
    [(found, position, facts)] = problems(("2027-02-01", "100"), ("2027-03-01", last))
    assert (found, position) == ("not_summing", None)
    assert facts["difference"] == Decimal(difference)
    assert facts["total"] == Decimal(300)


def test_each_problem_names_its_line():
    found = problems(
        ("2027-01-03", "100"),
        ("2027-03-01", "0"),
        ("2027-02-01", "100"),
        ("2027-03-01", "100.005"),
        ("2027-04-01", "-0.005"),
    )
    assert [(code, line) for code, line, _facts in found] == [
        ("past", 0),
        ("not_positive", 1),
        ("unordered", 2),
        ("too_precise", 3),
        ("double", 3),
        ("not_positive", 4),
    ]
    assert found[2][2] == {"date": date(2027, 2, 1), "before": date(2027, 3, 1)}


def test_what_is_no_amount_is_no_amount():
    assert [code for code, *_ in problems(("2027-02-01", "NaN"))] == ["not_positive"]
    assert [code for code, *_ in problems(("2027-02-01", "Infinity"))] == ["not_positive"]


def test_no_lines_and_too_many():
    assert problems() == [("no_lines", None, {})]
    most = [Line(date.fromordinal(TODAY.toordinal() + number), Decimal(1)) for number in range(120)]
    assert check_lines(most, Decimal(120), 2, TODAY) == ()
    many = [Line(date.fromordinal(TODAY.toordinal() + number), Decimal(1)) for number in range(121)]
    [found] = check_lines(many, Decimal(121), 2, TODAY)
    assert (found.code, found.facts) == ("too_many_lines", {"found": 121, "limit": 120})


def test_the_last_day_of_a_month_stays_in_its_month():
    terms = replace(TERMS, rhythm="month_end", start=date(2027, 1, 4))
    # The 31st of January 2027 and the 28th of February are Sundays.
    assert days(terms, is_bank_day) == ["2027-01-29", "2027-02-26", "2027-03-31"]
    # Nothing is asked for before the first day of the plan.
    assert days(replace(terms, start=date(2027, 1, 30), count=2), is_bank_day) == ["2027-02-01", "2027-02-26"]


def test_a_day_the_deposit_was_moved_to_is_passed_by():
    # Sunday the 29th of November 2026 becomes Monday the 30th, which is the last of its month.
    terms = replace(TERMS, rhythm="month_end", start=date(2026, 11, 29), deposit=Decimal(100), count=2)
    assert days(terms, is_bank_day) == ["2026-11-30", "2026-12-31", "2027-01-29"]
    own_day = replace(terms, deposit_on=date(2026, 11, 29), start=date(2026, 11, 30))
    assert days(own_day, is_bank_day) == ["2026-11-30", "2026-12-31", "2027-01-29"]


def test_the_deposit_itself_moves_as_any_day_does():
    terms = replace(TERMS, rhythm="month_end", start=date(2027, 1, 31), deposit=Decimal(100), count=1)
    assert days(terms, is_bank_day) == ["2027-02-01", "2027-02-26"]
