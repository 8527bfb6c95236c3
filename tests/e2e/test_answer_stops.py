"""A customer who answers is left alone until somebody has read the answer; another one is not."""

import json
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from server import ADMIN, OdooServer
from smtp import Inbox, Received

ANSWERS = "anna@bakery.example"
SILENT = "silas@mill.example"
LEDGER = """
import json
from datetime import timedelta
from odoo import fields

today = fields.Date.today()
clerk = env["res.users"].with_context(no_reset_password=True).create({
    "name": "Mary Made-up", "login": "mary", "password": "mary", "email": "mary@collect.example.com",
    "group_ids": [(4, env.ref("account.group_account_invoice").id)],
})
partners = env["res.partner"].create([
    {"name": "Made-up Bakery", "email": "anna@bakery.example", "user_id": clerk.id},
    {"name": "Made-up Mill", "email": "silas@mill.example", "user_id": clerk.id},
])
moves = env["account.move"].create([{
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": today - timedelta(days=36),
    "invoice_date_due": today - timedelta(days=6), "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {"name": "Flour", "price_unit": 200, "tax_ids": []})],
} for partner in partners])
moves.action_post()
moves.is_move_sent = True
env.cr.commit()
print("RESULT", json.dumps({"answers": partners[0].id, "silent": partners[1].id}))
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


@pytest.fixture(scope="module")
def customers(odoo_server: OdooServer) -> dict[str, int]:
    """Two customers alike; one of them will answer."""
    return dict(json.loads(odoo_server.shell(LEDGER).partition("RESULT ")[2]))


def answer_to(received: Received) -> bytes:
    """What a mail program sends when a person answers."""
    answer = EmailMessage()
    answer["From"] = f"Anna Baker <{ANSWERS}>"
    answer["To"] = parseaddr(str(received.message["Reply-To"]))[1]
    answer["Subject"] = f"Re: {received.subject}"
    answer["Message-Id"] = "<answer-1@bakery.example>"
    answer["In-Reply-To"] = answer["References"] = str(received.message["Message-Id"])
    answer.set_content("Our accountant is away, we will pay on Monday.")
    return answer.as_bytes()


def test_an_answer_stops_everything_until_it_is_read(
    odoo_server: OdooServer, smtp: Inbox, customers: dict[str, int]
) -> None:
    odoo_server.run_cron("collections_relationship.ir_cron_night")
    odoo_server.run_cron("collections_relationship.ir_cron_act")
    (reminder,) = smtp.wait_for(1, to=ANSWERS)
    smtp.wait_for(1, to=SILENT)

    cases = odoo_server.call(
        ADMIN, "collection.case", "search_read", [("partner_id", "=", customers["answers"])], fields=["id"]
    )
    (case,) = [row["id"] for row in cases]
    assert odoo_server.deliver(answer_to(reminder)) == case
    (row,) = odoo_server.call(ADMIN, "collection.case", "read", [case], fields=["reply_unread_since"])
    assert row["reply_unread_since"]
    contacts = odoo_server.call(
        ADMIN, "collection.contact", "search_read", [("case_id", "=", case)], fields=["kind"], order="id"
    )
    assert [contact["kind"] for contact in contacts] == ["sent", "answered"]
    activities = odoo_server.call(
        ADMIN, "mail.activity", "search_read", [("res_model", "=", "collection.case"), ("res_id", "=", case)], fields=["user_id"]
    )
    assert [activity["user_id"][1] for activity in activities] == ["Mary Made-up"]

    smtp.clear()
    odoo_server.shell(NIGHT_IN % 7)
    smtp.wait_for(1, to=SILENT)
    odoo_server.shell(NIGHT_IN % 16)
    smtp.wait_for(2, to=SILENT)
    assert smtp.sent_to(ANSWERS) == []
    (row,) = odoo_server.call(ADMIN, "collection.case", "read", [case], fields=["next_reason"])
    assert row["next_reason"]["code"] == "reply_unread"

    odoo_server.call("mary", "collection.case", "action_mark_reply_read", [case])
    odoo_server.shell(NIGHT_IN % 17)
    smtp.wait_for(1, to=ANSWERS)
    assert odoo_server.errors() == []
