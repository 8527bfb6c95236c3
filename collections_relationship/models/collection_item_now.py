"""Reads what refresh would write for one customer at this second. Writes nothing, so it never collides with a run."""
from odoo import api, models
from odoo.tools import SQL


class CollectionItem(models.Model):
    _inherit = "collection.item"

    @api.model
    def _read_now(self, now, company, partner):
        """Return a customer's open journal items as the ledger has them now.

        :param datetime now: naive UTC
        :param company: root company
        :param partner: commercial partner
        :return: journal item id to ``residual``, ``credit`` (open credits taken off), ``amount_asked``
            (all in the item's currency) and ``hold_code``; settled items are missing
        :rtype: dict[int, dict]
        """
        self.env.flush_all()
        scope = {"today": company._collection_today(now), "now": now, "company": company.id, "partner_ids": partner.ids}
        of_partner = SQL(
            "l.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id = %s)", partner.id
        )
        rows = self.env.execute_query_dict(
            SQL(
                "WITH %s SELECT line_id, residual, credit, amount_asked, hold_code FROM fresh",
                SQL(", ").join(self._refresh_ctes(company, scope, of_partner)),
            )
        )
        return {row.pop("line_id"): row for row in rows}
