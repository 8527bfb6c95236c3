"""What lists of arrangements show and add up: what is really to come, and what is missed."""
from odoo import Command, api, fields, models

from ..engine import agreement


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    amount_expected = fields.Monetary(
        compute="_compute_amount_expected",
        string="To Come",
        help="Still to pay of what runs. Nobody owes anything under an offer, so its payments are not added up.",
    )
    amount_missed = fields.Monetary(
        compute="_compute_amount_expected", string="Missed", help="Of it, what was missed or came in part."
    )

    @api.depends("state", "line_ids.state", "line_ids.amount_left")
    def _compute_amount_expected(self):
        for arrangement in self:
            lines = arrangement.line_ids if arrangement.state in agreement.RUNNING else arrangement.line_ids.browse()
            missed = lines.filtered(lambda line: line.state in ("missed", "partly"))
            arrangement.amount_expected = sum(lines.mapped("amount_left"))
            arrangement.amount_missed = sum(missed.mapped("amount_left"))

    @api.onchange("partner_id", "currency_id", "company_id")
    def _onchange_partner_id(self):
        """Bring what is late of the customer who is chosen, else all that is open of him; another one's goes."""
        partner = self.partner_id.commercial_partner_id
        lines = self.item_ids.line_id
        if not partner or (lines and lines.partner_id.commercial_partner_id == partner and lines.currency_id == self.currency_id):
            return
        values = self._values_for_new(partner, fields.Datetime.now())
        self.update(values or {"item_ids": [Command.clear()]})

    def _values_for_new(self, partner, now):
        """Return currency and items of a new arrangement with a customer; empty where nothing can be agreed on.

        :param partner: commercial `res.partner`
        :param datetime now: naive UTC
        """
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", partner.id),
                ("company_id", "child_of", self.company_id.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual_currency", ">", 0),
            ],
            order="date_maturity, id",
        )
        running = self.env["collection.arrangement.item"].search([("line_id", "in", lines.ids), ("is_running", "=", True)])
        lines -= running.line_id
        today = self._today(now)
        lines = lines.filtered(lambda line: (line.date_maturity or line.date) < today) or lines
        lines = lines.filtered(lambda line: line.currency_id == self.currency_id) or next(
            iter(lines.grouped("currency_id").values()), lines
        )
        if not lines:
            return {}
        return {"currency_id": lines.currency_id.id, "item_ids": [Command.clear(), *self._values_of(lines)]}
