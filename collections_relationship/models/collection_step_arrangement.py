"""Messages about an arrangement: what they name, where their button leads, and whether they are still right."""
import logging
from datetime import timedelta

from odoo import api, fields, models

from ..engine import agreement
from ..engine.vocabulary import PURPOSES
from .collection_arrangement_message import MISSED, PURPOSE_OF, RIGHT_IN, THANKS
from .collection_step_act import RENDER_ERRORS, Refused
from .collection_step_attachments import Attached

_logger = logging.getLogger(__name__)

PREFIX = "arrangement_"
#: What is told once both have said yes.
CONFIRMING = ("confirmed", "approved")


class CollectionStep(models.Model):
    _inherit = "collection.step"

    arrangement_id = fields.Many2one(
        "collection.arrangement", readonly=True, index="btree_not_null", ondelete="restrict", help="What the message is about."
    )
    arrangement_line_id = fields.Many2one(
        "collection.arrangement.line", string="Agreed Payment", readonly=True, index="btree_not_null", ondelete="set null"
    )

    # === WHAT IT NAMES === #

    def _named_rows(self, rows):
        """Name what the arrangement covers, also once it is paid."""
        if not self.arrangement_id:
            return super()._named_rows(rows)
        currency = self.arrangement_id.currency_id
        reference = self._agreed_reference()
        result = []
        for covered in self.arrangement_id.item_ids.sorted(lambda item: (item.date_due, item.id)):
            line, move = covered.line_id, covered.move_id
            result.append(
                {
                    "id": covered.id,
                    "line_id": line.id,
                    "move_id": move.id,
                    "currency_id": currency.id,
                    "currency": currency,
                    "date_due": covered.date_due or line.date,
                    "residual": covered.amount,
                    "credit_applied": 0.0,
                    "amount_asked": covered.amount,
                    "amount_company": 0.0,
                    "amount_full": line.amount_currency,
                    "hold_code": None,
                    "stage": None,
                    "invoice": (line.name or move.ref or move.name) if move.move_type == "entry" else move.name,
                    "invoice_date": move.invoice_date or move.date,
                    "bank_id": move.partner_bank_id.id,
                    "reference": reference or move.payment_reference or move.name,
                    "asked": True,
                    "named": True,
                }
            )
        return result

    def _agreed_reference(self):
        """Return what a transfer should say, the same as page and PDF; empty where nothing of it stands any more."""
        arrangement = self.arrangement_id.sudo()  # whoever may read the message may read what it is about
        return arrangement._pay_reference() if arrangement.state in agreement.HOLDING else ""

    def _block_values(self, names, speech, *args):
        """Write the link to the page of the agreement."""
        values = super()._block_values(names, speech, *args)
        arrangement = self.arrangement_id.sudo()  # as above
        if "agreement_link" in names and (page := arrangement and arrangement._page_link(self)):
            values["agreement_link"] = self._common_block("mail_agreement_link", speech, {"link": page})
        return values

    def _render_one(self, speech, today, rows, *args):
        rendered = super()._render_one(speech, today, rows, *args)
        if not self.arrangement_id:
            return rendered
        return rendered._replace(facts={**rendered.facts, "arrangement": self._arrangement_facts()})

    def _arrangement_facts(self):
        """Return what the message says in figures, JSON-able, for the log."""
        return {
            "id": self.arrangement_id.id,
            "number": self.arrangement_id.name,
            "what": self._said(),
            "covers": self.arrangement_id.item_ids.line_id.ids,
            "details": self.details,
        }

    def _said(self):
        """Return what the message is about, of `PURPOSE_OF`."""
        self.ensure_one()
        return (self.reason or {}).get("code", "").removeprefix(PREFIX)

    # === WHERE ITS BUTTON LEADS === #

    def _payment_links(self):
        """Let what asks for an answer, or tells what was agreed on, open the arrangement's own page, where there is one."""
        links = super()._payment_links()
        answers = self.filtered(
            lambda step: step.arrangement_id and {"answer_button", "agreement_button"} & PURPOSES[step.purpose].known
        )
        pages = {step.id: step.arrangement_id._page_link(step) for step in answers}
        return {**links, **{step_id: page for step_id, page in pages.items() if page}}

    def _pay_items(self):
        """The payment page of an arrangement shows what it covers."""
        if not self.arrangement_id:
            return super()._pay_items()
        # Not what was noted when the message was planned: an invoice of this minute has its item a moment later.
        lines = self.arrangement_id.sudo().item_ids.line_id  # the message is about what the arrangement covers
        return self.env["collection.item"].search([("line_id", "in", lines.ids)])

    # === WHAT COMES WITH IT === #

    def _render_safely(self, now):
        """Write the messages; what confirms an agreement brings it along as PDF, where this server can print."""
        rendered = super()._render_safely(now)
        if self.env.context.get("collection_record_only"):
            return rendered
        confirming = self.browse(rendered).filtered(
            lambda step: step.channel == "email" and step._said() in CONFIRMING and step.arrangement_id.accepted_hash
        )
        for step in confirming:
            try:
                paper = step.arrangement_id.sudo()._paper()  # it goes to whom the agreement is with
            except RENDER_ERRORS:
                _logger.warning("The agreement of step %d could not be printed; its page has it.", step.id, exc_info=True)
            else:
                file = Attached(paper.name.replace("/", "-"), paper.raw)
                rendered[step.id] = rendered[step.id]._replace(files=(*rendered[step.id].files, file))
        return rendered

    # === WHETHER IT IS STILL RIGHT === #

    def _refusal(self, plan, rows, facts, night, unknown):
        if self.arrangement_id and self._has_moved_on(night.today):
            return Refused("arrangement_moved", None, False)
        return super()._refusal(plan, rows, facts, night, unknown)

    def _has_moved_on(self, today):
        """Tell whether what the message says is no longer so."""
        self.ensure_one()
        arrangement, said = self.arrangement_id.sudo(), self._said()  # the sending itself asks
        if said not in PURPOSE_OF:
            return False
        if arrangement.state not in RIGHT_IN[said]:
            return True
        if said in ("offered", "countered", "choice"):
            return bool(arrangement.date_until) and arrangement.date_until < today
        paid = arrangement.currency_id.compare_amounts(arrangement.amount_paid, (self.reason or {}).get("paid", 0.0))
        if said in THANKS:
            return paid < 0
        if said == "reduced":
            return paid != 0
        if said == "moved":
            return self._has_moved_again(arrangement)
        if said == "soon":
            day = fields.Date.to_date((self.details or {}).get("promise_date") or (self.details or {}).get("instalment_date"))
            # The reminder of a promise speaks of tomorrow.
            too_late = day <= today if self.purpose == "promise_due" else day < today
            return paid > 0 or too_late or self.arrangement_line_id.date != day
        return said in MISSED and paid > 0

    def _has_moved_again(self, arrangement):
        """Tell whether the new day a message names is the day no more, or its payment is paid."""
        day, line = fields.Date.to_date((self.details or {}).get("new_date")), self.arrangement_line_id
        return bool(day) and (line.date != day or arrangement.currency_id.is_zero(line.amount_left))

    @api.model
    def _cancel_labels(self):
        return {
            **super()._cancel_labels(),
            "thanked": self.env._("The customer is thanked for keeping what was agreed."),
            "arrangement_moved": self.env._("The arrangement has moved on; the message is no longer right."),
        }


class CollectionCase(models.Model):
    _inherit = "collection.case"

    @api.model
    def _plan_thanks(self, now, company):
        """Thank once: who is thanked for keeping an arrangement hears no second time that all is paid."""
        thanks = super()._plan_thanks(now, company)
        if not thanks:
            return thanks
        told = self.env["collection.step"].search(
            [
                ("case_id", "in", thanks.case_id.ids),
                ("arrangement_id", "!=", False),
                ("purpose", "in", ("plan_completed", "settlement_confirmed", "payment_received", "instalment_received")),
                ("state", "!=", "cancelled"),
                ("date_planned", ">=", now - timedelta(days=3)),
            ]
        )
        doubled = thanks.filtered(lambda step: step.case_id in told.case_id)
        doubled._cancel("thanked")
        return thanks - doubled

    @api.model
    def _next_reason_labels(self):
        return {
            **super()._next_reason_labels(),
            f"{PREFIX}offered": self.env._("Something was offered to the customer."),
            f"{PREFIX}countered": self.env._("The customer's proposal was answered with another one."),
            f"{PREFIX}choice": self.env._("Several offers stand side by side; the customer may choose."),
            f"{PREFIX}approved": self.env._("What the customer proposed is agreed on."),
            f"{PREFIX}confirmed": self.env._("Something was agreed on with the customer."),
            f"{PREFIX}changed": self.env._("The days of the agreed payments have changed."),
            f"{PREFIX}soon": self.env._("An agreed payment is near."),
            f"{PREFIX}missed": self.env._("An agreed payment has not come."),
            f"{PREFIX}part_missed": self.env._("A part of an agreed payment has not come."),
            f"{PREFIX}moved": self.env._("An agreed payment was moved to another day."),
            f"{PREFIX}reduced": self.env._("A credit note has made what is agreed smaller."),
            f"{PREFIX}paid": self.env._("An agreed payment has come."),
            f"{PREFIX}part_paid": self.env._("A part of an agreed payment has come."),
            f"{PREFIX}nearly_done": self.env._("One agreed payment is left."),
            f"{PREFIX}kept": self.env._("Everything agreed is paid."),
            f"{PREFIX}lapsed": self.env._("What was agreed was not paid in time."),
            f"{PREFIX}paused": self.env._("The payments to come wait for a while."),
            "archived": self.env._("The customer is archived."),
            "no_template": self.env._("The library has no message for it."),
        }


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    def _move(self, state, now, origin="office", **details):
        """Take back messages that have not left and that the new state makes untrue."""
        result = super()._move(state, now, origin, **details)
        steps = self.sudo().step_ids.filtered(  # planned by the machine, as they are taken back
            lambda step: step.state in ("planned", "approved")
            and step._said() != "choice"  # is told anew when it leaves
            and state not in RIGHT_IN.get(step._said(), (state,))
        )
        if steps:
            steps._cancel("arrangement_moved")
        return result
