"""What follows a verdict: thanks, a gentle note, forgiveness, the end. Each of it is told to the customer.

Nobody is told twice what one message can say, and nothing is taken away that he was not warned of.
"""
from contextlib import nullcontext
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..engine import agreement, judgement
from ..engine.instalment import NOTHING
from .collection_arrangement_change import FORGIVEN_DAYS
from .collection_arrangement_judge import PAID, STORED
from .collection_arrangement_message import MISSED


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    def _follow(self, judged, now):
        """Let follow what a verdict means: the end, forgiveness, a message.

        :return: what must be told, as `Tell`
        """
        arrangement, verdict = judged.arrangement, judged.verdict
        arrangement._note_returned(judged, now)
        if arrangement.state == "kept":
            return arrangement._reopen(judged, now)
        if verdict.overall == judgement.KEPT:
            return arrangement._follow_paid(judged, now)
        if verdict.overall == judgement.REDUCED:
            arrangement._end("cancelled", now, "credited")
            return []
        if verdict.overall in (judgement.MISSED, judgement.BROKEN) and not (judged.waits or judged.is_unread):
            return arrangement._follow_missed(judged, now)
        return arrangement._thanks(judged, now) or arrangement._tell_reduced(judged)

    def _tell_reduced(self, judged):
        """Tell that a credit note has made the plan smaller, and what is left.

        :return: what must be told, as `Tell`
        """
        before = sum((payment.amount_reduced for payment in judged.payments), NOTHING)
        less = sum((state.reduced for state in judged.states), NOTHING) - before
        if less <= 0:
            return []
        position = next(position for position, state in enumerate(judged.states) if state.open)
        facts = {"credited_amount": float(less)}
        return [self._tell_of("reduced", judged.payments[position], judged.states[position].open, position + 1, facts)]

    def _follow_paid(self, judged, now):
        """End what is paid; where the books cannot follow now, somebody is told why."""
        try:
            # Only where something is given up entries are written, which may be refused.
            with self.env.cr.savepoint() if self.kind == "settlement" else nullcontext():
                self._paid_in_full(now)
        except UserError as error:
            self._call_somebody(now, self.env._("Everything agreed is paid, but the books could not follow"), str(error))
            return []
        if self.state != "kept":
            return []
        came = judged.received - sum((payment.amount_paid for payment in judged.payments), NOTHING)
        facts = {**self._received_facts(judged, came), "remaining_amount": 0.0} if came > 0 else None
        return [self._tell_of("kept", judged.payments[-1], facts=facts)]

    def _note_returned(self, judged, now):
        """Note that money which had paid something here was taken back."""
        before = sum((payment.amount_paid for payment in judged.payments), NOTHING)
        less = before - sum((state.paid for state in judged.states), NOTHING)
        if less > 0 and self.state in agreement.RUNNING:
            note = self.env._("A payment was taken back: %s less is paid.", self.currency_id.format(float(less)))
            self._note_event("payment_returned", now, "night", note=note)

    def _reopen(self, judged, now):
        """A payment was taken back: what was kept runs again, and somebody is told."""
        if judged.verdict.overall in (judgement.KEPT, judgement.REDUCED):
            return []
        self._move(
            "active",
            now,
            "night",
            code="payment_returned",
            values={"ended_on": False, "end_code": False, "end_note": False},
        )
        self._call_somebody(
            now,
            self.env._("A payment was taken back"),
            self.env._("It was kept; now %s is open again.", self.currency_id.format(self.amount_left)),
        )
        return []

    def _follow_missed(self, judged, now):
        """Forgive what was missed as the limits say; where that is used up, it is broken.

        :return: what must be told, as `Tell`
        """
        verdict = judged.verdict
        if self.kind == "settlement":
            return self._follow_missed_settlement(judged, now)
        notes = [] if judged.payments[verdict.first_missed].missed_on else [self._note_of(judged)]
        # Who hears of a part in the note itself is not thanked for it a second time.
        thanks = [tell for tell in self._thanks(judged, now) if tell.what != "part_paid" or not notes]
        if verdict.overall == judgement.MISSED:
            moved = self._forgive_by_limit(judged, now)
            return [*thanks, *([moved] if moved else notes)]
        facts = {"paid": str(sum((state.paid for state in judged.states), NOTHING)), "share": float(verdict.paid_share)}
        late = judged.payments[verdict.first_missed]
        reason = self.env._(
            "%(amount)s of %(day)s did not come.",
            amount=self.currency_id.format(float(judged.states[verdict.first_missed].open)),
            day=format_date(self.env, late.date),
        )
        self._end("broken", now, "partly_kept" if verdict.paid_share > 0 else "not_kept", note=reason, facts=facts)
        return notes

    def _note_of(self, judged, facts=None):
        """Return the gentle note that a payment has not come, or not all of it."""
        position = judged.verdict.first_missed
        payment, state = judged.payments[position], judged.states[position]
        if self.kind == "settlement":
            what, facts = "missed", {**(facts or {}), "paid_amount": float(state.paid)}
        else:
            what, facts = ("part_missed", {"received_amount": float(state.paid)}) if state.paid else ("missed", None)
        return self._tell_of(what, payment, state.open, position + 1, facts)

    def _follow_missed_settlement(self, judged, now):
        """Let a settlement lapse only after a gentle note that named the last day has left and that day is over.

        Where no note can reach the customer, a person decides.

        :return: what must be told, as `Tell`
        """
        today = self._today(now)
        payment = judged.payments[judged.verdict.first_missed]
        days = judged.limit.forgiveness_days or FORGIVEN_DAYS
        last_day = self._roll_to_bank_day(today + timedelta(days=days))
        note = judged.notes.get(payment.id)
        if not payment.missed_on or (note and note.state == "cancelled"):
            return [self._note_of(judged, {"last_day": fields.Date.to_string(last_day)})]
        thanks = self._thanks(judged, now)
        if not note:
            self._call_somebody_once(
                now,
                self.env._("A settlement is not paid, and the customer could not be told"),
                self.env._("Talk to the customer. It goes on until you end it."),
            )
        elif note.state != "sent":
            # The day it names moves along until it has left.
            note.details = {**note.details, "last_day": fields.Date.to_string(last_day)}
        elif fields.Date.to_date(note.details["last_day"]) < today:
            paid = sum((state.paid for state in judged.states), NOTHING)
            self._end("lapsed", now, "not_paid", facts={"paid": str(paid), "share": float(judged.verdict.paid_share)})
            return [self._tell_of("lapsed", payment)]
        return thanks

    @api.model
    def _read_notes(self, verdicts):
        """Return the newest gentle note, planned or sent, about each payment that is missed, by the payment's id.

        :param verdicts: list of `Judged`
        """
        missed = [judged.payments[position].id for judged in verdicts for position in judged.verdict.missed]
        steps = self.env["collection.step"].search([("arrangement_line_id", "in", missed)], order="id") if missed else ()
        return {step.arrangement_line_id.id: step for step in steps if step._said() in MISSED}

    def _roll_to_bank_day(self, day):
        while not self._is_bank_day(day):
            day += timedelta(days=1)
        return day

    def _thanks(self, judged, now):
        """Thank for what has come since, in one message however much it is: what it covers, and what comes next.

        :return: what must be told, as `Tell`
        """
        came = judged.received - sum((payment.amount_paid for payment in judged.payments), NOTHING)
        position = next((number for number, state in enumerate(judged.states) if state.open), None)
        if came <= 0 or position is None:
            return []
        names = [STORED.get(name, name) for name in judged.verdict.states]
        is_new = any(
            name in PAID and payment.state not in PAID for payment, name in zip(judged.payments, names, strict=True)
        )
        payment, state = judged.payments[position], judged.states[position]
        facts = self._received_facts(judged, came)
        if not is_new:
            return [self._tell_of("part_paid", payment, state.open, position + 1, facts)]
        facts |= {
            "ahead_amount": float(state.paid),
            "quiet_until": fields.Date.to_string(payment.date) if payment.date > self._today(now) else False,
            "paid_count": sum(name in PAID for name in names),
            "plan_count": sum(name != judgement.REDUCED for name in names),
        }
        is_last = sum(bool(state.open) for state in judged.states) == 1
        what = "nearly_done" if is_last and len(judged.payments) > 1 else "paid"
        return [self._tell_of(what, payment, state.open, position + 1, facts)]

    def _received_facts(self, judged, came):
        """Return the words about money that came: how much, and on which day."""
        days = [day for state in judged.states for day, _amount in state.receipts]
        return {"received_amount": float(came), "received_on": fields.Date.to_string(max(days))}

    def _call_somebody_once(self, now, summary, note):
        """Give whoever is responsible something to do about it, unless that waits for him already."""
        if summary not in self.activity_ids.mapped("summary"):
            self._call_somebody(now, summary, note)

    def _call_somebody(self, now, summary, note=False):
        """Give whoever is responsible something to do about it."""
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            self._today(now),
            summary,
            note or "",
            user_id=self.user_id.id or self.env.uid,
        )
