"""One question to the guard, with the facts worked out that several rules look at."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from .clock import DAY, EPOCH, Clock, clock, day_of, minute_of
from .facts import CONVERSATION, IN, OUT, Ask, Consent, Contact, Debts, State
from .wishes import Wishes

#: Days for which a consent to more calls holds, the day it was given included.
CONSENT_DAYS = 7
_UTC = Clock("UTC")

#: A contact with the calendar day, since 1970, on which it fell at the customer's place.
Dated = tuple[int, Contact]


class Inquiry:
    """What is asked, what happened and what is known, ready to be judged.

    :ivar now: minute since 1970 asked about
    :ivar clocks: of every known zone of the customer, the one in which days are counted first
    :ivar unknown_zones: names of zones that nobody knows
    :ivar debts: for each debt asked about, those that are one debt with it; an empty set is any debt
    :ivar today: the customer's calendar day asked about, since 1970
    :ivar mine: what we recently sent to this customer and where we called him, wrong numbers left out
    :ivar at_address: the same for other customers at this address
    :ivar talks: recent conversations with the person asked about, whoever began them
    :ivar from_the_future: some contact is dated after the moment asked about
    :ivar leave: why a contact that a rule would refuse may pass: the first such code
    """

    __slots__ = (
        "_wishes",
        "ask",
        "at_address",
        "clock",
        "clocks",
        "debts",
        "from_the_future",
        "history",
        "leave",
        "memory",
        "mine",
        "now",
        "state",
        "talks",
        "today",
        "unknown_zones",
    )

    def __init__(self, ask: Ask, history: Sequence[Contact], state: State, days: int) -> None:
        """Work out what many rules need.

        :param days: how far back, in days, contacts matter to caps and cool-downs
        """
        self.ask, self.history, self.state = ask, history, state
        self.now = minute_of(ask.at)
        self.clocks, self.unknown_zones = _clocks(state.zones)
        self.clock = self.clocks[0]
        self.debts = _with_groups(ask.debts, state.debt_groups)
        self.leave = ""
        self._wishes: dict[bool, Wishes] = {}
        self.from_the_future = False
        self.today = self.clock.day(self.now)
        self.memory: dict[object, list[int]] = {}
        self.mine: list[Dated] = []
        self.at_address: list[Dated] = []
        self.talks: list[Dated] = []
        if days and history:
            self._sort_out(days)

    def _sort_out(self, days: int) -> None:
        """Date the contacts that may count. What is dated in the future counts like today's."""
        ask, offsets, day_at = self.ask, self.clock.offsets, self.clock.day_at
        customer, address, person = ask.customer, ask.address, ask.person
        moment = ask.at
        oldest = moment - timedelta(days=days + 2)
        for contact in self.history:
            at = contact.at
            if at < oldest or contact.misdirected:
                continue
            if at > moment:
                self.from_the_future = True
            if contact.customer == customer:
                found = self.mine
            elif address and contact.address == address:
                found = self.at_address
            else:
                continue
            # The rest of the loop is Clock.day_at, written out: this is where a night's time goes.
            since = at - EPOCH
            offset = offsets.get(since.days)
            day = day_at(at) if offset is None else since.days + (since.seconds // 60 + offset) // DAY
            if contact.direction == OUT:
                found.append((day, contact))
            if contact.outcome == CONVERSATION and contact.person == person and contact.customer == customer:
                self.talks.append((day, contact))

    def concerns(self, debts: Debts) -> bool:
        """Tell whether something known of ``debts`` concerns what is asked; empty concerns everything."""
        return not debts or any(not own or not own.isdisjoint(debts) for own in self.debts)

    def take_leave(self, code: str) -> None:
        """Note why a rule that says no is passed."""
        self.leave = self.leave or code

    def wishes(self, timed: bool) -> Wishes:
        """Return the customer's wishes that bear on this contact; kept for the inquiry.

        :param timed: the contact reaches him at the hour of sending
        """
        kept = self._wishes.get(timed)
        if kept is None:
            state, place = self.state, self.ask.place
            kept = self._wishes[timed] = Wishes(state.preferred_hours, state.inconvenient, place, timed)
        return kept

    def unanswered(self) -> list[Contact]:
        """Return the customer's messages on this channel that wait for a reply, oldest first.

        Each of our messages answers one of his that came before it. A message dated after the
        moment asked about is not there yet.
        """
        ask = self.ask
        waiting: list[Contact] = []
        mine = [contact for contact in self.history if self._is_exchange(contact)]
        for contact in sorted(mine, key=lambda one: (one.at, one.direction)):
            if contact.direction != IN:
                del waiting[:1]
            elif contact.at <= ask.at:
                waiting.append(contact)
        return waiting

    def _is_exchange(self, contact: Contact) -> bool:
        ask = self.ask
        return (
            contact.channel == ask.channel
            and contact.customer == ask.customer
            and contact.person == ask.person
            and (not contact.debts or self.concerns(contact.debts))
        )

    def consented(self, debts: Debts) -> list[tuple[int, int]]:
        """Return the stretches of time, as minutes, in which more calls about ``debts`` are agreed to."""
        if self.ask.person:
            return []
        agreed = (
            consent
            for consent in self.state.prior_consent
            if consent.at <= self.ask.at and touches(consent.debts, debts)
        )
        stretches = (self._stretch(consent, debts) for consent in agreed)
        return sorted((start, end) for start, end in stretches if start < end)

    def _stretch(self, consent: Consent, debts: Debts) -> tuple[int, int]:
        """Return the first minute at which a consent holds for ``debts``, and the one after the last."""
        given = minute_of(consent.at)
        first = self.clock.day(given)
        last = first + CONSENT_DAYS
        start, end = given + 1, self.clock.start_of(last)
        if consent.valid_on is not None:
            day = day_of(consent.valid_on)
            start = max(start, self.clock.start_of(day))
            end = min(end, self.clock.start_of(day + 1))
        talks = [
            minute_of(contact.at)
            for contact in self.history
            if contact.outcome == CONVERSATION
            and contact.channel == "call"
            and contact.at > consent.at
            and contact.customer == self.ask.customer
            and contact.person == self.ask.person
            and not contact.misdirected
            and touches(talked_about(contact), debts)
        ]
        return start, min([end, *(talk + 1 for talk in talks)])


def talked_about(contact: Contact) -> Debts:
    """Return the debts a conversation was about."""
    return contact.debts if contact.conversation_debts is None else contact.conversation_debts


def touches(debts: Debts, own: Debts) -> bool:
    """Tell whether a contact about ``debts`` is one about ``own``; what is not known is taken to be."""
    return not debts or not own or not own.isdisjoint(debts)


def _with_groups(debts: Debts, groups: Sequence[Debts]) -> tuple[Debts, ...]:
    if not groups:
        return tuple(frozenset((debt,)) for debt in debts) if len(debts) > 1 else (debts,)
    found = []
    for debt in debts:
        found.append(frozenset((debt,)).union(*(group for group in groups if debt in group)))
    return tuple(found) or (debts,)


def _clocks(zones: Sequence[str]) -> tuple[tuple[Clock, ...], tuple[str, ...]]:
    """Return the clocks of the zones that are known, at least one, and the names of the others."""
    found = [(name, clock(name)) for name in zones]
    known = tuple(each for _name, each in found if each is not None)
    unknown = tuple(name for name, each in found if each is None)
    return known or (_UTC,), unknown if zones else ("",)
