"""Makes a ledger of invented customers that climb the whole ladder.

    python make_ledger.py FILE.csv [INVOICES]

The same arguments give the same file. Customers differ in habit: most pay about
when due, some weeks late, a few only after the formal notice and its days to pay.
"""

import csv
import random
import sys
from datetime import date, timedelta
from pathlib import Path

SEED = 20150101
FIRST_DAY = date(2015, 1, 5)
DAYS = 150
# As many invoices per customer and year as in ledgers of real companies: about a dozen.
INVOICES_PER_CUSTOMER = 5
TERMS = (14, 30)
# Share of customers, and how late they pay: mean and spread in days.
HABITS = ((0.45, -4, 5), (0.25, 8, 5), (0.15, 24, 7), (0.1, 42, 8), (0.05, 78, 6))
COLUMNS = (
    "countryCode",
    "customerID",
    "PaperlessDate",
    "invoiceNumber",
    "InvoiceDate",
    "DueDate",
    "InvoiceAmount",
    "Disputed",
    "SettledDate",
    "PaperlessBill",
    "DaysToSettle",
    "DaysLate",
)


def rows(count, per_customer=INVOICES_PER_CUSTOMER):
    """Yield ``count`` rows in the order of their invoice dates, so many for each customer on average."""
    chance = random.Random(SEED)
    customers = []
    for number in range(max(count // per_customer, 1)):
        habit = chance.choices(HABITS, [share for share, _mean, _spread in HABITS])[0]
        customers.append((f"MADEUP-{number:04d}", chance.choice(TERMS), habit))
    days = sorted(chance.randrange(DAYS) for _number in range(count))
    for number, offset in enumerate(days):
        customer, terms, (_share, mean, spread) = chance.choice(customers)
        issued = FIRST_DAY + timedelta(days=offset)
        due = issued + timedelta(days=terms)
        settled = max(due + timedelta(days=round(chance.gauss(mean, spread))), issued)
        yield {
            "countryCode": 999,
            "customerID": customer,
            "PaperlessDate": american(FIRST_DAY),
            "invoiceNumber": f"{number:010d}",
            "InvoiceDate": american(issued),
            "DueDate": american(due),
            "InvoiceAmount": f"{min(chance.lognormvariate(4.5, 1.2), 9999):.2f}",
            "Disputed": "Yes" if chance.random() < 0.08 else "No",
            "SettledDate": american(settled),
            "PaperlessBill": "Electronic",
            "DaysToSettle": (settled - issued).days,
            "DaysLate": max((settled - due).days, 0),
        }


def american(day):
    return f"{day.month}/{day.day}/{day.year}"


def write(path, count=2000, per_customer=INVOICES_PER_CUSTOMER):
    """Write a ledger of ``count`` invoices to ``path``."""
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows(count, per_customer))


if __name__ == "__main__":
    write(sys.argv[1], *(int(count) for count in sys.argv[2:]))
