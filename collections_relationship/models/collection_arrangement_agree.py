"""'Agree on something': from an invoice, a case or a customer to the draft of an arrangement."""
from odoo import api, models
from odoo.exceptions import UserError


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    @api.model
    def _action_agree(self, lines, amount=0.0, values=None):
        """Open a new arrangement about these journal items of one customer: ready to be filled in.

        Each currency needs one of its own: their windows come one after the other, and nothing is written before.

        :param lines: receivable `account.move.line`
        :param amount: how much of it the customer named: the oldest is covered first; 0: all of it
        :param dict values: more of the draft, such as its day
        :raise UserError: where nothing of it can be agreed on, and why
        """
        self._check_may_agree()
        open_lines = self._agreeable(lines)
        first = next(iter(open_lines.grouped("currency_id").values()))
        return {
            **self._action_window(),
            "context": {
                **{f"default_{name}": value for name, value in {**self._draft_values(first, amount), **(values or {})}.items()},
                "collection_more_lines": (open_lines - first).ids,
            },
        }

    @api.model
    def _action_window(self):
        """Return the action that opens the window 'Agree on something'."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agree on Something"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(self.env.ref("collections_relationship.view_collection_arrangement_agree_form").id, "form")],
            "target": "new",
        }

    def _action_more(self):
        """Return the action that opens the window for what is left in other currencies; nothing where nothing is."""
        lines = self.env["account.move.line"].browse(self.env.context.get("collection_more_lines") or ()).exists()
        left = lines.filtered(lambda line: line.currency_id.compare_amounts(line.amount_residual_currency, 0) > 0)
        return self._action_agree(left) if left else None

    @api.model
    def _agreeable(self, lines):
        """Return those of these journal items that are open and under no arrangement yet, of one customer."""
        lines = lines.filtered(
            lambda line: line.account_type == "asset_receivable"
            and line.parent_state == "posted"
            and line.currency_id.compare_amounts(line.amount_residual_currency, 0) > 0
        )
        if not lines:
            raise UserError(self.env._("Nothing of it is open: it is paid, or not confirmed yet."))
        if len(lines.partner_id.commercial_partner_id) > 1:
            raise UserError(self.env._("Choose invoices of one customer: each customer agrees for himself."))
        if len(lines.company_id.root_id) > 1:
            raise UserError(self.env._("Choose invoices of one company: each company agrees for itself."))
        running = self.env["collection.arrangement.item"].search(
            [("line_id", "in", lines.ids), ("is_running", "=", True)]
        )
        free = lines - running.line_id
        if not free:
            raise UserError(
                self.env._(
                    "All that is open is agreed on already, see %s. Change that one, or end it first.",
                    ", ".join(running.arrangement_id.mapped("name")),
                )
            )
        return free

    @api.model
    def _draft_values(self, lines, amount=0.0):
        """Return the values of a draft about journal items of one customer and currency.

        :param amount: how much of them it covers, the oldest first; 0, or more than is open: all of it
        """
        currency = lines.currency_id
        covered = {}
        if not currency.is_zero(amount):
            for line in lines.sorted("date_maturity"):
                covered[line.id] = min(line.amount_residual_currency, currency.round(amount - sum(covered.values())))
                if currency.compare_amounts(sum(covered.values()), amount) >= 0:
                    break
        return {
            "partner_id": lines.partner_id.commercial_partner_id.id,
            "company_id": lines.company_id.root_id.id,
            "currency_id": lines.currency_id.id,
            "item_ids": self._values_of(lines.browse(covered) or lines, covered),
            "date_start": False,
        }

    def _action_show(self):
        """Open these arrangements: the one there is, else their list."""
        if len(self) == 1:
            return self._get_records_action()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("collections_relationship.action_collection_arrangement"),
            "domain": [("id", "in", self.ids)],
            "context": {},
        }
