"""The settings page of the follow-up."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    collection_policy_id = fields.Many2one(related="company_id.collection_policy_id", readonly=False)
    collection_active = fields.Boolean(related="company_id.collection_active", readonly=False)
    collection_collects_as = fields.Selection(related="company_id.collection_collects_as", readonly=False)
    collection_user_id = fields.Many2one(related="company_id.collection_user_id", readonly=False)
    collection_bank_checked_on = fields.Date(related="company_id.collection_bank_checked_on", readonly=False)
    collection_bank_days = fields.Integer(related="company_id.collection_bank_days", readonly=False)
    collection_require_delivery = fields.Boolean(related="company_id.collection_require_delivery", readonly=False)
    collection_night_cap = fields.Integer(related="company_id.collection_night_cap", readonly=False)
    collection_text_months = fields.Integer(related="company_id.collection_text_months", readonly=False)
    collection_letter_years = fields.Integer(related="company_id.collection_letter_years", readonly=False)
    collection_letter_count = fields.Selection(related="company_id.collection_letter_count", readonly=False)
    collection_letter_source = fields.Char(related="company_id.collection_letter_source")
    collection_night_cap_until = fields.Date(related="company_id.collection_night_cap_until", readonly=False)
    collection_letter_window = fields.Selection(related="company_id.collection_letter_window", readonly=False)
    collection_digest = fields.Selection(related="company_id.collection_digest", readonly=False)
    collection_digest_weekday = fields.Selection(related="company_id.collection_digest_weekday", readonly=False)
    collection_resource_limit = fields.Integer(related="company_id.collection_resource_limit", readonly=False)
    collection_waiver_account_id = fields.Many2one(related="company_id.collection_waiver_account_id", readonly=False)
    collection_waiver_journal_id = fields.Many2one(related="company_id.collection_waiver_journal_id", readonly=False)
    collection_minimum_sample = fields.Integer(related="company_id.collection_minimum_sample", readonly=False)

    def action_collection_preview_deletion(self):
        """Show what the scheduled action would delete tonight, with the periods as they are saved."""
        return self.env["collection.forget"]._action_preview(self.company_id.root_id)
