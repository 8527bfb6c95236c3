"""Writes an amount of money in words, as formal letters do.

The library `num2words` knows the numbers of many languages, but the names of few currencies, and
mixes some of those up. Names are taken from it for the languages people have checked; elsewhere the
currency's code stands, and the small coins as a fraction.
"""
from __future__ import annotations

from decimal import Decimal

from num2words import num2words

#: Joins the big and the small coins, for the languages whose names of currencies were checked.
JOINING = {"en": "and", "de": "und", "fr": "et", "es": "con", "it": "e", "nl": "en"}
#: Stands between the coins while an amount is written; no number has it.
_SEAM = "|"


def in_words(amount: Decimal, currency: str, digits: int, lang: str) -> str:
    """Return an amount in words, nothing in a language that cannot be written: figures stand alone there.

    :param amount: not negative, rounded to the currency
    :param currency: ISO 4217 code
    :param digits: decimal places of the currency
    :param lang: code of the language as Odoo has it, such as `de` or `pt_BR`
    """
    language = lang.partition("_")[0]
    whole, rest = divmod(int(amount.scaleb(digits)), 10**digits)
    try:
        if language in JOINING and digits in (0, 2):
            return _with_names(whole, rest, currency, language)
        number = num2words(whole, lang=lang)
    except NotImplementedError:  # how num2words says that it lacks this currency, or the language
        return "" if not _is_known(language) else _with_code(num2words(whole, lang=language), rest, currency, digits)
    return _with_code(number, rest, currency, digits)


def _is_known(language: str) -> bool:
    try:
        num2words(1, lang=language)
    except NotImplementedError:  # how num2words says that it lacks the language
        return False
    return True


def _with_names(whole: int, rest: int, currency: str, language: str) -> str:
    amount = Decimal(whole) + Decimal(rest) / 100
    text = num2words(amount, to="currency", lang=language, currency=currency, separator=_SEAM)
    big, _seam, small = (part.strip() for part in text.replace(",", "").partition(_SEAM))
    return f"{big} {JOINING[language]} {small}" if rest else big


def _with_code(number: str, rest: int, currency: str, digits: int) -> str:
    fraction = f" {rest:0{digits}d}/{10**digits}" if rest else ""
    return f"{number}{fraction} {currency}"
