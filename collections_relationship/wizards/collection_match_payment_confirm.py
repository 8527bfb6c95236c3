"""'Match This Payment', confirmed: the ledger is asked again under a lock, Odoo matches, and why is kept.

What is not as the window showed it is refused, and then nothing is done: all of it is one transaction.
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools.misc import format_date

from .collection_match_payment import Share


class CollectionMatchPayment(models.TransientModel):
    _inherit = "collection.match.payment"

    @api.model
    def _check_may_match(self, company):
        """Refuse people who may not match payments, and companies that are not theirs."""
        if not self.env.user.has_group("account.group_account_invoice") or not self.env[
            "account.partial.reconcile"
        ].has_access("create"):
            raise AccessError(self.env._("Only people who work with invoices may match payments. Ask one of them."))
        if company not in self.env.companies.root_id:
            raise AccessError(self.env._("Switch to %s first: this payment is of that company.", company.name))

    def action_match(self):
        """Match the payment with these amounts, and keep why."""
        self.ensure_one()
        self._check_may_match(self.company_id)
        now = fields.Datetime.now()
        chosen = self._chosen()
        self._check_credit()
        self._lock(self.credit_id | self.env["account.move.line"].browse(chosen))
        if self.decision:
            self._decide(now)
        shares = self._proposal() if self._may_propose() else {}
        self._check(chosen)
        credit = self.credit_id
        values = {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": credit.currency_id.id,
            "date": now,
            "user_id": self.env.uid,
            "credit_line_id": credit.id,
            "payment": credit.move_id.name,
            "payment_words": credit._collection_payment_words(),
        }
        pack = self._pack()[0]
        if credit._collection_is_unassigned():
            credit._collection_assign(self._receivable_account())
        vals_list = []
        for line in self.env["account.move.line"].browse(chosen):
            share = shares.get(line.id, Share(0.0, False, self.env["collection.arrangement"]))
            is_proposed = not self.currency_id.compare_amounts(share.amount, chosen[line.id])
            partial = credit._collection_match(line, chosen[line.id])
            self._check_matched(partial, line, chosen[line.id])
            basis = share.basis if is_proposed else "by_hand"
            vals_list.append(
                {
                    **values,
                    "debt_line_id": line.id,
                    "partial_id": partial.id,
                    "document": line.move_id.name,
                    "amount": chosen[line.id],
                    "proposed": share.amount,
                    "basis": basis,
                    "pack_id": pack.id if basis == "statutory" else False,
                    "arrangement_id": share.arrangement.id,
                }
            )
        allocations = self.env["collection.allocation"].sudo().create(vals_list)  # the rights were checked above
        self._note(allocations, now)
        return self._say(chosen)

    def _chosen(self):
        """Return the amounts somebody chose, by the id of the journal item.

        :raise UserError: nothing chosen, an amount below nothing, a debt twice
        """
        chosen = {}
        for line in self.line_ids:
            if self.currency_id.compare_amounts(line.amount, 0) < 0:
                raise UserError(
                    self.env._("%s: an amount cannot be below nothing. Write 0 to leave it out.", line.line_id.move_id.name)
                )
            if self.currency_id.is_zero(line.amount):
                continue
            if line.line_id.id in chosen:
                raise UserError(self.env._("%s is there twice. Keep one of both.", line.line_id.move_id.name))
            chosen[line.line_id.id] = self.currency_id.round(line.amount)
        if not chosen:
            raise UserError(self.env._("Nothing is matched yet: write what the payment pays of at least one document."))
        return chosen

    def _lock(self, lines):
        """Take the rows: of two people who match the same at a moment, one waits for the other to be done."""
        lines.check_access("write")
        try:
            # The rights on them were checked just now.
            lines.sudo().lock_for_update(allow_referencing=True)
            lines.move_id.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("Somebody is working on this payment or one of these documents right now. Try again in a moment.")
            ) from error
        lines.invalidate_recordset()

    def _check(self, chosen):
        """Refuse what cannot be matched now; the ledger is asked, not what the window showed.

        :param dict chosen: amounts by the id of the journal item
        :raise UserError: says what is in the way and what to do
        """
        credit, currency = self.credit_id, self.currency_id
        if not self._may_propose():
            raise UserError(
                self.env._(
                    "The payer marked this payment as full and final (“%s”). Decide first what it is: choose part payment and "
                    "say why, or accept it as a settlement. Accepted, it is matched once the settlement is in force.",
                    self.final_words,
                )
            )
        if credit._collection_is_unassigned() and not self._may_assign():
            raise AccessError(
                self.env._(
                    "This is a bank transaction that no account is assigned to yet; your rights do not let you do that. "
                    "Ask somebody who works with the bank's transactions to open this window."
                )
            )
        left = credit._collection_credit_left()
        total = currency.round(sum(chosen.values()))
        if currency.is_zero(left):
            raise UserError(self.env._("This payment has been matched meanwhile. Close the window; there is nothing left to do."))
        if currency.compare_amounts(total, left) > 0:
            raise UserError(
                self.env._(
                    "The amounts come to %(total)s, but of the payment only %(left)s is there. Lower them by %(more)s.",
                    total=currency.format(total),
                    left=currency.format(left),
                    more=currency.format(total - left),
                )
            )
        account = self._receivable_account()
        for line in self.env["account.move.line"].browse(chosen):
            self._check_debt(line, chosen[line.id], account)

    def _check_credit(self):
        """Refuse money that is not this customer's in this company, whatever was written into the window."""
        credit = self.credit_id
        if credit.partner_id.commercial_partner_id != self.partner_id or credit.company_id.root_id != self.company_id:
            raise UserError(self.env._("This payment is not of %s. Close the window and open it anew.", self.partner_id.name))

    def _may_assign(self):
        """Tell whether the user may say what a bank transaction is for."""
        return self.env["account.bank.statement.line"].has_access("write") or self.env.user.has_group(
            "account.group_account_manager"
        )

    def _check_debt(self, line, amount, account):
        """Refuse a debt that is not there any more, or that this money is not for."""
        name, currency = line.move_id.name or line.display_name, self.currency_id
        if line.partner_id.commercial_partner_id != self.partner_id or line.company_id.root_id != self.company_id:
            raise UserError(
                self.env._(
                    "%(document)s is not a document of %(customer)s in %(company)s. Take it out.",
                    document=name,
                    customer=self.partner_id.name,
                    company=self.company_id.name,
                )
            )
        if line.currency_id != currency:
            raise UserError(
                self.env._(
                    "%(document)s is in %(other)s and the payment in %(currency)s. Match them in the accounting, where the "
                    "difference of the rates is booked.",
                    document=name,
                    other=line.currency_id.name,
                    currency=currency.name,
                )
            )
        if line.account_id != account:
            raise UserError(
                self.env._(
                    "%(document)s is on the account %(other)s and the payment on %(account)s. Match them in the accounting.",
                    document=name,
                    other=line.account_id.display_name,
                    account=account.display_name,
                )
            )
        residual = line.amount_residual_currency if line.parent_state == "posted" else 0.0
        if currency.compare_amounts(residual, 0) <= 0:
            raise UserError(
                self.env._("%s has been paid or taken back meanwhile. Write 0 there, or close the window and open it anew.", name)
            )
        if currency.compare_amounts(amount, residual) > 0:
            raise UserError(
                self.env._(
                    "Of %(document)s only %(open)s is open, but %(amount)s is to be matched. Lower the amount.",
                    document=name,
                    open=currency.format(residual),
                    amount=currency.format(amount),
                )
            )

    def _check_matched(self, partial, line, amount):
        """Refuse, and take everything back, where the books did not do what was confirmed."""
        matched = sum(partial.mapped("debit_amount_currency"))
        if len(partial) != 1 or self.currency_id.compare_amounts(matched, amount):
            raise UserError(
                self.env._(
                    "%(document)s: %(matched)s was matched instead of %(amount)s, so nothing was done. "
                    "Match it in the accounting.",
                    document=line.move_id.name,
                    matched=self.currency_id.format(matched),
                    amount=self.currency_id.format(amount),
                )
            )

    def _note(self, allocations, now):
        """Leave a trace with running arrangements, and let them and the case say at once what has become of them."""
        for arrangement, own in allocations.grouped("arrangement_id").items():
            if arrangement:
                amount = self.currency_id.format(sum(own.mapped("amount")))
                arrangement._note_event(
                    "matched", now, note=f"{amount} · {own[0].payment}", facts={"allocations": own.ids}
                )
        company, partner_ids = self.company_id, self.partner_id.ids
        # The user's right to match was checked; what runs and the case are judged by the machine alone.
        self.env["collection.arrangement"].sudo()._judge_customers(now, company, partner_ids)
        self.env["collection.case"].sudo()._refresh_customers(now, company, partner_ids)

    def _say(self, chosen):
        """Return the action that says what was done and closes the window."""
        left = self.credit_id._collection_credit_left()
        text = self.env._(
            "%(amount)s matched with %(count)s documents.",
            amount=self.currency_id.format(sum(chosen.values())),
            count=len(chosen),
        )
        if not self.currency_id.is_zero(left):
            text += " " + self.env._("%s stays an open credit of the customer.", self.currency_id.format(left))
        return self.env["collection.step"]._notify(text)

    # === FULL AND FINAL === #

    def _decide(self, now):
        if not self.final_words:
            return
        self.env["collection.final.payment"]._decide(
            self.credit_id, self.company_id, self.final_words, self.decision, self.note or "", now
        )

    def action_settle(self):
        """Accept a payment marked as full and final: write it down, and open the draft of the settlement.

        Nothing is given up here: the draft goes the way of every settlement, with limits and an accountant's yes, and
        the money is matched once it is in force.
        """
        self.ensure_one()
        self._check_may_match(self.company_id)
        self._check_credit()
        self._lock(self.credit_id)
        now = fields.Datetime.now()
        left = self.credit_id._collection_credit_left()
        if not self.final_words or self.currency_id.is_zero(left):
            raise UserError(self.env._("This payment is not marked as full and final, or has been matched meanwhile."))
        Arrangement = self.env["collection.arrangement"]
        debts = Arrangement._agreeable(self._debts())
        owed = self.currency_id.round(sum(debts.mapped("amount_residual_currency")))
        if self.currency_id.compare_amounts(left, owed) >= 0:
            raise UserError(
                self.env._("It pays all that is open: there is nothing to settle. Choose part payment and match it.")
            )
        self.decision = "settlement"
        self._decide(now)
        return Arrangement._action_agree(debts, values=self._settlement_values(debts, left, now))

    def _settlement_values(self, debts, amount, now):
        """Return the draft that gives up what this payment leaves open of each document."""
        shares = self._shares(debts)
        waived = {
            line.id: self.currency_id.round(line.amount_residual_currency - (shares[line.id].amount if line.id in shares else 0))
            for line in debts
        }
        return {
            "item_ids": self.env["collection.arrangement"]._values_of(debts, None, waived),
            # One payment, of today: the money is here.
            "rhythm": "once",
            "date_start": self.company_id._collection_today(now),
            "free_days": "keep",
            "proposed_by": "company",
            "note": self.env._(
                "The customer paid %(amount)s on %(day)s and wrote: %(words)s. Accepted because: %(why)s",
                amount=self.currency_id.format(amount),
                day=format_date(self.env, self.credit_id.date),
                words=self.credit_words,
                why=self.note,
            ),
        }
