"""What a payment was matched with, and why with that. Can be added to, never changed or deleted."""
from odoo import api, fields, models
from odoo.exceptions import UserError

BASES = [
    ("designated", "Named by the payer"),
    ("agreed", "As agreed"),
    ("statutory", "Legal order"),
    ("by_hand", "Chosen by a colleague"),
]


class CollectionAllocation(models.Model):
    _name = "collection.allocation"
    _description = "What a Payment Was Matched With"
    _order = "date desc, id desc"
    _rec_name = "document"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    date = fields.Datetime(string="Matched On", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True, ondelete="restrict")
    # Entries may be deleted one day; what was decided stays, in words.
    credit_line_id = fields.Many2one(
        "account.move.line", string="Payment", readonly=True, index="btree_not_null", ondelete="set null"
    )
    debt_line_id = fields.Many2one(
        "account.move.line", string="Journal Item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    partial_id = fields.Many2one("account.partial.reconcile", readonly=True, index="btree_not_null", ondelete="set null")
    payment = fields.Char(string="Payment No.", readonly=True, help="Number of the entry of the payment.")
    payment_words = fields.Char(string="The Payer Wrote", readonly=True)
    document = fields.Char(readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    proposed = fields.Monetary(readonly=True, help="What was proposed; a colleague may have chosen otherwise.")
    basis = fields.Selection(BASES, string="Why", required=True, readonly=True)
    pack_id = fields.Many2one(
        "collection.rule.pack", readonly=True, ondelete="set null", help="The rules that say the legal order, where they do."
    )
    arrangement_id = fields.Many2one(
        "collection.arrangement", readonly=True, index="btree_not_null", ondelete="set null", help="What it was agreed in."
    )
    stands = fields.Boolean(compute="_compute_stands", help="Not taken back since.")

    @api.depends("partial_id")
    def _compute_stands(self):
        for allocation in self:
            allocation.stands = bool(allocation.partial_id)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("What a payment was matched with is never rewritten. Match it anew instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a payment was matched with is never deleted."))

    @api.model
    def _action_open(self, domain):
        """Open the list of what payments were matched with."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Matched Payments"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": domain,
        }
