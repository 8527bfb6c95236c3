"""How long a company keeps the texts of contacts, and how long the law has it keep letters."""
from odoo import api, fields, models

from ..engine import keeping


class ResCompany(models.Model):
    _inherit = "res.company"

    collection_text_months = fields.Integer(
        string="Delete the Texts of Contacts After (Months)",
        default=0,
        help="0: they are kept. What happened stays in the log in any case; keeping periods and open claims come first.",
    )
    collection_letter_years = fields.Integer(
        string="Keep Business Letters (Years)",
        compute="_compute_collection_letter_years",
        store=True,
        readonly=False,
        help="What the law has kept: proposed by the company's country. 0: no period.",
    )
    collection_letter_count = fields.Selection(
        [
            (keeping.CALENDAR_YEAR, "Calendar Year's End"),
            (keeping.FINANCIAL_YEAR, "Financial Year's End"),
            (keeping.LAST_CONTACT, "Customer's Last Contact"),
        ],
        string="Counted From",
        compute="_compute_collection_letter_years",
        store=True,
        readonly=False,
    )
    collection_letter_source = fields.Char(compute="_compute_collection_letter_source")

    _collection_months_positive = models.Constraint(
        "CHECK (collection_text_months >= 0 AND collection_letter_years >= 0)",
        "A number of months or years cannot be negative.",
    )

    @api.depends("partner_id.country_id", "collection_collects_as")
    def _compute_collection_letter_years(self):
        for company in self:
            proposed = company._collection_keeping()
            company.collection_letter_years = proposed.years
            company.collection_letter_count = proposed.counted_from

    @api.depends("partner_id.country_id", "collection_collects_as")
    @api.depends_context("lang")
    def _compute_collection_letter_source(self):
        for company in self:
            company.collection_letter_source = company._collection_describe_keeping()

    def _collection_keeping(self):
        """Return the keeping period of business letters proposed for the company."""
        self.ensure_one()
        return keeping.proposed(self.partner_id.country_id.code, self.collection_collects_as or "creditor")

    def _collection_describe_keeping(self):
        """Return where the proposed keeping period comes from, and what is not certain about it."""
        proposed = self._collection_keeping()
        if not proposed.known:
            return self.env._(
                "No period is known here for this country: the longest one known is proposed. Check your law."
            )
        if not proposed.years:
            return self.env._(
                "No law of this country is known that has a creditor keep business letters. Check yours."
            )
        if proposed.verified:
            return self.env._("Proposed: %(years)s years, %(law)s.", years=proposed.years, law=proposed.source)
        return self.env._(
            "Proposed: %(years)s years, %(law)s; not read in the text of the law. Check it.",
            years=proposed.years,
            law=proposed.source,
        )
