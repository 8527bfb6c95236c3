"""Who stands in for whom, and until when."""
from odoo import fields, models


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
