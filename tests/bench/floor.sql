-- The floor: what refreshing has to work out, and nothing else, in one read-only statement.
--
-- Parameters: %(today)s (the day), %(company)s (the root company's id).
--
-- One row per customer: how many items are open, what may be asked for, what of it is overdue and
-- what is held, the credits taken off, and the highest stage, all amounts in the company's
-- currency. It assumes what the bench's ledger is: one company, one policy for everybody, nobody
-- asked before, no pauses, bank statements or online payments. It writes nothing, keeps no history
-- and no reasons, and plans nothing; the add-on does all of that in its refresh.
WITH line AS (
    SELECT l.id, l.move_id, p.commercial_partner_id AS partner_id, l.account_id, l.currency_id, l.date_maturity,
           l.amount_residual_currency AS residual,
           l.amount_residual AS residual_company,
           m.reversed_entry_id,
           %(today)s::date - l.date_maturity AS days_late,
           COALESCE(l.no_followup, FALSE) AS excluded,
           l.no_followup OR m.payment_state = 'blocked' OR m.is_move_sent IS NOT TRUE AS held
      FROM account_move_line l
      JOIN account_move m ON m.id = l.move_id
      JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
      JOIN res_partner p ON p.id = l.partner_id
     WHERE l.company_id = %(company)s
       AND l.parent_state = 'posted'
       AND l.reconciled IS NOT TRUE
       AND l.amount_residual_currency != 0
),
-- Open credits lower what is asked: first on the invoice a credit names, what is left on the oldest.
credit AS (
    SELECT partner_id, account_id, currency_id, reversed_entry_id, -sum(residual) AS amount
      FROM line
     WHERE residual < 0
     GROUP BY partner_id, account_id, currency_id, reversed_entry_id
),
named AS (
    SELECT l.*, LEAST(l.residual, COALESCE(c.amount, 0)) AS applied
      FROM line l
      LEFT JOIN credit c
        ON c.reversed_entry_id = l.move_id AND c.account_id = l.account_id AND c.currency_id = l.currency_id
     WHERE l.residual > 0
),
pool AS (
    SELECT c.partner_id, c.account_id, c.currency_id, c.amount - COALESCE(n.applied, 0) AS amount
      FROM (SELECT partner_id, account_id, currency_id, sum(amount) AS amount FROM credit GROUP BY 1, 2, 3) c
      LEFT JOIN (SELECT partner_id, account_id, currency_id, sum(applied) AS applied
                   FROM named WHERE NOT excluded GROUP BY 1, 2, 3) n
     USING (partner_id, account_id, currency_id)
),
netted AS (
    SELECT n.*,
           CASE WHEN n.excluded THEN 0 ELSE n.applied + LEAST(n.residual - n.applied, GREATEST(0, COALESCE(p.amount, 0) - (
               sum(n.residual - n.applied) FILTER (WHERE NOT n.excluded) OVER oldest_first - (n.residual - n.applied))))
           END AS credit
      FROM named n
      LEFT JOIN pool p USING (partner_id, account_id, currency_id)
    WINDOW oldest_first AS (
        PARTITION BY n.partner_id, n.account_id, n.currency_id ORDER BY n.date_maturity, n.id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
-- A heads-up before the due date is for customers who are new or often late, or for large items.
known AS (
    SELECT p.commercial_partner_id AS partner_id,
           2 * count(*) FILTER (WHERE paid.day > l.date_maturity + 5) >= count(*) AS late
      FROM account_move_line l
      JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
      JOIN res_partner p ON p.id = l.partner_id
      JOIN (SELECT debit_move_id, max(max_date) AS day FROM account_partial_reconcile GROUP BY debit_move_id) paid
        ON paid.debit_move_id = l.id
     WHERE l.reconciled AND l.date_maturity BETWEEN %(today)s::date - 365 AND %(today)s
     GROUP BY p.commercial_partner_id
),
staged AS (
    SELECT n.partner_id, n.date_maturity, n.days_late,
           round(n.residual_company * (n.residual - n.credit) / n.residual, 2) AS asked,
           round(n.residual_company * n.credit / n.residual, 2) AS credit,
           n.held OR n.credit >= n.residual AS held,
           n.excluded OR n.credit >= n.residual AS settled,
           (SELECT s.days
              FROM collection_stage s
             WHERE s.active AND s.days <= n.days_late
               AND (s.days >= 0 OR (n.days_late < 0
                    AND (NOT s.only_new_late_or_large OR k.partner_id IS NULL OR k.late
                         OR n.residual_company * (n.residual - n.credit) / n.residual > s.large_amount)))
             ORDER BY s.days DESC
             LIMIT 1) AS stage_days
      FROM netted n
      LEFT JOIN known k USING (partner_id)
)
SELECT partner_id,
       count(*) AS item_count,
       sum(asked) AS amount_open,
       COALESCE(sum(asked) FILTER (WHERE days_late > 0), 0) AS amount_overdue,
       COALESCE(sum(asked) FILTER (WHERE held), 0) AS amount_held,
       sum(credit) AS amount_credit,
       COALESCE(max(stage_days) FILTER (WHERE NOT held), max(stage_days) FILTER (WHERE NOT settled)) AS stage_days
  FROM staged
 GROUP BY partner_id
