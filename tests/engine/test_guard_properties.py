"""What holds in every world: no cap is exceeded, the next moment is the first, restrictions restrict."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import guard_worlds as worlds
from engine import guard, pack
from hypothesis import given, settings
from hypothesis import strategies as st

HISTORIES = 100_000
RULE_SETS = 2_500
WISHES = 4
LEAST_OF_EACH = 1_000
MINUTE = timedelta(minutes=1)
THEMES = (*worlds.THEMES, *worlds.FACTS, "work_email", "opt_out_notice")


def world(chance, rules):
    """A customer under these rules: what is known of him, and a few things that happened."""
    known = worlds.state(chance, rules.theme)
    past = [worlds.contact(chance, worlds.START - timedelta(hours=chance.randrange(1, 200))) for _ in range(3)]
    return known, past


def wishes(chance, theme):
    """Moments at which something is wanted, in order, close together."""
    at = worlds.START + timedelta(minutes=chance.randrange(60 * 24 * 6))
    for _ in range(WISHES):
        at += timedelta(minutes=chance.choice((7, 95, 600, 1440, 3000)))
        yield worlds.ask(chance, at, theme)


def test_who_follows_the_verdicts_never_exceeds_a_cap():
    chance = random.Random(20270301)
    deciding, allowed, followed_next = Counter(), 0, 0
    for number in range(RULE_SETS):
        rules = worlds.rule_set(chance, THEMES[number % len(THEMES)])
        for _ in range(HISTORIES // RULE_SETS):
            known, log = world(chance, rules)
            judge = None if "Atlantis/Capital" in known.zones else worlds.Judge(rules, known)
            codes = set()
            for wanted in wishes(chance, rules.theme):
                verdict = guard.check(wanted, log, known, rules.packs)
                codes.add(verdict.code)
                if verdict.next_allowed_at is not None and chance.random() < 0.3:
                    wanted = replace(wanted, at=verdict.next_allowed_at.astimezone(timezone.utc))
                    verdict = guard.check(wanted, log, known, rules.packs)
                    assert verdict.allowed, (rules, known, log, wanted)
                    followed_next += 1
                if verdict.allowed:
                    made = worlds.followed(chance, wanted)
                    assert judge.breaches(made, log, wanted.bundle_agreed) == [], (rules, known, log, wanted)
                    log.append(made)
                    allowed += 1
            deciding.update(codes)
    print(f"\n{HISTORIES} histories, {allowed} contacts made, {followed_next} of them at the next allowed moment")
    for code in guard.REASONS:
        print(f"    {deciding[code]:6} histories in which {code} decided")
    assert allowed > HISTORIES
    assert followed_next > LEAST_OF_EACH
    for code in guard.REASONS:
        assert deciding[code] >= LEAST_OF_EACH, code


def test_the_judge_sees_what_the_guard_is_asked_to_prevent():
    # Without the guard the same wishes break every kind of limit: the judge is not blind.
    chance = random.Random(5)
    broken = Counter()
    for number in range(2_000):
        rules = worlds.rule_set(chance, THEMES[number % len(THEMES)])
        known, log = world(chance, rules)
        if "Atlantis/Capital" in known.zones:
            continue
        judge = worlds.Judge(rules, known)
        for wanted in wishes(chance, rules.theme):
            made = worlds.followed(chance, wanted)
            broken.update(breach.split(" {")[0] for breach in judge.breaches(made, log, bundled=False))
            log.append(made)
    assert set(broken) == {"cap", "cooldown", "gap", "address gap"}
    assert min(broken.values()) > 5


def test_the_next_moment_is_the_first_right_minute():
    chance = random.Random(17)
    tried = 0
    themes = ("cap", "gap", "address", "talk", "hours", "zones", "holiday", "wishes", "hardship", "notice")
    while tried < 100:
        rules = worlds.rule_set(chance, chance.choice(themes))
        known, log = world(chance, rules)
        # The clocks change in March in New York and Paris, in April in Lord Howe, Auckland and Cairo.
        shift = timedelta(days=chance.choice((0, 12, 26, 33, 52)), minutes=chance.randrange(1440))
        log = [replace(one, at=one.at + shift) for one in log]
        wanted = worlds.ask(chance, worlds.START + shift, rules.theme)
        verdict = guard.check(wanted, log, known, rules.packs)
        opens = verdict.next_allowed_at
        if opens is None or opens - wanted.at > timedelta(days=2):
            continue
        tried += 1
        at = wanted.at
        while at < opens:
            assert not guard.check(replace(wanted, at=at), log, known, rules.packs).allowed, (rules, known, log, at)
            at += MINUTE
        assert guard.check(replace(wanted, at=at), log, known, rules.packs).allowed
        for refusal in verdict.refusals:
            assert refusal.free_at <= opens
            then = guard.check(replace(wanted, at=refusal.free_at), log, known, rules.packs)
            assert (refusal.code, refusal.pack) not in [(one.code, one.pack) for one in then.refusals]


def test_a_restriction_never_allows_more():
    chance = random.Random(23)
    bound = Counter()
    for number in range(600):
        rules = worlds.rule_set(chance, THEMES[number % len(THEMES)])
        for _ in range(20):
            known, log = world(chance, rules)
            wanted = worlds.ask(chance, worlds.START + timedelta(minutes=chance.randrange(1440)), rules.theme)
            wanted = replace(wanted, purpose=chance.choice(("", "", "legally_required", "query_response")))
            before = guard.check(wanted, log, known, rules.packs)
            after = guard.check(wanted, *worlds.tightened(chance, wanted, log, known, rules.packs))
            bound[before.allowed, after.allowed] += 1
            if before.allowed:
                continue
            assert not after.allowed
            if before.next_allowed_at is None:
                assert after.next_allowed_at is None
            elif after.next_allowed_at is not None:
                assert after.next_allowed_at >= before.next_allowed_at
            assert guard.REASONS.index(after.code) <= guard.REASONS.index(before.code)
    assert bound[True, False] > 500


def test_the_order_of_the_history_does_not_matter():
    chance = random.Random(29)
    for number in range(400):
        rules = worlds.rule_set(chance, THEMES[number % len(THEMES)])
        known, log = world(chance, rules)
        log += [worlds.contact(chance, worlds.START + timedelta(hours=chance.randrange(-99, 99))) for _ in range(5)]
        wanted = worlds.ask(chance, worlds.START, rules.theme)
        expected = guard.check(wanted, log, known, rules.packs)
        assert guard.check(wanted, log[::-1], known, rules.packs) == expected
        assert guard.check(wanted, iter(chance.sample(log, len(log))), known, iter(rules.packs)) == expected


# Smaller worlds, in which a failure is shrunk to its core.
moments = st.integers(0, 60 * 24 * 20).map(lambda minutes: worlds.START + timedelta(minutes=minutes))
contacts = st.builds(
    guard.Contact,
    at=moments,
    channel=st.sampled_from(worlds.CHANNELS),
    direction=st.sampled_from(("out", "in")),
    outcome=st.sampled_from(("no_answer", "sent", "conversation")),
    debts=st.sampled_from((frozenset("A"), frozenset("B"), frozenset())),
)
asks = st.builds(
    guard.Ask,
    at=moments,
    channel=st.sampled_from(worlds.CHANNELS),
    debts=st.sampled_from((frozenset("A"), frozenset("AB"), frozenset())),
)
consents = st.builds(
    guard.Consent,
    at=moments,
    valid_on=st.none() | moments.map(datetime.date),
)
states = st.builds(
    guard.State,
    zones=st.sampled_from((("Europe/Paris",), ("America/New_York", "America/Los_Angeles"))),
    holidays_complete=st.just(True),
    prior_consent=st.lists(consents, max_size=2).map(tuple),
)
codes = st.lists(st.sampled_from(sorted(pack.shipped())), min_size=1, max_size=3, unique=True)


@given(asks, st.lists(contacts, max_size=9), states, codes)
@settings(max_examples=400, deadline=None)
def test_the_next_moment_under_shipped_packs_and_consents(wanted, log, known, names):
    packs = [pack.shipped()[name] for name in names]
    # The next moment is the one without new events: nobody knows yet of a consent that is given later.
    given_before = tuple(consent for consent in known.prior_consent if consent.at <= wanted.at)
    known = replace(known, prior_consent=given_before)
    verdict = guard.check(wanted, log, known, packs)
    if verdict.allowed:
        assert verdict.refusals == ()
        return
    assert verdict.code == verdict.refusals[0].code
    order = [guard.REASONS.index(refusal.code) for refusal in verdict.refusals]
    assert order == sorted(order)
    opens = verdict.next_allowed_at
    assert (opens is None) == any(refusal.free_at is None for refusal in verdict.refusals)
    if opens is not None:
        assert guard.check(replace(wanted, at=opens), log, known, packs).allowed
        assert not guard.check(replace(wanted, at=opens - MINUTE), log, known, packs).allowed
        for hours in (1, 3, 8, 21, 30):
            if opens - timedelta(hours=hours) >= wanted.at:
                earlier = replace(wanted, at=opens - timedelta(hours=hours))
                assert not guard.check(earlier, log, known, packs).allowed
