"""Judges arrangements that run, by money really matched with what they cover.

Called by a scheduled action and whenever something happened to a customer. In batches: the number of
statements does not grow with the number of arrangements of a batch, but for those that end.
"""
import logging
from collections import namedtuple
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ..engine import agreement, allocation, judgement, limits
from ..engine.instalment import NOTHING, Line

_logger = logging.getLogger(__name__)

#: Arrangements judged together, each batch committed.
BATCH = 1000
#: How the states of a payment are stored, where that differs; how the engine calls what follows an overpayment.
STORED = {judgement.LATE_KEPT: "late"}
PREPAY = {"prepay": "next", "shorten": "shorten"}
PAID = ("kept", "late")
BEHIND = ("missed", "partly")
#: What the judgement writes on a payment, in the order of its rows.
WRITTEN = ("ids", "paid", "reduced", "paid_on", "states", "missed_on")
#: A kept arrangement is looked at again for so long: until then a direct debit can be taken back.
KEPT_DAYS = 400

#: How one arrangement stands: its `judgement.Verdict`, its `Payment`s, their `LineState`s, and whether it must wait
#: because money may be here that nobody has matched; the `collection.limit` that holds; whether the customer has said
#: something that nobody has read; what was received in all; the newest gentle note about each payment, by its id.
Judged = namedtuple("Judged", "arrangement verdict payments states waits limit is_unread received notes", defaults=({},))


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    forgiven_count = fields.Integer(readonly=True, copy=False, help="Missed payments that were forgiven.", aggregator=None)

    # === WHEN === #

    @api.model
    def _cron_judge(self):
        """Judge everything that runs; the clock is read here."""
        self._judge_all(fields.Datetime.now())

    @api.model
    def _judge_all(self, now, companies=None):
        """Let offers lapse, judge what runs and remind of what comes, batch by batch.

        :param datetime now: naive UTC
        :param companies: root companies; `None` for all
        :return: number of arrangements judged
        """
        Run, cron = self.env["collection.run"], self.env["ir.cron"]
        in_test = self.env.context.get("collection_no_commit")
        count = 0
        Run._lock_refresh(wait=True)  # a payment matched meanwhile waits: two that judge the same would collide
        try:
            jobs = [
                (company, ids)
                for company in companies or Run._root_companies()
                for ids in split_every(BATCH, self._to_judge(now, company), list)
            ]
            if not in_test:
                cron._commit_progress(remaining=len(jobs))
            for company, ids in jobs:
                count += len(ids)
                Run._persistently(partial(self.browse(ids)._judge, now, company))
                Run.env["collection.step"]._checkpoint()
                if not in_test and not cron._commit_progress(1):
                    break
            for company in companies or Run._root_companies():
                Run._persistently(partial(self._remind, now, company))
                Run.env["collection.step"]._checkpoint()
        finally:
            Run._unlock_refresh()
        Run._wake_sending(now)
        return count

    @api.model
    def _judge_customers(self, now, company, partner_ids):
        """Judge what runs with these customers; called when something happened to them.

        :param datetime now: naive UTC
        :param company: root company
        :param partner_ids: ids of commercial partners
        """
        for ids in split_every(BATCH, self._to_judge(now, company, partner_ids), list):
            self.browse(ids)._judge(now, company)

    @api.model
    def _to_judge(self, now, company, partner_ids=None):
        """Return the ids of what must be looked at: offers, what runs, and what was kept and is open again."""
        self.flush_model()
        self.env["collection.arrangement.item"].flush_model()
        self.env["account.move.line"].flush_model(["reconciled"])
        of_partners = SQL("TRUE") if partner_ids is None else SQL("a.partner_id = ANY(%s)", list(partner_ids))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id
                  FROM collection_arrangement a
                 WHERE a.company_id = %(company)s AND %(of_partners)s
                   AND (a.state = ANY(%(running)s) OR a.state = 'offered'
                        OR a.state = 'kept' AND a.ended_on > %(since)s AND EXISTS (
                            SELECT 1
                              FROM collection_arrangement_item ai
                              JOIN account_move_line l ON l.id = ai.line_id AND l.reconciled IS NOT TRUE
                             WHERE ai.arrangement_id = a.id)
                        -- What is agreed on anew about the same invoice counts its own money.
                        AND NOT EXISTS (
                            SELECT 1
                              FROM collection_arrangement_item ai
                              JOIN collection_arrangement_item other
                                ON other.line_id = ai.line_id AND other.arrangement_id > a.id
                              JOIN collection_arrangement later
                                ON later.id = other.arrangement_id AND later.started_on IS NOT NULL
                             WHERE ai.arrangement_id = a.id))
                 ORDER BY a.id
                """,
                company=company.id,
                of_partners=of_partners,
                running=list(agreement.RUNNING),
                since=now - timedelta(days=KEPT_DAYS),
            )
        )
        return [arrangement_id for (arrangement_id,) in rows]

    # === HOW === #

    def _judge(self, now, company):
        """Judge these arrangements of one company, and let follow what follows.

        :param datetime now: naive UTC
        """
        # The night, or a change of the books, which nobody needs a right for. Its trace is the events, and the
        # customers are marked together: what ends would cost ten statements each otherwise.
        arrangements = self.sudo().with_context(collection_no_dirty=True, tracking_disable=True)
        before = {arrangement: arrangement.state for arrangement in arrangements}
        offers = arrangements.filtered(lambda arrangement: arrangement.state == "offered")
        offers._judge_offers(now, company)
        tells = []
        verdicts = (arrangements - offers)._verdicts(now, company)
        notes = self._read_notes(verdicts)
        for judged in verdicts:
            tells += self._follow(judged._replace(notes=notes), now)
        self._tell_all(tells, now)
        moved = arrangements.filtered(lambda arrangement: arrangement.state != before[arrangement])
        self.env["collection.dirty"]._mark(moved.partner_id.ids)

    def _judge_offers(self, now, company):
        """Let offers fall whose day has passed, or whose invoices were paid or taken back meanwhile."""
        today = company._collection_today(now)
        for arrangement in self:
            lines = arrangement.item_ids.line_id
            days = [day for day in (arrangement.date_until, arrangement.date_first) if day]
            if days and min(days) < today:  # nobody can accept a payment that has passed
                arrangement._lapse(now)
            elif lines and all(line.reconciled for line in lines):
                arrangement._end("lapsed", now, "nothing_owed")
            elif any(line.parent_state != "posted" for line in lines):
                arrangement._end("lapsed", now, "invoice_changed")

    def _verdicts(self, now, company):
        """Judge what runs: write what is paid on each payment, and return how each arrangement stands.

        :rtype: list[Judged]
        """
        result = self._stand(now, company)
        self._write_judged(result, company._collection_today(now), now)
        return result

    def _stand(self, now, company):
        """Return how each of these arrangements of a company stands by the books; writes nothing.

        :rtype: list[Judged]
        """
        if not self:
            return []
        today = company._collection_today(now)
        payments, ledger = self._read_payments(), self._read_ledger()
        limits_of = self._read_limits(company)
        waiting = self._money_may_be_here(now, company, self.partner_id.ids)
        unread = self._unread_customers(company, self.partner_id.ids)
        stale = company._collection_bank_is_stale(today)
        is_bank_day = cache(self[0]._is_bank_day)  # the company's, whichever is asked
        result = []
        for arrangement in self:
            own, limit = payments[arrangement.id], limits_of[arrangement.id]
            if not own:
                continue
            books = ledger[arrangement.id]
            states = allocation.settle(
                [Line(payment.date, payment.amount, payment.forgiven_on) for payment in own],
                books.received,
                books.reductions,
                PREPAY.get(limit.overpaid, "next"),
                books.beside,
            )
            verdict = judgement.judge(
                states,
                today,
                arrangement._tolerance(limit, company, today),
                is_bank_day,
                arrangement._forgiveness_left(limit),
            )
            partner_id = arrangement.partner_id.id
            on_lines = sum((state.paid for state in states), NOTHING)
            # What lies beside the payments agreed on is not told apart: then only what counts for these.
            received = on_lines if books.beside else sum((one.amount for one in books.received), NOTHING)
            waits = stale or partner_id in waiting
            result.append(Judged(arrangement, verdict, own, states, waits, limit, partner_id in unread, received))
        return result

    @api.model
    def _unread_customers(self, company, partner_ids):
        """Return those customers who have said something that nobody has read yet.

        :rtype: set[int]
        """
        self.env["collection.case"].flush_model(["reply_unread_since"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id FROM collection_case
                 WHERE company_id = %s AND partner_id = ANY(%s) AND reply_unread_since IS NOT NULL
                """,
                company.id,
                list(partner_ids),
            )
        )
        return {partner_id for (partner_id,) in rows}

    def _read_limits(self, company):
        """Return the limits that hold for each arrangement of a company, by its id: a `collection.limit`, may be empty."""
        self.env["collection.item"].flush_model(["policy_id"])
        self.env["collection.case"].flush_model(["policy_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (a.id) a.id, COALESCE(c.policy_id, i.policy_id)
                  FROM collection_arrangement a
                  LEFT JOIN collection_case c ON c.partner_id = a.partner_id AND c.company_id = a.company_id AND c.state = 'open'
                  LEFT JOIN collection_arrangement_item ai ON ai.arrangement_id = a.id
                  LEFT JOIN collection_item i ON i.line_id = ai.line_id AND i.policy_id IS NOT NULL
                 WHERE a.id = ANY(%s)
                 ORDER BY a.id, i.date_due, i.id
                """,
                self.ids,
            )
        )
        Policy, in_force = self.env["collection.policy"], self.env["collection.limit"]._in_force(company)
        fallback = company._collection_default_policy() or Policy
        return {
            arrangement.id: in_force._closest(arrangement.partner_id, Policy.browse(policy_id) if policy_id else fallback)
            for arrangement, (_id, policy_id) in zip(self.sorted("id"), rows, strict=True)
        }

    def _tolerance(self, limit, company, today):
        """Return how late and how little still counts as kept; of a settlement nothing may be missing."""
        self.ensure_one()
        country, home = self.partner_id.country_id, company.country_id
        tolerance = limit._tolerance(bool(country and home and country != home))
        if self.kind == "settlement":
            return judgement.Tolerance(tolerance.days)
        if not tolerance.amount or self.currency_id == company.currency_id:
            return tolerance
        amount = company.currency_id._convert(float(tolerance.amount), self.currency_id, company, today)
        return replace(tolerance, amount=self._exact(amount))

    def _forgiveness_left(self, limit):
        """Return how many missed payments may still be forgiven.

        A settlement was approved with its day: who misses it makes a new agreement.
        """
        if self.kind == "settlement":
            return 0
        most = limit.most_forgiven if limit else limits.PRESET.most_forgiven
        return max(most - self.forgiven_count, 0)

    def _write_judged(self, judged, today, now):
        """Write what is paid on each payment, what was taken off it and how it stands: two statements."""
        rows = []
        for one in judged:
            for payment, state, name in zip(one.payments, one.states, one.verdict.states, strict=True):
                stored = STORED.get(name, name)
                if stored in BEHIND and one.waits:
                    stored = "due"
                # Nothing follows before somebody has read what the customer says; the days count from then.
                missed_on = (payment.missed_on or (None if one.is_unread else today)) if stored in BEHIND else None
                before = (payment.amount_paid, payment.amount_reduced, payment.paid_on, payment.state, payment.missed_on)
                if before != (state.paid, state.reduced, state.paid_on, stored, missed_on):
                    rows.append((payment.id, state.paid, state.reduced, state.paid_on, stored, missed_on))
        if not rows:
            return
        self.env.execute_query(
            SQL(
                """
                WITH written AS (
                    UPDATE collection_arrangement_line l
                       SET amount_paid = n.paid, amount_reduced = n.reduced, amount_left = l.amount - n.paid - n.reduced,
                           paid_on = n.paid_on, state = n.state, missed_on = n.missed_on,
                           write_uid = %(uid)s, write_date = %(now)s
                      FROM unnest(%(ids)s, %(paid)s::numeric[], %(reduced)s::numeric[], %(paid_on)s::date[], %(states)s,
                                  %(missed_on)s::date[]) AS n (id, paid, reduced, paid_on, state, missed_on)
                     WHERE l.id = n.id
                    RETURNING l.id, l.arrangement_id
                )
                SELECT DISTINCT arrangement_id FROM written
                """,
                **{name: [row[position] for row in rows] for position, name in enumerate(WRITTEN)},
                uid=self.env.uid,
                now=now,
            )
        )
        self._write_totals()

    def _write_totals(self):
        """Bring the totals of these arrangements in line with their payments."""
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_arrangement a
                   SET amount_paid = t.paid, amount_left = t.rest, date_next = t.next
                  FROM (SELECT arrangement_id, sum(amount_paid) AS paid, sum(amount_left) AS rest,
                               min(date) FILTER (WHERE amount_left > 0) AS next
                          FROM collection_arrangement_line
                         WHERE arrangement_id = ANY(%s)
                         GROUP BY arrangement_id) t
                 WHERE t.arrangement_id = a.id
                   AND (a.amount_paid, a.amount_left, a.date_next) IS DISTINCT FROM (t.paid, t.rest, t.next)
                RETURNING a.id
                """,
                self.ids,
            )
        )
        names = ["amount_paid", "amount_left", "date_next"]
        self.invalidate_recordset(names, flush=False)
        self.env["collection.arrangement.line"].invalidate_model(
            ["amount_paid", "amount_reduced", "amount_left", "paid_on", "state", "missed_on"], flush=False
        )
