"""Where a company books what it gives up because nobody can collect it."""
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    collection_waiver_account_id = fields.Many2one(
        "account.account",
        string="Account for Uncollectable Rests",
        domain=[
            (
                "account_type",
                "not in",
                ("asset_receivable", "liability_payable", "asset_cash", "liability_credit_card", "off_balance"),
            )
        ],
        check_company=True,
        help="A loss on bad debts, or the allowance made for them.",
    )
    collection_waiver_journal_id = fields.Many2one(
        "account.journal",
        string="Journal for Uncollectable Rests",
        domain=[("type", "=", "general")],
        check_company=True,
        help="A general journal; the first one if left empty.",
    )

    def _collection_waiver_account(self):
        """Return the account of a company or, for a branch, of the company at the top."""
        self.ensure_one()
        company = self.sudo()  # colleagues of a branch may not read the company above
        return company.collection_waiver_account_id or company.root_id.collection_waiver_account_id

    def _collection_waiver_journal(self):
        """Return the journal of a company or, for a branch, of the company at the top; the first general one else."""
        self.ensure_one()
        company = self.sudo()  # as above
        if chosen := company.collection_waiver_journal_id or company.root_id.collection_waiver_journal_id:
            return chosen
        own_use = company.root_id.currency_exchange_journal_id | company.root_id.tax_cash_basis_journal_id
        return self.env["account.journal"].sudo().search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", "general"),
                ("id", "not in", own_use.ids),
            ],
            limit=1,
        )
