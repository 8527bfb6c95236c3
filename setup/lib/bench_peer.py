"""Measures OCA's account_credit_control on the ledger that `bench_seed` has made.

Run in Odoo's shell of a database with that add-on. It does what its user does: run the policy,
mark the lines as to be sent, send by e-mail. The PDF is taken off its template, because ours sends
none by default.
"""

import json
import sys
import time
from pathlib import Path

import odoo.sql_db
from odoo import fields


def main(env, result_file):
    """Generate and send all communications; write the figures as JSON."""
    template = env.ref("account_credit_control.email_template_credit_control_base")
    template.report_template_ids = False
    policy = env.ref("account_credit_control.credit_control_3_time")
    env.company.credit_policy_id = policy
    receivables = env["account.account"].search([("account_type", "=", "asset_receivable")])
    policy.account_ids = receivables
    run = env["credit.control.run"].create(
        {"date": fields.Date.context_today(policy), "policy_ids": [fields.Command.set(policy.ids)]}
    )
    env.cr.commit()
    statements, started = odoo.sql_db.sql_counter, time.monotonic()
    run.generate_credit_lines()
    run.set_to_ready_lines()
    env.cr.commit()
    generated = time.monotonic() - started
    run.run_channel_action()
    env.cr.commit()
    env["mail.mail"].process_email_queue()
    env.cr.commit()
    seconds = time.monotonic() - started
    communications = env["credit.control.communication"].search_count([])
    figures = {
        "communications": communications,
        "mails_sent": env["mail.mail"].search_count([("state", "=", "sent")]),
        "generate_seconds": generated,
        "seconds": seconds,
        "statements": odoo.sql_db.sql_counter - statements,
        "ms_per_communication": 1000 * seconds / max(communications, 1),
        "statements_per_communication": (odoo.sql_db.sql_counter - statements) / max(communications, 1),
    }
    Path(result_file).write_text(json.dumps(figures), encoding="utf-8")


main(env, *sys.argv[1:])  # noqa: F821 (Odoo's shell gives `env`)
