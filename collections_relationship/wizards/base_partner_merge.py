"""Before Odoo merges contacts, their follow-up becomes one: one open case per company, the whole log kept."""
from odoo import api, fields, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Override of `base`: fuse the cases first, then let the log follow to the contact that stays."""
        self.env["collection.case"]._move_to_customer(src_partners, dst_partner, fields.Datetime.now())
        self.env["collection.contact"]._open_log()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["collection.contact"]._close_log()
        return result

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Override of `base`: only now it shows whether the contact that stays is a customer of its own."""
        result = super()._update_values(src_partners, dst_partner)
        if dst_partner.commercial_partner_id != dst_partner:
            self.env["collection.case"]._move_to_customer(
                dst_partner, dst_partner.commercial_partner_id, fields.Datetime.now()
            )
        self.env["collection.protection"]._follow_customer(dst_partner)
        return result
