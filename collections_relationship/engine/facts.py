"""What the guard is told: what happened, what is wanted, what is known; and what it answers.

Plain values without rules. The judging is in ``guard``.
"""
from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

LETTER = "letter"
CHANNELS = ("email", "sms", "call", LETTER, "visit")
ELECTRONIC = frozenset({"email", "sms"})
IN, OUT = "in", "out"
NO_ANSWER, CONVERSATION = "no_answer", "conversation"
OUTCOMES = ("answered", NO_ANSWER, "sent", "left_message", CONVERSATION)
RESIDENCE, WORK = "residence", "work"
#: What a contact can be for, where that lets it pass some rule.
REPLY, OPT_OUT_CONFIRMATION = "reply", "opt_out_confirmation"
PURPOSES = (
    REPLY,
    OPT_OUT_CONFIRMATION,
    "remedy_notice",
    "termination_notice",
    "verification",
    "query_response",
    "debtor_request",
    "legally_required",
)
WORK_EMAIL = "work_email"
EVERY_DAY = frozenset(range(7))
MIDNIGHT = 24 * 60

#: Why a contact is refused, in the order in which the reasons are named: the first is the one shown
#: in short. What protects a person comes before what only wants another hour.
REASONS = (
    "CEASED",
    "ATTORNEY",
    "MENTAL_CAPACITY",
    "BREATHING_SPACE",
    "HARDSHIP",
    "DISPUTED",
    "OPTED_OUT",
    "WORK_EMAIL",
    "EMPLOYER_PROHIBITS",
    "MISSING_OPT_OUT_NOTICE",
    "ZONE_UNKNOWN",
    "NOTICE_WAIT",
    "HOLIDAYS_UNKNOWN",
    "HOLIDAY",
    "OUTSIDE_HOURS",
    "TZ_CONFLICT",
    "INCONVENIENT_TIME",
    "CONVERSATION_COOLDOWN",
    "FREQUENCY_CAP",
    "MINIMUM_GAP",
    "ADDRESS_GAP",
)
#: Reasons that no manager may override, however good his own.
HARD_REASONS = frozenset({"CEASED", "ATTORNEY", "MENTAL_CAPACITY", "BREATHING_SPACE", "DISPUTED", "OPTED_OUT"})

Debts = frozenset[Hashable]
NO_DEBTS: Debts = frozenset()


@dataclass(frozen=True, slots=True)
class Contact:
    """One thing that happened between us and a customer.

    :param at: aware moment
    :param channel: one of ``CHANNELS``
    :param direction: ``out`` from us, ``in`` from the customer
    :param outcome: one of ``OUTCOMES``
    :param debts: what it was about, any hashable keys; empty where unknown, which counts for all
    :param customer: any hashable key of the customer
    :param address: normalised address or number it went to, empty where unknown
    :param asking: it was about money that is owed; thanks, invoices and newsletters are not
    :param connected: ``False`` when it never arrived: busy, number out of service, mail bounced
    :param conversation_debts: what was talked about, where that differs from ``debts``
    :param misdirected: it reached somebody else by a wrong number or address
    :param requested: the customer asked for it or agreed to it
    :param ringless: a message laid into the voicemail without ringing
    :param voicemail_full: the call rang, its message found no room
    :param prerecorded: a recorded or artificial voice spoke
    :param place: ``residence`` or ``work``, empty for what is tied to no place
    :param person: whom it went to if not the customer himself, such as ``third_party``
    :param thread: key of the voluntary exchange of messages it belongs to
    """

    at: datetime
    channel: str
    direction: str = OUT
    outcome: str = "sent"
    debts: Debts = NO_DEBTS
    customer: Hashable = None
    address: str = ""
    asking: bool = True
    connected: bool | None = None
    conversation_debts: Debts | None = None
    misdirected: bool = False
    requested: bool = False
    ringless: bool = False
    voicemail_full: bool = False
    prerecorded: bool = False
    place: str = ""
    person: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """The contact wanted. Fields that ``Contact`` has too mean the same.

    :param purpose: one of ``PURPOSES`` where one fits (``reply``: to a message of the customer on
        this channel); any other word has no effect
    :param bundle_agreed: every customer at this address agreed to get messages on one day
    :param address_kind: ``work_email`` for an address known to be the employer's
    :param address_used_by_consumer: the customer wrote to us from it, or agreed to its use
    :param has_opt_out_notice: the message says how to be left in peace; ``None``: not of interest
    """

    at: datetime
    channel: str
    debts: Debts = NO_DEBTS
    customer: Hashable = None
    address: str = ""
    asking: bool = True
    purpose: str = ""
    bundle_agreed: bool = False
    place: str = ""
    person: str = ""
    address_kind: str = ""
    address_used_by_consumer: bool = False
    has_opt_out_notice: bool | None = None
    prerecorded: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the day on certain weekdays, in the customer's local time.

    :param days: weekdays, Monday is 0; with ``opens`` after ``closes`` the day it begins on
    :param opens: minute of the day it begins with
    :param closes: minute of the day it ends before; not after ``opens``: on the following day
    :param until: last date on which it holds, ``None`` without end
    :param place: it holds for contacts at this place only; empty for all
    """

    days: frozenset[int] = EVERY_DAY
    opens: int = 0
    closes: int = MIDNIGHT
    until: date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """A customer's consent, given to us directly, to be called more often than a rule allows.

    It holds for seven days from ``at``, at most until the next conversation, and with ``valid_on``
    on that date only. Without ``debts`` it is for all of them.
    """

    at: datetime
    debts: Debts = NO_DEBTS
    valid_on: date | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What is known of the customer at the moment asked about.

    :param zones: names of every time zone the signs point to; only moments right in each are
        allowed, days are counted in the first
    :param country: two-letter code, for its public holidays; empty where unknown
    :param subdivision: code of the state or region, for its holidays
    :param extra_holidays: further dates on which nobody is to be contacted
    :param holidays_complete: ``extra_holidays`` are all there are; no other list is asked for
    :param opted_out: channels the customer does not want
    :param opted_out_addresses: addresses and numbers he does not want used
    :param preferred_hours: the only times he wants; empty where he named none
    :param inconvenient: times he does not want
    :param ceased: he told us to stop; ``ceased_at`` the moment we got to know, ``ceased_debts``
        what it is about, empty for everything
    :param represented_by_attorney: speak to his lawyer; ``attorney_exception``: the lawyer agreed to
        direct contact or has been silent for too long
    :param breathing_space_until: last day of a moratorium; ``breathing_space_open_ended`` when no end
        is known; ``breathing_space_debts`` what it covers, empty for everything
    :param hardship_until: last day on which he is left alone while in hardship
    :param disputed: he contests ``disputed_debts``, empty for everything, until
        ``verification_sent_at``
    :param employer_prohibits: his employer does not allow contact at work
    :param prior_consent: consents to more calls than a rule allows
    :param debt_groups: debts that are one debt to the law, such as loans under one account number
    :param notice_sent_on: the day the first written notice was sent
    :param tcpa_prior_express_consent: he agreed to calls with a recorded voice
    """

    zones: tuple[str, ...] = ("UTC",)
    country: str = ""
    subdivision: str = ""
    extra_holidays: frozenset[date] = frozenset()
    holidays_complete: bool = False
    opted_out: frozenset[str] = frozenset()
    opted_out_addresses: frozenset[str] = frozenset()
    preferred_hours: tuple[Span, ...] = ()
    inconvenient: tuple[Span, ...] = ()
    ceased: bool = False
    ceased_at: datetime | None = None
    ceased_debts: Debts = NO_DEBTS
    represented_by_attorney: bool = False
    attorney_exception: bool = False
    mental_capacity_concern: bool = False
    breathing_space_until: date | None = None
    breathing_space_open_ended: bool = False
    breathing_space_debts: Debts = NO_DEBTS
    hardship_until: date | None = None
    disputed: bool = False
    disputed_debts: Debts = NO_DEBTS
    verification_sent_at: datetime | None = None
    employer_prohibits: bool = False
    prior_consent: tuple[Consent, ...] = ()
    debt_groups: tuple[Debts, ...] = ()
    notice_sent_on: date | None = None
    tcpa_prior_express_consent: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule that says no.

    :param code: one of ``REASONS``
    :param pack: code of the pack the rule is in
    :param source: where the rule comes from, in words
    :param basis: ``law``, ``guidance`` or ``default``
    :param hard: no manager may override it
    :param free_at: aware moment from which this rule alone says yes, ``None`` if no date cures it
    :param detail: the figures behind it, such as ``limit``, ``days``, ``count``, ``opens``
    """

    code: str
    pack: str
    source: str
    basis: str
    hard: bool
    free_at: datetime | None
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer.

    :param code: ``OK``; ``OK_CONSENT``, ``OK_REPLY_ONCE`` or ``OK_EXCEPTION`` for a contact that a
        rule would refuse without that; else the reason of the first refusal
    :param refusals: every rule that says no, in the order of ``REASONS``
    :param next_allowed_at: the first whole minute at which all rules say yes, as an aware datetime in
        the customer's zone; ``None`` when allowed, or when no date cures it
    :param warnings: advice that forbids nothing
    """

    code: str = "OK"
    refusals: tuple[Refusal, ...] = ()
    next_allowed_at: datetime | None = None
    warnings: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.refusals
