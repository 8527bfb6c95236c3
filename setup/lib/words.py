"""Words to the person who waits. Never an ornament: one line, one fact."""

import sys

HEARTBEAT = 10.0


class Trouble(Exception):
    """Something a person must know or do; its text says it in one clear line."""


def say(text: str) -> None:
    """One line to the terminal, at once, on stderr: stdout belongs to results."""
    print(text, file=sys.stderr, flush=True)
