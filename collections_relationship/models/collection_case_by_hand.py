"""'Follow up now': a message to one customer that a person has written or accepted, by whatever way he chose.

It passes the same gate and the same look at the ledger as those of the night.
"""
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html_sanitize

from ..engine import choice, placeholders
from .collection_case_decide import LEAVING_STATES, _Night, _Plan
from .collection_case_ways import BY_HAND, Way
from .collection_guard import next_moment
from .collection_template import ASKING_PURPOSES

#: These show the list of what is asked for, and have a subject.
WITH_ITEMS = ("email", "letter", "portal")


class CollectionCase(models.Model):
    _inherit = "collection.case"

    def _message_for(self, stage, channel=None):
        """Return the message of the library that `stage` would send to this customer today; may be empty.

        :param stage: `collection.stage`
        :param str channel: `None` for the stage's own
        """
        return self.env["collection.template"].browse(self._pick_for(stage, channel).template_id)

    def _pick_for(self, stage, channel=None):
        """Return the message `_message_for` gives, with why these words.

        :rtype: collection_template_choice.Picked
        """
        self.ensure_one()
        today = self.company_id._collection_today(fields.Datetime.now())
        return self.env["collection.template"]._chooser(self.company_id, self.partner_id.ids, today).choose(
            self.partner_id,
            stage.purpose,
            stage.tone,
            channel or stage.channel,
            policy=self.policy_id,
            fixed=stage.template_id,
        )

    def _messages_fitting(self, stage, channel):
        """Return the messages of the library with words for a channel that fit the stage and this customer.

        Those of other industries and audiences are left out: their words are about somebody else.

        :param stage: `collection.stage`
        """
        self.ensure_one()
        templates = self.env["collection.template"]
        of_kind = [one for one in templates._candidates() if one.purpose == stage.purpose and channel in one.channels]
        industry, audience = str(self.partner_id.industry_id.id or ""), self.partner_id.collection_debtor_kind or ""
        ids = [one.id for one in choice.fitting(of_kind, stage.purpose, industry, audience)]
        return templates.browse(ids) | stage.template_id

    def _follow_up_now(
        self,
        now,
        stage,
        items,
        subject,
        body_html,
        user,
        *,
        channel="email",
        template=None,
        later=False,
        override_reason="",
    ):
        """Send a message a person has written or accepted, through the same gate and ledger check.

        A letter goes to those to be printed, a call to those to be made.

        :param stage: `collection.stage` it speaks for
        :param items: `collection.item` to ask for; held or settled ones are refused
        :param str subject: as edited; a text message and a call have none
        :param str body_html: as edited, placeholders still inside; plain text for a text message, nothing for a call
        :param user: who signs
        :param str channel: the way it goes
        :param template: the message of the library it was written from; `None` for the one the library chooses
        :param bool later: where the guard says not now, leave at the next right moment instead
        :param str override_reason: why a manager sets aside what the guard says; hard rules stay
        :return: the step
        :raises UserError: the gate or the ledger says no; the message says why and what to do
        """
        self.ensure_one()
        self.check_access("write")
        if stage.purpose not in ASKING_PURPOSES:
            raise UserError(self.env._("Choose a stage that has a message to send."))
        self._check_draft(subject, body_html, channel)
        if self._is_cooled() and not stage._is_mild():
            raise UserError(
                self.env._(
                    "A difficult conversation came before this message: choose a mild stage, such as a friendly reminder, "
                    "a check-in or an offer of help."
                )
            )
        case = self.sudo()
        # Of two people who follow up the same customer in the same second, one is refused.
        case.lock_for_update(allow_referencing=True)
        today = case.company_id._collection_today(now)
        self.env["collection.item"].sudo()._refresh(today, now, case.company_id, case.partner_id.ids)
        rows = [row for row in case._open_item_rows(case.ids)[case.id] if row["id"] in set(items.ids)]
        case._check_may_ask(rows, today)
        way = case._way_by_hand(channel, [row["move_id"] for row in rows])
        facts = self.env["collection.guard"]._facts(now, case.company_id, case.partner_id.ids, [way.address])
        verdict = facts.check(case.partner_id.id, way.address, policy=case.policy_id, channel=channel)
        allowance = self._allowance(verdict, now, later=later, override_reason=override_reason)
        chooser = self.env["collection.template"]._chooser(case.company_id, case.partner_id.ids, today)
        plan = _Plan(case, rows, {stage.id: stage}, today, {way.channel: way}, chooser=chooser)
        plan.choose_by_hand(stage, way, template)
        night = _Night(case.company_id, today, now, False)
        vals = plan.step_vals(night, stage, "approved", rows)
        if not vals["template_id"]:
            raise UserError(case._describe_no_words(channel))
        vals.update(is_manual=True, user_id=user.id, approved_by_id=self.env.uid, approved_on=now)
        vals["draft_id"] = case._create_draft(subject, body_html, channel).id
        vals.update(allowance)
        if allowance.get("override_codes"):
            vals["reason"]["override"] = {
                "codes": allowance["override_codes"],
                "reason": allowance["override_reason"],
                "by": self.env.uid,
            }
        vals["reason"]["code"] = "asked_for" if channel in BY_HAND else "by_hand"
        vals["reason"]["put_off"] = [refusal.code.lower() for refusal in verdict.refusals]
        if allowance.get("override_codes"):
            vals["reason"]["set_aside"] = {
                "codes": [code.lower() for code in allowance["override_codes"]],
                "why": allowance["override_reason"],
                "by": self.env.uid,
            }
        case._number_rounds([vals])
        case._replace_pending()
        day = case.company_id._collection_today(vals["date_planned"])
        case.write({"next_stage_id": stage.id, "next_step_date": day, "next_reason": {"code": "ready"}})
        step = self.env["collection.step"].sudo().create([vals])
        if channel in BY_HAND and vals["date_planned"] <= now:
            # Gate and ledger were asked in this transaction; whoever wants to print or call finds it at once.
            step._put_to_do(now)
        return step

    def _way_by_hand(self, channel, move_ids):
        """Return the way a person chose, to the recipient of a message about these invoices.

        An e-mail may go to an address whose last mail bounced: somebody has looked at it since.

        :raises UserError: it does not lead to the customer
        :rtype: Way
        """
        self.ensure_one()
        if channel == "email":
            partner_id, address = self._recipients(self.ids, {self.id: move_ids}).get(self.id, (False, False))
            if not address:
                raise UserError(self.env._("%s has no e-mail address. Enter one first.", self.partner_id.display_name))
            return Way("email", partner_id, address)
        reach = self._reach(self.ids, {self.id: move_ids})[self.id]
        if channel not in reach:
            raise UserError(
                self.env._(
                    "%(customer)s cannot be reached this way: %(why)s.",
                    customer=self.partner_id.display_name,
                    why=self._describe_missing(channel, reach),
                )
            )
        return reach[channel]

    def _replace_pending(self):
        """Take back what was planned for the customer: a person's message takes its place."""
        pending = self._pending_steps(self)[self.id]
        replaced = pending.filtered(lambda step: step.state in LEAVING_STATES and step.is_asking)
        replaced._cancel("replaced")
        if any(step.channel == "call" for step in replaced):
            self.activity_unlink(["collections_relationship.mail_activity_type_call"])

    def _create_draft(self, subject, body_html, channel):
        """Keep the words as a person edited them; a call has none."""
        contents = self.env["collection.contact.content"].sudo()
        if channel == "call":
            return contents
        # A text message has no markup: what looks like it is kept as it was typed.
        body = Markup("<p>%s</p>") % body_html if channel == "sms" else html_sanitize(body_html)
        return contents.create(
            {"subject": subject if channel in WITH_ITEMS else False, "body_html": body, "company_id": self.company_id.id}
        )

    @api.model
    def _describe_no_words(self, channel):
        labels = dict(self.env["collection.stage"]._fields["channel"]._description_selection(self.env))
        return self.env._("No message of this stage has words for this way: %s. Choose another way.", labels[channel])

    @api.model
    def _allowance(self, verdict, now, *, later=False, override_reason=""):
        """Return what a refused message needs to leave all the same, as values of a step.

        :param bool later: leave at the next right moment
        :param str override_reason: a manager sets the rules aside
        :raises UserError: the guard says no, and neither of both cures it
        """
        guard = self.env["collection.guard"]
        if verdict.allowed:
            return {"date_planned": now}
        if override_reason.strip():
            guard._check_may_override(verdict)
            return {
                "date_planned": now,
                "override_codes": [refusal.code for refusal in verdict.refusals],
                "override_reason": override_reason.strip(),
                "override_by_id": self.env.uid,
            }
        if later and (moment := next_moment(verdict)):
            return {"date_planned": moment}
        sentences = [why["text"] for why in guard._describe(verdict)]
        raise UserError(" ".join([*dict.fromkeys(sentences), guard._describe_moment(verdict)]))

    @api.model
    def _check_draft(self, subject, body_html, channel="email"):
        """Refuse a text that would not say what it must: a subject, and the items it asks for."""
        if channel == "call":
            return
        template = self.env["collection.template"]
        if channel == "sms":
            if not (body_html or "").strip():
                raise UserError(self.env._("Write the text message."))
            template._check_text(body_html, self.env._("Text Message"))
            return
        if not (subject or "").strip():
            raise UserError(self.env._("Write a subject."))
        template._check_text(subject, self.env._("Subject"))
        template._check_text(body_html, self.env._("Message"))
        if "items" not in placeholders.compile_text(str(body_html or "")).names:
            raise UserError(
                self.env._("Keep {{items}} where the list of what you ask for belongs. It is filled in exactly.")
            )

    def _check_may_ask(self, rows, today):
        """Refuse, in words, what no person may ask for either."""
        if self.state != "open":
            raise UserError(self.env._("This case is closed: nothing of it is owed any more."))
        if self.reply_unread_since:
            raise UserError(self._describe_with_cure("reply_unread"))
        if self.step_ids.filtered(lambda step: step.state == "unknown"):
            raise UserError(self._describe_with_cure("unknown"))
        if not rows:
            raise UserError(self.env._("Nothing of what you chose is still open."))
        if any(row["date_due"] >= today for row in rows):
            raise UserError(self.env._("Nothing was sent: not all of what you chose is late yet."))
        if held := next((row["hold_code"] for row in rows if row["hold_code"]), None):
            moves = self.env["account.move"].browse(row["move_id"] for row in rows if row["hold_code"] == held)
            raise UserError(self.env._("Nothing was sent: %s", self._describe_with_cure(held, moves)))
        if self.company_id._collection_bank_is_stale(today):
            raise UserError(self.env._("Nothing was sent: %s", self._describe_with_cure("bank_stale")))
