"""Gives the messages that came with an earlier version their place in the library."""

from odoo.tools import SQL

CODES = {
    "template_heads_up": "heads_up.warm",
    "template_friendly_reminder": "friendly_reminder.friendly",
    "template_check_in": "check_in.friendly",
    "template_help_offer": "help_offer.warm",
    "template_firm_reminder": "firm_reminder.firm",
    "template_formal_notice": "formal_notice.formal",
    "template_account_settled": "account_settled.warm",
    "template_opt_out_confirmation": "opt_out_confirmation.neutral",
}


def migrate(cr, version):
    """Turn a message nobody changed into the library's; one that was changed stays what it is, and in use."""
    if not version:
        return
    cr.execute(SQL("ALTER TABLE collection_template ADD COLUMN IF NOT EXISTS code varchar"))
    cr.execute(SQL("ALTER TABLE collection_template ADD COLUMN IF NOT EXISTS variant varchar"))
    cr.execute(SQL("UPDATE collection_template SET variant = 'A' WHERE variant IS NULL"))
    for name, code in CODES.items():
        cr.execute(
            SQL(
                """
                WITH shipped AS (
                    DELETE FROM ir_model_data
                     WHERE module = 'collections_relationship' AND model = 'collection.template' AND name = %s
                    RETURNING res_id
                ), adopted AS (
                    UPDATE collection_template t SET code = %s
                      FROM shipped
                     WHERE t.id = shipped.res_id AND t.write_date = t.create_date
                    RETURNING t.id
                )
                UPDATE collection_stage s SET template_id = NULL FROM adopted WHERE s.template_id = adopted.id
                """,
                name,
                code,
            )
        )
