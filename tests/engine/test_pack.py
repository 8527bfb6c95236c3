"""Rule packs: those shipped are complete, a wrong one is refused with words, the fitting ones are proposed."""

import copy
import json
from datetime import date

import pytest
from engine import pack
from engine.facts import REASONS
from engine.pack_parts import HONOURS, Origin
from engine.pack_reader import load, parse

CAP = {"limit": 3, "days": 7, "count": ["email"], "apply": ["email"]}
HOURS = {"channels": ["email"], "all": ["08:00", "20:00"]}
WHOLE = {
    "name": "Somewhere: a pack with everything",
    "basis": "guidance",
    "verified": "secondary",
    "review_date": "2027-06-01",
    "effective_from": "2026-01-01",
    "source": "Act 1",
    "url": "https://law.example/1",
    "notes": "made up",
    "applies": {
        "countries": ["CA"],
        "subdivisions": ["ON"],
        "cities": ["Ottawa"],
        "debtors": ["consumer"],
        "collectors": ["agency"],
        "debt": ["consumer"],
    },
    "hours": {
        "channels": ["email", "sms"],
        "weekday": [["08:00", "12:00"], ["13:00", "24:00"]],
        "sat": ["09:00", "12:00"],
        "sun": None,
        "by_channel": {"visit": {"all": ["10:00", "16:00"]}},
        "by_place": {"work": {"channels": ["visit"], "all": ["11:00", "12:00"]}},
        "source": "Act 1 s 2",
        "basis": "default",
    },
    "holidays": {"channels": ["email"], "country": "CA", "subdivision": "ON", "verified": True},
    "notice_wait": {"days": 6, "except": ["verification"]},
    "cooldown": {"days": 7, "trigger_channel": "call", "apply": ["call"], "exempt_persons": ["attorney"]},
    "caps": [
        {
            **CAP,
            "scope": "person",
            "mode": "contact",
            "place": "residence",
            "only_place": True,
            "threads": True,
            "only_prerecorded": True,
            "requires_prior_conversation": True,
            "exclude_requested": True,
            "persons": ["consumer", "spouse"],
            "exempt_persons": ["attorney"],
            "other_mail": True,
            "review_date": "2027-01-01",
        },
        {**CAP, "scope": "address", "other_customers": True},
    ],
    "honours": {
        "disputed": {"lifted_by_verification": False, "source": "Act 1 s 9"},
        "opted_out": {"except": []},
        "consent": {"source": "Act 1 s 3"},
        "tcpa_consent": {},
    },
    "advice": {"concentrated": 4, "cumulative": 15, "cumulative_days": 7},
    "statutory_wording": {"en": "You have 30 days.", "fr": "Vous avez 30 jours."},
    "notice_purposes": ["verification"],
    "limitation_years": 6,
    "payment_order": ["costs", "interest", "principal"],
}


def test_a_whole_pack_is_read():
    made = load(WHOLE, "somewhere")
    assert (made.code, made.name) == ("somewhere", "Somewhere: a pack with everything")
    assert (made.basis, made.verified, made.source) == ("guidance", "secondary", "Act 1")
    assert (made.review_date, made.effective_from) == (date(2027, 6, 1), date(2026, 1, 1))
    assert made.applies.subdivisions == {"ON"}
    assert made.statutory_wording["fr"] == "Vous avez 30 jours."
    assert made.notice_purposes == {"verification"}
    assert (made.limitation_years, made.payment_order) == (6.0, ("costs", "interest", "principal"))
    assert made.hours.by_channel["email"][0] == ((480, 720), (780, 1440))
    assert made.hours.by_channel["sms"][5:] == (((540, 720),), ())
    assert made.hours.by_channel["visit"] == (((600, 960),),) * 7
    assert made.hours.by_place == {("visit", "work"): (((660, 720),),) * 7}
    assert (made.holidays.country, made.holidays.subdivision, made.holidays.national) == ("CA", "ON", False)
    assert made.notice_wait.exceptions == {"verification"}
    assert made.cooldown.exempt_persons == {"attorney"}
    assert made.caps[0].persons == {"", "spouse"}
    assert made.caps[1].other_customers
    assert made.consents == {"consent", "tcpa_consent"}
    disputed, opted_out = made.honours
    assert (disputed.kind, disputed.lifted_by_verification) == ("disputed", False)
    assert disputed.exceptions == {"verification"}
    assert opted_out.exceptions == frozenset()


def test_a_rule_takes_from_its_pack_what_it_does_not_say():
    made = load(WHOLE, "somewhere")
    whole = Origin(
        "somewhere", "Act 1", "https://law.example/1", "guidance", "secondary", date(2027, 6, 1), date(2026, 1, 1)
    )
    assert made.origin == made.notice_wait.origin == made.cooldown.origin == made.caps[1].origin == whole
    assert (made.hours.origin.source, made.hours.origin.basis) == ("Act 1 s 2", "default")
    assert made.hours.origin.verified == "secondary"
    assert made.holidays.origin.verified == "yes"
    assert made.caps[0].origin.review_date == date(2027, 1, 1)
    assert made.honours[0].origin.source == "Act 1 s 9"


def test_an_empty_pack_forbids_nothing_and_says_so():
    made = load({}, "empty")
    assert (made.name, made.source, made.basis, made.verified) == ("empty", "empty", "default", "no")
    assert not (made.hours or made.caps or made.honours or made.cooldown or made.holidays or made.notice_wait)


def test_the_short_forms_mean_the_same():
    made = load(
        {
            "honours": ["ceased", "opted_out"],
            "holiday_channels": ["call"],
            "notice_wait_days": 6,
            "basis": "policy_default (with a remark)",
            "_about": "a remark",
        },
        "short",
    )
    assert [honour.kind for honour in made.honours] == ["ceased", "opted_out"]
    assert made.honours[1].exceptions == {"opt_out_confirmation", "reply", "legally_required"}
    assert made.holidays.channels == {"call"}
    assert (made.notice_wait.days, made.notice_wait.exceptions) == (6, {"legally_required"})
    assert made.basis == "default"


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        # unknown keys
        ({"hourz": HOURS}, "hourz: unknown key; did you mean 'hours'"),
        ({"zebra": 1}, r"zebra: unknown key; known here: advice, .*, verified\. Correct or remove it"),
        ({"caps": [{**CAP, "limt": 2}]}, r"caps\[0\]: limt: unknown key; did you mean 'limit'"),
        ({"caps": [CAP, {**CAP, "window": 2}]}, r"caps\[1\]: window: unknown key"),
        ({"hours": {**HOURS, "monday": None}}, "hours: monday: unknown key"),
        ({"hours": {**HOURS, "by_channel": {"fax": {}}}}, "by_channel: fax: unknown key"),
        ({"hours": {**HOURS, "by_place": {"moon": {}}}}, "by_place: moon: unknown key"),
        ({"honours": ["cease"]}, "honours: cease: unknown key; did you mean 'ceased'"),
        ({"honours": {"ceased": {"exept": []}}}, "honours: ceased: exept: unknown key; did you mean 'except'"),
        ({"honours": {"ceased": {"lifted_by_verification": True}}}, "lifted_by_verification: unknown key"),
        ({"applies": {"country": ["CA"]}}, "applies: country: unknown key; did you mean 'countries'"),
        ({"cooldown": {"days": 7, "apply": ["call"], "week": 1}}, "cooldown: week: unknown key"),
        ({"notice_wait": {"days": 6, "until": 1}}, "notice_wait: until: unknown key"),
        ({"holidays": {"channels": ["call"], "land": "CA"}}, "holidays: land: unknown key"),
        ({"advice": {"concentrated": 4, "cumulative": 9, "cumulative_days": 7, "x": 1}}, "advice: x: unknown key"),
        ({"honours": {"consent": {"x": 1}}, "caps": [CAP]}, "consent: x: unknown key"),
        # missing
        ({"caps": [{"days": 7, "count": ["email"], "apply": ["email"]}]}, "limit: is missing"),
        ({"cooldown": {"days": 7}}, "apply: is missing"),
        ({"cooldown": {"apply": ["call"]}}, "days: is missing"),
        ({"hours": {"channels": ["email"]}}, "mon: is missing"),
        ({"hours": {"channels": ["email"], "weekday": ["08:00", "20:00"], "sat": None}}, "sun: is missing"),
        ({"holidays": {}}, "channels: is missing"),
        ({"advice": {"concentrated": 4, "cumulative": 9}}, "cumulative_days: is missing"),
        # the wrong kind
        ([], "expected an object in braces, found a list"),
        ({"caps": {}}, "caps: expected a list in brackets, found an object"),
        ({"caps": [7]}, r"caps\[0\]: expected an object in braces, found a number"),
        ({"caps": [{**CAP, "limit": 0}]}, "limit: expected a whole number from 1"),
        ({"caps": [{**CAP, "limit": True}]}, "limit: expected a whole number"),
        ({"caps": [{**CAP, "limit": 2.5}]}, "limit: expected a whole number"),
        ({"caps": [{**CAP, "days": 9999}]}, "days: expected a whole number from 1 to 3660"),
        ({"caps": [{**CAP, "scope": "house"}]}, "scope: 'house' is not known; use one of: debt, person, address"),
        ({"caps": [{**CAP, "mode": "loud"}]}, "mode: 'loud' is not known"),
        ({"caps": [{**CAP, "count": ["e-mail"]}]}, "count: 'e-mail' is not known; use one of: email, sms, call"),
        ({"caps": [{**CAP, "threads": "yes"}]}, "threads: expected true or false, found text"),
        ({"name": 7}, "name: expected text in quotes, found a number"),
        ({"verified": "perhaps"}, "verified: use true"),
        ({"verified": 1.5}, "verified: use true"),
        ({"basis": "rumour"}, "basis: 'rumour' is not known; use one of: law, guidance, default"),
        ({"review_date": "1 June"}, 'review_date: expected a date such as "2026-09-01"'),
        ({"applies": {"countries": ["Canada"]}}, "countries: 'Canada' is no two-letter country code"),
        ({"applies": {"debtors": ["people"]}}, "debtors: 'people' is not known"),
        ({"limitation_years": -1}, "limitation_years: expected a number of years"),
        ({"limitation_years": True}, "limitation_years: expected a number of years"),
        ({"statutory_wording": {"en": ""}}, "statutory_wording: give a text per language"),
        ({"statutory_wording": "text"}, "statutory_wording: give a text per language"),
        ({"hours": {**HOURS, "all": ["8", "20"]}}, "all: '8' is no clock time"),
        ({"hours": {**HOURS, "all": ["08:60", "20:00"]}}, "all: '08:60' is no clock time"),
        ({"hours": {**HOURS, "all": ["08:00", "24:01"]}}, "all: '24:01' is no clock time"),
        ({"hours": {**HOURS, "all": ["08:00"]}}, "all: expected an opening and a closing time"),
        ({"hours": {**HOURS, "all": "08:00"}}, "all: expected a list"),
        # contradictions
        ({"hours": {**HOURS, "all": ["20:00", "08:00"]}}, "the closing time must be later"),
        ({"hours": {**HOURS, "all": ["08:00", "08:00"]}}, "the closing time must be later"),
        ({"hours": {**HOURS, "sat": None}}, "all: contradicts 'sat'"),
        ({"hours": {**HOURS, "weekday": None}}, "all: contradicts 'weekday'"),
        (
            {"hours": {"channels": ["sms"], "weekday": ["08:00", "20:00"], "mon": None, "sat": None, "sun": None}},
            "weekday: contradicts the days named one by one",
        ),
        ({"hours": {**HOURS, "all": [["08:00", "12:00"], ["11:00", "13:00"]]}}, "openings of one day overlap"),
        ({"hours": {**HOURS, "all": []}}, "no day is open"),
        ({"hours": {"channels": []}}, "hours: binds no channel"),
        ({"holiday_channels": ["call"], "holidays": {"channels": ["sms"]}}, "contradicts 'holidays'; keep one"),
        ({"notice_wait_days": 6, "notice_wait": {"days": 6}}, "notice_wait_days: contradicts 'notice_wait'"),
        ({"holidays": {"channels": ["call"], "subdivision": "ON"}}, "subdivision: needs its country"),
        (
            {"holidays": {"channels": ["call"], "country": "CA", "subdivision": "ON", "national": True}},
            "subdivision: needs its country beside it, and no 'national'",
        ),
        ({"caps": [{**CAP, "only_place": True}]}, "only_place: needs 'place'"),
        ({"caps": [{**CAP, "other_customers": True}]}, 'other_customers: needs "scope": "address"'),
        ({"caps": [{**CAP, "apply": ["sms"]}]}, "apply: none of these channels is counted"),
        ({"caps": [{**CAP, "count": ["sms", "sms"]}]}, "count: names something twice"),
        ({"honours": ["ceased", "ceased"]}, "honours: names something twice"),
        ({"honours": ["consent"]}, "consent: the pack has no cap it could lift"),
        ({"honours": ["tcpa_consent"], "caps": [CAP]}, "tcpa_consent: no cap is 'only_prerecorded'"),
        ({"applies": {"subdivisions": ["ON"]}}, "subdivisions: name exactly one country"),
        ({"applies": {"subdivisions": ["ON"], "countries": ["CA", "US"]}}, "subdivisions: name exactly one country"),
        ({"payment_order": ["costs", "interest"]}, "payment_order: name each of these once"),
        ({"payment_order": ["costs", "interest", "interest"]}, "payment_order: name each of these once"),
    ],
)
def test_a_pack_that_is_not_in_order_is_refused_with_words(definition, words):
    with pytest.raises(pack.PackError, match=words) as error:
        load(definition, "mine")
    assert str(error.value).startswith("mine: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"caps": [}', "mine: not valid JSON at line 1, column 11"),
        ('{"name": "A", "name": "B"}', "mine: name: stands twice in the same braces"),
        ('{"caps": [{"limit": 1, "limit": 2}]}', "mine: limit: stands twice"),
        ("", "mine: not valid JSON"),
    ],
)
def test_text_that_is_no_pack_is_refused_with_words(text, words):
    with pytest.raises(pack.PackError, match=words):
        parse(text, "mine")


def test_reading_changes_nothing_of_what_is_read():
    before = copy.deepcopy(WHOLE)
    load(WHOLE, "somewhere")
    assert before == WHOLE


def test_a_consent_may_lift_a_cool_down_alone():
    made = load({"cooldown": {"days": 7, "apply": ["call"]}, "honours": ["consent"]}, "mine")
    assert made.consents == {"consent"}


def test_a_pack_is_itself_only():
    assert load(WHOLE, "somewhere") != load(WHOLE, "somewhere")


# The packs shipped


@pytest.mark.parametrize("made", pack.shipped().values(), ids=lambda made: made.code)
def test_each_rule_of_a_shipped_pack_has_a_source_a_mark_and_a_date(made):
    rules = [made.hours, made.holidays, made.cooldown, made.notice_wait, *made.caps, *made.honours]
    for origin in (made.origin, *(rule.origin for rule in rules if rule)):
        assert origin.pack == made.code
        assert origin.source
        assert origin.basis in ("law", "guidance", "default")
        assert origin.verified in ("yes", "secondary", "no")
        assert origin.review_date > date(2026, 11, 21)
    assert made.name != made.code
    assert made.applies.countries


def test_no_shipped_pack_claims_more_than_was_checked():
    packs = pack.shipped()
    assert {code for code, made in packs.items() if made.basis == "default"} == {
        "us_b2b_policy",
        "nz_policy",
        "eu_policy",
    }
    assert packs["au_rg96"].basis == "guidance"
    assert packs["uk_conc"].hours.origin.basis == "default"
    assert not packs["uk_conc"].caps
    assert packs["us_tcpa_prerecorded_residential"].verified == "no"
    assert packs["us_nyc"].effective_from == date(2026, 9, 1)


def test_adding_a_pack_is_adding_a_file(tmp_path, monkeypatch):
    (tmp_path / "mine.json").write_text(json.dumps({"name": "Mine", "caps": [CAP]}))
    monkeypatch.setattr(pack, "PACKS", tmp_path)
    pack.shipped.cache_clear()
    try:
        assert list(pack.shipped()) == ["mine"]
        assert pack.shipped()["mine"].caps[0].limit == 3
    finally:
        pack.shipped.cache_clear()


def test_what_a_pack_can_heed_has_a_reason_of_the_order():
    assert {heeded.reason for heeded in HONOURS.values()} <= set(REASONS)


def test_packs_say_how_far_back_they_look():
    packs = pack.shipped()
    house = pack.house(5, 1)
    assert pack.days_back([house, packs["us_reg_f"]]) == 30
    assert pack.days_back([pack.house(40, 1)]) == 40
    assert pack.days_back([load({"cooldown": {"days": 50, "apply": ["call"]}}, "a")]) == 50
    assert pack.days_back([load({"advice": {"concentrated": 1, "cumulative": 1, "cumulative_days": 60}}, "a")]) == 60
    assert pack.days_back([house, packs["ca_on"]]) is None  # whether somebody ever spoke with him


# Which packs fit


def proposed(**facts):
    return set(pack.proposed(pack.CustomerFacts(**facts), pack.shipped()))


def test_a_business_in_the_states_gets_no_consumer_rules():
    facts = {"country": "US", "subdivision": "MA", "debtor": "company", "collector": "creditor", "debt": "commercial"}
    assert proposed(**facts) == {"us_b2b_policy"}


def test_a_consumer_gets_the_rules_of_his_state():
    facts = {"country": "US", "subdivision": "MA", "debtor": "consumer", "collector": "creditor", "debt": "consumer"}
    assert proposed(**facts) == {"us_ma", "us_tcpa_prerecorded_residential"}
    agency = {**facts, "collector": "agency"}
    assert proposed(**agency) == {"us_ma", "us_reg_f", "us_tcpa_prerecorded_residential"}


def test_a_rule_of_a_city_is_for_its_city():
    facts = {"country": "US", "subdivision": "NY", "debtor": "consumer", "collector": "creditor", "debt": "consumer"}
    assert "us_nyc" in proposed(**facts, city="new york")
    assert "us_nyc" not in proposed(**facts, city="Buffalo")
    assert "us_nyc" in proposed(**facts)  # where the city is not known, the stricter


def test_what_is_not_known_costs_no_protection():
    assert {"us_reg_f", "us_ma", "us_wa", "us_b2b_policy"} <= proposed(country="US")
    assert proposed(country="CA", subdivision="ON") == {"ca_on"}
    assert proposed(country="FR") == {"eu_policy"}
    assert proposed(country="GB", debtor="sole_trader") == {"uk_conc"}
    assert proposed(country="GB", debtor="company") == set()


def test_without_a_country_nothing_is_proposed():
    assert proposed() == set()
    assert proposed(country="BR") == set()
