"""Words from right to left are measured one by one; nothing of the text changes."""
from engine.right_to_left import separate
from lxml import html

ARABIC = "نظن أن هذا قد فاتكم: لا يزال لدينا حساب مفتوح، شكرا (INV/2026/7)."


def text_of(page: str) -> str:
    return html.fragment_fromstring(page, create_parent="div").text_content()


def test_the_text_stays_the_same() -> None:
    page = f'<div dir="rtl"><p>{ARABIC} <b>{ARABIC}</b> {ARABIC}<br>{ARABIC}</p> <i>x</i> {ARABIC}</div>'
    assert text_of(separate(page)) == text_of(page)


def test_a_sign_stands_apart_from_its_word() -> None:
    separated = separate("<p>فاتكم: لكم. مفتوح، الوقت؟</p>")
    for word, sign in (("فاتكم", ":"), ("لكم", "."), ("مفتوح", "،"), ("الوقت", "؟")):
        assert f'<span style="white-space:nowrap"><span>{word}</span><span>{sign}</span></span>' in separated


def test_other_writings_stay_as_they_are() -> None:
    page = "<p>Hello, <b>INV/2026/7</b>: see you.</p>"
    assert separate(page) == page


def test_markup_is_kept() -> None:
    assert separate('<p title="a">مرحبا &amp; &lt;b&gt;</p>').endswith(" &amp; &lt;b&gt;</p>")
