"""Where things stand on a letter so that they show in the window of its envelope. All in millimetres.

Measured from the top left corner of the sheet. A folded sheet has room to slide in its envelope; an
address stands where every position of the sheet shows it.
"""
from __future__ import annotations

from dataclasses import dataclass

#: Free strips above and below what is printed, on every page.
MARGIN_TOP = 12
MARGIN_BOTTOM = 14


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the sheet."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Window:
    """The layout of the first page.

    :param paper: name of the paper's format
    :param width: of the paper
    :param height: of the paper
    :param address: what shows in the window, the address inside it
    :param at_bottom: the address ends at the bottom of its box; otherwise it begins at the top
    :param lines: lines of an address that fit
    :param return_line: the sender stands in small print above the address, inside the window
    :param logo: the company's mark
    :param sender: the company's address and how to reach it
    :param facts: date, reference, contact
    :param body_top: where the words begin
    :param left: side margin of the words
    :param right: side margin of the words
    :param folds: where the sheet is folded, from the top
    """

    paper: str
    width: float
    height: float
    address: Box
    at_bottom: bool
    lines: int
    return_line: bool
    logo: Box
    sender: Box
    facts: Box
    body_top: float
    left: float
    right: float
    folds: tuple[float, ...]


#: DIN 5008 form B: window on the left of a DL or C5/6 envelope, as most of Europe has it.
LEFT = Window(
    paper="A4",
    width=210,
    height=297,
    address=Box(25, 58.5, 80, 31.5),
    at_bottom=False,
    lines=6,
    return_line=True,
    logo=Box(25, 14, 90, 18),
    sender=Box(130, 14, 65, 30),
    facts=Box(130, 56, 65, 34),
    body_top=95,
    left=25,
    right=15,
    folds=(105, 210),
)
#: Window on the right of a DL envelope, as in France and Belgium.
RIGHT = Window(
    paper="A4",
    width=210,
    height=297,
    address=Box(110, 52, 80, 27),
    at_bottom=True,
    lines=5,
    return_line=True,
    logo=Box(20, 14, 80, 18),
    sender=Box(20, 34, 75, 24),
    facts=Box(20, 62, 75, 30),
    body_top=95,
    left=20,
    right=20,
    folds=(99, 198),
)
#: Window of a US number 10 envelope, sheet folded in three.
US = Window(
    paper="Letter",
    width=215.9,
    height=279.4,
    address=Box(25.4, 55, 80, 25),
    at_bottom=True,
    lines=5,
    return_line=False,
    logo=Box(25.4, 14, 90, 18),
    sender=Box(133, 14, 62, 30),
    facts=Box(133, 55, 62, 30),
    body_top=91,
    left=25.4,
    right=19,
    folds=(),
)

WINDOWS = {"left": LEFT, "right": RIGHT, "us": US}
#: Countries whose envelopes differ from what most have.
_USUAL = {"US": "us", "CA": "us", "MX": "us", "FR": "right", "BE": "right", "MC": "right"}


def usual_window(country: str) -> str:
    """Return the key of the window usual in a country (ISO 3166 code, possibly empty)."""
    return _USUAL.get(country, "left")
