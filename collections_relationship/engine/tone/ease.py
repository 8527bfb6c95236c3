"""Reading ease: how easily is a text read, by the formula of its own language?

Every formula weighs how long the sentences are and how long the words. The goal of each is what
somebody of twelve reads without effort, on the scale its authors or their followers gave.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import syllables
from .plain import FILLED, Plain

#: With fewer words a formula says nothing.
FEWEST_WORDS = 20
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
#: Flesch counts each unit of thought that stands alone, whatever mark ends it; a line of its own is one.
_SENTENCE_END = re.compile(r"[.!?:;\N{HORIZONTAL ELLIPSIS}]+(?=[\s\"'»“”)]|$)|\n")


@dataclass(frozen=True, slots=True)
class Counts:
    """What the formulas weigh."""

    words: int
    sentences: int
    syllables: int
    letters: int

    @property
    def sentence_length(self) -> float:
        return self.words / self.sentences

    @property
    def word_length(self) -> float:
        """Syllables per word."""
        return self.syllables / self.words


def flesch(counts: Counts) -> float:
    """English. R. Flesch, A new readability yardstick, Journal of Applied Psychology 32 (1948)."""
    return 206.835 - 1.015 * counts.sentence_length - 84.6 * counts.word_length


def amstad(counts: Counts) -> float:
    """German. T. Amstad, Wie verständlich sind unsere Zeitungen?, Zürich 1978."""
    return 180 - counts.sentence_length - 58.5 * counts.word_length


def kandel_moles(counts: Counts) -> float:
    """French. L. Kandel and A. Moles, Application de l'indice de Flesch à la langue française, 1958."""
    return 207 - 1.015 * counts.sentence_length - 73.6 * counts.word_length


def szigriszt_pazos(counts: Counts) -> float:
    """Spanish. F. Szigriszt Pazos, Sistemas predictivos de legibilidad del mensaje escrito, Madrid 1993."""
    return 206.835 - counts.sentence_length - 62.3 * counts.word_length


def gulpease(counts: Counts) -> float:
    """Italian. P. Lucisano and M. E. Piemontese, Gulpease, Scuola e Città 3 (1988): letters instead of syllables."""
    return min(100.0, 89 + (300 * counts.sentences - 10 * counts.letters) / counts.words)


def douma(counts: Counts) -> float:
    """Dutch. W. H. Douma, De leesbaarheid van landbouwbladen, Wageningen 1960."""
    return 206.84 - 0.93 * counts.sentence_length - 77 * counts.word_length


@dataclass(frozen=True, slots=True)
class Scale:
    """The formula of a language, and the ease somebody of twelve needs."""

    formula: Callable[[Counts], float]
    goal: float


SCALES = {
    "en": Scale(flesch, 70),
    "de": Scale(amstad, 70),
    "fr": Scale(kandel_moles, 70),
    "es": Scale(szigriszt_pazos, 65),
    "it": Scale(gulpease, 70),
    "nl": Scale(douma, 70),
}


def count(plain: Plain, language: str) -> Counts | None:
    """Return what there is to weigh; None where it is too little.

    A placeholder stands for a word of the length of the others: the text is judged by the words its
    author chose.
    """
    words = _WORD.findall(plain.low)
    if len(words) < FEWEST_WORDS:
        return None
    filled = plain.low.count(FILLED)
    sentences = sum(1 for sentence in _SENTENCE_END.split(plain.low) if _WORD.search(sentence))
    total = sum(syllables.count(word, language) for word in words)
    letters = sum(map(len, words))
    share = (len(words) + filled) / len(words)
    return Counts(len(words) + filled, max(1, sentences), round(total * share), round(letters * share))


def ease(plain: Plain, language: str) -> float | None:
    """Return the reading ease, the higher the easier; None without a formula or with too little to read."""
    counts = count(plain, language) if language in SCALES else None
    return round(SCALES[language].formula(counts), 1) if counts else None


def hardest_sentence(plain: Plain, language: str) -> tuple[int, int]:
    """Return the span of the sentence that weighs most: its words times their syllables."""
    start, best = 0, (0, 0, 0)
    for end in [*(match.end() for match in _SENTENCE_END.finditer(plain.low)), len(plain.low)]:
        words = list(_WORD.finditer(plain.low, start, end))
        if words:
            weight = len(words) + 5 * sum(syllables.count(word.group(), language) for word in words) // len(words)
            best = max(best, (weight, words[0].start(), words[-1].end()))
        start = end
    return best[1], best[2]
