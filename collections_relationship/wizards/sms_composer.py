"""Asks before a text message whether it is about payment, and shows the verdict before anybody writes."""

import json

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html
from odoo.tools.misc import format_datetime

from ..models.collection_door import ABOUT_PAYMENT, OVERRIDE_REASON
from ..models.mail_scheduled_message import CUSTOMERS
from .mail_compose_message import ANSWERS, ASKED_WITHOUT_PRESET


class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    collection_is_asked = fields.Boolean(compute="_compute_collection_is_asked")
    collection_about_payment = fields.Selection(
        ANSWERS,
        string="Is this about payment?",
        compute="_compute_collection_about_payment",
        store=True,
        readonly=False,
        help="What asks for money counts as a contact and passes the guard; anything else does not.",
    )
    collection_verdict_html = fields.Html(compute="_compute_collection_verdict_html", sanitize=False)
    collection_is_refused = fields.Boolean(compute="_compute_collection_verdict_html")
    collection_next_moment = fields.Datetime(compute="_compute_collection_verdict_html")
    collection_may_override = fields.Boolean(compute="_compute_collection_verdict_html")
    collection_override_reason = fields.Text(
        string="Why the Rules Are Set Aside", help="Logged with the message, with your name and the rules."
    )

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

    def _collection_reached(self):
        return self.env["collection.door"]._reached(self._collection_recipients(), self._collection_company())

    @api.depends("res_model", "res_id", "res_ids", "composition_mode", "numbers", "recipient_single_number_itf")
    def _compute_collection_is_asked(self):
        for composer in self:
            composer.collection_is_asked = bool(composer._collection_reached())

    @api.depends("collection_is_asked", "res_model")
    def _compute_collection_about_payment(self):
        for composer in self:
            if not composer.collection_is_asked:
                composer.collection_about_payment = False
            elif not composer.collection_about_payment and composer.res_model not in ASKED_WITHOUT_PRESET:
                composer.collection_about_payment = "no"

    @api.depends("collection_about_payment", "collection_is_asked", "recipient_single_number_itf")
    def _compute_collection_verdict_html(self):
        door, now = self.env["collection.door"], fields.Datetime.now()
        is_manager = self.env.user.has_group("account.group_account_manager")
        for composer in self:
            judged = []
            if composer.collection_about_payment == "yes":
                judged = door._judge(now, composer._collection_reached(), "sms")
            refused = [one for one in judged if not one.allowed]
            moments = [one.next_moment for one in refused]
            composer.collection_next_moment = (
                max(moments) if moments and all(moments) and composer._collection_thread() else False
            )
            composer.collection_verdict_html = door._verdict_html(judged) if judged else False
            composer.collection_is_refused = bool(refused) and (
                composer.composition_mode != "mass" or len(refused) == len(judged)
            )
            composer.collection_may_override = is_manager and bool(refused) and all(one.is_soft for one in refused)

    def _collection_thread(self):
        """Return the document whose messages the text would be part of; a later moment needs one to be kept on."""
        records = self._get_records()
        is_thread = records is not None and isinstance(records, self.pool["mail.thread"])
        return records if is_thread and self.composition_mode == "comment" and len(records) == 1 else None

    # === SENDING === #

    def _collection_declared(self):
        """Return the composer with the answer in its context.

        :raises UserError: somebody who owes would be reached and nobody answered
        """
        if not self._collection_reached():
            return self
        if not self.collection_about_payment:
            raise UserError(self.env._("Answer first: is this about payment?"))
        return self.with_context(**{ABOUT_PAYMENT: self.collection_about_payment == "yes"})

    def action_send_sms(self):
        return super(SmsComposer, self._collection_declared()).action_send_sms()

    def action_collection_send_later(self):
        """Keep the text for the next right moment; the guard is asked again when it leaves."""
        self.ensure_one()
        moment = self.collection_next_moment
        if not moment:
            raise UserError(self.env._("No later moment is known at which this message would be right."))
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

    def action_collection_set_aside(self):
        """Send all the same: a manager sets the rules aside and says why."""
        self.ensure_one()
        if not self.env["collection.guard"]._says_why(self.collection_override_reason):
            raise UserError(self.env._("Write why the rules are set aside. It is logged with the message."))
        return self.with_context(**{OVERRIDE_REASON: self.collection_override_reason}).action_send_sms()

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
