"""With which letters can a match of a regular expression begin?

A thousand expressions are tried at each word of a text; looking only at those that can begin with
the word's first letter is what makes the check fast.
"""
from __future__ import annotations

import re

_QUANTIFIER = re.compile(r"[?*]|\+|\{(\d*),?\d*\}")
#: Groups that match nothing themselves: what follows begins the match.
_LOOKING = ("(?=", "(?!", "(?<=", "(?<!")


def first_letters(expression: str) -> frozenset[str] | None:
    """Return the letters a match can begin with; None where it could be any.

    >>> sorted(first_letters("(?:the )?court|la[wy]"))
    ['c', 'l', 't']
    """
    letters, _is_optional, _end = _choice(expression, 0)
    return None if letters is None else frozenset(letters)


def _choice(expression: str, at: int) -> tuple[set[str] | None, bool, int]:
    """Read alternatives up to a closing bracket: their letters, whether one may be empty, and where they end."""
    every: set[str] | None = set()
    is_optional = False
    while True:
        letters, may_be_empty, at = _sequence(expression, at)
        every = None if every is None or letters is None else every | letters
        is_optional = is_optional or may_be_empty
        if at >= len(expression) or expression[at] == ")":
            return (None if is_optional and at >= len(expression) else every), is_optional, at
        at += 1  # the bar


def _sequence(expression: str, at: int) -> tuple[set[str] | None, bool, int]:
    letters: set[str] | None = set()
    is_open = True  # all so far may be empty: the next one begins the match as well
    while at < len(expression) and expression[at] not in "|)":
        own, may_be_empty, at = _atom(expression, at)
        quantifier = _QUANTIFIER.match(expression, at)
        if quantifier:
            may_be_empty = may_be_empty or quantifier.group() in "?*" or quantifier.group(1) in ("0", "")
            if quantifier.group() == "+":
                may_be_empty = own is not None and not own
            at = quantifier.end() + (expression[quantifier.end() : quantifier.end() + 1] == "?")
        if is_open:
            letters = None if letters is None or own is None else letters | own
            is_open = may_be_empty
    return letters, is_open, at


def _atom(expression: str, at: int) -> tuple[set[str] | None, bool, int]:
    letter = expression[at]
    if letter == "(":
        return _group(expression, at)
    if letter == "[":
        return _class(expression, at)
    if letter == "\\":
        escaped = expression[at + 1]
        if escaped in "bB":
            return set(), True, at + 2
        if escaped == "d":
            return set("0123456789"), False, at + 2
        return ({escaped} if not escaped.isalnum() else None), False, at + 2
    if letter in "^$":
        return set(), True, at + 1
    return (None if letter == "." else {letter}), False, at + 1


def _group(expression: str, at: int) -> tuple[set[str] | None, bool, int]:
    looking = next((start for start in _LOOKING if expression.startswith(start, at)), "")
    begin = at + len(looking or "(?:" if expression.startswith("(?", at) else "(")
    letters, is_optional, end = _choice(expression, begin)
    return (set(), True, end + 1) if looking else (letters, is_optional, end + 1)


def _class(expression: str, at: int) -> tuple[set[str] | None, bool, int]:
    end = expression.index("]", at + 2)
    inside = expression[at + 1 : end]
    if inside.startswith("^") or "\\" in inside or re.search(r".-.", inside):
        return None, False, end + 1
    return set(inside), False, end + 1
