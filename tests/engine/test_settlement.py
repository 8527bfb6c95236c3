"""What is given up ends where something is open, and parts of an amount sum to it."""
import random
from decimal import Decimal as D

import pytest
from engine.settlement import place, share


def test_given_up_where_it_was_agreed():
    assert place({"a": D(200), "b": D(100)}, {"a": D(200), "b": D(100)}) == {"a": D(200), "b": D(100)}


def test_given_up_where_the_money_left_something():
    """All the money went to the older debt."""
    assert place({"a": D(200), "b": D(100)}, {"a": D(0), "b": D(300)}) == {"b": D(300)}


def test_never_more_than_is_open():
    assert place({"a": D(200)}, {"a": D(150)}) == {"a": D(150)}


def test_what_is_not_agreed_stays_open():
    assert place({"a": D(100)}, {"a": D(400), "b": D(50)}) == {"a": D(100)}


def test_bounds_of_many():
    rng = random.Random(5)
    for _round in range(5000):
        keys = range(rng.randint(1, 6))
        agreed = {key: D(rng.randint(0, 500)) for key in keys}
        room = {key: D(rng.randint(0, 500)) for key in keys}
        placed = place(agreed, room)
        assert all(0 < amount <= room[key] for key, amount in placed.items())
        assert sum(placed.values()) == min(sum(agreed.values()), sum(room.values()))


@pytest.mark.parametrize("digits", [0, 2, 3])
def test_parts_sum_to_the_amount(digits):
    rng = random.Random(7)
    for _round in range(2000):
        weights = {key: D(rng.randint(0, 999)) / 10 for key in range(rng.randint(1, 7))}
        amount = D(rng.randint(0, 10**6)).scaleb(-digits)
        parts = share(amount, weights, digits)
        assert sum(parts.values()) == amount
        total = sum(weights.values())
        if total:
            one = D(1).scaleb(-digits)
            assert all(abs(part - amount * weights[key] / total) < one for key, part in parts.items())


def test_the_largest_remainder_takes_the_odd_cent():
    assert share(D("1.00"), {"a": D(1), "b": D(2)}, 2) == {"a": D("0.33"), "b": D("0.67")}


def test_weights_of_nothing():
    assert share(D(5), {"a": D(0), "b": D(0)}, 2) == {"a": D(5)}
    with pytest.raises(ValueError, match="nothing to divide by"):
        share(D(5), {}, 2)
