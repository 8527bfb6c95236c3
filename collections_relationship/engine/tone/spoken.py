"""In which language is a text really written? People write English to customers of every language."""
from __future__ import annotations

import re
from collections import Counter

from ..hints import LANGUAGES
from ..hints.language import fold_accents

#: So many small words show a language.
_ENOUGH = 4
_TOKEN = re.compile(r"[^\W\d]+")


def language_of(low: str, given: str) -> str:
    """Return the language a text in small letters is in: the one given, unless another one is much likelier.

    :param given: two letters
    """
    tokens = Counter(_TOKEN.findall(low))
    plain = Counter[str]()
    for token, number in tokens.items():
        plain[fold_accents(token)] += number
    scores = {
        language.code: sum(
            number for token, number in (plain if language.fold else tokens).items() if token in language.words
        )
        for language in LANGUAGES
    }
    likeliest = max(scores, key=lambda code: (scores[code], code == given))
    if scores[likeliest] >= _ENOUGH and scores.get(given, 0) * 2 < scores[likeliest]:
        return likeliest
    return given
