"""Helps whoever writes a message: what can be filled in, and how it reads for a real customer."""

from markupsafe import Markup

from odoo import api, fields, models

from .collection_template import PLACEHOLDERS


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

    placeholder_help = fields.Html(compute="_compute_placeholder_help", sanitize=False)

    @api.model
    def _placeholder_labels(self):
        """Return in words what each placeholder stands for."""
        return {
            "greeting": self.env._("Hello and the customer's name"),
            "customer": self.env._("The customer's name"),
            "company": self.env._("Your company's name"),
            "amount_due": self.env._("What the message asks for, one amount per currency"),
            "items": self.env._("The table of what the message asks for"),
            "other_items": self.env._("The table of what else is open, for information"),
            "credits": self.env._("The credits that were taken off"),
            "pay_button": self.env._("The button that opens the payment page"),
            "pay_link": self.env._("The address of the payment page"),
            "pay_by": self.env._("The last day to pay, where the stage gives one"),
            "bank_account": self.env._("Your bank account"),
            "sender": self.env._("The name of whoever signs"),
            "sender_phone": self.env._("The phone number of whoever signs"),
            "sender_email": self.env._("The e-mail address of whoever signs"),
            "signature": self.env._("The signature of whoever signs, with how to reach that person"),
            "preferences": self.env._("How the customer asked to be contacted"),
        }

    @api.depends_context("lang")
    def _compute_placeholder_help(self):
        labels = self._placeholder_labels()
        rows = Markup().join(
            Markup("<tr><td><code>{{%s}}</code></td><td>%s</td></tr>") % (name, labels.get(name, ""))
            for name in sorted(
                PLACEHOLDERS, key=lambda name: list(labels).index(name) if name in labels else len(labels)
            )
        )
        table = Markup('<table class="table table-sm"><tbody>%s</tbody></table>') % rows
        for template in self:
            template.placeholder_help = table

    def action_preview(self):
        """Show how the message reads for a customer with an open case."""
        self.ensure_one()
        return self.env["collection.template.preview"]._action_open(self)
