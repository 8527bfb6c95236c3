"""What is wrong with an arrangement as it was typed, in words, while somebody types and before it goes its way.

The arithmetic refuses in codes of `engine.schedule`; here they are put into words.
"""
import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..engine import schedule
from .collection_arrangement_terms import TERMS


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    stands_text = fields.Char(compute="_compute_stands_text")
    currencies_text = fields.Char(compute="_compute_currencies_text")
    problem_text = fields.Char(compute="_compute_problem_text")

    @api.depends("state", "date_until", "line_ids.date", "partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_stands_text(self):
        now = fields.Datetime.now()
        for arrangement in self:
            first = min((line.date for line in arrangement.line_ids if line.date), default=None)
            if arrangement.state != "draft" or arrangement.date_until or not first or not arrangement.company_id:
                arrangement.stands_text = False
                continue
            usual = fields.Date.add(arrangement._today(now), days=arrangement._offer_days())
            if first <= usual:
                words = arrangement.env._("An offer stands until %s, the day of the first payment.")
            else:
                words = arrangement.env._("An offer stands until %s.")
            arrangement.stands_text = words % format_date(arrangement.env, min(first, usual))

    @api.depends_context("collection_more_lines", "lang")
    @api.depends("currency_id")
    def _compute_currencies_text(self):
        more = self.env["account.move.line"].browse(self.env.context.get("collection_more_lines") or ())
        names = ", ".join(more.currency_id.mapped("name"))
        for arrangement in self:
            arrangement.currencies_text = bool(names) and self.env._(
                "Each currency has an arrangement of its own. This one is about %(this)s; then comes %(next)s.",
                this=arrangement.currency_id.name,
                next=names,
            )

    @api.depends(
        "date_until",
        "line_ids.date",
        "line_ids.amount",
        "item_ids.line_id",
        "item_ids.amount",
        "item_ids.waived_amount",
        *sorted(TERMS - {"pasted"}),
    )
    @api.depends_context("lang")
    def _compute_problem_text(self):
        today_of = {company: company._collection_today(fields.Datetime.now()) for company in self.company_id}
        for arrangement in self:
            arrangement.problem_text = False
            if arrangement.state != "draft" or not arrangement.item_ids or not arrangement.currency_id:
                continue
            today = today_of[arrangement.company_id]
            words = arrangement._item_problems() or [
                *(arrangement._describe_problem(one) for one in arrangement._problems(today)),
                *arrangement._until_problems(today),
            ]
            arrangement.problem_text = " ".join(dict.fromkeys(words))

    def _item_problems(self):
        """Return in words what of the invoices cannot be agreed on as it was typed."""
        return list(self.item_ids._problems(self._today(fields.Datetime.now())))

    def _until_problems(self, today):
        """Return in words why an offer cannot stand until the day typed."""
        first = min((line.date for line in self.line_ids if line.date), default=None)
        if not self.date_until or not first or first < today:
            return []
        facts = {"until": format_date(self.env, self.date_until), "first": format_date(self.env, first)}
        if self.date_until < today:
            return [self.env._("The offer would stand until %(until)s, which has passed. Choose today or a later day.", **facts)]
        if self.date_until > first:
            return [
                self.env._(
                    "The offer would stand until %(until)s, but the first payment is on %(first)s. Choose that day or an "
                    "earlier one, or a later first payment.",
                    **facts,
                )
            ]
        return []

    def _check_still_stands(self, now):
        """Refuse to offer until a day that has passed while somebody's yes was waited for."""
        if self.after_yes == "offer" and self.date_until and self.date_until < self._today(now):
            raise UserError(
                self.env._(
                    "%(arrangement)s was to stand until %(day)s, which has passed. Refuse it, or write other terms.",
                    arrangement=self.display_name,
                    day=format_date(self.env, self.date_until),
                )
            )

    def _problems(self, today):
        """Return what is wrong with the payments as they are, as the engine says it."""
        if self.rhythm != "own":
            try:
                self._planned()
            except schedule.ScheduleError as error:
                return [schedule.Problem(error.code, None, error.facts)]
        lines = [
            schedule.Line(line.date, self._exact(line.amount))
            for line in self.line_ids.sorted(lambda line: line.date or today)
            if line.date
        ]
        return list(schedule.check_lines(lines, self._to_pay(), self.currency_id.decimal_places, today))

    def _check_days(self, now):
        """Refuse payments that are no plan: past, twice on a day, not what is to be paid."""
        if problems := self._problems_typed(self._today(now)):
            raise UserError(" ".join(dict.fromkeys(self._describe_problem(problem) for problem in problems)))

    def _check_shown(self, now):
        """Refuse to bring on its way what the window calls wrong: what stands there must be what is sent."""
        today = self._today(now)
        problems = self._item_problems()
        if self.rhythm != "own":
            try:
                self._planned()
            except schedule.ScheduleError as error:
                problems.append(self._describe_problem(schedule.Problem(error.code, None, error.facts)))
        if problems := problems or self._until_problems(today):
            raise UserError(" ".join(dict.fromkeys(problems)))

    def _problems_typed(self, today):
        """Return what is wrong with the payments, however they came about."""
        lines = [schedule.Line(line.date, self._exact(line.amount)) for line in self.line_ids.sorted("date")]
        return schedule.check_lines(
            lines, self._exact(self.amount_covered - self.amount_waived), self.currency_id.decimal_places, today
        )

    def _describe_problem(self, problem, rows=()):
        """Return one sentence: what is wrong with the terms or a payment, and what to do.

        :param engine.schedule.Problem problem:
        :param rows: the text that was pasted, where it is about one of its rows
        """
        facts = {name: self._say_fact(value) for name, value in problem.facts.items()}
        code = problem.code
        if code == "not_summing":
            code = "too_much" if problem.facts["difference"] > 0 else "too_little"
            facts["difference"] = self._say_fact(abs(problem.facts["difference"]))
        words = self._problem_words().get(code)
        if not words:
            return self.env._("These payments cannot be planned. Choose other terms.")
        text = re.sub(r"%\((\w+)\)s", lambda found: facts.get(found[1], ""), words)
        if rows and problem.line is not None:
            return self.env._("Row %(row)s: %(text)s", row=problem.line + 1, text=text)
        return text

    def _say_fact(self, value):
        if isinstance(value, Decimal):
            return self.currency_id.format(float(value))
        if isinstance(value, (int, str)):
            return str(value)
        return format_date(self.env, value)

    @api.model
    def _problem_words(self):
        """Return the words for each code of `engine.schedule`."""
        return {
            "nothing_to_plan": self.env._("Nothing is left to pay. Choose what it covers, or give up less."),
            "payment_count_negative": self.env._("The number of payments is below zero. Enter how many there are."),
            "payment_size_negative": self.env._("The amount each time is below zero. Enter how much is paid each time."),
            "round_to_negative": self.env._("The steps are below zero. Enter a step such as 10, or nothing."),
            "deposit_negative": self.env._("The down payment is below zero. Enter an amount, or nothing."),
            "size_too_large": self.env._(
                "The amount each time is more than the %(total)s there is to pay. Choose a smaller one, or one payment."
            ),
            "too_far": self.env._("%(date)s is too far away. Look at the year."),
            "too_large": self.env._("“%(text)s” is more than anybody owes. Look at the amount."),
            "count_or_size": self.env._("Say how many payments, or how much each time."),
            "size_too_small": self.env._("So small payments would take too long. Choose a larger amount."),
            "too_many_lines": self.env._("There are too many payments. Choose fewer, larger ones."),
            "deposit_too_large": self.env._(
                "The down payment is as much as all there is to pay. Choose a smaller one, or one payment."
            ),
            "deposit_date_missing": self.env._("Say when the down payment comes."),
            "own_dates_missing": self.env._("Type the days and amounts below, or paste them."),
            "dates_not_ordered": self.env._("The down payment comes first: choose an earlier day for it."),
            "rounding_too_coarse": self.env._("The steps are larger than a payment. Choose smaller steps."),
            "too_precise": self.env._("An amount has more decimals than the currency. Round it."),
            "no_bank_day": self.env._("No bank day was found near a payment. Choose another day."),
            "no_lines": self.env._("Say when the customer pays: at least one payment."),
            "not_positive": self.env._("A payment of %(amount)s is none. Enter an amount above zero, or remove the line."),
            "past": self.env._("The payment of %(date)s lies in the past. Choose today or a later day."),
            "double": self.env._("Two payments are on %(date)s. Put them together, or move one."),
            "unordered": self.env._("The payment of %(date)s stands after a later one. Put them in order."),
            "too_little": self.env._(
                "The payments come to %(found)s instead of %(total)s. Add the missing %(difference)s to one of them."
            ),
            "too_much": self.env._(
                "The payments come to %(found)s instead of %(total)s. Take the %(difference)s too much off one of them."
            ),
            "date_unreadable": self.env._("“%(text)s” is no day I can read. Write it as in your other dates."),
            "amount_unreadable": self.env._("“%(text)s” is no amount I can read."),
            "several_amounts": self.env._("“%(text)s” has more than one amount. Keep the one that counts."),
        }
