"""Helps whoever writes a message: what can be filled in, and how it reads for a real customer."""

from markupsafe import Markup

from odoo import api, fields, models

from ..engine.vocabulary import NAMES, PURPOSES


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
            "invoices": self.env._("The numbers of the invoices it asks for"),
            "oldest_due": self.env._("The day the oldest of them was due"),
            "next_step_date": self.env._("The day of what would come next, where it is known"),
            "resources": self.env._("Help for the customer, such as on budgeting, where there is some"),
            "policy_link": self.env._("The link to your published collection policy"),
            "statutory_wording": self.env._("The words a law asks for, from the rule pack; locked"),
            "survey_button": self.env._("The button that asks how it went"),
            "answer_button": self.env._("The button that opens the page to answer an offer"),
            "plan": self.env._("The table of the plan's payments"),
            "plan_count": self.env._("The number of the plan's payments"),
            "plan_total": self.env._("What the plan comes to"),
            "plan_end": self.env._("The day of the plan's last payment"),
            "instalment_date": self.env._("The day of this payment of the plan"),
            "instalment_amount": self.env._("The amount of this payment of the plan"),
            "instalment_number": self.env._("Which payment of the plan this is"),
            "remaining_amount": self.env._("What is still to be paid"),
            "promise_date": self.env._("The day the customer promised to pay"),
            "promise_amount": self.env._("The amount the customer promised"),
            "offer_until": self.env._("The last day the offer stands"),
            "settlement_amount": self.env._("The amount that settles all of it"),
            "waived_amount": self.env._("What is given up"),
            "settle_by": self.env._("The last day to pay the settlement"),
            "grace_until": self.env._("The day until which the customer has time"),
            "pause_until": self.env._("The last day of the pause"),
            "answer_by": self.env._("The day by which you answer"),
            "dispute_subject": self.env._("What the customer contests"),
            "dispute_result": self.env._("What came of looking into it"),
            "received_amount": self.env._("The amount that was received"),
            "received_on": self.env._("The day it was received"),
            "statement_date": self.env._("The day of the statement"),
            "mistake": self.env._("What went wrong, in a sentence"),
            "fee_amount": self.env._("The fee or interest"),
            "fee_from": self.env._("The day from which it counts"),
            "fee_basis": self.env._("The clause or law it rests on"),
        }

    @api.depends("purpose")
    @api.depends_context("lang")
    def _compute_placeholder_help(self):
        labels = self._placeholder_labels()
        for template in self:
            known = PURPOSES[template.purpose].known if template.purpose else NAMES
            rows = Markup().join(
                Markup("<tr><td><code>{{%s}}</code></td><td>%s</td></tr>") % (name, label)
                for name, label in labels.items()
                if name in known
            )
            template.placeholder_help = Markup('<table class="table table-sm"><tbody>%s</tbody></table>') % rows

    def action_preview(self):
        """Show how the message reads for a customer with an open case."""
        self.ensure_one()
        return self.env["collection.template.preview"]._action_open(self)
