"""Which rung speaks: nobody waits for ever, nobody is heard twice."""

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from engine.guard import Ask, Contact, State, check
from engine.ladder import FIRST_ASK_WITHIN, MOST_TURNS_GIVEN, DueItem, choose
from engine.pack import house
from hypothesis import given, settings
from hypothesis import strategies as st

TODAY = date(2026, 3, 16)
START = datetime(2026, 3, 16, 9, tzinfo=timezone.utc)
RUNGS = (5, 12, 21, 30, 45)


def item(rung, late, waiting=0, asked=True):
    return DueItem("item", rung, TODAY - timedelta(days=late), TODAY - timedelta(days=waiting), asked)


def test_nothing_due_says_nothing():
    assert choose([], TODAY, 5) is None


def test_the_highest_rung_speaks():
    assert choose([item(12, 13), item(30, 31), item(21, 22)], TODAY, 5) == 30


def test_an_item_nobody_asked_for_waits_while_it_can():
    assert choose([item(30, 31), item(5, 5, asked=False)], TODAY, 5) == 30


def test_an_item_nobody_asked_for_speaks_when_it_could_not_wait_one_more_gap():
    assert choose([item(30, 31), item(5, 6, asked=False)], TODAY, 5) == 5
    assert choose([item(30, 31), item(5, 6, asked=True)], TODAY, 5) == 30
    assert choose([item(30, 31), item(5, 6, asked=False)], TODAY, 4) == 30


def test_a_higher_rung_gives_way_three_gaps_long_only():
    newly_late = item(5, 9, asked=False)
    assert choose([item(30, 44, waiting=14), newly_late], TODAY, 5) == 5
    assert choose([item(30, 45, waiting=15), newly_late], TODAY, 5) == 30


def test_a_higher_rung_that_waits_longest_decides():
    newly_late = item(5, 9, asked=False)
    assert choose([item(30, 31, waiting=1), item(30, 45, waiting=15), newly_late], TODAY, 5) == 30


def test_the_item_nobody_asked_for_may_be_the_highest_itself():
    assert choose([item(12, 20, asked=False), item(5, 6)], TODAY, 5) == 12


def test_a_heads_up_speaks_when_nothing_is_late():
    assert choose([item(-7, -7, asked=False)], TODAY, 5) == -7
    assert choose([item(-7, -7), item(-3, -3)], TODAY, 5) == -3


def test_a_heads_up_never_speaks_beside_a_late_item():
    assert choose([item(-7, -7, asked=False), item(5, 5, asked=False)], TODAY, 5) == 5


def test_a_heads_up_never_delays_a_reminder():
    heads_up = [item(-7, -7, asked=False)]
    assert choose(heads_up, TODAY, 5, TODAY + timedelta(days=4)) is None
    assert choose(heads_up, TODAY, 5, TODAY) is None
    assert choose(heads_up, TODAY, 5, TODAY + timedelta(days=5)) == -7
    assert choose(heads_up, TODAY, 0, TODAY) == -7


def test_a_negative_gap_is_an_error():
    with pytest.raises(ValueError, match="negative"):
        choose([], TODAY, -1)


items = st.builds(
    DueItem,
    key=st.integers(),
    rung=st.sampled_from((-7, *RUNGS)),
    due=st.integers(-10, 90).map(lambda late: TODAY - timedelta(days=late)),
    since=st.integers(0, 60).map(lambda waiting: TODAY - timedelta(days=waiting)),
    asked_before=st.booleans(),
)


@given(st.lists(items, max_size=8), st.integers(0, 20), st.none() | st.integers(-3, 30))
def test_only_a_rung_that_is_due_speaks(due, gap, upcoming):
    upcoming = upcoming if upcoming is None else TODAY + timedelta(days=upcoming)
    chosen = choose(due, TODAY, gap, upcoming)
    assert chosen is None or chosen in {one.rung for one in due}
    if any(one.rung >= 0 for one in due):
        assert chosen is not None
        assert chosen >= 0


@given(st.lists(items, min_size=1, max_size=8), st.integers(1, 20))
def test_the_highest_rung_speaks_once_it_gave_way_three_gaps(due, gap):
    highest = max(one.rung for one in due)
    waiting_since = min(one.since for one in due if one.rung == highest)
    if highest >= 0 and (TODAY - waiting_since).days >= gap * MOST_TURNS_GIVEN:
        assert choose(due, TODAY, gap) == highest


def play(due_days, gap, days):
    """Play a customer's items day by day as the night does: gate, ladder, ask.

    :return: list of (day, rung, asked keys, rung spoke because it had starved)
    """
    asked = {}
    history, messages = [], []
    packs = [house(gap, 0, hours=None)]
    for day in range(days):
        today = TODAY + timedelta(days=day)
        due = []
        for key, due_day in enumerate(due_days):
            late = day - due_day
            reached = [rung for rung in RUNGS if rung <= late and rung > asked.get(key, -1)]
            if reached:
                rung = max(reached) if key in asked else min(reached)
                since = TODAY + timedelta(days=due_day + rung)
                due.append(DueItem(key, rung, TODAY + timedelta(days=due_day), since, key in asked))
        moment = START + timedelta(days=day)
        if not due or not check(Ask(moment, "email"), history, State(), packs).allowed:
            continue
        rung = choose(due, today, gap)
        starved = rung == max(one.rung for one in due) and any(
            one.rung < rung and not one.asked_before and (today - one.due).days + gap > FIRST_ASK_WITHIN for one in due
        )
        keys = [one.key for one in due if one.rung >= rung and (today - one.due).days >= rung]
        asked.update((key, max(rung, asked.get(key, rung))) for key in keys)
        history.append(Contact(moment, "email"))
        messages.append((day, rung, keys, starved))
    return messages


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(1, 5))
@settings(max_examples=300, deadline=None)
def test_every_item_is_asked_within_ten_days_unless_a_higher_rung_had_starved(due_days, gap):
    messages = play(due_days, gap, 75)
    for key, due_day in enumerate(due_days):
        first = next(day for day, _rung, keys, _starved in messages if key in keys)
        forced = any(starved for day, _rung, _keys, starved in messages if due_day <= day < first)
        assert forced or first - due_day <= FIRST_ASK_WITHIN


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(1, 10))
@settings(max_examples=300, deadline=None)
def test_messages_keep_the_gap_and_a_due_rung_waits_three_gaps_at_most(due_days, gap):
    messages = play(due_days, gap, 120)
    days = [day for day, _rung, _keys, _starved in messages]
    assert all(later - earlier >= gap for earlier, later in pairwise(days))
    for key, due_day in enumerate(due_days):
        own = [(day, rung) for day, rung, keys, _starved in messages if key in keys]
        # The last rung is the highest there is: from the day it is due it may give way three gaps long,
        # then speaks at the next free day.
        last = next(day for day, rung in own if rung == RUNGS[-1])
        assert last - (due_day + RUNGS[-1]) <= gap * (MOST_TURNS_GIVEN + 1)
