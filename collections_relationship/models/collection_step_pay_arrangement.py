"""The payment page of an agreement says why it asks for this amount; what it takes is in `collection_step_arrangement_pay`."""
from odoo import fields, models
from odoo.tools.misc import format_date

from ..engine import agreement


class CollectionStep(models.Model):
    _inherit = "collection.step"

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
        if not lines or self.env.context.get("collection_pay_whole"):
            return ""
        return self.env._("Your next payment as agreed, due on %s.", format_date(self.env, lines[-1:].date, date_format="long"))
