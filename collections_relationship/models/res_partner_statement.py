"""How often a customer gets a statement of account, and where people ask for one."""
from odoo import fields, models

from .collection_statement import SCHEDULES
from .res_partner import FOLLOW_UP_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    collection_statement = fields.Selection(
        SCHEDULES,
        string="Statement of Account",
        company_dependent=True,
        groups=FOLLOW_UP_GROUPS,
        help="How often the customer gets one while something is open. Empty: as the company does.",
    )

    def _commercial_fields(self):
        return [*super()._commercial_fields(), "collection_statement"]

    def action_collection_statement(self):
        """Open 'Statement of account' for these customers."""
        return self.env["collection.statement.export"]._action_open(self.commercial_partner_id)


class CollectionCase(models.Model):
    _inherit = "collection.case"

    def action_statement(self):
        """Open 'Statement of account' for the customers of these cases."""
        company = self.company_id if len(self.company_id) == 1 else None
        return self.env["collection.statement.export"]._action_open(self.partner_id, company)


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_collection_statement(self):
        """Open 'Statement of account' for the customers of these invoices."""
        company = self.company_id.root_id if len(self.company_id.root_id) == 1 else None
        return self.env["collection.statement.export"]._action_open(self.commercial_partner_id, company)
