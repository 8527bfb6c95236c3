"""Help for customers as files: what is read, and what is refused."""
import json

import pytest
from engine import help as help_files

WORDS = '<help lang="en"><resource code="a"><name>A</name><words>One\n two.</words></resource></help>'


def write(folder, rows=(), words=WORDS):
    (folder / "resources.json").write_text(json.dumps(list(rows)), encoding="utf-8")
    (folder / "en.xml").write_text(words, encoding="utf-8")
    return folder


def test_words_are_one_line(tmp_path):
    assert help_files.words("en", write(tmp_path)).resources == {"a": ("A", "One two.")}


@pytest.mark.parametrize(
    "words",
    ("<help lang='en'>", "<help lang='de'/>", "<library lang='en'/>", "<help lang='en'><hint/></help>"),
)
def test_a_file_that_is_something_else_is_refused(tmp_path, words):
    with pytest.raises(help_files.HelpError, match=r"en\.xml"):
        help_files.words("en", write(tmp_path, words=words))


@pytest.mark.parametrize(
    "wrong",
    ({"kind": "magic"}, {"audiences": ["dog"]}, {"industry": "piracy"}, {"link": "javascript:alert(1)"}, {"colour": "red"}),
)
def test_a_value_that_is_not_known_is_refused(tmp_path, wrong):
    right = {"code": "a", "kind": "budgeting", "audiences": ["consumer"]}
    assert [each.code for each in help_files.resources(write(tmp_path, [right]))] == ["a"]
    with pytest.raises(help_files.HelpError):
        help_files.resources(write(tmp_path, [{**right, **wrong}]))


def test_every_language_has_words_for_every_resource():
    codes = {each.code for each in help_files.resources()}
    for language in help_files.languages():
        assert set(help_files.words(language).resources) == codes, language
