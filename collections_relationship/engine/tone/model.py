"""What the check says about a text."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: From the gravest to the mildest. A threat or a missing fact may be refused at sending; advice never is.
SEVERITIES = ("threat", "missing_fact", "advice")
KINDS = (
    "threat", "blame", "shame", "jargon", "pressure", "consequence", "missing", "exposure", "impression", "length", "ease"
)
#: What a text is a part of. Anybody may read the last three over somebody's shoulder.
PARTS = ("email", "letter", "portal", "call", "subject", "preview", "sms")
SEEN_BY_OTHERS = ("subject", "preview", "sms")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of a text that could be said better, or one thing it does not say.

    :param kind: one of `KINDS`
    :param severity: one of `SEVERITIES`
    :param words: the words of the text it is about; empty where something is missing
    :param start: where they begin in the text as it was given, markup included; 0 where something is missing
    :param end: where they end there
    :param better: what to write instead, in the language of the text; empty where the list knows nothing
    :param detail: what exactly, where the kind leaves it open: ``capitals``, ``amount``, ``no_date``...;
        what an impression may be (`reader.GUESSES`)
    """

    kind: str
    severity: str
    words: str = ""
    start: int = 0
    end: int = 0
    better: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found in one text.

    :param findings: in the order of the text; what is missing comes last
    :param ease: reading ease by the formula of the language, None where there is none or too little to read
    :param goal: the ease a twelve-year-old needs in this language, None where there is no formula
    :param knows_language: False: only what no language is needed for was looked at
    """

    findings: tuple[Finding, ...]
    ease: float | None
    goal: float | None
    knows_language: bool

    @property
    def is_refused(self) -> bool:
        """Whether the text threatens or leaves out a fact it needs."""
        return any(finding.severity != "advice" for finding in self.findings)

    def of_kind(self, *kinds: str) -> tuple[Finding, ...]:
        """Return the findings of these kinds."""
        return tuple(finding for finding in self.findings if finding.kind in kinds)


@dataclass(frozen=True, slots=True)
class Facts:
    """What whoever asks for the check knows besides the text.

    :param brought: facts the frame around the text adds (`facts.FACTS`), such as ``contact`` by a signature
    :param required: facts demanded besides those of the purpose, such as ``opt_out`` where a rule pack asks for it
    :param planned: whether the stage plans what the text announces; None: as purpose and tone say
    """

    brought: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    planned: bool | None = None


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in the order of the text, what is missing last."""
    return tuple(sorted(findings, key=lambda finding: (finding.kind == "missing", finding.start, finding.end)))
