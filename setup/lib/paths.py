"""Where everything lives: the project, and the cache that all checkouts share.

Nothing here creates or deletes anything but empty folders.
"""

import hashlib
import os
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SETUP = PROJECT / "setup"
MODULE = "collections_relationship"
ADDON = PROJECT / MODULE
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").resolve() / MODULE
DATA_DIR = CACHE / "data"
LOGS = CACHE / "logs"
LOCKS = CACHE / "locks"


def digest(*parts: str) -> str:
    """A short name for the given texts: equal texts, equal names."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]


def checkout_name() -> str:
    """A name for this checkout, so that several of them share one cache."""
    folder = re.sub(r"[^a-z0-9]+", "_", PROJECT.name.lower()).strip("_")[:20]
    return f"{folder}_{digest(str(PROJECT))[:5]}"


def checkout_folder() -> Path:
    """The folder in the cache for files of this checkout only."""
    return folder(CACHE / "checkouts" / checkout_name())


def folder(path: Path) -> Path:
    """Create `path` if needed and return it."""
    path.mkdir(parents=True, exist_ok=True)
    return path


def write_text(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.rename(path)


def tree_digest(root: Path, ignored: frozenset[str] = frozenset()) -> str:
    """A name for the content of all files below `root`, compiled ones aside."""
    total = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if not path.is_file() or path.suffix == ".pyc" or ignored.intersection(relative.parts):
            continue
        total.update(f"{relative}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]
