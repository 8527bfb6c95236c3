"""What a customer said of when and where he wants to be contacted."""
from __future__ import annotations

from collections.abc import Sequence

from .clock import DAY, date_of, day_of, weekday_of
from .facts import Span


class Wishes:
    """When a customer wants to be contacted, and when not.

    :ivar marks: minutes of the day at which that can change
    :ivar last: the last day, since 1970, that some wish names; after it nothing changes but the week
    """

    __slots__ = ("_unwanted", "_wanted", "last", "marks")

    def __init__(self, wanted: Sequence[Span], unwanted: Sequence[Span], place: str, timed: bool) -> None:
        """Keep those wishes that bear on a contact.

        :param wanted: the only times he wants, empty where he named none
        :param unwanted: the times he does not want
        :param place: where the contact would reach him, empty where it is tied to no place
        :param timed: it reaches him at the hour of sending; a letter does not, and is bound only by
            what he says of a place
        """
        self._wanted = [span for span in wanted if (span.place == place if span.place else timed)]
        self._unwanted = [span for span in unwanted if (span.place == place if span.place else timed)]
        spans = (*self._wanted, *self._unwanted)
        marks = {0, *(span.opens for span in spans), *(span.closes for span in spans)}
        self.last = max((day_of(span.until) for span in spans if span.until), default=0)
        self.marks = tuple(sorted(mark for mark in marks if mark < DAY))

    def __bool__(self) -> bool:
        return bool(self._wanted or self._unwanted)

    def suit(self, day: int, minute: int) -> bool:
        """Tell whether a minute of a calendar day is right for him."""
        return not self._misses(day, minute) and not self._disturbed(day, minute)

    def same(self, first: tuple[int, int], second: tuple[int, int]) -> bool:
        """Tell whether every wish that the first minute is against is one the second is against too."""
        against = self._disturbed(*first)
        return (self._misses(*second) or not self._misses(*first)) and all(in_span(span, *second) for span in against)

    def _misses(self, day: int, minute: int) -> bool:
        today = date_of(day)
        wanted = [span for span in self._wanted if span.until is None or today <= span.until]
        return bool(wanted) and not any(in_span(span, day, minute) for span in wanted)

    def _disturbed(self, day: int, minute: int) -> list[Span]:
        return [span for span in self._unwanted if in_span(span, day, minute)]


def in_span(span: Span, day: int, minute: int) -> bool:
    """Tell whether a minute of a calendar day lies in a span of the customer's."""
    if span.opens < span.closes:
        begun = day
        inside = span.opens <= minute < span.closes
    else:
        begun = day if minute >= span.opens else day - 1
        inside = minute >= span.opens or minute < span.closes
    return (
        inside
        and weekday_of(begun) in span.days
        and (span.until is None or date_of(begun) <= span.until)
    )
