"""Programs that come with the machine: found, or installed by its apt.

Installs only as root and only what is missing; otherwise says in one line
what to install. Never changes the machine's own package sources or settings.
"""

import os
import shutil
import subprocess
from pathlib import Path

from . import locks
from .progress import Trouble, run_logged

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
FONTS = Path("/usr/share/fonts/truetype/dejavu")


def missing_packages() -> list[str]:
    """Debian's names of what is needed and not there."""
    wanted = {
        "postgresql": postgres_programs() is not None,
        "chromium": any(shutil.which(name) for name in BROWSERS),
        "wkhtmltopdf": shutil.which("wkhtmltopdf") is not None,
        "poppler-utils": shutil.which("pdftoppm") is not None,
    }
    missing = [package for package, present in wanted.items() if not present]
    if shutil.which("apt-get") and not FONTS.exists():
        missing.append("fonts-dejavu-core")
    return missing


def ensure_programs() -> None:
    """Have PostgreSQL, a browser, the PDF printer and fonts on this machine."""
    if missing_packages():
        with locks.step("system"):
            install(missing_packages())


def install(packages: list[str]) -> None:
    """Install Debian packages, or say who has to."""
    if not packages:
        return
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Trouble(f"this machine lacks the programs of Debian's packages {names}: install them, then run this again")
    if os.geteuid() != 0:
        raise Trouble(f"missing: {names}. Install with: sudo apt-get install {names}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_logged("Reading the package lists", ["apt-get", "update"], env=env)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    run_logged(f"Installing {names}", command, env=env)


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL server programs, 13 or newer."""
    found: dict[int, Path] = {}
    candidates = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
        major = answer.stdout.split()[2].split(".")[0] if answer.returncode == 0 else "0"
        if major.isdigit() and int(major) >= 13:
            found[int(major)] = folder
    return found[max(found)] if found else None
