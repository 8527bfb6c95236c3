"""The rules that count: how many contacts in how many days, and how long after a conversation."""
from __future__ import annotations

from collections.abc import Mapping

from .clock import date_of, minute_of
from .facts import CONVERSATION, NO_ANSWER, OUT, RESIDENCE, Contact, Debts
from .inquiry import Inquiry, talked_about, touches
from .pack_parts import CONNECTED, CONTACTS, PER_ADDRESS, PER_DEBT, Advice, Cap, CoolDown
from .rule import Rule

#: A day before every other: nothing is in the way.
LONG_AGO = -1_000_000
ANY_DEBT: Debts = frozenset()


class Counted(Rule):
    """A rule that forbids more until a certain day, unless the customer agreed to more.

    :ivar days: how many days a contact matters
    """

    __slots__ = ("_consent", "_per_debt", "days")

    def __init__(self, reason: str, rule: Cap | CoolDown, consent: bool) -> None:
        """Make the rule ready.

        :param consent: the customer's consent to more calls lifts it
        """
        super().__init__(reason, rule.origin)
        self.days = rule.days
        self._consent = consent
        self._per_debt = rule.scope == PER_DEBT

    def _opens(self, inquiry: Inquiry, at: int) -> int | None:
        if not inquiry.ask.asking or not self._binds(inquiry):
            return at
        free = self._free(inquiry)
        today = inquiry.clock.day(at)
        if not (self._consent and inquiry.state.prior_consent):
            return at if free <= today else inquiry.clock.start_of(free)
        return max(self._opens_with_consent(inquiry, debts, at, today) for debts in self._debts(inquiry))

    def _opens_with_consent(self, inquiry: Inquiry, debts: Debts, at: int, today: int) -> int:
        stretches = inquiry.consented(debts)
        free = self._free_day(inquiry, debts, stretches)
        if any(start <= at < end for start, end in stretches):
            if self._free_day(inquiry, debts, []) > today:
                inquiry.take_leave("OK_CONSENT")
            return at
        if free <= today:
            return at
        return min([inquiry.clock.start_of(free), *(start for start, _end in stretches if start > at)])

    def _free(self, inquiry: Inquiry) -> int:
        """Return the first day on which one more is right, worked out once for each inquiry."""
        free = inquiry.memory.get(self)
        if free is None:
            free = max(self._free_day(inquiry, debts, []) for debts in self._debts(inquiry))
            inquiry.memory[self] = free
        return free

    def _debts(self, inquiry: Inquiry) -> tuple[Debts, ...]:
        return inquiry.debts if self._per_debt else (ANY_DEBT,)

    def _binds(self, inquiry: Inquiry) -> bool:
        """Tell whether the rule is about such a contact at all."""
        raise NotImplementedError

    def _free_day(self, inquiry: Inquiry, debts: Debts, consented: list[tuple[int, int]]) -> int:
        """Return the first day on which one more about ``debts`` is right.

        :param consented: minutes in which contacts do not count, for the customer agreed to them
        """
        raise NotImplementedError


class FrequencyCap(Counted):
    """At most so many contacts in so many local calendar days."""

    __slots__ = ("_cap", "_voice_consent")

    def __init__(self, cap: Cap, consent: bool, voice_consent: bool = False) -> None:
        """Make the cap ready.

        :param voice_consent: the customer's consent to recorded voices lifts it
        """
        super().__init__(cap.reason, cap, consent)
        self._cap = cap
        self._voice_consent = voice_consent

    def _binds(self, inquiry: Inquiry) -> bool:
        cap, ask = self._cap, inquiry.ask
        if cap.place and not self._is_there(ask.place):
            return False
        if cap.only_prerecorded and not ask.prerecorded:
            return False
        if self._voice_consent and inquiry.state.tcpa_prior_express_consent:
            return False
        if cap.other_customers and ask.bundle_agreed:
            return False
        return not cap.requires_prior_conversation or any(
            contact.outcome == CONVERSATION and contact.customer == ask.customer and contact.person == ask.person
            for contact in inquiry.history
        )

    def _free_day(self, inquiry: Inquiry, debts: Debts, consented: list[tuple[int, int]]) -> int:
        days = self._days(inquiry, debts, consented)
        if len(days) < self._cap.limit:
            return LONG_AGO
        days.sort()
        return days[-self._cap.limit] + self._cap.days

    def _days(self, inquiry: Inquiry, debts: Debts, consented: list[tuple[int, int]]) -> list[int]:
        """Return the day of each contact that counts; a thread's is that of its last message."""
        cap, ask = self._cap, inquiry.ask
        channels, made, arrived = cap.count, cap.mode == CONTACTS, cap.mode == CONNECTED
        person, other_mail = ask.person, cap.other_mail
        persons = cap.persons if person in cap.persons else frozenset((person,))
        special = bool(cap.place or cap.only_prerecorded or cap.exclude_requested or consented)
        days: list[int] = []
        threads: dict[str, int] = {}
        for day, contact in self._dated(inquiry):
            if (
                contact.channel not in channels
                or contact.direction != OUT
                or contact.misdirected
                or not (contact.asking or other_mail)
                or contact.person not in persons
            ):
                continue
            if contact.connected is False and (made or arrived) and not _rang(contact):
                continue
            if made and contact.outcome == NO_ANSWER:
                continue
            if debts and contact.debts and debts.isdisjoint(contact.debts):
                continue
            if special and not self._counts(contact, consented):
                continue
            if cap.threads and contact.thread:
                threads[contact.thread] = max(day, threads.get(contact.thread, day))
            else:
                days.append(day)
        days.extend(threads.values())
        return days

    def _dated(self, inquiry: Inquiry) -> list[tuple[int, Contact]]:
        if self._cap.scope != PER_ADDRESS:
            return inquiry.mine
        if self._cap.other_customers:
            return inquiry.at_address
        address = inquiry.ask.address
        return inquiry.at_address + [dated for dated in inquiry.mine if address and dated[1].address == address]

    def _counts(self, contact: Contact, consented: list[tuple[int, int]]) -> bool:
        cap = self._cap
        if cap.place and not self._is_there(contact.place):
            return False
        if cap.only_prerecorded and not contact.prerecorded:
            return False
        if cap.exclude_requested and contact.requested:
            return False
        return not any(start <= minute_of(contact.at) < end for start, end in consented)

    def _is_there(self, place: str) -> bool:
        """Tell whether a contact at ``place`` is one at the cap's; what is tied to none is at home."""
        return (place or ("" if self._cap.only_place else RESIDENCE)) == self._cap.place

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        cap, today = self._cap, inquiry.clock.day(at)
        counts = []
        for debts in self._debts(inquiry):
            consented = inquiry.consented(debts) if self._consent else []
            counts.append(sum(day > today - cap.days for day in self._days(inquiry, debts, consented)))
        return {
            "limit": cap.limit,
            "days": cap.days,
            "count": max(counts),
            "channels": sorted(cap.count),
            "scope": cap.scope,
        }


class ConversationCoolDown(Counted):
    """No contact for some days after a conversation, whoever began it."""

    __slots__ = ("_cooldown",)

    def __init__(self, cooldown: CoolDown, consent: bool) -> None:
        super().__init__("CONVERSATION_COOLDOWN", cooldown, consent)
        self._cooldown = cooldown

    def _binds(self, inquiry: Inquiry) -> bool:
        return True

    def _free_day(self, inquiry: Inquiry, debts: Debts, consented: list[tuple[int, int]]) -> int:
        # A conversation that was agreed to is a conversation all the same.
        return self._last_talk(inquiry, debts) + self._cooldown.days

    def _last_talk(self, inquiry: Inquiry, debts: Debts) -> int:
        channel, person = self._cooldown.trigger_channel, inquiry.ask.person
        last = LONG_AGO
        for day, contact in inquiry.mine:
            if (
                contact.outcome == CONVERSATION
                and day > last
                and contact.channel == channel
                and not contact.misdirected
                and contact.asking
                and contact.person == person
                and touches(talked_about(contact), debts)
            ):
                last = day
        return last

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        last = max(self._last_talk(inquiry, debts) for debts in self._debts(inquiry))
        return {"days": self._cooldown.days, "conversation_on": date_of(last)}


class Warnings:
    """Advice on what no rule forbids, but a court might."""

    __slots__ = ("_advice", "days")

    def __init__(self, advice: Advice) -> None:
        self._advice = advice
        self.days = advice.cumulative_days

    def of(self, inquiry: Inquiry) -> tuple[str, ...]:
        """Return the codes of what should be thought over before this contact is made."""
        ask, advice = inquiry.ask, self._advice
        today = inquiry.clock.day(inquiry.now)
        made = [
            (day, contact)
            for day, contact in inquiry.mine
            if contact.direction == OUT
            and contact.asking
            and not contact.misdirected
            and contact.person == ask.person
            and any(touches(contact.debts, debts) for debts in inquiry.debts)
        ]
        alike = sum(day == today and contact.channel == ask.channel for day, contact in made)
        recent = sum(day > today - advice.cumulative_days for day, _contact in made)
        found = []
        if alike + 1 >= advice.concentrated:
            found.append("CONCENTRATED_PATTERN")
        if recent + 1 >= advice.cumulative:
            found.append("CUMULATIVE_CONTACT")
        return tuple(found)


def _rang(contact: Contact) -> bool:
    """A message laid into the voicemail, or none because it was full, reached the telephone."""
    return contact.ringless or contact.voicemail_full
