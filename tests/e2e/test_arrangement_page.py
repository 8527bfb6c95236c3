"""A plan is offered by mail; the customer proves by a code who he is, signs on a phone and has the agreement."""

import hashlib
import json
import re
import urllib.request
from pathlib import Path

from browser import Browser
from server import ADMIN, OdooServer
from signing import code_of, draw, offer_link
from smtp import Inbox

CUSTOMER = "ann@bakery.example"
LEDGER = """
import json
from datetime import timedelta
from odoo import fields

now, today = fields.Datetime.now(), fields.Date.today()
company = env.company
company.write({"name": "Invented Mill", "email": "hello@collect.example.com"})
bakery = env["res.partner"].create({"name": "Fictive Bakery", "is_company": True, "email": "office@bakery.example"})
env["res.partner"].create({"name": "Ann Baker", "parent_id": bakery.id, "type": "invoice", "email": "ann@bakery.example"})
move = env["account.move"].create({
    "move_type": "out_invoice", "partner_id": bakery.id, "invoice_date": today - timedelta(days=40),
    "invoice_date_due": today - timedelta(days=10), "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {"name": "Flour", "price_unit": 900, "tax_ids": []})],
})
move.action_post()
move.is_move_sent = True
env["collection.run"]._night(now, company)
env["collection.step"].search([]).sudo().write({"state": "cancelled"})
Arrangement = env["collection.arrangement"]
offer = Arrangement.create({
    "partner_id": bakery.id, "company_id": company.id, "currency_id": company.currency_id.id, "rhythm": "own",
    "item_ids": Arrangement._values_of(move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")),
    "line_ids": [(0, 0, {"date": today + timedelta(days=days), "amount": 300}) for days in (5, 35, 65)],
})
offer._submit(now, "offer")
env.cr.commit()
print("RESULT", json.dumps({"offer": offer.id, "state": offer.state, "page": offer._page_path()}))
"""


def test_a_plan_is_signed_on_a_phone(odoo_server: OdooServer, smtp: Inbox, browser: Browser, tmp_path: Path) -> None:
    made = json.loads(odoo_server.shell(LEDGER).partition("RESULT ")[2])
    assert made["state"] == "offered"
    odoo_server.run_cron("collections_relationship.ir_cron_act")
    (message,) = smtp.wait_for(1, to=CUSTOMER)
    link = offer_link(message)
    smtp.clear()

    browser.viewport(390, 844, mobile=True)
    browser.go(link)
    browser.wait_for_text("Our offer to you")
    assert "900.00" in browser.text("#wrap")
    browser.screenshot(tmp_path / "offer.png", full_page=True)

    browser.click("a[href*='do=propose']")
    browser.click("form[action$='/code'] button")
    (mail,) = smtp.wait_for(1, to=CUSTOMER)
    assert not re.search(r"\d", mail.subject), "nobody reads the code over a shoulder"
    browser.fill("#code", "000000" if code_of(mail) != "000000" else "111111")
    browser.click("form[action$='/check'] button")
    browser.wait_for_text("This code is not right")
    browser.fill("#code", code_of(mail))
    browser.click("form[action$='/check'] button")

    browser.wait_for_text("What would suit you?")
    browser.fill("#count", "7")
    browser.evaluate("document.querySelector('#count').dispatchEvent(new Event('input', {bubbles: true}))")
    shown = "document.querySelectorAll('.o_collections_preview li').length"
    browser.wait_until(f"{shown} === 7", "seven payments are shown")
    assert "128.5" in browser.text(".o_collections_preview")
    browser.choose("#rhythm", "own")
    browser.wait_until("document.querySelectorAll('.o_collections_own_row').length === 7", "seven days to change")
    browser.screenshot(tmp_path / "propose.png", full_page=True)

    browser.go(f"{link}?do=accept")
    browser.wait_for_text("Please read this before you say yes")
    browser.wait_for("canvas.o_web_sign_signature")
    assert browser.evaluate("window.scrollY") == 0, "what is to be read is at the top"
    assert browser.evaluate("document.activeElement === document.body"), "no keyboard covers it"
    browser.fill("input[name=signer]", "   ")
    draw(browser)
    browser.click(".o_portal_sign_submit")
    browser.wait_for_text("Please type your name.")
    browser.fill("input[name=signer]", "Ann Baker")
    browser.screenshot(tmp_path / "sign.png", full_page=True)
    browser.wait_until("!document.querySelector('.o_portal_sign_submit').disabled", "the signature is taken")
    browser.click(".o_portal_sign_submit")
    browser.wait_for_text("It is agreed.")
    browser.screenshot(tmp_path / "agreed.png", full_page=True)

    (offer,) = odoo_server.call(
        ADMIN,
        "collection.arrangement",
        "read",
        [made["offer"]],
        fields=["state", "accepted_how", "accepted_proof", "accepted_address", "accepted_name", "accepted_text", "accepted_hash"],
    )
    assert offer["state"] == "active"
    assert (offer["accepted_how"], offer["accepted_proof"]) == ("portal", "code")
    assert (offer["accepted_name"], offer["accepted_address"]) == ("Ann Baker", CUSTOMER)
    assert offer["accepted_hash"] == hashlib.sha256(offer["accepted_text"].encode()).hexdigest()

    fetched = f"fetch({json.dumps(link + '/pdf')}).then(answer => answer.headers.get('Content-Type'))"
    assert browser.evaluate(fetched) == "application/pdf"
    with urllib.request.urlopen(f"{link}/pdf", timeout=60) as answer:
        assert answer.headers["Content-Type"].startswith("text/html"), "without a code there is no agreement"
    unexpected = [error for error in browser.console_errors if "422" not in error]  # the wrong code
    assert unexpected == []
    assert odoo_server.errors() == []
