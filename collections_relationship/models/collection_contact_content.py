"""The texts of contacts, kept apart from the log's rows. Those of the log are protected like the log itself.

A text that no contact carries yet (a draft, a message before it leaves) may still go.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .collection_contact import LOG_SETTING


class CollectionContactContent(models.Model):
    _name = "collection.contact.content"
    _description = "Text of a Contact"
    _rec_name = "subject"

    subject = fields.Char(readonly=True)
    # Written from sanitised templates and escaped values; what a person types is sanitised on the way in.
    body_html = fields.Html(string="Message", readonly=True, sanitize=False)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade", index=True)

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION collection_contact_content_keep() RETURNS trigger AS $$
                BEGIN
                    IF current_setting(%(setting)s, true) IS DISTINCT FROM 'on'
                       AND EXISTS (SELECT 1 FROM collection_contact c WHERE c.content_id = OLD.id) THEN
                        RAISE EXCEPTION 'The texts of the contact log can be added to, never changed or deleted.';
                    END IF;
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    RETURN NEW;
                END
                $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS collection_contact_content_keep ON collection_contact_content;
                CREATE TRIGGER collection_contact_content_keep
                    BEFORE UPDATE OF id, subject, body_html OR DELETE ON collection_contact_content
                    FOR EACH ROW EXECUTE FUNCTION collection_contact_content_keep();
                """,
                setting=LOG_SETTING,
            )
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("What was said is never changed. Add a new contact to the log instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        # Whether any has it.
        if self.env["collection.contact"].sudo().search_count([("content_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("The contact log can be added to, never deleted."))
