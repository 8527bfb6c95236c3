"""What one run did: looked at, contacted, held back and why, failed."""
from odoo import fields, models


class CollectionRun(models.Model):
    _name = "collection.run"
    _description = "Collection Run"
    _order = "date_start desc, id desc"
    _rec_name = "date_start"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    date_start = fields.Datetime(required=True, readonly=True)
    date_end = fields.Datetime(readonly=True)
    item_count = fields.Integer(string="Items Looked At", readonly=True)
    case_count = fields.Integer(string="Cases Looked At", readonly=True)
    step_count = fields.Integer(string="Steps Planned", readonly=True)
    waiting_count = fields.Integer(string="Waiting for a Yes", readonly=True)
    sent_count = fields.Integer(string="Messages Sent", readonly=True)
    failed_count = fields.Integer(string="Failed", readonly=True)
    held_back = fields.Json(readonly=True, help="Reason code to number of cases held back for it.")
    held_back_text = fields.Text(compute="_compute_held_back_text", string="Held Back")

    def _compute_held_back_text(self):
        labels = self.env["collection.case"]._next_reason_labels()
        for run in self:
            run.held_back_text = "\n".join(
                f"{labels.get(code, code)}: {count}" for code, count in sorted((run.held_back or {}).items())
            )
