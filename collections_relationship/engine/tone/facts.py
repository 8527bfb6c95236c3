"""Which facts a message needs, which of them its text names, and which are missing.

A template names facts by placeholders, what a person types by values; either counts.
"""
from __future__ import annotations

from collections.abc import Iterator

from ..vocabulary import AMOUNTS, ASKED, DATES, PURPOSES
from . import phrases, values
from .model import Facts, Finding
from .plain import Plain

#: amount, number of the invoice, day, how to pay, whom to talk to, what else is possible, how to stop messages.
FACTS = ("amount", "number", "date", "how_to_pay", "contact", "ways_out", "opt_out")
#: The parts a customer acts upon; a text message leads to a page that holds the facts.
_WHOLE = ("email", "letter", "portal")
_ASKED = frozenset({"amount", "number", "date", "how_to_pay", "ways_out"})
_BY_NAME = {
    "amount": frozenset({"items", "amount_due", "plan"}) | AMOUNTS,
    "number": frozenset({"items", "invoices", "dispute_subject"}),
    "date": frozenset({"items", "oldest_due", "pay_by", "plan", "next_step_date"}) | DATES,
    "how_to_pay": frozenset({"pay_button", "pay_link", "bank_account", "answer_button"}),
    "contact": frozenset({"signature", "sender", "sender_phone", "sender_email"}),
    "opt_out": frozenset({"preferences", "statutory_wording"}),
}


def named(plain: Plain, language: str) -> frozenset[str]:
    """Return the facts a text names, by placeholder or by value."""
    found = {fact for fact, names in _BY_NAME.items() if names & plain.names} | values.named(plain.low)
    if phrases.offers_way_out(plain.low, language):
        found.add("ways_out")
    return frozenset(found)


def needed(purpose: str, channel: str) -> frozenset[str]:
    """Return the facts a message of a purpose has to name on a channel."""
    about = PURPOSES[purpose]
    if channel == "sms":
        return frozenset({"how_to_pay"}) if about.asks else frozenset()
    if channel not in _WHOLE:
        return frozenset()
    found = {"contact"} | (_ASKED if about.asks else set())
    for name in about.needed - ASKED:
        # What has no value of its own to be recognised by (a plan, what is contested) is asked for by its name only.
        found |= {fact for fact in ("amount", "date", "how_to_pay") if name in _BY_NAME[fact] and _is_alone(name)}
    return frozenset(found)


def needed_unknown(plain: Plain, language: str, channel: str) -> frozenset[str]:
    """Return the facts a text has to name of which nobody knows what it is for: none unless it asks for money."""
    if not phrases.asks(plain.low, language):
        return frozenset()
    if channel == "sms":
        return frozenset({"how_to_pay"})
    return _ASKED | {"contact"} if channel in _WHOLE else frozenset()


def _is_alone(name: str) -> bool:
    return name in AMOUNTS or name in DATES or name in ("pay_by", "answer_button")


def missing(plain: Plain, language: str, purpose: str, channel: str, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each fact that is needed and nowhere named."""
    is_known = purpose in PURPOSES
    wanted = needed(purpose, channel) if is_known else needed_unknown(plain, language, channel)
    wanted = (wanted | facts.required) - facts.brought
    if not wanted:
        return
    there = named(plain, language)
    if channel == "sms" and "contact" in there:
        there |= {"how_to_pay"}  # whoever calls is told
    for fact in FACTS:
        if fact in wanted - there:
            # In a letter between two people the customer may know the rest; a template is for everybody.
            is_advice = not is_known and fact in ("date", "ways_out")
            yield Finding("missing", "advice" if is_advice else "missing_fact", detail=fact)
