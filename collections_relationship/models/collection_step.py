"""One planned contact: the outbox. Sending is in `collection_step_act.py`, words in `collection_step_render.py`."""
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .collection_stage import CHANNELS
from .collection_template import ASKING_PURPOSES, PURPOSES

STEP_STATES = [
    ("planned", "Planned"),
    ("waiting", "Waiting for a Yes"),
    ("approved", "Approved"),
    ("sending", "Sending"),
    ("sent", "Sent"),
    ("cancelled", "Cancelled"),
    ("unknown", "Unknown"),
]
#: A step in one of these states may still leave.
PENDING_STATES = ("planned", "waiting", "approved")


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
    is_manual = fields.Boolean(readonly=True, help="A person sent it with Follow up now.")
    reason = fields.Json(readonly=True, help="Why now: rule, facts, verdict and ledger as they were.")
    reason_text = fields.Char(string="Why Now", compute="_compute_reason_text")
    cancel_code = fields.Char(readonly=True)
    cancel_text = fields.Char(string="Why Not", compute="_compute_cancel_text")

    approved_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    approved_on = fields.Datetime(readonly=True)
    refused_on = fields.Datetime(readonly=True)
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

    @api.depends("cancel_code")
    @api.depends_context("lang")
    def _compute_cancel_text(self):
        labels = self._cancel_labels()
        for step in self:
            step.cancel_text = labels.get(step.cancel_code, step.cancel_code or "")

    @api.model
    def _cancel_labels(self):
        """Return the words for each reason a step was cancelled, by code."""
        return {
            **self.env["collection.case"]._next_reason_labels(),
            "nothing_owed": self.env._("Nothing of it is owed any more."),
            "outdated": self.env._("The items have moved on; a new step takes its place."),
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

    # === A YES OR A NO === #

    def action_approve(self):
        """Let waiting steps leave. The gate and the ledger are still asked at the moment of sending."""
        self._check_may_approve()
        self._approve(fields.Datetime.now())
        self.env.ref("collections_relationship.ir_cron_act").sudo()._trigger()

    def _approve(self, now):
        """Write the yes of the current user on waiting steps; whoever calls has checked the right.

        :param datetime now: naive UTC
        """
        steps = self.filtered(lambda step: step.state == "waiting")
        if not steps:
            raise UserError(self.env._("Only a step that waits for a yes can be approved."))
        steps.sudo().write({"state": "approved", "approved_by_id": self.env.uid, "approved_on": now})
        steps.case_id.activity_feedback(["collections_relationship.mail_activity_type_approve"])

    def action_refuse(self):
        """Keep steps from leaving. The same stage is proposed again once the days between messages have passed."""
        self._check_may_approve()
        self._refuse(fields.Datetime.now())

    def _refuse(self, now):
        """Write the no of the current user on steps that have not left; whoever calls has checked the right.

        :param datetime now: naive UTC
        """
        steps = self.filtered(lambda step: step.state in PENDING_STATES)
        if not steps:
            raise UserError(self.env._("Only a step that has not left yet can be refused."))
        steps.sudo().write({"state": "cancelled", "cancel_code": "refused", "refused_on": now})
        steps.case_id.sudo().write({"next_reason": {"code": "refused"}})
        steps.case_id.activity_feedback(["collections_relationship.mail_activity_type_approve"])

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
