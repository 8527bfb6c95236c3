"""'Follow up now': one message to each chosen customer, written or checked by a person.

The gate's answer is shown before anybody writes, and asked again when the message leaves. What is
not right now may leave at the next right moment; a manager may set a soft rule aside and say why.
There is no other way around it here.
"""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime

from ..models.collection_door import Judged, Reached
from ..models.collection_template import ASKING_PURPOSES


class CollectionFollowUp(models.TransientModel):
    _name = "collection.follow.up"
    _description = "Follow Up Now"

    state = fields.Selection([("draft", "To Send"), ("done", "Done")], default="draft", required=True)
    line_ids = fields.One2many("collection.follow.up.line", "wizard_id", string="Customers")
    line_count = fields.Integer(compute="_compute_line_count")
    allowed_count = fields.Integer(compute="_compute_line_count")
    later_count = fields.Integer(compute="_compute_line_count")
    result_text = fields.Char(readonly=True)
    left_out_text = fields.Text(readonly=True, help="What was chosen and is not asked for, each with its reason.")

    # One customer: the message can be edited.
    case_id = fields.Many2one("collection.case", compute="_compute_case_id")
    company_id = fields.Many2one(related="case_id.company_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    allowed = fields.Boolean(compute="_compute_case_id")
    verdict_text = fields.Char(compute="_compute_case_id")
    verdict_html = fields.Html(compute="_compute_case_id", sanitize=False)
    date_next = fields.Datetime(compute="_compute_case_id", help="The next right moment, as far as is known now.")
    may_override = fields.Boolean(compute="_compute_case_id")
    can_leave = fields.Boolean(compute="_compute_case_id", help="Now, later, or with the rules set aside.")
    override_reason = fields.Text(
        string="Why", help="Kept with the message and in the log, with your name and the rules set aside."
    )
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
    purpose = fields.Selection(related="stage_id.purpose")
    template_id = fields.Many2one(
        "collection.template",
        string="Written From",
        compute="_compute_template_id",
        store=True,
        readonly=False,
        domain="[('purpose', '=', purpose)]",
        help="The message the library chose: by the stage's tone, the relationship, the industry and who the customer is.",
    )
    words_text = fields.Text(string="Why These Words", compute="_compute_words_text")
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
            judged = self._judge(case, items_by_case.get(case, none), stages[case], recipient_id, address, now)
            if len(cases) > 1 and stages[case].mode == "approve":
                yes = self.env._("A message of this stage needs a yes of its own: send it from the case.")
                judged.of_ledger[:0] = self._describe_texts([yes])
            lines.append(
                {
                    "case_id": case.id,
                    "stage_id": stages[case].id,
                    "item_ids": [Command.set(asked[case].ids)],
                    "recipient_id": recipient_id,
                    "address": address,
                    "amount": sum(asked[case].mapped("amount_company")),
                    "allowed": judged.allowed,
                    "verdict_text": self._describe_in_short(judged),
                    "verdict_html": self.env["collection.door"]._verdict_html([judged]),
                    "date_next": judged.next_moment,
                    "may_override": judged.is_soft and self.env.user.has_group("account.group_account_manager"),
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

        None the items are too young for, none whose previous stage nobody has sent yet, and after a
        difficult conversation none that is not mild.
        """
        is_cooled = case and case._is_cooled()
        ladder = case.policy_id.stage_ids.sorted("days")
        oldest = max(map(self._days_late, items), default=0)
        reached = max(items.mapped("asked_days"), default=0)
        previous = dict(zip(ladder[1:], ladder, strict=False))
        return ladder.filtered(
            lambda stage: (
                stage.mode != "manual"
                and stage.purpose in ASKING_PURPOSES
                and 0 <= stage.days <= oldest
                and (stage._is_mild() or not is_cooled)
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
    def _judge(self, case, items, stage, recipient_id, address, now):
        """Ask the guard and the ledger about a message to the customer now.

        :rtype: collection_door.Judged
        """
        texts = []
        if case.reply_unread_since:
            texts.append(case._describe_with_cure("reply_unread"))
        if case.step_ids.filtered(lambda step: step.state == "unknown"):
            texts.append(case._describe_with_cure("unknown"))
        if case.company_id._collection_bank_is_stale(case.company_id._collection_today(now)):
            texts.append(case._describe_with_cure("bank_stale"))
        if not items:
            texts += self._describe_held(case)
            texts = texts or [self.env._("Nothing that is late may be asked for.")]
        elif not self._old_enough(items, stage):
            first = min(items.mapped("date_due"))
            day = fields.Date.to_string(fields.Date.add(first, days=stage.days))
            texts.append(case._describe_reason({"code": "stage_day", "date": day}))
        if items and not address:
            texts.append(case._describe_with_cure("no_address"))
        verdict = case._gate_verdict(now, asking=True)
        recipient = self.env["res.partner"].browse(recipient_id or [])
        return Judged(
            Reached(case.partner_id, case.company_id, case, recipient, address or "", ""),
            verdict,
            self.env["collection.guard"]._describe(verdict),
            self._describe_texts(texts),
        )

    @api.model
    def _describe_held(self, case):
        """Return, for each reason for which late items of the case are held, its invoices, the reason and the cure."""
        held = self.env["collection.item"].search(
            [("case_id", "=", case.id), ("is_open", "=", True), ("hold_code", "!=", False)]
        )
        late = held.filtered(lambda item: self._days_late(item) > 0)
        return [case._describe_with_cure(code, items.move_id) for code, items in late.grouped("hold_code").items()]

    @api.model
    def _describe_texts(self, texts):
        """Return sentences about case and ledger in the form of the guard's reasons."""
        return [
            {
                "code": "",
                "text": text,
                "figures": "",
                "source": self.env._("the follow-up's own books"),
                "basis": "",
                "hard": True,
            }
            for text in dict.fromkeys(filter(None, texts))
        ]

    @api.model
    def _describe_in_short(self, judged):
        """Return in a few sentences why a message may not leave now; empty where it may."""
        if judged.allowed:
            return ""
        sentences = [why["text"] for why in judged.reasons]
        if not judged.of_ledger:
            sentences.append(self.env["collection.guard"]._describe_moment(judged.verdict))
        return " ".join(dict.fromkeys(filter(None, sentences)))

    @api.depends("line_ids.allowed")
    def _compute_line_count(self):
        for wizard in self:
            wizard.line_count = len(wizard.line_ids)
            wizard.allowed_count = len(wizard.line_ids.filtered("allowed"))
            wizard.later_count = len(wizard.line_ids.filtered("date_next"))

    @api.depends("line_ids.case_id")
    def _compute_case_id(self):
        for wizard in self:
            line = wizard.line_ids if len(wizard.line_ids) == 1 else wizard.line_ids.browse()
            wizard.case_id = line.case_id
            wizard.allowed = line.allowed
            wizard.verdict_text = line.verdict_text
            wizard.verdict_html = line.verdict_html
            wizard.date_next = line.date_next
            wizard.may_override = line.may_override
            wizard.can_leave = line.allowed or bool(line.date_next) or line.may_override
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

    @api.depends("stage_id", "case_id")
    def _compute_template_id(self):
        for wizard in self:
            has_both = bool(wizard.case_id and wizard.stage_id)
            wizard.template_id = wizard.case_id.sudo()._message_for(wizard.stage_id) if has_both else False

    @api.depends("stage_id", "case_id", "template_id")
    def _compute_words_text(self):
        for wizard in self:
            why = {}
            if wizard.case_id and wizard.stage_id and wizard.template_id:
                picked = wizard.case_id.sudo()._pick_for(wizard.stage_id)
                why = picked.why if picked.template_id == wizard.template_id.id else {"fixed": True}
            wizard.words_text = " ".join(wizard.template_id._describe_choice(why))

    @api.depends("stage_id", "template_id", "recipient_id")
    def _compute_message(self):
        for wizard in self:
            if wizard.case_id and wizard.stage_id and wizard.template_id:
                wizard.subject, wizard.body_html = self.env["collection.step"]._draft_message(
                    wizard.case_id, wizard.template_id, wizard.eligible_item_ids, wizard.stage_id
                )
            else:
                wizard.subject, wizard.body_html = False, False

    @api.model
    def _message_of(self, case, stage, recipient):
        """Return the subject and body of the message of a stage in the recipient's language, unfilled."""
        template = case.sudo()._message_for(stage).with_context(lang=recipient.lang or self.env.lang)
        return template.subject, template.body_html

    def action_send(self):
        """Send the message, or one to each customer who may hear from us, and say what became of it."""
        self.ensure_one()
        return self._send_single() if self.case_id else self._send_lines()

    def action_send_later(self):
        """Send at the next right moment what is not right now; of several customers, those who are, now."""
        self.ensure_one()
        return self._send_single(later=True) if self.case_id else self._send_lines(later=True)

    def action_send_all_the_same(self):
        """Set the rules in the way aside and say why; managers only, and no rule that binds everybody."""
        self.ensure_one()
        if not self.env["collection.guard"]._says_why(self.override_reason):
            raise UserError(self.env._("Write why the rule is set aside. It is logged with the message."))
        return self._send_single(override_reason=self.override_reason)

    def action_set_aside(self):
        """Ask why the rules shall be set aside."""
        self.ensure_one()
        return self._action_show("view_collection_follow_up_set_aside_form")

    def _send_single(self, later=False, override_reason=""):
        """Have the message to the one customer leave.

        :param bool later: at the next right moment, where now is none
        :param str override_reason: why a manager sets the rules aside
        """
        if not self.item_ids:
            raise UserError(self.env._("Choose what the message asks for."))
        if self.item_ids - self.eligible_item_ids:
            raise UserError(self.env._("Something of what you chose is too young for this stage, or held back."))
        step = self.case_id._follow_up_now(
            fields.Datetime.now(),
            self.stage_id,
            self.item_ids,
            self.subject,
            self.body_html,
            self.env.user,
            template=self.template_id,
            later=later,
            override_reason=override_reason,
        )
        self._wake_sender(step.sudo().date_planned)
        return self._notify_sent(step)

    def _send_lines(self, later=False):
        """Have one message to each customer leave who may hear from us, and say what became of it."""
        now = fields.Datetime.now()
        for line in self.line_ids:
            line._send(now, later)
        self._wake_sender()
        for moment in set(self.line_ids.filtered(lambda line: line.result == "later").mapped("date_next")):
            self._wake_sender(moment)
        count = {result: len(lines) for result, lines in self.line_ids.grouped("result").items()}
        words = [
            self.env._(
                "%(sent)s of %(all)s customers hear from us now.", sent=count.get("sent", 0), all=len(self.line_ids)
            )
        ]
        if count.get("later"):
            words.append(self.env._("%s at their next right moment.", count["later"]))
        self.write({"state": "done", "result_text": " ".join(words)})
        return self._action_show()

    def action_preview(self):
        """Show the message as it would leave now."""
        self.ensure_one()
        message = self.env["collection.step"]._preview_message(
            self.case_id,
            self.template_id,
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

    def _wake_sender(self, moment=None):
        # The scheduled action is for administrators; waking it is all that happens here.
        now = fields.Datetime.now()
        at = moment if moment and moment > now else None
        self.env.ref("collections_relationship.ir_cron_act").sudo()._trigger(at)

    def _notify_sent(self, step):
        planned = step.sudo().date_planned
        if planned <= fields.Datetime.now():
            return self.env["collection.step"]._notify(
                self.env._("The message to %(customer)s is on its way.", customer=self.case_id.display_name)
            )
        return self.env["collection.step"]._notify(
            self.env._(
                "The message to %(customer)s leaves on %(moment)s, if it is still right then.",
                customer=self.case_id.display_name,
                moment=format_datetime(self.env, planned, dt_format="short"),
            )
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
    verdict_text = fields.Text(string="Held Back Because")
    verdict_html = fields.Html(sanitize=False)
    date_next = fields.Datetime(string="Next Right Moment")
    may_override = fields.Boolean()
    result = fields.Selection([("sent", "Sent"), ("later", "Later"), ("held", "Held Back")], readonly=True)
    result_text = fields.Text(string="Outcome", readonly=True)

    def _send(self, now, later=False):
        """Send the stage's message to the line's customer, or note why it is held back.

        :param datetime now: naive UTC
        :param bool later: where now is not right, leave at the next right moment
        """
        self.ensure_one()
        if not self.allowed and not (later and self.date_next):
            self.write({"result": "held", "result_text": self.verdict_text})
            return
        subject, body_html = self.wizard_id._message_of(self.case_id, self.stage_id, self.recipient_id)
        try:
            with self.env.cr.savepoint():
                step = self.case_id._follow_up_now(
                    now, self.stage_id, self.item_ids, subject, body_html, self.env.user, later=later
                )
        except UserError as error:
            self.write({"result": "held", "result_text": str(error)})
            return
        planned = step.sudo().date_planned
        if planned <= now:
            self.write({"result": "sent", "result_text": self.env._("To %(address)s", address=self.address)})
        else:
            moment = format_datetime(self.env, planned, dt_format="short")
            self.write(
                {
                    "result": "later",
                    "date_next": planned,
                    "result_text": self.env._(
                        "To %(address)s on %(moment)s, if it is still right then", address=self.address, moment=moment
                    ),
                }
            )
