"""`setup/library-check [LANGUAGE ...]`: is the library of messages whole, and does each text keep its rules?

One line for each fault, then the counts. The exit code is 1 if there are faults.
"""

import os
import subprocess

from .. import paths, process, venv


def main(arguments: list[str]) -> int:
    """Hand the arguments to the engine, in the environment that has its libraries; return its exit code."""
    command = process.tied([venv.ensure_venv(), "-B", "-m", "engine.library_check", *arguments])
    environment = {**os.environ, "PYTHONPATH": str(paths.ADDON)}
    return process.wait(subprocess.Popen(command, env=environment))
