"""Why a customer or an invoice is not chased now, and until when."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: After such a pause the first message is a mild one; see `collection_hold_cooling_off.py`.
COOLING_OFF = "cooling_off"
#: A pause counted from today lasts at most so long: it is for a while, and must not be forgotten.
LONGEST_DAYS = 365
HOLD_REASONS = [
    ("customer_request", "The customer asked for time"),
    ("clarification", "Something is being clarified"),
    ("dispute", "The customer contests it"),
    ("promise", "The customer promised to pay"),
    ("relationship", "The relationship calls for patience"),
    ("internal", "Internal reason"),
    (COOLING_OFF, "Cooling-off after a difficult conversation"),
]


class CollectionHold(models.Model):
    _name = "collection.hold"
    _description = "Pause of the Follow-up"
    _inherit = ["mail.thread"]
    _order = "date_end desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        help="The pause covers this customer, or only the invoice named below.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True, string="Commercial Entity"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company.root_id
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index=True,
        ondelete="cascade",
        help="Empty: everything this customer has open is paused.",
    )
    reason = fields.Selection(HOLD_REASONS, required=True, tracking=True)
    note = fields.Text(help="For colleagues; the customer does not see it.")
    date_start = fields.Date(string="From", required=True, default=lambda self: self._company_today())
    date_end = fields.Date(
        string="Until",
        required=True,
        tracking=True,
        help="The last day of the pause. On the next day the follow-up starts again, gently.",
    )
    active = fields.Boolean(default=True, tracking=True)
    user_id = fields.Many2one("res.users", string="Paused By", default=lambda self: self.env.user, readonly=True)

    _ends_after_start = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A pause cannot end before it starts.",
    )

    @api.constrains("date_start", "date_end")
    def _check_length(self):
        now = fields.Datetime.now()
        for hold in self:
            begins = max(hold.date_start, hold.company_id._collection_today(now))
            if (hold.date_end - begins).days > LONGEST_DAYS:
                raise ValidationError(self._words_too_long())

    @api.model
    def _words_too_long(self):
        """Return why a pause cannot be as long as somebody wants it, and what to do instead."""
        return self.env._(
            "A pause lasts at most a year (%(days)s days). Choose an earlier day and look at it again then. "
            "What shall never be asked for is excluded instead: tick “Exclude from Follow-up” on the invoice, under Follow-up.",
            days=LONGEST_DAYS,
        )

    @api.constrains("move_id", "partner_id", "company_id")
    def _check_move_id(self):
        for hold in self:
            if not hold.move_id:
                continue
            # A journal entry names its customers on its lines.
            customers = hold.move_id.commercial_partner_id | hold.move_id.line_ids.partner_id.commercial_partner_id
            if hold.commercial_partner_id not in customers:
                raise ValidationError(
                    self.env._(
                        "%(invoice)s is not an invoice of %(customer)s. Choose an invoice of this customer.",
                        invoice=hold.move_id.display_name,
                        customer=hold.partner_id.display_name,
                    )
                )
            if hold.move_id.company_id.root_id != hold.company_id.root_id:
                raise ValidationError(
                    self.env._("%(invoice)s belongs to another company.", invoice=hold.move_id.display_name)
                )

    @api.model
    def _company_today(self):
        """Return today where the company is: noted by a colleague further east, it must hold today all the same."""
        return self.env.company.root_id._collection_today(fields.Datetime.now())

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        holds._mark_dirty()
        return holds

    def write(self, vals):
        self._mark_dirty()
        result = super().write(vals)
        self._mark_dirty()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_no_cooling_off(self):
        if self.filtered(lambda hold: hold.reason == COOLING_OFF):
            raise UserError(
                self.env._(
                    "A cooling-off is ended, not deleted: it keeps in mind that the next message is a mild one. Use “End now”."
                )
            )

    def unlink(self):
        self._mark_dirty()
        return super().unlink()

    def _mark_dirty(self):
        self.env["collection.dirty"]._mark(self.commercial_partner_id.ids)

    @api.depends("reason", "date_end", "move_id", "partner_id")
    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for hold in self:
            target = hold.move_id or hold.partner_id
            hold.display_name = self.env._(
                "%(target)s: %(reason)s, until %(date)s",
                target=target.display_name,
                reason=reasons.get(hold.reason, ""),
                date=fields.Date.to_string(hold.date_end),
            )

    def action_end(self):
        """End the pause today, and show at once what comes next; what follows is the night's gentle restart."""
        self.check_access("write")
        self.write({"active": False})
        now = fields.Datetime.now()
        # The user's right to end it was checked above; items and cases are written by refresh alone.
        for company, holds in self.grouped("company_id").items():
            self.env["collection.case"].sudo()._refresh_customers(now, company, holds.commercial_partner_id.ids)
