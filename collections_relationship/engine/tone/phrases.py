"""Turns of phrase the check knows besides the word lists, in `phrases.json`.

``ways_out``: something else than paying at once is offered (more time, parts, a talk, 'something is
wrong'). ``announced``: a sentence says what somebody will do, or makes it depend on an answer.
``denied``: what follows does not apply ('no', 'without'). ``taken_back``: it was a mistake or is let off
('by mistake', 'refunded'). ``asks``: the text asks for money.
``thanks``: it thanks.
"""
from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "phrases.json"
#: Words before a *no* that make it a condition ('costs if no payment comes') or begin something new, by any language.
_NEW = (
    "if|unless|when|until|before|and|or|but|wenn|falls|sofern|solange|bis|bei|und|oder|aber|sollten|si|tant|jusqu|et|ou|mais"
    "|se|finché|e|o|ma|mientras|hasta|y|pero|als|indien|zolang|tot|en|of|maar|who|that|die|der|das|qui|que|che|dat"
)
#: What a *no* before it does not deny: 'no longer', 'will not hesitate'.
_GOES_ON = (
    "longer|further|more|later|only|mehr|länger|weiter|nur|meer|langer|verder|alleen|más|solo|più|plus|seulement"
    "|(?:hesitat|wait|zöger|wart|aarzel|wacht|dud|esper|esit|aspett|hésit|attend|scheu)\\w*"
)


def offers_way_out(low: str, language: str) -> bool:
    """Tell whether a text in small letters offers a way out; True in a language nobody described."""
    pattern = _patterns(language).get("ways_out")
    return pattern is None or pattern.search(low) is not None


def asks(low: str, language: str) -> bool:
    """Tell whether a text asks for money; False in a language nobody described."""
    pattern = _patterns(language).get("asks")
    return pattern is not None and pattern.search(low) is not None


def thanks(low: str, language: str) -> bool:
    """Tell whether a text thanks; False in a language nobody described."""
    pattern = _patterns(language).get("thanks")
    return pattern is not None and pattern.search(low) is not None


def announces(low: str, language: str) -> bool:
    """Tell whether a sentence says what will happen; True in a language nobody described."""
    pattern = _patterns(language).get("announced")
    return pattern is None or pattern.search(low) is not None


def takes_back(low: str, language: str) -> bool:
    """Tell whether a sentence says that something was a mistake or is let off."""
    pattern = _patterns(language).get("taken_back")
    return pattern is not None and pattern.search(low) is not None


def is_denied(before: str, language: str) -> bool:
    """Tell whether the words before something say that it does not apply."""
    pattern = _patterns(language).get("denied")
    return pattern is not None and pattern.search(before) is not None


def is_denied_after(after: str, language: str) -> bool:
    """Tell whether the words after something say that it does not happen ('fees will not be added')."""
    pattern = _patterns(language).get("denied_after")
    return pattern is not None and pattern.match(after) is not None


def denies(low: str, language: str) -> bool:
    """Tell whether words themselves say that something does not apply."""
    pattern = _patterns(language).get("denies")
    return pattern is not None and pattern.search(low) is not None


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    phrases = _phrases().get(language, {})
    patterns = {name: rf"(?<!\w)(?:{'|'.join(words)})(?!\w)" for name, words in phrases.items() if name != "denied"}
    if phrases:
        denied = f"(?:{'|'.join(phrases['denied'])})"
        patterns["denies"] = rf"(?<!\w){denied}(?!\w)"
        patterns["denied_after"] = rf"(?: (?!(?:{_NEW})(?!\w))\w+){{0,3}}? {denied}(?!\w)(?! (?:{_GOES_ON})(?!\w))"
        # At most two words between: 'without any late fees'.
        patterns["denied"] = rf"(?<!\w){denied}(?: ?\w+)?(?: \w+)? ?$"
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


@cache
def _phrases() -> dict[str, dict[str, list[str]]]:
    read: dict[str, dict[str, list[str]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return read
