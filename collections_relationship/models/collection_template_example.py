"""Facts made up for trying a message out: what a promise, a plan or a settlement would bring along.

Used where somebody looks at a message before there is such an event, and by the tests of the library.
Nothing of it ever reaches a customer.
"""
from datetime import date, timedelta

from odoo import api, models

from ..engine.vocabulary import AMOUNTS, DATES, NUMBERS, PURPOSES, TEXTS

#: Days from today, where a purpose does not say otherwise.
DAYS = {
    "promise_date": 5,
    "instalment_date": 7,
    "plan_end": 68,
    "offer_until": 10,
    "settle_by": 14,
    "grace_until": 21,
    "pause_until": 30,
    "answer_by": 5,
    "received_on": 0,
    "statement_date": 0,
    "fee_from": 14,
    "old_date": -3,
    "missed_date": -3,
    "new_date": 11,
    "spread_until": 68,
    "last_day": 7,
    "quiet_until": 7,
}
#: What differs where a message looks back, or ahead by a certain time.
DAYS_OF_PURPOSE = {
    "promise_due": {"promise_date": 1},
    "promise_missed": {"promise_date": -2},
    "instalment_soon": {"instalment_date": 3},
    "instalment_missed": {"instalment_date": -3},
    "plan_nearly_done": {"instalment_date": 7, "plan_end": 7},
    "plan_completed": {"instalment_date": -1, "plan_end": -1},
    "partly_paid": {"instalment_date": 2},
    "settlement_soon": {"instalment_date": 1},
    "settlement_missed": {"instalment_date": -4},
    "settlement_lapsed": {"settle_by": -12},
    "hardship_ending": {"pause_until": 7},
}
MONEY = {
    "promise_amount": 480.0,
    "instalment_amount": 300.0,
    "plan_total": 900.0,
    "remaining_amount": 600.0,
    "settlement_amount": 720.0,
    "waived_amount": 180.0,
    "received_amount": 480.0,
    "fee_amount": 40.0,
    "ahead_amount": 180.0,
    "paid_amount": 100.0,
    "credited_amount": 150.0,
}
PAYMENTS = 3
#: Which payment of the plan a message is about, where it is not the one in the middle.
NUMBER_OF_PURPOSE = {
    "plan_offered": 1,
    "choice_offered": 1,
    "plan_countered": 1,
    "plan_confirmed": 1,
    "plan_nearly_done": PAYMENTS,
    "plan_completed": PAYMENTS,
}
DAYS_BETWEEN = 30


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

    @api.model
    def _example_details(self, purpose, lang, today, company=None):
        """Return made-up facts of an event, in the form `collection.step` keeps them in `details`.

        :param str purpose: only the facts its messages may name
        :param str lang: code of the language the words are in
        :param date today: from which the dates count
        :param company: whose currency the amounts are in; the user's company if left out
        """
        known = PURPOSES[purpose].known
        currency = (company or self.env.company).currency_id
        number = NUMBER_OF_PURPOSE.get(purpose, 2)
        days = {**DAYS, **DAYS_OF_PURPOSE.get(purpose, {})}
        amounts = {name: currency.round(value) for name, value in MONEY.items()}
        if "plan" in known:
            amounts["remaining_amount"] = currency.round((PAYMENTS + 1 - number) * amounts["instalment_amount"])
        day = {name: today + timedelta(days=distance) for name, distance in days.items()}
        facts = {
            **{name: day[name].isoformat() for name in DATES},
            **{name: amounts[name] for name in AMOUNTS},
            **{
                name: {"plan_count": PAYMENTS, "instalment_number": number, "offer_count": 2, "paid_count": number - 1}[name]
                for name in NUMBERS
            },
            **{name: self._example_texts(lang)[name] for name in TEXTS},
            "plan": self._example_plan(day["instalment_date"], number, amounts["instalment_amount"]),
            "preferences": self._example_preferences(lang),
            "agreement_button": True,
        }
        facts["offers"] = [
            {"kind": "plan", "lines": facts["plan"], "waived": 0.0},
            {
                "kind": "settlement",
                "lines": [{"date": facts["settle_by"], "amount": facts["settlement_amount"]}],
                "waived": facts["waived_amount"],
            },
        ]
        if "plan" in known:
            facts["plan_end"] = facts["plan"][-1]["date"]
        return {**{name: value for name, value in facts.items() if name in known}, "currency": currency.name}

    @api.model
    def _example_plan(self, this_day: date, number, amount):
        """Return the payments of a plan, of which the one of ``number`` is due on ``this_day``."""
        return [
            {"date": (this_day + timedelta(days=DAYS_BETWEEN * (other - number))).isoformat(), "amount": amount}
            for other in range(1, PAYMENTS + 1)
        ]

    @api.model
    def _example_texts(self, lang):
        env = self.with_context(lang=lang).env
        return {
            "dispute_subject": env._("Two of the ten boxes were missing."),
            "dispute_result": env._("The delivery note shows eight boxes."),
            "mistake": env._("Your payment had arrived, and we had not booked it yet."),
            "fee_basis": env._("our terms of payment, section 4"),
        }

    @api.model
    def _example_preferences(self, lang):
        env = self.with_context(lang=lang).env
        return [env._("No more calls about payments."), env._("No more text messages about payments.")]
