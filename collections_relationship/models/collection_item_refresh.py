"""Brings `collection.item` and the cases' totals up to date, in a handful of statements.

Set-based: the number of statements does not grow with the number of items. Accounting tables are
read and never written: a write on `account.move` would mark it as changed by hand, and one row
edited meanwhile would abort the whole statement.
"""
from odoo import api, models
from odoo.tools import SQL

from ..engine import agreement
from .collection_hold import COOLING_OFF
from .collection_template import MILD_PURPOSES, STERN_TONES

#: A pending online payment that never comes to an end stops holding a customer after this many days.
PENDING_DAYS = 14
#: A proposal the customer does not know of yet holds no longer than this many days while it waits for a yes.
PROPOSED_DAYS = 7
#: A customer pays late by habit when at least half of a year's items came more than this many days late.
HABIT_DAYS = 5
#: Ends of these holds are followed by a gentle restart; the others are facts, not pauses.
PAUSES = ["arranged", "offered", "paused", "excluded", "blocked"]


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
            count += self._refresh_company(company, scope)
            self._choose_responsible(scope)
            self._close_cases(scope)
            self._cancel_settled_steps(scope)
        self.env.invalidate_all()
        return count

    # === ITEMS AND CASES === #

    def _refresh_company(self, company, scope):
        """Write items, cases, totals and events of one company in one statement.

        :return: number of open items looked at
        """
        of_partners = (
            SQL("TRUE")
            if scope["partner_ids"] is None
            else SQL(
                "l.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s))", scope["partner_ids"]
            )
        )
        ctes = [
            *self._refresh_ctes(company, scope, of_partners),
            *self._case_ctes(scope),
            *self._write_ctes(scope),
        ]
        [(count,)] = self.env.execute_query(SQL("WITH %s SELECT count(*) FROM fresh", SQL(", ").join(ctes)))
        return count

    def _write_ctes(self, scope):
        """Return the parts that write: items, settled items, cases and events."""
        return [
            SQL(
                """
                placed AS MATERIALIZED (
                    SELECT f.item_id, f.line_id, f.move_id, f.partner_id, f.company_id, f.currency_id, f.account_id, f.policy_id,
                           f.date_due, f.residual, f.credit, f.amount_asked, f.amount_company, f.stage_id, f.next_stage_id,
                           f.next_date, f.hold_code, f.hold_until, f.restart, c.id AS case_id,
                           COALESCE(started.round, CASE WHEN f.old_case_id = c.id THEN f.old_round END, 0) AS round
                      FROM fresh f
                      LEFT JOIN case_of c ON c.partner_id = f.partner_id
                      LEFT JOIN started ON started.line_id = f.line_id
                     WHERE f.item_id IS NULL
                        OR f.changed
                        OR started.line_id IS NOT NULL
                        OR f.old_case_id IS DISTINCT FROM c.id
                ), added AS (
                    INSERT INTO collection_item (
                        line_id, move_id, partner_id, company_id, root_company_id, currency_id, account_id, policy_id,
                        date_due, is_open, residual, credit_applied, amount_asked, amount_company,
                        stage_id, next_stage_id, next_date, hold_code, hold_until, restart, round, case_id
                    )
                    SELECT f.line_id, f.move_id, f.partner_id, f.company_id, %(company)s, f.currency_id, f.account_id,
                           f.policy_id, f.date_due, TRUE, f.residual, f.credit, f.amount_asked, f.amount_company,
                           f.stage_id, f.next_stage_id, f.next_date, f.hold_code, f.hold_until, f.restart, f.round, f.case_id
                      FROM placed f
                     WHERE f.item_id IS NULL
                    -- Nothing can be in the way but a row another transaction has just added: that one is tried again.
                    ON CONFLICT (line_id) DO NOTHING
                ), rewritten AS (
                    UPDATE collection_item i
                       SET move_id = f.move_id, partner_id = f.partner_id, company_id = f.company_id,
                           root_company_id = %(company)s, currency_id = f.currency_id, account_id = f.account_id,
                           policy_id = f.policy_id, date_due = f.date_due, is_open = TRUE, residual = f.residual,
                           credit_applied = f.credit, amount_asked = f.amount_asked, amount_company = f.amount_company,
                           stage_id = f.stage_id, next_stage_id = f.next_stage_id, next_date = f.next_date,
                           hold_code = f.hold_code, hold_until = f.hold_until, restart = f.restart, round = f.round,
                           case_id = f.case_id
                      FROM placed f
                     WHERE i.id = f.item_id
                )
                """,
                company=scope["company"],
            ),
            SQL(
                """
                settled AS (
                    UPDATE collection_item i
                       SET is_open = FALSE, residual = 0, credit_applied = 0, amount_asked = 0, amount_company = 0,
                           stage_id = NULL, next_stage_id = NULL, next_date = NULL, hold_code = NULL, hold_until = NULL
                     WHERE i.is_open
                       AND i.root_company_id = %(company)s
                       AND %(in_scope)s
                       AND NOT EXISTS (SELECT 1 FROM fresh WHERE fresh.line_id = i.line_id)
                )
                """,
                company=scope["company"],
                in_scope=self._in_scope("i", scope),
            ),
            SQL(
                """
                updated AS (
                    UPDATE collection_case c
                       SET item_count = n.item_count, amount_open = n.amount_open, amount_overdue = n.amount_overdue,
                           amount_held = n.amount_held, amount_credit = n.amount_credit,
                           oldest_due_date = n.oldest_due_date, stage_id = n.stage_id, hold_code = n.hold_code,
                           policy_id = n.policy_id, round_count = n.round_count
                      FROM (
                          SELECT o.id, COALESCE(t.item_count, 0) AS item_count, COALESCE(t.amount_open, 0) AS amount_open,
                                 COALESCE(t.amount_overdue, 0) AS amount_overdue,
                                 COALESCE(t.amount_held, 0) AS amount_held,
                                 COALESCE(t.amount_credit, 0) AS amount_credit, t.oldest_due_date, t.stage_id,
                                 t.hold_code, COALESCE(t.policy_id, o.policy_id) AS policy_id,
                                 GREATEST(o.round_count, r.round) AS round_count
                            FROM open_case o
                            LEFT JOIN total t ON t.partner_id = o.partner_id
                            LEFT JOIN (SELECT case_id, max(round)::int AS round FROM started GROUP BY case_id) r
                              ON r.case_id = o.id
                      ) n
                     WHERE n.id = c.id
                       AND (c.item_count, c.amount_open, c.amount_overdue, c.amount_held, c.amount_credit,
                            c.oldest_due_date, c.stage_id, c.hold_code, c.policy_id, c.round_count)
                           IS DISTINCT FROM
                           (n.item_count, n.amount_open, n.amount_overdue, n.amount_held, n.amount_credit,
                            n.oldest_due_date, n.stage_id, n.hold_code, n.policy_id, n.round_count)
                )
                """
            ),
            SQL(
                """
                logged AS (
                    INSERT INTO collection_case_event (case_id, moment, kind, old_stage_id, new_stage_id, amount_overdue)
                    SELECT o.id, %(now)s::timestamp, 'opened', NULL::int, t.stage_id, COALESCE(t.amount_overdue, 0)
                      FROM opened o
                      JOIN total t ON t.partner_id = o.partner_id
                    UNION ALL
                    SELECT c.id, %(now)s, 'stage', c.stage_id, t.stage_id, COALESCE(t.amount_overdue, 0)
                      FROM open_case c
                      LEFT JOIN total t ON t.partner_id = c.partner_id
                     WHERE t.stage_id IS DISTINCT FROM c.stage_id
                )
                """,
                now=scope["now"],
            ),
        ]

    def _case_ctes(self, scope):
        """Return the parts that total items by customer, open cases and number rounds."""
        return [
            SQL(
                """
                open_case AS MATERIALIZED (
                    SELECT c.id, c.partner_id, c.stage_id, c.policy_id, c.round_count
                      FROM collection_case c
                     WHERE c.state = 'open' AND c.company_id = %(company)s AND %(in_scope)s
                )
                """,
                company=scope["company"],
                in_scope=self._in_scope("c", scope),
            ),
            SQL(
                """
                total AS MATERIALIZED (
                    SELECT f.partner_id,
                           count(*) AS item_count,
                           sum(f.amount_company) AS amount_open,
                           COALESCE(sum(f.amount_company) FILTER (WHERE f.days_late > 0), 0) AS amount_overdue,
                           COALESCE(sum(f.amount_company) FILTER (WHERE f.hold_code IS NOT NULL), 0) AS amount_held,
                           sum(f.credit_company) AS amount_credit,
                           min(f.date_due) FILTER (WHERE f.chaseable) AS oldest_due_date,
                           (array_agg(f.stage_id ORDER BY (f.hold_code IS NOT NULL), s.days DESC)
                               FILTER (WHERE f.chaseable AND f.stage_id IS NOT NULL))[1] AS stage_id,
                           (array_agg(f.policy_id ORDER BY f.date_due, f.line_id)
                               FILTER (WHERE f.policy_id IS NOT NULL))[1] AS policy_id,
                           CASE WHEN bool_and(f.hold_code IS NOT NULL) FILTER (WHERE f.days_late > 0)
                                THEN (array_agg(f.hold_code ORDER BY f.date_due, f.line_id)
                                      FILTER (WHERE f.days_late > 0 AND f.chaseable))[1]
                           END AS hold_code,
                           count(DISTINCT f.date_due) FILTER (WHERE f.stage_id IS NOT NULL) AS rounds,
                           bool_or(f.chaseable AND (f.days_late > 0 OR f.stage_id IS NOT NULL)) AS is_due
                      FROM fresh f
                      LEFT JOIN stage s ON s.id = f.stage_id
                     GROUP BY f.partner_id
                ), opened AS (
                    INSERT INTO collection_case (
                        partner_id, company_id, state, date_opened, round_count, user_is_chosen, reply_escalated,
                        item_count, amount_open, amount_overdue, amount_held, amount_credit, oldest_due_date, stage_id,
                        policy_id, hold_code, create_uid, create_date, write_uid, write_date)
                    SELECT t.partner_id, %(company)s, 'open', %(now)s::timestamp, t.rounds, FALSE, FALSE,
                           t.item_count, t.amount_open, t.amount_overdue, t.amount_held, t.amount_credit,
                           t.oldest_due_date, t.stage_id, t.policy_id, t.hold_code,
                           %(uid)s, %(now)s::timestamp, %(uid)s, %(now)s::timestamp
                      FROM total t
                     WHERE t.is_due AND NOT EXISTS (SELECT 1 FROM open_case o WHERE o.partner_id = t.partner_id)
                    RETURNING id, partner_id
                ), case_of AS MATERIALIZED (
                    SELECT id, partner_id, stage_id, round_count FROM open_case
                    UNION ALL
                    SELECT id, partner_id, NULL, 0 FROM opened
                ), started AS MATERIALIZED (
                    SELECT f.line_id, c.id AS case_id,
                           c.round_count + dense_rank() OVER (PARTITION BY c.id ORDER BY f.date_due) AS round
                      FROM fresh f
                      JOIN case_of c ON c.partner_id = f.partner_id
                     WHERE f.stage_id IS NOT NULL
                       AND (COALESCE(f.old_round, 0) = 0 OR f.old_case_id IS DISTINCT FROM c.id
                            OR (f.restart AND NOT f.old_restart))
                )
                """,
                company=scope["company"],
                now=scope["now"],
                uid=self.env.uid,
            ),
        ]

    def _in_scope(self, alias, scope):
        """Return the condition that a row of `alias` belongs to the partners looked at."""
        if scope["partner_ids"] is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", SQL.identifier(alias, "partner_id"), scope["partner_ids"])

    def _refresh_ctes(self, company, scope, of_partners):
        """Return the parts of the query that end in `fresh`, one row per open receivable line."""
        return [
            self._cte_stage(),
            self._cte_line(scope, of_partners),
            self._cte_partner_policy(company, scope),
            self._cte_holds(company, scope),
            self._cte_credit(),
            self._cte_habit(scope),
            self._cte_ladder(scope),
            SQL(
                """
                fresh AS MATERIALIZED (
                    SELECT s.*, k.stage_id, k.next_stage_id, %(today)s::date + k.ready_in AS next_date,
                           COALESCE(s.hold_code, '') NOT IN ('excluded', 'covered') AS chaseable,
                           (i.move_id, i.partner_id, i.company_id, i.root_company_id, i.currency_id, i.account_id,
                            i.policy_id, i.date_due, i.is_open, i.residual, i.credit_applied, i.amount_asked,
                            i.amount_company, i.stage_id, i.next_stage_id, i.next_date, i.hold_code, i.hold_until,
                            i.restart)
                           IS DISTINCT FROM
                           (s.move_id, s.partner_id, s.company_id, %(company)s, s.currency_id, s.account_id,
                            s.policy_id, s.date_due, TRUE, s.residual, s.credit, s.amount_asked,
                            s.amount_company, k.stage_id, k.next_stage_id, %(today)s::date + k.ready_in, s.hold_code,
                            s.hold_until, s.restart) AS changed
                      FROM state s
                      LEFT JOIN collection_item i ON i.id = s.item_id
                      LEFT JOIN ladder k
                        ON k.policy_id = s.policy_id AND k.days_late = s.days_late
                       AND k.asked_days = s.asked_days AND k.asked_since = s.asked_since
                       AND k.gentle = s.gentle AND k.cooled = s.cooled AND k.notable = s.notable AND k.blocked = s.blocked
                )
                """,
                today=scope["today"],
                company=scope["company"],
            ),
        ]

    def _cte_stage(self):
        return SQL(
            """
            stage AS MATERIALIZED (
                SELECT s.id, s.policy_id, s.days, s.requires_previous, s.only_new_late_or_large, s.large_amount,
                       COALESCE(s.minimum_amount, 0) AS minimum_amount, COALESCE(s.minimum_share, 0) AS minimum_share,
                       lag(s.days) OVER ladder AS previous_days,
                       COALESCE(lag(s.response_days) OVER ladder, 0) AS previous_response,
                       s.mode != 'manual' AND s.purpose = ANY(%(mild)s) AND COALESCE(t.tone, s.tone) != ALL(%(stern)s) AS mild
                  FROM collection_stage s
                  LEFT JOIN collection_template t ON t.id = s.template_id
                 WHERE s.active
                WINDOW ladder AS (PARTITION BY s.policy_id ORDER BY s.days)
            )
            """,
            mild=list(MILD_PURPOSES),
            stern=list(STERN_TONES),
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
        """The policy of each customer in each branch: its own there or in the company, else the first that fits, else the
        company's."""
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
                SELECT one.id AS partner_id, one.company_id,
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
                  FROM (SELECT DISTINCT partner_id AS id, company_id FROM line) one
                  JOIN res_partner p ON p.id = one.id
                 CROSS JOIN fallback
                  LEFT JOIN segment own
                    ON own.id = COALESCE(
                           p.collection_policy_id ->> one.company_id::text,
                           p.collection_policy_id ->> %(company_key)s)::int
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
            ), cooled AS MATERIALIZED (
                SELECT DISTINCT commercial_partner_id AS partner_id
                  FROM collection_hold
                 WHERE reason = %(cooling_off)s AND restarted IS NOT TRUE
                   AND company_id = %(company)s AND date_start <= %(today)s
            ), contested AS MATERIALIZED (
                SELECT commercial_partner_id AS partner_id, move_id
                  FROM collection_hold
                 WHERE active AND company_id = %(company)s AND reason = 'dispute'
                   AND %(today)s BETWEEN date_start AND date_end
            ), agreed AS MATERIALIZED (
                -- An agreement holds while it runs, an offer while it can be accepted. What waits for a yes of ours holds
                -- while the customer waits, too; what he knows nothing of, some days.
                SELECT ai.line_id,
                       CASE WHEN bool_or(a.state = ANY(%(running)s)) THEN 'arranged'
                            WHEN bool_or(a.state = 'offered' OR a.known) THEN 'offered'
                            ELSE 'proposed' END AS hold_code,
                       CASE WHEN NOT bool_or(a.state = ANY(%(running)s) OR a.state = 'to_approve' AND a.known)
                            THEN max(a.until) END AS date_until
                  FROM (
                      SELECT id, state,
                             proposed_by = 'customer' OR accepted_how IS NOT NULL OR date_offered IS NOT NULL AS known,
                             CASE WHEN state = 'offered' THEN LEAST(date_until, date_first)
                                  WHEN state = 'to_approve' THEN LEAST(date_until, date_first, (
                                      SELECT max(e.date)::date + %(proposed_days)s
                                        FROM collection_arrangement_event e
                                       WHERE e.arrangement_id = collection_arrangement.id AND e.code = 'to_approve')) END AS until
                        FROM collection_arrangement
                       WHERE company_id = %(company)s AND state = ANY(%(holding)s)
                  ) a
                  JOIN collection_arrangement_item ai ON ai.arrangement_id = a.id
                 WHERE a.state = ANY(%(running)s) OR a.state = 'to_approve' AND a.known OR a.until >= %(today)s
                 GROUP BY ai.line_id
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
                   AND t.operation IS DISTINCT FROM 'validation'
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
            holding=list(agreement.HOLDING),
            running=list(agreement.RUNNING),
            proposed_days=PROPOSED_DAYS,
            cooling_off=COOLING_OFF,
        )

    def _cte_credit(self):
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
                           sum(n.residual) OVER (
                               PARTITION BY n.move_id, n.account_id, n.currency_id ORDER BY n.date_due, n.line_id)
                           - n.residual))) AS applied
                  FROM nettable n
                  LEFT JOIN named c
                    ON c.move_id = n.move_id AND c.company_id = n.company_id AND c.currency_id = n.currency_id
                   AND c.account_id = n.account_id AND c.partner_id = n.partner_id
            ), pool AS MATERIALIZED (
                SELECT partner_id, company_id, currency_id, account_id, sum(amount) AS amount
                  FROM (
                      SELECT partner_id, company_id, currency_id, account_id, amount FROM named
                      UNION ALL
                      SELECT partner_id, company_id, currency_id, account_id, -applied FROM first_credit
                  ) part
                 GROUP BY partner_id, company_id, currency_id, account_id
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
            known AS (
                -- Every credit and every policy has its line. A full join is hashed or merged, always:
                -- where the planner takes such a part for a few rows, a left join can become a nested
                -- loop over all of it, and the refresh quadratic.
                SELECT l.*, c.amount AS credited, pp.policy_id
                  FROM line l
                  FULL JOIN credit c ON c.line_id = l.line_id
                  FULL JOIN partner_policy pp ON pp.partner_id = l.partner_id AND pp.company_id = l.company_id
            ), held AS MATERIALIZED (
                SELECT l.line_id, l.move_id, l.partner_id, l.company_id, l.currency_id, l.account_id, l.date_due,
                       l.residual, COALESCE(l.credited, 0) AS credit, l.residual - COALESCE(l.credited, 0) AS amount_asked,
                       CASE WHEN l.credited IS NULL THEN l.residual_company
                            ELSE round(l.residual_company * (l.residual - l.credited) / l.residual, cur.decimal_places)
                       END AS amount_company,
                       COALESCE(l.collection_policy_id, l.policy_id) AS policy_id,
                       %(today)s::date - l.date_due AS days_late,
                       CASE WHEN l.excluded THEN 'excluded'
                            WHEN l.blocked THEN 'blocked'
                            WHEN agreed.line_id IS NOT NULL THEN agreed.hold_code
                            WHEN COALESCE(whole.date_end, single.date_end) IS NOT NULL THEN 'paused'
                            WHEN l.residual <= COALESCE(l.credited, 0) THEN 'covered'
                            WHEN l.unsent AND root.collection_require_delivery THEN 'not_delivered'
                            WHEN failed.move_id IS NOT NULL AND root.collection_require_delivery THEN 'delivery_failed'
                            WHEN pending.partner_id IS NOT NULL THEN 'pending_payment'
                            WHEN receipt.partner_id IS NOT NULL OR l.is_receipt THEN 'unmatched_receipt'
                       END AS hold_code,
                       CASE WHEN NOT l.excluded AND NOT l.blocked
                            THEN CASE WHEN agreed.line_id IS NOT NULL THEN agreed.date_until
                                      ELSE GREATEST(whole.date_end, single.date_end) END
                       END AS hold_until,
                       CASE WHEN l.credited IS NULL THEN 0
                            ELSE round(l.residual_company * l.credited / l.residual, cur.decimal_places)
                       END AS credit_company,
                       i.id AS item_id, i.case_id AS old_case_id, i.round AS old_round, i.is_open AS was_open,
                       cooled.partner_id IS NOT NULL AS cooled,
                       i.hold_code AS old_hold, i.restart AS old_restart, i.asked_days AS old_asked_days, i.asked_on
                  FROM known l
                  JOIN res_company root ON root.id = %(company)s
                  JOIN res_currency cur ON cur.id = root.currency_id
                  LEFT JOIN pause whole ON whole.partner_id = l.partner_id AND whole.move_id IS NULL
                  LEFT JOIN cooled ON cooled.partner_id = l.partner_id
                  LEFT JOIN agreed ON agreed.line_id = l.line_id
                  LEFT JOIN pause single ON single.partner_id = l.partner_id AND single.move_id = l.move_id
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
            ), restarted AS (
                SELECT h.*,
                       h.item_id IS NOT NULL AND (
                           COALESCE(h.old_restart, FALSE) OR NOT h.was_open
                           OR (COALESCE(h.old_hold = ANY(%(pauses)s), FALSE)
                               AND h.hold_code IS DISTINCT FROM h.old_hold)
                       ) AS restart
                  FROM held h
            ), state AS MATERIALIZED (
                SELECT r.*,
                       COALESCE(r.old_asked_days, -9999) AS asked_days,
                       COALESCE(%(today)s::date - r.asked_on, 9999) AS asked_since,
                       r.restart OR r.cooled OR COALESCE(r.old_asked_days, -9999) < 0 AS gentle,
                       r.days_late < 0 AND (COALESCE(r.amount_company > large.amount, FALSE)
                           OR COALESCE(habit.is_new OR habit.is_late, FALSE)) AS notable,
                       COALESCE(unreached.stage_ids, '{}') AS blocked
                  FROM restarted r
                  LEFT JOIN large ON large.policy_id = r.policy_id
                  LEFT JOIN habit ON habit.partner_id = r.partner_id
                  LEFT JOIN unreached ON unreached.partner_id = r.partner_id
            ), combination AS MATERIALIZED (
                SELECT DISTINCT policy_id, days_late, asked_days, asked_since, gentle, cooled, notable, blocked FROM state
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
                       WHERE s.policy_id = k.policy_id AND s.id != ALL(k.blocked) AND (s.mild OR NOT k.cooled)
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

    # === AROUND THE CASES === #

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
                       -- Uncorrelated, so that it is hashed whatever the planner believes about the items.
                       AND c.id NOT IN (
                           SELECT i.case_id FROM collection_item i
                            WHERE i.case_id IS NOT NULL AND i.is_open AND i.root_company_id = %(company)s
                              AND (i.date_due < %(today)s OR i.stage_id IS NOT NULL)
                              AND COALESCE(i.hold_code, '') NOT IN ('excluded', 'covered')
                              AND %(item_in_scope)s)
                    RETURNING c.id, c.amount_overdue
                ), cancelled AS (
                    UPDATE collection_step s
                       SET state = 'cancelled', cancel_code = 'case_closed'
                      FROM closed
                     WHERE s.case_id = closed.id AND s.state IN ('planned', 'waiting', 'approved', 'to_do')
                       -- Whoever kept what was agreed is thanked for it, now that nothing is late.
                       AND s.arrangement_id IS NULL
                )
                INSERT INTO collection_case_event (case_id, moment, kind, amount_overdue)
                SELECT id, %(now)s, 'closed', amount_overdue FROM closed
                RETURNING id
                """,
                in_scope=self._in_scope("c", scope),
                item_in_scope=self._in_scope("i", scope),
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
                 WHERE s.state IN ('planned', 'waiting', 'approved', 'to_do') AND s.is_asking AND s.company_id = %(company)s
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
