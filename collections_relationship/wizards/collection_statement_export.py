"""'Statement of account': hands it out as PDF or XLSX, or sends it by e-mail, for one customer or many."""
import base64

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ..models.collection_step import PENDING_STATES

AUDIENCES = [("customer", "The customer"), ("colleague", "Colleagues only")]
#: So many customers are named when their statements cannot be sent.
NAMED = 5


class CollectionStatementExport(models.TransientModel):
    _name = "collection.statement.export"
    _description = "Statement of Account: Print or Send"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    with_history = fields.Boolean(help="Also show what was booked since a day, with opening and closing balance.")
    date_start = fields.Date(
        string="Since", compute="_compute_date_start", store=True, readonly=False, help="First day of the history."
    )
    audience = fields.Selection(
        AUDIENCES,
        string="For",
        required=True,
        default="customer",
        help="For colleagues it says in full why an item is not asked for, and how long the law lets us ask.",
    )
    count = fields.Integer(compute="_compute_count")
    waiting_text = fields.Char(compute="_compute_waiting_text")
    content = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.depends("with_history")
    def _compute_date_start(self):
        for wizard in self:
            wizard.date_start = wizard.date_start or fields.Date.subtract(wizard._today(), months=3).replace(day=1)

    @api.depends("partner_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.partner_ids)

    @api.depends("partner_ids", "company_id")
    @api.depends_context("lang")
    def _compute_waiting_text(self):
        for wizard in self:
            steps = wizard._waiting().step_id
            names = steps.partner_id.sorted(lambda partner: (partner.name or "").casefold()).mapped("name")
            if not steps:
                wizard.waiting_text = False
            elif len(wizard.partner_ids) == 1:
                day = wizard.company_id._collection_today(max(steps.mapped("date_planned")))
                wizard.waiting_text = self.env._(
                    "A statement already waits to leave on %s. A new one takes its place.", format_date(self.env, day)
                )
            else:
                wizard.waiting_text = self.env._(
                    "A statement already waits to leave for %s. A new one takes its place.", self._named(names)
                )

    @api.constrains("with_history", "date_start")
    def _check_date_start(self):
        for wizard in self:
            if wizard.with_history and (not wizard.date_start or wizard.date_start > wizard._today()):
                raise ValidationError(self.env._("The history must begin on a day that has come."))

    @api.model
    def _action_open(self, partners, company=None):
        """Return the action that opens this for customers.

        :param partners: commercial partners
        :param company: root company; the user's own where it is not given
        """
        if not partners:
            raise UserError(self.env._("Choose the customers whose statement you want first."))
        company = company or self.env.company.root_id
        self.env["collection.statement"]._check_may_make(partners, company)
        wizard = self.create({"partner_ids": [Command.set(partners.ids)], "company_id": company.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement of Account"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _today(self):
        return (self.company_id or self.env.company.root_id)._collection_today(fields.Datetime.now())

    def _customers(self):
        """Return the customers in the order of their names, once it is clear that the user may see their accounts."""
        self.ensure_one()
        partners = self.partner_ids.commercial_partner_id
        self.env["collection.statement"]._check_may_make(partners, self.company_id)
        return partners.sorted(lambda partner: (partner.name or "").casefold())

    def _waiting(self):
        """Return the statements for these customers that have not left yet."""
        # Whether one waits, of customers the user has chosen in a company he works in.
        return self.env["collection.statement"].sudo().search(
            [
                ("partner_id", "in", self.partner_ids.commercial_partner_id._origin.ids),
                ("company_id", "=", self.company_id.id),
                ("company_id", "in", self.env.user.company_ids.root_id.ids),
                ("step_id.state", "in", PENDING_STATES),
            ]
        )

    def _figures(self):
        """Return the figures of each customer, in order."""
        partners = self._customers()
        start = self.date_start if self.with_history else None
        figures = self.env["collection.statement"].sudo()._read_figures(self.company_id, partners, self._today(), start)
        return [figures[partner.id] for partner in partners]

    def action_pdf(self):
        """Hand out the statements as one PDF."""
        figures = self._figures()
        Statement = self.env["collection.statement"].sudo()  # `_figures` has checked the right
        internal = self.audience == "colleague"
        links = {} if internal else Statement._links(self.company_id, self._customers(), fields.Datetime.now())
        return self._download(Statement._pdf(figures, links, internal), "pdf")

    def action_xlsx(self):
        """Hand out the statements as one workbook."""
        figures = self._figures()
        Statement = self.env["collection.statement"].sudo()  # `_figures` has checked the right
        return self._download(Statement._xlsx(figures, self.audience == "colleague"), "xlsx")

    def _download(self, content, ending):
        name = self.env["collection.statement"]._file_name(self.partner_ids.commercial_partner_id, self._today())
        self.write({"content": base64.b64encode(content), "filename": f"{name}.{ending}"})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content?download=true&filename_field=filename",
            "target": "download",
        }

    def action_send(self):
        """Plan an e-mail with the statement to each customer; it leaves at the customer's next right moment."""
        partners = self._customers()
        now = fields.Datetime.now()
        Statement = self.env["collection.statement"].sudo()  # `_customers` has checked the right
        before = self._waiting()
        statements = Statement.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company_id.id,
                    "date": self._today(),
                    "date_start": self.date_start if self.with_history else False,
                }
                for partner in partners
            ]
        )
        refused = statements._plan_steps(now, by_hand=True)
        # The newer one says it all; two of one day would only puzzle.
        before.filtered(lambda statement: statement.partner_id not in refused).step_id._cancel("replaced")
        if refused and len(refused) == len(partners):
            raise UserError(self._refused_words(refused))
        statements.filtered(lambda statement: statement.partner_id in refused).unlink()
        self.env.ref("collections_relationship.ir_cron_act").sudo()._trigger()  # waking it is all that happens
        later = statements.exists().step_id.filtered(lambda step: step.date_planned > now)
        words = [self._sent_words(statements.exists().step_id, later)]
        if refused:
            words.append(self._refused_words(refused))
        return self.env["collection.step"]._notify(" ".join(words))

    def _sent_words(self, steps, later):
        if len(steps) == 1 and later:
            return self.env._(
                "The statement leaves on %s, when it is a good time where the customer is.",
                format_date(self.env, self.company_id._collection_today(later.date_planned)),
            )
        if len(steps) == 1:
            return self.env._("The statement leaves within minutes.")
        if later:
            return self.env._(
                "%(count)s statements leave: %(later)s of them later, when it is a good time where the customer is.",
                count=len(steps),
                later=len(later),
            )
        return self.env._("%s statements leave within minutes.", len(steps))

    def _refused_words(self, refused):
        """Return for whom no statement can be sent, and why."""
        labels = {
            **self.env["collection.case"]._next_reason_labels(),
            "no_template": self.env._("The library has no message for statements."),
        }
        by_code = {}
        for partner, code in refused.items():
            by_code.setdefault(code, []).append(partner.display_name)
        sentences = []
        for code, names in by_code.items():
            sentences.append(
                self.env._("Not sent to %(names)s: %(why)s", names=self._named(names), why=labels.get(code, code))
            )
        return " ".join(sentences)

    @api.model
    def _named(self, names):
        """Return the first of these names, and how many more there are."""
        named = ", ".join(names[:NAMED])
        if len(names) <= NAMED:
            return named
        return self.env._("%(names)s and %(count)s more", names=named, count=len(names) - NAMED)
