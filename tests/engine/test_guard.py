"""The gate's answers one by one: the house's own rules, what it cannot know, and what a verdict says."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from engine import guard, pack
from engine.guard import Ask, Contact, Span, State, check

MONDAY = datetime(2027, 5, 3, 9, tzinfo=timezone.utc)
SHIPPED = pack.shipped()
HOUSE = pack.house(5, 2, hours=None, source="house rules")
LONDON = State(zones=("Europe/London",), country="GB")


def ask(days=0, customer=1, address="a@example.com", channel="email", **values):
    return Ask(MONDAY + timedelta(days=days), channel, frozenset({customer}), customer, address, **values)


def sent(days=0, customer=1, address="a@example.com", channel="email", **values):
    at = MONDAY + timedelta(days=days)
    return Contact(at, channel, debts=frozenset({customer}), customer=customer, address=address, **values)


def local(*parts, zone="Europe/London"):
    return datetime(*parts, tzinfo=ZoneInfo(zone))


def codes(verdict):
    return [refusal.code for refusal in verdict.refusals]


# The house's own rules


def test_without_history_everything_is_allowed():
    verdict = check(ask(), [], LONDON, [HOUSE])
    assert verdict == guard.Verdict("OK", (), None, ())
    assert verdict.allowed


def test_a_customer_is_left_in_peace_for_the_gap_on_every_channel():
    for channel in ("email", "sms", "call", "letter", "visit"):
        verdict = check(ask(days=4, channel="letter"), [sent(channel=channel)], LONDON, [HOUSE])
        assert codes(verdict) == ["MINIMUM_GAP"]
        assert verdict.next_allowed_at == local(2027, 5, 8, 0)
        assert check(ask(days=5, channel="letter"), [sent(channel=channel)], LONDON, [HOUSE]).allowed


def test_a_call_that_nobody_took_opens_no_gap_of_the_house_and_counts_where_attempts_do():
    attempts = {"limit": 1, "days": 7, "count": ["call"], "apply": ["call"], "mode": "attempt"}
    missed = [sent(channel="call", outcome="no_answer")]
    assert check(ask(days=1), missed, LONDON, [HOUSE]).allowed
    assert check(ask(days=1, customer=2), missed, LONDON, [pack.house(address_gap=3, hours=None)]).allowed
    for outcome in ("left_message", "answered", "conversation"):
        assert codes(check(ask(days=1), [sent(channel="call", outcome=outcome)], LONDON, [HOUSE])) == ["MINIMUM_GAP"]
    counting = pack.load({"caps": [attempts]}, "attempts")
    assert codes(check(ask(days=1, channel="call"), missed, LONDON, [HOUSE, counting])) == ["FREQUENCY_CAP"]


def test_one_message_a_day_even_without_a_gap():
    without = pack.house(0, 0, hours=None)
    assert check(ask(), [sent()], LONDON, [without]).next_allowed_at == local(2027, 5, 4, 0)
    assert check(ask(days=1), [sent()], LONDON, [without]).allowed
    assert check(ask(customer=2), [sent()], LONDON, [without]).allowed


def test_another_customer_at_the_address_waits_for_its_gap():
    verdict = check(ask(days=1, customer=2), [sent()], LONDON, [HOUSE])
    assert codes(verdict) == ["ADDRESS_GAP"]
    assert verdict.next_allowed_at == local(2027, 5, 5, 0)
    assert check(ask(days=2, customer=2), [sent()], LONDON, [HOUSE]).allowed


def test_another_customer_elsewhere_does_not_wait():
    assert check(ask(customer=2, address="b@example.com"), [sent()], LONDON, [HOUSE]).allowed
    assert check(ask(customer=2, address=""), [sent(address="")], LONDON, [HOUSE]).allowed


def test_customers_who_all_agreed_share_a_day_but_each_keeps_his_gap():
    assert check(ask(customer=2, bundle_agreed=True), [sent()], LONDON, [HOUSE]).allowed
    assert codes(check(ask(customer=1, bundle_agreed=True), [sent()], LONDON, [HOUSE])) == ["MINIMUM_GAP"]


def test_messages_that_ask_for_nothing_neither_wait_nor_count():
    assert check(ask(asking=False), [sent()], LONDON, [HOUSE]).allowed
    assert check(ask(), [sent(asking=False)], LONDON, [HOUSE]).allowed


def test_messages_that_ask_for_nothing_respect_what_protects():
    known = State(opted_out=frozenset({"email"}))
    assert codes(check(ask(asking=False), [], known, [HOUSE])) == ["OPTED_OUT"]
    night = Ask(MONDAY.replace(hour=3), "email", asking=False)
    assert codes(check(night, [], LONDON, [pack.house()])) == ["OUTSIDE_HOURS"]


def test_a_message_that_bounced_does_not_open_a_gap():
    assert check(ask(), [sent(connected=False)], LONDON, [HOUSE]).allowed
    assert not check(ask(), [sent(connected=True)], LONDON, [HOUSE]).allowed


def test_what_the_customer_writes_opens_no_gap():
    assert check(ask(), [sent(direction="in")], LONDON, [HOUSE]).allowed


def test_other_mail_counts_where_the_house_wants_it():
    budget = pack.house(1, 0, hours=None, other_mail_limit=3, other_mail_days=7)
    newsletters = [sent(days=-day, asking=False) for day in (1, 2)]
    assert check(ask(), newsletters, LONDON, [budget]).allowed
    reminded = [*newsletters, sent(days=-3)]
    verdict = check(ask(), reminded, LONDON, [budget])
    assert codes(verdict) == ["FREQUENCY_CAP"]
    # The reminder of Friday leaves the seven days with Friday: the 30th of April is 3 days before.
    assert verdict.next_allowed_at == local(2027, 5, 7, 0)
    assert verdict.refusals[0].detail["count"] == 3
    assert check(ask(channel="sms"), reminded, LONDON, [budget]).allowed
    assert check(ask(), reminded, LONDON, [pack.house(1, 0, hours=None)]).allowed
    one = pack.house(1, 0, hours=None, other_mail_limit=1)
    assert codes(check(ask(), newsletters[:1], LONDON, [one])) == ["FREQUENCY_CAP"]


def test_the_house_has_hours_of_the_customers_clock():
    house = pack.house(hours=(8.0, 17.5))
    for channel in ("email", "sms", "call", "visit"):
        early = Ask(local(2027, 5, 3, 7, 59), channel)
        assert check(early, [], LONDON, [house]).next_allowed_at == local(2027, 5, 3, 8)
        assert check(Ask(local(2027, 5, 3, 17, 29), channel), [], LONDON, [house]).allowed
        late = Ask(local(2027, 5, 3, 17, 30), channel)
        assert check(late, [], LONDON, [house]).next_allowed_at == local(2027, 5, 4, 8)
    assert check(Ask(local(2027, 5, 3, 3), "letter"), [], LONDON, [house]).allowed


def test_the_house_has_weekdays():
    house = pack.house(weekdays=(1, 3))
    verdict = check(Ask(local(2027, 5, 4, 20), "email"), [], LONDON, [house])
    assert verdict.next_allowed_at == local(2027, 5, 6, 8)


def test_the_house_rests_on_holidays_where_it_wants_to():
    rests, works = pack.house(holidays=True), pack.house()
    may_bank_holiday = Ask(local(2027, 5, 3, 10), "email")
    verdict = check(may_bank_holiday, [], LONDON, [rests])
    assert codes(verdict) == ["HOLIDAY"]
    assert verdict.refusals[0].detail == {"date": date(2027, 5, 3), "holiday": "May Day"}
    assert verdict.next_allowed_at == local(2027, 5, 4, 8)
    assert check(may_bank_holiday, [], LONDON, [works]).allowed


def test_holidays_are_those_of_the_region():
    all_saints = Ask(local(2027, 11, 1, 10, zone="Europe/Berlin"), "email")
    house = pack.house(holidays=True)
    for state, code in (("BY", "HOLIDAY"), ("BE", "OK")):
        known = State(("Europe/Berlin",), country="DE", subdivision=state)
        assert check(all_saints, [], known, [house]).code == code


def test_a_house_closed_all_year_is_refused():
    with pytest.raises(pack.PackError, match="end must be later"):
        pack.house(hours=(20, 8))
    with pytest.raises(pack.PackError, match="choose at least one"):
        pack.house(weekdays=())
    with pytest.raises(pack.PackError, match="from 0"):
        pack.house(weekdays=(7,))


@pytest.mark.parametrize(
    "facts",
    [
        {"ceased": True},
        {"represented_by_attorney": True},
        {"mental_capacity_concern": True},
        {"breathing_space_open_ended": True},
        {"hardship_until": date(2027, 5, 3)},
        {"disputed": True},
        {"opted_out": frozenset({"email"})},
        {"opted_out_addresses": frozenset({"a@example.com"})},
        {"inconvenient": (Span(days=frozenset({0})),)},
    ],
)
def test_the_house_heeds_what_protects_whatever_the_law(facts):
    assert not check(ask(), [], State(**facts), [HOUSE]).allowed


# What a verdict says


def test_every_rule_that_fails_is_named_with_its_source():
    known = State(("Australia/Sydney",), country="AU", hardship_until=date(2027, 5, 20), disputed=True)
    asked = Ask(datetime(2027, 5, 8, 23, tzinfo=ZoneInfo("Australia/Sydney")), "call", frozenset({1}), 1)
    talks = [sent(days=day, channel="call", outcome="answered") for day in (1, 2, 3)]
    house = pack.house(5, 1, source="policy A")
    verdict = check(asked, talks, known, [house, SHIPPED["au_rg96"]])
    named = [(refusal.code, refusal.pack) for refusal in verdict.refusals]
    assert named == [
        ("HARDSHIP", "house"),
        ("HARDSHIP", "au_rg96"),
        ("DISPUTED", "house"),
        ("DISPUTED", "au_rg96"),
        ("OUTSIDE_HOURS", "house"),
        ("OUTSIDE_HOURS", "au_rg96"),
        ("FREQUENCY_CAP", "au_rg96"),
        ("MINIMUM_GAP", "house"),
    ]
    assert verdict.code == "HARDSHIP"
    assert verdict.next_allowed_at is None  # the dispute has no date
    by_name = dict(zip(named, verdict.refusals, strict=True))
    cap = by_name["FREQUENCY_CAP", "au_rg96"]
    assert (cap.basis, cap.hard) == ("guidance", False)
    assert cap.source == "RG 96 Part 2 sections 3 and 5"
    assert cap.free_at == datetime(2027, 5, 11, tzinfo=ZoneInfo("Australia/Sydney"))
    assert cap.detail == {
        "limit": 3,
        "days": 7,
        "count": 3,
        "channels": ["call", "email", "letter", "sms"],
        "scope": "debt",
    }
    hours = by_name["OUTSIDE_HOURS", "au_rg96"]
    assert hours.free_at == datetime(2027, 5, 9, 9, tzinfo=ZoneInfo("Australia/Sydney"))
    assert hours.detail == {"zone": "Australia/Sydney", "opens": "09:00", "closes": "21:00"}
    gap = by_name["MINIMUM_GAP", "house"]
    assert (gap.source, gap.basis) == ("policy A", "default")
    assert by_name["DISPUTED", "house"].free_at is None
    assert by_name["HARDSHIP", "house"].detail == {"until": date(2027, 5, 20)}


def test_the_next_moment_is_right_for_all_rules_at_once():
    # Alone: hardship ends on Sunday the 9th, the cap on the 11th, the hours open at 07:30.
    known = State(("Australia/Sydney",), country="AU", hardship_until=date(2027, 5, 8))
    asked = Ask(datetime(2027, 5, 7, 23, tzinfo=ZoneInfo("Australia/Sydney")), "call", frozenset({1}), 1)
    talks = [sent(days=day, channel="call", outcome="answered") for day in (1, 2, 3)]
    verdict = check(asked, talks, known, [SHIPPED["au_rg96"]])
    assert verdict.next_allowed_at == datetime(2027, 5, 11, 7, 30, tzinfo=ZoneInfo("Australia/Sydney"))
    assert str(verdict.next_allowed_at.tzinfo) == "Australia/Sydney"


def test_hard_reasons_are_those_that_no_manager_may_override():
    hard = {"CEASED", "ATTORNEY", "MENTAL_CAPACITY", "BREATHING_SPACE", "DISPUTED", "OPTED_OUT"}
    facts = State(
        ceased=True,
        represented_by_attorney=True,
        mental_capacity_concern=True,
        breathing_space_open_ended=True,
        hardship_until=date(2027, 6, 1),
        disputed=True,
        opted_out=frozenset({"email"}),
        employer_prohibits=True,
        inconvenient=(Span(),),
    )
    wanted = ask(place="work", address_kind="work_email")
    refusals = check(wanted, [sent()], facts, [HOUSE]).refusals
    assert {refusal.code for refusal in refusals if refusal.hard} == hard
    soft = {"HARDSHIP", "WORK_EMAIL", "EMPLOYER_PROHIBITS", "INCONVENIENT_TIME", "MINIMUM_GAP"}
    assert {refusal.code for refusal in refusals if not refusal.hard} == soft


def test_the_figures_of_the_other_refusals():
    known = State(("Europe/London",), notice_sent_on=date(2027, 5, 1), opted_out=frozenset({"call"}))
    verdict = check(ask(channel="call"), [], known, [SHIPPED["ca_on"], SHIPPED["us_reg_f"]])
    details = {refusal.code: refusal.detail for refusal in verdict.refusals}
    assert details["OPTED_OUT"] == {"channel": "call", "address": "a@example.com"}
    assert details["NOTICE_WAIT"] == {"days": 6, "sent_on": date(2027, 5, 1)}
    talk = [sent(days=-2, channel="call", outcome="conversation")]
    verdict = check(ask(channel="call"), talk, LONDON, [SHIPPED["us_reg_f"]])
    assert verdict.refusals[0].detail == {"days": 7, "conversation_on": date(2027, 5, 1)}
    wishes = (Span(days=frozenset({0})),)
    verdict = check(ask(), [], State(inconvenient=wishes), [HOUSE])
    assert verdict.refusals[0].detail == {"preferred": (), "inconvenient": wishes}
    open_ended = State(breathing_space_until=date(2027, 5, 9), breathing_space_open_ended=True)
    assert check(ask(), [], open_ended, [HOUSE]).refusals[0].detail == {"until": None}


def test_the_hours_of_a_day_are_named_from_first_to_last():
    week = {"weekday": [["08:05", "12:00"], ["14:00", "18:30"]], "sat": None, "sun": None}
    siesta = pack.load({"hours": {"channels": ["call"], **week}}, "siesta")
    for day, figures in ((3, {"opens": "08:05", "closes": "18:30"}), (8, {})):
        verdict = check(Ask(local(2027, 5, day, 13), "call"), [], LONDON, [siesta])
        assert verdict.refusals[0].detail == {"zone": "Europe/London", **figures}


def test_a_conflict_of_zones_names_the_zone_that_is_closed():
    known = State(("America/New_York", "America/Denver", "America/Los_Angeles"))
    asked = Ask(local(2027, 5, 3, 10, 30, zone="America/New_York"), "call")
    verdict = check(asked, [], known, [SHIPPED["us_fl"]])
    assert codes(verdict) == ["TZ_CONFLICT"]
    assert verdict.refusals[0].detail == {"zone": "America/Los_Angeles", "opens": "08:00", "closes": "21:00"}
    assert verdict.next_allowed_at == local(2027, 5, 3, 11, zone="America/New_York")


# What the guard cannot know


@pytest.mark.parametrize("zones", [("Atlantis/Capital",), ("Europe",), ("",), (), ("../etc/passwd",)])
def test_an_unknown_zone_is_a_no_with_its_name(zones):
    verdict = check(ask(), [], State(zones), [HOUSE])
    assert codes(verdict) == ["ZONE_UNKNOWN"]
    assert verdict.next_allowed_at is None
    assert verdict.refusals[0].detail == {"zones": list(zones or ("",))}
    assert not verdict.refusals[0].hard


def test_one_unknown_zone_among_others_is_a_no():
    verdict = check(ask(), [], State(("Europe/London", "Atlantis/Capital")), [HOUSE])
    assert verdict.refusals[0].detail == {"zones": ["Atlantis/Capital"]}


def test_days_are_counted_where_the_customer_is():
    # 20:00 UTC on the 3rd is the 4th in Auckland, so four days later there are five to go in UTC only.
    late = [Contact(MONDAY.replace(hour=20), "email")]
    asked = Ask(MONDAY.replace(day=8, hour=4), "email")
    assert check(asked, late, State(("UTC",)), [HOUSE]).allowed
    assert not check(asked, late, State(("Pacific/Auckland",)), [HOUSE]).allowed


@pytest.mark.parametrize(("country", "year"), [("", 2027), ("XX", 2027), ("gb", 2027), ("GB", 2500)])
def test_holidays_that_nobody_knows_are_a_no(country, year):
    house = pack.house(holidays=True)
    asked = Ask(local(year, 5, 4, 10), "email")
    verdict = check(asked, [], State(("Europe/London",), country=country), [house])
    assert codes(verdict) == ["HOLIDAYS_UNKNOWN"]
    assert verdict.refusals[0].detail == {"country": country, "year": year}
    assert verdict.next_allowed_at is None
    assert check(asked, [], State(("Europe/London",), country=country), [pack.house()]).allowed


def test_a_list_that_is_complete_asks_no_library():
    house = pack.house(holidays=True)
    known = State(("Europe/London",), extra_holidays=frozenset({date(2027, 5, 4)}), holidays_complete=True)
    assert check(Ask(local(2027, 5, 3, 10), "email"), [], known, [house]).allowed
    verdict = check(Ask(local(2027, 5, 4, 10), "email"), [], known, [house])
    assert verdict.refusals[0].detail == {"date": date(2027, 5, 4), "holiday": ""}


def test_days_of_the_customers_own_join_the_library():
    house = pack.house(holidays=True)
    known = State(("Europe/London",), country="GB", extra_holidays=frozenset({date(2027, 5, 4)}))
    verdict = check(Ask(local(2027, 5, 3, 10), "email"), [], known, [house])
    assert verdict.next_allowed_at == local(2027, 5, 5, 8)
    nowhere = State(("Europe/London",), extra_holidays=frozenset({date(2027, 5, 4)}))
    assert codes(check(Ask(local(2027, 5, 4, 10), "email"), [], nowhere, [house])) == ["HOLIDAYS_UNKNOWN", "HOLIDAY"]


def test_a_law_knows_its_own_holidays():
    # Whatever his address says, Quebec's rule rests on Quebec's days: 24 June.
    known = State(("America/Toronto",), country="CA", subdivision="ON")
    asked = Ask(local(2027, 6, 24, 10, zone="America/Toronto"), "call")
    assert check(asked, [], known, [SHIPPED["ca_qc"]]).code == "HOLIDAY"
    assert check(asked, [], known, [SHIPPED["ca_on"]]).code == "OK"


def test_national_holidays_are_no_others():
    # The day of the Melbourne Cup is a holiday in Victoria only.
    known = State(("Australia/Melbourne",), country="AU", subdivision="VIC")
    asked = Ask(local(2027, 11, 2, 10, zone="Australia/Melbourne"), "call")
    assert check(asked, [], known, [SHIPPED["au_rg96"]]).allowed
    assert check(asked, [], known, [pack.house(holidays=True)]).code == "HOLIDAY"


def test_it_is_a_holiday_if_it_is_one_in_any_zone():
    # 23:30 on the 2nd in New York is the 3rd, the bank holiday, in London.
    rests = pack.house(hours=None, holidays=True)
    known = State(("America/New_York", "Europe/London"), country="GB")
    verdict = check(Ask(local(2027, 5, 2, 23, 30, zone="America/New_York"), "email"), [], known, [rests])
    assert codes(verdict) == ["HOLIDAY"]
    assert verdict.refusals[0].detail["date"] == date(2027, 5, 3)
    assert verdict.next_allowed_at == local(2027, 5, 4, 0, zone="America/New_York")


def test_a_contact_from_the_future_counts_and_is_pointed_out():
    verdict = check(ask(), [sent(days=3)], LONDON, [HOUSE])
    assert codes(verdict) == ["MINIMUM_GAP"]
    assert verdict.warnings == ("FUTURE_CONTACT",)
    assert verdict.next_allowed_at == local(2027, 5, 11, 0)
    allowed = check(ask(), [sent(days=3, direction="in")], LONDON, [HOUSE])
    assert (allowed.code, allowed.warnings) == ("OK", ("FUTURE_CONTACT",))
    assert check(ask(), [sent(days=-3)], LONDON, [HOUSE]).warnings == ()


def test_a_talk_to_come_does_not_open_the_gate():
    talk = [sent(days=1, channel="call", outcome="conversation")]
    verdict = check(ask(channel="call"), talk, LONDON, [SHIPPED["us_reg_f"]])
    assert codes(verdict) == ["CONVERSATION_COOLDOWN"]


def test_a_consent_to_come_is_none_yet():
    talk = [sent(days=-1, channel="call", outcome="conversation")]
    known = State(("Europe/London",), prior_consent=(guard.Consent(MONDAY + timedelta(hours=1)),))
    verdict = check(ask(channel="call"), talk, known, [SHIPPED["us_reg_f"]])
    assert verdict.next_allowed_at == local(2027, 5, 9, 8)


def test_calls_made_under_a_consent_count_for_no_cap_that_it_lifts():
    cap = {"limit": 2, "days": 7, "count": ["call"], "apply": ["call"]}
    log = [sent(days=day, channel="call", outcome="no_answer") for day in (1, 2, 3)]
    known = State(("Europe/London",), prior_consent=(guard.Consent(MONDAY, valid_on=date(2027, 5, 5)),))
    asked = ask(days=4, channel="call")
    lifted = pack.load({"caps": [cap], "honours": ["consent"]}, "lifted")
    assert check(asked, log[1:], known, [lifted]).code == "OK"  # the call of the 5th was agreed to
    assert check(asked, log, known, [lifted]).refusals[0].detail["count"] == 2
    assert not check(asked, log[1:], known, [pack.load({"caps": [cap]}, "kept")]).allowed


def test_a_consent_ends_with_its_day():
    limits = {"caps": [{"limit": 1, "days": 9, "count": ["call"], "apply": ["call"]}], "honours": ["consent"]}
    lifted = pack.load(limits, "lifted")
    known = State(("Europe/London",), prior_consent=(guard.Consent(MONDAY, valid_on=date(2027, 5, 5)),))
    midnight, minute = local(2027, 5, 6, 0), timedelta(minutes=1)
    log = [sent(channel="call")]
    for at, code in ((midnight - minute, "OK_CONSENT"), (midnight, "FREQUENCY_CAP")):
        assert check(replace(ask(channel="call"), at=at), log, known, [lifted]).code == code
    # What is done in the last minute of a consent does not count, what is done a minute later does.
    for at, code in ((midnight - minute, "OK"), (midnight, "FREQUENCY_CAP")):
        assert check(ask(days=5, channel="call"), [replace(log[0], at=at)], known, [lifted]).code == code


def test_consents_for_different_days_do_not_add_up():
    # He agreed to a call about A on the 5th and about B on the 6th: on neither day about both.
    talk = [sent(channel="call", outcome="conversation", customer=1)]
    talk = [replace(talk[0], debts=frozenset("AB"))]
    agreed = (
        guard.Consent(MONDAY, frozenset("A"), date(2027, 5, 5)),
        guard.Consent(MONDAY, frozenset("B"), date(2027, 5, 6)),
    )
    known = State(("Europe/London",), prior_consent=agreed)
    asked = replace(ask(days=1, channel="call"), debts=frozenset("AB"))
    verdict = check(asked, talk, known, [SHIPPED["us_reg_f"]])
    assert verdict.refusals[0].free_at == local(2027, 5, 10, 0)
    assert verdict.next_allowed_at == local(2027, 5, 10, 8)
    about_b = replace(asked, debts=frozenset("B"))
    assert check(about_b, talk, known, [SHIPPED["us_reg_f"]]).next_allowed_at == local(2027, 5, 6, 8)


def test_a_moment_without_a_zone_is_no_moment():
    with pytest.raises(TypeError):
        check(Ask(datetime(2027, 5, 3, 9), "email"), [], LONDON, [HOUSE])
    with pytest.raises(TypeError):
        check(ask(), [Contact(datetime(2027, 5, 3, 9), "email")], LONDON, [HOUSE])


def test_an_unknown_channel_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="no channel 'fax'"):
        check(ask(channel="fax"), [], LONDON, [HOUSE])


def test_without_packs_only_the_zone_is_asked():
    assert check(ask(), [sent()], LONDON, []).allowed
    assert not check(ask(), [sent()], State(()), []).allowed


# Debts and persons


def test_what_a_contact_was_about_counts_for_every_debt_where_it_is_not_known():
    fresh = SHIPPED["us_ma"]
    log = [Contact(MONDAY - timedelta(days=day), "call") for day in (1, 2)]
    asked = Ask(MONDAY + timedelta(hours=4), "call", frozenset({"A"}))
    assert codes(check(asked, log, State(("America/New_York",)), [fresh])) == ["FREQUENCY_CAP"]


def test_an_ask_about_unknown_debts_meets_every_contact():
    log = [Contact(MONDAY - timedelta(days=day), "call", debts=frozenset({day})) for day in (1, 2)]
    known = State(("America/New_York",), ceased=True, ceased_debts=frozenset({9}))
    asked = Ask(MONDAY + timedelta(hours=4), "call")
    assert codes(check(asked, log, known, [SHIPPED["us_ma"]])) == ["FREQUENCY_CAP"]
    assert codes(check(asked, [], known, [SHIPPED["us_reg_f"]])) == ["CEASED"]


def test_of_several_debts_the_one_with_most_contacts_decides():
    log = [Contact(MONDAY - timedelta(days=day), "call", debts=frozenset({"A"})) for day in (1, 2)]
    log.append(Contact(MONDAY - timedelta(days=6), "call", debts=frozenset({"B"})))
    both = Ask(MONDAY + timedelta(hours=4), "call", frozenset({"A", "B"}))
    verdict = check(both, log, State(("America/New_York",)), [SHIPPED["us_ma"]])
    assert verdict.refusals[0].detail["count"] == 2
    assert verdict.next_allowed_at == local(2027, 5, 8, 8, zone="America/New_York")


def test_another_customers_contacts_are_not_his():
    log = [sent(days=-day, customer=2, channel="call") for day in (1, 2)]
    asked = Ask(MONDAY + timedelta(hours=4), "call", frozenset({2}), 1)
    assert check(asked, log, State(("America/New_York",)), [SHIPPED["us_ma"]]).allowed
    talk = [sent(customer=2, channel="call", outcome="conversation")]
    assert check(asked, talk, State(("America/New_York",)), [SHIPPED["us_reg_f"]]).allowed


def test_a_cap_per_address_counts_whoever_was_written_to():
    limited = pack.load(
        {"caps": [{"limit": 2, "days": 7, "count": ["email"], "apply": ["email"], "scope": "address"}]}, "payables"
    )
    log = [sent(days=-1, customer=2), sent(days=-2, customer=1), sent(days=-3, address="b@example.com")]
    verdict = check(ask(customer=3), log, LONDON, [limited])
    assert codes(verdict) == ["FREQUENCY_CAP"]
    assert verdict.next_allowed_at == local(2027, 5, 8, 0)
    assert check(ask(customer=3, address="c@example.com"), log, LONDON, [limited]).allowed
    assert check(ask(customer=3, address=""), [sent(address="")] * 3, LONDON, [limited]).allowed
    assert not check(ask(customer=1), log, LONDON, [limited]).allowed


def test_only_the_customers_lawyer_is_not_bound():
    known = State(("America/New_York",), represented_by_attorney=True)
    for person, code in (("attorney", "OK"), ("creditor", "ATTORNEY"), ("", "ATTORNEY")):
        asked = Ask(MONDAY + timedelta(hours=4), "call", person=person)
        assert check(asked, [], known, [SHIPPED["us_reg_f"]]).code == code


# Clocks


def test_a_moment_within_a_minute_is_that_minute():
    assert check(Ask(local(2027, 5, 3, 20, 59, 59), "call"), [], LONDON, [SHIPPED["us_fl"]]).allowed
    verdict = check(Ask(local(2027, 5, 3, 7, 59, 59), "call"), [], LONDON, [SHIPPED["us_fl"]])
    assert verdict.next_allowed_at == local(2027, 5, 3, 8)


def test_hours_that_a_change_of_the_clock_leaves_out():
    # On 28 March 2027 London's clock jumps from 01:00 to 02:00.
    night = pack.load({"hours": {"channels": ["email"], "all": ["01:15", "01:45"]}}, "night")
    verdict = check(Ask(local(2027, 3, 28, 0, 30), "email"), [], LONDON, [night])
    assert verdict.next_allowed_at == local(2027, 3, 29, 1, 15)
    over = pack.load({"hours": {"channels": ["email"], "all": ["01:15", "02:45"]}}, "over")
    verdict = check(Ask(local(2027, 3, 28, 0, 30), "email"), [], LONDON, [over])
    assert verdict.next_allowed_at == local(2027, 3, 28, 2)


def test_hours_that_a_change_of_the_clock_brings_twice():
    # On 31 October 2027 London's clock goes back from 02:00 to 01:00.
    night = pack.load({"hours": {"channels": ["email"], "all": ["01:15", "01:45"]}}, "night")
    for asked, right in (((30, 23, 30), (31, 0, 15)), ((31, 0, 50), (31, 1, 15)), ((31, 1, 45), (32, 1, 15))):
        wanted = Ask(datetime(2027, 10, *asked, tzinfo=timezone.utc), "email")
        opens = check(wanted, [], LONDON, [night]).next_allowed_at
        expected = datetime(2027, 10, 1, *right[1:], tzinfo=timezone.utc) + timedelta(days=right[0] - 1)
        assert opens.astimezone(timezone.utc) == expected  # in UTC: the same wall time comes twice


def test_midnight_may_be_skipped():
    # In Cairo the clock jumps from 00:00 to 01:00 on 30 April 2027.
    cairo = State(("Africa/Cairo",), hardship_until=date(2027, 4, 29))
    asked = Ask(local(2027, 4, 29, 12, zone="Africa/Cairo"), "letter")
    assert check(asked, [], cairo, [HOUSE]).next_allowed_at == local(2027, 4, 30, 1, zone="Africa/Cairo")


def test_a_wish_that_ends_years_ahead_has_a_next_moment():
    known = State(("Europe/London",), inconvenient=(Span(until=date(2031, 12, 31)),))
    verdict = check(ask(), [], known, [pack.house()])
    assert verdict.next_allowed_at == local(2032, 1, 1, 8)


def test_hours_he_wanted_until_a_day_bind_no_longer():
    evenings = Span(opens=17 * 60, closes=19 * 60, until=date(2027, 5, 4))
    known = State(("Europe/London",), preferred_hours=(evenings,))
    verdict = check(Ask(local(2027, 5, 4, 19), "email"), [], known, [HOUSE])
    assert verdict.next_allowed_at == local(2027, 5, 5, 0)
    mixed = State(("Europe/London",), preferred_hours=(evenings, Span(opens=9 * 60, closes=10 * 60)))
    verdict = check(Ask(local(2027, 5, 4, 19), "email"), [], mixed, [HOUSE])
    assert verdict.next_allowed_at == local(2027, 5, 5, 9)


def test_wishes_and_hours_that_never_meet_have_none():
    known = State(("Europe/London",), preferred_hours=(Span(opens=22 * 60, closes=23 * 60),))
    verdict = check(ask(), [], known, [pack.house()])
    assert codes(verdict) == ["INCONVENIENT_TIME"]
    assert verdict.next_allowed_at is None


def test_wishes_hold_in_every_zone():
    known = State(("Europe/London", "Europe/Berlin"), preferred_hours=(Span(opens=10 * 60, closes=12 * 60),))
    verdict = check(Ask(local(2027, 5, 4, 9), "email"), [], known, [HOUSE])
    assert verdict.next_allowed_at == local(2027, 5, 4, 10)
    assert not check(Ask(local(2027, 5, 4, 11), "email"), [], known, [HOUSE]).allowed


def test_a_reply_is_measured_by_each_barred_stretch():
    # He wrote on Wednesday afternoon; that opens the afternoons, not the morning he barred as well.
    afternoon, morning = Span(opens=15 * 60, closes=17 * 60), Span(opens=6 * 60, closes=9 * 60)
    known = State(("Europe/London",), inconvenient=(afternoon, morning))
    log = [Contact(local(2027, 5, 5, 15, 30), "email", direction="in")]
    for at, code in ((local(2027, 5, 5, 16), "OK_REPLY_ONCE"), (local(2027, 5, 6, 8), "INCONVENIENT_TIME")):
        assert check(Ask(at, "email", purpose="reply"), log, known, [HOUSE]).code == code


# Warnings


def test_many_calls_on_one_day_are_pointed_out():
    log = [Contact(local(2027, 5, 4, 9 + hour, zone="America/New_York"), "call") for hour in range(3)]
    asked = Ask(local(2027, 5, 4, 15, zone="America/New_York"), "call")
    known = State(("America/New_York",))
    assert check(asked, log, known, [SHIPPED["us_reg_f"]]).warnings == ("CONCENTRATED_PATTERN",)
    assert check(asked, log[1:], known, [SHIPPED["us_reg_f"]]).warnings == ()
    others = ({"person": "spouse"}, {"asking": False}, {"direction": "in"}, {"channel": "sms"})
    for other in (*others, {"debts": frozenset("B")}):
        elsewhere = [replace(log[0], **other)]
        about = replace(asked, debts=frozenset({"A"}))
        assert check(about, elsewhere + log[1:], known, [SHIPPED["us_reg_f"]]).warnings == (), other


def test_many_contacts_in_a_week_are_pointed_out():
    log = [Contact(local(2027, 5, day, 9, zone="America/New_York"), "email") for day in range(4, 11) for _ in (1, 2)]
    asked = Ask(local(2027, 5, 10, 15, zone="America/New_York"), "call")
    known = State(("America/New_York",))
    assert check(asked, log, known, [SHIPPED["us_reg_f"]]).warnings == ("CUMULATIVE_CONTACT",)
    assert check(asked, log[1:], known, [SHIPPED["us_reg_f"]]).warnings == ()


# What lets a contact pass


def test_the_first_leave_that_was_needed_is_named():
    # Opted out and in a moratorium: both exceptions are needed, the moratorium's is named first.
    known = State(breathing_space_until=date(2027, 6, 1), opted_out=frozenset({"email"}))
    verdict = check(ask(purpose="legally_required"), [], known, [HOUSE])
    assert (verdict.allowed, verdict.code) == (True, "OK_EXCEPTION")
    both = State(represented_by_attorney=True, opted_out=frozenset({"email"}))
    verdict = check(ask(purpose="reply"), [sent(direction="in")], both, [HOUSE])
    assert (verdict.allowed, verdict.code) == (True, "OK_REPLY_ONCE")


def test_a_reply_is_to_the_same_person_about_the_same_debt():
    known = State(represented_by_attorney=True)
    for other in ({"customer": 2}, {"person": "spouse"}, {"channel": "sms"}, {"direction": "out"}):
        log = [Contact(**{"at": MONDAY, "channel": "email", "direction": "in", "customer": 1, **other})]
        assert check(ask(purpose="reply"), log, known, [HOUSE]).code == "ATTORNEY", other
    about_another = [Contact(MONDAY, "email", "in", debts=frozenset({"B"}), customer=1)]
    assert check(ask(purpose="reply"), about_another, known, [HOUSE]).code == "ATTORNEY"
    about_nothing = [Contact(MONDAY, "email", "in", customer=1)]
    assert check(ask(purpose="reply"), about_nothing, known, [HOUSE]).code == "OK_REPLY_ONCE"


def test_a_purpose_of_ones_own_has_no_effect():
    assert check(ask(purpose="birthday"), [], State(ceased=True), [HOUSE]).code == "CEASED"
