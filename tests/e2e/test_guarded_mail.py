"""A message leaves when it is right where the customer is, and not at all once it is paid; whoever writes it."""

import json
import threading
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone

import pytest
from browser import Browser
from server import OdooServer, Refused
from smtp import Inbox

CUSTOMERS = """
from datetime import timedelta
from odoo import Command, fields

today = fields.Date.today()
env["collection.policy"].search([]).write({"skip_holidays": False, "hour_from": 8, "hour_to": 20})
env.company.collection_night_cap = 0


def customer(name, zone):
    partner = env["res.partner"].create({
        "name": name, "email": name.lower().replace(" ", ".") + "@example.com", "tz": zone, "is_company": True,
    })
    invoice = env["account.move"].create({
        "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": today - timedelta(days=36),
        "invoice_date_due": today - timedelta(days=6), "invoice_payment_term_id": False,
        "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 100, "tax_ids": []})],
    })
    invoice.action_post()
    invoice.is_move_sent = True
    return partner


def user(login, groups):
    return env["res.users"].create({
        "name": login.title(), "login": login, "password": login, "email": f"{login}@collect.example.com",
        "group_ids": [Command.set([env.ref(group).id for group in groups.split()])],
    })


def run_night(moment):
    env["collection.run"]._night(moment)
    env["collection.step"]._act_all(moment)
    env.cr.commit()
"""
PEOPLE = CUSTOMERS + """
user("clara", "account.group_account_invoice base.group_partner_manager base.group_user")
user("mona", "account.group_account_manager base.group_partner_manager base.group_user")
env.cr.commit()
"""


def at_hour(hour: int, day: int = 0) -> datetime:
    """That hour of today, or of a day after it, in universal time."""
    midnight = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.replace(tzinfo=None) + timedelta(days=day, hours=hour)


def zone_where_it_is(hour: int) -> str:
    """A time zone in which the clock shows about that hour now."""
    offset = (hour - datetime.now(timezone.utc).hour + 12) % 24 - 12
    # The names of these zones count westwards.
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


def test_paid_between_evening_and_morning_it_does_not_leave(odoo_server: OdooServer, smtp: Inbox) -> None:
    evening, morning = at_hour(22), at_hour(8, day=1)
    said = odoo_server.shell(
        CUSTOMERS
        + f"""
payer = customer("Quick Payer", "Etc/GMT")
waiter = customer("Still Owes", "Etc/GMT")
env.cr.commit()
import datetime
run_night({evening!r})
steps = env["collection.step"].search([("partner_id", "in", (payer | waiter).ids)])
print("PLANNED", sorted(str(step.date_planned) for step in steps), steps.mapped("state"))
"""
    )
    assert f"PLANNED ['{morning}', '{morning}'] ['planned', 'planned']" in said
    assert not smtp.messages, "nothing leaves in the evening"
    odoo_server.shell(
        CUSTOMERS
        + f"""
import datetime
invoice = env["account.move"].search([("partner_id.name", "=", "Quick Payer")])
env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids).create({{}})._create_payments()
env.cr.commit()
env["collection.step"]._act_all({morning!r})
env.cr.commit()
"""
    )
    assert [message.recipients for message in smtp.messages] == [("still.owes@example.com",)]


def test_in_another_time_zone_it_comes_within_his_hours(odoo_server: OdooServer, smtp: Inbox) -> None:
    noon = at_hour(12)
    odoo_server.shell(
        CUSTOMERS
        + f"""
import datetime
customer("Here Noon", "Etc/GMT")
customer("Far East", "Etc/GMT-12")
env.cr.commit()
run_night({noon!r})
"""
    )
    assert [message.recipients for message in smtp.messages] == [("here.noon@example.com",)]
    # Midnight there is noon here; the day begins at eight there, which is eight in the evening here.
    odoo_server.shell(
        CUSTOMERS
        + f"""
import datetime
env["collection.step"]._act_all({noon + timedelta(hours=7, minutes=59)!r})
env.cr.commit()
"""
    )
    assert len(smtp.messages) == 1
    odoo_server.shell(
        CUSTOMERS
        + f"""
import datetime
env["collection.step"]._act_all({noon + timedelta(hours=8)!r})
env.cr.commit()
"""
    )
    assert [message.recipients for message in smtp.messages[1:]] == [("far.east@example.com",)]


def test_two_people_who_write_in_the_same_second_write_once(odoo_server: OdooServer, smtp: Inbox) -> None:
    rounds = 6
    odoo_server.shell(
        PEOPLE
        + f"""
for number in range({rounds}):
    customer(f"Busy {{number}}", "{zone_where_it_is(12)}")
env["collection.item"]._refresh(today, fields.Datetime.now(), env.company)
env.cr.commit()
"""
    )
    for number in range(rounds):
        name = f"Busy {number}"
        domain = [("name", "=", name)]
        partner = odoo_server.call("clara", "res.partner", "search", domain)
        composers = [(login, compose(odoo_server, login, partner)) for login in ("clara", "mona")]
        gate = threading.Barrier(2)
        outcomes: list[str] = []
        writers = [
            threading.Thread(target=send, args=(odoo_server, login, composer, gate, outcomes))
            for login, composer in composers
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert sorted(outcomes)[-1] == "sent", outcomes
        assert len(outcomes) == 2 and outcomes.count("sent") == 1, outcomes
        assert len(smtp.wait_for(1, to=f"busy.{number}@example.com")) == 1
        log = [("partner_id", "=", partner[0]), ("kind", "=", "written")]
        assert odoo_server.call("clara", "collection.contact", "search_count", log) == 1


def compose(server: OdooServer, login: str, partner: list[int]) -> int:
    """A composer about payment, filled in by a person."""
    context = {"default_model": "res.partner", "default_res_ids": partner, "default_composition_mode": "comment"}
    values = {"body": "<p>Shall we talk?</p>", "subject": "Hello", "partner_ids": partner, "collection_about_payment": "yes"}
    return int(server.call(login, "mail.compose.message", "create", values, context=context))


def send(server: OdooServer, login: str, composer: int, gate: threading.Barrier, outcomes: list[str]) -> None:
    """Send when the other does."""
    gate.wait()
    try:
        server.call(login, "mail.compose.message", "action_send_mail", [composer])
        outcomes.append("sent")
    except Refused as refusal:
        outcomes.append(refusal.message)


def test_no_remote_call_gets_past(odoo_server: OdooServer, smtp: Inbox, browser: Browser) -> None:
    said = odoo_server.shell(
        CUSTOMERS
        + f"""
cleo = user("cleo", "account.group_account_invoice base.group_partner_manager base.group_user")
customer("Not Asked", "{zone_where_it_is(12)}")
env["collection.item"]._refresh(today, fields.Datetime.now(), env.company)
expires = fields.Datetime.now() + timedelta(days=1)
print("KEY", env["res.users.apikeys"].with_user(cleo)._generate("rpc", "test", expires), "KEY")
env.cr.commit()
"""
    )
    [partner] = odoo_server.call("cleo", "res.partner", "search", [("name", "=", "Not Asked")])
    words = {"body": "Pay", "partner_ids": [partner]}
    for method in ("message_post", "message_notify"):
        with pytest.raises(Refused, match="nobody has said whether"):
            odoo_server.call("cleo", "res.partner", method, [partner], **words)
    call = urllib.request.Request(
        f"{odoo_server.url}/json/2/res.partner/message_post",
        json.dumps({"ids": [partner], **words}).encode(),
        {"Content-Type": "application/json", "Authorization": f"bearer {said.split('KEY')[1].strip()}"},
    )
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(call, timeout=60)
    assert b"nobody has said whether" in answer.value.read()
    browser.log_in(odoo_server.url, "cleo")
    for path in ("res.partner/message_post", "res.partner.message_post", "anything/else"):
        rpc = {"model": "res.partner", "method": "message_post", "args": [[partner]], "kwargs": words}
        assert "nobody has said whether" in post(browser, f"/web/dataset/call_kw/{path}", rpc)
    chatter = {
        "thread_model": "res.partner",
        "thread_id": partner,
        "post_data": {**words, "message_type": "notification", "subtype_xmlid": "mail.mt_comment"},
    }
    assert "nobody has said whether" in post(browser, "/mail/message/post", chatter)
    assert not smtp.sent_to("not.asked@example.com")


def post(browser: Browser, path: str, words: dict[str, object]) -> str:
    """What the server answers a logged-in page that calls one of its JSON routes."""
    call = json.dumps({"jsonrpc": "2.0", "method": "call", "params": words})
    options = f"{{method: 'POST', headers: {{'Content-Type': 'application/json'}}, body: {json.dumps(call)}}}"
    return str(browser.evaluate(f"fetch({json.dumps(path)}, {options}).then(answer => answer.text())"))


def test_the_chatter_hands_over_to_the_composer_which_asks_and_says_why_not(
    odoo_server: OdooServer, smtp: Inbox, browser: Browser
) -> None:
    odoo_server.shell(
        CUSTOMERS
        + f"""
user("carla", "account.group_account_invoice base.group_partner_manager base.group_user")
customer("Fast Asleep", "{zone_where_it_is(2)}")
env["collection.item"]._refresh(today, fields.Datetime.now(), env.company)
env.cr.commit()
"""
    )
    [invoice] = odoo_server.call("carla", "account.move", "search", [("partner_id.name", "=", "Fast Asleep")])
    browser.log_in(odoo_server.url, "carla")
    browser.go(f"{odoo_server.url}/odoo/customer-invoices/{invoice}")
    browser.wait_for(".o-mail-Chatter-sendMessage")
    browser.wait_for(".o-mail-Message")
    browser.evaluate("document.querySelector('.o-mail-Chatter-sendMessage').click()")
    browser.type(".o-mail-Composer-input", "Shall we talk?")
    browser.click(".o-mail-Composer-send")
    browser.wait_for_text("Is this about payment?", ".modal")
    browser.click(".modal input[data-value=yes]")
    browser.wait_for_text("too early or too late", ".modal")
    assert "where the customer is" in browser.text(".modal .o_collection_verdict")
    assert browser.count(".modal .o_mail_send") == 0
    browser.click(".modal button[name=action_collection_send_later]")
    browser.wait_for_text("if it is still right then", ".o_notification")
    assert not smtp.sent_to("fast.asleep@example.com")
    scheduled = odoo_server.call("carla", "mail.scheduled.message", "search_count", [("res_id", "=", invoice)])
    assert scheduled == 1
    assert not odoo_server.errors()
