"""A colleague proposes beyond the limits; an accountant says yes on a phone; nobody says it to his own, by no door."""

import json
from pathlib import Path

import pytest
from browser import Browser
from server import OdooServer, Refused

SETUP = """
import json
from datetime import timedelta
from odoo import Command, fields

today = fields.Date.today()
approver = env.ref("collections_relationship.group_collection_approver")
invoicing = env.ref("account.group_account_invoice")
for login, group in (("collector", invoicing), ("accountant", approver), ("second", approver)):
    env["res.users"].with_context(no_reset_password=True).create({
        "name": login.title(), "login": login, "password": login, "group_ids": [Command.set(group.ids)],
    })
partners = env["res.partner"].create([{"name": "Made-up Mill %s" % number} for number in range(3)])
moves = env["account.move"].create([{
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": today - timedelta(days=50),
    "invoice_date_due": today - timedelta(days=20), "invoice_payment_term_id": False,
    "invoice_line_ids": [Command.create({"name": "Flour", "price_unit": 1000, "tax_ids": []})],
} for partner in partners])
moves.action_post()
env.cr.commit()
lines = moves.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
print("RESULT", json.dumps([[line.partner_id.id, line.id, str(today + timedelta(days=300))] for line in lines]))
"""


@pytest.fixture(scope="module")
def debts(odoo_server: OdooServer) -> list[tuple[int, int, str]]:
    """Customers with 1,000 late: the customer, the journal item, a day beyond the limits."""
    return json.loads(odoo_server.shell(SETUP).partition("RESULT ")[2])


def propose(server: OdooServer, login: str, debt: tuple[int, int, str]) -> int:
    """One payment in 300 days, written and sent on by this user."""
    partner, line, day = debt
    [arrangement] = server.call(
        login,
        "collection.arrangement",
        "create",
        [
            {
                "partner_id": partner,
                "rhythm": "own",
                "item_ids": [(0, 0, {"line_id": line, "amount": 1000})],
                "line_ids": [(0, 0, {"date": day, "amount": 1000})],
            }
        ],
    )
    server.call(login, "collection.arrangement", "action_offer", [arrangement])
    assert state(server, arrangement) == "to_approve"
    return int(arrangement)


def state(server: OdooServer, arrangement: int) -> str:
    return str(server.call("accountant", "collection.arrangement", "read", [arrangement], ["state"])[0]["state"])


def test_yes_on_a_phone(
    odoo_server: OdooServer, debts: list[tuple[int, int, str]], browser: Browser, tmp_path: Path
) -> None:
    arrangement = propose(odoo_server, "collector", debts[0])
    browser.viewport(390, 844, mobile=True)
    browser.log_in(odoo_server.url, "accountant")
    browser.go(f"{odoo_server.url}/odoo/arrangements-to-approve")
    browser.wait_for_text("Made-up Mill 0", ".o_kanban_record")
    browser.click(".o_kanban_record .fw-bold")
    browser.wait_for_text("300 days", ".o_collection_decision")
    browser.wait_for_text("Nothing agreed", ".o_collection_decision")
    width = browser.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing stands out at the side"
    browser.screenshot(tmp_path / "approval.png")
    browser.click("button[name=action_approve]")
    browser.wait_gone("button[name=action_approve]")
    assert state(odoo_server, arrangement) == "offered"
    assert browser.console_errors == []


def test_no_with_a_reason_on_a_phone(
    odoo_server: OdooServer, debts: list[tuple[int, int, str]], browser: Browser
) -> None:
    arrangement = propose(odoo_server, "collector", debts[1])
    browser.viewport(390, 844, mobile=True)
    browser.log_in(odoo_server.url, "accountant")
    browser.go(f"{odoo_server.url}/odoo/arrangements-to-approve")
    browser.wait_for_text("Made-up Mill 1", ".o_kanban_record")
    browser.click(".o_kanban_record button[name=action_decide_refuse]")
    browser.fill("div[name=reason] input", "Half a year would be fine")
    browser.click(".modal button[name=action_refuse]")
    browser.wait_gone(".modal")
    assert state(odoo_server, arrangement) == "refused"


def test_nobody_says_yes_to_his_own(odoo_server: OdooServer, debts: list[tuple[int, int, str]], browser: Browser) -> None:
    arrangement = propose(odoo_server, "accountant", debts[2])
    browser.log_in(odoo_server.url, "accountant")
    browser.go(f"{odoo_server.url}/odoo/arrangements-to-approve/{arrangement}")
    browser.wait_for_text("You had a hand in it yourself")
    assert browser.count("button[name=action_approve]") == 0
    for model, method, arguments in (
        ("collection.arrangement", "action_approve", [[arrangement]]),
        ("collection.arrangement", "action_decide_counter", [[arrangement]]),
        ("collection.arrangement", "write", [[arrangement], {"state": "offered"}]),
        ("collection.arrangement", "write", [[arrangement], {"author_ids": [(5,)]}]),
        ("collection.arrangement", "_say_yes", [[arrangement], "2026-01-01 00:00:00"]),
        (
            "collection.arrangement.approval",
            "create",
            [[{"arrangement_id": arrangement, "user_id": 2, "date": "2026-01-01 00:00:00", "decision": "yes"}]],
        ),
    ):
        with pytest.raises(Refused):
            odoo_server.call("accountant", model, method, *arguments)
        assert state(odoo_server, arrangement) == "to_approve"
    odoo_server.call("second", "collection.arrangement", "action_approve", [arrangement])
    assert state(odoo_server, arrangement) == "offered"
