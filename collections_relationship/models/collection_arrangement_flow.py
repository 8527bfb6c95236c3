"""The way of an arrangement: written, approved, offered, answered, running, ended.

Each change of state passes `_move`, which knows what may follow what and notes who, when and from where.
Limits and approval, messages, judgement and books hang themselves on the hooks at the end of this file.
"""
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..engine import agreement

#: Days an offer stands where nobody says otherwise.
OFFER_DAYS = 14
#: What is kept of somebody's yes while it waits for ours.
EVIDENCE = ("accepted_on", "accepted_how", "accepted_name", "accepted_by_id", "accepted_note")


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    after_yes = fields.Selection(
        [("offer", "Offered to the customer"), ("start", "Starts; it is agreed already")],
        string="What Follows",
        required=True,
        default="offer",
        readonly=True,
        copy=False,
        help="What happens when it is complete and, beyond the limits, approved.",
    )

    # === BUTTONS === #

    def action_offer(self):
        """Offer it to the customer, after an accountant's yes where it is beyond the limits."""
        self._check_may_agree()
        for arrangement in self:
            arrangement._submit(fields.Datetime.now(), "offer")
        return self._notify_state()

    def action_start(self):
        """Ask who agreed and what was said; then it starts at once, or after an accountant's yes."""
        self._check_may_agree()
        self.ensure_one()
        self._check_ready(fields.Datetime.now())
        return self.env["collection.arrangement.answer"]._action_agreed(self)

    def action_accept(self):
        """Say our yes to what the customer has proposed."""
        self._check_may_agree()
        for arrangement in self:
            if arrangement.proposed_by != "customer":
                raise UserError(self.env._("The customer answers what we offered: on our page, by mail or on the phone."))
            arrangement._accept(fields.Datetime.now(), "company")
        return self._notify_state()

    def action_cancel(self):
        """End it; what it covered returns to the follow-up."""
        self._check_may_agree()
        now = fields.Datetime.now()
        for arrangement in self:
            if arrangement.proposed_by == "customer" and arrangement.state in agreement.STANDING:
                arrangement._refuse(now)  # it is not ours to take back
            else:
                arrangement._cancel(now)
        self._refresh_now()

    def action_back_to_draft(self):
        """Take back what waits for a yes, to change it.

        :raise UserError: where the customer knows of it: what he proposed or said yes to stays as it is
        """
        self._check_may_agree()
        for arrangement in self.filtered(lambda arrangement: arrangement.state == "to_approve"):
            if arrangement.proposed_by == "customer" or arrangement.date_offered:
                raise UserError(
                    self.env._("The customer knows these terms, so they stay as they are. Answer with another offer instead.")
                )
            evidence = dict.fromkeys(EVIDENCE, False)  # of a yes to terms that are not these any more
            arrangement._move("draft", fields.Datetime.now(), values=evidence)

    def _notify_state(self):
        """Return the action that says what became of it and closes the dialog."""
        words = {
            "to_approve": self.env._("It is beyond what you may agree on alone; an accountant is asked for a yes."),
            "offered": self.env._("It is offered to the customer and stands until %s."),
            "active": self.env._("It is in force. What it covers is not chased while it is kept."),
        }
        self._refresh_now()
        arrangement = self[:1]
        text = words.get(arrangement.state, "")
        if arrangement.state == "offered":
            text = text % format_date(self.env, arrangement.date_until)
        action = self.env["collection.step"]._notify(text)
        if more := self._action_more():
            action["params"]["next"] = more
        return action

    def _refresh_now(self):
        """Let case and invoices say at once what has become of them, not only after the next refresh."""
        now = fields.Datetime.now()
        for company, arrangements in self.grouped("company_id").items():
            self.env["collection.case"].sudo()._refresh_customers(  # the right to agree was checked
                now, company, arrangements.partner_id.ids
            )

    def _check_may_agree(self):
        """Refuse people who do not work with invoices, and companies that are not theirs."""
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only people who work with invoices may agree on something with a customer."))

    def _check_is_draft(self):
        """Refuse a change of the terms of what was offered already."""
        if not self.env.su and self.filtered(lambda arrangement: arrangement.state != "draft"):
            raise UserError(
                self.env._("What was offered stays as it is. Make a new offer instead; it takes the place of this one.")
            )

    # === THE WAY === #

    def _submit(self, now, after_yes, origin="office", how=False, name=False, person=None, note=False):
        """Bring a draft on its way: to the customer, or into force; beyond the limits, to an accountant first.

        :param datetime now: naive UTC
        :param str after_yes: 'offer' or 'start'
        :param str origin: where this was said, of the origins of `collection.arrangement.event`
        :param str how: where the customer has agreed already, how (`accepted_how`)
        :param str name: who agreed, in words
        :param person: `res.partner` who agreed
        :raise UserError: where it does not add up or something of it cannot be agreed on now
        """
        self.ensure_one()
        self._check_ready(now)
        values = {"after_yes": after_yes}
        if how:
            values.update(
                accepted_on=now,
                accepted_how=how,
                accepted_name=name or self.partner_id.name,
                accepted_by_id=person.id if person else False,
            )
        self.sudo().write(values)  # `_check_may_agree`, or the customer's link, comes before
        self.env["collection.hint"].search([("contact_id", "in", self.contact_id.ids)])._agreed(self, now)
        if self._beyond(now):
            self._move("to_approve", now, origin, note=note)
            self._ask_for_yes(now)
        else:
            self._continue(now, origin, note)

    def _check_ready(self, now):
        """Refuse to bring on its way what is no draft, does not add up or cannot be agreed on now.

        :raise UserError: says what, and what to do
        """
        if self.state != "draft":
            raise UserError(self.env._("It has been offered already."))
        self._check_shown(now)
        self._check_complete()
        self._check_days(now)
        self.item_ids._check_open(self._today(now))

    def _continue(self, now, origin="office", note=False):
        """Let what is complete and approved happen: offer it, or start it."""
        if self.after_yes == "start":
            self._start(now, origin, note)
        else:
            self._offer(now, origin, note)

    def _offer(self, now, origin="office", note=False):
        """Put the offer before the other side; it takes the place of what stood in its negotiation."""
        self.ensure_one()
        values = {"date_offered": now}
        if not self.date_until:
            # Nobody can say yes any more once the first payment's day has passed.
            usual = fields.Date.add(self._today(now), days=self._offer_days())
            values["date_until"] = min(usual, self.date_first)
        self._replace_others(now, origin, keep_alternatives=True)
        self._move("offered", now, origin, note=note, values=values)
        self._tell("offered", now)

    def _replace_others(self, now, origin, keep_alternatives=False):
        """Let what else stands in the negotiation make way; several offered side by side may stand together."""
        others = self.sudo().search(  # the same customer's negotiation
            [
                ("negotiation_id", "=", self.negotiation_id.id),
                ("id", "!=", self.id),
                ("state", "in", agreement.STANDING),
            ]
        )
        for other in others:
            if keep_alternatives and self.is_alternative and other.is_alternative and other.proposed_by == self.proposed_by:
                continue
            other._move("countered", now, origin)

    def _accept(self, now, how, origin="office", name=False, person=None, note=False):
        """Write the yes of the other side, with who, when and how.

        Two who accept at the same moment are one after the other; the second finds it started.

        :param str how: of `accepted_how`
        :raise UserError: where the offer stands no more, or the ledger has moved on
        """
        self.ensure_one()
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state", "date_until"])
        if self.state != "offered":
            raise UserError(self._words_not_standing())
        if self.date_until and self.date_until < self._today(now):
            raise UserError(
                self.env._("The offer stood until %s. Ask for a new one.", fields.Date.to_string(self.date_until))
            )
        self._check_days(now)  # an offer may stand longer than until its first payment
        self.item_ids._check_open(self._today(now))
        self.sudo().write(
            {
                "accepted_on": now,
                "accepted_how": how,
                "accepted_name": name or self.partner_id.name,
                "accepted_by_id": person.id if person else False,
                "after_yes": "start",
            }
        )
        if self._beyond(now) and not self._is_approved(now):
            self._move("to_approve", now, origin, person=person, note=note)
            self._ask_for_yes(now)
        else:
            self._start(now, origin, note, person)

    def _words_not_standing(self):
        """Return why an offer cannot be accepted any more."""
        state = dict(self._fields["state"]._description_selection(self.env))[self.state]
        return self.env._("This offer does not stand any more: %s.", state)

    def _start(self, now, origin="office", note=False, person=None):
        """Put it into force: what it covers leaves the chase, payments count from now."""
        self.ensure_one()
        self.item_ids._note_matched()
        self._replace_others(now, origin)
        old = self.replan_of_id
        if old.state in agreement.RUNNING:
            old._end("cancelled", now, "replanned", origin)
            old.item_ids.flush_recordset(["is_running"])  # what it covered is free before this one takes it
        self._move(
            "active",
            now,
            origin,
            note=note,
            person=person,
            values={
                "accepted_on": self.accepted_on or now,  # the yes may have waited for ours
                "accepted_how": self.accepted_how or "company",
                "accepted_name": self.accepted_name or self.partner_id.name,
                "started_on": self._today(now),
            },
        )
        self.flush_recordset()  # of two that cover the same invoice, the second is refused here
        self._started(now)
        self._tell("confirmed", now)

    def _refuse(self, now, origin="office", person=None, note=False):
        """Write the no of the other side, or of the accountant."""
        self._end("refused", now, "refused", origin, note, person)

    def _cancel(self, now, origin="office", note=False):
        for arrangement in self:
            arrangement._end("cancelled", now, "cancelled", origin, note)

    def _lapse(self, now, origin="night"):
        """Let offers whose day has passed fall."""
        for arrangement in self:
            arrangement._end("lapsed", now, "not_answered", origin)

    def _end(self, state, now, code, origin="night", note=False, person=None, facts=None):
        """End it; what it covered returns to the follow-up, at a mild step.

        :param str state: 'kept', 'broken', 'lapsed', 'refused' or 'cancelled'
        :param str code: why
        """
        self.ensure_one()
        values = {"ended_on": now, "end_code": code, "end_note": note}
        self._move(state, now, origin, code=code, note=note, person=person, facts=facts, values=values)
        self._ended(now)

    def _move(self, state, now, origin="office", *, code=False, note=False, person=None, facts=None, values=None):
        """Change the state and note it: the one way an arrangement goes.

        :param dict facts: what it was decided on, JSON-able
        :param dict values: written along
        :raise UserError: where the state cannot follow the present one
        """
        self.ensure_one()
        if not agreement.may_become(self.state, state):
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "An arrangement that is “%(before)s” cannot become “%(after)s”.",
                    before=states[self.state],
                    after=states[state],
                )
            )
        # Whoever calls has checked the right: the user's groups, the customer's link, or it is the night.
        self.sudo().write({**(values or {}), "state": state})
        self._note_event(code or state, now, origin, note=note, person=person, facts=facts)
        if origin == "office" and state != "draft":
            self._read_what_it_answers()
        self.env["collection.dirty"]._mark(self.partner_id.ids)

    def _read_what_it_answers(self):
        """Whoever answers what the customer proposed has read it: what we say to it may leave.

        Anything else he said meanwhile still waits for a reader.
        """
        case = self.case_id.sudo()  # the right to agree was checked
        if not case.reply_unread_since:
            return
        versions = self.sudo()._versions()
        said = set(versions.event_ids.filtered(lambda event: event.origin == "page").mapped("date"))
        unread = self.env["collection.contact"].sudo().search(
            [("case_id", "=", case.id), ("date", ">=", case.reply_unread_since), ("direction", "=", "in")]
        )
        unread = unread.filtered(lambda contact: contact._tells())
        answered = unread.filtered(
            lambda contact: contact in versions.contact_id or (contact.channel == "portal" and contact.date in said)
        )
        if answered and answered == unread:
            case.action_mark_reply_read()

    def _note_event(self, code, now, origin="office", *, note=False, person=None, facts=None):
        """Write down what happened, with who, when and from where."""
        self.env["collection.arrangement.event"].sudo().create(  # insert-only, by the flow alone
            [
                {
                    "arrangement_id": arrangement.id,
                    "date": now,
                    "code": code,
                    "state": arrangement.state,
                    "origin": origin,
                    "user_id": self.env.uid if origin != "page" else False,
                    "partner_id": person.id if person else False,
                    "note": note,
                    "facts": facts,
                }
                for arrangement in self
            ]
        )

    def _counter(self, values, now, proposed_by, origin="office", person=None):
        """Answer an offer with another one; the newest stands, the others are kept.

        :param dict values: terms that differ: `line_ids`, `item_ids`, `grace_kind`, `date_until`
        :param str proposed_by: 'company' or 'customer'
        :return: the new draft; `_submit` brings it on its way
        """
        self.ensure_one()
        if self.state not in agreement.STANDING and self.state != "draft":
            raise UserError(self._words_not_standing())
        items = self._values_of(
            self.item_ids.line_id,
            {item.line_id.id: item.amount for item in self.item_ids},
            {item.line_id.id: item.waived_amount for item in self.item_ids},
        )
        # As `_move`: the right was checked before. Nobody is assigned anew to what he is responsible for already.
        counter = self.sudo().with_context(mail_auto_subscribe_no_notify=True).create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "user_id": self.user_id.id,
                "grace_kind": self.grace_kind,
                "item_ids": items,
                **values,
                "proposed_by": proposed_by,
                "proposer_id": self.env.uid if proposed_by == "company" else False,
                "replaces_id": self.id,
                "replan_of_id": self.replan_of_id.id,
            }
        )
        return counter.with_env(self.sudo().env)

    def _today(self, now):
        return self.company_id._collection_today(now)

    def _check_days(self, now):
        """Refuse payments in the past and two on one day."""
        today = self._today(now)
        dates = self.line_ids.mapped("date")
        if any(day < today for day in dates):
            raise UserError(
                self.env._("A payment lies in the past: %s. Choose today or a later day.", fields.Date.to_string(min(dates)))
            )
        if len(set(dates)) < len(dates):
            raise UserError(self.env._("Two payments are on the same day. Put them together, or move one."))

    # === HOOKS: filled in by the files that follow === #

    def _check_shown(self, now):
        """Refuse what the window shows as wrong.

        :raise UserError: says what
        """

    def _offer_days(self):
        """Return how many days an offer stands."""
        return OFFER_DAYS

    def _beyond(self, now):
        """Return in which respects it is beyond what its proposer may agree on alone; empty: inside."""
        return []

    def _is_approved(self, now):
        """Tell whether its terms, as they are, have been approved."""
        return False

    def _ask_for_yes(self, now):
        """Ask accountants for their yes."""

    def _tell(self, what, now, line=None):
        """Plan the message to the customer about what happened.

        :param str what: offered, confirmed, changed, paused, soon, missed, paid, nearly_done, kept, lapsed
        :param line: the payment it is about
        """

    def _page_link(self, step):
        """Return the address of the page on which the customer answers, for the message of `step`; empty: none."""
        return False

    def _started(self, now):
        """Do what follows the start, such as the agreement as PDF."""

    def _paid_in_full(self, now):
        """Do what follows once all that was agreed is paid: it is kept."""
        self._end("kept", now, "kept")

    def _ended(self, now):
        """Do what follows the end."""
