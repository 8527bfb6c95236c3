"""'Pause': why and until when invoices or customers are not chased."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.collection_hold import COOLING_OFF, HOLD_REASONS

#: Long enough to clarify most things, short enough that nobody is forgotten.
PROPOSED_DAYS = 14


class CollectionPause(models.TransientModel):
    _name = "collection.pause"
    _description = "Pause the Follow-up"

    move_ids = fields.Many2many("account.move", string="Invoices")
    partner_ids = fields.Many2many("res.partner", string="Customers")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company.root_id)
    covers = fields.Selection(
        [("moves", "Only these invoices"), ("partners", "Everything these customers have open")],
        required=True,
        default="moves",
    )
    can_choose = fields.Boolean(compute="_compute_can_choose")
    reason = fields.Selection(HOLD_REASONS, required=True, default="customer_request")
    date_end = fields.Date(
        string="Until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=PROPOSED_DAYS),
        help="The last day of the pause. On the next day the follow-up starts again, gently.",
    )
    note = fields.Text(help="For colleagues; the customer does not see it.")

    @api.model
    def _action_open(self, moves=None, partners=None):
        """Return the action that opens the wizard for these invoices, or for these customers."""
        moves = moves or self.env["account.move"]
        partners = (
            (partners or self.env["res.partner"]) | moves.commercial_partner_id | moves.collection_item_ids.partner_id
        )
        if not partners:
            raise UserError(self.env._("Choose the invoices or customers to pause first."))
        wizard = self.create(
            {
                "move_ids": [Command.set(moves.ids)],
                "partner_ids": [Command.set(partners.ids)],
                "covers": "moves" if moves else "partners",
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause the Follow-up"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("move_ids")
    def _compute_can_choose(self):
        for wizard in self:
            wizard.can_choose = bool(wizard.move_ids)

    def action_pause(self):
        """Create the pauses, and show at once what they change."""
        self.ensure_one()
        now = fields.Datetime.now()
        # After a difficult conversation nothing of the customer's is asked, whichever invoice it was about.
        is_cooling_off = self.reason == COOLING_OFF
        if self.covers == "moves" and not is_cooling_off:
            targets = [
                {"partner_id": partner.id, "move_id": move.id, "company_id": move.company_id.root_id.id}
                for move in self.move_ids
                for partner in move.commercial_partner_id or move.collection_item_ids.partner_id
            ]
        else:
            companies = self.move_ids.company_id.root_id or self.company_id.root_id
            targets = [
                {"partner_id": partner.id, "company_id": company.id}
                for partner in self.partner_ids.commercial_partner_id
                for company in companies
            ]
        companies = self.env["res.company"].browse({target["company_id"] for target in targets})
        today = {company.id: company._collection_today(now) for company in companies}
        if self.date_end < min(today.values(), default=self.date_end):
            raise UserError(self.env._("A pause ends today at the earliest."))
        if is_cooling_off:
            for company in companies:
                self.env["collection.hold"]._cool_off(self.partner_ids, company, now, self.note or "", self.date_end)
        else:
            self._create_holds(targets, today, now)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Paused. The follow-up starts again, gently, after that day."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _create_holds(self, targets, today, now):
        """Create the pauses, and work out at once what they change.

        :param targets: a dict of values for each, which say what it covers
        :param dict today: date by id of the company
        :param datetime now: naive UTC
        """
        common = {"reason": self.reason, "note": self.note, "date_end": self.date_end}
        holds = self.env["collection.hold"].create(
            [{**common, **target, "date_start": min(today[target["company_id"]], self.date_end)} for target in targets]
        )
        # The user's right to pause was checked by the creation above; items are written by refresh alone.
        for company, of_company in holds.grouped("company_id").items():
            self.env["collection.case"].sudo()._refresh_customers(now, company, of_company.commercial_partner_id.ids)
