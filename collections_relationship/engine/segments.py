"""How many text messages a text costs: what a provider charges for each.

Seven bits a letter where all letters are in the alphabet of GSM 03.38, sixteen as soon as one is not.
"""
from __future__ import annotations

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: These take the place of two letters.
_EXTENDED = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text comes to.

    :param count: text messages it is sent as
    :param length: letters as they are counted
    :param is_plain: all letters are in the short alphabet
    """

    count: int
    length: int
    is_plain: bool


def segments(text: str) -> Segments:
    """Count the text messages of a text.

    >>> segments("a" * 161).count
    2
    >>> segments("’").is_plain
    False
    """
    is_plain = all(letter in _BASIC or letter in _EXTENDED for letter in text)
    if is_plain:
        length = sum(2 if letter in _EXTENDED else 1 for letter in text)
        alone, joined = 160, 153
    else:
        length = len(text.encode("utf-16-le")) // 2
        alone, joined = 70, 67
    count = 0 if not length else 1 if length <= alone else -(-length // joined)
    return Segments(count, length, is_plain)
