"""How one language says what we listen for. Data only; the languages themselves are beside this file.

Patterns are regular expressions with three conveniences: a space stands for any
blank, ` .. ` for up
to six words between, and each is matched as whole words, in any case. Where `fold` is set, accents do
not count, since many people leave them out.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache


@dataclass(frozen=True)
class Cues:
    """What shows one kind of hint.

    plain: enough by itself, unless the clause says no to it
    negative: enough by itself, and holds its own "not"
    dated: enough only together with a day to come
    unless: takes it back when found in the same sentence
    """

    plain: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Language:
    """One language: its calendar words, its small words, and the cues of each kind.

    function_words: the frequent small words by which a text's language is known
    days: pattern -> meaning, see `dates.MEANINGS`; earlier ones win
    later_weekday: "next Friday" is the Friday of the coming week, not the first to come
    open_start: words before a day after which anything may follow ("from the 15th on")
    of_document: words before a day that belongs to a document ("the invoice of 15 October")
    not_amounts: words around a number that is no amount ("invoice 4711", "5 days")
    clause_words: words that begin a new thought inside a sentence
    conditions: a promise or payment after these is not one ("once you have sent ...")
    negations, absences, closings: what they are called
    stop_alone: a message that is nothing but this says stop
    """

    code: str
    function_words: str
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    units: Mapping[str, str]
    days: tuple[tuple[str, str], ...]
    decimal: str
    open_start: tuple[str, ...]
    of_document: tuple[str, ...]
    not_amounts: tuple[str, ...]
    clause_words: tuple[str, ...]
    conditions: tuple[str, ...]
    negations: tuple[str, ...]
    absences: tuple[str, ...]
    closings: tuple[str, ...]
    stop_alone: tuple[str, ...]
    cues: Mapping[str, Cues]
    abbreviations: tuple[str, ...] = ()
    later_weekday: bool = True
    fold: bool = True
    words: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", frozenset(fold_accents(self.function_words, self.fold).lower().split()))

    def __hash__(self) -> int:
        return hash(self.code)

    def pattern(self, *sources: str) -> re.Pattern[str]:
        """Compile sources into one pattern that matches where any of them does."""
        return _compile(tuple(fold_accents(source, self.fold) for source in sources))


@cache
def _compile(sources: tuple[str, ...]) -> re.Pattern[str]:
    if not sources:
        return re.compile(r"(?!)")
    blanks = ((" .. ", r"(?:\s+\S+){0,6}?\s+"), (" ?", r"\s*"), (" *", r"\s*"), (" ", r"\s+"))
    spaced = []
    for source in sources:
        for written, meant in blanks:
            source = source.replace(written, meant)
        spaced.append(source)
    return re.compile("|".join(rf"(?:(?:(?<!\w)|(?='))(?:{source})(?!\w))" for source in spaced), re.IGNORECASE)


def choice(words: Iterable[str]) -> str:
    """Return a pattern for any of these words, longest first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


def counted(first: int, *names: str) -> dict[str, int]:
    """Number words in their order; several words for one thing are separated by a blank.

    >>> counted(1, "january jan", "february")
    {'january': 1, 'jan': 1, 'february': 2}
    """
    return {word: number for number, words in enumerate(names, first) for word in words.split()}


def fold_accents(text: str, really: bool = True) -> str:
    """Return ``text`` without accents, letter for letter, so that places in it stay the same.

    >>> fold_accents("réglé à Düren")
    'regle a Duren'
    """
    if not really:
        return text
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in text)
