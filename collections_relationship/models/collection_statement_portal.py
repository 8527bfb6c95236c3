"""What a customer may see of his own account in the portal."""
from dateutil.relativedelta import relativedelta

from odoo import api, models

from .collection_step_render import _Speech


class CollectionStatement(models.Model):
    _inherit = "collection.statement"

    @api.model
    def _figures_of_user(self, user, now, history_months=0):
        """Return the figures of a log-in's own commercial entity in each company the log-in belongs to.

        :param user: the one who looks
        :param datetime now: naive UTC
        :param int history_months: so far back goes the history; 0 for open items only
        :return: list of `Figures`, only of companies where there is an account
        """
        customer = user.sudo().partner_id.commercial_partner_id
        listed = []
        for company in user.sudo().company_ids.root_id.sorted("name"):
            today = company._collection_today(now)
            start = (today - relativedelta(months=history_months)).replace(day=1) if history_months else None
            own = self.sudo()._read_figures(company, customer, today, start)[customer.id]
            if own.accounts:
                listed.append(own)
        return listed

    @api.model
    def _sheet_for_page(self, figures, lang):
        """Return what the page shows of one company, as text in the visitor's language."""
        return self.sudo()._sheet(figures, _Speech(self.env, lang))  # the caller has chosen whose account it is

    @api.model
    def _file_for_page(self, figures, kind, now, lang):
        """Return a customer's own statement as file.

        :param str kind: pdf or xlsx
        :param datetime now: naive UTC
        :rtype: bytes
        """
        if kind == "xlsx":
            return self._xlsx([figures])
        return self._pdf([figures], self._links(figures.company, figures.partner, now))
