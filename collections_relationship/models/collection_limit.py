"""What may be agreed with customers without asking, per policy and customer group, and who decides beyond it.

A figure counts from the moment a second person has said yes to it; see `collection_limit_change.py`.
"""
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine import judgement, limits

#: What the two-person rule writes itself.
OF_THE_RULE = frozenset({"state", "author_ids", "change_ids", "confirmed_by_id", "confirmed_on"})
#: Amounts in the company's currency, of the limits and of their rows.
AMOUNTS = frozenset(
    {
        "max_amount",
        "smallest_instalment",
        "deposit_from",
        "second_yes_amount",
        "tolerance_amount",
        "tolerance_abroad_amount",
        "up_to_amount",
        "amount",
    }
)
#: Fields of mixins, which follow their own rules.
FREE = ("message_", "activity_", "website_message_")
#: Where no limits are in force at all, everything is asked about.
STRICTEST = limits.Limits(
    longest_days=0,
    max_amount=Decimal(0),
    most_promises=0,
    most_replans=0,
    most_forgiven=0,
    grace_days=0,
    second_yes_amount=Decimal(0),
    second_yes_percent=Decimal(0),
)


def decimal(amount, digits=2):
    """Return an amount or percentage of the database as the engine wants it, without the noise of floats."""
    return Decimal(f"{amount or 0.0:.{digits}f}")


class CollectionLimit(models.Model):
    _name = "collection.limit"
    _description = "Limits of Arrangements"
    _inherit = ["collection.second.person"]
    _order = "state, policy_id, id"

    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        help="That of the company's books. Empty where the limits hold for companies with several.",
    )
    policy_id = fields.Many2one(
        # Deleting a policy or a tag alone would change which limits hold, and by one person.
        "collection.policy", index=True, ondelete="restrict", help="Empty: for the customers of every policy."
    )
    category_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Group",
        ondelete="restrict",
        help="Customers with one of these tags. Empty: all customers.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for every company; amounts are then in each company's own currency."
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("proposed", "Waits for a Second Person"), ("in_force", "In Force")],
        required=True,
        default="proposed",
        readonly=True,
        copy=False,
    )
    author_ids = fields.Many2many(
        "res.users", "collection_limit_author_rel", string="Written By", readonly=True, copy=False
    )
    confirmed_by_id = fields.Many2one("res.users", string="Second Person", readonly=True, copy=False, ondelete="restrict")
    confirmed_on = fields.Datetime(readonly=True, copy=False)
    change_ids = fields.One2many("collection.limit.change", "limit_id", readonly=True)
    waiting_change_id = fields.Many2one("collection.limit.change", compute="_compute_waiting_change_id")
    waiting_text = fields.Text(compute="_compute_waiting_change_id", string="Waits for a Second Person")
    may_confirm = fields.Boolean(compute="_compute_may_confirm")

    # What a person may agree on alone. Each figure is meant as it stands: 0 allows nothing.
    grace_days = fields.Integer(
        string="Longest Grace (Days)", default=limits.PRESET.grace_days, help="From today to the day of the payment."
    )
    longest_days = fields.Integer(
        string="Longest Plan (Days)", default=limits.PRESET.longest_days, help="From today to the last payment."
    )
    max_amount = fields.Float(
        string="Planned Within 12 Months", default=float(limits.PRESET.max_amount), digits="Account",
        help="All plans of a customer within 12 months together, in the company's currency.",
    )
    smallest_instalment = fields.Float(
        digits="Account", help="0: as small as one likes. The payment with the rest may be smaller."
    )
    deposit_from = fields.Float(
        digits="Account", help="From this amount on, the first payment of a plan has to be the deposit beside it."
    )
    deposit_percent = fields.Float(string="Deposit (%)", help="Of what is planned. 0: no deposit is asked for.")
    most_promises = fields.Integer(
        string="Promises in a Row", default=limits.PRESET.most_promises,
        help="Without one of them kept. The promise that is being agreed on counts.",
    )
    most_replans = fields.Integer(
        string="New Plans for an Old One", default=limits.PRESET.most_replans, help="How often a plan may be replaced."
    )
    discount_ids = fields.One2many("collection.limit.discount", "limit_id", string="Discounts Without Asking", copy=True)
    second_yes_amount = fields.Float(
        string="Two People Above", default=float(limits.PRESET.second_yes_amount), digits="Account",
        help="Given up within 12 months, in the company's currency. Beyond it two people have to say yes.",
    )
    second_yes_percent = fields.Float(
        string="Two People Above (%)", default=float(limits.PRESET.second_yes_percent),
        help="Of what an arrangement covers. Beyond it two people have to say yes.",
    )
    approver_ids = fields.One2many(
        "collection.limit.approver", "limit_id", string="Who Decides", copy=True,
        help="Empty: everybody in the group of approvers decides everything.",
    )

    # While it runs.
    offer_days = fields.Integer(string="Offers Stand (Days)", default=limits.PRESET.offer_days)
    tolerance_days = fields.Integer(
        string="Tolerated Bank Days", default=judgement.TOLERANCE.days, help="A payment so many bank days late is in time."
    )
    tolerance_percent = fields.Float(
        string="Tolerated Shortfall (%)", default=float(judgement.TOLERANCE.percent),
        help="What may be missing of a payment. Of percentage and amount the smaller holds; 0 is not looked at.",
    )
    tolerance_amount = fields.Float(
        string="Tolerated Shortfall", default=float(judgement.TOLERANCE.amount), digits="Account",
        help="In the company's currency.",
    )
    tolerance_abroad_percent = fields.Float(
        string="Tolerated Shortfall Across Borders (%)", default=float(judgement.TOLERANCE_ABROAD.percent),
        help="For customers in another country, where banks on the way keep something.",
    )
    tolerance_abroad_amount = fields.Float(
        string="Tolerated Shortfall Across Borders", default=float(judgement.TOLERANCE_ABROAD.amount), digits="Account",
        help="In the company's currency.",
    )
    most_forgiven = fields.Integer(
        string="Missed Payments Forgiven", default=limits.PRESET.most_forgiven, help="Of one plan; then it is broken."
    )
    forgiveness = fields.Selection(
        [("shift", "Moved to the end"), ("spread", "Spread over the others"), ("extra_days", "Gets some more days")],
        string="A Missed Payment Is",
        required=True,
        default="shift",
    )
    forgiveness_days = fields.Integer(string="Days More", default=7)
    overpaid = fields.Selection(
        [("prepay", "Pays the next payments ahead"), ("shorten", "Shortens the plan from its end")],
        string="What Is Paid Too Much",
        required=True,
        default="prepay",
    )

    _figures_not_negative = models.Constraint(
        "CHECK (LEAST(grace_days, longest_days, max_amount, smallest_instalment, deposit_from, most_promises, most_replans, "
        "second_yes_amount, tolerance_days, tolerance_percent, tolerance_amount, tolerance_abroad_percent, "
        "tolerance_abroad_amount, most_forgiven) >= 0 AND offer_days > 0 AND forgiveness_days > 0)",
        "No limit can be negative, and an offer stands for at least one day.",
    )
    _percentages = models.Constraint(
        "CHECK (deposit_percent BETWEEN 0 AND 100 AND second_yes_percent BETWEEN 0 AND 100)",
        "A percentage is from 0 to 100.",
    )

    # === WHAT IT IS === #

    @api.depends("policy_id", "category_ids", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for limit in self:
            groups = ", ".join(limit.category_ids.mapped("name"))
            parts = [groups or self.env._("All customers"), limit.policy_id.name, limit.company_id.name]
            limit.display_name = " · ".join(part for part in parts if part)

    @api.depends("company_id")
    def _compute_currency_id(self):
        companies = self.env["res.company"].sudo()  # currencies only
        everywhere = self.env["res.currency"].union(*(row[0] for row in companies._read_group([], ["currency_id"])))
        for limit in self:
            currencies = limit.company_id.sudo().currency_id or everywhere
            limit.currency_id = currencies if len(currencies) == 1 else False

    @api.depends("change_ids.state", "change_ids.summary")
    def _compute_waiting_change_id(self):
        for limit in self:
            limit.waiting_change_id = limit.change_ids.filtered(lambda change: change.state == "waiting")[:1]
            limit.waiting_text = limit.waiting_change_id.summary

    @api.depends("state", "author_ids", "change_ids.state")
    @api.depends_context("uid")
    def _compute_may_confirm(self):
        for limit in self:
            change = limit.waiting_change_id
            authors = change.user_id if change else limit.author_ids
            limit.may_confirm = (change or limit.state == "proposed") and self.env.user not in authors

    # === WHICH HOLD === #

    @api.model
    def _holding(self, partner, company, policy):
        """Return the limits that hold for a customer: the closest to him, an empty record where none is in force.

        A customer group is closer than a policy, a policy closer than a company.

        :param partner: commercial `res.partner`
        :param company: the company at the top
        :param policy: `collection.policy`, may be empty
        """
        return self._in_force(company)._closest(partner, policy)

    @api.model
    def _in_force(self, company):
        """Return all limits in force in a company, the closest first."""
        found = self.search(Domain("state", "=", "in_force") & Domain("company_id", "in", [False, company.id]))
        return found.sorted(lambda limit: (not limit.category_ids, not limit.policy_id, not limit.company_id, limit.id))

    def _closest(self, partner, policy):
        """Return the first of these limits that fits a customer of a policy."""
        tags = partner.category_id
        groups = {*tags.ids, *(int(part) for tag in tags for part in (tag.parent_path or "").split("/") if part)}
        return next(
            (
                limit
                for limit in self
                if (not limit.policy_id or limit.policy_id == policy)
                and (not limit.category_ids or groups.intersection(limit.category_ids.ids))
            ),
            self.browse(),
        )

    def _to_engine(self):
        """Return what may be agreed on without asking; amounts in the company's currency.

        :rtype: engine.limits.Limits
        """
        if not self:
            return STRICTEST
        self.ensure_one()
        return limits.Limits(
            longest_days=self.longest_days,
            max_amount=decimal(self.max_amount),
            smallest_instalment=decimal(self.smallest_instalment) or None,
            deposit_from=decimal(self.deposit_from) if self.deposit_percent else None,
            deposit_percent=decimal(self.deposit_percent),
            most_promises=self.most_promises,
            most_replans=self.most_replans,
            most_forgiven=self.most_forgiven,
            grace_days=self.grace_days,
            discounts=tuple(discount._to_engine() for discount in self.discount_ids),
            second_yes_amount=decimal(self.second_yes_amount),
            second_yes_percent=decimal(self.second_yes_percent),
            offer_days=self.offer_days,
        )

    def _tolerance(self, is_abroad=False):
        """Return how late and how little still counts as kept; amounts in the company's currency.

        :rtype: engine.judgement.Tolerance
        """
        if not self:
            return judgement.TOLERANCE_ABROAD if is_abroad else judgement.TOLERANCE
        self.ensure_one()
        percent, amount = (
            (self.tolerance_abroad_percent, self.tolerance_abroad_amount)
            if is_abroad
            else (self.tolerance_percent, self.tolerance_amount)
        )
        return judgement.Tolerance(self.tolerance_days, decimal(percent), decimal(amount))

    # === TWO PEOPLE === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_rule_only(vals)
        created = super().create(vals_list)
        if not self.env.su:
            created.sudo().author_ids = self.env.user
            for limit in created:
                limit._ask_second_person(self.env.user, limit.company_id, fields.Date.context_today(self))
        return created

    def write(self, vals):
        """Write what nobody has confirmed yet; of what is in force, a change is put before a second person."""
        if self.env.su or all(name.startswith(FREE) for name in vals):
            return super().write(vals)
        self._check_rule_only(vals)
        self.check_access("write")
        in_force = self.filtered(lambda limit: limit.state == "in_force")
        in_force._propose(vals)
        proposed = self - in_force
        super(CollectionLimit, proposed).write(vals)
        proposed.sudo().author_ids = [fields.Command.link(self.env.uid)]  # who writes does not confirm
        return True

    @api.model
    def _check_rule_only(self, vals):
        if not self.env.su and (forbidden := sorted(OF_THE_RULE.intersection(vals))):
            raise AccessError(
                self.env._("These are written when a second person says yes: %s. Use the buttons.", ", ".join(forbidden))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_proposed_only(self):
        if not self.env.su and self.filtered(lambda limit: limit.state == "in_force"):
            raise UserError(
                self.env._("Limits in force are kept for whoever asks later. Archive them; a second person has to say yes.")
            )

    def _propose(self, vals):
        """Let a change wait for a second person."""
        for limit in self:
            if limit.waiting_change_id:
                raise UserError(
                    self.env._(
                        "A change of “%s” waits for a second person already. Confirm it or take it back first.",
                        limit.display_name,
                    )
                )
            limit._check_can_hold(vals)
        self.env["collection.limit.change"].sudo().create(  # a proposal only; `check_access` came before
            [
                {
                    "limit_id": limit.id,
                    "values": vals,
                    "summary": limit._describe(vals),
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                }
                for limit in self
            ]
        )
        for limit in self:
            limit._ask_second_person(self.env.user, limit.company_id, fields.Date.context_today(self))

    def _check_can_hold(self, vals):
        """Refuse a change no second person could let take effect: writes it as his yes would, and takes it back.

        :raise Exception: what the database or the model says against it
        """
        with self.env.cr.savepoint() as savepoint:
            self.sudo().write(vals)  # `check_access` came before, and nothing of it stays
            self.env.flush_all()
            savepoint.rollback()

    def action_confirm(self):
        """Say the second yes: to the limits as a whole, or to the change that waits."""
        now = fields.Datetime.now()
        for limit in self:
            limit._check_second_person()
            if change := limit.waiting_change_id:
                change._confirm(now)
            elif limit.state == "proposed":
                limit.sudo().write(  # `_check_second_person`
                    {"state": "in_force", "confirmed_by_id": self.env.uid, "confirmed_on": now}
                )
                limit.message_post(body=self.env._("In force: %s is the second person.", self.env.user.name))
            limit._second_person_asked_no_more()

    def action_withdraw(self):
        """Take the change that waits back; any manager may, nothing changes by it."""
        self._check_manager()
        self.sudo().waiting_change_id._withdraw(fields.Datetime.now())  # `_check_manager`
        self._second_person_asked_no_more()

    def _second_person_question(self):
        return self.env._("Limits of arrangements: a second person has to say yes")

    def _check_manager(self):
        """Refuse people who do not own the limits, and companies that are not theirs."""
        self.check_access("write")
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(self.env._("Limits belong to accounting managers."))

    def _check_second_person(self):
        """Refuse whoever wrote the change or the limits that wait.

        :raise UserError: says who has to say yes instead
        """
        self.ensure_one()
        self._check_manager()
        change = self.waiting_change_id
        authors = change.user_id if change else self.sudo().author_ids
        if self.env.user in authors:
            raise UserError(
                self.env._("You wrote it yourself. Another accounting manager has to say yes: “%s”.", self.display_name)
            )

    def _describe(self, vals):
        """Return a change in words: a line for each figure, before and after."""
        lines = []
        for name, value in vals.items():
            field = self._fields[name]
            label = field._description_string(self.env)
            if field.type == "one2many":
                lines += [f"{label}: {text}" for text in self[name]._describe_commands(value)]
            else:
                after = self.new({name: value}, origin=self)
                lines.append(f"{label}: {self._words(self, name)} → {self._words(after, name)}")
        return "\n".join(lines)

    @api.model
    def _words(self, record, name):
        """Return the value of a field as people read it."""
        field, value = record._fields[name], record[name]
        if field.relational:
            return ", ".join(value.mapped("display_name")) or "–"
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value) or "–"
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "float" and name in AMOUNTS and record.currency_id:
            return record.currency_id.format(value)
        if field.type == "float":
            return self.env["ir.qweb.field.float"].value_to_html(value, {"precision": 2})
        return str(value)
