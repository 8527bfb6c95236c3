"""Which bank account a company's customers are told to pay into, in a message and on its page alike."""
import re

from odoo import models

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


class ResCompany(models.Model):
    _inherit = "res.company"

    def _collection_bank_account(self, named, currency=None):
        """Return the account to pay into, possibly none; never one of somebody else.

        :param named: the accounts (res.partner.bank) the invoices name; one of the company's own wins
        :param currency: preferred where the invoices name none
        :return: the first of them, else the company's own, else, for a branch, its parents'
        :rtype: res.partner.bank
        """
        self.ensure_one()
        holders = self.parent_ids.partner_id
        own = named.filtered(lambda bank: bank.partner_id in holders)
        if own:
            return own[0]
        for company in reversed(self.parent_ids):
            banks = company.partner_id.bank_ids.filtered(
                lambda bank: not bank.company_id or bank.company_id in self.parent_ids
            )
            if banks:
                return banks.sorted(lambda bank: bool(bank.currency_id) and bank.currency_id != currency)[0]
        return banks


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def _collection_number(self):
        """Return the account's number as people read it: an IBAN in groups of four."""
        self.ensure_one()
        number = self.sanitized_acc_number or ""
        if _IBAN.fullmatch(number):
            return " ".join(number[place : place + 4] for place in range(0, len(number), 4))
        return self.acc_number or ""
