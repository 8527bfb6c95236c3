"""Letters: the queue, printing asks again and logs once, the page fits its envelope and can be scanned."""
import base64
import io
import subprocess
import tempfile
from pathlib import Path
from unittest.mock import patch

import zxingcpp
from PIL import Image

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL

from ..engine import paper
from ..models.collection_step_act import LOCK_CASE
from ..models.collection_step_letter import CollectionStep as Letter
from .common import shipped
from .test_attachments import make_pdf, page_widths
from .test_channels import ChannelCommon

#: Dots per millimetre of a rendered page.
SCALE = 10


def render_pages(pdf):
    """Return the pages of a PDF as grey pictures, ten dots a millimetre."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "letters.pdf"
        source.write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", str(25.4 * SCALE), "-gray", source, Path(folder) / "page"], check=True)
        return [Image.open(io.BytesIO(path.read_bytes())) for path in sorted(Path(folder).glob("page*.pgm"))]


def read_text(pdf):
    """Return the words of each page of a PDF."""
    completed = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return completed.stdout.decode().split("\f")[:-1]


def find_words(pdf, word):
    """Return where a word stands, as (page, left, top, right, bottom), the box in millimetres."""
    completed = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    found, page = [], 0
    for line in completed.stdout.decode().splitlines():
        if "<page " in line:
            page += 1
        if line.strip().startswith("<word") and f">{word}<" in line:
            numbers = {part.split("=")[0]: float(part.split('"')[1]) for part in line.split(">")[0].split()[1:]}
            box = [numbers[name] * 25.4 / 72 for name in ("xMin", "yMin", "xMax", "yMax")]
            found.append((page, *box))
    return found


def scan(picture):
    """Return the texts of all codes on a picture."""
    return [code.text for code in zxingcpp.read_barcodes(picture)]


class LetterCommon(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.collection_channel = "letter"
        cls.company.partner_id.write(
            {
                "street": "8 Example Road",
                "zip": "10115",
                "city": "Sampleton",
                "country_id": cls.env.ref("base.de").id,
                "phone": "+49 30 5550100",
            }
        )

        cls.bank = cls.env["res.partner.bank"].create(
            {"acc_number": "DE89370400440532013000", "partner_id": cls.company.partner_id.id}
        )
        # Made up, as the account's number is a textbook's.
        cls.bank.bank_id = cls.env["res.bank"].create({"name": "Sample Bank", "bic": "MADEDEFF"})

    def _address(self, **values):
        return {
            "collection_channel": "letter",
            "street": "2 Made-up Street",
            "city": "Hoboken",
            "zip": "07030",
            "country_id": self.env.ref("base.us").id,
            "state_id": self.env.ref("base.state_us_31").id,
            **values,
        }

    def _wait_for_letters(self):
        self._night()
        self._act()
        return self._queue()

    def _in_euro(self, invoice):
        """Make an invoice of this test one in euro."""
        invoice.button_draft()
        self.env.ref("base.EUR").active = True
        invoice.currency_id = self.env.ref("base.EUR")
        invoice.partner_bank_id = self.bank
        invoice.action_post()
        invoice.is_move_sent = True

    def _letter(self, purpose="friendly_reminder", tone="friendly", partner=None, items=None, **values):
        """Return a letter that waits, whatever the ladder says."""
        self._refresh()
        case = self._case(partner)
        items = items or case.open_item_ids
        way = case._reach(case.ids, {case.id: items.move_id.ids})[case.id]["letter"]
        return self.env["collection.step"].sudo().create(
            {
                "case_id": case.id,
                "company_id": self.company.id,
                "purpose": purpose,
                "template_id": shipped(self.env, purpose, tone).id,
                "channel": "letter",
                "state": "to_do",
                "date_planned": self.now,
                "recipient_id": way.partner_id,
                "address": way.address,
                "item_ids": [Command.set(items.ids)],
                **values,
            }
        )

    def _pdf(self, letters):
        """Return the PDF of letters as it would be printed."""
        return letters._letters_pdf(letters._render_safely(self.now), self.now)

    def _queue(self):
        return self.env["collection.step"].search([("channel", "=", "letter"), ("state", "=", "to_do")])

    def _print(self, letters=None):
        """Print letters; return the batches and what was left out."""
        return (self._queue() if letters is None else letters).sudo()._print_letters(self.now)

    def _print_pdf(self, letters=None):
        batch, _left_out = self._print(letters)
        return base64.b64decode(batch.pdf)


@tagged("post_install", "-at_install")
class TestPrintQueue(LetterCommon):
    def setUp(self):
        super().setUp()
        self._wait_for_letters()

    def test_printing_logs_once_and_keeps_the_pdf(self):
        letter = self._queue()
        batch, left_out = self._print()
        self.assertEqual((letter.state, letter.letter_batch_id, batch.letter_count), ("sent", batch, 1))
        self.assertFalse(left_out)
        self.assertEqual(self._sent().mapped("channel"), ["letter"])
        self.assertIn(letter._letter_links()[letter.id].rpartition("/")[2], self._sent().body_html)
        self.assertTrue(base64.b64decode(batch.pdf).startswith(b"%PDF"))
        again, left_out = self._print(letter)
        self.assertFalse(again)
        self.assertEqual([row["code"] for row in left_out], ["printed"])
        self.assertEqual(len(self._sent()), 1)

    def test_print_again_opens_the_same_pdf(self):
        batch, _left_out = self._print()
        self.assertIn(f"/web/content/collection.letter.batch/{batch.id}/pdf/", batch.action_open_pdf()["url"])
        self.assertEqual(len(self._sent()), 1)

    def test_paid_meanwhile_is_left_out_and_said(self):
        other = self._create_customer("Brown Trading", **self._address())
        self._create_item(6, partner=other)
        self.assertEqual(len(self._wait_for_letters()), 2)
        self._pay(self.item)
        batch, left_out = self._print()
        self.assertEqual((batch.letter_count, batch.step_ids.partner_id), (1, other))
        self.assertEqual([(row["partner"], row["code"]) for row in left_out], [(self.customer.id, "case_closed")])
        self.assertIn("Azure Interior", batch.outcome_html)
        self.assertIn("Nothing is owed any more.", batch.outcome_html)
        self.assertFalse(self._sent())

    def test_a_stop_of_letters_meanwhile_is_obeyed_and_said(self):
        letter = self._queue()
        self._opt_out("letter")
        batches, left_out = self._print()
        self.assertFalse(batches)
        self.assertEqual([row["code"] for row in left_out], ["opted_out"])
        self.assertFalse(letter.letter_batch_id)
        self.assertFalse(self._sent())

    def test_nothing_left_to_print_is_said(self):
        letter = self._queue()
        self._pay(self.item)
        action = letter.action_print_letters()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("Azure Interior: Nothing is owed any more.", action["params"]["message"])
        self.assertFalse(self.env["collection.letter.batch"].search([("company_id", "=", self.company.id)]))

    def test_another_who_prints_the_same_letter_keeps_it(self):
        letter = self._queue()
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK_CASE, letter.case_id.id))
            batches, left_out = self._print()
        self.assertFalse(batches)
        self.assertEqual([row["code"] for row in left_out], ["being_printed"])
        self.assertEqual(letter.state, "to_do")
        self.assertFalse(self._sent())

    def test_a_failure_leaves_nothing_printed(self):
        letter = self._queue()
        with (
            self.assertRaises(OSError),
            patch.object(Letter, "_print_pages", side_effect=OSError("no paper")),
            self.cr.savepoint(),
        ):
            self._print()
        self.env.invalidate_all()
        self.assertEqual(letter.state, "to_do")
        self.assertFalse(self._sent())

    def test_only_people_who_work_with_invoices_print(self):
        letter = self._queue()
        colleague = new_test_user(self.env, "letter.colleague", groups="base.group_user", company_id=self.company.id)
        with self.assertRaises(AccessError):
            letter.with_user(colleague).action_print_letters()
        user = new_test_user(
            self.env,
            "letter.clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        action = letter.with_user(user).action_print_letters()
        batch = self.env["collection.letter.batch"].browse(action["res_id"])
        self.assertEqual(batch.user_id, user)
        self.assertTrue(batch.with_user(user).pdf)
        with self.assertRaises(AccessError):
            batch.with_user(colleague).read(["pdf"])
        portal = new_test_user(self.env, "letter.portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            batch.with_user(portal).read(["pdf"])
        other = self.setup_other_company(name="Another Company")["company"]
        stranger = new_test_user(
            self.env,
            "letter.stranger",
            groups="account.group_account_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            batch.with_user(stranger).read(["pdf"])

    def test_all_that_the_list_shows_are_printed(self):
        other = self._create_customer("Brown Trading", **self._address())
        self._create_item(6, partner=other)
        self._wait_for_letters()
        queue = self.env["collection.step"].with_context(active_domain=[("partner_id", "=", other.id)])
        action = queue.action_print_all_letters()
        self.assertEqual(self.env["collection.letter.batch"].browse(action["res_id"]).step_ids.partner_id, other)
        self.assertEqual(self._queue().partner_id, self.customer)

    def test_the_pdf_goes_with_the_texts(self):
        batch, _left_out = self._print()
        contact = self._sent()
        terms = self.env["collection.deletion"].sudo()._terms(self.company, self.now)
        self.env["collection.deletion"].sudo()._delete_texts(terms, contact.ids)
        self.assertTrue(contact.text_deleted_on)
        self.assertFalse(batch.pdf)


@tagged("post_install", "-at_install")
class TestLetterPage(LetterCommon):
    def _boxes(self, window, **values):
        """Print a letter for an envelope; return where its first and its last line of the address stand."""
        self.company.collection_letter_window = window
        pdf = self._pdf(self._letter(**values))
        return pdf, [find_words(pdf, word)[0] for word in ("Azure", "Hoboken")]

    def test_the_address_shows_in_the_window_on_the_left(self):
        pdf, boxes = self._boxes("left")
        for page, left, top, right, bottom in boxes:
            self.assertEqual(page, 1)
            # DIN 5008 form B: the window shows 20 to 105 mm, and 45 to 90 mm; 17.7 mm are for the sender.
            self.assertTrue(20 <= left < right <= 105 and 62 <= top < bottom <= 90, (left, top, right, bottom))
        sender = find_words(pdf, "Sampleton")
        self.assertTrue(any(top >= 45 and bottom <= 62.8 and right < 105 for _p, _l, top, right, bottom in sender))

    def test_the_address_shows_in_the_window_on_the_right(self):
        _pdf, boxes = self._boxes("right")
        for _page, left, top, right, bottom in boxes:
            self.assertTrue(100 <= left < right <= 190 and 55 <= top < bottom <= 79.5, (left, top, right, bottom))

    def test_the_address_shows_in_the_window_of_a_us_envelope(self):
        pdf, boxes = self._boxes("us")
        for _page, left, top, right, bottom in boxes:
            self.assertTrue(22.2 <= left < right <= 111 and 62 <= top < bottom <= 80.4, (left, top, right, bottom))
        self.assertEqual(page_widths(pdf), [612])

    def test_a_millimetre_is_one(self):
        self.company.collection_letter_window = "left"
        picture = render_pages(self._pdf(self._letter()))[0]
        self.assertEqual(picture.size[0], 210 * SCALE)
        folds = [row / SCALE for row in range(picture.size[1]) if picture.getpixel((6 * SCALE, row)) < 200]
        self.assertTrue(any(abs(row - 105) < 0.4 for row in folds) and any(abs(row - 210) < 0.4 for row in folds), folds)

    def test_each_country_has_its_envelope(self):
        for code, window in (("de", paper.LEFT), ("fr", paper.RIGHT), ("us", paper.US)):
            self.company.partner_id.country_id = self.env.ref(f"base.{code}")
            self.assertEqual(self.company._collection_window(), window)

    def test_the_codes_lead_to_the_page_and_fill_in_the_transfer(self):
        self._in_euro(self.item)
        letter = self._letter()
        pdf = self._pdf(letter)
        texts = scan(render_pages(pdf)[0])
        self.assertEqual(len(texts), 2)
        self.assertIn(letter._letter_links()[letter.id], texts)
        [transfer] = [text for text in texts if text.startswith("BCD")]
        lines = transfer.splitlines()
        self.assertEqual((lines[3], lines[4], lines[6]), ("SCT", "MADEDEFF", "DE89370400440532013000"))
        self.assertEqual((lines[7][:3], float(lines[7][3:])), ("EUR", 100.0))
        self.assertIn(self.item.name, transfer)
        self.assertIn(letter._letter_links()[letter.id].rpartition("/")[2], "".join(read_text(pdf)[0].split()))

    def test_an_account_without_a_code_has_the_page_only(self):
        letter = self._letter()
        self.assertEqual(scan(render_pages(self._pdf(letter))[0]), [letter._letter_links()[letter.id]])

    def test_every_asking_message_fits_and_has_no_gap(self):
        stage = self.stage["firm_reminder"]
        templates = self.env["collection.template"].search([("code", "!=", False)])
        templates = templates.filtered(lambda template: template.purpose in self._asking())
        self.assertGreater(len(templates), 30)
        letters = self.env["collection.step"]
        for number, template in enumerate(templates):
            letters |= self._letter(
                template.purpose, template.tone, template_id=template.id, stage_id=stage.id, round=100 + number
            )
        rendered = letters._render(self.now)
        for letter in letters:
            page = str(letter._letters_html(rendered, self.now))
            for wrong in ("{{", "[?", "?]", "None", "False", "o_collection_button"):
                self.assertNotIn(wrong, page, letter.template_id.code)
        pages = read_text(letters._letters_pdf(rendered, self.now))
        self.assertEqual(len(pages), len(letters), "every one of them fits on one page")

    def _asking(self):
        return {key for key, _label in self.env["collection.step"]._fields["purpose"].selection} & {
            "heads_up", "friendly_reminder", "second_reminder", "check_in", "help_offer", "firm_reminder",
            "formal_notice", "handover",
        }

    def test_formal_letters_have_amounts_in_words(self):
        self._in_euro(self.item)
        self.assertIn("one hundred euro", " ".join(read_text(self._pdf(self._letter("formal_notice", "formal")))[0].split()))
        letter = self._letter(round=2)
        self.assertNotIn("one hundred euro", read_text(self._pdf(letter))[0])

    def test_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.customer.lang = "ar_001"
        letter = self._letter()
        letter.template_id.with_context(lang="ar_001").write(
            {
                "subject": "\u0631\u0633\u0627\u0644\u0629",
                "body_html": "<p>{{greeting}}</p><div>{{items}}</div><div>{{pay_button}}</div>",
            }
        )
        page = str(letter._letters_html(letter._render(self.now), self.now))
        self.assertIn('lang="ar-001"', page)
        self.assertIn('dir="rtl"', page)
        self.assertEqual(len(read_text(self._pdf(letter))), 1)

    def test_a_strange_name_spoils_nothing(self):
        self.customer.name = "\"O'Neil\" & <Sons> \N{SLICE OF PIZZA} " + "Extraordinarily Long " * 10
        letter = self._letter()
        pdf = self._pdf(letter)
        self.assertEqual(len(read_text(pdf)), 1)
        [hoboken] = [box for box in find_words(pdf, "Hoboken") if box[1] < 105]
        self.assertLess(hoboken[4], 90)
        self.assertIn("O'Neil", read_text(pdf)[0])

    def test_a_customer_without_a_language(self):
        self.customer.lang = False
        self.assertIn("Hello", read_text(self._pdf(self._letter()))[0])

    def test_each_branch_speaks_for_itself(self):
        branch = self._create_branch("Azure North", street="9 North Lane", city="Northton", zip="20095")
        account = self.env["res.partner.bank"].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": branch.partner_id.id}
        )
        self._create_item(9, company_id=branch.id, partner_bank_id=account.id)
        self._refresh()
        items = self._case().open_item_ids.filtered(lambda item: item.company_id == branch)
        letter = self._letter(items=items, sender_company_id=branch.id)
        text = read_text(self._pdf(letter))[0]
        self.assertIn("Azure North", text)
        self.assertIn("FR76 3000 6000 0112 3456 7890 189", text)
        self.assertNotIn("Sampleton", text)
        self.assertNotIn("DE89", text)

    def test_invoices_follow_their_letter(self):
        self.stage["friendly_reminder"].attach_invoices = True
        other = self._create_customer("Brown Trading", **self._address(zip="01000"))
        for number in range(45):
            self._attach(self._create_item(6, partner=other, amount=10 + number), 300)
        self._attach(self.item, 400)
        stage = {"stage_id": self.stage["friendly_reminder"].id}
        letters = (self._letter(partner=other, **stage) | self._letter(**stage))._in_print_order()
        widths = page_widths(self._pdf(letters))
        # The one with many invoices needs two pages, and comes first by its postcode.
        self.assertEqual(widths, [595, 595] + [300] * 45 + [595, 400])

    def test_an_invoice_that_cannot_be_printed_costs_one_letter(self):
        self.stage["friendly_reminder"].attach_invoices = True
        other = self._create_customer("Brown Trading", **self._address(zip="01000"))
        self._attach(self._create_item(6, partner=other), 300)
        stage = {"stage_id": self.stage["friendly_reminder"].id}
        broken = self._letter(**stage)
        made = type(self.item)._collection_pdf

        def print_or_fail(invoice):
            if invoice == self.item:
                raise UserError("The report is broken.")  # pylint: disable=translation-required
            return made(invoice)

        self.patch(type(self.item), "_collection_pdf", print_or_fail)
        with self.assertLogs("odoo.addons.collections_relationship", "ERROR"):
            batch, _left_out = self._print(self._letter(partner=other, **stage) | broken)
        self.assertEqual(batch.letter_count, 1)
        self.assertEqual((broken.state, broken.cancel_code), ("cancelled", "file_error"))
        self.assertIn(self.customer.name, batch.outcome_html)
        self.assertEqual(page_widths(base64.b64decode(batch.pdf)), [595, 300])

    def _attach(self, invoice, width):
        self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": make_pdf(1, width),
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        invoice.invalidate_recordset(["invoice_pdf_report_id"])


@tagged("post_install", "-at_install")
class TestPrintedAddress(HttpCase, LetterCommon):
    def test_the_address_leads_to_the_page(self):
        letter = self._letter()
        self._print(letter)
        self.assertEqual(letter.state, "sent")
        letter.link_expires = fields.Date.add(fields.Date.today(), days=30)  # the page reads the real clock
        path = letter._letter_links()[letter.id].partition("/letter/")[2]
        for typed in (path, path.lower(), path.replace("-", ""), path.replace("0", "O").replace("1", "l")):
            response = self.url_open(f"/letter/{typed}")
            self.assertEqual(response.status_code, 200)
            self.assertIn(self.item.name, response.text)
            self.assertIn("/collections/pay/", response.url)

    def test_no_other_code_leads_anywhere(self):
        letter = self._letter()
        path = letter._letter_links()[letter.id].rpartition("/")[2]
        for typed in ("0000-0000-0000", path[:-1], path + "0", "%"):
            response = self.url_open(f"/letter/{typed}")
            self.assertEqual(response.status_code, 404, typed)
            self.assertNotIn("Azure", response.text)

    def test_the_pdf_is_for_those_who_may_read_it(self):
        batch, _left_out = self._print(self._letter())
        url = batch.action_open_pdf()["url"]
        self.assertNotEqual(self.url_open(url).status_code, 200)
        new_test_user(
            self.env,
            "letter.reader",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.authenticate("letter.reader", "letter.reader")
        response = self.url_open(url)
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, "application/pdf"))


@tagged("post_install", "-at_install")
class TestCallList(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.customer.collection_channel = "call"
        other = self._create_customer("Brown Trading", phone="+1 201 555 0124", collection_channel="call")
        other.write({"country_id": self.customer.country_id.id, "state_id": self.customer.state_id.id})
        self._create_item(6, partner=other)
        self._night()
        self._act()
        self.calls = self.env["collection.step"].search([("channel", "=", "call"), ("state", "=", "to_do")], order="id")

    def test_one_after_the_other_and_round_again(self):
        first, second = self.calls
        self.assertEqual(first.action_next_call()["res_id"], second.id)
        self.assertEqual(second.action_next_call()["res_id"], first.id)
        self.assertEqual(first.calls_left, 1)

    def test_after_the_last_comes_the_list(self):
        first, second = self.calls
        (first | second).sudo().write({"state": "sent"})
        self.assertFalse(first.action_next_call()["res_id"])

    def test_the_rules_are_asked_before_the_call(self):
        self.assertIn("o_collection_verdict", self.calls[0].call_verdict_html)
        self.calls[0].sudo().state = "sent"
        self.assertFalse(self.calls[0].call_verdict_html)

    def test_the_sheet_on_paper(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "collections_relationship.action_report_call_sheet", self.calls.ids
        )
        text = html.decode()
        for call in self.calls:
            self.assertIn(call.partner_id.name, text)
            self.assertIn(call.address, text)
        self.assertIn("What came of it", text)
        self.assertEqual(text.count('class="article"'), 1, "not every program that prints takes several documents")
        self.assertNotIn("{{", text)
