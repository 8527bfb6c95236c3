"""The setup checklist of a company: what is ready, what is still to do, and a button for each.

It looks and says; it changes only what the manager confirms here. Whoever reaches it may not have
the right to change the company, so the few decisions it writes are checked against the manager's
group first.
"""

from odoo import Command, api, fields, models
from odoo.tools import config, email_normalize
from odoo.tools.misc import format_date, formatLang

from ..engine.calendar import bank_days_between

STATUSES = [("ok", "Ready"), ("look", "Worth a Look"), ("todo", "To Do")]
#: What Odoo assumes while its configuration file names no mail server.
NO_SERVER = ("localhost", 25)
#: Decisions shown on the checklist and written to the company.
DECISIONS = {
    "policy_id": "collection_policy_id",
    "user_id": "collection_user_id",
    "active_follow_up": "collection_active",
    "require_delivery": "collection_require_delivery",
    "night_cap": "collection_night_cap",
    "night_cap_until": "collection_night_cap_until",
}


class CollectionChecklist(models.TransientModel):
    _name = "collection.checklist"
    _description = "Setup Checklist"
    _inherit = ["collection.setup"]

    policy_id = fields.Many2one(
        "collection.policy",
        string="Follow-up Policy",
        domain="[('company_id', 'in', [False, company_id])]",
        compute="_compute_decisions",
        store=True,
        readonly=False,
        help="Applies to customers no other policy fits.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible for the Rest",
        domain=[("share", "=", False)],
        compute="_compute_decisions",
        store=True,
        readonly=False,
        help="Looks after customers no rule and no salesperson covers.",
    )
    active_follow_up = fields.Boolean(
        string="Follow Up Automatically",
        compute="_compute_decisions",
        store=True,
        readonly=False,
        help="Off: stages are shown, but the nightly run plans nothing.",
    )
    require_delivery = fields.Boolean(
        string="Only Delivered Invoices",
        compute="_compute_decisions",
        store=True,
        readonly=False,
        help="Never ask for an invoice that was not sent from here, or whose mail bounced.",
    )
    night_cap = fields.Integer(
        string="First Nights: Messages per Responsible",
        compute="_compute_decisions",
        store=True,
        readonly=False,
        help="While the follow-up is new, at most this many messages a night. 0: no limit.",
    )
    night_cap_until = fields.Date(string="First Nights Until", compute="_compute_decisions", store=True, readonly=False)
    line_ids = fields.One2many("collection.checklist.line", "checklist_id", string="Checklist")
    todo_count = fields.Integer(compute="_compute_todo_count")

    @api.depends("company_id")
    def _compute_decisions(self):
        for checklist in self:
            for fname, company_fname in DECISIONS.items():
                checklist[fname] = checklist.company_id[company_fname]

    @api.depends("line_ids.status")
    def _compute_todo_count(self):
        for checklist in self:
            checklist.todo_count = len(checklist.line_ids.filtered(lambda line: line.status == "todo"))

    @api.depends_context("lang")
    def _compute_display_name(self):
        for checklist in self:
            checklist.display_name = self.env._("Setup Checklist")

    @api.model_create_multi
    def create(self, vals_list):
        checklists = super().create(vals_list)
        for checklist in checklists:
            checklist._check_again()
        return checklists

    @api.model
    def action_open(self):
        """Open the checklist of the current company."""
        return self.create({})._action_show()

    def action_save(self):
        """Write the decisions to the company and look again."""
        self.ensure_one()
        self._check_manager()
        company_sudo = self.company_id.sudo()  # managers may decide this much of it
        company_sudo.write({company_fname: self[fname] for fname, company_fname in DECISIONS.items()})
        return self.action_check_again()

    def action_check_again(self):
        """Look at everything again."""
        self.ensure_one()
        self._check_again()
        return self._action_show()

    def _action_show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Setup Checklist"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "main",
        }

    def _check_again(self):
        self._check_manager()
        today = self.company_id._collection_today(fields.Datetime.now())
        self.line_ids = [Command.clear()] + [
            Command.create(dict(check(today), sequence=sequence))
            for sequence, check in enumerate(
                (
                    self._check_policy,
                    self._check_sender,
                    self._check_outgoing,
                    self._check_incoming,
                    self._check_bank,
                    self._check_opening,
                    self._check_first_nights,
                    self._check_responsible,
                    self._check_rules,
                    self._check_retention,
                    self._check_payment,
                    self._check_import,
                )
            )
        ]

    # === THE CHECKS === #

    def _line(self, code, name, status, text, can_do=True, can_confirm=False):
        return {
            "code": code,
            "name": name,
            "status": status,
            "text": text,
            "can_do": can_do,
            "can_confirm": can_confirm,
        }

    def _is_administrator(self):
        return self.env.user.has_group("base.group_system")

    def _check_policy(self, today):
        policy = self.company_id._collection_default_policy()
        if policy:
            text = self.env._(
                "“%(policy)s” with %(count)s stages applies where no other policy fits.",
                policy=policy.name,
                count=len(policy.stage_ids),
            )
        else:
            text = self.env._(
                "No policy is for everybody. Choose one above, then save: until then nothing is followed up."
            )
        return self._line("policy", self.env._("Policy"), "ok" if policy else "todo", text)

    def _check_sender(self, today):
        address = email_normalize(self.company_id.email or "")
        if address:
            text = self.env._(
                "Messages come from people of %(company)s, %(address)s.", company=self.company_id.name, address=address
            )
        else:
            text = self.env._("The company has no valid e-mail address. Enter one: customers see it as the sender.")
        return self._line("sender", self.env._("Sender"), "ok" if address else "todo", text)

    def _check_outgoing(self, today):
        # Mail servers are for administrators; a manager only learns whether there is one.
        if self.env["ir.mail_server"].sudo().search_count([]):
            text = self.env._("An outgoing mail server is set up.")
        elif config["smtp_server"] and (config["smtp_server"], config["smtp_port"]) != NO_SERVER:
            text = self.env._("Mail leaves through the server that Odoo's configuration file names.")
        else:
            return self._line(
                "outgoing",
                self.env._("Outgoing Mail"),
                "todo",
                self.env._("No outgoing mail server is set up. Ask your administrator, or add one."),
                can_do=self._is_administrator(),
            )
        return self._line("outgoing", self.env._("Outgoing Mail"), "ok", text, can_do=self._is_administrator())

    def _check_incoming(self, today):
        domain = self.company_id.sudo().alias_domain_id  # whether there is one
        if domain:
            return self._line(
                "incoming",
                self.env._("Answers"),
                "ok",
                self.env._("Answers come back to the case through %s.", domain.catchall_email or domain.name),
            )
        return self._line(
            "incoming",
            self.env._("Answers"),
            "todo",
            self.env._(
                "The company has no mail domain, so answers go to the sender's own mailbox and the follow-up "
                "cannot stop by itself. Ask your administrator to set one up."
            ),
            can_do=self._is_administrator(),
        )

    def _check_bank(self, today):
        company = self.company_id
        name = self.env._("Bank Data")
        newest = company._collection_bank_newest()
        if newest:
            text = self.env._("Bank data are current up to %(day)s.", day=format_date(self.env, newest))
            if not company._collection_bank_is_stale(today):
                return self._line("bank", name, "ok", text)
            return self._line(
                "bank",
                name,
                "todo",
                self.env._(
                    "%(text)s That is too long ago: nobody is asked for money until the bank's newest data are in. "
                    "Import them, or confirm that nothing came in.",
                    text=text,
                ),
                can_confirm=True,
            )
        confirmed = company.collection_bank_checked_on
        if not confirmed:
            text = self.env._(
                "Bank transactions are not imported here. How are payments booked, and how soon? Confirm once they "
                "are all in, so that nobody who has paid is asked."
            )
            return self._line("bank", name, "todo", text, can_confirm=True)
        text = self.env._(
            "Bank transactions are not imported here. Payments were confirmed as booked up to %(day)s.",
            day=format_date(self.env, confirmed),
        )
        is_old = bank_days_between(confirmed, today) > company.collection_bank_days
        return self._line("bank", name, "look" if is_old else "ok", text, can_confirm=True)

    def _opening_domain(self):
        return [
            ("company_id", "child_of", self.company_id.id),
            ("parent_state", "=", "posted"),
            ("account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
            ("journal_id.type", "=", "general"),
            ("partner_id", "!=", False),
            ("balance", ">", 0),
        ]

    def _check_opening(self, today):
        rows = self.env["account.move.line"]._read_group(
            self._opening_domain(), ["no_followup"], ["__count", "amount_residual:sum"]
        )
        name = self.env._("Opening Balances")
        if not rows:
            return self._line(
                "opening", name, "ok", self.env._("No open customer balances were entered as journal entries.")
            )
        by_exclusion = {excluded: (count, amount) for excluded, count, amount in rows}
        texts = []
        for excluded, sentence in (
            (True, self.env._("Left out of the follow-up: %(amount)s (lines of journal entries: %(count)s).")),
            (False, self.env._("Followed up: %(amount)s (lines of journal entries: %(count)s).")),
        ):
            if excluded in by_exclusion:
                count, amount = by_exclusion[excluded]
                texts.append(
                    sentence
                    % {"count": count, "amount": formatLang(self.env, amount, currency_obj=self.company_id.currency_id)}
                )
        if True in by_exclusion:
            texts.append(self.env._("They are often old balances: decide line by line whom to ask for them."))
        return self._line("opening", name, "look" if True in by_exclusion else "ok", " ".join(texts))

    def _check_first_nights(self, today):
        company = self.company_id
        name = self.env._("First Nights")
        if (
            company.collection_night_cap
            and company.collection_night_cap_until
            and company.collection_night_cap_until >= today
        ):
            return self._line(
                "first_nights",
                name,
                "ok",
                self.env._(
                    "Until %(day)s at most %(count)s messages a night leave for each responsible.",
                    day=format_date(self.env, company.collection_night_cap_until),
                    count=company.collection_night_cap,
                ),
            )
        if self.env["collection.contact"].search_count(
            [("company_id", "=", company.id), ("kind", "=", "sent")], limit=1
        ):
            return self._line(
                "first_nights", name, "ok", self.env._("The follow-up has been running; no limit a night is set.")
            )
        return self._line(
            "first_nights",
            name,
            "look",
            self.env._(
                "Everything that is late becomes due in the first night. Set above how many messages may leave, "
                "and until when."
            ),
        )

    def _check_retention(self, today):
        company = self.company_id
        name = self.env._("Texts of Contacts")
        if company.collection_text_months:
            text = self.env._(
                "Deleted after %(months)s months; business letters kept for %(years)s years.",
                months=company.collection_text_months,
                years=company.collection_letter_years,
            )
            return self._line("retention", name, "ok", text, can_do=self._is_administrator())
        return self._line(
            "retention",
            name,
            "look",
            self.env._(
                "Texts are kept for ever. 36 months are a common period; the settings keep business letters "
                "longer where the law says so. %s",
                company._collection_describe_keeping(),
            ),
            can_do=self._is_administrator(),
        )

    def _check_responsible(self, today):
        rules = self.env["collection.responsible"].search_count([("company_id", "=", self.company_id.id)])
        nobody = self.env["collection.case"].search_count(
            [("company_id", "=", self.company_id.id), ("state", "=", "open"), ("user_id", "=", False)]
        )
        name = self.env._("Responsibles")
        if nobody:
            text = self.env._(
                "Open cases nobody looks after: %(count)s. Say by country, language or size who does.", count=nobody
            )
        elif rules:
            text = self.env._("Rules say who looks after whom (%(count)s).", count=rules)
        else:
            text = self.env._("Customers are looked after by their salesperson, the rest by whom you name above.")
        return self._line("responsible", name, "todo" if nobody else "ok", text)

    def _check_rules(self, today):
        unconfirmed = self.env["res.partner"].search_count(
            [
                ("collection_case_ids", "any", [("state", "=", "open"), ("company_id", "=", self.company_id.id)]),
                ("collection_packs_confirmed_on", "=", False),
            ]
        )
        due = self.env["collection.rule.pack"].search_count([("is_due_for_review", "=", True)])
        name = self.env._("Rules That Protect Customers")
        if due:
            text = self.env._("Rule packs whose review date has passed: %(count)s. Read the law again.", count=due)
        elif unconfirmed:
            text = self.env._(
                "Customers with an open case whose rules nobody has confirmed: %(count)s. Until then the rules that fit "
                "their country and kind hold.",
                count=unconfirmed,
            )
        else:
            text = self.env._("Somebody has confirmed the rules of each customer with an open case.")
        return self._line("rules", name, "todo" if due else "look" if unconfirmed else "ok", text)

    def _check_payment(self, today):
        # Providers are for administrators; a manager only learns which are on.
        providers = (
            self.env["payment.provider"]
            .sudo()
            .search([("company_id", "parent_of", self.company_id.id), ("state", "!=", "disabled")])
        )
        name = self.env._("Online Payment")
        if providers:
            status = "ok"
            text = self.env._("Customers can pay through %s.", ", ".join(providers.mapped("name")))
        else:
            status = "look"
            text = self.env._(
                "No payment provider is on. The message's page then shows the bank account only. "
                "An administrator can switch one on."
            )
        return self._line("payment", name, status, text, can_do=self._is_administrator())

    def _check_import(self, today):
        imported = self.env["collection.contact"].search_count(
            [("company_id", "=", self.company_id.id), ("kind", "=", "imported")]
        )
        name = self.env._("Another System")
        if imported:
            text = self.env._("Contacts of another system are known (%(count)s).", count=imported)
        else:
            text = self.env._(
                "Did another system remind your customers until now? Import where it stood, so that nobody "
                "starts over or hears twice."
            )
        return self._line("import", name, "ok" if imported else "look", text)


class CollectionChecklistLine(models.TransientModel):
    _name = "collection.checklist.line"
    _description = "Line of the Setup Checklist"
    _order = "sequence, id"

    checklist_id = fields.Many2one("collection.checklist", required=True, ondelete="cascade")
    sequence = fields.Integer()
    code = fields.Char(required=True)
    name = fields.Char(string="What", required=True)
    status = fields.Selection(STATUSES, required=True)
    text = fields.Char(string="How It Stands")
    can_do = fields.Boolean(help="There is something to open, and the user may.")
    can_confirm = fields.Boolean(help="The user may confirm that all payments are booked.")

    def action_confirm(self):
        """Note that all payments up to today are booked."""
        self.ensure_one()
        self.checklist_id._check_manager()
        company = self.checklist_id.company_id
        company.sudo().collection_bank_checked_on = company._collection_today(fields.Datetime.now())
        return self.checklist_id.action_check_again()

    def action_do(self):
        """Open what the line is about."""
        self.ensure_one()
        self.checklist_id._check_manager()
        company = self.checklist_id.company_id
        if self.code == "sender":
            return company._get_records_action()
        if self.code == "opening":
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Opening Balances"),
                "res_model": "account.move.line",
                "views": [(self.env.ref("collections_relationship.view_account_move_line_opening_list").id, "list")],
                "domain": self.checklist_id._opening_domain(),
                "context": {"create": False},
            }
        if self.code == "incoming" and company.sudo().alias_domain_id:
            action = self.env["ir.actions.actions"]._for_xml_id("collections_relationship.action_collection_contact")
            return {**action, "context": {"search_default_answered": 1}}
        if self.code == "rules" and self.status == "look":
            action = self.env["ir.actions.actions"]._for_xml_id("account.res_partner_action_customer")
            return {**action, "context": {"search_default_collection_unconfirmed": 1}}
        xmlid = {
            "rules": "collections_relationship.action_collection_rule_pack",
            "policy": "collections_relationship.action_collection_policy",
            "outgoing": "base.action_ir_mail_server_list",
            "incoming": "mail.mail_alias_domain_action",
            "bank": "account.open_account_journal_dashboard_kanban",
            "first_nights": "collections_relationship.action_collection_run",
            "responsible": "collections_relationship.action_collection_responsible",
            "payment": "payment.action_payment_provider",
            "import": "collections_relationship.action_collection_import",
            "retention": "account.action_account_config",
        }[self.code]
        return self.env["ir.actions.actions"]._for_xml_id(xmlid)
