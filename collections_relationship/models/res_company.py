"""What a company decided about its follow-up, and how current its books are."""
from datetime import timezone

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import calendar
from .collection_digest import DIGEST_MODES, WEEKDAYS


class ResCompany(models.Model):
    _inherit = "res.company"

    collection_policy_id = fields.Many2one(
        "collection.policy",
        string="Follow-up Policy",
        help="Applies to customers no other policy fits.",
    )
    collection_active = fields.Boolean(
        string="Follow Up Automatically",
        default=True,
        help="Off: stages are shown, but the nightly run plans nothing.",
    )
    collection_user_id = fields.Many2one(
        "res.users",
        string="Responsible for the Rest",
        domain=[("share", "=", False)],
        help="Looks after customers no rule and no salesperson covers.",
    )
    collection_bank_checked_on = fields.Date(
        string="Bank Data Current Up To",
        help="Say here that bookings are current when no bank transaction came in lately.",
    )
    collection_bank_days = fields.Integer(
        string="Bank Data May Be Old (Bank Days)",
        default=2,
        help="When the newest bank transaction is older than this, nobody is asked for money.",
    )
    collection_require_delivery = fields.Boolean(
        string="Only Delivered Invoices",
        default=True,
        help="Never ask for an invoice that was not sent from here, or whose mail bounced; an activity "
        "asks to deliver it instead.",
    )
    collection_night_cap = fields.Integer(
        string="First Nights: Messages per Responsible",
        default=50,
        help="While the follow-up is new, at most this many messages a night leave for each responsible. "
        "0: no limit.",
    )
    collection_night_cap_until = fields.Date(
        string="First Nights Until",
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=10),
        help="From the next day on there is no limit. Empty: no limit.",
    )

    collection_collects_as = fields.Selection(
        [
            ("creditor", "Creditor, in Its Own Name"),
            ("other_name", "Creditor, under Another Name"),
            ("agency", "Agency for Others"),
            ("debt_buyer", "Buyer of Debts"),
        ],
        string="Collects As",
        default="creditor",
        required=True,
        help="Some rules bind agencies only. Decides which rule packs are proposed.",
    )
    collection_digest = fields.Selection(
        DIGEST_MODES,
        string="Morning Digest",
        default="off",
        required=True,
        help="What those who look after cases get by e-mail in the morning, unless they choose for themselves.",
    )
    collection_digest_weekday = fields.Selection(
        WEEKDAYS, string="Digest On", default="0", required=True, help="The day of a weekly digest."
    )

    collection_resource_limit = fields.Integer(
        string="Help for Customers per Message", default=2, help="At most so many resources are offered in one message."
    )
    collection_minimum_sample = fields.Integer(
        string="Customers per Variant",
        default=100,
        help="Below this number the results of a message say nothing yet.",
    )

    _collection_resource_limit_positive = models.Constraint(
        "CHECK (collection_resource_limit >= 0 AND collection_minimum_sample > 0)",
        "Offer no resources at least, and count one customer at least.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give a new company at the top the words it may publish about late invoices."""
        companies = super().create(vals_list)
        if companies.filtered(lambda company: not company.parent_id):
            # Whoever makes companies need not be an accountant.
            self.env["collection.public.policy"].sudo()._start_companies()
        return companies

    def _collection_default_policy(self):
        """Return the policy of customers no other fits: the company's, else the first that is for everybody."""
        self.ensure_one()
        return self.collection_policy_id or self.env["collection.policy"].search(
            [
                ("company_id", "in", [False, self.id]),
                ("country_ids", "=", False),
                ("industry_ids", "=", False),
                ("category_ids", "=", False),
            ],
            limit=1,
        )

    def _collection_zone(self):
        """Return the name of the time zone the company's days are counted in: that of the company at the top."""
        self.ensure_one()
        return self.root_id.sudo().partner_id.tz or "UTC"  # colleagues of a branch may not read the contact above

    def _collection_today(self, now):
        """Return the calendar day at `now` (naive UTC) where the company is."""
        return calendar.local_date(now.replace(tzinfo=timezone.utc), self._collection_zone())

    def _collection_days(self, now):
        """Return the calendar day at a moment where each company is, as ``{company: day}``.

        The days a customer is late are counted to it, on screens as in mails, whoever looks from wherever.

        :param datetime now: naive UTC
        """
        return {company: company._collection_today(now) for company in self}

    def _collection_bank_newest(self):
        """Return the day up to which bank data are current, `None` where no bank statements are used.

        The newest bank transaction of the company and its branches, or the day somebody confirmed
        that there is nothing newer.
        """
        self.ensure_one()
        [(newest,)] = self.env.execute_query(
            SQL(
                """
                SELECT max(m.date)
                  FROM account_bank_statement_line b
                  JOIN account_move m ON m.id = b.move_id AND m.state = 'posted'
                  JOIN res_company c ON c.id = b.company_id
                 WHERE split_part(c.parent_path, '/', 1)::int = %s
                """,
                self.root_id.id,
            )
        )
        confirmed = self.root_id.collection_bank_checked_on
        if newest and confirmed:
            return max(newest, confirmed)
        return newest

    def _collection_bank_is_stale(self, today):
        """Tell whether bank data are too old to ask anybody for money on `today`."""
        newest = self._collection_bank_newest()
        return bool(newest) and calendar.bank_days_between(newest, today) > self.root_id.collection_bank_days
