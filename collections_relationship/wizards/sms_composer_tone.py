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
            composer.collection_check_html = check._panel(reports, refuses=door._refuses_words(reached), is_filled_in=False)

    def action_collection_send_later(self):
        """Look at the words before they wait; those of a text that leaves now are looked at as it leaves.

        :raises UserError: the policy refuses them
        """
        self.ensure_one()
        self.env["collection.door"]._check_words(self._collection_reached(), "sms", False, self.body)
        return super().action_collection_send_later()
