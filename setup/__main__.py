"""Entry of every command in this folder: `python setup COMMAND ARGS...`.

The command `guard-check` is the module `lib.commands.guard_check`, and so on.
"""

import importlib
import sys

from lib.progress import Trouble


def main(name: str, arguments: list[str]) -> int:
    """Run one command; a known trouble is one line, never a traceback."""
    command = importlib.import_module(f"lib.commands.{name.replace('-', '_')}")
    try:
        return int(command.main(arguments))
    except Trouble as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
