"""One dated payment of an arrangement. What is paid on it is written by the judgement alone."""
import datetime

from odoo import api, fields, models

LINE_STATES = [
    ("open", "To Come"),
    ("due", "To Pay Now"),
    ("kept", "Paid"),
    ("late", "Paid Late"),
    ("partly", "Partly Paid"),
    ("missed", "Missed"),
    ("reduced", "Credited"),
]


class CollectionArrangementLine(models.Model):
    _name = "collection.arrangement.line"
    _description = "Payment of an Arrangement"
    _order = "arrangement_id, date, id"
    _rec_name = "date"

    arrangement_id = fields.Many2one("collection.arrangement", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="arrangement_id.partner_id", store=True, index=True, string="Customer")
    company_id = fields.Many2one(related="arrangement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="arrangement_id.currency_id", store=True)
    arrangement_state = fields.Selection(related="arrangement_id.state", store=True, string="State of the Arrangement")
    kind = fields.Selection(related="arrangement_id.kind", store=True)
    number = fields.Integer(compute="_compute_number", aggregator=None)
    date = fields.Date(required=True, index=True)
    amount = fields.Monetary(required=True)
    agreed_date = fields.Date(readonly=True, copy=False, help="The day first agreed, where it was moved since.")
    amount_paid = fields.Monetary(string="Paid", readonly=True, copy=False)
    amount_reduced = fields.Monetary(
        string="Credited", readonly=True, copy=False, help="Taken off by a credit note or a write-off; nobody paid it."
    )
    amount_left = fields.Monetary(compute="_compute_amount_left", store=True, string="Still to Pay")
    paid_on = fields.Date(readonly=True, copy=False)
    state = fields.Selection(LINE_STATES, required=True, default="open", readonly=True, index=True, copy=False)
    reminded_on = fields.Datetime(readonly=True, copy=False)
    missed_on = fields.Date(readonly=True, copy=False, help="The day we noted that it did not come.")
    forgiven_on = fields.Date(readonly=True, copy=False, help="The day it was moved or spread once more.")

    _amount_is_positive = models.Constraint("CHECK (amount > 0)", "Each payment must be more than nothing.")

    @api.depends("amount", "amount_paid", "amount_reduced")
    def _compute_amount_left(self):
        for line in self:
            line.amount_left = line.currency_id.round(line.amount - line.amount_paid - line.amount_reduced)

    @api.depends("arrangement_id.line_ids.date")
    def _compute_number(self):
        for arrangement, lines in self.grouped("arrangement_id").items():
            ordered = arrangement.line_ids.sorted(lambda line: (line.date or datetime.date.max, line._origin.id or 0))
            numbers = {line: number for number, line in enumerate(ordered, 1)}
            for line in lines:
                line.number = numbers.get(line, 0)

    @api.depends("partner_id", "amount", "currency_id")
    def _compute_display_name(self):
        for line in self:
            amount = line.currency_id.format(line.amount) if line.currency_id else ""
            # In a narrow calendar the end is cut off; whose it is can be read from its beginning.
            line.display_name = " ".join(filter(None, (amount, line.partner_id.display_name)))

    def action_open(self):
        """Open the arrangement it belongs to."""
        self.ensure_one()
        return self.arrangement_id._get_records_action()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.arrangement_id._check_is_draft()
        return lines

    def write(self, vals):
        self.arrangement_id._check_is_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_of_drafts_only(self):
        self.arrangement_id._check_is_draft()
