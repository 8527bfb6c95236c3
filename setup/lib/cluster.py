"""A PostgreSQL server to work on: the caller's (PGHOST...), else a private one.

The private cluster listens on a unix socket only, starts when the first
command needs it and stops with the last. It never touches a cluster of the
machine's own, and never runs as root: root runs it as the user `postgres`, in
a folder that user can reach.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import locks, paths, system
from .progress import Trouble, run_logged, say

CHOSEN = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE")
ROLE = "odoo"
SETTINGS = """
listen_addresses = ''
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
synchronous_commit = off
jit = off
log_min_messages = error
"""


@dataclass(frozen=True)
class Server:
    """How to reach PostgreSQL: variables for libpq, the database to begin with,
    and the descriptor whose lock keeps the private cluster running."""

    variables: dict[str, str]
    maintenance: str
    psql: Path
    lease: int | None

    def sql(self, statement: str, database: str | None = None) -> str:
        """Run one statement and return what psql prints, bare."""
        command = [self.psql, "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database or self.maintenance, "-c", statement]
        answer = subprocess.run(command, env=self.variables, capture_output=True, text=True, check=False)
        if answer.returncode:
            raise Trouble(f"PostgreSQL: {answer.stderr.strip()}")
        return answer.stdout.strip()

    @property
    def keep_open(self) -> tuple[int, ...]:
        """Descriptors to hand to child processes that use the server."""
        return () if self.lease is None else (self.lease,)


@contextmanager
def postgres() -> Iterator[Server]:
    """A server that answers while the block runs."""
    if any(os.environ.get(name) for name in CHOSEN):
        yield _chosen_server()
        return
    private = _Private.here()
    lease = locks.open_lock("cluster-users")
    try:
        locks.wait_lock(lease, "PostgreSQL stops", shared=True)
        with locks.step("cluster"):
            private.ensure_running()
        yield Server(private.variables(), "postgres", private.programs / "psql", lease)
    finally:
        os.close(lease)
        _stop_if_last(private)


def _chosen_server() -> Server:
    psql = shutil.which("psql")
    if psql is None:
        raise Trouble("missing: psql. Install with: sudo apt-get install postgresql-client")
    variables = {key: value for key, value in os.environ.items() if key != "PGDATABASE"}
    server = Server(variables, os.environ.get("PGDATABASE") or "postgres", Path(psql), None)
    server.sql("SELECT 1")
    return server


def _stop_if_last(private: "_Private") -> None:
    with locks.step("cluster"):
        users = locks.open_lock("cluster-users")
        try:
            if locks.try_lock(users):
                private.stop()
        finally:
            os.close(users)


@dataclass(frozen=True)
class _Private:
    """The private cluster: its folder, its programs, the user it runs as."""

    home: Path
    programs: Path
    user: str | None

    @classmethod
    def here(cls) -> "_Private":
        programs = system.postgres_programs()
        if programs is None:
            raise Trouble("missing: PostgreSQL 13 or newer. Install with: sudo apt-get install postgresql")
        if os.geteuid() == 0:
            return cls(Path("/var/lib") / paths.MODULE / paths.digest(str(paths.CACHE)), programs, "postgres")
        return cls(paths.CACHE / "cluster", programs, None)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket(self) -> Path:
        """The socket's folder; a socket's path has room for 107 characters."""
        inside = self.home / "socket"
        if len(str(inside)) < 80:
            return inside
        return Path(tempfile.gettempdir()) / f"{paths.MODULE}-{paths.digest(str(self.home))}"

    def variables(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return {**kept, "PGHOST": str(self.socket), "PGUSER": ROLE}

    def ensure_running(self) -> None:
        self._ensure_folders()
        if not self.data.exists():
            self._initialise()
        if not self._running():
            self._start()

    def stop(self) -> None:
        if self.data.exists() and self._running():
            self._call("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    def _ensure_folders(self) -> None:
        """The cluster belongs to this cache: one left from a deleted cache goes."""
        ours, theirs = paths.CACHE / "cluster-id", self.home / "id"
        if self.home.exists() and not (ours.exists() and theirs.exists() and ours.read_text() == theirs.read_text()):
            self.stop()
            shutil.rmtree(self.home)
        for folder in (self.home, self.socket):
            paths.folder(folder)
            if self.user:
                shutil.chown(folder, self.user, pwd.getpwnam(self.user).pw_gid)
            folder.chmod(0o700)
        if not theirs.exists():
            mark = str(uuid.uuid4())
            paths.write_text(ours, mark)
            paths.write_text(theirs, mark)

    def _initialise(self) -> None:
        partial = self.home / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        command = [self.programs / "initdb", "-D", partial, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8"]
        run_logged("Making a private PostgreSQL cluster", command, cwd=self.home, user=self.user)
        with (partial / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        partial.rename(self.data)

    def _running(self) -> bool:
        return self._call("pg_ctl", "-D", str(self.data), "status", check=False) == 0

    def _start(self) -> None:
        log = self.home / "postgres.log"
        options = f"-c unix_socket_directories='{self.socket}'"
        try:
            self._call("pg_ctl", "-D", str(self.data), "-l", str(log), "-w", "-t", "120", "-o", options, "start")
        except Trouble as trouble:
            raise Trouble(f"the private PostgreSQL does not start: read {log}, or delete {self.home} and run this again") from trouble
        exists = f"SELECT FROM pg_roles WHERE rolname = '{ROLE}'"
        make = f"DO $$BEGIN IF NOT EXISTS ({exists}) THEN CREATE ROLE {ROLE} LOGIN CREATEDB; END IF; END$$"
        self._call("psql", "-Xq", "-h", str(self.socket), "-U", "postgres", "-d", "postgres", "-c", make)
        say("PostgreSQL: a private cluster runs")

    def _call(self, program: str, *arguments: str, check: bool = True) -> int:
        answer = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **({} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}),
        )
        if check and answer.returncode:
            raise Trouble(f"{program}: exit code {answer.returncode}")
        return answer.returncode
