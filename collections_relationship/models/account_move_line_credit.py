"""Money of a customer that nobody has matched yet: where it is, what came with it, and how a part of it is matched."""
from odoo import api, models

from ..engine import designation
from .collection_arrangement_ledger import MONEY_JOURNALS


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _collection_open_credits(self, partners, company):
        """Return the journal items on which money of these customers waits, the oldest first.

        Open credits of payments on the receivable account, and bank transactions that nobody has assigned to
        an account. Credit notes are no money. Record rules hold.

        :param partners: commercial partners
        :param company: root company; its branches count
        """
        if not partners:
            return self.browse()
        money = self.search(
            [
                ("partner_id.commercial_partner_id", "in", partners.ids),
                ("company_id", "child_of", company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", "<", 0),
                "|",
                "|",
                ("move_id.origin_payment_id", "!=", False),
                ("move_id.statement_line_id", "!=", False),
                ("journal_id.type", "in", MONEY_JOURNALS),
            ]
        )
        transactions = self.env["account.bank.statement.line"].search(
            [
                ("partner_id.commercial_partner_id", "in", partners.ids),
                ("company_id", "child_of", company.id),
                ("is_reconciled", "=", False),
                ("amount", ">", 0),
                ("move_id.state", "=", "posted"),
            ]
        )
        waiting = transactions.move_id.line_ids.filtered(lambda line: line._collection_is_unassigned())
        return (money | waiting).sorted(lambda line: (line.date, line.id))

    def _collection_is_unassigned(self):
        """Tell whether this is a bank transaction that nobody has assigned to an account yet."""
        self.ensure_one()
        return bool(self.move_id.statement_line_id) and self.account_id == self.journal_id.suspense_account_id

    def _collection_credit_left(self):
        """Return how much of this money is not matched yet, in the currency of the item; 0 where it is no open credit."""
        self.ensure_one()
        if self.parent_state != "posted":
            return 0.0
        amount = self.amount_currency if self._collection_is_unassigned() else self.amount_residual_currency
        return max(-amount, 0.0)

    def _collection_payment_words(self):
        """Return what came with this money in words: the bank's text, memo and reference, each once."""
        self.ensure_one()
        move = self.move_id
        payment = move.origin_payment_id
        return designation.said(
            [move.statement_line_id.payment_ref, payment.memo, payment.payment_reference, move.ref, self.name]
        )

    def _collection_assign(self, account):
        """Assign a bank transaction to a receivable account: an open credit of the customer from now on.

        :param account: `account.account`
        """
        self.ensure_one()
        self.account_id = account

    def _collection_match(self, debt, amount):
        """Match so much of this credit with one debt, as Odoo matches; returns the matching.

        Whoever calls has checked both and locked them.

        :param debt: open journal item of the same account and currency
        :param amount: in their currency, no more than is open of either
        """
        self.ensure_one()
        before = self.matched_debit_ids
        limit = {"credit": self.id, "debt": debt.id, "amount": amount}
        (self | debt).with_context(collection_match_limit=limit).reconcile()
        return (self.matched_debit_ids - before).filtered(lambda partial: partial.debit_move_id == debt)

    @api.model
    def _prepare_reconciliation_plan(self, plan, amls_values_map, shadowed_aml_values=None):
        """Let Odoo see no more of a credit than what is to be matched; what follows from it is Odoo's own."""
        limit = self.env.context.get("collection_match_limit")
        # Differences of rates and cash-basis taxes are matched within: they are others.
        if limit and set(plan["amls"].ids) == {limit["credit"], limit["debt"]}:
            credit = self.browse(limit["credit"])
            amls_values_map = {**amls_values_map, credit: credit._collection_limited(amls_values_map[credit], limit["amount"])}
        return super()._prepare_reconciliation_plan(plan, amls_values_map, shadowed_aml_values)

    def _collection_limited(self, values, amount):
        """Return the open amounts of a credit as if only so much of it were there, at its own rate."""
        if self.currency_id.compare_amounts(amount, -values["amount_residual_currency"]) >= 0:
            return values
        if self.currency_id == self.company_currency_id:
            return {**values, "amount_residual_currency": -amount, "amount_residual": -amount}
        worth = self.company_currency_id.round(amount * abs(self.balance / self.amount_currency))
        return {
            **values,
            "amount_residual_currency": -amount,
            "amount_residual": max(-worth, values["amount_residual"]),
        }
