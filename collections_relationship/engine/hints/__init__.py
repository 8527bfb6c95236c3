"""What an answer may mean: a promise, a payment made, a dispute, hardship, the wrong person, stop.

Hints for the person who reads the answer, with the words they come from; nothing acts on them. A wrong
hint costs more than a missing one, so whatever can be read in two ways gives none. Pure Python, no clock.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .. import incoming
from . import amounts, dates
from .dutch import DUTCH
from .english import ENGLISH
from .french import FRENCH
from .german import GERMAN
from .italian import ITALIAN
from .language import Cues, Language, fold_accents
from .spanish import SPANISH

PROMISE = "promise"
ALREADY_PAID = "already_paid"
DISPUTE = "dispute"
HARDSHIP = "hardship"
WRONG_PERSON = "wrong_person"
STOP = "stop"
KINDS = (PROMISE, ALREADY_PAID, DISPUTE, HARDSHIP, WRONG_PERSON, STOP)

LANGUAGES = (ENGLISH, FRENCH, GERMAN, SPANISH, ITALIAN, DUTCH)
#: English-speaking countries that write the month first.
MONTH_FIRST = frozenset({"US", "PH"})
LONGEST_TEXT = 20_000
LONGEST_QUOTE = 200
LONGEST_CLOSING = 60
#: With fewer small words than these a text's language is not sure.
FEW_WORDS = 4
#: What an absence note may seem to say is about the absence.
_NOT_IN_ABSENCE = frozenset({WRONG_PERSON, STOP, HARDSHIP})
_ASKS = frozenset({PROMISE, ALREADY_PAID})
_POSTSCRIPT = re.compile(r"p\.?\s?s\.?\s?[:\-–]?\s", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"(?:--|__+|—)\s*$|(?:sent from|get outlook|envoyé de|envoyé depuis|gesendet mit|gesendet von|von meinem"
    r"|enviado desde|inviato da|verzonden vanaf|verstuurd vanaf)\b",
    re.IGNORECASE,
)


class Hint(NamedTuple):
    """One thing an answer may mean.

    kind: one of `KINDS`
    quote: the words of the writer it comes from
    date: the day promised, or the day of the payment made
    amount, currency: what was promised or paid; the currency's code, or a sign several currencies share
    """

    kind: str
    quote: str
    date: date | None = None
    amount: Decimal | None = None
    currency: str | None = None


class _Clause(NamedTuple):
    start: int
    end: int


def read(text: str, lang: str, today: date) -> tuple[Hint, ...]:
    """Return what an answer may mean, in the order it is said; often nothing.

    Quoted messages, signatures and absence notes are left out. Other languages than the given one are
    read too where the small words show them.

    :param text: plain text, as the person wrote it
    :param lang: the writer's language, with his country where known: ``de``, ``en_GB``
    :param today: the day the answer was written

    >>> read("Sorry! I will pay 400.00 on 15 December.", "en_GB", date(2026, 11, 22))[0][2:]
    (datetime.date(2026, 12, 15), Decimal('400.00'), None)
    """
    words = _own_words(text)
    if not words:
        return ()
    if is_stop(words):
        return (Hint(STOP, _quote(words, 0, len(words), 0)),)
    found: dict[tuple[str, date | None], Hint] = {}
    kinds: set[str] = set()
    for language in _languages(words, lang):
        hints = [hint for hint in _read_in(words, language, lang, today) if hint.kind not in kinds]
        found.update({(hint.kind, hint.date): hint for hint in reversed(hints)})
        kinds.update(hint.kind for hint in hints)
    if STOP not in kinds and (alone := _stop_among(words, lang, today)):
        found[STOP, None] = alone
    hints = list(found.values())
    dated = {hint.kind for hint in hints if hint.date}
    return tuple(
        sorted(
            (hint for hint in hints if hint.date or hint.kind not in dated or hint.kind not in _ASKS),
            key=lambda hint: (KINDS.index(hint.kind), hint.date or date.max),
        )
    )


def is_stop(text: str) -> bool:
    """Tell whether a message is nothing but the word for stop, in any of the languages.

    >>> is_stop("Stop!"), is_stop("stop the delivery")
    (True, False)
    """
    alone = " ".join(text.strip(" \t\r\n.!\"'*«»„“”").split())
    return any(
        language.pattern(*language.stop_alone).fullmatch(fold_accents(alone, language.fold)) for language in LANGUAGES
    )


def _stop_among(text: str, lang: str, today: date) -> Hint | None:
    """Return the hint of a sentence that is nothing but the word for stop, if one stands among others.

    An absence note tells others when to stop waiting, not us.
    """
    for language in _languages(text, lang):
        folded = fold_accents(text, language.fold)
        if language.pattern(*language.absences).search(folded):
            return None
        spans = [(day.start, day.end) for day in dates.find(folded, language, today, _month_first(language, lang))]
        for start, end in _sentences(folded, language, spans):
            if is_stop(text[start:end]):
                return Hint(STOP, _quote(text, start, end, start))
    return None


# === WHAT THE PERSON WROTE === #


def _own_words(text: str) -> str:
    """Return the text without quotations and signatures, its marks of emphasis made blank."""
    plain = text[:LONGEST_TEXT].replace("\r\n", "\n").translate(_MARKS)
    lines = [line for line in incoming.own_words(plain).splitlines() if not line.lstrip().startswith(">")]
    for index, line in enumerate(lines):
        words = line.strip()
        said_before = any(before.strip() for before in lines[:index])
        if _SIGNATURE.match(words) or (said_before and _is_closing(words)):
            after = [later for later in lines[index + 1 :] if _POSTSCRIPT.match(later.strip())]
            return "\n".join([*lines[:index], *after]).strip()
    return "\n".join(lines).strip()


_MARKS = str.maketrans(dict.fromkeys("’‘`´", "'") | dict.fromkeys("\u00a0\u202f\u2009*_", " "))


def _is_closing(line: str) -> bool:
    """Tell whether a line takes leave, as the last before a signature does."""
    return len(line) < LONGEST_CLOSING and any(
        language.pattern(*language.closings).match(fold_accents(line, language.fold)) for language in LANGUAGES
    )


def _languages(text: str, lang: str) -> list[Language]:
    """Return the languages a text may be in, the likeliest first.

    With too few small words to tell, the given language is read, then the others.
    """
    given = lang[:2].lower()
    tokens = re.findall(r"[^\W\d]+", text.lower())
    plain = [fold_accents(token) for token in tokens]
    scores = {
        language: sum(token in language.words for token in (plain if language.fold else tokens))
        for language in LANGUAGES
    }
    ordered = sorted(LANGUAGES, key=lambda language: (-scores[language], language.code != given))
    best = scores[ordered[0]]
    if best < 2 and best * 4 < len(tokens):
        return sorted(LANGUAGES, key=lambda language: (language.code != given, -scores[language]))
    likely = [
        language
        for language in ordered
        if scores[language] * 3 >= best * 2 or (language.code == given and scores[language] * 2 >= best)
    ]
    if best < FEW_WORDS:
        likely = [language for language in LANGUAGES if language.code == given] + likely
    return list(dict.fromkeys(likely))


# === READING IN ONE LANGUAGE === #


def _read_in(text: str, language: Language, lang: str, today: date) -> list[Hint]:
    folded = fold_accents(text, language.fold)
    days = dates.find(folded, language, today, _month_first(language, lang))
    spans = [(day.start, day.end) for day in days]
    sums = amounts.find(folded, language, spans)
    spans += [(found.start, found.end) for found in sums]
    absent = language.pattern(*language.absences).search(folded)
    hints: list[Hint] = []
    for start, end in _sentences(folded, language, spans):
        clauses = list(_clauses(folded, start, end, language, spans))
        said_days = [day for day in days if start <= day.start < end]
        said_sums = [found for found in sums if start <= found.start < end]
        places: dict[str, _Clause] = {}
        for kind in KINDS:
            if absent and kind in _NOT_IN_ABSENCE:
                continue
            said = _said(kind, folded[start:end], clauses, language)
            if place := _cue(folded, said, language.cues[kind], language, any(day.ahead for day in said_days)):
                places[kind] = place
        if places.get(PROMISE) == places.get(ALREADY_PAID):
            # "The transfer left today" names a day as a promise does.
            places.pop(PROMISE, None)
        for kind, place in places.items():
            hints += _hints(kind, place, said_days, said_sums, _quote(text, start, end, place.start))
    return hints


def _said(kind: str, sentence: str, clauses: list[_Clause], language: Language) -> list[_Clause]:
    """Return the clauses in which a kind may be said: none where something in the sentence takes it back.

    What is asked is not said: of a question about a payment only what stands before it counts.
    """
    if language.pattern(*language.cues[kind].unless).search(sentence):
        return []
    if kind in _ASKS and language.pattern(*language.conditions).search(sentence):
        return []
    if kind in _ASKS and sentence.rstrip(" \n\"')").endswith("?"):
        return clauses[:-1] if kind == ALREADY_PAID else []
    return clauses


def _month_first(language: Language, lang: str) -> bool | None:
    """Return whether this writer puts the month before the day; None: it cannot be told."""
    country = lang.partition("_")[2].upper()
    if language.code != "en" or (country and country not in MONTH_FIRST):
        return False
    return True if country else None


def _sentences(text: str, language: Language, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a text begin and end."""
    abbreviation = language.pattern(*language.abbreviations)
    start = 0
    for match in re.finditer(r"[.!?…]+(?=[\s\"')»]|$)|\n\s*\n|\n(?=\s*[-•–])|\n", text):
        mark = match[0]
        of_day = any(begin < match.end() <= end for begin, end in spans)
        if "\n" not in mark and of_day and not _begins(text, match.end(), spans):
            continue
        if mark == "." and text[match.start() - 1 : match.start()].isdigit() and not _begins(text, match.end(), spans):
            continue
        if mark == "." and not of_day and _is_abbreviation(text[start : match.end()], abbreviation):
            continue
        if mark == "\n" and _goes_on(text, match.start(), match.end()):
            continue
        if text[start : match.end()].strip():
            yield start, match.end()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _begins(text: str, place: int, spans: list[tuple[int, int]]) -> bool:
    """Tell whether a new sentence begins after a full stop that may belong to a day: "on 2 Dec. We will"."""
    inside = any(begin < place < end for begin, end in spans)
    return not inside and not text[place:].lstrip()[:1].islower() and not text[place:].lstrip()[:1].isdigit()


def _is_abbreviation(words: str, abbreviation: re.Pattern[str]) -> bool:
    last = words.split()[-1] if words.split() else ""
    bare = last.rstrip(".").lstrip("(\"'")
    return (len(bare) == 1 and bare.isalpha()) or bool(abbreviation.fullmatch(bare))


def _goes_on(text: str, end: int, begin: int) -> bool:
    """Tell whether a line break is only where the mail program wrapped the line."""
    line = text[text.rfind("\n", 0, end) + 1 : end].rstrip()
    following = text[begin:].lstrip(" ")[:1]
    return bool(following) and (following.islower() or (len(line) > 55 and line[-1:] not in ".!?:"))


def _clauses(text: str, start: int, end: int, language: Language, spans: list[tuple[int, int]]) -> Iterator[_Clause]:
    """Yield the clauses of a sentence: what one "not" may reach."""
    begin = start
    separators = re.compile(r"[,;:()–—]\s|\s-\s|" + language.pattern(*language.clause_words).pattern, re.IGNORECASE)
    for match in separators.finditer(text, start, end):
        if any(first < match.end() and match.start() < last for first, last in spans):
            continue
        if text[begin : match.start()].strip():
            yield _Clause(begin, match.start())
        begin = match.end() if match[0].strip() in tuple(",;:()–—-") else match.start()
    if text[begin:end].strip():
        yield _Clause(begin, end)


def _cue(text: str, clauses: list[_Clause], cues: Cues, language: Language, dated: bool) -> _Clause | None:
    """Return the first clause that shows the kind these cues are of."""
    plain = language.pattern(*cues.plain, *(cues.dated if dated else ()))
    negative = language.pattern(*cues.negative)
    negation = language.pattern(*language.negations)
    for clause in clauses:
        words = text[clause.start : clause.end].strip(" \n\t.!?\"'")
        if negative.search(words) or (plain.search(words) and not negation.search(words)):
            return clause
    return None


def _hints(
    kind: str, clause: _Clause, days: list[dates.Day], sums: list[amounts.Amount], quote: str
) -> Iterator[Hint]:
    """Yield the hint of a clause, with its days and amounts; several instalments are several hints."""
    if kind not in _ASKS:
        yield Hint(kind, quote)
        return
    side = "ahead" if kind == PROMISE else "back"
    found = [day for day in days if getattr(day, side)]
    inside = [day for day in found if clause.start <= day.start < clause.end]
    found = inside or found
    pairs = [(day, _amount_before(day, found, sums)) for day in found]
    if kind == PROMISE and len(pairs) > 1 and all(amount for _day, amount in pairs):
        for day, amount in pairs:
            assert amount
            yield Hint(kind, quote, day.ahead, amount.value, amount.currency)
        return
    chosen = max((getattr(day, side) for day in found), default=None)
    amount = _only(sums, clause)
    yield Hint(kind, quote, chosen, amount.value if amount else None, amount.currency if amount else None)


def _amount_before(day: dates.Day, days: list[dates.Day], sums: list[amounts.Amount]) -> amounts.Amount | None:
    """Return the amount named between the day before in the sentence and this one."""
    previous = max((other.end for other in days if other.end <= day.start), default=-1)
    between = [amount for amount in sums if previous <= amount.start < day.start]
    return between[-1] if between else None


def _only(sums: list[amounts.Amount], clause: _Clause) -> amounts.Amount | None:
    """Return the amount meant, where there is no doubt: one with a currency, else a bare one in the clause."""
    priced = [amount for amount in sums if not amount.bare]
    inside = [amount for amount in priced or sums if clause.start <= amount.start < clause.end]
    chosen = inside or priced
    return chosen[0] if len({(amount.value, amount.currency) for amount in chosen}) == 1 else None


def _quote(text: str, start: int, end: int, around: int) -> str:
    """Return the sentence as written, cut to a readable length around the words that count."""
    words = " ".join(text[start:end].split())
    if len(words) <= LONGEST_QUOTE:
        return words
    begin = max(start, min(around, end - LONGEST_QUOTE))
    return ("… " if begin > start else "") + " ".join(text[begin : begin + LONGEST_QUOTE].split()) + " …"
