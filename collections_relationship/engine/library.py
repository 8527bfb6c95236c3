"""The message library as files, and what belongs into it.

One folder per language under `library/`, written by somebody who thinks in that language; the
format is described in docs/library.md.
"""
from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, replace
from pathlib import Path

from .vocabulary import AUDIENCES, INDUSTRIES, OF_CONSUMERS, OF_INDUSTRIES, PURPOSES, TONES

FOLDER = Path(__file__).parent.parent / "library"
#: The parts of a message that hold HTML; the others are one text.
HTML_PARTS = ("email", "letter", "portal", "call")
TEXT_PARTS = ("subject", "preview", "button", "sms")


class LibraryError(ValueError):
    """A file of the library cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message in one language; a part that is empty has no words of its own.

    :param industry: one of `INDUSTRIES`, empty for all
    :param audience: one of `AUDIENCES`, empty for all
    """

    purpose: str
    tone: str
    industry: str = ""
    audience: str = ""
    subject: str = ""
    preview: str = ""
    button: str = ""
    sms: str = ""
    email: str = ""
    letter: str = ""
    portal: str = ""
    call: str = ""

    @property
    def code(self) -> str:
        """The name of its place in the library, the same in every language."""
        return ".".join(filter(None, (self.purpose, self.tone, self.industry, self.audience)))


def languages(folder: Path = FOLDER) -> list[str]:
    """Return the languages the library has, English first."""
    return sorted((path.name for path in folder.iterdir() if path.is_dir()), key=lambda code: (code != "en", code))


def read(language: str, folder: Path = FOLDER) -> dict[str, Message]:
    """Return the messages of a language by code, each with the call sheet of its purpose.

    :raises LibraryError: a file is not well-formed, or holds something the format does not know
    """
    messages: dict[str, Message] = {}
    calls: dict[str, str] = {}
    for path in sorted((folder / language).glob("*.xml")):
        for message in read_file(path, language):
            if not message.email:
                calls[message.purpose] = message.call
            elif message.code in messages:
                raise LibraryError(f"{path.name}: {message.code} is there twice")
            else:
                messages[message.code] = message
    return {
        code: replace(message, call=message.call or calls.get(message.purpose, ""))
        for code, message in messages.items()
    }


def read_file(path: Path, language: str) -> list[Message]:
    """Return the messages of one file.

    :raises LibraryError: the file is not well-formed, or holds something the format does not know
    """
    try:
        root = ElementTree.parse(path).getroot()  # noqa: S314 - our own files, shipped with the code
    except ElementTree.ParseError as error:
        raise LibraryError(f"{path.name}: {error}") from error
    if root.tag != "library" or root.get("lang") != language:
        raise LibraryError(f'{path.name}: the file must begin with <library lang="{language}">')
    return [_message(element, path.name) for element in root]


def _message(element: ElementTree.Element, name: str) -> Message:
    if element.tag != "message":
        raise LibraryError(f"{name}: <{element.tag}> is not known; only <message> stands in a library")
    if unknown := set(element.attrib) - {"purpose", "tone", "industry", "audience"}:
        raise LibraryError(f"{name}: <message> has no {', '.join(sorted(unknown))}")
    place = f"{name}, {element.get('purpose')}.{element.get('tone')}"
    for attribute, allowed in (
        ("purpose", tuple(PURPOSES)),
        ("tone", TONES),
        ("industry", ("", *INDUSTRIES)),
        ("audience", ("", *AUDIENCES)),
    ):
        if element.get(attribute, "") not in allowed:
            raise LibraryError(f"{place}: {attribute} “{element.get(attribute, '')}” is not known")
    parts: dict[str, str] = {}
    for child in element:
        if child.tag not in (*TEXT_PARTS, *HTML_PARTS):
            raise LibraryError(f"{place}: <{child.tag}> is not known")
        if child.tag in parts:
            raise LibraryError(f"{place}: <{child.tag}> is there twice")
        if child.tag in HTML_PARTS:
            parts[child.tag] = _inner(child)
        elif len(child):
            raise LibraryError(f"{place}: <{child.tag}> is plain text")
        else:
            parts[child.tag] = " ".join((child.text or "").split())
    return Message(**element.attrib, **parts)


def _inner(element: ElementTree.Element) -> str:
    pieces = [_escape(element.text or "")]
    for child in element:
        pieces.append(ElementTree.tostring(child, encoding="unicode", method="xml").replace(" />", "/>"))
    return "".join(pieces).strip()


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def wanted() -> list[str]:
    """Return the codes of all messages a language of the library has."""
    codes = [f"{purpose}.{tone}" for purpose, about in PURPOSES.items() for tone in about.tones]
    codes += [f"{purpose}.{tone}.{industry}" for purpose, tone in OF_INDUSTRIES.items() for industry in INDUSTRIES]
    codes += [f"{purpose}.{tone}.consumer" for purpose, tone in OF_CONSUMERS.items()]
    return codes
