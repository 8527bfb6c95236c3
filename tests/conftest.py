"""Makes the engine importable as `engine`, without Odoo, for every test here."""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]

for folder in (PROJECT / "collections_relationship", PROJECT / "setup"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
