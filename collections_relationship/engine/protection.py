"""The rules that protect: what is known of the customer that forbids a contact, whatever the hour."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from .clock import day_of, minute_of
from .facts import ELECTRONIC, OPT_OUT_CONFIRMATION, REPLY, WORK, WORK_EMAIL
from .inquiry import Inquiry
from .pack_parts import HONOURS, Honour
from .rule import Rule

_Opens = Callable[[Inquiry, int], "int | None"]


class Protection(Rule):
    """One fact that forbids a contact, unless its purpose may pass."""

    __slots__ = ("_allowed", "_exceptions", "_lifted_by_verification", "_persons")

    def __init__(self, honour: Honour) -> None:
        heeded = HONOURS[honour.kind]
        super().__init__(heeded.reason, honour.origin)
        self._allowed = ALLOWED[honour.kind]
        self._exceptions = honour.exceptions
        self._lifted_by_verification = honour.kind == "disputed" and honour.lifted_by_verification
        self._persons = heeded.persons

    def opens(self, inquiry: Inquiry, at: int) -> int | None:
        if inquiry.ask.person in self._persons:
            return at
        free = self._allowed(inquiry, at)
        if free == at or self._verified(inquiry):
            return at
        leave = self._leave(inquiry)
        if not leave:
            return free
        inquiry.take_leave(leave)
        return at

    def _verified(self, inquiry: Inquiry) -> bool:
        """Tell whether a dispute is over, because the customer has been sent the evidence."""
        sent = inquiry.state.verification_sent_at
        return self._lifted_by_verification and sent is not None and sent <= inquiry.ask.at

    def _leave(self, inquiry: Inquiry) -> str:
        """Return why the contact may pass all the same, empty where it may not."""
        purpose = inquiry.ask.purpose
        if purpose not in self._exceptions:
            return ""
        if purpose == REPLY:
            return "OK_REPLY_ONCE" if inquiry.unanswered() else ""
        if purpose == OPT_OUT_CONFIRMATION and inquiry.ask.channel not in ELECTRONIC:
            return ""
        return "OK_EXCEPTION"

    def may_close(self, inquiry: Inquiry) -> bool:
        return inquiry.state.ceased_at is not None  # a cease that is still to arrive

    def detail(self, inquiry: Inquiry, at: int) -> Mapping[str, object]:
        state = inquiry.state
        if self.reason == "BREATHING_SPACE":
            return {"until": None if state.breathing_space_open_ended else state.breathing_space_until}
        if self.reason == "HARDSHIP":
            return {"until": state.hardship_until}
        if self.reason == "OPTED_OUT":
            return {"channel": inquiry.ask.channel, "address": inquiry.ask.address}
        return {}


def _after(inquiry: Inquiry, at: int, last: date | None) -> int:
    """Return the first minute from ``at`` on that lies after the day ``last``."""
    return at if last is None else max(at, inquiry.clock.start_of(day_of(last) + 1))


def _ceased(inquiry: Inquiry, at: int) -> int | None:
    state = inquiry.state
    known = state.ceased_at is None or at >= minute_of(state.ceased_at)
    return None if state.ceased and known and inquiry.concerns(state.ceased_debts) else at


def _attorney(inquiry: Inquiry, at: int) -> int | None:
    state = inquiry.state
    return None if state.represented_by_attorney and not state.attorney_exception else at


def _mental_capacity(inquiry: Inquiry, at: int) -> int | None:
    return None if inquiry.state.mental_capacity_concern else at


def _breathing_space(inquiry: Inquiry, at: int) -> int | None:
    state = inquiry.state
    if not inquiry.concerns(state.breathing_space_debts):
        return at
    return None if state.breathing_space_open_ended else _after(inquiry, at, state.breathing_space_until)


def _hardship(inquiry: Inquiry, at: int) -> int | None:
    return _after(inquiry, at, inquiry.state.hardship_until)


def _disputed(inquiry: Inquiry, at: int) -> int | None:
    state = inquiry.state
    return None if state.disputed and inquiry.concerns(state.disputed_debts) else at


def _opted_out(inquiry: Inquiry, at: int) -> int | None:
    ask, state = inquiry.ask, inquiry.state
    return None if ask.channel in state.opted_out or ask.address in state.opted_out_addresses else at


def _work_email(inquiry: Inquiry, at: int) -> int | None:
    ask = inquiry.ask
    known = ask.channel == "email" and ask.address_kind == WORK_EMAIL
    return None if known and not ask.address_used_by_consumer else at


def _employer(inquiry: Inquiry, at: int) -> int | None:
    return None if inquiry.state.employer_prohibits and inquiry.ask.place == WORK else at


def _opt_out_notice(inquiry: Inquiry, at: int) -> int | None:
    ask = inquiry.ask
    return None if ask.has_opt_out_notice is False and ask.channel in ELECTRONIC else at


#: By what a pack heeds: the first minute from one on at which the fact does not forbid the contact.
ALLOWED: Mapping[str, _Opens] = {
    "ceased": _ceased,
    "attorney": _attorney,
    "mental_capacity": _mental_capacity,
    "breathing_space": _breathing_space,
    "hardship": _hardship,
    "disputed": _disputed,
    "opted_out": _opted_out,
    "work_email": _work_email,
    "employer": _employer,
    "opt_out_notice": _opt_out_notice,
}
