"""The invoices a message asks for come with it, as one PDF."""
import io

from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from .test_channels import ChannelCommon


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
