"""Pressure by appearance, which is the same in every language: capitals, exclamation marks, red."""
from __future__ import annotations

import re
from collections.abc import Iterator

from . import phrases
from .model import Finding
from .plain import Plain

#: What is written in capitals by right.
_ABBREVIATIONS = frozenset(
    {"IBAN", "SEPA", "GMBH", "PAYPAL", "HTTPS", "HTML", "TWINT", "MWST", "VISA", "IDEAL", "SARL", "SASU", "EURL", "XLSX"}
)
_CAPITALS = re.compile(r"(?<![\w/.@-])[^\W\d_a-z]{2,}(?:[ ,]+[^\W\d_a-z]{2,})*(?![\w/@]|[-.]\w)")
_RED = re.compile(
    r"(?<![\w-])(?:background(?:-color)?|color|bgcolor|border(?:-color)?)\s*[:=]\s*[\"']?[^;\"']*?"
    r"(?P<colour>(?<!\w)(?:red|crimson|firebrick|darkred|indianred|tomato|orangered)(?!\w)|#[0-9a-f]{3,8}|rgba?\([^)]*\))",
    re.IGNORECASE,
)
_RED_CLASS = re.compile(r"(?<![\w-])(?:text|bg|btn|alert|border)-danger(?![\w-])")


def shouts(plain: Plain, language: str, is_thanks: bool) -> Iterator[Finding]:
    """Yield what shouts.

    :param is_thanks: the message asks for nothing: one exclamation mark at a time is joy, not pressure; so is the
        one after thanks in any message
    """
    yield from _capitals(plain)
    for match in re.finditer(r"!+", plain.text):
        is_joy = is_thanks or phrases.thanks(_sentence_before(plain.low, match.start()), language)
        if len(match.group()) > 1 or not is_joy:
            yield _finding(plain, *match.span(), "exclamation")
    for tag, start, end in plain.tags:
        if _RED_CLASS.search(tag) or any(map(_is_red, _RED.finditer(tag))):
            yield Finding("pressure", "advice", "", start, end, detail="red")


def _sentence_before(low: str, end: int) -> str:
    return re.split(r"[.!?\n]", low[:end])[-1]


def _capitals(plain: Plain) -> Iterator[Finding]:
    for match in _CAPITALS.finditer(plain.text):
        loud = [word for word in re.split(r"[ ,]+", match.group()) if word not in _ABBREVIATIONS and word.isupper()]
        if _is_loud(loud):
            yield _finding(plain, *match.span(), "capitals")


def _is_loud(words: list[str]) -> bool:
    """Tell words that are shouted from initials: long ones, several, or one of four letters that can be spoken."""
    if any(len(word) >= 5 for word in words):
        return True
    if len(words) > 1:
        return sum(map(len, words)) >= 6
    return bool(words) and len(words[0]) == 4 and re.search("[AEIOUÄÖÜÉÈ]", words[0]) is not None


def _finding(plain: Plain, start: int, end: int, detail: str) -> Finding:
    return Finding("pressure", "advice", plain.text[start:end], *plain.place(start, end), detail=detail)


def _is_red(match: re.Match[str]) -> bool:
    colour = match["colour"].lower()
    if colour.startswith("#"):
        figures = colour[1:]
        wide = figures if len(figures) >= 6 else "".join(figure * 2 for figure in figures)
        parts = [int(wide[at : at + 2], 16) for at in (0, 2, 4)] if len(wide) >= 6 else [0, 0, 0]
    elif colour.startswith("rgb"):
        parts = [int(float(part)) for part in re.findall(r"\d+(?:\.\d+)?", colour)[:3]]
    else:
        return True
    return len(parts) == 3 and parts[0] >= 160 and max(parts[1:]) <= 90
