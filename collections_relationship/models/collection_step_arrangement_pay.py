"""The payment page of an arrangement that runs: the payment agreed on, or all that is left of it, never more."""
from collections import namedtuple
from decimal import Decimal

from odoo import models
from odoo.tools.misc import format_amount, format_date

from ..engine import agreement, allocation, judgement
from .collection_step_pay import PAYABLE_STATES

#: What can be paid: ``key`` 'next' or 'whole', what it is in words, whether it is the one shown now.
Scope = namedtuple("Scope", "key words is_chosen")


class CollectionStep(models.Model):
    _inherit = "collection.step"

    def _runs_by(self):
        """Return the arrangement in force of the negotiation the message is about; else none."""
        arrangement = self.arrangement_id.sudo()  # the holder of the link pays what it covers
        versions = arrangement._versions() if arrangement else arrangement
        return versions.filtered(lambda one: one.state in agreement.RUNNING)[:1]

    def _pay_groups(self, now):
        groups = super()._pay_groups(now)
        arrangement = self._runs_by()
        if not arrangement:
            return groups
        whole = self.env.context.get("collection_pay_whole")
        today = self._today_there(now)
        due = arrangement.amount_left if whole else arrangement._due_now(today)
        return [group._replace(items=arrangement._share_out(group.items, due, today)) for group in groups]

    def _pay_item(self, item, row, running):
        """What the arrangement keeps from the chase is what this page is for."""
        if row and row["hold_code"] == "arranged" and self._runs_by():
            row = {**row, "hold_code": None}
        return super()._pay_item(item, row, running)

    def _pay_reference(self, choice):
        """Return the reference of the agreement: the same as on its page, its paper and in its messages."""
        arrangement = self._runs_by()
        return arrangement._pay_reference() if arrangement else super()._pay_reference(choice)

    def _nothing_to_do_words(self, now):
        """Return in words that nothing is to be paid before the next agreed day; empty where something is.

        :param datetime now: the moment of the visit, UTC
        """
        line = self._runs_by()._open_lines()[:1]
        if not line or line.date <= self._today_there(now):
            return ""
        return self.env._(
            "You need not do anything until %(day)s. Then %(amount)s is due.",
            day=format_date(self.env, line.date, date_format="long"),
            amount=format_amount(self.env, line.amount_left, line.currency_id),
        )

    def _today_there(self, now):
        return self.company_id._collection_today(now)

    def _read_choice(self, signed, now):
        """The customer may have been shown the next payment or all that is left; the proof says which."""
        if not self._runs_by():
            return super()._read_choice(signed, now)
        shown = self
        for whole in (False, True):
            shown = self.with_context(collection_pay_whole=whole)
            if any(
                choice.items and shown._sign_choice(choice) == signed
                for choice in (shown._pay_choice(group) for group in shown._pay_groups(now))
            ):
                break
        return super(CollectionStep, shown)._read_choice(signed, now)

    def _pay_scopes(self, now):
        """Return what the customer may choose between, as a list of `Scope`; nothing where there is no choice.

        :param datetime now: the moment of the visit, UTC
        """
        arrangement = self._runs_by()
        if not arrangement:
            return []
        today = self._today_there(now)
        due, left, currency = arrangement._due_now(today), arrangement.amount_left, arrangement.currency_id
        if currency.compare_amounts(due, left) >= 0:
            return []
        whole = bool(self.env.context.get("collection_pay_whole"))
        day = min(line.date for line in arrangement._open_lines())
        this = self.env._(
            "The payment of %(day)s: %(amount)s",
            day=format_date(self.env, day, date_format="long"),
            amount=format_amount(self.env, due, currency),
        )
        everything = self.env._("All that is left: %s", format_amount(self.env, left, currency))
        return [Scope("next", this, not whole), Scope("whole", everything, whole)]


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    def _open_lines(self):
        """Return the payments of which something is left, the next one first."""
        return self.line_ids.filtered(lambda line: not line.currency_id.is_zero(line.amount_left)).sorted("date")

    def _due_now(self, today):
        """Return what is to be paid now, in the arrangement's currency."""
        return float(judgement.due_now([(line.date, self._exact(line.amount_left)) for line in self._open_lines()], today))

    def _share_out(self, entries, amount, today):
        """Return the items of a payment page with the part of an amount that falls on each, the oldest due first.

        :param entries: list of `PayItem`
        :param amount: what is to be paid now, in the arrangement's currency
        """
        self.ensure_one()
        covered = {item.line_id: item for item in self.item_ids}
        payable = [entry for entry in entries if entry.state in PAYABLE_STATES and entry.line in covered]
        debts = [
            allocation.Debt(entry.line.id, entry.item.date_due, self._exact(entry.amount)) for entry in payable
        ]
        shares = {}
        if debts and amount:
            order = allocation.agreed_order([debt.key for debt in sorted(debts, key=lambda debt: debt.date_due)])
            payment = allocation.Payment("now", today, self._exact(amount))
            paid = allocation.allocate(payment, debts, order, self.currency_id.decimal_places)
            for part in paid.parts:
                shares[part.key] = shares.get(part.key, Decimal()) + part.amount
        return [
            entry._replace(amount=float(shares[entry.line.id]), state="open")
            if entry.line.id in shares
            else entry._replace(state="later") if entry in payable else entry
            for entry in entries
        ]
