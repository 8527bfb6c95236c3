"""`setup/guard-check CASES.json [--pack FILE]`: does the guard answer as these cases say it must?

Anyone can hold the rules to his own lawyer's cases; docs/rule-packs.md describes their format. One
line for each case that fails, then a summary. The exit code is 1 if some fail, 2 if a file is wrong.
"""

import os
import subprocess

from .. import paths, process, venv


def main(arguments: list[str]) -> int:
    """Hand the arguments to the engine, in the environment that has its libraries; return its exit code."""
    command = process.tied([venv.ensure_venv(), "-B", "-m", "engine.cases", *arguments])
    environment = {**os.environ, "PYTHONPATH": str(paths.ADDON)}
    return process.wait(subprocess.Popen(command, env=environment))
