"""Lets no mail of a step leave but through the step itself, and no mail about payment that is not right."""
from odoo import api, fields, models

from .collection_door import MAILING


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Ask whoever makes a mail past the screens whether it is about payment."""
        mails = super().create(vals_list)
        door = self.env["collection.door"]
        if door._is_called_from_outside(MAILING):
            now = fields.Datetime.now()
            for mail in mails:
                judged = door._pass(now, mail._collection_recipients(), mail.record_company_id)
                if judged:
                    mail.sudo().mail_message_id.collection_about_payment = True
                    door._log(
                        now, judged, "email", subject=mail.subject, body=mail.body_html, message_id=mail.message_id
                    )
        return mails

    def _send(self, *args, **kwargs):
        """Leave out mails that belong to a step of the follow-up.

        Steps send their own mail after asking the gate and the ledger; the queue, a retry by hand
        or another module would send it without asking. A mail whose step has ended is cancelled.
        """
        steps = self.env["collection.step"].sudo().search([("mail_id", "in", self.ids)])  # whose mail it is
        of_steps = steps.mail_id
        ended = steps.filtered(lambda step: step.state in ("sent", "cancelled", "unknown")).mail_id
        ended.filtered(lambda mail: mail.state == "outgoing").write(
            {"state": "cancel", "failure_reason": self.env._("Only the follow-up itself sends this message.")}
        )
        ready = self - of_steps
        return super(MailMail, ready - ready._collection_hold_back(fields.Datetime.now()))._send(*args, **kwargs)

    def _collection_hold_back(self, now):
        """Put off or cancel mails about payment that waited in the queue and are not right now.

        :param datetime now: naive UTC
        :return: the mails that do not leave
        """
        held = self.browse()
        for mail in self.sudo().filtered(lambda mail: mail.state == "outgoing" and mail.collection_about_payment):
            door = self.env["collection.door"].with_user(mail.mail_message_id.create_uid).sudo()
            reasons, moment = door._ask_again(
                now, mail._collection_recipients(), mail.record_company_id, message_id=mail.message_id
            )
            if reasons and moment:
                mail.scheduled_date = moment
            elif reasons:
                mail.write({"state": "cancel", "failure_reason": "\n".join(reasons)})
                mail.mail_message_id.notification_ids.filtered(
                    lambda notification, mail=mail: notification.mail_mail_id == mail
                ).notification_status = "canceled"
            if reasons:
                held |= mail
        return held.with_env(self.env)

    def _collection_recipients(self):
        """Return whom the mail goes to, as `collection.door._reached` takes them."""
        self.ensure_one()
        door = self.env["collection.door"]
        people = [(partner.id, partner.email_normalized) for partner in self.recipient_ids]
        return people + door._split_emails(self.email_to, self.email_cc)
