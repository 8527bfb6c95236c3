"""Consequences: named only where the stage plans them, and then with their day.

A consequence that will not happen is a threat. Words such as *court* or *interest* may also stand in
a sentence that announces nothing ('we charge no interest'); these are let through.

What takes something away (`WITHDRAWAL`) is announced by its own words, a *no* among them included:
'no further deliveries' is a consequence, 'no fees' is the denial of one. Only a *no* before it
denies it ('we will not block your account').
"""
from __future__ import annotations

import re

from ..vocabulary import PURPOSES
from . import phrases
from .model import Facts, Finding
from .plain import Plain
from .values import DATE
from .word_lists import Hit

#: The kind of the word lists for what takes something away.
WITHDRAWAL = "withdrawal"
#: Messages that are about what comes next, or about a fee.
PLANNED_PURPOSES = frozenset({"formal_notice", "handover", "fee_announced", "fee_waived", "settlement_missed"})
_DATED = frozenset(
    {"next_step_date", "pay_by", "fee_from", "settle_by", "offer_until", "instalment_date", "promise_date", "answer_by"}
)
#: The full stop of a title or of a day of the month ends no sentence.
SENTENCE_END = re.compile(
    # Looked for first, for haste: most letters end nothing.
    r"(?=[.!?\N{HORIZONTAL ELLIPSIS}])"
    r"(?<!\bdr)(?<!\bmr)(?<!\bmrs)(?<!\bsr)(?<!\bnr)(?<!\bno)(?<!\b\d)(?<!\b\d\d)[.!?\N{HORIZONTAL ELLIPSIS}]+(?=\s|$)|\n"
)


def judged(hit: Hit, plain: Plain, language: str, purpose: str, tone: str, facts: Facts) -> Finding | None:
    """Return what is wrong with a consequence that is named; None where it may stand."""
    begin, end = _sentence(plain.low, hit.start, hit.end)
    if _is_denied(hit, plain, begin, language) or phrases.takes_back(plain.low[begin:end], language):
        return None
    # What answers a question ('your lawyer called') or is a name ('Court Street') announces nothing; nor does a month.
    if hit.kind != WITHDRAWAL and not phrases.announces(DATE.sub(" ", plain.low[begin:end]), language):
        return None
    planned = is_planned(purpose, tone) if facts.planned is None else facts.planned
    if planned and _has_date(plain):
        return None
    severity, detail = ("advice", "no_date") if planned else ("threat", "unplanned")
    place = plain.place(hit.start, hit.end)
    return Finding("consequence", severity, plain.text[hit.start : hit.end], *place, hit.better, detail)


def _is_denied(hit: Hit, plain: Plain, begin: int, language: str) -> bool:
    """Tell whether a sentence that begins at ``begin`` says that what the words name does not happen."""
    has_no = phrases.denies(plain.low[hit.start : hit.end], language)
    if hit.kind == WITHDRAWAL:
        return not has_no and phrases.is_denied(plain.low[begin : hit.start], language)
    after = plain.low[hit.end : _sentence(plain.low, hit.start, hit.end)[1]]
    return has_no or phrases.is_denied(plain.low[begin : hit.start], language) or phrases.is_denied_after(after, language)


def is_planned(purpose: str, tone: str) -> bool:
    """Tell whether a message of this purpose and tone may name what comes next."""
    if purpose in PLANNED_PURPOSES:
        return True
    return purpose in PURPOSES and tone in ("firm", "formal")


def _has_date(plain: Plain) -> bool:
    return bool(plain.names & _DATED) or DATE.search(plain.low) is not None


def _sentence(low: str, start: int, end: int) -> tuple[int, int]:
    begin = max((match.end() for match in SENTENCE_END.finditer(low, 0, start)), default=0)
    after = SENTENCE_END.search(low, end)
    return begin, after.start() if after else len(low)
