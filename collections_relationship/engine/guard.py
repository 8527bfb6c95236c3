"""The one gate every contact passes before it is made.

Given what happened before, what is known of the customer, the rule packs and what is wanted now, it
answers with a verdict: allowed, or every rule that says no, each with its source, and the first
minute at which all of them say yes. It sends nothing, looks nothing up and reads no clock. What it
cannot know it takes to be in the way, and says so.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from .clock import DAY
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
from .protection import ALLOWED, Protection
from .rule import FromDay, Rule
from .timing import (
    LOOK_AHEAD,
    ConvenientTime,
    HolidaysKnown,
    NoHoliday,
    NoticeWaited,
    OpenHours,
    OpenHoursElsewhere,
    ZoneKnown,
)

__all__ = ["REASONS", "Ask", "Consent", "Contact", "Refusal", "Span", "State", "Verdict", "check"]

_ALLOWED = Verdict()
_EXTRAORDINARY = (Protection, NoticeWaited, OpenHoursElsewhere, ConvenientTime)
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
    past = history if isinstance(history, (list, tuple)) else tuple(history)
    inquiry = Inquiry(ask, past, state, plan.days)
    now = inquiry.now
    rules = plan.ordinary if _is_ordinary(ask, state) else plan.rules
    failing: list[tuple[Rule, int | None]] = []
    for rule in rules:
        opens = rule.opens(inquiry, now)
        if opens != now:
            failing.append((rule, opens))
    warnings = _warnings(plan, inquiry) if plan.warnings or inquiry.from_the_future else ()
    if failing:
        return _refuse(inquiry, rules, failing, warnings)
    if not (warnings or inquiry.leave):
        return _ALLOWED
    return Verdict(inquiry.leave or "OK", warnings=warnings)


def _is_ordinary(ask: Ask, state: State) -> bool:
    """Tell quickly whether nothing is known that only the ``_EXTRAORDINARY`` rules look at."""
    return not (
        state.opted_out
        or state.opted_out_addresses
        or state.ceased
        or state.represented_by_attorney
        or state.mental_capacity_concern
        or state.breathing_space_until
        or state.breathing_space_open_ended
        or state.hardship_until
        or state.disputed
        or state.employer_prohibits
        or state.notice_sent_on
        or state.preferred_hours
        or state.inconvenient
        or len(state.zones) > 1
        or ask.address_kind
        or ask.has_opt_out_notice is False
    )


class _Plan:
    """The rules of some packs for one channel, in the order in which refusals are named.

    :ivar rules: all of them
    :ivar ordinary: those that can fail where nothing out of the ordinary is known of the customer
    :ivar days: how far back contacts matter
    """

    __slots__ = ("days", "ordinary", "rules", "warnings")

    def __init__(self, packs: Sequence[Pack], channel: str) -> None:
        rules: list[Rule] = [ZoneKnown("ZONE_UNKNOWN", _ENGINE)]
        rules += [rule for pack in packs for rule in _rules_of(pack, channel)]
        rules.sort(key=lambda rule: REASONS.index(rule.reason))
        self.warnings = tuple(Warnings(pack.advice) for pack in packs if pack.advice)
        counting: list[Counted | Warnings] = [*self.warnings, *(rule for rule in rules if isinstance(rule, Counted))]
        self.days = max((rule.days for rule in counting), default=0)
        self.ordinary = tuple(_in_force(rule) for rule in rules if not isinstance(rule, _EXTRAORDINARY))
        self.rules = tuple(_in_force(rule) for rule in rules)


@lru_cache(maxsize=1024)
def _plan(packs: tuple[Pack, ...], channel: str) -> _Plan:
    if channel not in CHANNELS:
        raise ValueError(f"the guard knows no channel {channel!r}, only {', '.join(CHANNELS)}")
    return _Plan(packs, channel)


def _in_force(rule: Rule) -> Rule:
    """Return the rule as it binds, which may be from some day on only."""
    first = rule.origin.effective_from
    return rule if first is None else FromDay(rule, first)


def _rules_of(pack: Pack, channel: str) -> Iterator[Rule]:
    """Make the rules of a pack ready for one channel."""
    for honour in pack.honours:
        if honour.kind in ALLOWED:
            yield Protection(honour)
        else:
            yield ConvenientTime(honour, timed=channel != LETTER)
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


def _warnings(plan: _Plan, inquiry: Inquiry) -> tuple[str, ...]:
    """Return the codes of what a person should look at, though no rule forbids it."""
    words = [word for advice in plan.warnings for word in advice.of(inquiry)]
    if inquiry.from_the_future:
        words.append("FUTURE_CONTACT")
    return tuple(dict.fromkeys(words))


def _refuse(
    inquiry: Inquiry, rules: Sequence[Rule], failing: Sequence[tuple[Rule, int | None]], warnings: tuple[str, ...]
) -> Verdict:
    """Say which rules refuse and until when, and look for the moment that suits all ``rules``.

    :param failing: the rules that refuse now, each with the first minute that it names itself
    """
    # With several zones or a consent, a rule may find the minute it named too early and name another.
    settled = len(inquiry.clocks) == 1 and not inquiry.state.prior_consent
    refusals = []
    opens: int | None = inquiry.now
    for rule, named in failing:
        free = named if settled or named is None else _first_joint((rule,), inquiry, named)
        opens = None if opens is None or free is None else max(opens, free)
        refusals.append(
            Refusal(
                rule.reason,
                rule.origin.pack,
                rule.origin.source,
                rule.origin.basis,
                rule.reason in HARD_REASONS,
                None if free is None else inquiry.clock.moment(free),
                rule.detail(inquiry, inquiry.now),
            )
        )
    if opens is not None:
        opens = _first_joint([rule for rule in rules if rule.may_close(inquiry)], inquiry, opens)
    allowed_at = None if opens is None else inquiry.clock.moment(opens)
    return Verdict(refusals[0].code, tuple(refusals), allowed_at, warnings)


def _first_joint(rules: Sequence[Rule], inquiry: Inquiry, at: int) -> int | None:
    """Return the first minute from ``at`` on at which all ``rules`` say yes, ``None`` if there is none.

    No rule says yes before the minute it names, so the latest of them is never too late.
    """
    # Rules that contradict each other are given up after a year in which only they are in the way.
    state = inquiry.state
    last = inquiry.wishes(timed=True).last if state.inconvenient or state.preferred_hours else 0
    latest = max(at, last * DAY) + LOOK_AHEAD * DAY
    agreed, asked = 0, 0
    while agreed < len(rules):
        opens = rules[asked % len(rules)].opens(inquiry, at)
        if opens is None or opens > latest:
            return None
        agreed = agreed + 1 if opens == at else 0
        at, asked = opens, asked + 1
    return at
