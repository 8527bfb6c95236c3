"""How a template reads for a customer. Nothing is sent or kept."""

from odoo import api, fields, models


class CollectionTemplatePreview(models.TransientModel):
    _name = "collection.template.preview"
    _description = "Preview of a Message"

    template_id = fields.Many2one("collection.template", required=True, ondelete="cascade")
    case_id = fields.Many2one("collection.case", string="For", domain=[("state", "=", "open")])
    subject = fields.Char(compute="_compute_message")
    body_html = fields.Html(compute="_compute_message", sanitize=False)

    @api.model
    def _action_open(self, template):
        """Return the action that previews ``template`` for the customer who owes most."""
        case = self.env["collection.case"].search([("state", "=", "open")], order="amount_overdue desc, id", limit=1)
        preview = self.create({"template_id": template.id, "case_id": case.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview: %s", template.name),
            "res_model": self._name,
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("case_id", "template_id")
    def _compute_message(self):
        for preview in self:
            message = None
            if preview.case_id:
                items = preview.case_id.open_item_ids.filtered(lambda item: not item.hold_code and item.days_late > 0)
                message = self.env["collection.step"]._preview_message(preview.case_id, preview.template_id, items)
            preview.subject = message and message.subject
            preview.body_html = message and message.body_html
