"""'Follow up now': one message to each chosen customer, written or checked by a person.

The gate's answer is shown before anybody writes, and asked again when the message leaves. There is
no way around it here.
"""
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..models.collection_template import ASKING_PURPOSES


class CollectionFollowUp(models.TransientModel):
    _name = "collection.follow.up"
    _description = "Follow Up Now"

    state = fields.Selection([("draft", "To Send"), ("done", "Done")], default="draft", required=True)
    line_ids = fields.One2many("collection.follow.up.line", "wizard_id", string="Customers")
    line_count = fields.Integer(compute="_compute_line_count")
    allowed_count = fields.Integer(compute="_compute_line_count")
    result_text = fields.Char(readonly=True)

    # One customer: the message can be edited.
    case_id = fields.Many2one("collection.case", compute="_compute_case_id")
    company_id = fields.Many2one(related="case_id.company_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one(related="case_id.policy_id")
    allowed = fields.Boolean(compute="_compute_case_id")
    verdict_text = fields.Char(compute="_compute_case_id")
    recipient_id = fields.Many2one("res.partner", string="To", compute="_compute_case_id")
    address = fields.Char(string="E-mail", compute="_compute_case_id")
    stage_id = fields.Many2one(
        "collection.stage",
        string="As",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        domain="[('policy_id', '=', policy_id), ('mode', '!=', 'manual'), ('days', '>=', 0)]",
        help="The stage the message speaks as. The gentlest one that fits is proposed.",
    )
    item_ids = fields.Many2many(
        "collection.item",
        "collection_follow_up_item_rel",
        string="Asked For",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
        domain="[('case_id', '=', case_id), ('is_open', '=', True), ('hold_code', '=', False), ('date_due', '<', 'today')]",
        help="What the message asks for. Other open items appear in it for information.",
    )
    subject = fields.Char(compute="_compute_message", store=True, readonly=False)
    body_html = fields.Html(
        string="Message",
        compute="_compute_message",
        store=True,
        readonly=False,
        sanitize="email_outgoing",
        help="Words in {{double braces}} are filled in when the message leaves.",
    )

    preview_subject = fields.Char(string="Subject as Sent", readonly=True)
    preview_html = fields.Html(readonly=True, sanitize=False)

    @api.model
    def _action_open(self, cases, moves=None):
        """Return the action that opens the wizard for these cases.

        :param cases: `collection.case`; closed ones are left out
        :param moves: invoices the user came from; their items are asked for whatever the stage
        :raises UserError: no case is open
        """
        cases = cases.filtered(lambda case: case.state == "open")
        if not cases:
            raise UserError(self.env._("There is nothing to follow up here: no open case."))
        wizard = self.create({"line_ids": [Command.create(vals) for vals in self._prepare_lines(cases, moves)]})
        return wizard._action_show()

    def _action_show(self, view="view_collection_follow_up_form"):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow Up Now"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref(f"collections_relationship.{view}").id, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_lines(self, cases, moves=None):
        """Return the values of one line per case: what would be asked, as which stage, to whom, and whether it may."""
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        items = self.env["collection.item"].search(
            [
                ("case_id", "in", cases.ids),
                ("is_open", "=", True),
                ("hold_code", "=", False),
                ("date_due", "<", today),
            ]
        )
        items = items.filtered(lambda item: item.currency_id.compare_amounts(item.amount_asked, 0) > 0)
        items_by_case = items.grouped("case_id")
        none = items.browse()
        stages = {case: self._gentlest_stage(case, items_by_case.get(case, none), moves) for case in cases}
        asked = {
            case: self._items_for(stages[case], items_by_case.get(case, none), moves, today) for case in cases
        }
        recipients = cases._recipients(cases.ids, {case.id: asked[case].move_id.ids for case in cases})
        lines = []
        for case in cases:
            recipient_id, address = recipients.get(case.id, (False, False))
            reasons = self._reasons_against(case, asked[case], address, now)
            lines.append(
                {
                    "case_id": case.id,
                    "stage_id": stages[case].id,
                    "item_ids": [Command.set(asked[case].ids)],
                    "recipient_id": recipient_id,
                    "address": address,
                    "amount": sum(asked[case].mapped("amount_company")),
                    "allowed": not reasons,
                    "verdict_text": " ".join(reasons),
                }
            )
        return lines

    @api.model
    def _gentlest_stage(self, case, items, moves=None):
        """Return the gentlest stage that fits: the items' next ones, else theirs, else the first reminder."""
        if moves and items.filtered(lambda item: item.move_id in moves):
            items = items.filtered(lambda item: item.move_id in moves)
        usable = self._usable_stages(case.policy_id)
        for candidates in (items.next_stage_id, items.stage_id):
            fitting = (candidates & usable).sorted("days")
            if fitting:
                return fitting[0]
        friendly = usable.filtered(lambda stage: stage.purpose == "friendly_reminder")
        return (friendly or usable)[:1]

    @api.model
    def _usable_stages(self, policy):
        """Return the stages a person may send as, the gentlest first."""
        return policy.stage_ids.filtered(
            lambda stage: stage.mode != "manual"
            and stage.days >= 0
            and stage.template_id
            and stage.purpose in ASKING_PURPOSES
        ).sorted("days")

    @api.model
    def _items_for(self, stage, items, moves, today):
        """Return the items old enough for the stage, and those of the invoices the user came from."""
        return items.filtered(
            lambda item: (moves and item.move_id in moves) or (today - item.date_due).days >= stage.days
        )

    @api.model
    def _reasons_against(self, case, items, address, now):
        """Return in words, one sentence each, why no message may leave to the customer now."""
        reasons = []
        if case.hold_code:
            reasons.append(case._describe_reason({"code": case.hold_code}) or case.hold_code)
        if not items:
            reasons.append(self.env._("Nothing that is late may be asked for."))
        if not address:
            reasons.append(case._describe_reason({"code": "no_address"}))
        verdict = case._gate_verdict(now, asking=True)
        for refusal in verdict.refusals:
            reasons.append(case._describe_reason({"code": refusal.code}))
        if not verdict.allowed:
            reasons.append(
                self.env._("The first free day is %(day)s.", day=format_date(self.env, verdict.free_on))
            )
        return list(dict.fromkeys(reasons))

    @api.depends("line_ids.allowed")
    def _compute_line_count(self):
        for wizard in self:
            wizard.line_count = len(wizard.line_ids)
            wizard.allowed_count = len(wizard.line_ids.filtered("allowed"))

    @api.depends("line_ids.case_id")
    def _compute_case_id(self):
        for wizard in self:
            line = wizard.line_ids if len(wizard.line_ids) == 1 else wizard.line_ids.browse()
            wizard.case_id = line.case_id
            wizard.allowed = line.allowed
            wizard.verdict_text = line.verdict_text
            wizard.recipient_id = line.recipient_id
            wizard.address = line.address

    @api.depends("line_ids.stage_id")
    def _compute_stage_id(self):
        for wizard in self:
            wizard.stage_id = wizard.line_ids.stage_id if len(wizard.line_ids) == 1 else False

    @api.depends("line_ids.item_ids")
    def _compute_item_ids(self):
        for wizard in self:
            wizard.item_ids = wizard.line_ids.item_ids if len(wizard.line_ids) == 1 else False

    @api.depends("stage_id", "recipient_id")
    def _compute_message(self):
        for wizard in self:
            if wizard.case_id and wizard.stage_id:
                wizard.subject, wizard.body_html = self._message_of(wizard.stage_id, wizard.recipient_id)
            else:
                wizard.subject, wizard.body_html = False, False

    @api.model
    def _message_of(self, stage, recipient):
        """Return the subject and body of the stage's template in the recipient's language, unfilled."""
        template = stage.template_id.with_context(lang=recipient.lang or self.env.lang)
        return template.subject, template.body_html

    def action_send(self):
        """Send the message, or one to each customer who may hear from us, and say what became of it."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self.case_id:
            if not self.item_ids:
                raise UserError(self.env._("Choose what the message asks for."))
            self.case_id._follow_up_now(now, self.stage_id, self.item_ids, self.subject, self.body_html, self.env.user)
            self._wake_sender()
            return self._notify_sent()
        for line in self.line_ids:
            line._send(now)
        self._wake_sender()
        sent = self.line_ids.filtered(lambda line: line.result == "sent")
        self.write(
            {
                "state": "done",
                "result_text": self.env._(
                    "%(sent)s of %(all)s customers hear from us now.", sent=len(sent), all=len(self.line_ids)
                ),
            }
        )
        return self._action_show()

    def action_preview(self):
        """Show the message as it would leave now."""
        self.ensure_one()
        message = self.env["collection.step"]._preview_message(
            self.case_id,
            self.stage_id.template_id,
            self.item_ids,
            stage=self.stage_id,
            texts={"subject": self.subject, "body_html": self.body_html},
        )
        self.write({"preview_subject": message.subject, "preview_html": message.body_html})
        return self._action_show("view_collection_follow_up_preview_form")

    def action_back(self):
        """Go back to writing."""
        self.ensure_one()
        return self._action_show()

    def _wake_sender(self):
        # The scheduled action is for administrators; waking it is all that happens here.
        self.env.ref("collections_relationship.ir_cron_act").sudo()._trigger()

    def _notify_sent(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The message to %(customer)s is on its way.", customer=self.case_id.display_name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class CollectionFollowUpLine(models.TransientModel):
    _name = "collection.follow.up.line"
    _description = "Customer to Follow Up Now"

    wizard_id = fields.Many2one("collection.follow.up", required=True, ondelete="cascade")
    case_id = fields.Many2one("collection.case", string="Customer", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="case_id.currency_id")
    policy_id = fields.Many2one(related="case_id.policy_id")
    stage_id = fields.Many2one(
        "collection.stage",
        string="As",
        domain="[('policy_id', '=', policy_id), ('mode', '!=', 'manual'), ('days', '>=', 0)]",
    )
    item_ids = fields.Many2many("collection.item", "collection_follow_up_line_item_rel", string="Asked For")
    recipient_id = fields.Many2one("res.partner", string="To")
    address = fields.Char(string="E-mail")
    amount = fields.Monetary(string="To Ask For")
    allowed = fields.Boolean(string="May Leave")
    verdict_text = fields.Char(string="Held Back Because")
    result = fields.Selection([("sent", "Sent"), ("held", "Held Back")], readonly=True)
    result_text = fields.Char(string="Outcome", readonly=True)

    def _send(self, now):
        """Send the stage's message to the line's customer, or note why it is held back."""
        self.ensure_one()
        if not self.allowed:
            self.write({"result": "held", "result_text": self.verdict_text})
            return
        subject, body_html = self.wizard_id._message_of(self.stage_id, self.recipient_id)
        try:
            with self.env.cr.savepoint():
                self.case_id._follow_up_now(now, self.stage_id, self.item_ids, subject, body_html, self.env.user)
        except UserError as error:
            self.write({"result": "held", "result_text": str(error)})
        else:
            self.write({"result": "sent", "result_text": self.env._("To %(address)s", address=self.address)})
