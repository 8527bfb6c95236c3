"""Joins the follow-up of customers who turn out to be one. Loses nothing of the log, asks for nothing."""
from odoo import api, models
from odoo.tools import SQL

from .collection_step import PENDING_STATES


class CollectionCase(models.Model):
    _inherit = "collection.case"

    @api.model
    def _move_to_customer(self, sources, customer, now):
        """Give `customer` the cases, items, steps and the log of `sources`, who are the same customer.

        Where several have an open case in one company, one of them takes in the others: at most one
        stays open. Whoever calls has checked that the customers may be merged.

        :param sources: partners whose follow-up moves
        :param customer: partner that gets it
        :param datetime now: naive UTC
        """
        env = self.sudo().with_context(active_test=False, tracking_disable=True).env
        env.flush_all()
        cases = env["collection.case"].search([("partner_id", "in", (sources | customer).ids)], order="date_opened, id")
        for open_cases in cases.filtered(lambda case: case.state == "open").grouped("company_id").values():
            kept = (open_cases.filtered(lambda case: case.partner_id == customer) or open_cases)[0]
            (open_cases - kept)._join(kept, now)
        env["collection.contact"]._open_log()
        for table in (
            "collection_case",
            "collection_contact",
            "collection_item",
            "collection_step",
            "collection_arrangement",
            "collection_arrangement_line",
            "collection_allocation",
            "collection_final_payment",
        ):
            env.cr.execute(
                SQL(
                    "UPDATE %s SET partner_id = %s WHERE partner_id = ANY(%s)",
                    SQL.identifier(table),
                    customer.id,
                    sources.ids,
                )
            )
        env["collection.contact"]._close_log()
        env.invalidate_all()
        env["collection.dirty"]._mark(customer.ids)

    def _join(self, kept, now):
        """Move what hangs on these open cases to `kept` and close them.

        What they had planned is cancelled: the next night decides anew about everything together.
        """
        if not self:
            return
        self.step_ids.filtered(lambda step: step.state in PENDING_STATES)._cancel("outdated")
        unread = list(filter(None, (self | kept).mapped("reply_unread_since")))
        asked = list(filter(None, (self | kept).mapped("last_asked")))
        kept.write(
            {
                "reply_unread_since": min(unread, default=False),
                "last_asked": max(asked, default=False),
            }
        )
        self.write({"state": "closed", "date_closed": now, "next_stage_id": False, "next_step_date": False})
        self._move_documents(kept)
        self.env.flush_all()
        self._move_rows(kept)
        self.env["collection.case.event"].create(
            [
                {"case_id": kept.id, "moment": now, "kind": "joined", "amount_overdue": kept.amount_overdue},
                *({"case_id": case.id, "moment": now, "kind": "closed", "amount_overdue": 0} for case in self),
            ]
        )
        self.env.invalidate_all()

    def _move_documents(self, kept):
        """Move messages, files and activities."""
        for model, column in (("mail.message", "model"), ("ir.attachment", "res_model"), ("mail.activity", "res_model")):
            records = self.env[model].search([(column, "=", self._name), ("res_id", "in", self.ids)])
            records.write({"res_id": kept.id})

    def _move_rows(self, kept):
        """Move items, steps and the log; rounds of the joined cases follow those of `kept`."""
        for case in self:
            [(rounds,)] = self.env.execute_query(
                SQL(
                    """
                    SELECT GREATEST(c.round_count, (SELECT max(round) FROM collection_step WHERE case_id = c.id))
                      FROM collection_case c
                     WHERE c.id = %s
                    """,
                    kept.id,
                )
            )
            self.env.cr.execute(
                SQL(
                    """
                    WITH items AS (
                        UPDATE collection_item
                           SET case_id = %(kept)s, round = CASE WHEN round > 0 THEN round + %(rounds)s ELSE 0 END
                         WHERE case_id = %(case)s
                    ), steps AS (
                        UPDATE collection_step SET case_id = %(kept)s, round = round + %(rounds)s + 1
                         WHERE case_id = %(case)s
                    )
                    UPDATE collection_case SET round_count = %(rounds)s + %(count)s WHERE id = %(kept)s
                    """,
                    kept=kept.id,
                    case=case.id,
                    rounds=rounds or 0,
                    count=case.round_count,
                )
            )
        self.env["collection.contact"]._open_log()
        self.env.cr.execute(
            SQL("UPDATE collection_contact SET case_id = %s WHERE case_id = ANY(%s)", kept.id, self.ids)
        )
        self.env["collection.contact"]._close_log()
