"""Wall clocks of the places where customers are, on whole minutes.

The guard reckons in minutes since 1970 in UTC, and in days since 1970 at the customer's place: sums
of integers, fast enough for a night of 20,000 customers. A change of the clock is taken into
account wherever it falls: days are calendar days, never spans of 24 hours.
"""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from .calendar import UnknownZone, known_zone

DAY = 24 * 60
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_THURSDAY = 3
_MINUTE = timedelta(minutes=1)


def minute_of(moment: datetime) -> int:
    """Return the minute since 1970 in which an aware ``moment`` lies.

    :raises TypeError: the moment carries no zone, so that it cannot be placed
    """
    since = moment - EPOCH
    return since.days * DAY + since.seconds // 60


def day_of(day: date) -> int:
    """Return the number of days from 1970-01-01 to ``day``."""
    return day.toordinal() - _EPOCH_ORDINAL


def date_of(day: int) -> date:
    """Return the date that lies ``day`` days after 1970-01-01."""
    return date.fromordinal(day + _EPOCH_ORDINAL)


def weekday_of(day: int) -> int:
    """Return the weekday of a day since 1970: Monday is 0."""
    return (day + _THURSDAY) % 7


class Clock:
    """The wall clock of one time zone. Get it from ``clock``, which keeps it.

    :ivar offsets: minutes ahead of UTC by day in UTC, of the days asked about so far; ``None`` for a
        day with a change of the clock
    """

    __slots__ = ("_zone", "name", "offsets")

    def __init__(self, name: str) -> None:
        self._zone = known_zone(name)
        self.name = name
        self.offsets: dict[int, int | None] = {}

    def offset(self, minute: int) -> int:
        """Return how many minutes the wall clock is ahead of UTC at a minute since 1970."""
        day = minute // DAY
        try:
            offset = self.offsets[day]
        except KeyError:
            first, last = self._exact(day * DAY), self._exact((day + 1) * DAY)
            offset = self.offsets[day] = first if first == last else None
        return self._exact(minute) if offset is None else offset

    def day(self, minute: int) -> int:
        """Return the calendar day, since 1970, on which a minute falls here."""
        return (minute + self.offset(minute)) // DAY

    def day_at(self, moment: datetime) -> int:
        """Return the calendar day, since 1970, of an aware ``moment`` here.

        :raises TypeError: the moment carries no zone
        """
        since = moment - EPOCH
        offset = self.offsets.get(since.days)
        if offset is None:
            return self.day(minute_of(moment))
        return since.days + (since.seconds // 60 + offset) // DAY

    def shown(self, minute: int) -> tuple[int, int]:
        """Return the calendar day and the minute of that day which the clock shows."""
        return divmod(minute + self.offset(minute), DAY)

    def moment(self, minute: int) -> datetime:
        """Return a minute since 1970 as an aware datetime of this zone."""
        return datetime.fromtimestamp(minute * 60, self._zone)

    def start_of(self, day: int) -> int:
        """Return the first minute of a calendar day here, even where midnight is skipped."""
        return min(self.starts(day, (0,)))

    def starts(self, day: int, marks: tuple[int, ...]) -> list[int]:
        """Return, in order, the minutes at which an open stretch of ``day`` can begin.

        They are those at which the clock shows one of the ``marks``, minutes of the day; and, where
        the clock is changed on that day or past it, the minute of the change.
        """
        start = day * DAY
        before, after = self.offset(start - DAY), self.offset(start + 2 * DAY)
        if before == after:
            return [start + mark - before for mark in marks]
        changed = self._change(start - DAY, start + 2 * DAY)
        if self.day(changed - 1) < day < self.day(changed):
            return [changed]  # the day was left out here
        found = {start + mark - offset for mark in marks for offset in (before, after)}
        shown = {minute for minute in found if minute + self.offset(minute) - start in marks}
        return sorted(shown.union([changed] if self.day(changed) == day else []))

    def _change(self, low: int, high: int) -> int:
        """Return the minute, after ``low`` up to ``high``, at which the clock is changed."""
        while high - low > 1:
            middle = (low + high) // 2
            if self._exact(middle) == self._exact(high):
                high = middle
            else:
                low = middle
        return high

    def _exact(self, minute: int) -> int:
        """Return the minutes ahead of UTC, asked of the zone itself."""
        ahead = self.moment(minute).utcoffset()
        assert ahead is not None  # every zone has an offset at every moment
        return ahead // _MINUTE

    def first_open(
        self, minute: int, is_open: Callable[[int, int], bool], marks: tuple[int, ...], days: int
    ) -> int | None:
        """Return the first minute from ``minute`` on at which ``is_open`` says yes.

        :param is_open: asked with a calendar day and a minute of that day
        :param marks: minutes of the day, 0 among them, at which an open stretch can begin
        :param days: how many days to look ahead
        """
        today, now = self.shown(minute)
        if is_open(today, now):
            return minute
        for day in range(today, today + days):
            for candidate in self.starts(day, marks):
                if candidate > minute and is_open(*self.shown(candidate)):
                    return candidate
        return None


@lru_cache(maxsize=1024)
def clock(name: str) -> Clock | None:
    """Return the clock of the zone called ``name``, ``None`` where no zone has that name."""
    try:
        return Clock(name)
    except UnknownZone:
        return None
