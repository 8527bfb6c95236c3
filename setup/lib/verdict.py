"""What a run of tests amounts to, read from pytest's own report.

A test that was skipped proves nothing, so it counts as failed: without a
browser Odoo's tours skip themselves silently.
"""

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Outcome:
    """One part of the verdict: how much passed, and what did not."""

    part: str
    passed: int
    failures: tuple[str, ...]

    @property
    def line(self) -> str:
        """The part's line in the summary."""
        mark = "FAILED" if self.failures else "ok"
        return f"{mark:7}{self.part}: {self.passed} passed, {len(self.failures)} failed"


def outcome_of_tests(part: str, code: int, report: Path) -> Outcome:
    """What pytest's exit code and report say about one run of it."""
    cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    failures = [trouble for case in cases if (trouble := _trouble(case))]
    passed = len(cases) - len(failures)
    if code not in (0, NOTHING_COLLECTED) and not failures:
        failures.append(f"{part}: pytest ended with exit code {code}")
    return Outcome(part, passed, tuple(failures))


def _trouble(case: ElementTree.Element) -> str | None:
    """Why a test did not pass, in one line; None if it did."""
    for kind in ("failure", "error", "skipped"):
        found = case.find(kind)
        if found is not None:
            reason = (found.get("message") or "").strip().partition("\n")[0]
            return f"{case.get('classname')}::{case.get('name')}: {kind}: {reason}"
    return None


def summary(outcomes: list[Outcome]) -> str:
    """The verdict: each failure, a line per part, and the sum alone on a line."""
    failures = [f"  {failure}" for outcome in outcomes for failure in outcome.failures]
    passed = sum(outcome.passed for outcome in outcomes)
    lines = ["", *failures, *(outcome.line for outcome in outcomes)]
    return "\n".join([*lines, f"{passed} passed, {len(failures)} failed"])
