"""Customers whose items must be looked at again before the night.

Append-only on purpose: under REPEATABLE READ an upsert against a row that another booking writes
at the same moment would make that booking fail. Doubles are cheap, a blocked payment is not.
"""
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL


class CollectionDirty(models.Model):
    _name = "collection.dirty"
    _description = "Customer to Refresh"
    _log_access = False

    # No foreign key: a row about a partner deleted meanwhile is harmless, a lock on it is not.
    partner_id = fields.Integer(required=True)
    moment = fields.Datetime(required=True)

    @contextmanager
    def _marking(self, records, is_watched):
        """Mark the customers of records that are being written: those before, and those after.

        :param records: of a model with `_collection_partner_ids`
        :param is_watched: whether what is written can change what may be asked for
        """
        before = records._collection_partner_ids() if is_watched else []
        yield
        if is_watched:
            self._mark([*before, *records._collection_partner_ids()])

    @api.model
    def _mark(self, partner_ids):
        """Note that these commercial partners must be refreshed, and wake the scheduled action.

        :param partner_ids: ids of commercial partners; falsy ids are left out
        """
        partner_ids = sorted({partner_id for partner_id in partner_ids if partner_id})
        if not partner_ids or self.env.context.get("collection_no_dirty"):
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO collection_dirty (partner_id, moment) SELECT unnest(%s), now() AT TIME ZONE 'UTC'",
                partner_ids,
            )
        )
        cron = self.env.ref("collections_relationship.ir_cron_refresh", raise_if_not_found=False)
        if cron and not self.env.cr.precommit.data.get("collections_relationship.triggered"):
            self.env.cr.precommit.data["collections_relationship.triggered"] = True
            cron.sudo()._trigger()  # waking it is all that happens
