"""What the words of a payment say: documents named, and payments that are to settle everything."""
from datetime import date, timedelta

import pytest
from engine.designation import Document, full_and_final, named, said

FIRST = Document("first", ("INV/2026/00012", "", "PO-7741"))
SECOND = Document("second", ("INV/2026/00013", "RF18 5390 0754 7034"))
OLD = Document("old", ("INV/2025/00112", "+++090/9337/55493+++"))
ORDER = Document("order", ("BILL-2026-118", "4711"))
DOCUMENTS = (FIRST, SECOND, OLD, ORDER)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("INV/2026/00012", ("first",)),
        ("payment inv 2026 00012 thanks", ("first",)),
        ("INV202600012", ("first",)),
        ("inv - 2026 / 12", ("first",)),
        ("Inv.2026.000012", ("first",)),
        ("INV/2O26/OOO12", ("first",)),
        ("SVWZ+INV/2026/00012 DATUM 03.04.2026", ("first",)),
        ("our po 7741", ("first",)),
        ("2026/00013", ("second",)),
        ("RF18539007547034", ("second",)),
        ("rf18 5390 0754 7034", ("second",)),
        ("090/9337/55493", ("old",)),
        ("090933755493", ("old",)),
        ("Rechnungen 00112 und 00013", ("old", "second")),
        ("Facture n° 00112", ("old",)),
        ("INV/2026/00013, 00012", ("second", "first")),
        ("INV/2026/00013 + INV/2026/00012 + INV/2026/00013", ("second", "first")),
        ("Bestellung 4711", ("order",)),
    ],
)
def test_what_the_payer_named(text, keys):
    assert named(text, DOCUMENTS) == keys


@pytest.mark.parametrize(
    "text",
    [
        "",
        "thank you",
        "12",
        "00012",
        "4711",
        "2026/12",
        "12.2026",
        "INV/2026/000123",
        "INV/2026/00012,50",
        "INV/2026",
        "XINV/2026/00012X",
        "invoice 12",
        "order 2026",
        "7741",
        "Rechnung 4711,00",
        "Rechnung 4711 EUR",
        "Rechnung über 00112.50",
        "street 00112",
        "account 0909337554930",
        "112026000123",
    ],
)
def test_what_is_left_unsaid_is_not_guessed(text):
    assert named(text, DOCUMENTS) == ()


def test_no_day_and_no_amount_names_a_document():
    documents = [Document(number, (f"INV/2026/{number:05}", f"{number:04}")) for number in range(1, 1232, 3)]
    documents += [Document("day", ("20261103",)), Document("other day", ("03112026",))]
    for days in range(0, 366, 28):
        day = date(2026, 1, 1) + timedelta(days=days)
        for form in ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%y", "%Y%m%d", "%d%m%Y", "%m/%Y", "%d %m %Y"):
            assert named(f"transfer of {day.strftime(form)}", documents) == (), day.strftime(form)
    for amount in (12, 118, 1231, 7741):
        for form in (f"{amount}", f"{amount}.00", f"{amount},00 EUR", f"EUR {amount}", f"{amount:,}.50"):
            assert named(f"transfer {form}", documents) == (), form


def test_the_end_of_a_number_names_only_where_one_document_ends_so():
    twins = (Document("a", ("INV/2025/00012",)), Document("b", ("INV/2026/00012",)))
    assert named("invoice 00012", twins) == ()
    assert named("invoice 00012", twins[:1]) == ("a",)


def test_of_references_that_hold_each_other_the_longer_speaks():
    documents = (Document("short", ("ORD-100",)), Document("long", ("ORD-100-B7",)))
    assert named("ORD-100-B7", documents) == ("long",)
    assert named("ORD-100 of May", documents) == ("short",)


def test_documents_of_one_reference_are_all_named():
    documents = (Document("a", ("INV/2026/00001", "PO-7741")), Document("b", ("INV/2026/00002", "PO-7741")))
    assert named("PO 7741", documents) == ("a", "b")


def test_a_word_or_a_year_is_no_reference():
    documents = (Document("word", ("Website",)), Document("year", ("SUMMER 2026",)), Document("short", ("A7",)))
    assert named("website summer 2026 A7", documents) == ()


@pytest.mark.parametrize(
    "text",
    [
        "In full and final settlement of INV/2026/00012",
        "FULL & FINAL",
        "full/final payment",
        "tendered in full satisfaction of all claims",
        "payment in full of any and all outstanding debts",
        "accord and satisfaction",
        "Pour solde de tout compte",
        "solde de tous comptes",
        "à titre transactionnel et définitif",
        "règlement intégral et définitif",
        "zur Abgeltung aller Ansprüche",
        "ZUR ABGELTUNG SAEMTLICHER ANSPRUECHE",
        "zum Ausgleich aller Forderungen",
        "alle Ansprüche sind damit abgegolten",
        "Schlusszahlung Bauvorhaben",
        "finiquito",
        "por saldo y finiquito",
        "pago total y definitivo",
        "a saldo e stralcio",
        "a totale tacitazione di ogni pretesa",
        "a tacitazione",
        "a titolo transattivo",
        "tegen finale kwijting",
        "volledige en finale kwijting",
        "tot slot van alle rekeningen",
    ],
)
def test_a_payment_that_is_to_settle_everything_is_recognised(text):
    assert full_and_final(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "INV/2026/00012",
        "paid in full, invoice 12",
        "final instalment",
        "full payment of invoice INV/2026/00012",
        "not in full and final settlement",
        "without full and final settlement",
        "pour solde de la facture 12",
        "ceci n'est pas pour solde de tout compte",
        "Abgeltungsteuer 2026",
        "Ausgleich der Rechnung 12",
        "keine Abgeltung aller Ansprüche",
        "saldo factura 12",
        "liquidación de marzo",
        "a saldo fattura 12",
        "saldo rekening maart",
        "niet tegen finale kwijting",
    ],
)
def test_a_payment_of_one_document_in_full_is_none(text):
    assert full_and_final(text) == ""


def test_the_words_are_returned_so_that_they_can_be_shown():
    assert full_and_final("Paid, IN FULL AND FINAL settlement!") == "full and final settlement"


def test_what_came_with_a_payment_is_said_once():
    assert said(["", None, "Thank you ", "Thank  you", "Manual Payment: Thank you", "INV 12"]) == "Thank you / INV 12"
    assert said([]) == ""


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("481516", "transfer 481516"),
        ("20261103", "transfer 20261103"),
        ("03112026", "transfer 03112026"),
        ("INV/2026/12", "invoice 12"),
        ("INV/2026/112", "facture 112"),
        ("INV/2026/00012", "BILL/2026/00012"),
        ("INV/2026/00012", "our number R-2026-00012"),
    ],
)
def test_a_number_that_may_be_something_else_names_nothing(reference, text):
    assert named(text, [Document("it", (reference,))]) == ()


def test_a_long_reference_may_be_written_in_groups():
    document = Document("it", ("RF18539007547034",))
    assert named("rf18 5390 0754 7034", [document]) == ("it",)
    assert named("RF18 5390 0754 70345", [document]) == ()
