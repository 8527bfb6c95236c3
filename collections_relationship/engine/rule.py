"""What every rule of the guard can do."""
from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date

from .clock import day_of
from .inquiry import Inquiry
from .pack_parts import Origin


class Rule(ABC):
    """One rule of one pack, made ready for one channel.

    :ivar reason: why it refuses, one of ``facts.REASONS``
    :ivar origin: where it comes from
    """

    __slots__ = ("origin", "reason")

    def __init__(self, reason: str, origin: Origin) -> None:
        self.reason, self.origin = reason, origin

    @abstractmethod
    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        """Return the first minute from ``at`` on at which this rule says yes.

        That is ``at`` itself where it says yes then, and ``None`` where no date makes it do so. A
        minute that turns out to be too early is put right when the rule is asked about it.
        """

    def may_close(self, inquiry: Inquiry) -> bool:
        """Tell whether it can say no at some minute after it has said yes."""
        return True

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        """Return the figures behind a refusal at ``at``, for the words shown."""
        return {}


class FromDay(Rule):
    """A rule that binds from a certain day on."""

    __slots__ = ("_first", "rule")

    def __init__(self, rule: Rule, first: date) -> None:
        super().__init__(rule.reason, rule.origin)
        self.rule = rule
        self._first = day_of(first)

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        return at if inquiry.clock.day(at) < self._first else self.rule.opens(inquiry, at)

    def may_close(self, inquiry: Inquiry) -> bool:
        return inquiry.today < self._first or self.rule.may_close(inquiry)

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        return self.rule.detail(inquiry, at)
