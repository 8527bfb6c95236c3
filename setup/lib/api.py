"""The prepared environment, for the commands here and for tests.

    with environment() as env, scratch_database(env, "replay") as db:
        run_odoo_script(env, db, Path("script.py"), ["argument"])

`environment()` prepares whatever is missing and is quick when nothing is.
"""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from . import cluster, database, locks, odoo_source, paths, process, system, venv
from .words import Trouble, say

BASE_MODULES = "account_payment,sms,payment_demo,contacts"
DEMO_MODULES = f"{paths.MODULE},payment_demo,contacts"
DEMO_DATABASE = os.environ.get("COLLECTIONS_DB") or "collections_demo"
LOOPBACK = "127.0.0.1"
# Port of the discard service: mail that no test's server takes goes nowhere.
NO_MAIL_PORT = 9
ASSETS_SCRIPT = Path(__file__).with_name("odoo_assets.py")
# For a shell whose output is a result: its own words, Odoo's warnings and errors.
QUIET = ("--no-http", "--log-level=warn", "--log-handler=py.warnings:ERROR")
# Changes to these leave an installed database as it is.
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
        foreign = ("ODOO_", "OPENERP_SERVER", "PYTHON")
        kept = {key: value for key, value in self.server.variables.items() if not key.startswith(foreign)}
        return {**kept, "PYTHONPATH": str(self.odoo_home), "ODOO_RC": str(self.config), "PYTHONUNBUFFERED": "1"}

    def odoo_command(self, arguments: Sequence[str]) -> list[str]:
        """Odoo's command line with these arguments. The config file comes
        through ODOO_RC, so a subcommand may stand first."""
        return [str(self.python), "-m", "odoo", *arguments]

    def addons_path(self, *more: Path) -> str:
        """An `--addons-path` with this checkout's add-on and further folders."""
        return ",".join(str(folder) for folder in (paths.PROJECT, *more))

    def start(
        self,
        command: Sequence[str],
        *,
        stdin: int | None = None,
        stdout: int | IO[bytes] | None = None,
        stderr: int | IO[bytes] | None = None,
    ) -> "subprocess.Popen[bytes]":
        """Start a process that keeps PostgreSQL running, and ends when we do."""
        return subprocess.Popen(
            process.tied(command),
            env=self.variables(),
            pass_fds=self.server.keep_open,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )

    def run(self, command: Sequence[str]) -> int:
        """Run a process on this terminal; Ctrl-C is the process's to answer."""
        child = self.start(command)
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return process.wait(child)
        finally:
            signal.signal(signal.SIGINT, before)

    def install(self, label: str, db: str, *arguments: str) -> None:
        """Run Odoo once on a database; an error in its log is a failure."""
        log = process.run_logged(
            label,
            process.tied(self.odoo_command(["-d", db, *arguments, "--stop-after-init"])),
            env=self.variables(),
            cwd=paths.PROJECT,
            keep_open=self.server.keep_open,
        )
        text = log.read_text(encoding="utf-8", errors="replace")
        errors = re.findall(r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) .*$", text, re.MULTILINE)
        if errors:
            raise Trouble(f"{label}: Odoo logged {len(errors)} errors, the log is {log}\n    {errors[0]}")
        ours = rf"(?:{re.escape(str(paths.ADDON))}|(?<!/){paths.MODULE})\b"
        for warning in re.findall(rf"^\S+ \S+ \d+ WARNING .*{ours}.*$", text, re.MULTILINE):
            say(f"    {warning}")

    def base_template(self) -> str:
        """A database with the modules the add-on builds on, without demo data."""
        release = (self.odoo_home / "odoo" / "release.py").read_text(encoding="utf-8")
        key = paths.digest(str(self.odoo_home), release, BASE_MODULES)
        name = f"collections_base_{key}"

        def fill(making: str) -> None:
            self.install("Installing Odoo's modules", making, "-i", BASE_MODULES)

        database.build(self.server, name, key, fill, shared=True)
        return name

    def addon_template(self) -> str:
        """A database with this checkout's add-on, without demo data."""
        base = self.base_template()
        name = f"collections_addon_{paths.checkout_name()}"

        def fill(making: str) -> None:
            self.install("Installing the add-on", making, "-i", paths.MODULE)
            if code := run_odoo_script(self, making, ASSETS_SCRIPT):
                raise Trouble(f"the pages' scripts could not be put together (exit code {code})")

        key = f"{base} {addon_key()} {paths.digest(ASSETS_SCRIPT.read_text(encoding='utf-8'))}"
        database.build(self.server, name, key, fill, template=base)
        return name

    def demo_database(self) -> str:
        """The demo company's database, at the code of this checkout."""
        key = f"demo {addon_key()}"

        def fill(making: str) -> None:
            self.install("Making the demo company", making, "-i", DEMO_MODULES, "--with-demo")

        with locks.step(f"demo-{DEMO_DATABASE}"):
            found = database.key_of(self.server, DEMO_DATABASE)
            if found is None:
                database.build(self.server, DEMO_DATABASE, key, fill, shared=True)
            elif found != key:
                self.install("Updating the demo company", DEMO_DATABASE, "-u", paths.MODULE)
                database.set_key(self.server, DEMO_DATABASE, key, shared=True)
        return DEMO_DATABASE


def addon_key() -> str:
    """A name for the add-on's code as it is now."""
    return paths.tree_digest(paths.ADDON, NOT_INSTALLED)


@contextmanager
def environment() -> Iterator[Environment]:
    """Everything needed to run Odoo, prepared; PostgreSQL runs meanwhile."""
    paths.folder(paths.CACHE)
    system.ensure_programs(own_server=not cluster.is_chosen())
    odoo_home = odoo_source.ensure_odoo()
    python = venv.ensure_venv()
    with cluster.postgres() as server:
        database.sweep(server)
        yield Environment(python, odoo_home, server, _write_config(server))


@contextmanager
def scratch_database(env: Environment, name: str) -> Iterator[str]:
    """A database of its own with the add-on installed, dropped after."""
    with database.scratch(env.server, env.addon_template(), f"{name}_{paths.checkout_name()}") as db:
        yield db


def run_odoo_script(
    env: Environment, db: str, script: Path, arguments: Sequence[str] = (), *, options: Sequence[str] = ()
) -> int:
    """Run a Python file in Odoo's shell (`env` is there; `sys.argv[1:]` are the
    arguments); its output goes to this terminal. Returns the exit code.

    `options` are further options of Odoo's own. Nothing is committed unless
    the script calls `env.cr.commit()`.
    """
    name = str(script)
    code = (
        f"import sys; sys.argv = {[name, *arguments]!r}\n"
        f"exec(compile(open({name!r}, encoding='utf-8').read(), {name!r}, 'exec'))\n"
    )
    child = env.start(env.odoo_command(["shell", "-d", db, *QUIET, *options]), stdin=subprocess.PIPE)
    try:
        child.communicate(code.encode())
    finally:
        process.end(child)
    return child.returncode


def free_port(wanted: int = 0) -> int:
    """`wanted` if nobody listens there, else the next port that is free."""
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, wanted))
            except OSError:
                wanted += 1
                continue
            return int(probe.getsockname()[1])


def _write_config(server: cluster.Server) -> Path:
    config = paths.checkout_folder() / "odoo.conf"
    settings = {
        "addons_path": paths.PROJECT,
        "data_dir": paths.folder(server.data_dir),
        "http_interface": LOOPBACK,
        "list_db": False,
        "max_cron_threads": 0,
        "smtp_server": LOOPBACK,
        "smtp_port": NO_MAIL_PORT,
    }
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    paths.write_text(config, f"[options]\n{lines}")
    return config
