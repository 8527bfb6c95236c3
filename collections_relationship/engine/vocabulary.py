"""What messages are for and what they may name: the purposes of the library and its placeholders.

The one list of both. Labels for people are the models' (they are translated); a text that names a
fact its purpose does not have is refused, so that no message leaves with a gap.
"""
from __future__ import annotations

from dataclasses import dataclass

#: From the mildest to the firmest. A ceiling caps what a relationship allows.
TONES = ("warm", "friendly", "neutral", "firm", "formal")
CHANNELS = ("email", "sms", "letter", "call", "portal")
AUDIENCES = ("company", "sole_trader", "consumer")
#: Industries the library ships words for; the key of Odoo's own industry is the model's matter.
INDUSTRIES = ("education", "construction", "logistics")

#: Words every message has.
ALWAYS = frozenset({"greeting", "customer", "company", "signature"})
#: Words every message that asks for money has besides.
ASKED = frozenset({"amount_due", "items", "invoices", "oldest_due", "pay_button", "pay_link"})
#: Words that may have nothing to say in any message: only inside an optional part, or a block of their own.
MAYBE = frozenset(
    {
        "sender",
        "sender_phone",
        "sender_email",
        "pay_by",
        "next_step_date",
        "credits",
        "bank_account",
        "other_items",
        "resources",
        "policy_link",
        "statutory_wording",
        "survey_button",
        "pay_link",
        "agreement_link",
    }
)
#: Words that are tables, buttons and other blocks, which stand on their own line.
BLOCKS = frozenset(
    {
        "items",
        "other_items",
        "pay_button",
        "answer_button",
        "agreement_button",
        "survey_button",
        "bank_account",
        "signature",
        "preferences",
        "plan",
        "offers",
        "resources",
        "policy_link",
        "statutory_wording",
        "agreement_link",
    }
)
#: Words about people, which somebody who edits one message sees filled in; the others are facts of the moment.
PERSONAL = frozenset({"greeting", "customer", "company", "pay_by", "sender", "sender_phone", "sender_email"})
#: Facts of an event by what they are, for whoever writes them out.
DATES = frozenset(
    {
        "promise_date",
        "instalment_date",
        "plan_end",
        "offer_until",
        "settle_by",
        "grace_until",
        "pause_until",
        "answer_by",
        "received_on",
        "statement_date",
        "fee_from",
        "old_date",
        "missed_date",
        "new_date",
        "spread_until",
        "last_day",
        "quiet_until",
    }
)
AMOUNTS = frozenset(
    {
        "promise_amount",
        "instalment_amount",
        "plan_total",
        "remaining_amount",
        "settlement_amount",
        "waived_amount",
        "received_amount",
        "fee_amount",
        "ahead_amount",
        "paid_amount",
        "credited_amount",
    }
)
NUMBERS = frozenset({"plan_count", "instalment_number", "offer_count", "paid_count"})
#: Buttons that open a page of the customer's own; a message has one of them.
BUTTONS = ("pay_button", "answer_button", "agreement_button")
TEXTS = frozenset({"dispute_subject", "dispute_result", "mistake", "fee_basis"})


@dataclass(frozen=True, slots=True)
class Purpose:
    """What one kind of message is for.

    :param asks: it asks for money; the guard counts it
    :param tones: the tones the library ships, the mildest first
    :param facts: words it always has besides those of every message
    :param maybe: words it may have
    :param needed: words its text must name, in any channel but text messages
    :param called: there is a call sheet for it
    """

    asks: bool
    tones: tuple[str, ...]
    facts: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    called: bool = False

    @property
    def sure(self) -> frozenset[str]:
        """The words that always have something to say in it."""
        link = {"pay_link"} if self.facts & {"pay_button", "answer_button"} else frozenset()
        return ALWAYS | self.facts | link | (ASKED if self.asks else frozenset())

    @property
    def known(self) -> frozenset[str]:
        """Every word its text may name."""
        return self.sure | self.maybe | MAYBE


def _asking(*tones: str, needed: str = "") -> Purpose:
    return Purpose(True, tones, needed=frozenset({"items", "pay_button", *needed.split()}), called=True)


def _service(*tones: str, facts: str = "", maybe: str = "", needed: str = "", called: bool = False) -> Purpose:
    return Purpose(
        False, tones, frozenset(facts.split()), frozenset(maybe.split()), frozenset(needed.split()), called
    )


_PLAN = "plan plan_count plan_total plan_end instalment_date instalment_amount instalment_number remaining_amount"
_SETTLEMENT = "settlement_amount waived_amount settle_by items invoices"
_OFFER = "answer_button offer_until items invoices"

PURPOSES = {
    "heads_up": _asking("warm", "friendly", "neutral"),
    "friendly_reminder": _asking("warm", "friendly", "neutral"),
    "second_reminder": _asking("friendly", "neutral", "firm"),
    "check_in": _asking("warm", "friendly", "neutral"),
    "help_offer": _asking("warm", "friendly", "neutral"),
    # The first message after an agreement that ended unpaid.
    "after_agreement": Purpose(True, ("friendly", "neutral"), needed=frozenset({"items", "pay_button"})),
    "firm_reminder": _asking("neutral", "firm"),
    "formal_notice": _asking("formal"),
    "handover": _asking("firm", "formal", needed="pay_by"),
    "promise_noted": _service(
        "friendly",
        "neutral",
        facts="promise_date promise_amount",
        maybe="agreement_button items invoices",
        needed="agreement_button",
        called=True,
    ),
    "promise_due": _service(
        "friendly", "neutral", facts="promise_date promise_amount pay_button", needed="promise_amount", called=True
    ),
    "promise_missed": _service(
        "friendly", "neutral", "firm", facts="promise_date promise_amount pay_button", needed="promise_date", called=True
    ),
    "promise_offered": _service(
        "friendly",
        "neutral",
        facts=f"promise_date promise_amount {_OFFER}",
        needed="promise_date promise_amount answer_button items",
        called=True,
    ),
    "plan_offered": _service(
        "friendly", "neutral", facts=f"{_PLAN} {_OFFER}", needed="plan answer_button items", called=True
    ),
    "plan_countered": _service(
        "friendly", "neutral", facts=f"{_PLAN} {_OFFER}", needed="plan answer_button items", called=True
    ),
    "choice_offered": _service(
        "friendly", "neutral", facts=f"offers offer_count {_OFFER}", needed="offers answer_button items", called=True
    ),
    "plan_confirmed": _service(
        "friendly", "neutral", facts=_PLAN, maybe="agreement_button", needed="plan agreement_button", called=True
    ),
    "instalment_soon": _service(
        "friendly", "neutral", facts=f"{_PLAN} pay_button", needed="instalment_amount instalment_date"
    ),
    "instalment_missed": _service(
        "friendly",
        "neutral",
        "firm",
        facts=f"{_PLAN} pay_button",
        needed="instalment_amount instalment_date",
        called=True,
    ),
    "instalment_received": _service(
        "warm",
        "neutral",
        facts="received_amount received_on instalment_date instalment_amount remaining_amount paid_count plan_count",
        maybe="ahead_amount quiet_until",
        needed="received_amount instalment_amount instalment_date",
    ),
    "partly_paid": _service(
        "friendly",
        "neutral",
        facts="received_amount instalment_date instalment_amount pay_button",
        maybe="instalment_number plan_count",
        needed="received_amount instalment_amount instalment_date",
    ),
    "date_moved": _service(
        "friendly",
        "neutral",
        facts="old_date instalment_amount answer_button",
        maybe="missed_date new_date spread_until paid_amount plan",
        needed="old_date new_date instalment_amount answer_button",
    ),
    "plan_reduced": _service(
        "friendly",
        "neutral",
        facts="credited_amount remaining_amount instalment_date instalment_amount",
        maybe="plan",
        needed="credited_amount remaining_amount plan",
    ),
    "plan_nearly_done": _service(
        "warm",
        "neutral",
        facts=f"{_PLAN} received_amount received_on",
        needed="remaining_amount received_amount",
    ),
    "plan_completed": _service("warm", "neutral", facts=_PLAN),
    "settlement_offered": _service(
        "friendly",
        "neutral",
        facts=f"{_SETTLEMENT} answer_button offer_until",
        needed="settlement_amount answer_button",
        called=True,
    ),
    "settlement_agreed": _service(
        "friendly",
        "neutral",
        facts=_SETTLEMENT,
        maybe="agreement_button plan",
        needed="settlement_amount settle_by agreement_button",
    ),
    "settlement_approved": _service(
        "friendly",
        "neutral",
        facts=_SETTLEMENT,
        maybe="agreement_button plan",
        needed="settlement_amount settle_by agreement_button",
    ),
    "settlement_soon": _service(
        "friendly",
        "neutral",
        facts="instalment_date instalment_amount waived_amount items invoices pay_button",
        needed="instalment_amount instalment_date waived_amount",
    ),
    "settlement_missed": _service(
        "friendly",
        "neutral",
        facts="instalment_date instalment_amount waived_amount last_day items invoices pay_button",
        maybe="paid_amount",
        needed="instalment_amount last_day waived_amount",
    ),
    "settlement_confirmed": _service("friendly", "neutral", facts=_SETTLEMENT, needed="settlement_amount"),
    "settlement_lapsed": _service("friendly", "neutral", "firm", facts=_SETTLEMENT, needed="settle_by"),
    "grace_given": _service(
        "friendly",
        "neutral",
        facts="grace_until items invoices",
        maybe="agreement_button",
        needed="grace_until agreement_button",
    ),
    "hardship_received": _service("warm", "neutral", facts="answer_by", needed="answer_by", called=True),
    "hardship_granted": _service("warm", "neutral", facts="pause_until", needed="pause_until", called=True),
    "hardship_ending": _service("warm", "neutral", facts="pause_until", needed="pause_until", called=True),
    "dispute_received": _service(
        "friendly", "neutral", facts="dispute_subject answer_by", needed="dispute_subject answer_by", called=True
    ),
    "dispute_progress": _service(
        "friendly", "neutral", facts="dispute_subject answer_by", needed="dispute_subject answer_by", called=True
    ),
    "dispute_upheld": _service(
        "warm",
        "neutral",
        facts="dispute_subject",
        maybe="dispute_result remaining_amount",
        needed="dispute_subject",
        called=True,
    ),
    "dispute_declined": _service(
        "friendly",
        "neutral",
        "firm",
        facts="dispute_subject",
        maybe="dispute_result remaining_amount",
        needed="dispute_subject",
        called=True,
    ),
    "payment_received": _service(
        "warm", "neutral", facts="received_amount received_on", maybe="remaining_amount", needed="received_amount"
    ),
    "account_settled": _service("warm", "neutral"),
    "statement": _service("friendly", "neutral", facts="statement_date amount_due items", needed="statement_date"),
    "apology": _service("warm", "neutral", maybe="mistake", called=True),
    "cooling_off": _service("warm", "neutral", facts="pause_until", needed="pause_until", called=True),
    "opt_out_confirmation": _service("friendly", "neutral", facts="preferences", needed="preferences"),
    "fee_announced": _service(
        "friendly",
        "neutral",
        "firm",
        facts="fee_amount fee_from amount_due items",
        maybe="fee_basis",
        needed="fee_amount fee_from",
    ),
    "fee_waived": _service("warm", "neutral", facts="fee_amount", needed="fee_amount"),
}
#: Purposes whose message asks for money. The others are exempt from the gap and never counted.
ASKING = tuple(code for code, purpose in PURPOSES.items() if purpose.asks)
#: Every word a text may name.
NAMES = frozenset().union(*(purpose.known for purpose in PURPOSES.values()))
#: Purposes the library ships words of each industry for, and the tone of these.
OF_INDUSTRIES = {
    "heads_up": "friendly",
    "friendly_reminder": "friendly",
    "second_reminder": "friendly",
    "check_in": "friendly",
    "help_offer": "friendly",
    "firm_reminder": "firm",
    "promise_missed": "friendly",
    "plan_offered": "friendly",
    "instalment_missed": "friendly",
    "account_settled": "warm",
}
#: Purposes the library ships words for consumers for, and the tone of these.
OF_CONSUMERS = {
    "friendly_reminder": "friendly",
    "help_offer": "warm",
    "firm_reminder": "firm",
    "formal_notice": "formal",
}
