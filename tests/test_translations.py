"""Every translation is complete and keeps what is filled in and marked up."""

import json
import re
from pathlib import Path

import polib
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "collections_relationship" / "i18n"
FILLED_IN = re.compile(r"%\(\w+\)s|%s|\{\{\w+\}\}|</?[a-z]+")
PACKS = FOLDER.parent / "engine" / "packs"
#: Words between double braces that stand for any word in an explanation.
EXPLAINED = re.compile(r"\{\{d\w+ \w+\}\}")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.po")), ids=lambda path: path.stem)
def test_a_translation_is_complete_and_keeps_what_is_filled_in(path):
    entries = polib.pofile(str(path))
    assert not [entry.msgid for entry in entries if not entry.msgstr]
    changed = [
        entry.msgid
        for entry in entries
        if sorted(FILLED_IN.findall(EXPLAINED.sub("", entry.msgid)))
        != sorted(FILLED_IN.findall(EXPLAINED.sub("", entry.msgstr)))
    ]
    assert not changed


def test_each_translation_covers_what_is_translatable():
    sources = {entry.msgid for entry in polib.pofile(str(FOLDER / "collections_relationship.pot"))}
    for path in FOLDER.glob("*.po"):
        assert sources <= {entry.msgid for entry in polib.pofile(str(path))}, path.name


def test_the_names_of_rule_packs_are_translatable():
    names = {json.loads(path.read_text(encoding="utf-8"))["name"] for path in PACKS.glob("*.json")}
    assert names <= {entry.msgid for entry in polib.pofile(str(FOLDER / "collections_relationship.pot"))}
