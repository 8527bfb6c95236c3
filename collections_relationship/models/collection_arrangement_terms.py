"""How the payments of an arrangement come about: a rhythm, a number, a deposit; or typed, or pasted.

The arithmetic is `engine.schedule`; here are its terms as a person enters them. What is wrong with them is said in
`collection_arrangement_check.py`.
"""
from decimal import Decimal
from functools import lru_cache

from odoo import Command, api, fields, models
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
    payment_count = fields.Integer(string="How Many Payments", default=USUAL_COUNT, aggregator=None)
    payment_size = fields.Monetary(string="Or Amount Each Time", help="How many there are follows from it.")
    date_start = fields.Date(string="First Payment On")
    deposit = fields.Monetary(string="Down Payment")
    date_deposit = fields.Date(string="Down Payment On")
    round_to = fields.Monetary(string="In Steps Of", help="Such as 10: each payment is a multiple, one takes the rest.")
    rest_in = fields.Selection(
        [("last", "The last payment"), ("first", "The first payment")], string="Takes the Rest", required=True, default="last"
    )
    free_days = fields.Selection(
        [("after", "The next bank day"), ("before", "The bank day before"), ("keep", "Left as it is")],
        string="If on a Weekend or Holiday",
        required=True,
        default="after",
    )
    pasted = fields.Text(
        string="Paste From a Spreadsheet", store=False, help="A day and an amount in each row, as copied from a spreadsheet."
    )
    terms_text = fields.Char(string="In Short", compute="_compute_terms_text")

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
            planned = ()
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
        """Write the payments that follow from the terms; where they make none, there are none.

        What followed from other terms before must not be sent in their place.
        """
        try:
            planned = () if self._item_problems() else self._planned()
        except schedule.ScheduleError:
            planned = ()
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
        to_pay = self._to_pay()
        if not once:
            self._check_terms(to_pay, size)
        terms = schedule.Terms(
            total=to_pay,
            digits=self.currency_id.decimal_places,
            start=self.date_start or self._usual_start(fields.Datetime.now()),
            rhythm=self.rhythm,
            count=None if once or size else self.payment_count,
            size=self._exact(size) if size else None,
            deposit=Decimal() if once else self._exact(self.deposit),
            deposit_on=(not once and self.date_deposit) or None,
            round_to=self._exact(self.round_to) or None,
            rest_in=self.rest_in,
        )
        return schedule.plan(terms, self._is_bank_day, self.free_days)

    def _to_pay(self):
        """Return what all payments together must come to, as a decimal."""
        return self._exact(sum(self.item_ids.mapped("amount")) - sum(self.item_ids.mapped("waived_amount")))

    def _check_terms(self, to_pay, size):
        """Refuse figures a person did not mean, each by its own name.

        :raise engine.schedule.ScheduleError:
        """
        for name, value in (("payment_count", self.payment_count), ("payment_size", size), ("round_to", self.round_to)):
            if value < 0:
                raise schedule.ScheduleError(f"{name}_negative")
        if size and self._exact(size) > max(to_pay - self._exact(self.deposit), 0):
            raise schedule.ScheduleError("size_too_large", total=to_pay - self._exact(self.deposit))

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
                text = self.env._("%(amount)s on %(first)s", **facts)
            else:
                text = self.env._("%(amount)s in %(count)s payments, from %(first)s to %(last)s", **facts)
            given_up = sum(arrangement.item_ids.mapped("waived_amount"))
            if not arrangement.currency_id.is_zero(given_up):
                given_up = arrangement.currency_id.format(given_up)
                text = self.env._("%(terms)s, %(amount)s given up", terms=text, amount=given_up)
            arrangement.terms_text = text
