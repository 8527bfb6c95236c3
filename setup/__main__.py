"""Entry of every command in this folder: `python setup COMMAND ARGS...`.

The command `guard-check` is the module `lib.commands.guard_check`, and so on.
"""

import importlib
import signal
import sys
from types import FrameType

from lib.words import Trouble, say


def stop(number: int, _frame: FrameType | None) -> None:
    """Turn a signal into an exit that lets every block tidy up."""
    sys.exit(128 + number)


def main(name: str, arguments: list[str]) -> int:
    """Run one command; a known trouble is one line, never a traceback."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    command = importlib.import_module(f"lib.commands.{name.replace('-', '_')}")
    try:
        return int(command.main(arguments))
    except Trouble as trouble:
        say(f"error: {trouble}")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
