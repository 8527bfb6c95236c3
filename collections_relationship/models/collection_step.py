"""One planned contact: the outbox. Sending is in `collection_step_act.py`, words in `collection_step_render.py`."""
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .collection_guard import TIMED
from .collection_stage import CHANNELS
from .collection_template import ASKING_PURPOSES, PURPOSES

STEP_STATES = [
    ("planned", "Planned"),
    ("waiting", "Waiting for a Yes"),
    ("approved", "Approved"),
    ("to_do", "To Do by Hand"),
    ("sending", "Sending"),
    ("sent", "Sent"),
    ("cancelled", "Cancelled"),
    ("unknown", "Unknown"),
]
#: A step in one of these states may still leave.
PENDING_STATES = ("planned", "waiting", "approved", "to_do")


class CollectionStep(models.Model):
    _name = "collection.step"
    _description = "Collection Step"
    _order = "date_planned desc, id desc"
    _check_company_auto = True

    case_id = fields.Many2one("collection.case", required=True, readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="case_id.partner_id", store=True, index=True, string="Customer")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", help="Whose case it is.")
    sender_company_id = fields.Many2one(
        "res.company", readonly=True, ondelete="cascade", help="The company or branch the message speaks for."
    )
    stage_id = fields.Many2one("collection.stage", readonly=True, ondelete="restrict")
    round = fields.Integer(readonly=True, required=True, default=0, aggregator=None)
    channel = fields.Selection(CHANNELS, required=True, readonly=True, default="email")
    purpose = fields.Selection(PURPOSES, required=True, readonly=True)
    template_id = fields.Many2one("collection.template", string="Message", ondelete="restrict")
    state = fields.Selection(STEP_STATES, required=True, readonly=True, default="planned", index=True)
    is_asking = fields.Boolean(compute="_compute_is_asking", store=True, string="Asks for Money")
    date_planned = fields.Datetime(required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="Signed By", readonly=True, ondelete="set null")
    recipient_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    address = fields.Char(readonly=True, index="btree_not_null", help="Normalised address the message goes to.")
    item_ids = fields.Many2many(
        "collection.item", "collection_item_step_rel", "step_id", "item_id", string="Asked For", readonly=True
    )
    repeats_id = fields.Many2one(
        "collection.step",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The message that left on the first way; this one says it once more on another.",
    )
    is_manual = fields.Boolean(readonly=True, help="A person sent it with Follow up now.")
    reason = fields.Json(readonly=True, help="Why now: rule, facts, verdict and ledger as they were.")
    reason_text = fields.Char(string="Why Now", compute="_compute_reason_text")
    override_codes = fields.Json(readonly=True, help="Rules of the guard a manager has set aside for this message.")
    override_reason = fields.Text(readonly=True, help="Why; it is logged with the message.")
    override_by_id = fields.Many2one("res.users", string="Set Aside By", readonly=True, ondelete="restrict")
    set_aside_text = fields.Text(string="Set Aside", compute="_compute_set_aside_text")
    cancel_code = fields.Char(readonly=True)
    cancel_text = fields.Char(string="Why Not", compute="_compute_cancel_text")

    approved_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    approved_on = fields.Datetime(readonly=True)
    refused_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    refused_on = fields.Datetime(readonly=True)
    refused_note = fields.Char(string="Why Refused", readonly=True, help="What the person who said no wrote about it.")
    sent_on = fields.Datetime(readonly=True)
    content_id = fields.Many2one("collection.contact.content", readonly=True, ondelete="restrict")
    draft_id = fields.Many2one(
        "collection.contact.content",
        readonly=True,
        ondelete="restrict",
        help="The message as a person edited it, its placeholders still inside. Empty: the template's words.",
    )
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null", index="btree_not_null")
    message_id = fields.Char(string="Message-Id", readonly=True, index="btree_not_null")

    details = fields.Json(
        readonly=True,
        help="What the message is about besides open items: dates as ISO text, amounts and their currency, words.",
    )
    template_version_id = fields.Many2one("collection.template.version", readonly=True, ondelete="restrict")
    written = fields.Json(readonly=True, help="What the message says in figures, kept until the log says that it left.")

    link_key = fields.Char(
        readonly=True, groups="base.group_system", help="Secret part of the payment link; a new one revokes it."
    )
    link_expires = fields.Date(readonly=True)
    link_revoked = fields.Boolean(readonly=True)

    _once = models.UniqueIndex(
        "(case_id, COALESCE(stage_id, 0), round, channel, purpose) WHERE state != 'cancelled'",
        "This step has been planned already.",
    )

    @api.depends("purpose")
    def _compute_is_asking(self):
        for step in self:
            step.is_asking = step.purpose in ASKING_PURPOSES

    @api.depends("case_id", "stage_id", "purpose")
    @api.depends_context("lang")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for step in self:
            step.display_name = f"{step.stage_id.name or purposes.get(step.purpose, '')}: {step.case_id.display_name}"

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for step in self:
            step.reason_text = step.case_id._describe_reason(step.reason or {})

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_set_aside_text(self):
        for step in self:
            step.set_aside_text = self.env["collection.contact"]._describe_set_aside(step.reason or {})

    @api.depends("cancel_code", "refused_by_id", "refused_note")
    @api.depends_context("lang")
    def _compute_cancel_text(self):
        labels = self._cancel_labels()
        for step in self:
            if step.cancel_code == "refused" and step.refused_by_id:
                step.cancel_text = step._describe_refusal()
            else:
                step.cancel_text = labels.get(step.cancel_code, step.cancel_code or "")

    def _describe_refusal(self):
        """Return in one sentence who said no, and why where he wrote it."""
        self.ensure_one()
        who = self.sudo().refused_by_id.name  # a colleague's name; users may be of other companies
        if self.refused_note:
            return self.env._("%(who)s said no: %(why)s", who=who, why=self.refused_note)
        return self.env._("%(who)s said no.", who=who)

    @api.model
    def _cancel_labels(self):
        """Return the words for each reason a step was cancelled, by code."""
        return {
            **self.env["collection.case"]._next_reason_labels(),
            "nothing_owed": self.env._("Nothing of it is owed any more."),
            "outdated": self.env._("The items have moved on; a new step takes its place."),
            "replaced": self.env._("Somebody sent another message in its place."),
            "case_closed": self.env._("The case is closed."),
            "refused": self.env._("Somebody said no."),
            "refused_by_server": self.env._("The mail server refused the message."),
            "no_sender": self.env._("Neither the company nor the responsible has an e-mail address to send from."),
            "not_left": self.env._("Somebody found that it did not leave."),
            "render_error": self.env._("The message could not be written; see the log of the server."),
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A step is never deleted. Cancel it instead."))

    def _is_overridden(self, refusal):
        """Tell whether this rule does not hold for this message; a hard one always does.

        A manager has set it aside; or it only minds the hour, and the message answers a click of this minute.
        """
        self.ensure_one()
        if refusal.hard:
            return False
        answers_at_once = self.purpose == "opt_out_confirmation" and refusal.code in TIMED
        return answers_at_once or refusal.code in (self.override_codes or ())

    # === A YES OR A NO === #

    def action_approve(self):
        """Let waiting steps leave. The gate and the ledger are still asked at the moment of sending."""
        self._check_may_approve()
        waiting = self.filtered(lambda step: step.state == "waiting")
        waiting._approve(fields.Datetime.now())
        self.env.ref("collections_relationship.ir_cron_act").sudo()._trigger()  # waking it is all that happens
        if len(waiting) == 1:
            message = self.env._(
                "The message to %(customer)s leaves within minutes, once what is owed was checked again.",
                customer=waiting.partner_id.display_name,
            )
        else:
            message = self.env._(
                "%(count)s messages leave within minutes, once what is owed was checked again.", count=len(waiting)
            )
        return self._notify(message)

    def _approve(self, now):
        """Write the yes of the current user on waiting steps; whoever calls has checked the right.

        :param datetime now: naive UTC
        """
        steps = self.filtered(lambda step: step.state == "waiting")
        if not steps:
            raise UserError(self.env._("Only a step that waits for a yes can be approved."))
        # Nobody writes steps directly; the right to decide was checked by the caller.
        steps.sudo().write({"state": "approved", "approved_by_id": self.env.uid, "approved_on": now})
        steps.case_id.activity_feedback(["collections_relationship.mail_activity_type_approve"])

    def action_refuse(self):
        """Ask why these messages shall not leave, and keep them from leaving."""
        self._check_may_approve()
        return self.env["collection.refuse"]._action_open(self._refusable())

    def _refusable(self):
        """Return the steps that have not left; tell the user when none is left."""
        steps = self.filtered(lambda step: step.state in PENDING_STATES)
        if not steps:
            raise UserError(self.env._("Only a step that has not left yet can be refused."))
        return steps

    def _refuse(self, now, note=False):
        """Write the no of the current user on steps that have not left; whoever calls has checked the right.

        The same stage is proposed again once the days between messages have passed.

        :param datetime now: naive UTC
        :param str note: why, in the user's words
        """
        steps = self._refusable()
        # Nobody writes steps directly; the right to decide was checked by the caller.
        steps.sudo().write(
            {
                "state": "cancelled",
                "cancel_code": "refused",
                "refused_by_id": self.env.uid,
                "refused_on": now,
                "refused_note": note,
            }
        )
        steps.case_id.sudo().write({"next_reason": {"code": "refused"}})
        steps.case_id.activity_feedback(["collections_relationship.mail_activity_type_approve"])
        steps.case_id._message_log_batch(
            bodies={
                case.id: Markup("<p>%s</p>") % " ".join(
                    f"{step.stage_id.name or ''}: {step._describe_refusal()}" for step in of_case
                )
                for case, of_case in steps.grouped("case_id").items()
            }
        )

    @api.model
    def _notify(self, message):
        """Return the action that tells the user something, closes his dialog and shows the list anew."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message, "next": {"type": "ir.actions.act_window_close"}},
        }

    def action_resolve_unknown_sent(self):
        """A person looked: the message did leave."""
        self._check_may_approve()
        self.filtered(lambda step: step.state == "unknown").sudo()._resolve_unknown(left=True, now=fields.Datetime.now())

    def action_resolve_unknown_not_sent(self):
        """A person looked: the message did not leave; the next night may plan it again."""
        self._check_may_approve()
        self.filtered(lambda step: step.state == "unknown").sudo()._resolve_unknown(left=False, now=fields.Datetime.now())

    def _check_may_approve(self):
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only people who work with invoices may decide about a step."))

    def _cancel(self, code):
        """Cancel steps that have not left, with the reason's code."""
        self.write({"state": "cancelled", "cancel_code": code})
