"""What a published policy said from one day on: added to, never changed, so that it stays known who read what."""
from odoo import api, fields, models
from odoo.tools import SQL

from ..fields import WholeHtml


class CollectionPublicPolicyVersion(models.Model):
    _name = "collection.public.policy.version"
    _description = "Version of a Published Policy"
    _order = "policy_id, number desc"
    _rec_name = "number"

    policy_id = fields.Many2one(
        "collection.public.policy", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    number = fields.Integer(string="Version", required=True, readonly=True, aggregator=None)
    date = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Published By", readonly=True, ondelete="restrict")
    name = fields.Char(string="Title", required=True, readonly=True, translate=True)
    text = WholeHtml(required=True, readonly=True)
    reading_ids = fields.One2many("collection.public.policy.reading", "version_id", string="Read By", readonly=True)

    _number_unique = models.UniqueIndex("(policy_id, number)", "This version is there already.")

    @api.depends("number", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._("Version %(number)s", number=version.number)

    @api.model
    def _keep(self, policy, day):
        """Keep the words of a policy in all languages as its next version, and return it.

        :param date day: of the publication
        """
        policy.flush_recordset()
        [(version_id,)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO collection_public_policy_version (
                    policy_id, company_id, number, date, user_id, name, text, create_uid, create_date, write_uid, write_date)
                SELECT p.id, p.company_id,
                       1 + COALESCE((SELECT max(number) FROM collection_public_policy_version WHERE policy_id = p.id), 0),
                       %(day)s, %(uid)s, p.name, p.text, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM collection_public_policy p
                 WHERE p.id = %(policy)s
                RETURNING id
                """,
                day=day,
                uid=self.env.uid,
                policy=policy.id,
            )
        )
        policy.invalidate_recordset(["version_ids"])
        return self.browse(version_id)

    def _languages(self):
        """Return the active languages this version has words in."""
        self.ensure_one()
        [(codes,)] = self.env.execute_query(
            SQL("SELECT ARRAY(SELECT jsonb_object_keys(text)) FROM collection_public_policy_version WHERE id = %s", self.id)
        )
        return [(code, name) for code, name in self.env["res.lang"].get_installed() if code in codes]

    def _language_for(self, *wanted):
        """Return the code of the language to show this version in: the first wanted one it has words in.

        :param wanted: codes of languages as somebody asked for them; else the company's own, else any it has
        """
        codes = [code for code, _name in self._languages()]
        return next(code for code in (*wanted, self.company_id.partner_id.lang, *codes) if code in codes)
