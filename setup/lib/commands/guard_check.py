"""`setup/guard-check CASES.json`: does the guard answer as these cases say it must?

Anyone can hold the rules to his own lawyer's cases; docs/rule-packs.md describes their format. One
line for each case that fails, then a summary.
"""

import argparse
import os
import subprocess
from pathlib import Path

from .. import paths, process, venv


def main(arguments: list[str]) -> int:
    """Judge the cases; return 0 if all are right, 1 if some fail, 2 if the file cannot be read."""
    parser = argparse.ArgumentParser(prog="setup/guard-check", description="Hold the guard to written cases.")
    parser.add_argument("cases", type=Path, metavar="CASES.json", help="a list of cases, see docs/rule-packs.md")
    options = parser.parse_args(arguments)
    command = process.tied([venv.ensure_venv(), "-B", "-m", "engine.cases", options.cases])
    environment = {**os.environ, "PYTHONPATH": str(paths.ADDON)}
    return process.wait(subprocess.Popen(command, env=environment))
