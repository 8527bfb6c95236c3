"""Gives a message that a person wrote himself a link to the customer's choices, as a step has one."""
from datetime import timedelta

from odoo import models

#: An earlier message to the same address lends its link for so long.
LENDS_ITS_LINK = timedelta(days=90)


class CollectionContact(models.Model):
    _inherit = "collection.contact"

    def _preference_step(self, now):
        """Return the step whose preference link this message bears; nothing where there is no case.

        The page behind a link speaks for a step: the last one to the same address, else one that is made for it.
        That one never leaves, so it is cancelled from the start, and says why.

        :param datetime now: naive UTC
        :return: the step (sudo)
        """
        self.ensure_one()
        steps = self.env["collection.step"].sudo()
        if not self.case_id or not self.address:
            return steps
        known = steps.search(
            [
                ("case_id", "=", self.case_id.id),
                ("address", "=", self.address),
                ("link_revoked", "=", False),
                ("date_planned", ">=", now - LENDS_ITS_LINK),
                ("date_planned", "<=", now),
            ],
            order="date_planned DESC, id DESC",
            limit=1,
        )
        return known or steps.create(
            {
                "case_id": self.case_id.id,
                "company_id": self.company_id.id,
                "sender_company_id": self.company_id.id,
                "purpose": "friendly_reminder",
                "state": "cancelled",
                "cancel_code": "by_hand",
                "date_planned": now,
                "recipient_id": (self.recipient_id or self.partner_id).id,
                "address": self.address,
                "user_id": self.user_id.id,
                "reason": {"code": "by_hand"},
            }
        )
