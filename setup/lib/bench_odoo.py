"""Measures the add-on on the ledger that `bench_seed` has made. Run in Odoo's shell.

Memory is the highest resident size this process ever had, which is why each size gets a process of
its own.
"""

import json
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tools.misc import split_every

sys.path.insert(0, sys.argv[1])
from lib import words
from lib.bench_letters import print_letters
from lib.bench_measure import measure

FLOOR_RUNS = 3
#: Messages written to measure writing alone, in batches as the scheduled action takes them.
WRITTEN, WRITTEN_AT_ONCE = 2_000, 50
#: Letters printed as one PDF: so many, or one for so many open cases.
LETTERS, CASES_PER_LETTER = 200, 10


def peak_memory():
    """Return the highest resident size so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def refresh(env, now, today):
    """Refresh everything as the night does, and commit."""
    env["collection.item"]._refresh(today, now, env.company)
    env.cr.commit()


def floor(env, statement, today):
    """Run the floor; return its rows as dicts by customer."""
    env.cr.execute(statement, {"today": today, "company": env.company.id})
    return {row["partner_id"]: row for row in env.cr.dictfetchall()}


def disagreements(env, rows):
    """Return the customers about whom the floor and the open cases differ."""
    names = ("item_count", "amount_open", "amount_overdue", "amount_held", "amount_credit")
    found = []
    for case in env["collection.case"].search([("state", "=", "open")]):
        row = rows.get(case.partner_id.id)
        ours = [round(float(case[name]), 2) for name in names]
        theirs = row and [round(float(row[name]), 2) for name in names]
        stage = case.stage_id.days if case.stage_id else None
        if theirs != ours or row["stage_days"] != stage:
            found.append(f"{case.partner_id.name}: {ours} {stage}, the floor says {row}")
    return found


def write_messages(env, now):
    """Write, check and queue messages that are due without handing them over; return how many."""
    steps = env["collection.step"].search([("state", "=", "planned"), ("channel", "=", "email")], limit=WRITTEN)
    for ids in split_every(WRITTEN_AT_ONCE, steps.ids, list):
        batch = steps.browse(ids)
        rendered = batch._render_safely(now)
        batch.browse(rendered)._prepare_envelopes(rendered, now, False)
        env.flush_all()
        env.invalidate_all()
    return len(steps)


def send_all(env, now):
    """Decide and send everything that is due, as the night and the action after it do.

    Before, some of it is written and forgotten again, to measure writing alone.
    """
    decided = measure(env, lambda: env["collection.case"]._decide(now, env.company))
    env.cr.commit()
    env.invalidate_all()
    written = measure(env, lambda: write_messages(env, now))
    env.cr.rollback()
    env.invalidate_all()
    steps = env["collection.step"]
    shown = time.monotonic()

    def act():
        nonlocal shown
        handled = 0
        while done := steps._act(now):
            handled += done
            if time.monotonic() - shown > words.HEARTBEAT:
                shown = time.monotonic()
                words.say(f"    {handled} messages")
        return handled

    acted = measure(env, act)
    return decided, written, acted


def figures_of(name, measured):
    """Return a measurement as entries of the JSON file."""
    return {
        f"{name}_seconds": measured.seconds,
        f"{name}_busy_seconds": measured.busy,
        f"{name}_statements": measured.statements,
    }


def main(env, floor_file, result_file):
    """Measure refresh, the floor and the first night; write the figures as JSON."""
    baseline = peak_memory()
    # Within the hours of the policy, whatever the hour of the measurement.
    now = fields.Datetime.now().replace(hour=10, minute=0, second=0, microsecond=0)
    today = env.company._collection_today(now)
    first = measure(env, lambda: refresh(env, now, today))
    statement = Path(floor_file).read_text(encoding="utf-8")
    floors = [measure(env, lambda: floor(env, statement, today)) for _run in range(FLOOR_RUNS)]
    differing = disagreements(env, floors[0].result)
    for line in differing[:5]:
        words.say(f"    the floor and the add-on differ: {line}")
    env.invalidate_all()
    again = measure(env, lambda: refresh(env, now, today))
    after_refresh = peak_memory()
    cases = env["collection.case"].search_count([("state", "=", "open")])
    printed, letters = print_letters(env, now, min(LETTERS, cases // CASES_PER_LETTER))
    env.invalidate_all()
    decided, written, acted = send_all(env, now)
    sent = env["collection.contact"].search_count([("kind", "=", "sent")])
    tomorrow = measure(env, lambda: refresh(env, now + timedelta(days=1), today + timedelta(days=1)))
    contacts = max(sent, 1)
    figures = {
        "items": env["collection.item"].search_count([("is_open", "=", True)]),
        "cases": cases,
        "letters": letters,
        "seconds_per_letter": printed.seconds / max(letters, 1),
        **figures_of("refresh_first", first),
        **figures_of("refresh_again", again),
        **figures_of("refresh_next_day", tomorrow),
        "floor_seconds": min(run.seconds for run in floors),
        "floor_busy_seconds": min(run.busy for run in floors),
        "floor_differs": len(differing),
        "contacts": sent,
        **figures_of("decide", decided),
        **figures_of("act", acted),
        "written": written.result,
        "ms_per_written": 1000 * written.seconds / max(written.result, 1),
        "busy_ms_per_written": 1000 * written.busy / max(written.result, 1),
        "statements_per_written": written.statements / max(written.result, 1),
        "ms_per_contact": 1000 * (decided.seconds + acted.seconds) / contacts,
        "busy_ms_per_contact": 1000 * (decided.busy + acted.busy) / contacts,
        "statements_per_contact": (decided.statements + acted.statements) / contacts,
        "memory_baseline_mb": baseline,
        "memory_refresh_mb": after_refresh,
        "memory_peak_mb": peak_memory(),
    }
    Path(result_file).write_text(json.dumps(figures), encoding="utf-8")


main(env, *sys.argv[2:])  # noqa: F821 (Odoo's shell gives `env`)
