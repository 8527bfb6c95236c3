"""The parts of a rule pack: what a rule says, and where it comes from.

Values only. ``pack_reader`` makes them from a file, ``rules`` and ``counting`` judge by them.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .facts import CHANNELS

LAW, GUIDANCE, DEFAULT = "law", "guidance", "default"
#: How well a figure was checked: read in the source itself, in a report on it, or not at all.
VERIFIED, SECONDARY, UNVERIFIED = "yes", "secondary", "no"

PER_DEBT, PER_PERSON, PER_ADDRESS = "debt", "person", "address"
#: What a cap counts: every attempt; those that arrived, were it by ringing; those that reached a
#: person or left something for him.
ATTEMPTS, CONNECTED, CONTACTS = "attempt", "connected", "contact"


@dataclass(frozen=True)
class Heeded:
    """Something known of a customer that a pack can heed.

    :param reason: the reason of its refusal
    :param exceptions: purposes that pass all the same, unless the pack says otherwise
    :param persons: persons it does not keep from being contacted
    """

    reason: str
    exceptions: tuple[str, ...] = ()
    persons: frozenset[str] = frozenset()


_SERVICE = ("query_response", "debtor_request", "legally_required")
_ADVISER = frozenset({"debt_adviser"})
HONOURS: Mapping[str, Heeded] = {
    "ceased": Heeded("CEASED", ("termination_notice", "remedy_notice")),
    "attorney": Heeded("ATTORNEY", ("reply",), frozenset({"attorney"})),
    "mental_capacity": Heeded("MENTAL_CAPACITY"),
    "breathing_space": Heeded("BREATHING_SPACE", _SERVICE, _ADVISER),
    "hardship": Heeded("HARDSHIP", _SERVICE, _ADVISER),
    "disputed": Heeded("DISPUTED", ("verification",)),
    "opted_out": Heeded("OPTED_OUT", ("opt_out_confirmation", "reply", "legally_required")),
    "work_email": Heeded("WORK_EMAIL"),
    "employer": Heeded("EMPLOYER_PROHIBITS"),
    "opt_out_notice": Heeded("MISSING_OPT_OUT_NOTICE"),
    "inconvenient": Heeded("INCONVENIENT_TIME", ("reply",)),
}
#: What lifts a pack's caps instead of refusing: consent to more calls, consent to recorded voices.
CONSENTS = ("consent", "tcpa_consent")

#: Open stretches of a day as (first minute, minute after the last), and those of Monday to Sunday.
Day = tuple[tuple[int, int], ...]
Week = tuple[Day, Day, Day, Day, Day, Day, Day]


@dataclass(frozen=True)
class Origin:
    """Where a rule comes from.

    :param pack: code of its pack
    :param source: the legal source, or the house's own, in words
    :param url: where it can be read
    :param basis: ``LAW``, ``GUIDANCE`` or ``DEFAULT``
    :param verified: ``VERIFIED``, ``SECONDARY`` or ``UNVERIFIED``
    :param review_date: when somebody should look at it again
    :param effective_from: first day on which it binds
    """

    pack: str
    source: str = ""
    url: str = ""
    basis: str = DEFAULT
    verified: str = UNVERIFIED
    review_date: date | None = None
    effective_from: date | None = None


@dataclass(frozen=True)
class Hours:
    """When a channel is open; a channel that is not named is never closed.

    :param by_place: hours at a place instead, by (channel, place)
    """

    origin: Origin
    by_channel: Mapping[str, Week]
    by_place: Mapping[tuple[str, str], Week] = field(default_factory=dict)

    def binds(self, channel: str) -> bool:
        """Tell whether a channel has hours, be it at some place only."""
        return channel in self.by_channel or any(bound == channel for bound, _place in self.by_place)


@dataclass(frozen=True)
class Holidays:
    """Channels that rest on public holidays.

    :param country: whose holidays; empty for those of the customer's country
    :param subdivision: of which part of that country; empty for the customer's own part
    :param national: only the holidays of the whole country
    """

    origin: Origin
    channels: frozenset[str]
    country: str = ""
    subdivision: str = ""
    national: bool = False


@dataclass(frozen=True)
class Cap:
    """At most ``limit`` contacts in ``days`` local calendar days, the day of the contact included.

    :param count: channels that are counted
    :param apply: channels that are refused when the limit is reached
    :param scope: ``PER_DEBT``, ``PER_PERSON`` or ``PER_ADDRESS``
    :param mode: ``ATTEMPTS``, ``CONNECTED`` or ``CONTACTS``
    :param place: it counts and binds contacts at this place only
    :param only_place: contacts whose place is not known are none of ``residence``
    :param threads: the messages of one voluntary exchange count as one
    :param only_prerecorded: it counts and binds recorded voices only
    :param requires_prior_conversation: it binds once somebody has spoken with the customer
    :param exclude_requested: what the customer asked for is not counted
    :param persons: these persons count as one; empty stands for the customer himself
    :param exempt_persons: contacts with these persons are not bound, such as the customer's lawyer
    :param other_mail: mail that does not ask for money is counted too
    :param other_customers: of an address, only what went there for other customers is counted
    :param reason: ``FREQUENCY_CAP``, ``MINIMUM_GAP`` or ``ADDRESS_GAP``
    """

    origin: Origin
    limit: int
    days: int
    count: frozenset[str]
    apply: frozenset[str]
    scope: str = PER_DEBT
    mode: str = CONNECTED
    place: str = ""
    only_place: bool = False
    threads: bool = False
    only_prerecorded: bool = False
    requires_prior_conversation: bool = False
    exclude_requested: bool = False
    persons: frozenset[str] = frozenset()
    exempt_persons: frozenset[str] = frozenset()
    other_mail: bool = False
    other_customers: bool = False
    reason: str = "FREQUENCY_CAP"


@dataclass(frozen=True)
class CoolDown:
    """No contact for ``days`` local calendar days from a conversation, its day the first of them.

    :param trigger_channel: the channel of the conversation
    :param apply: channels that are refused
    :param exempt_persons: as of a ``Cap``
    """

    origin: Origin
    days: int
    trigger_channel: str
    apply: frozenset[str]
    scope: str = PER_DEBT
    exempt_persons: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NoticeWait:
    """No contact until ``days`` days after the first written notice."""

    origin: Origin
    days: int
    exceptions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Honour:
    """Something known of the customer that forbids a contact.

    :param kind: a key of ``HONOURS``
    :param exceptions: purposes that may pass all the same
    :param lifted_by_verification: a dispute ends when the customer was sent the evidence
    """

    origin: Origin
    kind: str
    exceptions: frozenset[str] = frozenset()
    lifted_by_verification: bool = True


@dataclass(frozen=True)
class Advice:
    """When to warn, without refusing.

    :param concentrated: contacts on one day, on one channel, that look like too many
    :param cumulative: contacts over all channels in ``cumulative_days`` that look like too many
    """

    concentrated: int
    cumulative: int
    cumulative_days: int


@dataclass(frozen=True)
class Applies:
    """The facts a pack is made for; an empty set leaves a fact open.

    :param countries: two-letter codes of where the customer is
    :param subdivisions: codes of states or regions
    :param cities: names of cities, where a rule is a city's
    :param debtors: ``company``, ``sole_trader``, ``consumer``, ``guarantor``
    :param collectors: ``creditor``, ``other_name``, ``agency``, ``debt_buyer``
    :param debt: ``consumer``, ``commercial``
    """

    countries: frozenset[str] = frozenset()
    subdivisions: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    debtors: frozenset[str] = frozenset()
    collectors: frozenset[str] = frozenset()
    debt: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Pack:
    """The rules of one jurisdiction or house.

    Two packs are the same only if they are one object: a change makes another pack.

    :param origin: what holds for each rule that says nothing else
    :param consents: of ``CONSENTS``, those that lift its caps
    :param notes: what to know before relying on it
    :param statutory_wording: by language, words a message must carry unchanged
    :param notice_purposes: purposes whose messages count as legal notice
    :param limitation_years: years after which the debt can no longer be sued for, ``None`` if unsaid
    :param payment_order: in which order a payment is applied, such as ``costs``, ``interest``,
        ``principal``
    """

    code: str
    name: str
    origin: Origin
    notes: str = ""
    applies: Applies = Applies()
    hours: Hours | None = None
    holidays: Holidays | None = None
    cooldown: CoolDown | None = None
    caps: tuple[Cap, ...] = ()
    notice_wait: NoticeWait | None = None
    honours: tuple[Honour, ...] = ()
    consents: frozenset[str] = frozenset()
    advice: Advice | None = None
    statutory_wording: Mapping[str, str] = field(default_factory=dict)
    notice_purposes: frozenset[str] = frozenset()
    limitation_years: float | None = None
    payment_order: tuple[str, ...] = ()

    @property
    def basis(self) -> str:
        return self.origin.basis

    @property
    def verified(self) -> str:
        return self.origin.verified

    @property
    def review_date(self) -> date | None:
        return self.origin.review_date

    @property
    def effective_from(self) -> date | None:
        return self.origin.effective_from

    @property
    def source(self) -> str:
        return self.origin.source


ALL_CHANNELS = frozenset(CHANNELS)
