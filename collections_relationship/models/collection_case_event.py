"""Each change of a case with its moment. Durations and funnels come from here."""
from odoo import fields, models

from ..fields import UncheckedMany2one


class CollectionCaseEvent(models.Model):
    _name = "collection.case.event"
    _description = "Change of a Collection Case"
    _order = "moment desc, id desc"
    _log_access = False
    _rec_name = "kind"

    case_id = UncheckedMany2one("collection.case", required=True, index=True)
    moment = fields.Datetime(required=True)
    kind = fields.Selection(
        [
            ("opened", "Opened"),
            ("stage", "Stage Changed"),
            ("closed", "Closed"),
            ("joined", "Joined with Another Case"),
        ],
        required=True,
    )
    old_stage_id = UncheckedMany2one("collection.stage")
    new_stage_id = UncheckedMany2one("collection.stage")
    amount_overdue = fields.Float(digits=(16, 2), help="In the company's currency, after the change.")
