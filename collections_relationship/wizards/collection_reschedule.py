"""'Change': what shall be different while an arrangement runs, with how the payments would be."""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

WITH_DAY = ("pause", "pay_off")


class CollectionReschedule(models.TransientModel):
    _name = "collection.reschedule"
    _description = "Change What Was Agreed"

    arrangement_id = fields.Many2one("collection.arrangement", required=True, readonly=True, ondelete="cascade")
    way = fields.Selection(
        [
            ("extra_days", "The missed or next payment gets more days"),
            ("shift", "The missed or next payment moves to the end"),
            ("spread", "The missed or next payment is spread over the others"),
            ("pause", "All payments to come wait until after a day"),
            ("pay_off", "Everything that is open is paid on one day"),
        ],
        string="What Changes",
        required=True,
        default="extra_days",
    )
    date = fields.Date(string="Day", default=lambda self: fields.Date.add(fields.Date.context_today(self), days=30))
    note = fields.Char(help="Why, for colleagues; the customer does not see it.")
    preview = fields.Text(compute="_compute_preview", string="The Payments Then")
    problem = fields.Char(compute="_compute_preview")

    @api.model
    def _action_open(self, arrangement):
        """Return the action that opens the dialog for an arrangement that runs."""
        arrangement.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change What Was Agreed"),
            "res_model": self._name,
            "res_id": self.create({"arrangement_id": arrangement.id}).id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("way", "date", "arrangement_id")
    @api.depends_context("lang")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard.problem = False
            arrangement = wizard.arrangement_id._origin
            if wizard.way in WITH_DAY and not wizard.date:
                wizard.problem = self.env._("Choose a day.")
                continue
            try:
                lines = arrangement._changed_lines(wizard.way, fields.Datetime.now(), wizard.date)
            except UserError as error:
                wizard.problem = str(error)
                continue
            wizard.preview = "\n".join(
                f"{format_date(self.env, line.date)}: {arrangement.currency_id.format(float(line.amount))}" for line in lines
            )

    def action_change(self):
        """Change it, and tell the customer."""
        self.ensure_one()
        if self.way in WITH_DAY and not self.date:
            raise UserError(self.env._("Choose a day."))
        self.arrangement_id._change(self.way, fields.Datetime.now(), self.date, self.note)
        return {"type": "ir.actions.act_window_close"}
