"""What protects a customer from being contacted: what he asked for, and what the law gives him.

A protection is never deleted: it is ended, with who did it, when and why. The guard reads what is in
force; nothing here decides about a contact.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_normalize
from odoo.tools.misc import format_date

from .res_partner_preferences import describe_hours, describe_weekdays, hours_of, read_weekdays

KINDS = [
    ("opt_out", "Does not want this channel"),
    ("cease", "Asked us to stop"),
    ("represented", "Represented by a lawyer or adviser"),
    ("moratorium", "Moratorium or breathing space"),
    ("capacity", "May not be able to decide alone"),
    ("employer", "No contact at work"),
    ("inconvenient", "Not at these times"),
]
CHANNELS = [
    ("email", "E-mail"),
    ("sms", "Text Message"),
    ("call", "Phone Call"),
    ("letter", "Letter"),
    ("visit", "Visit"),
]
#: Channels an opt-out covers that names none: a letter may still be needed, by law or as the only way left.
ALL_BUT_LETTERS = ("email", "sms", "call", "visit")
#: Channels that have an address the customer may name.
ADDRESSED = ("email", "sms", "call")
SOURCES = [
    ("link", "Link in a Message"),
    ("email", "E-mail"),
    ("sms", "Text Message"),
    ("call", "Phone Call"),
    ("by_hand", "Noted by Hand"),
]
#: What a case is told, in the words of the guard.
REASONS = {
    "opt_out": "opted_out",
    "cease": "ceased",
    "represented": "attorney",
    "moratorium": "breathing_space",
    "capacity": "mental_capacity",
}
PLACES = [("residence", "At Home"), ("work", "At Work")]
#: What was told to us stays as it was told: who finds it wrong ends it and notes it anew.
TOLD = frozenset(
    {
        "partner_id",
        "company_id",
        "kind",
        "channel",
        "address",
        "date_from",
        "source",
        "contact_id",
        "weekdays",
        "hour_from",
        "hour_to",
        "place",
        "user_id",
        "ended_on",
        "ended_by_id",
    }
)


class CollectionProtection(models.Model):
    _name = "collection.protection"
    _description = "Protection of a Customer"
    _inherit = ["mail.thread"]
    _order = "active desc, date_from desc, id desc"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        help="Whom it is about. It protects the whole customer, whichever of his contacts told us.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True, string="Commercial Entity"
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
        ondelete="cascade",
        help="Empty: it holds for every company.",
    )
    kind = fields.Selection(KINDS, string="What We Know", required=True)
    channel = fields.Selection(CHANNELS, help="The channel the customer does not want. Empty: none but letters.")
    address = fields.Char(
        string="Only This Address or Number",
        help="Empty: every address. Otherwise others may still be used.",
    )
    weekdays = fields.Char(help="The days it holds on: digits, Monday is 0. Empty: every day.")
    hour_from = fields.Float(string="From Hour", help="In the customer's local time.")
    hour_to = fields.Float(string="To Hour", default=24.0, help="In the customer's local time.")
    place = fields.Selection(PLACES, help="Where the customer does not want to be reached then. Empty: anywhere.")
    representative_id = fields.Many2one(
        "res.partner", tracking=True, ondelete="restrict", help="The lawyer or adviser to write to instead."
    )
    direct_contact_agreed = fields.Boolean(
        tracking=True, help="The representative agreed that we may write to the customer directly."
    )
    date_from = fields.Date(string="Since", required=True, default=lambda self: self._company_today())
    date_until = fields.Date(string="Until", tracking=True, help="The last day. Empty: until somebody ends it.")
    source = fields.Selection(SOURCES, string="Told By", required=True, default="by_hand")
    contact_id = fields.Many2one(
        "collection.contact", string="Told In", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    note = fields.Text(tracking=True, help="For colleagues. Write down no details about anybody's health.")
    user_id = fields.Many2one(
        "res.users", string="Noted By", default=lambda self: self.env.user, readonly=True, ondelete="restrict"
    )
    active = fields.Boolean(string="In Force", default=True, tracking=True)
    ended_on = fields.Datetime(readonly=True)
    ended_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    end_note = fields.Char(string="Why Ended", readonly=True, tracking=True)
    summary = fields.Char(string="What It Means", compute="_compute_summary")

    _ends_after_start = models.Constraint(
        "CHECK (date_until IS NULL OR date_until >= date_from)",
        "A protection cannot end before it starts.",
    )
    _in_force = models.Index("(commercial_partner_id, date_from) WHERE active")

    # === WHAT IT SAYS === #

    @api.depends(
        "kind", "channel", "address", "weekdays", "hour_from", "hour_to", "place", "representative_id", "date_until"
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for protection in self:
            words = protection._words()
            if protection.date_until:
                words = self.env._(
                    "%(what)s, until %(date)s", what=words, date=format_date(self.env, protection.date_until)
                )
            protection.summary = words

    def _words(self):
        """Return in a few words what follows for us."""
        self.ensure_one()
        if self.kind == "opt_out":
            return self._opt_out_words()
        if self.kind == "represented" and self.representative_id:
            return self.env._("Write to %s instead", self.representative_id.display_name)
        if self.kind == "inconvenient":
            return self._inconvenient_words()
        return {
            "cease": self.env._("No contact about what is owed"),
            "represented": self.env._("No contact but with the representative"),
            "moratorium": self.env._("No contact about what is owed while it lasts"),
            "capacity": self.env._("No contact until somebody has looked into it"),
            "employer": self.env._("No contact at the place of work"),
        }.get(self.kind, "")

    def _opt_out_words(self):
        if self.address and self.channel == "email":
            return self.env._("No e-mail to %s", self.address)
        if self.address:
            return self.env._("No text messages to %s", self.address) if self.channel == "sms" else self.env._(
                "No calls to %s", self.address
            )
        return {
            "email": self.env._("No e-mail"),
            "sms": self.env._("No text messages"),
            "call": self.env._("No calls"),
            "letter": self.env._("No letters"),
            "visit": self.env._("No visits"),
        }.get(self.channel, self.env._("Letters only"))

    def _inconvenient_words(self):
        places = dict(self._fields["place"]._description_selection(self.env))
        parts = [
            describe_weekdays(self.env, self.weekdays),
            describe_hours(self.env, self.hour_from, self.hour_to),
            places.get(self.place, ""),
        ]
        return self.env._("Not: %s", ", ".join(filter(None, parts)))

    @api.depends("partner_id", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for protection in self:
            words = [protection.partner_id.display_name, kinds.get(protection.kind)]
            protection.display_name = ": ".join(filter(None, words))

    # === WHAT MAY BE NOTED === #

    @api.constrains("kind", "channel", "address")
    def _check_address(self):
        for protection in self:
            if protection.address and (protection.kind != "opt_out" or protection.channel not in ADDRESSED):
                raise ValidationError(
                    self.env._(
                        "Say whether “%(address)s” is an e-mail address or a number for text messages or calls: "
                        "choose the channel.",
                        address=protection.address,
                    )
                )
            if protection.address and protection.channel == "email" and not email_normalize(protection.address):
                raise ValidationError(
                    self.env._("“%s” is not an e-mail address. Correct it, or leave it empty.", protection.address)
                )

    @api.constrains("kind", "weekdays", "hour_from", "hour_to")
    def _check_times(self):
        for protection in self.filtered(lambda protection: protection.kind == "inconvenient"):
            read_weekdays(self.env, protection.weekdays)
            if not hours_of(self.env, protection.hour_from, protection.hour_to) and not protection.weekdays:
                raise ValidationError(
                    self.env._("Say at which times or on which days the customer does not want to hear from us.")
                )

    @api.constrains("company_id")
    def _check_company_id(self):
        if self.company_id.filtered("parent_id"):
            raise ValidationError(
                self.env._("Choose the company a branch belongs to: what a customer tells one holds for all of it.")
            )

    @api.model
    def _company_today(self):
        """Return today where the company is: noted by a colleague further east, it must hold today all the same."""
        return self.env.company.root_id._collection_today(fields.Datetime.now())

    @api.model_create_multi
    def create(self, vals_list):
        protections = super().create([self._tidy(vals) for vals in vals_list])
        protections._mark_dirty()
        protections._tell_cases()
        return protections

    def _tell_cases(self):
        """Show on the open cases at once why nothing leaves; what exactly follows is decided in the night."""
        for kind, code in REASONS.items():
            told = self.filtered(lambda protection, kind=kind: protection.kind == kind and not protection.address)
            told = told.filtered(lambda protection: protection.channel in (False, "email"))
            for company, protections in told.grouped("company_id").items():
                where = Domain("company_id", "=", company.id) if company else Domain.TRUE
                # Cases are the machine's; what protects a customer holds for those of every company he means.
                self.env["collection.case"].sudo().search(
                    where & Domain("partner_id", "in", protections.commercial_partner_id.ids) & Domain("state", "=", "open")
                ).write({"next_reason": {"code": code}, "next_step_date": False})

    @api.model
    def _tidy(self, vals):
        """Return values with the address the way the guard compares it."""
        if vals.get("channel") == "email" and vals.get("address"):
            return {**vals, "address": email_normalize(vals["address"]) or vals["address"]}
        if vals.get("address"):
            partner = self.env["res.partner"].browse(vals.get("partner_id"))
            return {**vals, "address": partner._phone_format(number=vals["address"]) or vals["address"]}
        return vals

    def write(self, vals):
        """Keep what was told as it was told; archiving ends a protection, nothing revives it."""
        if not self.env.su and (told := TOLD & vals.keys()):
            names = ", ".join(sorted(self._fields[name]._description_string(self.env) for name in told))
            raise UserError(
                self.env._("%s stays as the customer told it. If it is wrong, end it and note it anew.", names)
            )
        if vals.get("active"):
            raise UserError(self.env._("What has ended stays ended. Note it anew instead."))
        if "active" in vals:
            ending = {"ended_on": fields.Datetime.now(), "ended_by_id": self.env.uid}
            self = self.filtered("active")
            super(CollectionProtection, self.sudo()).write(ending)
        result = super().write(vals)
        self._mark_dirty()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A protection is never deleted. End it instead: what the customer told us stays known."))

    def _mark_dirty(self):
        self.env["collection.dirty"]._mark(self.commercial_partner_id.ids)

    @api.model
    def _follow_customer(self, partner):
        """After a merge, which writes past the ORM: protect the customer this contact belongs to now."""
        protections = self.sudo().with_context(active_test=False).search([("partner_id", "child_of", partner.ids)])
        self.env.add_to_compute(self._fields["commercial_partner_id"], protections)
        protections._mark_dirty()

    # === ENDING === #

    def action_end(self):
        """Ask why these protections end, then end them."""
        self.check_access("write")
        return self.env["collection.protection.end"]._action_open(self)

    def _end(self, note):
        """End protections that are in force.

        :param str note: why, in the words of whoever ends it
        """
        self.filtered("active").write({"active": False, "end_note": note})

    # === FOR THE GUARD === #

    def _is_in_force(self, company, day):
        """Return whether this protects the customer on a day, as `_state_rows` says it for many.

        :param company: the root company that wants to contact him
        """
        self.ensure_one()
        return (
            self.active
            and self.date_from <= day
            and (not self.date_until or self.date_until >= day)
            and (not self.company_id or self.company_id == company.root_id)
        )

    def _covers(self, channel, address):
        """Return whether an opt-out is about a channel, and about this address where it names one."""
        self.ensure_one()
        on_channel = self.channel == channel if self.channel else channel in ALL_BUT_LETTERS
        return on_channel and (not self.address or self.address == address)

    @api.model
    def _state_rows(self, company, partner_ids, day):
        """Return what protects customers on a day, in one statement.

        Facts that begin later are left out; those that have ended are, too.

        :param company: the root company that wants to contact them
        :param partner_ids: ids of commercial partners
        :param date day: the day asked about
        :return: rows (dict) with ``id``, ``partner_id`` (commercial), ``person_id`` (who it was noted
            on), ``kind``, ``channel``, ``address`` (normalised), ``date_from``, ``date_until``,
            ``representative_id``, ``direct_contact_agreed``, ``weekdays``, ``hour_from``, ``hour_to``,
            ``place``, ``source``; the oldest first
        :rtype: list[dict]
        """
        self.flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT id, commercial_partner_id AS partner_id, partner_id AS person_id, kind, channel, address,
                       date_from, date_until, representative_id, COALESCE(direct_contact_agreed, FALSE)
                       AS direct_contact_agreed, weekdays, hour_from, hour_to, place, source
                  FROM collection_protection
                 WHERE commercial_partner_id = ANY(%(partners)s) AND active
                   AND date_from <= %(day)s AND (date_until IS NULL OR date_until >= %(day)s)
                   AND (company_id IS NULL OR company_id = %(company)s)
                 ORDER BY date_from, id
                """,
                partners=list(partner_ids),
                day=day,
                company=company.root_id.id,
            )
        )
