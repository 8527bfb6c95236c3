"""The state of each open receivable line: one row per instalment, written by refresh alone.

How the rows come about is in `collection_item_refresh.py`; accounting tables are never written.
"""
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..fields import UncheckedMany2one

HOLD_CODES = [
    ("excluded", "Excluded from follow-up"),
    ("blocked", "Payment blocked"),
    ("arranged", "Agreed with the customer"),
    ("offered", "In negotiation"),
    ("proposed", "A proposal waits for a yes"),
    ("paused", "Paused"),
    ("not_delivered", "Invoice never sent"),
    ("delivery_failed", "Invoice did not arrive"),
    ("pending_payment", "Payment on its way"),
    ("unmatched_receipt", "Money not matched yet"),
    ("covered", "Covered by open credits"),
]
#: Those that an arrangement gives: it runs, an offer stands, or it waits for a yes the customer knows nothing of.
ARRANGED_HOLDS = ("arranged", "offered", "proposed")


class CollectionItem(models.Model):
    _name = "collection.item"
    _description = "Open Item"
    _order = "date_due, id"
    _log_access = False
    _rec_name = "line_id"

    # A journal item cannot exist without its entry, customer, company, currency and account, and takes
    # this row along when it goes (see `init`). Stages and policies clear their references when they are
    # deleted; cases never are.
    line_id = UncheckedMany2one("account.move.line", string="Journal Item", required=True)
    move_id = UncheckedMany2one("account.move", string="Invoice", required=True, index=True)
    partner_id = UncheckedMany2one("res.partner", string="Customer", required=True)
    company_id = UncheckedMany2one("res.company", required=True, help="The company or branch of the invoice.")
    root_company_id = UncheckedMany2one("res.company", required=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    currency_id = UncheckedMany2one("res.currency", required=True)
    account_id = UncheckedMany2one("account.account", required=True)
    case_id = UncheckedMany2one("collection.case", index="btree_not_null")
    policy_id = UncheckedMany2one("collection.policy")

    date_due = fields.Date(string="Due Date", required=True)
    is_open = fields.Boolean(string="Open", required=True)
    residual = fields.Monetary(string="Open Amount", help="In the item's currency.")
    credit_applied = fields.Monetary(string="Open Credits", help="Credits taken off what is asked, in the item's currency.")
    amount_asked = fields.Monetary(string="To Ask For", help="Open amount less open credits, in the item's currency.")
    amount_company = fields.Monetary(
        string="To Ask For (Company Currency)", currency_field="company_currency_id"
    )
    days_late = fields.Integer(compute="_compute_days_late", search="_search_days_late", aggregator=None)

    round = fields.Integer(aggregator=None, help="Items that became late together climb the ladder together.")
    restart = fields.Boolean(help="A pause has ended: the next message is a gentle one.")
    stage_id = UncheckedMany2one("collection.stage", help="What the days late say, as of the last refresh.")
    asked_stage_id = UncheckedMany2one(
        "collection.stage",
        string="Firmest Stage Asked",
        help="A milder message sent since does not change it. The contact log has them all.",
    )
    asked_days = fields.Integer(
        aggregator=None, help="The rung last asked at, in days; survives a change of the ladder."
    )
    asked_on = fields.Date(string="Asked That Firmly On")
    next_stage_id = UncheckedMany2one("collection.stage", string="Next Stage")
    next_date = fields.Date(help="The day on which the next stage's message became or becomes due.")
    hold_code = fields.Selection(HOLD_CODES, string="Not Chased Because")
    hold_until = fields.Date(string="Not Chased Until")

    _line_unique = models.UniqueIndex("(line_id)", "One row per journal item.")
    _partner_open = models.Index("(partner_id, root_company_id) WHERE is_open")

    def init(self):
        # Room on each page, so that the nightly change of a row needs no new entries in the indexes.
        self.env.cr.execute(SQL("ALTER TABLE collection_item SET (fillfactor = 75)"))
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION collection_item_follow_line() RETURNS trigger AS $$
                BEGIN
                    DELETE FROM collection_item WHERE line_id IN (SELECT id FROM gone);
                    RETURN NULL;
                END
                $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS collection_item_follow_line ON account_move_line;
                CREATE TRIGGER collection_item_follow_line AFTER DELETE ON account_move_line
                    REFERENCING OLD TABLE AS gone
                    FOR EACH STATEMENT EXECUTE FUNCTION collection_item_follow_line();
                """
            )
        )

    @api.model
    def _leave_lines(self):
        """Take our trigger off the journal items: at removal of the add-on only."""
        self.env.cr.execute(SQL("DROP FUNCTION IF EXISTS collection_item_follow_line() CASCADE"))

    @api.depends("date_due", "is_open", "root_company_id")
    def _compute_days_late(self):
        days = self.root_company_id._collection_days(fields.Datetime.now())
        for item in self:
            late = (days[item.root_company_id] - item.date_due).days if item.is_open else 0
            item.days_late = max(late, 0)

    def _search_days_late(self, operator, value):
        flipped = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "in": "in"}.get(operator)
        if flipped is None:
            return NotImplemented
        days = self.env["collection.run"]._root_companies()._collection_days(fields.Datetime.now())
        return Domain.OR(
            Domain("root_company_id", "=", company.id)
            & (
                Domain("date_due", "in", [fields.Date.subtract(today, days=late) for late in value])
                if operator == "in"
                else Domain("date_due", flipped, fields.Date.subtract(today, days=value))
            )
            for company, today in days.items()
        )

    @api.depends("line_id", "move_id", "date_due")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.move_id.name or item.line_id.name or ''} ({fields.Date.to_string(item.date_due)})"

    def _ledger_now(self):
        """Return what these items say in figures, JSON-able, for the log of what a person wrote or said."""
        return [
            {
                "line": item.line_id.id,
                "move": item.move_id.id,
                "invoice": item.move_id.name or "",
                "due": fields.Date.to_string(item.date_due),
                "amount": item.currency_id.round(item.amount_asked),
                "residual": item.currency_id.round(item.residual),
                "currency": item.currency_id.name,
            }
            for item in self
        ]

    def _note_asked(self, stage, day):
        """Note that a message (or a person) has asked for these items at `stage` on `day`.

        A gentler message than the last one leaves the rung reached as it is.
        """
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_item
                   SET asked_on = CASE WHEN COALESCE(asked_days, -9999) <= %(days)s THEN %(day)s::date ELSE asked_on END,
                       asked_stage_id = CASE WHEN COALESCE(asked_days, -9999) <= %(days)s THEN %(stage)s ELSE asked_stage_id END,
                       asked_days = GREATEST(COALESCE(asked_days, -9999), %(days)s),
                       restart = restart AND %(days)s < 0,
                       next_stage_id = NULL, next_date = NULL
                 WHERE id = ANY(%(ids)s)
                RETURNING id
                """,
                days=stage.days,
                day=day,
                stage=stage.id,
                ids=self.ids,
            )
        )
        self.invalidate_recordset()
