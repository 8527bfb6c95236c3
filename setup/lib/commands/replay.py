"""`setup/replay LEDGER.csv [--pack CODE] [--gap DAYS] [--json FILE] [--contacts FILE]`: what would have been sent.

Plays a past ledger day by day through the add-on, in a database of its own that
is gone afterwards. Nothing leaves this machine.
"""

import argparse
import os
import sys
from pathlib import Path

from .. import api, paths, replay_ledger
from ..words import Trouble, say

PACKS = paths.PROJECT / "collections_relationship" / "engine" / "packs"
SCRIPT = paths.SETUP / "lib" / "replay_odoo.py"
MALFORMED = 2


def main(arguments: list[str]) -> int:
    """Check the whole ledger, then replay it; return the exit code (2: malformed)."""
    options = _parse(arguments)
    try:
        invoices = replay_ledger.read(options.ledger)
    except replay_ledger.MalformedLedger as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return MALFORMED
    if unknown := sorted(set(options.pack) - {file.stem for file in PACKS.glob("*.json")}):
        known = ", ".join(sorted(file.stem for file in PACKS.glob("*.json")))
        raise Trouble(f"there is no rule pack {', '.join(unknown)}; choose from {known}")
    for target in (options.json, options.contacts):
        if target and not os.access(target.absolute().parent, os.W_OK):
            raise Trouble(f"{target}: its folder does not exist or cannot be written to")
    say(f"{options.ledger}: {len(invoices)} invoices, all rows in order")
    words = [str(file.absolute()) if file else "" for file in (options.ledger, options.json, options.contacts)]
    with api.environment() as env, api.scratch_database(env, "replay") as db:
        return api.run_odoo_script(
            env, db, SCRIPT, [str(paths.SETUP), *words, str(options.gap or ""), ",".join(options.pack)]
        )


def _parse(arguments: list[str]) -> argparse.Namespace:
    description = "Replay a past ledger, day by day, through the add-on."
    parser = argparse.ArgumentParser(prog="setup/replay", description=description)
    parser.add_argument("ledger", type=Path, metavar="LEDGER.csv", help="one row per invoice with the day it was paid")
    parser.add_argument(
        "--pack", action="append", default=[], metavar="CODE", help="a rule pack that holds for everybody, such as au_rg96"
    )
    parser.add_argument("--gap", type=_days, metavar="DAYS", help="days between two messages (default: the policy's)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the totals there")
    parser.add_argument("--contacts", type=Path, metavar="FILE", help="write one JSON line per outgoing contact there")
    return parser.parse_args(arguments)


def _days(text: str) -> int:
    """A number of days of at least one, or argparse's one line of complaint."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days; give 1 or more")
    return int(text)
