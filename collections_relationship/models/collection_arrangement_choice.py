"""Offers side by side are told together, as a choice, however late one of them is put beside the others."""
from odoo import models

from .collection_step import PENDING_STATES


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    def _what_is_said(self, what, now):
        """Return in which words something is told, of `PURPOSE_OF`: it depends on who proposed it, and on what stands beside."""
        if what == "offered" and len(self._to_choose_from(now)) > 1:
            return "choice"
        if what == "offered" and self.replaces_id.proposed_by == "customer":
            return "countered"
        if what == "confirmed" and self.kind == "settlement" and self.proposed_by == "customer":
            return "approved"
        return what

    def _to_choose_from(self, now):
        """Return our offers side by side that the customer may choose from today, the oldest first; else this one."""
        self.ensure_one()
        today = self._today(now)
        beside = self._versions().filtered(
            lambda version: version.is_alternative
            and version.proposed_by == "company"
            and version.state == "offered"
            and (not version.date_until or version.date_until >= today)
        )
        return (self | beside).sorted("id") if self.is_alternative else self

    def _waiting_offers(self):
        """Return the messages about offers of the negotiation that have not left yet."""
        steps = self.env["collection.step"].sudo().search(  # what is planned follows what is offered
            [("arrangement_id.negotiation_id", "=", self.negotiation_id.id), ("state", "in", PENDING_STATES)]
        )
        return steps.filtered(lambda step: step._said() in ("offered", "countered", "choice"))

    def _ended(self, now):
        """Say anew what there is to choose from, where the message that names this offer too has not left yet."""
        res = super()._ended(now)
        if self.is_alternative and self.state == "cancelled":
            waiting = self._waiting_offers().filtered(lambda step: step._said() == "choice")
            waiting._cancel("arrangement_moved")
            left = (self._to_choose_from(now) - self)[:1]
            if waiting and left:
                left._tell("offered", now)
        return res
