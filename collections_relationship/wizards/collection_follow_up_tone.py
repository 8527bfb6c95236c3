"""The check beside the message in 'Follow up now'."""
from odoo import api, fields, models


class CollectionFollowUp(models.TransientModel):
    _inherit = "collection.follow.up"

    check_html = fields.Html(compute="_compute_check_html", sanitize=False, string="Tone and Facts")

    @api.depends("subject", "body_html", "sms_body", "channel", "stage_id", "template_id", "recipient_id")
    def _compute_check_html(self):
        check = self.env["collection.tone"]
        for wizard in self:
            if not wizard._words():
                wizard.check_html = False
                continue
            reports = check._look(
                check._parts_by_hand(wizard.channel, wizard.subject, wizard._words()),
                wizard.recipient_id.lang or self.env.lang,
                wizard.stage_id.purpose,
                wizard.template_id.tone or wizard.stage_id.tone,
            )
            wizard.check_html = check._panel(reports, refuses=wizard.case_id.policy_id.tone_check != "advise")
