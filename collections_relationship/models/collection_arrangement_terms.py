"""How the payments of an arrangement come about: a rhythm, a number, a deposit; or typed, or pasted.

The arithmetic is `engine.schedule`; here are its terms as a person enters them, and its refusals in words.
"""
import re
from decimal import Decimal
from functools import lru_cache

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..engine import calendar, schedule

#: Payments proposed before anybody says how many.
USUAL_COUNT = 3
#: Days until the first payment proposed.
USUAL_START = 7
RHYTHMS = [
    ("once", "Once"),
    ("weekly", "Every week"),
    ("two_weekly", "Every 2 weeks"),
    ("four_weekly", "Every 4 weeks"),
    ("monthly", "Every month"),
    ("month_end", "On the last day of each month"),
    ("quarterly", "Every quarter"),
    ("own", "On days of your own"),
]
TERMS = frozenset(
    {
        "rhythm",
        "payment_count",
        "payment_size",
        "date_start",
        "deposit",
        "date_deposit",
        "round_to",
        "rest_in",
        "free_days",
        "pasted",
    }
)


@lru_cache(maxsize=64)
def _holidays_of(country, year):
    try:
        return frozenset(calendar.holidays_of(country, "", year))
    except calendar.UnknownHolidays:
        return frozenset()


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    rhythm = fields.Selection(RHYTHMS, required=True, default="monthly", string="Pays")
    payment_count = fields.Integer(string="How Many", default=USUAL_COUNT, aggregator=None)
    payment_size = fields.Monetary(string="Or How Much Each Time", help="How many there are follows from it.")
    date_start = fields.Date(string="First Payment On")
    deposit = fields.Monetary(string="Down Payment")
    date_deposit = fields.Date(string="Down Payment On")
    round_to = fields.Monetary(string="In Steps Of", help="Such as 10: each payment is a multiple, one takes the rest.")
    rest_in = fields.Selection(
        [("last", "The last payment"), ("first", "The first payment")], string="Takes the Rest", required=True, default="last"
    )
    free_days = fields.Selection(
        [("after", "The next bank day"), ("before", "The bank day before"), ("keep", "Left as it is")],
        string="On a Weekend or Holiday",
        required=True,
        default="after",
    )
    pasted = fields.Text(
        string="Paste From a Spreadsheet", store=False, help="A day and an amount in each row, as copied from a spreadsheet."
    )
    terms_text = fields.Char(string="In Short", compute="_compute_terms_text")
    problem_text = fields.Char(compute="_compute_problem_text")

    @api.model
    def _term_names(self):
        return super()._term_names() | TERMS

    # === FROM THE TERMS TO THE PAYMENTS === #

    @api.onchange(
        "rhythm",
        "payment_count",
        "payment_size",
        "date_start",
        "deposit",
        "date_deposit",
        "round_to",
        "rest_in",
        "free_days",
        "item_ids",
    )
    def _onchange_terms(self):
        if self.rhythm != "own":
            self._plan_lines()

    @api.onchange("line_ids")
    def _onchange_line_ids(self):
        """A payment changed by hand stays as typed: the rhythm is the customer's own from then on."""
        if self.rhythm == "own" or not self.line_ids:
            return
        try:
            planned = self._planned()
        except schedule.ScheduleError:
            return
        typed = sorted((line.date or fields.Date.today(), self._exact(line.amount)) for line in self.line_ids)
        if typed != [(line.date, line.amount) for line in planned]:
            self.rhythm = "own"

    @api.onchange("payment_size")
    def _onchange_payment_size(self):
        if self.payment_size:
            self.payment_count = 0

    @api.onchange("payment_count")
    def _onchange_payment_count(self):
        if self.payment_count:
            self.payment_size = 0

    @api.onchange("pasted")
    def _onchange_pasted(self):
        if not (self.pasted or "").strip():
            return None
        lang = self.env["res.lang"]._get_data(code=self.env.user.lang or "en_US")
        day_first = not lang.date_format or lang.date_format.index("%d") < lang.date_format.index("%m")
        lines, problems = schedule.parse_lines(
            self.pasted, self.currency_id.decimal_places, day_first, lang.decimal_point or "."
        )
        rows = self.pasted.splitlines()
        if problems:
            return {
                "warning": {
                    "title": self.env._("Not all of it can be read"),
                    "message": "\n".join(self._describe_problem(problem, rows) for problem in problems),
                }
            }
        self.rhythm = "own"
        self.pasted = False
        self.line_ids = [Command.clear()] + [
            Command.create({"date": line.date, "amount": float(line.amount)}) for line in lines
        ]
        return None

    def _plan_lines(self):
        """Write the payments that follow from the terms; where they make none, leave what is there."""
        try:
            planned = self._planned()
        except schedule.ScheduleError:
            return
        self.line_ids = [Command.clear()] + [
            Command.create({"date": line.date, "amount": float(line.amount)}) for line in planned
        ]

    def _planned(self):
        """Return the payments that follow from the terms.

        :rtype: tuple[engine.schedule.Line, ...]
        :raise engine.schedule.ScheduleError: where they make none
        """
        self.ensure_one()
        once = self.rhythm == "once"
        size = self.payment_size if not once and not self.currency_id.is_zero(self.payment_size) else 0
        to_pay = sum(self.item_ids.mapped("amount")) - sum(self.item_ids.mapped("waived_amount"))
        terms = schedule.Terms(
            total=self._exact(to_pay),
            digits=self.currency_id.decimal_places,
            start=self.date_start or self._usual_start(fields.Datetime.now()),
            rhythm=self.rhythm,
            count=None if once or size else self.payment_count or 1,
            size=self._exact(size) if size else None,
            deposit=self._exact(self.deposit),
            deposit_on=self.date_deposit or None,
            round_to=self._exact(self.round_to) or None,
            rest_in=self.rest_in,
        )
        return schedule.plan(terms, self._is_bank_day, self.free_days)

    def _usual_start(self, now):
        """Return the day proposed for the first payment."""
        return fields.Date.add(self._today(now), days=USUAL_START)

    def _is_bank_day(self, day):
        """Tell whether banks of the company's country book on a day."""
        return calendar.is_bank_day(day, _holidays_of(self.company_id.country_id.code or "", day.year))

    def _exact(self, amount):
        """Return an amount as a decimal number in the currency's own precision."""
        digits = self.currency_id.decimal_places
        return Decimal(f"{self.currency_id.round(amount):.{digits}f}")

    # === IN WORDS === #

    @api.depends("line_ids.date", "line_ids.amount", "item_ids.amount", "item_ids.waived_amount", "kind")
    @api.depends_context("lang")
    def _compute_terms_text(self):
        for arrangement in self:
            dates = sorted(line.date for line in arrangement.line_ids if line.date)
            if not dates or not arrangement.currency_id:
                arrangement.terms_text = False
                continue
            facts = {
                "amount": arrangement.currency_id.format(arrangement.amount_agreed),
                "count": len(dates),
                "first": format_date(self.env, dates[0]),
                "last": format_date(self.env, dates[-1]),
            }
            if len(dates) == 1:
                arrangement.terms_text = self.env._("%(amount)s on %(first)s", **facts)
            else:
                arrangement.terms_text = self.env._(
                    "%(amount)s in %(count)s payments, from %(first)s to %(last)s", **facts
                )

    @api.depends(
        "line_ids.date", "line_ids.amount", "item_ids.amount", "item_ids.waived_amount", *sorted(TERMS - {"pasted"})
    )
    @api.depends_context("lang")
    def _compute_problem_text(self):
        today_of = {company: company._collection_today(fields.Datetime.now()) for company in self.company_id}
        for arrangement in self:
            arrangement.problem_text = False
            if arrangement.state != "draft" or not arrangement.item_ids or not arrangement.currency_id:
                continue
            problems = arrangement._problems(today_of[arrangement.company_id])
            arrangement.problem_text = " ".join(dict.fromkeys(arrangement._describe_problem(one) for one in problems))

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
        to_pay = self._exact(sum(self.item_ids.mapped("amount")) - sum(self.item_ids.mapped("waived_amount")))
        return list(schedule.check_lines(lines, to_pay, self.currency_id.decimal_places, today))

    def _check_days(self, now):
        """Refuse payments that are no plan: past, twice on a day, not what is to be paid."""
        if problems := self._problems_typed(self._today(now)):
            raise UserError(" ".join(dict.fromkeys(self._describe_problem(problem) for problem in problems)))

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
        words = self._problem_words().get(problem.code)
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
            "not_summing": self.env._("The payments come to %(found)s instead of %(total)s. Change one by %(difference)s."),
            "date_unreadable": self.env._("“%(text)s” is no day I can read. Write it as in your other dates."),
            "amount_unreadable": self.env._("“%(text)s” is no amount I can read."),
            "several_amounts": self.env._("“%(text)s” has more than one amount. Keep the one that counts."),
        }
