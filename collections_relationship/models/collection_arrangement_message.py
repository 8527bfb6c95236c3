"""What a customer hears about an arrangement: offered, confirmed, a payment near, missed, thanks, the end.

Plans steps; they pass the same gate and leave the same way as every other message. None of them asks for money.
"""
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import Command, api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ..engine import agreement
from ..engine.vocabulary import PURPOSES
from .collection_guard import next_moment, reason_of
from .collection_policy_arrangement import REMIND_DAYS

#: Messages planned together.
BATCH = 200
#: What there is to say, to the purpose of the message by kind; `None` stands for every other kind.
PURPOSE_OF = {
    "offered": {"settlement": "settlement_offered", "plan": "plan_offered", None: "promise_offered"},
    "countered": {"settlement": "settlement_offered", None: "plan_countered"},
    "choice": {None: "choice_offered"},
    "confirmed": {
        "promise": "promise_noted",
        "grace": "grace_given",
        "settlement": "settlement_agreed",
        None: "plan_confirmed",
    },
    "approved": {"settlement": "settlement_approved"},
    "changed": {
        "promise": "promise_noted",
        "grace": "grace_given",
        "settlement": "settlement_agreed",
        None: "plan_confirmed",
    },
    "soon": {"plan": "instalment_soon", "settlement": "settlement_soon", None: "promise_due"},
    "missed": {"plan": "instalment_missed", "settlement": "settlement_missed", None: "promise_missed"},
    "part_missed": {None: "partly_paid"},
    "moved": {None: "date_moved"},
    "reduced": {"plan": "plan_reduced"},
    "paid": {None: "instalment_received"},
    "part_paid": {None: "partly_paid"},
    "nearly_done": {"plan": "plan_nearly_done", None: "instalment_received"},
    "kept": {"plan": "plan_completed", "settlement": "settlement_confirmed", None: "payment_received"},
    "lapsed": {"settlement": "settlement_lapsed"},
    "paused": {None: "hardship_granted"},
}
#: What a person has just done; it leaves as his own message would.
BY_HAND = ("offered", "countered", "choice", "confirmed", "approved", "changed", "paused")
#: Thanks, and what asks where a payment stays.
THANKS = ("paid", "part_paid", "nearly_done", "kept")
MISSED = ("missed", "part_missed")
#: In which states of the arrangement a message still is right.
RIGHT_IN = {
    "offered": ("offered",),
    "countered": ("offered",),
    "choice": ("offered",),
    "confirmed": (*agreement.RUNNING, "kept"),
    "approved": (*agreement.RUNNING, "kept"),
    "changed": agreement.RUNNING,
    "soon": agreement.RUNNING,
    "missed": (*agreement.RUNNING, "broken"),
    "part_missed": (*agreement.RUNNING, "broken"),
    "moved": agreement.RUNNING,
    "reduced": agreement.RUNNING,
    "paid": (*agreement.RUNNING, "kept"),
    "part_paid": agreement.RUNNING,
    "nearly_done": agreement.RUNNING,
    "kept": ("kept",),
    "lapsed": ("lapsed",),
    "paused": agreement.RUNNING,
}


class Tell(NamedTuple):
    """Something to tell about an arrangement.

    :param arrangement: `collection.arrangement`
    :param what: of `PURPOSE_OF`
    :param line_id: the payment it is about, if any, with its day as it was agreed
    :param amount: open of that payment
    :param number: of that payment in the plan as it was
    :param offers: of a choice, all the customer may choose from
    :param facts: further words of the message, as `collection.step` keeps them in `details`; they go before the others
    """

    arrangement: Any
    what: str
    line_id: int | None = None
    day: date | None = None
    amount: Decimal | None = None
    number: int | None = None
    offers: Any = ()
    facts: dict[str, Any] | None = None


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    step_ids = fields.One2many("collection.step", "arrangement_id", string="Messages About It", readonly=True)
    step_count = fields.Integer(string="Number of Messages", compute="_compute_step_count")

    @api.depends("step_ids")
    def _compute_step_count(self):
        groups = self.env["collection.step"]._read_group(
            [("arrangement_id", "in", self.ids)], ["arrangement_id"], ["__count"]
        )
        counts = dict(groups)
        for arrangement in self:
            arrangement.step_count = counts.get(arrangement._origin, 0)

    def action_open_steps(self):
        """Open the messages about it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Messages About It"),
            "res_model": "collection.step",
            "view_mode": "list,form",
            "domain": [("arrangement_id", "=", self.id)],
        }

    def _tell(self, what, now, line=None):
        """Plan the message to the customer about what happened; of what he proposed himself he hears our answer.

        :param str what: of `PURPOSE_OF`
        :param line: the payment it is about
        """
        for arrangement in self.sudo():  # whoever calls has checked the right, or it is the night
            if what == "offered" and arrangement.proposed_by == "customer":
                continue
            said = arrangement._what_is_said(what, now)
            if said == "choice":
                arrangement._waiting_offers()._cancel("arrangement_moved")
            payment = line or arrangement._payment_at_hand(said)
            self._tell_all([arrangement._tell_of(said, payment, payment.amount_left, now=now)], now)
        return super()._tell(what, now, line)

    def _payment_at_hand(self, what):
        """Return the payment a message is about where nobody says which: the next one, of an end the last."""
        ordered = self.line_ids.sorted("date")
        if what in ("kept", "lapsed"):
            return ordered[-1:]
        return ordered.filtered(lambda line: not self.currency_id.is_zero(line.amount_left))[:1] or ordered[:1]

    def _tell_of(self, what, payment, amount=None, number=None, facts=None, now=None):
        """Return what is to be told about a payment, a record or a `Payment`, as `Tell`.

        :param datetime now: of a choice, when there is the choice
        """
        amount = Decimal(str(payment.amount if amount is None else amount))
        offers = self._to_choose_from(now) if what == "choice" else ()
        return Tell(self, what, payment.id, payment.date, amount, number, offers, facts)

    def _tell_paused(self, until, now):
        """Plan the message that payments wait until a day."""
        self._tell_all([Tell(self, "paused", None, until, Decimal())], now)

    # === PLANNING === #

    @api.model
    def _tell_all(self, tells, now):
        """Plan the messages about what happened, all of a company together.

        Whom no message can reach is noted on the arrangement, with why.

        :param tells: list of `Tell`
        :param datetime now: naive UTC
        :return: the steps planned
        """
        by_company = defaultdict(list)
        for tell in tells:
            if self._purpose_of(tell):
                by_company[tell.arrangement.company_id].append(tell)
        steps = self.env["collection.step"]
        for company, own in by_company.items():
            for batch in split_every(BATCH, own, list):
                steps |= self._tell_company(batch, now, company)
        return steps

    @api.model
    def _purpose_of(self, tell):
        """Return the purpose of the message, False where nothing is said."""
        by_kind = PURPOSE_OF[tell.what]
        kind = tell.arrangement.kind
        if kind == "settlement" and tell.what == "nearly_done" and len(tell.arrangement.line_ids) > 1:
            kind = "plan"
        return by_kind.get(kind, by_kind.get(None, False))

    @api.model
    def _tone_of(self, tell, purpose):
        """Return the tone wished for: the mildest; who was thanked for a part is asked about the rest in other words."""
        return PURPOSES[purpose].tones[1 if tell.what == "part_missed" else 0]

    @api.model
    def _tell_company(self, tells, now, company):
        arrangements = self.browse().sudo().union(*(tell.arrangement for tell in tells))
        Statement, Case = self.env["collection.statement"].sudo(), self.env["collection.case"].sudo()
        today = company._collection_today(now)
        partners = arrangements.partner_id
        cases = Statement._cases_of(company, partners, now)
        moves = defaultdict(set)
        for arrangement in arrangements:
            moves[cases[arrangement.partner_id].id].update(arrangement.item_ids.move_id.ids)
        recipients = Case._recipients(list(moves), moves)
        items = self.env["collection.item"].sudo().search([("line_id", "in", arrangements.item_ids.line_id.ids)])
        item_of = {item.line_id: item for item in items}
        chooser = self.env["collection.template"]._chooser(company, partners.ids, today)
        facts = self.env["collection.guard"]._facts(
            now, company, partners.ids, {address for _person, address in recipients.values()}
        )
        # A payment that was spread over others is gone.
        known = self.env["collection.arrangement.line"].browse({tell.line_id for tell in tells if tell.line_id}).exists()
        vals_list, unsaid = [], {}
        for tell in tells:
            arrangement, partner = tell.arrangement, tell.arrangement.partner_id
            case, purpose = cases[partner], self._purpose_of(tell)
            person_id, address = recipients.get(case.id, (False, False))
            picked = chooser.choose(partner, purpose, self._tone_of(tell, purpose), policy=case.policy_id)
            verdict = facts.check(partner.id, address, policy=case.policy_id, asking=False, purpose=purpose)
            moment = now if verdict.allowed else next_moment(verdict)
            if refused := self._why_unsaid(partner, address, case, picked, moment, verdict):
                unsaid[arrangement] = refused
                continue
            by_hand = tell.what in BY_HAND
            branches = arrangement.item_ids.line_id.company_id
            vals_list.append(
                {
                    "case_id": case.id,
                    "company_id": company.id,
                    "sender_company_id": branches.id if len(branches) == 1 else company.id,
                    "stage_id": False,
                    "round": 0,
                    "channel": "email",
                    "purpose": purpose,
                    "template_id": picked.template_id,
                    "state": "approved" if by_hand else "planned",
                    "is_manual": by_hand,
                    "date_planned": moment,
                    "user_id": arrangement.user_id.id or case._acting_user(today).id,
                    "recipient_id": person_id,
                    "address": address,
                    "item_ids": [
                        Command.set([item_of[line].id for line in arrangement.item_ids.line_id if line in item_of])
                    ],
                    "arrangement_id": arrangement.id,
                    "arrangement_line_id": tell.line_id in known._ids and tell.line_id,
                    "details": self._details_of(tell, purpose),
                    "reason": {
                        "code": f"arrangement_{tell.what}",
                        "words": picked.why,
                        "paid": arrangement.amount_paid,
                    },
                }
            )
        Case._number_rounds(vals_list)
        if unsaid:
            self._note_unsaid(unsaid)
        return self.env["collection.step"].sudo().create(vals_list)

    @api.model
    def _why_unsaid(self, partner, address, case, picked, moment, verdict):
        """Return the code of why a message cannot be sent, empty where it can."""
        if not partner.active:
            return "archived"
        if not address:
            return "no_address"
        if case.bounced_on:
            return "bounced"
        if not picked.template_id:
            return "no_template"
        return "" if moment else reason_of(verdict)["code"]

    @api.model
    def _note_unsaid(self, unsaid):
        """Note on arrangements that the customer was not told, with why and what to do."""
        Case = self.env["collection.case"]
        labels, cures = Case._next_reason_labels(), Case._cures()
        self.browse().union(*unsaid)._message_log_batch(
            bodies={
                arrangement.id: " ".join(
                    filter(
                        None,
                        [self.env._("The customer was not told by e-mail:"), labels.get(code, code), cures.get(code)],
                    )
                )
                for arrangement, code in unsaid.items()
            }
        )

    # === WHAT IT SAYS === #

    @api.model
    def _details_of(self, tell, purpose):
        """Return the facts of a message, in the form `collection.step` keeps them in `details`."""
        arrangement = tell.arrangement
        lines = arrangement.line_ids.sorted("date")
        number = tell.number or next((position for position, line in enumerate(lines, 1) if line.id == tell.line_id), len(lines))
        amount = float(tell.amount)
        day = fields.Date.to_string(tell.day)
        last = fields.Date.to_string(arrangement.date_last)
        untils = [offer.date_until for offer in tell.offers or arrangement if offer.date_until]
        several = len(lines) > 1
        asked = lines.filtered(lambda line: line.state != "reduced")  # a credit note has taken the others
        facts = {
            "promise_date": day,
            "promise_amount": amount,
            "instalment_date": day,
            "instalment_amount": amount,
            # Of a single payment nobody says that it is the first of one, where a text can do without.
            "instalment_number": number if several or "instalment_number" not in PURPOSES[purpose].maybe else False,
            "plan_count": len(lines) if several or "plan_count" not in PURPOSES[purpose].maybe else False,
            "plan_total": sum(line.amount - line.amount_reduced for line in asked),
            "plan_end": last,
            "remaining_amount": arrangement.amount_left,
            "settlement_amount": arrangement.amount_agreed,
            "waived_amount": arrangement.amount_waived,
            "settle_by": last,
            "grace_until": last,
            "offer_until": fields.Date.to_string(min(untils)) if untils else False,
            "pause_until": day,
            "received_amount": amount,
            "received_on": fields.Date.to_string(lines[-1:].paid_on or tell.day),
            "plan": [
                {
                    "date": fields.Date.to_string(line.date),
                    "amount": line.amount - line.amount_reduced,
                    "paid": line.state in ("kept", "late"),
                }
                for line in asked
            ],
            "offer_count": len(tell.offers),
            "offers": [
                {
                    "id": offer.id,
                    "kind": offer.kind,
                    "lines": [
                        {"date": fields.Date.to_string(line.date), "amount": line.amount}
                        for line in offer.line_ids.sorted("date")
                    ],
                    "waived": offer.amount_waived,
                }
                for offer in tell.offers
            ],
            "agreement_button": True,
            **(tell.facts or {}),
        }
        if not several and "plan" in PURPOSES[purpose].maybe:
            del facts["plan"]
        known = PURPOSES[purpose].known
        return {**{name: value for name, value in facts.items() if name in known}, "currency": arrangement.currency_id.name}

    # === REMINDERS === #

    @api.model
    def _remind(self, now, company):
        """Plan a reminder of each payment that is near, once; of a promise on the day before.

        :param datetime now: naive UTC
        :param company: root company
        :return: the steps planned
        """
        today = company._collection_today(now)
        self.flush_model()
        self.env["collection.arrangement.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE collection_arrangement_line l
                   SET reminded_on = %(now)s
                  FROM collection_arrangement a
                  LEFT JOIN LATERAL (
                      SELECT i.policy_id
                        FROM collection_arrangement_item ai
                        JOIN collection_item i ON i.line_id = ai.line_id AND i.policy_id IS NOT NULL
                       WHERE ai.arrangement_id = a.id
                       ORDER BY i.date_due, i.id LIMIT 1
                  ) own ON TRUE
                  LEFT JOIN collection_policy p ON p.id = own.policy_id
                 WHERE a.id = l.arrangement_id AND a.company_id = %(company)s AND a.state = ANY(%(running)s)
                   AND l.reminded_on IS NULL AND l.amount_left > 0 AND l.state = 'open'
                   AND a.started_on < %(today)s
                   AND COALESCE(p.arrangement_remind_days, %(days)s) > 0
                   AND l.date > %(today)s
                   AND l.date - %(today)s <= CASE WHEN a.line_count > 1 THEN COALESCE(p.arrangement_remind_days, %(days)s)
                                                  ELSE 1 END
                RETURNING l.id
                """,
                now=now,
                today=today,
                company=company.id,
                running=list(agreement.RUNNING),
                days=REMIND_DAYS,
            )
        )
        lines = self.env["collection.arrangement.line"].browse([line_id for (line_id,) in rows])
        lines.invalidate_recordset(["reminded_on"], flush=False)
        return self._tell_all(
            [line.arrangement_id._tell_of("soon", line, line.amount_left) for line in lines], now
        )
