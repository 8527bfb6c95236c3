"""'Agree on something': from an invoice, a case or a customer to the draft of an arrangement."""
from odoo import api, models
from odoo.exceptions import UserError


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    @api.model
    def _action_agree(self, lines, amount=0.0, values=None):
        """Open a new arrangement about these journal items of one customer: ready to be filled in.

        In several currencies each needs one of its own: the drafts are made together and listed.

        :param lines: receivable `account.move.line`
        :param amount: how much of it the customer named: the oldest is covered first; 0: all of it
        :param dict values: more of the draft, such as its day
        :raise UserError: where nothing of it can be agreed on, and why
        """
        self._check_may_agree()
        open_lines = self._agreeable(lines)
        groups = open_lines.grouped("currency_id")
        vals_list = [{**self._draft_values(own, amount), **(values or {})} for own in groups.values()]
        if len(vals_list) > 1:
            drafts = self.create(vals_list)
            for draft in drafts:
                draft._plan_lines()
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("One for Each Currency"),
                "res_model": self._name,
                "view_mode": "list,form",
                "domain": [("id", "in", drafts.ids)],
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agree on Something"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(self.env.ref("collections_relationship.view_collection_arrangement_agree_form").id, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in vals_list[0].items()},
        }

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
                    "All of it is agreed on already, see %s. Change that one, or end it first.",
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
