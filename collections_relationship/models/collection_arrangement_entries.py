"""The entries that give something up: made the same way for the look before as for the books.

What is given up follows its nature. A lower price is a credit note with the invoice's own taxes. A rest nobody
can collect is a loss on the receivable; no tax is touched. Both are at the rate of exchange of the invoice.
"""
import json
from datetime import timedelta
from decimal import Decimal

from odoo import Command, models
from odoo.exceptions import UserError

from ..engine import agreement, settlement

#: What is given up may still be booked.
COMING = ("draft", *agreement.HOLDING)


def exact(amount, currency):
    """Return an amount of a currency without the noise of floats."""
    return Decimal(f"{currency.round(amount):.{currency.decimal_places}f}")


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    # === WHAT IS BOOKED WHERE === #

    def _has_cash_basis_tax(self):
        """Tell whether a tax of a covered invoice is due when money arrives, not when it is invoiced."""
        moves = self.item_ids.move_id
        taxes = moves.line_ids.tax_ids.flatten_taxes_hierarchy() | moves.line_ids.tax_line_id
        return "on_payment" in taxes.mapped("tax_exigibility")

    def _waiver_problem(self):
        """Return why what is given up cannot be booked as chosen, with the way out; `False` if it can."""
        self.ensure_one()
        if self.waive_as == "credit_note":
            others = self.item_ids.filtered(lambda item: not item.move_id.is_sale_document(include_receipts=True))
            if others:
                return self.env._(
                    "%s is not an invoice, so there is nothing to credit. Give the rest up as uncollectable, or take it "
                    "out of the arrangement.",
                    others[0].move_id.name,
                )
            return False
        if self._has_cash_basis_tax():
            return self.env._(
                "An invoice here carries a tax that is due when money arrives. Writing the rest off would make tax due on "
                "money that never came. Choose a credit note."
            )
        for company in self.item_ids.line_id.company_id:
            if not company._collection_waiver_account():
                return self.env._(
                    "No account for rests nobody can collect is set yet. Choose a lower price, or ask an administrator to "
                    "choose one in the settings of Invoicing, under Rests Nobody Can Collect."
                )
            if not company._collection_waiver_journal():
                return self.env._(
                    "There is no general journal for rests nobody can collect. Choose a lower price, or ask an administrator "
                    "to choose one in the settings of Invoicing, under Rests Nobody Can Collect."
                )
        return False

    def _open_day(self, company, journal, has_tax, day):
        """Return the first day from `day` on whose books are open for entries in the journal."""
        while locks := company._get_violated_lock_dates(day, has_tax, journal):
            day = locks[-1][0] + timedelta(days=1)
        return day

    def _entries(self, amounts, today):
        """Return what is to be booked, each as ``{move values, the items it clears}``; nothing is written.

        :param dict amounts: item to what is given up of it now, in the currency of the arrangement
        :raise UserError: where an invoice has nothing that could be credited
        """
        items = self.env["collection.arrangement.item"].union(*amounts)
        if self.waive_as == "credit_note":
            return [
                self._credit_note(invoice, {item: amounts[item] for item in parts}, today)
                for invoice, parts in items.grouped("move_id").items()
            ]
        return [
            self._write_off(company, {item: amounts[item] for item in parts}, today)
            for company, parts in items.grouped(lambda item: item.line_id.company_id).items()
        ]

    # === A LOWER PRICE === #

    def _credit_note(self, invoice, amounts, today):
        """Return the credit note that lowers the price of one invoice, its taxes in proportion."""
        lines = self._credit_note_lines(invoice, sum(amounts.values()))
        has_tax = any(line["tax_ids"] for line in lines)
        letter = self.with_context(lang=invoice.partner_id.lang or self.env.lang).env
        label = letter._("Reduction agreed on %(invoice)s (%(number)s)", invoice=invoice.name, number=self.name)
        return {
            "items": amounts,
            "lines": lines,
            "invoice": invoice,
            "company": invoice.company_id,
            "label": label,
            "values": {
                "move_type": "out_refund",
                "company_id": invoice.company_id.id,
                "journal_id": invoice.journal_id.id,
                "partner_id": invoice.partner_id.id,
                "partner_shipping_id": invoice.partner_shipping_id.id,
                "fiscal_position_id": invoice.fiscal_position_id.id,
                "currency_id": invoice.currency_id.id,
                # The price of that invoice changes, so tax and income change at the rate they had there.
                "invoice_currency_rate": invoice.invoice_currency_rate,
                "invoice_date": today,
                "date": self._open_day(invoice.company_id, invoice.journal_id, has_tax, today),
                "invoice_date_due": today,
                "invoice_payment_term_id": False,
                "invoice_user_id": invoice.invoice_user_id.id,
                "invoice_origin": invoice.name,
                "ref": label,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "account_id": line["account_id"].id,
                            "quantity": 1.0,
                            "price_unit": line["price_unit"],
                            "tax_ids": [Command.set(line["tax_ids"].ids)],
                            "analytic_distribution": line["analytic_distribution"],
                            "extra_tax_data": self.env["account.tax"]._export_base_line_extra_tax_data(line),
                        }
                    )
                    for line in lines
                ],
            },
        }

    def _credit_note_lines(self, invoice, amount):
        """Return base lines of Odoo's tax computation that come to `amount`, taxes included, to the cent.

        One for each account, set of taxes and analytic distribution of the invoice.
        """
        tax, company = self.env["account.tax"], invoice.company_id
        base_lines, _tax_lines = invoice._get_rounded_base_and_tax_lines()
        # Roundings and early-payment lines of the invoice are no price.
        base_lines = [line for line in base_lines if not line["special_type"]]
        lines = tax._reduce_base_lines_to_target_amount(
            base_lines,
            company,
            "fixed",
            amount,
            computation_key=f"arrangement,{self.id}",
            grouping_function=lambda line: {
                "account_id": line["account_id"],
                "_analytic": json.dumps(line["analytic_distribution"] or {}, sort_keys=True),
            },
        )
        if not lines:
            raise UserError(
                self.env._("%s has no lines whose price could be lowered. Give the rest up as uncollectable.", invoice.name)
            )
        for line in lines:
            line["analytic_distribution"] = json.loads(line["_analytic"])
            line["is_refund"] = True
            line["sign"] = 1
            if not line["tax_ids"]:  # else the amounts fixed below count
                details = line["tax_details"]
                line["price_unit"] = details["total_excluded_currency"] + details["delta_total_excluded_currency"]
        tax._fix_base_lines_tax_details_on_manual_tax_amounts(lines, company)
        return lines

    # === A REST NOBODY CAN COLLECT === #

    def _write_off(self, company, amounts, today):
        """Return the entry that takes rests off the receivables, each at the rate it was booked at."""
        account, journal = company._collection_waiver_account(), company._collection_waiver_journal()
        lines = []
        for item, amount in amounts.items():
            label = self.env._(
                "Uncollectable rest of %(invoice)s (%(number)s)", invoice=item.move_id.name, number=self.name
            )
            receivable = item.line_id
            value = self._book_value(receivable, amount)
            common = {"name": label, "currency_id": receivable.currency_id.id, "partner_id": receivable.partner_id.id}
            lines.append(
                {**common, "account_id": receivable.account_id.id, "amount_currency": -amount, "balance": -value}
            )
            lines += [
                {
                    **common,
                    "account_id": account.id,
                    "amount_currency": part,
                    "balance": part_value,
                    "analytic_distribution": distribution,
                }
                for distribution, part, part_value in self._by_distribution(receivable, amount, value)
            ]
        return {
            "items": amounts,
            "company": company,
            "values": {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": journal.id,
                "currency_id": self.currency_id.id,
                "date": self._open_day(company, journal, False, today),
                "ref": self.env._("Uncollectable rest, %s", self.name),
                "line_ids": [Command.create(line) for line in lines],
            },
        }

    def _book_value(self, receivable, amount):
        """Return what an amount of a receivable is worth in the books: at the rate it was booked at.

        So no difference of exchange rates arises on money nobody paid. What payments left over by rounding, Odoo
        books as such a difference when it is matched.
        """
        rate = receivable.balance / receivable.amount_currency
        return receivable.company_currency_id.round(amount * rate)

    def _by_distribution(self, receivable, amount, value):
        """Divide a loss over the analytic distributions of the invoice, in proportion to what it sold.

        :return: list of (distribution or `False`, amount in currency, amount in company currency)
        """
        weights = {}
        for line in receivable.move_id.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            key = json.dumps(line.analytic_distribution or {}, sort_keys=True)
            weights[key] = weights.get(key, Decimal(0)) + Decimal(str(-line.balance))
        weights = weights or {"{}": Decimal(1)}
        currency, company_currency = receivable.currency_id, receivable.company_currency_id
        parts = settlement.share(exact(amount, currency), weights, currency.decimal_places)
        values = settlement.share(exact(value, company_currency), weights, company_currency.decimal_places)
        return [
            (json.loads(key) or False, float(parts.get(key, 0)), float(values.get(key, 0)))
            for key in weights
            if key in parts or key in values
        ]

    # === A LOOK BEFORE === #

    def _preview_booking(self, now=None):
        """Return the entry that will give up what is agreed, or those that did and took it back.

        :param datetime now: naive UTC; the present moment if left out
        :return: list of dicts, one a journal item: `entry` (of several, which), `date`, `account`, `label`,
            `debit` and `credit` in the currency of `company_currency`
        """
        self.ensure_one()
        arrangement = self.sudo()  # whoever may read it may see what it does to the books; figures only
        if moves := arrangement.waiver_move_ids:
            return [
                arrangement._preview_line(move.name, move.date, line.account_id, line.name, line.balance)
                for move in (moves | moves.reversal_move_ids).filtered(lambda move: move.state == "posted")
                for line in move.line_ids.filtered("account_id")
            ]
        if arrangement.state not in COMING:
            return []
        amounts = {item: item.waived_amount for item in arrangement.item_ids if item.waived_amount}
        if not amounts or arrangement._waiver_problem():
            return []
        today = arrangement._today(now or self.env.cr.now())
        rows = []
        for entry in arrangement._entries(amounts, today):
            title = self.env._("Credit note for %s", entry["invoice"].name) if "invoice" in entry else entry["values"]["ref"]
            rows += [
                arrangement._preview_line(title, entry["values"]["date"], account, label, balance)
                for account, label, balance in arrangement._balances(entry)
            ]
        return rows

    def _preview_line(self, entry, date, account, label, balance):
        return {
            "entry": entry,
            "date": date,
            "account": account.display_name,
            "label": label or "",
            "debit": max(balance, 0.0),
            "credit": max(-balance, 0.0),
            "company_currency": self.company_id.currency_id.name,
        }

    def _balances(self, entry):
        """Return (account, label, balance) of each journal item an entry will have."""
        account = self.env["account.account"]
        if "lines" not in entry:
            return [
                (account.browse(line["account_id"]), line["name"], line["balance"])
                for _command, _id, line in entry["values"]["line_ids"]
            ]
        tax, company, lines = self.env["account.tax"], entry["company"], entry["lines"]
        tax._add_accounting_data_in_base_lines_tax_details(lines, company)
        prepared = tax._prepare_tax_lines(lines, company)
        rows = [
            (line["account_id"], entry["label"], values["balance"]) for line, values in prepared["base_lines_to_update"]
        ]
        rows += [
            (account.browse(line["account_id"]), line["name"], line["balance"]) for line in prepared["tax_lines_to_add"]
        ]
        receivable = next(iter(entry["items"])).line_id.account_id
        return [*rows, (receivable, entry["label"], -company.currency_id.round(sum(row[2] for row in rows)))]
