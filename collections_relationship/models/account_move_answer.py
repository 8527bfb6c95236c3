"""What customers write about an invoice: in the portal, and which invoice they name."""
from odoo import fields, models
from odoo.tools.mail import email_normalize

#: An invoice's number is also known by its last part, when that is at least this long.
LEAST_NUMBER = 3


class AccountMove(models.Model):
    _inherit = "account.move"

    def _message_post_after_hook(self, new_message, message_values):
        """A customer who writes about an invoice in the portal has answered."""
        result = super()._message_post_after_hook(new_message, message_values)
        message = new_message.sudo()
        if message.message_type == "comment" and (message.author_id.partner_share or not message.author_id):
            for move in self.sudo():
                self.env["collection.case"].sudo()._receive_elsewhere(
                    move,
                    automatic=False,
                    now=fields.Datetime.now(),
                    subject=message.subject,
                    body=message.body,
                    message_id=message.message_id,
                    author=message.author_id,
                    address=message.author_id.email_normalized or email_normalize(message.email_from or "") or False,
                    channel="portal",
                )
        return result

    def _collection_numbers(self):
        """Return how a customer may write the number of this invoice, in small letters."""
        self.ensure_one()
        numbers = {self.name, self.payment_reference}
        last = (self.name or "").replace("-", "/").rpartition("/")[2]
        if len(last) >= LEAST_NUMBER:
            numbers.add(last)
        return {number.lower() for number in numbers if number}
