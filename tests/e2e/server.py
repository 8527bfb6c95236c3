"""A real Odoo server for one test module: its own process, database and port.

Its scheduled actions run only when a test says so (`run_cron`), its mail goes
to the test's `Inbox`. The database is gone afterwards.
"""

import itertools
import json
import subprocess
import time
import urllib.error
import urllib.request
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lib import api, database, paths, process

ADMIN = "admin"
ALIAS_DOMAIN = "collect.example.com"
PATIENCE = 120.0


class Refused(Exception):
    """Odoo refused a call or failed at it: the exception's name (such as
    `odoo.exceptions.UserError`), its message, the server's traceback."""

    def __init__(self, name: str, message: str, debug: str) -> None:
        super().__init__(f"{name}: {message}\n{debug}")
        self.name, self.message = name, message


class OdooServer:
    """How a test talks to the running server."""

    def __init__(self, env: api.Environment, db: str, port: int, log: Path) -> None:
        self.env, self.db, self.port, self.log = env, db, port, log
        self.url = f"http://{api.LOOPBACK}:{port}"
        self._users: dict[tuple[str, str], int] = {}

    def call(
        self, login: str, model: str, method: str, *arguments: Any, password: str | None = None, **named: Any
    ) -> Any:
        """Call a public method as a user; the password is the log-in unless given.

        Raises `Refused` when Odoo refuses or fails.
        """
        secret = password or login
        number = self._user(login, secret)
        return self._remote("object", "execute_kw", self.db, number, secret, model, method, arguments, named)

    def ref(self, xml_id: str) -> int:
        """The id of the record with that external id."""
        module, name = xml_id.split(".")
        domain = [("module", "=", module), ("name", "=", name)]
        rows = self.call(ADMIN, "ir.model.data", "search_read", domain, fields=["res_id"])
        assert rows, f"there is no {xml_id}"
        return int(rows[0]["res_id"])

    def run_cron(self, xml_id: str) -> None:
        """Run a scheduled action now, to its end."""
        self.call(ADMIN, "ir.cron", "method_direct_trigger", [self.ref(xml_id)])

    def deliver(self, raw: bytes, model: str | None = None) -> int:
        """Hand Odoo a message as its mail gateway would; returns the id of the
        record it went to, 0 if it went nowhere. `model` is where mail goes
        that answers nothing and is for no alias."""
        gateway = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/object")
        words = [model or False, xmlrpc.client.Binary(raw)]
        number = self._user(ADMIN, ADMIN)
        return int(gateway.execute_kw(self.db, number, ADMIN, "mail.thread", "message_process", words) or 0)  # type: ignore[arg-type]

    def shell(self, code: str) -> str:
        """Run Python in Odoo's shell on this database (`env` is there; commit
        with `env.cr.commit()`) and return what it prints."""
        command = self.env.odoo_command(["shell", "-d", self.db, *api.QUIET])
        child = self.env.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = str(child.communicate(code.encode())[0], "utf-8")
        assert child.returncode == 0, output
        return output

    def get(self, path: str) -> tuple[int, str]:
        """Open a page as nobody: the status and the body."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def set_parameter(self, key: str, value: str) -> None:
        """Set a system parameter."""
        self.call(ADMIN, "ir.config_parameter", "set_param", key, value)

    def errors(self) -> list[str]:
        """The errors in the server's log so far.

        Two requests that collide on a row are none: Odoo logs the query, and does the later one again.
        """
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [
            line
            for line, following in itertools.zip_longest(lines, lines[1:], fillvalue="")
            if (" ERROR " in line or " CRITICAL " in line)
            and not ("odoo.sql_db: bad query" in line and "could not serialize access" in following)
        ]

    def _user(self, login: str, secret: str) -> int:
        if (login, secret) not in self._users:
            number = self._remote("common", "authenticate", self.db, login, secret, {})
            assert number, f"{login} cannot log in"
            self._users[login, secret] = int(number)
        return self._users[login, secret]

    def _remote(self, service: str, method: str, *arguments: Any) -> Any:
        """Call one of Odoo's remote services."""
        words = {"service": service, "method": method, "args": arguments}
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "call", "params": words}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/jsonrpc", body, headers)
        with urllib.request.urlopen(request, timeout=300) as answer:
            result = json.load(answer)
        if "error" in result:
            details = result["error"]["data"]
            raise Refused(details["name"], details["message"], details["debug"])
        return result.get("result")


@contextmanager
def serve(env: api.Environment, mail_port: int, *, cron_threads: int = 0) -> Iterator[OdooServer]:
    """Serve a fresh copy of the database that has the add-on."""
    name = f"collections_e2e_{paths.checkout_name()}"
    with database.scratch(env.server, env.addon_template(), name) as db:
        # Tests run by the real clock, whatever the hour; those about hours set them.
        env.server.sql("UPDATE collection_policy SET hour_from = 0, hour_to = 24", db)
        port = api.free_port()
        log = paths.folder(paths.LOGS) / f"{db}.log"
        options = ["-d", db, f"--http-port={port}", f"--max-cron-threads={cron_threads}"]
        with log.open("wb") as output:
            child = env.start(env.odoo_command(options), stdout=output, stderr=output)
        server = OdooServer(env, db, port, log)
        try:
            _wait_until_served(server, child)
            _connect_mail(server, mail_port)
            yield server
        finally:
            process.end(child)


def _wait_until_served(server: OdooServer, child: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and child.poll() is None:
        try:
            if server.get("/web/health")[0] == 200:
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"the server does not answer:\n{process.tail(server.log)}")


def _connect_mail(server: OdooServer, mail_port: int) -> None:
    """Mail leaves through the test's server and comes back to an alias domain."""
    outgoing = {"name": "test", "smtp_host": api.LOOPBACK, "smtp_port": mail_port, "smtp_encryption": "none"}
    server.call(ADMIN, "ir.mail_server", "create", outgoing)
    domain = server.call(ADMIN, "mail.alias.domain", "create", {"name": ALIAS_DOMAIN})
    companies = server.call(ADMIN, "res.company", "search", [])
    reachable = {"alias_domain_id": domain, "email": f"office@{ALIAS_DOMAIN}"}
    server.call(ADMIN, "res.company", "write", companies, reachable)
    for key in ("web.base.url", "report.url"):
        server.set_parameter(key, server.url)
    server.set_parameter("web.base.url.freeze", "True")
