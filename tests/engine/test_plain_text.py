"""The words of a mail as plain text."""
from engine.plain_text import plain_text


def test_lines_paragraphs_and_lists() -> None:
    html = "<p>Hello,<br/>Ann</p><p>two <b>words</b>\n here</p><ul><li>one</li><li>two</li></ul>after"
    assert plain_text(html) == "Hello,\nAnn\n\ntwo words here\n\n- one\n- two\n\nafter"


def test_what_is_hidden_is_not_read() -> None:
    html = (
        "<head><title>No</title><style>p {}</style></head>"
        '<div style="DISPLAY : none">\u034f \u200b<div>filler</div>filler</div><p>Read me\u200b</p><script>no()</script>'
    )
    assert plain_text(html) == "Read me"


def test_only_the_words_asked_for() -> None:
    html = (
        '<div>Logo</div><div><div class="a words"><div>Inside<br></div><img src="x"><p>still</p></div>Outside</div>'
        '<div class="words">a second one</div>'
    )
    assert plain_text(html, "words") == "Inside\nstill"
    assert plain_text("<p>Nothing of that class</p>", "words") == "Nothing of that class"


def test_a_row_of_a_table_with_a_head_is_one_line() -> None:
    html = """<table><thead><tr><th>Invoice</th><th>Due</th></tr></thead><tbody>
        <tr> <td> <bdi>INV/1</bdi> <div>of May 1</div> </td> <td>June 1</td> </tr></tbody></table>
        <table><tr><td>Holder</td><td>Fernway</td></tr></table>"""
    assert plain_text(html) == "Invoice | Due\nINV/1 of May 1 | June 1\n\nHolder | Fernway"


def test_a_mail_laid_out_in_tables_keeps_its_lines() -> None:
    html = "<table><tr><td><div>Dear all</div><div>I paid.</div></td></tr><tr><td></td><td>Bye</td></tr></table>"
    assert plain_text(html) == "Dear all\nI paid.\nBye"


def test_links_lose_their_targets_and_entities_are_read() -> None:
    assert plain_text('<a href="https://x.example.com/token">See &amp; pay</a> &lt;3') == "See & pay <3"


def test_broken_markup_is_read_all_the_same() -> None:
    assert plain_text("<p>one<div>two</span></p><td>three") == "one\ntwo\n\nthree"
    assert plain_text("plain words") == "plain words"
    assert plain_text("") == ""
