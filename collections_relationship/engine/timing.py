"""The rules of the clock: hours, holidays, waiting after a notice, and the customer's own wishes."""
from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from .calendar import UnknownHolidays, holidays_of
from .clock import DAY, Clock, date_of, day_of, minute_of, weekday_of
from .facts import REPLY
from .inquiry import Inquiry, in_span
from .pack_parts import Holidays, Honour, Hours, NoticeWait, Week
from .rule import Rule

MINUTES_OF_WEEK = 7 * DAY
#: How far ahead an open hour or a working day is looked for, in days.
LOOK_AHEAD = 800


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
                return {"date": date_of(day), "name": name}
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
        opening = self._opening(inquiry)
        spans = opening.week[weekday_of(clock.day(at))] if opening else ()
        return {"zone": clock.name, "opens": [opens for opens, _ in spans], "closes": [closes for _, closes in spans]}


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

    __slots__ = ("_exceptions",)

    def __init__(self, honour: Honour) -> None:
        super().__init__("INCONVENIENT_TIME", honour.origin)
        self._exceptions = honour.exceptions

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        state = inquiry.state
        if not (state.preferred_hours or state.inconvenient):
            return at
        opens = self._first_convenient(inquiry, at)
        if opens == at or not self._may_reply(inquiry):
            return opens
        inquiry.take_leave("OK_REPLY_ONCE")
        return at

    def may_close(self, inquiry: Inquiry) -> bool:
        return bool(inquiry.state.preferred_hours or inquiry.state.inconvenient)

    def _first_convenient(self, inquiry: Inquiry, at: int) -> int | None:
        convenient = _convenient_to(inquiry)
        marks = _ends_of_wishes(inquiry)
        opens: int | None = at
        for clock in inquiry.clocks:
            first = clock.first_open(at, convenient, marks, LOOK_AHEAD)
            opens = None if opens is None or first is None else max(opens, first)
        return opens

    def _may_reply(self, inquiry: Inquiry) -> bool:
        """He wrote at a time he calls inconvenient: one answer, on the same channel, may come then too."""
        if REPLY not in self._exceptions or inquiry.ask.purpose != REPLY:
            return False
        convenient = _convenient_to(inquiry)
        return any(
            not convenient(*inquiry.clock.read(minute_of(contact.at))) for contact in inquiry.unanswered()
        )

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        state = inquiry.state
        return {"preferred": state.preferred_hours, "inconvenient": state.inconvenient}


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
        wait = 0
        for minute in reversed(range(2 * MINUTES_OF_WEEK)):  # twice: Sunday evening waits for Monday
            weekday, clock_minute = divmod(minute % MINUTES_OF_WEEK, DAY)
            is_open = any(opens <= clock_minute < closes for opens, closes in week[weekday])
            wait = 0 if is_open else wait + 1
            self._waits[minute % MINUTES_OF_WEEK] = wait

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


def _convenient_to(inquiry: Inquiry) -> Callable[[int, int], bool]:
    state, place = inquiry.state, inquiry.ask.place
    wanted = [span for span in state.preferred_hours if not span.place or span.place == place]
    unwanted = [span for span in state.inconvenient if not span.place or span.place == place]

    def convenient(day: int, minute: int) -> bool:
        if wanted and not any(in_span(span, day, minute) for span in wanted):
            return False
        return not any(in_span(span, day, minute) for span in unwanted)

    return convenient


def _ends_of_wishes(inquiry: Inquiry) -> tuple[int, ...]:
    state = inquiry.state
    marks = {0, *(span.opens for span in state.preferred_hours), *(span.closes for span in state.inconvenient)}
    return tuple(sorted(mark for mark in marks if mark < DAY))
