"""Notes that a customer must be refreshed when the delivery of an invoice fails, or works after all."""
from odoo import api, models

FAILED = ("bounce", "exception")


class MailNotification(models.Model):
    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        notifications = super().create(vals_list)
        notifications.filtered(
            lambda notification: notification.notification_status in FAILED
        )._collection_mark_customers()
        return notifications

    def write(self, vals):
        """Mark the customers of invoices whose mail changes between arrived and not."""
        status = vals.get("notification_status")
        changed = self.browse()
        if status:
            changed = self.filtered(
                lambda notification: (notification.notification_status in FAILED) != (status in FAILED)
            )
        result = super().write(vals)
        changed._collection_mark_customers()
        return result

    def _collection_mark_customers(self):
        messages = self.sudo().mail_message_id.filtered(lambda message: message.model == "account.move")
        moves = self.env["account.move"].sudo().browse(messages.mapped("res_id")).exists()
        self.env["collection.dirty"]._mark(moves.commercial_partner_id.ids)
