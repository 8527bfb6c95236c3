"""Sends statements of account: on demand, and each week or month to customers who have something open."""
from odoo import Command, api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import split_every

from ..engine import statement as periods
from .collection_guard import next_moment, reason_of

#: Customers whose statements are planned together, each batch committed.
BATCH = 200
PURPOSE = "statement"
TONE = "friendly"
#: Of a step that is only the link on a printed statement.
PRINTED = "printed"


class CollectionStatement(models.Model):
    _inherit = "collection.statement"

    # === EACH WEEK OR MONTH === #

    @api.model
    def _cron_statements(self):
        """Plan the statements that are due; the clock is read here."""
        self._plan_scheduled(fields.Datetime.now())

    @api.model
    def _plan_scheduled(self, now, companies=None):
        """Plan the statements of the week or month that begins, batch by batch.

        A customer gets one for each period, however often this runs.

        :param datetime now: naive UTC
        :param companies: root companies; `None` for all that follow up automatically
        :return: number of statements planned
        """
        if companies is None:
            companies = self.env["collection.run"]._root_companies().filtered("collection_active")
        jobs = [
            (company, period, partner_ids)
            for company in companies
            for schedule in ("weekly", "monthly")
            if (period := periods.due_period(schedule, company._collection_today(now)))
            for partner_ids in split_every(BATCH, self._due_partner_ids(company, schedule, period.key), list)
        ]
        cron = self.env["ir.cron"]
        in_test = self.env.context.get("collection_no_commit")
        if not in_test:
            cron._commit_progress(remaining=len(jobs))
        count = 0
        for company, period, partner_ids in jobs:
            start = period.before if company.collection_statement_history else None
            count += self._plan_period(now, company, period, partner_ids, start)
            if not in_test and not cron._commit_progress(1):
                break
        return count

    @api.model
    def _due_partner_ids(self, company, schedule, key):
        """Return the customers with this schedule, with something open, that have no statement of this period."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id
                  FROM res_partner p
                  JOIN res_company root ON root.id = %(company)s
                 WHERE COALESCE(p.collection_statement ->> %(company_key)s, root.collection_statement) = %(schedule)s
                   AND p.active AND p.commercial_partner_id = p.id
                   AND EXISTS (SELECT 1 FROM collection_item i
                                WHERE i.partner_id = p.id AND i.root_company_id = root.id AND i.is_open AND i.residual > 0)
                   AND NOT EXISTS (SELECT 1 FROM collection_statement s
                                    WHERE s.partner_id = p.id AND s.company_id = root.id AND s.period = %(key)s)
                 ORDER BY p.id
                """,
                company=company.id,
                company_key=str(company.id),
                schedule=schedule,
                key=key,
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _plan_period(self, now, company, period, partner_ids, start):
        """Plan the statements of one batch; whoever has one already is left out, also if it was made this second."""
        today = company._collection_today(now)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO collection_statement (partner_id, company_id, date, period, date_start,
                                                  create_uid, create_date, write_uid, write_date)
                SELECT p, %(company)s, %(today)s, %(key)s, %(start)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM unnest(%(partners)s) AS p
                    ON CONFLICT (company_id, partner_id, period) WHERE period IS NOT NULL DO NOTHING
             RETURNING id
                """,
                partners=partner_ids,
                company=company.id,
                today=today,
                key=period.key,
                start=start or None,
                uid=self.env.uid,
                now=now,
            )
        )
        statements = self.browse([statement_id for (statement_id,) in rows])
        refused = statements._plan_steps(now)
        # Not now is not never: the period's next day asks again, while its window lasts.
        self.browse([statement.id for statement in statements if statement.partner_id in refused]).unlink()
        return len(statements) - len(refused)

    # === PLANNING === #

    def _plan_steps(self, now, by_hand=False):
        """Plan the message of each of these statements of one company.

        :param datetime now: naive UTC
        :param bool by_hand: a person asked for it
        :return: customers who get none, with the code of why
        :rtype: dict
        """
        if not self:
            return {}
        company, partners = self.company_id, self.partner_id
        today = company._collection_today(now)
        cases = self._cases_of(company, partners, now)
        items = self._items_of(company, partners)
        case_ids = [case.id for case in cases.values()]
        Case = self.env["collection.case"]
        recipients = Case._recipients(
            case_ids, {case.id: items[partner].move_id.ids for partner, case in cases.items()}
        )
        chooser = self.env["collection.template"]._chooser(company, partners.ids, today)
        facts = self.env["collection.guard"]._facts(
            now, company, partners.ids, {address for _person, address in recipients.values()}
        )
        refused, vals_list, planned = {}, [], []
        for statement in self:
            partner = statement.partner_id
            case = cases[partner]
            person_id, address = recipients.get(case.id, (False, False))
            picked = chooser.choose(partner, PURPOSE, TONE, policy=case.policy_id)
            verdict = facts.check(partner.id, address, policy=case.policy_id, asking=False, purpose=PURPOSE)
            moment = now if verdict.allowed else next_moment(verdict)
            if not address:
                refused[partner] = "no_address"
            elif case.bounced_on:
                refused[partner] = "bounced"
            elif not picked.template_id:
                refused[partner] = "no_template"
            elif not moment:
                refused[partner] = reason_of(verdict)["code"]
            else:
                planned.append(statement)
                vals_list.append(
                    {
                        "case_id": case.id,
                        "company_id": company.id,
                        "sender_company_id": company.id,
                        "stage_id": False,
                        "round": 0,
                        "channel": "email",
                        "purpose": PURPOSE,
                        "template_id": picked.template_id,
                        "state": "approved" if by_hand else "planned",
                        "is_manual": by_hand,
                        "date_planned": moment,
                        "user_id": self.env.uid if by_hand else case._acting_user(today).id,
                        "recipient_id": person_id,
                        "address": address,
                        "item_ids": [Command.set(items[partner].ids)],
                        "details": {"statement_date": fields.Date.to_string(today)},
                        "reason": {"code": "by_hand" if by_hand else "statement_day", "words": picked.why},
                    }
                )
        Case._number_rounds(vals_list)
        steps = self.env["collection.step"].create(vals_list)
        for statement, step in zip(planned, steps, strict=True):
            statement.step_id = step
        return refused

    @api.model
    def _cases_of(self, company, partners, now):
        """Return the case each customer's statement is logged on: the open one, else the last one.

        A customer who never was late has none: he gets one that is closed from the start.

        :return: partner to case (sudo)
        """
        cases = self.env["collection.case"].sudo().search(  # whoever calls has checked the customers
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id)], order="state, id"
        )
        known = {}
        for case in cases:
            if case.state == "open" or known.get(case.partner_id, case).state != "open":
                known[case.partner_id] = case
        without = [partner for partner in partners if partner not in known]
        created = cases.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "policy_id": (
                        partner.with_company(company).sudo().collection_policy_id or company._collection_default_policy()
                    ).id,
                    "state": "closed",
                    "date_opened": now,
                    "date_closed": now,
                }
                for partner in without
            ]
        )
        return {**known, **dict(zip(without, created, strict=True))}

    @api.model
    def _items_of(self, company, partners):
        """Return what each customer owes, as `collection.item` by partner."""
        items = self.env["collection.item"].sudo().search(  # whoever calls has checked the customers
            [
                ("partner_id", "in", partners.ids),
                ("root_company_id", "=", company.id),
                ("is_open", "=", True),
                ("residual", ">", 0),
            ]
        )
        by_partner = items.grouped("partner_id")
        return {partner: by_partner.get(partner, items.browse()) for partner in partners}

    # === THE LINK ON PAPER === #

    @api.model
    def _links(self, company, partners, now):
        """Return for each customer with something open the address of a page that shows these items and no others.

        A page's link speaks for a step. The same open items get the same link again; else a step is made that
        never leaves, so it is cancelled from the start and says why.

        :param datetime now: naive UTC
        :return: partner id to address
        :rtype: dict[int, str]
        """
        items = {partner: own for partner, own in self._items_of(company, partners).items() if own}
        Step = self.env["collection.step"].sudo()  # whoever calls has checked the customers
        known = Step.search(
            [
                ("partner_id", "in", [partner.id for partner in items]),
                ("company_id", "=", company.id),
                ("purpose", "=", PURPOSE),
                ("cancel_code", "=", PRINTED),
                ("link_revoked", "=", False),
                ("link_expires", ">", company._collection_today(now)),
            ],
            order="id",
        )
        steps = {step.partner_id: step for step in known if step.item_ids == items[step.partner_id]}
        without = self.env["res.partner"].union(*(partner for partner in items if partner not in steps))
        cases = self._cases_of(company, without, now)
        created = Step.create(
            [
                {
                    "case_id": cases[partner].id,
                    "company_id": company.id,
                    "sender_company_id": company.id,
                    "purpose": PURPOSE,
                    "state": "cancelled",
                    "cancel_code": PRINTED,
                    "date_planned": now,
                    "recipient_id": partner.id,
                    "item_ids": [Command.set(items[partner].ids)],
                    "reason": {"code": "by_hand"},
                }
                for partner in without
            ]
        )
        steps.update(zip(without, created, strict=True))
        links = Step.union(*steps.values())._payment_links() if steps else {}
        return {partner.id: links[step.id] for partner, step in steps.items()}
