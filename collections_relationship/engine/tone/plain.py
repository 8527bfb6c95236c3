"""A text as a reader sees it, and where each of its letters stands in the source.

Markup, optional parts and placeholders are taken out; words of somebody else that an answer quotes
are left out altogether: nobody is to blame for what he was written.
"""
from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass

#: Stands for a placeholder: no letter, no space, so that no expression reads across it by accident.
FILLED = "\N{OBJECT REPLACEMENT CHARACTER}"

_TOKEN = re.compile(
    r"<!--.*?-->|<(?:style|script|head|title)\b.*?</(?:style|script|head|title)>"
    r"|<(?P<closing>/?)(?P<tag>[a-z][a-z0-9]*)(?P<attributes>[^<>]*)>"
    r"|(?P<entity>&(?:#\d+|#x[0-9a-f]+|[a-z]\w+);)"
    r"|\{\{\s*(?P<name>[^{}]+?)\s*\}\}|(?P<optional>\[\?|\?\])"
    r"|(?P<space>[ \t\r\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]+)(?<! )"
    r"|(?P<spaces>[ \t\r\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]{2,})"
    r"|(?P<hidden>[\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}]+)",
    re.IGNORECASE | re.DOTALL,
)
_LINE_TAGS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "blockquote", "hr"}
)
_QUOTE = re.compile(r"data-o-mail-quote|class=[\"'][^\"']*\b(?:gmail_quote|moz-cite)")
_ALONE = frozenset({"br", "hr", "img", "input", "meta", "link"})
_APOSTROPHES = str.maketrans("’‘ʼ´`", "'''''")


@dataclass(frozen=True, slots=True)
class Plain:
    """What is left to read.

    :param text: one space between words, a line end between blocks, `FILLED` for each placeholder
    :param low: the same in small letters, letter for letter
    :param names: the placeholders of the source
    :param tags: each opening tag with its attributes, and where it stands
    """

    text: str
    low: str
    names: frozenset[str]
    tags: tuple[tuple[str, int, int], ...]
    _ours: tuple[int, ...]
    _theirs: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a span of `text` stands in the source."""
        return self._source(start), self._source(end - 1) + 1 if end > start else self._source(start)

    def _source(self, position: int) -> int:
        at = bisect_right(self._ours, position) - 1
        return self._theirs[at] + position - self._ours[at]


class _Reader:
    """Collects the text piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.size = 0
        self.ours: list[int] = [0]
        self.theirs: list[int] = [0]
        self.names: set[str] = set()
        self.tags: list[tuple[str, int, int]] = []
        self.last = "\n"

    def add(self, piece: str, at: int) -> None:
        if piece in (" ", "\n"):
            if self.last in " \n":
                if piece == "\n" and self.last == " " and self.pieces:
                    self.pieces[-1] = self.pieces[-1][:-1] + "\n"
                    self.last = "\n"
                return
        elif self.last in " \n" and piece[0] == " ":
            piece, at = piece[1:], at + 1
            if not piece:
                return
        self.pieces.append(piece)
        self.ours.append(self.size)
        self.theirs.append(at)
        self.size += len(piece)
        self.last = piece[-1]


def read(source: str) -> Plain:
    """Return what there is to read in ``source``, HTML or not."""
    reader = _Reader()
    is_html = re.search(r"<[a-zA-Z/!]", source) is not None
    position = 0
    quoted: list[str] = []
    for match in _TOKEN.finditer(source):
        if match.start() > position and not quoted:
            reader.add(source[position : match.start()], position)
        position = match.end()
        tag = match["tag"]
        if tag:
            _read_tag(reader, match, tag.lower(), quoted)
        elif not quoted:
            _read_piece(reader, match, is_html)
    if position < len(source) and not quoted:
        reader.add(source[position:], position)
    text = "".join(reader.pieces).translate(_APOSTROPHES)
    low = text.lower()
    if len(low) != len(text):
        low = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return Plain(
        text, low, frozenset(reader.names), tuple(reader.tags), tuple(reader.ours), tuple(reader.theirs)
    )


def _read_tag(reader: _Reader, match: re.Match[str], tag: str, quoted: list[str]) -> None:
    is_closing, attributes = bool(match["closing"]), match["attributes"]
    if quoted:
        if tag == quoted[0] and not attributes.endswith("/"):
            quoted.pop() if is_closing else quoted.append(tag)
        return
    if not is_closing and tag not in _ALONE and (tag == "blockquote" or _QUOTE.search(attributes)):
        quoted.append(tag)
    if tag in _LINE_TAGS:
        reader.add("\n", match.start())
    if not is_closing and attributes:
        reader.tags.append((f"{tag}{attributes}", match.start(), match.end()))


def _read_piece(reader: _Reader, match: re.Match[str], is_html: bool) -> None:
    if name := match["name"]:
        reader.names.add(name)
        reader.add(FILLED, match.start())
    elif entity := match["entity"]:
        letter = html.unescape(entity)
        reader.add(" " if letter.isspace() else letter, match.start())
    elif spaces := match["space"] or match["spaces"]:
        reader.add("\n" if not is_html and "\n" in spaces else " ", match.start())
