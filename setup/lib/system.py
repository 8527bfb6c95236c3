"""Programs that come with the machine: found, or installed by its apt.

Installs only as root and only what is missing; otherwise says in one line
what to install. Never changes the machine's own package sources or settings.
"""

import os
import shutil
import subprocess
from pathlib import Path

from . import locks
from .process import run_logged
from .words import Trouble

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
FONTS = Path("/usr/share/fonts/truetype/dejavu")


def ensure_programs(*, own_server: bool) -> None:
    """Have a browser, the PDF printer, fonts and PostgreSQL on this machine:
    its server, or where the server is elsewhere, what talks to it."""
    if missing_packages(own_server):
        with locks.step("system"):
            install(missing_packages(own_server))


def missing_packages(own_server: bool) -> list[str]:
    """Debian's names of what is needed and not there."""
    wanted = {
        "postgresql": postgres_programs() is not None or not own_server,
        "postgresql-client": shutil.which("psql") is not None or own_server,
        "chromium": browser() is not None,
        "wkhtmltopdf": shutil.which("wkhtmltopdf") is not None,
        "poppler-utils": shutil.which("pdftoppm") is not None,
        "fonts-dejavu-core": FONTS.exists() or not shutil.which("apt-get"),
    }
    return [package for package, present in wanted.items() if not present]


def install(packages: list[str]) -> None:
    """Install Debian packages, or say who has to."""
    if not packages:
        return
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Trouble(f"missing: what Debian packages as {names}. Install it, then run this again")
    if os.geteuid() != 0:
        raise Trouble(f"missing: {names}. Install with: sudo apt-get install {names}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if any(Path("/var/lib/dpkg/updates").iterdir()):
        run_logged("Finishing an interrupted installation", ["dpkg", "--configure", "-a"], env=env)
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    run_logged("Reading the package lists", [*apt, "update"], env=env)
    run_logged(f"Installing {names}", [*apt, "install", "-y", "--no-install-recommends", *packages], env=env)


def browser() -> str | None:
    """The Chromium that Odoo's tests will find too: by name, on PATH."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL server programs, 13 or newer."""
    candidates = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    found = {_postgres_version(folder): folder for folder in candidates}
    newest = max(found, default=0)
    return found[newest] if newest >= 13 else None


def _postgres_version(programs: Path) -> int:
    """The major version, 0 where there is no server."""
    if not (programs / "postgres").exists():
        return 0
    answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.partition("(PostgreSQL) ")[2].split(".")[0]
    return int(major) if major.isdigit() else 0
