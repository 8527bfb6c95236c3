"""Reads the content of JSON files key by key, and complains of whatever is not understood.

A key that is spelled wrong would be a rule, or a fact, that is silently left out. So every key is
asked for by name; what nobody asked for is an error that names it and says what to do.
"""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

from .facts import MIDNIGHT

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_WORDS: frozenset[str] = frozenset()
_Value = TypeVar("_Value")
_Default = TypeVar("_Default")


class ContentError(ValueError):
    """Some content is not in order; the text says where and what to do."""


class Table:
    """A JSON object whose keys are taken one by one; what is left at the end is an error."""

    def __init__(self, content: object, path: str) -> None:
        if not isinstance(content, Mapping):
            raise ContentError(f"{path}: expected an object in braces, found {_kind_of(content)}")
        self.path = path
        self._left = {key: value for key, value in content.items() if not str(key).startswith("_")}
        self._known: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def fail(self, key: str, words: str) -> ContentError:
        return ContentError(f"{self.path}: {key}: {words}")

    def take(self, key: str, read: Callable[[object], _Value], default: _Default) -> _Value | _Default:
        """Return the value of ``key`` as ``read`` understands it, ``default`` where it is absent or null."""
        self._known.append(key)
        value = self._left.pop(key, None)
        if value is None:
            return default
        try:
            return read(value)
        except ContentError:
            raise
        except ValueError as error:
            raise self.fail(key, str(error)) from error

    def need(self, key: str, read: Callable[[object], _Value]) -> _Value:
        """Return the value of ``key``, which must be there."""
        if self._left.get(key) is None:
            raise self.fail(key, "is missing; add it")
        found: list[_Value] = []
        self.take(key, lambda value: found.append(read(value)), None)
        return found[0]

    def raw(self, key: str) -> object:
        """Return the value of ``key`` unread, ``None`` where it is absent."""
        return self.take(key, lambda value: value, None)

    def list(self, key: str) -> Sequence[object]:
        """Return the list at ``key``, empty where it is absent."""
        return self.take(key, items, ())

    def table(self, key: str) -> Table | None:
        """Return the object at ``key``, ``None`` where it is absent."""
        content = self.raw(key)
        return None if content is None else Table(content, f"{self.path}: {key}")

    def finish(self) -> None:
        """Complain of what nobody asked for."""
        for key in self._left:
            close = get_close_matches(str(key), self._known, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(sorted(self._known))}."
            raise self.fail(str(key), f"unknown key; {hint} Correct or remove it")


def parse_json(text_of_file: str) -> object:
    """Return the content of JSON text.

    :raises ContentError: it is no JSON, or a key stands twice in the same braces
    """
    try:
        return json.loads(text_of_file, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        raise ContentError(
            f"not valid JSON at line {error.lineno}, column {error.colno}: {_advise(error)}"
        ) from error


#: What the reader of JSON says -> what to do about it.
_ADVICE = (
    ("Expecting ',' delimiter", "a comma is missing before this place, or a bracket was closed too early; add it"),
    ("Expecting ':' delimiter", "a colon is missing after the key; write \"key\": value"),
    ("Expecting property name", "a key in double quotes is missing; a comma before a closing brace must go"),
    ("Illegal trailing comma", "a comma before a closing bracket must go; remove it"),
    ("Expecting value", "a value is missing; write text in double quotes, a number, true, false or null, [...] or {...}"),
    ("Unterminated string", "the double quotes that open here are never closed; close them"),
    ("Invalid control character", "a line ends inside double quotes; close them on the same line"),
    ("Invalid \\", "a backslash has a meaning of its own; write two of them"),
    ("Extra data", "something stands after the last closing brace; remove it"),
)


def _advise(error: json.JSONDecodeError) -> str:
    """Return what is wrong with JSON text and what to do, with the words that stand there."""
    if not error.doc.strip():
        return "nothing is written here; write the rules between { and }"
    words = next((advice for start, advice in _ADVICE if error.msg.startswith(start)), error.msg)
    line = error.doc.splitlines()[error.lineno - 1] if error.lineno <= len(error.doc.splitlines()) else ""
    there = line[max(error.colno - 11, 0) : error.colno + 19].strip()
    return f"{words} (it reads: {there})" if there else f"{words} (the text ends here)"


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _value in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise ContentError(f"{double}: stands twice in the same braces; keep one of them")
    return table


def _kind_of(value: object) -> str:
    """Return what a value is, in words for its writer."""
    names = {bool: "true or false", str: "text", int: "a number", float: "a number", list: "a list", type(None): "null"}
    return names.get(type(value), "an object" if isinstance(value, Mapping) else type(value).__name__)


def text(value: object) -> str:
    """Read text.

    :raises ValueError: it is something else
    """
    if not isinstance(value, str):
        raise ValueError(f"expected text in quotes, found {_kind_of(value)}")
    return value


def flag(value: object) -> bool:
    """Read true or false.

    :raises ValueError: it is something else
    """
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, found {_kind_of(value)}")
    return value


def calendar_date(value: object) -> date:
    """Read a date such as "2026-09-01".

    :raises ValueError: it is something else
    """
    try:
        return date.fromisoformat(text(value))
    except ValueError as error:
        raise ValueError('expected a date such as "2026-09-01"') from error


def items(value: object) -> Sequence[object]:
    """Read a list.

    :raises ValueError: it is something else
    """
    if not isinstance(value, list):
        raise ValueError(f"expected a list in brackets, found {_kind_of(value)}")
    return value


def each(read: Callable[[object], _Value]) -> Callable[[object], tuple[_Value, ...]]:
    """Return a reader of a list of what ``read`` reads."""
    return lambda value: tuple(read(entry) for entry in items(value))


def texts(value: object) -> frozenset[str]:
    """Read a list of texts, in no order.

    :raises ValueError: it is something else
    """
    return frozenset(text(entry) for entry in items(value))


def one_of(words: Sequence[str]) -> Callable[[object], str]:
    """Return a reader of one of the ``words``."""

    def read(value: object) -> str:
        if value not in words:
            raise ValueError(f"{value!r} is not known; use one of: {', '.join(filter(None, words))}")
        return str(value)

    return read


def some_of(words: Sequence[str]) -> Callable[[object], frozenset[str]]:
    """Return a reader of a list of the ``words``, each once."""
    one = one_of(words)

    def read(value: object) -> frozenset[str]:
        found = [one(entry) for entry in items(value)]
        if len(set(found)) < len(found):
            raise ValueError("names something twice; keep one of them")
        return frozenset(found)

    return read


def clock_time(value: object) -> int:
    """Return the minute of the day of a clock time such as "08:00"; "24:00" is the end of the day.

    :raises ValueError: it is no such time
    """
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", text(value))
    minute = int(match[1]) * 60 + int(match[2]) if match else MIDNIGHT + 1
    if not match or int(match[2]) > 59 or minute > MIDNIGHT:
        raise ValueError(f"{value!r} is no clock time such as \"08:00\"")
    return minute
