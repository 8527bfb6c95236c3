"""The word lists of a language: which words are found at which place, and what to say instead.

Each list is a file `<language>.json` beside this module, written by somebody who thinks in the
language: kind to entries, each with regular expressions (``find``) and better words (``better``).
"""
from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from .first_letters import first_letters
from .plain import FILLED, Plain
from .values import LINK

FOLDER = Path(__file__).parent
_WORD_START = re.compile(r"(?<!\w)(?=\S)")
_PIECES = re.compile(r"\\.|[^\\]+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a list that stand in a text, as a span of its plain text."""

    kind: str
    start: int
    end: int
    better: str


@dataclass(frozen=True, slots=True)
class _Expression:
    source: str
    kind: str
    better: str

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.source)


class WordLists:
    """The lists of one language, ready to look through texts."""

    def __init__(self, lists: dict[str, list[dict[str, str | list[str]]]]) -> None:
        by_letter: defaultdict[str, list[_Expression]] = defaultdict(list)
        anywhere: list[_Expression] = []
        for kind, entries in lists.items():
            for entry in entries:
                for written in entry["find"]:
                    source = _small(written)
                    found = _Expression(rf"(?:{source})(?!\w)", kind, str(entry["better"]))
                    letters = first_letters(source)
                    if letters is None:
                        anywhere.append(found)
                    for letter in letters or ():
                        by_letter[letter].append(found)
        self._by_letter = {letter: tuple(found) for letter, found in by_letter.items()}
        self._any_of = {letter: _joined((*found, *anywhere)) for letter, found in by_letter.items()}
        self._anywhere = tuple(anywhere)
        self._any_anywhere = _joined(anywhere)

    def hits(self, plain: Plain) -> list[Hit]:
        """Return what stands in a text in its order; what overlaps is told once per kind."""
        low = LINK.sub(lambda link: FILLED * len(link.group()), plain.low)  # an address says nothing to a reader
        last: dict[str, int] = {}
        hits: list[Hit] = []
        for start in (match.start() for match in _WORD_START.finditer(low)):
            letter = low[start]
            # One look for all expressions first: most words begin none of them.
            if not self._any_of.get(letter, self._any_anywhere).match(low, start):
                continue
            for hit in self._longest_at(low, start, letter).values():
                at = last.get(hit.kind)
                if at is not None and hit.start < hits[at].end:
                    hits[at] = replace(hits[at], end=max(hits[at].end, hit.end))
                else:
                    last[hit.kind] = len(hits)
                    hits.append(hit)
        return hits

    def _longest_at(self, low: str, start: int, letter: str) -> dict[str, Hit]:
        longest: dict[str, Hit] = {}
        for expression in (*self._by_letter.get(letter, ()), *self._anywhere):
            found = expression.pattern.match(low, start)
            reached = longest[expression.kind].end if expression.kind in longest else start
            if found and found.end() > reached:
                longest[expression.kind] = Hit(expression.kind, start, found.end(), expression.better)
        return longest


@cache
def of_language(language: str) -> WordLists | None:
    """Return the lists of a language by its two letters, None where nobody wrote them."""
    path = FOLDER / f"{language}.json"
    if not re.fullmatch("[a-z]{2}", language) or not path.exists():
        return None
    return WordLists(json.loads(path.read_text(encoding="utf-8")))


def languages() -> list[str]:
    """Return the languages there are lists of."""
    return sorted(path.stem for path in FOLDER.glob("??.json"))


def _small(expression: str) -> str:
    """Return an expression for texts in small letters with plain apostrophes."""
    plain = expression.replace("’", "'")
    return "".join(piece if piece[0] == "\\" else piece.lower() for piece in _PIECES.findall(plain))


def _joined(expressions: tuple[_Expression, ...] | list[_Expression]) -> re.Pattern[str]:
    return re.compile("|".join(expression.source for expression in expressions) or r"(?!)")


@cache
def _compiled(source: str) -> re.Pattern[str]:
    """Compile one expression when its words first stand in a text: most never do."""
    return re.compile(source)
