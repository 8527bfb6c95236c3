"""`setup/odoo ARGS...`: Odoo's own command line in the prepared environment."""

import signal

from .. import api


def main(arguments: list[str]) -> int:
    """Prepare what is missing, hand the arguments to Odoo, return its exit code."""
    with api.environment() as env:
        if api.DEMO_DATABASE in arguments or f"--database={api.DEMO_DATABASE}" in arguments:
            env.demo_database()
        process = env.start(env.odoo_command(arguments))
        for name in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, lambda number, frame: process.send_signal(number))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return process.wait()
