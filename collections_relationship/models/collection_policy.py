"""The ladder a customer's late items climb. Holds what the business decided, judges nothing."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import relationship
from .collection_hold import LONGEST_DAYS
from .collection_template import TONES
from .res_partner_preferences import read_weekdays


class CollectionPolicy(models.Model):
    _name = "collection.policy"
    _description = "Collection Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10,
        help="The first policy whose conditions fit a customer applies; drag to change the order.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave empty to offer the policy to every company; amounts are then in each company's own currency.",
    )
    stage_ids = fields.One2many("collection.stage", "policy_id", string="Stages", copy=True)

    # Which customers it fits when neither invoice nor customer names a policy.
    country_ids = fields.Many2many("res.country", string="Countries")
    industry_ids = fields.Many2many("res.partner.industry", string="Industries")
    category_ids = fields.Many2many("res.partner.category", string="Customer Tags")

    minimum_gap = fields.Integer(
        string="Days Between Messages",
        default=5,
        required=True,
        tracking=True,
        help="A customer gets no second message asking for money within this many days, "
        "however many invoices are late. Thanks and acknowledgements are not counted.",
    )
    address_gap = fields.Integer(
        string="Days Between Messages to One Address",
        default=1,
        required=True,
        tracking=True,
        help="When several customers share one e-mail address, their messages are this many days "
        "apart, unless each of them agreed to receive them together.",
    )
    hour_from = fields.Float(
        string="Not Before",
        default=8.0,
        required=True,
        tracking=True,
        help="Messages and calls, in the customer's own time. A letter is read when its reader likes.",
    )
    hour_to = fields.Float(string="Not After", default=20.0, required=True, tracking=True)
    weekdays = fields.Char(
        string="On These Days", tracking=True, help="None chosen: every day. An e-mail does not ring; a call on a Sunday does."
    )
    skip_holidays = fields.Boolean(
        string="Rest on Public Holidays",
        tracking=True,
        help="Nothing but letters on public holidays of the country and state where the customer is.",
    )
    pack_ids = fields.Many2many(
        "collection.rule.pack",
        string="Rule Packs for Everybody",
        help="These rules hold for every customer of the policy, besides those that fit where and who the customer is.",
    )
    other_mail_counts = fields.Boolean(
        string="Count Other Mail",
        tracking=True,
        help="Invoices, quotes and newsletters that were mailed to the customer count as well, with a limit of their own.",
    )
    other_mail_limit = fields.Integer(string="Mails at Most", default=5, help="Of any kind, within the days beside it.")
    other_mail_days = fields.Integer(string="Within Days", default=7)
    minimum_total = fields.Float(
        string="Smallest Total Worth a Message",
        default=25.0,
        required=True,
        tracking=True,
        help="In the company's currency. While a customer's overdue total is below this, nobody is contacted.",
    )
    cooling_off_days = fields.Integer(
        string="Days of a Cooling-off",
        default=10,
        required=True,
        tracking=True,
        help="After a difficult conversation one click pauses everything for this many days. "
        "The first message afterwards is a mild one, whatever the days late.",
    )
    link_days = fields.Integer(
        string="Payment Link Valid For (Days)",
        default=60,
        required=True,
        help="After this many days the link in a message no longer opens the payment page.",
    )
    thank = fields.Boolean(
        string="Thank for Payment",
        default=True,
        help="Once everything is paid, a customer we had asked is thanked.",
    )
    # What stands in where the first way to a customer is closed: no address, bounced, not wanted.
    may_text = fields.Boolean(string="Text Messages May Stand In", tracking=True)
    may_write = fields.Boolean(string="Letters May Stand In", default=True, tracking=True)
    may_call = fields.Boolean(string="Calls May Stand In", default=True, tracking=True)
    # How firm a message may sound.
    tone_ceiling = fields.Selection(
        TONES, string="Never Firmer Than", tracking=True, help="For every customer of the policy. Empty: any tone."
    )
    good_customer_ceiling = fields.Selection(
        TONES,
        string="Good Customers: Never Firmer Than",
        default="neutral",
        tracking=True,
        help="For customers who meet what stands beside it. Empty: they are spoken to like everybody.",
    )
    good_customer_years = fields.Float(
        string="Years as a Customer", default=2.0, tracking=True, help="At least, since the first invoice; 0 asks for none."
    )
    good_customer_revenue = fields.Float(
        string="Revenue of a Year",
        tracking=True,
        help="At least, without tax, in the company's currency; 0 asks for none.",
    )
    good_customer_punctuality = fields.Float(
        string="Paid on Time (%)",
        default=80.0,
        tracking=True,
        help="At least, of what was paid in the last two years; 0 asks for none.",
    )
    open_matter_ceiling = fields.Selection(
        TONES,
        string="While We Owe an Answer: Never Firmer Than",
        default="neutral",
        tracking=True,
        help="While something of the customer's is being clarified or contested. Empty: no difference.",
    )

    tone_check = fields.Selection(
        [("refuse", "Refuse Threats and Missing Facts"), ("advise", "Only Advise")],
        string="Check of Words",
        default="refuse",
        required=True,
        tracking=True,
        help="Every message about payment is looked at, whoever wrote it. Refused: one that threatens, announces what "
        "is not planned, or leaves out a fact the customer needs does not leave until its words are changed.",
    )

    _good_customer_figures = models.Constraint(
        "CHECK (good_customer_years >= 0 AND good_customer_revenue >= 0 AND good_customer_punctuality BETWEEN 0 AND 100)",
        "Years and revenue cannot be negative, and the share paid on time is a percentage from 0 to 100.",
    )
    _minimum_gap_not_negative = models.Constraint(
        "CHECK (minimum_gap >= 0 AND address_gap >= 0)",
        "The number of days between two messages cannot be negative.",
    )
    _hours_in_order = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < hour_to AND hour_to <= 24)",
        "The hours must be between 00:00 and 24:00, and the first before the last.",
    )
    _other_mail_positive = models.Constraint(
        "CHECK (NOT other_mail_counts OR (other_mail_limit > 0 AND other_mail_days BETWEEN 1 AND 45))",
        "Where other mail counts, allow at least one mail, within 1 to 45 days.",
    )
    _minimum_total_not_negative = models.Constraint(
        "CHECK (minimum_total >= 0)",
        "The smallest total worth a message cannot be negative.",
    )
    _cooling_off_days_in_reason = models.Constraint(
        f"CHECK (cooling_off_days BETWEEN 1 AND {LONGEST_DAYS})",
        "A cooling-off lasts at least one day and at most a year (365 days).",
    )
    _link_days_positive = models.Constraint(
        "CHECK (link_days > 0)",
        "A payment link must be valid for at least one day.",
    )

    @api.constrains("weekdays")
    def _check_weekdays(self):
        for policy in self:
            read_weekdays(self.env, policy.weekdays)

    @api.constrains("stage_ids")
    def _check_stage_ids(self):
        for policy in self:
            days = policy.stage_ids.mapped("days")
            if len(days) != len(set(days)):
                raise ValidationError(
                    self.env._(
                        "Two stages of “%(policy)s” start on the same day. Give each stage its own day.",
                        policy=policy.name,
                    )
                )

    def _relationship_rules(self):
        """Return when the relationship lowers the ceiling of the tone.

        :rtype: engine.relationship.Rules
        """
        self.ensure_one()
        return relationship.Rules(
            general=self.tone_ceiling or "",
            good=self.good_customer_ceiling or "",
            good_years=self.good_customer_years,
            good_revenue=self.good_customer_revenue,
            good_punctuality=self.good_customer_punctuality / 100,
            matters=self.open_matter_ceiling or "",
        )

    def copy_data(self, default=None):
        return [
            dict(vals, name=self.env._("%s (copy)", policy.name))
            for policy, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _delete_stages(self):
        """Delete the stages through the ORM, so that they are taken off the items, and the policy with them."""
        # Who may delete the policy takes it off what the machine keeps, of every company that uses it.
        for model in ("collection.item", "collection.case"):
            self.env[model].sudo().search([("policy_id", "in", self.ids)]).write({"policy_id": False})
        self.with_context(active_test=False).stage_ids.unlink()
