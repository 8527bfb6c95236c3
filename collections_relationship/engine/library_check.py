"""`setup/library-check [LANGUAGE ...]`: is the library whole, and does each text keep its rules?

One line for each fault and each piece of advice, then the counts and the reading ease. The exit code
is 1 if there are faults; advice is none.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from statistics import mean

from . import library, placeholders, tone, wording
from .vocabulary import AMOUNTS, BLOCKS, DATES, NAMES, NUMBERS

#: The longest a text may be once it is filled in with `SAMPLE`.
LONGEST = {"subject": 70, "preview": 100, "button": 40, "sms": 320}
#: The tones whose messages a twelve-year-old should read, and the share of them that may be harder.
EASY_TONES = ("warm", "friendly", "neutral")
MAY_BE_HARDER = 0.05
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


def reports(language: str, messages: Mapping[str, library.Message]) -> Iterator[tuple[str, str, tone.Report]]:
    """Yield code, part and report of each text a customer reads, and of the call sheets."""
    for code, message in messages.items():
        for part in tone.PARTS:
            if text := getattr(message, part):
                yield code, part, tone.check(text, language, message.purpose, part, tone=message.tone)


def ease_of(language: str, messages: Mapping[str, library.Message]) -> dict[str, float]:
    """Return the reading ease of each e-mail in a tone that should be easy."""
    return {
        code: report.ease
        for code, part, report in reports(language, messages)
        if part == "email" and messages[code].tone in EASY_TONES and report.ease is not None
    }


def in_words(finding: tone.Finding, report: tone.Report) -> str:
    """Return a finding as part of a line."""
    if finding.kind == "ease":
        return f"ease {report.ease} under {report.goal}: {finding.words}"
    return " ".join(filter(None, (finding.kind, finding.detail, f"“{finding.words}”" if finding.words else "")))


def check(language: str, messages: Mapping[str, library.Message]) -> list[str]:
    """Return what is wrong with the messages of a language, one line each."""
    lines = [f"{language} {code}: missing" for code in library.wanted() if code not in messages]
    for code, message in messages.items():
        lines += [f"{language} {code}: {problem}" for problem in wording.problems(message)]
        for part, longest in LONGEST.items():
            if (size := len(_filled(getattr(message, part)))) > longest:
                lines.append(f"{language} {code}: <{part}> has {size} characters filled in, {longest} at most")
    for code, part, report in reports(language, messages):
        lines += [
            f"{language} {code}: <{part}>: {in_words(finding, report)}"
            for finding in report.findings
            if finding.severity != "advice"
        ]
    return lines + _hard(language, messages)


def advice(language: str, messages: Mapping[str, library.Message]) -> list[str]:
    """Return what could be said better, one line each."""
    return [
        f"{language} {code}: <{part}>: advice: {in_words(finding, report)}"
        for code, part, report in reports(language, messages)
        for finding in report.findings
        if finding.severity == "advice"
    ]


def _hard(language: str, messages: Mapping[str, library.Message]) -> list[str]:
    eases = ease_of(language, messages)
    if not eases:
        return []
    goal = tone.ease.SCALES[language].goal
    hard = sorted(code for code, value in eases.items() if value < goal)
    if len(hard) <= MAY_BE_HARDER * len(eases):
        return []
    return [f"{language}: {len(hard)} of {len(eases)} texts are harder than {goal}: {', '.join(hard)}"]


def _filled(text: str) -> str:
    try:
        return placeholders.compile_text(text).render(SAMPLE)
    except placeholders.UnbalancedText:
        return ""


def _ease(language: str, messages: Mapping[str, library.Message]) -> str:
    eases = ease_of(language, messages)
    if not eases:
        return ""
    goal = tone.ease.SCALES[language].goal
    met = sum(value >= goal for value in eases.values())
    return (
        f"; reading ease {mean(eases.values()):.0f} (hardest {min(eases.values()):.0f}, goal {goal:.0f}) "
        f"met by {met} of {len(eases)}"
    )


def main(arguments: list[str]) -> int:
    """Check the languages named, or all; print and return the exit code."""
    faults = 0
    for language in arguments or library.languages():
        try:
            messages = library.read(language)
        except (library.LibraryError, OSError) as error:
            sys.stdout.write(f"{language}: {error}\n")
            faults += 1
            continue
        lines = check(language, messages)
        faults += len(lines)
        hints = advice(language, messages)
        sys.stdout.writelines(f"{line}\n" for line in (*lines, *hints))
        counts = f"{len(messages)} messages, {len(lines)} faults, {len(hints)} pieces of advice"
        sys.stdout.write(f"{language}: {counts}{_ease(language, messages)}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
