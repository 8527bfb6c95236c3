"""The server that the other tests here rely on serves, mails, prints and answers."""

import subprocess
from email.message import EmailMessage
from pathlib import Path

from browser import Browser
from PIL import Image
from server import ADMIN, ALIAS_DOMAIN, OdooServer
from smtp import Inbox


def test_mail_leaves_the_server(odoo_server: OdooServer, smtp: Inbox) -> None:
    values = {"subject": "Hello", "body_html": "<p>Good day</p>", "email_to": "anna@example.com"}
    mail = odoo_server.call(ADMIN, "mail.mail", "create", values)
    odoo_server.call(ADMIN, "mail.mail", "send", [mail])
    received = smtp.wait_for(1, to="anna@example.com")[0]
    assert received.subject == "Hello"
    assert "Good day" in received.html


def test_an_answer_comes_back_to_its_record(odoo_server: OdooServer, smtp: Inbox) -> None:
    partner = odoo_server.call(ADMIN, "res.partner", "create", {"name": "Anna", "email": "anna@example.com"})
    odoo_server.call(ADMIN, "res.partner", "message_post", [partner], body="Good day", partner_ids=[partner])
    received = smtp.wait_for(1, to="anna@example.com")[0]
    answer = EmailMessage()
    answer["From"], answer["To"] = "anna@example.com", f"catchall@{ALIAS_DOMAIN}"
    answer["Subject"], answer["Message-Id"] = "Re: Good day", "<1@example.com>"
    answer["In-Reply-To"] = received.message["Message-Id"]
    answer.set_content("Good day to you")
    assert odoo_server.deliver(answer.as_bytes()) == partner


def test_a_user_sees_the_office(odoo_server: OdooServer, browser: Browser, tmp_path: Path) -> None:
    browser.log_in(odoo_server.url, ADMIN)
    browser.wait_for(".o_action_manager > *")
    assert browser.screenshot(tmp_path / "office.png").stat().st_size > 5000
    assert browser.console_errors == []


def test_an_invoice_prints_with_its_style(odoo_server: OdooServer, tmp_path: Path) -> None:
    pdf = tmp_path / "invoice.pdf"
    odoo_server.shell(f"""
partner = env["res.partner"].create({{"name": "Anna"}})
line = (0, 0, {{"name": "Work", "quantity": 1, "price_unit": 100, "tax_ids": []}})
move = env["account.move"].create({{"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [line]}})
move.action_post()
content, kind = env["ir.actions.report"]._render_qweb_pdf("account.report_invoice_with_payments", move.ids)
assert kind == "pdf", kind
open({str(pdf)!r}, "wb").write(content)
""")
    assert "report_assets_pdf" in odoo_server.log.read_text(), "the printer fetched no style sheet"
    subprocess.run(["pdftoppm", "-r", "50", "-gray", "-singlefile", pdf, tmp_path / "page"], check=True)
    with Image.open(tmp_path / "page.pgm") as page:
        dark = sum(page.histogram()[:128])
    assert dark > 200, "the page is blank"


def test_the_log_has_no_errors(odoo_server: OdooServer) -> None:
    assert odoo_server.errors() == []
