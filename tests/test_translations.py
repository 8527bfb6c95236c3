"""Every translation is complete and keeps what is filled in and marked up."""

import json
import re
from pathlib import Path

import polib
import pytest
from lxml import etree

FOLDER = Path(__file__).resolve().parents[1] / "collections_relationship" / "i18n"
ADDON = FOLDER.parent
#: Languages all of the add-on speaks. The others speak what customers read; colleagues work in English there.
WHOLE = {"fr"}
#: Where the words stand that customers read: in the templates of these files, ...
TEMPLATE_FILES = (
    "views/arrangement_page_templates.xml",
    "views/collection_mail_templates.xml",
    "views/collection_statement_views.xml",
    "views/mail_layout.xml",
    "views/payment_page_templates.xml",
    "views/policy_page_templates.xml",
    "views/preference_page_templates.xml",
    "views/statement_page_templates.xml",
    "report/collection_arrangement_report.xml",
    "report/collection_letter_templates.xml",
    "report/collection_statement_report.xml",
)
#: ... and in the code of these.
CODE_FILES = (
    *sorted(f"controllers/{path.name}" for path in (ADDON / "controllers").glob("*_page.py")),
    *sorted(f"static/src/interactions/{path.name}" for path in (ADDON / "static/src/interactions").iterdir()),
    "models/collection_arrangement_clauses.py",
    "models/collection_arrangement_code.py",
    "models/collection_arrangement_ended.py",
    "models/collection_arrangement_page.py",
    "models/collection_arrangement_paper.py",
    "models/collection_statement_files.py",
    "models/collection_step_attachments.py",
    "models/collection_step_arrangement_pay.py",
    "models/collection_step_pay.py",
    "models/collection_step_pay_arrangement.py",
    "models/collection_step_preferences.py",
    "models/collection_step_render.py",
    "models/collection_template_example.py",
    "models/payment_transaction.py",
)
#: What these files tell colleagues: notes in the log, activities, what is wrong with a layout.
FOR_COLLEAGUES = {
    "Asked us to stop all contact about what is owed.",
    "May be contacted again.",
    "May be contacted by this channel again.",
    "No more messages about payments by this channel: %s.",
    "Talk to %(name)s instead: %(reach)s",
    "The customer asked us to stop: decide how to go on",
    "The customer named somebody else to talk to",
    "The mail layout of %s has no place for the message. Undo the changes made to it.",
    "Unsubscribed %(address)s with the button of the mail program.",
    "Wants to be contacted: %s",
    "any",
    "any channel",
    "by: %s",
    "days: %s",
    "hours: %(opens)s to %(closes)s",
    "hours: any",
    "language: %s",
}
#: Words that are the same in English.
ALIKE = {
    "de": {"<b>Online</b>", "Bank", "Name", "in"},
    "es": {"Total"},
    "it": {"<b>Online</b>", "E-mail", "in"},
    "nl": {"<b>Online</b>", "Bank", "Document", "E-mail", "in"},
}
ALIKE_EVERYWHERE = {"BIC", "PDF", "XLSX", "–"}
FILLED_IN = re.compile(r"%\(\w+\)s|%s|\{\{\w+\}\}|</?[a-z]+")
TAG = re.compile(r"<[^>]*>")
PACKS = ADDON / "engine" / "packs"
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


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.po")), ids=lambda path: path.stem)
def test_what_follows_a_name_on_a_page_begins_with_its_comma(path):
    # Odoo takes off a space before the words: they would stick to the name.
    on_pages = [entry for entry in polib.pofile(str(path)) if entry.occurrences[0][0].startswith("model_terms:")]
    assert not [entry.msgid for entry in on_pages if entry.msgid[0] in ",.:" and entry.msgstr.strip()[0] not in ",.:"]


def template_ids():
    """Return the ids of the templates customers read."""
    return {
        template.get("id") for name in TEMPLATE_FILES for template in etree.parse(str(ADDON / name)).iter("template")
    }


def is_read_by_customers(entry, templates):
    """Tell whether an entry stands where customers read it."""
    return entry.msgid not in FOR_COLLEAGUES and any(
        place.removeprefix("code:addons/collections_relationship/").rsplit(":", 1)[0] in CODE_FILES
        or place.removeprefix("model_terms:ir.ui.view,arch_db:collections_relationship.") in templates
        for place, _line in entry.occurrences
    )


def test_french_covers_what_is_translatable():
    sources = {entry.msgid for entry in polib.pofile(str(FOLDER / "collections_relationship.pot"))}
    for lang in WHOLE:
        assert sources <= {entry.msgid for entry in polib.pofile(str(FOLDER / f"{lang}.po"))}, lang


@pytest.mark.parametrize("lang", ALIKE)
def test_a_language_covers_what_customers_read_and_nothing_else(lang):
    templates = template_ids()
    entries = polib.pofile(str(FOLDER / f"{lang}.po"))
    known = {entry.msgid for entry in entries}
    wanted = {
        entry.msgid
        for entry in polib.pofile(str(FOLDER / "collections_relationship.pot"))
        if is_read_by_customers(entry, templates)
    }
    assert not sorted(wanted - known)
    assert not [entry.msgid for entry in entries if not is_read_by_customers(entry, templates)]


@pytest.mark.parametrize("lang", ALIKE)
def test_nothing_a_customer_reads_is_left_in_english(lang):
    alike = ALIKE[lang] | ALIKE_EVERYWHERE
    same = {entry.msgid for entry in polib.pofile(str(FOLDER / f"{lang}.po")) if entry.msgstr == entry.msgid}
    assert not sorted(msgid for msgid in same if not {msgid, TAG.sub("", msgid)} & alike)


def test_code_that_writes_to_customers_is_known():
    writers = {
        path.relative_to(ADDON).as_posix()
        for path in (ADDON / "models").glob("*.py")
        if "speech.env._(" in path.read_text(encoding="utf-8")
    }
    assert writers and writers <= set(CODE_FILES)


def test_what_is_for_colleagues_is_still_said():
    said = {entry.msgid for entry in polib.pofile(str(FOLDER / "collections_relationship.pot"))}
    assert said >= FOR_COLLEAGUES


def test_the_names_of_rule_packs_are_translatable():
    names = {json.loads(path.read_text(encoding="utf-8"))["name"] for path in PACKS.glob("*.json")}
    assert names <= {entry.msgid for entry in polib.pofile(str(FOLDER / "collections_relationship.pot"))}
