"""Amounts of money as people write them: '1.200,50 €', 'EUR 400', '$1,200'. Pure Python."""
from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from .language import Language

#: Signs several currencies share stay signs: the reader knows the customer's currency.
CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "pounds": "GBP",
    "pound": "GBP", "pfund": "GBP", "livres sterling": "GBP", "us$": "USD", "usd": "USD", "chf": "CHF",
    "sfr": "CHF", "franken": "CHF", "francs suisses": "CHF", "$": "$", "dollar": "$", "dollars": "$",
    "dólares": "$", "dolares": "$", "dollari": "$", "cad": "CAD", "aud": "AUD", "nzd": "NZD", "sek": "SEK",
    "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK", "huf": "HUF", "ron": "RON", "jpy": "JPY", "¥": "¥",
}  # fmt: skip
_CURRENCY = "|".join(re.escape(name) for name in sorted(CURRENCIES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_AMOUNT = re.compile(
    rf"(?<![\w.,/-])(?:(?P<before>{_CURRENCY})\.?\s?)?(?P<number>{_NUMBER})(?:[.,][-–—]{{1,2}})?"
    rf"(?:\s?(?P<after>{_CURRENCY})(?!\w))?(?![\w/%]|-\d|[.,]\d)",
    re.IGNORECASE,
)
#: Whole numbers below this without a currency are rarely amounts: "2 parcels".
LEAST_BARE = 20
YEARS = range(1990, 2101)


class Amount(NamedTuple):
    """An amount found in a text, from ``start`` to ``end`` of it; ``bare``: no currency beside it."""

    start: int
    end: int
    value: Decimal
    currency: str | None
    bare: bool


def find(text: str, language: Language, taken: list[tuple[int, int]]) -> list[Amount]:
    """Return the amounts in ``text``, in their order.

    :param taken: places that are something else, such as days
    """
    return [
        amount
        for amount in _candidates(text, language)
        if not any(amount.start < end and start < amount.end for start, end in taken)
    ]


def _candidates(text: str, language: Language) -> Iterator[Amount]:
    no_amount = language.pattern(*language.not_amounts)
    excluded = [match.span() for match in no_amount.finditer(text)]
    for match in _AMOUNT.finditer(text):
        value = parse(match["number"], language.decimal)
        name = (match["before"] or match["after"] or "").lower()
        if value is None or value == 0:
            continue
        if not name:
            whole = value == value.to_integral_value() and match["number"].isdigit()
            if whole and (value < LEAST_BARE or int(value) in YEARS or len(match["number"]) > 7):
                continue
            if any(start < match.end() and match.start() < end for start, end in excluded):
                continue
        yield Amount(match.start(), match.end(), value, CURRENCIES.get(name), not name)


def parse(number: str, decimal: str) -> Decimal | None:
    """Return a written number, or None where its separators can be read in two ways.

    :param decimal: the decimal separator of the writer's language

    >>> parse("1.200,50", ",")
    Decimal('1200.50')
    >>> parse("1,200", ".")
    Decimal('1200')
    >>> parse("1,200", ",") is None
    True
    """
    digits = re.sub(r"[ '’]", "", number)
    marks = re.findall(r"[.,]", digits)
    if not marks:
        return Decimal(digits)
    last = marks[-1]
    whole, _mark, rest = digits.rpartition(last)
    if len(set(marks)) == 2:
        return Decimal(re.sub(r"[.,]", "", whole) + "." + rest)
    if len(marks) > 1:
        return Decimal(digits.replace(last, ""))
    if len(rest) == 3:
        return None if last == decimal else Decimal(whole + rest)
    return Decimal(f"{whole}.{rest}")
