"""What an invoice says about an arrangement, and 'Agree on something' from it."""
from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_collection_agree(self):
        """Open 'Agree on something' for what is open of these invoices."""
        lines = self.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return self.env["collection.arrangement"]._action_agree(lines)

    def action_collection_open_arrangements(self):
        """Show the arrangements about these invoices, or the one there is."""
        items = self.env["collection.arrangement.item"].search([("move_id", "in", self.ids)])
        if not items:
            raise UserError(self.env._("Nothing was agreed on about this invoice yet. Press “Agree on something”."))
        return items.arrangement_id._action_show()
