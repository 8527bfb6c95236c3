"""The payment page of an agreement takes what is agreed for now: the payments that are due, else the next one."""
from odoo import fields, models
from odoo.tools.misc import format_date

from ..engine import agreement


class CollectionStep(models.Model):
    _inherit = "collection.step"

    def _pay_choice(self, group, item_ids=None):
        """Take no more than is agreed for now; whoever wants to pay all of it at once may transfer it."""
        choice = super()._pay_choice(group, item_ids)
        lines = self._agreed_lines(group.currency)
        if not lines:
            return choice
        return choice._replace(amount=min(choice.amount, group.currency.round(sum(lines.mapped("amount_left")))))

    def _agreed_lines(self, currency):
        """Return the payments of the running agreement this message is about that are due, else the next one.

        :rtype: collection.arrangement.line
        """
        lines = self.env["collection.arrangement.line"].sudo()  # the link opens the page of the agreement, too
        if not self.arrangement_id:
            return lines
        versions = self.arrangement_id.sudo()._versions()
        running = versions.filtered(lambda version: version.state in agreement.RUNNING and version.currency_id == currency)
        left = running.line_ids.filtered(lambda line: not currency.is_zero(line.amount_left)).sorted("date")
        today = self._speaker()._collection_today(fields.Datetime.now())
        return left.filtered(lambda line: line.date <= today) or left[:1]

    def _agreed_words(self, choice):
        """Return on the payment page why it is this amount; nothing where no agreement says so."""
        lines = self._agreed_lines(choice.group.currency)
        if not lines:
            return ""
        return self.env._("Your next payment as agreed, due on %s.", format_date(self.env, lines[-1:].date))
