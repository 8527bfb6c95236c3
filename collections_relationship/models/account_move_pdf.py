"""The PDF of an invoice, as the customer had it."""
from odoo import models

from .collection_step_attachments import Attached


class AccountMove(models.Model):
    _inherit = "account.move"

    def _collection_pdf(self):
        """Return the invoice's own PDF; one that was never made is made as Odoo prints it.

        :rtype: Attached
        """
        self.ensure_one()
        document = self._get_invoice_legal_documents("pdf")
        if document:
            return Attached(document["filename"], document["content"])
        report = self.partner_id.invoice_template_pdf_report_id or self.env.ref("account.account_invoices")
        content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(report, self.ids)
        return Attached(self._get_invoice_report_filename(report=report), content)
