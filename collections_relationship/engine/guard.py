"""The one gate every contact passes before it is made.

Given what happened before, what is known of the customer, the rule packs and what is wanted now, it
answers with a verdict: allowed, or every rule that says no, each with its source, and the first
minute at which all of them say yes. It sends nothing, looks nothing up and reads no clock. What it
cannot know it takes to be in the way, and says so.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from .clock import next_minute_of
from .counting import ConversationCoolDown, Counted, FrequencyCap, Warnings
from .facts import (
    CHANNELS,
    HARD_REASONS,
    LETTER,
    REASONS,
    Ask,
    Consent,
    Contact,
    Refusal,
    Span,
    State,
    Verdict,
)
from .inquiry import Inquiry
from .pack_parts import DEFAULT, Origin, Pack
from .protection import ALLOWED, Protection, is_protected
from .rule import Rule
from .timing import (
    ConvenientTime,
    HolidaysKnown,
    NoHoliday,
    NoticeWaited,
    OpenHours,
    OpenHoursElsewhere,
    ZoneKnown,
)

__all__ = ["REASONS", "Ask", "Consent", "Contact", "Refusal", "Span", "State", "Verdict", "check"]

#: How often the rules are asked in turn for a moment that suits all. Each turn moves on to the next
#: opening of some rule, mostly another day; rules that never agree are given up after that.
MOST_TURNS = 4000
_ALLOWED = Verdict()
_ENGINE = Origin("engine", "the customer's time zone must be known", basis=DEFAULT)


def check(ask: Ask, history: Iterable[Contact], state: State, packs: Iterable[Pack]) -> Verdict:
    """Judge whether ``ask`` is right, under all ``packs`` at once.

    Days are calendar dates at the customer's place, not spans of 24 hours. Contacts may be given in
    any order; one dated after the moment asked about counts like one of that day, so that a wrong
    clock never opens the gate.

    :raises ValueError: the channel is none that the guard knows
    :raises TypeError: a moment carries no time zone
    """
    plan = _plan(tuple(packs), ask.channel)
    past = history if isinstance(history, Sequence) else tuple(history)
    inquiry = Inquiry(ask, past, state, plan.days)
    now = inquiry.now
    failing: list[Rule] = []
    if is_protected(ask, state):
        failing = [rule for rule in plan.protections if rule.opens(inquiry, now) != now]
    failing += [rule for rule in plan.others if rule.opens(inquiry, now) != now]
    warnings = tuple(word for advice in plan.warnings for word in advice.of(inquiry)) if plan.warnings else ()
    if failing:
        return _refuse(inquiry, plan, failing, warnings)
    if not (warnings or inquiry.leave):
        return _ALLOWED
    return Verdict(inquiry.leave or "OK", warnings=warnings)


class _Plan:
    """The rules of some packs for one channel, in the order in which refusals are named.

    :ivar protections: rules that can only fail where something is known of the customer
    :ivar others: all further rules
    :ivar days: how far back contacts matter
    """

    __slots__ = ("days", "others", "protections", "warnings")

    def __init__(self, packs: Sequence[Pack], channel: str) -> None:
        rules: list[Rule] = [ZoneKnown("ZONE_UNKNOWN", _ENGINE)]
        rules += [rule for pack in packs for rule in _rules_of(pack, channel)]
        rules.sort(key=lambda rule: REASONS.index(rule.reason))
        self.protections = tuple(rule for rule in rules if isinstance(rule, Protection))
        self.others = tuple(rule for rule in rules if not isinstance(rule, Protection))
        self.warnings = tuple(Warnings(pack.advice) for pack in packs if pack.advice)
        counting: list[Counted | Warnings] = [*self.warnings, *(rule for rule in rules if isinstance(rule, Counted))]
        self.days = max((rule.days for rule in counting), default=0)

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        """Return the first minute from ``at`` on at which every rule says yes."""
        return _first_joint([*self.protections, *self.others], inquiry, at)


@lru_cache(maxsize=1024)
def _plan(packs: tuple[Pack, ...], channel: str) -> _Plan:
    if channel not in CHANNELS:
        raise ValueError(f"the guard knows no channel {channel!r}, only {', '.join(CHANNELS)}")
    return _Plan(packs, channel)


def _rules_of(pack: Pack, channel: str) -> Iterator[Rule]:
    """Make the rules of a pack ready for one channel."""
    for honour in pack.honours:
        if honour.kind in ALLOWED:
            yield Protection(honour)
        elif channel != LETTER:  # a letter is read when its reader likes
            yield ConvenientTime(honour)
    if pack.notice_wait:
        yield NoticeWaited(pack.notice_wait)
    if pack.holidays and channel in pack.holidays.channels:
        yield HolidaysKnown(pack.holidays)
        yield NoHoliday(pack.holidays)
    if pack.hours and pack.hours.binds(channel):
        yield OpenHours(pack.hours, channel)
        yield OpenHoursElsewhere(pack.hours, channel)
    consent = "consent" in pack.consents
    if pack.cooldown and channel in pack.cooldown.apply:
        yield ConversationCoolDown(pack.cooldown, consent)
    for cap in pack.caps:
        if channel in cap.apply:
            yield FrequencyCap(cap, consent, cap.only_prerecorded and "tcpa_consent" in pack.consents)


def _refuse(inquiry: Inquiry, plan: _Plan, failing: Sequence[Rule], warnings: tuple[str, ...]) -> Verdict:
    """Put the refusals into words' raw material, and look for the moment that suits all rules."""
    start = next_minute_of(inquiry.ask.at)
    refusals = tuple(
        Refusal(
            code=rule.reason,
            pack=rule.origin.pack,
            source=rule.origin.source,
            basis=rule.origin.basis,
            hard=rule.reason in HARD_REASONS,
            free_at=_moment(inquiry, _first_joint([rule], inquiry, start)),
            detail=rule.detail(inquiry, inquiry.now),
        )
        for rule in failing
    )
    curable = all(refusal.free_at for refusal in refusals)
    opens = plan.opens(inquiry, start) if curable else None
    return Verdict(refusals[0].code, refusals, _moment(inquiry, opens), warnings)


def _first_joint(rules: Sequence[Rule], inquiry: Inquiry, at: int) -> int | None:
    """Return the first minute from ``at`` on at which all ``rules`` say yes, ``None`` if there is none.

    No rule says yes before the minute it names, so the latest of them is never too late.
    """
    for _turn in range(MOST_TURNS):
        latest = at
        for rule in rules:
            opens = rule.opens(inquiry, latest)
            if opens is None:
                return None
            latest = max(latest, opens)
        if latest == at:
            return at
        at = latest
    return None


def _moment(inquiry: Inquiry, minute: int | None) -> datetime | None:
    return None if minute is None else inquiry.clock.moment(minute)
