"""`setup/run [--no-serve]`: from a bare machine to the demo company."""

from .. import api
from ..progress import say


def main(arguments: list[str]) -> int:
    """Prepare the demo company and serve it on loopback."""
    with api.environment() as env:
        name = env.demo_database()
        if "--no-serve" in arguments:
            return 0
        port = api.free_port(8069)
        say(f"http://{api.LOOPBACK}:{port}/odoo")
        return env.start(env.odoo_command(["-d", name, f"--http-port={port}"])).wait()
