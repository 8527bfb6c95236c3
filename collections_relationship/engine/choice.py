"""Chooses which message of the library speaks: tone first, then industry, then audience."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from .vocabulary import TONES


class Candidate(Protocol):
    """What `choose` looks at: a message of the library, in whatever shape it is kept."""

    @property
    def purpose(self) -> str: ...
    @property
    def tone(self) -> str: ...
    @property
    def industry(self) -> str: ...
    @property
    def audience(self) -> str: ...


C = TypeVar("C", bound=Candidate)


@dataclass(frozen=True, slots=True)
class Choice(Generic[C]):
    """The messages that fit best, which are variants of each other, and what was given up on the way.

    :param given_up: code of what was wished for and not there (``tone``, ``industry``, ``audience``)
        to the wish
    :param above_ceiling: the purpose has nothing as mild as the ceiling
    """

    candidates: tuple[C, ...]
    given_up: dict[str, str]
    above_ceiling: bool = False


def capped(tone: str, ceiling: str) -> str:
    """Return the milder of both tones.

    >>> capped("firm", "neutral")
    'neutral'
    """
    return min(tone, ceiling or TONES[-1], key=TONES.index)


def fitting(candidates: Sequence[C], purpose: str, industry: str, audience: str) -> list[C]:
    """Return the messages of ``purpose`` that are written for this customer or for everybody, in whatever tone.

    :param industry: empty where it is not known
    :param audience: empty where it is not known
    """
    return [
        candidate
        for candidate in candidates
        if candidate.purpose == purpose
        and candidate.industry in ("", industry)
        and candidate.audience in ("", audience)
    ]


def choose(candidates: Sequence[C], purpose: str, tone: str, ceiling: str, industry: str, audience: str) -> Choice[C]:
    """Choose the messages of ``purpose`` that fit best.

    The tone decides before the industry, the industry before the audience. Where the tone is not
    there, the nearest milder one speaks; where nothing is milder, the nearest firmer.

    :param ceiling: the firmest tone allowed, empty for any
    :param industry: empty where it is not known
    :param audience: empty where it is not known
    :return: no candidates where the purpose has none that fit
    """
    fit = fitting(candidates, purpose, industry, audience)
    if not fit:
        return Choice((), {})
    wish = TONES.index(capped(tone, ceiling))

    def distance(candidate: C) -> tuple[int, int]:
        own = TONES.index(candidate.tone)
        return (own > wish, abs(own - wish))

    spoken = min(fit, key=distance).tone
    fit = [candidate for candidate in fit if candidate.tone == spoken]
    given_up = {}
    if spoken != TONES[wish]:
        given_up["tone"] = TONES[wish]
    for name, value in (("industry", industry), ("audience", audience)):
        own = [candidate for candidate in fit if value and getattr(candidate, name) == value]
        if value and not own:
            given_up[name] = value
        fit = own or [candidate for candidate in fit if not getattr(candidate, name)] or fit
    return Choice(
        tuple(fit), given_up, above_ceiling=bool(ceiling) and TONES.index(spoken) > TONES.index(ceiling)
    )
