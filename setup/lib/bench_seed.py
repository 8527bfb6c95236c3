"""Fills a scratch database with open items for the bench, in bulk.

Run in Odoo's shell. One invoice, one credit note and one customer are made through the ORM; the
rest are copies of their rows with names, days and amounts of their own, inserted set by set. What
comes out reads as a real ledger: posted moves whose lines balance, with open receivable lines.
"""

import sys

from odoo import Command, fields
from odoo.tools import SQL

sys.path.insert(0, sys.argv[1])
from lib.bench_rows import copy_rows

# Copies are made from these shares of all items.
CREDIT_SHARE, EXCLUDED_SHARE, UNSENT_SHARE = 0.04, 0.02, 0.01
SEED = 0.19


def make_originals(env, today):
    """Return a customer and one posted invoice and credit note of 100 through the ORM."""
    partner = env["res.partner"].create({"name": "Bench 0", "is_company": True, "email": "bench0@example.com"})
    moves = env["account.move"].create(
        [
            {
                "move_type": kind,
                "partner_id": partner.id,
                "invoice_date": today,
                "invoice_payment_term_id": False,
                "invoice_date_due": today,
                "is_move_sent": True,
                "invoice_line_ids": [
                    Command.create({"name": "Bench", "quantity": 1, "price_unit": 100, "tax_ids": [Command.clear()]})
                ],
            }
            for kind in ("out_invoice", "out_refund")
        ]
    )
    moves.action_post()
    env.flush_all()
    return partner, moves


def copy_customers(env, partner, customers):
    """Make the customers, and say who is number `n` in the temporary table `bench_customer`."""
    env.cr.execute(
        SQL(
            "CREATE TEMP TABLE bench_customer AS"
            " SELECT n, nextval('res_partner_id_seq')::int AS id FROM generate_series(1, %s) AS n",
            customers,
        )
    )
    name = SQL("'Bench ' || c.n")
    email = SQL("'bench' || c.n || '@example.com'")
    copy_rows(
        env,
        "res_partner",
        SQL("res_partner, bench_customer c WHERE res_partner.id = %s", partner.id),
        {
            "id": SQL("c.id"),
            "commercial_partner_id": SQL("c.id"),
            "name": name,
            "complete_name": name,
            "commercial_company_name": name,
            "email": email,
            "email_normalized": email,
        },
    )


def copy_moves(env, moves, items, today):
    """Make the invoices and credit notes, spread evenly over the customers, and their lines."""
    invoice, refund = moves
    env.cr.execute(SQL("SELECT setseed(%s)", SEED))
    env.cr.execute(
        SQL(
            """
            CREATE TEMP TABLE bench_item AS
            SELECT i.n, nextval('account_move_id_seq')::int AS move_id, c.id AS partner_id,
                   CASE WHEN i.kind < %(credits)s THEN %(refund)s ELSE %(invoice)s END AS original_id,
                   i.kind BETWEEN 0.5 AND 0.5 + %(excluded)s AS excluded,
                   i.kind NOT BETWEEN 0.7 AND 0.7 + %(unsent)s AS is_sent,
                   %(today)s::date - (i.late * 95 - 20)::int AS due,
                   round((20 * exp(i.size * 4.5))::numeric, 2) AS amount
              FROM (SELECT n, random() AS kind, random() AS late, random() AS size
                      FROM generate_series(1, %(items)s) AS n) i
              JOIN bench_customer c ON c.n = 1 + (i.n - 1) %% (SELECT max(n) FROM bench_customer)
            """,
            credits=CREDIT_SHARE,
            excluded=EXCLUDED_SHARE,
            unsent=UNSENT_SHARE,
            invoice=invoice.id,
            refund=refund.id,
            today=today,
            items=items,
        )
    )
    env.cr.execute("CREATE INDEX ON bench_item (original_id); ANALYZE bench_item")
    name = SQL("'BENCH/' || i.n")
    copy_rows(
        env,
        "account_move",
        SQL("account_move JOIN bench_item i ON i.original_id = account_move.id"),
        {
            "id": SQL("i.move_id"),
            "name": name,
            "payment_reference": name,
            "sequence_prefix": SQL("'BENCH/'"),
            "sequence_number": SQL("i.n"),
            "access_token": SQL("NULL"),
            "partner_id": SQL("i.partner_id"),
            "commercial_partner_id": SQL("i.partner_id"),
            "partner_shipping_id": SQL("i.partner_id"),
            "invoice_partner_display_name": SQL("'Bench'"),
            "invoice_date": SQL("i.due - 30"),
            "date": SQL("i.due - 30"),
            "invoice_date_due": SQL("i.due"),
            "is_move_sent": SQL("i.is_sent"),
            "no_followup": SQL("i.excluded"),
            **{column: scaled("account_move", column) for column in amounts_of(env, "account.move")},
        },
    )
    copy_rows(
        env,
        "account_move_line",
        SQL("account_move_line JOIN bench_item i ON i.original_id = account_move_line.move_id"),
        {
            "move_id": SQL("i.move_id"),
            "move_name": name,
            "partner_id": SQL("i.partner_id"),
            "invoice_date": SQL("i.due - 30"),
            "date": SQL("i.due - 30"),
            "date_maturity": SQL("CASE WHEN account_move_line.date_maturity IS NOT NULL THEN i.due END"),
            "no_followup": SQL("i.excluded"),
            **{column: scaled("account_move_line", column) for column in amounts_of(env, "account.move.line")},
        },
    )


def amounts_of(env, model):
    """Return the stored columns of a model that grow with the amount of the invoice."""
    return [
        name
        for name, field in env[model]._fields.items()
        if field.store and field.column_type and (field.type == "monetary" or name == "price_unit")
    ]


def scaled(table, column):
    return SQL("%s * i.amount / 100", SQL.identifier(table, column))


def main(env, items, customers):
    """Seed ``items`` open items of ``customers`` customers."""
    today = fields.Date.context_today(env["res.company"])
    env.company.email = "bench@example.com"
    if "collection_night_cap" in env.company._fields:
        env.company.collection_night_cap = 0
    partner, moves = make_originals(env, today)
    copy_customers(env, partner, customers)
    copy_moves(env, moves, items, today)
    # The originals have done their work.
    moves.button_draft()
    moves.button_cancel()
    env.flush_all()
    env.cr.commit()
    for table in ("res_partner", "account_move", "account_move_line"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.commit()


main(env, *(int(number) for number in sys.argv[2:]))  # noqa: F821 (Odoo's shell gives `env`)
