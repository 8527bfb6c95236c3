"""The word lists of a language: which words are found at which place, and what to say instead.

Each list is a file `<language>.json` beside this module, written by somebody who thinks in the
language: kind to entries, each with regular expressions (``find``) and better words (``better``).
``words`` names groups of words that many expressions share (``goods``: what a customer gets); an
expression writes ``<goods>`` for any of them. The kind ``withdrawal`` is a consequence that takes
something away ('no further deliveries', 'your pass is blocked'); `consequence` judges both.
"""
from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from .first_letters import beginnings
from .plain import FILLED, Plain
from .values import LINK

FOLDER = Path(__file__).parent
_WORD_START = re.compile(r"(?<!\w)(?=\S)")
_GROUP = re.compile(r"(?<!\(\?)<([a-z_]+)>")
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


#: Kind to entries of ``find`` and ``better``.
Lists = dict[str, list[dict[str, str | list[str]]]]


class WordLists:
    """The lists of one language, ready to look through texts."""

    def __init__(self, lists: Lists, words: dict[str, list[str]] | None = None) -> None:
        groups: dict[str, str] = {}
        for name, found_words in (words or {}).items():
            groups[name] = _spelled_out("|".join(found_words), groups)
        by_start: defaultdict[str, list[_Expression]] = defaultdict(list)
        for kind, entries in lists.items():
            for entry in entries:
                for written in entry["find"]:
                    source = _small(_spelled_out(written, groups))
                    found = _Expression(rf"(?:{source})(?!\w)", kind, str(entry["better"]))
                    # What can begin with anything stands under the empty start.
                    for start in beginnings(source) or ("",):
                        by_start[start].append(found)
        self._by_start = {start: tuple(found) for start, found in by_start.items()}
        self._candidates: dict[str, tuple[tuple[_Expression, ...], re.Pattern[str]]] = {}

    def hits(self, plain: Plain) -> list[Hit]:
        """Return what stands in a text in its order; what overlaps is told once per kind."""
        low = LINK.sub(lambda link: FILLED * len(link.group()), plain.low)  # an address says nothing to a reader
        last: dict[str, int] = {}
        hits: list[Hit] = []
        for start in (match.start() for match in _WORD_START.finditer(low)):
            candidates, any_of = self._beginning(low[start : start + 2])
            # One look for all expressions first: most words begin none of them.
            if not any_of.match(low, start):
                continue
            for hit in _longest_at(low, start, candidates).values():
                at = last.get(hit.kind)
                if at is not None and hit.start < hits[at].end:
                    hits[at] = replace(hits[at], end=max(hits[at].end, hit.end))
                else:
                    last[hit.kind] = len(hits)
                    hits.append(hit)
        return hits

    def _beginning(self, letters: str) -> tuple[tuple[_Expression, ...], re.Pattern[str]]:
        """Return the expressions that can begin with two letters, one by one and as one."""
        # Words nobody listed share an entry, so that a strange text does not fill the memory.
        start = next((start for start in (letters, letters[:1]) if start in self._by_start), "")
        known = self._candidates.get(start)
        if known is None:
            starts = dict.fromkeys((start, start[:1], ""))
            found = tuple(expression for one in starts for expression in self._by_start.get(one, ()))
            known = self._candidates[start] = (found, re.compile("|".join(one.source for one in found) or r"(?!)"))
        return known


def _longest_at(low: str, start: int, candidates: tuple[_Expression, ...]) -> dict[str, Hit]:
    longest: dict[str, Hit] = {}
    for expression in candidates:
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
    read = json.loads(path.read_text(encoding="utf-8"))
    words: dict[str, list[str]] = read.pop("words", {})
    return WordLists(read, words)


def languages() -> list[str]:
    """Return the languages there are lists of."""
    return sorted(path.stem for path in FOLDER.glob("??.json"))


def _spelled_out(expression: str, groups: dict[str, str]) -> str:
    """Return an expression with each ``<name>`` replaced by the words of that name, which may use names before it."""
    return _GROUP.sub(lambda name: f"(?:{groups[name[1]]})", expression)


def _small(expression: str) -> str:
    """Return an expression for texts in small letters with plain apostrophes."""
    plain = expression.replace("’", "'")
    return "".join(piece if piece[0] == "\\" else piece.lower() for piece in _PIECES.findall(plain))


@cache
def _compiled(source: str) -> re.Pattern[str]:
    """Compile one expression when its words first stand in a text: most never do."""
    return re.compile(source)
