"""What may change while an arrangement runs: a missed payment forgiven, a pause, the rest paid early, a new plan.

The arithmetic is `engine.schedule`. Each change is noted with who, when and what it was before.
"""
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..engine import agreement, schedule

#: A longer pause is a new plan.
LONGEST_PAUSE = 184
#: More days for a missed payment, where no limits are in force.
FORGIVEN_DAYS = 7


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    # === FORGIVENESS === #

    def _forgive_by_limit(self, judged, now):
        """Forgive what was missed in the way the limits say; the verdict says that it may be.

        It is an offer of ours, which the customer hears of. More days are given at once. Before the plan changes, the
        customer has as many days from the gentle note to pay or to speak, and a colleague to decide.

        :return: what must be told, as `Tell`; `None` where nothing has changed
        """
        missed, limit = judged.verdict.missed, judged.limit
        way, days = limit.forgiveness or "extra_days", limit.forgiveness_days or FORGIVEN_DAYS
        today = self._today(now)
        comes = any(state.open and state.line.date > today for state in judged.states)
        if len(judged.payments) == 1 or (way == "spread" and not comes):
            way = "extra_days"  # there is no plan to move it in, or nothing comes after it
        if way == "extra_days":
            return self._forgive(way, missed, now, "night", days)
        heard = [self._heard_on(judged, judged.payments[position]) for position in missed]
        if not all(heard) or min(heard) + timedelta(days=days) > today:
            return None
        return self._forgive(way, missed, now, "night")

    @staticmethod
    def _heard_on(judged, payment):
        """Return the day on which the customer heard that a payment is missed; `None` while the note waits to leave."""
        note = judged.notes.get(payment.id)
        if note and note.state in ("planned", "approved", "sending"):
            return None
        return note.sent_on.date() if note and note.state == "sent" else payment.missed_on

    def _forgive(self, way, missed, now, origin="office", days=None, note=False):
        """Forgive missed payments, in one of the ways of `_forgiven_lines`.

        :return: what must be told, as `Tell`
        """
        new = self._forgiven_lines(way, missed, now, days)
        old = self._by_day()[min(missed)]
        old_date, paid = old.date, old.amount_paid
        before = set(self.line_ids.mapped("date"))
        self.sudo().forgiven_count += len(missed)  # the night, or a person whose right was checked
        why = self.env._("The payment of %s was moved or spread, as the limits let us.", format_date(self.env, old_date))
        self._rewrite(new, now, "forgiven", origin, note or why, forgiven=True)
        moved = self._by_day().filtered(lambda line: line.date not in before)[:1]
        if moved and not moved.agreed_date:
            moved.sudo().agreed_date = old_date  # the rest of what was partly paid is a payment of its own
        facts = {
            "old_date": fields.Date.to_string(old_date),
            "missed_date": fields.Date.to_string(old_date) if old_date < self._today(now) else False,
            "new_date": fields.Date.to_string(moved.date) if moved else False,
            "spread_until": False if moved else fields.Date.to_string(self.date_last),
            "paid_amount": paid,
        }
        return self._tell_of("moved", moved or self._next_line(), sum(missed.values()), facts=facts)

    def _forgiven_lines(self, way, missed, now, days=None):
        """Return the payments with those missed forgiven: more days, at the end, or spread over those to come.

        :param str way: 'extra_days', 'shift' or 'spread'
        :param dict missed: position of each missed payment, by day -> what is open of it
        :param int days: of 'extra_days'
        :raise UserError: where it cannot be
        """
        self.ensure_one()
        today = self._today(now)
        records = self._by_day()
        paid = {record.date: self._exact(record.amount_paid) for record in records}
        reduced = [self._exact(record.amount_reduced) for record in records]
        lines = [
            schedule.Line(line.date, line.amount - less)
            for line, less in zip(self._engine_lines(), reduced, strict=True)
        ]
        try:
            if way == "extra_days":
                # Counted from today where the day agreed is long past.
                late = max(0, *((today - lines[position].date).days for position in missed))
                new = schedule.extra_days(lines, missed, today, late + days, self._is_bank_day, self.free_days)
            elif way == "shift":
                day_of_month = self.date_start.day if self.date_start else None
                new = schedule.move_rest_to_end(
                    lines, missed, today, self.rhythm, day_of_month, self._is_bank_day, self.free_days
                )
            else:
                new = schedule.spread(lines, missed, today, self.currency_id.decimal_places, [*paid.values()])
        except schedule.ScheduleError as error:
            raise UserError(self._words_of(error)) from error
        return schedule.put_back(new, sum(reduced, Decimal()), paid)

    def _words_of(self, error):
        """Return why payments cannot be changed as asked."""
        if error.code == "nothing_missed":
            return self.env._("No payment is missed.")
        if error.code == "no_line_left":
            return self.env._("No payment comes after it. Give more days instead.")
        return self._describe_problem(schedule.Problem(error.code, None, error.facts))

    def _engine_lines(self):
        """Return the payments as the engine knows them, in the order of their days."""
        return tuple(schedule.Line(line.date, self._exact(line.amount)) for line in self._by_day())

    def _by_day(self):
        """Return the payments in the order of their days."""
        return self.line_ids.sorted(lambda line: (line.date, line.id))

    def _rewrite(self, new, now, code, origin="office", note=False, forgiven=False):
        """Write changed payments over those there were, and judge at once what is paid on them.

        :param new: `engine.schedule.Line` in order, of the same sum
        :param str code: of the event
        """
        self.ensure_one()
        today = self._today(now)
        records = self.sudo()._by_day()  # the right was checked before
        before = {(line.date, self._exact(line.amount)): line for line in records}
        facts = {"before": [[line.date.isoformat(), str(self._exact(line.amount))] for line in records]}
        facts["after"] = [[line.date.isoformat(), str(line.amount)] for line in new]
        staying = {line: before[line.date, line.amount] for line in new if (line.date, line.amount) in before}
        changed = [line for line in new if line not in staying]
        free = list(records - records.browse().union(*staying.values()))
        # A payment keeps its record where only its amount changed.
        on_day = {line.date: line for line in free}
        pairs = {line: on_day[line.date] for line in changed if line.date in on_day}
        free = [record for record in free if record not in pairs.values()]
        commands = []
        for line in changed:
            record = pairs.get(line) or (free.pop(0) if free else None)
            values = {"date": line.date, "amount": float(line.amount)}
            if not record:
                commands.append(fields.Command.create({**values, "forgiven_on": today if forgiven else False}))
                continue
            if record.date != line.date:
                values |= {"agreed_date": record.agreed_date or record.date, "reminded_on": False, "missed_on": False}
                values["forgiven_on"] = today if forgiven else record.forgiven_on
            commands.append(fields.Command.update(record.id, values))
        commands += [fields.Command.delete(record.id) for record in free]
        self.sudo().write({"line_ids": commands})
        self._note_event(code, now, origin, note=note, facts=facts)
        self._verdicts(now, self.company_id)

    def _judged_now(self, now):
        """Return how it stands at this moment, as `Judged`."""
        [judged] = self.sudo()._stand(now, self.company_id)  # computed from the books
        return judged

    @staticmethod
    def _next_open(judged):
        """Return the next payment that is open, as `Verdict.missed` has those missed."""
        rests = ((position, state.open) for position, state in enumerate(judged.states) if state.open)
        return dict([found]) if (found := next(rests, None)) else {}

    def _check_runs(self):
        """Refuse a change of what does not run."""
        if self.filtered(lambda arrangement: arrangement.state not in agreement.RUNNING):
            raise UserError(self.env._("It does not run. Agree on something new instead."))

    # === BY HAND === #

    def _change(self, way, now, day=None, note=False):
        """Change what runs as a person says, and tell the customer.

        :param str way: 'extra_days', 'shift', 'spread' for what was missed or comes next; 'pause'; 'pay_off'
        :param date day: the last day of the pause, or the day on which everything is paid
        :raise UserError: where it cannot be, or not without making a new plan
        """
        self._check_may_agree()
        self._check_runs()
        self.sudo()._verdicts(now, self.company_id)  # what is paid as of this moment
        new = self._changed_lines(way, now, day)
        if way == "pause":
            self._rewrite(new, now, "paused", note=note)
            self._tell_paused(day, now)
        elif way == "pay_off":
            self._rewrite(new, now, "paid_off", note=note)
            self._tell("changed", now)
        else:
            judged = self._judged_now(now)
            days = judged.limit.forgiveness_days or FORGIVEN_DAYS
            self._tell_all([self._forgive(way, self._to_forgive(judged), now, days=days, note=note)], now)

    def _changed_lines(self, way, now, day=None):
        """Return the payments as they would be, as `_change` does it; changes nothing of what is agreed."""
        self.ensure_one()
        self._check_runs()
        judged = self._judged_now(now)
        if way == "pause":
            new = self._paused_lines(day, now)
        elif way == "pay_off":
            new = self._paid_off_lines(day, now)
        else:
            missed = self._to_forgive(judged)
            if len(missed) > self._forgiveness_left(judged.limit):
                raise UserError(
                    self.env._(
                        "No more payments of it may be forgiven: %s so far. Plan it anew instead; a new plan can be approved.",
                        self.forgiven_count,
                    )
                )
            new = self._forgiven_lines(way, missed, now, judged.limit.forgiveness_days or FORGIVEN_DAYS)
        self._check_not_longer(new, judged.limit, now)
        return new

    def _to_forgive(self, judged):
        """Return what is missed, else the next payment that is open, as `Verdict.missed` has it."""
        if judged.verdict.missed:
            return judged.verdict.missed
        for position, state in enumerate(judged.states):
            if state.open:
                return {position: state.open}
        raise UserError(self.env._("Nothing is left to pay."))

    def _check_not_longer(self, new, limit, now):
        """Refuse to make it longer than the limits allow without a yes."""
        today = self._today(now)
        most = limit.grace_days if len(new) == 1 else limit.longest_days
        last = max(today + timedelta(days=most), self.date_last)  # what was agreed on already is no longer
        if limit and new[-1].date > last:
            raise UserError(
                self.env._(
                    "It would end on %(end)s; without asking it may go on until %(last)s. Plan it anew: a new plan can be "
                    "approved.",
                    end=format_date(self.env, new[-1].date),
                    last=format_date(self.env, max(last, self.date_last)),
                )
            )

    def _paused_lines(self, until, now):
        """Return the payments after a pause: the first to come follows it, the others keep their distance.

        :param date until: the last day of the pause
        :raise UserError: where that is too long, or not after today
        """
        today = self._today(now)
        if not today < until <= today + timedelta(days=LONGEST_PAUSE):
            raise UserError(
                self.env._(
                    "A pause ends after today and by %s. For longer, plan it anew.",
                    format_date(self.env, today + timedelta(days=LONGEST_PAUSE)),
                )
            )
        waiting = self._by_day().filtered(lambda line: not self.currency_id.is_zero(line.amount_left))
        if not waiting:
            raise UserError(self.env._("Nothing is left to pay."))
        longer = until + timedelta(days=1) - waiting[0].date
        if longer <= timedelta():
            raise UserError(self.env._("The next payment comes after that day anyway."))
        taken = {line.date for line in self.line_ids - waiting}
        new = []
        for record, line in zip(self._by_day(), self._engine_lines(), strict=True):
            day = line.date
            if record in waiting:
                day += longer
                while day in taken or not self._is_bank_day(day):
                    day += timedelta(days=1)
                taken.add(day)
            new.append(schedule.Line(day, line.amount))
        return tuple(sorted(new, key=lambda line: line.date))

    def _paid_off_lines(self, day, now):
        """Return the payments with everything that is open due on one day.

        :param date day: not before today
        """
        if day < self._today(now):
            raise UserError(self.env._("Choose today or a later day."))
        paid = [self._exact(line.amount_paid) for line in self._by_day()]
        reduced = sum((self._exact(line.amount_reduced) for line in self.line_ids), Decimal())
        lines = schedule.shrink(self._engine_lines(), paid, reduced).lines if reduced else self._engine_lines()
        try:
            *before, last = schedule.end_early(lines, paid, day)
        except schedule.ScheduleError as error:
            raise UserError(self.env._("Nothing is left to pay.")) from error
        # What was credited stays on the last payment, so that the sum stays.
        return (*before, schedule.Line(last.date, last.amount + reduced))

    # === A NEW PLAN === #

    def action_change(self):
        """Ask what shall change."""
        self._check_may_agree()
        self._check_runs()
        return self.env["collection.reschedule"]._action_open(self)

    def action_replan(self):
        """Open the draft of a new plan about what is left; once it starts, it takes the place of this one."""
        self._check_may_agree()
        self.ensure_one()
        draft = self._replan()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
            "name": self.env._("Plan Anew"),
        }

    def _replan(self):
        """Return the draft of a new plan about what is left of this one.

        :raise UserError: where nothing is left
        """
        self.ensure_one()
        if self.state not in (*agreement.RUNNING, "broken", "lapsed"):
            raise UserError(self.env._("Only what runs or was broken can be planned anew."))
        amounts, waived, left = {}, {}, self._exact(self.amount_left) if self.state in agreement.RUNNING else None
        for item in self.item_ids.sorted(lambda item: (item.date_due, item.id)):
            given_up = min(item.waived_amount, item.residual)
            rest = item.residual if left is None else min(item.residual, float(left) + given_up)
            if item.currency_id.compare_amounts(rest, 0) <= 0:
                continue
            amounts[item.line_id.id], waived[item.line_id.id] = item.currency_id.round(rest), given_up
            if left is not None:
                left -= self._exact(rest - given_up)
        if not amounts:
            raise UserError(self.env._("Nothing is left to pay."))
        draft = self.create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "grace_kind": self.grace_kind,
                "rhythm": self.rhythm if self.rhythm != "own" else "monthly",
                "payment_count": max(len(self.line_ids.filtered(lambda line: line.state not in ("kept", "late"))), 1),
                "item_ids": self._values_of(self.env["account.move.line"].browse(amounts), amounts, waived),
                "replan_of_id": self.id,
            }
        )
        draft._plan_lines()
        return draft
