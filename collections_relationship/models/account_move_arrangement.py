"""An invoice about which an arrangement runs is not changed behind the customer's back."""
from odoo import api, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def button_draft(self):
        """Override of `account`: an invoice stays posted while an arrangement about it runs."""
        self._check_not_arranged()
        return super().button_draft()

    def _check_not_arranged(self):
        """Refuse to take back invoices about which something runs; says which and what to do."""
        covered = self.env["collection.arrangement.item"].sudo().search(  # whether there is one, for those of the invoice
            [("move_id", "in", self.ids), ("is_running", "=", True)], limit=1
        )
        if covered:
            raise UserError(
                self.env._(
                    "%(invoice)s is covered by %(arrangement)s, which is running. Credit the invoice: the payments to come "
                    "shrink from the last one on. Or cancel the arrangement first.",
                    invoice=covered.move_id.name,
                    arrangement=covered.arrangement_id.display_name,
                )
            )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.ondelete(at_uninstall=False)
    def _unlink_not_arranged(self):
        """Drafts let go of what is deleted; what was offered or agreed once keeps what it was about."""
        covering = self.env["collection.arrangement.item"].sudo().search([("line_id", "in", self.ids)])
        drafts = covering.filtered(lambda item: item.arrangement_id.state == "draft")
        drafts.unlink()
        if kept := (covering - drafts)[:1]:
            raise UserError(
                self.env._(
                    "%(arrangement)s was about this part of %(invoice)s, and its history keeps that. Credit the invoice and "
                    "write a new one instead.",
                    arrangement=kept.arrangement_id.display_name,
                    invoice=kept.move_id.name,
                )
            )
