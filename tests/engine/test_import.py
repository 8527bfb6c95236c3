"""The engine runs without Odoo, and without anything that knows Odoo."""

import subprocess
import sys
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[2] / "collections_relationship" / "engine"

IMPORT_ALL = """
import importlib, pkgutil, sys
sys.modules["odoo"] = None  # an import of it raises ImportError
sys.path.insert(0, sys.argv[1])
import engine
names = [module.name for module in pkgutil.walk_packages(engine.__path__, "engine.")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def test_all_of_it_is_imported_with_odoo_blocked():
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, str(ENGINE.parent)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    modules = [path for path in ENGINE.rglob("*.py") if path.name != "__init__.py"]
    assert int(done.stdout) >= len(modules) > 0


def test_it_reads_no_clock():
    for path in ENGINE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for call in ("datetime.now(", "date.today(", "utcnow(", "time.time("):
            assert call not in source, f"{path.name} reads the clock"
