"""What one run did: looked at, contacted, held back and why, failed. Starts the scheduled work."""
from collections import Counter
from functools import partial

from odoo import api, fields, models, modules
from odoo.service.model import retrying
from odoo.tools import SQL, format_datetime

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
    step_count = fields.Integer(string="Messages Planned", readonly=True)
    put_off_count = fields.Integer(
        string="Put Off to the Right Hour",
        readonly=True,
        help="Of the messages planned: those that leave in the customer's hours.",
    )
    waiting_count = fields.Integer(string="Waiting for a Yes", readonly=True)
    sent_count = fields.Integer(string="Messages Sent", readonly=True)
    failed_count = fields.Integer(string="Failed", readonly=True)
    held_back = fields.Json(readonly=True, help="Reason code to number of cases held back for it.")
    held_back_text = fields.Text(compute="_compute_held_back_text", string="Held Back, in Words")

    @api.depends("held_back")
    @api.depends_context("lang")
    def _compute_held_back_text(self):
        labels = self.env["collection.case"]._next_reason_labels()
        for run in self:
            run.held_back_text = "\n".join(
                self.env._("%(reason)s: %(count)s", reason=labels.get(code, code).rstrip("."), count=count)
                for code, count in sorted((run.held_back or {}).items())
            )

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
        """Open the cases that are held back now, by reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Held Back"),
            "res_model": "collection.case",
            "view_mode": "list,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "open"),
                ("next_reason_code", "in", list(self.held_back or {})),
            ],
            "context": {"search_default_group_reason": 1},
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
        run = self.create({"company_id": company.id, "date_start": now, "item_count": items})
        self.env["collection.case"]._plan_thanks(now, company)
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
            self.env["collection.case"]._refresh_customers(now, company, partner_ids)
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
        return self.env["res.company"].sudo().search([("parent_id", "=", False)])

    def _wake_sending(self, now):
        """Start the sending now where something is due, and at the moments to which messages were put off."""
        moments = self.env["collection.step"]._moments_ahead(now)
        if moments:
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
