"""`setup/test [ARGS...]`: from a bare machine to a verdict.

Without arguments: the checks that read the code, the add-on's tests with Odoo and a browser, and
beside these, on the second core, the tests without Odoo, the end-to-end tests and those of the
replay and the benchmark. Arguments go to pytest: paths choose the tests, all else
is an option. A test that is skipped fails the whole.
"""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .. import api, database, lint, paths, process, venv
from ..verdict import Outcome, outcome_of_tests, summary
from ..words import Trouble

TESTS = paths.PROJECT / "tests"
# Parts with a process of their own: they start servers, or take long.
OWN_PARTS = ("e2e", "replay", "bench")
WITHOUT_ODOO = "without Odoo"
# The ones that run beside the add-on's tests where everything is tested; both take about as long.
BESIDE = (WITHOUT_ODOO, *OWN_PARTS)
# Options of pytest whose value is a word of its own.
TAKE_A_VALUE = frozenset({"-k", "-m", "-p", "-o", "-c", "-r", "-W"})
DEFAULTS = ["-q", "-rfE", "--durations=5"]


def main(arguments: list[str]) -> int:
    """Run what the arguments name, or everything; print the verdict."""
    if missing := _missing(arguments):
        raise Trouble(f"there are no tests at {', '.join(missing)}")
    places = [argument for argument in arguments if _place(argument).exists()]
    options = [argument for argument in arguments if argument not in places]
    python = venv.ensure_venv()
    outcomes = [] if arguments else lint.check_all(python)
    parts = _parts(places)
    apart = {} if arguments else {part: parts.pop(part) for part in BESIDE if part in parts}
    with _beside(python, apart) as collect:
        for part, chosen in parts.items():
            run = RUNS.get(part, _run_beside_odoo)
            outcomes.append(_test(part, run, python, [*(options or DEFAULTS), *chosen]))
        outcomes += collect()
    print(summary(outcomes), flush=True)
    nothing = not any(outcome.passed or outcome.failures for outcome in outcomes)
    return int(nothing or any(outcome.failures for outcome in outcomes))


def _missing(arguments: list[str]) -> list[str]:
    """The arguments that must be places and are none."""
    missing = []
    for before, argument in zip(["", *arguments], arguments, strict=False):
        is_value = before in TAKE_A_VALUE or (before.startswith("--") and "=" not in before)
        if not argument.startswith("-") and not is_value and not _place(argument).exists():
            missing.append(argument)
    return missing


def _place(argument: str) -> Path:
    """The file or folder that a pytest argument names."""
    return Path(argument.partition("::")[0]).resolve()


def _parts(places: list[str]) -> dict[str, list[str]]:
    """The runs of pytest, in order, each with its paths; empty ones left out."""
    if not places:
        tests = sorted(TESTS.glob("*/")) + sorted(TESTS.glob("test_*.py"))
        places = [str(path) for path in [*tests, paths.ADDON / "tests"] if path.exists() and path.name[0] not in "._"]
    parts: dict[str, list[str]] = {name: [] for name in (*RUNS, *OWN_PARTS)}
    for place in places:
        parts[_part(_place(place))].append(place)
    return {part: chosen for part, chosen in parts.items() if chosen}


def _part(place: Path) -> str:
    if place.is_relative_to(paths.ADDON):
        return paths.MODULE
    return next((name for name in OWN_PARTS if place.is_relative_to(TESTS / name)), WITHOUT_ODOO)


def _test(part: str, run: Callable[[Path, list[str]], int], python: Path, words: list[str]) -> Outcome:
    """Run pytest once and read its report."""
    print(f"\n== {part} ==", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        try:
            code = run(python, [f"--junitxml={report}", f"--rootdir={paths.PROJECT}", *words])
        except Trouble as trouble:
            return Outcome(part, 0, (f"{part}: {trouble}",))
        return outcome_of_tests(part, code, report)


@contextmanager
def _beside(python: Path, parts: dict[str, list[str]]) -> Iterator[Callable[[], list[Outcome]]]:
    """Run these parts in a process of their own meanwhile; yields what waits for it and reads its report."""
    if not parts:
        yield list
        return
    name = " and ".join(parts)
    with api.environment() as env, tempfile.TemporaryDirectory() as folder:
        env.addon_template()
        report, log = Path(folder) / "report.xml", Path(folder) / "log"
        options = [f"--junitxml={report}", f"--rootdir={paths.PROJECT}", *DEFAULTS]
        with log.open("wb") as output:
            child = _pytest(python, [*options, *(place for chosen in parts.values() for place in chosen)], output)

        def collect() -> list[Outcome]:
            code = process.wait(child, name)
            print(f"\n== {name} ==\n{log.read_text(encoding='utf-8', errors='replace')}", flush=True)
            return [outcome_of_tests(name, code, report)]

        try:
            yield collect
        finally:
            process.end(child)


def _pytest(python: Path, words: list[str], output: IO[bytes] | None = None) -> "subprocess.Popen[bytes]":
    """Start pytest without Odoo's plug-in."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith("ODOO_")}
    command = process.tied([python, "-m", "pytest", "-p", "no:odoo", *words])
    return subprocess.Popen(command, env={**variables, **_kept_home()}, stdout=output, stderr=output)


def _run_without_odoo(python: Path, words: list[str]) -> int:
    """These tests need no Odoo, or prepare it themselves."""
    return process.wait(_pytest(python, words))


def _kept_home() -> dict[str, str]:
    """ODOO_HOME, which says where Odoo is; other such variables mean servers."""
    chosen = os.environ.get("ODOO_HOME")
    return {"ODOO_HOME": chosen} if chosen else {}


def _run_beside_odoo(python: Path, words: list[str]) -> int:
    """These tests start Odoo themselves, on copies of the template."""
    with api.environment() as env:
        env.addon_template()
        return _run_without_odoo(python, words)


def _run_with_odoo(python: Path, words: list[str]) -> int:
    """These tests run inside Odoo, on a fresh copy of the template."""
    with api.environment() as env:
        name = f"collections_test_{paths.checkout_name()}"
        with database.scratch(env.server, env.addon_template(), name) as db:
            odoo = [f"--odoo-database={db}", f"--odoo-config={env.config}", "--odoo-http"]
            return env.run([str(python), "-m", "pytest", *odoo, *words])


RUNS = {WITHOUT_ODOO: _run_without_odoo, paths.MODULE: _run_with_odoo}
