"""Days as the customer and the bank count them."""

from datetime import date, datetime, timedelta, timezone

import pytest
from engine import calendar
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_a_weekend_counts_for_nothing():
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    assert calendar.bank_days_between(friday, monday) == 1
    assert calendar.bank_days_between(friday, friday + timedelta(days=1)) == 0
    assert calendar.bank_days_between(friday, friday + timedelta(days=2)) == 0


def test_the_first_day_is_not_counted_the_last_is():
    assert calendar.bank_days_between(date(2026, 11, 16), date(2026, 11, 17)) == 1
    assert calendar.bank_days_between(date(2026, 11, 16), date(2026, 11, 20)) == 4
    assert calendar.bank_days_between(date(2026, 11, 16), date(2026, 11, 30)) == 10


def test_no_days_lie_before_the_start():
    assert calendar.bank_days_between(date(2026, 11, 20), date(2026, 11, 16)) == 0
    assert calendar.bank_days_between(date(2026, 11, 20), date(2026, 11, 20)) == 0


def test_holidays_are_no_bank_days():
    new_year = date(2027, 1, 1)
    assert calendar.is_bank_day(new_year)
    assert not calendar.is_bank_day(new_year, {new_year})
    assert calendar.bank_days_between(date(2026, 12, 31), date(2027, 1, 4), {new_year}) == 1


@given(DAYS, st.integers(-30, 400), st.sets(DAYS, max_size=5))
def test_counting_is_adding_up_day_by_day(start, length, holidays):
    end = start + timedelta(days=length)
    by_hand = sum(
        day.weekday() < 5 and day not in holidays
        for day in (start + timedelta(days=offset) for offset in range(1, length + 1))
    )
    assert calendar.bank_days_between(start, end, holidays) == by_hand
    without = sum((start + timedelta(days=offset)).weekday() < 5 for offset in range(1, length + 1))
    assert calendar.bank_days_between(start, end) == without


@given(DAYS, st.integers(0, 100), st.integers(0, 100))
def test_stretches_add_up(start, first, second):
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    assert calendar.bank_days_between(start, end) == (
        calendar.bank_days_between(start, middle) + calendar.bank_days_between(middle, end)
    )


def test_a_moment_has_another_date_elsewhere():
    moment = datetime(2026, 3, 16, 22, 30, tzinfo=timezone.utc)
    assert calendar.local_date(moment, "UTC") == date(2026, 3, 16)
    assert calendar.local_date(moment, "Europe/Paris") == date(2026, 3, 16)
    assert calendar.local_date(moment, "Pacific/Auckland") == date(2026, 3, 17)
    assert calendar.local_date(moment.replace(hour=3), "America/New_York") == date(2026, 3, 15)


def test_the_change_to_summer_time_moves_the_border_of_the_day():
    late = datetime(2026, 3, 28, 22, 30, tzinfo=timezone.utc)
    assert calendar.local_date(late, "Europe/Paris") == date(2026, 3, 28)
    assert calendar.local_date(late + timedelta(days=1), "Europe/Paris") == date(2026, 3, 30)


def test_an_unknown_zone_falls_back():
    assert calendar.zone("Atlantis/Capital").key == "UTC"
    assert calendar.zone("", "Europe/Paris").key == "Europe/Paris"
    assert calendar.zone(None).key == "UTC"
    assert calendar.zone("../etc/passwd").key == "UTC"
    assert calendar.zone("Nowhere", "Nowhere either").key == "UTC"
    assert calendar.zone("Europe").key == "UTC"  # a folder of zones is none


def test_a_zone_that_must_be_known_is_refused_by_name():
    assert calendar.known_zone("Europe/Paris").key == "Europe/Paris"
    for name in ("Atlantis/Capital", "Europe", "", "../etc/passwd"):
        with pytest.raises(calendar.UnknownZone):
            calendar.known_zone(name)


def test_holidays_are_those_of_a_country_and_its_part():
    assert calendar.holidays_of("DE", "", 2027)[date(2027, 10, 3)]
    assert date(2027, 11, 1) not in calendar.holidays_of("DE", "", 2027)
    assert date(2027, 11, 1) in calendar.holidays_of("DE", "BY", 2027)
    assert date(2027, 11, 1) not in calendar.holidays_of("DE", "BE", 2027)
    assert {day.year for day in calendar.holidays_of("DE", "BY", 2027)} == {2027}


def test_of_a_part_that_nobody_knows_every_parts_holidays_are_kept():
    # Odoo knows counties; the library knows England, Wales, Scotland and Northern Ireland.
    of_county = calendar.holidays_of("GB", "STAFF", 2027)
    assert date(2027, 1, 4) in calendar.holidays_of("GB", "SCT", 2027)  # Scotland's second day of the year
    assert date(2027, 1, 4) not in calendar.holidays_of("GB", "ENG", 2027)
    for part in ("ENG", "SCT", "NIR", "WLS"):
        assert calendar.holidays_of("GB", part, 2027).keys() <= of_county.keys()


def test_holidays_that_the_library_lacks_are_not_guessed():
    with pytest.raises(calendar.UnknownHolidays, match="'XX'"):
        calendar.holidays_of("XX", "", 2027)
    with pytest.raises(calendar.UnknownHolidays, match="''"):
        calendar.holidays_of("", "", 2027)
    with pytest.raises(calendar.UnknownHolidays, match="2500"):
        calendar.holidays_of("DE", "", 2500)


def test_a_moment_without_zone_has_no_date():
    with pytest.raises(ValueError, match="time zone"):
        calendar.local_date(datetime(2026, 3, 16, 9), "UTC")
