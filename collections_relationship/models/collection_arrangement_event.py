"""What happened to an arrangement: who, when, from where. Can be added to, never changed or deleted."""
from odoo import api, fields, models
from odoo.exceptions import UserError

from .collection_arrangement import STATES

ORIGINS = [
    ("office", "In the Office"),
    ("page", "On Our Page"),
    ("mail", "By Mail"),
    ("phone", "On the Phone"),
    ("person", "In Person"),
    ("night", "By Itself"),
]


class CollectionArrangementEvent(models.Model):
    _name = "collection.arrangement.event"
    _description = "Event of an Arrangement"
    _order = "date desc, id desc"
    _rec_name = "code"

    arrangement_id = fields.Many2one("collection.arrangement", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="arrangement_id.company_id", store=True, index=True)
    date = fields.Datetime(required=True, readonly=True)
    code = fields.Char(required=True, readonly=True, help="What happened; a new state has the state's name.")
    state = fields.Selection(STATES, readonly=True, help="The state after it.")
    origin = fields.Selection(ORIGINS, required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", string="Customer's Person", readonly=True, ondelete="restrict")
    note = fields.Char(readonly=True)
    facts = fields.Json(readonly=True, help="What it was decided on, in figures.")

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("What happened to an arrangement is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if self.arrangement_id.filtered(lambda arrangement: arrangement.state != "draft"):
            raise UserError(self.env._("What happened to an arrangement is never deleted."))
