"""A second reader beside the word lists: it has learned from examples how unkind sentences read.

The lists know words; wordings are endless. This reader weighs each sentence by its words, pairs of
words and pieces of words, with weights learned per language (`learned_<language>.json`, made by
`tests/engine/train_reader.py`). What it says is an impression: advice, never more, and only about
sentences the lists found nothing in.
"""
from __future__ import annotations

import base64
import json
import math
import re
import zlib
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from . import consequence
from .model import Finding
from .plain import FILLED, Plain
from .values import LINK

#: The kind of a finding that is this reader's opinion. Its detail is one of `GUESSES`, or empty.
IMPRESSION = "impression"
#: What an unkind sentence may be, in the order of its weights.
KINDS = ("threat", "consequence", "blame", "shame", "pressure", "jargon")
#: What is guessed of a kind: some are too near to each other to be told apart.
GUESSES = {
    "threat": "threat",
    "consequence": "threat",
    "blame": "reproach",
    "shame": "reproach",
    "pressure": "pressure",
    "jargon": "jargon",
}
FOLDER = Path(__file__).parent
#: So many weights a language has; what is weighed finds its own by a checksum, and shares it now and then.
PLACES = 1 << 17
#: So many weights tell each kind from the others.
KIND_PLACES = 1 << 13
_LAST_PLACE = PLACES - 1
_LAST_KIND_PLACE = KIND_PLACES - 1
_TOKEN = re.compile(rf"[^\W\d_]+|\d+|[?!{FILLED}]")
#: Lengths of the pieces of a word.
_PIECES = (3, 4, 5)
#: So many words say something.
_FEWEST_WORDS = 3
#: The longer a text, the surer the reader must be of one sentence of it, or each long text would have its remark.
CARE = 0.2
#: So many passages have two sentences.
_SHORT = 3
_MOST_WORDS_KEPT = 20_000
_MOST_SENTENCES_KEPT = 5_000
#: The checksum of what stands before the first word of a pair.
_START = zlib.crc32(b"< ")


class _Word(NamedTuple):
    """A word as it is kept: its own weight and features, and checksums that the next word, or the one after, goes on with."""

    weight: int
    number: int
    letters: bytes
    before_next: int
    before_second: int


@dataclass(slots=True)
class Learned:
    """What was learned for one language.

    :param bias: the score of an empty sentence
    :param unit: how many of a weight make one
    :param threshold: a text of one sentence reads unkindly from this score on
    :param weights: `PLACES` weights: what speaks for an unkind sentence, and against one
    :param kind_bias: what each of `KINDS` starts with
    :param kind_unit: how many of a kind's weight make one
    :param sure: by so much the likeliest guess must lead to be told
    :param kind_weights: `KIND_PLACES` weights of each of `KINDS`
    """

    bias: float
    unit: float
    threshold: float
    weights: Sequence[int]
    kind_bias: Sequence[float]
    kind_unit: float
    sure: float
    kind_weights: Sequence[int]
    _words: dict[str, _Word] = field(default_factory=dict)
    _sentences: dict[str, tuple[list[str], int, int]] = field(default_factory=dict)

    def weighed(self, sentence: str) -> tuple[list[str], int, int]:
        """Return the words of a sentence in small letters, what they weigh and how many features they have."""
        # Whoever types has the sentences before read again with each change.
        known = self._sentences.get(sentence)
        if known is None:
            words = tokens(sentence)
            known = (words, *self.weigh(words))
            if len(self._sentences) >= _MOST_SENTENCES_KEPT:
                self._sentences.clear()
            self._sentences[sentence] = known
        return known

    def weigh(self, words: list[str]) -> tuple[int, int]:
        """Return what the features of a sentence (`places`) weigh together, and how many they are."""
        weights, checksum = self.weights, zlib.crc32
        known = [self._words.get(word) or self._look_up(word) for word in words]
        total, number, before = 0, 1, _START
        for word in known:
            total += word.weight + weights[checksum(word.letters, before) & _LAST_PLACE]
            number += word.number + 1
            before = word.before_next
        total += weights[checksum(b">", before) & _LAST_PLACE]
        for first, third in zip(known, known[2:], strict=False):
            total += weights[checksum(third.letters, first.before_second) & _LAST_PLACE]
        return total, number + max(0, len(known) - 2)

    def score(self, total: int, number: int) -> float:
        """Return how unkindly reads what weighs so much and has so many features."""
        return self.bias + total / self.unit / math.sqrt(number) if number else self.bias

    def guess(self, words: list[str]) -> tuple[str, str]:
        """Return the likeliest of `KINDS` of an unkind sentence, and what to guess, empty where nothing leads."""
        scores = self.kind_scores(words)
        guess, lead = leader(scores)
        return max(scores, key=scores.__getitem__), guess if lead >= self.sure else ""

    def kind_scores(self, words: list[str]) -> dict[str, float]:
        """Return how likely each of `KINDS` is."""
        found = kind_places(words)
        share = self.kind_unit * math.sqrt(len(found) or 1)
        return {
            kind: bias + sum(self.kind_weights[at * KIND_PLACES + place] for place in found) / share
            for at, (kind, bias) in enumerate(zip(KINDS, self.kind_bias, strict=True))
        }

    def _look_up(self, word: str) -> _Word:
        found = of_word(word)
        known = _Word(
            sum(self.weights[place(feature)] for feature in found),
            len(found),
            word.encode(),
            zlib.crc32(f"{word} ".encode()),
            zlib.crc32(f"{word}+".encode()),
        )
        if len(self._words) < _MOST_WORDS_KEPT:
            self._words[word] = known
        return known


def leader(scores: dict[str, float]) -> tuple[str, float]:
    """Return the likeliest of the `GUESSES` by the scores of the kinds, and how far it leads."""
    best: dict[str, float] = {}
    for kind, score in scores.items():
        best[GUESSES[kind]] = max(score, best.get(GUESSES[kind], score))
    first, second = sorted(best, key=best.__getitem__, reverse=True)[:2]
    return first, best[first] - best[second]


def remarks(read: Plain, language: str, known: Collection[tuple[int, int]], is_planned: bool) -> Iterator[Finding]:
    """Yield the sentences that read unkindly.

    :param known: spans of the plain text that need no opinion, because the lists have judged them
    :param is_planned: consequences may be named
    """
    learned = of_language(language)
    if learned is None:
        return
    found = list(passages(read.low, learned, known))
    threshold = learned.threshold + care(len(found))
    told = 0
    for start, end, words, total, number in found:
        # What is told as one of two sentences is not told again.
        if len(words) < _FEWEST_WORDS or start < told or learned.score(total, number) < threshold:
            continue
        kind, guess = learned.guess(words)
        if kind == "consequence" and is_planned:
            continue
        told = end
        yield Finding(IMPRESSION, "advice", read.text[start:end], *read.place(start, end), detail=guess)


def care(passages: int) -> float:
    """Return how much surer the reader must be of one of so many passages."""
    return CARE * math.log(max(1.0, passages / _SHORT))


def passages(
    low: str, learned: Learned, known: Collection[tuple[int, int]] = ()
) -> Iterator[tuple[int, int, list[str], int, int]]:
    """Yield start, end, words, weight and features of each sentence, and of the two it makes with the one before."""
    last: tuple[int, list[str], int, int] | None = None
    for start, end, ends_line in sentences(low):
        if any(start < last_known and first_known < end for first_known, last_known in known):
            last = None
            continue
        words, total, number = learned.weighed(low[start:end])
        yield start, end, words, total, number
        if last:
            yield last[0], end, last[1] + words, last[2] + total, last[3] + number
        last = None if ends_line else (start, words, total, number)


def tokens(low: str) -> list[str]:
    """Return the words of a sentence, each number as *0*."""
    return ["0" if token[0].isdigit() else token for token in _TOKEN.findall(LINK.sub(FILLED, low))]


def of_word(word: str) -> list[str]:
    """Return the features of a word: itself and its pieces."""
    whole = f"_{word}_"
    return [f"={word}", *(whole[at : at + size] for size in _PIECES for at in range(len(whole) - size + 1))]


def turns(words: list[str]) -> Iterator[str]:
    """Yield the pairs of a sentence: neighbours, and those with one word between."""
    for first, second in pairwise(["<", *words, ">"]):
        yield f"{first} {second}"
    for first, second in zip(words, words[2:], strict=False):
        yield f"{first}+{second}"


def places(words: list[str]) -> list[int]:
    """Return the places of the weights of a sentence's features."""
    return [place(feature) for word in words for feature in of_word(word)] + [place(feature) for feature in turns(words)]


def kind_places(words: list[str]) -> list[int]:
    """Return the places of the weights that tell its kind."""
    return [place(feature) & _LAST_KIND_PLACE for word in words for feature in of_word(word)]


def place(feature: str) -> int:
    """Return which of the `PLACES` weights a feature has."""
    return zlib.crc32(feature.encode()) & _LAST_PLACE


@cache
def of_language(language: str) -> Learned | None:
    """Return what was learned for a language by its two letters, None where nothing was."""
    path = FOLDER / f"learned_{language}.json"
    if not re.fullmatch("[a-z]{2}", language) or not path.exists():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    kept = {name: array("b", base64.b85decode(told[name])) for name in ("weights", "kind_weights")}
    return Learned(**told | kept)


def sentences(low: str) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of each sentence without its spaces, and whether its line ends there."""
    at = 0
    for end in consequence.SENTENCE_END.finditer(low):
        yield from _trimmed(low, at, end.end())
        at = end.end()
    yield from _trimmed(low, at, len(low))


def _trimmed(low: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    piece = low[start:end]
    if inner := piece.strip():
        begin = start + len(piece) - len(piece.lstrip())
        yield begin, begin + len(inner), low[begin + len(inner) : begin + len(inner) + 1] in ("\n", "")
