"""The Python environment: Odoo's pins, the add-on's libraries, the tools.

Each set of requirements has an environment of its own, so that checkouts with
different ones share a cache. One without its stamp is made anew.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

from . import locks, paths, system
from .process import run_logged, tied

REQUIREMENTS = (
    paths.SETUP / "requirements-odoo.txt",
    paths.SETUP / "requirements-dev.txt",
    paths.PROJECT / "requirements.txt",
)


def ensure_venv() -> Path:
    """The interpreter of an environment that holds all requirements."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    wanted = paths.digest(version, *(path.read_text(encoding="utf-8") for path in REQUIREMENTS))
    home = paths.CACHE / f"venv-{version}-{wanted}"
    if not (home / "complete").exists():
        with locks.step("venv"):
            if not (home / "complete").exists():
                _make(home, version)
    return home / "bin" / "python"


def _make(home: Path, version: str) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        system.install([f"python{version}-venv"])
    shutil.rmtree(home, ignore_errors=True)
    run_logged("Making the Python environment", tied([sys.executable, "-m", "venv", home]))
    python = home / "bin" / "python"
    files = [word for path in REQUIREMENTS for word in ("-r", str(path))]
    run_logged("Installing Python libraries", tied([python, "-m", "pip", "install", "--no-input", *files]))
    (home / "complete").touch()
