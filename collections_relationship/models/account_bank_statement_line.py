"""Notes that a customer must be refreshed when money of his arrives at the bank."""
from odoo import models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"
