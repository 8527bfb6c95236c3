"""The follow-up of one customer in one company, from the first late item until all is settled.

This file holds what a case is and what people do with it. Choosing the next step is in
`collection_case_decide.py`, mail coming in in `collection_case_mail.py`.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

from ..fields import UncheckedMany2one
from .collection_item import ARRANGED_HOLDS

_lt = LazyTranslate(__name__)

#: Heads the column of what has reached no stage.
NO_STAGE = _lt("No Stage Yet")
#: More invoices than these are counted, not named.
NAMED_INVOICES = 5
#: A customer rarely has more arrangements; the rest is in their list.
NAMED_ARRANGEMENTS = 2
CASE_STATES = [("open", "Open"), ("closed", "Closed")]


class CollectionCase(models.Model):
    _name = "collection.case"
    _rec_names_search = ["partner_id.complete_name", "partner_id.ref", "partner_id.email"]
    _description = "Collection Case"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, next_step_date, amount_overdue desc, id"
    _mail_post_access = "read"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    state = fields.Selection(CASE_STATES, required=True, default="open", readonly=True, tracking=True, index=True)
    date_opened = fields.Datetime(readonly=True)
    date_closed = fields.Datetime(readonly=True)
    policy_id = UncheckedMany2one("collection.policy", readonly=True)
    stage_id = UncheckedMany2one(
        "collection.stage",
        readonly=True,
        index=True,
        tracking=True,
        group_expand="_group_expand_stage_id",
        falsy_value_label=NO_STAGE,
        help="The highest stage any of the customer's late items has reached.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index=True,
        tracking=True,
        domain=[("share", "=", False)],
        help="Set by the rules for responsibles. Once you choose somebody else, the rules leave it alone.",
    )
    user_is_chosen = fields.Boolean(readonly=True, help="A person chose the responsible; rules do not change it.")
    round_count = fields.Integer(readonly=True, aggregator=None)

    # Totals in the company's currency, written by refresh.
    amount_open = fields.Monetary(readonly=True, help="All open items, late or not, less open credits.")
    amount_overdue = fields.Monetary(readonly=True, help="Open items past their due date, less open credits.")
    amount_held = fields.Monetary(string="Not Chased Now", readonly=True, help="The part of it that is paused or held.")
    amount_credit = fields.Monetary(
        string="Open Credits", readonly=True, help="Credits taken off what the customer is asked for."
    )
    oldest_due_date = fields.Date(readonly=True)
    item_count = fields.Integer(string="Open Items", readonly=True)
    days_late = fields.Integer(compute="_compute_days_late", aggregator=None)
    hold_code = fields.Char(readonly=True, help="Why nothing of this case may be asked for now.")

    # What comes next and why, written by decide.
    next_stage_id = UncheckedMany2one("collection.stage", string="Next Step", readonly=True)
    next_step_date = fields.Date(readonly=True, index=True)
    next_reason = fields.Json(readonly=True)
    next_reason_text = fields.Char(string="Why", compute="_compute_next_reason_text")

    last_asked = fields.Datetime(string="Last Asked At", readonly=True)
    reply_unread_since = fields.Datetime(
        string="Unread Answer Since",
        readonly=True,
        index=True,
        help="The customer answered. Nothing leaves until somebody has read it.",
    )
    reply_escalated = fields.Boolean(readonly=True)
    bounced_on = fields.Datetime(readonly=True)

    item_ids = fields.One2many("collection.item", "case_id", string="Items", readonly=True)
    step_ids = fields.One2many("collection.step", "case_id", string="Steps", readonly=True)
    contact_ids = fields.One2many("collection.contact", "case_id", string="Contact Log", readonly=True)
    event_ids = fields.One2many("collection.case.event", "case_id", string="History", readonly=True)

    _one_open_case = models.UniqueIndex(
        "(partner_id, company_id) WHERE state = 'open'",
        "This customer already has an open case in this company.",
    )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for case in self:
            case.display_name = case.partner_id.display_name or self.env._("Case")

    @api.depends("oldest_due_date", "state", "company_id")
    def _compute_days_late(self):
        days = self.company_id._collection_days(fields.Datetime.now())
        for case in self:
            is_late = case.oldest_due_date and case.state == "open"
            late = (days[case.company_id] - case.oldest_due_date).days if is_late else 0
            case.days_late = max(late, 0)

    @api.depends("next_reason", "next_step_date", "next_stage_id", "reply_unread_since")
    @api.depends_context("lang")
    def _compute_next_reason_text(self):
        arranged = self.filtered(lambda case: (case.next_reason or {}).get("code") in ARRANGED_HOLDS)
        words = self.env["collection.arrangement"]._hold_words_of(arranged._arranged_items().move_id.ids)
        for case in self:
            # An answer may have come in after the last decision; nothing leaves before it is read.
            reason = {"code": "reply_unread"} if case.reply_unread_since else case.next_reason or {}
            arranged = reason.get("code") in ARRANGED_HOLDS and case._arranged_words(words)
            case.next_reason_text = arranged or case._describe_reason(reason)

    def _arranged_items(self):
        """Return the open items that an offer or an arrangement holds."""
        return self.item_ids.filtered(lambda item: item.is_open and item.hold_code in ARRANGED_HOLDS)

    def _arranged_words(self, words):
        """Return what is agreed or offered about the open items; empty where nothing is any more.

        :param dict words: of `collection.arrangement._hold_words_of`
        """
        own = dict.fromkeys(filter(None, (words.get(item.move_id.id) for item in self._arranged_items())))
        return " ".join(list(own)[:NAMED_ARRANGEMENTS])

    @api.model
    def _next_reason_labels(self):
        """Return the words for each reason a case is not followed up at once, by code."""
        return {
            **self.env["collection.guard"]._reason_labels(),
            "due": self.env._("The stage's day has come."),
            "ready": self.env._("A colleague asked for it with Follow up now; it leaves as soon as it may."),
            "asked_for": self.env._("A colleague asked for it with Follow up now."),
            "stage_day": self.env._("The next stage's day has not come yet."),
            "first_contact": self.env._("The first message about these items is a gentle one."),
            "restart": self.env._("The first message after a pause is a gentle one."),
            "repeated": self.env._("The first message brought neither a payment nor an answer."),
            "settled": self.env._("Everything we had asked for is paid."),
            "nothing_due": self.env._("Nothing more is due."),
            "no_mild_stage": self.env._(
                "After a cooling-off the first message is a mild one, and none of the policy's stages is: "
                "speak with the customer, or write by hand."
            ),
            "below_minimum": self.env._("The overdue total is too small for a message."),
            "reply_unread": self.env._("The customer answered; somebody must read it first."),
            "bank_stale": self.env._("Bank data are not current; the customer may have paid."),
            "unmatched_receipt": self.env._("Money of this customer is not matched yet."),
            "pending_payment": self.env._("A payment of this customer is on its way."),
            "no_address": self.env._("The customer has no e-mail address."),
            "bounced": self.env._("The last message bounced; the address must be checked."),
            "by_hand": self.env._("Somebody sent it by hand."),
            "we_called": self.env._("A colleague decided to call."),
            "we_visited": self.env._("A colleague decided to visit."),
            "called_us": self.env._("The customer called us."),
            "written_elsewhere": self.env._("A colleague wrote it from his own mail program."),
            "imported": self.env._("Another system had asked; it was taken over from there."),
            "refused": self.env._("Somebody said no to this message a short while ago."),
            "awaiting_yes": self.env._("The message waits for somebody's yes."),
            "manual": self.env._("The stage is done by hand; an activity says what to do."),
            "night_cap": self.env._("The responsible's messages for tonight are used up."),
            "switched_off": self.env._("The automatic follow-up of the company is switched off."),
            "unknown": self.env._("It is unknown whether the last message left; somebody must look."),
            "paused": self.env._("Paused."),
            "arranged": self.env._("Something is agreed with the customer."),
            "offered": self.env._("It is negotiated with the customer; somebody has not answered yet."),
            "proposed": self.env._("A proposal waits for an accountant's yes; the customer does not know of it yet."),
            "excluded": self.env._("Excluded from follow-up."),
            "blocked": self.env._("Payment is blocked on the invoice."),
            "not_delivered": self.env._("The invoice was never sent to the customer."),
            "delivery_failed": self.env._("The invoice did not reach the customer."),
            "covered": self.env._("Open credits cover it."),
            "heads_up_waits": self.env._("A reminder is due soon, which comes first."),
        }

    def _describe_reason(self, reason):
        """Return one sentence for a stored reason.

        :param dict reason: `code`, and where known `date` (ISO), the first day that changes it
        """
        text = self._next_reason_labels().get(reason.get("code"), "")
        if text and reason.get("date"):
            text = self.env._(
                "%(reason)s Not before %(date)s.",
                reason=text,
                date=format_date(self.env, reason["date"]),
            )
        return text

    @api.model
    def _cures(self):
        """Return what a person can do about each reason that the follow-up's own books know, by code."""
        return {
            "reply_unread": self.env._("Open the case, read the answer and press “Mark answer as read”."),
            "unknown": self.env._("Open the message under Steps of the case and say whether it was sent."),
            "bank_stale": self.env._(
                "Import the bank's transactions, or confirm under Settings, Current Bank Data, up to which day they are current."
            ),
            "no_address": self.env._("Enter an e-mail address on the contact."),
            "bounced": self.env._("Correct the e-mail address on the contact."),
            "paused": self.env._("To ask earlier, end the pause on the case, under Pauses."),
            "arranged": self.env._("To ask earlier, end the arrangement: open it from the case and cancel it."),
            "offered": self.env._("To ask earlier, open the offer from the case and answer or cancel it."),
            "proposed": self.env._("To ask earlier, open the proposal from the case and decide on it or cancel it."),
            "excluded": self.env._("To ask for it, untick “Exclude from Follow-up” on the invoice, under Follow-up."),
            "blocked": self.env._("To ask for it, use “(Un)Block Payment” in the invoice's action menu."),
            "not_delivered": self.env._("Open the invoice and press “Send”, or “Print” if it goes by post."),
            "delivery_failed": self.env._("Correct the customer's e-mail address, then press “Send” on the invoice."),
            "covered": self.env._("Match the credit on the invoice, under Outstanding credits."),
            "pending_payment": self.env._("Wait for the payment, or open it under Payments and cancel it if it never comes."),
            "unmatched_receipt": self.env._(
                "Match the money with the invoice: under Outstanding credits of the invoice, or in the bank's transactions."
            ),
        }

    def _describe_with_cure(self, code, moves=None):
        """Return in a few sentences why nothing may be asked now, of which invoices, and what to do about it.

        :param moves: the invoices held for that reason; `None`: it holds the customer
        """
        self.ensure_one()
        sentence = " ".join(filter(None, [self._describe_hold(code), self._cures().get(code)]))
        if not moves:
            return sentence
        names = moves[:NAMED_INVOICES].mapped("display_name")
        if len(moves) > NAMED_INVOICES:
            names.append(self.env._("%s more", len(moves) - NAMED_INVOICES))
        return self.env._("%(invoices)s: %(why)s", invoices=", ".join(names), why=sentence)

    @api.model
    def _group_expand_stage_id(self, stages, domain):
        policies = stages.policy_id or self.env["collection.policy"].search([], limit=1)
        return policies.stage_ids.sorted("days")

    def write(self, vals):
        if "user_id" in vals and "user_is_chosen" not in vals:
            vals = dict(vals, user_is_chosen=bool(vals["user_id"]))
        return super().write(vals)

    # === WHAT PEOPLE DO === #

    def action_mark_reply_read(self):
        """Somebody has read the customer's answer: the follow-up may go on, the gap still holds."""
        self.check_access("write")
        cases = self.sudo()  # these fields are the machine's; the right was checked just now
        cases.write({"reply_unread_since": False, "reply_escalated": False})
        # What comes next is worked out within minutes; until then the old reason would be wrong.
        cases.filtered(lambda case: (case.next_reason or {}).get("code") == "reply_unread").next_reason = False
        self.activity_feedback(["collections_relationship.mail_activity_type_reply"])
        self.env["collection.dirty"]._mark(self.partner_id.ids)

    def action_export_log(self):
        """Open the export of all there was with the customers of these cases."""
        return self.env["collection.log.export"]._action_open(self.partner_id)

    def action_open_items(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Items of %s", self.display_name),
            "res_model": "collection.item",
            "view_mode": "list,form",
            "domain": [("case_id", "=", self.id), ("is_open", "=", True)],
        }

    def action_open_contacts(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contacts with %s", self.display_name),
            "res_model": "collection.contact",
            "view_mode": "list,form",
            "domain": [("case_id", "=", self.id)],
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A case is never deleted: its log must stay. It closes by itself once everything is settled.")
        )
