"""What the words of a payment say: which documents the payer named, and whether he means it to settle everything.

A number is believed only where it can be nothing else. A short number alone may be a date, an amount or
somebody's house number; it names a document only behind a word such as *invoice*, or behind another number
that does. What is left unsaid is left to whoever looks.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

Key = Hashable

#: Digits that a number alone, without its letters, must have to name a document.
ALONE_DIGITS = 7
#: Digits that the end of a number must have, behind a word that says what it is.
END_DIGITS = 4
#: With so many digits spaces may stand anywhere in a number: creditor references are printed in groups.
GROUPED_DIGITS = 10
#: A reference with letters must have so many digits.
LETTERED_DIGITS = 3

_BETWEEN = r"[\W_]{0,3}"
_YEAR = re.compile(r"(?:19|20)\d\d")
#: What stands before a number to say that it is a document's, in English, French, German, Spanish, Italian, Dutch.
_IS_A_DOCUMENT = re.compile(
    r"(?<![^\W_])(?:invoices?|inv|bills?|factures?|fact|fac|rechnung(?:en)?|rechn|rg|re|rnr|facturas?|fra|fatture?|fatt"
    r"|facturen|factuur|fakt|orders?|po|commandes?|cde|bestellung(?:en)?|pedidos?|ordine|ordini|bestelling(?:en)?"
    r"|reference|referenz|referencia|riferimento|referentie|ref|rif|kenmerk|beleg|document)"
    r"(?:[\W_]*(?:numbers?|numeros?|nummern?|nummers?|numero|nos?|nrs?|num|n[°º]?))?[\W_]*$"
)
_LIST_GOES_ON = re.compile(r"[\s,;&+]*(?:and|und|et|en|y|e|u)?[\s,;&+]*")


@dataclass(frozen=True, slots=True)
class Document:
    """Something a payer may name.

    :param key: whatever identifies it to the caller
    :param references: its number, its payment reference, the customer's own reference; empty ones are left out
    """

    key: Key
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    key: Key


def said(texts: Iterable[str | None]) -> str:
    """Return what came with a payment in one line, each thing once: programs repeat a memo in their own words."""
    result: list[str] = []
    for text in texts:
        words = " ".join((text or "").split())
        if words and not any(words in other or other in words for other in result):
            result.append(words)
    return " / ".join(result)


def named(text: str, documents: Sequence[Document]) -> tuple[Key, ...]:
    """Return the keys of the documents a payer named, in the order in which he named them.

    Spaces, signs, case and zeros in front of a number do not matter; O is read as 0 within a number. Of
    references of which one holds the other, the longer speaks.

    :param text: memo, reference and whatever else came with the payment
    :param documents: those he may mean; two named by the same words are both meant
    """
    words = _plain(text)
    digits = re.sub(r"\D", "", words.replace("o", "0"))
    found = _longest(
        match
        for document in documents
        for reference in document.references
        # Most references of a long list end here, without a pattern being made of them.
        if _last_number(reference) in digits
        for match in _look(words, reference, document.key)
    )
    while more := [match for match in _ends(words, documents, found) if match not in found]:
        found += more
    return tuple(dict.fromkeys(match.key for match in sorted(found, key=lambda match: match.start)))


def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def _runs(reference: str) -> list[str]:
    """Return the runs of letters and of digits of a reference."""
    return re.findall(r"\d+|[^\W\d_]+", _plain(reference))


def _last_number(reference: str) -> str:
    """Return the last number in a reference, without zeros in front."""
    return next((run.lstrip("0") for run in reversed(_runs(reference)) if run.isdigit()), "")


def _look(words: str, reference: str, key: Key) -> Iterator[_Found]:
    """Yield where a reference stands, with its letters or, where it is long enough, without them."""
    runs = _runs(reference)
    digits = "".join(run for run in runs if run.isdigit())
    has_letters = len("".join(runs)) > len(digits)
    own_numbers = [run for run in runs if run.isdigit() and not _YEAR.fullmatch(run)]
    if has_letters and len(digits) >= LETTERED_DIGITS and own_numbers:
        pattern = _BETWEEN.join(_number(run) if run.isdigit() else re.escape(run) for run in runs)
        yield from _matches(words, rf"(?<![^\W\d_]){pattern}(?!\d|[.,]\d)", key)
    if len(digits) >= GROUPED_DIGITS:
        letters = runs[0] if has_letters and not runs[0].isdigit() else ""
        pattern = r"[\s./-]*".join([*letters, *digits])
        yield from _matches(words, rf"(?<![^\W_]){pattern}(?!\d)", key)
    if len(digits) >= ALONE_DIGITS and not _may_be_date(digits):
        # Zeros in front count here: without them 2026/00012 would be a month. With other letters it is somebody else's.
        pattern = r"[\s/.-]*".join(run for run in runs if run.isdigit())
        yield from _matches(words, rf"(?<![^\W_])(?<!\d[.,])(?<![^\W\d_][/_-]){pattern}(?![^\W_]|[.,]\d)", key)


def _number(run: str) -> str:
    """Return the pattern of a number within a reference, whatever zeros stand in front of it."""
    return "[0o]*" + (run.lstrip("0") or "0").replace("0", "[0o]")


def _matches(words: str, pattern: str, key: Key) -> Iterator[_Found]:
    return (_Found(match.start(), match.end(), key) for match in re.finditer(pattern, words))


def _may_be_date(digits: str) -> bool:
    """Tell whether digits without signs may be a day: year first or year last."""
    if len(digits) != 8:
        return False
    orders = ((digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[2:4], digits[:2]), (digits[4:], digits[:2], digits[2:4]))
    return any(_is_day(*(int(part) for part in parts)) for parts in orders)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return 1900 <= year <= 2100


def _longest(matches: Iterable[_Found]) -> list[_Found]:
    """Return the matches that no longer one covers; several of the same words stay."""
    result: list[_Found] = []
    for match in sorted(dict.fromkeys(matches), key=lambda match: match.start - match.end):
        rivals = [other for other in result if other.start < match.end and match.start < other.end]
        if all((other.start, other.end) == (match.start, match.end) for other in rivals):
            result.append(match)
    return result


def _ends(words: str, documents: Sequence[Document], found: Sequence[_Found]) -> Iterator[_Found]:
    """Yield documents named by the end of their number, behind a word or number that says what it is.

    Only where one document alone ends so, and the number is written with its zeros.
    """
    ends: dict[str, set[Key]] = {}
    for document in documents:
        for reference in document.references:
            last = (_runs(reference) or [""])[-1]
            if last.isdigit() and len(last) >= END_DIGITS and not _YEAR.fullmatch(last):
                ends.setdefault(last, set()).add(document.key)
    for match in re.finditer(r"(?<![\d.,])\d+(?!\d|[.,]\d|[\W_]*(?:eur|usd|gbp|chf|€|\$|£))", words):
        keys = ends.get(match.group(), set())
        taken = any(other.start < match.end() and match.start() < other.end for other in found)
        if len(keys) == 1 and not taken and _is_introduced(words, match.start(), found):
            yield _Found(match.start(), match.end(), next(iter(keys)))


def _is_introduced(words: str, start: int, found: Sequence[_Found]) -> bool:
    """Tell whether something before a number says that it is a document's."""
    if _IS_A_DOCUMENT.search(words, 0, start):
        return True
    return any(other.end < start and _LIST_GOES_ON.fullmatch(words, other.end, start) for other in found)


def _any_of(*patterns: str) -> re.Pattern[str]:
    """Compile patterns into one that matches where any of them does; a space stands for any signs or none."""
    return re.compile("|".join(f"(?<![^\\W_])(?:{pattern})(?![^\\W_])" for pattern in patterns).replace(" ", r"[\W_]+"))


#: How payers mark a payment that is to settle everything, in English, French, German, Spanish, Italian and Dutch;
#: without accents. Words that only say that one document is paid in full are not among them.
_SETTLES_ALL = _any_of(
    r"full (?:and|&|\+|&?amp) final(?: (?:settlement|payment|satisfaction|discharge))?",
    r"full final (?:settlement|payment)",
    r"final (?:and|&) full (?:settlement|payment)",
    r"f ?[&+] ?f settlement",
    r"(?:full|complete) and complete (?:settlement|satisfaction)",
    r"(?:in )?(?:full|complete)(?: (?:settlement|satisfaction|discharge|payment))? (?:of|for) (?:all|any)(?: and all)?"
    r"(?: \w+){0,2} (?:claims?|debts?|amounts?|obligations?|liabilit(?:y|ies)|sums?|balances?)",
    r"accord and satisfaction",
    r"final settlement of (?:all|any|my|our) (?:claims?|debts?|accounts?)",
    r"solde de tou[st] (?:les )?comptes?",
    r"a titre (?:transactionnel|de transaction)(?: et definitif)?",
    r"(?:reglement|paiement|versement|solde) (?:integral et |forfaitaire et |total et |transactionnel et )?definitif",
    r"a titre forfaitaire et definitif",
    r"pour (?:etre )?quitte de tout(?:e dette)?",
    r"(?:zur|als|unter) (?:\w+ )?(?:abgeltung|erledigung|abfindung) (?:aller|samtlicher|saemtlicher|jeglicher|jedweder)"
    r"(?: \w+)? (?:anspr(?:u|ue)che|forderungen)",
    r"(?:zur|als) (?:endg(?:u|ue)ltigen?|vollst(?:a|ae)ndigen?|abschlie(?:ss|ß)enden?) (?:abgeltung|erledigung|abfindung)",
    r"(?:alle|samtliche|saemtliche) (?:anspr(?:u|ue)che|forderungen)(?: \w+){0,2} (?:abgegolten|erledigt|ausgeglichen)",
    r"(?:zum|als) (?:endg(?:u|ue)ltigen )?ausgleich (?:aller|samtlicher|saemtlicher) (?:anspr(?:u|ue)che|forderungen)",
    r"(?:als )?(?:schlusszahlung|schlu(?:ß)zahlung|vergleichszahlung|generalquittung|vergleichsbetrag)",
    r"finiquito",
    r"(?:pago|liquidacion|cancelacion) (?:total|completa?) y definitiv[oa]",
    r"(?:en )?pago (?:final y|definitivo y) (?:total|completo)",
    r"(?:sin )?nada mas que reclamar",
    r"saldo e stralcio",
    r"a stralcio",
    r"(?:a )?(?:totale |completa |piena |definitiva )*tacitazione",
    r"(?:a titolo|in via) (?:transattivo|transattiva)",
    r"(?:a )?saldo (?:e tacitazione|di ogni (?:pretesa|avere|spettanza)|definitivo di (?:ogni|tutt[oi]))",
    r"null[’' ]?altro a (?:che )?pretendere",
    r"finale (?:kwijting|afdoening)",
    r"(?:volledige|algehele) en (?:finale|algehele|volledige) (?:kwijting|afdoening)",
    r"(?:tegen|ter) (?:finale |algehele |volledige )+(?:kwijting|afdoening)",
    r"slot van alle rekening(?:en)?",
)
#: What right before it takes it back.
_NOT = re.compile(
    r"(?<![^\W_])(?:not|no|without|pas|non|sans|nicht|keine?|keinesfalls|ohne|sin|senza|niet|geen|zonder)"
    r"(?:[\W_]+(?:as|in|a|an|un|une|the|pour|zur|als|como|de|con|para|come|per|tegen|ter|in|any|by))*[\W_]+$"
)


def full_and_final(text: str) -> str:
    """Return the words by which a payer marks his payment as settling everything; empty where there are none.

    :param text: memo, reference and whatever else came with the payment
    """
    words = _plain(text)
    for match in _SETTLES_ALL.finditer(words):
        if not _NOT.search(words, 0, match.start()):
            return match.group()
    return ""
