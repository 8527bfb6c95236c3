"""'Change': what shall be different while an arrangement runs, with how the payments would be."""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..models.collection_arrangement_change import FORGIVEN_DAYS

WITH_DAY = ("pause", "pay_off")
#: What the limits count as forgiven.
FORGIVES = ("extra_days", "shift", "spread")


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
    preview = fields.Html(compute="_compute_preview", string="What Changes Then")
    problem = fields.Char(compute="_compute_preview")
    counts_text = fields.Char(compute="_compute_counts_text")

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
            wizard.preview = self.env["ir.qweb"]._render(
                "collections_relationship.reschedule_preview", wizard._differences(lines)
            )

    def _differences(self, lines):
        """Return what a look at the change shows: the days on which something differs, and how many stay.

        :param lines: `engine.schedule.Line` as they would be
        """
        arrangement = self.arrangement_id._origin
        money = arrangement.currency_id.format
        now = {line.date: line.amount for line in arrangement._engine_lines()}
        then = {line.date: line.amount for line in lines}
        changed = sorted(day for day in {*now, *then} if now.get(day) != then.get(day))
        return {
            "rows": [
                {
                    "day": format_date(self.env, day),
                    "now": money(float(now[day])) if day in now else "",
                    "then": money(float(then[day])) if day in then else "",
                }
                for day in changed
            ],
            "staying": len(then.keys() - {*changed}),
        }

    @api.depends("way", "arrangement_id")
    @api.depends_context("lang")
    def _compute_counts_text(self):
        for wizard in self:
            arrangement = wizard.arrangement_id._origin
            wizard.counts_text = False
            if wizard.way not in FORGIVES:
                continue
            limit = arrangement._judged_now(fields.Datetime.now()).limit
            counts = self.env._(
                "This counts as a forgiven payment: %(done)s so far, and the limits allow %(left)s more.",
                left=arrangement._forgiveness_left(limit),
                done=arrangement.forgiven_count,
            )
            if wizard.way == "extra_days":
                days = self.env._(
                    "It gets %s more days, as the limits say; from today where its day has passed.",
                    limit.forgiveness_days or FORGIVEN_DAYS,
                )
                counts = f"{days} {counts}"
            wizard.counts_text = counts

    def action_change(self):
        """Change it, and tell the customer."""
        self.ensure_one()
        if self.way in WITH_DAY and not self.date:
            raise UserError(self.env._("Choose a day."))
        self.arrangement_id._change(self.way, fields.Datetime.now(), self.date, self.note)
        return {"type": "ir.actions.act_window_close"}
