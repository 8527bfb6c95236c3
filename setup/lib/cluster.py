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
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import locks, paths, system
from .process import run_logged, tied
from .words import Trouble

CHOSEN = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE")
ROLE = "odoo"
PATIENCE = 120
SETTINGS = """
listen_addresses = ''
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
synchronous_commit = off
jit = off
"""


@dataclass(frozen=True)
class Server:
    """How to reach PostgreSQL: variables for libpq, the database to begin with,
    where Odoo keeps the files of its databases, and the descriptor whose lock
    keeps the private cluster running."""

    variables: dict[str, str]
    maintenance: str
    psql: Path
    data_dir: Path
    lease: int | None

    def sql(self, statement: str, database: str | None = None) -> str:
        """Run one statement and return what psql prints, bare."""
        place = database or self.maintenance
        command = [str(self.psql), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", place, "-c", statement]
        answer = subprocess.run(command, env=self.variables, capture_output=True, text=True, check=False)
        if answer.returncode:
            raise Trouble(f"PostgreSQL: {answer.stderr.strip()}")
        return answer.stdout.strip()

    @property
    def keep_open(self) -> tuple[int, ...]:
        """Descriptors to hand to child processes that use the server."""
        return () if self.lease is None else (self.lease,)


def is_chosen() -> bool:
    """Did the caller name a server?"""
    return any(os.environ.get(name) for name in CHOSEN)


@contextmanager
def postgres() -> Iterator[Server]:
    """A server that answers while the block runs."""
    if is_chosen():
        yield _chosen_server()
        return
    private = _Private.here()
    lease = locks.open_lock("cluster-users")
    try:
        locks.wait_lock(lease, "PostgreSQL stops", shared=True)
        with locks.step("cluster"):
            private.ensure_running()
        yield Server(private.variables(), "postgres", private.programs / "psql", paths.CACHE / "data", lease)
    finally:
        os.close(lease)
        _stop_if_last(private)


def _chosen_server() -> Server:
    psql = shutil.which("psql")
    if psql is None:
        raise Trouble("missing: psql. Install with: sudo apt-get install postgresql-client")
    variables = {key: value for key, value in os.environ.items() if key != "PGDATABASE"}
    place = paths.digest(*(os.environ.get(name, "") for name in CHOSEN if name != "PGDATABASE"))
    maintenance = os.environ.get("PGDATABASE") or "postgres"
    server = Server(variables, maintenance, Path(psql), paths.CACHE / f"data-{place}", None)
    if int(server.sql("SHOW server_version_num")) < 130000:
        raise Trouble("the PostgreSQL server that PGHOST... name is older than 13: name another, or none")
    if server.sql("SELECT current_user") == "postgres":
        raise Trouble("Odoo refuses PostgreSQL's user postgres: set PGUSER to another that may create databases")
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
        self._claim_home()
        if not self.data.exists():
            self._initialise()
        if not self._running():
            self._start()
        self._wait_until_ready()

    def stop(self) -> None:
        if self.data.exists() and self._running():
            self._control("-m", "fast", "-w", "stop")

    def _claim_home(self) -> None:
        """The cluster belongs to this cache: one left by a deleted cache goes."""
        ours, its = paths.CACHE / "cluster-id", self.home / "id"
        if self.home.exists() and not (ours.exists() and its.exists() and ours.read_text() == its.read_text()):
            self.stop()
            shutil.rmtree(self.home)
        for folder in (self.home, self.socket):
            paths.folder(folder)
            if self.user:
                shutil.chown(folder, self.user, pwd.getpwnam(self.user).pw_gid)
            folder.chmod(0o700)
        if not its.exists():
            mark = str(uuid.uuid4())
            paths.write_text(ours, mark)
            paths.write_text(its, mark)

    def _initialise(self) -> None:
        """Make the cluster and Odoo's role in it; half of it never has its name."""
        partial = self.home / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8"]
        command = tied([self.programs / "initdb", "-D", partial, *options])
        run_logged("Making a private PostgreSQL cluster", command, cwd=self.home, user=self.user)
        with (partial / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        single: list[str | Path] = [self.programs / "postgres", "--single", "-D", partial, "postgres"]
        if self._call(single, f"CREATE ROLE {ROLE} LOGIN CREATEDB;\n"):
            raise Trouble(f"PostgreSQL makes no role {ROLE} in {partial}")
        partial.rename(self.data)

    def _running(self) -> bool:
        return self._control("status") == 0

    def _start(self) -> None:
        log = self.home / "postgres.log"
        place = f"-c unix_socket_directories='{self.socket}'"
        if self._control("-l", log, "-w", "-t", PATIENCE, "-o", place, "start"):
            raise Trouble(f"the private PostgreSQL does not start: read {log}, or delete {self.home} and try again")

    def _wait_until_ready(self) -> None:
        """A server that was just started by a killed run may not answer yet."""
        command: list[str | Path] = [self.programs / "pg_isready", "-q", "-h", self.socket]
        deadline = time.monotonic() + PATIENCE
        while self._call(command):
            if time.monotonic() > deadline:
                raise Trouble(f"the private PostgreSQL does not answer: read {self.home / 'postgres.log'}")
            time.sleep(0.2)

    def _control(self, *words: str | Path | int) -> int:
        return self._call([self.programs / "pg_ctl", "-D", self.data, *(str(word) for word in words)])

    def _call(self, command: list[str | Path], text: str = "") -> int:
        """Run one of PostgreSQL's programs as the cluster's user."""
        answer = subprocess.run(
            command,
            cwd=self.home,
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )
        return answer.returncode
