"""The one gate: what it lets through, what it refuses, and when it opens."""

from datetime import date, datetime, timedelta, timezone

from engine.calendar import local_date
from engine.gap import REASON_ORDER, Ask, Rules, Sent, Verdict, check
from hypothesis import given, settings
from hypothesis import strategies as st

START = datetime(2026, 3, 16, 9, tzinfo=timezone.utc)
RULES = Rules(minimum_gap=5, address_gap=2, source="house rules")
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata"])

moments = st.integers(-40 * 24 * 60, 40 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
customers = st.integers(1, 3)
addresses = st.sampled_from(["", "a@example.com", "b@example.com"])
sents = st.builds(Sent, at=moments, customer=customers, address=addresses, asking=st.booleans())
histories = st.lists(sents, max_size=12)
rules = st.builds(Rules, minimum_gap=st.integers(0, 15), address_gap=st.integers(0, 5))
asks = st.builds(
    Ask,
    at=moments,
    customer=customers,
    address=addresses,
    asking=st.booleans(),
    zone=ZONES,
    bundle_agreed=st.booleans(),
)


def ask(days=0, customer=1, address="a@example.com", asking=True, **values):
    return Ask(START + timedelta(days=days), customer, address, asking, **values)


def sent(days=0, customer=1, address="a@example.com", asking=True):
    return Sent(START + timedelta(days=days), customer, address, asking)


def test_without_history_everything_is_allowed():
    assert check(ask(), [], RULES) == Verdict(())
    assert check(ask(), [], RULES).allowed
    assert check(ask(), [], RULES).reason == ""
    assert check(ask(), [], RULES).free_on is None


def test_a_customer_is_left_in_peace_for_the_gap():
    verdict = check(ask(days=4), [sent()], RULES)
    assert not verdict.allowed
    assert verdict.reason == "minimum_gap"
    assert verdict.free_on == date(2026, 3, 21)
    assert verdict.refusals[0].source == "house rules"
    assert check(ask(days=5), [sent()], RULES).allowed


def test_days_are_counted_not_hours():
    evening, morning = START.replace(hour=23), START.replace(hour=1) + timedelta(days=5)
    assert morning - evening < timedelta(days=5)
    assert check(Ask(morning, 1, "", True), [Sent(evening, 1, "", True)], RULES).allowed


def test_days_are_counted_where_the_customer_is():
    # 20:00 UTC on the 16th is the 17th in Auckland; 04:00 UTC on the 21st is still the 21st there.
    late = [Sent(START.replace(hour=20), 1, "", True)]
    asked = START.replace(day=21, hour=4)
    assert check(Ask(asked, 1, "", True, zone="UTC"), late, RULES).allowed
    assert not check(Ask(asked, 1, "", True, zone="Pacific/Auckland"), late, RULES).allowed
    # 02:00 UTC on the 16th is the 16th in Auckland; 14:00 UTC on the 20th is the 21st there.
    early = [Sent(START.replace(hour=2), 1, "", True)]
    asked = START.replace(day=20, hour=14)
    assert not check(Ask(asked, 1, "", True, zone="UTC"), early, RULES).allowed
    assert check(Ask(asked, 1, "", True, zone="Pacific/Auckland"), early, RULES).allowed


def test_another_customer_at_the_address_waits_for_its_gap():
    verdict = check(ask(days=1, customer=2), [sent()], RULES)
    assert verdict.reason == "address_gap"
    assert verdict.free_on == date(2026, 3, 18)
    assert check(ask(days=2, customer=2), [sent()], RULES).allowed


def test_another_customer_elsewhere_does_not_wait():
    assert check(ask(customer=2, address="b@example.com"), [sent()], RULES).allowed
    assert check(ask(customer=2, address=""), [sent(address="")], RULES).allowed


def test_customers_who_all_agreed_share_a_day():
    assert check(ask(customer=2, bundle_agreed=True), [sent()], RULES).allowed
    assert not check(ask(customer=1, bundle_agreed=True), [sent()], RULES).allowed


def test_messages_that_ask_for_nothing_neither_wait_nor_count():
    assert check(ask(asking=False), [sent()], RULES).allowed
    assert check(ask(), [sent(asking=False)], RULES).allowed


def test_one_message_a_day_even_without_a_gap():
    without = Rules(minimum_gap=0, address_gap=0)
    assert check(ask(), [sent()], without).free_on == date(2026, 3, 17)
    assert check(ask(days=1), [sent()], without).allowed
    assert check(ask(customer=2), [sent()], without).allowed


def test_all_reasons_are_named_and_the_last_day_counts():
    verdict = check(ask(days=1), [sent(), sent(days=1, customer=2)], RULES)
    assert [refusal.code for refusal in verdict.refusals] == list(REASON_ORDER)
    assert verdict.reason == "minimum_gap"
    assert verdict.free_on == date(2026, 3, 21)


def test_a_clock_set_back_does_not_open_the_gate():
    assert not check(ask(days=-3), [sent()], RULES).allowed


@given(asks, histories, rules, sents)
def test_more_history_never_allows_more(wanted, history, house, extra):
    before, after = check(wanted, history, house), check(wanted, [*history, extra], house)
    assert after.allowed <= before.allowed
    if before.free_on and after.free_on:
        assert after.free_on >= before.free_on


@given(asks, histories, rules)
def test_the_order_of_history_does_not_matter(wanted, history, house):
    assert check(wanted, history, house) == check(wanted, history[::-1], house)


@given(asks, histories, rules)
def test_the_day_named_is_the_first_that_is_free(wanted, history, house):
    verdict = check(wanted, history, house)
    if verdict.allowed:
        return
    noon = datetime.combine(verdict.free_on, datetime.min.time(), timezone.utc) + timedelta(hours=12)
    # Noon in UTC is another day in Auckland; ask in UTC to name days by themselves.
    in_utc = Ask(noon, wanted.customer, wanted.address, True, "UTC", wanted.bundle_agreed)
    history_utc = [
        Sent(
            datetime.combine(local_date(one.at, wanted.zone), datetime.min.time(), timezone.utc) + timedelta(hours=12),
            one.customer,
            one.address,
            one.asking,
        )
        for one in history
    ]
    assert check(in_utc, history_utc, house).allowed
    day_before = Ask(noon - timedelta(days=1), wanted.customer, wanted.address, True, "UTC", wanted.bundle_agreed)
    assert not check(day_before, history_utc, house).allowed


@given(st.lists(st.tuples(moments, customers, addresses), max_size=40), rules, ZONES)
@settings(max_examples=200)
def test_who_follows_the_verdicts_never_violates_the_gap(wishes, house, zone):
    history = []
    for moment, customer, address in sorted(wishes):
        if check(Ask(moment, customer, address, True, zone), history, house).allowed:
            history.append(Sent(moment, customer, address, True))
    for index, later in enumerate(history):
        for earlier in history[:index]:
            apart = (local_date(later.at, zone) - local_date(earlier.at, zone)).days
            if later.customer == earlier.customer:
                assert apart >= max(1, house.minimum_gap)
            elif later.address and later.address == earlier.address:
                assert apart >= house.address_gap
