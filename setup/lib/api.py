"""The prepared environment, for the commands here and for tests.

`environment()` prepares whatever is missing and is quick when nothing is.
"""

import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import cluster, database, locks, odoo_source, paths, system, venv
from .progress import Trouble, run_logged

BASE_MODULES = "account_payment,sms,payment_demo,contacts"
DEMO_MODULES = f"{paths.MODULE},payment_demo,contacts"
DEMO_DATABASE = os.environ.get("COLLECTIONS_DB") or "collections_demo"
LOOPBACK = "127.0.0.1"
# What changes these leaves an installed database as it is.
NOT_INSTALLED = frozenset({"tests", "readme", "__pycache__", "pyproject.toml"})


@dataclass(frozen=True)
class Environment:
    """An Odoo that runs: interpreter, Odoo's folder, PostgreSQL, config file."""

    python: Path
    odoo_home: Path
    server: cluster.Server
    config: Path

    def variables(self) -> dict[str, str]:
        """The environment variables under which Odoo and its tests run."""
        dropped = ("ODOO_", "OPENERP_SERVER", "PYTHON")
        kept = {key: value for key, value in self.server.variables.items() if not key.startswith(dropped)}
        return {**kept, "PYTHONPATH": str(self.odoo_home), "ODOO_RC": str(self.config), "PYTHONUNBUFFERED": "1"}

    def odoo_command(self, arguments: Sequence[str]) -> list[str]:
        """The command line of Odoo with these arguments; the config file comes
        through ODOO_RC, so a subcommand may stand first."""
        return [str(self.python), "-m", "odoo", *arguments]

    def odoo_logged(self, label: str, arguments: Sequence[str]) -> Path:
        """Run Odoo with its output in a log file, which is returned."""
        return run_logged(
            label,
            self.odoo_command(arguments),
            env=self.variables(),
            cwd=paths.PROJECT,
            keep_open=self.server.keep_open,
        )

    def start(self, command: Sequence[str], *, env: Mapping[str, str] | None = None, **options: object) -> subprocess.Popen[bytes]:
        """Start a process that keeps PostgreSQL running for as long as it lives."""
        variables = {**self.variables(), **(env or {})}
        return subprocess.Popen(list(command), env=variables, pass_fds=self.server.keep_open, **options)  # type: ignore[call-overload,no-any-return]

    def base_template(self) -> str:
        """A database with the modules the add-on builds on, without demo data."""
        key = paths.digest(str(self.odoo_home), BASE_MODULES)
        name = f"collections_base_{key}"

        def fill(making: str) -> None:
            self.odoo_logged("Installing Odoo's modules", ["-d", making, "-i", BASE_MODULES, "--stop-after-init"])

        database.build(self.server, name, key, None, fill)
        return name

    def addon_template(self) -> str:
        """A database with this checkout's add-on, without demo data."""
        base = self.base_template()
        name = f"collections_addon_{paths.checkout_name()}"

        def fill(making: str) -> None:
            self.odoo_logged("Installing the add-on", ["-d", making, "-i", paths.MODULE, "--stop-after-init"])

        database.build(self.server, name, f"{base} {addon_key()}", base, fill)
        return name

    def demo_database(self) -> str:
        """The demo company's database, at the code of this checkout."""
        key = f"demo {addon_key()}"

        def fill(making: str) -> None:
            arguments = ["-d", making, "-i", DEMO_MODULES, "--with-demo", "--stop-after-init"]
            self.odoo_logged("Making the demo company", arguments)

        if database.key_of(self.server, DEMO_DATABASE) is None:
            database.build(self.server, DEMO_DATABASE, key, None, fill)
        with locks.step(f"update-{DEMO_DATABASE}"):
            if database.key_of(self.server, DEMO_DATABASE) != key:
                self.odoo_logged("Updating the demo company", ["-d", DEMO_DATABASE, "-u", paths.MODULE, "--stop-after-init"])
                database.set_key(self.server, DEMO_DATABASE, key)
        return DEMO_DATABASE


def addon_key() -> str:
    """A name for the add-on's code as it is now."""
    return paths.tree_digest(paths.ADDON, NOT_INSTALLED)


@contextmanager
def environment() -> Iterator[Environment]:
    """Everything needed to run Odoo, prepared; PostgreSQL runs meanwhile."""
    paths.folder(paths.CACHE)
    system.ensure_programs()
    odoo_home = odoo_source.ensure_odoo()
    python = venv.ensure_venv()
    with cluster.postgres() as server:
        yield Environment(python, odoo_home, server, _write_config())


@contextmanager
def scratch_database(env: Environment, name: str) -> Iterator[str]:
    """A database of its own with the add-on installed, dropped after."""
    full = f"{name}_{paths.checkout_name()}"
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,50}", full):
        raise Trouble(f"{full} is no name for a database here: small letters, digits and _, at most 50")
    with database.scratch(env.server, env.addon_template(), full):
        yield full


def run_odoo_script(env: Environment, db: str, script: Path, arguments: Sequence[str] = ()) -> int:
    """Run a Python file in Odoo's shell (`env` is there; `sys.argv[1:]` are the
    arguments); its output goes to this terminal. Returns the exit code."""
    start = f"import sys; sys.argv = {[str(script), *arguments]!r}\n"
    body = f"exec(compile(open({str(script)!r}, encoding='utf-8').read(), {str(script)!r}, 'exec'))\n"
    process = env.start(env.odoo_command(["shell", "-d", db, "--no-http", "--log-level=warn"]), stdin=subprocess.PIPE)
    process.communicate((start + body).encode())
    return process.returncode


def free_port(wanted: int = 0) -> int:
    """`wanted` if nobody listens there, else the next one that is free."""
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, wanted))
            except OSError:
                wanted += 1
                continue
            return int(probe.getsockname()[1])


def _write_config() -> Path:
    config = paths.checkout_folder() / "odoo.conf"
    settings = {
        "addons_path": paths.PROJECT,
        "data_dir": paths.folder(paths.DATA_DIR),
        "http_interface": LOOPBACK,
        "list_db": "False",
        "max_cron_threads": 0,
    }
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    paths.write_text(config, f"[options]\n{lines}")
    return config
