"""What the books say about arrangements: the money matched with what they cover, and what was taken off it.

Reads many arrangements in a handful of statements; judges nothing and writes nothing.
"""
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..engine.allocation import Received
from ..engine.instalment import NOTHING
from .collection_item_refresh import PENDING_DAYS

#: Journals whose entries are money.
MONEY_JOURNALS = ("bank", "cash", "credit")


class Ledger(NamedTuple):
    """What became of what one arrangement covers since it started.

    :param received: money, as `Received`
    :param reductions: credit notes and write-offs, in the order of their matchings
    :param beside: what of the covered items lies outside the payments agreed on
    """

    received: tuple[Received, ...]
    reductions: tuple[Decimal, ...]
    beside: Decimal


class Payment(NamedTuple):
    """One agreed payment as it is stored."""

    id: int
    date: date
    amount: Decimal
    amount_paid: Decimal
    amount_reduced: Decimal
    paid_on: date | None
    state: str
    missed_on: date | None
    forgiven_on: date | None


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    def _read_payments(self):
        """Return the agreed payments of each arrangement in the order of their days, by its id.

        :rtype: dict[int, list[Payment]]
        """
        self.env["collection.arrangement.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT arrangement_id, id, date, amount::text, COALESCE(amount_paid, 0)::text,
                       COALESCE(amount_reduced, 0)::text, paid_on, state, missed_on,
                       forgiven_on
                  FROM collection_arrangement_line
                 WHERE arrangement_id = ANY(%s)
                 ORDER BY date, id
                """,
                self.ids,
            )
        )
        result = defaultdict(list)
        for arrangement_id, line_id, day, amount, paid, reduced, *facts in rows:
            result[arrangement_id].append(Payment(line_id, day, Decimal(amount), Decimal(paid), Decimal(reduced), *facts))
        return result

    def _read_ledger(self):
        """Return what became of what each of these arrangements covers, by its id.

        Only matchings that came after the start count. What Odoo booked as a difference of exchange
        rates belongs to the payment it came with. Of a payment that was registered with a write-off or a
        discount only the money is money; the rest is taken off.

        :rtype: dict[int, Ledger]
        """
        received, reductions = defaultdict(list), defaultdict(list)
        matched = defaultdict(Decimal)
        for arrangement_id, partial_id, day, amount, reduction in self._fetch_matchings():
            amount, reduction = Decimal(amount), Decimal(reduction)
            matched[arrangement_id] += amount
            if amount > reduction:
                received[arrangement_id].append(Received(day, amount - reduction, partial_id))
            if reduction:
                reductions[arrangement_id].append(reduction)
        return {
            arrangement_id: Ledger(
                tuple(received[arrangement_id]),
                tuple(reductions[arrangement_id]),
                max(Decimal(residual) + matched[arrangement_id] - Decimal(agreed), NOTHING),
            )
            for arrangement_id, residual, agreed in self._fetch_covered()
        }

    def _fetch_covered(self):
        """Return for each arrangement what is open now of the items it covers, and what was agreed to be paid."""
        self.flush_model()
        self.env["collection.arrangement.item"].flush_model()
        self.env["account.move.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT a.id, COALESCE(sum(l.amount_residual_currency) FILTER (WHERE l.parent_state = 'posted'), 0)::text,
                       COALESCE(min(a.amount_agreed), 0)::text
                  FROM collection_arrangement a
                  LEFT JOIN collection_arrangement_item ai ON ai.arrangement_id = a.id
                  LEFT JOIN account_move_line l ON l.id = ai.line_id
                 WHERE a.id = ANY(%s)
                 GROUP BY a.id
                """,
                self.ids,
            )
        )

    def _fetch_matchings(self):
        """Return each matching of a covered item since the start: arrangement, matching, day, amount, what of it is no money."""
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                WITH matching AS MATERIALIZED (
                    SELECT ai.arrangement_id, pr.id, pr.debit_amount_currency AS amount,
                           COALESCE(cause.credit_move_id, pr.credit_move_id) AS credit_id, cur.decimal_places
                      FROM collection_arrangement_item ai
                      JOIN collection_arrangement a ON a.id = ai.arrangement_id
                      JOIN res_currency cur ON cur.id = a.currency_id
                      JOIN account_partial_reconcile pr ON pr.debit_move_id = ai.line_id
                      JOIN account_move_line credit ON credit.id = pr.credit_move_id
                      LEFT JOIN LATERAL (
                          SELECT p.credit_move_id FROM account_partial_reconcile p
                           WHERE p.exchange_move_id = credit.move_id
                           ORDER BY p.id LIMIT 1
                      ) cause ON TRUE
                     WHERE ai.arrangement_id = ANY(%(arrangements)s)
                       AND pr.debit_amount_currency != 0
                       AND NOT COALESCE(ai.matched_before @> to_jsonb(pr.id), FALSE)
                ), source AS MATERIALIZED (
                    -- The entries behind the matchings; of those that are money, what of them is none.
                    SELECT m.id AS move_id,
                           j.type = ANY(%(money)s) OR m.origin_payment_id IS NOT NULL
                               OR m.statement_line_id IS NOT NULL AS is_money,
                           sum(-l.balance) FILTER (WHERE acc.account_type = 'asset_receivable') AS settled,
                           COALESCE(sum(l.balance) FILTER (
                               WHERE acc.account_type NOT IN ('asset_receivable', 'liability_payable', 'asset_cash',
                                                              'liability_credit_card')
                                 AND l.account_id IS DISTINCT FROM j.default_account_id
                                 AND l.account_id IS DISTINCT FROM j.suspense_account_id
                                 AND l.account_id IS DISTINCT FROM pay.outstanding_account_id), 0) AS given_up
                      FROM account_move m
                      JOIN account_journal j ON j.id = m.journal_id
                      JOIN account_move_line l ON l.move_id = m.id
                      JOIN account_account acc ON acc.id = l.account_id
                      LEFT JOIN account_payment pay ON pay.id = m.origin_payment_id
                     WHERE m.id IN (SELECT l.move_id FROM matching JOIN account_move_line l ON l.id = matching.credit_id)
                     GROUP BY m.id, j.type, m.origin_payment_id, m.statement_line_id
                )
                SELECT x.arrangement_id, x.id, l.date, x.amount::text,
                       CASE WHEN NOT s.is_money THEN x.amount
                            WHEN s.given_up > 0 AND s.settled > 0
                            THEN LEAST(x.amount, round(x.amount * s.given_up / s.settled, x.decimal_places))
                            ELSE 0 END::text
                  FROM matching x
                  JOIN account_move_line l ON l.id = x.credit_id
                  JOIN source s ON s.move_id = l.move_id
                 ORDER BY x.id
                """,
                arrangements=self.ids,
                money=list(MONEY_JOURNALS),
            )
        )

    @api.model
    def _money_may_be_here(self, now, company, partner_ids):
        """Return those customers of whom money is here or on its way that nobody has matched yet.

        :param datetime now: naive UTC
        :param company: root company
        :rtype: set[int]
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH house AS MATERIALIZED (
                    SELECT id FROM res_company WHERE split_part(parent_path, '/', 1)::int = %(company)s
                ), person AS MATERIALIZED (
                    SELECT id, commercial_partner_id FROM res_partner WHERE commercial_partner_id = ANY(%(partners)s)
                )
                SELECT p.commercial_partner_id
                  FROM account_move_line l
                  JOIN person p ON p.id = l.partner_id
                  JOIN account_account acc ON acc.id = l.account_id AND acc.account_type = 'asset_receivable'
                  JOIN account_move m ON m.id = l.move_id
                  JOIN account_journal j ON j.id = m.journal_id
                 WHERE l.reconciled IS NOT TRUE AND l.parent_state = 'posted' AND l.amount_residual_currency < 0
                   AND l.company_id IN (SELECT id FROM house)
                   AND (m.origin_payment_id IS NOT NULL OR m.statement_line_id IS NOT NULL OR j.type = ANY(%(money)s))
                UNION
                SELECT p.commercial_partner_id
                  FROM account_bank_statement_line b
                  JOIN account_move m ON m.id = b.move_id AND m.state = 'posted'
                  JOIN person p ON p.id = b.partner_id
                 WHERE b.is_reconciled IS NOT TRUE AND b.amount > 0 AND b.company_id IN (SELECT id FROM house)
                UNION
                SELECT p.commercial_partner_id
                  FROM payment_transaction t
                  LEFT JOIN account_invoice_transaction_rel r ON r.transaction_id = t.id
                  LEFT JOIN account_move m ON m.id = r.invoice_id
                  JOIN person p ON p.id = COALESCE(m.partner_id, t.partner_id)
                 WHERE t.state IN ('pending', 'authorized') AND t.operation IS DISTINCT FROM 'validation'
                   AND t.last_state_change >= %(now)s::timestamp - %(pending_days)s * interval '1 day'
                   AND t.company_id IN (SELECT id FROM house)
                UNION
                SELECT p.commercial_partner_id
                  FROM account_payment a
                  JOIN person p ON p.id = a.partner_id
                 WHERE a.state = 'in_process' AND a.payment_type = 'inbound' AND a.move_id IS NULL
                   AND a.company_id IN (SELECT id FROM house)
                """,
                company=company.id,
                partners=list(partner_ids),
                money=list(MONEY_JOURNALS),
                now=now,
                pending_days=PENDING_DAYS,
            )
        )
        return {partner_id for (partner_id,) in rows}
