"""How long a text may be on its channel."""
from __future__ import annotations

import re
from collections.abc import Iterator

from .model import Finding
from .plain import FILLED, Plain

#: Letters, where the channel cuts; words, where a reader's patience ends.
LETTERS = {"subject": 70, "preview": 100, "sms": 320}
WORDS = {"email": 180, "portal": 180, "letter": 250}
#: What a placeholder comes to: a link is long, a name is not.
_FILLED = {"pay_link": 70, "greeting": 25}
_USUAL = 15


def too_long(plain: Plain, part: str) -> Iterator[Finding]:
    """Yield a finding where a text is longer than its channel takes."""
    if part in LETTERS:
        known = sum(_FILLED.get(name, _USUAL) for name in plain.names)
        size = len(plain.text.replace(FILLED, "").strip()) + known
        longest = LETTERS[part]
    else:
        size = len(re.findall(r"\w+", plain.text))
        longest = WORDS.get(part, size)
    if size > longest:
        yield Finding("length", "advice", detail=f"{size}/{longest}", end=plain.place(0, len(plain.text))[1])
