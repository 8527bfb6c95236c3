"""`setup/test [ARGS...]`: from a bare machine to a verdict.

Arguments go to pytest: paths choose the tests, everything else is an option.
Tests below the add-on run against a fresh copy of a database that has it.
"""

import os
import subprocess
from pathlib import Path

from .. import api, database, paths, venv


def main(arguments: list[str]) -> int:
    """Run the tests that the arguments name."""
    places = [argument for argument in arguments if Path(argument.split("::")[0]).exists()]
    options = [argument for argument in arguments if argument not in places]
    addon = [place for place in places if paths.ADDON in (resolved(place), *resolved(place).parents)]
    others = [place for place in places if place not in addon]
    codes = []
    if others or not places:
        command = [str(venv.ensure_venv()), "-m", "pytest", "-p", "no:odoo", *options, *(others or ["tests"])]
        codes.append(subprocess.run(command, env={**os.environ, "PYTHONPATH": str(paths.ADDON)}, check=False).returncode)
    if addon or not places:
        with api.environment() as env:
            codes.append(addon_tests(env, options, addon or [str(paths.ADDON)]))
    return max(codes)


def resolved(place: str) -> Path:
    """The file or folder that a pytest argument names."""
    return Path(place.split("::")[0]).resolve()


def addon_tests(env: api.Environment, options: list[str], places: list[str]) -> int:
    """Run tests that need Odoo, with the browser, on a copy of the template."""
    name = f"collections_test_{paths.checkout_name()}"
    database.copy(env.server, env.addon_template(), name)
    command = [str(env.python), "-m", "pytest", f"--odoo-database={name}", f"--odoo-config={env.config}", "--odoo-http"]
    return env.start([*command, *options, *places]).wait()
