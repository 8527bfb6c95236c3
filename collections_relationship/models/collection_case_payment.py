"""Money of the customer that nobody has matched yet, on the case; and what was matched."""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class CollectionCase(models.Model):
    _inherit = "collection.case"

    unmatched_text = fields.Text(
        string="Payments Not Matched Yet", compute="_compute_unmatched_text", help="One line for each, with what came with it."
    )
    allocation_count = fields.Integer(string="Matched Payments", compute="_compute_allocation_count")

    @api.depends("partner_id", "company_id", "state")
    def _compute_unmatched_text(self):
        self.unmatched_text = ""
        for company, cases in self.filtered(lambda case: case.state == "open").grouped("company_id").items():
            money = self.env["account.move.line"]._collection_open_credits(cases.partner_id, company)
            of_customer = money.grouped(lambda line: line.partner_id.commercial_partner_id)
            for case in cases:
                case.unmatched_text = "\n".join(map(self._describe_credit, of_customer.get(case.partner_id, money.browse())))

    @api.model
    def _describe_credit(self, credit):
        """Return in a line what money waits, and what came with it."""
        return self.env._(
            "%(amount)s of %(day)s: %(words)s",
            amount=credit.currency_id.format(credit._collection_credit_left()),
            day=format_date(self.env, credit.date, date_format="medium"),
            words=credit._collection_payment_words(),
        )

    @api.depends("partner_id", "company_id")
    def _compute_allocation_count(self):
        groups = self.env["collection.allocation"]._read_group(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)],
            ["partner_id", "company_id"],
            ["__count"],
        )
        counts = {(partner, company): count for partner, company, count in groups}
        for case in self:
            case.allocation_count = counts.get((case.partner_id, case.company_id), 0)

    def action_match_payment(self):
        """Open 'Match This Payment' for what the customer paid and nobody has matched."""
        self.ensure_one()
        return self.env["collection.match.payment"]._action_open(self.partner_id, self.company_id)

    def action_open_allocations(self):
        self.ensure_one()
        return self.env["collection.allocation"]._action_open(
            [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]
        )

    def action_mark_reply_read(self):
        """A payment marked as full and final is not merely read: what it is must be decided."""
        noticed = self.env["collection.final.payment"].search(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)]
        )
        waiting = noticed._waiting().filtered(lambda payment: payment._cases() & self)[:1]
        if waiting:
            raise UserError(
                self.env._(
                    "%(customer)s marked a payment of %(amount)s as full and final (“%(words)s”). "
                    "Press “Match payment” and decide what it is; the follow-up waits until then.",
                    customer=waiting.partner_id.display_name,
                    amount=waiting.currency_id.format(waiting.amount),
                    words=waiting.words,
                )
            )
        return super().action_mark_reply_read()
