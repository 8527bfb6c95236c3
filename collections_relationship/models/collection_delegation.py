"""Who decides in an approver's place while he is away. Holds between its days, once a second person has said yes."""
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date


class CollectionDelegation(models.Model):
    _name = "collection.delegation"
    _description = "Delegation of Approvals"
    _inherit = ["collection.second.person"]
    _order = "date_start desc, id desc"
    _rec_name = "delegate_id"

    user_id = fields.Many2one(
        "res.users",
        string="Approver",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    delegate_id = fields.Many2one(
        "res.users",
        string="Stands In",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company.root_id
    )
    date_start = fields.Date(string="From", required=True, tracking=True)
    date_end = fields.Date(string="Until", required=True, tracking=True, help="The last day.")
    note = fields.Char(string="Why")
    state = fields.Selection(
        [("proposed", "Waits for a Second Person"), ("in_force", "In Force"), ("ended", "Ended Early")],
        required=True,
        default="proposed",
        readonly=True,
        copy=False,
        tracking=True,
    )
    author_ids = fields.Many2many(
        "res.users", "collection_delegation_author_rel", string="Written By", readonly=True, copy=False
    )
    confirmed_by_id = fields.Many2one("res.users", string="Second Person", readonly=True, copy=False, ondelete="restrict")
    may_confirm = fields.Boolean(compute="_compute_may_confirm")

    _days_in_order = models.Constraint(
        "CHECK (date_end >= date_start)", "The last day of a delegation cannot be before the first."
    )
    _two_people = models.Constraint("CHECK (user_id <> delegate_id)", "Nobody stands in for himself.")

    @api.depends("state", "author_ids", "delegate_id")
    @api.depends_context("uid")
    def _compute_may_confirm(self):
        is_manager = self.env.user.has_group("account.group_account_manager")
        for delegation in self:
            delegation.may_confirm = (
                is_manager
                and delegation.state == "proposed"
                and self.env.user not in delegation.author_ids | delegation.delegate_id
            )

    @api.constrains("delegate_id")
    def _check_delegate(self):
        for delegation in self:
            if not delegation.delegate_id.has_group("account.group_account_invoice"):
                raise ValidationError(
                    self.env._(
                        "%s does not work with invoices and would not see what to decide. Choose somebody else.",
                        delegation.delegate_id.name,
                    )
                )

    # === TWO PEOPLE === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_rule_only(vals)
        created = super().create(vals_list)
        created._check_own_or_manager()
        if not self.env.su:
            created.sudo().author_ids = self.env.user
            for delegation in created:
                delegation._ask_second_person(
                    self.env.user | delegation.delegate_id, delegation.company_id, fields.Date.context_today(self)
                )
        return created

    def write(self, vals):
        if self.env.su or all(name.startswith(("message_", "activity_")) for name in vals):
            return super().write(vals)
        self._check_rule_only(vals)
        if self.filtered(lambda delegation: delegation.state != "proposed"):
            raise UserError(
                self.env._("A confirmed delegation stays as it is. End it and write a new one; a second person confirms it.")
            )
        self._check_own_or_manager()
        done = super().write(vals)
        self._check_own_or_manager()
        self.sudo().author_ids = [fields.Command.link(self.env.uid)]  # who writes does not confirm
        return done

    @api.model
    def _check_rule_only(self, vals):
        if not self.env.su and (forbidden := sorted({"state", "author_ids", "confirmed_by_id"}.intersection(vals))):
            raise AccessError(
                self.env._("These are written when a second person says yes: %s. Use the buttons.", ", ".join(forbidden))
            )

    def _check_own_or_manager(self):
        """Refuse to give away what is another's to decide."""
        if self.env.su or self.env.user.has_group("account.group_account_manager"):
            return
        if any(delegation.user_id != self.env.user for delegation in self):
            raise AccessError(self.env._("You may name somebody in your own place only; managers name them for others."))

    @api.ondelete(at_uninstall=False)
    def _unlink_proposed_only(self):
        self._check_own_or_manager()
        if not self.env.su and self.filtered(lambda delegation: delegation.state != "proposed"):
            raise UserError(self.env._("A confirmed delegation is kept for whoever asks later. End it instead."))

    def action_confirm(self):
        """Say the second yes: from now on it holds between its days."""
        for delegation in self:
            delegation.check_access("read")
            if not self.env.user.has_group("account.group_account_manager"):
                raise AccessError(self.env._("Delegations are confirmed by accounting managers."))
            if delegation.state != "proposed":
                raise UserError(self.env._("This delegation does not wait for a second person."))
            if self.env.user in delegation.sudo().author_ids:
                raise UserError(self.env._("You wrote it yourself. Another accounting manager has to confirm it."))
            if self.env.user == delegation.delegate_id:
                raise UserError(self.env._("It would give rights to yourself. Another accounting manager has to confirm it."))
            delegation.sudo().write({"state": "in_force", "confirmed_by_id": self.env.uid})  # checked above
            delegation._second_person_asked_no_more()

    def _second_person_question(self):
        return self.env._(
            "Stands in for %(approver)s from %(start)s to %(end)s: a second person has to say yes",
            approver=self.user_id.name,
            start=format_date(self.env, self.date_start),
            end=format_date(self.env, self.date_end),
        )

    def action_end(self):
        """End it before its last day; one person is enough, for it gives nobody more rights."""
        self.check_access("read")
        if any(self.env.user not in delegation.user_id | delegation.delegate_id for delegation in self):
            self._check_own_or_manager()
        self.filtered(lambda delegation: delegation.state != "ended").sudo().state = "ended"  # checked above

    @api.model
    def _stood_in_for_by(self, company, today):
        """Return who stands in for whom on a day, as ``{delegate: approvers}``; read past the rights of whoever asks.

        :param company: the company at the top
        :param date today: where the company is
        """
        rows = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "in_force"),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
            ]
        )
        return {delegate: delegations.user_id for delegate, delegations in rows.grouped("delegate_id").items()}
