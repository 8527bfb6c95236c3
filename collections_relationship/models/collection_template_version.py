"""The words of a message as they were when it was sent: added to, never changed or deleted."""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .collection_template import TEXT_FIELDS


class CollectionTemplateVersion(models.Model):
    _name = "collection.template.version"
    _description = "Version of a Message"
    _order = "template_id, number desc"

    template_id = fields.Many2one("collection.template", required=True, readonly=True, index=True, ondelete="restrict")
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    digest = fields.Char(required=True, readonly=True, help="Of all its words in all languages.")
    texts = fields.Json(required=True, readonly=True, help="Field to language to words.")

    _number_unique = models.UniqueIndex("(template_id, number)", "This version is there already.")
    _digest_unique = models.UniqueIndex("(template_id, digest)", "These words have a version already.")

    @api.depends("template_id", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(message)s, version %(number)s", message=version.template_id.display_name, number=version.number
            )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A version is what was sent once. It is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A version is what was sent once. It is never deleted."))

    @api.model
    def _of(self, templates):
        """Return the version of each message as it reads now, by template id; a new one where its words are new.

        One statement where nothing is new, whatever the number of messages.
        """
        templates.flush_recordset(TEXT_FIELDS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.id, v.id
                  FROM collection_template t
             LEFT JOIN collection_template_version v ON v.template_id = t.id AND v.digest = md5((%s)::text)
                 WHERE t.id = ANY(%s)
                """,
                _sql_texts(),
                templates.ids,
            )
        )
        return {template_id: version_id or self._add(template_id) for template_id, version_id in rows}

    @api.model
    def _add(self, template_id):
        """Keep the words of a message as they are now; return the version's id, of whoever kept them first."""
        return self.env.execute_query(
            SQL(
                """
                INSERT INTO collection_template_version (template_id, number, digest, texts, create_uid, create_date)
                SELECT t.id, 1 + COALESCE((SELECT max(number) FROM collection_template_version WHERE template_id = t.id), 0),
                       md5((%(texts)s)::text), %(texts)s, %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM collection_template t
                 WHERE t.id = %(template)s
                    ON CONFLICT (template_id, digest) DO UPDATE SET digest = EXCLUDED.digest
                RETURNING id
                """,
                uid=self.env.uid,
                texts=_sql_texts(),
                template=template_id,
            )
        )[0][0]


def _sql_texts():
    """Return all words of message ``t`` as one JSON object: field to language to words."""
    pairs = SQL(", ").join(SQL("%s, %s", name, SQL.identifier("t", name)) for name in TEXT_FIELDS)
    return SQL("jsonb_build_object(%s)", pairs)
