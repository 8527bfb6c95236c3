"""Takes off the foreign keys that would be checked once per row written."""

from odoo.tools import SQL

KEYS = {
    "collection_item": ("line_id", "case_id"),
    "collection_case": ("policy_id", "stage_id", "next_stage_id"),
    "collection_case_event": ("case_id", "old_stage_id", "new_stage_id"),
}


def migrate(cr, version):
    """Drop the keys of references that are cleared in another way; see `fields.UncheckedMany2one`."""
    if not version:
        return
    for table, columns in KEYS.items():
        for column in columns:
            key = SQL.identifier(f"{table}_{column}_fkey")
            cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", SQL.identifier(table), key))
