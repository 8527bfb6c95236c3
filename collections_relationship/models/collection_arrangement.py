"""One object from a promise over a plan to a settlement: what a customer and the company agree on.

This file holds what an arrangement is. Which way it goes is in `collection_arrangement_flow.py`.
Each offer and each counter-offer is a record of its own; the newest stands, all are kept.
"""
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..engine import agreement

KINDS = [
    ("promise", "Promise"),
    ("grace", "Grace"),
    ("plan", "Payment Plan"),
    ("settlement", "Settlement"),
]
STATES = [
    ("draft", "Draft"),
    ("to_approve", "To Approve"),
    ("offered", "Offered"),
    ("countered", "Replaced by a Newer Offer"),
    ("accepted", "Accepted"),
    ("active", "Running"),
    ("kept", "Kept"),
    ("broken", "Broken"),
    ("lapsed", "Lapsed"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]
#: What may be written on a draft by those who work with invoices; everything else only the flow writes.
#: Files that add terms of their own extend `_term_names`.
TERMS = frozenset(
    {
        "partner_id",
        "company_id",
        "currency_id",
        "user_id",
        "item_ids",
        "line_ids",
        "grace_kind",
        "waive_as",
        "proposed_by",
        "note",
        "date_until",
        "replan_of_id",
        "replaces_id",
        "is_alternative",
        "contact_id",
    }
)
#: Of those, what only a new one has: who proposed it, and to what it answers, is its history.
FIXED = frozenset({"proposed_by", "replaces_id"})
#: Fields of mixins, which follow their own rules.
FREE = ("message_", "activity_", "user_id", "note")


class CollectionArrangement(models.Model):
    _name = "collection.arrangement"
    _description = "Arrangement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company.root_id,
        help="The company at the top; invoices of its branches may be covered.",
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, ondelete="restrict", default=lambda self: self.env.company.root_id.currency_id
    )
    case_id = fields.Many2one("collection.case", compute="_compute_case_id")
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user, domain=[("share", "=", False)], tracking=True
    )
    kind = fields.Selection(KINDS, compute="_compute_kind", store=True, index=True)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, index=True, tracking=True, copy=False)
    proposed_by = fields.Selection(
        [("company", "Us"), ("customer", "The Customer")], required=True, default="company"
    )
    proposer_id = fields.Many2one(
        "res.users",
        string="Written By",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who wrote it on our side. Never the one who approves it.",
    )
    item_ids = fields.One2many("collection.arrangement.item", "arrangement_id", string="Covers")
    line_ids = fields.One2many("collection.arrangement.line", "arrangement_id", string="Payments")
    grace_kind = fields.Selection(
        [("not_chased", "Not chased until then; the due date stays"), ("new_due_date", "New due date")],
        string="What the Time Given Means",
        required=True,
        default="not_chased",
        help="Not chased: interest and default run on. New due date: both stop.",
    )
    note = fields.Text(string="Internal Note", help="For colleagues; the customer does not see it.")

    amount_covered = fields.Monetary(compute="_compute_amounts", store=True, help="What it is about.")
    amount_waived = fields.Monetary(compute="_compute_amounts", store=True, string="Given Up", tracking=True)
    amount_agreed = fields.Monetary(compute="_compute_amounts", store=True, string="To Pay", help="All payments together.")
    amount_paid = fields.Monetary(compute="_compute_amounts", store=True, string="Paid")
    amount_left = fields.Monetary(compute="_compute_amounts", store=True, string="Still to Pay")
    line_count = fields.Integer(compute="_compute_amounts", store=True, string="Number of Payments", aggregator=None)
    date_first = fields.Date(compute="_compute_amounts", store=True, string="First Payment")
    date_last = fields.Date(compute="_compute_amounts", store=True, string="Last Payment")
    date_next = fields.Date(compute="_compute_amounts", store=True, string="Next Payment")

    date_offered = fields.Datetime(readonly=True, copy=False)
    date_until = fields.Date(string="Stands Until", copy=False, help="The last day on which it can be accepted.")
    replaces_id = fields.Many2one(
        "collection.arrangement", string="Answers To", copy=False, ondelete="restrict", index="btree_not_null"
    )
    negotiation_id = fields.Many2one(
        "collection.arrangement",
        compute="_compute_negotiation_id",
        store=True,
        recursive=True,
        index=True,
        help="The first offer; every counter-offer belongs to it.",
    )
    is_alternative = fields.Boolean(
        string="One of Several", help="Stands beside the others of its negotiation; the customer chooses one.", copy=False
    )
    replan_of_id = fields.Many2one(
        "collection.arrangement", string="Takes the Place Of", copy=False, ondelete="restrict", index="btree_not_null"
    )

    contact_id = fields.Many2one(
        "collection.contact",
        string="Said In",
        copy=False,
        ondelete="restrict",
        help="The answer in which the customer said it.",
    )
    accepted_on = fields.Datetime(readonly=True, copy=False)
    accepted_how = fields.Selection(
        [
            ("portal", "On our page"),
            ("mail", "By mail"),
            ("phone", "On the phone"),
            ("person", "In person"),
            ("company", "By us"),
        ],
        readonly=True,
        copy=False,
    )
    accepted_name = fields.Char(readonly=True, copy=False, help="The name as the customer typed or said it.")
    accepted_by_id = fields.Many2one("res.partner", readonly=True, copy=False, ondelete="restrict")
    started_on = fields.Date(readonly=True, copy=False, help="Payments count from here.")
    ended_on = fields.Datetime(readonly=True, copy=False)
    end_code = fields.Char(readonly=True, copy=False)
    end_note = fields.Char(readonly=True, copy=False, string="Why It Ended")
    event_ids = fields.One2many("collection.arrangement.event", "arrangement_id", readonly=True)

    _running = models.Index("(company_id, partner_id) WHERE state IN ('to_approve', 'offered', 'accepted', 'active')")

    # === WHAT IT IS === #

    @api.depends("name", "kind", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for arrangement in self:
            what = kinds.get(arrangement.kind) or self.env._("Arrangement")
            arrangement.display_name = f"{what} {arrangement.name}" if arrangement.name else what

    @api.depends("partner_id", "company_id")
    def _compute_case_id(self):
        cases = self.env["collection.case"].search(
            [
                ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "open"),
            ]
        )
        by_customer = {(case.partner_id, case.company_id): case for case in cases}
        for arrangement in self:
            arrangement.case_id = by_customer.get(
                (arrangement.partner_id.commercial_partner_id, arrangement.company_id)
            )

    @api.depends("line_ids.date", "line_ids.agreed_date", "item_ids.waived_amount", "grace_kind", "started_on")
    def _compute_kind(self):
        now = fields.Datetime.now()
        for arrangement in self:
            # The days first agreed on: who is given some days more has still given a promise.
            dates = list({line.agreed_date or line.date for line in arrangement.line_ids if line.date})
            if not dates:
                arrangement.kind = False
                continue
            waived = sum(arrangement.item_ids.mapped("waived_amount"))
            company, currency = arrangement.company_id, arrangement.currency_id
            arrangement.kind = agreement.kind_of(
                dates,
                arrangement.started_on or company._collection_today(now),
                waives=not currency.is_zero(waived),
                new_due_date=arrangement.grace_kind == "new_due_date",
            )

    @api.depends(
        "item_ids.amount",
        "item_ids.waived_amount",
        "line_ids.date",
        "line_ids.amount",
        "line_ids.amount_paid",
        "line_ids.amount_left",
    )
    def _compute_amounts(self):
        for arrangement in self:
            lines, items = arrangement.line_ids, arrangement.item_ids
            arrangement.amount_covered = sum(items.mapped("amount"))
            arrangement.amount_waived = sum(items.mapped("waived_amount"))
            arrangement.amount_agreed = sum(lines.mapped("amount"))
            arrangement.amount_paid = sum(lines.mapped("amount_paid"))
            arrangement.amount_left = sum(lines.mapped("amount_left"))
            arrangement.line_count = len(lines)
            dates = sorted(line.date for line in lines if line.date)
            open_dates = sorted(
                line.date for line in lines if line.date and not arrangement.currency_id.is_zero(line.amount_left)
            )
            arrangement.date_first = dates[0] if dates else False
            arrangement.date_last = dates[-1] if dates else False
            arrangement.date_next = open_dates[0] if open_dates else False

    @api.depends("replaces_id.negotiation_id")
    def _compute_negotiation_id(self):
        for arrangement in self:
            arrangement.negotiation_id = arrangement.replaces_id.negotiation_id or arrangement.id

    # === WHO MAY WRITE WHAT === #

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()  # a number only; whoever may create may have one
        for vals in vals_list:
            self._check_terms_only(vals)
            vals["proposer_id"] = vals.get("proposer_id") if self.env.su and "proposer_id" in vals else self.env.uid
            partner = self.env["res.partner"].browse(vals.get("partner_id"))
            vals["partner_id"] = partner.commercial_partner_id.id or False
            company_id = vals.get("company_id") or self.env.context.get("default_company_id") or self.env.company.id
            company = self.env["res.company"].browse(company_id).root_id
            # With its number from the start: whoever hears of it reads which one it is.
            vals |= {"company_id": company.id, "name": sequence.with_company(company).next_by_code("collection.arrangement")}
        return super().create(vals_list)

    def write(self, vals):
        self._check_terms_only(vals)
        terms = {name for name in vals if name in self._term_names() and not name.startswith(FREE)}
        if terms and not self.env.su and self.filtered(lambda arrangement: arrangement.state != "draft"):
            raise UserError(
                self.env._("What was offered stays as it is. Make a new offer instead; it takes the place of this one.")
            )
        if not self.env.su and self and (fixed := FIXED.intersection(vals)):
            labels = ", ".join(self._fields[name]._description_string(self.env) for name in sorted(fixed))
            raise UserError(self.env._("What a proposal is and whose it is stays as written: %s. Make a new one.", labels))
        return super().write(vals)

    @api.model
    def _term_names(self):
        """Return the names of what may be written on a draft by those who work with invoices."""
        return TERMS

    @api.model
    def _check_terms_only(self, vals):
        """Refuse what only the flow writes, by whatever door it comes: button, RPC or import."""
        if self.env.su:
            return
        if forbidden := sorted(name for name in vals if name not in self._term_names() and not name.startswith(FREE)):
            raise AccessError(
                self.env._(
                    "These are written by the arrangement itself and cannot be set: %s. Use its buttons.",
                    ", ".join(forbidden),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if self.filtered(lambda arrangement: arrangement.state != "draft"):
            raise UserError(self.env._("An arrangement that left the draft is kept. Cancel it instead."))

    # === WHETHER IT ADDS UP === #

    @api.constrains("item_ids", "currency_id", "company_id", "partner_id")
    def _check_items(self):
        self.item_ids._check_fits()

    def _check_complete(self):
        """Refuse an arrangement that does not add up; says what to do.

        :raise ValidationError: without invoices or payments, or where payments and what is given up are not what it covers
        """
        for arrangement in self:
            currency = arrangement.currency_id
            if not arrangement.item_ids:
                raise ValidationError(self.env._("Choose what the arrangement covers: at least one open invoice."))
            if not arrangement.line_ids:
                raise ValidationError(self.env._("Say when the customer pays: at least one payment."))
            difference = arrangement.amount_covered - arrangement.amount_waived - arrangement.amount_agreed
            if not currency.is_zero(difference):
                raise ValidationError(
                    self.env._(
                        "The payments come to %(payments)s, but they should come to %(wanted)s: %(covered)s that it covers "
                        "less %(waived)s given up. The difference is %(difference)s.",
                        payments=currency.format(arrangement.amount_agreed),
                        wanted=currency.format(arrangement.amount_covered - arrangement.amount_waived),
                        covered=currency.format(arrangement.amount_covered),
                        waived=currency.format(arrangement.amount_waived),
                        difference=currency.format(abs(difference)),
                    )
                )

    @api.model
    def _values_of(self, journal_items, amounts=None, waived=None):
        """Return the commands that make an arrangement cover these journal items, in whole or in part.

        :param journal_items: open receivable `account.move.line`
        :param dict amounts: journal item id to the part covered, in the item's currency; all that is open if left out
        :param dict waived: journal item id to what is given up of it
        """
        return [
            Command.create(
                {
                    "line_id": line.id,
                    "amount": (amounts or {}).get(line.id, line.amount_residual_currency),
                    "waived_amount": (waived or {}).get(line.id, 0.0),
                }
            )
            for line in journal_items
        ]
