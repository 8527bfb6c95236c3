"""'No' to messages that have not left: says what follows from it and asks why."""

from odoo import Command, api, fields, models


class CollectionRefuse(models.TransientModel):
    _name = "collection.refuse"
    _description = "Say No to Messages"

    step_ids = fields.Many2many("collection.step", string="Messages", required=True, readonly=True)
    pause_days = fields.Integer(compute="_compute_pause_days")
    note = fields.Char(string="Why", help="Kept with the message and on the case, for whoever asks later.")

    @api.depends("step_ids")
    def _compute_pause_days(self):
        for wizard in self:
            wizard.pause_days = max([1, *wizard.step_ids.case_id.policy_id.mapped("minimum_gap")])

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
        days = self.pause_days
        if len(steps) == 1:
            message = self.env._(
                "The message to %(customer)s will not be sent. Days until it is proposed again: %(days)s.",
                customer=steps.partner_id.display_name,
                days=days,
            )
        else:
            message = self.env._(
                "%(count)s messages will not be sent. Days until they are proposed again: %(days)s.",
                count=len(steps),
                days=days,
            )
        return steps._notify(message)
