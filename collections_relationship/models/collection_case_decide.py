"""Chooses the next step of each case, or says why there is none today.

Looks things up in bulk, asks `engine.ladder` which rung speaks and `engine.guard` whether it may,
and writes steps. It sends nothing.
"""
from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ..engine import ladder
from .collection_case_ways import Way
from .collection_guard import put_off_until, reason_of
from .collection_item import HOLD_CODES
from .collection_step import PENDING_STATES

#: A step in one of these states leaves, or is done by hand, without a further yes.
LEAVING_STATES = ("planned", "approved", "to_do")
#: Reasons that hold today; the others name the day that changes them, or nobody knows it.
DATED_REASONS = ("due", "ready", "awaiting_yes", "manual", "night_cap")
#: Instead of these, the first message after an agreement that ended unpaid says that there was one.
FORGETFUL_PURPOSES = ("friendly_reminder", "second_reminder", "check_in")
#: So long after its end an agreement is spoken of.
REMEMBERED_DAYS = 90
#: Cases decided together; bounds the memory of a first night.
BATCH = 1000


class CollectionCase(models.Model):
    _inherit = "collection.case"

    @api.model
    def _decide(self, now, companies, run=None, cases=None):
        """Plan what is due.

        :param datetime now: naive UTC
        :param companies: root companies; one whose follow-up is switched off is left out
        :param run: `collection.run` to count into
        :param cases: only these cases; `None` for every open one
        :return: planned steps
        """
        steps = self.env["collection.step"]
        for company in companies.filtered("collection_active"):
            today = company._collection_today(now)
            self._note_upcoming(company, today, cases)
            night = _Night(company, today, now, company._collection_bank_is_stale(today))
            for case_ids in split_every(BATCH, self._case_ids_with_due_items(company, today, cases), list):
                steps |= self._decide_batch(night, case_ids)
            if cases is None:
                steps |= self.env["collection.step"]._plan_repeats(now, company)
            self._flag_undelivered(company, today)
            if run:
                run._count(night.held_back, night.looked_at, steps)
        return steps

    @api.model
    def _refresh_customers(self, now, company, partner_ids):
        """Bring some customers up to date between two nights: items, totals, and what comes next.

        :param datetime now: naive UTC
        :param company: one root company
        :param partner_ids: ids of commercial partners
        """
        today = company._collection_today(now)
        self.env["collection.item"]._refresh(today, now, company, partner_ids)
        cases = self.search(
            [("partner_id", "in", partner_ids), ("company_id", "=", company.id), ("state", "=", "open")]
        )
        self._note_upcoming(company, today, cases)

    # === WHAT IS DUE === #

    def _case_ids_with_due_items(self, company, today, cases):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id
                  FROM collection_case c
                 WHERE c.state = 'open' AND c.company_id = %s AND %s
                   AND EXISTS (SELECT 1 FROM collection_item i
                                WHERE i.case_id = c.id AND i.is_open AND i.next_date <= %s)
                 ORDER BY c.amount_overdue DESC, c.id
                """,
                company.id,
                self._among(cases),
                today,
            )
        )
        return [case_id for (case_id,) in rows]

    def _among(self, cases):
        return SQL("TRUE") if cases is None else SQL("c.id = ANY(%s)", cases.ids)

    def _note_upcoming(self, company, today, cases):
        """Write the next stage and its day on cases where nothing is due yet: one statement."""
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_case c
                   SET next_stage_id = n.next_stage_id, next_step_date = n.next_date, next_reason = n.reason
                  FROM (
                      SELECT c.id, u.next_stage_id,
                             CASE WHEN u.next_date IS NULL THEN pause.day_after
                                  ELSE GREATEST(u.next_date, u.gap_end, %(today)s) END AS next_date,
                             CASE WHEN c.reply_unread_since IS NOT NULL
                                  THEN jsonb_build_object('code', 'reply_unread')
                                  WHEN u.next_date IS NULL AND c.hold_code IS NOT NULL
                                  THEN jsonb_strip_nulls(jsonb_build_object('code', c.hold_code, 'date', pause.day_after))
                                  WHEN u.next_date IS NULL AND EXISTS (
                                      SELECT 1 FROM collection_hold h
                                       WHERE h.commercial_partner_id = c.partner_id AND h.company_id = c.company_id
                                         AND h.reason = 'cooling_off' AND h.restarted IS NOT TRUE)
                                  THEN jsonb_build_object('code', 'no_mild_stage')
                                  WHEN u.next_date IS NULL THEN jsonb_build_object('code', 'nothing_due')
                                  WHEN u.gap_end > GREATEST(u.next_date, %(today)s)
                                  THEN jsonb_build_object('code', 'minimum_gap', 'date', u.gap_end)
                                  WHEN u.next_date <= %(today)s THEN jsonb_build_object('code', 'due')
                                  ELSE jsonb_build_object('code', 'stage_day', 'date', u.next_date)
                             END AS reason
                        FROM collection_case c
                        LEFT JOIN LATERAL (
                            SELECT i.next_stage_id, i.next_date,
                                   (c.last_asked AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date + p.minimum_gap AS gap_end
                              FROM collection_item i
                              LEFT JOIN collection_policy p ON p.id = c.policy_id
                             WHERE i.case_id = c.id AND i.is_open AND i.hold_code IS NULL AND i.next_date IS NOT NULL
                             ORDER BY i.next_date, i.id
                             LIMIT 1
                        ) u ON TRUE
                        LEFT JOIN LATERAL (
                            SELECT min(i.hold_until) + 1 AS day_after FROM collection_item i
                             WHERE c.hold_code = 'paused' AND i.case_id = c.id AND i.is_open AND i.hold_code = 'paused'
                        ) pause ON TRUE
                       WHERE c.state = 'open' AND c.company_id = %(company)s AND %(among)s
                         -- What is due is decided in the night; until then a hold that is over must not be shown.
                         AND (u.next_date IS NULL OR u.next_date > %(today)s
                              OR (c.hold_code IS NULL AND c.next_reason->>'code' = ANY(%(holds)s))
                              -- What was due has left: the next message waits for the days between two.
                              OR (u.gap_end > %(today)s AND c.next_reason->>'code' IN ('due', 'ready') AND NOT EXISTS (
                                  SELECT 1 FROM collection_step s
                                   WHERE s.case_id = c.id AND s.is_asking AND s.state = ANY(%(pending)s))))
                  ) n
                 WHERE n.id = c.id
                   AND (c.next_stage_id, c.next_step_date, c.next_reason)
                       IS DISTINCT FROM (n.next_stage_id, n.next_date, n.reason)
                RETURNING c.id
                """,
                company=company.id,
                today=today,
                zone=company._collection_zone(),
                among=self._among(cases),
                holds=[code for code, _label in HOLD_CODES],
                pending=[*PENDING_STATES, "sending", "unknown"],
            )
        )
        self.invalidate_model(["next_stage_id", "next_step_date", "next_reason"])

    def _open_item_rows(self, case_ids):
        """Return the open items of cases by case, as plain dicts."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT i.case_id, i.id, i.move_id, i.company_id, i.date_due, i.next_stage_id, i.next_date, i.hold_code,
                       i.hold_until, i.round, i.amount_company, i.asked_days, i.asked_on, i.restart, s.days AS next_days,
                       first.days AS first_days
                  FROM collection_item i
                  LEFT JOIN collection_stage s ON s.id = i.next_stage_id
                  LEFT JOIN (SELECT policy_id, min(days) AS days FROM collection_stage
                              WHERE active AND days >= 0 GROUP BY policy_id) first ON first.policy_id = i.policy_id
                 WHERE i.is_open AND i.case_id = ANY(%s)
                 ORDER BY i.case_id, i.date_due, i.id
                """,
                case_ids,
            )
        )
        by_case = defaultdict(list)
        for row in rows:
            by_case[row["case_id"]].append(row)
        return by_case

    # === ONE BATCH === #

    def _decide_batch(self, night, case_ids):
        """Decide these cases; a handful of statements whatever their number."""
        cases = self.browse(case_ids)
        items = self._open_item_rows(case_ids)
        pending = self._pending_steps(cases)
        night.looked_at += len(case_ids)
        reach = self._reach(
            case_ids, {case_id: [row["move_id"] for row in items[case_id] if not row["hold_code"]] for case_id in case_ids}
        )
        addresses = {way.address for ways in reach.values() for way in ways.values()}
        facts = self.env["collection.guard"]._facts(night.now, night.company, cases.partner_id.ids, addresses)
        chooser = self.env["collection.template"]._chooser(night.company, cases.partner_id.ids, night.today)
        refused = self._refused_stages(cases, night)
        ended = self._agreed_before(case_ids, night.now)
        stages = self.env["collection.stage"].browse(
            {row["next_stage_id"] for rows in items.values() for row in rows if row["next_stage_id"]}
        ).grouped("id")
        plans, outcomes = [], {}
        for case in cases:
            plan = _Plan(
                case, items[case.id], stages, night.today, reach[case.id], refused[case.id], chooser, case.id in ended
            )
            self._plan_by_hand(plan, pending[case.id])
            reason = self._choose_step(plan, pending[case.id], night, facts)
            outcomes[case.id] = reason
            plans.append(plan)
        steps = self._write_plans(plans, night)
        self._write_outcomes(outcomes, plans)
        night.held_back.update(
            reason["code"] for reason in outcomes.values() if reason["code"] not in ("due", "ready", "manual", "stage_day")
        )
        return steps

    @api.model
    def _agreed_before(self, case_ids, now):
        """Return the ids of those cases in which an agreement ended unpaid and nothing was asked for since.

        :param datetime now: naive UTC
        """
        self.env["collection.arrangement"].flush_model()
        self.flush_model(["last_asked"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT c.id
                  FROM collection_case c
                  JOIN collection_arrangement a
                    ON a.partner_id = c.partner_id AND a.company_id = c.company_id AND a.started_on IS NOT NULL
                   AND (a.state = 'broken' OR a.state = 'lapsed' AND a.end_code = 'not_paid')
                 WHERE c.id = ANY(%s) AND a.ended_on > %s AND (c.last_asked IS NULL OR c.last_asked < a.ended_on)
                """,
                list(case_ids),
                now - timedelta(days=REMEMBERED_DAYS),
            )
        )
        return {case_id for (case_id,) in rows}

    def _refused_stages(self, cases, night):
        """Return the stages somebody said no to within the days between messages, by case."""
        refused = defaultdict(set)
        steps = self.env["collection.step"].search(
            [("case_id", "in", cases.ids), ("cancel_code", "=", "refused"), ("refused_on", "!=", False)]
        )
        for step in steps:
            if step.refused_on > night.now - timedelta(days=max(step.case_id.policy_id.minimum_gap, 1)):
                refused[step.case_id.id].add(step.stage_id.id)
        return refused

    def _pending_steps(self, cases):
        by_case = defaultdict(lambda: self.env["collection.step"])
        steps = self.env["collection.step"].search(
            [("case_id", "in", cases.ids), ("state", "in", (*PENDING_STATES, "unknown"))]
        )
        steps.fetch(["case_id", "state", "stage_id", "purpose", "round", "item_ids", "channel", "repeats_id"])
        for step in steps:
            by_case[step.case_id.id] |= step
        return by_case

    def _plan_by_hand(self, plan, pending):
        """Set apart the items whose stage is done by hand or needs a yes first."""
        for stage, rows in plan.due_by_stage().items():
            step = pending.filtered(lambda step, stage=stage: step.stage_id == stage and step.state != "unknown")[:1]
            if stage.mode == "manual":
                plan.by_hand[stage] = rows
            elif plan.needs_yes(stage) and step.state != "approved":
                plan.to_approve[stage] = (rows, step)

    def _choose_step(self, plan, pending, night, facts):
        """Choose at most one message for the case.

        :return: the reason as stored in `next_reason`; code `due` when a step was chosen
        """
        case = plan.case
        sendable = plan.sendable_rows()
        by_person = pending.filtered(lambda step: step.is_manual and step.is_asking and step.state in LEAVING_STATES)[:1]
        if sendable and by_person:
            return plan.wait_for(by_person)
        if not sendable:
            plan.outdated = plan.no_longer_due(pending)
            if plan.to_approve:
                return {"code": "awaiting_yes"}
            if plan.by_hand:
                return {"code": "manual"}
            if plan.is_refused():
                return {"code": "refused"}
            return plan.held_reason()
        gap = case.policy_id.minimum_gap
        rung = ladder.choose(plan.ladder_items(sendable), night.today, gap, plan.upcoming_reminder())
        if rung is None:
            return {"code": "heads_up_waits"}
        stage = next(stage for stage in plan.stages_of(sendable) if stage.days == rung)
        plan.outdated = plan.no_longer_due(pending)
        refusal = self._refusal_of_facts(plan, stage, pending, night)
        if refusal:
            return refusal
        way, verdict, refusal = case._first_open_way(plan.ways(stage), facts)
        moment = night.now
        if not refusal and not verdict.allowed:
            moment = put_off_until(verdict, night.now)
            refusal = None if moment else reason_of(verdict)
        if not refusal and night.cap_reached(case):
            refusal = {"code": "night_cap"}
        if refusal:
            return refusal
        reuse = pending.filtered(
            lambda step: step.stage_id == stage and step.channel == way.channel and step.state in LEAVING_STATES
        )[:1]
        plan.outdated |= pending.filtered(lambda step: step.is_asking and step.repeats_id)
        plan.choose(stage, reuse, moment, verdict, way)
        facts.note(case.partner_id.id, way.address, at=moment, channel=way.channel)
        night.count(case)
        return {"code": "due"}

    def _refusal_of_facts(self, plan, stage, pending, night):
        """Return why nothing may be asked now although the gate might allow it, or `None`."""
        case = plan.case
        total = plan.overdue_total() if stage.days >= 0 else plan.total_of(stage)
        currency = night.company.currency_id
        if case.reply_unread_since:
            return {"code": "reply_unread"}
        if any(step.state == "unknown" for step in pending):
            return {"code": "unknown"}
        if currency.compare_amounts(total, case.policy_id.minimum_total) < 0:
            return {"code": "below_minimum"}
        if night.bank_is_stale:
            return {"code": "bank_stale"}
        return None

    # === WRITING WHAT WAS CHOSEN === #

    def _write_plans(self, plans, night):
        """Create the steps and activities of a batch."""
        outdated = self.env["collection.step"].browse([step_id for plan in plans for step_id in plan.outdated.ids])
        outdated._cancel("outdated")
        Step = self.env["collection.step"]
        vals_list, approval_cases, manual = [], defaultdict(list), []
        for plan in plans:
            if plan.chosen and not plan.reused:
                vals_list.append(plan.step_vals(night, plan.chosen, "planned", plan.asked_rows(plan.chosen)))
            for stage, (rows, step) in plan.to_approve.items():
                if not step:
                    vals_list.append(plan.step_vals(night, stage, "waiting", rows))
                    approval_cases[stage].append(plan.case.id)
            manual.extend((plan.case, stage, rows) for stage, rows in plan.by_hand.items())
        self._number_rounds(vals_list)
        steps = Step.create(vals_list)
        reused = Step.browse([plan.reused.id for plan in plans if plan.reused and plan.reused.state != "to_do"])
        moments = {plan.reused.id: plan.moment for plan in plans if plan.reused}
        for moment, again in reused.grouped(lambda step: moments[step.id]).items():
            again.write({"date_planned": moment})
        for stage, case_ids in approval_cases.items():
            self.browse(case_ids)._schedule(
                "mail_activity_type_approve",
                night.today,
                self.env._("“%(stage)s” waits for your yes", stage=stage.name),
            )
        self._do_by_hand(manual, night)
        return steps | reused

    def _number_rounds(self, vals_list):
        """Give a step whose round has spoken at its stage already the next free number."""
        taken = set(
            self.env.execute_query(
                SQL(
                    """
                    SELECT case_id, COALESCE(stage_id, 0), round
                      FROM collection_step
                     WHERE state != 'cancelled' AND case_id = ANY(%s)
                    """,
                    [vals["case_id"] for vals in vals_list],
                )
            )
        )
        for vals in vals_list:
            while (vals["case_id"], vals["stage_id"] or 0, vals["round"]) in taken:
                vals["round"] += 1
            taken.add((vals["case_id"], vals["stage_id"] or 0, vals["round"]))

    def _do_by_hand(self, manual, night):
        """Hand stages that are done by hand to a person, once per item."""
        if not manual:
            return
        by_stage = defaultdict(lambda: (self.browse(), []))
        for case, stage, rows in manual:
            cases, item_ids = by_stage[stage]
            by_stage[stage] = (cases | case, item_ids + [row["id"] for row in rows])
        for stage, (cases, item_ids) in by_stage.items():
            cases._schedule(
                "mail_activity_type_manual",
                night.today,
                stage.activity_summary or stage.name,
                note=stage.activity_note,
                activity_type=stage.activity_type_id,
            )
            self.env["collection.item"].browse(item_ids)._note_asked(stage, night.today)

    def _write_outcomes(self, outcomes, plans):
        """Write next step, day and reason of a batch of cases in one statement."""
        rows = []
        for plan in plans:
            reason = outcomes[plan.case.id]
            rows.append(
                SQL(
                    "(%s, %s::int, %s::date, %s::jsonb)",
                    plan.case.id,
                    plan.next_stage_id() or None,
                    reason.get("date") or (plan.today if reason["code"] in DATED_REASONS else None),
                    fields.Json().convert_to_column(reason, self),
                )
            )
        if not rows:
            return
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_case c
                   SET next_stage_id = n.stage_id, next_step_date = n.day, next_reason = n.reason
                  FROM (VALUES %s) AS n (id, stage_id, day, reason)
                 WHERE n.id = c.id
                RETURNING c.id
                """,
                SQL(", ").join(rows),
            )
        )
        self.invalidate_model(["next_stage_id", "next_step_date", "next_reason"])

    # === ACTIVITIES === #

    def _schedule(self, type_xmlid, day, summary, note=None, activity_type=None):
        """Give each case without such an activity one, for its responsible or whoever stands in.

        :param str type_xmlid: name of an activity type of this add-on
        :param date day: deadline
        """
        if not self:
            return
        activity_type = activity_type or self.env.ref(f"collections_relationship.{type_xmlid}")
        has_one = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", activity_type.id),
                ("summary", "=", summary),
            ]
        )
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": case.id,
                    "activity_type_id": activity_type.id,
                    "summary": summary,
                    "note": note or False,
                    "date_deadline": day,
                    "automated": True,
                    "user_id": case._acting_user(day).id or self.env.uid,
                }
                for case in self - self.browse(has_one.mapped("res_id"))
            ]
        )

    def _acting_user(self, day):
        """Return who acts for the case on `day`: its responsible, or whoever stands in; may be empty."""
        self.ensure_one()
        user = self.user_id or self.company_id.collection_user_id
        return user._collection_stand_in(day) if user else user

    def _flag_undelivered(self, company, today):
        """Ask for invoices that never reached the customer to be delivered, instead of chasing them."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT case_id
                  FROM collection_item
                 WHERE is_open AND root_company_id = %s AND case_id IS NOT NULL AND date_due < %s
                   AND hold_code IN ('not_delivered', 'delivery_failed')
                """,
                company.id,
                today,
            )
        )
        cases = self.browse([case_id for (case_id,) in rows])
        cases._schedule("mail_activity_type_deliver", today, self.env._("Deliver the invoices that did not arrive"))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT next_reason ->> 'code', array_agg(id)
                  FROM collection_case
                 WHERE state = 'open' AND company_id = %s
                   AND next_reason ->> 'code' IN ('no_address', 'bounced', 'opted_out', 'zone_unknown', 'holidays_unknown')
                 GROUP BY 1
                """,
                company.id,
            )
        )
        unreachable = self.browse([case_id for code, ids in rows if code in ("no_address", "bounced") for case_id in ids])
        unreachable._schedule("mail_activity_type_address", today, self.env._("Find an e-mail address that works"))
        unwilling = self.browse([case_id for code, ids in rows if code == "opted_out" for case_id in ids])
        unwilling._schedule(
            "mail_activity_type_address", today, self.env._("The customer wants no e-mails: call, or write a letter")
        )
        unplaced = self.browse([case_id for code, ids in rows if code.endswith("_unknown") for case_id in ids])
        unplaced._schedule(
            "mail_activity_type_address", today, self.env._("Enter the customer's country and time zone")
        )

    # === THANKS === #

    @api.model
    def _plan_thanks(self, now, company):
        """Plan a thank-you for each customer we had asked who has paid everything since.

        Only where money came in: an invoice that was reversed or written off is no reason to thank.

        :return: planned steps
        """
        if not company.collection_active:
            return self.env["collection.step"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (c.id) c.id, s.recipient_id, s.address, s.user_id, s.sender_company_id
                  FROM collection_case c
                  JOIN collection_policy p ON p.id = c.policy_id AND p.thank
                  JOIN collection_step s ON s.case_id = c.id AND s.state = 'sent' AND s.is_asking
                  JOIN collection_stage st ON st.id = s.stage_id AND st.days >= 0
                 WHERE c.state = 'closed' AND c.company_id = %(company)s
                   AND c.date_closed BETWEEN %(now)s::timestamp - interval '3 days' AND %(now)s
                   AND NOT EXISTS (SELECT 1 FROM collection_step t WHERE t.case_id = c.id AND t.purpose = 'account_settled')
                   AND EXISTS (
                       SELECT 1
                         FROM collection_item_step_rel r
                         JOIN collection_item i ON i.id = r.item_id AND NOT i.is_open
                         JOIN account_partial_reconcile pr ON pr.debit_move_id = i.line_id
                         JOIN account_move_line cl ON cl.id = pr.credit_move_id
                         JOIN account_journal j ON j.id = cl.journal_id AND j.type IN ('bank', 'cash', 'credit')
                        WHERE r.step_id = s.id)
                 ORDER BY c.id, s.sent_on DESC, s.id DESC
                """,
                company=company.id,
                now=now,
            )
        )
        cases = {case.id: case for case in self.browse([row[0] for row in rows])}
        chooser = self.env["collection.template"]._chooser(
            company, [case.partner_id.id for case in cases.values()], company._collection_today(now)
        )
        messages = {
            case_id: chooser.choose(case.partner_id, "account_settled", "warm", policy=case.policy_id)
            for case_id, case in cases.items()
        }
        return self.env["collection.step"].create(
            [
                {
                    "case_id": case_id,
                    "company_id": company.id,
                    "sender_company_id": sender_id,
                    "purpose": "account_settled",
                    "template_id": messages[case_id].template_id,
                    "state": "planned",
                    "date_planned": now,
                    "recipient_id": recipient_id,
                    "address": address,
                    "user_id": user_id,
                    "reason": {"code": "settled", "words": messages[case_id].why},
                }
                for case_id, recipient_id, address, user_id, sender_id in rows
                if messages[case_id].template_id
            ]
        )


class _Night:
    """What one decision run knows about its company and counts on the way."""

    def __init__(self, company, today, now, bank_is_stale):
        self.company = company
        self.today = today
        self.now = now
        self.bank_is_stale = bank_is_stale
        self.held_back = Counter()
        self.looked_at = 0
        capped = company.collection_night_cap_until and today <= company.collection_night_cap_until
        self._cap = company.collection_night_cap if capped else 0
        self._per_user = self._sent_today() if self._cap else Counter()

    def _sent_today(self):
        """Return how many asking messages left today already, by responsible."""
        steps = self.company.env["collection.step"].search(
            [
                ("company_id", "=", self.company.id),
                ("is_asking", "=", True),
                ("state", "in", ("sending", "sent", "unknown")),
                ("date_planned", ">=", self.now - timedelta(days=1)),
            ]
        )
        return Counter(
            step.case_id.user_id.id
            for step in steps
            if self.company._collection_today(step.sent_on or step.date_planned) == self.today
        )

    def cap_reached(self, case):
        return bool(self._cap) and self._per_user[case.user_id.id] >= self._cap

    def count(self, case):
        self._per_user[case.user_id.id] += 1


class _Plan:
    """What is being planned for one case."""

    def __init__(self, case, rows, stages, today, reach=None, refused=frozenset(), chooser=None, agreed_before=False):
        self.case = case
        self.rows = rows
        self.today = today
        self.by_hand = {}
        self.to_approve = {}
        self.chosen = None
        self.reused = None
        self.moment = None
        self._verdict = None
        self._picked = {}
        self._way = None
        self._awaited = None
        self.outdated = case.env["collection.step"]
        self._reach = reach or {}
        self._chooser = chooser
        self._stages = stages
        self._refused = refused
        self._agreed_before = agreed_before

    def purpose_of(self, stage):
        """Return what the message of `stage` is for; what was agreed on lately is not passed over in silence."""
        is_forgetful = self._agreed_before and stage.purpose in FORGETFUL_PURPOSES and not stage.template_id
        return "after_agreement" if is_forgetful else stage.purpose

    def _free(self):
        return [row for row in self.rows if not row["hold_code"]]

    def held_reason(self):
        """Return, as stored in `next_reason`, what holds the case; for a pause with the first day after it."""
        held = [row for row in self.rows if row["hold_code"]]
        code = self.case.hold_code or next((row["hold_code"] for row in held), "nothing_due")
        ends = [row["hold_until"] for row in held if row["hold_code"] == code == "paused"]
        return {"code": code, "date": (min(ends) + timedelta(days=1)).isoformat()} if ends else {"code": code}

    def _is_due(self, row):
        return row["next_date"] and row["next_date"] <= self.today

    def _due(self):
        return [row for row in self._free() if self._is_due(row) and row["next_stage_id"] not in self._refused]

    def is_refused(self):
        """Tell whether somebody said no to what is due."""
        return any(self._is_due(row) and row["next_stage_id"] in self._refused for row in self._free())

    def due_by_stage(self):
        groups = defaultdict(list)
        for row in self._due():
            groups[self._stages[row["next_stage_id"]]].append(row)
        return groups

    def ways(self, stage):
        """Return the ways to the customer to be tried for `stage`, the first one first."""
        return self.case._ways_in_order(stage, self._reach)

    def way_of(self, stage):
        """Return the way chosen, else the first one there is; without an address where there is none."""
        if self._way and self.chosen == stage:
            return self._way
        return next(iter(self.ways(stage)), Way(stage.channel, False, False))

    def message(self, stage, channel):
        """Return the message `stage` sends on a channel, and why this one.

        :rtype: collection_template_choice.Picked
        """
        if (stage, channel) not in self._picked:
            self._picked[stage, channel] = self._chooser.choose(
                self.case.partner_id,
                self.purpose_of(stage),
                stage.tone,
                channel,
                policy=self.case.policy_id,
                fixed=stage.template_id,
            )
        return self._picked[stage, channel]

    def choose_by_hand(self, stage, way, template):
        """Let a person's choice speak: this way, and where he took another message of the library, that one."""
        self.chosen, self._way = stage, way
        picked = self.message(stage, way.channel)
        if template and template.id != picked.template_id:
            self._picked[stage, way.channel] = picked._replace(template_id=template.id, why={"fixed": True})

    def needs_yes(self, stage):
        """Tell whether a person must agree: always at this stage, for this customer, or to words firmer than usual."""
        return (
            stage.mode == "approve"
            or self.case.partner_id.collection_needs_person
            or self.message(stage, self.way_of(stage).channel).must_approve
        )

    def sendable_rows(self):
        """Due items whose stage has a message that may leave without, or after, a yes."""
        apart = {stage.id for stage in (*self.by_hand, *self.to_approve)}
        return [row for row in self._due() if row["next_stage_id"] not in apart]

    def stages_of(self, rows):
        return {self._stages[row["next_stage_id"]] for row in rows}

    def no_longer_due(self, pending):
        """Asking steps that have not left and whose stage no item is due at any more."""
        due = self.stages_of(self._due())
        return pending.filtered(
            lambda step: (
                step.state != "unknown"
                and step.is_asking
                and not step.is_manual
                and not step.repeats_id
                and step.stage_id not in due
            )
        )

    def ladder_items(self, rows):
        return [
            ladder.DueItem(
                row["id"],
                row["next_days"],
                row["date_due"],
                # An item asked about only lately has not given way for long, however late it is.
                max(row["next_date"], row["asked_on"] or row["next_date"]),
                row["asked_days"] is not None and row["asked_days"] >= 0,
            )
            for row in rows
        ]

    def upcoming_reminder(self):
        """The next day on which a reminder (not a heads-up) becomes due, or `None`."""
        days = [
            row["date_due"] + timedelta(days=row["first_days"]) if row["next_days"] < 0 else row["next_date"]
            for row in self._free()
            if row["next_date"] and row["first_days"] is not None
        ]
        return min(days, default=None)

    def overdue_total(self):
        return sum(row["amount_company"] for row in self._free() if row["date_due"] < self.today)

    def total_of(self, stage):
        return sum(row["amount_company"] for row in self.asked_rows(stage))

    def asked_rows(self, stage):
        """Items a message of `stage` asks for: old enough for it, and climbed at least as far."""
        if stage.days < 0:
            return [row for row in self._due() if row["next_stage_id"] == stage.id]
        rows = []
        for row in self._free():
            reached = max(
                row["asked_days"] if row["asked_days"] is not None else -9999,
                row["next_days"] if row["next_date"] and row["next_date"] <= self.today else -9999,
            )
            if (self.today - row["date_due"]).days >= stage.days and reached >= stage.days:
                rows.append(row)
        return rows

    def choose(self, stage, reuse, moment, verdict, way):
        """Let `stage` speak at `moment` (naive UTC) by `way`; the verdict says why not earlier."""
        self.chosen = stage
        self._way = way
        self.reused = reuse
        self.moment = moment
        self._verdict = verdict

    def wait_for(self, step):
        """Say nothing while a message a person chose has not left: a letter to be printed, one put off.

        :return: the reason as stored in `next_reason`
        """
        self._awaited = step
        day = self.case.company_id._collection_today(step.date_planned)
        return {"code": "ready", "date": day.isoformat()} if day > self.today else {"code": "ready"}

    def next_stage_id(self):
        if self._awaited:
            return self._awaited.stage_id.id
        if self.chosen:
            return self.chosen.id
        due = sorted(self._due(), key=lambda row: -row["next_days"])
        return due[0]["next_stage_id"] if due else None

    def sender_id(self, rows):
        """The branch all these items are of, else the company of the case."""
        companies = {row["company_id"] for row in rows}
        return companies.pop() if len(companies) == 1 else self.case.company_id.id

    def step_vals(self, night, stage, state, rows):
        case = self.case
        way = self.way_of(stage)
        return {
            "case_id": case.id,
            "company_id": case.company_id.id,
            "sender_company_id": self.sender_id(rows),
            "stage_id": stage.id,
            "round": max((row["round"] or 0 for row in rows), default=0),
            "channel": way.channel,
            "purpose": self.purpose_of(stage),
            "template_id": self.message(stage, way.channel).template_id,
            "state": state,
            "date_planned": self.moment or night.now,
            "user_id": case._acting_user(night.today).id,
            "recipient_id": way.partner_id,
            "address": way.address,
            "item_ids": [fields.Command.set([row["id"] for row in rows])],
            "reason": self._reason(stage, rows, night),
        }

    def _reason(self, stage, rows, night):
        """Why now, as data: the rule, the facts it met, and what the gate was asked."""
        first = any(row["asked_days"] is None or row["asked_days"] < 0 for row in rows)
        code = "restart" if any(row["restart"] for row in rows) else "first_contact" if first and stage.days >= 0 else "due"
        return {
            "code": code,
            "stage": stage.code or stage.name,
            "stage_days": stage.days,
            "policy": self.case.policy_id.id,
            "minimum_gap": self.case.policy_id.minimum_gap,
            "minimum_total": self.case.policy_id.minimum_total,
            "today": fields.Date.to_string(night.today),
            "items": len(rows),
            "overdue": self.overdue_total(),
            "put_off": [refusal.code.lower() for refusal in self._verdict.refusals] if self._verdict else [],
            "words": self.message(stage, self.way_of(stage).channel).why,
        }
