"""The offers and counter-offers of a negotiation: told apart, put side by side, answered by the office.

Also whether something it covers is, or soon will be, too old to be claimed.
"""
from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ..engine import agreement, limits

#: More offers side by side make it harder to choose.
MOST_ALTERNATIVES = 3
#: Versions shown side by side, the newest first.
VERSIONS_SHOWN = 4
#: An item whose time runs out within so many days is near it.
NEAR = timedelta(days=90)

#: Whose debts the rule packs are asked about; an amount that is owed since a day.
Whose = namedtuple("Whose", ["partner", "company"])
Owed = namedtuple("Owed", ["due", "residual"])


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    version_count = fields.Integer(compute="_compute_version_count", string="Offers")
    versions_html = fields.Html(compute="_compute_versions_html", string="Offers So Far", sanitize=False)
    limitation_warning = fields.Char(compute="_compute_limitation_warning")

    # === VERSIONS === #

    def _versions(self):
        """Return all offers and counter-offers of the negotiation, the newest first."""
        self.ensure_one()
        return self.search([("negotiation_id", "=", self.negotiation_id.id)], order="id desc")

    def _was_shown(self):
        """Tell whether the customer knows of it: it was put before him, he proposed it, or it is agreed."""
        self.ensure_one()
        return bool(
            self.date_offered
            or self.started_on
            or (self.proposed_by == "customer" and self.state != "draft")
        )

    @api.depends("negotiation_id")
    def _compute_version_count(self):
        counts = dict(
            self._read_group([("negotiation_id", "in", self.negotiation_id.ids)], ["negotiation_id"], ["__count"])
        )
        for arrangement in self:
            arrangement.version_count = counts.get(arrangement.negotiation_id, 1)

    @api.depends("negotiation_id", "state")
    @api.depends_context("lang")
    def _compute_versions_html(self):
        for arrangement in self:
            versions = arrangement._versions() if arrangement.negotiation_id else arrangement
            arrangement.versions_html = arrangement._render_versions(versions[:VERSIONS_SHOWN]) if len(versions) > 1 else False

    def _render_versions(self, versions):
        """Return offers side by side, as HTML: who proposed what and what became of it."""
        speech = self._speech(self.env.lang or "en_US")
        states = dict(self._fields["state"]._description_selection(speech.env))
        return self.env["ir.qweb"]._render(
            "collections_relationship.arrangement_versions",
            {
                "versions": [
                    {
                        "record": version,
                        "terms": version._terms(speech),
                        "state": states[version.state],
                        "is_current": version == self,
                    }
                    for version in versions
                ],
                "rows": max(len(version.line_ids) for version in versions),
            },
        )

    # === SIDE BY SIDE === #

    def action_add_alternative(self):
        """Put another offer beside this one; the customer chooses one of them."""
        self._check_may_agree()
        self.ensure_one()
        if self.proposed_by != "company" or self.state not in ("draft", "offered"):
            raise UserError(self.env._("Only beside an offer of ours that stands, or is being written, can another be put."))
        beside = self._beside()
        if len(beside) >= MOST_ALTERNATIVES:
            raise UserError(self._words_too_many())
        beside.sudo().is_alternative = True  # says how they stand together, changes nothing of what is offered
        draft = self._counter(
            {
                "is_alternative": True,
                **self._terms_again(),
            },
            fields.Datetime.now(),
            "company",
        )
        return draft.with_env(self.env)._get_records_action()

    def _beside(self):
        """Return the offers of ours that stand, or are being written, in the negotiation; this one too."""
        return self.sudo()._versions().filtered(
            lambda version: version.proposed_by == "company"
            and version.state in ("draft", *agreement.STANDING)
            and (version.is_alternative or version == self)
        )

    def _terms_again(self):
        """Return what another version of ours starts from: the same payments, to be changed by hand."""
        ours = self if self.proposed_by == "company" or not self.replaces_id else self.replaces_id
        return {
            "acknowledges": ours.acknowledges,
            "rhythm": "own",
            "line_ids": [fields.Command.create({"date": line.date, "amount": line.amount}) for line in self.line_ids],
        }

    def _words_too_many(self):
        return self.env._("At most %s offers stand side by side, so that the customer can choose easily.", MOST_ALTERNATIVES)

    def _offer(self, now, origin="office", note=False):
        """Refuse a fourth offer side by side."""
        if self.is_alternative:
            same = self._beside().filtered(
                lambda version: version != self
                and version.state in agreement.STANDING
                and version._terms_fingerprint() == self._terms_fingerprint()
            )
            if same:
                raise UserError(self.env._("%s offers the same already. Change a day or an amount.", same[0].name))
            standing = self._beside().filtered(lambda version: version.state in agreement.STANDING)
            if len(standing | self) > MOST_ALTERNATIVES:
                raise UserError(self._words_too_many())
        return super()._offer(now, origin, note)

    # === OUR COUNTER-OFFER === #

    def action_counter(self):
        """Answer what stands with another offer; it is a draft until it is offered."""
        self._check_may_agree()
        self.ensure_one()
        draft = self._counter(self._terms_again(), fields.Datetime.now(), "company")
        return draft.with_env(self.env)._get_records_action()

    # === ITS PAGE AND ITS PAPER === #

    def action_open_page(self):
        """Open the page as the customer sees it; reading it is not noted, answering needs his code."""
        self._check_may_agree()
        return {"type": "ir.actions.act_url", "url": self._page_path(), "target": "new"}

    def action_print_paper(self):
        """Download the agreement as PDF."""
        self._check_may_agree()
        return {"type": "ir.actions.act_url", "url": f"/web/content/{self._paper().id}?download=true", "target": "self"}

    # === TOO OLD TO BE CLAIMED === #

    def _limitation_days(self):
        """Return for each covered journal item the first day on which it might be too old to be claimed.

        Only what the rule packs of the customer say; without a word of theirs, nothing.

        :rtype: dict[account.move.line, datetime.date]
        """
        statements = self.env["collection.statement"].sudo()
        days = {}
        for arrangement in self.filtered("partner_id"):
            whose = Whose(arrangement.partner_id, arrangement.company_id.root_id)
            years = statements._limitation_years([whose]).get(arrangement.partner_id.id)
            for line in arrangement.item_ids.line_id if years else ():
                days[line] = statements._limit_day(Owed(line.date_maturity or line.date, 1), years)
        return days

    def _limitation_state(self):
        """Return 'past' where something it covers may be too old to be claimed, 'near' where it soon will be, or ''."""
        self.ensure_one()
        days = self._limitation_days().values()
        today = self._today(fields.Datetime.now())
        if any(day <= today for day in days):
            return "past"
        return "near" if any(day <= today + NEAR for day in days) else ""

    def _beyond(self, now):
        """Let a second person look at what may be too old to be claimed: a lawyer, or whoever decides."""
        today = self._today(now)
        old = [(line, day) for line, day in self._limitation_days().items() if day <= today]
        return (*super()._beyond(now), *(limits.Beyond("limitation", (today - day).days, 0, line.id) for line, day in old))

    def _beyond_sentence(self, one, item):
        if one.code == "limitation":
            return self.env._(
                "%s may be too old to be claimed in court. Have a lawyer look at it before the customer says yes.",
                item.move_id.name or "",
            )
        return super()._beyond_sentence(one, item)

    @api.depends("item_ids.line_id", "partner_id", "company_id", "acknowledges")
    @api.depends_context("lang")
    def _compute_limitation_warning(self):
        for arrangement in self:
            arrangement.limitation_warning = arrangement._words_on_limitation()

    def _words_on_limitation(self):
        days = self._limitation_days()
        today = self._today(fields.Datetime.now())
        old = [line for line, day in days.items() if day <= today + NEAR]
        if not old:
            return False
        first = min(old, key=days.get)
        values = {"invoice": first.move_id.name or first.display_name, "day": format_date(self.env, days[first])}
        if days[first] > today:
            return self.env._(
                "%(invoice)s may be too old to be claimed in court from %(day)s on. A yes of the customer that confirms the "
                "debt lets that time begin anew in many countries.",
                **values,
            )
        return self.env._(
            "%(invoice)s may be too old to be claimed in court since %(day)s. Ask a lawyer before you offer anything: in "
            "some countries the customer must be told so. Our page tells him that he may owe it no longer.",
            **values,
        )

    @api.constrains("is_alternative", "proposed_by")
    def _check_alternative(self):
        if self.filtered(lambda version: version.is_alternative and version.proposed_by != "company"):
            raise ValidationError(self.env._("Only our own offers stand side by side."))
