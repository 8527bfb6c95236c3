"""'Match This Payment': money of a customer that nobody has matched, and which of his debts it pays.

What the payer named comes first, then what was agreed, then the legal order of the rule pack that holds. A
person confirms it; Odoo matches it, and why is kept. A payment marked as full and final pays nothing before
somebody has decided, in writing, what it is.
"""
from collections import namedtuple
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..engine import agreement, allocation, designation
from ..models.collection_final_payment import DECISIONS

#: What is proposed for a debt: the amount, why, and the running arrangement that covers it, which may be none.
Share = namedtuple("Share", "amount basis arrangement")


class CollectionMatchPayment(models.TransientModel):
    _name = "collection.match.payment"
    _description = "Match This Payment"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    credit_ids = fields.Many2many("account.move.line", string="Payments", readonly=True)
    credit_id = fields.Many2one(
        "account.move.line", string="Payment", required=True, domain="[('id', 'in', credit_ids)]", ondelete="cascade"
    )
    credit_count = fields.Integer(compute="_compute_credit_count")
    currency_id = fields.Many2one(related="credit_id.currency_id")
    credit_name = fields.Char(related="credit_id.move_name", string="Number")
    credit_date = fields.Date(related="credit_id.date", string="Came On")
    credit_amount = fields.Monetary(string="To Match", compute="_compute_credit")
    credit_words = fields.Char(string="The Payer Wrote", compute="_compute_credit")
    pack_id = fields.Many2one("collection.rule.pack", compute="_compute_about")
    final_words = fields.Char(compute="_compute_credit", help="How the payer marked it as settling everything.")
    final_text = fields.Char(compute="_compute_about")
    decided = fields.Selection(DECISIONS, compute="_compute_credit")
    decided_text = fields.Char(compute="_compute_about")
    other_text = fields.Char(compute="_compute_about", help="What the customer owes that this money cannot be matched with.")
    decision = fields.Selection(DECISIONS, string="What It Is")
    note = fields.Text(string="Why", help="Kept with the payment and on the case, for whoever asks later.")
    line_ids = fields.One2many(
        "collection.match.payment.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )
    amount_matched = fields.Monetary(string="Matched", compute="_compute_amount_matched")
    amount_left = fields.Monetary(string="Stays an Open Credit", compute="_compute_amount_matched")

    @api.model
    def _action_open(self, partner, company, credit=None, currency=None):
        """Open the window for the money of a customer in a company that nobody has matched.

        :param partner: commercial partner
        :param company: root company
        :param credit: the journal item to begin with
        :param currency: only money in this currency
        """
        self._check_may_match(company)
        money = self.env["account.move.line"]._collection_open_credits(partner, company)
        if currency:
            money = money.filtered(lambda line: line.currency_id == currency)
        if not money:
            raise UserError(
                self.env._("All that %s has paid is matched already; there is nothing to do.", partner.display_name)
            )
        credit = credit if credit and credit in money else money[0]
        money = money.filtered(lambda line: line.currency_id == credit.currency_id)
        wizard = self.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "credit_ids": [Command.set(money.ids)],
                "credit_id": credit.id,
            }
        )
        return wizard._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Match This Payment"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === WHAT IS SHOWN === #

    @api.depends("credit_ids")
    def _compute_credit_count(self):
        for wizard in self:
            wizard.credit_count = len(wizard.credit_ids)

    @api.depends("credit_id")
    def _compute_credit(self):
        for wizard in self:
            credit = wizard.credit_id
            wizard.credit_amount = credit._collection_credit_left() if credit else 0.0
            wizard.credit_words = credit._collection_payment_words() if credit else False
            wizard.final_words = designation.full_and_final(wizard.credit_words or "")
            wizard.decided = self.env["collection.final.payment"]._of_credit(credit).decision

    @api.depends("credit_id")
    def _compute_about(self):
        for wizard in self:
            payment = self.env["collection.final.payment"]._of_credit(wizard.credit_id)
            wizard.pack_id = wizard._pack()[0]
            wizard.final_text = wizard._describe_final()
            wizard.decided_text = payment._describe() if payment.decision else False
            wizard.other_text = wizard._describe_others()

    def _describe_final(self):
        """Return in plain words that the payer wants this to be all."""
        if not self.final_words:
            return False
        return self.env._(
            "The payer marked this payment of %(amount)s as settling everything: “%(words)s”. %(customer)s owes %(owed)s. "
            "Nothing is matched before somebody has decided what it is.",
            amount=self.currency_id.format(self.credit_amount),
            words=self.final_words,
            customer=self.partner_id.name,
            owed=self.currency_id.format(sum(self._debts().mapped("amount_residual_currency"))),
        )

    def _describe_others(self):
        """Return what the customer owes in other currencies or on other accounts: this money is not for that."""
        debts = self._debts()
        others = self._all_debts() - debts
        if not others:
            return False
        sums = {}
        for line in others:
            sums[line.currency_id] = sums.get(line.currency_id, 0.0) + line.amount_residual_currency
        return self.env._(
            "He also owes %s in another currency or on another account. To use this money for it, match both in the accounting.",
            ", ".join(currency.format(amount) for currency, amount in sums.items()),
        )

    @api.depends("credit_id", "decision")
    def _compute_line_ids(self):
        for wizard in self:
            shares = wizard._proposal() if wizard._may_propose() else {}
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"line_id": line.id, "amount": shares[line.id].amount if line.id in shares else 0.0})
                    for line in wizard._debts()
                    if wizard._may_propose()
                ),
            ]

    @api.depends("line_ids.amount", "credit_id")
    def _compute_amount_matched(self):
        for wizard in self:
            wizard.amount_matched = sum(wizard.line_ids.mapped("amount"))
            wizard.amount_left = wizard.credit_amount - wizard.amount_matched

    # === WHAT IS PROPOSED === #

    def _may_propose(self):
        """Tell whether this payment may be matched: it is not marked as final, or somebody has decided what it is."""
        if not self.final_words or self.decision == "part":
            return True
        if self.decision:
            return False
        if self.decided != "settlement":
            return self.decided == "part"
        return any(arrangement.kind == "settlement" for arrangement in self._covering(self._debts()).values())

    def _all_debts(self):
        """Return what the customer owes the company, the oldest first."""
        return self.env["account.move.line"].search(
            [
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "child_of", self.company_id.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", ">", 0),
            ],
            order="date_maturity, id",
        )

    def _debts(self):
        """Return what this money can be matched with: of its currency, and of its account where it has one."""
        credit = self.credit_id
        if not credit:
            return self.env["account.move.line"]
        account = self._receivable_account()
        return self._all_debts().filtered(lambda line: line.currency_id == credit.currency_id and line.account_id == account)

    def _receivable_account(self):
        """Return the account the money is on; that of the customer where it is on none yet."""
        credit = self.credit_id
        if not credit._collection_is_unassigned():
            return credit.account_id
        return self.partner_id.with_company(credit.company_id).property_account_receivable_id

    def _covering(self, debts):
        """Return the running arrangements by the journal items they cover."""
        items = self.env["collection.arrangement.item"].search(
            [("line_id", "in", debts.ids), ("arrangement_id.state", "in", agreement.RUNNING)]
        )
        return {item.line_id.id: item.arrangement_id for item in items}

    def _pack(self):
        """Return the rule pack that says in which order debts of this customer are paid, and that order; may be empty."""
        Pack = self.env["collection.rule.pack"]
        if not self.partner_id:
            return Pack, ()
        facts = self.env["collection.guard"]._facts(fields.Datetime.now(), self.company_id, self.partner_id.ids, [])
        for rules in facts.packs_of(self.partner_id.id, facts.policy_of(self.partner_id.id)):
            if rules.payment_order:
                return Pack.browse(Pack._ids_by_code().get(rules.code)), rules.payment_order
        return Pack, ()

    def _proposal(self):
        """Return what the payment pays of all it can be matched with."""
        return self._shares(self._debts())

    def _shares(self, debts):
        """Return what the payment pays of these debts, by the id of the journal item.

        :rtype: dict[int, Share]
        """
        amount = self._exact(self.credit_id._collection_credit_left())
        if not debts or not amount:
            return {}
        documents = [
            designation.Document(
                line.id, tuple(filter(None, (line.move_id.name, line.move_id.payment_reference, line.move_id.ref)))
            )
            for line in debts
        ]
        covering = self._covering(debts)
        payment = allocation.Payment(
            self.credit_id.id,
            self.credit_id.date,
            amount,
            designation.named(self.credit_id._collection_payment_words(), documents),
        )
        order = allocation.agreed_order([line.id for line in debts if line.id in covering], self._pack()[1])
        owed = [
            allocation.Debt(line.id, line.date_maturity or line.date, self._exact(line.amount_residual_currency))
            for line in debts
        ]
        shares = {}
        for part in allocation.allocate(payment, owed, order, self.currency_id.decimal_places).parts:
            before = shares[part.key].amount if part.key in shares else 0.0
            arrangement = covering.get(part.key, self.env["collection.arrangement"])
            shares[part.key] = Share(self.currency_id.round(before + float(part.amount)), part.basis, arrangement)
        return shares

    def _exact(self, amount):
        return Decimal(f"{self.currency_id.round(amount):.{self.currency_id.decimal_places}f}")
