"""'Log a call': may I call now, and what came of it. Also for letters, visits and texts made outside Odoo.

What has happened is always logged, even against the rules: then it says so. It contacts nobody.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..models.collection_contact import NOTE_LENGTH
from ..models.collection_door import Reached

CHANNELS = [("call", "Call"), ("letter", "Letter"), ("visit", "Visit"), ("sms", "Text Message"), ("email", "E-mail")]
OUTCOMES = [
    ("conversation", "We talked"),
    ("no_answer", "No answer"),
    ("left_message", "Left a message"),
    ("answered", "Answered, no conversation"),
    ("wrong_number", "Wrong number"),
]
#: Ways on which people talk.
SPOKEN = ("call", "visit")
#: Why a contact was made that nobody sends; the others were sent by hand.
HAND_REASONS = {"call": "we_called", "visit": "we_visited"}
#: A clock may be a little ahead of ours; the future is not logged.
CLOCK_TOLERANCE = timedelta(minutes=5)
#: What is older is a slip of the keyboard, or belongs into an import.
OLDEST_YEARS = 3


class CollectionCall(models.TransientModel):
    _name = "collection.call"
    _description = "Log a Call"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    case_id = fields.Many2one("collection.case", compute="_compute_case_id")
    currency_id = fields.Many2one(related="case_id.currency_id")
    amount_overdue = fields.Monetary(related="case_id.amount_overdue")
    move_ids = fields.Many2many("account.move", string="Invoices", readonly=True)
    person_id = fields.Many2one(
        "res.partner",
        string="With",
        required=True,
        domain="['|', ('id', '=', partner_id), ('commercial_partner_id', '=', partner_id)]",
        compute="_compute_person_id",
        precompute=True,
        store=True,
        readonly=False,
    )
    number = fields.Char(compute="_compute_number", store=True, readonly=False)
    direction = fields.Selection(
        [("out", "We called"), ("in", "The customer called")], default="out", required=True
    )
    channel = fields.Selection(CHANNELS, string="How", default="call", required=True)
    outcome = fields.Selection(
        OUTCOMES, help="Rules differ in what they count: a conversation starts a pause of calls in some countries."
    )
    date = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    is_asking = fields.Boolean(string="About Payment", default=True, help="Off: it was about something else.")
    requested = fields.Boolean(
        string="The Customer Asked for It", help="He wanted to be called back, or agreed to it. Some rules do not count that."
    )
    place = fields.Selection(
        [("residence", "At home"), ("work", "At work")], help="Only where it was at a place of his; some rules differ there."
    )
    note = fields.Text(help="What was said, in a sentence. It stays in the log; the customer may ask to see it.")
    verdict_html = fields.Html(compute="_compute_verdict_html", sanitize=False)
    step_id = fields.Many2one("collection.step", readonly=True, help="The call that was to be made.")

    @api.model
    def _action_open(self, partner, company, moves=None):
        """Return the action that opens the wizard for a customer.

        :param moves: invoices the user came from
        """
        self._check_may_log()
        wizard = self.create(
            {
                "partner_id": partner.commercial_partner_id.id,
                "company_id": company.root_id.id,
                "move_ids": [fields.Command.set(moves.ids if moves else [])],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Call"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _check_may_log(self):
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only people who work with invoices may log a call."))

    def _check_is_ours(self):
        """Refuse a customer, company, invoice or call the user may not see: what follows is judged and written as root."""
        if self.company_id not in self.env.user.company_ids.root_id:
            raise AccessError(self.env._("You do not work in this company."))
        for records in (self.partner_id, self.person_id, self.move_ids, self.step_id):
            records.check_access("read")
        step = self.step_id.sudo()
        if step and (step.partner_id != self.partner_id or step.company_id != self.company_id):
            raise AccessError(self.env._("The call that was to be made is another customer's."))

    @api.depends("partner_id", "company_id")
    def _compute_case_id(self):
        for wizard in self:
            wizard.case_id = self.env["collection.case"].search(
                [
                    ("partner_id", "=", wizard.partner_id.id),
                    ("company_id", "=", wizard.company_id.id),
                    ("state", "=", "open"),
                ],
                limit=1,
            )

    @api.depends("partner_id")
    def _compute_person_id(self):
        for wizard in self:
            wizard.person_id = wizard.partner_id.collection_recipient_id or wizard.partner_id

    @api.depends("person_id", "channel")
    def _compute_number(self):
        for wizard in self:
            by_phone = wizard.channel in ("call", "sms")
            wizard.number = (wizard.person_id.phone or wizard.partner_id.phone) if by_phone else False

    @api.depends("person_id", "number", "direction", "channel", "requested", "is_asking", "place")
    def _compute_verdict_html(self):
        now = fields.Datetime.now()
        for wizard in self:
            if wizard.direction == "in" or not wizard.partner_id:
                wizard.verdict_html = False
                continue
            wizard.verdict_html = self.env["collection.door"]._verdict_html([wizard._judge(now)])

    def _judge(self, moment):
        """Ask the guard and the ledger about this contact at `moment` (naive UTC)."""
        self.ensure_one()
        self._check_is_ours()
        guard, door = self.env["collection.guard"], self.env["collection.door"]
        case = self.case_id.sudo()
        held = case.hold_code if self.is_asking else ""
        # A pause stops what asks for money; a person who calls listens and answers, and decides that himself.
        is_paused = held == "paused" and self.channel == "call"
        held = "" if is_paused else held
        reached = Reached(self.partner_id, self.company_id, case, self.person_id, self._address(), held or "")
        verdict = guard._verdict(
            moment,
            self.partner_id,
            self.channel,
            address=self._address(),
            asking=self.is_asking,
            company=self.company_id,
            purpose="debtor_request" if self.requested else "",
            place=self.place or "",
        )
        judged = door._judged(reached, verdict, with_ledger=self.is_asking)
        if is_paused:
            judged.notice = self.env._("%s You may call all the same: to listen, not to ask.", case._describe_hold("paused"))
        return judged

    def _address(self):
        """Return the number or address of the contact as the guard knows it."""
        if self.channel == "email":
            return self.person_id.email_normalized or ""
        if self.channel not in ("call", "sms") or not self.number:
            return ""
        return self.person_id._phone_format(number=self.number) or self.number

    def action_log(self):
        """Write it in the log, whatever the guard says of it: what has happened has happened."""
        return self.env["collection.step"]._notify(self._log())

    def action_log_and_cool_off(self):
        """Write it in the log, and leave the customer alone for a while: it was a difficult conversation."""
        message = self._log()
        action = self.env["collection.hold"]._action_cool_off(self.partner_id, self.company_id, self.note or "")
        action["params"]["message"] = f"{message} {action['params']['message']}"
        return action

    def _log(self):
        """Write it in the log; return a sentence that says so."""
        self.ensure_one()
        self._check_may_log()
        self._check_is_ours()
        self._check_date(fields.Datetime.now())
        if self.direction == "out" and self.channel in SPOKEN and not self.outcome:
            raise UserError(self.env._("Choose what came of it."))
        judged = self._judge(self.date) if self.direction == "out" else None
        # Nobody writes the log or a case by himself; that it is the user's own customer was checked above.
        self.env["collection.contact"].sudo().create([self._prepare_contact(judged)])
        case = self.case_id.sudo()
        if self.direction == "out" and self.is_asking and self.outcome not in ("no_answer", "wrong_number"):
            case.last_asked = max(case.last_asked or self.date, self.date)
        if self.direction == "out" and self.outcome == "wrong_number" and case:
            case._schedule(
                "mail_activity_type_address",
                self.company_id._collection_today(fields.Datetime.now()),
                self.env._("Find a phone number that works"),
            )
        if self.direction == "out" and self.channel == "call":
            planned = self.step_id.sudo() or case.step_ids.filtered(lambda step: step.is_asking)
            planned._close_call(self.outcome, self.date)
        self.env["collection.dirty"]._mark(self.partner_id.ids)
        if judged and not judged.allowed:
            return self.env._("Logged. The rules said no to it at that moment; the log says so too.")
        return self.env._("Logged.")

    def _check_date(self, now):
        """Refuse a moment at which it cannot have happened.

        :param datetime now: naive UTC
        """
        if self.date > now + CLOCK_TOLERANCE:
            raise UserError(self.env._("Choose a moment that has passed: the log holds what has happened."))
        today = self.company_id._collection_today(now)
        day = self.company_id._collection_today(self.date)
        if day < fields.Date.subtract(today, years=OLDEST_YEARS):
            raise UserError(
                self.env._(
                    "%(date)s is more than %(years)s years ago. Correct the date under “When”. "
                    "To take over an older history, use the import of past contacts.",
                    date=format_date(self.env, day),
                    years=OLDEST_YEARS,
                )
            )
        first = self._first_invoice_day() if self.is_asking else None
        if first and day < first:
            raise UserError(
                self.env._(
                    "On %(date)s %(customer)s owed nothing yet: the first invoice is of %(first)s. "
                    "Correct the date under “When”, or say that it was not about payment.",
                    date=format_date(self.env, day),
                    customer=self.partner_id.display_name,
                    first=format_date(self.env, first),
                )
            )

    def _first_invoice_day(self):
        """Return the date of the oldest thing this customer was ever asked for, `None`: there is nothing."""
        [(booked, due)] = self.env["account.move.line"].sudo()._read_group(  # a date only; entries of branches count
            [
                ("partner_id.commercial_partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("company_id", "child_of", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            aggregates=["invoice_date:min", "date_maturity:min"],
        )
        return min(filter(None, (booked, due)), default=None)

    def _outcome(self):
        """Return what came of it as the log has it: who calls or visits us talks with us."""
        if self.channel not in SPOKEN:
            return "sent"
        return self.outcome if self.direction == "out" else "conversation"

    def _prepare_contact(self, judged):
        """Return the values of the row of the log.

        :param judged: what the guard says of it, `None` for what came from the customer
        """
        reason = {"code": HAND_REASONS.get(self.channel, "by_hand") if self.direction == "out" else "called_us"}
        if judged and not judged.allowed:
            reason["against"] = list(dict.fromkeys(why["code"] for why in judged.reasons))
        return {
            "case_id": self.case_id.id,
            "partner_id": self.partner_id.id,
            "recipient_id": self.person_id.id,
            "company_id": self.company_id.id,
            "date": self.date,
            "kind": "called" if self.channel in SPOKEN else "written",
            "direction": self.direction,
            "channel": self.channel,
            "outcome": self._outcome(),
            "is_asking": self.is_asking and self.direction == "out",
            "requested": self.requested,
            "place": self.place,
            "address": self._address() or False,
            "user_id": self.env.uid,
            "reason": reason,
            "facts": {"open": self.case_id.sudo().open_item_ids._ledger_now()} if self.direction == "out" else False,
            "step_id": self.step_id.id,
            "stage_id": self.step_id.stage_id.id,
            "purpose": self.step_id.purpose,
            "template_id": self.step_id.template_id.id,
            "note": " ".join((self.note or "").split())[:NOTE_LENGTH] or False,
            "move_ids": [fields.Command.set(self.move_ids.ids)],
        }
