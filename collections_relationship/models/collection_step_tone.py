"""Keeps messages whose words threaten or lack a fact from leaving, where the policy says so.

The shipped library passes; this is for words that somebody changed. Each text is looked at once per
process, so that a night's two thousand messages cost what their few dozen texts cost.
"""
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

#: Why a step was cancelled: its words.
TONE = "tone"


class CollectionStep(models.Model):
    _inherit = "collection.step"

    @api.model
    def _cancel_labels(self):
        return {**super()._cancel_labels(), TONE: self.env._("Its words threaten, or a fact is missing.")}

    def _recheck(self, now):
        """Cancel what says something the policy refuses; nothing is read that writing it would not read."""
        ready = super()._recheck(now)
        refused = ready._refused_for_words()
        if refused:
            refused._cancel(TONE)
            refused._tell_managers(now)
        return ready - refused

    def _refused_for_words(self):
        """Return the steps whose words the policy refuses. What a person wrote was looked at when he sent it."""
        steps = self.filtered(
            lambda step: not step.draft_id and step.template_id and step.case_id.policy_id.tone_check != "advise"
        )
        langs = steps._message_langs() if steps else {}
        judged = {}
        refused = self.browse()
        for step in steps:
            key = (step.template_id, step.channel, langs[step.id])
            if key not in judged and step.channel != "call":
                template = step.template_id
                parts = template._parts_of(step.channel, langs[step.id])
                judged[key] = self.env["collection.tone"]._refuses(parts, langs[step.id], template.purpose, template.tone)
            if judged.get(key):
                refused |= step
        return refused

    def _tell_managers(self, now):
        """Ask whoever changed a message, or another manager, for other words: once per message and language.

        :param datetime now: naive UTC
        """
        langs = self._message_langs()
        for (template, lang), steps in self.grouped(lambda step: (step.template_id, langs[step.id])).items():
            case = steps.case_id[:1]
            user = template._collection_keeper(case.company_id)
            summary = self.env._("Change the words of “%s”", template.display_name)
            activity_type = self.env.ref("collections_relationship.mail_activity_type_tone")
            has_one = self.env["mail.activity"].search_count(
                [("activity_type_id", "=", activity_type.id), ("user_id", "=", user.id), ("summary", "=", summary)],
                limit=1,
            )
            if has_one or not user:
                continue
            parts = template._parts_of(steps[0].channel, lang)
            reports = self.env["collection.tone"]._look(parts, lang, template.purpose, template.tone)
            told = self.env["collection.tone"].with_context(lang=user.lang)
            case.activity_schedule(
                "collections_relationship.mail_activity_type_tone",
                date_deadline=case.company_id._collection_today(now),
                summary=summary,
                note=told._panel(reports),
                user_id=user.id,
            )


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

    def _collection_keeper(self, company):
        """Return the manager to ask about a message: who changed it last, else any of the company."""
        self.ensure_one()
        managers = self.env.ref("account.group_account_manager").sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        return (self.sudo().write_uid & managers) or managers[:1]


class CollectionCase(models.Model):
    _inherit = "collection.case"

    @api.model
    def _next_reason_labels(self):
        return {
            **super()._next_reason_labels(),
            TONE: self.env._("The words of its message threaten or lack a fact; a manager must change them."),
        }

    def _refused_stages(self, cases, night):
        """Leave out stages whose message was refused for its words, until somebody has changed it."""
        refused = super()._refused_stages(cases, night)
        self.env["collection.template"].flush_model(["write_date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT s.case_id, s.stage_id
                  FROM collection_step s
                  JOIN collection_template t ON t.id = s.template_id AND t.write_date <= s.write_date
                 WHERE s.case_id = ANY(%s) AND s.state = 'cancelled' AND s.cancel_code = %s AND s.stage_id IS NOT NULL
                """,
                cases.ids,
                TONE,
            )
        )
        night.refused_for_words = defaultdict(set)
        for case_id, stage_id in rows:
            refused[case_id].add(stage_id)
            night.refused_for_words[case_id].add(stage_id)
        return refused

    def _choose_step(self, plan, pending, night, facts):
        reason = super()._choose_step(plan, pending, night, facts)
        if reason.get("code") == "refused" and night.refused_for_words.get(plan.case.id):
            return {**reason, "code": TONE}
        return reason

    def _follow_up_now(self, now, stage, items, subject, body_html, user, **options):
        """Refuse words that threaten or lack a fact, where the policy does; gate and ledger speak first."""
        step = super()._follow_up_now(now, stage, items, subject, body_html, user, **options)
        if self.policy_id.tone_check != "advise":
            reports = self._check_draft_words(step, subject, body_html) if step.draft_id else {}
            self.env["collection.tone"]._check_may_leave(reports, is_filled_in=True)
        return step

    def _check_draft_words(self, step, subject, body_html):
        """Return what the check says about the message of a step as a person edited it, by part."""
        return self.env["collection.tone"]._look(
            self.env["collection.tone"]._parts_by_hand(step.channel, subject, body_html),
            step.sudo()._message_langs()[step.id],
            step.purpose,
            step.template_id.tone or step.stage_id.tone,
        )
