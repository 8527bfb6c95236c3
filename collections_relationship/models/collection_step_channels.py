"""Hands steps to the channels besides e-mail: text messages, the portal, and what a person does by hand.

The gate and the ledger were asked a moment before; what leaves is claimed and logged as a mail is.
"""
import logging

from odoo import models

from .collection_case_ways import BY_HAND

_logger = logging.getLogger(__name__)

#: What a provider of text messages says that another try may cure.
PASSING_FAILURES = ("sms_server", "sms_credit", "sms_acc", "sms_rate_limit")


class CollectionStep(models.Model):
    _inherit = "collection.step"

    def _hand_over_by_channel(self, now):
        """Hand ready steps to their channels.

        :param datetime now: naive UTC
        """
        if self.env.context.get("collection_record_only"):
            self._hand_over(now)
            return
        for channel, steps in self.grouped("channel").items():
            if channel in BY_HAND:
                steps._put_to_do(now)
            elif channel == "email":
                steps._hand_over(now)
            else:
                steps._hand_over_one_by_one(now, steps._text if channel == "sms" else steps._post)

    def _put_to_do(self, now):
        """Ask a person to print a letter or to call; nothing has left yet."""
        self.write({"state": "to_do"})
        calls = self.filtered(lambda step: step.channel == "call")
        for (company, stage), steps in calls.grouped(lambda step: (step.company_id, step.stage_id)).items():
            steps.case_id._schedule(
                "mail_activity_type_call",
                company._collection_today(now),
                self.env._("Call the customer: %s", stage.name or ""),
            )

    def _hand_over_one_by_one(self, now, send):
        """Claim, send and log messages, each committed on its own.

        A kill between sending and logging leaves `sending` behind, which a human sees as `unknown`.

        :param send: called with a step and its `Rendered`; returns the outcome as mails have it
        """
        rendered = self._render_safely(now)
        steps = self.browse(rendered)
        envelopes = steps._prepare_envelopes(rendered, now, record_only=True)
        self._checkpoint()
        for envelope in envelopes:
            step = self.browse(envelope["step_id"])
            if not self._log_and_claim(None, envelope, now):
                step._put_off(now)
                continue
            self._checkpoint()
            state, code = send(step, rendered[step.id])
            if state == "sent":
                self._log_and_claim(envelope, None, now)
            elif state == "refused":
                step._cancel(code)
                step._note_dead_number(now)
            elif state == "later":
                step._put_back(now)
            self._checkpoint()
        self.env["collection.dirty"]._mark(steps.partner_id.ids)
        self._checkpoint()

    def _put_back(self, now):
        """Try again later what certainly did not leave."""
        self.write({"state": "approved" if self.approved_by_id else "planned"})
        self._put_off(now)

    def _note_dead_number(self, now):
        """Log that a number does not take messages; it is not tried again."""
        self.env["collection.contact"].create(
            [
                {
                    "case_id": step.case_id.id,
                    "partner_id": step.partner_id.id,
                    "recipient_id": step.recipient_id.id,
                    "company_id": step.company_id.id,
                    "date": now,
                    "kind": "bounced",
                    "direction": "in",
                    "channel": step.channel,
                    "step_id": step.id,
                    "address": step.address,
                    "reason": {"code": "refused_by_server"},
                }
                for step in self
            ]
        )

    # === TEXT MESSAGES === #

    def _text(self, step, message):
        """Send one text message through whatever provider Odoo has; return (state, code).

        Where the provider's answer is lost, nobody knows whether it left.
        """
        company = step.sender_company_id or step.company_id
        sms = (
            self.env["sms.sms"]
            .sudo()  # the gate was asked; people without rights on text messages may plan steps
            .with_company(company)
            .create(
                {
                    "number": step.address,
                    "body": message.text,
                    "partner_id": step.recipient_id.id,
                    "collection_step_id": step.id,
                }
            )
        )
        try:
            sms._send(unlink_failed=False, unlink_sent=False, raise_exception=True)
        except (OSError, ValueError) as error:
            _logger.warning("It is unknown whether the text message of step %d left: %s", step.id, error)
            return "unknown", "unknown"
        if sms.state != "error":
            return "sent", ""
        if sms.failure_type in PASSING_FAILURES:
            sms._update_sms_state_and_trackers("canceled")
            return "later", ""
        return "refused", "refused_by_server"

    # === PORTAL === #

    def _post(self, step, message):
        """Show a message in the customer's portal, on the newest invoice it is about; return (state, code)."""
        move = step.item_ids.move_id.sorted("id")[-1:]
        if not move:
            return "refused", "nothing_owed"
        self.env["mail.message"].sudo().create(  # the customer reads his own invoice's page only
            {
                "model": "account.move",
                "res_id": move.id,
                "message_type": "comment",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "author_id": (step.user_id.partner_id or step.company_id.partner_id).id,
                "subject": message.subject,
                "body": message.body_html,
                "record_company_id": step.company_id.id,
            }
        )
        return "sent", ""

    # === BY HAND === #

    def _done_by_hand(self, now, rendered=None):
        """Log steps a person has done, such as a printed letter, if at this very second they still are right.

        :param datetime now: naive UTC
        :param dict rendered: their words as they were printed, by step; None: as they would be now
        :return: those that count as sent now
        """
        if rendered is None:
            rendered = self._render_safely(now)
        steps = self.browse(rendered)
        envelopes = steps._prepare_envelopes(rendered, now, record_only=True)
        done = self.browse()
        for envelope in envelopes:
            if self._log_and_claim(None, envelope, now):
                self._log_and_claim(envelope, None, now)
                done |= self.browse(envelope["step_id"])
        self.env.invalidate_all()
        self.env["collection.dirty"]._mark(done.partner_id.ids)
        return done
