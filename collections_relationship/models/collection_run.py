"""What one run did: looked at, contacted, held back and why, failed. Starts the scheduled work."""
from collections import Counter
from functools import partial

from odoo import api, fields, models, modules
from odoo.service.model import retrying
from odoo.tools import SQL, format_datetime

#: Reasons for which a message that was right did not leave.
FAILED_CODES = ("refused_by_server", "render_error", "file_error", "no_sender", "tone")
#: PostgreSQL's advisory lock of whoever refreshes; a second one would only collide with the first.
LOCK_REFRESH = 19_470_000
#: Marked customers taken at once by the refresh in between.
DIRTY_LIMIT = 20_000


class CollectionRun(models.Model):
    _name = "collection.run"
    _description = "Collection Run"
    _order = "date_start desc, id desc"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    date_start = fields.Datetime(string="Started", required=True, readonly=True)
    item_count = fields.Integer(string="Items Looked At", readonly=True)
    case_count = fields.Integer(string="Cases With Something Due", readonly=True)
    step_count = fields.Integer(
        string="Messages Planned",
        readonly=True,
        help="New in this run. What was planned earlier or sent by hand leaves as well and counts under Messages Sent.",
    )
    put_off_count = fields.Integer(
        string="Put Off to the Right Hour",
        readonly=True,
        help="Of the messages planned: those that leave in the customer's hours.",
    )
    waiting_count = fields.Integer(
        string="New Ones Waiting for a Yes",
        readonly=True,
        help="Planned in this run. Those that wait longer hold their customers back and count below.",
    )
    sent_count = fields.Integer(string="Messages Sent", readonly=True)
    failed_count = fields.Integer(string="Failed", readonly=True)
    held_back = fields.Json(readonly=True, help="Reason code to number of cases held back for it.")
    held_back_text = fields.Text(compute="_compute_held_back_text", string="Held Back, in Words")
    unread_count = fields.Integer(string="Answers Nobody Has Read", compute="_compute_needs")
    yes_count = fields.Integer(string="Messages That Wait for a Yes", compute="_compute_needs")
    unknown_count = fields.Integer(string="Messages Nobody Knows Whether They Left", compute="_compute_needs")
    address_count = fields.Integer(string="Addresses to Check", compute="_compute_needs")
    activity_count = fields.Integer(string="Activities Due", compute="_compute_needs")
    needs_count = fields.Integer(string="Needs Somebody", compute="_compute_needs")

    @api.depends("held_back")
    @api.depends_context("lang")
    def _compute_held_back_text(self):
        labels = self.env["collection.case"]._next_reason_labels()
        for run in self:
            run.held_back_text = "\n".join(
                self.env._("%(reason)s: %(count)s", reason=labels.get(code, code).rstrip("."), count=count)
                for code, count in sorted((run.held_back or {}).items())
            )

    @api.depends("company_id")
    @api.depends_context("uid", "tz")
    def _compute_needs(self):
        """Count what waits for a person now, whatever the night it began in."""
        here = ("company_id", "in", self.company_id.ids)
        counts = {
            name: dict(self.env[model]._read_group([*domain, here], ["company_id"], ["__count"]))
            for name, (model, domain) in self._needs_domains().items()
        }
        for run in self:
            for name, by_company in counts.items():
                run[name] = by_company.get(run.company_id, 0)
            run.needs_count = sum(run[name] for name in counts)

    @api.model
    def _needs_domains(self):
        """Return for each number of what needs a person the model and the domain of its list."""
        is_open = ("state", "=", "open")
        return {
            "unread_count": ("collection.case", [is_open, ("reply_unread_since", "!=", False)]),
            "yes_count": ("collection.step", [("state", "=", "waiting")]),
            "unknown_count": ("collection.step", [("state", "=", "unknown")]),
            "address_count": ("collection.case", [is_open, ("bounced_on", "!=", False)]),
            "activity_count": ("collection.case", [is_open, ("activity_date_deadline", "<=", "today")]),
        }

    @api.depends("date_start")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("Run of %s", format_datetime(self.env, run.date_start, dt_format="short"))

    def _count(self, held_back, looked_at, steps):
        """Write what deciding one company came to.

        :param held_back: `Counter` of reason codes
        :param int looked_at: cases with something due
        :param steps: the steps planned
        """
        self.ensure_one()
        states = Counter(steps.mapped("state"))
        put_off = steps.filtered(lambda step: step.state in ("planned", "approved") and step.date_planned > self.date_start)
        self.write(
            {
                "held_back": dict(held_back),
                "case_count": looked_at,
                "step_count": states["planned"] + states["approved"],
                "put_off_count": len(put_off),
                "waiting_count": states["waiting"],
            }
        )

    def action_open_held_back(self):
        """Open the cases that are held back now for a reason of this run, whenever that began."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Held Back Now"),
            "res_model": "collection.case",
            "view_mode": "list,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "open"),
                ("next_reason_code", "in", list(self.held_back or {})),
            ],
            "context": {"search_default_group_reason": 1},
        }

    def action_open_needs(self):
        """Open the list behind one number of what needs a person; the context names it."""
        self.ensure_one()
        name = self.env.context.get("collection_needs")
        model, domain = self._needs_domains()[name]
        return {
            "type": "ir.actions.act_window",
            "name": self._fields[name]._description_string(self.env),
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("company_id", "=", self.company_id.id), *domain],
        }

    def action_open_sent(self):
        """Open what left from this run until the next one."""
        self.ensure_one()
        return self._open_until_next("collection.contact", "date", [("direction", "=", "out"), ("kind", "=", "sent")])

    def action_open_failed(self):
        """Open the messages that could not be sent from this run until the next one."""
        self.ensure_one()
        failed = ["|", ("state", "in", ("sending", "unknown")), ("cancel_code", "in", FAILED_CODES)]
        return self._open_until_next("collection.step", "write_date", failed)

    def _open_until_next(self, model, moment, domain):
        following = self.search(
            [("company_id", "=", self.company_id.id), ("date_start", ">", self.date_start)], order="date_start", limit=1
        )
        domain = [("company_id", "=", self.company_id.id), (moment, ">=", self.date_start), *domain]
        if following:
            domain.append((moment, "<", following.date_start))
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": domain,
        }

    # === SCHEDULED ACTIONS: THE ONLY PLACES THAT READ THE CLOCK === #

    @api.model
    def _cron_night(self):
        """Refresh everything and decide; then wake the sending."""
        self._night(fields.Datetime.now())

    @api.model
    def _cron_refresh(self):
        """Refresh the customers something happened to."""
        self._refresh_dirty(fields.Datetime.now())

    @api.model
    def _cron_act(self):
        """Send what is due."""
        self.env["collection.step"]._act_all(fields.Datetime.now())

    # === THE NIGHT === #

    @api.model
    def _night(self, now, companies=None):
        """Run the night of each root company: refresh all, thank, decide.

        :param datetime now: naive UTC
        :param companies: root companies; `None` for all
        :return: the runs
        """
        runs = self.browse()
        self._lock_refresh(wait=True)
        try:
            for company in companies or self._root_companies():
                runs |= self._persistently(partial(self._night_of, company, now))
                self.env["collection.step"]._checkpoint()
        finally:
            self._unlock_refresh()
        self._wake_sending(now)
        return runs

    def _persistently(self, work):
        """Do `work` again when somebody changed the same rows meanwhile, as Odoo does for its requests."""
        if modules.module.current_test or self.env.context.get("collection_no_commit"):
            return work()
        return retrying(work, self.env)

    def _night_of(self, company, now):
        today = company._collection_today(now)
        items = self.env["collection.item"]._refresh(today, now, company)
        self._learn_sizes()
        self.env["collection.final.payment"]._notice(now, company)
        run = self.create({"company_id": company.id, "date_start": now, "item_count": items})
        self.env["collection.case"]._plan_thanks(now, company)
        self.env["collection.hold"]._announce_ends(company, today)
        self.env["collection.case"]._decide(now, company, run=run)
        return run

    @api.model
    def _refresh_dirty(self, now):
        """Refresh marked customers, thank those whose case closed, and forget the marks."""
        if not self._lock_refresh(wait=False):
            return
        try:
            self._persistently(partial(self._refresh_marked, now))
            self.env["collection.step"]._checkpoint()
        finally:
            self._unlock_refresh()
        self._wake_sending(now)

    def _refresh_marked(self, now):
        rows = self.env.execute_query(
            SQL("SELECT id, partner_id FROM collection_dirty ORDER BY id LIMIT %s", DIRTY_LIMIT)
        )
        if not rows:
            return
        partner_ids = self.env["res.partner"].browse({partner_id for _id, partner_id in rows}).exists().ids
        for company in self._root_companies():
            self.env["collection.arrangement"]._judge_customers(now, company, partner_ids)
            self.env["collection.case"]._refresh_customers(now, company, partner_ids)
            self.env["collection.final.payment"]._notice(now, company, partner_ids)
            self.env["collection.case"]._plan_thanks(now, company)
        self.env.cr.execute(SQL("DELETE FROM collection_dirty WHERE id = ANY(%s)", [row[0] for row in rows]))

    @api.model
    def _start_companies(self):
        """Compute the stages of what is open when the add-on arrives; plan nothing."""
        now = fields.Datetime.now()
        for company in self._root_companies():
            self.env["collection.item"]._refresh(company._collection_today(now), now, company)
        self._learn_sizes()

    @api.model
    def _learn_sizes(self):
        """Tell the planner how much there is now: it still thinks of the tables as they were before a first night."""
        self.env.cr.execute(SQL("ANALYZE collection_item, collection_case"))

    def _root_companies(self):
        return self.env["res.company"].sudo().search([("parent_id", "=", False)])  # scheduled actions work for all

    def _wake_sending(self, now):
        """Start the sending now where something is due, and at the moments to which messages were put off."""
        moments = self.env["collection.step"]._moments_ahead(now)
        if moments:
            # Waking it is all that happens.
            self.env.ref("collections_relationship.ir_cron_act").sudo()._trigger(at=moments)

    def _lock_refresh(self, wait):
        """Keep a second refresh out until this one has committed.

        :return: False when somebody else refreshes and we do not wait
        """
        query = "SELECT pg_advisory_lock(%s)" if wait else "SELECT pg_try_advisory_lock(%s)"
        [(locked,)] = self.env.execute_query(SQL(query, LOCK_REFRESH))
        if locked is False:
            return False
        self.env["collection.step"]._checkpoint()
        return True

    def _unlock_refresh(self):
        self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s)", LOCK_REFRESH))
