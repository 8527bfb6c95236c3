"""Help a customer can use: on a budget, on cash flow, whom to call. Offered in messages where it fits."""
from collections import namedtuple
from functools import cached_property

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine import help as help_files
from ..engine.vocabulary import PURPOSES
from .collection_template_library import INDUSTRY_XMLIDS

KINDS = [
    ("budgeting", "Budgeting"),
    ("cash_flow", "Cash Flow"),
    ("who_to_call", "Who to Call"),
    ("other", "Other"),
]
#: The field that says who a resource is for, by who owes.
AUDIENCE_FIELDS = {"company": "for_companies", "sole_trader": "for_sole_traders", "consumer": "for_consumers"}
#: The field that says where a resource is offered, by purpose of the message.
OCCASIONS = {
    "offer_help": ("help_offer", "check_in"),
    "offer_hardship": ("hardship_received", "hardship_granted", "hardship_ending"),
    "offer_plan": tuple(purpose for purpose in PURPOSES if purpose.startswith(("plan_", "instalment_"))),
    "offer_cooling_off": ("cooling_off",),
    "offer_agreement": tuple(purpose for purpose in PURPOSES if purpose.startswith(("promise_", "settlement_", "choice_"))),
    "offer_reminder": ("heads_up", "friendly_reminder", "second_reminder"),
    "offer_firm": ("firm_reminder", "formal_notice", "handover"),
}
OCCASION_OF = {
    purpose: next((name for name, purposes in OCCASIONS.items() if purpose in purposes), "offer_other")
    for purpose in PURPOSES
}
#: One resource in one message.
Offer = namedtuple("Offer", "name words link address")
#: The page that says how a company deals with late invoices.
Published = namedtuple("Published", "title link")


class CollectionResource(models.Model):
    _name = "collection.resource"
    _description = "Help for Customers"
    _inherit = ["collection.shipped.words"]
    _order = "sequence, id"
    _shipped_fields = ("name", "words")

    name = fields.Char(required=True, translate=True)
    code = fields.Char(readonly=True, copy=False, help="Its place among the shipped ones; empty for your own.")
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="Where several fit equally well, the first ones are offered.")
    kind = fields.Selection(KINDS, required=True, default="who_to_call")
    words = fields.Text(
        required=True,
        translate=True,
        help="A sentence or two: what the customer finds there and what it costs. Offered only to customers whose "
        "language it has words in.",
    )
    link = fields.Char(help="The whole address of a page, with https://. Empty: the words alone.")
    company_id = fields.Many2one("res.company", index=True, help="Empty: for every company.")
    country_ids = fields.Many2many(
        "res.country",
        string="Countries",
        help="Only for customers there; a customer without a country counts as one of the company's. Empty: everywhere.",
    )
    industry_ids = fields.Many2many("res.partner.industry", string="Industries", help="Empty: every industry.")
    for_companies = fields.Boolean(string="Companies", default=True)
    for_sole_traders = fields.Boolean(string="Sole Traders", default=True)
    for_consumers = fields.Boolean(string="Consumers", default=True)
    offer_help = fields.Boolean(string="Offers of Help and Check-ins", default=True)
    offer_hardship = fields.Boolean(string="Hardship", default=True)
    offer_plan = fields.Boolean(string="Payment Plans", default=True)
    offer_cooling_off = fields.Boolean(string="Cooling-off", default=True)
    offer_agreement = fields.Boolean(string="Promises and Settlements")
    offer_reminder = fields.Boolean(string="Heads-ups and Friendly Reminders")
    offer_firm = fields.Boolean(string="Firm Reminders and Formal Notices")
    offer_other = fields.Boolean(string="All Other Messages")
    review_date = fields.Date(help="When somebody should look whether link and words are still right.")
    is_review_due = fields.Boolean(
        string="To Review", compute="_compute_is_review_due", search="_search_is_review_due"
    )

    _code_unique = models.UniqueIndex("(code) WHERE code IS NOT NULL", "This place is taken.")

    @api.constrains("link")
    def _check_link(self):
        for resource in self:
            if resource.link and not help_files.is_web_address(resource.link):
                raise ValidationError(
                    self.env._(
                        "“%(link)s” is not the address of a web page. Copy the whole address from your browser; it "
                        "begins with https://.",
                        link=resource.link,
                    )
                )

    @api.depends("review_date")
    def _compute_is_review_due(self):
        today = fields.Date.context_today(self)
        for resource in self:
            resource.is_review_due = bool(resource.review_date) and resource.review_date <= today

    def _search_is_review_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("review_date", "<=", fields.Date.context_today(self))]

    # === SHIPPED === #

    @api.model
    def _load_shipped(self, codes=None, overwrite=False):
        """Bring the shipped resources up to date in every active language there are files for.

        What a person changed stays: words per language, and links.

        :param codes: only these; `None` for all
        :param bool overwrite: undo what a person changed
        """
        shipped = {each.code: each for each in help_files.resources() if codes is None or each.code in codes}
        have = self.with_context(active_test=False).search([("code", "in", list(shipped))])
        words = {
            lang: help_files.words(language).resources
            for lang, language in self._shipped_languages(help_files.languages()).items()
        }
        industries = {key: self.env.ref(xmlid, raise_if_not_found=False) for key, xmlid in INDUSTRY_XMLIDS.items()}
        missing = [
            each
            for code, each in shipped.items()
            if code not in have.mapped("code") and (not each.industry or industries[each.industry])
        ]
        countries = self.env["res.country"].search([("code", "!=", False)]).grouped("code")
        created = self.with_context(lang="en_US").create(
            [
                {
                    "code": each.code,
                    "name": words["en_US"][each.code][0],
                    "words": words["en_US"][each.code][1],
                    "kind": each.kind,
                    "link": each.link,
                    "sequence": 10 * (list(shipped).index(each.code) + 1),
                    "country_ids": [fields.Command.link(countries[code].id) for code in each.countries],
                    "industry_ids": [fields.Command.link(industries[each.industry].id)] if each.industry else [],
                    **{name: audience in each.audiences for audience, name in AUDIENCE_FIELDS.items()},
                    # Whom to call is worth saying where it gets serious, too.
                    "offer_firm": each.kind == "who_to_call",
                    "offer_agreement": each.kind == "who_to_call",
                    "shipped_digests": {"link": each.link},
                }
                for each in missing
            ]
        )
        for resource in have:
            known = (resource.shipped_digests or {}).get("link")
            link = shipped[resource.code].link
            if overwrite or (resource.link or "") == known != link:
                resource.link = link
                resource.shipped_digests = {**(resource.shipped_digests or {}), "link": link}
        for lang, texts in words.items():
            values = {
                resource.id: dict(zip(self._shipped_fields, texts[resource.code], strict=True))
                for resource in have | created
                if resource.code in texts
            }
            have._load_words(lang, values, overwrite)
            created._load_words(lang, values, overwrite=True)

    def action_reset(self):
        """Bring back the shipped words and links of these resources."""
        self.check_access("write")
        self._load_shipped(codes=self.mapped("code"), overwrite=True)

    # === OFFERING === #

    @api.model
    def _shelf(self):
        """Return what chooses the help of many messages; it reads once, when the first message asks."""
        return _Shelf(self.sudo())


class _Shelf:
    """What there is to offer, read in one statement for all messages of a batch."""

    def __init__(self, resources):
        self._resources = resources
        self._policies = {}

    @cached_property
    def _rows(self):
        resources = self._resources
        resources.flush_model()
        names = [*AUDIENCE_FIELDS.values(), *OCCASIONS, "offer_other"]
        return resources.env.execute_query_dict(
            SQL(
                """
                SELECT r.id, r.name, r.words, r.link, r.kind, r.company_id, %s,
                       ARRAY(SELECT res_country_id FROM collection_resource_res_country_rel
                              WHERE collection_resource_id = r.id) AS countries,
                       ARRAY(SELECT res_partner_industry_id FROM collection_resource_res_partner_industry_rel
                              WHERE collection_resource_id = r.id) AS industries
                  FROM collection_resource r
                 WHERE r.active
                 ORDER BY r.sequence, r.id
                """,
                SQL(", ").join(SQL.identifier("r", name) for name in names),
            )
        )

    def offered(self, partner, company, purpose, lang):
        """Return what to offer in one message: what fits closest first, one of a kind before a second one.

        :param partner: whom the message is for
        :param company: who sends it
        :param str lang: the message's language; what has no words in it is not offered
        :rtype: tuple[Offer]
        """
        customer = partner.commercial_partner_id
        if lang.startswith("en_"):
            lang = "en_US"  # what all words were written in first
        country = (customer.country_id or company.country_id).id
        audience = AUDIENCE_FIELDS.get(customer.collection_debtor_kind)
        parents = set(company.parent_ids.ids)
        fitting = [
            row
            for row in self._rows
            if row[OCCASION_OF[purpose]]
            and row[audience or "for_companies"]
            and (not row["company_id"] or row["company_id"] in parents)
            and (not row["countries"] or country in row["countries"])
            and (not row["industries"] or customer.industry_id.id in row["industries"])
            and lang in row["words"]
        ]
        fitting.sort(key=lambda row: (not row["company_id"], not row["countries"], not row["industries"]))
        first_of_kind = {row["kind"]: row["id"] for row in reversed(fitting)}
        fitting.sort(key=lambda row: row["id"] != first_of_kind[row["kind"]])
        most = company.root_id.collection_resource_limit
        return tuple(
            Offer(
                row["name"].get(lang) or row["name"]["en_US"],
                row["words"][lang],
                row["link"] or "",
                help_files.plain_address(row["link"] or ""),
            )
            for row in fitting[:most]
        )

    def policy_of(self, company, lang):
        """Return the title and the address of what a company has published about late invoices, or nothing.

        :rtype: Published | None
        """
        key = (company, lang)
        if key not in self._policies:
            policy = self._resources.env["collection.public.policy"]._published_of(company)[company]
            version = policy.version_id.with_context(lang=lang)
            self._policies[key] = Published(version.name, policy._url(lang)) if policy else None
        return self._policies[key]
