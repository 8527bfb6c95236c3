"""Measures OCA's account_credit_control on the ledger that `bench_seed` has made.

Run in Odoo's shell of a database with that add-on. It does what its user does: run the policy,
mark the lines as to be sent, send by e-mail. The PDF is taken off its template, because ours sends
none by default.
"""

import json
import sys
from pathlib import Path

from odoo import fields

sys.path.insert(0, sys.argv[1])
from lib.bench_measure import measure


def generate(env, run):
    """Run the policy and mark its lines as to be sent."""
    run.generate_credit_lines()
    run.set_to_ready_lines()
    env.cr.commit()


def send(env, run):
    """Make the communications and send their mails."""
    run.run_channel_action()
    env.cr.commit()
    env["mail.mail"].process_email_queue()
    env.cr.commit()


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
    generated = measure(env, lambda: generate(env, run))
    sent = measure(env, lambda: send(env, run))
    communications = env["credit.control.communication"].search_count([])
    busy, statements = generated.busy + sent.busy, generated.statements + sent.statements
    figures = {
        "communications": communications,
        "mails_sent": env["mail.mail"].search_count([("state", "=", "sent")]),
        "generate_seconds": generated.seconds,
        "send_seconds": sent.seconds,
        "ms_per_communication": 1000 * (generated.seconds + sent.seconds) / max(communications, 1),
        "busy_ms_per_communication": 1000 * busy / max(communications, 1),
        "statements_per_communication": statements / max(communications, 1),
    }
    Path(result_file).write_text(json.dumps(figures), encoding="utf-8")


main(env, *sys.argv[2:])  # noqa: F821 (Odoo's shell gives `env`)
