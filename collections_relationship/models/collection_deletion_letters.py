"""Printed letters go with the texts of their contacts."""
from odoo import api, models


class CollectionDeletion(models.Model):
    _inherit = "collection.deletion"

    @api.model
    def _delete_texts(self, terms, ids):
        """A PDF of several letters stays as long as one of them still has its text."""
        result = super()._delete_texts(terms, ids)
        contacts = self.env["collection.contact"].browse(ids)
        batches = contacts.step_id.letter_batch_id
        kept = self.env["collection.contact"].search(
            [
                ("step_id.letter_batch_id", "in", batches.ids),
                ("kind", "=", "sent"),
                ("text_deleted_on", "=", False),
            ]
        )
        (batches - kept.step_id.letter_batch_id).write({"pdf": False})
        return result
