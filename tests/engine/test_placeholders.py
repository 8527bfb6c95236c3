"""Texts with words to be filled in."""
import doctest
from xml.etree import ElementTree

import pytest
from engine import library, placeholders
from engine.placeholders import UnbalancedText, compile_text
from engine.vocabulary import BLOCKS, NAMES
from markupsafe import Markup, escape


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(placeholders).failed == 0


@pytest.mark.parametrize(
    ("source", "values", "written"),
    [
        ("", {}, ""),
        ("Hello {{name}}, {{ name }}.", {"name": "Ann"}, "Hello Ann, Ann."),
        ("Hello {{name}}", {}, "Hello "),
        ("A[? by {{day}}?].", {"day": "Monday"}, "A by Monday."),
        ("A[? by {{day}}?].", {"day": ""}, "A."),
        ("[?{{a}} and {{b}}?]", {"a": "x"}, ""),
        ("[?{{a}}[?, {{b}}?]?]!", {"a": "x"}, "x!"),
        ("[?{{a}}[?, {{b}}?]?]!", {"a": "x", "b": "y"}, "x, y!"),
        ("[?{{a}}[?, {{b}}?]?]!", {"b": "y"}, "!"),
        ("[?no word?]", {}, "no word"),
        ("Why? [no] {one} {{}}", {}, "Why? [no] {one} {{}}"),
        ("{{a}}", {"a": "{{b}}", "b": "never"}, "{{b}}"),
    ],
)
def test_words_and_optional_parts(source, values, written):
    assert compile_text(source).render(values) == written


@pytest.mark.parametrize("source", ["[?", "?]", "a [? b", "a ?] b", "[?[? a ?]", "?] [?"])
def test_a_part_without_its_partner_is_refused(source):
    with pytest.raises(UnbalancedText):
        compile_text(source)


def test_values_are_escaped_and_markup_is_not():
    text = compile_text("<p>{{name}}{{table}}</p>")
    assert text.render({"name": "<b>", "table": Markup("<table>")}, escape) == "<p>&lt;b&gt;<table></p>"


def test_names_include_those_of_optional_parts():
    assert compile_text("{{a}}[?{{b}}[?{{c}}?]?]").names == {"a", "b", "c"}


def test_a_text_of_many_parts_is_compiled_without_recursion_in_the_reader():
    source = "[?{{a}}" * 200 + "?]" * 200
    assert compile_text(source).render({"a": "x"}) == "x" * 200


def test_fill_leaves_the_words_kept_for_later():
    text = compile_text("Hello {{name}}[?, {{city}}?]: {{amount}}[? less {{credit}}?][? by {{day}}?]")
    filled = text.fill({"name": "Ann", "day": "Monday"}, {"amount", "credit"})
    assert filled == "Hello Ann: {{amount}}[? less {{credit}}?] by Monday"
    assert compile_text(filled).render({"amount": "5"}) == "Hello Ann: 5 by Monday"


def test_anything_in_braces_is_a_word():
    assert compile_text("{{Amount Owed}} {{x1}}").names == {"Amount Owed", "x1"}


def test_braces_that_are_no_word_are_found():
    assert placeholders.stray_braces("Hi {{sender") == "Hi {{sender"
    assert placeholders.stray_braces("{{sender}} }}") == " }}"
    assert placeholders.stray_braces("Hi {{sender}}, {one}") == ""


def test_a_name_that_ends_in_a_full_stop_ends_the_sentence():
    text = compile_text("We are {{company}}. Yours, {{company}}... and[? {{company}}?].")
    assert text.render({"company": "Azure Ltd."}) == "We are Azure Ltd. Yours, Azure Ltd.... and Azure Ltd."
    assert text.render({"company": "Azure"}) == "We are Azure. Yours, Azure... and Azure."


class TestProtect:
    """A sentence whose word has nothing to say goes as a whole, and what is left is whole."""

    MAYBE = frozenset({"phone", "by"})

    @pytest.mark.parametrize(
        ("source", "left"),
        [
            ("<p>Hello. Call {{phone}} today. Thanks.</p>", "<p>Hello. Thanks.</p>"),
            ("<p>Pay by {{by}}</p><p>Bye.</p>", "<p></p><p>Bye.</p>"),
            ("<p>A[? or {{phone}}?]. Pay by {{by}}.</p>", "<p>A. </p>"),
            ("<p>Pay[? (see {{by}}. Really)?] at {{phone}} now. OK.</p>", "<p>OK.</p>"),
            ("<p><b>One:</b> {{phone}}[?<br/><b>Two:</b> {{by}}?]</p><p>End.</p>", "<p></p><p>End.</p>"),
            ("Hello.\nCall {{phone}}\nBye.", "Hello.\n\nBye."),
        ],
    )
    def test_without_the_word(self, source, left):
        assert placeholders.compile_text(placeholders.protect(source, self.MAYBE)).render({}) == left

    def test_with_the_word_nothing_is_lost(self):
        source = "<p><b>One:</b> {{phone}}[?<br/><b>Two:</b> {{by}}?]. Call {{phone}} today.</p>"
        values = {"phone": "1", "by": "2"}
        protected = placeholders.compile_text(placeholders.protect(source, self.MAYBE))
        assert protected.render(values) == placeholders.compile_text(source).render(values)

    @pytest.mark.parametrize("language", library.languages())
    def test_every_text_of_the_library_is_whole_without_any_word(self, language):
        for message in library.read(language).values():
            for text in (message.email, message.letter, message.call):
                bare = placeholders.compile_text(placeholders.protect(text, NAMES - BLOCKS)).render({})
                assert "[?" not in bare and "?]" not in bare, message.code
                ElementTree.fromstring(f"<body>{bare}</body>")
