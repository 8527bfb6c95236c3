"""The list of calls to make, one after the other: may I call now, and who is next."""
from odoo import api, fields, models

#: Calls somebody still has to make.
CALLS_TO_MAKE = [("channel", "=", "call"), ("state", "=", "to_do")]


class CollectionStep(models.Model):
    _inherit = "collection.step"

    call_verdict_html = fields.Html(string="May I Call Now?", compute="_compute_call_verdict_html", sanitize=False)
    calls_left = fields.Integer(compute="_compute_calls_left", help="Calls on the list besides this one.")

    @api.depends("channel", "state", "recipient_id", "address")
    def _compute_call_verdict_html(self):
        for step in self:
            if step.channel != "call" or step.state != "to_do":
                step.call_verdict_html = False
                continue
            step.call_verdict_html = self.env["collection.call"].new(step._prepare_call()).verdict_html

    @api.depends("state")
    def _compute_calls_left(self):
        calls = self.search(CALLS_TO_MAKE)
        for step in self:
            step.calls_left = len(calls - step)

    def _prepare_call(self):
        """Return the values with which `collection.call` judges or logs this call."""
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "channel": "call",
            "person_id": self.recipient_id.id or self.partner_id.id,
            "number": self.address,
            "step_id": self.id,
        }

    def action_next_call(self):
        """Open the next call of the list, the first one again after the last."""
        self.ensure_one()
        calls = (self.search(CALLS_TO_MAKE) | self).sorted(lambda step: (step.date_planned, step.id))
        position = calls.ids.index(self.id)
        following = (calls[position + 1 :] + calls[:position])[:1]
        action = self.env["ir.actions.actions"]._for_xml_id("collections_relationship.action_collection_step_call")
        if not following:
            return {**action, "target": "main"}
        form = self.env.ref("collections_relationship.view_collection_step_call_form")
        return {**action, "views": [(form.id, "form")], "res_id": following.id, "target": "current"}
