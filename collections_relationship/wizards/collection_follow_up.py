"""'Follow up now': one message to each chosen customer, written or checked by a person.

It goes the way the night would take: the customer's wish, then the stage's own, then what may stand in.
For one customer another way may be chosen.

The gate's answer is shown before anybody writes, and asked again when the message leaves. What is
not right now may leave at the next right moment; a manager may set a soft rule aside and say why.
There is no other way around it here.
"""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime


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
    way_id = fields.Many2one(
        "collection.follow.up.way",
        string="By",
        domain="[('wizard_id', '=', id)]",
        help="The ways that lead to this customer. The one the night would take is proposed.",
    )
    way_ids = fields.One2many("collection.follow.up.way", "wizard_id", string="Ways")
    way_count = fields.Integer(compute="_compute_case_id")
    channel = fields.Selection(selection="_selection_channel", compute="_compute_case_id")
    way_text = fields.Text(string="Way", compute="_compute_case_id")
    why_text = fields.Char(string="Why This Way", compute="_compute_case_id")
    recipient_id = fields.Many2one("res.partner", string="To", compute="_compute_case_id")
    address = fields.Char(compute="_compute_case_id")
    stage_id = fields.Many2one(
        "collection.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', usable_stage_ids)]",
        help="The stage the message speaks as. The gentlest one that fits is proposed.",
    )
    purpose = fields.Selection(related="stage_id.purpose")
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
    @api.model
    def _selection_channel(self):
        return self.env["collection.follow.up.judged"]._selection_channel()

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
        if len(cases) == 1:
            wizard.write({"way_ids": [Command.create(vals) for vals in self._prepare_ways(cases, moves)]})
            wizard.way_id = wizard.way_ids.filtered(lambda way: way.channel == wizard.line_ids.channel)
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
            # A list needs the room for its reasons.
            "context": {"dialog_size": "large" if self.case_id else "extra-large"},
        }

    @api.depends("line_ids.allowed")
    def _compute_line_count(self):
        for wizard in self:
            wizard.line_count = len(wizard.line_ids)
            wizard.allowed_count = len(wizard.line_ids.filtered("allowed"))
            wizard.later_count = len(wizard.line_ids.filtered("date_next"))

    @api.depends("line_ids.case_id", "way_id", "way_ids")
    def _compute_case_id(self):
        for wizard in self:
            line = wizard.line_ids if len(wizard.line_ids) == 1 else wizard.line_ids.browse()
            way = wizard.way_id or line  # where none is proposed, the line says why
            wizard.case_id = line.case_id
            wizard.way_count = len(wizard.way_ids)
            wizard.channel = way.channel
            wizard.way_text = way.way_text
            wizard.why_text = way.why_text
            wizard.allowed = way.allowed
            wizard.verdict_text = way.verdict_text
            wizard.verdict_html = way.verdict_html
            wizard.date_next = way.date_next
            wizard.may_override = way.may_override
            wizard.can_leave = way.allowed or bool(way.date_next) or way.may_override
            wizard.recipient_id = way.recipient_id
            wizard.address = way.address

    @api.depends("line_ids.stage_id")
    def _compute_stage_id(self):
        for wizard in self:
            wizard.stage_id = wizard.line_ids.stage_id if len(wizard.line_ids) == 1 else False

    @api.depends("case_id")
    def _compute_usable_stage_ids(self):
        for wizard in self:
            case = wizard.case_id
            wizard.usable_stage_ids = self._usable_stages(case, self._free_items(case), bool(case._cooled()))

    @api.depends("case_id", "stage_id")
    def _compute_eligible_item_ids(self):
        for wizard in self:
            wizard.eligible_item_ids = self._old_enough(self._free_items(wizard.case_id), wizard.stage_id)

    @api.depends("eligible_item_ids")
    def _compute_item_ids(self):
        for wizard in self:
            wizard.item_ids = wizard.eligible_item_ids

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
        """Have the message to the one customer leave, and say where it is; see `_plan_single`."""
        return self._notify_sent(self._plan_single(later=later, override_reason=override_reason))

    def _plan_single(self, later=False, override_reason=""):
        """Have the message to the one customer leave, or wait for whoever prints or calls.

        :param bool later: at the next right moment, where now is none
        :param str override_reason: why a manager sets the rules aside
        :return: the step
        """
        if not self.channel:
            raise UserError(self.verdict_text)
        if not self.item_ids:
            raise UserError(self.env._("Choose what the message asks for."))
        if self.item_ids - self.eligible_item_ids:
            raise UserError(self.env._("Something of what you chose is too young for this stage, or held back."))
        step = self.case_id._follow_up_now(
            fields.Datetime.now(),
            self.stage_id,
            self.item_ids,
            self.subject,
            self._words(),
            self.env.user,
            channel=self.channel,
            template=self.template_id,
            later=later,
            override_reason=override_reason,
        )
        self._wake_sender(step.sudo().date_planned)
        return step

    def action_call(self):
        """Put the call on the list of those to be made, and open it to call from."""
        self.ensure_one()
        step = self._plan_single()
        form = self.env.ref("collections_relationship.view_collection_step_call_form")
        action = self.env["ir.actions.actions"]._for_xml_id("collections_relationship.action_collection_step_call")
        return {**action, "views": [(form.id, "form")], "res_id": step.id, "target": "current"}

    def action_open_contact(self):
        """Open the customer, to enter an address."""
        self.ensure_one()
        return self.case_id.partner_id._get_records_action()

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
        by_hand = self.line_ids.filtered(lambda line: line.result == "to_do").grouped("channel")
        if letters := by_hand.get("letter"):
            words.append(self.env._("Letters to print: %s.", len(letters)))
        if calls := by_hand.get("call"):
            words.append(self.env._("Calls to make: %s.", len(calls)))
        if count.get("later"):
            words.append(self.env._("%s at their next right moment.", count["later"]))
        self.write({"state": "done", "result_text": " ".join(words)})
        return self._action_show()

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
        planned, customer = step.sudo().date_planned, self.case_id.display_name
        if planned > fields.Datetime.now():
            words = self.env._(
                "The message to %(customer)s leaves on %(moment)s, if it is still right then.",
                customer=customer,
                moment=format_datetime(self.env, planned, dt_format="short"),
            )
        elif self.channel == "letter":
            words = self.env._("The letter to %(customer)s waits under Letters to Print.", customer=customer)
        elif self.channel == "call":
            words = self.env._("The call to %(customer)s waits under Calls to Make.", customer=customer)
        else:
            words = self.env._("The message to %(customer)s is on its way.", customer=customer)
        return self.env["collection.step"]._notify(words)
