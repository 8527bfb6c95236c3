"""What would be deleted of the texts of contacts, and for one customer: delete it now."""
from odoo import api, fields, models
from odoo.exceptions import AccessError


class CollectionForget(models.TransientModel):
    _name = "collection.forget"
    _description = "Delete Texts of Contacts"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, help="Empty: what the scheduled action would delete."
    )
    months = fields.Integer(readonly=True)
    free_count = fields.Integer(string="Can Be Deleted", readonly=True)
    kept_text = fields.Text(string="Kept, and Why", readonly=True)

    @api.model
    def _action_preview(self, company):
        """Open what the scheduled action would delete in a root company now."""
        return self._open(company, self.env["res.partner"], self.env._("What Would Be Deleted Tonight"))

    @api.model
    def _action_open(self, partner):
        """Open 'Delete texts' for a customer in the current company."""
        return self._open(
            self.env.company.root_id, partner.commercial_partner_id, self.env._("Delete the Texts of a Customer")
        )

    def _open(self, company, customer, name):
        self._check_manager()
        terms, free, kept = self._judge(company, customer)
        lines = self.env["collection.deletion"]._describe_until(terms, kept)
        wizard = self.create(
            {
                "company_id": company.id,
                "partner_id": customer.id,
                "months": company.collection_text_months,
                "free_count": len(free),
                "kept_text": "\n".join(lines),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _judge(self, company, customer):
        deletion = self.env["collection.deletion"].sudo()  # of the user's own company; managers only
        terms = deletion._terms(company.sudo(), fields.Datetime.now(), forget=bool(customer))
        if not customer and not company.sudo().collection_text_months:
            return terms, [], {}
        free, kept = deletion._judge(terms, customers=customer.ids if customer else None)
        return terms, free, kept

    def _check_manager(self):
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(self.env._("Only managers of invoicing may delete texts."))

    def action_show(self):
        """Open the contacts whose texts would go."""
        self.ensure_one()
        self._check_manager()
        self.company_id.check_access("read")
        _terms, free, _kept = self._judge(self.company_id, self.partner_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Texts That Would Be Deleted"),
            "res_model": "collection.contact",
            "view_mode": "list,form",
            "domain": [("id", "in", free)],
        }

    def action_delete(self):
        """Delete now what may be deleted of this customer."""
        self.ensure_one()
        run = self.env["collection.deletion"]._forget(self.partner_id, self.company_id, fields.Datetime.now())
        message = self.env._("Texts deleted: %s. That there was contact stays in the log.", run.deleted_count)
        return self.env["collection.step"]._notify(message)
