"""Who stands in for whom and until when, and which digest of the follow-up somebody wants."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .collection_digest import DIGEST_MODES, WEEKDAYS

COVER_FIELDS = ["collection_cover_id", "collection_away_from", "collection_away_until"]
DIGEST_FIELDS = ["collection_digest", "collection_digest_weekday"]


class ResUsers(models.Model):
    _inherit = "res.users"

    collection_cover_id = fields.Many2one(
        "res.users",
        string="Covered By",
        domain=[("share", "=", False)],
        help="While you are away, messages are signed by and activities go to this colleague.",
    )
    collection_away_from = fields.Date(string="Away From")
    collection_away_until = fields.Date(string="Away Until")
    collection_digest = fields.Selection(
        DIGEST_MODES,
        string="Follow-up Digest",
        help="A short e-mail in the morning: what left for your customers, what was held back and why, what needs "
        "you. Empty: as your company has it.",
    )
    collection_digest_weekday = fields.Selection(
        WEEKDAYS, string="Digest On", help="The day of a weekly digest. Empty: as your company has it."
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *COVER_FIELDS, *DIGEST_FIELDS]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, *COVER_FIELDS, *DIGEST_FIELDS]

    @api.constrains("collection_cover_id", "collection_away_from", "collection_away_until")
    def _check_collection_cover(self):
        for user in self:
            if user.collection_cover_id == user:
                raise ValidationError(self.env._("Choose a colleague to stand in for you, not yourself."))
            if user.collection_cover_id.share:
                raise ValidationError(self.env._("Only a colleague can stand in for you, not a portal user."))
            start, end = user.collection_away_from, user.collection_away_until
            if start and end and end < start:
                raise ValidationError(self.env._("The absence cannot end before it starts."))

    def _collection_stand_in(self, day):
        """Return who acts for the user on ``day``: the cover while away, else the user.

        :param date day: the day asked about
        """
        self.ensure_one()
        away = (
            self.collection_cover_id
            and self.collection_away_from
            and self.collection_away_from <= day
            and (not self.collection_away_until or day <= self.collection_away_until)
        )
        return self.collection_cover_id if away else self

    # === THE DIGEST === #

    def _collection_digest_choice(self):
        """Return which digest a user gets, one of `DIGEST_MODES`, and on which weekday a weekly one: Monday is 0."""
        self.ensure_one()
        company = self.company_id.root_id
        weekday = self.collection_digest_weekday or company.collection_digest_weekday
        return self.collection_digest or company.collection_digest, int(weekday)

    def _collection_zone(self):
        """Return the name of the time zone a user's mornings are counted in: his own, else his company's."""
        self.ensure_one()
        return self.tz or self.company_id._collection_zone()
