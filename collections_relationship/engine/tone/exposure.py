"""What others may read over somebody's shoulder: subject, preview and text messages say nothing about money."""
from __future__ import annotations

from collections.abc import Iterator

from ..vocabulary import AMOUNTS
from . import values
from .model import SEEN_BY_OTHERS, Finding
from .plain import Plain

_TELLING = AMOUNTS | {"amount_due", "items", "other_items", "invoices", "credits", "oldest_due", "plan", "bank_account"}


def exposed(plain: Plain, source: str, part: str) -> Iterator[Finding]:
    """Yield amounts, invoice numbers and the placeholders of both; the words are the lists'."""
    if part not in SEEN_BY_OTHERS:
        return
    for pattern, detail in ((values.AMOUNT, "amount"), (values.NUMBER, "number")):
        for match in pattern.finditer(values.LINK.sub(lambda link: " " * len(link.group()), plain.low)):
            words = plain.text[match.start() : match.end()]
            yield Finding("exposure", "advice", words, *plain.place(*match.span()), detail=detail)
    for name in sorted(plain.names & _TELLING):
        start = source.find("{{%s}}" % name)
        end = source.find("}}", start) + 2
        yield Finding("exposure", "advice", source[start:end] if start >= 0 else name, max(start, 0), end, detail="amount")
