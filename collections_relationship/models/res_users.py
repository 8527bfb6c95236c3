"""Who stands in for whom, and until when."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

COVER_FIELDS = ["collection_cover_id", "collection_away_from", "collection_away_until"]


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

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *COVER_FIELDS]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, *COVER_FIELDS]

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
