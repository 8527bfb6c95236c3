"""Says a message once more on another way, where the first brought neither money nor an answer."""
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class CollectionStep(models.Model):
    _inherit = "collection.step"

    @api.model
    def _plan_repeats(self, now, company):
        """Plan the second way of stages that have one: a handful of statements for all customers.

        The guard spaces both, and the ledger is asked again when it leaves. Nothing is said again where
        something was paid or answered, or another message is on its way.

        :param datetime now: naive UTC
        :param company: root company
        :return: planned steps
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id
                  FROM collection_step s
                  JOIN collection_stage st ON st.id = s.stage_id AND st.also_channel IS NOT NULL
                   AND st.also_channel != s.channel
                  JOIN collection_case c ON c.id = s.case_id AND c.state = 'open' AND c.reply_unread_since IS NULL
                 WHERE s.state = 'sent' AND s.is_asking AND s.repeats_id IS NULL AND s.company_id = %(company)s
                   AND s.sent_on <= %(now)s::timestamp - make_interval(days => st.also_days)
                   AND s.sent_on > %(now)s::timestamp - make_interval(days => st.also_days + %(late)s)
                   AND NOT EXISTS (
                       SELECT 1 FROM collection_step o
                        WHERE o.case_id = s.case_id AND o.id != s.id
                          AND (o.repeats_id = s.id OR o.is_asking AND (
                               o.state IN ('planned', 'waiting', 'approved', 'to_do', 'sending', 'unknown')
                               OR o.state = 'sent' AND o.sent_on > s.sent_on)))
                   AND NOT EXISTS (
                       SELECT 1 FROM collection_contact k
                        WHERE k.case_id = s.case_id AND k.date > s.sent_on
                          AND (k.direction = 'in' AND k.kind IN ('answered', 'called', 'written')
                               OR k.kind = 'called' AND k.outcome = 'conversation'))
                   AND NOT EXISTS (
                       SELECT 1 FROM collection_item_step_rel r JOIN collection_item i ON i.id = r.item_id
                        WHERE r.step_id = s.id AND (NOT i.is_open OR i.hold_code IS NOT NULL))
                 ORDER BY s.id
                """,
                company=company.id,
                now=now,
                late=REPEAT_AT_MOST_LATE,
            )
        )
        first = self.browse([step_id for (step_id,) in rows])
        if not first:
            return first
        today = company._collection_today(now)
        reach = self.env["collection.case"]._reach(
            first.case_id.ids, {step.case_id.id: step.item_ids.move_id.ids for step in first}
        )
        chooser = self.env["collection.template"]._chooser(company, first.partner_id.ids, today)
        vals_list = []
        for step in first:
            way = reach[step.case_id.id].get(step.stage_id.also_channel)
            message = chooser.choose(
                step.partner_id,
                step.purpose,
                step.stage_id.tone,
                step.stage_id.also_channel,
                policy=step.case_id.policy_id,
                fixed=step.stage_id.template_id,
            )
            if way and message.template_id:
                vals_list.append(step._repeat_vals(way, message, now))
        return self.create(vals_list)

    def _repeat_vals(self, way, message, now):
        return {
            "case_id": self.case_id.id,
            "company_id": self.company_id.id,
            "sender_company_id": self.sender_company_id.id,
            "stage_id": self.stage_id.id,
            "round": self.round,
            "channel": way.channel,
            "purpose": self.purpose,
            "template_id": message.template_id,
            "state": "planned",
            "date_planned": now,
            "user_id": self.user_id.id,
            "recipient_id": way.partner_id,
            "address": way.address,
            "item_ids": [fields.Command.set(self.item_ids.ids)],
            "repeats_id": self.id,
            "reason": {**(self.reason or {}), "code": "repeated", "words": message.why},
        }


#: After so many days more than the stage says, nothing is repeated any more.
REPEAT_AT_MOST_LATE = timedelta(days=14).days
