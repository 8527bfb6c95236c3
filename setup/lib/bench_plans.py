"""Measures a night of payment plans on the ledger that `bench_seed` has made. Run in Odoo's shell.

One plan and one payment are made through the ORM, the others are copies of their rows. As in a real
night most plans have been judged before: of a hundred ten are paid today, one of these to the end, two
have missed a payment since yesterday, one has missed for the second time.
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

from odoo import fields
from odoo.tools import SQL

sys.path.insert(0, sys.argv[1])
from lib.bench_measure import measure
from lib.bench_rows import copy_rows

PAYMENTS = 6
#: The first payment of each plan, in days from today; they are a month apart.
FIRST_DAY, MONTH = -67, 30
PAID_TODAY, PAID_OUT, MISSED, BROKEN = 10, 1, 2, 1


def make_original(env, item, today, now):
    """Return a plan of six payments and a payment of its invoice's first sixth, made through the ORM."""
    line = item.line_id
    sixth = env.company.currency_id.round(item.residual / PAYMENTS)
    days = [today + timedelta(days=FIRST_DAY + MONTH * number) for number in range(PAYMENTS)]
    arrangements = env["collection.arrangement"]
    plan = arrangements.create(
        {
            "partner_id": item.partner_id.id,
            "company_id": env.company.id,
            "currency_id": item.currency_id.id,
            "item_ids": arrangements._values_of(line),
            "line_ids": [
                fields.Command.create(
                    {"date": day, "amount": sixth if number else item.residual - (PAYMENTS - 1) * sixth}
                )
                for number, day in enumerate(days)
            ],
        }
    )
    plan._start(now - timedelta(days=90))
    register = env["account.payment.register"].with_context(active_model="account.move", active_ids=item.move_id.ids)
    payment = register.create({"amount": sixth, "payment_date": today})._create_payments()
    env.flush_all()
    return plan, payment


def copy_plans(env, plan, payment, plans, today):
    """Copy plan and payments to as many customers; say what each is in the temporary table `bench_plan`."""
    original = plan.item_ids.line_id
    env.cr.execute(
        SQL(
            """
            CREATE TEMP TABLE bench_plan AS
            SELECT n, n %% 100 AS kind, line_id, move_id, partner_id, residual, round(residual / %(payments)s, 2) AS sixth,
                   nextval('collection_arrangement_id_seq')::int AS id,
                   CASE WHEN n %% 100 < %(paid_out)s THEN 6
                        WHEN n %% 100 < %(paid_today)s THEN 3
                        WHEN n %% 100 < %(paid_today)s + %(missed)s THEN 2
                        WHEN n %% 100 < %(paid_today)s + %(missed)s + %(broken)s THEN 1
                        ELSE 3 END AS paid
              FROM (
                  SELECT row_number() OVER (ORDER BY line_id) - 1 AS n, one.*
                    FROM (
                        SELECT DISTINCT ON (i.partner_id) i.line_id, i.move_id, i.partner_id, i.residual
                          FROM collection_item i
                         WHERE i.is_open AND i.residual > 6 AND i.line_id != %(line)s AND i.partner_id != %(partner)s
                         ORDER BY i.partner_id, i.line_id
                    ) one
                   LIMIT %(plans)s
              ) numbered
            """,
            payments=PAYMENTS,
            paid_out=PAID_OUT,
            paid_today=PAID_TODAY,
            missed=MISSED,
            broken=BROKEN,
            line=original.id,
            partner=plan.partner_id.id,
            plans=plans,
        )
    )
    env.cr.execute("CREATE UNIQUE INDEX ON bench_plan (id); ANALYZE bench_plan")
    copy_rows(
        env,
        "collection_arrangement",
        SQL("collection_arrangement, bench_plan b WHERE collection_arrangement.id = %s", plan.id),
        {
            "id": SQL("b.id"),
            "name": SQL("'BENCH/' || b.n"),
            "partner_id": SQL("b.partner_id"),
            "negotiation_id": SQL("b.id"),
            "amount_covered": SQL("b.residual"),
            "amount_agreed": SQL("b.residual"),
            "amount_left": SQL("b.residual"),
            "forgiven_count": SQL("CASE WHEN b.paid = 1 THEN 1 ELSE 0 END"),
        },
    )
    copy_rows(
        env,
        "collection_arrangement_item",
        SQL("collection_arrangement_item, bench_plan b WHERE collection_arrangement_item.arrangement_id = %s", plan.id),
        {
            "arrangement_id": SQL("b.id"),
            "line_id": SQL("b.line_id"),
            "move_id": SQL("b.move_id"),
            "amount": SQL("b.residual"),
        },
    )
    place = SQL("(collection_arrangement_line.date - %s::date - %s) / %s", today, FIRST_DAY, MONTH)
    amount = SQL("CASE WHEN %(place)s = 0 THEN b.residual - 5 * b.sixth ELSE b.sixth END", place=place)
    # Judged before: what was paid up to yesterday.
    known = SQL("%s < CASE WHEN b.kind < %s THEN 2 ELSE b.paid END", place, PAID_TODAY)
    copy_rows(
        env,
        "collection_arrangement_line",
        SQL("collection_arrangement_line, bench_plan b WHERE collection_arrangement_line.arrangement_id = %s", plan.id),
        {
            "arrangement_id": SQL("b.id"),
            "partner_id": SQL("b.partner_id"),
            "amount": amount,
            "amount_paid": SQL("CASE WHEN %s THEN %s ELSE 0 END", known, amount),
            "amount_left": SQL("CASE WHEN %s THEN 0 ELSE %s END", known, amount),
            "paid_on": SQL("CASE WHEN %s THEN collection_arrangement_line.date END", known),
            "state": SQL("CASE WHEN %s THEN 'kept' ELSE 'open' END", known),
        },
    )
    copy_payments(env, payment, today)


def copy_payments(env, payment, today):
    """Copy the payment's entry and its matching once for each agreed payment that is paid."""
    entry = payment.move_id
    receivable = entry.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
    partial = receivable.matched_debit_ids
    env.cr.execute(
        """
        CREATE TEMP TABLE bench_payment AS
        SELECT b.*, place, nextval('account_move_id_seq')::int AS entry_id,
               CASE WHEN place = 0 THEN b.residual - 5 * b.sixth ELSE b.sixth END AS amount
          FROM bench_plan b, generate_series(0, b.paid - 1) AS place
        """
    )
    day = SQL("LEAST(%s::date, %s::date + %s + %s * p.place)", today, today, FIRST_DAY, MONTH)
    copy_rows(
        env,
        "account_move",
        SQL("account_move, bench_payment p WHERE account_move.id = %s", entry.id),
        {
            "id": SQL("p.entry_id"),
            "name": SQL("'BPAY/' || p.n || '/' || p.place"),
            "sequence_prefix": SQL("'BPAY/'"),
            "sequence_number": SQL("p.n * 10 + p.place"),
            "partner_id": SQL("p.partner_id"),
            "commercial_partner_id": SQL("p.partner_id"),
            "date": day,
        },
    )
    sign = SQL("CASE WHEN account_move_line.id = %s THEN -p.amount ELSE p.amount END", receivable.id)
    copy_rows(
        env,
        "account_move_line",
        SQL("account_move_line, bench_payment p WHERE account_move_line.move_id = %s", entry.id),
        {
            "move_id": SQL("p.entry_id"),
            "move_name": SQL("'BPAY/' || p.n || '/' || p.place"),
            "partner_id": SQL("p.partner_id"),
            "date": day,
            "balance": sign,
            "amount_currency": sign,
            "debit": SQL("GREATEST(%s, 0)", sign),
            "credit": SQL("GREATEST(-(%s), 0)", sign),
            "amount_residual": SQL("0"),
            "amount_residual_currency": SQL("0"),
            "reconciled": SQL("account_move_line.id = %s", receivable.id),
        },
    )
    copy_rows(
        env,
        "account_partial_reconcile",
        SQL(
            "account_partial_reconcile, bench_payment p JOIN account_move_line c"
            " ON c.move_id = p.entry_id AND c.account_id = %s WHERE account_partial_reconcile.id = %s",
            receivable.account_id.id,
            partial.id,
        ),
        {
            "debit_move_id": SQL("p.line_id"),
            "credit_move_id": SQL("c.id"),
            "amount": SQL("p.amount"),
            "debit_amount_currency": SQL("p.amount"),
            "credit_amount_currency": SQL("p.amount"),
            "max_date": SQL("c.date"),
        },
    )
    env.cr.execute(
        """
        UPDATE account_move_line l
           SET amount_residual = l.amount_residual - t.paid, amount_residual_currency = l.amount_residual_currency - t.paid,
               reconciled = l.amount_residual = t.paid
          FROM (SELECT line_id, sum(amount) AS paid FROM bench_payment GROUP BY line_id) t
         WHERE t.line_id = l.id
        """
    )


def main(env, plans, result_file):
    """Make ``plans`` running plans, judge them twice, write the figures as JSON."""
    now = datetime.combine(fields.Date.today(), datetime.min.time()) + timedelta(hours=4, minutes=30)
    today = env.company._collection_today(now)
    env["collection.item"]._refresh(today, now, env.company)
    items = env["collection.item"].search([("is_open", "=", True), ("residual", ">", 6)], limit=1, order="id")
    plan, payment = make_original(env, items, today, now)
    copy_plans(env, plan, payment, int(plans), today)
    env.cr.commit()
    env.invalidate_all()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    judge = env["collection.arrangement"].with_context(collection_no_commit=True)
    figures = {"plans": int(plans)}
    for night in ("first", "again"):
        measured = measure(env, lambda: judge._judge_all(now, env.company))
        env.cr.commit()
        env.invalidate_all()
        figures |= {
            f"judge_{night}_plans": measured.result,
            f"judge_{night}_seconds": measured.seconds,
            f"judge_{night}_busy_seconds": measured.busy,
            f"judge_{night}_statements": measured.statements,
        }
    counts = dict(env["collection.arrangement"]._read_group([], ["state"], ["__count"]))
    figures |= {
        "kept": counts.get("kept", 0),
        "broken": counts.get("broken", 0),
        "running": counts.get("active", 0),
        "missed": env["collection.arrangement.line"].search_count([("state", "in", ("missed", "partly"))]),
        "told": env["collection.step"].search_count([("arrangement_id", "!=", False)]),
        "outcomes": counts,
    }
    Path(result_file).write_text(json.dumps(figures), encoding="utf-8")


main(env, *sys.argv[2:])  # noqa: F821 (Odoo's shell gives `env`)
