"""When a policy reminds customers of payments they agreed on."""
from odoo import fields, models

#: Days before a payment, where no policy says otherwise.
REMIND_DAYS = 3


class CollectionPolicy(models.Model):
    _inherit = "collection.policy"

    arrangement_remind_days = fields.Integer(
        string="Reminder Before an Agreed Payment (Days)",
        default=REMIND_DAYS,
        required=True,
        tracking=True,
        help="Of a plan; of a single payment the customer is reminded on the day before. 0: no reminder.",
    )

    _arrangement_remind_days_fit = models.Constraint(
        "CHECK (arrangement_remind_days BETWEEN 0 AND 30)", "A reminder comes from 0 to 30 days before the payment."
    )
