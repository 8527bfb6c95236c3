"""Dated amounts out of pasted text, in the ways people write them."""
from datetime import date
from decimal import Decimal

import pytest
from engine.schedule import Line, parse_lines, read_amount

MARCH_15 = date(2027, 3, 15)


def read(text, digits=2, dayfirst=True, mark=","):
    return parse_lines(text, digits, dayfirst, mark)


@pytest.mark.parametrize(
    "written",
    [
        "15.03.2027", "15.3.27", "15/3/2027", "15-03-2027", "15. 3. 2027", "2027-03-15", "2027/3/15", "2027-03-15 00:00:00",
        "2027-03-15T10:30", "15 March 2027", "15. März 2027", "15-Mar-27", "15 mars 2027", "15 de marzo de 2027",
        "15 maart 2027", "Mon 15 Mar 2027", "March 15, 2027", "Mar 15th, 2027", "lunes, 15/03/2027",
    ],
)
@pytest.mark.parametrize("separator", ["\t", ";", "  ", " : "])
def test_days(written, separator):
    assert read(f"{written}{separator}400,00") == ((Line(MARCH_15, Decimal(400)),), ())


@pytest.mark.parametrize(
    ("written", "month"),
    [("1er janvier 2027", 1), ("1. Februar 2027", 2), ("1 avril 2027", 4), ("1 mei 2027", 5), ("1 maggio 2027", 5),
     ("1 giugno 2027", 6), ("1 juin 2027", 6), ("1 juillet 2027", 7), ("1 luglio 2027", 7), ("1 août 2027", 8),
     ("1 agosto 2027", 8), ("1 septiembre 2027", 9), ("1 ottobre 2027", 10), ("1. Oktober 2027", 10),
     ("1 November 2027", 11), ("1 décembre 2027", 12), ("1. Dezember 2027", 12), ("1 diciembre 2027", 12)],
)
def test_months_in_six_languages(written, month):
    assert read(f"{written}\t1") == ((Line(date(2027, month, 1), Decimal(1)),), ())


@pytest.mark.parametrize(
    ("written", "mark", "expected"),
    [
        ("1.234,50", ",", "1234.50"),
        ("1,234.50", ".", "1234.50"),
        ("1 234,50", ",", "1234.50"),
        ("1\u202f234,50 €", ",", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("CHF 1’234.-", ".", "1234.00"),
        ("12,34,567.00", ".", "1234567.00"),
        ("1.234.567", ",", "1234567.00"),
        ("1,234", ".", "1234.00"),
        ("€ 50", ",", "50.00"),
        ("US$50", ".", "50.00"),
        ("50 EUR", ",", "50.00"),
        ("50,-", ",", "50.00"),
        ("kr. 50", ",", "50.00"),
        (".5", ".", "0.50"),
        ("400.000", ".", "400.00"),
        ("-20", ",", "-20.00"),
        ("(20)", ",", "-20.00"),
        ("\u221220", ",", "-20.00"),
    ],
)
@pytest.mark.parametrize("separator", ["\t", " "])
def test_amounts(written, mark, expected, separator):
    lines, problems = read(f"15.03.2027{separator}{written}", mark=mark)
    assert problems == ()
    assert [(line.date, str(line.amount)) for line in lines] == [(MARCH_15, expected)]


def test_a_table_with_heading_numbers_and_empty_rows():
    text = "No.\tDue\tAmount\n\n1\t15.03.2027\t400,00\n2\t15.04.2027\t1.200,00\n \n"
    assert read(text) == ((Line(MARCH_15, Decimal("400.00")), Line(date(2027, 4, 15), Decimal("1200.00"))), ())


def test_the_amount_may_stand_before_the_day():
    assert read("400,00\t15.03.2027") == ((Line(MARCH_15, Decimal(400)),), ())
    assert read("40 EUR 15 March 2027") == ((Line(MARCH_15, Decimal(40)),), ())


def test_rows_stay_in_their_order():
    lines, _problems = read("15.04.2027\t2\n15.03.2027\t1")
    assert [line.amount for line in lines] == [2, 1]


def test_days_are_read_the_other_way_where_only_that_makes_sense():
    assert [line.date for line in read("3/4/2027\t1\n3/25/2027\t2")[0]] == [date(2027, 3, 4), date(2027, 3, 25)]
    assert [line.date for line in read("3/4/2027\t1", dayfirst=False)[0]] == [date(2027, 3, 4)]
    assert [line.date for line in read("3/4/2027\t1")[0]] == [date(2027, 4, 3)]


def test_days_that_contradict_each_other_are_told():
    lines, problems = read("25/3/2027\t1\n3/25/2027\t2")
    assert [line.date for line in lines] == [date(2027, 3, 25)]
    assert [(found.code, found.line) for found in problems] == [("date_unreadable", 1)]


def test_amounts_are_read_the_other_way_where_only_that_makes_sense():
    assert [line.amount for line in read("15.3.2027\t1.000\n15.4.2027\t400.50", mark=",")[0]] == [Decimal(1), Decimal("400.5")]
    assert [line.amount for line in read("15.3.2027\t1.000", mark=".")[0]] == [1]
    assert [line.amount for line in read("15.3.2027\t1.234", mark=".")[0]] == [1234]  # no cents that small
    assert [line.amount for line in read("15.3.2027\t1.234", mark=".", digits=3)[0]] == [Decimal("1.234")]
    assert [line.amount for line in read("15.3.2027\t1.234", mark=".", digits=0)[0]] == [1234]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("31.02.2027\t5", "date_unreadable"),
        ("soon\t5", "date_unreadable"),
        ("Total\t405,00", "date_unreadable"),
        ("15.03.\t5", "date_unreadable"),
        ("16.04.2027\tfive", "amount_unreadable"),
        ("16.04.2027\t1.23,45,6", "amount_unreadable"),
        ("16.04.2027\t1,2345", "too_precise"),
        ("16.04.2027\t5,00\t6,00", "several_amounts"),
        ("16.04.2027", "amount_unreadable"),
        ("16.04.2027\t" + "9" * 300, "date_unreadable"),
        ("16.04.2027\t" + "9" * 20, "too_large"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_row(row, code):
    lines, problems = read(f"15.03.2027\t400,00\n\n{row}")
    assert lines == (Line(MARCH_15, Decimal(400)),)
    [found] = problems
    assert (found.code, found.line) == (code, 2)
    assert row.startswith(found.facts["text"])
    assert len(found.facts["text"]) <= 80


def test_nothing_and_too_much():
    assert [found.code for found in read("\n \n")[1]] == ["no_lines"]
    assert len(read("15.03.2027\t1\n" * 120)[0]) == 120
    lines, [problem] = read("15.03.2027\t1\n" * 121)
    assert lines == ()
    assert (problem.code, problem.facts) == ("too_many_lines", {"found": 121, "limit": 120})


def test_marks_of_direction_do_not_hide_a_day():
    assert read("\u200f15.03.2027\u200e\t\u200e400,00") == ((Line(MARCH_15, Decimal(400)),), ())


@pytest.mark.parametrize(
    ("typed", "digits", "mark", "amount"),
    [
        ("1.234,56", 2, ",", "1234.56"),
        ("1,234.56", 2, ",", "1234.56"),
        ("2.500,00 €", 2, ",", "2500"),
        ("€ 2500", 2, ",", "2500"),
        ("2\u202f500,00", 2, ",", "2500"),
        ("1.234", 2, ",", "1234"),
        ("1.234", 3, ".", "1.234"),
        ("120.50", 2, ",", "120.50"),
        ("¥ 5,000", 0, ".", "5000"),
        ("-5", 2, ".", "-5"),
        ("1.2345", 2, ".", "1.2345"),
    ],
)
def test_an_amount_is_read_in_either_notation(typed, digits, mark, amount):
    assert read_amount(typed, digits, mark) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", "many", "nan", "1e5", "12 34", "1.2.3,4"])
def test_what_is_no_amount_is_none(typed):
    assert read_amount(typed, 2, ",") is None
