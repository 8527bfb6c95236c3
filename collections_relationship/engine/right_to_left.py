"""Prepares a page in a writing from right to left for the program that prints it.

That program measures a word and the sign that follows it together, draws them apart, and so lets
words run into each other. Measured one by one, they stand where they belong.
"""
from __future__ import annotations

import re

from lxml import etree, html

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
#: Letters with their marks on one side, signs and digits on the other.
_PIECES = re.compile(r"[^\W\d_\u0600-\u060f\u061b-\u061f][^\s\d.,:;!?()\u060c\u061b\u061f«»\"'/-]*|\d+|[^\w\s]+|_+")


def separate(page: str) -> str:
    """Return a page (one element) with each word of such a writing, and each sign at it, on its own.

    Text of other writings stays as it is.
    """
    root = html.fragment_fromstring(page, create_parent="div")
    for element in list(root.iter(etree.Element)):
        if element.tag in ("style", "script"):
            continue
        if element.text and _RIGHT_TO_LEFT.search(element.text):
            first, spans = _spans(element.text)
            element.text = first
            element[0:0] = spans
        if element.tail and element is not root and _RIGHT_TO_LEFT.search(element.tail):
            parent = element.getparent()
            place = parent.index(element) + 1
            first, spans = _spans(element.tail)
            element.tail = first
            parent[place:place] = spans
    inner = root.text or ""
    return inner + "".join(etree.tostring(child, encoding="unicode", method="html") for child in root)


def _spans(text: str) -> tuple[str, list[etree._Element]]:
    """Return the text before the first word, and an element per word with what follows it."""
    parts = re.split(r"(\s+)", text)
    before, spans = "", []
    for part in parts:
        if _RIGHT_TO_LEFT.search(part):
            spans.append(_word(part))
        elif spans:
            spans[-1].tail = (spans[-1].tail or "") + part
        else:
            before += part
    return before, spans


def _word(token: str) -> etree._Element:
    word = etree.Element("span", style="white-space:nowrap")
    pieces = _PIECES.findall(token)
    if len(pieces) < 2 or "".join(pieces) != token:
        word.text = token
        return word
    for piece in pieces:
        etree.SubElement(word, "span").text = piece
    return word
