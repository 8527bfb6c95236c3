"""Arrangements beside each other: which one holds an invoice, in which words, and what else waits about the same invoices.

Of two about the same invoice only one comes into force; the other falls then, and says why.
"""
from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..engine import agreement

#: Why something fell that was about the same invoices as what was agreed on.
AGREED_OTHERWISE = "agreed_otherwise"


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    beside_text = fields.Text(compute="_compute_beside_text", help="What else was proposed about the same invoices.")

    # === WHAT ELSE THERE IS === #

    @api.depends("state", "item_ids.line_id", "negotiation_id", "replan_of_id")
    @api.depends_context("lang")
    def _compute_beside_text(self):
        waiting = self.filtered(lambda arrangement: arrangement.state in ("draft", "to_approve"))
        (self - waiting).beside_text = False
        rows = self._standing_about(waiting.item_ids.line_id)
        for arrangement in waiting:
            lines = arrangement.item_ids.line_id
            own = arrangement._origin | arrangement.negotiation_id | arrangement.replaces_id
            about = {}
            for row in rows:
                other = row.arrangement_id
                is_own = other.negotiation_id in own or other in own | arrangement.replan_of_id
                if row.line_id in lines and not is_own:
                    about.setdefault(other, []).append(row.move_id.name or "")
            arrangement.beside_text = "\n".join(
                self.env._("%(why)s It is about %(invoices)s, too.", why=other._hold_words(), invoices=", ".join(names))
                for other, names in about.items()
            )

    @api.model
    def _standing_about(self, lines):
        """Return what covers these journal items in arrangements that stand or run, the newest last."""
        if not lines:
            return self.env["collection.arrangement.item"]
        return self.env["collection.arrangement.item"].search(
            [("line_id", "in", lines.ids), ("arrangement_id.state", "in", agreement.HOLDING)], order="arrangement_id"
        )

    # === WHICH ONE HOLDS === #

    @api.model
    def _hold_words_of(self, move_ids):
        """Return in a sentence, by id of the invoice, what is agreed or offered about it.

        :param move_ids: ids of invoices the user may see
        :rtype: dict[int, str]
        """
        if not move_ids:
            return {}
        rows = self.env["collection.arrangement.item"].sudo().search(  # whoever sees the invoice sees why it waits
            [("move_id", "in", list(move_ids)), ("arrangement_id.state", "in", agreement.HOLDING)]
        )
        best = {}
        for row in rows:
            before = best.get(row.move_id.id)
            if not before or row.arrangement_id._hold_rank() > before._hold_rank():
                best[row.move_id.id] = row.arrangement_id
        return {move_id: arrangement._hold_words() for move_id, arrangement in best.items()}

    def _hold_rank(self):
        """Return how firmly it holds: what runs, before what is offered, before what waits; then the newest."""
        return (self.state in agreement.RUNNING, self.state == "offered", self.id)

    def _hold_words(self):
        """Return in a sentence how it stands: it runs, is offered, or waits for whom."""
        self.ensure_one()
        name = self.display_name
        if self.state in agreement.RUNNING:
            line = self.line_ids.sorted("date").filtered(lambda line: not self.currency_id.is_zero(line.amount_left))[:1]
            if not line:
                return self.env._("%s runs; all of it is paid.", name)
            facts = {
                "arrangement": name,
                "amount": self.currency_id.format(line.amount_left),
                "day": format_date(self.env, line.date),
            }
            if line.missed_on:
                return self.env._("%(arrangement)s runs, but %(amount)s of %(day)s did not come.", **facts)
            return self.env._("%(arrangement)s runs; the next payment is %(amount)s on %(day)s.", **facts)
        if self.state == "to_approve":
            return self.env._("%s waits for an accountant's yes.", name)
        if self.proposed_by == "customer":
            return self.env._("The customer proposed %s and waits for our answer.", name)
        return self.env._(
            "%(arrangement)s is offered to the customer and stands until %(day)s.",
            arrangement=name,
            day=format_date(self.env, self.date_until),
        )

    # === ONE OF THEM COMES INTO FORCE === #

    def _started(self, now):
        res = super()._started(now)
        others = self.sudo().search(  # of the same customer; whoever agrees need not see them
            [
                ("item_ids.line_id", "in", self.item_ids.line_id.ids),
                ("negotiation_id", "!=", self.negotiation_id.id),
                ("state", "in", agreement.STANDING),
            ]
        )
        for other in others:
            note = self.env._("%s about the same invoices was agreed on instead.", self.display_name)
            other._end("cancelled", now, AGREED_OTHERWISE, "night", note)
        return res
