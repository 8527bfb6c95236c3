"""The check beside a text message about payment."""
from odoo import api, fields, models


class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    collection_check_html = fields.Html(compute="_compute_collection_check_html", sanitize=False)

    @api.depends("collection_about_payment", "collection_is_asked", "body")
    def _compute_collection_check_html(self):
        door, check = self.env["collection.door"], self.env["collection.tone"]
        for composer in self:
            reached = composer._collection_reached() if composer.collection_about_payment == "yes" else []
            if not (reached and composer.body):
                composer.collection_check_html = False
                continue
            reports = door._check_reports(reached, "sms", False, composer.body)
            composer.collection_check_html = check._panel(reports, refuses=door._refuses_words(reached))

    def _collection_declared(self):
        """Look at the words before anything is made of them.

        :raises UserError: the policy refuses them
        """
        declared = super()._collection_declared()
        if self.collection_about_payment == "yes" and (reached := self._collection_reached()):
            self.env["collection.door"]._check_words(reached, "sms", False, self.body)
        return declared
