"""A change of limits that waits for a second person, or did."""
from odoo import fields, models
from odoo.tools import plaintext2html


class CollectionLimitChange(models.Model):
    _name = "collection.limit.change"
    _description = "Change of Limits"
    _order = "id desc"
    _rec_name = "limit_id"

    limit_id = fields.Many2one("collection.limit", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="limit_id.company_id", store=True, index=True)
    date = fields.Datetime(string="Proposed On", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Proposed By", required=True, readonly=True, ondelete="restrict")
    values = fields.Json(readonly=True, help="What will be written.")
    summary = fields.Text(string="What Changes", readonly=True, help="Before and after, as it was proposed.")
    state = fields.Selection(
        [("waiting", "Waits for a Second Person"), ("confirmed", "Confirmed"), ("withdrawn", "Taken Back")],
        required=True,
        default="waiting",
        readonly=True,
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", string="Second Person", readonly=True, ondelete="restrict")
    decided_on = fields.Datetime(readonly=True)

    _one_waits = models.UniqueIndex(
        "(limit_id) WHERE state = 'waiting'", "A change of these limits waits already. Confirm it or take it back first."
    )

    def _confirm(self, now):
        """Let the change take effect. Whoever calls has checked that this is a second person."""
        self.ensure_one()
        limit = self.limit_id
        limit._check_second_person()
        limit.sudo().write(self.values)
        self.sudo().write({"state": "confirmed", "decided_by_id": self.env.uid, "decided_on": now})
        limit.message_post(
            body=plaintext2html(
                self.env._(
                    "Changed by %(first)s, confirmed by %(second)s:\n%(change)s",
                    first=self.user_id.name,
                    second=self.env.user.name,
                    change=self.summary,
                )
            )
        )

    def _withdraw(self, now):
        """Drop changes that wait."""
        self.write({"state": "withdrawn", "decided_by_id": self.env.uid, "decided_on": now})
