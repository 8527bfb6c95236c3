"""Words to the person who waits: what happens, how long, and what went wrong.

Every long step runs through `run_logged`: its output goes to a log file, and
the terminal gets a line with the seconds that have passed. It never hides an
error: the end of the log is shown with it.
"""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import paths

HEARTBEAT = 10.0
TAIL = 25


class Trouble(Exception):
    """Something a person must know or do; its text is one clear line."""


def say(text: str) -> None:
    """One line to the terminal, at once, on stderr: stdout belongs to results."""
    print(text, file=sys.stderr, flush=True)


def run_logged(
    label: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    keep_open: tuple[int, ...] = (),
) -> Path:
    """Run a command with its output in a log file; raise `Trouble` if it fails.

    `user` runs it as that user (only root can). `keep_open` are file
    descriptors the child inherits, with the locks they hold.
    """
    name = "".join(char if char.isalnum() else "-" for char in label.lower())
    log = paths.folder(paths.LOGS) / f"{paths.checkout_name()}-{name}.log"
    started = time.monotonic()
    say(f"{label} ...")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            pass_fds=keep_open,
            **({} if user is None else {"user": user, "group": user, "extra_groups": []}),
        )
        try:
            code = _wait(process, label, started)
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if code:
        raise Trouble(f"{label}: failed (exit code {code}), the log is {log}\n{_tail(log)}")
    say(f"{label}: done in {time.monotonic() - started:.0f} s")
    return log


def _wait(process: subprocess.Popen[bytes], label: str, started: float) -> int:
    while True:
        try:
            return process.wait(timeout=HEARTBEAT)
        except subprocess.TimeoutExpired:
            say(f"{label} ... {time.monotonic() - started:.0f} s")


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(f"    {line}" for line in lines[-TAIL:])
