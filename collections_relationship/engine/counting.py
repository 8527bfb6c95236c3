"""The rules that count: how many contacts in how many days, and how long after a conversation."""
from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from .clock import date_of, minute_of
from .facts import CONVERSATION, NO_ANSWER, RESIDENCE, Contact, Debts
from .inquiry import Dated, Inquiry, talked_about, touches
from .pack_parts import ATTEMPTS, CONTACTS, PER_ADDRESS, PER_DEBT, Advice, Cap, CoolDown
from .rule import Rule

#: A day before every other: nothing is in the way.
LONG_AGO = -1_000_000
ANY_DEBT: Debts = frozenset()
#: Stretches of time: their first minute, and the one after their last.
Stretches = Sequence[tuple[int, int]]


class Counted(Rule):
    """A rule that forbids more until a certain day, unless the customer agreed to more.

    :ivar days: how many days a contact matters
    """

    __slots__ = ("_consent", "_exempt", "_limit", "_particular", "_per_debt", "days")

    def __init__(self, reason: str, rule: Cap | CoolDown, limit: int, consent: bool, particular: bool) -> None:
        """Make the rule ready.

        :param limit: with so many of what it counts, it refuses
        :param particular: it binds some contacts of its channels only
        :param consent: the customer's consent to more calls lifts it
        """
        super().__init__(reason, rule.origin)
        self.days = rule.days
        self._limit = limit
        self._per_debt = rule.scope == PER_DEBT
        self._consent = consent
        self._particular = particular
        self._exempt = rule.exempt_persons

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        ask = inquiry.ask
        if not ask.asking or ask.person in self._exempt or (self._particular and not self._binds(inquiry)):
            return at
        if self._consent and inquiry.state.prior_consent:
            return max(self._opens_with_consent(inquiry, debts, at) for debts in self._debts(inquiry))
        days = self._counted(inquiry)
        if len(days) < self._limit:
            return at
        free = days[-self._limit] + self.days
        return at if free <= inquiry.clock.day(at) else inquiry.clock.start_of(free)

    def may_close(self, inquiry: Inquiry) -> bool:
        return self._consent and bool(inquiry.state.prior_consent)

    def _opens_with_consent(self, inquiry: Inquiry, debts: Debts, at: int) -> int:
        today = inquiry.clock.day(at)
        stretches = inquiry.consented(debts)
        if any(start <= at < end for start, end in stretches):
            if self._free_day(self._days(inquiry, debts, ())) > today:
                inquiry.take_leave("OK_CONSENT")
            return at
        free = self._free_day(self._days(inquiry, debts, stretches))
        if free <= today:
            return at
        return min([inquiry.clock.start_of(free), *(start for start, _end in stretches if start > at)])

    def _counted(self, inquiry: Inquiry) -> list[int]:
        """Return, in order, the days of what counts for the debt that has most; kept for the inquiry."""
        days = inquiry.memory.get(self)
        if days is None:
            consent = self._consent and inquiry.state.prior_consent
            of_debts = [
                self._days(inquiry, debts, inquiry.consented(debts) if consent else ())
                for debts in self._debts(inquiry)
            ]
            days = inquiry.memory[self] = max(of_debts, key=self._free_day)
        return days

    def _free_day(self, days: list[int]) -> int:
        """Return the first day on which one more is right, given the ``days`` of those that count."""
        return days[-self._limit] + self.days if len(days) >= self._limit else LONG_AGO

    def _debts(self, inquiry: Inquiry) -> tuple[Debts, ...]:
        return inquiry.debts if self._per_debt else (ANY_DEBT,)

    def _binds(self, inquiry: Inquiry) -> bool:
        """Tell whether the rule is about such a contact at all."""
        return True

    @abstractmethod
    def _days(self, inquiry: Inquiry, debts: Debts, consented: Stretches) -> list[int]:
        """Return, in order, the days of what counts about ``debts`` and still matters today.

        :param consented: when contacts do not count, for the customer agreed to them
        """


class FrequencyCap(Counted):
    """At most so many contacts in so many local calendar days."""

    __slots__ = ("_cap", "_plain", "_voice_consent")

    def __init__(self, cap: Cap, consent: bool, voice_consent: bool = False) -> None:
        """Make the cap ready.

        :param voice_consent: the customer's consent to recorded voices lifts it
        """
        particular = bool(
            cap.place or cap.only_prerecorded or cap.other_customers or cap.requires_prior_conversation
        )
        super().__init__(cap.reason, cap, cap.limit, consent, particular)
        self._cap = cap
        self._voice_consent = voice_consent
        self._plain = not (cap.place or cap.only_prerecorded or cap.exclude_requested or cap.threads)

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
            contact.outcome == CONVERSATION
            and contact.customer == ask.customer
            and contact.person == ask.person
            and not contact.misdirected
            for contact in inquiry.history
        )

    def _days(self, inquiry: Inquiry, debts: Debts, consented: Stretches) -> list[int]:
        cap, person = self._cap, inquiry.ask.person
        channels, mode, other_mail = cap.count, cap.mode, cap.other_mail
        persons = cap.persons if person in cap.persons else None
        oldest = inquiry.today - cap.days
        counted = [
            (day, contact)
            for day, contact in self._dated(inquiry)
            if day > oldest
            and contact.channel in channels
            and (contact.asking or other_mail)
            and (contact.connected is None or _arrived(contact, mode))
            and (mode != CONTACTS or contact.outcome != NO_ANSWER)
            and (contact.person == person if persons is None else contact.person in persons)
            and not (debts and contact.debts and debts.isdisjoint(contact.debts))
        ]
        if not self._plain or consented:
            return self._days_of(counted, consented)
        return sorted([day for day, _contact in counted])

    def _dated(self, inquiry: Inquiry) -> list[Dated]:
        if self._cap.scope != PER_ADDRESS:
            return inquiry.mine
        if self._cap.other_customers:
            return inquiry.at_address
        address = inquiry.ask.address
        return inquiry.at_address + [dated for dated in inquiry.mine if address and dated[1].address == address]

    def _days_of(self, counted: list[Dated], consented: Stretches) -> list[int]:
        """Return the days of those that count by what only some caps look at.

        The messages of a thread are one contact, on the day of the last of them.
        """
        days: list[int] = []
        threads: dict[str, int] = {}
        for day, contact in counted:
            if not self._counts(contact, consented):
                continue
            if self._cap.threads and contact.thread:
                threads[contact.thread] = max(day, threads.get(contact.thread, day))
            else:
                days.append(day)
        return sorted([*days, *threads.values()])

    def _counts(self, contact: Contact, consented: Stretches) -> bool:
        cap = self._cap
        if cap.place and not self._is_there(contact.place):
            return False
        if cap.only_prerecorded and not contact.prerecorded:
            return False
        if cap.exclude_requested and contact.requested:
            return False
        return not consented or not any(start <= minute_of(contact.at) < end for start, end in consented)

    def _is_there(self, place: str) -> bool:
        """Tell whether a contact at ``place`` is one at the cap's; what is tied to none is at home."""
        return (place or ("" if self._cap.only_place else RESIDENCE)) == self._cap.place

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        cap = self._cap
        return {
            "limit": cap.limit,
            "days": cap.days,
            "count": len(self._counted(inquiry)),
            "channels": sorted(cap.count),
            "scope": cap.scope,
        }


class ConversationCoolDown(Counted):
    """No contact for some days after a conversation, whoever began it."""

    __slots__ = ("_channel",)

    def __init__(self, cooldown: CoolDown, consent: bool) -> None:
        super().__init__("CONVERSATION_COOLDOWN", cooldown, 1, consent, particular=False)
        self._channel = cooldown.trigger_channel

    def _days(self, inquiry: Inquiry, debts: Debts, consented: Stretches) -> list[int]:
        # A conversation that was agreed to is a conversation all the same.
        return sorted(
            day
            for day, contact in inquiry.talks
            if contact.channel == self._channel and contact.asking and touches(talked_about(contact), debts)
        )

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        return {"days": self.days, "conversation_on": date_of(self._counted(inquiry)[-1])}


class Warnings:
    """Advice on what no rule forbids, but a court might."""

    __slots__ = ("_advice", "days")

    def __init__(self, advice: Advice) -> None:
        self._advice = advice
        self.days = advice.cumulative_days

    def of(self, inquiry: Inquiry) -> tuple[str, ...]:
        """Return the codes of what should be thought over before this contact is made."""
        ask, advice, today = inquiry.ask, self._advice, inquiry.today
        made = [
            (day, contact)
            for day, contact in inquiry.mine
            if contact.asking
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


def _arrived(contact: Contact, mode: str) -> bool:
    """Tell whether a contact of which it is known whether it arrived counts in a mode.

    A message laid into the voicemail, or none because it was full, has reached the telephone.
    """
    return contact.connected is True or mode == ATTEMPTS or contact.ringless or contact.voicemail_full
