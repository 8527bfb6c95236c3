"""Written cases: the project's own, those of the shared folder where it exists, and files that are wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from engine import cases
from engine.pack import load, shipped
from engine.values import ContentError

PROJECT = Path(__file__).resolve().parents[2]
OWN = sorted((Path(__file__).parent / "cases").glob("*.json"))
SHARED = PROJECT.parent / "shared" / "cases"


def named(path):
    return [pytest.param(content, id=cases.name_of(content)) for content in cases.read(path)]


def case(**changes):
    """A case that is right; changes replace its keys."""
    plain = {
        "id": "T",
        "pack": "us_reg_f",
        "timezone": "America/New_York",
        "ask": {"at": "2027-05-05T07:00:00", "channel": "call", "debt": "A"},
        "expect": {"allowed": False, "reason_code": "OUTSIDE_HOURS", "next_allowed_at": "2027-05-05T08:00:00"},
    }
    return {**plain, **changes}


@pytest.mark.parametrize("content", [content for path in OWN for content in named(path)])
def test_own_case(content):
    assert cases.case_of(content, shipped()).complaints() == []


def test_every_pack_has_cases_of_its_own():
    packs = {name for path in OWN for content in cases.read(path) for name in content["pack"].split("+")}
    assert packs == set(shipped())


if SHARED.exists():

    @pytest.mark.parametrize("content", named(SHARED / "guard_cases.json"))
    def test_shared_case(content):
        assert cases.case_of(content, shipped()).complaints() == []

    def test_the_shipped_packs_have_the_shared_parameters():
        parameters = json.loads((SHARED / "guard_packs.json").read_text(encoding="utf-8"))
        for code, definition in parameters.items():
            if not code.startswith("_"):
                assert rules(shipped()[code]) == rules(load(definition, code)), code


def rules(pack):
    """What a pack decides by, without its sources and what the shared parameters do not say."""
    keys = ("limit", "days", "count", "apply", "scope", "mode", "place", "only_place", "threads", "only_prerecorded")
    caps = [[getattr(cap, key) for key in (*keys, "requires_prior_conversation")] for cap in pack.caps]
    cooldown = pack.cooldown
    return (
        pack.hours and pack.hours.by_channel,
        pack.holidays and pack.holidays.channels,
        cooldown and (cooldown.days, cooldown.trigger_channel, cooldown.apply, cooldown.scope),
        caps,
        pack.notice_wait and pack.notice_wait.days,
        {honour.kind for honour in pack.honours} | pack.consents,
        pack.basis,
        pack.effective_from,
    )


@pytest.mark.parametrize(
    ("expect", "complaint"),
    [
        ({"allowed": True}, "allowed is False, expected True"),
        ({"allowed": False, "reason_code": "HOLIDAY"}, "reason_code is OUTSIDE_HOURS, expected HOLIDAY"),
        ({"allowed": False, "next_allowed_at": None}, "next_allowed_at is 2027-05-05T08:00:00, expected None"),
        (
            {"allowed": False, "next_allowed_at_utc": "2027-05-05T13:00:00Z"},
            "next_allowed_at_utc is 2027-05-05T12:00:00Z, expected 2027-05-05T13:00:00Z",
        ),
    ],
)
def test_what_differs_is_said(expect, complaint):
    assert cases.case_of(case(expect=expect), shipped()).complaints() == [complaint]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pack": "us_reg_g"}, "there is no 'us_reg_g'"),
        ({"timezone": "Atlantis/Capital"}, "no time zone"),
        ({"timezone": None}, "timezone: is missing"),
        ({"ask": {"at": "2027-05-05T07:00:00"}}, "channel: is missing"),
        ({"ask": {"at": "soon", "channel": "call"}}, "no moment such as"),
        ({"ask": {"at": "2027-05-05T07:00:00", "channel": "fax"}}, "'fax' is not known"),
        ({"ask": {"at": "2027-05-05T07:00:00", "channel": "call", "chanel": "sms"}}, "did you mean 'channel'"),
        ({"ask": []}, "expected an object in braces"),
        ({"state": {"ceasd": True}}, "did you mean 'ceased'"),
        ({"state": {"ceased": "yes"}}, "expected true or false, found text"),
        ({"state": {"holiday": ["1 May"]}}, "expected a date"),
        ({"state": {"opted_out": "call"}}, "expected a list"),
        ({"state": {"preferred_hours": [{"days": ["monday"]}]}}, "'monday' is not known"),
        ({"state": {"preferred_hours": [{"from": "25:00"}]}}, "no clock time"),
        ({"state": {"prior_consent": [{"debt": "A"}]}}, "at: is missing"),
        ({"history": {}}, "expected a list"),
        ({"history": ["call"]}, "expected an object in braces, found text"),
        ({"history": [{"at": "2027-05-05", "channel": "call", "outcome": "shouted"}]}, "'shouted' is not known"),
        ({"history": [{"at": "2027-05-05", "channel": "call", "place": "moon"}]}, "'moon' is not known"),
        ({"expect": {}}, "allowed: is missing"),
        ({"expect": {"allowed": True, "next": None}}, "unknown key"),
        ({"hurry": True}, "unknown key"),
    ],
)
def test_a_case_that_is_not_understood_is_not_judged(changes, words):
    with pytest.raises(ContentError, match=words):
        cases.case_of(case(**changes), shipped()).complaints()


def test_times_without_an_offset_are_the_customers():
    late = {"at": "2027-05-05T12:30:00Z", "channel": "call"}
    assert cases.case_of(case(ask=late, expect={"allowed": True}), shipped()).complaints() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "line 1, column 2"),
        (b"{}", "expected a list in brackets, found an object"),
        (b"[]", "holds no case"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b'[{"id": "A", "id": "B"}]', "stands twice"),
    ],
)
def test_a_wrong_file_is_explained(tmp_path, content, words):
    path = tmp_path / "cases.json"
    path.write_bytes(content)
    with pytest.raises(ContentError, match=words) as error:
        cases.read(path)
    assert str(path) in str(error.value)


def test_a_mark_of_the_byte_order_is_no_fault(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([case()]), encoding="utf-8-sig")
    assert [cases.name_of(content) for content in cases.read(path)] == ["T"]


def test_a_missing_file_is_explained(tmp_path):
    with pytest.raises(ContentError, match=r"none\.json: No such file"):
        cases.read(tmp_path / "none.json")


def guard_check(*arguments):
    """Run the command's Python half in an interpreter of its own."""
    command = [sys.executable, "-m", "engine.cases", *map(str, arguments)]
    return subprocess.run(
        command, cwd=PROJECT / "collections_relationship", capture_output=True, text=True, check=False
    )


def test_the_command_names_each_case_that_fails(tmp_path):
    path = tmp_path / "cases.json"
    wrong = case(id="W", expect={"allowed": True})
    path.write_text(json.dumps([case(), wrong, case(id="X", pack="none"), "nonsense"]))
    done = guard_check(path)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "W: allowed is False, expected True"
    assert lines[1].startswith("X: cannot be judged: the case: pack: there is no 'none'")
    assert lines[2] == "no case: cannot be judged: the case: expected an object in braces, found text"
    assert lines[3] == "1 of 4 cases right"


def test_the_command_is_content_when_all_is_right(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([case()]))
    done = guard_check(path)
    assert (done.returncode, done.stdout) == (0, "1 of 1 cases right\n")


def test_the_command_tells_a_wrong_file_from_a_wrong_answer(tmp_path):
    done = guard_check(tmp_path / "none.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert "none.json" in done.stderr


def test_a_pack_that_takes_the_place_of_a_shipped_one_is_named(tmp_path):
    mine, path = tmp_path / "us_reg_f.json", tmp_path / "cases.json"
    mine.write_text("{}")
    path.write_text(json.dumps([case(expect={"allowed": True})]))
    done = guard_check(path, "--pack", mine)
    assert done.stdout.splitlines()[0] == "us_reg_f: your file takes the place of the pack shipped under this name"
    assert guard_check(path).stdout.count("takes the place") == 0


def test_a_pack_of_ones_own_can_be_held_to_cases(tmp_path):
    mine, path = tmp_path / "mine.json", tmp_path / "cases.json"
    mine.write_text(json.dumps({"hours": {"channels": ["call"], "all": ["09:00", "17:00"]}}))
    expect = {"allowed": False, "reason_code": "OUTSIDE_HOURS", "next_allowed_at": "2027-05-05T09:00:00"}
    path.write_text(json.dumps([case(pack="us_reg_f+mine", expect=expect)]))
    done = guard_check(path, "--pack", mine)
    assert (done.returncode, done.stdout) == (0, "1 of 1 cases right\n")
    mine.write_text(json.dumps({"hourz": {}}))
    done = guard_check(path, "--pack", mine)
    assert done.returncode == 2
    assert "mine: hourz: unknown key; did you mean 'hours'" in done.stderr
    done = guard_check(path, "--pack", tmp_path / "none.json")
    assert (done.returncode, done.stdout) == (2, "")


def test_the_command_without_a_file_says_what_it_wants():
    done = guard_check()
    assert done.returncode == 2
    assert "usage: setup/guard-check" in done.stderr


def test_the_command_is_reached_by_its_name():
    done = subprocess.run([PROJECT / "setup" / "guard-check", OWN[0]], capture_output=True, text=True, check=False)
    count = len(cases.read(OWN[0]))
    assert (done.returncode, done.stdout) == (0, f"{count} of {count} cases right\n")
