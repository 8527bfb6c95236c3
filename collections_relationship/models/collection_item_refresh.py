"""Brings `collection.item` and the cases' totals up to date, in a handful of statements.

Set-based: the number of statements does not grow with the number of items. Accounting tables are
read and never written: a write on `account.move` would mark it as changed by hand, and one row
edited meanwhile would abort the whole statement.
"""
from odoo import api, models
from odoo.tools import SQL

#: A pending online payment that never comes to an end stops holding a customer after this many days.
PENDING_DAYS = 14
#: A customer pays late by habit when at least half of a year's items came more than this many days late.
HABIT_DAYS = 5
#: Ends of these holds are followed by a gentle restart; the others are facts, not pauses.
PAUSES = ["paused", "excluded", "blocked"]


class CollectionItem(models.Model):
    _inherit = "collection.item"

    @api.model
    def _refresh(self, today, now, companies, partner_ids=None):
        """Recompute items, cases and their totals, and log what changed.

        :param date today: the calendar day in the companies' time zone
        :param datetime now: naive UTC moment written to the events
        :param companies: root companies (`res.company`)
        :param partner_ids: commercial partners to look at; `None` for all
        :return: number of open items looked at
        :rtype: int
        """
        if partner_ids is not None and not partner_ids:
            return 0
        self.env.flush_all()
        count = 0
        for company in companies:
            scope = {
                "today": today,
                "now": now,
                "company": company.id,
                "partner_ids": sorted(partner_ids) if partner_ids is not None else None,
            }
            count += self._refresh_items(company, scope)
            self._refresh_cases(scope)
        self.env.invalidate_all()
        return count

    # === ITEMS === #

    def _refresh_items(self, company, scope):
        """Write one row per open receivable line and close the rows of settled ones."""
        of_partners = (
            SQL("TRUE")
            if scope["partner_ids"] is None
            else SQL(
                "l.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s))", scope["partner_ids"]
            )
        )
        values = SQL(
            "%(ctes)s %(select)s",
            ctes=SQL("WITH %s", SQL(", ").join(self._refresh_ctes(company, scope, of_partners))),
            select=SQL(
                """
                , written AS (
                    INSERT INTO collection_item AS i (
                        line_id, move_id, partner_id, company_id, root_company_id, currency_id, account_id, policy_id,
                        date_due, is_open, residual, credit_applied, amount_asked, amount_company,
                        stage_id, next_stage_id, next_date, hold_code, hold_until, restart, round
                    )
                    SELECT line_id, move_id, partner_id, company_id, %(company)s, currency_id, account_id, policy_id,
                           date_due, TRUE, residual, credit, amount_asked, amount_company,
                           stage_id, next_stage_id, next_date, hold_code, hold_until, restart, 0
                      FROM fresh
                    ON CONFLICT (line_id) DO UPDATE SET
                        move_id = excluded.move_id, partner_id = excluded.partner_id, company_id = excluded.company_id,
                        root_company_id = excluded.root_company_id, currency_id = excluded.currency_id,
                        account_id = excluded.account_id, policy_id = excluded.policy_id, date_due = excluded.date_due,
                        is_open = TRUE, residual = excluded.residual, credit_applied = excluded.credit_applied,
                        amount_asked = excluded.amount_asked, amount_company = excluded.amount_company,
                        stage_id = excluded.stage_id, next_stage_id = excluded.next_stage_id,
                        next_date = excluded.next_date, hold_code = excluded.hold_code,
                        hold_until = excluded.hold_until, restart = excluded.restart,
                        round = CASE WHEN excluded.restart AND NOT i.restart THEN 0 ELSE i.round END,
                        case_id = CASE WHEN i.partner_id = excluded.partner_id THEN i.case_id END
                    WHERE (i.move_id, i.partner_id, i.company_id, i.root_company_id, i.currency_id, i.account_id,
                           i.policy_id, i.date_due, i.is_open, i.residual, i.credit_applied, i.amount_asked,
                           i.amount_company, i.stage_id, i.next_stage_id, i.next_date, i.hold_code, i.hold_until,
                           i.restart)
                      IS DISTINCT FROM
                          (excluded.move_id, excluded.partner_id, excluded.company_id, excluded.root_company_id,
                           excluded.currency_id, excluded.account_id, excluded.policy_id, excluded.date_due, TRUE,
                           excluded.residual, excluded.credit_applied, excluded.amount_asked,
                           excluded.amount_company, excluded.stage_id, excluded.next_stage_id, excluded.next_date,
                           excluded.hold_code, excluded.hold_until, excluded.restart)
                ), settled AS (
                    UPDATE collection_item i
                       SET is_open = FALSE, residual = 0, credit_applied = 0, amount_asked = 0, amount_company = 0,
                           stage_id = NULL, next_stage_id = NULL, next_date = NULL, hold_code = NULL, hold_until = NULL
                     WHERE i.is_open
                       AND i.root_company_id = %(company)s
                       AND %(items_in_scope)s
                       AND NOT EXISTS (SELECT 1 FROM fresh WHERE fresh.line_id = i.line_id)
                )
                SELECT count(*) FROM fresh
                """,
                company=scope["company"],
                items_in_scope=self._in_scope("i", scope),
            ),
        )
        [(count,)] = self.env.execute_query(values)
        return count

    def _in_scope(self, alias, scope):
        """Return the condition that a row of `alias` belongs to the partners looked at."""
        if scope["partner_ids"] is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", SQL.identifier(alias, "partner_id"), scope["partner_ids"])

    def _refresh_ctes(self, company, scope, of_partners):
        """Return the parts of the query that end in `fresh`, one row per open receivable line."""
        digits = company.currency_id.decimal_places
        return [
            self._cte_stage(scope),
            self._cte_line(scope, of_partners),
            self._cte_partner_policy(company, scope),
            self._cte_holds(company, scope),
            self._cte_credit(digits),
            self._cte_habit(scope),
            self._cte_ladder(scope),
            SQL(
                """
                fresh AS (
                    SELECT s.*, k.stage_id, k.next_stage_id, %(today)s::date + k.ready_in AS next_date
                      FROM state s
                      LEFT JOIN ladder k
                        ON k.policy_id = s.policy_id AND k.days_late = s.days_late
                       AND k.asked_days = s.asked_days AND k.asked_since = s.asked_since
                       AND k.gentle = s.gentle AND k.notable = s.notable AND k.blocked = s.blocked
                )
                """,
                today=scope["today"],
            ),
        ]

    def _cte_stage(self, scope):
        return SQL(
            """
            stage AS MATERIALIZED (
                SELECT id, policy_id, days, requires_previous, only_new_late_or_large, large_amount,
                       COALESCE(minimum_amount, 0) AS minimum_amount, COALESCE(minimum_share, 0) AS minimum_share,
                       lag(days) OVER ladder AS previous_days,
                       COALESCE(lag(response_days) OVER ladder, 0) AS previous_response
                  FROM collection_stage
                 WHERE active
                WINDOW ladder AS (PARTITION BY policy_id ORDER BY days)
            )
            """
        )

    def _cte_line(self, scope, of_partners):
        """Open receivable lines of the company and its branches, debits and credits."""
        accounts = self.env["account.account"].sudo().with_context(active_test=False)._search(
            [("account_type", "=", "asset_receivable"), ("non_trade", "=", False)]
        )
        return SQL(
            """
            line AS MATERIALIZED (
                SELECT l.id AS line_id, l.move_id, p.commercial_partner_id AS partner_id, l.company_id,
                       l.currency_id, l.account_id, COALESCE(l.date_maturity, l.date) AS date_due,
                       l.amount_residual_currency AS residual, l.amount_residual AS residual_company,
                       COALESCE(l.no_followup, FALSE) AS excluded,
                       m.payment_state = 'blocked' AS blocked,
                       m.move_type IN ('out_invoice', 'out_receipt') AND m.is_move_sent IS NOT TRUE AS unsent,
                       m.collection_policy_id, m.reversed_entry_id,
                       m.origin_payment_id IS NOT NULL OR m.statement_line_id IS NOT NULL
                           OR j.type IN ('bank', 'cash') AS is_receipt
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                  JOIN account_journal j ON j.id = m.journal_id
                  JOIN res_partner p ON p.id = l.partner_id
                  JOIN res_company c ON c.id = l.company_id
                 WHERE l.reconciled IS NOT TRUE
                   AND l.parent_state = 'posted'
                   AND l.account_id IN (%(accounts)s)
                   AND split_part(c.parent_path, '/', 1)::int = %(company)s
                   AND l.amount_residual_currency != 0
                   AND %(of_partners)s
            )
            """,
            accounts=accounts.subselect(),
            company=scope["company"],
            of_partners=of_partners,
        )

    def _cte_partner_policy(self, company, scope):
        """The policy of each customer: the customer's own, else the first that fits, else the company's."""
        return SQL(
            """
            segment AS MATERIALIZED (
                SELECT p.id, p.sequence,
                       ARRAY(SELECT res_country_id FROM collection_policy_res_country_rel r
                              WHERE r.collection_policy_id = p.id) AS countries,
                       ARRAY(SELECT res_partner_industry_id FROM collection_policy_res_partner_industry_rel r
                              WHERE r.collection_policy_id = p.id) AS industries,
                       ARRAY(SELECT res_partner_category_id FROM collection_policy_res_partner_category_rel r
                              WHERE r.collection_policy_id = p.id) AS categories
                  FROM collection_policy p
                 WHERE p.active AND (p.company_id IS NULL OR p.company_id = %(company)s)
            ), fallback AS MATERIALIZED (
                SELECT COALESCE(
                    (SELECT s.id FROM segment s JOIN res_company c ON c.collection_policy_id = s.id WHERE c.id = %(company)s),
                    (SELECT id FROM segment WHERE countries = '{}' AND industries = '{}' AND categories = '{}'
                      ORDER BY sequence, id LIMIT 1)
                ) AS id
            ), partner_policy AS MATERIALIZED (
                SELECT p.id AS partner_id,
                       COALESCE(
                           own.id,
                           (SELECT s.id FROM segment s
                             WHERE NOT (s.countries = '{}' AND s.industries = '{}' AND s.categories = '{}')
                               AND (s.countries = '{}' OR p.country_id = ANY(s.countries))
                               AND (s.industries = '{}' OR p.industry_id = ANY(s.industries))
                               AND (s.categories = '{}' OR EXISTS (
                                       SELECT 1 FROM res_partner_res_partner_category_rel r
                                        WHERE r.partner_id = p.id AND r.category_id = ANY(s.categories)))
                             ORDER BY s.sequence, s.id LIMIT 1),
                           fallback.id
                       ) AS policy_id
                  FROM (SELECT DISTINCT partner_id AS id FROM line) one
                  JOIN res_partner p ON p.id = one.id
                 CROSS JOIN fallback
                  LEFT JOIN collection_policy own
                    ON own.id = (p.collection_policy_id ->> %(company_key)s)::int AND own.active
            )
            """,
            company=company.id,
            company_key=str(company.id),
        )

    def _cte_holds(self, company, scope):
        """What keeps an invoice or a customer from being asked now, other than flags on the line itself."""
        return SQL(
            """
            pause AS MATERIALIZED (
                SELECT commercial_partner_id AS partner_id, move_id, max(date_end) AS date_end
                  FROM collection_hold
                 WHERE active AND company_id = %(company)s AND %(today)s BETWEEN date_start AND date_end
                 GROUP BY commercial_partner_id, move_id
            ), contested AS MATERIALIZED (
                SELECT commercial_partner_id AS partner_id, move_id
                  FROM collection_hold
                 WHERE active AND company_id = %(company)s AND reason = 'dispute'
                   AND %(today)s BETWEEN date_start AND date_end
            ), undelivered AS MATERIALIZED (
                SELECT failed.res_id AS move_id
                  FROM mail_notification n
                  JOIN mail_message failed ON failed.id = n.mail_message_id AND failed.model = 'account.move'
                 WHERE n.notification_status IN ('bounce', 'exception')
                   AND failed.res_id IN (SELECT move_id FROM line)
                   AND NOT EXISTS (
                       SELECT 1
                         FROM mail_message later
                         JOIN mail_notification ok ON ok.mail_message_id = later.id AND ok.notification_status = 'sent'
                        WHERE later.model = 'account.move' AND later.res_id = failed.res_id AND later.id > failed.id)
            ), receipt AS MATERIALIZED (
                SELECT partner_id FROM line WHERE is_receipt AND residual < 0
                UNION
                SELECT p.commercial_partner_id
                  FROM account_bank_statement_line b
                  JOIN account_move m ON m.id = b.move_id AND m.state = 'posted'
                  JOIN res_company c ON c.id = b.company_id
                  JOIN res_partner p ON p.id = b.partner_id
                 WHERE b.is_reconciled IS NOT TRUE AND b.amount > 0
                   AND split_part(c.parent_path, '/', 1)::int = %(company)s
            ), pending AS MATERIALIZED (
                SELECT p.commercial_partner_id AS partner_id
                  FROM payment_transaction t
                  JOIN res_company c ON c.id = t.company_id
                  LEFT JOIN account_invoice_transaction_rel r ON r.transaction_id = t.id
                  LEFT JOIN account_move m ON m.id = r.invoice_id
                  JOIN res_partner p ON p.id = COALESCE(m.partner_id, t.partner_id)
                 WHERE t.state IN ('pending', 'authorized')
                   AND t.operation != 'validation'
                   AND t.last_state_change >= %(now)s::timestamp - %(pending_days)s * interval '1 day'
                   AND split_part(c.parent_path, '/', 1)::int = %(company)s
                UNION
                SELECT p.commercial_partner_id
                  FROM account_payment a
                  JOIN res_company c ON c.id = a.company_id
                  JOIN res_partner p ON p.id = a.partner_id
                 WHERE a.state = 'in_process' AND a.payment_type = 'inbound' AND a.move_id IS NULL
                   AND split_part(c.parent_path, '/', 1)::int = %(company)s
            )
            """,
            company=company.id,
            today=scope["today"],
            now=scope["now"],
            pending_days=PENDING_DAYS,
        )

    def _cte_credit(self, digits):
        """Open credits taken off what is asked: first from the invoice a credit names, then oldest first.

        Same company, currency and account only; never against contested items. Money received and
        not matched yet is no credit: it holds the customer until somebody has matched it.
        """
        return SQL(
            """
            named AS MATERIALIZED (
                SELECT reversed_entry_id AS move_id, company_id, currency_id, account_id, partner_id, -sum(residual) AS amount
                  FROM line
                 WHERE residual < 0 AND NOT is_receipt
                 GROUP BY reversed_entry_id, company_id, currency_id, account_id, partner_id
            ), nettable AS MATERIALIZED (
                SELECT l.line_id, l.move_id, l.company_id, l.currency_id, l.account_id, l.partner_id, l.date_due, l.residual
                  FROM line l
                 WHERE l.residual > 0 AND NOT l.excluded
                   AND (l.partner_id, l.company_id, l.currency_id, l.account_id) IN (
                       SELECT partner_id, company_id, currency_id, account_id FROM named)
                   AND NOT EXISTS (
                       SELECT 1 FROM contested c
                        WHERE c.partner_id = l.partner_id AND (c.move_id IS NULL OR c.move_id = l.move_id))
            ), first_credit AS MATERIALIZED (
                SELECT n.*,
                       LEAST(n.residual, GREATEST(0, COALESCE(c.amount, 0) - (
                           sum(n.residual) OVER (PARTITION BY n.move_id, n.account_id, n.currency_id ORDER BY n.date_due, n.line_id)
                           - n.residual))) AS applied
                  FROM nettable n
                  LEFT JOIN named c
                    ON c.move_id = n.move_id AND c.company_id = n.company_id AND c.currency_id = n.currency_id
                   AND c.account_id = n.account_id AND c.partner_id = n.partner_id
            ), pool AS MATERIALIZED (
                SELECT c.partner_id, c.company_id, c.currency_id, c.account_id, sum(c.amount) - COALESCE((
                           SELECT sum(f.applied) FROM first_credit f
                            WHERE f.partner_id = c.partner_id AND f.company_id = c.company_id
                              AND f.currency_id = c.currency_id AND f.account_id = c.account_id), 0) AS amount
                  FROM named c
                 GROUP BY c.partner_id, c.company_id, c.currency_id, c.account_id
            ), credit AS MATERIALIZED (
                SELECT f.line_id,
                       f.applied + LEAST(f.residual - f.applied, GREATEST(0, p.amount - (
                           sum(f.residual - f.applied) OVER (
                               PARTITION BY f.partner_id, f.company_id, f.currency_id, f.account_id
                               ORDER BY f.date_due, f.line_id)
                           - (f.residual - f.applied)))) AS amount
                  FROM first_credit f
                  JOIN pool p
                    ON p.partner_id = f.partner_id AND p.company_id = f.company_id
                   AND p.currency_id = f.currency_id AND p.account_id = f.account_id
            )
            """
        )

    def _cte_habit(self, scope):
        """Customers who are new or pay late by habit; looked at only where a heads-up could go out."""
        return SQL(
            """
            candidate AS MATERIALIZED (
                SELECT DISTINCT l.partner_id, l.account_id
                  FROM line l
                 WHERE l.residual > 0 AND l.date_due > %(today)s
                   AND l.date_due <= %(today)s::date - (SELECT min(days) FROM stage WHERE only_new_late_or_large)
            ), habit AS MATERIALIZED (
                SELECT c.partner_id,
                       count(paid.line_id) = 0 AS is_new,
                       count(paid.line_id) > 0
                           AND 2 * count(*) FILTER (WHERE paid.paid_on > paid.date_maturity + %(habit_days)s)
                               >= count(paid.line_id) AS is_late
                  FROM (SELECT DISTINCT partner_id FROM candidate) c
                  LEFT JOIN LATERAL (
                      SELECT l.id AS line_id, l.date_maturity, max(r.max_date) AS paid_on
                        FROM res_partner p
                        JOIN account_move_line l ON l.partner_id = p.id
                        JOIN account_partial_reconcile r ON r.debit_move_id = l.id
                       WHERE p.commercial_partner_id = c.partner_id
                         AND l.account_id IN (SELECT account_id FROM candidate)
                         AND l.reconciled AND l.date_maturity >= %(today)s::date - 365 AND l.date_maturity <= %(today)s
                       GROUP BY l.id
                  ) paid ON TRUE
                 GROUP BY c.partner_id
            )
            """,
            today=scope["today"],
            habit_days=HABIT_DAYS,
        )

    def _cte_ladder(self, scope):
        """The state of each debit and, once per distinct state, its stage and next stage.

        A stage is a function of a few small numbers, so the ladder is climbed once for each
        combination of them instead of once per item.
        """
        return SQL(
            """
            held AS MATERIALIZED (
                SELECT l.line_id, l.move_id, l.partner_id, l.company_id, l.currency_id, l.account_id, l.date_due,
                       l.residual, COALESCE(c.amount, 0) AS credit, l.residual - COALESCE(c.amount, 0) AS amount_asked,
                       CASE WHEN c.amount IS NULL THEN l.residual_company
                            ELSE round(l.residual_company * (l.residual - c.amount) / l.residual, cur.decimal_places)
                       END AS amount_company,
                       COALESCE(l.collection_policy_id, pp.policy_id) AS policy_id,
                       %(today)s::date - l.date_due AS days_late,
                       CASE WHEN l.excluded THEN 'excluded'
                            WHEN l.blocked THEN 'blocked'
                            WHEN pause.date_end IS NOT NULL THEN 'paused'
                            WHEN l.unsent AND root.collection_require_delivery THEN 'not_delivered'
                            WHEN failed.move_id IS NOT NULL AND root.collection_require_delivery THEN 'delivery_failed'
                            WHEN pending.partner_id IS NOT NULL THEN 'pending_payment'
                            WHEN receipt.partner_id IS NOT NULL THEN 'unmatched_receipt'
                            WHEN l.residual <= COALESCE(c.amount, 0) THEN 'covered'
                       END AS hold_code,
                       CASE WHEN NOT l.excluded AND NOT l.blocked THEN pause.date_end END AS hold_until,
                       i.id AS item_id, i.is_open AS was_open, i.hold_code AS old_hold, i.restart AS old_restart,
                       i.asked_days AS old_asked_days, i.asked_on
                  FROM line l
                  JOIN res_company root ON root.id = %(company)s
                  JOIN res_currency cur ON cur.id = root.currency_id
                  JOIN partner_policy pp ON pp.partner_id = l.partner_id
                  LEFT JOIN credit c ON c.line_id = l.line_id
                  LEFT JOIN LATERAL (
                      SELECT max(date_end) AS date_end FROM pause p
                       WHERE p.partner_id = l.partner_id AND (p.move_id IS NULL OR p.move_id = l.move_id)
                  ) pause ON TRUE
                  LEFT JOIN (SELECT DISTINCT move_id FROM undelivered) failed ON failed.move_id = l.move_id
                  LEFT JOIN (SELECT DISTINCT partner_id FROM pending) pending ON pending.partner_id = l.partner_id
                  LEFT JOIN (SELECT DISTINCT partner_id FROM receipt) receipt ON receipt.partner_id = l.partner_id
                  LEFT JOIN collection_item i ON i.line_id = l.line_id
                 WHERE l.residual > 0
            ), unreached AS MATERIALIZED (
                SELECT partner_id, array_agg(stage_id ORDER BY stage_id) AS stage_ids
                  FROM (
                      SELECT h.partner_id, s.id AS stage_id
                        FROM held h
                        JOIN stage s ON s.policy_id = h.policy_id AND (s.minimum_amount > 0 OR s.minimum_share > 0)
                       GROUP BY h.partner_id, s.id, s.minimum_amount, s.minimum_share
                      HAVING COALESCE(sum(h.amount_company) FILTER (WHERE h.days_late >= s.days AND h.hold_code IS NULL), 0)
                                 < s.minimum_amount
                          OR COALESCE(sum(h.amount_company) FILTER (WHERE h.days_late >= s.days AND h.hold_code IS NULL), 0)
                                 * 100 < s.minimum_share * sum(h.amount_company)
                  ) missed
                 GROUP BY partner_id
            ), large AS MATERIALIZED (
                SELECT policy_id, min(large_amount) AS amount
                  FROM stage WHERE days < 0 AND only_new_late_or_large
                 GROUP BY policy_id
            ), restarted AS MATERIALIZED (
                SELECT h.*,
                       h.item_id IS NOT NULL AND (
                           h.old_restart OR NOT h.was_open
                           OR (h.old_hold = ANY(%(pauses)s) AND h.hold_code IS DISTINCT FROM h.old_hold)
                       ) AS restart
                  FROM held h
            ), state AS MATERIALIZED (
                SELECT r.*,
                       COALESCE(r.old_asked_days, -9999) AS asked_days,
                       COALESCE(%(today)s::date - r.asked_on, 9999) AS asked_since,
                       r.restart OR COALESCE(r.old_asked_days, -9999) < 0 AS gentle,
                       r.days_late < 0 AND (COALESCE(r.amount_company > large.amount, FALSE)
                           OR COALESCE(habit.is_new OR habit.is_late, FALSE)) AS notable,
                       COALESCE(unreached.stage_ids, '{}') AS blocked
                  FROM restarted r
                  LEFT JOIN large ON large.policy_id = r.policy_id
                  LEFT JOIN habit ON habit.partner_id = r.partner_id
                  LEFT JOIN unreached ON unreached.partner_id = r.partner_id
            ), combination AS MATERIALIZED (
                SELECT DISTINCT policy_id, days_late, asked_days, asked_since, gentle, notable, blocked FROM state
            ), ladder AS MATERIALIZED (
                SELECT k.*, now_on.id AS stage_id, next_on.id AS next_stage_id, next_on.ready_in
                  FROM combination k
                  LEFT JOIN LATERAL (
                      SELECT s.id
                        FROM stage s
                       WHERE s.policy_id = k.policy_id AND s.days <= k.days_late AND s.id != ALL(k.blocked)
                         AND (s.days >= 0 OR (k.days_late < 0 AND (k.notable OR NOT s.only_new_late_or_large)))
                       ORDER BY s.days DESC
                       LIMIT 1
                  ) now_on ON TRUE
                  LEFT JOIN LATERAL (
                      SELECT s.id,
                             CASE WHEN s.requires_previous AND NOT k.gentle
                                  THEN GREATEST(s.days - k.days_late, s.previous_response - k.asked_since)
                                  ELSE s.days - k.days_late
                             END AS ready_in,
                             s.days
                        FROM stage s
                       WHERE s.policy_id = k.policy_id AND s.id != ALL(k.blocked)
                         AND CASE
                                 WHEN s.days < 0 THEN k.days_late < 0 AND k.asked_days < s.days
                                      AND (k.notable OR NOT s.only_new_late_or_large)
                                 WHEN k.gentle THEN s.requires_previous IS NOT TRUE
                                 ELSE s.days > k.asked_days
                                      AND (s.requires_previous IS NOT TRUE OR k.asked_days >= s.previous_days)
                             END
                       ORDER BY CASE
                                    WHEN s.days > k.days_late THEN 1
                                    WHEN s.requires_previous AND NOT k.gentle
                                         AND s.previous_response > k.asked_since THEN 1
                                    ELSE 0
                                END,
                                CASE WHEN k.gentle OR s.days > k.days_late THEN s.days ELSE -s.days END
                       LIMIT 1
                  ) next_on ON TRUE
            )
            """,
            company=scope["company"],
            today=scope["today"],
            pauses=PAUSES,
        )

    # === CASES === #

    def _refresh_cases(self, scope):
        """Open, total and close cases after the items were written."""
        self._open_cases(scope)
        self._attach_items(scope)
        self._total_cases(scope)
        self._choose_responsible(scope)
        self._close_cases(scope)
        self._cancel_settled_steps(scope)

    def _open_cases(self, scope):
        """Open a case for each customer with a late item, or one a stage speaks about before it is due."""
        self.env.execute_query(
            SQL(
                """
                WITH opened AS (
                    INSERT INTO collection_case (partner_id, company_id, state, date_opened, round_count, user_is_chosen,
                                                 reply_escalated, create_uid, create_date, write_uid, write_date)
                    SELECT DISTINCT i.partner_id, i.root_company_id, 'open', %(now)s::timestamp, 0, FALSE, FALSE,
                           %(uid)s, %(now)s::timestamp, %(uid)s, %(now)s::timestamp
                      FROM collection_item i
                     WHERE i.is_open AND i.root_company_id = %(company)s AND %(in_scope)s
                       AND (i.date_due < %(today)s OR i.stage_id IS NOT NULL)
                       AND COALESCE(i.hold_code, '') NOT IN ('excluded', 'covered')
                       AND NOT EXISTS (
                           SELECT 1 FROM collection_case c
                            WHERE c.partner_id = i.partner_id AND c.company_id = i.root_company_id AND c.state = 'open')
                    RETURNING id
                )
                INSERT INTO collection_case_event (case_id, moment, kind, amount_overdue)
                SELECT id, %(now)s, 'opened', 0 FROM opened
                RETURNING id
                """,
                in_scope=self._in_scope("i", scope),
                uid=self.env.uid,
                **{key: scope[key] for key in ("now", "company", "today")},
            )
        )

    def _attach_items(self, scope):
        """Tie items to the open case, and number the rounds of items that became late together."""
        self.env.execute_query(
            SQL(
                """
                WITH target AS (
                    SELECT i.id, c.id AS case_id, c.round_count,
                           i.stage_id IS NOT NULL AND (i.round = 0 OR i.case_id IS DISTINCT FROM c.id) AS starts,
                           CASE WHEN i.case_id IS DISTINCT FROM c.id THEN 0 ELSE i.round END AS kept_round,
                           i.date_due
                      FROM collection_item i
                      JOIN collection_case c
                        ON c.partner_id = i.partner_id AND c.company_id = i.root_company_id AND c.state = 'open'
                     WHERE i.is_open AND i.root_company_id = %(company)s AND %(in_scope)s
                ), numbered AS (
                    SELECT id, case_id,
                           CASE WHEN starts
                                THEN round_count + dense_rank() OVER (PARTITION BY case_id, starts ORDER BY date_due)
                                ELSE kept_round
                           END AS round
                      FROM target
                ), attached AS (
                    UPDATE collection_item i
                       SET case_id = n.case_id, round = n.round
                      FROM numbered n
                     WHERE n.id = i.id AND (i.case_id, i.round) IS DISTINCT FROM (n.case_id, n.round::int)
                )
                UPDATE collection_case c
                   SET round_count = last.round
                  FROM (SELECT case_id, max(round) AS round FROM numbered GROUP BY case_id) last
                 WHERE last.case_id = c.id AND last.round > c.round_count
                RETURNING c.id
                """,
                company=scope["company"],
                in_scope=self._in_scope("i", scope),
            )
        )

    def _total_cases(self, scope):
        """Write the totals and the stage of open cases, and an event for each change of stage."""
        self.env.execute_query(
            SQL(
                """
                WITH total AS (
                    SELECT c.id AS case_id, c.stage_id AS old_stage_id, t.*
                      FROM collection_case c
                      LEFT JOIN LATERAL (
                          SELECT count(*) AS item_count,
                                 COALESCE(sum(i.amount_company), 0) AS amount_open,
                                 COALESCE(sum(i.amount_company) FILTER (WHERE i.date_due < %(today)s), 0) AS amount_overdue,
                                 COALESCE(sum(i.amount_company) FILTER (WHERE i.hold_code IS NOT NULL), 0) AS amount_held,
                                 COALESCE(sum(i.credit_applied * i.amount_company / NULLIF(i.amount_asked, 0)), 0) AS amount_credit,
                                 min(i.date_due) FILTER (WHERE COALESCE(i.hold_code, '') NOT IN ('excluded', 'covered'))
                                     AS oldest_due_date,
                                 (array_agg(i.stage_id ORDER BY (i.hold_code IS NOT NULL), s.days DESC)
                                     FILTER (WHERE s.id IS NOT NULL
                                               AND COALESCE(i.hold_code, '') NOT IN ('excluded', 'covered')))[1] AS stage_id,
                                 (array_agg(i.policy_id ORDER BY i.date_due, i.id)
                                     FILTER (WHERE i.policy_id IS NOT NULL))[1] AS policy_id,
                                 CASE WHEN bool_and(i.hold_code IS NOT NULL) FILTER (WHERE i.date_due < %(today)s)
                                      THEN (array_agg(i.hold_code ORDER BY i.date_due, i.id)
                                            FILTER (WHERE i.date_due < %(today)s
                                                      AND i.hold_code NOT IN ('excluded', 'covered')))[1]
                                 END AS hold_code
                            FROM collection_item i
                            LEFT JOIN collection_stage s ON s.id = i.stage_id
                           WHERE i.case_id = c.id AND i.is_open
                      ) t ON TRUE
                     WHERE c.state = 'open' AND c.company_id = %(company)s AND %(in_scope)s
                ), changed AS (
                    UPDATE collection_case c
                       SET item_count = t.item_count, amount_open = t.amount_open, amount_overdue = t.amount_overdue,
                           amount_held = t.amount_held, amount_credit = round(t.amount_credit, 2),
                           oldest_due_date = t.oldest_due_date, stage_id = t.stage_id,
                           policy_id = COALESCE(t.policy_id, c.policy_id),
                           hold_code = t.hold_code
                      FROM total t
                     WHERE t.case_id = c.id
                       AND (c.item_count, c.amount_open, c.amount_overdue, c.amount_held, c.amount_credit,
                            c.oldest_due_date, c.stage_id, c.policy_id, c.hold_code)
                           IS DISTINCT FROM
                           (t.item_count, t.amount_open, t.amount_overdue, t.amount_held, round(t.amount_credit, 2),
                            t.oldest_due_date, t.stage_id, COALESCE(t.policy_id, c.policy_id), t.hold_code)
                    RETURNING c.id
                )
                INSERT INTO collection_case_event (case_id, moment, kind, old_stage_id, new_stage_id, amount_overdue)
                SELECT case_id, %(now)s, 'stage', old_stage_id, stage_id, amount_overdue
                  FROM total
                 WHERE stage_id IS DISTINCT FROM old_stage_id
                RETURNING id
                """,
                in_scope=self._in_scope("c", scope),
                **{key: scope[key] for key in ("now", "company", "today")},
            )
        )

    def _choose_responsible(self, scope):
        """Give each case nobody chose a responsible for the one the rules name, else the salesperson."""
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_case c
                   SET user_id = named.user_id
                  FROM (
                      SELECT c.id, COALESCE((
                                 SELECT r.user_id
                                   FROM collection_responsible r
                                   JOIN res_users u ON u.id = r.user_id AND u.active
                                  WHERE r.active AND r.company_id = c.company_id
                                    AND (r.lang IS NULL OR r.lang = p.lang)
                                    AND c.amount_overdue >= COALESCE(r.minimum_amount, 0)
                                    AND (COALESCE(r.maximum_amount, 0) = 0 OR c.amount_overdue <= r.maximum_amount)
                                    AND (NOT EXISTS (SELECT 1 FROM collection_responsible_res_country_rel x
                                                      WHERE x.collection_responsible_id = r.id)
                                         OR EXISTS (SELECT 1 FROM collection_responsible_res_country_rel x
                                                     WHERE x.collection_responsible_id = r.id
                                                       AND x.res_country_id = p.country_id))
                                  ORDER BY r.sequence, r.id
                                  LIMIT 1
                             ), p.user_id, root.collection_user_id) AS user_id
                        FROM collection_case c
                        JOIN res_partner p ON p.id = c.partner_id
                        JOIN res_company root ON root.id = c.company_id
                       WHERE c.state = 'open' AND c.company_id = %(company)s AND c.user_is_chosen IS NOT TRUE
                         AND %(in_scope)s
                  ) named
                 WHERE named.id = c.id AND named.user_id IS DISTINCT FROM c.user_id
                RETURNING c.id
                """,
                company=scope["company"],
                in_scope=self._in_scope("c", scope),
            )
        )

    def _close_cases(self, scope):
        """Close cases with nothing left that is late, and cancel what they had planned."""
        self.env.execute_query(
            SQL(
                """
                WITH closed AS (
                    UPDATE collection_case c
                       SET state = 'closed', date_closed = %(now)s::timestamp, next_stage_id = NULL, next_step_date = NULL,
                           next_reason = NULL, reply_unread_since = c.reply_unread_since
                     WHERE c.state = 'open' AND c.company_id = %(company)s AND %(in_scope)s
                       AND NOT EXISTS (
                           SELECT 1 FROM collection_item i
                            WHERE i.case_id = c.id AND i.is_open
                              AND (i.date_due < %(today)s OR i.stage_id IS NOT NULL)
                              AND COALESCE(i.hold_code, '') NOT IN ('excluded', 'covered'))
                    RETURNING c.id, c.amount_overdue
                ), cancelled AS (
                    UPDATE collection_step s
                       SET state = 'cancelled', cancel_code = 'case_closed'
                      FROM closed
                     WHERE s.case_id = closed.id AND s.state IN ('planned', 'waiting', 'approved')
                )
                INSERT INTO collection_case_event (case_id, moment, kind, amount_overdue)
                SELECT id, %(now)s, 'closed', amount_overdue FROM closed
                RETURNING id
                """,
                in_scope=self._in_scope("c", scope),
                **{key: scope[key] for key in ("now", "company", "today")},
            )
        )

    def _cancel_settled_steps(self, scope):
        """Cancel steps that have not left and whose items are all settled."""
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_step s
                   SET state = 'cancelled', cancel_code = 'nothing_owed'
                 WHERE s.state IN ('planned', 'waiting', 'approved') AND s.is_asking AND s.company_id = %(company)s
                   AND %(in_scope)s
                   AND NOT EXISTS (
                       SELECT 1
                         FROM collection_item_step_rel r
                         JOIN collection_item i ON i.id = r.item_id AND i.is_open
                        WHERE r.step_id = s.id)
                RETURNING s.id
                """,
                company=scope["company"],
                in_scope=self._in_scope("s", scope),
            )
        )
