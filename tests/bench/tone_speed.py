"""How long the check of words takes for a message, on one core. `setup/bench` runs it; so can anyone:
python tests/bench/tone_speed.py
"""

import sys
import time
from pathlib import Path

ADDON = Path(__file__).resolve().parents[2] / "collections_relationship"
if str(ADDON) not in sys.path:
    sys.path.append(str(ADDON))

from engine import library, tone  # noqa: E402 - the add-on's folder must be on the path first

ROUNDS = 3


def measure() -> dict[str, float]:
    """Return the busy milliseconds for one e-mail of the library, by language; the first round fills caches."""
    return {language: _milliseconds(language) for language in library.languages()}


def _milliseconds(language: str) -> float:
    messages = [(message.email, message.purpose) for message in library.read(language).values()]
    best = float("inf")
    for _round in range(ROUNDS):
        started = time.process_time()
        for text, purpose in messages:
            tone.check(text, language, purpose)
        best = min(best, time.process_time() - started)
    return 1000 * best / len(messages)


if __name__ == "__main__":
    print(measure())
