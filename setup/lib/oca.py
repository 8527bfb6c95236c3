"""Add-ons of the Odoo Community Association, for comparison: fetched as wheels
and unpacked beside Odoo, never installed into its environment nor shipped."""

import re
import shutil
import zipfile
from pathlib import Path

from . import locks, paths
from .process import run_logged, tied
from .words import Trouble

INSIDE = "odoo/addons/"


def ensure_addons(python: Path, requirement: str) -> Path:
    """A folder for the add-ons path that holds the add-on, with the OCA
    add-ons it needs. `requirement` is pip's, such as
    `odoo-addon-account_credit_control==19.0.1.0.0.13`."""
    home = paths.CACHE / f"oca-{paths.digest(requirement)}"
    if not home.exists():
        with locks.step("oca"):
            if not home.exists():
                _fetch(python, requirement, home)
    return home / INSIDE


def _fetch(python: Path, requirement: str, home: Path) -> None:
    work = paths.CACHE / "oca.partial"
    shutil.rmtree(work, ignore_errors=True)
    wanted, done = [requirement], set[str]()
    while wanted:
        current = wanted.pop()
        name = re.split(r"[^\w.-]", current)[0]
        if name not in done:
            done.add(name)
            wheel = _download(python, current, work / name)
            wanted += _unpack(wheel, work / "home")
    (work / "home").rename(home)
    shutil.rmtree(work)


def _download(python: Path, requirement: str, folder: Path) -> Path:
    command: list[str | Path] = [python, "-m", "pip", "download", "--no-input", "--no-deps", "-d", folder, requirement]
    run_logged(f"Downloading {requirement}", tied(command))
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise Trouble(f"{requirement}: no wheel to be had")
    return wheels[0]


def _unpack(wheel: Path, home: Path) -> list[str]:
    """Unpack the add-on; return the requirements on further OCA add-ons."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(home, [name for name in names if name.startswith(INSIDE)])
        metadata = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
    found = re.findall(r"^Requires-Dist: (odoo[-_]addon[-_][^;\n]+)", metadata, re.MULTILINE)
    return [requirement.strip() for requirement in found]
