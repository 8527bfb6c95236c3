"""Odoo 19 itself: the first of ODOO_HOME, the cache, Debian's package.

The package is downloaded and unpacked, never installed, through an apt state
of its own: the machine's package lists and sources stay as they are. No
mirror is named here; the address is the one the machine already uses.
"""

import os
import re
import shutil
from pathlib import Path

from . import locks, paths
from .process import run_logged, tied
from .words import Trouble

PACKAGE = "odoo-19"
SUITE = "sid"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Debian's package links to these instead of carrying its own copies.
COMPANIONS = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
TREE = Path("usr/lib/python3/dist-packages")
# Left out of Debian's package; without it each page logs an error.
SEGMENTATION = Path("odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js")
ADVICE = "set ODOO_HOME to a checkout of Odoo, branch 19.0"


def ensure_odoo() -> Path:
    """The folder to put on PYTHONPATH: it holds the package `odoo`."""
    chosen = os.environ.get("ODOO_HOME")
    if chosen:
        return _chosen_home(Path(chosen))
    prefix = paths.CACHE / "odoo-19.0"
    if not prefix.exists():
        with locks.step("odoo"):
            if not prefix.exists():
                _unpack_debian(prefix)
    return prefix / TREE


def _chosen_home(home: Path) -> Path:
    for candidate in (home, home / TREE):
        release = candidate / "odoo" / "release.py"
        if release.is_file():
            if not re.search(r"^version_info = \(19, 0,", release.read_text(encoding="utf-8"), re.MULTILINE):
                raise Trouble(f"ODOO_HOME={home} holds another release of Odoo: {ADVICE}")
            return candidate.resolve()
    raise Trouble(f"ODOO_HOME={home} holds no package `odoo`: {ADVICE}")


def _unpack_debian(prefix: Path) -> None:
    """Make `prefix` in one go: half of it never has that name."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb") and KEYRING.exists()):
        raise Trouble(f"no Odoo 19 here, and no Debian to fetch it from: {ADVICE}")
    mirror = debian_mirror(Path("/etc/apt"), codename(Path("/etc/os-release").read_text(encoding="utf-8")))
    work = paths.CACHE / "odoo.partial"
    shutil.rmtree(work, ignore_errors=True)
    apt = _private_apt(work, mirror)
    run_logged("Reading Debian's list of packages", tied([*apt, "update"]))
    debs = paths.folder(work / "debs")
    run_logged("Downloading Odoo 19", tied([*apt, "download", PACKAGE, *COMPANIONS]), cwd=debs)
    for package in sorted(debs.glob("*.deb")):
        run_logged(f"Unpacking {package.name.split('_')[0]}", tied(["dpkg-deb", "-x", package, work / "prefix"]))
    stub = work / "prefix" / TREE / SEGMENTATION
    paths.folder(stub.parent)
    stub.touch()
    (work / "prefix").rename(prefix)
    shutil.rmtree(work)


def _private_apt(work: Path, mirror: str) -> list[str]:
    """An apt-get that reads one source and writes below `work` only."""
    for name in ("state/lists/partial", "cache/archives/partial", "parts"):
        paths.folder(work / name)
    (work / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror} {SUITE} main\n", encoding="utf-8")
    options = {
        "Dir::State": work / "state",
        "Dir::State::Lists": work / "state/lists",
        "Dir::Cache": work / "cache",
        "Dir::Etc::sourcelist": work / "sources.list",
        "Dir::Etc::sourceparts": work / "parts",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": work / "parts",
        "Acquire::Languages": "none",
        # A mirror may lag behind; what it serves is signed all the same.
        "Acquire::Check-Valid-Until": "false",
        "APT::Sandbox::User": "root",
    }
    return ["apt-get", "-q"] + [word for key, value in options.items() for word in ("-o", f"{key}={value}")]


def codename(os_release: str) -> str:
    """Debian's name for the release that /etc/os-release describes."""
    if not re.search(r'^ID="?debian"?$', os_release, re.MULTILINE):
        raise Trouble(f"this is not Debian, which packages Odoo 19: {ADVICE}")
    found = re.search(r'^VERSION_CODENAME="?([\w-]+)"?$', os_release, re.MULTILINE)
    return found.group(1) if found else SUITE


def debian_mirror(apt: Path, release: str) -> str:
    """The address from which this machine takes its own Debian packages."""
    for source in [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*"))]:
        if source.suffix in (".list", ".sources") and source.is_file():
            text = re.sub(r"^\s*#.*\n", "", source.read_text(encoding="utf-8"), flags=re.MULTILINE)
            find = _deb822_mirror if source.suffix == ".sources" else _one_line_mirror
            mirror = find(text, release)
            if mirror:
                return mirror
    raise Trouble(f"no Debian mirror for {release} in {apt}: {ADVICE}")


def _one_line_mirror(text: str, release: str) -> str | None:
    pattern = rf"^[ \t]*deb[ \t]+(?:\[[^\]]*\][ \t]+)?(\S+)[ \t]+{release}[ \t]+(?:\S+[ \t]+)*main\b"
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1) if found else None


def _deb822_mirror(text: str, release: str) -> str | None:
    for stanza in re.split(r"\n[ \t]*\n", text):
        lines = re.findall(r"^([\w-]+):(.*(?:\n[ \t].*)*)", stanza, re.MULTILINE)
        fields = {key.lower(): value.split() for key, value in lines}
        wanted = {"types": "deb", "suites": release, "components": "main"}
        enabled = fields.get("enabled", ["yes"])[0].lower() not in ("no", "false", "0")
        if enabled and all(value in fields.get(key, []) for key, value in wanted.items()):
            return str(fields["uris"][0])
    return None
