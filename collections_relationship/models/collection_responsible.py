"""Rules that say who looks after which customer."""
from odoo import fields, models
from odoo.addons.base.models.res_partner import _lang_get


class CollectionResponsible(models.Model):
    _name = "collection.responsible"
    _description = "Rule for the Responsible of a Case"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        domain=[("share", "=", False)],
        ondelete="cascade",
    )
    country_ids = fields.Many2many("res.country", string="Countries", help="Empty: any country.")
    lang = fields.Selection(_lang_get, string="Language", help="Empty: any language.")
    minimum_amount = fields.Float(help="Overdue total in the company's currency from which the rule fits.")
    maximum_amount = fields.Float(help="Overdue total up to which the rule fits. 0: no limit.")

    _amounts_in_order = models.Constraint(
        "CHECK (minimum_amount >= 0 AND (maximum_amount = 0 OR maximum_amount >= minimum_amount))",
        "The largest amount of a rule cannot be below its smallest amount.",
    )
