"""Letters to print: asks the gate and the ledger again, logs what is right, makes one PDF."""
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .collection_step_act import LOCK_CASE

#: Letters somebody still has to print.
LETTERS_TO_PRINT = [("channel", "=", "letter"), ("state", "=", "to_do")]


class CollectionStep(models.Model):
    _inherit = "collection.step"

    letter_batch_id = fields.Many2one(
        "collection.letter.batch", string="Printed With", readonly=True, index="btree_not_null", ondelete="set null"
    )
    waiting_days = fields.Integer(
        string="Waits", compute="_compute_waiting_days", aggregator=None, help="Days since it was to be done."
    )

    @api.depends("date_planned")
    def _compute_waiting_days(self):
        days = self.company_id._collection_days(fields.Datetime.now())
        for step in self:
            planned = step.company_id._collection_today(step.date_planned) if step.date_planned else None
            step.waiting_days = max((days[step.company_id] - planned).days, 0) if planned else 0

    def action_print_all_letters(self):
        """Print all letters that wait, of those the list shows."""
        shown = Domain(self.env.context.get("active_domain") or Domain.TRUE)
        return self.search(shown & Domain(LETTERS_TO_PRINT)).action_print_letters()

    def action_print_letters(self):
        """Print these letters, and show what came of it."""
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only people who work with invoices may print letters."))
        self.check_access("read")
        if not self:
            raise UserError(self.env._("There is no letter to print."))
        # Nobody writes steps or the log directly; group and reading were checked above.
        batches, left_out = self.sudo()._print_letters(fields.Datetime.now())
        return self._action_printed(batches.sudo(False), left_out)

    def _action_printed(self, batches, left_out):
        """Return the action that shows what was printed."""
        if not batches:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "sticky": True,
                    "title": self.env._("Nothing was printed"),
                    "message": "\n".join(
                        f"{self.browse(row['step']).partner_id.name}: {batches._why(row)}" for row in left_out
                    ),
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        action = self.env["ir.actions.actions"]._for_xml_id("collections_relationship.action_collection_letter_batch")
        if len(batches) == 1:
            return {**action, "views": [(False, "form")], "res_id": batches.id}
        return {**action, "domain": [("id", "in", batches.ids)]}

    def _print_letters(self, now):
        """Print letters whoever calls may print; those no longer right are left out.

        Commits once on its way, before it looks at the ledger for the last time: what it then logs and the
        PDF are one transaction. If anything fails, nothing counts as printed.

        :param datetime now: naive UTC
        :return: tuple (`collection.letter.batch`, one per company; rows of what was left out, as the batch has them)
        """
        wanted = self._in_print_order()
        wanted.filtered(lambda step: step.state == "to_do")._mark_refreshed(now)
        held = wanted._lock_letters()
        ready = held._recheck(now)._in_print_order()
        rendered = ready._render_safely(now)
        done = ready.browse(rendered)._done_by_hand(now, rendered)._in_print_order()
        left_out = (wanted - done)._why_left_out(held)
        batches = self.env["collection.letter.batch"]
        for company, letters in done.grouped("company_id").items():
            own = [row for row in left_out if self.browse(row["step"]).company_id == company]
            batch = batches.create(
                {
                    "date": now,
                    "user_id": self.env.uid,
                    "company_id": company.id,
                    "letter_count": len(letters),
                    "left_out": own,
                    "left_out_count": len(own),
                }
            )
            letters.write({"letter_batch_id": batch.id})
            batch.pdf = letters.with_company(company)._letters_pdf_base64(rendered, now)
            batches |= batch
        return batches, left_out

    def _in_print_order(self):
        """Return the letters as the post wants them: by sender, those within the country first, by postcode."""
        return self.sorted(
            lambda step: (
                step.company_id.id,
                step._speaker().id,
                step.recipient_id.country_id != step._speaker().country_id,
                step.recipient_id.country_id.code or "",
                step.recipient_id.zip or "",
                step.partner_id.name or "",
                step.id,
            )
        )

    def _lock_letters(self):
        """Return the letters that still wait and nobody else is printing or sending; hold their cases till the end.

        The locks go with the transaction: whoever comes second finds the letters printed.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH letter AS MATERIALIZED (
                    SELECT id, case_id FROM collection_step
                     WHERE id = ANY(%s) AND channel = 'letter' AND state = 'to_do'
                )
                SELECT id FROM letter WHERE pg_try_advisory_xact_lock(%s, case_id)
                """,
                self.ids,
                LOCK_CASE,
            )
        )
        return self.browse([step_id for (step_id,) in rows])

    def _why_left_out(self, held):
        """Return rows that say why these letters were not printed.

        :param held: the letters this worker could lock
        """
        return [{"step": step.id, "partner": step.partner_id.id, **step._why_not_printed(step in held)} for step in self]

    def _why_not_printed(self, is_held):
        if self.state == "sent":
            return {"code": "printed"}
        if self.state == "cancelled":
            return {"code": self.cancel_code}
        moved = (self.reason or {}).get("moved") or []
        if is_held and moved:
            return {"code": moved[-1]["code"], "until": moved[-1]["to"]}
        return {"code": "outdated" if is_held else "being_printed"}
