"""What an answer may mean, and what one click would do about it. Nothing here acts by itself.

The log keeps what was said; a hint is our reading of it and stays apart. Each is done by a person,
says before what it will do, is noted on the case, and can be taken back.
"""
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount, format_date

from ..engine import agreement, calendar

KINDS = [
    ("promise", "Promises to pay"),
    ("already_paid", "Says it is paid"),
    ("dispute", "Contests it"),
    ("hardship", "In difficulty"),
    ("wrong_person", "Wrong person"),
    ("stop", "Wants us to stop"),
]
STATES = [("open", "Suggested"), ("done", "Done")]
#: Bank days after a promised day until the money can be seen.
BANK_DAYS_AFTER_PROMISE = 3
#: Bank days for money on its way, or for a promise that names no day.
BANK_DAYS_TO_LOOK = 5
#: Days for what has to be talked about or looked into, as in 'Pause'.
DAYS_TO_CLARIFY = 14
HOLD_REASONS = {"promise": "promise", "already_paid": "clarification", "dispute": "dispute", "hardship": "relationship"}


class CollectionHint(models.Model):
    _name = "collection.hint"
    _description = "Suggestion From an Answer"
    _order = "id"

    contact_id = fields.Many2one(
        "collection.contact", string="Answer", required=True, index=True, readonly=True, ondelete="cascade"
    )
    case_id = fields.Many2one("collection.case", required=True, index=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="case_id.partner_id")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    contact_date = fields.Datetime(related="contact_id.date", string="Answered On")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    quote = fields.Char(readonly=True, help="The customer's own words.")
    day = fields.Date(readonly=True, help="The day promised, or the day of the payment made.")
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        ondelete="set null",
        help="The only invoice the answer names. Empty: it names none, or several.",
    )
    state = fields.Selection(STATES, default="open", required=True, readonly=True)
    done_on = fields.Datetime(readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    hold_id = fields.Many2one("collection.hold", readonly=True, ondelete="set null")
    protection_id = fields.Many2one("collection.protection", readonly=True, ondelete="set null")
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")
    arrangement_id = fields.Many2one("collection.arrangement", readonly=True, ondelete="set null")
    former_recipient_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    says = fields.Char(string="What It Seems to Say", compute="_compute_says")
    will = fields.Char(string="What a Click Does", compute="_compute_will")

    # === IN WORDS === #

    @api.depends("kind", "day", "amount", "currency_id", "move_id")
    @api.depends_context("lang")
    def _compute_says(self):
        for hint in self:
            hint.says = hint._says()

    def _says(self):
        """Return in one line what the answer seems to say."""
        self.ensure_one()
        facts = {
            "amount": format_amount(self.env, self.amount, self.currency_id) if self.amount else "",
            "day": format_date(self.env, self.day) if self.day else "",
        }
        if self.kind == "promise":
            if self.amount and self.day:
                return self.env._("Promises to pay %(amount)s on %(day)s", **facts)
            if self.day:
                return self.env._("Promises to pay on %(day)s", day=facts["day"])
            if self.amount:
                return self.env._("Promises to pay %(amount)s, names no day", amount=facts["amount"])
            return self.env._("Promises to pay, names no day")
        if self.kind == "already_paid":
            if self.amount and self.day:
                return self.env._("Says %(amount)s was paid on %(day)s", **facts)
            if self.day:
                return self.env._("Says it was paid on %(day)s", day=facts["day"])
            if self.amount:
                return self.env._("Says %(amount)s is paid", amount=facts["amount"])
            return self.env._("Says it is paid")
        if self.kind == "dispute" and self.move_id:
            return self.env._("Contests %s", self.move_id.name)
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    @api.depends("kind", "day", "move_id", "state", "hold_id.date_end")
    @api.depends_context("lang")
    def _compute_will(self):
        for hint in self:
            hint.will = hint._will()

    def _will(self):
        """Return in one line what a click does, or what it did."""
        self.ensure_one()
        if self.state == "done":
            return self._did()
        if self.kind in HOLD_REASONS:
            until = format_date(self.env, self._pause_until(fields.Datetime.now()))
            if self.move_id:
                pause = self.env._("Pause %(invoice)s until %(day)s.", invoice=self.move_id.name, day=until)
            else:
                pause = self.env._("Pause everything until %s.", until)
            summary = self._activity_summary()
            return " ".join([pause, self.env._("Activity: %s.", summary)]) if summary else pause
        if self.kind == "wrong_person":
            task = self.env._("Activity: %s.", self._activity_summary())
            recipient = self.partner_id.sudo().collection_recipient_id
            if not recipient:
                return task
            return " ".join([task, self.env._("Messages no longer go to %s.", recipient.display_name)])
        return self.env._(
            "No more %(channel)s, or nothing but letters, until somebody ends it.", channel=self._channel_name()
        )

    def _did(self):
        who = {"who": self.done_by_id.name, "when": format_date(self.env, self.done_on)}
        if self.hold_id:
            return self.env._(
                "Paused until %(until)s by %(who)s on %(when)s.",
                until=format_date(self.env, self.hold_id.date_end),
                **who,
            )
        if self.arrangement_id:
            what = self.arrangement_id.sudo().display_name  # its name only; colleagues of one company
            return self.env._("%(what)s, by %(who)s on %(when)s.", what=what, **who)
        if self.protection_id:
            return self.env._(
                "%(what)s: noted by %(who)s on %(when)s.", what=self.protection_id.summary, **who
            )
        return self.env._("Done by %(who)s on %(when)s.", **who)

    def _channel(self):
        """Return the channel the customer answered on and does not want, as protections know it."""
        return self.contact_id.channel if self.contact_id.channel in ("sms", "call") else "email"

    def _channel_name(self):
        return {
            "email": self.env._("e-mails"),
            "sms": self.env._("text messages"),
            "call": self.env._("calls"),
        }[self._channel()]

    def _activity_summary(self):
        """Return what somebody is asked to do, in few words; nothing where the pause is enough."""
        if self.kind == "promise" and not self.day:
            return self.env._("Ask on which day the customer will pay")
        if self.kind == "already_paid":
            if self.amount:
                amount = format_amount(self.env, self.amount, self.currency_id)
                return self.env._("Look for the money: %s", amount)
            return self.env._("Look for the money")
        return {
            "dispute": self.env._("Look into what the customer contests"),
            "hardship": self.env._("Talk with the customer about what is possible"),
            "wrong_person": self.env._("Find the right contact"),
        }.get(self.kind, "")

    # === AGREEING ON IT === #

    def action_agree(self):
        """Open 'Agree on something' with the day and the amount the customer named."""
        self._check_may_act()
        if self.kind != "promise" or self.state == "done":
            raise UserError(self.env._("Only an open promise can be agreed on."))
        items = self.case_id.open_item_ids
        named = items.filtered(lambda item: item.move_id == self.move_id) if self.move_id else items.browse()
        late = items.filtered("days_late")
        return self.env["collection.arrangement"]._action_agree(
            (named or late or items).line_id,
            amount=self.amount if self.currency_id in items.currency_id else 0.0,
            values={
                "rhythm": "once",
                "date_start": fields.Date.to_string(self.day) if self.day else False,
                "contact_id": self.contact_id.id,
            },
        )

    def _agreed(self, arrangement, now):
        """Note that a promise was agreed on.

        :param arrangement: `collection.arrangement` that holds it
        """
        promises = self.filtered(lambda hint: hint.kind == "promise" and hint.state == "open")
        promises.sudo().write(  # the right to agree was checked
            {"state": "done", "done_on": now, "done_by_id": self.env.uid, "arrangement_id": arrangement.id}
        )

    # === WHAT A CLICK DOES === #

    def action_apply(self):
        """Do what the suggestion says."""
        if self.kind == "stop":
            raise UserError(self.env._("Choose what the customer does not want any more: this channel, or everything."))
        self._start()
        now = fields.Datetime.now()
        done = {}
        if self.kind in HOLD_REASONS:
            done["hold_id"] = self._pause(now).id
        if self.kind == "wrong_person":
            done["former_recipient_id"] = self._clear_recipient()
        if summary := self._activity_summary():
            done["activity_id"] = self._create_activity(summary, now).id
        self._finish(done, now)

    def action_stop_channel(self):
        """Note that the customer does not want the channel he answered on."""
        self._stop(self._channel())

    def action_stop_all(self):
        """Note that the customer wants letters only."""
        self._stop(False)

    def _stop(self, channel):
        if self.kind != "stop":
            raise UserError(self.env._("This suggestion is about something else."))
        self._start()
        now = fields.Datetime.now()
        protection = self.env["collection.protection"].create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "kind": "opt_out",
                "channel": channel,
                "date_from": self.company_id._collection_today(now),
                "source": self._channel(),
                "contact_id": self.contact_id.id,
            }
        )
        self._finish({"protection_id": protection.id}, now)

    def action_undo(self):
        """Take back what the click did: end the pause or the protection, remove the activity."""
        self._check_may_act()
        if self.state != "done":
            raise UserError(self.env._("There is nothing to take back."))
        now = fields.Datetime.now()
        hint = self.sudo()  # the right to work on the case was checked above
        if hint.hold_id.active:
            self.hold_id.action_end()
        if hint.arrangement_id.state in agreement.HOLDING:
            self.arrangement_id.action_cancel()
        hint.protection_id._end(self.env._("Taken back: the answer was read differently."))
        if hint.activity_id.active:
            hint.activity_id.unlink()
        if hint.former_recipient_id and not hint.partner_id.collection_recipient_id:
            hint.partner_id.collection_recipient_id = hint.former_recipient_id
        hint._note_on_case(self.env._("Taken back: %s", self.says))
        hint.write(
            {
                "state": "open",
                "done_on": False,
                "done_by_id": False,
                "hold_id": False,
                "protection_id": False,
                "activity_id": False,
                "arrangement_id": False,
                "former_recipient_id": False,
            }
        )
        hint._refresh_customer(now)

    def _check_may_act(self):
        self.ensure_one()
        self.check_access("read")
        self.case_id.check_access("write")

    def _start(self):
        self._check_may_act()
        # Two people may look at the same answer: the second sees that it is done.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state == "done":
            raise UserError(self.env._("Somebody has done this already."))
        if self.case_id.state == "closed":
            raise UserError(self.env._("Everything is settled: nothing needs to be done any more."))

    def _finish(self, done, now):
        hint = self.sudo()  # `_start` has checked the right to work on the case
        hint.write({**done, "state": "done", "done_on": now, "done_by_id": self.env.uid})
        hint._note_on_case(self.env._("%(says)s: %(done)s", says=self.says, done=self.will))
        hint._refresh_customer(now)

    def _note_on_case(self, text):
        self.case_id._message_log(body=text, author_id=self.env.user.partner_id.id)

    def _refresh_customer(self, now):
        self.case_id._refresh_customers(now, self.company_id, self.partner_id.ids)

    def _pause(self, now):
        """Create the pause, with the user's own right to pause."""
        today = self.company_id._collection_today(now)
        return self.env["collection.hold"].create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "move_id": self.move_id.id,
                "reason": HOLD_REASONS[self.kind],
                "note": self.says,
                "date_start": today,
                "date_end": self._pause_until(now),
            }
        )

    def _pause_until(self, now):
        """Return the last day of the pause this suggestion is about.

        :param datetime now: naive UTC
        """
        today = self.company_id._collection_today(now)
        if self.kind == "promise" and self.day:
            return self._bank_day_after(max(self.day, today), BANK_DAYS_AFTER_PROMISE)
        if self.kind in ("promise", "already_paid"):
            return self._bank_day_after(today, BANK_DAYS_TO_LOOK)
        return today + timedelta(days=DAYS_TO_CLARIFY)

    def _bank_day_after(self, day, count):
        """Return the ``count``-th bank day after a day, by the holidays of the company's country where known."""
        country = self.company_id.country_id.code or ""
        while count:
            day += timedelta(days=1)
            try:
                holidays = calendar.holidays_of(country, "", day.year)
            except calendar.UnknownHolidays:
                holidays = ()
            count -= calendar.is_bank_day(day, holidays)
        return day

    def _clear_recipient(self):
        """Send messages to the customer's other addresses again; return who got them before."""
        customer = self.partner_id.sudo()  # the right to work on the case is checked; the contact is the case's matter
        former = customer.collection_recipient_id
        customer.collection_recipient_id = False
        return former.id

    def _create_activity(self, summary, now):
        today = self.company_id._collection_today(now)
        return self.case_id.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=today,
            summary=summary,
            note=self.quote,
            user_id=self.case_id._acting_user(today).id or self.env.uid,
        )
