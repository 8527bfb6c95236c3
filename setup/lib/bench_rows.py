"""Copies rows of Odoo's tables in bulk, for ledgers made up for the bench. Imported inside Odoo."""

from odoo.tools import SQL


def copy_rows(env, table, source, changes):
    """Insert copies of rows: each column as it is in the original, but for the changed ones.

    :param str table: also the alias of the original's row in `source` and `changes`
    :param SQL source: what stands after FROM
    :param dict changes: column to SQL expression
    """
    env.cr.execute(
        SQL(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema AND table_name = %s AND is_generated = 'NEVER'",
            table,
        )
    )
    columns = [name for (name,) in env.cr.fetchall() if name != "id" or "id" in changes]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s",
            SQL.identifier(table),
            SQL(", ").join(SQL.identifier(name) for name in columns),
            SQL(", ").join(changes.get(name) or SQL.identifier(table, name) for name in columns),
            source,
        )
    )
