"""What the guide to rule packs says is so: its examples work, and it leaves nothing out."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from engine import cases, pack
from engine.facts import HARD_REASONS, PURPOSES, REASONS
from engine.pack_parts import CONSENTS, HONOURS, Advice, Applies, Cap, CoolDown

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "rule-packs.md").read_text(encoding="utf-8")
EXAMPLE, CASES = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL))


def test_the_pack_of_the_guide_is_in_order():
    made = pack.load(EXAMPLE, "freedonia")
    assert made.caps[0].limit == 3
    assert [honour.kind for honour in made.honours] == ["ceased", "opted_out"]


def test_the_case_of_the_guide_is_right():
    assert cases.case_of(CASES[0], pack.shipped()).complaints() == []


@pytest.mark.parametrize("part", [Cap, CoolDown, Advice, Applies])
def test_every_key_of_a_part_is_explained(part):
    for each in fields(part):
        if each.name not in ("origin", "reason"):
            assert f"`{each.name}`" in GUIDE, each.name


def test_every_word_is_explained():
    for word in (*pack.shipped(), *HONOURS, *CONSENTS, *PURPOSES, *REASONS):
        assert f"`{word}`" in GUIDE, word


def test_what_a_manager_may_override_is_told_right():
    told = dict(re.findall(r"^\| `([A-Z_]+)`.*\| (yes|no) \|$", GUIDE, re.MULTILINE))
    for reason in REASONS:
        if reason in told:
            assert told[reason] == ("no" if reason in HARD_REASONS else "yes"), reason
    assert set(told) >= HARD_REASONS


def test_the_reasons_are_told_in_their_order():
    places = [GUIDE.index(f"| `{reason}`") if f"| `{reason}`" in GUIDE else None for reason in REASONS]
    told = [place for place in places if place is not None]
    assert told == sorted(told)
    assert len(told) >= len(REASONS) - 1  # the two gaps share a row


def test_the_exceptions_are_told_right():
    for word, heeded in HONOURS.items():
        row = next(line for line in GUIDE.splitlines() if line.startswith("| `") and f"`{word}`" in line.split("|")[1])
        assert set(re.findall(r"`(\w+)`", row.split("|")[3])) == set(heeded.exceptions), word
