"""What the customer's page says of an offer or agreement that stands no more: what became of it, and where to go on."""
from typing import NamedTuple

from odoo import models

from ..engine import agreement
from .collection_arrangement_beside import AGREED_OTHERWISE


class Ended(NamedTuple):
    """What became of it, as text.

    :param was_agreed: both had said yes to it
    :param left: what is open of its invoices now, in a sentence; empty for an offer
    """

    title: str
    lead: str
    was_agreed: bool
    left: str


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    def _ended_words(self, now, speech):
        """Return what became of the version, for the customer.

        :param datetime now: naive UTC
        :rtype: Ended
        """
        self.ensure_one()
        own = self.with_env(speech.env).sudo()  # whoever reads it has the link
        day = speech.day(own._today(own.ended_on), "long") if own.ended_on else ""
        if own.started_on:
            return Ended(own.env._("This agreement has ended"), own._words_on_agreement(day), True, own._words_on_rest(speech))
        if own.proposed_by == "customer":
            is_refused = own.state == "refused"
            title = own.env._("We could not accept your proposal") if is_refused else own.env._("Your proposal is closed")
            lead = own.env._("Tell us what else would suit you, and we will look for a way together.")
            return Ended(title, lead, False, "")
        return Ended(*own._words_on_offer(now, day, speech), False, "")

    def _words_on_agreement(self, day):
        """Return why an agreement ended, in a sentence or two."""
        if self.end_code == "replanned":
            return self.env._("A newer agreement has taken its place.")
        if self.end_code in ("credited", "nothing_owed"):
            return self.env._("It ended on %s: nothing of it is left to pay.", day)
        if self.kind == "settlement" and self.end_code == "not_paid":
            return self.env._(
                "The payment had not arrived in time, so it ended on %s. What was to be given up is owed again. What you have "
                "paid counts in full.",
                day,
            )
        return self.env._("It ended on %s. What you have paid counts in full.", day)

    def _words_on_offer(self, now, day, speech):
        """Return what became of an offer of ours: a title, and a sentence or two."""
        today = self._today(now)
        if self.end_code == AGREED_OTHERWISE:
            return (
                self.env._("This offer does not stand any more"),
                self.env._("On %s something else was agreed on about the same invoices, so this offer ended by itself.", day),
            )
        if self.state == "refused" and self.accepted_on:
            return (
                self.env._("We could not confirm it"),
                self.env._(
                    "You had said yes, thank you. On %s we had to decide otherwise. Please ask us; we will look for another way.",
                    day,
                ),
            )
        if self.state == "cancelled":
            return (
                self.env._("This offer has been taken back"),
                self.env._("We took it back on %s. If you have a question about it, please ask us.", day),
            )
        if self.state == "refused":
            return (
                self.env._("You said no to this offer"),
                self.env._("We noted it on %s. Tell us what would suit you, and we will look for a way together.", day),
            )
        title = self.env._("This offer does not stand any more")
        if self.date_until and self.date_until < today:
            until = speech.day(self.date_until, "long")
            lead = self.env._("It stood until %s. Tell us what would suit you now, and we will look for a way together.", until)
        elif self.state == "offered" and self.date_first < today:
            first = speech.day(self.date_first, "long")
            lead = self.env._("Its first day was %s. Tell us which days would suit you now, and we send you a new one.", first)
        else:
            lead = self.env._("That need not be the last word. Tell us what would suit you, and we will look for a way together.")
        return title, lead

    def _words_on_rest(self, speech):
        """Return what is open of the invoices now."""
        lines = self.item_ids.line_id
        left = sum(lines.mapped("amount_residual_currency"))
        if self.currency_id.compare_amounts(left, 0) <= 0:
            return self.env._("Of these invoices nothing is open any more.")
        return self.env._("Of these invoices %s are open now.", speech.amount(left, self.currency_id))

    def _past_words(self):
        """Return what became of a version, for the customer, as a sentence."""
        if self.started_on and self.state not in ("kept", *agreement.RUNNING):
            return self.env._("Our agreement, which has ended.")
        if self.proposed_by == "customer":
            return {
                "countered": self.env._("Your proposal, followed by a newer one."),
                "refused": self.env._("Your proposal, which we could not accept."),
                "lapsed": self.env._("Your proposal, which is no longer open."),
                "cancelled": self.env._("Your proposal, which is no longer open."),
                "kept": self.env._("Our agreement, kept, thank you."),
            }.get(self.state) or self.env._("Your proposal.")
        if self.state == "countered" and self.is_alternative and self._versions().filtered("accepted_on"):
            return self.env._("Our offer, which was not chosen.")
        if self.end_code == AGREED_OTHERWISE:
            return self.env._("Our offer, which ended when something else was agreed on.")
        return {
            "countered": self.env._("Our offer, followed by a newer one."),
            "refused": self.env._("Our offer, which was not accepted."),
            "lapsed": self.env._("Our offer, whose last day has passed."),
            "cancelled": self.env._("Our offer, which we took back."),
            "kept": self.env._("Our agreement, kept, thank you."),
        }.get(self.state) or self.env._("Our offer.")

    def _newer_elsewhere(self, now):
        """Return the offer or agreement that stands now about one of the same invoices, in another negotiation; maybe none.

        :param datetime now: naive UTC
        """
        self.ensure_one()
        others = self.sudo().search(  # of the same customer, about the same debt: whoever may read this one may read that one
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("item_ids.line_id", "in", self._versions().item_ids.line_id.ids),
                ("negotiation_id", "!=", self.negotiation_id.id),
                ("state", "in", agreement.HOLDING),
            ],
            order="id desc",
        )
        for other in others.filtered(lambda other: not other.negotiation_id.link_revoked):
            stage, shown = other._page_stage(now)
            if stage in ("running", "accepted", "choose", "proposed"):
                return shown[:1]
        return self.browse()

    def _step_to(self, person):
        """Return the newest message about the negotiation that went to a person, maybe none: its link is his."""
        steps = self.env["collection.step"].sudo()
        if not person:
            return steps
        domain = [
            ("arrangement_id.negotiation_id", "=", self.negotiation_id.id),
            ("recipient_id", "=", person.id),
            ("state", "=", "sent"),
        ]
        return steps.search(domain, order="id desc", limit=1)
