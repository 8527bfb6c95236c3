"""A call to be made: the sheet to call from, and what closes it."""
from odoo import api, fields, models
from odoo.tools import SQL

#: What came of a call that leaves nothing to call for; other outcomes leave the call on the list.
SETTLING_OUTCOMES = ("conversation", "left_message", "answered")
#: The latest contacts beside a call.
HISTORY_SHOWN = 5


class CollectionStep(models.Model):
    _inherit = "collection.step"

    call_html = fields.Html(string="Call Sheet", compute="_compute_call_html", sanitize=False)
    case_item_ids = fields.One2many(related="case_id.open_item_ids", string="Open Items")
    history_ids = fields.Many2many("collection.contact", string="Lately", compute="_compute_history_ids")

    @api.depends("channel", "template_id", "recipient_id", "item_ids")
    def _compute_call_html(self):
        calls = self.filtered(lambda step: step.channel == "call")
        (self - calls).call_html = False
        calls.check_access("read")
        rendered = calls.sudo()._render(fields.Datetime.now()) if calls else {}
        for step in calls:
            step.call_html = rendered[step.id].body_html

    @api.depends("case_id")
    def _compute_history_ids(self):
        Contact = self.env["collection.contact"]
        Contact.flush_model(["case_id", "date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM (
                    SELECT id, row_number() OVER (PARTITION BY case_id ORDER BY date DESC, id DESC) AS place
                      FROM collection_contact WHERE case_id = ANY(%s)
                ) ranked WHERE place <= %s
                """,
                self.case_id.ids,
                HISTORY_SHOWN,
            )
        )
        # Of these the ones the user may read, in their order.
        latest = Contact.search([("id", "in", [contact_id for (contact_id,) in rows])]).grouped("case_id")
        for step in self:
            step.history_ids = latest.get(step.case_id, Contact)

    def action_log_call(self):
        """Log what came of the call; the outcome is the button's."""
        self.ensure_one()
        action = self.env["collection.call"]._action_open(self.partner_id, self.company_id, self.item_ids.move_id)
        wizard = self.env["collection.call"].browse(action["res_id"])
        wizard.write({**self._prepare_call(), "outcome": self.env.context.get("call_outcome")})
        return action

    def _close_call(self, outcome, moment):
        """Take a call off the list once somebody was reached, and let the items wait for it.

        At a wrong number nobody will be: that call ends, and the next night looks for another way.

        :param str outcome: as the log has it
        :param datetime moment: naive UTC, when it was made
        """
        calls = self.filtered(lambda step: step.channel == "call" and step.state == "to_do")
        if outcome == "wrong_number":
            calls._cancel("wrong_number")
            calls.case_id.activity_feedback(["collections_relationship.mail_activity_type_call"])
        if outcome not in SETTLING_OUTCOMES or not calls:
            return
        calls.write({"state": "sent", "sent_on": moment})
        for step in calls:
            step.item_ids._note_asked(step.stage_id, step.company_id._collection_today(moment))
        calls.case_id.activity_feedback(["collections_relationship.mail_activity_type_call"])

    @api.model
    def _cancel_labels(self):
        return {**super()._cancel_labels(), "wrong_number": self.env._("The number is somebody else's.")}
