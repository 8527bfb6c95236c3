"""Who decides what beyond the limits. Without such rows everybody in the group of approvers decides everything."""
from odoo import fields, models

from .collection_arrangement import KINDS


class CollectionLimitApprover(models.Model):
    _name = "collection.limit.approver"
    _description = "Who Decides Beyond the Limits"
    _inherit = ["collection.limit.part"]
    _order = "user_id, id"

    user_id = fields.Many2one(
        "res.users",
        string="Approver",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
        help="Has to be in the group of approvers.",
    )
    kind = fields.Selection(KINDS, help="Empty: of every kind.")
    up_to_amount = fields.Float(
        string="Covering Up To", required=True, digits="Account", default=10000.0, help="In the company's currency."
    )

    _amount_positive = models.Constraint(
        "CHECK (up_to_amount > 0)", "Say up to which amount the approver decides: more than nothing."
    )

    def _sentence(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(user)s, %(kind)s, up to %(amount)s",
            user=self.user_id.name,
            kind=kinds.get(self.kind) or self.env._("everything"),
            amount=self.env["collection.limit"]._words(self, "up_to_amount"),
        )
