"""What a text of the library may say where: its placeholders, its blocks, its markup."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

from . import placeholders
from .library import HTML_PARTS, TEXT_PARTS, Message
from .vocabulary import BLOCKS, BUTTONS, NAMES, PURPOSES, Purpose

_TAGS = frozenset({"p", "b", "i", "br", "ul", "ol", "li", "div", "a", "h4"})
_BLOCK_ALONE = re.compile(r"<div>\s*\{\{\s*\w+\s*\}\}\s*</div>")


def problems(message: Message) -> list[str]:
    """Return what keeps a message from the library, in words; empty where all is right."""
    purpose = PURPOSES[message.purpose]
    found = [f"<{part}> is missing" for part in ("subject", "preview", "email", "sms") if not getattr(message, part)]
    if purpose.called and not message.call:
        found.append("the call sheet is missing")
    if not message.button and names(message.email) & frozenset(BUTTONS):
        found.append("<button> is missing: the words on the button")
    for field in fields(message):
        if field.name in (*TEXT_PARTS, *HTML_PARTS):
            text = getattr(message, field.name)
            found.extend(f"<{field.name}>: {what}" for what in _problems_of(text, field.name, purpose))
    return found


def _problems_of(text: str, part: str, purpose: Purpose) -> Iterator[str]:
    try:
        placeholders.compile_text(text)
    except placeholders.UnbalancedText as error:
        yield f"[? without its ?]: {error}"
        return
    if stray := placeholders.stray_braces(text):
        yield f"braces stand alone: {stray}"
    if text:
        yield from _wrong_names(text, part, purpose)
        yield from _wrong_markup(text) if part in HTML_PARTS else _blocks_in_line(text)


def _wrong_names(text: str, part: str, purpose: Purpose) -> Iterator[str]:
    named = names(text)
    if unknown := named - NAMES:
        yield f"{_listed(unknown)}: no such placeholder"
    elif strange := named - purpose.known:
        yield f"{_listed(strange)}: the purpose does not have it"
    if bare := sure_names(text) - purpose.sure - BLOCKS:
        yield f"{_listed(bare)} may be empty: put the part that names it between [? and ?]"
    if part in ("email", "letter", "portal"):
        if lacking := purpose.needed - named:
            yield f"must name {_listed(lacking)}"
        if {"greeting", "signature"} - named:
            yield "must begin with {{greeting}} and end with {{signature}}"


def _wrong_markup(text: str) -> Iterator[str]:
    if tags := set(re.findall(r"</?(\w+)", text)) - _TAGS:
        yield f"<{'>, <'.join(sorted(tags))}> is not allowed"
    if inside := sure_names(_BLOCK_ALONE.sub("", text)) & BLOCKS:
        yield f"{_listed(inside)} must stand alone in a <div>"


def _blocks_in_line(text: str) -> Iterator[str]:
    if blocks := names(text) & BLOCKS:
        yield f"{_listed(blocks)} cannot stand in plain text"


def names(text: str) -> frozenset[str]:
    """Return the placeholders of a text; none where it cannot be read."""
    try:
        return placeholders.compile_text(text).names
    except placeholders.UnbalancedText:
        return frozenset()


def sure_names(text: str) -> frozenset[str]:
    """Return the placeholders outside optional parts: those that leave a gap when they are empty."""
    try:
        return placeholders.compile_text(text).bare
    except placeholders.UnbalancedText:
        return frozenset()


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))
