"""What the wizards that set the follow-up up share: the company, and who may."""

from odoo import fields, models
from odoo.exceptions import AccessError


class CollectionSetup(models.AbstractModel):
    _name = "collection.setup"
    _description = "Setup of the Follow-up"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )

    def _check_manager(self):
        """Refuse what only managers of a company they work in may decide."""
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(self.env._("Only managers of Invoicing may set the follow-up up."))
        if self.company_id not in self.env.companies.root_id:
            raise AccessError(self.env._("You do not work in %s.", self.company_id.sudo().name))
