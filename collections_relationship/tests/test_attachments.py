"""The invoices a message asks for come with it, as one PDF."""
import io
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from .test_channels import ChannelCommon

LOGGER = "odoo.addons.collections_relationship"


def make_pdf(pages, width=200):
    """Return a PDF of empty pages, `width` points wide."""
    writer = PdfFileWriter()
    for _page in range(pages):
        writer.addBlankPage(width, 100)
    with io.BytesIO() as buffer:
        writer.write(buffer)
        return buffer.getvalue()


def page_widths(pdf):
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    return [int(reader.getPage(number).mediaBox.getWidth()) for number in range(reader.getNumPages())]


@tagged("post_install", "-at_install")
class TestAttachments(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.older = cls._create_item(8)
        cls._print(cls.item, 1, 200)
        cls._print(cls.older, 2, 300)

    @classmethod
    def _print(cls, invoice, pages, width):
        cls.env["ir.attachment"].create(
            {
                "name": f"{invoice.name}.pdf",
                "raw": make_pdf(pages, width),
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        invoice.invalidate_recordset(["invoice_pdf_report_id"])

    def test_nothing_comes_where_the_stage_does_not_say_so(self):
        self._night_and_act()
        self.assertEqual(self._step().state, "sent")
        self.assertFalse(self._step().mail_id.attachment_ids)

    def test_the_invoices_are_one_pdf_the_oldest_first(self):
        self.stage["friendly_reminder"].attach_invoices = True
        self._night_and_act()
        self.assertEqual(self._step().state, "sent")
        attachment = self._step().mail_id.attachment_ids
        self.assertEqual(attachment.name, "Invoices.pdf")
        self.assertEqual(page_widths(attachment.raw), [300, 300, 200])
        self.assertEqual((attachment.res_model, attachment.res_id), ("collection.case", self._case().id))

    def test_one_invoice_keeps_its_name(self):
        self.stage["friendly_reminder"].attach_invoices = True
        self._pay(self.older)
        self._night_and_act()
        attachment = self._step().mail_id.attachment_ids
        self.assertIn(self.item.name.replace("/", "_"), attachment.name.replace("/", "_"))
        self.assertEqual(page_widths(attachment.raw), [200])

    def test_what_cannot_be_read_comes_beside_the_others(self):
        self.stage["friendly_reminder"].attach_invoices = True
        self.item.invoice_pdf_report_id.raw = b"no PDF at all"
        self._night_and_act()
        self.assertEqual(len(self._step().mail_id.attachment_ids), 2)
        self.assertEqual(self._step().state, "sent")

    def _files_of_case(self, partner=None):
        return self.env["ir.attachment"].search(
            [("res_model", "=", "collection.case"), ("res_id", "=", self._case(partner).id)]
        )

    def test_a_message_put_off_leaves_no_file_behind(self):
        self.stage["friendly_reminder"].attach_invoices = True

        def connect(*_args, **_options):
            raise OSError("no route to the mail server")

        self._night()
        with patch.object(self.registry["ir.mail_server"], "_connect__", connect), self.assertLogs(LOGGER, "WARNING"):
            self._act()
        self.assertEqual(self._step().state, "planned")
        self.assertFalse(self._files_of_case())
        self._move_on(20)
        self._act()
        self.assertEqual(self._step().state, "sent")
        self.assertEqual(self._files_of_case(), self._step().mail_id.attachment_ids)

    def test_a_message_made_anew_leaves_no_file_behind(self):
        self.stage["friendly_reminder"].attach_invoices = True
        self._night()
        step = self._root_env()["collection.step"].browse(self._step().id)
        step._prepare_envelopes(step._render_safely(self.now), self.now, False)  # and the worker was killed
        self.assertEqual(len(self._files_of_case()), 1)
        self._act()
        self.assertEqual(self._step().state, "sent")
        self.assertEqual(self._files_of_case(), self._step().mail_id.attachment_ids)

    def _fail_to_print(self):
        """Let the PDF of `self.item` fail, as a broken report does."""
        made = type(self.item)._collection_pdf

        def print_or_fail(invoice):
            if invoice == self.item:
                raise UserError("The report is broken.")  # pylint: disable=translation-required
            return made(invoice)

        self.patch(type(self.item), "_collection_pdf", print_or_fail)

    def test_an_invoice_that_cannot_be_printed_costs_one_message(self):
        self.stage["friendly_reminder"].attach_invoices = True
        other = self._create_customer("Brown Trading", tz="America/New_York")
        self._print(self._create_item(6, partner=other), 1, 400)
        self._fail_to_print()
        self._night()
        with self.assertLogs(LOGGER, "ERROR"):
            self._act()
        self.assertEqual((self._step().state, self._step().cancel_code), ("cancelled", "file_error"))
        self.assertIn("could not be printed", self._step().cancel_text)
        self.assertEqual(len(self._sent(other)), 1)
        self.assertEqual(self.env["collection.run"].search([], limit=1).failed_count, 1)

    def test_a_layout_that_is_broken_costs_one_message(self):
        self._night()
        self.env.ref("collections_relationship.mail_items").arch_db = '<t t-name="broken"><t t-out="1 / 0"/></t>'
        with self.assertLogs(LOGGER, "ERROR"):
            self._act()
        self.assertEqual((self._step().state, self._step().cancel_code), ("cancelled", "render_error"))
