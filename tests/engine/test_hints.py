"""What answers mean, held to made-up answers in six languages; most of the work is to find nothing."""
import doctest
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from engine import hints, incoming
from engine.hints import ALREADY_PAID, PROMISE, amounts, dates, language, read

FOLDER = Path(__file__).with_name("hints")
CORPORA = sorted(FOLDER.glob("*.json"))
MONDAY = date(2026, 3, 16)
#: Found hints that are right, and right hints that are found. A wrong hint costs more than a missing one.
LEAST_PRECISION = 0.97
LEAST_RECALL = 0.95
LEAST_ANSWERS = 25


def _expected(answer):
    found = []
    for kind, *facts in answer["hints"]:
        day, amount, currency = [*facts, None, None, None][:3]
        found.append((kind, date.fromisoformat(day) if day else None, Decimal(amount) if amount else None, currency))
    return found


def _score(corpus):
    """Return (right, found, expected) hints of a corpus, and the answers read wrongly."""
    right = found = expected = 0
    wrong = []
    for answer in corpus["answers"]:
        today = date.fromisoformat(answer.get("today", corpus["today"]))
        got = [(hint.kind, *hint[2:]) for hint in read(answer["text"], answer.get("lang", corpus["lang"]), today)]
        want = _expected(answer)
        matching = sum(hint in want for hint in got)
        right, found, expected = right + matching, found + len(got), expected + len(want)
        if sorted(map(str, got)) != sorted(map(str, want)):
            wrong.append((answer["text"], want, got))
    return right, found, expected, wrong


@pytest.mark.parametrize("path", CORPORA, ids=[path.stem for path in CORPORA])
def test_answers_are_read(path, record_property):
    corpus = json.loads(path.read_text(encoding="utf-8"))
    assert len(corpus["answers"]) >= LEAST_ANSWERS
    right, found, expected, wrong = _score(corpus)
    precision, recall = right / found, right / expected
    record_property("precision", precision)
    record_property("recall", recall)
    report = f"{path.stem}: {len(corpus['answers'])} answers, precision {precision:.3f}, recall {recall:.3f}"
    print(report)
    lines = "\n".join(f"  {text!r}\n    meant {want}\n    read  {got}" for text, want, got in wrong)
    assert precision >= LEAST_PRECISION and recall >= LEAST_RECALL, f"{report}\n{lines}"
