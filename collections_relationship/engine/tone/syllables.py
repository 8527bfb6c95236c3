"""How many syllables has a word?

`pyphen` knows where a word may be divided. With no margin it also divides off single consonants
("pay-men-t") and leaves together what no typesetter would part ("área"), so the sounds of the
vowels are counted within each of its pieces. Measured against words counted by hand in
tests/engine/test_tone_ease.py.
"""
from __future__ import annotations

import re
from functools import cache, lru_cache

import pyphen

_DICTIONARIES = {"en": "en_US", "de": "de_DE", "fr": "fr", "es": "es", "it": "it_IT", "nl": "nl_NL"}
#: What sounds as one: letters beside each other, unless the language parts strong vowels or a diaeresis does.
_NUCLEI = {
    "en": re.compile(r"[aeiouy]+"),
    "de": re.compile(r"äu|[ae][iuy]|eu|ie|oi|aa|ee|oo|[aeiouyäöüéè]"),
    "fr": re.compile(r"[éëïü]|[aeiouàâèêîôûùœ]+y?|y"),
    "es": re.compile(r"[iuü]?[aeoáéó][iuy]?(?![aeoáéóíú])|[iuü]?[aeoáéó]|[íú]|[iuüy]+"),
    "it": re.compile(r"[iu]?[aeoàèéòó][iu]?(?![aeoàèéòó])|[iu]?[aeoàèéòó]|i?[ìùí]|[iu]+"),
    "nl": re.compile(r"[aeo]{2}i|eeu|ieu|oei|[ëïöü]|aa|ee|oo|uu|ie|oe|eu|ui|ei|ou|au|[aeiouyáéèê]"),
}
#: A u that only says how the letter before it sounds.
_MUTE_U = {"fr": re.compile(r"(?<=[qg])u(?=[eéèêi])"), "es": re.compile(r"(?<=[qg])u(?=[eéií])")}
#: Letters at the end that nobody hears.
_SILENT = {
    "en": re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzg])es$|(?<=[aeiouy]r)e$"),
    "fr": re.compile(r"(?<=[^aeouyà])es?$"),
}
#: Pieces in which letters beside each other are two sounds after all.
_PARTED = {
    "en": re.compile(r"i[ao](?=n$|l)(?<![tscg]i.)|eo(?=[^u])(?<![p]eo)|ua(?=l)|ying|(?<=[^aeiouqg])ue(?=[lt])|(?<=[rd])ea$")
}


@lru_cache(maxsize=8192)
def count(word: str, language: str) -> int:
    """Return the syllables of a word in small letters, at least one.

    :raises KeyError: the language has no dictionary here
    """
    heard = _MUTE_U[language].sub("", word) if language in _MUTE_U else word
    heard = _SILENT[language].sub("", heard) if language in _SILENT else heard
    heard = re.sub(r"^y(?=[aeiou])", "j", heard)
    nuclei = _NUCLEI[language]
    pieces = _dictionary(language).inserted(heard).split("-")
    sounds = sum(len(nuclei.findall(piece)) for piece in pieces)
    if language in _PARTED:
        sounds += sum(len(_PARTED[language].findall(piece)) for piece in pieces)
    return max(1, sounds)


@cache
def _dictionary(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=_DICTIONARIES[language], left=1, right=1)
