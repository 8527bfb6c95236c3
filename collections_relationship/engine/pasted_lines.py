"""Reads dated amounts from text pasted out of a spreadsheet, a mail or a customer's cash flow."""
from __future__ import annotations

from .instalment import Line, Problem


def parse_lines(
    text: str, digits: int, dayfirst: bool, decimal_mark: str
) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """Return the lines of a pasted text, in its order, and what of it could not be read.

    Each row holds one day and one amount, parted by a tab, a semicolon or spaces. A heading and empty
    rows are passed over. Where some row makes no sense the way the reader writes days or amounts and
    every row makes sense the other way, the other way is meant.

    :param digits: decimals of the currency
    :param dayfirst: 3/4 is the third of April, not the fourth of March
    :param decimal_mark: ``.`` or ``,``
    :return: lines, and problems whose ``line`` is the row of the text counted from 0: ``no_lines``,
        ``too_many_lines`` (found, limit), ``date_unreadable`` (text), ``amount_unreadable`` (text),
        ``several_amounts`` (text), ``too_precise`` (text, digits)
    """
    raise NotImplementedError
