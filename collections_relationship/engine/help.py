"""Help for customers as files: where they find advice, and how a company deals with late invoices.

`help/resources.json` holds what is the same in every language, `help/<language>.xml` the words.
"""
from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .vocabulary import AUDIENCES, INDUSTRIES

FOLDER = Path(__file__).parent.parent / "help"
KINDS = ("budgeting", "cash_flow", "who_to_call", "other")


class HelpError(ValueError):
    """A file cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What is the same about one resource in every language.

    :param link: address of a page, empty for words alone
    :param countries: ISO codes, empty for every country
    :param audiences: of `AUDIENCES`
    :param industry: of `INDUSTRIES`, empty for all
    """

    code: str
    kind: str
    audiences: tuple[str, ...]
    link: str = ""
    countries: tuple[str, ...] = ()
    industry: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language.

    :param resources: code to name and words
    :param title: of the page that says how the company deals with late invoices
    :param text: its HTML, with `gap`, `hour_from` and `hour_to` as placeholders in optional parts
    """

    resources: dict[str, tuple[str, str]]
    title: str
    text: str


def is_web_address(link: str) -> bool:
    """Tell whether ``link`` is the whole address of a web page that may be shown to customers.

    >>> is_web_address("https://www.example.org/advice"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    if any(letter.isspace() or not letter.isprintable() for letter in link) or "\\" in link:
        return False
    try:
        parts = urlsplit(link)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in host.strip(".") and "@" not in parts.netloc


def plain_address(link: str) -> str:
    """Return an address as people write it on paper.

    >>> plain_address("https://www.example.org/")
    'www.example.org'
    """
    return link.partition("://")[2].partition("?")[0].rstrip("/")


def languages(folder: Path = FOLDER) -> list[str]:
    """Return the languages there are words in, English first."""
    return sorted((path.stem for path in folder.glob("*.xml")), key=lambda code: (code != "en", code))


def resources(folder: Path = FOLDER) -> list[Resource]:
    """Return the resources that are shipped, in the order they are offered in.

    :raises HelpError: the file holds something the format does not know
    """
    rows = json.loads((folder / "resources.json").read_text(encoding="utf-8"))
    result = []
    for row in rows:
        lists = {name: tuple(row[name]) for name in ("countries", "audiences") if name in row}
        try:
            resource = Resource(**{**row, **lists})
        except TypeError as error:
            raise HelpError(f"resources.json: {error}") from error
        if (
            resource.kind not in KINDS
            or resource.industry not in ("", *INDUSTRIES)
            or not set(resource.audiences) <= set(AUDIENCES)
            or (resource.link and not is_web_address(resource.link))
        ):
            raise HelpError(f"resources.json: {resource.code} holds a value that is not known")
        result.append(resource)
    return result


def words(language: str, folder: Path = FOLDER) -> Words:
    """Return the words of a language.

    :raises HelpError: the file is not well-formed, or holds something the format does not know
    """
    path = folder / f"{language}.xml"
    try:
        root = ElementTree.parse(path).getroot()  # noqa: S314 - our own files, shipped with the code
    except ElementTree.ParseError as error:
        raise HelpError(f"{path.name}: {error}") from error
    if root.tag != "help" or root.get("lang") != language:
        raise HelpError(f'{path.name}: the file must begin with <help lang="{language}">')
    found: dict[str, tuple[str, str]] = {}
    title = text = ""
    for element in root:
        if element.tag == "resource":
            found[element.get("code", "")] = (_line(element, "name"), _line(element, "words"))
        elif element.tag == "policy":
            title, text = _line(element, "title"), _inner(element.find("text"))
        else:
            raise HelpError(f"{path.name}: <{element.tag}> is not known")
    return Words(found, title, text)


def _line(element: ElementTree.Element, name: str) -> str:
    return " ".join((element.findtext(name) or "").split())


def _inner(element: ElementTree.Element | None) -> str:
    if element is None:
        return ""
    pieces = (ElementTree.tostring(child, encoding="unicode", method="xml") for child in element)
    return "\n".join(piece.strip() for piece in pieces)
