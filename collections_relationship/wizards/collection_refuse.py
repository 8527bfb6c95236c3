"""'No' to messages that have not left: says what follows from it and asks why."""

from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools.misc import format_date


class CollectionRefuse(models.TransientModel):
    _name = "collection.refuse"
    _description = "Say No to Messages"

    step_ids = fields.Many2many("collection.step", string="Messages", required=True, readonly=True)
    proposed_on = fields.Date(compute="_compute_proposed_on", help="The first day they may be proposed again.")
    note = fields.Char(string="Why", help="Kept with the message and on the case, for whoever asks later.")

    @api.depends("step_ids")
    def _compute_proposed_on(self):
        now = fields.Datetime.now()
        for wizard in self:
            wizard.proposed_on = max(
                (
                    case.company_id._collection_today(now) + timedelta(days=max(case.policy_id.minimum_gap, 1))
                    for case in wizard.step_ids.case_id
                ),
                default=False,
            )

    @api.model
    def _action_open(self, steps):
        """Return the action that asks why these steps shall not leave."""
        wizard = self.create({"step_ids": [Command.set(steps.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Do Not Send"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_refuse(self):
        """Keep the messages from leaving, and say when they are proposed again."""
        self.ensure_one()
        steps = self.step_ids
        steps._check_may_approve()
        steps._refuse(fields.Datetime.now(), (self.note or "").strip())
        day = format_date(self.env, self.proposed_on)
        if len(steps) == 1:
            message = self.env._(
                "The message to %(customer)s will not be sent. It is not proposed again before %(day)s.",
                customer=steps.partner_id.display_name,
                day=day,
            )
        else:
            message = self.env._(
                "%(count)s messages will not be sent. They are not proposed again before %(day)s.",
                count=len(steps),
                day=day,
            )
        return steps._notify(message)
