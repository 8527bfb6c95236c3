"""`setup/library-check [LANGUAGE ...]`: is the library whole, and does each text keep its rules?

One line for each fault, then the counts. The exit code is 1 if there are faults.
"""
from __future__ import annotations

import sys
from collections.abc import Mapping

from . import library, placeholders, wording
from .vocabulary import AMOUNTS, BLOCKS, DATES, NAMES, NUMBERS

#: The longest a text may be once it is filled in with `SAMPLE`.
LONGEST = {"subject": 70, "preview": 100, "button": 40, "sms": 320}
#: What the words of a message may come to, of the length that matters for a text's room.
SAMPLE = {
    **dict.fromkeys(NAMES, "Azure Interior"),
    **dict.fromkeys(DATES, "25 November 2026"),
    **dict.fromkeys(AMOUNTS, "1,250.00 EUR"),
    **dict.fromkeys(NUMBERS, "3"),
    **dict.fromkeys(BLOCKS, ""),
    "greeting": "Hello Deco Addict,",
    "amount_due": "1,250.00 EUR",
    "invoices": "INV/2026/00012",
    "oldest_due": "25 November 2026",
    "pay_by": "25 November 2026",
    "next_step_date": "25 November 2026",
    "pay_link": "https://example.com/collections/pay/" + "x" * 40,
    "sender_phone": "+1 555 010 0199",
}


def check(language: str, messages: Mapping[str, library.Message]) -> list[str]:
    """Return what is wrong with the messages of a language, one line each."""
    lines = [f"{language} {code}: missing" for code in library.wanted() if code not in messages]
    for code, message in messages.items():
        lines += [f"{language} {code}: {problem}" for problem in wording.problems(message)]
        for part, longest in LONGEST.items():
            if (size := len(_filled(getattr(message, part)))) > longest:
                lines.append(f"{language} {code}: <{part}> has {size} characters filled in, {longest} at most")
    return lines


def _filled(text: str) -> str:
    try:
        return placeholders.compile_text(text).render(SAMPLE)
    except placeholders.UnbalancedText:
        return ""


def main(arguments: list[str]) -> int:
    """Check the languages named, or all; print and return the exit code."""
    faults = 0
    for language in arguments or library.languages():
        try:
            messages = library.read(language)
        except (library.LibraryError, OSError) as error:
            print(f"{language}: {error}")
            faults += 1
            continue
        lines = check(language, messages)
        faults += len(lines)
        print(*lines, sep="\n", end="\n" if lines else "")
        print(f"{language}: {len(messages)} messages, {len(lines)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
