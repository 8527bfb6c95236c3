"""Faults that somebody planted who had not seen the word lists: does the check find them?"""

import json
from collections import Counter
from pathlib import Path

import pytest
from engine import tone

FOLDER = Path(__file__).parent / "tone"
LANGUAGES = ("de", "en", "es", "fr", "it", "nl")
WORDS = ("threat", "blame", "shame", "jargon", "pressure", "consequence", "exposure")
#: What a text is for where a fact is said to be missing; elsewhere nobody knows.
REMINDER = "friendly_reminder"


def planted(language):
    """Return the planted texts of a language."""
    return json.loads((FOLDER / f"planted_{language}.json").read_text(encoding="utf-8"))


def found(language, plant):
    """Return the kinds found in a planted text: those that are about its words, and what is missing if that was planted."""
    is_missing = plant["kind"] in ("missing", "missing_fact")
    report = tone.check(plant["text"], language, REMINDER if is_missing else "", plant.get("part", "email"))
    return {finding.kind for finding in report.findings if is_missing or finding.kind != "missing"}


@pytest.fixture(scope="module")
def outcome():
    """All planted faults by language: the plant and the kinds found."""
    return {language: [(plant, found(language, plant)) for plant in planted(language)] for language in LANGUAGES}


def test_fifty_faults_are_planted_in_each_language():
    assert {language: len(planted(language)) for language in LANGUAGES} == dict.fromkeys(LANGUAGES, 50)


def test_at_least_95_of_100_planted_faults_are_found(outcome):
    total = hits = exact = 0
    missed = []
    for language, rows in outcome.items():
        kinds = Counter(plant["kind"] for plant, _kinds in rows)
        got = Counter(plant["kind"] for plant, kinds in rows if kinds)
        named = sum(_same(plant["kind"]) in kinds for plant, kinds in rows)
        per_kind = ", ".join(f"{kind} {got[kind]}/{count}" for kind, count in sorted(kinds.items()))
        print(f"{language}: {sum(got.values())} of {len(rows)} found, {named} by the same name ({per_kind})")
        total, hits, exact = total + len(rows), hits + sum(got.values()), exact + named
        missed += [f"{language} {plant['kind']}: {plant['text']}" for plant, kinds in rows if not kinds]
    print(f"all: {hits} of {total} found ({hits / total:.1%}), {exact} by the same name")
    print(*missed, sep="\n")
    assert hits >= 0.95 * total


def test_innocent_texts_are_not_refused():
    """What sounds near a fault and is none: at most one in thirty is refused, at most one in seven advised about."""
    texts = refused = flagged = 0
    for language in LANGUAGES:
        for text in json.loads((FOLDER / f"clean_{language}.json").read_text(encoding="utf-8")):
            findings = tone.check(text, language).of_kind(*WORDS)
            texts += 1
            flagged += bool(findings)
            refused += any(finding.severity != "advice" for finding in findings)
            if findings:
                print(language, [(one.kind, one.words) for one in findings], text)
    print(f"of {texts} innocent texts {flagged} are advised about, {refused} refused")
    assert texts >= 150
    assert refused <= texts / 30
    assert flagged <= texts / 7


def _same(kind):
    return {"missing_fact": "missing", "capitals": "pressure", "exclamation": "pressure", "red": "pressure"}.get(kind, kind)
