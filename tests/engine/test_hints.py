"""What answers mean, held to made-up answers in six languages; most of the work is to find nothing."""
import doctest
import json
import random
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from engine import hints, incoming
from engine.hints import amounts, dates, is_stop, language, read

CORPORA = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in Path(__file__).with_name("hints").glob("*.json")
}
MONDAY = date(2026, 3, 16)
#: Found hints that are right, and right hints that are found. A wrong hint costs more than a missing one.
LEAST_PRECISION = 0.97
LEAST_RECALL = 0.95
LEAST_ANSWERS = 25


def _expected(answer):
    found = []
    for kind, *facts in answer["hints"]:
        day, amount, currency = [*facts, None, None, None][:3]
        found.append((kind, date.fromisoformat(day) if day else None, Decimal(amount) if amount else None, currency))
    return found


def _score(corpus):
    """Return precision and recall over a corpus, and the answers read wrongly."""
    right = found = expected = 0
    wrong = []
    for answer in corpus["answers"]:
        today = date.fromisoformat(answer.get("today", corpus["today"]))
        got = [(hint.kind, *hint[2:]) for hint in read(answer["text"], answer.get("lang", corpus["lang"]), today)]
        want = _expected(answer)
        right, found, expected = right + sum(hint in want for hint in got), found + len(got), expected + len(want)
        if sorted(map(str, got)) != sorted(map(str, want)):
            wrong.append(f"  {answer['text']!r}\n    meant {want}\n    read  {got}")
    return right / max(found, 1), right / expected, wrong


def _days(text, lang="en_GB", today=MONDAY):
    """Return the day of the only hint of a text."""
    found = read(text, lang, today)
    assert len(found) == 1, found
    return found[0].date


@pytest.mark.parametrize("code", sorted(CORPORA))
def test_answers_are_read(code, capsys):
    corpus = CORPORA[code]
    precision, recall, wrong = _score(corpus)
    report = f"{code}: {len(corpus['answers'])} answers, precision {precision:.3f}, recall {recall:.3f}"
    with capsys.disabled():
        print(f"\n{report}", end=" ")
    assert len(corpus["answers"]) >= LEAST_ANSWERS
    assert precision >= LEAST_PRECISION and recall >= LEAST_RECALL, "\n".join([report, *wrong])


@pytest.mark.parametrize("kind", hints.KINDS)
@pytest.mark.parametrize("code", sorted(CORPORA))
def test_without_the_words_for_a_kind_the_thresholds_are_missed(code, kind, monkeypatch):
    deaf = tuple(
        replace(spoken, cues={**spoken.cues, kind: language.Cues()}) if spoken.code == code else spoken
        for spoken in hints.LANGUAGES
    )
    if kind == hints.STOP:
        deaf = tuple(replace(spoken, stop_alone=()) for spoken in deaf)
    monkeypatch.setattr(hints, "LANGUAGES", deaf)
    assert _score(CORPORA[code])[1] < LEAST_RECALL


@pytest.mark.parametrize("code", sorted(CORPORA))
def test_a_reader_who_overhears_not_and_never_misses_the_thresholds(code, monkeypatch):
    careless = tuple(
        replace(
            spoken,
            negations=(),
            conditions=(),
            absences=(),
            cues={kind: replace(cues, unless=()) for kind, cues in spoken.cues.items()},
        )
        for spoken in hints.LANGUAGES
    )
    monkeypatch.setattr(hints, "LANGUAGES", careless)
    assert _score(CORPORA[code])[0] < LEAST_PRECISION


@pytest.mark.parametrize(
    ("lang", "text", "day"),
    [
        ("en_GB", "We will pay on 15 December", None),
        ("en_GB", "We will pay on 15th April", date(2026, 4, 15)),
        ("en_GB", "We will pay on April 15, 2026.", date(2026, 4, 15)),
        ("en_GB", "We will pay on the 20th", date(2026, 3, 20)),
        ("en_GB", "We will pay on the 10th", date(2026, 4, 10)),
        ("en_GB", "We will pay by next Friday", date(2026, 3, 27)),
        ("en_GB", "We will pay this Friday", date(2026, 3, 20)),
        ("en_GB", "We will pay on Monday", date(2026, 3, 23)),
        ("en_GB", "We will pay next Tuesday or Wednesday", date(2026, 3, 24)),
        ("en_GB", "We will pay in ten days", date(2026, 3, 26)),
        ("en_GB", "We will pay within 5 working days", date(2026, 3, 23)),
        ("en_GB", "We will pay in a month", date(2026, 4, 16)),
        ("en_GB", "We will pay mid-April", date(2026, 4, 20)),
        ("en_GB", "We will pay early next month", date(2026, 4, 10)),
        ("en_GB", "We will pay at the end of April", date(2026, 4, 30)),
        ("en_GB", "We will pay on 2026-04-15", date(2026, 4, 15)),
        ("en_GB", "We will pay on 4/5", date(2026, 5, 4)),
        ("en_US", "We will pay on 4/5", date(2026, 4, 5)),
        ("en", "We will pay on 4/5", None),
        ("en", "We will pay on 4/15", date(2026, 4, 15)),
        ("en_GB", "We will pay on 31/2", None),
        ("en_GB", "We will pay on 1 March 2025", None),
        ("en_GB", "We will pay after 15 April", None),
        ("fr_FR", "Nous paierons le 15 avril", date(2026, 4, 15)),
        ("fr_FR", "Nous paierons la semaine prochaine", date(2026, 3, 27)),
        ("fr_FR", "Nous paierons fin avril", date(2026, 4, 30)),
        ("fr_FR", "Nous paierons avant le 20.", date(2026, 3, 20)),
        ("fr_FR", "Nous paierons sous 8 jours", date(2026, 3, 24)),
        ("fr_FR", "Nous paierons à partir du 15 avril", None),
        ("de_DE", "Wir werden Ende des Monats bezahlen", date(2026, 3, 31)),
        ("de_DE", "Wir werden am 15.4. bezahlen", date(2026, 4, 15)),
        ("de_DE", "Wir werden bis zum 20. bezahlen", date(2026, 3, 20)),
        ("de_DE", "Wir werden Mitte April bezahlen", date(2026, 4, 20)),
        ("de_DE", "Wir werden innerhalb von 14 Tagen bezahlen", date(2026, 3, 30)),
        ("de_DE", "Wir werden übermorgen bezahlen", date(2026, 3, 18)),
        ("de_DE", "Wir werden ab dem 15. April bezahlen", None),
        ("es_ES", "Pagaremos el próximo viernes", date(2026, 3, 20)),
        ("es_ES", "Pagaremos a finales de mes", date(2026, 3, 31)),
        ("es_ES", "Pagaremos pasado mañana", date(2026, 3, 18)),
        ("es_ES", "Pagaremos el 15 de abril de 2026", date(2026, 4, 15)),
        ("it_IT", "Pagheremo entro fine aprile", date(2026, 4, 30)),
        ("it_IT", "Pagheremo tra due settimane", date(2026, 3, 30)),
        ("it_IT", "Pagheremo dopodomani", date(2026, 3, 18)),
        ("nl_NL", "We zullen eind april betalen", date(2026, 4, 30)),
        ("nl_NL", "We zullen over tien dagen betalen", date(2026, 3, 26)),
        ("nl_NL", "We zullen uiterlijk de 20e betalen", date(2026, 3, 20)),
    ],
)
def test_the_day_of_a_promise(lang, text, day):
    if text.endswith("15 December"):
        day = date(2026, 12, 15)
    assert _days(text, lang) == day


def test_the_year_of_a_promise_is_never_past_and_of_a_payment_never_to_come():
    autumn = date(2026, 11, 22)
    assert _days("I will pay on 5 January.", today=autumn) == date(2027, 1, 5)
    assert _days("I have paid on 5 January.", today=date(2027, 1, 20)) == date(2027, 1, 5)
    assert _days("I have paid on 20 December.", today=date(2027, 1, 20)) == date(2026, 12, 20)
    assert _days("I will pay on 10 March.") is None, "a few days ago, or in a year: who knows"


@pytest.mark.parametrize(
    ("lang", "text", "amount", "currency"),
    [
        ("en_GB", "I will pay £1,250.50 tomorrow", "1250.50", "GBP"),
        ("en_US", "I will pay $1,250 tomorrow", "1250", "$"),
        ("en_GB", "I will pay EUR 400 tomorrow", "400", "EUR"),
        ("en_GB", "I will pay 400 tomorrow", "400", None),
        ("en_GB", "I will pay 1.200 tomorrow", None, None),
        ("en_GB", "I will pay invoice 4711 tomorrow", None, None),
        ("en_GB", "I will pay EUR 400 of the EUR 900 tomorrow", None, None),
        ("en_GB", "I will pay 50% tomorrow", None, None),
        ("de_DE", "Ich überweise morgen 1.200,50 €", "1200.50", "EUR"),
        ("de_DE", "Ich überweise morgen 1.200 Euro", "1200", "EUR"),
        ("de_DE", "Ich überweise morgen 400,- €", "400", "EUR"),
        ("de_DE", "Ich überweise morgen CHF 1'200.50", "1200.50", "CHF"),
        ("fr_FR", "Je paierai 1\u202f200,50\u00a0€ demain", "1200.50", "EUR"),
        ("nl_NL", "Ik betaal morgen € 1.200,50", "1200.50", "EUR"),
    ],
)
def test_the_amount_of_a_promise(lang, text, amount, currency):
    [hint] = read(text, lang, MONDAY)
    assert (hint.amount, hint.currency) == (Decimal(amount) if amount else None, currency)


@pytest.mark.parametrize(
    "text", ["STOP", "stop.", " Stop! ", '"STOP"', "Stopp", "Désabonnement", "ARRET", "BAJA", "Basta", "Afmelden", "unsubscribe"]
)
def test_a_message_that_is_only_stop(text):
    assert is_stop(text)
    assert [hint.kind for hint in read(text, "en", MONDAY)] == ["stop"]


@pytest.mark.parametrize(
    "text",
    ["please stop", "stop the delivery", "STOP calling the wrong number", "non-stop", "", "stop? why", "bus stop"],
)
def test_stop_among_other_words_is_not_only_stop(text):
    assert not is_stop(text)


@pytest.mark.parametrize(
    ("text", "lang", "kinds"),
    [
        ("I will pay on Friday. Stop.", "en", ["promise", "stop"]),
        ("I will pay on Friday. STOP", "en", ["promise", "stop"]),
        ("Stop. I have told you twice.", "en", ["stop"]),
        ("Je paierai vendredi. Arrêtez.", "fr", ["promise", "stop"]),
        ("Ich zahle am Freitag. Stopp!", "de", ["promise", "stop"]),
        ("Pagaré el viernes. Baja.", "es", ["promise", "stop"]),
        ("Pagherò venerdì. Basta.", "it", ["promise", "stop"]),
        ("Ik betaal vrijdag. Stoppen.", "nl", ["promise", "stop"]),
        ("I will pay on Friday.\n\nSTOP\n", "en", ["promise", "stop"]),
    ],
)
def test_stop_as_a_sentence_of_its_own_is_suggested(text, lang, kinds):
    hints = read(text, lang, MONDAY)
    assert [hint.kind for hint in hints] == kinds
    assert is_stop(hints[-1].quote), "the words shown are the sentence itself"
    assert not is_stop(text), "it is not acted upon"


@pytest.mark.parametrize(
    "text",
    [
        "I will pay on Friday. Non-stop.",
        "I will pay on Friday. Stop?",
        "I will pay on Friday. Stop the delivery until then.",
        "I am out of office until Monday. Stop.",
    ],
)
def test_stop_within_a_sentence_or_asked_is_not_suggested(text):
    assert "stop" not in [hint.kind for hint in read(text, "en", MONDAY)]



def test_what_we_wrote_is_not_the_customers_word():
    ours = "We never received the goods. Stop writing to me."
    for text in (
        f"On Mon, 16 Mar 2026 Clara wrote:\n> {ours}\nThank you, we pay tomorrow.",
        f"Thank you, we pay tomorrow.\n\nAm 16.03.2026 schrieb Clara:\n{ours}",
        f"> {ours}\n\nThank you, we pay tomorrow.",
        f"Thank you, we pay tomorrow.\n\nKind regards\nPaul\nI no longer work on Fridays. Leave me alone Ltd. {ours}",
        f"Thank you, we pay tomorrow.\n-- \n{ours}",
    ):
        assert [hint.kind for hint in read(text, "en_GB", MONDAY)] == ["promise"], text


def test_only_a_quotation_says_nothing():
    text = "From: Clara\nSent: Monday\nTo: Paul\nSubject: Invoice\n\nIf you have already paid, thank you. We never received it."
    assert read(text, "en_GB", MONDAY) == ()


def test_a_postscript_counts():
    [hint] = read("Thank you for calling.\n\nBest regards\nPaul\nPS: we will pay tomorrow", "en_GB", MONDAY)
    assert (hint.kind, hint.date) == ("promise", date(2026, 3, 17))


def test_the_quote_is_the_sentence_as_it_was_written():
    [hint] = read("Bonjour. Nous  réglerons la\nfacture demain. Merci !", "fr_FR", MONDAY)
    assert hint.quote == "Nous réglerons la facture demain."
    [hint] = read("We will pay the invoice tomorrow " + "and so on and on " * 60, "en_GB", MONDAY)
    assert hint.quote.startswith("We will pay") and len(hint.quote) <= hints.LONGEST_QUOTE + 4


def test_a_line_the_mail_program_broke_is_one_sentence():
    text = "Dear Clara, thank you very much for your kind reminder. We will pay\nthe invoice on 15 April."
    assert _days(text) == date(2026, 4, 15)


def test_another_language_than_the_given_one_is_read():
    for lang in ("en_US", "fr_FR", "nl_NL"):
        assert _days("Guten Tag, wir werden die Rechnung am Freitag bezahlen.", lang) == date(2026, 3, 20)


def test_the_same_answer_gives_the_same_hints():
    text = CORPORA["de"]["answers"][0]["text"]
    assert read(text, "de_DE", MONDAY) == read(text, "de_DE", MONDAY)


def test_no_text_breaks_the_reader_or_holds_it_up():
    chance = random.Random(1)
    pieces = [answer["text"] for corpus in CORPORA.values() for answer in corpus["answers"]]
    letters = "aäéñ €$0123456789.,;:!?'\"()-/>\n\tpaystopnicht"
    texts = ["", "\n", "?" * 500, "1." * 2000, "will " * 3000, "nicht " * 3000, "a" * 50_000, "31/12/" * 500, "1 " * 3000]
    texts += ["".join(chance.choices(letters, k=400)) for _ in range(20)]
    texts += [" ".join(chance.choices(pieces, k=6)) for _ in range(20)]
    start = time.process_time()
    for text in texts:
        for hint in read(text, "de_DE", MONDAY):
            assert hint.kind in hints.KINDS and hint.quote
            assert not (hint.kind == "promise" and hint.date and hint.date < MONDAY)
            assert not (hint.kind == "already_paid" and hint.date and hint.date > MONDAY)
    assert time.process_time() - start < 30


def test_examples_in_the_docstrings_hold():
    for module in (hints, amounts, dates, language, incoming):
        result = doctest.testmod(module)
        assert result.attempted and not result.failed
