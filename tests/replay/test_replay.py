"""Whole ledgers, replayed through the add-on, and judged by a checker of its own."""

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import check_contacts
import make_ledger

PROJECT = Path(__file__).resolve().parents[2]
REAL_LEDGER = PROJECT.parent / "shared" / "data" / "ledger_2012.csv"
MINUTES = 8


def replay(ledger, folder, turns=False):
    """Replay ``ledger``; return the faults found in it, its totals and what was printed."""
    totals, contacts = folder / "totals.json", folder / "contacts.jsonl"
    command = [PROJECT / "setup" / "replay", ledger, "--json", totals, "--contacts", contacts]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return check_contacts.faults(ledger, contacts, totals, turns), json.loads(totals.read_text(encoding="utf-8")), printed


def test_generated_ledger_climbs_the_whole_ladder(tmp_path):
    ledger = tmp_path / "ledger.csv"
    make_ledger.write(ledger)
    # Customers of this ledger owe items of every age at once: messages about the old ones take turns.
    faults, totals, printed = replay(ledger, tmp_path, turns=True)
    assert faults == []
    assert totals["invoices"] == 2000
    assert set(totals["by_stage"]) == {*check_contacts.STAGE_DAYS, "account_settled"}
    # The hand-over is proposed to a person and sends nothing.
    assert "    handover: " in printed


if REAL_LEDGER.exists():

    def test_real_ledger_of_a_year(tmp_path):
        faults, totals, _printed = replay(REAL_LEDGER, tmp_path)
        assert faults == []
        assert totals["seconds"] < MINUTES * 60
