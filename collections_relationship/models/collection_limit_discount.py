"""A cell of the matrix of discounts: what may be given up of an invoice of some age and amount without asking."""
from odoo import fields, models

from ..engine import limits
from .collection_limit import decimal


class CollectionLimitDiscount(models.Model):
    _name = "collection.limit.discount"
    _description = "Discount Without Asking"
    _inherit = ["collection.limit.part"]
    _order = "age_days, up_to_amount, id"

    age_days = fields.Integer(string="From Days Late", required=True, help="0: also before they are due.")
    up_to_amount = fields.Float(
        string="Open Up To", digits="Account", help="In the company's currency. 0: whatever the amount."
    )
    percent = fields.Float(string="Discount (%)", required=True, help="Of what is open of the invoice.")
    amount = fields.Float(
        string="At Most Within 12 Months", digits="Account", help="To one customer, in the company's currency. 0: no such limit."
    )

    _in_range = models.Constraint(
        "CHECK (age_days >= 0 AND up_to_amount >= 0 AND amount >= 0 AND percent > 0 AND percent <= 100)",
        "A discount is more than 0 and at most 100 percent; days and amounts cannot be negative.",
    )
    _one_per_cell = models.UniqueIndex(
        "(limit_id, age_days, up_to_amount)", "There is a discount for this age and amount already. Change that one."
    )

    def _to_engine(self):
        """Return the cell as the engine reads it: `engine.limits.DiscountRule`."""
        return limits.DiscountRule(
            # Not due yet counts as 0 days late.
            age_days=self.age_days,
            up_to_amount=decimal(self.up_to_amount) or None,
            percent=decimal(self.percent),
            amount=decimal(self.amount) or None,
        )

    def _sentence(self):
        words = self.env["collection.limit"]._words
        text = self.env._(
            "from %(days)s days late, open up to %(open)s: %(percent)s %%",
            days=self.age_days,
            open=words(self, "up_to_amount") if self.up_to_amount else self.env._("any amount"),
            percent=words(self, "percent"),
        )
        if not self.amount:
            return text
        return self.env._("%(row)s, at most %(amount)s within 12 months", row=text, amount=words(self, "amount"))
