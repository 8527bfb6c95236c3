"""Holds the guard to written cases: facts, what is wanted, and what the answer must be.

A lawyer's own cases can be checked as well as those kept with the project. The format is described
in the documentation of rule packs. A case with a key that is not understood is not judged but
reported: it may say something the guard would have to know.
"""
from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from .calendar import UnknownZone, known_zone
from .facts import CHANNELS, EVERY_DAY, IN, MIDNIGHT, NO_DEBTS, OUT, OUTCOMES, RESIDENCE, WORK
from .guard import Ask, Consent, Contact, Span, State, Verdict, check
from .pack import Pack, parse, shipped
from .values import (
    NO_WORDS,
    WEEKDAYS,
    ContentError,
    Table,
    calendar_date,
    clock_time,
    each,
    flag,
    items,
    one_of,
    parse_json,
    some_of,
    text,
    texts,
)

MALFORMED = 2
#: Keys for the reader of the case only.
_REMARKS = ("description", "source", "verification", "kind", "next_uses_policy_hours")
#: Words for the person the contact is about; everybody else is named.
_CUSTOMER_WORDS = ("", "consumer", "debtor", "customer")


@dataclass(frozen=True)
class Case:
    """One written case, ready to be judged."""

    ask: Ask
    history: tuple[Contact, ...]
    state: State
    packs: tuple[Pack, ...]
    expect: Mapping[str, object]

    def verdict(self) -> Verdict:
        """Ask the guard."""
        return check(self.ask, self.history, self.state, self.packs)

    def complaints(self) -> list[str]:
        """Return in what the guard's answer differs from what is expected, a few words each."""
        verdict = self.verdict()
        opens = verdict.next_allowed_at
        answers = {
            "allowed": verdict.allowed,
            "reason_code": verdict.code,
            "next_allowed_at": opens and opens.replace(tzinfo=None).isoformat(),
            "next_allowed_at_utc": opens and opens.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        return [
            f"{key} is {answer}, expected {self.expect[key]}"
            for key, answer in answers.items()
            if key in self.expect and self.expect[key] != answer
        ]


def read(path: Path) -> Sequence[object]:
    """Return the cases of a file, not yet looked into.

    :raises ContentError: the file cannot be read, or is no list of cases
    """
    content = _text_of(path)
    try:
        cases = items(parse_json(content))
    except ValueError as error:
        raise ContentError(f"{path}: {error}") from error
    if not cases:
        raise ContentError(f"{path}: holds no case")
    return cases


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ContentError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ContentError(f"{path}: not text in UTF-8") from error


def case_of(content: object, packs: Mapping[str, Pack]) -> Case:
    """Make a case from its JSON.

    :raises ContentError: something is missing, unknown or of the wrong kind
    """
    table = Table(content, "the case")
    zone = table.need("timezone", _zone)
    place = _Place(zone)
    state = table.raw("state")
    case = Case(
        ask=place.ask(Table(table.need("ask", _anything), "ask")),
        history=tuple(place.contact(Table(entry, "history")) for entry in table.list("history")),
        state=place.state(Table({} if state is None else state, "state")),
        packs=_packs(table, packs),
        expect=_expectation(Table(table.need("expect", _anything), "expect")),
    )
    for remark in ("id", *_REMARKS):
        table.raw(remark)
    table.finish()
    return case


def name_of(content: object) -> str:
    """Return the name of a case for the reader, even of one that cannot be read."""
    return str(content.get("id", "without id")) if isinstance(content, Mapping) else "no case"


class _Place:
    """Reads what happened at the customer's place: times without an offset are its wall time."""

    def __init__(self, zone: str) -> None:
        self._name, self._zone = zone, known_zone(zone)

    def moment(self, value: object) -> datetime:
        """Read a moment such as "2026-06-01T10:00:00".

        :raises ValueError: it is something else
        """
        try:
            moment = datetime.fromisoformat(text(value).replace("Z", "+00:00"))
        except ValueError as error:
            raise ValueError(f'{value!r} is no moment such as "2026-06-01T10:00:00"') from error
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)

    def ask(self, table: Table) -> Ask:
        """Read the contact wanted."""
        ask = Ask(
            at=table.need("at", self.moment),
            channel=table.need("channel", one_of(CHANNELS)),
            debts=_debts(table),
            address=table.take("to", text, ""),
            purpose=table.take("purpose", text, ""),
            place=table.take("place", _where, ""),
            person=table.take("person", _person, ""),
            address_kind=table.take("address_kind", text, ""),
            address_used_by_consumer=table.take("address_used_by_consumer", flag, False),
            has_opt_out_notice=table.take("has_opt_out_notice", flag, None),
            prerecorded=table.take("prerecorded", flag, False),
        )
        table.finish()
        return ask

    def contact(self, table: Table) -> Contact:
        """Read something that happened."""
        contact = Contact(
            at=table.need("at", self.moment),
            channel=table.need("channel", one_of(CHANNELS)),
            direction=table.take("direction", one_of((OUT, IN)), OUT),
            outcome=table.take("outcome", one_of(OUTCOMES), "sent"),
            debts=_debts(table),
            address=table.take("to", text, ""),
            connected=table.take("connected", flag, None),
            conversation_debts=table.take("conversation_debts", texts, None),
            misdirected=table.take("misdirected", flag, False),
            requested=table.take("requested", flag, False),
            ringless=table.take("ringless", flag, False),
            voicemail_full=table.take("voicemail_full", flag, False),
            prerecorded=table.take("prerecorded", flag, False),
            place=table.take("place", _where, ""),
            person=table.take("person", _person, ""),
            thread=table.take("thread", text, ""),
        )
        table.finish()
        return contact

    def state(self, table: Table) -> State:
        """Read what is known; the holidays named are all there are."""
        unwanted = table.take("opted_out", texts, NO_WORDS)
        others = table.take("alt_timezones", each(text), ())
        state = State(
            zones=(self._name, *others),
            extra_holidays=frozenset(table.take("holiday", each(calendar_date), ())),
            holidays_complete=True,
            opted_out=unwanted.intersection(CHANNELS),
            opted_out_addresses=unwanted.difference(CHANNELS),
            preferred_hours=_spans(table, "preferred_hours"),
            inconvenient=_spans(table, "inconvenient"),
            ceased=table.take("ceased", flag, False),
            ceased_at=table.take("ceased_at", self.moment, None),
            ceased_debts=table.take("ceased_debts", texts, NO_DEBTS),
            represented_by_attorney=table.take("represented_by_attorney", flag, False),
            attorney_exception=table.take("attorney_exception", flag, False),
            mental_capacity_concern=table.take("mental_capacity_concern", flag, False),
            breathing_space_until=table.take("breathing_space_until", calendar_date, None),
            breathing_space_open_ended=table.take("breathing_space_open_ended", flag, False),
            breathing_space_debts=table.take("breathing_space_debts", texts, NO_DEBTS),
            hardship_until=table.take("hardship_until", calendar_date, None),
            disputed=table.take("disputed", flag, False),
            disputed_debts=table.take("disputed_debts", texts, NO_DEBTS),
            verification_sent_at=table.take("verification_sent_at", self.moment, None),
            employer_prohibits=table.take("employer_prohibits", flag, False),
            prior_consent=tuple(self.consent(Table(entry, "prior_consent")) for entry in table.list("prior_consent")),
            debt_groups=table.take("debt_groups", each(texts), ()),
            notice_sent_on=table.take("notice_sent_on", calendar_date, None),
            tcpa_prior_express_consent=table.take("tcpa_prior_express_consent", flag, False),
        )
        table.finish()
        return state

    def consent(self, table: Table) -> Consent:
        """Read a consent to more calls."""
        consent = Consent(
            at=table.need("at", self.moment),
            debts=_debts(table),
            valid_on=table.take("valid_on", calendar_date, None),
        )
        table.finish()
        return consent


def _packs(table: Table, packs: Mapping[str, Pack]) -> tuple[Pack, ...]:
    names = table.need("pack", text).split("+")
    for name in names:
        if name not in packs:
            raise table.fail("pack", f"there is no {name!r}, only {', '.join(packs)}")
    return tuple(packs[name] for name in names)


def _expectation(table: Table) -> Mapping[str, object]:
    keys = ("allowed", "reason_code", "next_allowed_at", "next_allowed_at_utc", "warnings")
    expect = {key: table.raw(key) for key in keys if key in table}
    table.finish()
    if "allowed" not in expect:
        raise table.fail("allowed", "is missing; add it")
    return expect


def _spans(table: Table, key: str) -> tuple[Span, ...]:
    content = table.raw(key)
    if content is None:
        return ()
    entries = [content] if isinstance(content, Mapping) else items(content)
    return tuple(_span(Table(entry, key)) for entry in entries)


def _span(table: Table) -> Span:
    days = table.take("days", some_of(WEEKDAYS), NO_WORDS)
    span = Span(
        days=frozenset(WEEKDAYS.index(day) for day in days) or EVERY_DAY,
        opens=table.take("from", clock_time, 0),
        closes=table.take("to", clock_time, MIDNIGHT),
        until=table.take("until", calendar_date, None),
        place=table.take("place", _where, ""),
    )
    table.finish()
    return span


def _debts(table: Table) -> frozenset[str]:
    debt = table.take("debt", text, "")
    return table.take("also_debts", texts, NO_WORDS).union((debt,) if debt else ())


def _zone(value: object) -> str:
    try:
        return known_zone(text(value)).key
    except UnknownZone as error:
        raise ValueError(f"there is no time zone {value!r}") from error


def _where(value: object) -> str:
    return one_of(("", RESIDENCE, WORK))(value)


def _person(value: object) -> str:
    return "" if value in _CUSTOMER_WORDS else text(value)


def _anything(value: object) -> object:
    return value


def main(arguments: Sequence[str]) -> int:
    """Judge the cases of the file named; write a line for each that fails, and a summary.

    :return: 0 if all are right, 1 if some fail, 2 if a file cannot be read
    """
    options = _parse(arguments)
    try:
        contents = read(options.cases)
        packs = {**shipped(), **{path.stem: parse(_text_of(path), path.stem) for path in options.pack}}
    except ValueError as error:
        sys.stderr.write(f"error: {error}\n")
        return MALFORMED
    for code in dict.fromkeys(path.stem for path in options.pack):
        if code in shipped():
            sys.stdout.write(f"{code}: your file takes the place of the pack shipped under this name\n")
    failed = 0
    for content in contents:
        try:
            complaints = case_of(content, packs).complaints()
        except ValueError as error:
            complaints = [f"cannot be judged: {error}"]
        if complaints:
            failed += 1
            sys.stdout.write(f"{name_of(content)}: {'; '.join(complaints)}\n")
    sys.stdout.write(f"{len(contents) - failed} of {len(contents)} cases right\n")
    return int(failed > 0)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="setup/guard-check", description="Hold the guard to written cases.")
    parser.add_argument("cases", type=Path, metavar="CASES.json", help="a list of cases, see docs/rule-packs.md")
    parser.add_argument(
        "--pack", type=Path, action="append", default=[], metavar="FILE.json", help="a rule pack beside those shipped"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
