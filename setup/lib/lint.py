"""The checks that read code without running it. Nothing here changes a file."""

import os
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

from . import paths
from .verdict import Outcome
from .words import say

# pylint-odoo's rules that are not kept here, and why.
WAIVED = (
    "consider-merging-classes-inherited",  # a long model is split by phase on purpose
    "missing-readme",  # made from readme/ when the add-on is packaged
)


def check_all(python: Path) -> list[Outcome]:
    """Run every check, the later ones too when an earlier one fails."""
    waived = f"--disable={','.join(WAIVED)}"
    checks: dict[str, Callable[[], bool]] = {
        "ruff": lambda: _run(python, ["ruff", "check", "--quiet", "."]),
        "pylint with Odoo's rules": lambda: _run(python, ["pylint", "--jobs=2", waived, paths.MODULE]),
        "XML is well formed": _xml_is_well_formed,
        "types of the engine": lambda: _types(python, paths.ADDON, "engine"),
        "types of setup": lambda: _types(python, paths.SETUP, "lib"),
    }
    outcomes = []
    for name, check in checks.items():
        say(f"{name} ...")
        passed = check()
        outcomes.append(Outcome(name, int(passed), () if passed else (f"{name}: see above",)))
    return outcomes


def _run(python: Path, command: list[str], **variables: str) -> bool:
    environment = {**os.environ, **variables}
    return subprocess.run([python, "-m", *command], cwd=paths.PROJECT, env=environment, check=False).returncode == 0


def _types(python: Path, folder: Path, package: str) -> bool:
    return _run(python, ["mypy", "--strict", "-p", package], MYPYPATH=str(folder))


def _xml_is_well_formed() -> bool:
    broken = 0
    for path in sorted(paths.PROJECT.rglob("*.xml")):
        if any(part.startswith(".") for part in path.relative_to(paths.PROJECT).parts):
            continue
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            say(f"{path.relative_to(paths.PROJECT)}: {error}")
            broken += 1
    return not broken
