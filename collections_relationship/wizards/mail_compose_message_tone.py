"""The check beside a mail about payment that somebody writes by hand."""
from odoo import api, fields, models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    collection_check_html = fields.Html(compute="_compute_collection_check_html", sanitize=False)

    @api.depends("collection_about_payment", "collection_customer_ids", "subject", "body", "partner_ids")
    def _compute_collection_check_html(self):
        door, check = self.env["collection.door"], self.env["collection.tone"]
        for composer in self:
            reached = composer._collection_reached() if composer.collection_about_payment == "yes" else []
            if not reached:
                composer.collection_check_html = False
                continue
            reports = composer._collection_check_reports(reached)
            composer.collection_check_html = check._panel(reports, refuses=door._refuses_words(reached), is_filled_in=False)

    def _collection_check_reports(self, reached):
        return self.env["collection.door"]._check_reports(
            reached, "email", self.subject, self.body, self.model == "account.move"
        )

    def action_schedule_message(self):
        """Look at the words before they wait; those of a message that leaves now are looked at as it leaves.

        :raises UserError: the policy refuses them
        """
        for composer in self.filtered(lambda composer: composer.collection_about_payment == "yes"):
            composer.env["collection.door"]._check_words(
                composer._collection_reached(), "email", composer.subject, composer.body, composer.model == "account.move"
            )
        return super().action_schedule_message()
