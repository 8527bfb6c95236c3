"""Random customers, rule sets and wishes for the guard, and a judge that counts by itself.

The judge reads the rules' definitions as they stand in the JSON, asks the zones themselves for local
dates, and shares no code with the engine.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from engine import guard, pack

START = datetime(2027, 3, 1, tzinfo=timezone.utc)
CHANNELS = ("email", "sms", "call", "letter", "visit")
ZONES = ("UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "Africa/Cairo")
WEEKS = (
    {"all": ["08:00", "20:00"]},
    {"all": ["00:00", "24:00"]},
    {"weekday": ["07:30", "21:00"], "sat": ["09:00", "12:00"], "sun": None},
    {"weekday": [["08:00", "12:00"], ["14:00", "18:30"]], "sat": None, "sun": None},
    {"all": ["01:30", "02:45"]},
)
WISHES = (
    guard.Span(opens=17 * 60, closes=19 * 60),
    guard.Span(days=frozenset({1, 3})),
    guard.Span(opens=22 * 60, closes=9 * 60),
    guard.Span(days=frozenset(range(5)), opens=9 * 60, closes=10 * 60 + 30, until=date(2027, 4, 1)),
)
#: What a history is made to run into; the first is nothing in particular.
THEMES = ("", "cap", "cap", "gap", "address", "address", "talk", "talk", "hours", "zones", "zones", "holiday")
THEMES += ("unknown holidays", "wishes")
FACTS = {
    "ceased": {"ceased": True},
    "attorney": {"represented_by_attorney": True},
    "mental_capacity": {"mental_capacity_concern": True},
    "breathing_space": {"breathing_space_until": date(2027, 3, 12)},
    "hardship": {"hardship_until": date(2027, 3, 9)},
    "disputed": {"disputed": True},
    "opted_out": {"opted_out": frozenset(CHANNELS[:3])},
    "employer": {"employer_prohibits": True},
    "notice": {"notice_sent_on": date(2027, 2, 28)},
    "zone": {"zones": ("Europe/Paris", "Atlantis/Capital")},
}
HONOURS = ("ceased", "attorney", "mental_capacity", "breathing_space", "hardship", "disputed", "opted_out")
HONOURS += ("work_email", "employer", "opt_out_notice", "inconvenient")


@dataclass(frozen=True)
class RuleSet:
    """Packs with the definitions they were made from."""

    theme: str
    definitions: tuple[dict, ...]
    packs: tuple[pack.Pack, ...]


def rule_set(chance: random.Random, theme: str) -> RuleSet:
    """Make a random set of one or two packs that gives the theme a chance."""
    definitions = [definition(chance, theme) for _ in range(chance.choice((1, 1, 2)))]
    packs = [pack.load(each, f"pack{number}") for number, each in enumerate(definitions)]
    if theme in ("gap", "address"):
        minimum, address = (chance.randint(0, 6), chance.randint(0, 3)) if theme == "gap" else (0, chance.randint(2, 6))
        packs.append(pack.house(minimum, address, hours=None))
        definitions.append({"minimum_gap": max(minimum, 1), "address_gap": address})
    return RuleSet(theme, tuple(definitions), tuple(packs))


def definition(chance: random.Random, theme: str) -> dict:
    made = {"honours": list(HONOURS)}
    if theme in ("hours", "zones") or chance.random() < 0.1:
        # Next to wishes and other zones, hours of the night would leave no moment at all most times.
        weeks = WEEKS[:-1] if theme in ("zones", "wishes") else WEEKS
        made["hours"] = {"channels": channels(chance), **chance.choice(weeks)}
    if theme in ("holiday", "unknown holidays"):
        made["holidays"] = {"channels": channels(chance)}
        if theme == "unknown holidays":
            made["holidays"]["country"] = chance.choice(("XX", "ZZ"))
    if theme == "talk" or chance.random() < 0.1:
        made["cooldown"] = {
            "days": chance.randint(3, 10),
            "trigger_channel": chance.choice(("call", "call", "visit")),
            "apply": sorted(chance.sample(CHANNELS, 4)),
            "scope": chance.choice(("debt", "person", "person")),
        }
    if theme == "notice" or chance.random() < 0.1:
        made["notice_wait_days"] = chance.randint(1, 8)
    if theme == "cap" or chance.random() < 0.2:
        made["caps"] = [cap(chance) for _ in range(chance.randint(1, 3))]
    return made


def cap(chance: random.Random) -> dict:
    made = {
        "limit": chance.randint(1, 3),
        "days": chance.choice((1, 2, 3, 7, 30)),
        "count": channels(chance),
        "scope": chance.choice(("debt", "person", "address")),
        "mode": chance.choice(("attempt", "connected", "contact")),
    }
    made["apply"] = sorted({*chance.sample(CHANNELS, chance.randint(0, 2)), chance.choice(made["count"])})
    if chance.random() < 0.15:
        made["threads"] = True
    if chance.random() < 0.15:
        made["exclude_requested"] = True
    if chance.random() < 0.1:
        made["place"] = chance.choice(("residence", "work"))
    if chance.random() < 0.1:
        made["only_prerecorded"] = True
    if chance.random() < 0.1:
        made["requires_prior_conversation"] = True
    return made


def channels(chance: random.Random) -> list[str]:
    return sorted(chance.sample(CHANNELS, chance.randint(1, 5)))


def state(chance: random.Random, theme: str) -> guard.State:
    """What is known of a customer, mostly nothing."""
    facts = {"zones": (chance.choice(ZONES),), "holidays_complete": theme != "unknown holidays"}
    facts.update(FACTS.get(theme, {}))
    if theme == "zones":
        facts["zones"] = tuple(chance.sample(ZONES, 2))
    if theme == "holiday":
        facts["extra_holidays"] = frozenset((START + timedelta(days=chance.randrange(9))).date() for _ in range(4))
    if theme == "wishes":
        wishes = tuple(chance.sample(WISHES, chance.randint(1, 2)))
        facts["preferred_hours" if chance.random() < 0.3 else "inconvenient"] = wishes
    if chance.random() < 0.1:
        facts["debt_groups"] = (frozenset("AB"),)
    return guard.State(**facts)


def contact(chance: random.Random, at: datetime) -> guard.Contact:
    """Something that happened; much of it is none of the caps' business."""
    return guard.Contact(
        at,
        chance.choice(CHANNELS),
        direction=chance.choice(("out", "out", "in")),
        outcome=chance.choice(("answered", "no_answer", "sent", "left_message", "conversation", "conversation")),
        debts=frozenset(chance.choice(("A", "B", "AB", "C"))),
        customer=chance.choice((1, 1, 1, 2)),
        address=chance.choice(("a", "b", "")),
        asking=chance.random() < 0.9,
        connected=chance.choice((None, None, None, True, False)),
        misdirected=chance.random() < 0.05,
        requested=chance.random() < 0.1,
        ringless=chance.random() < 0.05,
        prerecorded=chance.random() < 0.3,
        place=chance.choice(("", "", "residence", "work")),
        person=chance.choice(("", "", "", "spouse")),
        thread=chance.choice(("", "", "T", "S")),
    )


def ask(chance: random.Random, at: datetime, theme: str) -> guard.Ask:
    return guard.Ask(
        at,
        chance.choice(CHANNELS),
        debts=frozenset(chance.choice(("A", "B", "AB"))),
        customer=chance.choice((1, 1, 1, 2)),
        address=chance.choice(("a", "a", "b", "")),
        asking=chance.random() < 0.95,
        bundle_agreed=chance.random() < 0.1,
        place=chance.choice(("work",) if theme == "employer" else ("", "", "residence", "work")),
        person=chance.choice(("", "", "", "spouse")),
        address_kind="work_email" if theme == "work_email" else "",
        has_opt_out_notice=False if theme == "opt_out_notice" else None,
        prerecorded=chance.random() < 0.3,
    )


def followed(chance: random.Random, wanted: guard.Ask) -> guard.Contact:
    """The contact that came of an allowed ask. It may reach nobody; it is never one that was requested."""
    return guard.Contact(
        wanted.at,
        wanted.channel,
        outcome=chance.choice(("answered", "no_answer", "left_message", "conversation")),
        debts=wanted.debts,
        customer=wanted.customer,
        address=wanted.address,
        asking=wanted.asking,
        connected=chance.choice((None, None, False)),
        prerecorded=wanted.prerecorded,
        place=wanted.place,
        person=wanted.person,
    )


class Judge:
    """Counts by itself, from the definitions, whether a contact may stand beside the others."""

    def __init__(self, rules: RuleSet, known: guard.State) -> None:
        self.rules, self.known = rules, known
        self.zone = ZoneInfo(known.zones[0])

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def breaches(self, made: guard.Contact, log: list[guard.Contact], bundled: bool) -> list[str]:
        """Name what is broken by making contact at that moment, with the log as it was then."""
        if not made.asking:
            return []
        found = []
        for each in self.rules.definitions:
            found += [f"cap {limits}" for limits in each.get("caps", ()) if self.over(limits, made, log)]
            if "cooldown" in each and self.too_soon(each["cooldown"], made, log):
                found.append("cooldown")
            if "minimum_gap" in each:
                found += self.gaps(each, made, log, bundled)
        return found

    def own(self, debts: frozenset) -> list[frozenset]:
        groups = self.known.debt_groups
        return [frozenset({debt}).union(*[group for group in groups if debt in group]) for debt in sorted(debts)]

    def over(self, limits: dict, made: guard.Contact, log: list[guard.Contact]) -> bool:
        if made.channel not in limits["apply"] or made.channel not in limits["count"]:
            return False
        if not self.looked_at(limits, made):
            return False
        if limits.get("requires_prior_conversation") and not any(
            one.outcome == "conversation" and one.person == made.person and one.customer == made.customer
            for one in log
            if not one.misdirected
        ):
            return False
        first = self.day(made.at) - timedelta(days=limits["days"] - 1)
        recent = [one for one in log if self.counts(limits, one, made) and self.day(one.at) >= first]
        scopes = self.own(made.debts) if limits["scope"] == "debt" else [frozenset()]
        for debts in scopes:
            about = [one for one in recent if not debts or debts & one.debts]
            single = [one for one in about if not (limits.get("threads") and one.thread)]
            threads = {one.thread for one in about} - {""} if limits.get("threads") else set()
            if len(single) + len(threads) + 1 > limits["limit"]:
                return True
        return False

    def counts(self, limits: dict, one: guard.Contact, made: guard.Contact) -> bool:
        if one.direction != "out" or one.misdirected or not one.asking or one.person != made.person:
            return False
        if limits["scope"] == "address":
            if not made.address or one.address != made.address:
                return False
        elif one.customer != made.customer:
            return False
        if limits.get("exclude_requested") and one.requested:
            return False
        return one.channel in limits["count"] and self.reached(limits["mode"], one) and self.looked_at(limits, one)

    @staticmethod
    def looked_at(limits: dict, one: guard.Contact) -> bool:
        if "place" in limits and (one.place or "residence") != limits["place"]:
            return False
        return one.prerecorded or not limits.get("only_prerecorded")

    @staticmethod
    def reached(mode: str, one: guard.Contact) -> bool:
        if mode == "attempt":
            return True
        if one.connected is False and not one.ringless:
            return False
        return mode == "connected" or one.outcome != "no_answer"

    def too_soon(self, rest: dict, made: guard.Contact, log: list[guard.Contact]) -> bool:
        if made.channel not in rest["apply"]:
            return False
        own = frozenset().union(*self.own(made.debts)) if rest["scope"] == "debt" else None
        return any(
            one.outcome == "conversation"
            and one.channel == rest["trigger_channel"]
            and one.asking
            and not one.misdirected
            and (one.customer, one.person) == (made.customer, made.person)
            and (own is None or own & one.debts)
            and self.day(made.at) < self.day(one.at) + timedelta(days=rest["days"])
            for one in log
        )

    def gaps(self, house: dict, made: guard.Contact, log: list[guard.Contact], bundled: bool) -> list[str]:
        found = []
        for one in log:
            if not (one.asking and one.direction == "out") or one.misdirected or one.person != made.person:
                continue
            if not self.reached("contact", one):
                continue
            apart = (self.day(made.at) - self.day(one.at)).days
            if one.customer == made.customer and apart < house["minimum_gap"]:
                found.append("gap")
            shared = one.customer != made.customer and one.address == made.address != ""
            if shared and not bundled and house["address_gap"] and apart < house["address_gap"]:
                found.append("address gap")
        return found


def tightened(chance: random.Random, wanted, log, known, packs):
    """Add one restriction; return log, state and packs with it."""
    kind = chance.randrange(9)
    if kind == 0:
        extra = replace(contact(chance, wanted.at - timedelta(hours=chance.randrange(-24, 240))), direction="out")
        return [*log, extra], known, packs
    if kind == 1:
        return log, known, (*packs, pack.load(definition(chance, chance.choice(THEMES)), "more"))
    if kind == 2:
        return log, replace(known, zones=(*known.zones, chance.choice(ZONES))), packs
    if kind == 3:
        days = {(wanted.at + timedelta(days=day)).date() for day in range(2)}
        return log, replace(known, extra_holidays=known.extra_holidays | days), packs
    if kind == 4:
        return log, replace(known, inconvenient=(*known.inconvenient, chance.choice(WISHES))), packs
    if kind == 5:
        return log, replace(known, opted_out=known.opted_out | {chance.choice(CHANNELS)}), packs
    if kind == 6:
        return log, replace(known, hardship_until=max(known.hardship_until or date.min, wanted.at.date())), packs
    if kind == 7:
        return log, replace(known, **FACTS[chance.choice(("ceased", "attorney", "disputed", "mental_capacity"))]), packs
    talk = replace(contact(chance, wanted.at - timedelta(hours=chance.randrange(240))), outcome="conversation")
    return [*log, talk], known, packs
