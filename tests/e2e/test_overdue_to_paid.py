"""The whole way: overdue invoices, a message, a payment without a log-in, a closed case, a thank-you."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from browser import Browser
from server import ADMIN, OdooServer
from smtp import Inbox, Received

CUSTOMER = "compta@boulangerie.example"
LEDGER = """
import json
from datetime import timedelta
from odoo import fields

env["base.language.install"].create({"lang_ids": [(6, 0, env["res.lang"]._activate_lang("fr_FR").ids)]}).lang_install()
today = fields.Date.today()
company = env.company
company.write({"name": "Atelier Imaginaire", "phone": "+33 1 99 00 00 01", "email": "bonjour@collect.example.com"})
env["res.partner.bank"].create({"acc_number": "FR7630006000011234567890189", "partner_id": company.partner_id.id})
clerk = env["res.users"].create({
    "name": "Marie Durand", "login": "marie", "password": "marie", "email": "marie@collect.example.com",
    "lang": "fr_FR", "group_ids": [(4, env.ref("account.group_account_invoice").id)],
})
bakery = env["res.partner"].create({
    "name": "Boulangerie Fictive", "is_company": True, "lang": "fr_FR", "email": "compta@boulangerie.example",
    "country_id": env.ref("base.fr").id, "user_id": clerk.id,
})
def invoice(amount, days_late):
    move = env["account.move"].create({
        "move_type": "out_invoice", "partner_id": bakery.id, "invoice_date": today - timedelta(days=days_late + 30),
        "invoice_date_due": today - timedelta(days=days_late), "invoice_payment_term_id": False,
        "invoice_line_ids": [(0, 0, {"name": "Farine", "price_unit": amount, "tax_ids": []})],
    })
    move.action_post()
    move.is_move_sent = True
    return move
late = invoice(1234.56, 8) + invoice(80.10, 6)
fresh = invoice(500, -20)
demo = env.ref("payment.payment_provider_demo")
demo.write({"state": "test", "is_published": True})
env.cr.commit()
print("RESULT", json.dumps({
    "clerk": clerk.id, "partner": bakery.id, "late": late.ids, "names": late.mapped("name"), "fresh": fresh.id,
    "due": [fields.Date.to_string(day) for day in late.mapped("invoice_date_due")],
}))
"""


@pytest.fixture(scope="module")
def ledger(odoo_server: OdooServer) -> dict[str, list[int] | int]:
    """Two late invoices and one that is not due yet, of a French customer."""
    output = odoo_server.shell(LEDGER)
    return dict(json.loads(output.partition("RESULT ")[2]))


def plain(markup: str) -> str:
    """The words of an HTML text."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\xa0", " ").replace("\u202f", " ").split())


def payment_link(received: Received) -> str:
    """The address behind the message's button."""
    links = set(re.findall(r'href="([^"]*/collections/pay/[^"]+)"', received.html))
    assert len(links) == 1, links
    return unescape(links.pop())


def test_from_overdue_to_thanks(
    odoo_server: OdooServer, smtp: Inbox, browser: Browser, ledger: dict[str, object], tmp_path: Path
) -> None:
    odoo_server.run_cron("collections_relationship.ir_cron_night")
    odoo_server.run_cron("collections_relationship.ir_cron_act")

    (reminder,) = smtp.wait_for(1, to=CUSTOMER)
    words = plain(reminder.html)
    assert "Marie Durand" in str(reminder.message["From"])
    assert "Bonjour" in words
    for name, amount in zip(ledger["names"], ("1 234,56", "80,10"), strict=True):  # type: ignore[call-overload]
        assert str(name) in words
        assert amount in words
    assert "1 314,66" in words
    assert not re.search(r"\d[,.]\d\d", reminder.subject), "third parties may read a subject"
    link = payment_link(reminder)
    assert link.startswith(f"{odoo_server.url}/collections/pay/")
    (case,) = odoo_server.call(
        ADMIN, "collection.case", "search_read", [("partner_id", "=", ledger["partner"])], fields=["state", "amount_overdue"]
    )
    assert case["state"] == "open"

    browser.go(link)
    page = browser.text("#wrap").replace("\xa0", " ").replace("\u202f", " ")
    assert "1 314,66" in page
    assert "Marie Durand" in page
    assert "500,00" not in page
    browser.click("input[name=o_payment_radio]")
    browser.wait_for("#customer_input")
    browser.fill("#customer_input", "4111 1111 1111 1111")
    browser.click("button[name=o_payment_submit_button]")
    browser.wait_until("location.search.startsWith('?tx=')", "the customer is back on our page")
    page = browser.text("#wrap").replace("\xa0", " ").replace("\u202f", " ")
    assert "1 314,66" in page
    assert browser.count("#o_payment_form") == 0
    browser.screenshot(tmp_path / "paid.png", full_page=True)
    assert browser.console_errors == []

    invoices = odoo_server.call(ADMIN, "account.move", "read", ledger["late"], fields=["amount_residual", "payment_state"])
    assert [move["amount_residual"] for move in invoices] == [0.0, 0.0]
    assert {move["payment_state"] for move in invoices} <= {"paid", "in_payment"}
    (fresh,) = odoo_server.call(ADMIN, "account.move", "read", [ledger["fresh"]], fields=["amount_residual"])
    assert fresh["amount_residual"] == 500.0

    smtp.clear()
    odoo_server.run_cron("collections_relationship.ir_cron_refresh")
    odoo_server.run_cron("collections_relationship.ir_cron_act")
    (case,) = odoo_server.call(ADMIN, "collection.case", "read", [case["id"]], fields=["state"])
    assert case["state"] == "closed"
    (thanks,) = smtp.wait_for(1, to=CUSTOMER)
    words = plain(thanks.html)
    assert "Merci" in words
    assert "1 314,66" not in words, "a thank-you asks for nothing"
    assert "/collections/pay/" not in thanks.html

    contacts = odoo_server.call(
        ADMIN, "collection.contact", "search_read", [("case_id", "=", case["id"])], fields=["kind", "purpose"], order="id"
    )
    assert [(contact["kind"], contact["purpose"]) for contact in contacts] == [
        ("sent", "friendly_reminder"),
        ("clicked", "friendly_reminder"),
        ("sent", "account_settled"),
    ]
    odoo_server.run_cron("collections_relationship.ir_cron_night")
    odoo_server.run_cron("collections_relationship.ir_cron_act")
    assert len(smtp.sent_to(CUSTOMER)) == 1
    assert odoo_server.errors() == []


PENDING = """
import json
from datetime import timedelta
from odoo import fields

today = fields.Date.today()
grocer = env["res.partner"].create({"name": "Pending Grocer", "is_company": True, "email": "pays@grocer.example"})
move = env["account.move"].create({
    "move_type": "out_invoice", "partner_id": grocer.id, "invoice_date": today - timedelta(days=38),
    "invoice_date_due": today - timedelta(days=8), "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {"name": "Apples", "price_unit": 70, "tax_ids": []})],
})
move.action_post()
move.is_move_sent = True
env.cr.commit()
"""


def test_a_payment_still_under_way_comes_back_to_our_page(odoo_server: OdooServer, smtp: Inbox, browser: Browser) -> None:
    odoo_server.shell(PENDING)
    odoo_server.run_cron("collections_relationship.ir_cron_night")
    odoo_server.run_cron("collections_relationship.ir_cron_act")
    (reminder,) = smtp.wait_for(1, to="pays@grocer.example")
    browser.go(payment_link(reminder))
    browser.click("input[name=o_payment_radio]")
    browser.wait_for("#customer_input")
    browser.fill("#customer_input", "4111 1111 1111 1111")
    browser.choose("#simulated_payment_state", "pending")
    browser.click("button[name=o_payment_submit_button]")
    browser.wait_until("location.search.startsWith('?tx=')", "the customer is back on our page")
    page = browser.text("#wrap")
    assert "Thank you, your payment is on its way" in page
    assert browser.count("#o_payment_form") == 0, "nothing is left to pay"
    assert browser.console_errors == []
