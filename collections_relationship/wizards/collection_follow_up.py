"""'Follow up now': one message to each chosen customer, written or checked by a person.

The gate's answer is shown before anybody writes, and asked again when the message leaves. There is
no way around it here.
"""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.collection_template import ASKING_PURPOSES


class CollectionFollowUp(models.TransientModel):
    _name = "collection.follow.up"
    _description = "Follow Up Now"

    state = fields.Selection([("draft", "To Send"), ("done", "Done")], default="draft", required=True)
    line_ids = fields.One2many("collection.follow.up.line", "wizard_id", string="Customers")
    line_count = fields.Integer(compute="_compute_line_count")
    allowed_count = fields.Integer(compute="_compute_line_count")
    result_text = fields.Char(readonly=True)
    left_out_text = fields.Text(readonly=True, help="What was chosen and is not asked for, each with its reason.")

    # One customer: the message can be edited.
    case_id = fields.Many2one("collection.case", compute="_compute_case_id")
    company_id = fields.Many2one(related="case_id.company_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    allowed = fields.Boolean(compute="_compute_case_id")
    verdict_text = fields.Char(compute="_compute_case_id")
    recipient_id = fields.Many2one("res.partner", string="To", compute="_compute_case_id")
    address = fields.Char(string="E-mail", compute="_compute_case_id")
    stage_id = fields.Many2one(
        "collection.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', usable_stage_ids)]",
        help="The stage the message speaks as. The gentlest one that fits is proposed.",
    )
    usable_stage_ids = fields.Many2many("collection.stage", compute="_compute_usable_stage_ids")
    eligible_item_ids = fields.Many2many("collection.item", compute="_compute_eligible_item_ids")
    item_ids = fields.Many2many(
        "collection.item",
        "collection_follow_up_item_rel",
        string="Asked For",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', eligible_item_ids)]",
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
        :param moves: invoices the user came from; their stage is proposed, and those left out are named
        :raises UserError: no case is open
        """
        cases = cases.filtered(lambda case: case.state == "open")
        left_out = "\n".join(self._describe_left_out(moves)) if moves else False
        if not cases:
            nothing = self.env._("There is nothing to follow up here: no open case.")
            raise UserError("\n".join(filter(None, [nothing, left_out])))
        wizard = self.create(
            {
                "line_ids": [Command.create(vals) for vals in self._prepare_lines(cases, moves)],
                "left_out_text": left_out,
            }
        )
        return wizard._action_show()

    @api.model
    def _describe_left_out(self, moves):
        """Return a sentence for each of the moves that no message will ask for: its number and why."""
        sentences = []
        for move in moves:
            if not move.collection_is_open:
                reason = self.env._("Nothing is open on it.")
            elif move.collection_hold_code and move.collection_case_id.hold_code:
                continue  # the line of its customer says why
            elif move.collection_hold_code:
                reason = self.env["collection.case"]._describe_reason({"code": move.collection_hold_code})
            elif not move.collection_days_late:
                reason = self.env._("It is not late.")
            elif not move.collection_case_id:
                reason = self.env._("Its customer has no open case yet.")
            else:
                continue
            sentences.append(
                self.env._(
                    "%(invoice)s, %(customer)s: %(reason)s",
                    invoice=move.name,
                    customer=move.commercial_partner_id.display_name,
                    reason=reason,
                )
            )
        return sentences

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
        items_by_case = self._free_items(cases).grouped("case_id")
        none = self.env["collection.item"]
        stages = {case: self._proposed_stage(case, items_by_case.get(case, none), moves) for case in cases}
        asked = {case: self._old_enough(items_by_case.get(case, none), stages[case]) for case in cases}
        recipients = cases._recipients(cases.ids, {case.id: asked[case].move_id.ids for case in cases})
        lines = []
        for case in cases:
            recipient_id, address = recipients.get(case.id, (False, False))
            reasons = self._reasons_against(case, items_by_case.get(case, none), stages[case], address, now)
            if len(cases) > 1 and stages[case].mode == "approve":
                reasons.insert(0, self.env._("A message of this stage needs a yes of its own: send it from the case."))
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
    def _free_items(self, cases):
        """Return the late items of the cases that nothing holds back, with something to ask for."""
        items = self.env["collection.item"].search(
            [
                ("case_id", "in", cases.ids),
                ("is_open", "=", True),
                ("hold_code", "=", False),
            ]
        )
        return items.filtered(
            lambda item: self._days_late(item) > 0 and item.currency_id.compare_amounts(item.amount_asked, 0) > 0
        )

    @api.model
    def _days_late(self, item):
        """Return the days late where the company is, which is what the follow-up counts."""
        return (item.root_company_id._collection_today(fields.Datetime.now()) - item.date_due).days

    @api.model
    def _old_enough(self, items, stage):
        """Return the items late for at least as many days as the stage starts at."""
        return items.filtered(lambda item: stage and self._days_late(item) >= stage.days)

    @api.model
    def _usable_stages(self, case, items):
        """Return the stages a person may send as for these items, the gentlest first.

        None the items are too young for, and none whose previous stage nobody has sent yet.
        """
        ladder = case.policy_id.stage_ids.sorted("days")
        oldest = max(map(self._days_late, items), default=0)
        reached = max(items.mapped("asked_days"), default=0)
        previous = dict(zip(ladder[1:], ladder, strict=False))
        return ladder.filtered(
            lambda stage: (
                stage.mode != "manual"
                and stage.template_id
                and stage.purpose in ASKING_PURPOSES
                and 0 <= stage.days <= oldest
                and (not stage.requires_previous or stage not in previous or reached >= previous[stage].days)
            )
        )

    @api.model
    def _proposed_stage(self, case, items, moves=None):
        """Return the stage to send as: what the items (of the invoices one came from) are due for, else stand at.

        Items nobody has asked for yet are due for the gentlest reminder, so the first message is gentle.
        """
        usable = self._usable_stages(case, items)
        wanted = items.filtered(lambda item: moves and item.move_id in moves) or items
        today = case.company_id._collection_today(fields.Datetime.now())
        due = wanted.filtered(lambda item: item.next_date and item.next_date <= today)
        for candidates in (due.next_stage_id, wanted.stage_id):
            if fitting := (candidates & usable).sorted("days"):
                return fitting[-1]
        if usable:
            return usable[0]
        friendly = case.policy_id.stage_ids.filtered(lambda stage: stage.purpose == "friendly_reminder")
        return friendly[:1]

    @api.model
    def _reasons_against(self, case, items, stage, address, now):
        """Return in words, one sentence each, why no message may leave to the customer now."""
        reasons = []
        if case.reply_unread_since:
            reasons.append(case._describe_reason({"code": "reply_unread"}))
        if case.hold_code:
            reasons.append(case._describe_reason({"code": case.hold_code}))
        if not items:
            return reasons or [self.env._("Nothing that is late may be asked for.")]
        if not self._old_enough(items, stage):
            first = min(items.mapped("date_due"))
            reasons.append(
                case._describe_reason(
                    {"code": "stage_day", "date": fields.Date.to_string(fields.Date.add(first, days=stage.days))}
                )
            )
        if not address:
            reasons.append(case._describe_reason({"code": "no_address"}))
        verdict = case._gate_verdict(now, asking=True)
        if not verdict.allowed:
            guard = self.env["collection.guard"]
            reasons += [why["text"] for why in guard._describe(verdict)]
            reasons.append(guard._describe_moment(verdict))
        return list(dict.fromkeys(filter(None, reasons)))

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

    @api.depends("case_id")
    def _compute_usable_stage_ids(self):
        for wizard in self:
            wizard.usable_stage_ids = self._usable_stages(wizard.case_id, self._free_items(wizard.case_id))

    @api.depends("case_id", "stage_id")
    def _compute_eligible_item_ids(self):
        for wizard in self:
            wizard.eligible_item_ids = self._old_enough(self._free_items(wizard.case_id), wizard.stage_id)

    @api.depends("eligible_item_ids")
    def _compute_item_ids(self):
        for wizard in self:
            wizard.item_ids = wizard.eligible_item_ids

    @api.depends("stage_id", "recipient_id")
    def _compute_message(self):
        for wizard in self:
            if wizard.case_id and wizard.stage_id:
                wizard.subject, wizard.body_html = self.env["collection.step"]._draft_message(
                    wizard.case_id, wizard.stage_id.template_id, wizard.eligible_item_ids, wizard.stage_id
                )
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
            if self.item_ids - self.eligible_item_ids:
                raise UserError(self.env._("Something of what you chose is too young for this stage, or held back."))
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
        return self.env["collection.step"]._notify(
            self.env._("The message to %(customer)s is on its way.", customer=self.case_id.display_name)
        )


class CollectionFollowUpLine(models.TransientModel):
    _name = "collection.follow.up.line"
    _description = "Customer to Follow Up Now"

    wizard_id = fields.Many2one("collection.follow.up", required=True, ondelete="cascade")
    case_id = fields.Many2one("collection.case", string="Customer", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="case_id.currency_id")
    stage_id = fields.Many2one("collection.stage")
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
