"""What a policy says about arrangements that run: how late still counts as kept, what follows when a payment is missed."""
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import limits
from ..engine.judgement import TOLERANCE, TOLERANCE_ABROAD

FORGIVE = [
    ("days", "Give more days for it"),
    ("end", "Move it to the end of the plan"),
    ("spread", "Spread it over the payments to come"),
    ("person", "A person decides"),
]


class RunningRules(NamedTuple):
    """What a policy says about arrangements that run; amounts in the company's currency."""

    days: int = TOLERANCE.days
    percent: Decimal = TOLERANCE.percent
    amount: Decimal = TOLERANCE.amount
    percent_abroad: Decimal = TOLERANCE_ABROAD.percent
    amount_abroad: Decimal = TOLERANCE_ABROAD.amount
    prepay: str = "next"
    forgive: str = "days"
    forgive_days: int = 7
    most_forgiven: int | None = limits.PRESET.most_forgiven
    remind_days: int = 3


class CollectionPolicy(models.Model):
    _inherit = "collection.policy"

    arrangement_days = fields.Integer(
        string="Bank Days Late That Still Count as Kept", default=TOLERANCE.days, required=True, tracking=True
    )
    arrangement_percent = fields.Float(
        string="May Be Missing (%)",
        default=float(TOLERANCE.percent),
        tracking=True,
        help="Of an agreed payment; what is open of it is still asked for. The smaller of percentage and amount counts.",
    )
    arrangement_amount = fields.Float(
        string="May Be Missing",
        default=float(TOLERANCE.amount),
        tracking=True,
        help="Of an agreed payment, in the company's currency.",
    )
    arrangement_percent_abroad = fields.Float(
        string="May Be Missing From Abroad (%)",
        default=float(TOLERANCE_ABROAD.percent),
        tracking=True,
        help="For customers in another country, where banks on the way keep something.",
    )
    arrangement_amount_abroad = fields.Float(
        string="May Be Missing From Abroad", default=float(TOLERANCE_ABROAD.amount), tracking=True
    )
    arrangement_prepay = fields.Selection(
        [("next", "Pays the next payments"), ("shorten", "Makes the plan shorter")],
        string="What Is Paid Too Much",
        default="next",
        required=True,
        tracking=True,
    )
    arrangement_forgive = fields.Selection(
        FORGIVE,
        string="When a Payment Is Missed",
        default="days",
        required=True,
        tracking=True,
        help="As often as may be forgiven. After that the arrangement is broken, and what it covers returns to the ladder.",
    )
    arrangement_forgive_days = fields.Integer(
        string="Days Given",
        default=7,
        required=True,
        tracking=True,
        help="More days for what was missed; or days a person has to decide.",
    )
    arrangement_most_forgiven = fields.Integer(
        string="Forgiven at Most",
        default=limits.PRESET.most_forgiven,
        required=True,
        tracking=True,
        help="Missed payments of one arrangement.",
    )
    arrangement_remind_days = fields.Integer(
        string="Days to Remind Before a Payment", default=3, required=True, tracking=True, help="0: no reminder."
    )

    @api.constrains(
        "arrangement_days",
        "arrangement_percent",
        "arrangement_amount",
        "arrangement_percent_abroad",
        "arrangement_amount_abroad",
        "arrangement_forgive_days",
        "arrangement_most_forgiven",
        "arrangement_remind_days",
    )
    def _check_arrangement_rules(self):
        for policy in self:
            if min(
                policy.arrangement_days,
                policy.arrangement_percent,
                policy.arrangement_amount,
                policy.arrangement_percent_abroad,
                policy.arrangement_amount_abroad,
                policy.arrangement_most_forgiven,
                policy.arrangement_remind_days,
            ) < 0 or max(policy.arrangement_percent, policy.arrangement_percent_abroad) > 100:
                raise ValidationError(self.env._("Days and amounts cannot be negative, and no more than 100% can be missing."))
            if policy.arrangement_days > 60 or policy.arrangement_remind_days > 30:
                raise ValidationError(
                    self.env._("At most 60 bank days late count as kept, and a reminder comes at most 30 days before.")
                )
            if not 1 <= policy.arrangement_forgive_days <= 90:
                raise ValidationError(self.env._("Give at least 1 day and at most 90."))

    def _running_rules(self):
        """Return what this policy says about arrangements that run; the presets without a policy.

        :rtype: RunningRules
        """
        if not self:
            return RunningRules()
        self.ensure_one()
        return RunningRules(
            self.arrangement_days,
            Decimal(str(self.arrangement_percent)),
            Decimal(str(self.arrangement_amount)),
            Decimal(str(self.arrangement_percent_abroad)),
            Decimal(str(self.arrangement_amount_abroad)),
            self.arrangement_prepay,
            self.arrangement_forgive,
            self.arrangement_forgive_days,
            self.arrangement_most_forgiven,
            self.arrangement_remind_days,
        )
