"""Looks at what people write by hand about payment: threats and missing facts do not leave, where the policy says so."""
from odoo import api, models

from .collection_tone import INVOICE_MAIL_BRINGS, MAIL_BRINGS, OWN_MAIL_BRINGS


class CollectionDoor(models.AbstractModel):
    _inherit = "collection.door"

    @api.model
    def _check_reports(self, reached, channel, subject, body, on_invoice=False):
        """Return what the check says about a message in the language of its first recipient, by part.

        :param reached: whom it reaches, list of `Reached`
        :param bool on_invoice: it is written on an invoice, which tells number, date, amount and how to pay
        """
        person = next((one.recipient or one.customer for one in reached), self.env["res.partner"])
        language = person.sudo().lang or self.env.lang
        if channel == "sms":
            return self.env["collection.tone"]._look({"sms": body}, language, brought=MAIL_BRINGS)
        brought = INVOICE_MAIL_BRINGS if on_invoice else OWN_MAIL_BRINGS
        return self.env["collection.tone"]._look({"subject": subject, "email": body}, language, brought=brought)

    @api.model
    def _refuses_words(self, reached):
        """Tell whether the policy of one of these customers refuses threats and missing facts."""
        policies = [one.case.policy_id or one.company._collection_default_policy() for one in reached]
        return any(policy.tone_check != "advise" for policy in policies)

    @api.model
    def _check_words(self, reached, channel, subject, body, on_invoice=False):
        """Refuse a message about payment whose words threaten or leave out a fact.

        :raises UserError: says which words, and what to do
        """
        if reached and self._refuses_words(reached):
            reports = self._check_reports(reached, channel, subject, body, on_invoice)
            self.env["collection.tone"]._check_may_leave(reports)

    @api.model
    def _log(self, now, judged, channel, *, subject, body, message_id=False, move=None, kind="written"):
        """Look at the words of what is about to leave, whichever door it takes."""
        if kind == "written":
            self._check_words([one.reached for one in judged], channel, subject, body, bool(move))
        return super()._log(
            now, judged, channel, subject=subject, body=body, message_id=message_id, move=move, kind=kind
        )


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    def _collection_ask_again(self, now):
        """Give up a message about payment whose words are refused; they may have been changed while it waited."""
        why, moment = super()._collection_ask_again(now)
        if why or not (self.send_context or {}).get("collection_about_payment"):
            return why, moment
        message = self.with_user(self.create_uid).sudo()
        door, reached = message.env["collection.door"], message._collection_reached()
        if not (reached and door._refuses_words(reached)):
            return why, moment
        channel = "sms" if message._collection_is_sms() else "email"
        reports = door._check_reports(reached, channel, message.subject, message.body, message.model == "account.move")
        words = door.env["collection.tone"]._words_refused(reports)
        return (words.split("\n"), None) if words else (why, moment)
