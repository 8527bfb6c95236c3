"""How a company deals with late invoices, in words that customers can read: written, published, kept current.

What customers see is a version: publishing makes one from the words as they are. Versions stay, with
who of the colleagues has read them.
"""
from datetime import time

import babel.dates

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse
from odoo.tools.urls import urljoin

from ..engine import help as help_files
from ..engine import placeholders
from ..fields import WholeHtml

REVIEW_ACTIVITY = "collections_relationship.mail_activity_type_review"
TEXTS = ("name", "text")


class CollectionPublicPolicy(models.Model):
    _name = "collection.public.policy"
    _description = "Published Collection Policy"
    _inherit = ["collection.shipped.words", "mail.thread", "mail.activity.mixin"]
    _order = "company_id"
    _mail_post_access = "read"  # colleagues comment on it
    _shipped_fields = TEXTS

    name = fields.Char(string="Title", required=True, translate=True)
    text = WholeHtml(
        required=True,
        help="What customers may expect, what you ask of them, which ways forward there are, whom to talk to.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    is_published = fields.Boolean(string="Published", readonly=True, copy=False, tracking=True)
    version_id = fields.Many2one(
        "collection.public.policy.version", string="Version Shown", readonly=True, copy=False, ondelete="restrict"
    )
    version_date = fields.Date(related="version_id.date", string="Published On")
    version_ids = fields.One2many("collection.public.policy.version", "policy_id", string="Versions", readonly=True)
    has_changes = fields.Boolean(
        compute="_compute_has_changes", help="The words differ from those customers can read."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        help="Is reminded before the policy is to be reviewed.",
    )
    review_date = fields.Date(
        string="Review By", default=lambda self: fields.Date.add(fields.Date.context_today(self), years=1), tracking=True
    )
    remind_days = fields.Integer(string="Remind Days Before", default=30, required=True)
    reminded_for = fields.Date(readonly=True, copy=False, help="The review its owner was reminded of last.")
    page_url = fields.Char(string="Page", compute="_compute_page_url")
    is_read = fields.Boolean(string="Read by Me", compute="_compute_is_read")
    reading_ids = fields.One2many("collection.public.policy.reading", "policy_id", string="Read By", readonly=True)
    waiting_ids = fields.Many2many("res.users", string="Not Read Yet", compute="_compute_waiting_ids")

    _company_unique = models.UniqueIndex("(company_id)", "This company has its policy already.")
    _remind_days_positive = models.Constraint(
        "CHECK (remind_days >= 0)", "The number of days before the review cannot be negative."
    )

    @api.depends("version_id", *TEXTS)
    def _compute_has_changes(self):
        self.flush_recordset(["version_id", *TEXTS])
        same = {
            policy_id
            for [policy_id] in self.env.execute_query(
                SQL(
                    """
                    SELECT p.id
                      FROM collection_public_policy p
                      JOIN collection_public_policy_version v ON v.id = p.version_id
                     WHERE p.id = ANY(%s) AND p.name = v.name AND p.text = v.text
                    """,
                    self._origin.ids,
                )
            )
        }
        for policy in self:
            policy.has_changes = bool(policy.version_id) and policy._origin.id not in same

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_page_url(self):
        for policy in self:
            policy.page_url = policy._url(self.env.lang or "en_US")

    @api.depends("version_id", "reading_ids")
    @api.depends_context("uid")
    def _compute_is_read(self):
        for policy in self:
            policy.is_read = self.env.user in policy.version_id.reading_ids.user_id

    @api.depends("version_id", "reading_ids")
    def _compute_waiting_ids(self):
        group = self.env.ref("account.group_account_invoice")
        for policy in self:
            colleagues = group.sudo().all_user_ids.filtered(
                lambda user, policy=policy: policy.company_id in user.company_ids and not user.share
            )
            policy.waiting_ids = (
                colleagues - policy.version_id.reading_ids.user_id if policy.version_id else self.env["res.users"]
            )

    # === WORDS === #

    @api.model
    def _start_companies(self):
        """Give each company at the top that has none the shipped words, unpublished, and bring unchanged ones up to date."""
        have = self.with_context(active_test=False).search([("company_id", "!=", False)])
        english = help_files.words("en")
        missing = self.env["res.company"].search([("parent_id", "=", False), ("id", "not in", have.company_id.ids)])
        created = self.with_context(lang="en_US").create(
            [
                {
                    "company_id": company.id,
                    "name": english.title,
                    "text": self._filled(english.text, company, "en_US"),
                    "user_id": (company.collection_user_id or self.env.ref("base.user_admin")).id,
                }
                for company in missing
            ]
        )
        for lang, language in self._shipped_languages(help_files.languages()).items():
            words = help_files.words(language)
            values = {
                policy.id: {"name": words.title, "text": self._filled(words.text, policy.company_id, lang)}
                for policy in have | created
            }
            have._load_words(lang, values)
            created._load_words(lang, values, overwrite=True)

    def action_reset(self):
        """Bring back the shipped words, with the figures of the company's policy as they are today."""
        self.check_access("write")
        for lang, language in self._shipped_languages(help_files.languages()).items():
            words = help_files.words(language)
            self._load_words(
                lang,
                {
                    policy.id: {"name": words.title, "text": self._filled(words.text, policy.company_id, lang)}
                    for policy in self
                },
                overwrite=True,
            )

    @api.model
    def _filled(self, text, company, lang):
        """Return the shipped words with the figures of the company's own policy.

        :param str lang: whose way to write the hour
        """
        policy = company._collection_default_policy()
        locale = babel_locale_parse(lang)

        def hour(value):
            if value >= 24:
                return "24:00"
            return babel.dates.format_time(time(int(value), round(value % 1 * 60)), format="short", locale=locale)

        has_hours = policy and not (policy.hour_from <= 0 and policy.hour_to >= 24)
        return placeholders.compile_text(text).render(
            {
                "gap": str(policy.minimum_gap) if policy.minimum_gap > 1 else "",
                "hour_from": hour(policy.hour_from) if has_hours else "",
                "hour_to": hour(policy.hour_to) if has_hours else "",
            }
        )

    # === PUBLISHING === #

    def action_publish(self):
        """Show customers the words as they are, as a new version where they are new."""
        self.check_access("write")
        now = fields.Datetime.now()
        for policy in self:
            if not policy.version_id or policy.has_changes:
                policy.version_id = self.env["collection.public.policy.version"].sudo()._keep(
                    policy, policy.company_id._collection_today(now)
                )
            policy.is_published = True

    def action_unpublish(self):
        """Take the page away from customers; the versions stay."""
        self.write({"is_published": False})

    def action_open_page(self):
        """Open the page as customers see it."""
        self.ensure_one()
        if not self.is_published:
            raise UserError(self.env._("Publish it first; until then the page does not exist."))
        return {"type": "ir.actions.act_url", "url": self._path(self.env.lang or "en_US"), "target": "new"}

    def _path(self, lang):
        self.ensure_one()
        return f"/collections/policy/{self.company_id.id}?language={lang}"

    def _url(self, lang):
        """Return the address of the page in a language."""
        self.ensure_one()
        return urljoin(self.company_id.sudo().get_base_url(), self._path(lang))  # a setting only

    @api.model
    def _published_of(self, companies):
        """Return what each company has published, as ``{company: policy}``: its own, else that of a company above."""
        own = self.sudo().search([("is_published", "=", True)]).grouped("company_id")
        return {
            company: next((own[parent] for parent in reversed(company.sudo().parent_ids) if parent in own), self.browse())
            for company in companies
        }

    @api.model
    def _published_version(self, company_id):
        """Return the version a company shows to everybody (sudo), none where it shows nothing.

        :param int company_id: as it stands in the address of the page
        """
        # Readable by everybody, but only what somebody has published.
        published = self.sudo().search([("company_id", "=", company_id), ("is_published", "=", True)], limit=1)
        return published.version_id

    # === READING === #

    def action_read(self):
        """Note that the person has read the version customers can read."""
        self.check_access("read")
        for policy in self:
            if not policy.version_id:
                raise UserError(self.env._("Nothing is published yet that could be read."))
            if not policy.is_read:
                # Everybody who may read the policy may say so, for himself only.
                self.env["collection.public.policy.reading"].sudo().create(
                    {"version_id": policy.version_id.id, "user_id": self.env.uid, "date": fields.Datetime.now()}
                )

    # === REVIEW === #

    def write(self, vals):
        result = super().write(vals)
        if "review_date" in vals:
            self.sudo().activity_unlink([REVIEW_ACTIVITY])
        return result

    def action_reviewed(self):
        """Nothing has to change: the next review is a year from today."""
        self.check_access("write")
        self.activity_feedback([REVIEW_ACTIVITY])
        for policy in self:
            policy.review_date = fields.Date.add(policy.company_id._collection_today(fields.Datetime.now()), years=1)

    @api.model
    def _cron_remind(self):
        """Remind the owners of reviews that are near."""
        self._remind(fields.Datetime.now())

    @api.model
    def _remind(self, now):
        """Give each owner one activity per review that is near.

        :param datetime now: naive UTC
        """
        policies = self.search([("review_date", "!=", False)])
        days = policies.company_id._collection_days(now)
        for policy in policies:
            due = fields.Date.subtract(policy.review_date, days=policy.remind_days)
            if due <= days[policy.company_id] and policy.reminded_for != policy.review_date:
                policy.activity_schedule(
                    REVIEW_ACTIVITY,
                    date_deadline=policy.review_date,
                    user_id=policy.user_id.id,
                    summary=self.env._("Is it still how we deal with late invoices?"),
                )
                policy.reminded_for = policy.review_date
