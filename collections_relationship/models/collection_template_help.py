"""Helps whoever writes a message: what can be filled in, by names a person understands."""

from odoo import api, models

from ..engine.vocabulary import BLOCKS, MAYBE, PURPOSES

#: What is chosen most, first.
OWED = ("amount_due", "items", "pay_button", "pay_link", "pay_by", "invoices", "oldest_due", "next_step_date")
OWED += ("bank_account", "credits", "other_items", "remaining_amount")
PEOPLE = ("greeting", "customer", "company", "sender", "sender_phone", "sender_email", "signature")
FURTHER = ("agreement_link", "resources", "policy_link", "survey_button", "statutory_wording")


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

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
            "agreement_button": self.env._("The button that opens the page of what was agreed on"),
            "offers": self.env._("The offers the customer may choose from"),
            "offer_count": self.env._("How many offers there are to choose from"),
            "plan": self.env._("The table of the plan's payments"),
            "plan_count": self.env._("The number of the plan's payments"),
            "plan_total": self.env._("What the plan comes to"),
            "plan_end": self.env._("The day of the plan's last payment"),
            "instalment_date": self.env._("The day of this payment of the plan"),
            "instalment_amount": self.env._("The amount of this payment of the plan"),
            "instalment_number": self.env._("Which payment of the plan this is"),
            "remaining_amount": self.env._("What is still to be paid"),
            "agreement_link": self.env._("The link to the customer's page of what is agreed, where something is"),
            "paid_count": self.env._("How many payments of the plan are paid"),
            "ahead_amount": self.env._("What is paid of the next payment already"),
            "paid_amount": self.env._("What has come of this payment"),
            "credited_amount": self.env._("What credit notes have taken off the plan"),
            "quiet_until": self.env._("The day until which nothing is to be done"),
            "old_date": self.env._("The day a payment was planned for before it was moved"),
            "missed_date": self.env._("The same day, where it has passed"),
            "new_date": self.env._("The day a payment was moved to"),
            "spread_until": self.env._("The last of the payments over which one was shared out"),
            "last_day": self.env._("The last day before the settlement ends"),
            "promise_date": self.env._("The day on which the customer pays, as promised or offered"),
            "promise_amount": self.env._("The amount the customer pays, as promised or offered"),
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

    @api.model
    def _placeholder_names(self):
        """Return what each placeholder is called where a person chooses one."""
        return {
            "greeting": self.env._("Greeting"),
            "customer": self.env._("Customer"),
            "company": self.env._("Your company"),
            "amount_due": self.env._("Amount due"),
            "items": self.env._("List of open items"),
            "other_items": self.env._("List of other items"),
            "credits": self.env._("Credits taken off"),
            "pay_button": self.env._("Pay button"),
            "pay_link": self.env._("Pay link"),
            "pay_by": self.env._("Last day to pay"),
            "bank_account": self.env._("Bank account"),
            "sender": self.env._("Contact person"),
            "sender_phone": self.env._("Contact person: phone"),
            "sender_email": self.env._("Contact person: e-mail"),
            "signature": self.env._("Signature"),
            "preferences": self.env._("Contact preferences"),
            "invoices": self.env._("Invoice numbers"),
            "oldest_due": self.env._("Oldest due date"),
            "next_step_date": self.env._("Next step date"),
            "resources": self.env._("Help for the customer"),
            "policy_link": self.env._("Link to your policy"),
            "statutory_wording": self.env._("Words of the law"),
            "survey_button": self.env._("Survey button"),
            "answer_button": self.env._("Answer button"),
            "agreement_button": self.env._("Agreement button"),
            "offers": self.env._("Offers to choose from"),
            "offer_count": self.env._("Offers: how many"),
            "plan": self.env._("Plan: its payments"),
            "plan_count": self.env._("Plan: number of payments"),
            "plan_total": self.env._("Plan: total"),
            "plan_end": self.env._("Plan: last payment date"),
            "instalment_date": self.env._("Plan: date of this payment"),
            "instalment_amount": self.env._("Plan: amount of this payment"),
            "instalment_number": self.env._("Plan: number of this payment"),
            "remaining_amount": self.env._("Amount still to pay"),
            "agreement_link": self.env._("Link to the agreement"),
            "paid_count": self.env._("Plan: payments paid"),
            "ahead_amount": self.env._("Plan: paid of the next payment"),
            "paid_amount": self.env._("Part that has come"),
            "credited_amount": self.env._("Plan: taken off"),
            "quiet_until": self.env._("Nothing to do until"),
            "old_date": self.env._("Moved from"),
            "missed_date": self.env._("Moved from, where missed"),
            "new_date": self.env._("Moved to"),
            "spread_until": self.env._("Shared out until"),
            "last_day": self.env._("Settlement: last day"),
            "promise_date": self.env._("Promised date"),
            "promise_amount": self.env._("Promised amount"),
            "offer_until": self.env._("Offer stands until"),
            "settlement_amount": self.env._("Settlement amount"),
            "waived_amount": self.env._("Amount given up"),
            "settle_by": self.env._("Last day of the settlement"),
            "grace_until": self.env._("More time until"),
            "pause_until": self.env._("Pause until"),
            "answer_by": self.env._("You answer by"),
            "dispute_subject": self.env._("What is contested"),
            "dispute_result": self.env._("What came of it"),
            "received_amount": self.env._("Amount received"),
            "received_on": self.env._("Received on"),
            "statement_date": self.env._("Statement date"),
            "mistake": self.env._("What went wrong"),
            "fee_amount": self.env._("Fee or interest"),
            "fee_from": self.env._("Fee counts from"),
            "fee_basis": self.env._("Basis of the fee"),
        }

    @api.model
    def _placeholder_groups(self):
        """Return the headings placeholders are chosen under, in their order, and which stand under each."""
        names = self._placeholder_names()
        about = tuple(name for name in names if name not in OWED + PEOPLE + FURTHER)
        return {
            self.env._("What is owed"): OWED,
            self.env._("What the message is about"): about,
            self.env._("Customer and you"): PEOPLE,
            self.env._("Further help"): FURTHER,
        }

    @api.model
    def placeholder_choices(self):
        """Return all that can be filled in, for the person who writes a message.

        :return: ``choices`` in the order to show them: name, label, help, group, whether it is a block of its
            own and may be empty; ``by_purpose``: which of them a message of each purpose knows;
            ``right_to_left``: the languages written that way
        """
        self.check_access("read")
        names, helps = self._placeholder_names(), self._placeholder_labels()
        return {
            "choices": [
                {
                    "name": name,
                    "label": names[name],
                    "help": helps[name],
                    "group": group,
                    "is_block": name in BLOCKS,
                    "may_be_empty": name in MAYBE,
                }
                for group, members in self._placeholder_groups().items()
                for name in members
            ],
            "right_to_left": [
                code
                for code, _name in self.env["res.lang"].get_installed()
                if self.env["res.lang"]._get_data(code=code).direction == "rtl"
            ],
            "by_purpose": {code: sorted(purpose.known) for code, purpose in PURPOSES.items()},
        }
