"""What an agreement means, in plain words: read before a yes, and kept with it."""
from odoo import models


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    def _clauses(self, speech):
        """Return what the customer reads before he says yes, in plain words, a paragraph each."""
        covered = speech.amount(self.amount_covered, self.currency_id)
        is_one, is_about_one = len(self.line_ids) == 1, len(self.item_ids.line_id.move_id) == 1
        if is_one:
            pays = self.env._(
                "You pay the amount by the day named here. You may pay earlier at any time; it costs nothing extra."
            )
        else:
            pays = self.env._(
                "You pay the amounts on the days listed here. You may pay earlier or "
                "more at any time; it costs nothing extra."
            )
        if is_about_one:
            left_alone = self.env._("As long as this agreement is kept, we do not remind you of this invoice.")
        else:
            left_alone = self.env._("As long as this agreement is kept, we do not remind you of these invoices.")
        clauses = [pays, left_alone]
        if self.grace_kind == "new_due_date" and len(self.line_ids) == 1:
            day = speech.day(self.line_ids.date, "long")
            clauses.append(self.env._("The new due date is %s. Until then nothing is added for being late.", day))
        elif self.kind == "grace":
            clauses.append(
                self.env._(
                    "We wait until then. The due date of the invoices stays as it is, so interest may go on where the "
                    "law provides for it."
                )
            )
        clauses += [*self._clauses_on_missing(is_one, speech), *self._clauses_on_debt(covered, is_about_one)]
        return clauses

    def _clauses_on_missing(self, is_one, speech):
        """Return what follows where a payment is late or missing: of a settlement, all of it is owed again."""
        if self.currency_id.is_zero(self.amount_waived):
            if is_one:
                return [
                    self.env._(
                        "If you see that the payment will be late, tell us: we will gladly look for another day. If it is "
                        "missing, we write to you first. If we find no way together, the agreement ends, and what is not paid "
                        "by then is open as before. What you have paid counts in full."
                    )
                ]
            return [
                self.env._(
                    "If you see that a payment will be late, tell us: we will gladly look for another day. If a payment is "
                    "missing, we write to you first. If we find no way together, the agreement ends, and what is not paid by "
                    "then is open as before. What you have paid counts in full."
                )
            ]
        waived = speech.amount(self.amount_waived, self.currency_id)
        covered = speech.amount(self.amount_covered, self.currency_id)
        if is_one:
            once = self.env._(
                "Once %(agreed)s have arrived by %(day)s, you need not pay the remaining %(waived)s. Until then %(covered)s stay "
                "open.",
                agreed=speech.amount(self.amount_agreed, self.currency_id),
                day=speech.day(self.date_last, "long"),
                waived=waived,
                covered=covered,
            )
            missing = self.env._(
                "If they have not arrived by then, the agreement ends: you owe the %s again, and what is not paid is open as "
                "before. What you have paid counts in full.",
                waived,
            )
        else:
            once = self.env._(
                "Once all payments have arrived as agreed, you need not pay the remaining %(waived)s. Until then %(covered)s "
                "stay open.",
                waived=waived,
                covered=covered,
            )
            missing = self.env._(
                "If one of them has not arrived by its day, the agreement ends: you owe the %s again, and what is not paid is "
                "open as before. What you have paid counts in full.",
                waived,
            )
        return [once, missing, self.env._("If you see that a day is hard to keep, tell us before it comes.")]

    def _clauses_of_proposal(self, speech):
        """Return what a customer reads before he sends a proposal of his own in answer to this offer.

        What it means if we accept it; he confirms no debt by it.
        """
        return [
            self.env._(
                "If we accept your proposal, it is agreed, and we tell you so at once. We may also answer with another offer."
            ),
            self.env._("As long as it is kept, we do not remind you of what it is about."),
            *self._clauses_on_missing(False, speech),
            self._clause_on_proposed(),
            *self._clauses_on_age(),
        ]

    def _clause_on_proposed(self):
        return self.env._(
            "Your proposal does not say that the invoices are right: you may still question them. Even so, in some countries an "
            "agreement or a payment lets the time in which the amount can be claimed in court begin anew."
        )

    def _clauses_on_debt(self, covered, is_about_one):
        """Return what a yes says about owing the amount, and about the time in which it can be claimed."""
        if self.acknowledges and is_about_one:
            clause = self.env._(
                "With your yes you confirm that you owe %s for this invoice. In many countries the time in which the "
                "amount can be claimed in court then begins anew.",
                covered,
            )
        elif self.acknowledges:
            clause = self.env._(
                "With your yes you confirm that you owe %s for these invoices. In many countries the time in which the "
                "amount can be claimed in court then begins anew.",
                covered,
            )
        elif self.proposed_by == "customer":
            clause = self._clause_on_proposed()
        else:
            clause = self.env._(
                "Your yes does not say that the invoices are right: you may still question them. Even so, in some countries "
                "an agreement or a payment lets the time in which the amount can be claimed in court begin anew."
            )
        return [clause, *self._clauses_on_age()]

    def _clauses_on_age(self):
        """Return the warning that something may be too old to be claimed; nothing where it is not."""
        if self._limitation_state() != "past":
            return []
        return [
            self.env._(
                "For at least one of these invoices this time may have passed already. Perhaps you need not pay it any "
                "more, and your yes may change that. If you are unsure, ask somebody for advice before you say yes."
            )
        ]
