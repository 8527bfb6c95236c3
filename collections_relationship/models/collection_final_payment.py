"""A payment its payer marked as settling everything: a person decides what it is, and nothing is asked until then."""
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..engine import designation
from .collection_arrangement_ledger import MONEY_JOURNALS

DECISIONS = [
    ("settlement", "Accept it as a settlement"),
    ("part", "Take it as part payment"),
]


class CollectionFinalPayment(models.Model):
    _name = "collection.final.payment"
    _description = "Payment Marked as Full and Final"
    _order = "id desc"
    _rec_name = "words"

    credit_line_id = fields.Many2one(
        "account.move.line", string="Payment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    amount = fields.Monetary(readonly=True)
    words = fields.Char(readonly=True, help="How the payer marked it.")
    contact_id = fields.Many2one(
        "collection.contact", readonly=True, ondelete="set null", help="The row of the log that stopped the follow-up."
    )
    decision = fields.Selection(DECISIONS, readonly=True)
    note = fields.Text(string="Why", readonly=True)
    user_id = fields.Many2one("res.users", string="Decided By", readonly=True, ondelete="restrict")
    decided_on = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(credit_line_id)", "This payment was noticed already.")

    # === NOTICING === #

    @api.model
    def _notice(self, now, company, partner_ids=None):
        """Notice payments that came marked as full and final: the follow-up of these customers waits for a person.

        Those of customers without an open case wait until they have one: there is nothing to stop before.

        :param datetime now: naive UTC
        :param company: root company
        :param partner_ids: ids of commercial partners; `None` for all
        :return: those that are new
        """
        found = {}
        for line_id, case_id, partner_id, currency_id, amount, texts in self._fetch_unnoticed(company, partner_ids):
            text = designation.said(texts)
            words = designation.full_and_final(text)
            if words:
                found[line_id] = (case_id, text, (line_id, partner_id, company.id, currency_id, amount, words))
        payments = self._note_once([row for _case_id, _text, row in found.values()], now)
        for payment in payments:
            case_id, text, _row = found[payment.credit_line_id.id]
            payment._stop_follow_up(self.env["collection.case"].browse(case_id), text, now)
        return payments

    @api.model
    def _note_once(self, rows, now):
        """Write the rows nobody has written yet; who decides in the same moment and this never write one twice.

        :param rows: item, customer, company, currency, amount and words each
        :return: those that are new
        """
        if not rows:
            return self.browse()
        by = (self.env.uid, self.env.uid, now, now)
        # A row that came after our snapshot is a conflict of transactions, which is tried again, and no error.
        written = self.env.execute_query(
            SQL(
                """
                INSERT INTO collection_final_payment
                       (credit_line_id, partner_id, company_id, currency_id, amount, words,
                        create_uid, write_uid, create_date, write_date)
                VALUES %s
                    ON CONFLICT (credit_line_id) DO NOTHING
                RETURNING id
                """,
                SQL(", ").join(SQL("%s", (*row, *by)) for row in rows),
            )
        )
        return self.browse([row_id for (row_id,) in written])

    @api.model
    def _fetch_unnoticed(self, company, partner_ids):
        """Return the money not matched yet of customers with an open case, with the words that came with it."""
        for model in ("account.move.line", "account.move", "account.payment", "account.bank.statement.line", "collection.case"):
            self.env[model].flush_model()
        self.flush_model()
        of_partners = SQL("TRUE") if partner_ids is None else SQL("c.partner_id = ANY(%s)", list(partner_ids))
        return self.env.execute_query(
            SQL(
                """
                WITH money AS MATERIALIZED (
                    SELECT l.id, l.move_id, l.partner_id, l.currency_id, -l.amount_residual_currency AS amount
                      FROM account_move_line l
                      JOIN account_account acc ON acc.id = l.account_id AND acc.account_type = 'asset_receivable'
                      JOIN account_move m ON m.id = l.move_id
                      JOIN account_journal j ON j.id = m.journal_id
                     WHERE l.reconciled IS NOT TRUE AND l.parent_state = 'posted' AND l.amount_residual_currency < 0
                       AND (m.origin_payment_id IS NOT NULL OR m.statement_line_id IS NOT NULL OR j.type = ANY(%(money)s))
                       AND l.company_id = ANY(%(house)s)
                    UNION ALL
                    SELECT l.id, l.move_id, l.partner_id, l.currency_id, -l.amount_currency
                      FROM account_bank_statement_line b
                      JOIN account_journal j ON j.id = b.journal_id
                      JOIN account_move_line l ON l.move_id = b.move_id AND l.account_id = j.suspense_account_id
                     WHERE b.is_reconciled IS NOT TRUE AND b.amount > 0 AND l.parent_state = 'posted'
                       AND b.company_id = ANY(%(house)s)
                )
                SELECT l.id, c.id, c.partner_id, l.currency_id, l.amount,
                       ARRAY[b.payment_ref, a.memo, a.payment_reference, m.ref, line.name]
                  FROM money l
                  JOIN res_partner p ON p.id = l.partner_id
                  JOIN collection_case c ON c.partner_id = p.commercial_partner_id
                   AND c.state = 'open' AND c.company_id = %(company)s
                  JOIN account_move_line line ON line.id = l.id
                  JOIN account_move m ON m.id = l.move_id
                  LEFT JOIN account_payment a ON a.id = m.origin_payment_id
                  LEFT JOIN account_bank_statement_line b ON b.id = m.statement_line_id
                 WHERE %(of_partners)s
                   AND NOT EXISTS (SELECT 1 FROM collection_final_payment f WHERE f.credit_line_id = l.id)
                 ORDER BY l.id
                """,
                company=company.id,
                of_partners=of_partners,
                house=self.env["res.company"].sudo().search([("id", "child_of", company.id)]).ids,  # for the night, all
                money=list(MONEY_JOURNALS),
            )
        )

    def _stop_follow_up(self, case, text, now):
        """Stop the follow-up as an answer of the customer does: what he wrote on his payment is one."""
        self.ensure_one()
        reader = case._env_of(case._acting_user(case.company_id._collection_today(now)))
        self.contact_id = case._receive_answer(
            now,
            summary=reader._("A payment is marked as full and final: decide what it is"),
            subject=False,
            body=Markup("<p>%s</p>") % text,
            message_id=False,
            author=self.partner_id,
            address=False,
            channel="other",
        )

    # === DECIDING === #

    def _waiting(self):
        """Return those nobody has decided about, while their money is still there to be matched."""
        return self.filtered(
            lambda payment: not payment.decision
            and not payment.currency_id.is_zero(payment.credit_line_id._collection_credit_left())
        )

    @api.model
    def _of_credit(self, credit):
        """Return the row about a payment, or none; what it was decided is no secret among those who may see the payment."""
        return self.search([("credit_line_id", "=", credit.id)], limit=1)

    @api.model
    def _decide(self, credit, company, words, decision, note, now):
        """Write down what somebody decided about a payment, and let the follow-up go on.

        :param credit: the journal item on which the money is; whoever calls has checked the rights
        :param company: root company
        :param str decision: of `DECISIONS`
        :param str note: why
        """
        if not note.strip():
            raise UserError(self.env._("Please write why: whoever is asked about this payment later must be able to tell."))
        values = {"decision": decision, "note": note.strip(), "user_id": self.env.uid, "decided_on": now}
        payment = self._of_credit(credit).sudo()  # written by nobody but here
        if payment:
            payment.write(values)
        else:
            payment = payment.create(
                {
                    **values,
                    "credit_line_id": credit.id,
                    "partner_id": credit.partner_id.commercial_partner_id.id,
                    "company_id": company.id,
                    "currency_id": credit.currency_id.id,
                    "amount": credit._collection_credit_left(),
                    "words": words,
                }
            )
        payment._close_answer()
        return payment.sudo(False)

    def _close_answer(self):
        """Note the decision on the case, and let it go on where nothing else waits to be read."""
        labels = dict(self._fields["decision"]._description_selection(self.env))
        for case in self._cases():
            case._message_log(
                body=Markup("<p>%s</p>")
                % self.env._(
                    "“%(words)s” on the payment of %(amount)s: %(decision)s. %(note)s",
                    words=self.words,
                    amount=self.currency_id.format(self.amount),
                    decision=labels[self.decision],
                    note=self.note,
                ),
                author_id=self.user_id.partner_id.id,
            )
            noticed = self.search([("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)])
            others = self.env["collection.contact"].search_count(
                [
                    ("case_id", "=", case.id),
                    ("kind", "=", "answered"),
                    ("date", ">=", case.reply_unread_since),
                    ("id", "not in", noticed.contact_id.ids),
                ],
                limit=1,
            )
            if case.reply_unread_since and not others and not noticed._waiting():
                case.action_mark_reply_read()

    def _cases(self):
        """Return the open cases of the customers of these payments."""
        cases = self.env["collection.case"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "open"),
            ]
        )
        pairs = {(payment.partner_id, payment.company_id) for payment in self}
        return cases.filtered(lambda case: (case.partner_id, case.company_id) in pairs)

    def _describe(self):
        """Return in a sentence what was decided, by whom and when."""
        self.ensure_one()
        words = {
            "settlement": self.env._("%(user)s accepted it as a settlement on %(day)s: %(note)s"),
            "part": self.env._("%(user)s took it as part payment on %(day)s: %(note)s"),
        }
        return words[self.decision] % {
            "user": self.user_id.name,
            "day": format_date(self.env, self.decided_on, date_format="medium"),
            "note": self.note,
        }
