"""Programs started from here: none outlives its parent, none fails silently.

A long step's output goes to a log file while the terminal gets a line with the
seconds that have passed; if it fails, the end of the log is shown.
"""

import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import locks, paths
from .words import HEARTBEAT, Trouble, say

TAIL = 20


def tied(command: Sequence[str | Path]) -> list[str]:
    """The command, ended by the kernel when this process dies, killed even."""
    words = [str(part) for part in command]
    return ["setpriv", "--pdeathsig", "TERM", *words] if shutil.which("setpriv") else words


def run_logged(
    label: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    keep_open: tuple[int, ...] = (),
) -> Path:
    """Run a command with its output in a log file, which is returned.

    `user` runs it as that user (only root can). `keep_open` are descriptors
    that the child inherits, beside those of the steps being done. Raises
    `Trouble` with the end of the log if the command fails.
    """
    log = paths.folder(paths.LOGS) / f"{paths.checkout_name()}-{_file_name(label)}.log"
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
            pass_fds=(*locks.held(), *keep_open),
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        code = wait(process, label)
    if code:
        raise Trouble(f"{label}: failed (exit code {code}), the log is {log}\n{tail(log)}")
    say(f"{label}: done in {time.monotonic() - started:.0f} s")
    return log


def wait(process: "subprocess.Popen[bytes]", label: str | None = None) -> int:
    """The exit code of a process; it ends with us if we are interrupted.

    With a label, a line tells from time to time that this still runs.
    """
    started = time.monotonic()
    try:
        while True:
            try:
                return process.wait(timeout=HEARTBEAT)
            except subprocess.TimeoutExpired:
                if label:
                    say(f"{label} ... {time.monotonic() - started:.0f} s")
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process politely, then not, and wait until it is gone."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def tail(log: Path) -> str:
    """The last lines of a log, indented."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(f"    {line}" for line in lines[-TAIL:])


def _file_name(label: str) -> str:
    return "".join(char if char.isalnum() or char == "." else "-" for char in label.lower())
