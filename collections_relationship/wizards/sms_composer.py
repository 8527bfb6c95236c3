"""Asks before a text message whether it is about payment, and shows the verdict before anybody writes."""

import json

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html
from odoo.tools.misc import format_datetime

from ..models.collection_door import ABOUT_PAYMENT
from ..models.mail_scheduled_message import CUSTOMERS


class SmsComposer(models.TransientModel):
    _name = "sms.composer"
    _inherit = ["sms.composer", "collection.composer"]

    _collection_channel = "sms"
    _collection_model_field = "res_model"

    # === WHOM IT REACHES === #

    def _collection_recipients(self):
        """Return whom the message would reach, as `collection.door._reached` takes them."""
        self.ensure_one()
        numbers = (self.sanitized_numbers or "").split(",")
        if self.comment_single_recipient or self.composition_mode == "numbers":
            numbers += [self.recipient_single_number_itf or "", self.recipient_single_number or ""]
        recipients = [(False, number) for number in numbers if number]
        records = self._get_records()
        if records and hasattr(records, "_sms_get_recipients_info"):
            found = records._sms_get_recipients_info(force_field=self.number_field_name, partner_fallback=True)
            for info in found.values():
                number = info["sanitized"] or info["number"] or False
                recipients += [(partner.id, number) for partner in info["partner"] or ()]
        return recipients

    def _collection_company(self):
        records = self._get_records()
        if not records:
            return self.env.company
        return records[0]._mail_get_companies(default=self.env.company)[records[0].id]

    @api.depends("res_model", "res_id", "res_ids", "composition_mode", "numbers", "recipient_single_number_itf")
    def _compute_collection_is_asked(self):
        return super()._compute_collection_is_asked()

    @api.depends("collection_about_payment", "collection_is_asked", "recipient_single_number_itf")
    def _compute_collection_verdict_html(self):
        return super()._compute_collection_verdict_html()

    def _collection_is_several(self):
        return self.composition_mode == "mass"

    def _collection_can_wait(self):
        return bool(self._collection_thread())

    def _collection_thread(self):
        """Return the document whose messages the text would be part of; a later moment needs one to be kept on."""
        records = self._get_records()
        is_thread = records is not None and isinstance(records, self.pool["mail.thread"])
        return records if is_thread and self.composition_mode == "comment" and len(records) == 1 else None

    # === SENDING === #

    def action_send_sms(self):
        return super(SmsComposer, self._collection_declared()).action_send_sms()

    def action_collection_send_later(self):
        """Keep the text for the next right moment; the guard is asked again when it leaves."""
        moment = self._collection_later_moment()
        composer = self._collection_declared()
        record = self._collection_thread()
        recipients = [(partner_id, number) for partner_id, number in self._collection_recipients() if number]
        numbers = {partner_id: number for partner_id, number in recipients if partner_id}
        if self.comment_single_recipient and numbers:
            numbers = dict.fromkeys(numbers, self.recipient_single_number_itf or self.recipient_single_number)
        if not recipients:
            raise UserError(self.env._("There is no number to send it to. Enter one first."))
        parameters = {"message_type": "sms", "sms_pid_to_number": numbers}
        if not numbers:
            parameters["sms_numbers"] = list(dict.fromkeys(number for _partner_id, number in recipients))
        composer.env["mail.scheduled.message"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "author_id": self.env.user.partner_id.id,
                "subject": self.env._("Text message"),
                "body": plaintext2html(self._prepare_body_values(record)[record.id]),
                "is_note": True,
                "partner_ids": [Command.set(list(numbers))],
                "scheduled_date": moment,
                "notification_parameters": json.dumps(parameters),
                "send_context": {
                    ABOUT_PAYMENT: True,
                    CUSTOMERS: [one.customer.id for one in self._collection_reached()],
                },
            }
        )
        return self.env["collection.step"]._notify(
            self.env._(
                "Your text leaves on %s, if it is still right then. Until then it can be changed or cancelled where "
                "the messages are.",
                format_datetime(self.env, moment, dt_format="short"),
            )
        )

    def _collection_send(self):
        return self.action_send_sms()

    def _action_send_sms_numbers(self):
        """Ask about numbers that are written to without a document."""
        judged = self._collection_pass(self._collection_recipients())
        self._collection_log(judged, self.body)
        return super()._action_send_sms_numbers()

    def _action_send_sms_mass(self, records=None):
        """Have the guard asked again where the messages wait in the queue."""
        messages = super()._action_send_sms_mass(records)
        if self.env.context.get(ABOUT_PAYMENT):
            messages.mail_message_id.collection_about_payment = True
        return messages

    def _filter_out_and_handle_revoked_sms_values(self, sms_values_all):
        """Leave out, of text messages to several, those about payment that are not right; log the others."""
        values_all = super()._filter_out_and_handle_revoked_sms_values(sms_values_all)
        kept, refusals = {}, []
        for res_id, values in values_all.items():
            try:
                judged = self._collection_pass([(values.get("partner_id") or False, values.get("number") or False)])
            except UserError as error:
                refusals.append(str(error))
                continue
            kept[res_id] = values
            self._collection_log(judged, values.get("body"))
        if refusals and not kept:
            raise UserError("\n\n".join(refusals))
        return kept

    def _collection_pass(self, recipients):
        """Let these through if somebody writes to them by hand about payment and the guard agrees."""
        if not self.env.context.get(ABOUT_PAYMENT):
            return []
        return self.env["collection.door"]._pass(fields.Datetime.now(), recipients, self._collection_company(), "sms")

    def _collection_log(self, judged, body):
        if judged:
            self.env["collection.door"]._log(fields.Datetime.now(), judged, "sms", subject=False, body=body)
