"""A customer stops our mail by the link in it, on a phone: none leaves any more, one confirms it."""

import json
import re
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import pytest
from browser import Browser
from server import ADMIN, OdooServer
from smtp import Inbox, Received

STOPS, SILENT, CLICKS = "ada@bakery.example", "silas@quarry.example", "uma@forge.example"
IMPATIENT = "ira@tannery.example"
LEDGER = """
import json
from datetime import timedelta
from odoo import fields

today = fields.Date.today()
env.company.write({"name": "Made-up Mill", "phone": "+1 555 0100", "email": "hello@collect.example.com"})
env["collection.policy"].search([]).write({"hour_from": 0, "hour_to": 24})
partners = env["res.partner"].create([
    {"name": address.split("@")[1], "email": address, "phone": "+1 201 555 0123"} for address in %r
])
moves = env["account.move"].create([{
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": today - timedelta(days=36),
    "invoice_date_due": today - timedelta(days=6), "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {"name": "Flour", "price_unit": 200, "tax_ids": []})],
} for partner in partners])
moves.action_post()
moves.is_move_sent = True
env.cr.commit()
print("RESULT", json.dumps(partners.ids))
"""
#: A night some days on, with real mail: the clock is a parameter.
NIGHT_IN = """
from datetime import timedelta
from odoo import fields

later = fields.Datetime.now() + timedelta(days=%d)
env["collection.run"]._night(later)
env["collection.step"]._act_all(later)
env.cr.commit()
"""


def remind(odoo_server: OdooServer, mail_server: Inbox, *addresses: str) -> dict[str, tuple[int, Received]]:
    """Customers with a late invoice and a first reminder: by address, the customer and the mail."""
    partners = json.loads(odoo_server.shell(LEDGER % (addresses,)).partition("RESULT ")[2])
    odoo_server.run_cron("collections_relationship.ir_cron_night")
    odoo_server.run_cron("collections_relationship.ir_cron_act")
    return {
        address: (partner, mail_server.wait_for(1, to=address)[0])
        for address, partner in zip(addresses, partners, strict=True)
    }


@pytest.fixture(scope="module")
def reminded(odoo_server: OdooServer, mail_server: Inbox) -> dict[str, tuple[int, Received]]:
    """Two customers with a reminder each."""
    return remind(odoo_server, mail_server, STOPS, SILENT)


def choices_link(received: Received) -> str:
    """The address behind the last line of a message."""
    links = set(re.findall(r'href="([^"]*/collections/preferences/[^"]+)"', received.html))
    assert len(links) == 1, links
    link = unescape(links.pop())
    assert link in received.text, "the same in plain text"
    return link


def protections(server: OdooServer, partner: int) -> list[dict[str, object]]:
    domain = [("commercial_partner_id", "=", partner)]
    found = server.call(
        ADMIN, "collection.protection", "search_read", domain, fields=["kind", "channel", "address"], order="id"
    )
    return [{key: value for key, value in row.items() if key != "id"} for row in found]


def log_of(server: OdooServer, partner: int) -> list[tuple[str, str]]:
    rows = server.call(
        ADMIN,
        "collection.contact",
        "search_read",
        [("partner_id", "=", partner)],
        fields=["kind", "purpose"],
        order="id",
    )
    return [(row["kind"], row["purpose"] or "") for row in rows]


def test_a_click_on_a_phone_stops_all_mail(
    odoo_server: OdooServer, smtp: Inbox, browser: Browser, reminded: dict[str, tuple[int, Received]], tmp_path: Path
) -> None:
    partner, reminder = reminded[STOPS]
    smtp.clear()
    browser.viewport(360, 740, mobile=True)
    browser.go(choices_link(reminder))
    assert browser.evaluate("document.documentElement.scrollWidth") <= 360, "nothing is wider than the phone"
    page = browser.text("#wrap")
    assert "200" not in page, "no amount"
    assert STOPS not in page, "not the whole address"
    assert protections(odoo_server, partner) == [], "looking changes nothing"
    browser.screenshot(tmp_path / "preferences.png", full_page=True)

    browser.click("button[value=stop]")
    browser.wait_for_text("Thank you, this is noted")
    browser.wait_for_text("Allow e-mails again")
    assert browser.evaluate("document.documentElement.scrollWidth") <= 360
    browser.screenshot(tmp_path / "stopped.png", full_page=True)
    assert browser.console_errors == []
    assert protections(odoo_server, partner) == [{"kind": "opt_out", "channel": "email", "address": False}]

    odoo_server.run_cron("collections_relationship.ir_cron_act")
    (confirmation,) = smtp.wait_for(1, to=STOPS)
    assert "No more e-mails about payments." in confirmation.html
    assert "/collections/pay/" not in confirmation.html
    assert "List-Unsubscribe" not in confirmation.message

    smtp.clear()
    odoo_server.shell(NIGHT_IN % 12)
    smtp.wait_for(1, to=SILENT)
    odoo_server.shell(NIGHT_IN % 24)
    smtp.wait_for(2, to=SILENT)
    assert smtp.sent_to(STOPS) == []
    assert log_of(odoo_server, partner) == [
        ("sent", "friendly_reminder"),
        ("stopped", ""),
        ("sent", "opt_out_confirmation"),
    ]
    (case,) = odoo_server.call(
        ADMIN, "collection.case", "search_read", [("partner_id", "=", partner)], fields=["state"]
    )
    assert case["state"] == "open"
    # No e-mail leaves; what may still come is a letter or a call that somebody makes.
    waiting = odoo_server.call(
        ADMIN,
        "collection.step",
        "search_read",
        [("partner_id", "=", partner), ("state", "in", ["planned", "approved", "to_do"])],
        fields=["channel"],
    )
    assert {step["channel"] for step in waiting} <= {"letter", "call"}
    assert odoo_server.errors() == []


def test_a_planned_message_is_taken_back_by_the_click(
    odoo_server: OdooServer, smtp: Inbox, browser: Browser, reminded: dict[str, tuple[int, Received]]
) -> None:
    """It was planned before the click, and would have left after it."""
    partner, reminder = reminded[SILENT]
    odoo_server.shell(NIGHT_IN.replace('env["collection.step"]._act_all(later)\n', "") % 40)
    domain = [("partner_id", "=", partner), ("state", "in", ["planned", "waiting"])]
    planned = odoo_server.call(ADMIN, "collection.step", "search", domain)
    assert planned
    smtp.clear()
    browser.viewport(360, 740, mobile=True)
    browser.go(choices_link(reminder))
    browser.click("button[value=cease]")
    browser.wait_for_text("We no longer contact you about what is open.")
    steps = odoo_server.call(ADMIN, "collection.step", "read", planned, fields=["state", "cancel_code"])
    assert {(step["state"], step["cancel_code"]) for step in steps} == {("cancelled", "ceased")}
    odoo_server.run_cron("collections_relationship.ir_cron_act")
    (confirmation,) = smtp.wait_for(1, to=SILENT)
    assert "We no longer contact you about what is open." in confirmation.html
    odoo_server.shell(NIGHT_IN % 60)
    assert len(smtp.sent_to(SILENT)) == 1

    browser.click("button[value=resume]")
    browser.wait_for_text("No more e-mails about payments")
    assert protections(odoo_server, partner) == []
    odoo_server.shell(NIGHT_IN % 80)
    assert odoo_server.call(ADMIN, "collection.step", "search", domain), "the follow-up goes on"


def test_clicks_at_the_same_moment_are_one(odoo_server: OdooServer, smtp: Inbox) -> None:
    partner, message = remind(odoo_server, smtp, IMPATIENT)[IMPATIENT]
    link = choices_link(message)

    def click(_number: int) -> int:
        with urllib.request.urlopen(link, b"do=stop&channel=email", timeout=60) as answer:
            return int(answer.status)

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(click, range(6))) == {200}
    assert protections(odoo_server, partner) == [{"kind": "opt_out", "channel": "email", "address": False}]
    assert log_of(odoo_server, partner)[1:] == [("stopped", "")]
    assert odoo_server.errors() == []


def test_the_mail_programs_own_button_stops_its_address(odoo_server: OdooServer, smtp: Inbox) -> None:
    # Mail programs offer the button over https only; here the server is asked where it really is.
    odoo_server.set_parameter("web.base.url", "https://mill.example")
    partner, message = remind(odoo_server, smtp, CLICKS)[CLICKS]
    assert message.raw.count(b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") == 1
    link = re.search(r"\r\nList-Unsubscribe: <https://mill\.example(/[\x21-\x7e]+)>\r\n", message.raw.decode("ascii"))
    assert link, "on one line, as it is: mail programs decode nothing here"
    body = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    with urllib.request.urlopen(odoo_server.url + link[1], body, timeout=60) as answer:
        assert answer.status == 200
    assert protections(odoo_server, partner) == [{"kind": "opt_out", "channel": "email", "address": CLICKS}]
    smtp.clear()
    odoo_server.shell(NIGHT_IN % 12)
    (confirmation,) = smtp.wait_for(1, to=CLICKS)
    assert "stop these e-mails" in confirmation.html
    assert log_of(odoo_server, partner)[1:] == [("stopped", ""), ("sent", "opt_out_confirmation")]
    assert odoo_server.errors() == []
