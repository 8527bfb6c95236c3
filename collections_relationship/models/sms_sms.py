"""Lets no text message of a step or about payment leave the queue that is no longer right."""
from odoo import api, fields, models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    collection_step_id = fields.Many2one("collection.step", readonly=True, index="btree_not_null", ondelete="cascade")

    @api.model_create_multi
    def create(self, vals_list):
        """Ask whoever makes a text message past the screens whether it is about payment."""
        messages = super().create(vals_list)
        door = self.env["collection.door"]
        if door._is_called_from_outside((".sms.sms.create",)):
            recipients = [(one.partner_id.id, one.number or False) for one in messages]
            judged = door._pass(fields.Datetime.now(), recipients, channel="sms")
            if judged:
                door._log(fields.Datetime.now(), judged, "sms", subject=False, body=messages[:1].body)
        return messages

    def _send(self, *args, **kwargs):
        """Leave out what belongs to a step, which sends itself, and what is about payment and not right now."""
        leave = self.browse()
        now = fields.Datetime.now()
        for sms in self.sudo():
            if sms.collection_step_id:
                if sms.collection_step_id.state == "sending":
                    continue
                leave |= sms
                if sms.collection_step_id.state in ("sent", "cancelled", "unknown"):
                    sms._update_sms_state_and_trackers("canceled")
            elif sms.mail_message_id.collection_about_payment and sms._collection_holds_back(now):
                leave |= sms
        ready = self - leave.with_env(self.env)
        return super(SmsSms, ready)._send(*args, **kwargs) if ready else None

    def _collection_holds_back(self, now):
        """Put off or cancel a text message about payment that is not right now; tell whether it was.

        :param datetime now: naive UTC
        """
        message = self.mail_message_id
        door = self.env["collection.door"].with_user(message.create_uid).sudo()
        recipients = [(self.partner_id.id, self.number or False)]
        reasons, moment = door._ask_again(
            now, recipients, message.record_company_id, "sms", message_id=message.message_id
        )
        if not reasons:
            return False
        if moment:
            self.env.ref("sms.ir_cron_sms_scheduler_action")._trigger(moment)
        else:
            self._update_sms_state_and_trackers("canceled")
        return True
