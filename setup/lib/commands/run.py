"""`setup/run`: from a bare machine to the demo company, served on loopback."""

import argparse
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .. import api, paths, process
from ..words import Trouble, say

PORT = 8069
PATIENCE = 120
# Log-ins of the demo data; the password is the log-in.
PEOPLE = {
    "accountant": "accountant",
    "collector": "collector",
    "customer": "portal customer",
    "admin": "administrator",
}


def main(arguments: list[str]) -> int:
    """Prepare the demo company and serve it until it is stopped."""
    parser = argparse.ArgumentParser(prog="setup/run", description=__doc__)
    parser.add_argument("--no-serve", action="store_true", help="prepare only")
    parser.add_argument("--port", type=int, default=PORT, help=f"the first port to try (default {PORT})")
    options = parser.parse_args(arguments)
    with api.environment() as env:
        db = env.demo_database()
        if options.no_serve:
            say(f"the demo company is ready in the database {db}; setup/run serves it")
            return 0
        return serve(env, db, options.port)


def serve(env: api.Environment, db: str, wanted: int) -> int:
    """Serve the database; its mail is kept in a folder and leaves no machine."""
    port = api.free_port(wanted)
    if port != wanted:
        say(f"port {wanted} is busy: this takes {port}")
    url = f"http://{api.LOOPBACK}:{port}"
    set_address(env, db, url)
    mailbox = paths.checkout_folder() / "mail"
    mail_port = api.free_port()
    log = paths.folder(paths.LOGS) / f"{paths.checkout_name()}-server.log"
    with log.open("wb") as output:
        mail = env.start(mail_command(env, mail_port, mailbox), stdout=output, stderr=output)
        words = ["-d", db, f"--http-port={port}", f"--smtp-port={mail_port}", "--max-cron-threads=1"]
        server = env.start(env.odoo_command(words), stdout=output, stderr=output)
        try:
            wait_until_served(url, server, log)
            print(f"The demo company: {url}", flush=True)
            for line in log_ins(env, db):
                print(line, flush=True)
            say(f"mail it sends is kept in {mailbox}; the log is {log}; Ctrl-C stops it")
            return process.wait(server)
        except KeyboardInterrupt:
            return 0
        finally:
            process.end(server)
            process.end(mail)


def mail_command(env: api.Environment, port: int, mailbox: Path) -> list[str]:
    """A mail server that keeps every message in a Maildir."""
    sink = ["-n", "-l", f"{api.LOOPBACK}:{port}", "-c", "aiosmtpd.handlers.Mailbox", str(mailbox)]
    return [str(env.python), "-m", "aiosmtpd", *sink]


def set_address(env: api.Environment, db: str, url: str) -> None:
    """Links in mails and the PDF printer's style sheets use this address."""
    for key in ("web.base.url", "report.url"):
        env.server.sql(
            f"INSERT INTO ir_config_parameter (key, value) VALUES ('{key}', '{url}')"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            db,
        )


def log_ins(env: api.Environment, db: str) -> list[str]:
    """One line for each person of the demo company who can log in."""
    there = env.server.sql("SELECT login FROM res_users WHERE active", db).splitlines()
    return [f"  {role}: log-in {login}, password {login}" for login, role in PEOPLE.items() if login in there]


def wait_until_served(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the address answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/web/health", timeout=10):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.3)
    raise Trouble(f"the server does not answer, the log is {log}\n{process.tail(log)}")
