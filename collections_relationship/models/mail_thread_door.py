"""Lets no message that a person writes reach a customer who owes something late, unless it is declared and right."""
from odoo import fields, models
from odoo.exceptions import UserError

from .collection_door import ABOUT_PAYMENT


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """Ask the guard before anybody is notified; log what is about payment afterwards.

        Internal notes, messages of programs and customers who answer in the portal pass untouched.
        """
        door = self.env["collection.door"]
        values = msg_vals or {}
        if kwargs.get("sms_pid_to_number"):
            # From a scheduled message they come as JSON, whose keys are texts.
            kwargs["sms_pid_to_number"] = {int(key): number for key, number in kwargs["sms_pid_to_number"].items()}
        message_type = values.get("message_type") or message.sudo().message_type
        declared = self.env.context.get(ABOUT_PAYMENT)
        if declared is False or not (declared or door._is_written_by_hand(message_type)):
            return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        now = fields.Datetime.now()
        is_sms = message_type == "sms"
        company = self._collection_company(message)
        judged = door._pass(
            now, self._collection_recipients(message, msg_vals, is_sms, kwargs), company, "sms" if is_sms else "email"
        )
        if judged:
            if self._is_notification_scheduled(kwargs.get("scheduled_date")):
                raise UserError(self.env._("Use the full composer to send a message about payment later."))
            message.sudo().collection_about_payment = True
            door._log(
                now,
                judged,
                "sms" if is_sms else "email",
                subject=message.subject,
                body=message.body,
                message_id=message.message_id,
                move=self if self._name == "account.move" else None,
            )
        return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)

    def _collection_company(self, message):
        """Return the company a message speaks for."""
        return message.sudo().record_company_id or self.env.company

    def _collection_recipients(self, message, msg_vals, is_sms, notify_values):
        """Return whom a message would reach outside Odoo, as `collection.door._reached` takes them."""
        door = self.env["collection.door"]
        data = self._notify_get_recipients(message, msg_vals=msg_vals, **notify_values)
        recipients = door._of_data(data)
        if not is_sms:
            return recipients
        numbers = notify_values.get("sms_pid_to_number") or {}
        people = self.env["res.partner"].sudo().browse([one["id"] for one in data if one["notif"] == "sms"])
        texted = [(one.id, one._phone_format(number=numbers.get(one.id) or one.phone) or False) for one in people]
        extra = [
            (False, self._phone_format(number=number) or number)
            for number in notify_values.get("sms_numbers") or ()
            if number
        ]
        by_mail = [one for one in recipients if one[0] not in people.ids]
        return texted + extra + by_mail
