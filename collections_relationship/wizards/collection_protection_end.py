"""The end of a protection: asks why, so that whoever looks later understands."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CollectionProtectionEnd(models.TransientModel):
    _name = "collection.protection.end"
    _description = "End a Protection"

    protection_ids = fields.Many2many("collection.protection", string="Protections", required=True, readonly=True)
    note = fields.Char(string="Why", help="Kept with the protection, for whoever asks later.")

    @api.model
    def _action_open(self, protections):
        """Return the action that asks why these protections end."""
        running = protections.filtered("active")
        if not running:
            raise UserError(self.env._("This has ended already."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("End a Protection"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_protection_ids": [Command.set(running.ids)]},
        }

    def action_end(self):
        """End the protections with the reason given."""
        self.ensure_one()
        note = (self.note or "").strip()
        if not note:
            raise UserError(self.env._("Say why it ends: for example “the customer wrote that e-mail is fine again”."))
        self.protection_ids.check_access("write")
        self.protection_ids._end(note)
        return {"type": "ir.actions.act_window_close"}
