"""Cooling-off: one click after a difficult conversation pauses a customer, and what follows is mild.

The pause is an ordinary one with a reason of its own. Until a message has left after it, nothing firmer
than an offer of help is asked (`collection_item_refresh.py` and 'Follow up now' look at `restarted`).
"""
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .collection_hold import COOLING_OFF, LONGEST_DAYS
from .collection_step import PENDING_STATES
from .mail_scheduled_message import CUSTOMERS

#: Where no policy fits a customer.
DEFAULT_DAYS = 10


class CollectionHold(models.Model):
    _inherit = "collection.hold"

    next_step_user_id = fields.Many2one(
        "res.users",
        string="Who Takes the Next Step",
        domain=[("share", "=", False)],
        help="Reminded on the last day of a cooling-off. Empty: the responsible of the case.",
    )
    days_left = fields.Integer(
        string="Days From Today", compute="_compute_days_left", inverse="_inverse_days_left", aggregator=None
    )
    restarted = fields.Boolean(
        readonly=True, copy=False, help="A message has left since the cooling-off: what follows need not be mild any more."
    )
    announced_end = fields.Date(readonly=True, copy=False, help="The end that somebody was reminded of.")

    _to_restart = models.Index("(company_id, commercial_partner_id) WHERE reason = 'cooling_off' AND restarted IS NOT TRUE")

    @api.constrains("reason", "move_id")
    def _check_cooling_off_is_whole(self):
        if self.filtered(lambda hold: hold.reason == COOLING_OFF and hold.move_id):
            raise ValidationError(
                self.env._(
                    "A cooling-off covers everything the customer has open. Leave the invoice empty, or choose another reason."
                )
            )

    @api.depends("date_end", "company_id")
    def _compute_days_left(self):
        now = fields.Datetime.now()
        for hold in self:
            hold.days_left = (hold.date_end - hold.company_id._collection_today(now)).days if hold.date_end else 0

    @api.onchange("days_left")
    def _inverse_days_left(self):
        now = fields.Datetime.now()
        for hold in self:
            if hold.days_left < 1:
                raise UserError(self.env._("A pause lasts at least one more day. To end it, use “End it now”."))
            if hold.days_left > LONGEST_DAYS:
                raise UserError(self._words_too_long())
            hold.date_end = hold.company_id._collection_today(now) + timedelta(days=hold.days_left)

    # === THE CLICK === #

    @api.model
    def _action_cool_off(self, partners, company, note=""):
        """Pause these customers at once, and return the action that says so and lets the user add to it."""
        holds, before = self._cool_off(partners, company, fields.Datetime.now(), note)
        then = {"type": "ir.actions.act_window_close"}
        if len(holds) == 1:
            then = holds._action_adjust()
        message = " ".join(hold._describe_click(before.get(hold)) for hold in holds)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message, "next": then},
        }

    def _action_adjust(self):
        """Return the action that opens the pause in a small dialog: days, note, who takes the next step."""
        self.ensure_one()
        view = self.env.ref("collections_relationship.view_collection_hold_cooling_off_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cooling-off") if self.reason == COOLING_OFF else self.env._("Pause the Follow-up"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
        }

    def _describe_click(self, before):
        """Return in a sentence what the click has done.

        :param date before: until when a cooling-off was running already, `None`: none was
        """
        self.ensure_one()
        names = {"customer": self.partner_id.display_name, "until": format_date(self.env, self.date_end)}
        if not before:
            return self.env._("Cooling-off: %(customer)s is asked for nothing until %(until)s.", **names)
        if before < self.date_end:
            return self.env._(
                "A cooling-off of %(customer)s was running until %(before)s. It now lasts until %(until)s.",
                before=format_date(self.env, before),
                **names,
            )
        return self.env._(
            "A cooling-off of %(customer)s is running already, until %(until)s. Nothing was added to it; "
            "change its days if it shall last longer.",
            **names,
        )

    def _running(self, today):
        """Return those of the pauses that hold on a day."""
        return self.filtered(lambda hold: hold.date_start <= today <= hold.date_end)

    def _describe_running(self):
        """Return in words until when the pause runs, and why."""
        self.ensure_one()
        until = format_date(self.env, self.date_end)
        if self.reason != COOLING_OFF:
            reason = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
            return self.env._("Paused until %(date)s: %(reason)s.", date=until, reason=reason)
        words = self.env._(
            "Cooling-off until %s, after a difficult conversation. The first message afterwards is a mild one.", until
        )
        if not self.next_step_user_id:
            return words
        who = self.sudo().next_step_user_id.name  # a colleague's name only
        return self.env._("%(words)s %(who)s takes the next step.", words=words, who=who)

    @api.model
    def _cool_off(self, partners, company, now, note="", until=None):
        """Pause everything these customers have open in a company; a cooling-off that is running is lengthened.

        :param company: a company or branch; the pause is its root company's
        :param datetime now: naive UTC
        :param str note: for colleagues
        :param date until: the last day, `None`: by the days of each customer's policy
        :return: the pauses, and the dates until which those were running that had begun before
        :rtype: tuple(collection.hold, dict)
        """
        self.check_access("create")
        partners, company = partners.commercial_partner_id, company.root_id
        today = company._collection_today(now)
        # Of two people who click in the same second the later one finds the pause of the earlier one.
        self._cases_of(partners, company).lock_for_update(allow_referencing=True)
        facts = self.env["collection.guard"]._facts(now, company, partners.ids)
        ends = {
            partner: until or today + timedelta(days=facts.policy_of(partner.id).cooling_off_days or DEFAULT_DAYS)
            for partner in partners
        }
        running = self.search(
            [
                ("commercial_partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                ("reason", "=", COOLING_OFF),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
            ]
        )
        before = {hold: hold.date_end for hold in running}
        longer = running.filtered(lambda hold: hold.date_end < ends[hold.commercial_partner_id])
        for end, holds in longer.grouped(lambda hold: ends[hold.commercial_partner_id]).items():
            holds.write({"date_end": end})
        if note:
            for former, holds in running.grouped("note").items():
                holds.write({"note": f"{former}\n{note}" if former else note})
        created = self.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "reason": COOLING_OFF,
                    "note": note,
                    "date_start": today,
                    "date_end": ends[partner],
                }
                for partner in partners - running.commercial_partner_id
            ]
        )
        (created | running)._quieten(now)
        return created | running, before

    @api.model
    def _cases_of(self, partners, company):
        """Return the open cases of customers, whose rights the caller has checked."""
        return self.env["collection.case"].sudo().search(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id), ("state", "=", "open")]
        )

    def _quieten(self, now):
        """Take back what was about to leave to the customers of these pauses, and show at once what comes next.

        :param datetime now: naive UTC
        """
        for company, holds in self.grouped("company_id").items():
            partners = holds.commercial_partner_id
            steps = self.env["collection.step"].sudo().search(
                [
                    ("partner_id", "in", partners.ids),
                    ("company_id", "=", company.id),
                    ("state", "in", PENDING_STATES),
                    ("is_asking", "=", True),
                ]
            )
            steps._cancel("paused")
            steps.case_id.activity_unlink(["collections_relationship.mail_activity_type_approve"])
            self._give_up_scheduled(partners, company)
            cases = self._cases_of(partners, company)
            cases.activity_unlink(["collections_relationship.mail_activity_type_cooling_off"])
            cases._message_log_batch(
                bodies={
                    case.id: hold._describe_running()
                    for case in cases
                    for hold in holds.filtered(lambda hold, case=case: hold.commercial_partner_id == case.partner_id)
                }
            )
            self.env["collection.case"].sudo()._refresh_customers(now, company, partners.ids)

    @api.model
    def _give_up_scheduled(self, partners, company):
        """Give what colleagues have scheduled about payment back to them: it was written before the conversation."""
        scheduled = self.env["mail.scheduled.message"].sudo()  # colleagues' own; the right to pause was checked
        scheduled.flush_model(["send_context"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM mail_scheduled_message
                 WHERE jsonb_typeof(send_context) = 'object'
                   AND EXISTS (SELECT 1 FROM jsonb_array_elements_text(send_context -> %s) c WHERE c::int = ANY(%s))
                """,
                CUSTOMERS,
                partners.ids,
            )
        )
        why = self.env._("A cooling-off has begun since: the customer is asked for nothing now.")
        for message in scheduled.browse([message_id for (message_id,) in rows]):
            record = self.env[message.model].sudo().browse(message.res_id)
            if record._mail_get_companies(default=company)[record.id].root_id == company:
                message._collection_put_off([why], None)

    # === ITS END === #

    @api.model
    def _announce_ends(self, company, today):
        """Remind somebody of each cooling-off that ends today, or has ended without that.

        :param company: one root company
        :param date today: there
        """
        ending = self.search(
            [
                ("company_id", "=", company.id),
                ("reason", "=", COOLING_OFF),
                ("restarted", "=", False),
                ("date_end", "<=", today),
            ]
        ).filtered(lambda hold: hold.announced_end != hold.date_end)
        if not ending:
            return
        cases = self._cases_of(ending.commercial_partner_id, company).grouped("partner_id")
        summary = self.env._("The pause after a difficult conversation ends: call first?")
        model_id = self.env["ir.model"]._get_id("collection.case")
        activity_type = self.env.ref("collections_relationship.mail_activity_type_cooling_off")
        values = []
        for hold in ending.filtered(lambda hold: hold.commercial_partner_id in cases):
            case = cases[hold.commercial_partner_id]
            user = hold.next_step_user_id and hold.next_step_user_id._collection_stand_in(today)
            values.append(
                {
                    "res_model_id": model_id,
                    "res_id": case.id,
                    "activity_type_id": activity_type.id,
                    "summary": summary,
                    "note": hold.note,
                    "date_deadline": hold.date_end,
                    "automated": True,
                    "user_id": (user or case._acting_user(today)).id or hold.user_id.id or self.env.uid,
                }
            )
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(values)
        for end, holds in ending.grouped("date_end").items():
            holds.announced_end = end

    @api.model
    def _note_restart(self, partner_ids, company, today):
        """Note that a message about payment left to these customers: a cooling-off that is over has had its mild one."""
        over = Domain("active", "=", False) | Domain("date_end", "<", today)
        self.sudo().with_context(active_test=False).search(
            over
            & Domain("commercial_partner_id", "in", partner_ids)
            & Domain("company_id", "=", company.id)
            & Domain("reason", "=", COOLING_OFF)
            & Domain("restarted", "=", False)
        ).restarted = True
