"""How many verdicts the guard gives in a second, on one core.

Made-up customers with twenty past contacts each, asked about under the house's rules and one or two
packs of law. `setup/bench` runs it; so can anyone: python tests/bench/guard_speed.py
"""

import random
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

ADDON = Path(__file__).resolve().parents[2] / "collections_relationship"
if str(ADDON) not in sys.path:
    sys.path.append(str(ADDON))

from engine import guard, pack  # noqa: E402 - the add-on's folder must be on the path first

START = datetime(2026, 6, 1, tzinfo=timezone.utc)
CONTACTS = 20
CUSTOMERS = 2_000
SECONDS = 2.0
#: Zone, packs and channels wanted, as companies of these places would have them.
PLACES = (
    ("Europe/Paris", ("eu_policy",), ("email", "email", "sms", "call")),
    ("America/New_York", ("us_reg_f", "us_nyc"), ("email", "call", "call")),
    ("Australia/Sydney", ("au_rg96",), ("email", "sms", "call")),
    ("Europe/London", ("uk_conc",), ("email", "letter", "call")),
)
OUTCOMES = {"call": ("no_answer", "left_message", "conversation"), "letter": ("sent",)}


def measure(seconds: float = SECONDS) -> float:
    """Return the verdicts per second."""
    questions = _questions()
    check = guard.check
    done, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        for question in questions:
            check(*question)
        done += len(questions)
    return done / (time.process_time() - started)


def _questions():
    chance = random.Random(3)
    shipped = pack.shipped()
    house = pack.house(minimum_gap=5, address_gap=1, holidays=False, source="made-up policy")
    packs = [(house, *(shipped[code] for code in codes)) for _zone, codes, _channels in PLACES]
    return [_question(chance, number, packs) for number in range(CUSTOMERS)]


def _question(chance, number, packs):
    place = number % len(PLACES)
    zone, _codes, channels = PLACES[place]
    at = START + timedelta(minutes=chance.randrange(60 * 24 * 60))
    at = at.replace(hour=chance.randrange(24))
    history = [_contact(chance, number, at, zone) for _ in range(CONTACTS)]
    country = {"Europe/Paris": "FR", "Australia/Sydney": "AU"}.get(zone, "")
    state = guard.State(zones=(zone,), country=country)
    ask = guard.Ask(at, chance.choice(channels), frozenset({number}), number, f"{number}@customer.example")
    return ask, sorted(history, key=lambda contact: contact.at), state, packs[place]


def _contact(chance, number, at, zone):
    """A contact of the last four months: one every six days, closer than the house lets it come."""
    channel = chance.choice(("email", "email", "email", "sms", "call", "call", "letter"))
    return guard.Contact(
        at - timedelta(minutes=chance.randrange(60, 120 * 24 * 60)),
        channel,
        direction=chance.choice(("out", "out", "out", "in")),
        outcome=chance.choice(OUTCOMES.get(channel, ("sent",))),
        debts=frozenset({number}),
        customer=number,
        address=f"{number}@customer.example",
    )


if __name__ == "__main__":
    print(f"{measure():,.0f} verdicts a second, {CONTACTS} past contacts each")
