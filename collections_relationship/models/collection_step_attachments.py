"""The files that come with a message: the invoices it asks for, as one PDF."""
import logging
from typing import NamedTuple

from odoo import models
from odoo.tools.pdf import PdfReadError, merge_pdf

_logger = logging.getLogger(__name__)


class Attached(NamedTuple):
    """One PDF that comes with a message.

    :param name: the file's name
    :param content: the PDF as bytes
    """

    name: str
    content: bytes


class CollectionStep(models.Model):
    _inherit = "collection.step"

    def _attachments(self):
        """Return the files that come with each message, by e-mail or behind a letter, in their order.

        :return: step id to a list of `Attached`; steps without any are left out
        :rtype: dict[int, list[Attached]]
        """
        langs = self._message_langs() if self else {}
        files = {}
        for step in self.filtered(lambda step: step.stage_id.attach_invoices and step.is_asking):
            invoices = step.item_ids.sorted(lambda item: (item.date_due, item.id)).move_id.filtered("invoice_date")
            attached = [invoice._collection_pdf() for invoice in invoices if invoice.is_invoice()]
            if attached:
                files[step.id] = self._as_one(attached, self.with_context(lang=langs[step.id]).env._("Invoices.pdf"))
        return files

    @staticmethod
    def _as_one(attached, name):
        """Return files as one, under ``name`` if there are several; as they are where one cannot be read."""
        if len(attached) == 1:
            return attached
        try:
            return [Attached(name, merge_pdf([file.content for file in attached]))]
        except (PdfReadError, ValueError, KeyError, NotImplementedError) as error:
            # What the library raises on files that are broken or locked with a password.
            _logger.warning("Invoices cannot be made one PDF: %s", error)
            return attached

    def _create_attachments(self):
        """Store the files of these messages, where whoever sees the case sees them; return their ids by step."""
        files = self._attachments()
        owners = [step for step in self for _file in files.get(step.id, ())]
        stored = self.env["ir.attachment"].create(
            [
                {
                    "name": file.name,
                    "raw": file.content,
                    "mimetype": "application/pdf",
                    "res_model": "collection.case",
                    "res_id": step.case_id.id,
                }
                for step in self
                for file in files.get(step.id, ())
            ]
        )
        ids = {}
        for step, attachment in zip(owners, stored, strict=True):
            ids.setdefault(step.id, []).append(attachment.id)
        return ids
