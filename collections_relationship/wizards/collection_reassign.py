"""'Change responsible' for many cases at once."""

from odoo import Command, fields, models
from odoo.exceptions import UserError


class CollectionReassign(models.TransientModel):
    _name = "collection.reassign"
    _description = "Change the Responsible"

    case_ids = fields.Many2many("collection.case", string="Cases", required=True)
    by_rules = fields.Boolean(
        string="Let the Rules Decide",
        help="Whoever the rules for responsibles name looks after the cases, now and whenever the rules change.",
    )
    user_id = fields.Many2one("res.users", string="Responsible", domain=[("share", "=", False)])

    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "case_ids" in fields_list and self.env.context.get("active_model") == "collection.case":
            values["case_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    def action_reassign(self):
        """Hand the cases over."""
        self.ensure_one()
        self.case_ids.check_access("write")
        if self.by_rules:
            # The right to hand the cases over was checked above; the rules speak when a case is refreshed.
            self.case_ids.sudo().write({"user_is_chosen": False})
            now = fields.Datetime.now()
            for company, cases in self.case_ids.grouped("company_id").items():
                self.env["collection.item"].sudo()._refresh(
                    company._collection_today(now), now, company, partner_ids=cases.partner_id.ids
                )
        elif self.user_id:
            self.case_ids.write({"user_id": self.user_id.id})
        else:
            raise UserError(self.env._("Choose a colleague, or let the rules decide."))
        return {"type": "ir.actions.act_window_close"}
