"""What the check says about a message of the library while somebody writes it."""
from odoo import api, fields, models

#: Part of the check to the field with its words.
FIELD_OF_PART = {
    "subject": "subject",
    "preview": "preview",
    "email": "body_html",
    "sms": "sms_body",
    "letter": "letter_html",
    "portal": "portal_html",
}


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

    check_html = fields.Html(compute="_compute_check_html", sanitize=False, string="Tone and Facts")

    @api.depends("purpose", "tone", *FIELD_OF_PART.values())
    @api.depends_context("lang", "uid")
    def _compute_check_html(self):
        """The words are those of the form's language, what is said about them is in the reader's."""
        reader = self.env["collection.tone"].with_context(lang=self.env.user.lang)
        for template in self:
            reports = template._check_reports(template.env.lang or "en_US")
            template.check_html = reader._panel(reports)

    def _check_reports(self, language):
        """Return what the check says about the words as they stand in the environment's language, by part.

        :param str language: the language of these words, as `de_DE`
        """
        self.ensure_one()
        parts = {part: self[name] for part, name in FIELD_OF_PART.items()}
        return self.env["collection.tone"]._look(parts, language, self.purpose, self.tone)

    def _parts_of(self, channel, language):
        """Return all that a message says on one channel in one language, by part of the check.

        :param str channel: of `collection.stage`
        :param str language: as `de_DE`
        """
        self.ensure_one()
        spoken = self.with_context(lang=language)
        parts = {channel: spoken._words(channel)}
        if channel == "email":
            parts.update(subject=spoken.subject, preview=spoken.preview)
        return parts
