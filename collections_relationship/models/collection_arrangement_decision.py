"""All that is needed to decide on an arrangement, on one screen."""
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, float_round
from odoo.tools.misc import format_date, format_datetime, formatLang

from ..engine import limits

#: Rows of the past that are shown; the rest is a click away.
LAST = 5


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    decision_html = fields.Html(compute="_compute_decision_html", sanitize=False, string="To Decide")

    @api.depends("state", "approval_ids")
    @api.depends_context("lang", "uid")
    def _compute_decision_html(self):
        now = fields.Datetime.now()
        for arrangement in self:
            arrangement.decision_html = bool(arrangement._origin and arrangement._is_judgeable()) and self.env[
                "ir.qweb"
            ]._render("collections_relationship.arrangement_decision", arrangement._origin._decision_facts(now))

    def _decision_facts(self, now):
        """Return what the screen shows, in words and amounts ready to read.

        :param datetime now: naive UTC
        """
        self.ensure_one()
        today = self._today(now)
        return {
            "arrangement": self,
            "money": self.currency_id.format,
            "share": self._share(self.amount_waived),
            "days": self._days(),
            "beyond": (self.beyond_text or "").splitlines(),
            "beside": (self.beside_text or "").splitlines(),
            "starts": self.proposed_by == "customer" or self.after_yes == "start",
            "needed": self.yes_needed,
            "limit": self._limit().display_name or self.env._("No limits are in force; everything is asked about."),
            "decisions": self._decisions_so_far(),
            "options": self._options(now),
            "items": self._covered(today),
            "owed": self._owed(),
            "habits": self._habits(today),
            "past": self._past(),
            "contacts": self._last_contacts(),
            "entry": self.booking_preview,
        }

    def _days(self):
        """Return the first and last day of payment, in words."""
        days = dict.fromkeys((self.date_first, self.date_last))
        return " – ".join(format_date(self.env, day) for day in days)

    def _share(self, amount):
        """Return an amount as percentage of what is covered, as people read it."""
        return self._short(100 * amount / self.amount_covered if self.amount_covered else 0.0)

    def _short(self, number):
        """Return a number with one decimal, in the reader's language."""
        return formatLang(self.env, number, digits=1)

    def _decisions_so_far(self):
        labels = dict(self.env["collection.arrangement.approval"]._fields["decision"]._description_selection(self.env))
        return [
            {
                "who": approval.user_id.name,
                "for": approval.on_behalf_of_id.name,
                "what": labels[approval.decision],
                "when": format_datetime(self.env, approval.date, dt_format="short"),
                "note": approval.note,
            }
            for approval in self.approval_ids
        ]

    # === BESIDE WHAT ELSE === #

    def _options(self, now):
        """Return the proposal beside what else could be: other offers, what needs no asking, nothing at all."""
        today = self._today(now)
        others = self.search(
            [("negotiation_id", "=", self.negotiation_id.id), ("id", "!=", self.id), ("state", "!=", "draft")],
            limit=LAST - 2,
        )
        options = [self._option(self.env._("This proposal"), is_this=True)]
        options += [other._option(f"{other.name} · {other._state_word()}") for other in others]
        options.append(self._option_inside(today, now))
        options.append(
            {
                "title": self.env._("Nothing agreed"),
                "pays": self.currency_id.format(self.amount_covered),
                "given_up": "–",
                "payments": "–",
                "last": self.env._("The follow-up goes on"),
                "is_this": False,
            }
        )
        return options

    def _option(self, title, is_this=False):
        share = f" ({self._share(self.amount_waived)} %)" if self.amount_waived else ""
        return {
            "title": title,
            "pays": self.currency_id.format(self.amount_agreed),
            "given_up": self.currency_id.format(self.amount_waived) + share if self.amount_waived else "–",
            "payments": self.line_count,
            "last": format_date(self.env, self.date_last),
            "is_this": is_this,
        }

    def _option_inside(self, today, now):
        """Return how far one could go without asking."""
        limit = self._limit()._to_engine()
        proposal = self._proposal(now)
        may_waive = sum((limits.may_waive(item, limit) for item in proposal.waived_by_item), Decimal(0))
        given_up = float_round(
            self.company_id.currency_id._convert(float(may_waive), self.currency_id, self.company_id, today, round=False),
            precision_rounding=self.currency_id.rounding,
            rounding_method="DOWN",
        )
        days = limit.grace_days if self.kind == "grace" else limit.longest_days
        pays = self.currency_id.format(self.amount_covered - given_up)
        last = self.env._("by %s at the latest", format_date(self.env, today + timedelta(days=days)))
        room = self._room_for_plan(proposal, limit, today)
        if room is not None and self.currency_id.compare_amounts(room, self.amount_covered - given_up) < 0:
            is_none = self.currency_id.compare_amounts(room, 0) <= 0
            pays = "–" if is_none else self.env._("%s at most", self.currency_id.format(room))
            last = self.env._("no plan without asking") if is_none else last
        return {
            "title": self.env._("Without asking"),
            "pays": pays,
            "given_up": self.currency_id.format(given_up) if given_up else "–",
            "payments": "–",
            "last": last,
            "is_this": False,
        }

    def _room_for_plan(self, proposal, limit, today):
        """Return how much may still be planned with the customer in payments without asking; `None`: no limit to it."""
        if len(proposal.lines) < 2 or limit.max_amount is None:
            return None
        room = float(limit.max_amount - proposal.planned_last_12_months)
        return float_round(
            self.company_id.currency_id._convert(room, self.currency_id, self.company_id, today, round=False),
            precision_rounding=self.currency_id.rounding,
            rounding_method="DOWN",
        )

    def _state_word(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    # === WHAT IS OWED === #

    def _covered(self, today):
        money = self.currency_id.format
        return [
            {
                "invoice": item.move_id.name,
                "due": format_date(self.env, item.date_due),
                "late": max((today - item.date_due).days, 0) if item.date_due else 0,
                "open": money(item.residual),
                "covered": money(item.amount),
                "given_up": money(item.waived_amount) if item.waived_amount else "",
            }
            for item in self.item_ids
        ]

    def _owed(self):
        """Return what else the customer owes, as a row per currency."""
        rows = self.env["collection.item"].sudo()._read_group(  # as the case shows it to everybody who follows up
            [
                ("partner_id", "=", self.partner_id.id),
                ("root_company_id", "=", self.company_id.id),
                ("is_open", "=", True),
            ],
            ["currency_id"],
            ["residual:sum", "date_due:min"],
        )
        return [
            {"amount": currency.format(total), "oldest": format_date(self.env, oldest)}
            for currency, total, oldest in rows
        ]

    # === WHAT HE IS LIKE === #

    def _habits(self, today):
        """Return the customer's habits: how long, how much, how punctual, how he kept his word."""
        facts = self.env["collection.template"]._chooser(self.company_id, self.partner_id.ids, today).facts_of(self.partner_id)
        others = self._others()
        kept = self._kept_rate(others)
        return {
            "years": self._short(facts.years),
            "revenue": self.company_id.currency_id.format(facts.revenue),
            "paid": facts.paid,
            "punctual": round(100 * facts.punctual / facts.paid) if facts.paid else None,
            "delay": self._usual_delay(today),
            "matters": facts.matters,
            "kept": kept.kept,
            "ended": kept.kept + kept.partly + kept.broken,
            "promise": self._nth_promise(others).in_a_row if self.kind == "promise" else 0,
        }

    def _usual_delay(self, today):
        """Return how many days after the due date the customer usually paid in two years: the median; `None` if never."""
        self.env["account.move.line"].flush_model()
        [(days,)] = self.env.execute_query(
            SQL(
                """
                SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY paid_on - date_maturity)
                  FROM (
                      SELECT l.date_maturity, max(r.max_date) AS paid_on
                        FROM account_move_line l
                        JOIN account_move m ON m.id = l.move_id AND m.state = 'posted' AND m.move_type = 'out_invoice'
                        JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                        JOIN account_partial_reconcile r ON r.debit_move_id = l.id
                       WHERE m.commercial_partner_id = %(partner)s AND m.company_id = ANY(%(companies)s)
                         AND l.reconciled AND l.date_maturity > %(since)s
                       GROUP BY l.id, l.date_maturity
                  ) paid
                """,
                partner=self.partner_id.id,
                companies=self.env["res.company"].sudo().search([("id", "child_of", self.company_id.id)]).ids,
                since=today - timedelta(days=730),
            )
        )
        return days

    # === WHAT WAS === #

    def _past(self):
        """Return the customer's last arrangements."""
        others = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("state", "not in", ("draft", "countered")),
            ],
            limit=LAST,
        )
        return [
            {
                "name": other.display_name,
                "state": other._state_word(),
                "good": other.state == "kept",
                "bad": other.state == "broken",
                "amount": other.currency_id.format(other.amount_agreed),
                "paid": other.currency_id.format(other.amount_paid),
            }
            for other in others
        ]

    def _last_contacts(self):
        contact = self.env["collection.contact"]
        kinds = dict(contact._fields["kind"]._description_selection(self.env))
        channels = dict(contact._fields["channel"]._description_selection(self.env))
        return [
            {
                "date": format_date(self.env, row.date.date()),
                "kind": kinds[row.kind],
                "channel": channels[row.channel],
                "note": row.note or row.subject or "",
            }
            for row in contact.search(
                [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)], limit=LAST
            )
        ]
