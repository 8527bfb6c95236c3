"""Asks in the mail composer whether it is about payment, and shows the verdict before anybody writes."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime

from ..models.collection_door import ABOUT_PAYMENT


class MailComposeMessage(models.TransientModel):
    _name = "mail.compose.message"
    _inherit = ["mail.compose.message", "collection.composer"]

    collection_customer_ids = fields.Many2many(
        "res.partner", string="Customers Who Owe Something Late", compute="_compute_collection_is_asked"
    )

    # === WHOM IT REACHES === #

    def _collection_company(self):
        return self.record_company_id or self.env.company

    def _collection_recipients(self):
        """Return whom the message would reach, as `collection.door._reached` takes them."""
        self.ensure_one()
        door = self.env["collection.door"]
        partner_ids = self.partner_ids._origin.ids
        if not self.model or self.model not in self.env:
            return door._recipients_of(None, "user_notification", False, partner_ids)
        records = self.env[self.model].browse(self._evaluate_res_ids())
        if self.composition_mode == "mass_mail" or self.composition_batch:
            people = self.env["res.partner"].union(*records._mail_get_partners().values()) | self.partner_ids._origin
            return [(partner.id, partner.email_normalized) for partner in people]
        is_forward = self.composition_comment_option == "forward"
        thread = records if self.model_is_thread and len(records) == 1 else None
        kind = "user_notification" if is_forward or not thread else "comment"
        return door._recipients_of(thread, kind, self.subtype_id.id, partner_ids)

    @api.depends("partner_ids", "model", "res_ids", "composition_mode", "subtype_id", "composition_comment_option")
    def _compute_collection_is_asked(self):
        for composer in self:
            reached = composer._collection_reached()
            composer.collection_customer_ids = [one.customer.id for one in reached]
            composer.collection_is_asked = bool(reached)

    @api.depends("collection_about_payment", "collection_customer_ids")
    def _compute_collection_verdict_html(self):
        return super()._compute_collection_verdict_html()

    def _collection_is_several(self):
        return self.composition_mode != "comment" or self.composition_batch

    def _collection_can_wait(self):
        return self.model_is_thread and not self._collection_is_several()

    # === SENDING === #

    def action_send_mail(self):
        for composer in self:
            composer = composer._collection_declared()
            super(MailComposeMessage, composer).action_send_mail()
        return {"type": "ir.actions.act_window_close"}

    def action_schedule_message(self):
        """Schedule a message about payment only for a moment that is right as far as is known today."""
        for composer in self:
            composer = composer._collection_declared()
            if composer.env.context.get(ABOUT_PAYMENT) and composer.scheduled_date:
                composer._collection_check_moment(fields.Datetime.to_datetime(composer.scheduled_date))
            super(MailComposeMessage, composer).action_schedule_message()
        return {"type": "ir.actions.act_window_close"}

    def _collection_check_moment(self, moment):
        door = self.env["collection.door"]
        refused = [one for one in door._judge(moment, self._collection_reached()) if not one.allowed]
        if refused:
            raise UserError("\n\n".join(door._words_refused(one) for one in refused))

    def action_collection_send_later(self):
        """Schedule the message for the next right moment; the guard is asked again when it leaves."""
        moment = self._collection_later_moment()
        self.scheduled_date = fields.Datetime.to_string(moment)
        self.action_schedule_message()
        return self.env["collection.step"]._notify(
            self.env._(
                "Your message leaves on %s, if it is still right then.", format_datetime(self.env, moment, dt_format="short")
            )
        )

    def _collection_send(self):
        return self.action_send_mail()

    def _manage_mail_values(self, mail_values_all):
        """Leave out, of mails to several, those about payment that are not right; log the others.

        Whoever calls past the screens has to say whether it is about payment.
        """
        values_all = super()._manage_mail_values(mail_values_all)
        door = self.env["collection.door"]
        declared = self.env.context.get(ABOUT_PAYMENT)
        by_hand = declared or door._is_called_from_outside((".message_mail_with_source",))
        if self.composition_mode != "mass_mail" or declared is False or not by_hand:
            return values_all
        kept, refusals, now = {}, [], fields.Datetime.now()
        for res_id, values in values_all.items():
            try:
                judged = door._pass(now, self._collection_recipients_of(values), self._collection_company())
            except UserError as error:
                if not declared:
                    raise
                refusals.append(str(error))
                continue
            kept[res_id] = values
            if judged:
                values["collection_about_payment"] = True
                door._log(
                    now,
                    judged,
                    "email",
                    subject=values.get("subject"),
                    body=values.get("body_html"),
                    message_id=values.get("message_id") or False,
                    move=self.env["account.move"].browse(res_id) if self.model == "account.move" else None,
                )
        if refusals and not kept:
            raise UserError("\n\n".join(refusals))
        return kept

    def _collection_recipients_of(self, values):
        """Return whom one mail of several goes to, as `collection.door._reached` takes them."""
        ids = [command[1] for command in values.get("recipient_ids") or () if command[0] == fields.Command.LINK]
        ids += values.get("partner_ids") or []
        people = self.env["res.partner"].sudo().browse(ids)  # their addresses, to ask the guard
        found = [(partner.id, partner.email_normalized) for partner in people]
        return found + self.env["collection.door"]._split_emails(values.get("email_to"), values.get("email_cc"))
