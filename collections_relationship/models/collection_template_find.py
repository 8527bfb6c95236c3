"""Finds a message among hundreds: by words in any order, and by the languages it speaks."""
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Fields a word may name a choice of.
CHOICES = ("purpose", "tone", "audience")


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

    words_to_find = fields.Char(string="Any Words", compute="_compute_words_to_find", search="_search_words_to_find")
    language_text = fields.Char(
        string="Languages",
        compute="_compute_language_text",
        search="_search_language_text",
        help="The languages it has words of its own in.",
    )
    own_words_text = fields.Char(
        string="Own Words For",
        compute="_compute_own_words_text",
        help="Besides the e-mail. A letter or portal message without own words says those of the e-mail.",
    )

    def _compute_words_to_find(self):
        self.words_to_find = False

    @api.model
    def _search_words_to_find(self, operator, value):
        """Find the messages each of the words says something about, in any order.

        A word is part of the name or subject, of what it is for, of its tone, industry or audience, or of the
        name of a language it speaks.
        """
        if operator not in ("ilike", "like") or not isinstance(value, str):
            return NotImplemented
        return Domain.AND(self._domain_of_word(word) for word in value.split())

    @api.model
    def _domain_of_word(self, word):
        domains = [[(name, "ilike", word)] for name in ("name", "subject", "industry_id.name", "variant")]
        for name in CHOICES:
            labels = self._fields[name]._description_selection(self.env)
            domains.append([(name, "in", [code for code, label in labels if word.lower() in label.lower()])])
        domains.append([("language_text", "ilike", word)])
        return Domain.OR(domains)

    @api.depends("body_html")
    @api.depends_context("lang")
    def _compute_language_text(self):
        self.flush_recordset(["body_html"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, ARRAY(SELECT jsonb_object_keys(body_html)) FROM collection_template WHERE id = ANY(%s)",
                self._origin.ids,
            )
        )
        codes = dict(rows)
        installed = self.env["res.lang"].get_installed()
        for template in self:
            spoken = codes.get(template._origin.id, ())
            template.language_text = ", ".join(name.partition(" (")[0] for code, name in installed if code in spoken)

    @api.model
    def _search_language_text(self, operator, value):
        """Find the messages that have words in a language of this name."""
        if operator not in ("ilike", "like", "=") or not isinstance(value, str):
            return NotImplemented
        codes = [code for code, name in self.env["res.lang"].get_installed() if value.lower() in name.lower()]
        self.flush_model(["body_html"])
        spoken = SQL("(SELECT id FROM collection_template WHERE jsonb_exists_any(body_html, %s))", codes)
        return [("id", "in", spoken)]

    @api.depends("sms_body", "letter_html", "portal_html", "call_html")
    @api.depends_context("lang")
    def _compute_own_words_text(self):
        labels = {
            "sms_body": self.env._("Text message"),
            "letter_html": self.env._("Letter"),
            "portal_html": self.env._("Portal"),
            "call_html": self.env._("Call sheet"),
        }
        for template in self:
            template.own_words_text = ", ".join(label for name, label in labels.items() if template[name])
