"""`setup/odoo ARGS...`: Odoo's own command line in the prepared environment."""

import itertools

from .. import api


def main(arguments: list[str]) -> int:
    """Prepare what is missing, hand the arguments to Odoo, return its exit code."""
    with api.environment() as env:
        if names_demo(arguments):
            env.demo_database()
        return env.run(env.odoo_command(arguments))


def names_demo(arguments: list[str]) -> bool:
    """Do these arguments name the demo database, in any way Odoo takes it?"""
    glued = {f"-d{api.DEMO_DATABASE}", f"--database={api.DEMO_DATABASE}"}
    pairs = itertools.pairwise(arguments)
    return not glued.isdisjoint(arguments) or any(
        option in ("-d", "--database") and value == api.DEMO_DATABASE for option, value in pairs
    )
