"""Which rules protect a customer: proposed from what is known, confirmed by a person."""
from odoo import api, fields, models

from .res_partner import FOLLOW_UP_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    collection_pack_ids = fields.Many2many(
        "collection.rule.pack",
        string="Confirmed Rule Packs",
        groups=FOLLOW_UP_GROUPS,
        help="The packs somebody confirmed. Until then those that fit what is known of the customer hold.",
    )
    collection_packs_confirmed_on = fields.Datetime(string="Rules Confirmed On", readonly=True, groups=FOLLOW_UP_GROUPS)
    collection_packs_confirmed_by_id = fields.Many2one(
        "res.users", string="Rules Confirmed By", readonly=True, groups=FOLLOW_UP_GROUPS
    )
    collection_proposed_pack_ids = fields.Many2many(
        "collection.rule.pack",
        string="Proposed Rule Packs",
        compute="_compute_collection_proposed_pack_ids",
        groups=FOLLOW_UP_GROUPS,
        help="What fits the country, the state, who owes and who collects.",
    )
    collection_zone_text = fields.Char(
        string="Time Zone of Messages", compute="_compute_collection_proposed_pack_ids", groups=FOLLOW_UP_GROUPS
    )

    @api.depends("country_id", "state_id", "city", "phone", "tz", "is_company", "collection_debtor_kind", "commercial_partner_id")
    @api.depends_context("company")
    def _compute_collection_proposed_pack_ids(self):
        saved = self.filtered(lambda partner: isinstance(partner.id, int))
        unsaved = self - saved
        unsaved.collection_proposed_pack_ids = False
        unsaved.collection_zone_text = False
        if not saved:
            return
        facts = self.env["collection.guard"]._facts(
            fields.Datetime.now(), self.env.company.root_id, saved.commercial_partner_id.ids
        )
        for partner in saved:
            customer = partner.commercial_partner_id.id
            partner.collection_proposed_pack_ids = facts.proposed_pack_ids(customer)
            partner.collection_zone_text = ", ".join(facts.zones_of(customer))

    def action_collection_confirm_packs(self):
        """A person confirms the proposed rules; from then on these hold, whatever the facts become."""
        self.check_access("write")
        for proposed, partners in self.grouped("collection_proposed_pack_ids").items():
            partners.write(
                {
                    "collection_pack_ids": [fields.Command.set(proposed.ids)],
                    "collection_packs_confirmed_on": fields.Datetime.now(),
                    "collection_packs_confirmed_by_id": self.env.uid,
                }
            )

    def action_collection_propose_packs(self):
        """Forget what was confirmed; what fits the facts holds again until somebody confirms."""
        self.check_access("write")
        self.write(
            {
                "collection_pack_ids": [fields.Command.clear()],
                "collection_packs_confirmed_on": False,
                "collection_packs_confirmed_by_id": False,
            }
        )
