"""Brings what a person wrote in an editor into the shape a message needs.

A table or button stands on a line of its own: inside a paragraph it would be invalid, and mail programs
would tear the sentence apart. What belongs to the editor, runs, or reaches outside goes.
"""
from __future__ import annotations

import re
from typing import Any

from lxml import html

from .vocabulary import BLOCKS

_NAMES = "|".join(sorted(BLOCKS))
#: A block with the marks of an optional part that holds nothing but it.
_BLOCK = re.compile(r"\[\?\s*\{\{\s*(?:%s)\s*\}\}\s*\?\]|\{\{\s*(?:%s)\s*\}\}" % (_NAMES, _NAMES))
_IN_PLACE = re.compile(r"<div>(?:%s)</div>" % _BLOCK.pattern)
#: Markup that needs no second look: these tags without attributes.
_PLAIN = re.compile(r"</?(?:p|b|i|u|br|ul|ol|li|div|h4|strong|em)\s*/?>")
_INVISIBLE = re.compile("[\\s\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{NO-BREAK SPACE}]*")
# fmt: off
_REMOVED = frozenset({
    "script", "style", "link", "meta", "base", "title", "object", "iframe", "frame", "form", "input", "button",
    "select", "textarea", "svg", "math", "video", "audio", "canvas", "template",
})
_KEPT_TAGS = frozenset({
    "p", "div", "br", "span", "b", "strong", "i", "em", "u", "s", "strike", "sub", "sup", "a", "ul", "ol", "li",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "td", "th", "blockquote", "hr", "img",
    "font", "small", "pre", "code", "bdi",
})
_KEPT_ATTRIBUTES = frozenset({
    "href", "src", "alt", "width", "height", "dir", "lang", "align", "valign", "colspan", "rowspan", "target",
    "title", "style",
})
# fmt: on
_HOLDERS = frozenset({"div", "td", "th", "li", "blockquote"})
#: Mail programs and browsers fetch nothing for a style, and nothing is laid over the rest of the page.
_WRONG_STYLE = re.compile(r"url\s*\(|expression\s*\(|@import|position\s*:|behaviou?r\s*:|-moz-binding", re.IGNORECASE)
_RIGHT_LINK = re.compile(r"(?:https?:|mailto:|tel:|#|\{\{\s*pay_link\s*\}\})", re.IGNORECASE)
_RIGHT_IMAGE = re.compile(r"(?:https?:|data:image/(?:png|jpeg|gif|webp);)", re.IGNORECASE)
_SPOT = "collection-spot"


def tidy(source: str) -> str:
    """Return a text as it is to be stored; one that is in shape stays as it is, letter by letter.

    >>> tidy('<p>You owe {{items}} today.</p>')
    '<p>You owe </p><div>{{items}}</div><p> today.</p>'
    >>> tidy('<p t-out="user.login" onclick="x()">Hello</p>')
    '<p>Hello</p>'
    """
    if not source or is_tidy(source):
        return source
    root = html.fragment_fromstring(source, create_parent="div")
    _clean(root)
    _place_blocks(root)
    return _inside(root)


def is_tidy(source: str) -> bool:
    """Tell whether a text is in shape: plain tags only, and each block alone in a ``div``."""
    rest = _PLAIN.sub("", source)
    return "<" not in rest and not _BLOCK.search(_IN_PLACE.sub("", source))


def _clean(root: Any) -> None:
    for element in list(root.iter()):
        if element is root:
            continue
        if not isinstance(element.tag, str) or element.tag in _REMOVED:  # a comment has no name
            _drop(element)
        elif element.tag not in _KEPT_TAGS:
            element.drop_tag()
        else:
            _clean_attributes(element)


def _clean_attributes(element: Any) -> None:
    for name, value in list(element.attrib.items()):
        wrong = (
            name not in _KEPT_ATTRIBUTES
            or (name == "style" and bool(_WRONG_STYLE.search(value)))
            or (name == "href" and not _RIGHT_LINK.match(value.strip()))
            or (name == "src" and not _RIGHT_IMAGE.match(value.strip()))
        )
        if wrong:
            del element.attrib[name]
    if element.tag == "span" and not element.attrib:
        element.drop_tag()


def _drop(element: Any) -> None:
    """Remove an element, or a comment, with what is in it; the words behind it stay."""
    parent, tail = element.getparent(), element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _place_blocks(root: Any) -> None:
    """Give each block a line of its own, and split the paragraph it stood in."""
    for element in list(root.iter()):
        _mark_spots(element)
    for spot in list(root.iter(_SPOT)):
        while spot.getparent().tag not in _HOLDERS:
            _split_around(spot)
        holder = spot.getparent()
        spot.tag = "div"
        if holder is not root and holder.tag == "div" and not holder.attrib and _is_only(spot, holder):
            holder.text = spot.text
            for child in list(holder):
                holder.remove(child)


def _mark_spots(element: Any) -> None:
    if element.text and _BLOCK.search(element.text):
        pieces = _pieces(element.text)
        element.text = pieces[0]
        for place, spot in enumerate(pieces[1]):
            element.insert(place, spot)
    if element.tail and element.getparent() is not None and _BLOCK.search(element.tail):
        first, spots = _pieces(element.tail)
        element.tail = first
        parent = element.getparent()
        at = parent.index(element) + 1
        for place, spot in enumerate(spots):
            parent.insert(at + place, spot)


def _pieces(text: str) -> tuple[str, list[Any]]:
    spots = []
    matches = list(_BLOCK.finditer(text))
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        spot = html.Element(_SPOT)
        spot.text = match.group()
        spot.tail = text[match.end() : following.start() if following else len(text)]
        spots.append(spot)
    return text[: matches[0].start()], spots


def _split_around(spot: Any) -> None:
    """Take a spot out of its parent, which becomes two: what stood before it, and what stood behind."""
    parent = spot.getparent()
    outside = parent.getparent()
    behind = html.Element(parent.tag, dict(parent.attrib))
    behind.text = spot.tail
    for sibling in list(spot.itersiblings()):
        behind.append(sibling)
    behind.tail = parent.tail
    parent.remove(spot)
    spot.tail = parent.tail = None
    at = outside.index(parent)
    outside.insert(at + 1, spot)
    outside.insert(at + 2, behind)
    for half in (behind, parent):
        if _is_empty(half):
            tail = half.tail
            half.tail = None
            before = half.getprevious()
            outside.remove(half)
            if tail and before is not None:
                before.tail = (before.tail or "") + tail
            elif tail:
                outside.text = (outside.text or "") + tail


def _is_empty(element: Any) -> bool:
    has_more = any(child.tag not in ("br",) and not _is_empty_inline(child) for child in element)
    return not has_more and bool(_INVISIBLE.fullmatch("".join(element.itertext())))


def _is_empty_inline(element: Any) -> bool:
    return element.tag in ("span", "b", "i", "u", "font", "strong", "em") and _is_empty(element)


def _is_only(spot: Any, holder: Any) -> bool:
    others = [child for child in holder if child is not spot and child.tag != "br"]
    words = "".join(holder.itertext()).replace("".join(spot.itertext()), "", 1)
    return not others and bool(_INVISIBLE.fullmatch(words))


def _inside(root: Any) -> str:
    text = html.tostring(root, encoding="unicode", method="xml")
    return re.sub(r"^<div>|</div>$|^<div/>$", "", text)
