"""The buttons of a case, and what a person may write on it.

What the model declares readonly is written by refresh, decide and incoming mail alone; a person who
writes it past the screens is refused here.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .collection_hold import COOLING_OFF
from .collection_item import ARRANGED_HOLDS


class CollectionCase(models.Model):
    _inherit = "collection.case"

    open_item_ids = fields.One2many(
        "collection.item", "case_id", string="What Is Open", domain=[("is_open", "=", True)], readonly=True
    )
    waiting_count = fields.Integer(string="Waiting for a Yes", compute="_compute_counts")
    contact_count = fields.Integer(string="Contacts", compute="_compute_counts")
    arrangement_count = fields.Integer(string="Arrangements", compute="_compute_arrangement_count")
    hold_ids = fields.One2many(related="partner_id.collection_hold_ids", string="Pauses")
    protection_ids = fields.One2many(related="partner_id.collection_protection_ids", string="Protections")
    pause_text = fields.Char(compute="_compute_pause_text", help="The pause of everything, until when and why.")
    protection_text = fields.Char(compute="_compute_protection_text")
    partner_email = fields.Char(related="partner_id.email", string="Customer's E-mail")
    partner_phone = fields.Char(related="partner_id.phone", string="Customer's Phone")
    last_asked_on = fields.Date(
        string="Last Asked",
        compute="_compute_last_asked_on",
        help="The day where the company is, as the days late are counted; the contact log has the moment.",
    )
    last_asked_stage_id = fields.Many2one(
        "collection.stage", string="Last Asked As", compute="_compute_last_asked_stage_id"
    )

    next_reason_code = fields.Selection(
        selection="_selection_next_reason_code",
        string="Why Not Now",
        compute="_compute_next_reason_code",
        search="_search_next_reason_code",
        help="To search and group by; the sentence beside the next step says it with its day.",
    )

    @api.model
    def _selection_next_reason_code(self):
        return list(self._next_reason_labels().items())

    @api.depends("next_reason")
    def _compute_next_reason_code(self):
        known = self._next_reason_labels()
        for case in self:
            code = (case.next_reason or {}).get("code")
            case.next_reason_code = code if code in known else False

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "next_reason_code":
            return SQL("(%s->>'code')", self._field_to_sql(alias, "next_reason", query))
        if field_expr == "last_asked_on":
            return self._field_to_sql(alias, "last_asked", query)  # to sort by
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _search_next_reason_code(self, operator, value):
        if operator != "in":
            return NotImplemented
        codes = [code for code in value if code]
        with_empty = len(codes) < len(value)

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, "next_reason_code", query)
            found = SQL("%s = ANY(%s)", column, codes)
            return SQL("(%s OR %s IS NULL)", found, column) if with_empty else found

        return Domain.custom(
            to_sql=to_sql,
            predicate=lambda case: case.next_reason_code in codes or (with_empty and not case.next_reason_code),
        )

    @api.depends("step_ids.state", "contact_ids")
    def _compute_counts(self):
        waiting = dict(
            self.env["collection.step"]._read_group(
                [("case_id", "in", self.ids), ("state", "=", "waiting")], ["case_id"], ["__count"]
            )
        )
        contacts = dict(
            self.env["collection.contact"]._read_group([("case_id", "in", self.ids)], ["case_id"], ["__count"])
        )
        for case in self:
            case.waiting_count = waiting.get(case, 0)
            case.contact_count = contacts.get(case, 0)

    @api.depends("partner_id", "company_id")
    def _compute_arrangement_count(self):
        groups = self.env["collection.arrangement"]._read_group(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)],
            ["partner_id", "company_id"],
            ["__count"],
        )
        counts = {(partner, company): count for partner, company, count in groups}
        for case in self:
            case.arrangement_count = counts.get((case.partner_id, case.company_id), 0)

    @api.depends("last_asked", "company_id")
    def _compute_last_asked_on(self):
        for case in self:
            case.last_asked_on = case.last_asked and case.company_id._collection_today(case.last_asked)

    @api.depends("step_ids.state", "step_ids.sent_on")
    def _compute_last_asked_stage_id(self):
        newest = {}
        for step in self.env["collection.step"].search(
            [("case_id", "in", self.ids), ("state", "=", "sent"), ("is_asking", "=", True)], order="sent_on"
        ):
            newest[step.case_id] = step.stage_id
        for case in self:
            case.last_asked_stage_id = newest.get(case)

    @api.depends("protection_ids.summary")
    @api.depends_context("lang", "company")
    def _compute_protection_text(self):
        for case in self:
            today = case.company_id._collection_today(fields.Datetime.now())
            case.protection_text = " · ".join(
                protection.summary for protection in case.protection_ids if protection._is_in_force(case.company_id, today)
            )

    @api.depends("hold_ids.date_start", "hold_ids.date_end", "hold_ids.reason", "hold_ids.restarted", "hold_ids.active")
    @api.depends_context("lang")
    def _compute_pause_text(self):
        now = fields.Datetime.now()
        for case in self:
            today = case.company_id._collection_today(now)
            if running := case._pauses()._running(today):
                case.pause_text = running[0]._describe_running()
            elif cooled := case._pauses().filtered(
                lambda hold, today=today: hold.reason == COOLING_OFF and not hold.restarted and hold.date_end < today
            ):
                case.pause_text = self.env._(
                    "A cooling-off ended on %s: the next message is a mild one.", format_date(self.env, cooled[0].date_end)
                )
            else:
                case.pause_text = False

    def _pauses(self):
        """Return the pauses of everything the customer has open in the case's company, the one that ends last first."""
        self.ensure_one()
        here = self.hold_ids.filtered(lambda hold: hold.company_id == self.company_id and not hold.move_id)
        return here.sorted("date_end", reverse=True)

    def _describe_hold(self, code):
        """Return why nothing may be asked now, with reason and end where somebody paused it."""
        words = []
        if code == "paused":
            today = self.company_id._collection_today(fields.Datetime.now())
            single = self.hold_ids.filtered(lambda hold: hold.move_id in self.open_item_ids.move_id)
            running = self._pauses()._running(today)[:1] or single._running(today)
            words = dict.fromkeys(hold._describe_running() for hold in running)
        elif code in ARRANGED_HOLDS:
            moves = self._arranged_items().move_id.ids
            words = [self._arranged_words(self.env["collection.arrangement"]._hold_words_of(moves))]
        return " ".join(words) or self._describe_reason({"code": code})

    def _day_after_pause(self):
        """Return the first day on which not everything that is open is paused any more, `None`: nothing is."""
        paused = self.open_item_ids.filtered(lambda item: item.hold_code == "paused" and item.hold_until)
        return fields.Date.add(min(paused.mapped("hold_until")), days=1) if paused else None

    def _cooled(self):
        """Return the cases for which a cooling-off has begun since which no message has left: the next one is mild."""
        holds = (
            self.env["collection.hold"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("commercial_partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("reason", "=", COOLING_OFF),
                    ("restarted", "=", False),
                ]
            )
        )
        cooled = {(hold.commercial_partner_id.id, hold.company_id.id) for hold in holds}
        return self.filtered(lambda case: (case.partner_id.id, case.company_id.id) in cooled)

    def _is_cooled(self):
        """Tell whether a cooling-off has begun since which no message has left: the next one is a mild one."""
        self.ensure_one()
        return bool(self._cooled())

    def write(self, vals):
        if not self.env.su:
            refused = [name for name in vals if self._fields[name].readonly]
            if refused:
                raise AccessError(
                    self.env._(
                        "%(fields)s of a case cannot be changed by hand: it follows from what is owed and said.",
                        fields=", ".join(self._fields[name]._description_string(self.env) for name in refused),
                    )
                )
        return super().write(vals)

    def action_agree(self):
        """Open 'Agree on something' for what the customer has open: what is late and not agreed on, else all of it."""
        self.ensure_one()
        free = self.open_item_ids.filtered(lambda item: item.hold_code != "arranged")
        late = free.filtered("days_late")
        return self.env["collection.arrangement"]._action_agree((late or free or self.open_item_ids).line_id)

    def action_open_arrangements(self):
        """Show what was agreed on with the customer."""
        self.ensure_one()
        arrangements = self.env["collection.arrangement"].search(
            [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]
        )
        return arrangements._action_show()

    def action_follow_up(self):
        """Open 'Follow up now' for these cases."""
        return self.env["collection.follow.up"]._action_open(self)

    def action_pause(self):
        """Open 'Pause' for the customers of these cases."""
        return self.env["collection.pause"]._action_open(partners=self.partner_id)

    def action_cool_off(self):
        """Pause everything the customers of these cases have open, at once, after a difficult conversation."""
        self.company_id.ensure_one()
        return self.env["collection.hold"]._action_cool_off(self.partner_id, self.company_id)

    def action_adjust_pause(self):
        """Open the pause of everything: its days, its note, who takes the next step."""
        today = self.company_id._collection_today(fields.Datetime.now())
        running = self._pauses()._running(today)
        if not running:
            raise UserError(self.env._("No pause of everything is running any more."))
        return running[0]._action_adjust()

    def action_log_call(self):
        """Open 'Log a call' for the customer of this case."""
        self.ensure_one()
        return self.env["collection.call"]._action_open(self.partner_id, self.company_id)

    def action_reassign(self):
        """Open the change of responsible for these cases."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the Responsible"),
            "res_model": "collection.reassign",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def action_open_waiting(self):
        """Show the messages of the case that wait for a yes."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waiting for a Yes"),
            "res_model": "collection.step",
            "view_mode": "list,form",
            "domain": [("case_id", "=", self.id), ("state", "=", "waiting")],
        }

    def action_open_invoices(self):
        """Show the invoices with open items of the case."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices of %s", self.display_name),
            "res_model": "account.move",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("collections_relationship.view_account_move_follow_up_list").id, "list"),
                (self.env.ref("account.view_move_form").id, "form"),
            ],
            "domain": [("id", "in", self.open_item_ids.move_id.ids)],
            "context": {"default_move_type": "out_invoice", "create": False},
        }
