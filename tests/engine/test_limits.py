"""The policy's limits: what may be agreed on alone, at its edges."""
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from engine.limits import PRESET, Beyond, DiscountRule, Limits, Proposal, Waived, check, may_waive, needs_second_yes
from engine.schedule import Line

TODAY = date(2027, 3, 1)


def lines(*amounts, first=TODAY, step=30):
    return tuple(Line(first + timedelta(days=step * number), Decimal(amount)) for number, amount in enumerate(amounts))


def plan(*amounts, **facts):
    return Proposal("plan", lines(*amounts), sum(map(Decimal, amounts)), **facts)


def codes(proposal, limits=PRESET):
    return [beyond.code for beyond in check(proposal, limits, TODAY)]


def test_without_limits_everything_is_inside():
    everything = replace(plan(*["9999999"] * 100), promises_in_a_row=9, replans=9, forgiven=9)
    assert check(everything, Limits(), TODAY) == ()


def test_what_is_not_said_of_a_proposal_is_nothing():
    strict = Limits(most_promises=0, most_replans=0, most_forgiven=0, max_amount=Decimal(0), longest_days=0)
    assert check(Proposal("promise"), strict, TODAY) == ()


def test_offers_stand_for_two_weeks():
    assert (PRESET.offer_days, Limits().offer_days) == (14, 14)


def test_a_plan_of_six_months_is_inside_and_a_day_more_is_not():
    # 1 March to 1 September are 184 days.
    def ending(day):
        return Proposal("plan", (Line(TODAY, Decimal(50)), Line(day, Decimal(50))), Decimal(100))

    assert codes(ending(date(2027, 9, 1))) == []
    assert check(ending(date(2027, 9, 2)), PRESET, TODAY) == (Beyond("too_long", 185, 184),)
    promise = Proposal("promise", lines("50", first=date(2027, 9, 2)), Decimal(50))
    assert codes(promise) == ["too_long"]


def test_amounts_add_up_over_the_year():
    assert codes(plan("5000", "5000")) == []
    assert check(plan("5000", "5000.01"), PRESET, TODAY) == (Beyond("too_much", Decimal("10000.01"), Decimal(10000)),)
    again = plan("2000", "2000", planned_last_12_months=Decimal("6000.01"))
    assert check(again, PRESET, TODAY) == (Beyond("too_much", Decimal("10000.01"), Decimal(10000)),)
    assert codes(replace(again, planned_last_12_months=Decimal(6000))) == []


def test_a_promise_of_much_money_soon_needs_no_yes():
    assert codes(Proposal("promise", lines("50000"), Decimal(50000))) == []


def test_the_smallest_instalment_leaves_the_rest_aside():
    limits = Limits(smallest_instalment=Decimal(50))
    assert codes(plan("50", "50", "3"), limits) == []
    assert codes(plan("3", "50", "50"), limits) == []
    assert check(plan("50", "49.99", "50"), limits, TODAY) == (Beyond("instalment_too_small", Decimal("49.99"), Decimal(50)),)
    assert codes(plan("49", "100", "3"), limits) == ["instalment_too_small"]
    assert codes(Proposal("promise", lines("3"), Decimal(3)), limits) == []


def test_large_plans_begin_with_a_deposit():
    limits = Limits(deposit_from=Decimal(1000), deposit_percent=Decimal(20))
    assert codes(plan("200", "800"), limits) == []
    assert check(plan("199.99", "800.01"), limits, TODAY) == (Beyond("deposit_too_small", Decimal("199.99"), Decimal(200)),)
    assert codes(plan("1", "998.99"), limits) == []


@pytest.mark.parametrize(
    ("facts", "inside", "beyond", "code"),
    [
        ("promises_in_a_row", 2, 3, "promises"),
        ("replans", 1, 2, "replans"),
        ("forgiven", 1, 2, "forgiven"),
    ],
)
def test_how_often(facts, inside, beyond, code):
    promise = Proposal("promise", lines("100"), Decimal(100))
    assert codes(replace(promise, **{facts: inside})) == []
    assert check(replace(promise, **{facts: beyond}), PRESET, TODAY) == (Beyond(code, beyond, inside),)


def test_promises_in_a_row_do_not_count_against_a_plan():
    assert codes(plan("100", "100", promises_in_a_row=9)) == []


def test_grace():
    grace = Proposal("grace", total=Decimal(100), grace_until=date(2027, 3, 15))
    assert codes(grace) == []
    later = replace(grace, grace_until=date(2027, 3, 16))
    assert check(later, PRESET, TODAY) == (Beyond("grace_too_long", 15, 14),)
    by_line = Proposal("grace", lines("100", first=date(2027, 3, 16)), Decimal(100))
    assert codes(by_line) == ["grace_too_long"]


#: By age: from 90 days 10 %, but 30 % of small ones; from 180 days half, at most 1,000 a year.
MATRIX = Limits(
    discounts=(
        DiscountRule(90, None, Decimal(10)),
        DiscountRule(90, Decimal(200), Decimal(30)),
        DiscountRule(180, None, Decimal(50), Decimal(1000)),
    )
)


@pytest.mark.parametrize(
    ("age", "owed", "most"),
    [
        (89, "100", "0"),
        (90, "100", "30"),
        (90, "200", "60"),
        (179, "200.01", "20.001"),
        (180, "100", "50"),
        (180, "5000", "1000"),
        (-5, "100", "0"),
    ],
)
def test_the_matrix_of_discounts(age, owed, most):
    assert may_waive(Waived("i", Decimal(owed), age, Decimal(0)), MATRIX) == Decimal(most)


def settlement(*items, total="10000", **facts):
    waived = sum((item.amount for item in items), Decimal(0))
    return Proposal("settlement", lines("1"), Decimal(total), waived, items, **facts)


def test_all_of_an_item_may_be_given_up():
    generous = Limits(discounts=(DiscountRule(0, None, Decimal(100)),))
    assert codes(settlement(Waived("i", Decimal(10), 5, Decimal(10)), total="10"), generous) == []


def test_each_item_is_held_to_its_own_limit():
    fine = Waived("fine", Decimal(100), 90, Decimal(30))
    bold = Waived("bold", Decimal(100), 90, Decimal("30.01"))
    young = Waived("young", Decimal(100), 10, Decimal(1))
    untouched = Waived("untouched", Decimal(100), 10, Decimal(0))
    assert check(settlement(fine, untouched), MATRIX, TODAY) == ()
    assert check(settlement(fine, bold, young), MATRIX, TODAY) == (
        Beyond("discount", Decimal("30.01"), Decimal(30), "bold"),
        Beyond("discount", Decimal(1), Decimal(0), "young"),
    )


def test_two_small_discounts_on_an_item_are_one_large():
    # 100 was owed, 20 were given up, so of the 80 another 10 are left of 30 per cent.
    again = Waived("i", Decimal(80), 90, Decimal(10), before=Decimal(20))
    assert may_waive(again, MATRIX) == Decimal(10)
    assert codes(settlement(again), MATRIX) == []
    assert codes(settlement(replace(again, amount=Decimal("10.01"))), MATRIX) == ["discount"]
    assert may_waive(replace(again, before=Decimal(90)), MATRIX) == 0
    # 210 were owed: more than what is small, so 10 per cent.
    assert may_waive(Waived("i", Decimal(200), 90, Decimal(0), before=Decimal(10)), MATRIX) == Decimal(11)


def test_discounts_add_up_over_the_year():
    items = Waived("a", Decimal(1200), 200, Decimal(600)), Waived("b", Decimal(1200), 200, Decimal(400))
    assert codes(settlement(*items), MATRIX) == []
    before = settlement(*items, waived_last_12_months=Decimal("0.01"))
    assert check(before, MATRIX, TODAY) == (Beyond("discounts_of_year", Decimal("1000.01"), Decimal(1000)),)
    # An item whose rule knows no such limit does not count now, and lifts the limit for nobody else.
    free = Waived("c", Decimal(100), 90, Decimal(1))
    assert codes(settlement(*items, free), MATRIX) == []
    assert codes(settlement(*items, free, waived_last_12_months=Decimal("0.01")), MATRIX) == ["discounts_of_year"]
    assert codes(settlement(free, waived_last_12_months=Decimal(5000)), MATRIX) == []


def test_alone_nothing_is_given_up_by_preset():
    assert codes(settlement(Waived("i", Decimal(100), 900, Decimal("0.01")))) == ["discount"]


@pytest.mark.parametrize(
    ("waived", "total", "before", "two"),
    [
        ("5000", "25000", "0", False),
        ("5000.01", "99999", "0", True),
        ("1", "99999", "5000", True),
        ("20", "100", "0", False),
        ("20.01", "100", "0", True),
        ("0", "100", "9999", False),
    ],
)
def test_when_two_people_must_say_yes(waived, total, before, two):
    item = Waived("i", Decimal(total), 900, Decimal(waived))
    proposal = settlement(item, total=total, waived_last_12_months=Decimal(before))
    assert needs_second_yes(proposal, PRESET) is two
    assert not needs_second_yes(proposal, Limits())


@pytest.mark.parametrize(
    ("proposal", "words"),
    [
        (Proposal("gift"), "one of"),
        (Proposal("settlement", total=Decimal(10), waived=Decimal(5)), "not the sum"),
        (settlement(Waived("i", Decimal(10), 1, Decimal(11))), "between"),
        (settlement(Waived("i", Decimal(10), 1, Decimal(-1))), "between"),
        (settlement(Waived("i", Decimal(10), 1, Decimal(10)), total="9"), "between"),
    ],
)
def test_what_does_not_add_up_is_refused(proposal, words):
    with pytest.raises(ValueError, match=words):
        check(proposal, PRESET, TODAY)
    with pytest.raises(ValueError, match=words):
        needs_second_yes(proposal, PRESET)
