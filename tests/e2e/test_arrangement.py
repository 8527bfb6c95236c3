"""From a plan proposed on an invoice to the last payment, and a settlement from the offer to the books."""

import json
import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from browser import Browser
from server import ADMIN, OdooServer
from signing import code_of, draw
from smtp import Inbox, Received

CUSTOMER = "ledger@lantern.example"
LEDGER = """
import json
from datetime import timedelta
from odoo import fields

today = fields.Date.today()
company = env.company
company.write({"name": "Fernway Made Up", "phone": "+1 555 0100", "email": "hello@collect.example.com"})
def user(login, *groups):
    return env["res.users"].create({
        "name": login.title() + " Example", "login": login, "password": login, "email": login + "@collect.example.com",
        "group_ids": [(4, env.ref(group).id) for group in groups],
    })
clerk = user("clara", "account.group_account_invoice")
accountant = user("ada", "account.group_account_invoice", "collections_relationship.group_collection_approver")
customer = env["res.partner"].create({
    "name": "Lantern Made Up", "is_company": True, "country_id": env.ref("base.us").id, "user_id": clerk.id,
})
env["res.partner"].create({"name": "Lena Example", "parent_id": customer.id, "type": "invoice", "email": %r})
def invoice(amount):
    move = env["account.move"].create({
        "move_type": "out_invoice", "partner_id": customer.id, "invoice_date": today - timedelta(days=50),
        "invoice_date_due": today - timedelta(days=20), "invoice_payment_term_id": False,
        "invoice_line_ids": [(0, 0, {"name": "Lamps", "price_unit": amount, "tax_ids": []})],
    })
    move.action_post()
    move.is_move_sent = True
    return move
large, small = invoice(12000), invoice(1000)
losses = env["account.account"].create({"name": "Losses on receivables", "code": "651999", "account_type": "expense"})
company.collection_waiver_account_id = losses
env.ref("payment.payment_provider_demo").write({"state": "test", "is_published": True})
env["collection.run"]._night(fields.Datetime.now())
env.cr.commit()
print("RESULT", json.dumps({"large": large.id, "small": small.id, "customer": customer.id}))
""" % CUSTOMER
#: Judge, remind and send as of a later day: the clock is a parameter.
LATER = """
from datetime import datetime, timedelta
from odoo import fields

now = datetime.fromisoformat(%r) + timedelta(hours=15)
env["collection.arrangement"]._judge_all(now)
env["collection.step"]._act_all(now)
env.cr.commit()
"""
#: Money at the bank, as a statement line that is matched with the invoice.
AT_THE_BANK = """
from odoo import fields

move = env["account.move"].browse(%d)
journal = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", move.company_id.id)], limit=1)
line = env["account.bank.statement.line"].create({
    "journal_id": journal.id, "payment_ref": move.name, "partner_id": move.partner_id.id, "amount": %f,
    "date": fields.Date.to_date(%r) or fields.Date.today(),
})
owed = move.line_ids.filtered(lambda one: one.account_type == "asset_receivable")
_liquidity, suspense, _other = line._seek_for_lines()
suspense.account_id = owed.account_id
(suspense + owed).reconcile()
env.cr.commit()
"""


@pytest.fixture(scope="module")
def ledger(odoo_server: OdooServer) -> dict[str, int]:
    """Two late invoices of one customer, a clerk and an accountant."""
    return dict(json.loads(odoo_server.shell(LEDGER).partition("RESULT ")[2]))


def link_in(received: Received, path: str) -> str:
    """The one address on that path in a mail."""
    links = set(re.findall(rf'href="([^"]*{path}[^"]+)"', received.html))
    assert len(links) == 1, links
    return unescape(links.pop())


def with_link(smtp: Inbox, path: str) -> Received:
    """The newest mail to the customer that leads there."""
    return [mail for mail in smtp.wait_for(1, to=CUSTOMER) if path in mail.html][-1]


def state_of(server: OdooServer, arrangement: int) -> str:
    (row,) = server.call(ADMIN, "collection.arrangement", "read", [arrangement], fields=["state"])
    return str(row["state"])


def arrangement_of(server: OdooServer, move: int) -> dict[str, object]:
    """The newest arrangement about an invoice."""
    rows = server.call(
        ADMIN,
        "collection.arrangement",
        "search_read",
        [("item_ids.move_id", "=", move)],
        fields=["id", "state", "kind", "line_ids"],
        order="id desc",
        limit=1,
    )
    return dict(rows[0])


def days_of(server: OdooServer, arrangement: int) -> list[str]:
    rows = server.call(
        ADMIN, "collection.arrangement.line", "search_read", [("arrangement_id", "=", arrangement)], fields=["date"], order="date"
    )
    return [str(row["date"]) for row in rows]


def approve_on_a_phone(odoo_server: OdooServer, customer: str, picture: Path) -> None:
    """The accountant looks at the list on her phone, opens what waits and says yes."""
    with Browser() as phone:
        phone.viewport(390, 844, mobile=True)
        phone.log_in(odoo_server.url, "ada")
        phone.go(f"{odoo_server.url}/odoo/arrangements-to-approve")
        phone.wait_for(".o_kanban_record button[name=action_approve]")
        assert customer in phone.text(".o_kanban_view")
        phone.click(".o_kanban_record span, .o_kanban_record div.d-flex")
        phone.wait_for(".o_form_view button[name=action_approve], .o_form_view .o_cp_action_menus, .o_form_view")
        phone.screenshot(picture, full_page=True)
        phone.go(f"{odoo_server.url}/odoo/arrangements-to-approve")
        phone.wait_for(".o_kanban_record button[name=action_approve]")
        phone.click(".o_kanban_record button[name=action_approve]")
        phone.wait_gone(".o_kanban_record button[name=action_approve]")


def say_yes(odoo_server: OdooServer, smtp: Inbox, link: str, picture: Path) -> None:
    """The customer opens the link, proves with the code by mail that it is he, reads, signs."""
    smtp.clear()
    with Browser(390, 844) as page:
        page.viewport(390, 844, mobile=True)
        page.go(link)
        page.click("a[href*='do=accept']")
        page.wait_for("form[action$='/code'] button")
        page.click("form[action$='/code'] button")
        page.wait_for("#code")
        (mail,) = smtp.wait_for(1, to=CUSTOMER)
        page.fill("#code", code_of(mail))
        page.click("form[action$='/check'] button")
        page.wait_for_text("Please read this before you say yes")
        page.wait_for("input[name=signer]")
        page.fill("input[name=signer]", "Lena Example")
        draw(page)
        page.wait_until("!document.querySelector('.o_portal_sign_submit').disabled", "the yes can be sent")
        page.screenshot(picture, full_page=True)
        page.click(".o_portal_sign_submit")
        page.wait_for_text("It is agreed")
        assert page.console_errors == []


def test_a_plan_from_the_invoice_to_the_last_payment(
    odoo_server: OdooServer, smtp: Inbox, browser: Browser, ledger: dict[str, int], tmp_path: Path
) -> None:
    # The clerk proposes three payments; 12,000 is beyond what she may agree on alone.
    browser.log_in(odoo_server.url, "clara")
    browser.go(f"{odoo_server.url}/odoo/account.move/{ledger['large']}")
    browser.wait_for("button[name=action_collection_agree]")
    browser.click("button[name=action_collection_agree]")
    browser.wait_for(".modal .o_collection_timeline")
    browser.click(".modal button[name=action_offer]")
    browser.wait_gone(".modal")
    plan = arrangement_of(odoo_server, ledger["large"])
    assert (plan["kind"], plan["state"]) == ("plan", "to_approve")
    number = int(str(plan["id"]))
    assert odoo_server.call("ada", "collection.arrangement", "search_count", [("id", "=", number), ("state", "=", "to_approve")])

    approve_on_a_phone(odoo_server, "Lantern", tmp_path / "approve.png")
    assert state_of(odoo_server, number) == "offered"

    odoo_server.run_cron("collections_relationship.ir_cron_act")
    offer = with_link(smtp, "/collections/offer")
    say_yes(odoo_server, smtp, link_in(offer, "/collections/offer"), tmp_path / "sign.png")
    assert state_of(odoo_server, number) == "active"

    # The reminder comes before the first payment, and its button leads to that payment alone.
    smtp.clear()
    first, second, _third = days_of(odoo_server, number)
    odoo_server.run_cron("collections_relationship.ir_cron_act")
    smtp.wait_for(1, to=CUSTOMER)
    smtp.clear()
    odoo_server.shell(LATER % _plus(first, -2))
    reminder = with_link(smtp, "/collections/pay/")
    browser.go(link_in(reminder, "/collections/pay/"))
    browser.wait_for_text("4,000.00", "#wrap")
    assert "12,000.00" in browser.text(".o_collections_scopes"), "all that is left is offered beside it"
    browser.screenshot(tmp_path / "pay.png", full_page=True)
    browser.click("input[name=o_payment_radio]")
    browser.wait_for("#customer_input")
    browser.fill("#customer_input", "4111 1111 1111 1111")
    browser.click("button[name=o_payment_submit_button]")
    browser.wait_until("location.search.startsWith('?tx=')", "the customer is back on our page")
    odoo_server.run_cron("collections_relationship.ir_cron_refresh")
    lines = odoo_server.call(
        ADMIN,
        "collection.arrangement.line",
        "search_read",
        [("arrangement_id", "=", number)],
        fields=["state", "amount_paid"],
        order="date",
    )
    assert [(line["state"], line["amount_paid"]) for line in lines] == [("kept", 4000.0), ("open", 0.0), ("open", 0.0)]

    # The second does not come: a gentle note, and forgiveness.
    smtp.clear()
    odoo_server.shell(LATER % _plus(second, 14))
    smtp.wait_for(1, to=CUSTOMER)
    assert state_of(odoo_server, number) == "active"
    odoo_server.shell(LATER % _plus(second, 28))
    assert state_of(odoo_server, number) == "active"
    (row,) = odoo_server.call(ADMIN, "collection.arrangement", "read", [number], fields=["forgiven_count"])
    assert row["forgiven_count"] == 1

    # He pays the rest early.
    odoo_server.shell(AT_THE_BANK % (ledger["large"], 8000, False))
    odoo_server.run_cron("collections_relationship.ir_cron_refresh")
    assert state_of(odoo_server, number) == "kept"
    (move,) = odoo_server.call(ADMIN, "account.move", "read", [ledger["large"]], fields=["amount_residual", "payment_state"])
    assert (move["amount_residual"], move["payment_state"]) == (0.0, "paid")
    assert odoo_server.errors() == []


def _plus(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def test_a_settlement_from_the_offer_to_the_books(
    odoo_server: OdooServer, smtp: Inbox, ledger: dict[str, int], tmp_path: Path
) -> None:
    (owed,) = odoo_server.call(
        ADMIN, "account.move.line", "search", [("move_id", "=", ledger["small"]), ("account_type", "=", "asset_receivable")]
    )
    values = {
        "partner_id": ledger["customer"],
        "item_ids": [(0, 0, {"line_id": owed, "amount": 1000.0, "waived_amount": 200.0})],
        "line_ids": [(0, 0, {"date": _plus(_today(odoo_server), 5), "amount": 800.0})],
        "rhythm": "own",
        "waive_as": "write_off",
    }
    number = odoo_server.call("clara", "collection.arrangement", "create", values)
    odoo_server.call("clara", "collection.arrangement", "action_offer", [number])
    assert state_of(odoo_server, number) == "to_approve", "whoever gives something up asks an accountant"
    approve_on_a_phone(odoo_server, "Lantern", tmp_path / "approve_settlement.png")
    odoo_server.run_cron("collections_relationship.ir_cron_act")
    offer = with_link(smtp, "/collections/offer")
    say_yes(odoo_server, smtp, link_in(offer, "/collections/offer"), tmp_path / "sign_settlement.png")
    (move,) = odoo_server.call(ADMIN, "account.move", "read", [ledger["small"]], fields=["amount_residual"])
    assert move["amount_residual"] == 1000.0, "nothing is given up before the money is there"

    odoo_server.shell(AT_THE_BANK % (ledger["small"], 800, False))
    odoo_server.run_cron("collections_relationship.ir_cron_refresh")
    assert state_of(odoo_server, number) == "kept"
    (move,) = odoo_server.call(ADMIN, "account.move", "read", [ledger["small"]], fields=["amount_residual", "payment_state"])
    assert (move["amount_residual"], move["payment_state"]) == (0.0, "paid")
    assert odoo_server.errors() == []


def _today(server: OdooServer) -> str:
    return str(server.shell("from odoo import fields\nprint('DAY', fields.Date.today())").partition("DAY ")[2].split()[0])
