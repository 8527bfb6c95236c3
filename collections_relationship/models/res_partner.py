"""What is known about a customer's follow-up."""
from odoo import api, fields, models

#: Who sees the follow-up on a customer; a customer reads his own record too, but never these fields.
FOLLOW_UP_GROUPS = "account.group_account_invoice"


class ResPartner(models.Model):
    _inherit = "res.partner"

    collection_policy_id = fields.Many2one(
        "collection.policy",
        string="Follow-up Policy",
        company_dependent=True,
        groups=FOLLOW_UP_GROUPS,
        help="Empty: the first policy that fits the customer applies.",
    )
    collection_bundle_agreed = fields.Boolean(
        string="Shared Address Agreed",
        groups=FOLLOW_UP_GROUPS,
        help="This customer agreed that messages for several customers at the same address may arrive on one day.",
    )
    collection_recipient_id = fields.Many2one(
        "res.partner",
        string="Contact for Payments",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        groups=FOLLOW_UP_GROUPS,
        help="Messages about payments go to this person. Empty: to the invoice address.",
    )
    collection_case_ids = fields.One2many(
        "collection.case", "partner_id", string="Collection Cases", readonly=True, groups=FOLLOW_UP_GROUPS
    )
    collection_item_ids = fields.One2many(
        "collection.item",
        "partner_id",
        string="Open Items",
        domain=[("is_open", "=", True)],
        readonly=True,
        groups=FOLLOW_UP_GROUPS,
    )
    collection_contact_ids = fields.One2many(
        "collection.contact", "partner_id", string="Contact Log", readonly=True, groups=FOLLOW_UP_GROUPS
    )
    collection_hold_ids = fields.One2many(
        "collection.hold", "commercial_partner_id", string="Pauses", readonly=True, groups=FOLLOW_UP_GROUPS
    )
    collection_case_id = fields.Many2one(
        "collection.case", string="Open Case", compute="_compute_collection_case_id", groups=FOLLOW_UP_GROUPS
    )
    collection_currency_id = fields.Many2one(
        "res.currency", string="Case Currency", compute="_compute_collection_case_id", groups=FOLLOW_UP_GROUPS
    )
    collection_amount_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_collection_case_id",
        currency_field="collection_currency_id",
        groups=FOLLOW_UP_GROUPS,
    )
    collection_case_count = fields.Integer(
        string="Cases", compute="_compute_collection_case_count", groups=FOLLOW_UP_GROUPS
    )

    @api.depends("collection_case_ids.state", "collection_case_ids.company_id", "collection_case_ids.amount_overdue")
    @api.depends_context("company")
    def _compute_collection_case_id(self):
        cases = self.env["collection.case"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.root_id.id),
                ("state", "=", "open"),
            ]
        )
        case_by_partner = cases.grouped("partner_id")
        for partner in self:
            case = case_by_partner.get(partner.commercial_partner_id, cases.browse())
            partner.collection_case_id = case
            partner.collection_currency_id = case.currency_id
            partner.collection_amount_overdue = case.amount_overdue

    @api.depends("collection_case_ids")
    def _compute_collection_case_count(self):
        counts = dict(
            self.env["collection.case"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.collection_case_count = counts.get(partner.commercial_partner_id, 0)

    def _commercial_fields(self):
        return [*super()._commercial_fields(), "collection_policy_id"]

    def action_collection_open_cases(self):
        """Open the customer's open case, or the list of all when none is open here."""
        self.ensure_one()
        if self.collection_case_id:
            return self.collection_case_id._get_records_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cases of %s", self.display_name),
            "res_model": "collection.case",
            "view_mode": "list,form",
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
        }

    def action_collection_agree(self):
        """Open 'Agree on something' for what the customer has open in the current company."""
        self.ensure_one()
        items = self.env["collection.item"].search(
            [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("root_company_id", "=", self.env.company.root_id.id),
                ("is_open", "=", True),
            ]
        )
        return self.env["collection.arrangement"]._action_agree(items.line_id)

    def action_collection_follow_up(self):
        """Open 'Follow up now' for the open cases of these customers."""
        cases = self.env["collection.case"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.env.companies.root_id.ids),
                ("state", "=", "open"),
            ]
        )
        return self.env["collection.follow.up"]._action_open(cases)

    def action_collection_log_call(self):
        """Open 'Log a call' for this customer."""
        self.ensure_one()
        return self.env["collection.call"]._action_open(self, self.env.company)

    def action_collection_cool_off(self):
        """Pause everything these customers have open in this company, at once, after a difficult conversation."""
        return self.env["collection.hold"]._action_cool_off(self, self.env.company)

    def action_collection_export_log(self):
        """Open the export of these customers' contact log."""
        return self.env["collection.log.export"]._action_open(self)

    def action_collection_forget(self):
        """Open 'Delete texts' for this customer: for managers."""
        self.ensure_one()
        return self.env["collection.forget"]._action_open(self)

    def action_collection_pause(self):
        """Open 'Pause' for these customers."""
        return self.env["collection.pause"]._action_open(partners=self.commercial_partner_id)

    def write(self, vals):
        """Try again where messages came back, once the address or the contact for payments changes."""
        watched = {"email", "collection_recipient_id"} & vals.keys()
        before = {partner: partner._collection_address() for partner in self} if watched else {}
        result = super().write(vals)
        changed = self.filtered(
            lambda partner: partner in before and before[partner] != partner._collection_address()
        )
        if changed:
            self.env["collection.case"].sudo().search(
                [("partner_id", "in", changed.commercial_partner_id.ids), ("bounced_on", "!=", False)]
            )._address_changed()
        return result

    def _collection_address(self):
        """Return what decides where messages about payments go, as far as this contact says.

        As superuser: a portal customer may correct his own address without seeing the follow-up.
        """
        self.ensure_one()
        partner = self.sudo()
        return partner.email_normalized, partner.collection_recipient_id
