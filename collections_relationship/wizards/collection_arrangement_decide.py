"""'No' to arrangements that wait for a yes: asks why."""
from odoo import Command, fields, models


class CollectionArrangementDecide(models.TransientModel):
    _name = "collection.arrangement.decide"
    _description = "Say No to Arrangements"

    arrangement_ids = fields.Many2many("collection.arrangement", required=True, readonly=True)
    reason = fields.Char(string="Why", help="Your colleague reads it, and tells the customer in kind words.")

    def _action_open(self, arrangements):
        """Return the action that asks why these shall not be."""
        wizard = self.create({"arrangement_ids": [Command.set(arrangements.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Do Not Approve"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_refuse(self):
        """Say no to them all, or to none where one of them is not this user's to decide."""
        self.ensure_one()
        now = fields.Datetime.now()
        for arrangement in self.arrangement_ids:
            arrangement._say_no(now, self.reason)
        return {"type": "ir.actions.act_window_close"}
