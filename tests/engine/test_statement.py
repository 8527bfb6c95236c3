"""When a statement of account is due, and for which week or month."""
from datetime import date, timedelta

import pytest
from engine.statement import MONTHLY_WINDOW, WEEKLY_WINDOW, due_period


@pytest.mark.parametrize(
    ("schedule", "today", "key"),
    [
        ("weekly", date(2026, 3, 16), "2026-W12"),
        ("weekly", date(2026, 3, 18), "2026-W12"),
        ("weekly", date(2026, 12, 28), "2026-W53"),
        ("weekly", date(2024, 12, 30), "2025-W01"),
        ("monthly", date(2026, 3, 1), "2026-03"),
        ("monthly", date(2026, 3, 7), "2026-03"),
        ("monthly", date(2027, 1, 1), "2027-01"),
    ],
)
def test_key_names_the_week_or_month(schedule, today, key):
    assert due_period(schedule, today).key == key


@pytest.mark.parametrize(
    ("schedule", "today"),
    [
        ("weekly", date(2026, 3, 19)),
        ("weekly", date(2026, 3, 22)),
        ("monthly", date(2026, 3, 8)),
        ("monthly", date(2026, 2, 28)),
        ("none", date(2026, 3, 1)),
        ("", date(2026, 3, 16)),
    ],
)
def test_not_in_the_middle_of_a_period(schedule, today):
    assert due_period(schedule, today) is None


@pytest.mark.parametrize(("schedule", "window"), [("weekly", WEEKLY_WINDOW), ("monthly", MONTHLY_WINDOW)])
def test_every_period_of_four_years_has_one_key_and_follows_the_last(schedule, window):
    last = None
    for days in range(4 * 366):
        today = date(2024, 1, 1) + timedelta(days=days)
        period = due_period(schedule, today)
        if not period:
            continue
        assert period.start <= today < period.start + window
        if last and period.key != last.key:
            assert period.before == last.start
        last = period


def test_history_of_january_begins_in_december():
    assert due_period("monthly", date(2026, 1, 3)).before == date(2025, 12, 1)
