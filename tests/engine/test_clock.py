"""Wall clocks: minutes, days, and the days on which the clock is changed."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from engine import clock
from hypothesis import given
from hypothesis import strategies as st

ZONES = ("UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo")
MOMENTS = st.datetimes(datetime(2009, 1, 1), datetime(2035, 1, 1), timezones=st.just(timezone.utc))


def minute(*parts):
    return clock.minute_of(datetime(*parts, tzinfo=timezone.utc))


@given(MOMENTS, st.sampled_from(ZONES))
def test_the_clock_shows_what_the_zone_says(moment, zone):
    wall = moment.astimezone(ZoneInfo(zone))
    here = clock.clock(zone)
    day, minute_of_day = here.shown(clock.minute_of(moment))
    assert clock.date_of(day) == wall.date()
    assert minute_of_day == wall.hour * 60 + wall.minute
    assert clock.weekday_of(day) == wall.weekday()
    assert here.day(clock.minute_of(moment)) == here.day_at(moment) == clock.day_of(wall.date()) == day
    assert here.moment(clock.minute_of(moment)) == wall.replace(second=0, microsecond=0)


@given(st.dates(date(2009, 1, 1), date(2035, 1, 1)), st.sampled_from(ZONES))
def test_a_day_begins_with_its_first_minute(day, zone):
    here = clock.clock(zone)
    begins = here.start_of(clock.day_of(day))
    assert here.day(begins) >= clock.day_of(day) > here.day(begins - 1)


def test_a_day_that_was_left_out_begins_with_the_next():
    # Samoa went from the 29th to the 31st of December 2011.
    apia = clock.clock("Pacific/Apia")
    left_out = clock.day_of(date(2011, 12, 30))
    assert apia.start_of(left_out) == apia.start_of(left_out + 1) == minute(2011, 12, 30, 10)


def test_marks_may_come_twice_or_never():
    london = clock.clock("Europe/London")
    half_past_one = (0, 90)
    ordinary = london.starts(clock.day_of(date(2027, 6, 1)), half_past_one)
    assert ordinary == [minute(2027, 5, 31, 23), minute(2027, 6, 1, 0, 30)]
    # On 28 March the clock jumps at 01:00: the mark does not come, the change does.
    spring = london.starts(clock.day_of(date(2027, 3, 28)), half_past_one)
    assert spring == [minute(2027, 3, 28), minute(2027, 3, 28, 1)]
    # On 31 October it is set back at 02:00: the mark comes twice, the change between.
    autumn = london.starts(clock.day_of(date(2027, 10, 31)), half_past_one)
    assert autumn == [minute(2027, 10, 30, 23), *(minute(2027, 10, 31, *at) for at in ((0, 30), (1, 0), (1, 30)))]


def test_the_first_open_minute_is_looked_for_so_many_days():
    utc = clock.clock("UTC")
    fifth = clock.day_of(date(2027, 5, 5))
    start = minute(2027, 5, 1, 12)
    found = utc.first_open(start, lambda day, at: day == fifth and at >= 600, (0, 600), 5)
    assert found == minute(2027, 5, 5, 10)
    assert utc.first_open(start, lambda day, at: day == fifth, (0,), 4) is None
    assert utc.first_open(start, lambda _day, _at: True, (0,), 0) == start


def test_seconds_belong_to_their_minute():
    assert clock.minute_of(datetime(1970, 1, 1, 0, 1, 59, tzinfo=timezone.utc)) == 1
    assert clock.minute_of(datetime(1969, 12, 31, 23, 59, 1, tzinfo=timezone.utc)) == -1


def test_a_moment_without_a_zone_has_no_minute():
    with pytest.raises(TypeError):
        clock.minute_of(datetime(2027, 5, 1))
    with pytest.raises(TypeError):
        clock.clock("UTC").day_at(datetime(2027, 5, 1))


def test_a_zone_that_nobody_knows_has_no_clock():
    for name in ("Atlantis/Capital", "", "Europe", "/etc/passwd"):
        assert clock.clock(name) is None
    assert clock.clock("Europe/Paris") is clock.clock("Europe/Paris")


def test_days_are_the_same_asked_cold_or_warm():
    # The offsets of a day are kept; the first and the second answer agree, on the day of the change too.
    fresh = clock.Clock("Europe/London")
    for hour in range(-30, 30):
        moment = datetime(2027, 3, 28, tzinfo=timezone.utc) + timedelta(hours=hour)
        expected = clock.day_of(moment.astimezone(ZoneInfo("Europe/London")).date())
        assert fresh.day_at(moment) == fresh.day_at(moment) == expected


def test_the_border_of_a_day_is_its_last_minute():
    new_york = clock.Clock("America/New_York")
    midnight = datetime(2027, 6, 2, 4, tzinfo=timezone.utc)
    first = clock.day_of(date(2027, 6, 1))
    for _cold_then_warm in range(2):
        assert new_york.day_at(midnight - timedelta(seconds=1)) == first
        assert new_york.day_at(midnight) == first + 1
