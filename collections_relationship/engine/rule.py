"""What every rule of the guard can do."""
from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from .clock import day_of
from .inquiry import Inquiry
from .pack_parts import Origin


class Rule(ABC):
    """One rule of one pack, made ready for one channel.

    :ivar reason: why it refuses, one of ``facts.REASONS``
    :ivar origin: where it comes from
    """

    __slots__ = ("_binds_from", "origin", "reason")

    def __init__(self, reason: str, origin: Origin) -> None:
        self.reason, self.origin = reason, origin
        self._binds_from = None if origin.effective_from is None else day_of(origin.effective_from)

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        """Return the first minute from ``at`` on at which this rule says yes.

        That is ``at`` itself where it says yes then, and ``None`` where no date makes it do so.
        """
        if self._binds_from is not None and inquiry.clock.day(at) < self._binds_from:
            return at
        return self._opens(inquiry, at)

    @abstractmethod
    def _opens(self, inquiry: Inquiry, at: int) -> int | None:
        """Answer as ``opens`` does, from the day on which the rule binds."""

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        """Return the figures behind a refusal at ``at``, for the words shown."""
        return {}
