"""What kind of mail came in, and what of it is new.

A human answer stops the follow-up until somebody has read it; a machine's does not. The signs
are read from the headers first, since those are made for it (RFC 3834), then from the subject.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

HUMAN = "human"
AUTOMATIC = "automatic"

#: Headers that only machines set; their presence is enough unless they say no.
_MACHINE_HEADERS = frozenset(
    {
        "x-autoreply",
        "x-autoreply-from",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply-from",
        "x-auto-responder",
        "x-mail-autoreply",
        "x-vacation",
        "x-away-message",
    }
)
_MACHINE_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "bulk", "junk"})
_NO = frozenset({"", "no", "none", "false", "0"})
_MACHINE_SENDERS = frozenset({"mailer-daemon", "postmaster", "autoreply", "auto-reply", "autoresponder", "vacation"})

def _any_of(*patterns: str) -> re.Pattern[str]:
    """Compile patterns into one that matches where any of them does; a space stands for any blank."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns).replace(" ", r"\s+"), re.IGNORECASE)


#: How absence notes begin, in English, French, German, Spanish, Italian and Dutch. A subject that
#: begins with Re: or the like is an answer to such a note, and human.
_ABSENCE = _any_of(
    r"auto(?:matic(?:ally generated)?)?[\s-]*(?:reply|response|answer)\b",
    r"auto:\s",
    r"out[\s-]of[\s-](?:the[\s-])?office\b(?! (?:hours|equipment|supplies|furniture))",
    r"away from (?:the|my) (?:office|desk)\b",
    r"ooo\s*[:\-–]",
    r"vacation (?:reply|response|message)\b",
    r"r[ée]ponse automatique\b",
    r"absen(?:t|te|ce) d[ue] bureau\b",
    r"(?:message|notification) d[’']absence\b",
    r"(?:je suis )?(?:actuellement )?en cong[ée]s?\b",
    r"automatische (?:antwort|r[üu]ckantwort)\b",
    r"abwesenheits(?:notiz|meldung|nachricht|assistent)\b",
    r"abwesend\b",
    r"(?:ich bin (?:derzeit )?)?(?:nicht im b[üu]ro|im urlaub)\b",
    r"respuesta autom[áa]tica\b",
    r"fuera de (?:la )?oficina\b",
    r"ausencia de (?:la )?oficina\b",
    r"risposta automatica\b",
    r"fuori (?:sede|ufficio|dall[’']ufficio)\b",
    r"assente dall[’']ufficio\b",
    r"automatische? (?:antwoord|beantwoording|bericht)\b",
    r"automatisch (?:antwoord|bericht)\b",
    r"afwezig(?:heid(?:sbericht|smelding)?)?\b",
    r"niet op kantoor\b",
)
#: An absence note that names the person first: "Jane Doe is out of the office (returning Monday)".
_ABSENCE_NAMED = _any_of(r"\bis (?:currently )?out of (?:the )?office\b")
_ANSWER = _any_of(r"(?:re|aw|sv|tr|fw|fwd|wg|rif|antw)\s*:")

#: What ticket desks put before the words of a receipt: "[Ticket 4711]", "Case 4711:".
_TICKET = _any_of(r"\[[^\]]*\d[^\]]*\]\W*", r"(?:ticket|case|request|anfrage|vorgang|demande|caso|verzoek)\W*\d+\W*")
_TICKET_DONE = _any_of(r"(?:received|created|registered|opened)$")
#: How such receipts go on, in the same languages.
_RECEIPT = _any_of(
    r"(?:we )?(?:have )?received your (?:message|e-?mail|request|inquiry|enquiry)\b",
    r"we[’']ve received your\b",
    r"your (?:message|e-?mail|request|ticket|inquiry|enquiry|case) (?:\S+ )?(?:has been|was)"
    r" (?:received|created|registered|opened)\b",
    r"(?:new )?(?:support )?(?:ticket|case) (?:\S+ )?(?:has been |was )?(?:received|created|registered|opened)\b",
    r"(?:support )?request received\b",
    r"(?:automatic )?acknowledge?ment of receipt\b",
    r"nous avons bien re[çc]u\b",
    r"accus[ée] de r[ée]ception\b",
    r"votre (?:demande|message|e-?mail|courriel|ticket) (?:\S+ )?a (?:bien )?[ée]t[ée] (?:bien )?"
    r"(?:re[çc]ue?|enregistr[ée]e?|cr[ée][ée]e?|prise? en compte)(?!\w)",
    r"eingangsbest[äa]tigung\b",
    r"wir haben ihre (?:anfrage|nachricht|e-?mail) erhalten\b",
    r"ihre? (?:anfrage|nachricht|e-?mail|ticket) (?:\S+ )?(?:ist|wurde) (?:bei uns )?"
    r"(?:eingegangen|erfasst|erstellt|registriert)\b",
    r"hemos recibido su\b",
    r"acuse de recibo\b",
    r"su (?:solicitud|mensaje|consulta) ha sido (?:recibid[ao]|registrad[ao])\b",
    r"abbiamo ricevuto\b",
    r"conferma di ricezione\b",
    r"(?:la )?(?:sua|vostra) richiesta [èe] stata (?:ricevuta|registrata)\b",
    r"ontvangstbevestiging\b",
    r"(?:wij|we) hebben uw \S+ (?:goed )?ontvangen\b",
    r"uw (?:bericht|verzoek|e-?mail) is ontvangen\b",
)

#: The line above a quoted message, in the same languages and as mail programs write it.
_QUOTE_START = _any_of(
    r">",
    r"-{2,}\s*(?:original message|message d['’]origine|message original|urspr[üu]ngliche nachricht)\s*-{2,}",
    r"-{2,}\s*(?:original-nachricht|mensaje original|messaggio originale|oorspronkelijk bericht)\s*-{2,}",
    r"-{2,}\s*forwarded message\s*-{2,}",
    r"_{10,}\s*$",
    r"on .{5,200} wrote:\s*$",
    r"le .{5,200} a [ée]crit\s?:\s*$",
    r"am .{5,200} schrieb\b.{0,200}:\s*$",
    r"el .{5,200} escribi[óo]:\s*$",
    r"il .{5,200} ha scritto:\s*$",
    r"op .{5,200} schreef\b.{0,200}:\s*$",
)
#: "From:" starts a quotation only when the lines below it are headers too.
_HEADER_LINE = _any_of(
    r"\*?(?:from|sent|to|cc|date|subject)\*?\s?:",
    r"\*?(?:de|envoy[ée]|[àa]|objet)\*?\s?:",
    r"\*?(?:von|gesendet|an|betreff)\*?\s?:",
    r"\*?(?:enviado|para|asunto)\*?\s?:",
    r"\*?(?:da|inviato|oggetto)\*?\s?:",
    r"\*?(?:van|verzonden|aan|onderwerp)\*?\s?:",
)


def classify(headers: Mapping[str, str], subject: str, sender: str) -> str:
    """Tell whether a person or a machine wrote a mail.

    A doubtful mail is human: reading one too many is better than writing over an answer.

    :param headers: the mail's headers; names in any case
    :param sender: the address it comes from, without a name
    :return: `HUMAN` or `AUTOMATIC`
    """
    lower = {name.lower(): (value or "").strip().lower() for name, value in headers.items()}
    submitted = lower.get("auto-submitted", "").split(";")[0].strip()
    if submitted not in _NO:
        return AUTOMATIC
    if any(lower.get(name, "") not in _NO for name in _MACHINE_HEADERS):
        return AUTOMATIC
    if lower.get("precedence") in _MACHINE_PRECEDENCE or lower.get("return-path") == "<>":
        return AUTOMATIC
    if lower.get("content-type", "").startswith("multipart/report"):
        return AUTOMATIC
    if sender.partition("@")[0].lower() in _MACHINE_SENDERS:
        return AUTOMATIC
    return AUTOMATIC if _is_machine_subject(" ".join(subject.split())) else HUMAN


def _is_machine_subject(subject: str) -> bool:
    title = subject.lstrip("*#-–• ")
    if _ANSWER.match(title):
        return False
    ticket = _TICKET.match(title)
    rest = title[ticket.end() :] if ticket else title
    if ticket and _TICKET_DONE.match(rest):
        return True
    return bool(_ABSENCE.match(title) or _ABSENCE_NAMED.search(title) or _RECEIPT.match(rest))


def new_text(text: str) -> str:
    """Return what the writer added, without the message he answers to.

    When nothing is left, as when somebody writes between the quoted lines, the whole text returns.

    >>> new_text("I pay on Friday.\\n\\nOn Mon, 2 Mar 2026 Clara wrote:\\n> Hello")
    'I pay on Friday.'
    """
    return _before_quote(text) or text.strip()


def own_words(text: str) -> str:
    """Return only what the writer wrote himself; empty when he added nothing.

    Where he wrote below or between the quoted lines, those are left out and his stay.

    >>> own_words("On Mon, 2 Mar 2026 Clara wrote:\\n> Hello\\nI pay on Friday.")
    'I pay on Friday.'
    """
    before = _before_quote(text)
    lines = text.splitlines()
    if before or not any(line.lstrip().startswith(">") for line in lines):
        return before
    return "\n".join(
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if not _QUOTE_START.match(line.strip()) and not _QUOTE_START.match(f"{line.strip()} {following.strip()}")
    ).strip()


def _before_quote(text: str) -> str:
    """Return what stands above a quoted message; the whole text where nothing is quoted."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        # A long introduction is often broken over two lines.
        start = line.strip()
        joined = f"{start} {lines[index + 1].strip()}" if index + 1 < len(lines) else start
        headers = sum(bool(_HEADER_LINE.match(below.strip())) for below in lines[index : index + 4])
        if (
            _QUOTE_START.match(start)
            or (start and _QUOTE_START.match(joined))
            or (headers >= 3 and _HEADER_LINE.match(start))
        ):
            return "\n".join(lines[:index]).strip()
    return text.strip()


def is_failure(report_type: str, actions: Iterable[str], statuses: Iterable[str]) -> bool:
    """Tell whether a delivery report says that a mail did not arrive.

    Read receipts, notes of a delay and notes of success are no failure. A report that says
    neither what was done nor with what status is taken as one.

    :param report_type: parameter of the report's content type, such as ``delivery-status``
    :param actions: the report's ``Action`` fields, one per recipient
    :param statuses: its ``Status`` fields, such as ``5.1.1``
    """
    if report_type.lower() in ("disposition-notification", "feedback-report"):
        return False
    said = {action.strip().lower() for action in actions if action}
    if said:
        return "failed" in said
    codes = [status.strip() for status in statuses if status]
    return not codes or any(code.startswith("5") for code in codes)
