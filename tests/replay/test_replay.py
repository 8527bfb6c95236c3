"""Whole ledgers, replayed through the add-on, and judged by a checker of its own."""

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import check_contacts
import check_pack
import make_ledger
import pytest

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


@pytest.mark.parametrize(("code", "held_by"), [("au_rg96", "frequency_cap"), ("us_reg_f", None)])
def test_a_rule_pack_is_kept_to_the_letter(tmp_path, code, held_by):
    ledger, contacts, totals = (tmp_path / name for name in ("ledger.csv", "contacts.jsonl", "totals.json"))
    make_ledger.write(ledger, 300, per_customer=20)
    # So many invoices per customer and one day between messages, that without the pack it would be broken.
    command = [PROJECT / "setup" / "replay", ledger, "--pack", code, "--gap", "1"]
    subprocess.run([*command, "--json", totals, "--contacts", contacts], check=True, stdout=subprocess.PIPE)
    figures = json.loads(totals.read_text(encoding="utf-8"))
    assert check_pack.faults(code, contacts) == []
    assert figures["wrongful"] == 0
    assert held_by is None or figures["held_back"][held_by] > 0


def test_an_unknown_pack_is_named_with_those_there_are(tmp_path):
    ledger = tmp_path / "ledger.csv"
    make_ledger.write(ledger, 10)
    answer = subprocess.run(
        [PROJECT / "setup" / "replay", ledger, "--pack", "nowhere"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert "there is no rule pack nowhere; choose from au_rg96" in answer.stderr + answer.stdout


if REAL_LEDGER.exists():

    def test_real_ledger_of_a_year(tmp_path):
        faults, totals, _printed = replay(REAL_LEDGER, tmp_path)
        assert faults == []
        assert totals["seconds"] < MINUTES * 60
