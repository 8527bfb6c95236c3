"""What a statement of account says in figures, read from the ledger: a constant number of SQL statements.

All amounts are of the moment of reading and in the currency of the entry. Per customer and currency the
closing balance is what the receivable accounts say, and what is listed as open adds up to it.
"""
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from odoo import api, models
from odoo.tools import SQL

#: Holds under which an item is set aside: nobody asks for it, and no QR code says to pay it.
ASIDE = frozenset({"dispute", "arranged", "offered", "paused", "blocked", "excluded", "pending_payment"})


@dataclass(slots=True)
class OpenLine:
    """One open entry: an instalment, a credit note, a payment that is not matched.

    :param kind: invoice, credit_note, payment, entry
    :param residual: what is open of it; negative for credits and payments
    :param balance: sum of what is open up to and with this line
    :param days_late: days past its due date; 0 where it is not late or in the customer's favour
    :param is_due: it is to be paid by today, or in the customer's favour
    :param hold: why it is not asked for: a code of `collection.item`, or ``dispute``; empty
    """

    line_id: int
    move_id: int
    company_id: int
    kind: str
    number: str
    reference: str
    day: date
    due: date
    amount: float
    residual: float
    days_late: int
    is_due: bool
    hold: str
    balance: float = 0.0


@dataclass(slots=True)
class Movement:
    """One booking since the first day of the history, in the order of the days.

    :param kind: invoice, credit_note, payment, entry, transfer (settled from another currency or customer)
    """

    kind: str
    number: str
    reference: str
    company_id: int
    day: date
    due: date | None
    amount: float
    balance: float = 0.0


@dataclass(slots=True)
class Receipt:
    """Money that has come in or is on its way, and is not booked to the customer's account yet."""

    day: date
    number: str
    amount: float


@dataclass(slots=True)
class Account:
    """What stands between a customer and a company in one currency.

    :param lines: open items and credits, the oldest due first
    :param payments: payments booked to the account and matched to nothing; negative
    :param receipts: money received that is not on the account yet; positive, not in the balance
    :param movements: history, the oldest first; empty without history
    :param opening: balance before the first day of the history
    :param closing: balance of the account
    """

    currency: models.BaseModel
    lines: list[OpenLine] = field(default_factory=list)
    payments: list[OpenLine] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    opening: float = 0.0
    closing: float = 0.0

    def total(self, entries):
        """Return the sum of what is open of these lines."""
        return self.currency.round(sum(entry.residual for entry in entries))

    @property
    def open_total(self):
        return self.total(self.lines)

    @property
    def unmatched(self):
        """Payments booked and not matched, as a negative amount."""
        return self.total(self.payments)

    @property
    def received(self):
        """Money that is here and not booked to the account yet."""
        return self.currency.round(sum(receipt.amount for receipt in self.receipts))

    @property
    def overdue(self):
        return self.total(line for line in self.lines if line.days_late)

    @property
    def held(self):
        """What is paused, contested or not asked for, for another reason."""
        return self.total(line for line in self.lines if line.hold in ASIDE and line.residual > 0)

    @property
    def to_pay(self):
        """What is due by today and not set aside, less credits and money received; never negative."""
        due = self.total(line for line in self.lines if line.is_due and line.hold not in ASIDE)
        return max(self.currency.round(min(due, self.open_total) + self.unmatched - self.received), 0.0)


@dataclass(slots=True)
class Figures:
    """A customer's statement in figures.

    :param today: the day it is of, where the company is
    :param start: first day of the history, or nothing
    :param accounts: one per currency, the company's own first
    """

    partner: models.BaseModel
    company: models.BaseModel
    today: date
    start: date | None
    accounts: list[Account]

    @property
    def lines(self):
        """Open items and credits of all currencies."""
        return [line for account in self.accounts for line in account.lines]

    @property
    def asks(self):
        """Whether anything is open that the customer owes."""
        return any(line.residual > 0 for line in self.lines)


class CollectionStatement(models.Model):
    _inherit = "collection.statement"

    @api.model
    def _read_figures(self, company, partners, today, start=None):
        """Return what the books say about these customers: the same few statements for one and for a thousand.

        Whoever calls has checked the right to see these customers' accounts.

        :param company: root company; its branches count
        :param partners: commercial partners
        :param date today: the day in the company's time zone
        :param date start: first day of the history; `None` for open items only
        :return: `Figures` by partner id
        :rtype: dict[int, Figures]
        """
        self.env.flush_all()
        scope = self._figures_scope(company, partners)
        accounts = defaultdict(dict)
        Currency = self.env["res.currency"]

        def account(partner_id, currency_id):
            of_partner = accounts[partner_id]
            if currency_id not in of_partner:
                of_partner[currency_id] = Account(Currency.browse(currency_id))
            return of_partner[currency_id]

        for row in self._open_rows(scope, company, today):
            line = self._open_line(row, today)
            own = account(row["partner_id"], row["currency_id"])
            (own.payments if line.kind == "payment" and line.residual < 0 else own.lines).append(line)
        for row in self._receipt_rows(partners, company):
            own = account(row.pop("partner_id"), row.pop("currency_id"))
            own.receipts.append(Receipt(**row))
        if start:
            for row in self._movement_rows(scope, start):
                own = account(row.pop("partner_id"), row.pop("currency_id"))
                if row["kind"] == "opening":
                    own.opening = own.currency.round(row["amount"])
                else:
                    own.movements.append(Movement(**row))
        figures = {}
        for partner in partners:
            own = [self._balanced(entry, bool(start)) for entry in accounts[partner.id].values()]
            own.sort(key=lambda entry: (entry.currency != company.currency_id, entry.currency.name))
            figures[partner.id] = Figures(partner, company, today, start, [entry for entry in own if entry is not None])
        return figures

    @api.model
    def _open_line(self, row, today):
        late = (today - row["due"]).days
        owed = row["residual"] > 0
        return OpenLine(
            line_id=row["line_id"],
            move_id=row["move_id"],
            company_id=row["company_id"],
            kind=row["kind"],
            number=row["number"] or "",
            reference=row["reference"] or "",
            day=row["day"],
            due=row["due"],
            amount=row["amount"],
            residual=row["residual"],
            days_late=max(late, 0) if owed else 0,
            is_due=late >= 0 or not owed,
            hold=row["hold"] or "",
        )

    @api.model
    def _balanced(self, account, with_history):
        """Write running balances and the closing one; `None` for an account with nothing to show."""
        currency = account.currency
        balance = 0.0
        for line in [*account.lines, *account.payments]:
            line.balance = balance = currency.round(balance + line.residual)
        account.closing = balance
        running = account.opening
        for movement in account.movements:
            movement.balance = running = currency.round(running + movement.amount)
        shows = account.lines or account.payments or account.receipts
        if with_history:
            shows = shows or account.movements or not currency.is_zero(account.opening)
        return account if shows else None

    # === THE LEDGER === #

    @api.model
    def _figures_scope(self, company, partners):
        """Return the parts of a query that name the receivable lines of these customers."""
        receivable = self.env["account.account"].sudo().with_context(active_test=False)._search(
            [("account_type", "=", "asset_receivable"), ("non_trade", "=", False)]
        )
        return SQL(
            """
            customer AS MATERIALIZED (
                SELECT id, commercial_partner_id AS partner_id
                  FROM res_partner WHERE commercial_partner_id = ANY(%(partners)s)
            ), entry AS MATERIALIZED (
                SELECT l.id AS line_id, l.move_id, l.company_id, l.currency_id, c.partner_id,
                       COALESCE(m.invoice_date, l.date) AS day, COALESCE(l.date_maturity, l.date) AS due,
                       l.amount_currency AS amount, l.amount_residual_currency AS residual, l.reconciled,
                       CASE WHEN m.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
                            WHEN m.move_type = 'out_refund' THEN 'credit_note'
                            WHEN m.origin_payment_id IS NOT NULL OR m.statement_line_id IS NOT NULL
                                 OR j.type IN ('bank', 'cash') THEN 'payment'
                            ELSE 'entry' END AS kind,
                       CASE WHEN m.move_type != 'entry' THEN m.name
                            ELSE COALESCE(NULLIF(payment.memo, ''), NULLIF(bank.payment_ref, ''),
                                          CASE WHEN payment.id IS NULL THEN NULLIF(l.name, '') END, m.ref, m.name)
                       END AS number,
                       CASE WHEN m.move_type = 'entry' THEN NULL ELSE NULLIF(m.ref, '') END AS reference
                  FROM account_move_line l
                  JOIN customer c ON c.id = l.partner_id
                  JOIN account_move m ON m.id = l.move_id
                  JOIN account_journal j ON j.id = l.journal_id
                  JOIN res_company company ON company.id = l.company_id
             LEFT JOIN account_payment payment ON payment.id = m.origin_payment_id
             LEFT JOIN account_bank_statement_line bank ON bank.id = m.statement_line_id
                 WHERE l.parent_state = 'posted' AND l.account_id IN (%(receivable)s)
                   AND split_part(company.parent_path, '/', 1)::int = %(company)s
            )
            """,
            partners=partners.ids,
            receivable=receivable.subselect(),
            company=company.id,
        )

    @api.model
    def _open_rows(self, scope, company, today):
        """Return each open entry with why it is not asked for, the oldest due first."""
        return self.env.execute_query_dict(
            SQL(
                """
                WITH %(scope)s
                SELECT e.line_id, e.move_id, e.company_id, e.currency_id, e.partner_id, e.day, e.due, e.amount, e.residual,
                       e.kind, e.number, e.reference,
                       CASE WHEN e.residual > 0 AND EXISTS (
                           SELECT 1 FROM collection_hold h
                            WHERE h.active AND h.reason = 'dispute' AND h.company_id = %(company)s
                              AND h.commercial_partner_id = e.partner_id AND (h.move_id IS NULL OR h.move_id = e.move_id)
                              AND %(today)s BETWEEN h.date_start AND h.date_end) THEN 'dispute'
                            ELSE i.hold_code END AS hold
                  FROM entry e
             LEFT JOIN collection_item i ON i.line_id = e.line_id AND i.is_open
                 WHERE e.reconciled IS NOT TRUE AND e.residual != 0
                 ORDER BY e.partner_id, e.currency_id, e.due, e.number, e.line_id
                """,
                scope=scope,
                company=company.id,
                today=today,
            )
        )

    @api.model
    def _movement_rows(self, scope, start):
        """Return what was booked since `start`, one row per entry and currency, and what stood before.

        What was settled by a payment in another currency, by another customer or by an entry that is not
        posted yet moves the balance of this currency by a line of its own: else a paid invoice would stay
        in the balance for ever.
        """
        return self.env.execute_query_dict(
            SQL(
                """
                WITH %(scope)s, settled AS (
                    SELECT r.max_date AS day, own.partner_id, own.currency_id, own.company_id,
                           CASE WHEN own.line_id = r.debit_move_id THEN -r.debit_amount_currency
                                ELSE r.credit_amount_currency END AS amount,
                           other_move.name AS number, own.number AS reference
                      FROM entry own
                      JOIN account_partial_reconcile r ON own.line_id IN (r.debit_move_id, r.credit_move_id)
                      JOIN account_move_line other
                        ON other.id = CASE WHEN own.line_id = r.debit_move_id
                                           THEN r.credit_move_id ELSE r.debit_move_id END
                      JOIN account_move other_move ON other_move.id = other.move_id
                 LEFT JOIN entry known ON known.line_id = other.id
                     WHERE known.line_id IS NULL OR known.partner_id != own.partner_id
                        OR known.currency_id != own.currency_id
                ), movement AS (
                    SELECT partner_id, currency_id, company_id, kind, day,
                           CASE WHEN kind = 'invoice' THEN max(due) END AS due, number,
                           max(reference) AS reference, sum(amount) AS amount, min(line_id) AS place
                      FROM entry
                     GROUP BY partner_id, currency_id, company_id, kind, day, number, move_id
                    HAVING sum(amount) != 0
                     UNION ALL
                    SELECT partner_id, currency_id, company_id, 'transfer', day, NULL, number, reference, amount, NULL
                      FROM settled
                     WHERE amount != 0
                ), listed AS (
                    SELECT partner_id, currency_id, company_id, kind, day, due, number, reference, amount, place
                      FROM movement WHERE day >= %(start)s
                     UNION ALL
                    SELECT partner_id, currency_id, NULL, 'opening', NULL, NULL, NULL, NULL, sum(amount), NULL
                      FROM movement WHERE day < %(start)s
                     GROUP BY partner_id, currency_id
                )
                SELECT partner_id, currency_id, company_id, kind, day, due, COALESCE(number, '') AS number,
                       COALESCE(reference, '') AS reference, amount
                  FROM listed
                 ORDER BY partner_id, currency_id, day, place NULLS LAST, number
                """,
                scope=scope,
                start=start,
            )
        )

    @api.model
    def _receipt_rows(self, partners, company):
        """Return money of these customers that is not on their account: bank lines nobody has matched, payments
        under way that have no entry. A payment that such a bank line has brought already counts once."""
        return self.env.execute_query_dict(
            SQL(
                """
                WITH customer AS MATERIALIZED (
                    SELECT id, commercial_partner_id AS partner_id
                      FROM res_partner WHERE commercial_partner_id = ANY(%(partners)s)
                ), bank AS MATERIALIZED (
                    SELECT c.partner_id, COALESCE(b.foreign_currency_id, b.currency_id) AS currency_id, m.date AS day,
                           COALESCE(NULLIF(b.payment_ref, ''), m.name) AS number,
                           -b.amount_residual AS amount
                      FROM account_bank_statement_line b
                      JOIN account_move m ON m.id = b.move_id AND m.state = 'posted'
                      JOIN customer c ON c.id = b.partner_id
                      JOIN res_company company ON company.id = b.company_id
                     WHERE b.is_reconciled IS NOT TRUE AND b.amount > 0 AND b.amount_residual < 0
                       AND split_part(company.parent_path, '/', 1)::int = %(company)s
                ), under_way AS (
                    SELECT c.partner_id, p.currency_id, p.date AS day, COALESCE(NULLIF(p.memo, ''), p.name) AS number, p.amount
                      FROM account_payment p
                      JOIN customer c ON c.id = p.partner_id
                      JOIN res_company company ON company.id = p.company_id
                     WHERE p.state = 'in_process' AND p.payment_type = 'inbound' AND p.partner_type = 'customer'
                       AND p.move_id IS NULL
                       AND split_part(company.parent_path, '/', 1)::int = %(company)s
                       AND NOT EXISTS (
                           SELECT 1 FROM bank b
                            WHERE b.partner_id = c.partner_id AND b.currency_id = p.currency_id AND b.amount = p.amount)
                )
                SELECT partner_id, currency_id, day, COALESCE(number, '') AS number, amount FROM bank
                 UNION ALL
                SELECT partner_id, currency_id, day, COALESCE(number, ''), amount FROM under_way
                 ORDER BY partner_id, day, number
                """,
                partners=partners.ids,
                company=company.id,
            )
        )
