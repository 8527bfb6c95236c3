"""Texts with words to be filled in: ``{{name}}``, and ``[? parts ?]`` that may be left out.

Written instead of using QWeb because a manager who words a message must not be able to reach
data: there are no expressions here, only names. A part between ``[?`` and ``?]`` disappears when
any word in it is empty, so that the sentence still reads well.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}|(\[\?)|(\?\])")
_TAG = re.compile(r"<(/?)(\w+)[^>]*?(/?)>")
_BLOCK_TAG = re.compile(r"</?(?:p|div|li|ul|ol|br|h[1-6]|table|tbody|tr|td|th|blockquote)\b[^>]*>", re.IGNORECASE)
_LINE_END = re.compile(r"\n")
_SENTENCE_END = re.compile(r"[.!?\N{HORIZONTAL ELLIPSIS}](?:</\w+>)?(?:\s|&nbsp;|\N{NO-BREAK SPACE})+")


class UnbalancedText(ValueError):
    """A ``[?`` without its ``?]`` or the other way round; the message quotes the place."""


@dataclass(frozen=True, slots=True)
class Text:
    """A compiled text. ``parts`` are literals, ``Name`` and nested optional parts in order."""

    parts: tuple[str | Name | Optional, ...]

    @property
    def names(self) -> frozenset[str]:
        """The words the text asks for, those in optional parts included."""
        return frozenset(_names(self.parts))

    @property
    def bare(self) -> frozenset[str]:
        """The words outside optional parts: those that leave a gap when they have nothing to say."""
        return frozenset(part.name for part in self.parts if isinstance(part, Name))

    def fill(self, values: Mapping[str, str], keep: Collection[str], escape: Callable[[str], str] = str) -> str:
        """Return the text with ``values`` filled in but the words of ``keep`` left for later.

        >>> compile_text("Hello {{name}}: {{amount}}").fill({"name": "Ann"}, {"amount"})
        'Hello Ann: {{amount}}'
        """
        return _fill(self.parts, values, keep, escape)

    def render(self, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
        """Return the text with ``values`` filled in.

        :param values: word to its text; a missing or empty one leaves nothing
        :param escape: applied to each value (``markupsafe.escape`` for HTML)
        """
        return _render(self.parts, values, escape)


@dataclass(frozen=True, slots=True)
class Name:
    """A word to be filled in."""

    name: str


@dataclass(frozen=True, slots=True)
class Optional:
    """Parts left out together when one of their own words is empty."""

    parts: tuple[str | Name | Optional, ...]


@lru_cache(maxsize=512)
def compile_text(source: str) -> Text:
    """Compile ``source``.

    >>> compile_text("Hello[? {{name}}?],").render({"name": ""})
    'Hello,'

    :raises UnbalancedText: an optional part is not closed, or closed without being opened
    """
    stack: list[list[str | Name | Optional]] = [[]]
    position = 0
    for match in _TOKEN.finditer(source):
        if match.start() > position:
            stack[-1].append(source[position : match.start()])
        position = match.end()
        name, opened, _closed = match.groups()
        if name:
            stack[-1].append(Name(name))
        elif opened:
            stack.append([])
        elif len(stack) == 1:
            raise UnbalancedText(source[max(0, match.start() - 20) : match.end()])
        else:
            part = Optional(tuple(stack.pop()))
            stack[-1].append(part)
    if len(stack) > 1:
        raise UnbalancedText(source[-30:])
    if position < len(source):
        stack[0].append(source[position:])
    return Text(tuple(stack[0]))


def stray_braces(source: str) -> str:
    """Return the first place where braces stand that are no word, empty where there is none.

    >>> stray_braces("Hello {{name}}, {{amount")
    ', {{amount'
    """
    rest = _TOKEN.sub("\0", source)
    found = re.search(r"[^\0]{0,20}(?:\{\{|\}\})[^\0]{0,20}", rest)
    return found.group() if found else ""


@lru_cache(maxsize=512)
def protect(source: str, maybe: frozenset[str]) -> str:
    """Make each sentence that names a word of ``maybe`` an optional part, where its author did not.

    Whoever writes a message need not know about optional parts: a sentence goes as a whole when its
    word has nothing to say, and what is left still reads well. Markup stays balanced.

    >>> protect("<p>Hello. Call {{phone}} today. Thanks.</p>", frozenset({"phone"}))
    '<p>Hello. [?Call {{phone}} today. ?]Thanks.</p>'

    :param source: a text that can be compiled
    """
    position = 0
    while found := _bare(source, maybe, position):
        start, end = _sentence(source, *found)
        source = f"{source[:start]}[?{source[start:end]}?]{source[end:]}"
        position = end + 4
    return source


def _bare(source: str, maybe: frozenset[str], position: int) -> tuple[int, int] | None:
    """Return where the first word of ``maybe`` outside optional parts stands, from ``position`` on."""
    depth = 0
    for match in _TOKEN.finditer(source):
        name, opened, closed = match.groups()
        depth += bool(opened) - bool(closed)
        if name in maybe and not depth and match.start() >= position:
            return match.span()
    return None


def _sentence(source: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentence around a word, or of its whole block where markup would break."""
    optional = _optional_spans(source)

    def is_boundary(at: int) -> bool:
        return not any(left < at < right for left, right in optional)

    blocks = [match for match in (_BLOCK_TAG if "<" in source else _LINE_END).finditer(source) if is_boundary(match.start())]
    block_start = max((match.end() for match in blocks if match.end() <= start), default=0)
    block_end = min((match.start() for match in blocks if match.start() >= end), default=len(source))
    ends = [match.end() for match in _SENTENCE_END.finditer(source, block_start, block_end) if is_boundary(match.end())]
    first = max((at for at in ends if at <= start), default=block_start)
    last = min((at for at in ends if at >= end), default=block_end)
    return (first, last) if _is_balanced(source[first:last]) else (block_start, block_end)


def _optional_spans(source: str) -> list[tuple[int, int]]:
    spans, opened = [], []
    for match in _TOKEN.finditer(source):
        if match.group(2):
            opened.append(match.start())
        elif match.group(3) and opened:
            left = opened.pop()
            if not opened:
                spans.append((left, match.end()))
    return spans


def _is_balanced(part: str) -> bool:
    """Tell whether each tag that opens in a part closes in it."""
    opened: list[str] = []
    for closing, tag, alone in _TAG.findall(part):
        if alone or tag.lower() == "br":
            continue
        if not closing:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            return False
    return not opened


def _names(parts: tuple[str | Name | Optional, ...]) -> set[str]:
    found: set[str] = set()
    for part in parts:
        if isinstance(part, Name):
            found.add(part.name)
        elif isinstance(part, Optional):
            found |= _names(part.parts)
    return found


def _render(parts: tuple[str | Name | Optional, ...], values: Mapping[str, str], escape: Callable[[str], str]) -> str:
    output: list[str] = []
    for part in parts:
        if isinstance(part, str):
            # "Azure Ltd." at the end of a sentence ends it.
            is_ended = part.startswith(".") and bool(output) and output[-1].endswith(".")
            output.append(part[1:] if is_ended and not part.startswith("..") else part)
        elif isinstance(part, Name):
            output.append(str(escape(values.get(part.name) or "")))
        elif all(values.get(inner.name) for inner in part.parts if isinstance(inner, Name)):
            output.append(_render(part.parts, values, escape))
    return "".join(output)


def _fill(
    parts: tuple[str | Name | Optional, ...],
    values: Mapping[str, str],
    keep: Collection[str],
    escape: Callable[[str], str],
) -> str:
    output: list[str] = []
    for part in parts:
        if isinstance(part, str):
            output.append(part)
        elif isinstance(part, Name):
            kept = part.name in keep
            output.append("{{%s}}" % part.name if kept else str(escape(values.get(part.name) or "")))
        else:
            own = {inner.name for inner in part.parts if isinstance(inner, Name)}
            if any(not values.get(name) for name in own if name not in keep):
                continue
            inside = _fill(part.parts, values, keep, escape)
            output.append(f"[?{inside}?]" if _names(part.parts) & set(keep) else inside)
    return "".join(output)
