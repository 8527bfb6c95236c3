"""Money on debts, by designation, agreement or law; money on instalments, oldest first."""
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from engine.allocation import (
    PARTS,
    Debt,
    LineState,
    Order,
    Payment,
    Received,
    agreed_order,
    allocate,
    allocate_all,
    apply,
    net_lines,
    reverse,
    settle,
    statutory_order,
)
from engine.schedule import Line

MARCH_1 = date(2027, 3, 1)
#: January's is oldest; March's is not due on the day of the payments.
DEBTS = (
    Debt("march", date(2027, 3, 31), Decimal("500.00")),
    Debt("january", date(2027, 1, 31), Decimal("300.00"), interest=Decimal("12.00"), costs=Decimal("40.00")),
    Debt("february", date(2027, 2, 28), Decimal("200.00"), interest=Decimal("3.00")),
)


def payment(amount, *designated, **more):
    return Payment("p", MARCH_1, Decimal(amount), designated, **more)


def paid(allocation):
    return [(part.key, part.part, str(part.amount), part.basis) for part in allocation.parts]


def test_the_law_pays_costs_then_interest_then_principal_of_the_oldest():
    allocation = allocate(payment("360.00"), DEBTS, statutory_order())
    assert paid(allocation) == [
        ("january", "costs", "40.00", "statutory"),
        ("january", "interest", "12.00", "statutory"),
        ("january", "principal", "300.00", "statutory"),
        ("february", "interest", "3.00", "statutory"),
        ("february", "principal", "5.00", "statutory"),
    ]
    assert (allocation.basis, allocation.rest) == ("statutory", 0)


def test_the_order_of_a_rule_pack_counts():
    order = statutory_order(("principal", "interest", "costs"))
    assert paid(allocate(payment("310.00"), DEBTS, order)) == [
        ("january", "principal", "300.00", "statutory"),
        ("january", "interest", "10.00", "statutory"),
    ]


def test_some_laws_pay_the_costs_of_all_debts_first():
    order = replace(statutory_order(), part_first=True)
    assert paid(allocate(payment("56.00"), DEBTS, order)) == [
        ("january", "costs", "40.00", "statutory"),
        ("january", "interest", "12.00", "statutory"),
        ("february", "interest", "3.00", "statutory"),
        ("january", "principal", "1.00", "statutory"),
    ]


def test_the_payer_decides_and_the_law_takes_the_rest():
    allocation = allocate(payment("710.00", "march", "unknown", "february"), DEBTS, statutory_order())
    assert paid(allocation) == [
        ("march", "principal", "500.00", "designated"),
        ("february", "interest", "3.00", "designated"),
        ("february", "principal", "200.00", "designated"),
        ("january", "costs", "7.00", "statutory"),
    ]
    assert allocation.basis == "designated"


def test_the_payer_comes_before_the_agreement_and_the_agreement_before_the_law():
    allocation = allocate(payment("806.00", "february"), DEBTS, agreed_order(["march", "gone"]))
    assert paid(allocation) == [
        ("february", "interest", "3.00", "designated"),
        ("february", "principal", "200.00", "designated"),
        ("march", "principal", "500.00", "agreed"),
        ("january", "costs", "40.00", "statutory"),
        ("january", "interest", "12.00", "statutory"),
        ("january", "principal", "51.00", "statutory"),
    ]
    assert allocate(payment("1"), DEBTS, agreed_order(["march"])).basis == "agreed"
    assert allocate(payment("1"), DEBTS, Order("agreed", by=("oldest",))).basis == "agreed"


def test_what_is_due_comes_before_what_is_not():
    early = Debt("older", date(2027, 3, 2), Decimal(50), burden=Decimal(9))
    late = Debt("due", date(2027, 3, 1), Decimal(50))
    assert allocate(payment("50"), [early, late], statutory_order()).parts[0].key == "due"


@pytest.mark.parametrize(
    ("first", "other", "why"),
    [
        ({"secured": Decimal(0), "burden": Decimal(1)}, {"secured": Decimal(1), "burden": Decimal(9)}, "least secured"),
        ({"burden": Decimal(9), "date_due": date(2027, 2, 2)}, {"burden": Decimal(1)}, "most burdensome"),
        ({"date_due": date(2027, 1, 1)}, {}, "oldest"),
    ],
)
def test_what_decides_among_debts_that_are_due(first, other, why):
    base = Debt("", date(2027, 1, 2), Decimal(50))
    debts = [replace(base, key="other", **other), replace(base, key="first", **first)]
    assert allocate(payment("50"), debts, statutory_order()).parts[0].key == "first", why


def test_debts_alike_share_in_proportion():
    alike = [Debt(key, date(2027, 1, 1), Decimal(owed)) for key, owed in (("a", "100"), ("b", "200"), ("c", "100"))]
    allocation = allocate(payment("100.00"), alike, statutory_order())
    assert [(part.key, str(part.amount)) for part in allocation.parts] == [("a", "25.00"), ("b", "50.00"), ("c", "25.00")]
    # 3.75, 7.5 and 3.75 cents: the odd cents go to the largest fractions.
    allocation = allocate(payment("0.15"), alike, statutory_order())
    assert [str(part.amount) for part in allocation.parts] == ["0.04", "0.07", "0.04"]
    assert [str(part.amount) for part in allocate(payment("15"), alike, statutory_order(), digits=0).parts] == ["4", "7", "4"]


def test_a_currency_has_two_decimals_unless_told():
    alike = [Debt(key, date(2027, 1, 1), Decimal("0.15")) for key in "ab"]
    for allocation in (
        allocate(payment("0.15"), alike, statutory_order()),
        allocate_all([payment("0.15")], alike, statutory_order())["p"],
    ):
        assert [str(part.amount) for part in allocation.parts] == ["0.08", "0.07"]


def test_what_nobody_owes_is_left():
    allocation = allocate(payment("2000.00"), DEBTS, statutory_order())
    assert sum(part.amount for part in allocation.parts) == Decimal("1055.00")
    assert allocation.rest == Decimal("945.00")
    nothing = allocate(payment("5.00"), [], statutory_order())
    assert (nothing.parts, nothing.basis, nothing.rest) == ((), "", 5)


def test_full_and_final_waits_for_a_human():
    allocation = allocate(payment("100.00", "january", full_and_final=True), DEBTS, statutory_order())
    assert (allocation.parts, allocation.rest, allocation.waits) == ((), 100, True)


def test_payments_count_by_their_days_however_they_are_booked():
    payments = [
        Payment(1, date(2027, 2, 1), Decimal("352.00")),
        Payment(2, date(2027, 2, 1), Decimal("100.00")),
        Payment(3, date(2027, 4, 1), Decimal("9999.00")),
    ]
    for booked in permutations(payments):
        result = allocate_all(booked, DEBTS, statutory_order())
        assert [part.key for part in result[1].parts] == ["january"] * 3
        assert [part.key for part in result[2].parts] == ["february"] * 2
        assert result[3].rest == Decimal("9396.00")  # 9999 - (1055 - 452)


def test_an_allocation_is_taken_back():
    allocation = allocate(payment("360.00"), DEBTS, statutory_order())
    rest = apply(DEBTS, allocation)
    assert rest[1] == Debt("january", date(2027, 1, 31), Decimal(0), interest=Decimal(0), costs=Decimal(0))
    assert rest[2].owed == Decimal("195.00")
    assert reverse(rest, allocation) == DEBTS
    with pytest.raises(ValueError, match="more than is owed"):
        apply(rest, allocation)
    only = allocate(payment("1.00"), DEBTS[:1], statutory_order())
    assert apply(DEBTS[:1], only)[0].owed == Decimal("499.00")
    assert DEBTS[1].owed == Decimal("352.00")
    for change in (apply, reverse):
        with pytest.raises(ValueError, match="not there"):
            change(DEBTS[:1], allocation)


@pytest.mark.parametrize(
    ("one", "debts", "order", "words"),
    [
        (payment("0"), DEBTS, Order(), "more than nothing"),
        (payment("-1"), DEBTS, Order(), "more than nothing"),
        (payment("1"), [replace(DEBTS[0], interest=Decimal(-1))], Order(), "negative"),
        (payment("1"), [DEBTS[0], DEBTS[0]], Order(), "one key"),
        (payment("1"), DEBTS, Order(parts=PARTS[:2]), "no such order"),
        (payment("1"), DEBTS, Order(by=("newest",)), "no such order"),
        (payment("1"), DEBTS, Order("designated"), "no such order"),
        (payment("1.001"), DEBTS, Order(), "too_precise"),
    ],
)
def test_what_cannot_be_allocated_is_refused(one, debts, order, words):
    with pytest.raises(ValueError, match=words):
        allocate(one, debts, order)


def test_two_payments_of_one_key_are_refused():
    with pytest.raises(ValueError, match="one key"):
        allocate_all([payment("1"), payment("2")], DEBTS, Order())


PLAN = tuple(Line(date(2027, month, 5), Decimal("100.00")) for month in (1, 2, 3, 4))


def received(day, amount, key):
    return Received(date.fromisoformat(day), Decimal(amount), key)


def columns(states):
    """What is paid, reduced and open, line by line."""
    return [(int(state.paid), int(state.reduced), int(state.open)) for state in states]


def test_money_pays_the_oldest_line_first():
    states = settle(PLAN, [received("2027-01-04", "60", 1), received("2027-02-03", "90", 2)])
    assert states[0] == LineState(
        PLAN[0], Decimal(100), Decimal(0), Decimal(0), date(2027, 2, 3),
        ((date(2027, 1, 4), Decimal(60)), (date(2027, 2, 3), Decimal(40))),
    )
    assert columns(states) == [(100, 0, 0), (50, 0, 50), (0, 0, 100), (0, 0, 100)]
    assert [state.paid_on for state in states[1:]] == [None, None, None]


def test_too_much_pays_the_next_lines_or_shortens_the_plan():
    money = [received("2027-01-05", "250", 1)]
    assert columns(settle(PLAN, money)) == [(100, 0, 0), (100, 0, 0), (50, 0, 50), (0, 0, 100)]
    assert columns(settle(PLAN, money, prepay="shorten")) == [(100, 0, 0), (0, 0, 100), (50, 0, 50), (100, 0, 0)]


def test_shortening_pays_first_what_is_due_or_the_next_line():
    late = [received("2027-02-06", "230", 1)]
    assert columns(settle(PLAN, late, prepay="shorten")) == [(100, 0, 0), (100, 0, 0), (0, 0, 100), (30, 0, 70)]
    same_day = [received("2027-02-05", "230", 1)]
    assert columns(settle(PLAN, same_day, prepay="shorten")) == columns(settle(PLAN, late, prepay="shorten"))
    early = [received("2027-01-01", "100", 1), received("2027-01-20", "110", 2)]
    assert columns(settle(PLAN, early, prepay="shorten")) == [(100, 0, 0), (100, 0, 0), (0, 0, 100), (10, 0, 90)]
    # Whether one day's money came as one payment or two does not matter.
    halves = [received("2027-01-05", "125", 1), received("2027-01-05", "125", 2)]
    whole = [received("2027-01-05", "250", 1)]
    assert columns(settle(PLAN, halves, prepay="shorten")) == columns(settle(PLAN, whole, prepay="shorten"))


def test_money_does_not_shorten_what_was_forgiven_later():
    # 250 came in January: January's line, 100 and 50 from the end. In February, that month's line moved to May.
    moved = (PLAN[0], *PLAN[2:], Line(date(2027, 5, 5), Decimal(100), since=date(2027, 2, 20)))
    money = [received("2027-01-05", "250", 1)]
    assert columns(settle(moved, money, prepay="shorten")) == [(100, 0, 0), (50, 0, 50), (100, 0, 0), (0, 0, 100)]
    later = [*money, received("2027-02-20", "70", 2)]
    assert columns(settle(moved, later, prepay="shorten")) == [(100, 0, 0), (100, 0, 0), (100, 0, 0), (20, 0, 80)]
    everything = [received("2027-01-05", "320", 1)]
    assert columns(settle(moved, everything, prepay="shorten"))[3] == (20, 0, 80)


def test_lines_as_credit_notes_left_them():
    states = settle(PLAN, [received("2027-01-05", "120", 1)], [Decimal(150)])
    net = net_lines(states)
    assert [int(line.amount) for line in net] == [100, 100, 50, 0]
    assert columns(settle(net, [received("2027-01-05", "120", 1)], [Decimal(150)], beside=Decimal(150))) == [
        (100, 0, 0), (20, 0, 80), (0, 0, 50), (0, 0, 0)
    ]


def test_money_beyond_the_plan_is_on_no_line():
    assert columns(settle(PLAN, [received("2027-01-05", "450", 1)])) == [(100, 0, 0)] * 4


def test_credit_notes_shrink_the_last_lines():
    states = settle(PLAN, [received("2027-01-05", "120", 1)], [Decimal(80), Decimal(70)])
    assert columns(states) == [(100, 0, 0), (20, 0, 80), (0, 50, 50), (0, 100, 0)]
    assert [state.paid_on for state in states] == [date(2027, 1, 5), None, None, None]


def test_credit_notes_never_take_what_is_paid():
    states = settle(PLAN, [received("2027-01-05", "120", 1)], [Decimal(999)])
    assert columns(states) == [(100, 0, 0), (20, 80, 0), (0, 100, 0), (0, 100, 0)]
    assert [state.paid_on for state in states] == [date(2027, 1, 5), date(2027, 1, 5), None, None]


def test_a_credit_note_taken_back_gives_the_lines_back():
    assert columns(settle(PLAN, [], [Decimal(80), Decimal(-80)])) == [(0, 0, 100)] * 4


def test_what_lies_beside_the_lines_is_reduced_first():
    # 400 of 1,000 were promised: a credit note of 650 leaves 350 to be paid.
    assert columns(settle(PLAN, [], [Decimal(650)], beside=Decimal(600))) == [(0, 0, 100)] * 3 + [(0, 50, 50)]
    assert columns(settle(PLAN, [], [Decimal(500)], beside=Decimal(600))) == [(0, 0, 100)] * 4


def test_a_payment_taken_back_is_as_if_it_had_never_come():
    first, second = received("2027-01-05", "100", "a"), received("2027-02-05", "130", "b")
    back = received("2027-02-20", "-100", "a")
    states = settle(PLAN, [first, second, back])
    assert states == settle(PLAN, [second])
    assert states[0].paid_on == date(2027, 2, 5)
    part = received("2027-02-20", "-30", "a")
    assert settle(PLAN, [part, second, first]) == settle(PLAN, [received("2027-01-05", "70", "a"), second])


def test_money_taken_back_without_its_payment_is_the_latest_before():
    money = [received("2027-01-05", "100", "a"), received("2027-02-05", "100", "b"), received("2027-03-05", "100", "c")]
    back = received("2027-02-20", "-120", "?")
    assert settle(PLAN, [*money, back]) == settle(PLAN, [received("2027-01-05", "80", "a"), money[2]])
    same_day = received("2027-02-05", "-100", "?")
    assert settle(PLAN, [*money, same_day]) == settle(PLAN, [money[0], money[2]])
    assert columns(settle(PLAN, [*money, received("2027-02-20", "-250", "?")]))[0] == (50, 0, 50)
    assert columns(settle(PLAN, [*money, received("2027-02-20", "-999", "?")])) == [(0, 0, 100)] * 4


def test_one_payment_on_several_invoices_has_one_key():
    two = [received("2027-01-05", "100", "a"), received("2027-01-05", "50", "a")]
    assert columns(settle(PLAN, two))[:2] == [(100, 0, 0), (50, 0, 50)]
    assert columns(settle(PLAN, [*two, received("2027-01-09", "-150", "a")])) == [(0, 0, 100)] * 4


def test_lines_out_of_order_and_other_rules_are_refused():
    with pytest.raises(ValueError, match="follow each other"):
        settle(PLAN[::-1], [])
    with pytest.raises(ValueError, match="follow each other"):
        settle([PLAN[0], PLAN[0]], [])
    with pytest.raises(ValueError, match="prepay"):
        settle(PLAN, [], prepay="never")
