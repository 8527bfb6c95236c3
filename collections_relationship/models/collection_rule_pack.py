"""The rules of one jurisdiction or house, for the guard: shipped as files, or a manager's own.

Holds the text of a pack and what it says about itself. What the rules mean is in `engine/pack.py`.
"""
import logging

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import babel_locale_parse, get_lang

from ..engine import pack
from ..engine.pack_parts import HONOURS

_logger = logging.getLogger(__name__)

BASES = [("law", "Law"), ("guidance", "Guidance"), ("default", "Our Default")]
MARKS = [("yes", "In the Source"), ("secondary", "In a Report"), ("no", "Not Checked")]


class CollectionRulePack(models.Model):
    _name = "collection.rule.pack"
    _description = "Rule Pack"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short and unique, such as us_reg_f. Reasons and logs name the pack by it.")
    active = fields.Boolean(default=True, tracking=True, help="An archived pack is neither proposed nor applied.")
    sequence = fields.Integer(default=10)
    is_shipped = fields.Boolean(
        string="Shipped", readonly=True, help="Comes with the add-on and is brought up to date with it. Copy it to change it."
    )
    definition = fields.Text(
        required=True,
        tracking=True,
        help="The rules as text. The guide to rule packs says what each word means.",
    )
    basis = fields.Selection(BASES, compute="_compute_summary", store=True)
    verified = fields.Selection(MARKS, string="Checked", compute="_compute_summary", store=True)
    review_date = fields.Date(compute="_compute_summary", store=True, help="When somebody should read the law again.")
    effective_from = fields.Date(compute="_compute_summary", store=True, help="Before this day the rules do not bind.")
    source = fields.Char(compute="_compute_summary", store=True)
    own_name = fields.Char(
        compute="_compute_summary_text", help="What the text of the rules calls itself; verdicts name that, or its source."
    )
    notes = fields.Text(compute="_compute_summary", store=True, help="What to know before relying on the pack.")
    summary = fields.Text(string="What It Says", compute="_compute_summary_text")
    is_due_for_review = fields.Boolean(compute="_compute_is_due_for_review", search="_search_is_due_for_review")

    _code_unique = models.UniqueIndex("(code)", "There is already a rule pack with this code. Choose another code.")

    @api.depends("definition", "code")
    def _compute_summary(self):
        for record in self:
            try:
                rules = pack.parse(record.definition or "", record.code or "")
            except pack.PackError:
                # `_check_definition` tells the user what is wrong.
                record.basis = record.verified = record.review_date = record.effective_from = False
                record.source = record.notes = False
                continue
            record.basis = rules.basis
            record.verified = rules.verified
            record.review_date = rules.review_date
            record.effective_from = rules.effective_from
            record.source = rules.source
            record.notes = rules.notes

    @api.depends("definition", "code")
    @api.depends_context("lang")
    def _compute_summary_text(self):
        for record in self:
            try:
                rules = pack.parse(record.definition or "", record.code or "")
            except pack.PackError:
                record.summary = record.own_name = False
                continue
            record.own_name = rules.name if rules.name != record.code else False
            record.summary = "\n".join(record._describe_rules(rules))

    def _describe_rules(self, rules):
        """Return the rules of a pack as sentences for people, one per rule."""
        sentences = []
        if rules.hours:
            sentences += self._describe_hours(rules.hours)
        if rules.holidays:
            sentences.append(self.env._("Not on public holidays: %s.", self._name_channels(rules.holidays.channels)))
        sentences += [
            self.env._(
                "At most %(limit)s within %(days)s days: %(channels)s.",
                limit=cap.limit,
                days=cap.days,
                channels=self._name_channels(cap.count),
            )
            for cap in rules.caps
        ]
        if rules.cooldown:
            sentences.append(
                self.env._(
                    "For %(days)s days after a conversation, its day included, none of: %(channels)s.",
                    days=rules.cooldown.days,
                    channels=self._name_channels(rules.cooldown.apply),
                )
            )
        if rules.notice_wait:
            sentences.append(self.env._("A written notice first, then %s days to read it.", rules.notice_wait.days))
        labels = self.env["collection.guard"]._reason_labels()
        heeded = [labels[HONOURS[honour.kind].reason.lower()] for honour in rules.honours]
        return [*sentences, *(self.env._("Heeded: %s", words) for words in heeded)]

    def _describe_hours(self, hours):
        """Return one sentence for each group of channels that are open at the same times."""
        by_week = {}
        for channel, week in hours.by_channel.items():
            by_week.setdefault(week, []).append(channel)
        return [
            self.env._(
                "%(channels)s: %(week)s.", channels=self._name_channels(channels), week=self._describe_week(week)
            )
            for week, channels in by_week.items()
        ]

    def _describe_week(self, week):
        """Return the opening times of Monday to Sunday, days that are alike said once."""
        names = babel_locale_parse(get_lang(self.env).code).days["format"]["abbreviated"]
        parts, start = [], 0
        for day in range(1, len(week) + 1):
            if day < len(week) and week[day] == week[start]:
                continue
            days = names[start] if day - 1 == start else f"{names[start]}-{names[day - 1]}"
            times = ", ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in week[start])
            parts.append(f"{days} {times}" if times else self.env._("%s not at all", days))
            start = day
        return "; ".join(parts)

    def _name_channels(self, channels):
        names = dict(self.env["collection.contact"]._fields["channel"]._description_selection(self.env))
        return ", ".join(names[channel] for channel in names if channel in channels)

    @api.depends("review_date")
    def _compute_is_due_for_review(self):
        today = fields.Date.context_today(self)
        for record in self:
            record.is_due_for_review = bool(record.review_date) and record.review_date <= today

    def _search_is_due_for_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = [("review_date", "<=", fields.Date.context_today(self))]
        return domain if True in value else ["!", *domain]

    @api.onchange("definition")
    def _onchange_definition(self):
        """Take over the name the text has where none was typed; what was typed stays."""
        self.name = self.name or self.own_name

    @api.constrains("definition", "code")
    def _check_definition(self):
        for record in self:
            try:
                pack.parse(record.definition, record.code)
            except pack.PackError as error:
                raise ValidationError(
                    self.env._("The rules of “%(pack)s” cannot be read: %(problem)s", pack=record.name, problem=error)
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        if vals.keys() & {"definition", "code", "name"} and not self.env.context.get("collection_loads_packs"):
            self._check_is_own()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _check_is_own(self):
        """Refuse to change what an update of the add-on would overwrite."""
        if any(record.is_shipped for record in self):
            raise UserError(
                self.env._("A shipped pack is brought up to date with the add-on. Copy it and change the copy.")
            )

    def copy_data(self, default=None):
        return [
            dict(vals, name=self.env._("%s (copy)", record.name), code=f"{record.code}_copy", is_shipped=False)
            for record, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.model
    def _load_shipped(self):
        """Bring the shipped packs up to date with their files; called at each installation and update."""
        records = self.with_context(active_test=False, collection_loads_packs=True).search(
            [("code", "!=", False)]
        )
        by_code = records.grouped("code")
        missing = []
        shipped = pack.shipped()
        for code, rules in shipped.items():
            vals = {
                "name": rules.name,
                "definition": (pack.PACKS / f"{code}.json").read_text(encoding="utf-8"),
                "is_shipped": True,
            }
            if code in by_code and not by_code[code].is_shipped:
                _logger.warning("The house has a rule pack %s of its own; the shipped one of that code is left out.", code)
            elif code in by_code:
                by_code[code].write(vals)
            else:
                missing.append(dict(vals, code=code))
        records |= self.create(missing)
        # Their names are translated by these identifiers. A pack no longer shipped stays: contacts rely on it.
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"collections_relationship.rule_pack_{code}", "record": record, "noupdate": True}
                for code, record in records.grouped("code").items()
                if code in shipped and record.is_shipped
            ]
        )

    @api.model
    @tools.ormcache()
    def _compiled(self):
        """Return the packs in use, made ready for the guard, by id."""
        records = self.sudo().with_context(lang="en_US").search([("active", "=", True)])
        return {record.id: pack.parse(record.definition, record.code, record.name) for record in records}

    @api.model
    def _ids_by_code(self):
        return {rules.code: pack_id for pack_id, rules in self._compiled().items()}


def _clock(minutes):
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
