"""The check: does a text say what it must, kindly, plainly and to nobody else?

It looks at templates and at what a person types alike. `check` is all a caller needs; each kind of
finding has a module of its own, the words of each language a list of their own (`<language>.json`).

>>> report = check("<p>Hello Ann, pay now or else.</p>", "en")
>>> [(finding.kind, finding.words) for finding in report.findings if finding.severity == "threat"]
[('threat', 'or else')]
"""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..vocabulary import PURPOSES
from . import consequence, ease, exposure, length, plain, reader, shouting, spoken, word_lists
from . import facts as needed_facts
from .model import KINDS, PARTS, SEEN_BY_OTHERS, SEVERITIES, Facts, Finding, Report, in_order

__all__ = ["KINDS", "NOTHING", "PARTS", "SEVERITIES", "Facts", "Finding", "Report", "check", "check_parts", "ease"]

NOTHING = Facts()
#: Gravest first: words found by two lists are told once.
_RANK = ("threat", "consequence", "shame", "blame", "pressure", "exposure", "jargon")


def check(
    text: str,
    language: str,
    purpose: str = "",
    channel: str = "email",
    facts: Facts = NOTHING,
    tone: str = "",
    exempt: Collection[str] = (),
    with_ease: bool = True,
) -> Report:
    """Look at one text.

    :param text: HTML or plain, with placeholders or filled in
    :param language: its language, ``de`` or ``de_CH``; a text that plainly is in another one is read in that. Of
        one nobody wrote lists for only what no language is needed for is looked at
    :param purpose: one of `vocabulary.PURPOSES`; empty where nobody knows: facts are demanded
        only if the text asks for money then
    :param channel: one of `PARTS`
    :param facts: what the caller knows besides
    :param tone: one of `vocabulary.TONES`; a firm message may name a planned consequence
    :param exempt: words of the law in it, which may be jargon
    :param with_ease: weigh how easily it is read, which takes a second to prepare once per process
    """
    read = plain.read(text)
    code = spoken.language_of(read.low, language.lower().replace("-", "_").split("_")[0])
    lists = word_lists.of_language(code)
    hits = lists.hits(read) if lists else []
    findings = [
        *_worded(hits, read, code, purpose, tone, channel, facts),
        *shouting.shouts(read, code, purpose in PURPOSES and not PURPOSES[purpose].asks),
        *exposure.exposed(read, text, channel),
        *length.too_long(read, channel),
        *needed_facts.missing(read, code, purpose, channel, facts),
    ]
    planned = consequence.is_planned(purpose, tone) if facts.planned is None else facts.planned
    findings = _told_once(findings)
    findings += reader.remarks(read, code, _judged(read, hits, findings, planned), planned)
    findings = _without_statutory(findings, exempt)
    score = ease.ease(read, code) if with_ease and channel in ("email", "letter", "portal") else None
    goal = ease.SCALES[code].goal if code in ease.SCALES else None
    if score is not None and goal is not None and score < goal:
        start, end = ease.hardest_sentence(read, code)
        findings.append(Finding("ease", "advice", read.text[start:end], *read.place(start, end)))
    return Report(in_order(findings), score, goal, lists is not None)


def check_parts(
    parts: Mapping[str, str],
    language: str,
    purpose: str = "",
    facts: Facts = NOTHING,
    tone: str = "",
) -> dict[str, Report]:
    """Look at each part of a message that has words: part of `PARTS` to its report."""
    return {part: check(text, language, purpose, part, facts, tone) for part, text in parts.items() if text}


def _worded(
    hits: list[word_lists.Hit],
    read: plain.Plain,
    language: str,
    purpose: str,
    tone: str,
    part: str,
    facts: Facts,
) -> Iterator[Finding]:
    """Yield what is to be said about words of the lists."""
    for hit in hits:
        if hit.kind in ("consequence", consequence.WITHDRAWAL):
            found = consequence.judged(hit, read, language, purpose, tone, facts)
            if found:
                yield found
        elif hit.kind != "exposure" or part in SEEN_BY_OTHERS:
            severity = "threat" if hit.kind == "threat" else "advice"
            words = read.text[hit.start : hit.end]
            yield Finding(hit.kind, severity, words, *read.place(hit.start, hit.end), hit.better)


def _judged(
    read: plain.Plain, hits: list[word_lists.Hit], findings: list[Finding], is_planned: bool
) -> list[tuple[int, int]]:
    """Return the spans of the plain text that need no opinion: what is told already, and planned consequences."""
    told = {(finding.start, finding.end) for finding in findings}
    return [
        (hit.start, hit.end)
        for hit in hits
        if (is_planned and hit.kind in ("consequence", consequence.WITHDRAWAL))
        or (hit.kind != "exposure" and read.place(hit.start, hit.end) in told)
    ]


def _told_once(findings: list[Finding]) -> list[Finding]:
    """Leave out what lies within the words of a graver finding."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (_RANK.index(one.kind) if one.kind in _RANK else 9, one.start - one.end)):
        is_inside = finding.words and any(
            other.start <= finding.start and finding.end <= other.end for other in kept if other.words
        )
        if not is_inside:
            kept.append(finding)
    return kept


def _without_statutory(findings: list[Finding], exempt: Collection[str]) -> list[Finding]:
    """Leave out jargon that the law itself uses, and how the law reads."""
    statutory = " ".join(exempt).lower()
    if not statutory:
        return findings
    return [
        one
        for one in findings
        if one.kind not in ("jargon", reader.IMPRESSION) or one.words.lower() not in statutory
    ]
