"""What an editor writes becomes what a message needs; what runs or reaches outside goes."""
import doctest

import pytest
from engine import markup, segments
from engine.library import languages, read
from engine.markup import is_tidy, tidy


def test_examples_in_the_docstrings():
    for module in (markup, segments):
        result = doctest.testmod(module)
        assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("<p>{{items}}<br></p>", "<div>{{items}}</div>"),
        ('<div class="o-paragraph">\ufeff{{items}}\ufeff</div>', "<div>{{items}}</div>"),
        ('<p><span style="color:red">{{items}}</span></p>', "<div>{{items}}</div>"),
        ("<h2>{{pay_button}}</h2>", "<div>{{pay_button}}</div>"),
        ("<p>[?{{bank_account}}?]</p>", "<div>[?{{bank_account}}?]</div>"),
        ("Hi {{items}} there", "Hi <div>{{items}}</div> there"),
        (
            "<p>Look: <b>here {{items}} there</b> and so on</p>",
            "<p>Look: <b>here </b></p><div>{{items}}</div><p><b> there</b> and so on</p>",
        ),
        ("<ul><li>x {{items}} y</li></ul>", "<ul><li>x <div>{{items}}</div> y</li></ul>"),
        ("<div>{{items}}{{pay_button}}</div>", "<div><div>{{items}}</div><div>{{pay_button}}</div></div>"),
    ],
)
def test_a_table_or_button_gets_a_line_of_its_own(written, stored):
    assert tidy(written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "<script>steal()</script>",
        "<style>p { background: url(http://evil.example) }</style>",
        '<link rel="stylesheet" href="http://evil.example/x.css">',
        '<iframe src="/web"></iframe>',
        '<object data="/web"></object><embed src="/web">',
        '<form action="/web"><input name="x"><button>Go</button></form>',
        '<svg><image href="http://evil.example"/><script>steal()</script></svg>',
        "<!-- <script>steal()</script> -->",
        '<meta http-equiv="refresh" content="0;url=http://evil.example"><base href="http://evil.example">',
    ],
)
def test_what_runs_or_reaches_outside_goes(written):
    assert tidy(f"<p>Before</p>{written}<p>After</p>") == "<p>Before</p><p>After</p>"


@pytest.mark.parametrize(
    "written",
    [
        '<p onclick="steal()">Words</p>',
        '<p t-out="user.login" t-if="1" data-x="1" class="o-paragraph" id="x">Words</p>',
        '<p style="background:url(http://evil.example)">Words</p>',
        '<p style="position:fixed">Words</p>',
    ],
)
def test_attributes_that_run_or_are_the_editors_go(written):
    assert tidy(written) == "<p>Words</p>"


@pytest.mark.parametrize(
    "address", ["javascript:steal()", " JavaScript:steal()", "data:text/html,x", "vbscript:x", "/web/session/logout"]
)
def test_links_lead_to_the_outside_world_only(address):
    assert tidy(f'<p><a href="{address}">Words</a></p>') == "<p><a>Words</a></p>"


def test_what_a_person_wants_stays():
    written = (
        '<p style="text-align: center;"><span style="color: rgb(255, 0, 0);">Red</span> '
        '<a href="https://example.com/a?b=1&amp;c=2" target="_blank">link</a></p>'
        '<p><a href="{{pay_link}}">pay</a> &amp; <u>more</u></p>'
    )
    assert tidy(written) == written


def test_qweb_tags_leave_their_words_only():
    assert tidy('<p>Hello <t t-out="env.user.login">you</t></p>') == "<p>Hello you</p>"


def test_tidying_twice_changes_nothing():
    for written in ("<p>a {{items}} b</p>", "<div>{{items}}{{plan}}</div>", "<p>A &amp; <i>B</i> {{signature}}</p>"):
        assert tidy(tidy(written)) == tidy(written)


@pytest.mark.parametrize("lang", languages())
def test_the_shipped_texts_are_in_shape(lang):
    for message in read(lang).values():
        for text in (message.email, message.letter, message.portal, message.call):
            assert is_tidy(text or "") or tidy(text) == text, (message.code, text)


@pytest.mark.parametrize(
    ("text", "count", "letters"),
    [("", 0, 0), ("a" * 160, 1, 160), ("a" * 161, 2, 161), ("a" * 307, 3, 307), ("€" * 80, 1, 160), ("’" * 70, 1, 70)],
)
def test_text_messages_are_counted(text, count, letters):
    counted = segments.segments(text)
    assert (counted.count, counted.length) == (count, letters)


def test_one_letter_outside_the_alphabet_makes_all_of_them_longer():
    assert segments.segments("a" * 70 + "’").count == 2
    assert segments.segments("\N{CROISSANT}").length == 2
