"""The rules of the clock: hours, holidays, waiting after a notice, and the customer's own wishes."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from .calendar import UnknownHolidays, holidays_of
from .clock import DAY, Clock, date_of, day_of, minute_of, weekday_of
from .facts import REPLY
from .inquiry import Inquiry, in_span
from .pack_parts import Holidays, Honour, Hours, NoticeWait, Week
from .rule import Rule

#: How far ahead an open hour or a working day is looked for, in days.
LOOK_AHEAD = 800


class ZoneKnown(Rule):
    """Without the customer's time zone neither his hours nor his days are known."""

    __slots__ = ()

    def _opens(self, inquiry: Inquiry, at: int) -> int | None:
        return None if inquiry.unknown_zones else at

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        return {"zones": list(inquiry.unknown_zones)}


class NoticeWaited(Rule):
    """The first written notice is followed by some days of silence."""

    __slots__ = ("_wait",)

    def __init__(self, wait: NoticeWait) -> None:
        super().__init__("NOTICE_WAIT", wait.origin)
        self._wait = wait

    def _opens(self, inquiry: Inquiry, at: int) -> int | None:
        sent = inquiry.state.notice_sent_on
        if sent is None:
            return at
        free = max(at, inquiry.clock.start_of(day_of(sent) + self._wait.days))
        if free > at and inquiry.ask.purpose in self._wait.exceptions:
            inquiry.take_leave("OK_EXCEPTION")
            return at
        return free

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

    def _opens(self, inquiry: Inquiry, at: int) -> int | None:
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

    def _opens(self, inquiry: Inquiry, at: int) -> int | None:
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

    __slots__ = ("_by_place", "_marks", "_week")

    def __init__(self, hours: Hours, channel: str, reason: str = "OUTSIDE_HOURS") -> None:
        super().__init__(reason, hours.origin)
        self._week = hours.by_channel.get(channel)
        self._by_place = {place: week for (bound, place), week in hours.by_place.items() if bound == channel}

    def _opens(self, inquiry: Inquiry, at: int) -> int | None:
        return self._first_open(inquiry, inquiry.clock, at)

    def _first_open(self, inquiry: Inquiry, clock: Clock, at: int) -> int | None:
        week = self._hours(inquiry)
        if week is None:
            return at
        day, minute = clock.read(at)
        for opens, closes in week[weekday_of(day)]:
            if opens <= minute < closes:
                return at
        return clock.first_open(at, _open_in(week), _openings(week), LOOK_AHEAD)

    def _hours(self, inquiry: Inquiry) -> Week | None:
        return self._by_place.get(inquiry.ask.place, self._week)

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        return self._today(inquiry, inquiry.clock, at)

    def _today(self, inquiry: Inquiry, clock: Clock, at: int) -> Mapping[str, object]:
        week = self._hours(inquiry)
        day = clock.day(at)
        spans = week[weekday_of(day)] if week else ()
        return {"zone": clock.name, "opens": [opens for opens, _ in spans], "closes": [closes for _, closes in spans]}


class OpenHoursElsewhere(OpenHours):
    """The same, in every further zone the signs point to."""

    __slots__ = ()

    def __init__(self, hours: Hours, channel: str) -> None:
        super().__init__(hours, channel, "TZ_CONFLICT")

    def _opens(self, inquiry: Inquiry, at: int) -> int | None:
        opens: int | None = at
        for clock in inquiry.clocks[1:]:
            first = self._first_open(inquiry, clock, at)
            opens = None if opens is None or first is None else max(opens, first)
        return opens

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        closed = [clock for clock in inquiry.clocks[1:] if self._first_open(inquiry, clock, at) != at]
        return self._today(inquiry, closed[0], at) if closed else {}


class ConvenientTime(Rule):
    """The customer said when he wants to be contacted, or when not."""

    __slots__ = ("_exceptions",)

    def __init__(self, honour: Honour) -> None:
        super().__init__("INCONVENIENT_TIME", honour.origin)
        self._exceptions = honour.exceptions

    def _opens(self, inquiry: Inquiry, at: int) -> int | None:
        state = inquiry.state
        if not (state.preferred_hours or state.inconvenient):
            return at
        opens = self._first_convenient(inquiry, at)
        if opens == at or not self._may_reply(inquiry):
            return opens
        inquiry.take_leave("OK_REPLY_ONCE")
        return at

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


def _open_in(week: Week) -> Callable[[int, int], bool]:
    return lambda day, minute: any(opens <= minute < closes for opens, closes in week[weekday_of(day)])


def _openings(week: Week) -> tuple[int, ...]:
    return tuple(sorted({0, *(opens for day in week for opens, _closes in day)}))


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
