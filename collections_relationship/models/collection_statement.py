"""One statement of account that was sent or is to be sent: whose, of which day, for which week or month.

The figures are in `collection_statement_figures.py`, the files in `collection_statement_files.py`, sending in
`collection_statement_send.py`.
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError

SCHEDULES = [("none", "Never"), ("weekly", "Each Week"), ("monthly", "Each Month")]


class CollectionStatement(models.Model):
    _name = "collection.statement"
    _description = "Statement of Account"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    date = fields.Date(required=True, readonly=True, help="The day it was planned; its figures are of the day it leaves.")
    period = fields.Char(readonly=True, help="The week or month it is sent for. Empty: somebody asked for it.")
    date_start = fields.Date(
        string="History From", readonly=True, help="With everything booked since this day. Empty: open items only."
    )
    step_id = fields.Many2one("collection.step", string="Message", readonly=True, index=True, ondelete="set null")
    state = fields.Selection(related="step_id.state")

    _once = models.UniqueIndex(
        "(company_id, partner_id, period) WHERE period IS NOT NULL",
        "This customer already has a statement for this period.",
    )

    @api.model
    def _check_may_make(self, partners, company):
        """Refuse people who may not make statements of these customers in this company.

        :raise AccessError: says why
        """
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only people who work with invoices may make statements of account."))
        if company not in self.env.user.company_ids.root_id:
            raise AccessError(self.env._("You do not work in this company."))
        partners.check_access("read")
