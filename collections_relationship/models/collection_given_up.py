"""What was really given up in the books, once for each arrangement, with who said yes to it. Read only, stored nowhere."""
from odoo import fields, models
from odoo.tools import SQL

from .collection_arrangement import STATES


class CollectionGivenUp(models.Model):
    _name = "collection.given.up"
    _description = "Given Up by Approver"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "arrangement_id"
    # What the query reads: written to the database before it.
    _depends = {
        "collection.arrangement": [
            "company_id",
            "partner_id",
            "currency_id",
            "state",
            "waive_as",
            "amount_waived",
            "proposer_id",
            "started_on",
            "waiver_move_ids",
        ],
        "collection.arrangement.approval": ["arrangement_id", "user_id", "date", "decision", "terms"],
        "account.move": ["state", "date", "reversed_entry_id"],
        "account.move.line": ["move_id", "account_id", "balance", "amount_currency"],
        "account.account": ["account_type"],
        "res.company": ["currency_id"],
    }

    arrangement_id = fields.Many2one("collection.arrangement", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    state = fields.Selection(STATES, string="Arrangement Is", readonly=True)
    stage = fields.Selection(
        [
            ("waiting", "Waits for the Money"),
            ("booked", "Given Up"),
            ("taken_back", "Taken Back"),
            ("dropped", "Not Given Up"),
        ],
        string="In the Books",
        readonly=True,
    )
    date = fields.Date(string="Given Up On", readonly=True, help="The day of the last entry that stands in the books.")
    user_id = fields.Many2one(
        "res.users", string="First Yes", readonly=True, help="Empty: within the limits, so nobody had to be asked."
    )
    second_user_id = fields.Many2one(
        "res.users", string="Second Yes", readonly=True, help="Empty: one yes was enough."
    )
    approved_on = fields.Datetime(readonly=True)
    proposer_id = fields.Many2one("res.users", string="Written By", readonly=True)
    waive_as = fields.Selection(
        [("credit_note", "Credit Note"), ("write_off", "Written Off")], string="Booked As", readonly=True
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_agreed = fields.Monetary(
        string="Agreed", readonly=True, aggregator=None, help="To give up, in the currency of the arrangement."
    )
    amount = fields.Monetary(
        string="Given Up",
        currency_field="company_currency_id",
        readonly=True,
        help="Booked and not reversed, tax included, in the currency of the books.",
    )
    amount_currency = fields.Monetary(
        string="Given Up, in Its Currency", readonly=True, aggregator=None, help="In the currency of the arrangement."
    )

    @property
    def _table_query(self):
        """Return the rows: arrangements that started and give something up, or whose entries stand.

        A yes counts where it was given to the terms of the last yes, one for each person. The entries and their
        reversals are added up on the receivables, so that what is reversed, whole or in part, is not given up.
        """
        return SQL(
            """
            SELECT a.id,
                   a.id AS arrangement_id,
                   a.partner_id, a.company_id, a.state, a.proposer_id, a.waive_as, a.currency_id,
                   c.currency_id AS company_currency_id,
                   a.amount_waived AS amount_agreed,
                   COALESCE(booked.amount, 0) AS amount,
                   COALESCE(booked.amount_currency, 0) AS amount_currency,
                   CASE WHEN booked.amount_currency != 0 THEN booked.date END AS date,
                   CASE WHEN booked.amount_currency != 0 THEN 'booked'
                        WHEN a.state IN ('accepted', 'active') THEN 'waiting'
                        WHEN booked.date IS NOT NULL THEN 'taken_back'
                        ELSE 'dropped'
                   END AS stage,
                   given.user_ids[1] AS user_id,
                   given.user_ids[2] AS second_user_id,
                   given.date AS approved_on
              FROM collection_arrangement a
              JOIN res_company c ON c.id = a.company_id
              LEFT JOIN LATERAL (
                       SELECT array_agg(person.user_id ORDER BY person.id) AS user_ids, max(person.date) AS date
                         FROM (
                                  SELECT yes.user_id, min(yes.id) AS id, min(yes.date) AS date
                                    FROM collection_arrangement_approval yes
                                   WHERE yes.arrangement_id = a.id
                                     AND yes.decision = 'yes'
                                     AND yes.terms = (
                                             SELECT last.terms
                                               FROM collection_arrangement_approval last
                                              WHERE last.arrangement_id = a.id AND last.decision = 'yes'
                                              ORDER BY last.id DESC
                                              LIMIT 1
                                         )
                                   GROUP BY yes.user_id
                              ) person
                   ) given ON TRUE
              LEFT JOIN LATERAL (
                       SELECT -sum(l.balance) AS amount,
                              -sum(l.amount_currency) AS amount_currency,
                              max(m.date) FILTER (WHERE m.id = r.move_id) AS date
                         FROM collection_arrangement_waiver_rel r
                         JOIN account_move m ON m.id = r.move_id OR m.reversed_entry_id = r.move_id
                         JOIN account_move_line l ON l.move_id = m.id
                         JOIN account_account t ON t.id = l.account_id AND t.account_type = 'asset_receivable'
                        WHERE r.arrangement_id = a.id AND m.state = 'posted'
                   ) booked ON TRUE
             WHERE a.amount_waived != 0 AND (a.started_on IS NOT NULL OR booked.date IS NOT NULL)
            """
        )

    def action_open(self):
        """Open the arrangement."""
        self.ensure_one()
        return self.arrangement_id._get_records_action()
