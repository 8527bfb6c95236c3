"""Asks again when a message somebody scheduled leaves: what was right when it was written need not be."""
import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .collection_door import ABOUT_PAYMENT, Unanswered

#: In the sending context: the customers a message about payment was written to.
CUSTOMERS = "collection_customer_ids"


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        if not self.env.su:
            messages._collection_check_declared()
        return messages

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su and {"partner_ids", "send_context", "is_note", "notification_parameters"} & vals.keys():
            self._collection_check_declared()
        return result

    def _collection_check_declared(self):
        """Refuse a message that would reach somebody who owes without the answer whether it is about payment."""
        door = self.env["collection.door"]
        for message in self:
            if (message.send_context or {}).get(ABOUT_PAYMENT) is None:
                reached = message._collection_reached()
                if reached:
                    raise Unanswered(door._words_unanswered(reached))

    def _collection_reached(self):
        """Return the customers with something late whom the message would reach."""
        self.ensure_one()
        record = self.env[self.model].browse(self.res_id)
        subtype = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note" if self.is_note else "mail.mt_comment")
        door = self.env["collection.door"]
        if self._collection_is_sms():
            recipients = self._collection_numbers()
        else:
            recipients = door._recipients_of(record, "comment", subtype, self.partner_ids.ids)
        return door._reached(recipients, record._mail_get_companies(default=self.env.company)[record.id])

    def _collection_parameters(self):
        """Return what the message is posted with, as a dict."""
        self.ensure_one()
        return json.loads(self.notification_parameters or "{}")

    def _collection_is_sms(self):
        return self._collection_parameters().get("message_type") == "sms"

    def _collection_numbers(self):
        """Return whom a text message goes to, as `collection.door._reached` takes them."""
        parameters = self._collection_parameters()
        numbers = {int(partner_id): number for partner_id, number in (parameters.get("sms_pid_to_number") or {}).items()}
        people = self.partner_ids | self.env["res.partner"].browse(numbers)
        texted = [(one.id, one._phone_format(number=numbers.get(one.id) or one.phone) or False) for one in people]
        return texted + [(False, number) for number in parameters.get("sms_numbers") or ()]

    @api.model
    def _notification_parameters_whitelist(self):
        """Let a text message be scheduled: it is posted like a note that is texted to these numbers."""
        return super()._notification_parameters_whitelist() | {"sms_numbers", "sms_pid_to_number"}

    def _post_message(self, raise_exception=True):
        """Post what is still right; put off or give up what is not, and tell who wrote it.

        :param bool raise_exception: somebody waits for the answer: tell him instead of putting it off
        """
        now = fields.Datetime.now()
        right = self.browse()
        for message in self:
            why, moment = message._collection_ask_again(now)
            if not why:
                right |= message
            elif raise_exception:
                raise UserError("\n".join(why))
            else:
                message._collection_put_off(why, moment)
        return super(MailScheduledMessage, right)._post_message(raise_exception=raise_exception) if right else None

    def _collection_ask_again(self, now):
        """Return why a message about payment may not leave now, and when it may (naive UTC, `None`: never)."""
        self.ensure_one()
        message = self.with_user(self.create_uid).sudo()
        context = message.send_context or {}
        reached = message._collection_reached()
        if not context.get(ABOUT_PAYMENT):
            unanswered = reached and context.get(ABOUT_PAYMENT) is None
            return ([self.env["collection.door"]._words_unanswered(reached)] if unanswered else []), None
        written_to = context.get(CUSTOMERS) or []
        if written_to and not {one.customer.id for one in reached} & set(written_to):
            return [self.env._("Nothing of it is owed any more.")], None
        channel = "sms" if message._collection_is_sms() else "email"
        refused = [one for one in self.env["collection.door"]._judge(now, reached, channel) if not one.allowed]
        if not refused:
            return [], None
        moments = [one.next_moment for one in refused]
        reasons = [why["text"] for one in refused for why in one.reasons]
        return list(dict.fromkeys(reasons)), max(moments) if all(moments) else None

    def _collection_put_off(self, why, moment):
        """Move the message to its next right moment, or give it up and leave its words with whoever wrote it."""
        self.ensure_one()
        record = self.env[self.model].browse(self.res_id)
        reasons = Markup("<br/>").join(why)
        if moment:
            self.sudo().scheduled_date = moment
            record.sudo()._message_log(
                body=Markup("<p>%s</p><p>%s</p>")
                % (self.env._("A message about payment was put off:"), reasons)
            )
            return
        words = self.env._("A message about payment did not leave:")
        # No quotation: the chatter would fold it, and these are the colleague's own words.
        body = Markup('<p>%s</p><p>%s</p><div style="padding-left:12px;border-left:3px solid #d5d9dd;">%s</div>') % (
            words,
            reasons,
            self.body or "",
        )
        record.sudo()._message_log(body=body)
        self.env["mail.thread"].sudo().message_notify(
            partner_ids=self.create_uid.partner_id.ids,
            subject=self.env._("A scheduled message did not leave"),
            body=body,
            model=self.model,
            res_id=self.res_id,
        )
        self.sudo().unlink()
