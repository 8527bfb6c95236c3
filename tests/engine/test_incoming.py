"""Human or machine, and what of an answer is new."""
import doctest

import pytest
from engine import incoming
from engine.incoming import AUTOMATIC, HUMAN, classify, is_failure, new_text


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(incoming).failed == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"auto-submitted": "auto-generated; owner-email=somebody@example.com"},
        {"X-Autoreply": "yes"},
        {"X-AUTORESPOND": "1"},
        {"Precedence": "auto_reply"},
        {"Precedence": "Bulk"},
        {"Return-Path": "<>"},
        {"Content-Type": 'multipart/report; report-type="disposition-notification"'},
    ],
)
def test_a_machine_says_so_in_its_headers(headers):
    assert classify(headers, "Re: A quick note", "claire@example.org") == AUTOMATIC


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto-Submitted": "no"},
        {"X-Autoreply": "no"},
        {"Precedence": "list"},
        {"Return-Path": "<claire@example.org>"},
        {"X-Auto-Response-Suppress": "All"},
        {"Content-Type": "multipart/alternative"},
    ],
)
def test_headers_people_send_as_well_do_not_make_a_machine(headers):
    assert classify(headers, "Re: A quick note", "claire@example.org") == HUMAN


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: A quick note from Clara",
        "Out of Office: back on Monday",
        "Out of the office",
        "Claire Dubois is out of the office (returning 5 May)",
        "Réponse automatique : Un petit mot de Clara",
        "Absence du bureau",
        "Automatische Antwort: Kurze Nachricht",
        "Abwesenheitsnotiz",
        "Respuesta automática: Una nota",
        "Fuera de la oficina",
        "Risposta automatica: Una nota",
        "Fuori ufficio",
        "Automatisch antwoord: Een bericht",
        "Afwezig tot maandag",
        "We have received your message",
        "[Ticket 4711] Your request has been received",
        "Ticket #4711 created",
        "Accusé de réception",
        "Votre demande 4711 a bien été enregistrée",
        "Eingangsbestätigung",
        "Ihre Anfrage ist bei uns eingegangen",
        "Hemos recibido su mensaje",
        "Abbiamo ricevuto la Sua richiesta",
        "Ontvangstbevestiging",
    ],
)
def test_absence_notes_and_receipts_are_known_by_their_subject(subject):
    assert classify({}, subject, "claire@example.org") == AUTOMATIC


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Re: Automatic reply: A quick note",
        "RE: Claire is out of the office",
        "Re: [Ticket 4711] A quick note from Clara",
        "Out of office hours delivery was damaged",
        "Absence de bon de livraison",
        "We received the wrong goods",
        "Received",
        "I have received your invoice twice",
        "Votre facture est fausse",
        "Ihre Rechnung vom 3. März",
        "Auto repair invoice",
        "Ticket for the parking lot on invoice 12",
    ],
)
def test_a_person_is_never_taken_for_a_machine_by_the_subject(subject):
    assert classify({}, subject, "claire@example.org") == HUMAN


def test_a_daemon_is_no_person():
    assert classify({}, "Hello", "MAILER-DAEMON@example.org") == AUTOMATIC


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Paid on Friday.", "Paid on Friday."),
        ("", ""),
        ("Yes\n> Could you take a look?", "Yes"),
        ("Ja.\n\nAm 02.03.2026 um 10:12 schrieb Clara <c@example.com>:\n> Hallo", "Ja."),
        ("Oui.\n\nLe lun. 2 mars 2026 à 10:12, Clara <c@example.com> a écrit :\n\n> Bonjour", "Oui."),
        ("Yes.\n\nOn Mon, 2 Mar 2026 at 10:12, Clara Collector\n<clara@example.com> wrote:\n\n> Hello", "Yes."),
        ("Sí\n\nEl lun, 2 mar 2026, Clara escribió:\n> Hola", "Sí"),
        ("Va bene\n\nIl giorno lun 2 mar 2026 Clara ha scritto:\n> Ciao", "Va bene"),
        ("Goed\n\nOp ma 2 mrt 2026 schreef Clara:\n> Dag", "Goed"),
        ("See below.\n\n-----Original Message-----\nFrom: Clara", "See below."),
        ("Vu.\n\nDe : Clara\nEnvoyé : lundi\nÀ : Claire\nObjet : Mot", "Vu."),
        ("From: the bakery\nwe never got flour", "From: the bakery\nwe never got flour"),
        ("> Could you take a look?\nYes, tomorrow.", "> Could you take a look?\nYes, tomorrow."),
    ],
)
def test_only_the_new_words_remain(text, new):
    assert new_text(text) == new


@pytest.mark.parametrize(
    ("report_type", "actions", "statuses", "failure"),
    [
        ("delivery-status", ["failed"], ["5.1.1"], True),
        ("delivery-status", ["delivered", "failed"], [], True),
        ("delivery-status", ["delayed"], ["4.4.1"], False),
        ("delivery-status", ["delivered"], ["2.0.0"], False),
        ("delivery-status", [], ["5.2.2"], True),
        ("delivery-status", [], ["4.2.2"], False),
        ("", [], [], True),
        ("disposition-notification", [], [], False),
    ],
)
def test_only_a_failure_is_a_bounce(report_type, actions, statuses, failure):
    assert is_failure(report_type, actions, statuses) is failure
