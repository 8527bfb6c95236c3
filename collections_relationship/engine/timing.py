"""The rules of the clock: hours, holidays, waiting after a notice, and the customer's own wishes."""
from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from .calendar import UnknownHolidays, holidays_of
from .clock import DAY, Clock, date_of, day_of, minute_of, weekday_of
from .facts import REPLY
from .inquiry import Inquiry
from .pack_parts import Holidays, Honour, Hours, NoticeWait, Week
from .rule import Rule
from .wishes import Wishes

MINUTES_OF_WEEK = 7 * DAY
#: How far ahead an open hour or a working day is looked for, in days: holidays and changes of the
#: clock come round within a year.
LOOK_AHEAD = 400


class ZoneKnown(Rule):
    """Without the customer's time zone neither his hours nor his days are known."""

    __slots__ = ()

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        return None if inquiry.unknown_zones else at

    def may_close(self, inquiry: Inquiry) -> bool:
        return False

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        return {"zones": list(inquiry.unknown_zones)}


class NoticeWaited(Rule):
    """The first written notice is followed by some days of silence."""

    __slots__ = ("_wait",)

    def __init__(self, wait: NoticeWait) -> None:
        super().__init__("NOTICE_WAIT", wait.origin)
        self._wait = wait

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        sent = inquiry.state.notice_sent_on
        if sent is None:
            return at
        free = max(at, inquiry.clock.start_of(day_of(sent) + self._wait.days))
        if free > at and inquiry.ask.purpose in self._wait.exceptions:
            inquiry.take_leave("OK_EXCEPTION")
            return at
        return free

    def may_close(self, inquiry: Inquiry) -> bool:
        return False

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        return {"days": self._wait.days, "sent_on": inquiry.state.notice_sent_on}


class HolidayList:
    """The holidays that a pack means for a customer."""

    __slots__ = ("_rule",)

    def __init__(self, rule: Holidays) -> None:
        self._rule = rule

    def name_on(self, inquiry: Inquiry, day: date) -> str | None:
        """Return the name of the holiday on ``day``, ``None`` where it is none.

        :raises UnknownHolidays: nobody knows
        """
        state = inquiry.state
        if day in state.extra_holidays:
            return self._listed(inquiry, day) or ""
        return None if state.holidays_complete else self.of_year(inquiry, day.year).get(day)

    def of_year(self, inquiry: Inquiry, year: int) -> Mapping[date, str]:
        """Return the holidays of a year from the library.

        :raises UnknownHolidays: the country is not given, or the library does not know it
        """
        rule, state = self._rule, inquiry.state
        if inquiry.state.holidays_complete:
            return {}
        country = rule.country or state.country
        own = country == state.country and not rule.national
        return holidays_of(country, rule.subdivision or (state.subdivision if own else ""), year)

    def _listed(self, inquiry: Inquiry, day: date) -> str | None:
        try:
            return self.of_year(inquiry, day.year).get(day)
        except UnknownHolidays:
            return None


class HolidaysKnown(Rule):
    """Where a pack rests on holidays, they must be known."""

    __slots__ = ("_holidays", "_list")

    def __init__(self, holidays: Holidays) -> None:
        super().__init__("HOLIDAYS_UNKNOWN", holidays.origin)
        self._holidays = holidays
        self._list = HolidayList(holidays)

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        if inquiry.state.holidays_complete:
            return at
        try:
            for clock in inquiry.clocks:
                self._list.of_year(inquiry, date_of(clock.day(at)).year)
        except UnknownHolidays:
            return None
        return at

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        country = self._holidays.country or inquiry.state.country
        return {"country": country, "year": date_of(inquiry.clock.day(at)).year}


class NoHoliday(Rule):
    """Nobody is bothered on a public holiday, wherever he may be."""

    __slots__ = ("_list",)

    def __init__(self, holidays: Holidays) -> None:
        super().__init__("HOLIDAY", holidays.origin)
        self._list = HolidayList(holidays)

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        if inquiry.state.holidays_complete and not inquiry.state.extra_holidays:
            return at
        opens: int | None = at
        for clock in inquiry.clocks:
            first = self._first_working(inquiry, clock, at)
            opens = None if opens is None or first is None else max(opens, first)
        return opens

    def _first_working(self, inquiry: Inquiry, clock: Clock, at: int) -> int | None:
        today = clock.day(at)
        for day in range(today, today + LOOK_AHEAD):
            if self._name(inquiry, day) is None:
                return at if day == today else clock.start_of(day)
        return None

    def _name(self, inquiry: Inquiry, day: int) -> str | None:
        try:
            return self._list.name_on(inquiry, date_of(day))
        except UnknownHolidays:
            return None  # said by the rule that they must be known

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        for clock in inquiry.clocks:
            day = clock.day(at)
            name = self._name(inquiry, day)
            if name is not None:
                return {"date": date_of(day), "holiday": name}
        return {}


class OpenHours(Rule):
    """A channel is open at certain hours of each weekday, on the customer's clock."""

    __slots__ = ("_by_place", "_week")

    def __init__(self, hours: Hours, channel: str, reason: str = "OUTSIDE_HOURS") -> None:
        super().__init__(reason, hours.origin)
        self._week = _opening(hours.by_channel[channel]) if channel in hours.by_channel else None
        self._by_place = {
            place: _opening(week) for (bound, place), week in hours.by_place.items() if bound == channel
        }

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        return self._first_open(inquiry, inquiry.clock, at)

    def _first_open(self, inquiry: Inquiry, clock: Clock, at: int) -> int | None:
        opening = self._opening(inquiry)
        return at if opening is None else opening.first(clock, at)

    def _opening(self, inquiry: Inquiry) -> _Opening | None:
        place = inquiry.ask.place
        return self._by_place.get(place, self._week) if place else self._week

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        return self._today(inquiry, inquiry.clock, at)

    def _today(self, inquiry: Inquiry, clock: Clock, at: int) -> Mapping[str, object]:
        """Return the hours of the day, as "08:00"; a day that is closed has none."""
        opening = self._opening(inquiry)
        spans = opening.week[weekday_of(clock.day(at))] if opening else ()
        if not spans:
            return {"zone": clock.name}
        return {"zone": clock.name, "opens": _as_time(spans[0][0]), "closes": _as_time(spans[-1][1])}


class OpenHoursElsewhere(OpenHours):
    """The same, in every further zone the signs point to."""

    __slots__ = ()

    def __init__(self, hours: Hours, channel: str) -> None:
        super().__init__(hours, channel, "TZ_CONFLICT")

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        opens: int | None = at
        for clock in inquiry.clocks[1:]:
            first = self._first_open(inquiry, clock, at)
            opens = None if opens is None or first is None else max(opens, first)
        return opens

    def may_close(self, inquiry: Inquiry) -> bool:
        return len(inquiry.clocks) > 1

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        closed = [clock for clock in inquiry.clocks[1:] if self._first_open(inquiry, clock, at) != at]
        return self._today(inquiry, closed[0], at) if closed else {}


class ConvenientTime(Rule):
    """The customer said when he wants to be contacted, or when not."""

    __slots__ = ("_reply_once", "_timed")

    def __init__(self, honour: Honour, timed: bool) -> None:
        """Make the rule ready.

        :param timed: the channel reaches the customer at the hour of sending; a letter does not, and
            is bound only by what he says of a place
        """
        super().__init__("INCONVENIENT_TIME", honour.origin)
        self._reply_once = REPLY in honour.exceptions
        self._timed = timed

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        wishes = inquiry.wishes(self._timed)
        if not wishes:
            return at
        answers = inquiry.unanswered() if self._reply_once and inquiry.ask.purpose == REPLY else []
        opens: int | None = at
        for clock in inquiry.clocks:
            written = [clock.shown(minute_of(contact.at)) for contact in answers]
            days = LOOK_AHEAD + max(wishes.last - clock.day(at), 0)
            first = clock.first_open(at, _Convenience(wishes, written).allows, wishes.marks, days)
            opens = None if opens is None or first is None else max(opens, first)
        if opens == at and not all(wishes.suit(*clock.shown(at)) for clock in inquiry.clocks):
            inquiry.take_leave("OK_REPLY_ONCE")
        return opens

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        state = inquiry.state
        return {"preferred": state.preferred_hours, "inconvenient": state.inconvenient}


class _Convenience:
    """What may reach a customer when: at any time right for him, an answer also when he wrote himself."""

    __slots__ = ("_wishes", "_written")

    def __init__(self, wishes: Wishes, written: Sequence[tuple[int, int]]) -> None:
        self._wishes, self._written = wishes, written

    def allows(self, day: int, minute: int) -> bool:
        """Tell whether a contact at a minute of a calendar day is right."""
        if self._wishes.suit(day, minute):
            return True
        return any(self._wishes.same((day, minute), moment) for moment in self._written)


class _Opening:
    """The hours of a week, ready to be searched.

    :ivar week: the hours
    """

    __slots__ = ("_marks", "_waits", "week")

    def __init__(self, week: Week) -> None:
        self.week = week
        self._marks = tuple(sorted({0, *(opens for day in week for opens, _closes in day)}))
        #: For each minute of the week, how many minutes later the next open one is.
        self._waits = array("H", bytes(2 * MINUTES_OF_WEEK))
        openings = [
            (weekday * DAY + opens, weekday * DAY + closes) for weekday, day in enumerate(week) for opens, closes in day
        ]
        closed = openings[-1][1] - MINUTES_OF_WEEK  # since last week
        for opens, closes in openings:
            for minute in range(closed, opens):
                self._waits[minute % MINUTES_OF_WEEK] = opens - minute
            closed = closes

    def is_open(self, day: int, minute: int) -> bool:
        """Tell whether a minute of a calendar day lies within the hours."""
        return any(opens <= minute < closes for opens, closes in self.week[weekday_of(day)])

    def first(self, clock: Clock, at: int) -> int | None:
        """Return the first open minute from ``at`` on, on this clock."""
        offset = clock.offset(at)
        day, minute = divmod(at + offset, DAY)
        wait = self._waits[weekday_of(day) * DAY + minute]
        if not wait:
            return at
        if clock.offset(at + wait) == offset:
            return at + wait
        return clock.first_open(at, self.is_open, self._marks, LOOK_AHEAD)


@lru_cache(maxsize=256)
def _opening(week: Week) -> _Opening:
    return _Opening(week)


def _as_time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
