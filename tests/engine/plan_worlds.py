"""Random plans, payments and debts, and what must become of them, worked out another way."""
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from engine.allocation import CRITERIA, PARTS, Debt, Order, Payment, Received
from engine.schedule import MOVES, Terms

START = date(2026, 11, 1)
#: Holidays of a made-up country: long ones and ones beside a weekend.
HOLIDAYS = {
    START + timedelta(days=offset) for offset in (24, 55, 56, 61, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 300, 420)
}
STEPS = {0: ("5", "10"), 2: ("0.05", "1", "10"), 3: ("0.005", "1", "5")}
#: What a wish may be refused for; anything else is a fault.
REFUSALS = {"rounding_too_coarse", "size_too_small", "too_many_lines"}


def works(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def money(chance, digits, most):
    """An amount of 1 to ``most`` units: as often small as large."""
    return Decimal(int(most ** chance.random()) or 1).scaleb(-digits)


def terms(chance):
    """What somebody wants, and the rule for days on which banks rest."""
    digits = chance.choice((0, 2, 2, 3))
    total = money(chance, digits, 9_999_999)
    start = START + timedelta(days=chance.randrange(900))
    rhythm = chance.choice(("once", "weekly", "two_weekly", "four_weekly", "monthly", "monthly", "month_end", "quarterly", "own"))
    facts = {"rest_in": chance.choice(("first", "last"))}
    if chance.random() < 0.3 and total >= 2 * Decimal(1).scaleb(-digits):
        facts["deposit"] = min(money(chance, digits, 999_999), total - Decimal(1).scaleb(-digits))
        if rhythm == "once" or chance.random() < 0.5:
            facts["deposit_on"] = start - timedelta(days=chance.randrange(1, 40))
    if chance.random() < 0.4:
        facts["day_of_month"] = chance.randrange(1, 32)
    if rhythm == "own":
        gaps = [chance.randrange(1, 50) for _ in range(chance.randrange(1, 15))]
        facts["own_dates"] = tuple(start + timedelta(days=days) for days in accumulate(gaps))
    elif rhythm != "once" and chance.random() < 0.4:
        facts["size"] = max(money(chance, digits, 999_999), (total / 90).quantize(Decimal(1).scaleb(-digits)))
    elif rhythm != "once":
        facts["count"] = chance.randrange(1, 37)
    if "size" not in facts and chance.random() < 0.2:
        facts["round_to"] = Decimal(chance.choice(STEPS[digits]))
    return Terms(total, digits, start, rhythm, **facts), chance.choice(MOVES)


def month_day(day, wished):
    """The wished day of the month of ``day``, or its last."""
    return min(wished, monthrange(day.year, day.month)[1])


def receipts(chance, lines, digits):
    """Money that comes in around the days of a plan, some of it taken back."""
    total = sum(line.amount for line in lines)
    first, last = lines[0].date, lines[-1].date
    found = []
    for number in range(chance.randrange(6)):
        day = first + timedelta(days=chance.randrange(-10, (last - first).days + 40))
        amount = min(money(chance, digits, 9_999_999), total)
        if chance.random() < 0.4:
            amount = chance.choice(lines).amount
        found.append(Received(day, amount, number))
        if chance.random() < 0.2:
            back = chance.choice((amount, amount, money(chance, digits, int(amount.scaleb(digits)))))
            found.append(Received(day + timedelta(days=chance.randrange(30)), -back, number))
    return found


def filled(amounts, sums):
    """How a sum fills amounts one after the other."""
    ends = list(accumulate(amounts))
    return [max(Decimal(0), min(amount, sums - (end - amount))) for amount, end in zip(amounts, ends, strict=True)]


def debts(chance, digits):
    """A few debts, some alike."""
    return [
        Debt(
            key,
            START + timedelta(days=30 * chance.randrange(4)),
            money(chance, digits, 99_999),
            interest=chance.choice((Decimal(0), money(chance, digits, 999))),
            costs=chance.choice((Decimal(0), money(chance, digits, 999))),
            burden=Decimal(chance.randrange(2)),
            secured=Decimal(chance.randrange(2)),
        )
        for key in range(chance.randrange(1, 6))
    ]


def payments(chance, owed, digits):
    keys = [debt.key for debt in owed]
    return [
        Payment(
            f"p{number}",
            START + timedelta(days=chance.randrange(120)),
            money(chance, digits, 99_999),
            tuple(chance.sample(keys, chance.randrange(len(keys) + 1))) if chance.random() < 0.3 else (),
            full_and_final=chance.random() < 0.05,
        )
        for number in range(chance.randrange(1, 5))
    ]


def order(chance, owed):
    keys = [debt.key for debt in owed]
    return Order(
        basis=chance.choice(("agreed", "statutory")),
        parts=tuple(chance.sample(PARTS, 3)),
        by=tuple(chance.sample(CRITERIA, chance.randrange(5))),
        agreed=tuple(chance.sample(keys, chance.randrange(len(keys) + 1))) if chance.random() < 0.3 else (),
        part_first=chance.random() < 0.3,
    )
