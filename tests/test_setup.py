"""The parts of `setup/` that can be wrong without anything being installed."""

import ast
import os
import socket
import subprocess
from pathlib import Path

import pytest
from lib import api, locks, odoo_source, paths, process, verdict
from lib.commands import odoo as odoo_command
from lib.commands import test as test_command
from lib.words import Trouble

DEB822 = """\
Types: deb deb-src
# a comment
URIs: http://mirror.invalid/debian-security
Suites: bookworm-security
Components: main

Types: deb
URIs: http://mirror.invalid/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""
ONE_LINE = """\
# deb http://old.invalid/debian bookworm main
deb http://mirror.invalid/debian-security bookworm-security main
deb-src http://mirror.invalid/source bookworm main
deb [arch=amd64 signed-by=/a.gpg] http://mirror.invalid/debian bookworm contrib main
"""
REPORT = """\
<testsuites><testsuite>
<testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="1 != 2">trace</failure></testcase>
<testcase classname="a" name="lazy"><skipped message="Chrome executable not found"/></testcase>
</testsuite></testsuites>
"""


@pytest.mark.parametrize(("name", "text"), [("debian.sources", DEB822), ("debian.list", ONE_LINE)])
def test_the_mirror_is_the_machines_own(tmp_path: Path, name: str, text: str) -> None:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (parts / name).write_text(text)
    assert odoo_source.debian_mirror(tmp_path, "bookworm") == "http://mirror.invalid/debian"


def test_a_source_that_is_switched_off_is_no_mirror(tmp_path: Path) -> None:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (parts / "debian.sources").write_text(DEB822.replace("Suites: bookworm b", "Enabled: no\nSuites: bookworm b"))
    with pytest.raises(Trouble, match="ODOO_HOME"):
        odoo_source.debian_mirror(tmp_path, "bookworm")


def test_another_system_is_told_what_to_set() -> None:
    with pytest.raises(Trouble, match="ODOO_HOME"):
        odoo_source.codename("ID=fedora\n")
    assert odoo_source.codename('ID=debian\nVERSION_CODENAME="trixie"\n') == "trixie"


def test_a_wrong_odoo_home_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(Trouble, match="no package"):
        odoo_source.ensure_odoo()
    release = tmp_path / "odoo" / "release.py"
    release.parent.mkdir()
    release.write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
    with pytest.raises(Trouble, match="another release"):
        odoo_source.ensure_odoo()
    release.write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    assert odoo_source.ensure_odoo() == tmp_path


def test_a_skipped_test_fails_the_verdict(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    outcome = verdict.outcome_of_tests("part", 1, report)
    assert outcome.passed == 1
    assert outcome.failures == ("a::bad: failure: 1 != 2", "a::lazy: skipped: Chrome executable not found")
    assert verdict.summary([outcome]).splitlines()[-1] == "1 passed, 2 failed"


def test_tests_that_do_not_exist_are_named_in_one_line(tmp_path: Path) -> None:
    for arguments in (["tests/nowhere.py"], ["-x", "tests/nowhere.py::test"], ["nowhere", "-k", "word"]):
        with pytest.raises(Trouble, match=r"there are no tests at (tests/)?nowhere"):
            test_command.main(arguments)
    known = tmp_path / "test_known.py"
    known.touch()
    assert test_command._missing([f"{known}::test_it", "-k", "word", "--durations", "3", "-q"]) == []


def test_a_run_that_breaks_off_fails_the_verdict(tmp_path: Path) -> None:
    assert verdict.outcome_of_tests("part", 4, tmp_path / "none.xml").failures
    assert not verdict.outcome_of_tests("part", verdict.NOTHING_COLLECTED, tmp_path / "none.xml").failures


def test_only_what_is_installed_changes_the_name_of_the_code(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "case.py").write_text("a = 1\n")
    before = paths.tree_digest(tmp_path, api.NOT_INSTALLED)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_case.py").write_text("b = 1\n")
    assert paths.tree_digest(tmp_path, api.NOT_INSTALLED) == before
    (tmp_path / "models" / "case.py").write_text("a = 2\n")
    assert paths.tree_digest(tmp_path, api.NOT_INSTALLED) != before


def test_the_demo_database_is_recognised_however_it_is_named() -> None:
    demo = api.DEMO_DATABASE
    for arguments in (["shell", "-d", demo], [f"-d{demo}"], ["--database", demo], [f"--database={demo}"]):
        assert odoo_command.names_demo(arguments)
    assert not odoo_command.names_demo(["-d", "other", "-i", demo])


def test_a_step_is_done_by_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOCKS", tmp_path)
    with locks.step("venv"):
        other = locks.open_lock("venv")
        assert not locks.try_lock(other)
    assert locks.try_lock(other)
    os.close(other)


def test_a_child_holds_the_step_of_its_killed_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOCKS", tmp_path)
    with locks.step("venv"):
        child = subprocess.Popen(["sleep", "60"], pass_fds=locks.held())
    other = locks.open_lock("venv")
    assert not locks.try_lock(other)
    child.kill()
    child.wait()
    assert locks.try_lock(other)
    os.close(other)


def test_a_name_in_use_gives_way_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOCKS", tmp_path)
    with locks.free_name("test") as first, locks.free_name("test") as second:
        assert (first, second) == ("test", "test_2")
    with locks.free_name("test") as again:
        assert again == "test"


def test_a_failed_step_shows_the_end_of_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOGS", tmp_path)
    with pytest.raises(Trouble, match="no such mirror"):
        process.run_logged("Fetching", ["sh", "-c", "echo no such mirror; exit 3"])


def test_the_requirements_name_what_the_manifest_needs() -> None:
    manifest = ast.literal_eval((paths.ADDON / "__manifest__.py").read_text())
    lines = (paths.PROJECT / "requirements.txt").read_text().splitlines()
    assert set(manifest.get("external_dependencies", {}).get("python", [])) <= set(lines)


def test_a_busy_port_is_sidestepped() -> None:
    with socket.socket() as taken:
        taken.bind((api.LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert api.free_port(port) > port
