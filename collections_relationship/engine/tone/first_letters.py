"""With which letters can a match of a regular expression begin?

Two thousand expressions are tried at each word of a text; looking only at those that can begin with
the word's first two letters is what makes the check fast.
"""
from __future__ import annotations

import re

_QUANTIFIER = re.compile(r"[?*]|\+|\{(\d*)(,?)(\d*)\}")
#: Groups that match nothing themselves: what follows begins the match.
_LOOKING = ("(?=", "(?!", "(?<=", "(?<!")
_SIZE = 2
#: More than so many beginnings are told apart by their first letter only.
_MOST = 400

#: The first letters of what part of an expression matches, and whether what comes next continues them; where it does
#: not, either there are enough of them or anything may follow.
_Start = tuple[str, bool]
_NOTHING: frozenset[_Start] = frozenset({("", True)})
_ANYTHING: frozenset[_Start] = frozenset({("", False)})


def beginnings(expression: str) -> frozenset[str] | None:
    """Return with what a match can begin: two letters, or one that anything may follow; None where it could be any.

    >>> sorted(beginnings("(?:the )?court|x"))
    ['co', 'th', 'x']
    """
    starts, _end = _choice(expression, 0)
    found = frozenset(text for text, _is_open in starts)
    return None if "" in found else found


def first_letters(expression: str) -> frozenset[str] | None:
    """Return the letters a match can begin with; None where it could be any.

    >>> sorted(first_letters("(?:the )?court|la[wy]"))
    ['c', 'l', 't']
    """
    found = beginnings(expression)
    return None if found is None else frozenset(text[0] for text in found)


def _choice(expression: str, at: int) -> tuple[frozenset[_Start], int]:
    """Read alternatives up to a closing bracket: their starts, and where they end."""
    every: frozenset[_Start] = frozenset()
    while True:
        starts, at = _sequence(expression, at)
        every |= starts
        if at >= len(expression) or expression[at] == ")":
            return every, at
        at += 1  # the bar


def _sequence(expression: str, at: int) -> tuple[frozenset[_Start], int]:
    starts = _NOTHING
    while at < len(expression) and expression[at] not in "|)":
        own, at = _atom(expression, at)
        quantifier = _QUANTIFIER.match(expression, at)
        if quantifier:
            own = _repeated(own, quantifier)
            at = quantifier.end() + (expression[quantifier.end() : quantifier.end() + 1] == "?")
        starts = _followed(starts, own)
    return starts, at


def _repeated(own: frozenset[_Start], quantifier: re.Match[str]) -> frozenset[_Start]:
    is_optional = quantifier.group() in ("?", "*") or quantifier[1] in ("0", "")
    if quantifier.group() == "+":
        is_optional = False
    if quantifier.group() != "?":
        own = frozenset((text, is_open and not text) for text, is_open in own)  # itself or what is next may follow
    return own | _NOTHING if is_optional else own


def _followed(starts: frozenset[_Start], own: frozenset[_Start]) -> frozenset[_Start]:
    if not any(is_open for _text, is_open in starts):
        return starts
    joined: set[_Start] = set()
    for text, is_open in starts:
        if not is_open:
            joined.add((text, False))
            continue
        for more, goes_on in own:
            both = (text + more)[:_SIZE]
            joined.add((both, goes_on and len(both) < _SIZE))
    if len(joined) > _MOST:
        return frozenset((text[:1], False) for text, _is_open in joined)
    return frozenset(joined)


def _atom(expression: str, at: int) -> tuple[frozenset[_Start], int]:
    letter = expression[at]
    if letter == "(":
        return _group(expression, at)
    if letter == "[":
        return _class(expression, at)
    if letter == "\\":
        escaped = expression[at + 1]
        if escaped in "bB":
            return _NOTHING, at + 2
        if escaped == "d":
            return frozenset((figure, True) for figure in "0123456789"), at + 2
        return (frozenset({(escaped, True)}) if not escaped.isalnum() else _ANYTHING), at + 2
    if letter in "^$":
        return _NOTHING, at + 1
    return (_ANYTHING if letter == "." else frozenset({(letter, True)})), at + 1


def _group(expression: str, at: int) -> tuple[frozenset[_Start], int]:
    looking = next((start for start in _LOOKING if expression.startswith(start, at)), "")
    begin = at + len(looking or "(?:" if expression.startswith("(?", at) else "(")
    starts, end = _choice(expression, begin)
    return (_NOTHING if looking else starts), end + 1


def _class(expression: str, at: int) -> tuple[frozenset[_Start], int]:
    end = expression.index("]", at + 2)
    inside = expression[at + 1 : end]
    if inside.startswith("^") or "\\" in inside or re.search(r".-.", inside):
        return _ANYTHING, end + 1
    return frozenset((letter, True) for letter in inside), end + 1
