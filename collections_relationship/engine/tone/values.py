"""What a text names by value instead of a placeholder: amounts, invoice numbers, days, ways to reach somebody.

Written so that it errs on the side of finding: a fact that is there must not be called missing.
"""
from __future__ import annotations

import re

_CURRENCY = (
    r"(?:€|\$|£|¥|₹|zł|chf|eur|usd|gbp|cad|aud|nzd|mxn|clp|cop|pen|ars|sek|nok|dkk|pln|czk|huf|jpy"
    r"|euros?|dollars?|pounds?|franken|rappen|francs?|franchi|dólares|pesos?|pfund)"
)
_FIGURE = r"\d+(?:[.,'’ ]\d+)*(?:,-|,--)?"
_MONTHS = (
    r"(?:jan|feb|fév|mar|mär|apr|avr|abr|mag|mai|mei|may|jun|juin|jul|juil|lug|giu|gen|ene|aug|aoû|ago|sep|set|oct|okt|ott"
    r"|oto|nov|dec|dez|déc|dic|maart|maggio|maart)[a-zäéûôçí]*\.?"
)
_DAYS = (
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag"
    r"|sonnabend|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes"
    r"|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|maandag|dinsdag|woensdag|donderdag"
    r"|vrijdag|zaterdag|zondag)"
)
AMOUNT = re.compile(rf"(?<!\w){_CURRENCY}\s?{_FIGURE}|(?<![\w.,]){_FIGURE}\s?{_CURRENCY}(?!\w)")
#: A number of a document: letters, figures and marks in one (inv/2026/0012, re-2026-17, 2026/0012), or after its word.
NUMBER = re.compile(
    r"(?<![\w/@.-])(?=[\w/-]*\d)(?:[a-z]{1,6}[-/.]?\d[\w/-]*\d|[a-z]{1,6}[/-][\w/-]*\d|\d{4}[/-]\d{3,}\w*)(?![\w@])"
    r"|(?:invoices?|bills?|rechnung(?:en)?|re-?nr|factures?|facturas?|fattur[ae]|factu(?:ur|ren)|nota)"
    r"(?: (?:with the )?(?:number|nummer|numéro|número|numero|no|nr|n)[.°º]*:?| n[.°º]+| #| num\.)? ?[#°º]?\d[\w/-]*"
)
DATE = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})(?!\d)|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}\.\d{{1,2}}\.(?!\d))"
    rf"|(?<!\d)\d{{1,2}}(?:st|nd|rd|th|er|º|°|\.)?(?: de| of)? {_MONTHS}(?!\w)|(?<!\w){_MONTHS} \d{{1,2}}(?!\d)"
    rf"|(?<!\w){_DAYS}s?(?!\w)"
)
LINK = re.compile(r"https?://\S+|(?<!\w)www\.\S+")
IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?: ?[\da-z]{4}){3,7}(?: ?[\da-z]{1,4})?(?!\w)|(?<!\w)iban(?!\w)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w/.,-])(?:\+|\(?0)\d[\d ()/.-]{5,}\d(?!\w)")


def named(low: str) -> frozenset[str]:
    """Return the facts a text in small letters names by value: codes of `facts.FACTS`."""
    found = set()
    if AMOUNT.search(low):
        found.add("amount")
    if NUMBER.search(LINK.sub(" ", low)):
        found.add("number")
    if DATE.search(low):
        found.add("date")
    if LINK.search(low) or IBAN.search(low):
        found.add("how_to_pay")
    if PHONE.search(IBAN.sub(" ", low)) or MAIL.search(low):
        found.add("contact")
    return frozenset(found)
