"""Where a customer may be, from what his record says."""

from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from engine import zones
from engine.zones import zones_of
from phonenumbers import geocoder

NEW_YORK, CHICAGO, LOS_ANGELES = "America/New_York", "America/Chicago", "America/Los_Angeles"


def test_nothing_known_is_nothing():
    assert zones_of() == ()
    assert zones_of(country="XX", phone="not a number") == ()


def test_the_customers_own_zone_comes_first_and_alone_where_nothing_speaks_against_it():
    assert zones_of("Europe/Paris") == ("Europe/Paris",)
    assert zones_of("Europe/Paris", "FR") == ("Europe/Paris",)
    assert zones_of("Europe/Paris", "DE") == ("Europe/Paris",)  # the same time all year
    assert zones_of("America/Denver", "US") == ("America/Denver",)


def test_signs_that_speak_against_his_own_zone_join_it():
    assert zones_of("Europe/Paris", "US", "NY") == ("Europe/Paris", NEW_YORK)
    assert zones_of("Europe/Paris", phone="+14155550123") == ("Europe/Paris", LOS_ANGELES)


def test_a_zone_that_nobody_knows_is_passed_on_for_the_guard_to_name():
    assert zones_of("Atlantis/Capital", "DE") == ("Atlantis/Capital", "Europe/Berlin")
    assert zones_of("Atlantis/Capital") == ("Atlantis/Capital",)


def test_a_state_says_more_than_its_country():
    assert zones_of(country="US", subdivision="CA") == (LOS_ANGELES,)
    assert zones_of(country="US", subdivision="FL") == (NEW_YORK, CHICAGO)
    assert zones_of(country="AU", subdivision="WA") == ("Australia/Perth",)
    assert zones_of(country="ES", subdivision="M") == ("Europe/Madrid",)
    assert zones_of(country="ES", subdivision="TF") == ("Atlantic/Canary",)
    assert zones_of(country="ES") == ("Europe/Madrid", "Atlantic/Canary")
    assert zones_of(country="GB", subdivision="STAFF") == ("Europe/London",)
    # A state the table lacks leaves the whole country.
    assert zones_of(country="US", subdivision="AE") == zones_of(country="US")


def test_a_country_is_all_its_times_each_once():
    states = zones_of(country="US")
    assert states[0] == NEW_YORK
    assert set(states) >= {CHICAGO, "America/Denver", "America/Phoenix", LOS_ANGELES, "Pacific/Honolulu"}
    assert "America/Detroit" not in states
    assert zones_of(country="DE") == ("Europe/Berlin",)
    assert not any(zone.startswith("Antarctica/") for zone in zones_of(country="AU"))


def test_the_number_narrows_the_address_down():
    assert zones_of(country="US", phone="+12125550123") == (NEW_YORK,)
    assert zones_of(country="US", subdivision="FL", phone="(305) 555-0123") == (NEW_YORK,)
    assert zones_of(country="AU", phone="+61293744000") == ("Australia/Sydney",)


def test_the_address_narrows_the_number_down():
    # A Russian mobile says only the country.
    assert len(zones_of(phone="+79161234567")) > 5
    assert zones_of("Europe/Moscow", phone="+79161234567") == ("Europe/Moscow",)


def test_address_and_number_that_disagree_are_both_kept():
    assert zones_of(country="US", subdivision="NY", phone="+13105550123") == (NEW_YORK, LOS_ANGELES)
    assert zones_of(country="GB", phone="+33612345678") == ("Europe/London", "Europe/Paris")


def test_a_mobile_is_of_its_country():
    assert zones_of(phone="+33612345678") == ("Europe/Paris",)
    assert zones_of(country="FR", phone="0612345678") == ("Europe/Paris",)


@pytest.mark.parametrize("phone", ["+18005550123", "+1", "12", "+999123456789", "0612345678"])
def test_a_number_that_says_nothing_is_left_out(phone):
    assert zones_of(country="GB", phone=phone) in {("Europe/London",)}
    assert zones_of(phone=phone) == ()


def test_every_zone_of_the_table_exists():
    for country, states in zones._states().items():
        for state, names in states.items():
            for name in names:
                assert ZoneInfo(name).key == name, (country, state)


def area_codes():
    """Area codes of the United States by the state the telephone library names for them."""
    names = {
        "Alabama": "AL", "Arizona": "AZ", "California": "CA", "Colorado": "CO", "Connecticut": "CT", "Georgia": "GA",
        "Illinois": "IL", "Maine": "ME", "Maryland": "MD", "Massachusetts": "MA", "Michigan": "MI", "Minnesota": "MN",
        "Montana": "MT", "New Hampshire": "NH", "New Jersey": "NJ", "New Mexico": "NM", "Ohio": "OH", "Oregon": "OR",
        "Pennsylvania": "PA", "South Carolina": "SC", "Utah": "UT", "Vermont": "VT", "West Virginia": "WV",
        "Wisconsin": "WI", "Wyoming": "WY", "Nevada": "NV", "Hawaii": "HI", "Delaware": "DE", "Mississippi": "MS",
    }  # fmt: skip
    for code in range(201, 990):
        number = phonenumbers.parse(f"+1{code}2345678")
        state = names.get(geocoder.description_for_number(number, "en"))
        if state:
            yield state, number


def test_the_table_of_states_agrees_with_the_area_codes():
    checked = set()
    for state, number in area_codes():
        table = zones_of(country="US", subdivision=state)
        for zone in phonenumbers.timezone.time_zones_for_geographical_number(number):
            assert zones._same((zone,), table), (state, zone, table)
        checked.add(state)
    assert len(checked) > 20
