"""Holds the guard to written cases: facts, what is wanted, and what the answer must be.

A lawyer's own cases can be checked as well as those kept with the project. The format is described
in the documentation of rule packs; a case with a key that is not understood is not judged but
reported, for it may say something the guard would have to know.
"""
from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TypeVar

from .calendar import UnknownZone, known_zone
from .facts import CHANNELS, EVERY_DAY, IN, OUT, OUTCOMES, RESIDENCE, WORK
from .guard import Ask, Consent, Contact, Span, State, Verdict, check
from .pack import Pack, shipped
from .pack_reader import WEEKDAYS, clock_time

MALFORMED = 2
_CASE_KEYS = frozenset({
    "id", "pack", "timezone", "history", "state", "ask", "expect",
    "description", "source", "verification", "kind", "next_uses_policy_hours",
})  # fmt: skip
_CONTACT_KEYS = frozenset({
    "at", "channel", "direction", "outcome", "debt", "also_debts", "conversation_debts", "connected", "misdirected",
    "requested", "ringless", "voicemail_full", "prerecorded", "place", "person", "thread", "to",
})  # fmt: skip
_ASK_KEYS = frozenset({
    "at", "channel", "debt", "also_debts", "purpose", "place", "person", "to", "address_kind",
    "address_used_by_consumer", "has_opt_out_notice", "prerecorded",
})  # fmt: skip
_STATE_KEYS = frozenset({
    "disputed", "disputed_debts", "verification_sent_at", "ceased", "ceased_at", "ceased_debts", "opted_out",
    "breathing_space_until", "breathing_space_debts", "breathing_space_open_ended", "hardship_until",
    "represented_by_attorney", "attorney_exception", "mental_capacity_concern", "employer_prohibits",
    "preferred_hours", "inconvenient", "alt_timezones", "holiday", "prior_consent", "debt_groups",
    "notice_sent_on", "tcpa_prior_express_consent",
})  # fmt: skip
_EXPECT_KEYS = frozenset({"allowed", "reason_code", "next_allowed_at", "next_allowed_at_utc", "warnings"})
_SPAN_KEYS = frozenset({"days", "from", "to", "until", "place"})
_CONSENT_KEYS = frozenset({"at", "debt", "valid_on"})
#: Words for the person the contact is about; everybody else is named.
_CUSTOMER_WORDS = ("", "consumer", "debtor", "customer")
_Value = TypeVar("_Value")
_Table = Mapping[str, object]


class CaseError(ValueError):
    """A case, or the file, cannot be read; the text says why."""


@dataclass(frozen=True)
class Case:
    """One written case, ready to be judged."""

    name: str
    zone: str
    packs: tuple[Pack, ...]
    ask: Ask
    history: tuple[Contact, ...]
    state: State
    expect: _Table

    def verdict(self) -> Verdict:
        """Ask the guard."""
        return check(self.ask, self.history, self.state, self.packs)

    def complaints(self) -> list[str]:
        """Return what the guard answers differently from what is expected, a few words each."""
        verdict = self.verdict()
        opens = verdict.next_allowed_at
        answered = {
            "allowed": verdict.allowed,
            "reason_code": verdict.code,
            "next_allowed_at": opens and opens.replace(tzinfo=None).isoformat(),
            "next_allowed_at_utc": opens and opens.astimezone(timezone.utc).replace(tzinfo=None).isoformat() + "Z",
        }
        return [
            f"{key} is {answer}, expected {self.expect[key]}"
            for key, answer in answered.items()
            if key in self.expect and self.expect[key] != answer
        ]


def read(path: Path) -> list[object]:
    """Return the cases of a file, not yet looked into.

    :raises CaseError: the file cannot be read, or is no list of cases
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}: not text in UTF-8") from error
    except json.JSONDecodeError as error:
        raise CaseError(f"{path}: not JSON, line {error.lineno}, column {error.colno}: {error.msg}") from error
    if not isinstance(content, list) or not content:
        raise CaseError(f"{path}: expected a list of cases in brackets")
    return content


def case_of(content: object, packs: Mapping[str, Pack]) -> Case:
    """Make a case from its JSON.

    :raises CaseError: something is missing, unknown or of the wrong kind
    """
    try:
        table = _keys(content, _CASE_KEYS, "the case", ("pack", "timezone", "ask", "expect"))
        zone = _word(table["timezone"])
        place = _In(zone)
        ask = _keys(table["ask"], _ASK_KEYS, "ask", ("at", "channel"))
        expect = _keys(table["expect"], _EXPECT_KEYS, "expect", ("allowed",))
        return Case(
            name=name_of(content),
            zone=zone,
            packs=_packs(_word(table["pack"]), packs),
            ask=_ask(ask, place),
            history=tuple(_contact(entry, place) for entry in _list(table.get("history"))),
            state=_state(_keys(table.get("state") or {}, _STATE_KEYS, "state"), place),
            expect=expect,
        )
    except (ValueError, KeyError) as error:
        raise CaseError(str(error)) from error


def name_of(content: object) -> str:
    """Return the name of a case for the reader, even of one that cannot be read."""
    return str(content.get("id", "without id")) if isinstance(content, Mapping) else "no case"


class _In:
    """Reads moments and dates as wall time of a zone."""

    def __init__(self, zone: str) -> None:
        try:
            self._zone, self.name = known_zone(zone), zone
        except UnknownZone as error:
            raise ValueError(f"timezone: nobody knows the zone {zone!r}") from error

    def moment(self, value: object) -> datetime:
        try:
            moment = datetime.fromisoformat(_word(value).replace("Z", "+00:00"))
        except ValueError as error:
            raise ValueError(f"{value!r} is no moment such as \"2026-06-01T10:00:00\"") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)


def _packs(names: str, packs: Mapping[str, Pack]) -> tuple[Pack, ...]:
    unknown = [name for name in names.split("+") if name not in packs]
    if unknown:
        raise ValueError(f"pack: nobody knows the pack {unknown[0]!r}; there are {', '.join(packs)}")
    return tuple(packs[name] for name in names.split("+"))


def _ask(table: _Table, place: _In) -> Ask:
    return Ask(
        at=place.moment(table["at"]),
        channel=_one_of(table["channel"], CHANNELS, "channel"),
        debts=_debts(table),
        address=_word(table.get("to")),
        purpose=_word(table.get("purpose")),
        place=_one_of(table.get("place") or "", ("", RESIDENCE, WORK), "place"),
        person=_person(table),
        address_kind=_word(table.get("address_kind")),
        address_used_by_consumer=_flag(table, "address_used_by_consumer"),
        has_opt_out_notice=None if table.get("has_opt_out_notice") is None else _flag(table, "has_opt_out_notice"),
        prerecorded=_flag(table, "prerecorded"),
    )


def _contact(content: object, place: _In) -> Contact:
    table = _keys(content, _CONTACT_KEYS, "history", ("at", "channel"))
    talked = table.get("conversation_debts")
    return Contact(
        at=place.moment(table["at"]),
        channel=_one_of(table["channel"], CHANNELS, "channel"),
        direction=_one_of(table.get("direction") or OUT, (IN, OUT), "direction"),
        outcome=_one_of(table.get("outcome") or "sent", OUTCOMES, "outcome"),
        debts=_debts(table),
        address=_word(table.get("to")),
        connected=None if table.get("connected") is None else _flag(table, "connected"),
        conversation_debts=None if talked is None else _words(talked),
        misdirected=_flag(table, "misdirected"),
        requested=_flag(table, "requested"),
        ringless=_flag(table, "ringless"),
        voicemail_full=_flag(table, "voicemail_full"),
        prerecorded=_flag(table, "prerecorded"),
        place=_one_of(table.get("place") or "", ("", RESIDENCE, WORK), "place"),
        person=_person(table),
        thread=_word(table.get("thread")),
    )


def _state(table: _Table, place: _In) -> State:
    refused = _words(table.get("opted_out"))
    return State(
        zones=(place.name, *(_word(name) for name in _list(table.get("alt_timezones")))),
        extra_holidays=frozenset(_date(day) for day in _list(table.get("holiday"))),
        holidays_complete=True,
        opted_out=frozenset(word for word in refused if word in CHANNELS),
        opted_out_addresses=frozenset(word for word in refused if word not in CHANNELS),
        preferred_hours=_spans(table, "preferred_hours"),
        inconvenient=_spans(table, "inconvenient"),
        ceased=_flag(table, "ceased"),
        ceased_at=_optional(table, "ceased_at", place.moment),
        ceased_debts=_words(table.get("ceased_debts")),
        represented_by_attorney=_flag(table, "represented_by_attorney"),
        attorney_exception=_flag(table, "attorney_exception"),
        mental_capacity_concern=_flag(table, "mental_capacity_concern"),
        breathing_space_until=_optional(table, "breathing_space_until", _date),
        breathing_space_open_ended=_flag(table, "breathing_space_open_ended"),
        breathing_space_debts=_words(table.get("breathing_space_debts")),
        hardship_until=_optional(table, "hardship_until", _date),
        disputed=_flag(table, "disputed"),
        disputed_debts=_words(table.get("disputed_debts")),
        verification_sent_at=_optional(table, "verification_sent_at", place.moment),
        employer_prohibits=_flag(table, "employer_prohibits"),
        prior_consent=tuple(_consent(entry, place) for entry in _list(table.get("prior_consent"))),
        debt_groups=tuple(_words(group) for group in _list(table.get("debt_groups"))),
        notice_sent_on=_optional(table, "notice_sent_on", _date),
        tcpa_prior_express_consent=_flag(table, "tcpa_prior_express_consent"),
    )


def _consent(content: object, place: _In) -> Consent:
    table = _keys(content, _CONSENT_KEYS, "prior_consent", ("at",))
    return Consent(place.moment(table["at"]), _debts(table), _optional(table, "valid_on", _date))


def _spans(state: _Table, key: str) -> tuple[Span, ...]:
    return tuple(_span(_keys(entry, _SPAN_KEYS, key)) for entry in _list(state.get(key)))


def _span(table: _Table) -> Span:
    names = _list(table.get("days"))
    days = frozenset(WEEKDAYS.index(_one_of(name, WEEKDAYS, "days")) for name in names)
    return Span(
        days=days or EVERY_DAY,
        opens=clock_time(table.get("from") or "00:00"),
        closes=clock_time(table.get("to") or "24:00"),
        until=_optional(table, "until", _date),
        place=_one_of(table.get("place") or "", ("", RESIDENCE, WORK), "place"),
    )


def _keys(content: object, known: Iterable[str], where: str, needed: Sequence[str] = ()) -> _Table:
    if not isinstance(content, Mapping):
        raise ValueError(f"{where}: expected an object in braces")
    for key in content:
        if key not in known:
            raise ValueError(f"{where}: unknown key {key!r}")
    for key in needed:
        if content.get(key) is None:
            raise ValueError(f"{where}: {key!r} is missing")
    return content


def _list(value: object) -> Sequence[object]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ValueError(f"expected a list in brackets, found {value!r}")
    return value


def _word(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"expected text in quotes, found {value!r}")
    return value


def _words(value: object) -> frozenset[str]:
    return frozenset(_word(entry) for entry in _list(value))


def _debts(table: _Table) -> frozenset[str]:
    debt = table.get("debt")
    own = frozenset() if debt is None else frozenset({_word(debt)})
    return own | _words(table.get("also_debts"))


def _person(table: _Table) -> str:
    person = _word(table.get("person"))
    return "" if person in _CUSTOMER_WORDS else person


def _flag(table: _Table, key: str) -> bool:
    value = table.get(key)
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{key}: expected true or false, found {value!r}")
    return bool(value)


def _one_of(value: object, words: Sequence[str], key: str) -> str:
    if value not in words:
        raise ValueError(f"{key}: {value!r} is not known; use one of: {', '.join(filter(None, words))}")
    return str(value)


def _date(value: object) -> date:
    try:
        return date.fromisoformat(_word(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is no date such as \"2026-06-01\"") from error


def _optional(table: _Table, key: str, read_value: Callable[[object], _Value]) -> _Value | None:
    value = table.get(key)
    return None if value is None else read_value(value)


def main(arguments: Sequence[str]) -> int:
    """Judge the cases of the file named; print a line for each that fails, and a summary.

    :return: 0 if all are right, 1 if some fail, 2 if the file cannot be read
    """
    try:
        contents = read(Path(arguments[0]))
    except CaseError as error:
        print(f"error: {error}", file=sys.stderr)
        return MALFORMED
    packs = shipped()
    failed = 0
    for content in contents:
        try:
            complaints = case_of(content, packs).complaints()
        except CaseError as error:
            complaints = [f"cannot be judged: {error}"]
        if complaints:
            failed += 1
            print(f"{name_of(content)}: {'; '.join(complaints)}")
    print(f"{len(contents) - failed} of {len(contents)} cases right")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
