"""How a company's letters look: the envelope they go into."""
from odoo import fields, models

from ..engine import paper


class ResCompany(models.Model):
    _inherit = "res.company"

    collection_letter_window = fields.Selection(
        [("left", "On the Left (DL, C5/6)"), ("right", "On the Right (DL)"), ("us", "US Number 10")],
        string="Envelope Window",
        help="Where the window of your envelopes is. Empty: as usual in the company's country.",
    )

    def _collection_window(self):
        """Return where things stand on the company's letters.

        :rtype: engine.paper.Window
        """
        self.ensure_one()
        usual = paper.usual_window(self.country_id.code or self.root_id.sudo().country_id.code or "")
        return paper.WINDOWS[self.collection_letter_window or usual]
