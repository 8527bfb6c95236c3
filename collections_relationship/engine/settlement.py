"""Spreads what is given up over what is open, to the cent."""
from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

from .instalment import NOTHING, to_amount, to_units

Key = TypeVar("Key", bound=Hashable)


def place(agreed: Mapping[Key, Decimal], room: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """Return what is given up of each debt, now that the money is there.

    The money need not have gone where it was expected: a payment fills the oldest debt first. What no
    longer fits where it was agreed goes where something is left, so that all of them end at nothing.

    >>> from decimal import Decimal as D
    >>> place({"a": D(200), "b": D(100)}, {"a": D(0), "b": D(300)})
    {'b': Decimal('300')}

    :param agreed: what was agreed to be given up of each, not negative
    :param room: what is open of each, in the order to be filled
    :return: amounts above nothing; never more than the room, nor together more than what was agreed
    """
    placed = {key: min(agreed.get(key, NOTHING), open_part) for key, open_part in room.items()}
    rest = sum(agreed.values(), NOTHING) - sum(placed.values(), NOTHING)
    for key, open_part in room.items():
        more = min(rest, open_part - placed[key])
        placed[key] += more
        rest -= more
    return {key: amount for key, amount in placed.items() if amount > 0}


def share(amount: Decimal, weights: Mapping[Key, Decimal], digits: int) -> dict[Key, Decimal]:
    """Return an amount divided by weights, exact to the last coin; the largest remainders take the odd ones.

    :param weights: at least one; where they do not sum above nothing, the first takes all
    :param digits: decimals of the currency
    :raises ValueError: without a weight
    """
    if not weights:
        raise ValueError("nothing to divide by")
    kept = {key: weight for key, weight in weights.items() if weight > 0}
    if not kept:
        return {next(iter(weights)): amount}
    units, total = to_units(amount, digits), sum(kept.values(), NOTHING)
    exact = {key: units * weight / total for key, weight in kept.items()}
    whole = {key: int(part // 1) for key, part in exact.items()}
    missing = units - sum(whole.values())
    for key in sorted(exact, key=lambda key: exact[key] - whole[key], reverse=True)[:missing]:
        whole[key] += 1
    return {key: to_amount(part, digits) for key, part in whole.items() if part}
