"""The files that come with a message: the invoices it asks for, as one PDF."""
import logging
from typing import NamedTuple

from odoo import api, models
from odoo.tools.pdf import PdfReadError, merge_pdf

from .collection_step_act import RENDER_ERRORS

_logger = logging.getLogger(__name__)

#: Channels a file can come with.
WITH_FILES = ("email", "letter")


class Attached(NamedTuple):
    """One PDF that comes with a message.

    :param name: the file's name
    :param content: the PDF as bytes
    """

    name: str
    content: bytes


class CollectionStep(models.Model):
    _inherit = "collection.step"

    def _render_safely(self, now):
        """Write the messages, and make the files that leave with them; one that cannot be made costs no other."""
        rendered = super()._render_safely(now)
        if self.env.context.get("collection_record_only"):
            return rendered
        asking = self.browse(rendered).filtered(
            lambda step: step.stage_id.attach_invoices and step.is_asking and step.channel in WITH_FILES
        )
        langs = asking._message_langs() if asking else {}
        for step in asking:
            try:
                files = step._invoice_files(langs[step.id])
            except RENDER_ERRORS:
                _logger.exception("The invoices that belong to step %d could not be printed.", step.id)
                step._cancel("file_error")
                rendered.pop(step.id)
            else:
                rendered[step.id] = rendered[step.id]._replace(files=(*rendered[step.id].files, *files))
        return rendered

    def _invoice_files(self, lang):
        """Return the invoices this message asks for as `Attached`, the oldest due first; one file as a rule.

        :param str lang: the message's language, as `de_DE`
        """
        invoices = self.item_ids.sorted(lambda item: (item.date_due, item.id)).move_id.filtered("invoice_date")
        attached = [invoice._collection_pdf() for invoice in invoices if invoice.is_invoice()]
        return self._as_one(attached, self.with_context(lang=lang).env._("Invoices.pdf"))

    @staticmethod
    def _as_one(attached, name):
        """Return files as one, under ``name`` if there are several; as they are where one cannot be read."""
        if len(attached) < 2:
            return attached
        try:
            return [Attached(name, merge_pdf([file.content for file in attached]))]
        except (PdfReadError, ValueError, KeyError, NotImplementedError) as error:
            # What the library raises on files that are broken or locked with a password; the last is its word
            # for a kind of encryption it lacks.
            _logger.warning("Invoices cannot be made one PDF: %s", error)
            return attached

    def _create_attachments(self, rendered):
        """Store the files of these messages, where whoever sees the case sees them; return their ids by step.

        :param dict rendered: the messages as `_render_safely` returns them
        """
        owners = [step for step in self for _file in rendered[step.id].files]
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
                for file in rendered[step.id].files
            ]
        )
        ids = {}
        for step, attachment in zip(owners, stored, strict=True):
            ids.setdefault(step.id, []).append(attachment.id)
        return ids

    @api.model
    def _discard_mails(self, mails):
        """Delete mails that did not leave, and the files made for them; the next try makes its own."""
        files = mails.attachment_ids.filtered(lambda file: file.res_model == "collection.case")
        discarded = super()._discard_mails(mails)
        files.unlink()
        return discarded

    @api.model
    def _cancel_labels(self):
        return {
            **super()._cancel_labels(),
            "file_error": self.env._("An invoice that belongs to it could not be printed; see the log of the server."),
        }
