"""How a customer wants to be contacted: what he told us, or a colleague noted for him."""
from babel.dates import get_day_names

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse, format_duration, get_lang
from odoo.tools.sql import column_exists, create_column

from .res_partner import FOLLOW_UP_GROUPS

DEBTOR_KINDS = [
    ("company", "Company"),
    ("sole_trader", "Sole Trader"),
    ("consumer", "Consumer"),
    ("guarantor", "Guarantor"),
]
PREFERRED_CHANNELS = [
    ("email", "E-mail"),
    ("sms", "Text Message"),
    ("call", "Phone Call"),
    ("letter", "Letter"),
]
DAY_HOURS = 24.0
#: The fields of a customer that the guard reads; contacts below him follow him.
PREFERENCE_FIELDS = (
    "collection_debtor_kind",
    "collection_channel",
    "collection_hour_from",
    "collection_hour_to",
    "collection_weekdays",
)


def read_weekdays(env, digits):
    """Return the weekdays of a text of digits as a sorted list, Monday is 0.

    :param str digits: such as ``"0124"``; empty for every day
    :raise ValidationError: says what is wrong and what to do
    """
    days = sorted(set(digits or ""))
    if any(day not in "0123456" for day in days):
        raise ValidationError(env._("“%s” are no weekdays: choose them in the list, Monday is 0.", digits))
    return [int(day) for day in days]


def hours_of(env, hour_from, hour_to):
    """Return hours of the day as (from, to), or None when they leave the whole day free.

    :raise ValidationError: says what is wrong and what to do
    """
    hour_to = hour_to or DAY_HOURS
    if not 0.0 <= hour_from < hour_to <= DAY_HOURS:
        raise ValidationError(
            env._(
                "From %(opens)s to %(closes)s is no part of a day: the first hour comes before the last one.",
                opens=format_duration(hour_from),
                closes=format_duration(hour_to),
            )
        )
    return None if (hour_from, hour_to) == (0.0, DAY_HOURS) else (hour_from, hour_to)


def describe_weekdays(env, digits):
    """Return the names of weekdays in the user's language, nothing for every day."""
    names = get_day_names("abbreviated", locale=babel_locale_parse(get_lang(env).code))
    return ", ".join(names[day] for day in read_weekdays(env, digits))


def describe_hours(env, hour_from, hour_to):
    """Return hours in words, nothing for the whole day."""
    hours = hours_of(env, hour_from, hour_to)
    if not hours:
        return ""
    return env._("%(opens)s to %(closes)s", opens=format_duration(hours[0]), closes=format_duration(hours[1]))


class ResPartner(models.Model):
    _inherit = "res.partner"

    collection_debtor_kind = fields.Selection(
        DEBTOR_KINDS,
        string="Kind of Customer",
        compute="_compute_collection_debtor_kind",
        store=True,
        readonly=False,
        groups=FOLLOW_UP_GROUPS,
        help="Who owes decides which rules protect him: a person is protected more than a company.",
    )
    collection_channel = fields.Selection(
        PREFERRED_CHANNELS,
        string="Preferred Channel",
        groups=FOLLOW_UP_GROUPS,
        help="How the customer would rather hear from us. What he does not want at all is a protection.",
    )
    collection_hour_from = fields.Float(
        string="From Hour", groups=FOLLOW_UP_GROUPS, help="Not before this hour, in the customer's local time."
    )
    collection_hour_to = fields.Float(
        string="To Hour",
        default=DAY_HOURS,
        groups=FOLLOW_UP_GROUPS,
        help="Not from this hour on, in the customer's local time.",
    )
    collection_weekdays = fields.Char(
        string="On These Days",
        groups=FOLLOW_UP_GROUPS,
        help="The days on which the customer wants to be contacted. None chosen: any day.",
    )
    collection_authorised_ids = fields.Many2many(
        "res.partner",
        "res_partner_collection_authorised_rel",
        "partner_id",
        "authorised_id",
        string="May Talk About It",
        groups=FOLLOW_UP_GROUPS,
        help="Other people the customer allows us to talk to about what is owed: an accountant, a relative.",
    )
    collection_protection_ids = fields.One2many(
        "collection.protection",
        "commercial_partner_id",
        string="Protections",
        readonly=True,
        groups=FOLLOW_UP_GROUPS,
    )

    def _auto_init(self):
        """Fill the new columns in one statement: a computation of each contact would take minutes."""
        if not column_exists(self.env.cr, "res_partner", "collection_debtor_kind"):
            create_column(self.env.cr, "res_partner", "collection_debtor_kind", "varchar")
            create_column(self.env.cr, "res_partner", "collection_hour_to", "float8")
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE res_partner p
                       SET collection_debtor_kind = CASE WHEN COALESCE(c.is_company, FALSE) THEN 'company'
                                                         ELSE 'consumer' END,
                           collection_hour_to = 24.0
                      FROM res_partner c
                     WHERE c.id = COALESCE(p.commercial_partner_id, p.id)
                    """
                )
            )
        return super()._auto_init()

    @api.depends("is_company", "commercial_partner_id.is_company")
    def _compute_collection_debtor_kind(self):
        """A company is a company, a person a consumer: the stricter guess. What somebody chose stays."""
        for partner in self:
            if partner.commercial_partner_id.is_company:
                if partner.collection_debtor_kind in (False, "consumer"):
                    partner.collection_debtor_kind = "company"
            elif partner.collection_debtor_kind in (False, "company"):
                partner.collection_debtor_kind = "consumer"

    @api.constrains("collection_hour_from", "collection_hour_to", "collection_weekdays")
    def _check_collection_times(self):
        for partner in self:
            read_weekdays(self.env, partner.collection_weekdays)
            hours_of(self.env, partner.collection_hour_from, partner.collection_hour_to)

    @api.constrains("collection_authorised_ids")
    def _check_collection_authorised_ids(self):
        for partner in self:
            if partner in partner.collection_authorised_ids:
                raise ValidationError(
                    self.env._("%s need not be authorised: it is about their own account.", partner.display_name)
                )

    def _commercial_fields(self):
        return [*super()._commercial_fields(), *PREFERENCE_FIELDS]

    def action_collection_protect(self):
        """Open a new protection of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Protects %s", self.display_name),
            "res_model": "collection.protection",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.id},
        }
