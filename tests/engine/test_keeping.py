"""Keeping periods of business letters: what is proposed, and how it is counted."""
import json
from datetime import date, datetime, timedelta

import pytest
from engine import keeping

SPRING = (3, 31)


def test_a_letter_is_kept_from_the_end_of_its_calendar_year():
    """Six years after 2020 end with 2026: 1 January 2027 is the first day without a duty."""
    for day in (date(2020, 1, 2), date(2020, 12, 31)):
        assert keeping.free_on(day, 6, keeping.CALENDAR_YEAR) == date(2027, 1, 1)
    assert keeping.free_before(date(2026, 12, 31), 6, keeping.CALENDAR_YEAR) == date(2020, 1, 1)
    assert keeping.free_before(date(2027, 1, 1), 6, keeping.CALENDAR_YEAR) == date(2021, 1, 1)


def test_a_financial_year_that_ends_in_spring_keeps_longer():
    """A letter of May 2020 belongs to the year that ends in March 2021; six years later it is March 2027."""
    assert keeping.free_on(date(2020, 5, 4), 6, keeping.FINANCIAL_YEAR, SPRING) == date(2027, 4, 1)
    assert keeping.free_on(date(2020, 2, 4), 6, keeping.FINANCIAL_YEAR, SPRING) == date(2027, 1, 1)


def test_the_last_contact_counts_to_the_day():
    assert keeping.free_on(date(2023, 11, 22), 3, keeping.LAST_CONTACT) == date(2026, 11, 23)
    assert keeping.free_before(date(2026, 11, 22), 3, keeping.LAST_CONTACT) == date(2023, 11, 22)


def test_no_period_holds_nothing():
    assert keeping.free_before(date(2026, 11, 22), 0, keeping.CALENDAR_YEAR) is None


@pytest.mark.parametrize("counted_from", keeping.COUNTED_FROM)
@pytest.mark.parametrize("year_end", [(12, 31), (3, 31), (2, 28), (2, 29), (6, 30)])
def test_both_ways_of_asking_agree_on_each_day(counted_from, year_end):
    today = date(2026, 1, 1)
    while today < date(2028, 3, 2):
        limit = keeping.free_before(today, 6, counted_from, year_end)
        for day in (limit - timedelta(days=1), limit, limit - timedelta(days=400), limit + timedelta(days=400)):
            free = keeping.free_on(day, 6, counted_from, year_end) <= today
            assert free == (day < limit), (today, day)
        today += timedelta(days=1)


@pytest.mark.parametrize("day, months, expected", [
    (date(2026, 3, 31), 1, date(2026, 2, 28)),
    (date(2024, 2, 29), 12, date(2023, 2, 28)),
    (date(2026, 1, 15), 1, date(2025, 12, 15)),
    (date(2026, 12, 31), 0, date(2026, 12, 31)),
    (date(2026, 11, 30), -3, date(2027, 2, 28)),
])
def test_months_back(day, months, expected):
    assert keeping.minus_months(day, months) == expected


def test_what_is_proposed_per_country():
    germany = keeping.proposed("DE")
    assert (germany.years, germany.counted_from, germany.verified) == (6, keeping.CALENDAR_YEAR, True)
    assert "257" in germany.source
    assert not keeping.proposed("ES").verified, "only what a textbook says of it was read"
    assert keeping.proposed("AT").years == 7
    assert keeping.proposed("US").years == 0
    assert keeping.proposed("US", "agency").years == 3
    assert keeping.proposed("US", "agency").counted_from == keeping.LAST_CONTACT


@pytest.mark.parametrize("country", [None, "", "BR"])
def test_of_an_unknown_country_the_longest_period_is_proposed(country):
    unknown = keeping.proposed(country)
    assert (unknown.years, unknown.known) == (10, False)


def test_each_period_says_where_it_comes_from():
    content = json.loads(keeping._FILE.read_text(encoding="utf-8"))
    assert date.fromisoformat(content["review_date"]) > date.fromisoformat(content["checked"])
    for entry in content["countries"].values():
        for one in (entry, *entry.get("collectors", {}).values()):
            assert one["counted_from"] in keeping.COUNTED_FROM
            assert bool(one["years"]) == bool(one["source"])
            assert isinstance(one["verified"], bool)


def test_a_day_begins_at_the_companys_midnight():
    assert keeping.start_of_day(date(2026, 1, 1), "Europe/Berlin") == datetime(2025, 12, 31, 23)
    assert keeping.start_of_day(date(2026, 7, 1), "America/New_York") == datetime(2026, 7, 1, 4)
