"""Shows where an invoice stands in the follow-up, and what people may do about it.

Nothing is stored on the invoice: what is shown, searched and grouped by is one set-based query over
the open items, so that it never disagrees with them.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .account_move import FOLLOW_UP_GROUPS
from .collection_case import NO_STAGE
from .collection_item import ARRANGED_HOLDS, HOLD_CODES

SQL_OPERATORS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}
#: Fields that can be grouped and sorted by, though nothing is stored.
COLLECTION_COLUMNS = frozenset(
    {
        "collection_stage_id",
        "collection_date_due",
        "collection_days_late",
        "collection_next_date",
        "collection_hold_code",
        "collection_waits",
        "collection_amount",
    }
)


class AccountMove(models.Model):
    _inherit = "account.move"

    collection_is_open = fields.Boolean(
        string="In Follow-up",
        compute="_compute_collection_state",
        search="_search_collection_is_open",
        groups=FOLLOW_UP_GROUPS,
    )
    collection_case_id = fields.Many2one(
        "collection.case",
        string="Follow-up Case",
        compute="_compute_collection_state",
        groups=FOLLOW_UP_GROUPS,
    )
    collection_stage_id = fields.Many2one(
        "collection.stage",
        string="Follow-up Stage",
        compute="_compute_collection_state",
        search="_search_collection_stage_id",
        group_expand="_group_expand_collection_stage_id",
        falsy_value_label=NO_STAGE,
        groups=FOLLOW_UP_GROUPS,
        help="The highest stage any instalment of the invoice has reached.",
    )
    collection_date_due = fields.Date(
        string="Due Since",
        compute="_compute_collection_state",
        groups=FOLLOW_UP_GROUPS,
        help="The due date of the oldest open instalment.",
    )
    collection_days_late = fields.Integer(
        string="Days Late",
        compute="_compute_collection_state",
        search="_search_collection_days_late",
        aggregator=None,
        groups=FOLLOW_UP_GROUPS,
        help="Counted from the oldest open instalment; 0 while nothing is late.",
    )
    collection_next_stage_id = fields.Many2one(
        "collection.stage",
        string="Next Step",
        compute="_compute_collection_state",
        groups=FOLLOW_UP_GROUPS,
    )
    collection_next_date = fields.Date(
        string="Next Step On",
        compute="_compute_collection_state",
        search="_search_collection_next_date",
        groups=FOLLOW_UP_GROUPS,
        help="The first day on which the customer may hear about this invoice again.",
    )
    collection_next_text = fields.Char(
        string="Why Then",
        compute="_compute_collection_state",
        groups=FOLLOW_UP_GROUPS,
    )
    collection_hold_code = fields.Selection(
        HOLD_CODES,
        string="Not Chased Because",
        compute="_compute_collection_state",
        search="_search_collection_hold_code",
        groups=FOLLOW_UP_GROUPS,
    )
    collection_hold_until = fields.Date(
        string="Not Chased Until",
        compute="_compute_collection_state",
        groups=FOLLOW_UP_GROUPS,
    )
    collection_waits = fields.Boolean(
        string="Waits for a Yes",
        compute="_compute_collection_state",
        search="_search_collection_waits",
        groups=FOLLOW_UP_GROUPS,
        help="A message about this invoice waits for somebody's yes.",
    )

    collection_amount = fields.Monetary(
        string="To Ask For",
        compute="_compute_collection_state",
        currency_field="company_currency_id",
        groups=FOLLOW_UP_GROUPS,
        help="Open amount less open credits, in the company's currency.",
    )

    # === WHERE IT STANDS === #

    @api.model
    def _collection_state_sql(self, move_ids=None):
        """Return the query that says where moves with open items stand, one row per move.

        :param move_ids: ids to look at; None for all moves
        """
        for name in ("collection.item", "collection.case", "collection.stage", "collection.step"):
            self.env[name].flush_model()
        wanted = SQL("AND item.move_id IN %s", tuple(move_ids)) if move_ids is not None else SQL()
        return SQL(
            """
            SELECT item.move_id,
                   MIN(item.date_due) AS date_due,
                   MAX(item.root_company_id) AS root_company_id,
                   MAX(item.case_id) AS case_id,
                   (MAX(ARRAY[stage.days, item.stage_id]) FILTER (WHERE item.stage_id IS NOT NULL))[2] AS stage_id,
                   (MIN(ARRAY[item.next_date - DATE '2000-01-01', item.next_stage_id])
                       FILTER (WHERE item.hold_code IS NULL AND item.next_stage_id IS NOT NULL))[2] AS next_stage_id,
                   MIN(GREATEST(item.next_date, collection.next_step_date))
                       FILTER (WHERE item.hold_code IS NULL AND item.next_date IS NOT NULL) AS next_date,
                   MIN(item.hold_code) AS hold_code,
                   MAX(item.hold_until) AS hold_until,
                   SUM(item.amount_company) AS amount,
                   BOOL_OR(waiting.item_id IS NOT NULL) AS waits
              FROM collection_item item
         LEFT JOIN collection_stage stage ON stage.id = item.stage_id
         LEFT JOIN collection_case collection ON collection.id = item.case_id AND collection.state = 'open'
         LEFT JOIN (SELECT DISTINCT asked.item_id
                      FROM collection_item_step_rel asked
                      JOIN collection_step step ON step.id = asked.step_id
                     WHERE step.state = 'waiting') waiting ON waiting.item_id = item.id
             WHERE item.is_open %(wanted)s
          GROUP BY item.move_id
            """,
            wanted=wanted,
        )

    @api.model
    def _collection_columns(self, state):
        """Return what to read from the state query joined as ``state``, by field name."""
        column = {
            name: SQL.identifier(state, name)
            for name in ("stage_id", "date_due", "root_company_id", "next_date", "hold_code", "waits", "amount")
        }
        today = self._collection_today_sql(column["root_company_id"])
        return {
            "collection_stage_id": column["stage_id"],
            "collection_date_due": column["date_due"],
            "collection_days_late": SQL("GREATEST(COALESCE(%s - %s, 0), 0)", today, column["date_due"]),
            "collection_next_date": column["next_date"],
            "collection_hold_code": column["hold_code"],
            "collection_waits": SQL("COALESCE(%s, FALSE)", column["waits"]),
            "collection_amount": column["amount"],
        }

    @api.model
    def _collection_today_sql(self, column):
        """Return SQL for the day it is now in the root company a column names.

        :param SQL column: holds the id of a root company
        """
        days = self.env["collection.run"]._root_companies()._collection_days(fields.Datetime.now())
        whens = [SQL("WHEN %s THEN %s::date", company.id, today) for company, today in days.items()]
        return SQL("CASE %s %s END", column, SQL(" ").join(whens))

    @api.depends(
        "collection_item_ids.stage_id",
        "collection_item_ids.date_due",
        "collection_item_ids.is_open",
        "collection_item_ids.next_date",
        "collection_item_ids.hold_code",
        "collection_item_ids.case_id.next_step_date",
    )
    @api.depends_context("lang")
    def _compute_collection_state(self):
        ids = self._origin.ids
        rows = {}
        if ids:
            rows = {row["move_id"]: row for row in self.env.execute_query_dict(self._collection_state_sql(ids))}
        companies = self.env["res.company"].browse({row["root_company_id"] for row in rows.values()})
        days = {company.id: today for company, today in companies._collection_days(fields.Datetime.now()).items()}
        cases = self.env["collection.case"].browse({row["case_id"] for row in rows.values() if row["case_id"]})
        by_case = {case.id: case for case in cases}
        words = self.env["collection.arrangement"]._hold_words_of(
            [move_id for move_id, row in rows.items() if row["hold_code"] in ARRANGED_HOLDS]
        )
        for move in self:
            row = rows.get(move._origin.id, {})
            case = by_case.get(row.get("case_id"), cases.browse())
            move.collection_is_open = bool(row)
            move.collection_case_id = case
            move.collection_stage_id = row.get("stage_id")
            move.collection_date_due = row.get("date_due")
            move.collection_days_late = max((days[row["root_company_id"]] - row["date_due"]).days, 0) if row else 0
            move.collection_next_stage_id = row.get("next_stage_id")
            move.collection_next_date = row.get("next_date")
            move.collection_hold_code = row.get("hold_code")
            move.collection_hold_until = row.get("hold_until")
            move.collection_waits = row.get("waits")
            move.collection_amount = row.get("amount")
            move.collection_next_text = (words.get(move._origin.id) or move._collection_reason(case)) if row else False

    def _collection_reason(self, case):
        """Return in one sentence why the next step of the invoice is when it is."""
        self.ensure_one()
        labels = case._next_reason_labels()
        if self.collection_hold_code and not self.collection_next_date:
            return case._describe_reason({"code": self.collection_hold_code, "date": self._collection_day_after_hold()})
        if not self.collection_next_date:
            return labels["nothing_due"]
        if not case.next_step_date or self.collection_next_date > case.next_step_date:
            return labels["stage_day"]
        return case.next_reason_text

    def _collection_day_after_hold(self):
        self.ensure_one()
        until = self.collection_hold_until
        return until and fields.Date.to_string(fields.Date.add(until, days=1))

    def _field_to_sql(self, alias, field_expr, query=None):
        if query is None or field_expr not in COLLECTION_COLUMNS:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        state = query.make_alias(alias, "collection_state")
        query.add_join(
            "LEFT JOIN",
            state,
            SQL("(%s)", self._collection_state_sql()),
            SQL("%s = %s", SQL.identifier(state, "move_id"), SQL.identifier(alias, "id")),
        )
        return self._collection_columns(state)[field_expr]

    # === SEARCH === #

    @api.model
    def _collection_moves(self, fname, moves):
        """Return the domain of the moves that a query selects.

        :param fname: the field searched by; who may not read it does not find out by searching either
        :param SQL moves: query of move ids
        """
        self._check_field_access(self._fields[fname], "read")
        return Domain("id", "in", SQL("(%s)", moves))

    @api.model
    def _collection_moves_where(self, fname, condition):
        """Return the domain of the moves with open items whose column of ``fname`` fulfils ``condition``.

        :param condition: function from the column to a boolean SQL expression
        """
        column = self._collection_columns("state")[fname]
        return self._collection_moves(
            fname,
            SQL("SELECT state.move_id FROM (%s) state WHERE %s", self._collection_state_sql(), condition(column)),
        )

    @api.model
    def _collection_search_values(self, fname, values):
        """Return the domain of the moves whose ``fname`` is one of ``values``; False stands for empty."""
        known = tuple(value for value in values if value is not False and value is not None)
        domain = (
            self._collection_moves_where(fname, lambda column: SQL("%s IN %s", column, known))
            if known
            else Domain.FALSE
        )
        if len(known) != len(values):
            domain |= ~self._collection_moves_where(fname, lambda column: SQL("%s IS NOT NULL", column))
        return domain

    @api.model
    def _search_collection_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["collection.item"].flush_model(["is_open"])
        return self._collection_moves("collection_is_open", SQL("SELECT move_id FROM collection_item WHERE is_open"))

    @api.model
    def _search_collection_stage_id(self, operator, value):
        if operator in ("any", "any!"):
            stages = self.env["collection.stage"]
            stages = stages.sudo() if operator == "any!" else stages
            return self._collection_search_values("collection_stage_id", stages.search(Domain(value)).ids)
        if operator in ("ilike", "like", "=ilike", "=like"):
            stages = self.env["collection.stage"].search([("name", operator, value)])
            return self._collection_search_values("collection_stage_id", stages.ids)
        if operator != "in":
            return NotImplemented
        return self._collection_search_values("collection_stage_id", value)

    @api.model
    def _search_collection_hold_code(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._collection_search_values("collection_hold_code", value)

    @api.model
    def _search_collection_waits(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._collection_moves_where("collection_waits", lambda column: column)

    @api.model
    def _search_collection_days_late(self, operator, value):
        match operator:
            case ">=":
                return self._collection_late_at_least(value)
            case ">":
                return self._collection_late_at_least(value + 1)
            case "<":
                return ~self._collection_late_at_least(value)
            case "<=":
                return ~self._collection_late_at_least(value + 1)
            case "in":
                return Domain.OR(
                    self._collection_late_at_least(days) & ~self._collection_late_at_least(days + 1) for days in value
                )
        return NotImplemented

    @api.model
    def _collection_late_at_least(self, days):
        """Return the domain of the moves with an instalment late for at least ``days`` days; 0 is every move."""
        if days <= 0:
            self._check_field_access(self._fields["collection_days_late"], "read")
            return Domain.TRUE
        self.env["collection.item"].flush_model(["is_open", "date_due"])
        return self._collection_moves(
            "collection_days_late",
            SQL(
                "SELECT move_id FROM collection_item WHERE is_open AND date_due <= %s - %s::int",
                self._collection_today_sql(SQL.identifier("root_company_id")),
                days,
            ),
        )

    @api.model
    def _search_collection_next_date(self, operator, value):
        if operator == "in":
            return self._collection_search_values("collection_next_date", value)
        if operator not in SQL_OPERATORS:
            return NotImplemented
        return self._collection_moves_where(
            "collection_next_date", lambda column: SQL("%s %s %s", column, SQL_OPERATORS[operator], value)
        )

    @api.model
    def _group_expand_collection_stage_id(self, stages, domain):
        # A column for each stage of what is late, empty or not; one before the due date only where it holds some.
        ladder = self.env["collection.case"]._group_expand_stage_id(stages, domain)
        return (ladder.filtered(lambda stage: stage.days >= 0) | stages).sorted("days")

    # === WHAT PEOPLE DO === #

    def _collection_followed(self):
        """Return the moves of the selection that have open items; tell the user when none has."""
        moves = self.filtered("collection_is_open")
        if not moves:
            raise UserError(
                self.env._(
                    "Nothing is open on what you chose: it is paid, not confirmed yet, or was booked a moment ago."
                )
            )
        return moves

    def action_collection_follow_up(self):
        """Open 'Follow up now' for the customers of these invoices."""
        return self.env["collection.follow.up"]._action_open(self._collection_followed().collection_case_id, self)

    def action_collection_pause(self):
        """Open 'Pause' for these invoices."""
        return self.env["collection.pause"]._action_open(moves=self._collection_followed())

    def action_collection_cool_off(self):
        """Pause everything the customer of this invoice has open, at once, after a difficult conversation."""
        moves = self._collection_followed()
        moves.company_id.root_id.ensure_one()
        customers = moves.commercial_partner_id | moves.collection_item_ids.partner_id
        return self.env["collection.hold"]._action_cool_off(customers, moves.company_id.root_id)

    def action_collection_log_call(self):
        """Open 'Log a call' for the customer of this invoice."""
        self.ensure_one()
        return self.env["collection.call"]._action_open(self.partner_id, self.company_id, self)

    def action_collection_open_case(self):
        """Open the case of the invoice's customer."""
        self.ensure_one()
        if not self.collection_case_id:
            raise UserError(self.env._("This customer has no open case: nothing is late enough for one yet."))
        return self.collection_case_id._get_records_action()

    def action_collection_open_holds(self):
        """Show the pauses that cover these invoices, so that they can be ended or prolonged."""
        days = self.company_id.root_id._collection_days(fields.Datetime.now())
        holds = self.env["collection.hold"].search(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("move_id", "in", [False, *self.ids]),
                ("company_id", "in", self.company_id.root_id.ids),
                ("date_end", ">=", min(days.values())),
            ]
        )
        if not holds:
            raise UserError(self.env._("No pause covers this invoice any more."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pauses That Cover It"),
            "res_model": "collection.hold",
            "view_mode": "list,form",
            "domain": [("id", "in", holds.ids)],
        }
