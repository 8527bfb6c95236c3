"""Amounts in words, as formal letters have them."""
from decimal import Decimal

import pytest
from engine.amount_words import in_words


@pytest.mark.parametrize(
    ("lang", "amount", "currency", "digits", "words"),
    [
        ("en_US", "120.50", "EUR", 2, "one hundred and twenty euro and fifty cents"),
        ("en_GB", "1234.00", "USD", 2, "one thousand two hundred and thirty-four dollars"),
        ("de_DE", "21.00", "EUR", 2, "einundzwanzig Euro"),
        ("de_CH", "99.05", "CHF", 2, "neunundneunzig 05/100 CHF"),
        ("fr_FR", "80.20", "EUR", 2, "quatre-vingts euros et vingt centimes"),
        ("es_ES", "21.00", "USD", 2, "veintiún dólares"),
        ("it_IT", "3.50", "EUR", 2, "tre euro e cinquanta centesimi"),
        ("nl_NL", "21.15", "EUR", 2, "eenentwintig euro en vijftien cent"),
        ("en_US", "500", "JPY", 0, "five hundred JPY"),
        ("en_US", "12.345", "KWD", 3, "twelve 345/1000 KWD"),
        # The library calls every currency riyal in Arabic.
        ("ar_001", "1.00", "EUR", 2, "واحد EUR"),
        ("pt_BR", "20.00", "BRL", 2, "vinte BRL"),
    ],
)
def test_amounts(lang: str, amount: str, currency: str, digits: int, words: str) -> None:
    assert in_words(Decimal(amount), currency, digits, lang) == words


@pytest.mark.parametrize("lang", ["cs_CZ", "zh_CN", "xx_XX"])
def test_a_language_without_numbers_has_figures_only(lang: str) -> None:
    assert in_words(Decimal("20.00"), "EUR", 2, lang) == ""
