"""In which respects an arrangement is beyond what may be agreed on alone, and in which words this is said."""
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from ..engine import agreement, judgement, limits
from ..engine.instalment import Line

#: States in which what an arrangement gives up or plans counts for its customer's year.
COUNTED = (*agreement.RUNNING, "kept")
#: How the promises of a customer ended, in the words of the engine.
OUTCOMES = {"kept": judgement.KEPT, "broken": judgement.BROKEN, "accepted": judgement.RUNNING, "active": judgement.RUNNING}
YEAR = timedelta(days=365)


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    beyond_text = fields.Text(
        compute="_compute_beyond", compute_sudo=True, string="Beyond the Limits", help="Why somebody has to say yes."
    )
    yes_needed = fields.Integer(
        compute="_compute_beyond", compute_sudo=True, aggregator=None, help="How many people have to say yes."
    )

    @api.depends(
        "line_ids.date", "line_ids.amount", "item_ids.amount", "item_ids.waived_amount", "item_ids.line_id",
        "grace_kind", "partner_id", "company_id", "currency_id", "replan_of_id", "state",
    )
    @api.depends_context("lang")
    def _compute_beyond(self):
        now = fields.Datetime.now()
        for arrangement in self:
            arrangement.beyond_text = False
            arrangement.yes_needed = 0
            if arrangement.state not in ("draft", "to_approve") or not arrangement._is_judgeable():
                continue
            beyond = arrangement._beyond(now)
            arrangement.yes_needed = arrangement._yes_needed(now) if beyond else 0
            words = arrangement._beyond_words(beyond)
            if arrangement.yes_needed > 1:
                words.append(arrangement._why_second_yes())
            arrangement.beyond_text = "\n".join(words)

    def _is_judgeable(self):
        """Tell whether enough is written to compare it with limits; half of it is while somebody types."""
        return bool(
            self.partner_id
            and self.company_id
            and self.currency_id
            and self.kind
            and self.item_ids
            and all(line.date and line.amount > 0 for line in self.line_ids)
            and all(item.line_id and 0 <= item.waived_amount <= item.amount for item in self.item_ids)
        )

    # === WHICH LIMITS === #

    def _policy(self):
        """Return the policy that looks after the customer, may be empty."""
        self.ensure_one()
        if policy := self.case_id.sudo().policy_id:  # which policy only, as below
            return policy
        items = self.env["collection.item"].sudo().search(  # which policy only
            [("line_id", "in", self.item_ids.line_id.ids), ("policy_id", "!=", False)], limit=1
        )
        company = self.company_id
        own = self.partner_id.with_company(company).sudo().collection_policy_id
        return items.policy_id or own or company.sudo().collection_policy_id

    def _limit(self):
        """Return the limits that hold for it: a `collection.limit`, empty where none is in force."""
        self.ensure_one()
        # The figures are no secret of the company's, and the customer's own page asks for them too.
        return self.env["collection.limit"].sudo()._holding(self.partner_id, self.company_id, self._policy())

    def _offer_days(self):
        return self._limit().offer_days or super()._offer_days()

    # === WHAT IS COMPARED === #

    def _beyond(self, now):
        """Return in which respects it is beyond what may be agreed on alone; empty: inside.

        :rtype: tuple[engine.limits.Beyond]
        """
        return (*super()._beyond(now), *limits.check(self._proposal(now), self._limit()._to_engine(), self._today(now)))

    def _yes_needed(self, now):
        """Return how many people have to say yes: 1, or 2 where much is given up."""
        if self.currency_id.is_zero(self.amount_waived):
            return 1
        return 2 if limits.needs_second_yes(self._proposal(now), self._limit()._to_engine()) else 1

    def _why_second_yes(self):
        """Return from how much given up on two people are asked."""
        limit = self._limit()._to_engine()
        money = self.company_id.currency_id.format
        facts = {
            "percent": f"{float(limit.second_yes_percent or 0):g}",
            "amount": money(float(limit.second_yes_amount or 0)),
        }
        if limit.second_yes_percent is None or limit.second_yes_amount is None:
            return self.env._("So much is given up that two people are asked.")
        return self.env._(
            "Two people are asked where more than %(percent)s %% of it, or more than %(amount)s in 12 months, is given up.",
            **facts,
        )

    def _proposal(self, now):
        """Return the arrangement as the engine compares it, in the company's currency.

        :rtype: engine.limits.Proposal
        """
        self.ensure_one()
        today = self._today(now)
        before = self._given_up_before()
        waived = tuple(
            limits.Waived(
                key=item.line_id.id,
                open=self._in_company(max(item.residual, item.amount), today),
                age_days=(today - item.date_due).days if item.date_due else 0,
                amount=self._in_company(item.waived_amount, today),
                before=self._in_company(before.get(item.line_id.id, 0.0), today),
            )
            for item in self.item_ids
        )
        given_up = sum((item.amount for item in waived), Decimal(0))
        others = self._others()
        year = self._of_the_year(others, today)
        return limits.Proposal(
            kind=self.kind,
            lines=tuple(
                Line(line.date, self._in_company(line.amount, today)) for line in self.line_ids.sorted("date")
            ),
            total=max(self._in_company(sum(self.item_ids.mapped("amount")), today), given_up),
            waived=given_up,
            waived_by_item=waived,
            promises_in_a_row=self._nth_promise(others).in_a_row,
            replans=self._replans(),
            waived_last_12_months=year["waived"],
            planned_last_12_months=year["planned"],
        )

    def _in_company(self, amount, today):
        """Return an amount of the arrangement in the company's currency, exact."""
        currency = self.company_id.currency_id
        converted = self.currency_id._convert(amount, currency, self.company_id, today)
        return Decimal(float_repr(converted, currency.decimal_places))

    def _others(self):
        """Return the customer's arrangements but for this one and those it takes the place of.

        Whoever proposes may see fewer; limits hold for all of them together.
        """
        return self.sudo().search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("id", "not in", [*self._origin.ids, *self._replaced().ids]),
                ("started_on", "!=", False),
            ],
            order="started_on, id",
        )

    def _replaced(self):
        """Return the plans this one takes the place of, the newest first."""
        replaced, plan = self.browse(), self.replan_of_id
        while plan and plan not in replaced:
            replaced |= plan
            plan = plan.replan_of_id
        return replaced

    def _replans(self):
        return len(self._replaced())

    def _nth_promise(self, others):
        """Return which promise of the customer a promise would be: `engine.judgement.Nth`."""
        promises = others.filtered(lambda other: other.kind == "promise")
        return judgement.nth_promise([other._outcome() for other in promises])

    def _kept_rate(self, others):
        """Return how many of the customer's arrangements were kept: `engine.judgement.KeptRate`."""
        return judgement.kept_rate([other._outcome() for other in others])

    def _outcome(self):
        """Return how it ended, in the words of the engine."""
        if self.state == "broken" and not self.currency_id.is_zero(self.amount_paid):
            return judgement.PARTLY
        return OUTCOMES.get(self.state, self.state)

    def _of_the_year(self, others, today):
        """Return what was given up to the customer and planned with him in the last 12 months, as decimals."""
        counted = others.filtered(lambda other: other.state in COUNTED and other.started_on > today - YEAR)
        plans = counted.filtered(lambda other: other.line_count > 1)
        return {
            "waived": sum((other._in_company(other.amount_waived, today) for other in counted), Decimal(0)),
            "planned": sum((other._in_company(other.amount_agreed, today) for other in plans), Decimal(0)),
        }

    def _given_up_before(self):
        """Return what was given up of the same journal items before, by their id; where nothing is now, it is not asked."""
        if self.currency_id.is_zero(self.amount_waived):
            return {}
        rows = self.env["collection.arrangement.item"].sudo()._read_group(  # sums of the items it covers itself
            [
                ("line_id", "in", self.item_ids.line_id.ids),
                ("arrangement_id", "not in", [*self._origin.ids, *self._replaced().ids]),
                ("arrangement_id.state", "in", COUNTED),
            ],
            ["line_id"],
            ["waived_amount:sum"],
        )
        return {line.id: amount for line, amount in rows}

    # === IN WORDS === #

    def _beyond_words(self, beyond):
        """Return a sentence for each respect in which it is beyond the limits."""
        self.ensure_one()
        items = {item.line_id.id: item for item in self.item_ids}
        return [self._beyond_sentence(one, items.get(one.key, self.item_ids.browse())) for one in beyond]

    def _beyond_sentence(self, one, item):
        money = self.company_id.currency_id.format
        days = {"found": int(one.found), "limit": int(one.limit)}
        amounts = {"found": money(float(one.found)), "limit": money(float(one.limit))}
        given_up, invoice = self.currency_id.format(item.waived_amount), item.move_id.name or ""
        match one.code:
            case "too_long":
                return self.env._("The last payment is in %(found)s days; without asking it is %(limit)s at most.", **days)
            case "grace_too_long":
                return self.env._("The payment is in %(found)s days; without asking it is %(limit)s at most.", **days)
            case "too_much":
                return self.env._(
                    "Planned with this customer within 12 months: %(found)s; without asking %(limit)s at most.", **amounts
                )
            case "instalment_too_small":
                return self.env._("The smallest payment is %(found)s; without asking it is %(limit)s at least.", **amounts)
            case "deposit_too_small":
                return self.env._("The first payment is %(found)s; a deposit of %(limit)s is asked for.", **amounts)
            case "promises":
                return self.env._(
                    "It is promise number %(found)s in a row without one kept; without asking %(limit)s at most.", **days
                )
            case "replans":
                return self.env._("The plan has been made anew %(found)s times; without asking %(limit)s at most.", **days)
            case "forgiven":
                return self.env._("%(found)s missed payments would be forgiven; without asking %(limit)s at most.", **days)
            case "discount" if not one.limit:
                return self.env._(
                    "%(given_up)s of %(invoice)s would be given up. Any discount on it needs a yes.",
                    given_up=given_up,
                    invoice=invoice,
                )
            case "discount":
                return self.env._(
                    "%(given_up)s of %(invoice)s would be given up; without asking, at its age and amount, %(limit)s at most.",
                    given_up=given_up,
                    invoice=invoice,
                    limit=amounts["limit"],
                )
            case "discounts_of_year":
                return self.env._(
                    "Given up to this customer within 12 months: %(found)s; without asking %(limit)s at most.", **amounts
                )
        raise ValueError(one.code)
