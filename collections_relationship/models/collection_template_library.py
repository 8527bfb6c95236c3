"""Brings the shipped library into the database, in each language the database has, and back again.

What a manager changed stays through updates: what was loaded is remembered by its digest, and only a
text that still is what was loaded is brought up to date.
"""
import hashlib

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import library
from .collection_template import TEXT_FIELDS

#: Part of a message's file to the field that holds it.
FIELD_OF_PART = {
    "subject": "subject",
    "preview": "preview",
    "button": "button_label",
    "sms": "sms_body",
    "email": "body_html",
    "letter": "letter_html",
    "portal": "portal_html",
    "call": "call_html",
}
#: The industries of the library among Odoo's own.
INDUSTRY_XMLIDS = {
    "education": "base.res_partner_industry_P",
    "construction": "base.res_partner_industry_F",
    "logistics": "base.res_partner_industry_H",
}


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

    shipped_digests = fields.Json(
        readonly=True,
        copy=False,
        help="Language to two digests: of the words in the library's file, and of the same words as they were stored.",
    )
    is_changed = fields.Boolean(
        string="Changed by You",
        compute="_compute_is_changed",
        search="_search_is_changed",
        help="Its words differ from the shipped ones.",
    )

    @api.depends("shipped_digests", *TEXT_FIELDS)
    def _compute_is_changed(self):
        stored = self._digests()
        for template in self:
            template.is_changed = bool(template.code) and any(
                stored.get((template._origin.id, lang)) != digest
                for lang, (_file, digest) in (template.shipped_digests or {}).items()
            )

    def _search_is_changed(self, operator, value):
        if operator != "in":
            return NotImplemented
        shipped = self.with_context(active_test=False).search([("code", "!=", False)])
        changed = shipped.filtered("is_changed").ids
        return [("id", "in" if True in value else "not in", changed)] if len(set(value)) == 1 else []

    def _digests(self):
        """Return the digest of the words as they are, by (template id, language) of those they have words in."""
        self.flush_recordset(TEXT_FIELDS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.id, lang, %s
                  FROM collection_template t, jsonb_object_keys(t.body_html) lang
                 WHERE t.id = ANY(%s)
                """,
                SQL(", ").join(SQL("%s ->> lang", SQL.identifier("t", name)) for name in TEXT_FIELDS),
                self._origin.ids,
            )
        )
        return {(template_id, lang): _digest(texts) for template_id, lang, *texts in rows}

    @api.model
    def _load_shipped(self, codes=None, overwrite=False):
        """Bring the messages of the library up to date in every active language it speaks.

        :param codes: only these places of the library; `None` for all
        :param bool overwrite: undo what a manager changed
        """
        templates = self.with_context(active_test=False).search([("code", "!=", False)])
        if codes is not None:
            templates = templates.filtered(lambda template: template.code in codes)
        spoken = library.languages()
        by_language = {"en_US": library.read("en")}
        for code, _name in self.env["res.lang"].get_installed():
            if code != "en_US" and code.partition("_")[0] in spoken:
                by_language[code] = library.read(code.partition("_")[0])
        industries = {key: self.env.ref(xmlid, raise_if_not_found=False) for key, xmlid in INDUSTRY_XMLIDS.items()}
        have = set(templates.mapped("code"))
        new = [
            message
            for code, message in by_language["en_US"].items()
            if code not in have
            and (codes is None or code in codes)
            and (not message.industry or industries[message.industry])
        ]
        created = self.with_context(lang="en_US").create(
            [
                {
                    "code": message.code,
                    "name": message.code,
                    "purpose": message.purpose,
                    "tone": message.tone,
                    "industry_id": industries[message.industry].id if message.industry else False,
                    "audience": message.audience or False,
                    **_values(message),
                }
                for message in new
            ]
        )
        for lang, messages in by_language.items():
            (templates | created)._load_language(lang, messages, overwrite, created if lang == "en_US" else self.browse())

    def _load_language(self, lang, messages, overwrite, fresh):
        """Write the words of one language where they are still those that were loaded.

        :param fresh: messages that were created with these words a moment ago
        """
        stored = self._digests()
        loaded = self.browse()
        for template in self.with_context(lang=lang):
            message = messages.get(template.code)
            if not message:
                continue
            file_digest, stored_digest = (template.shipped_digests or {}).get(lang, (None, None))
            current = stored.get((template.id, lang))
            is_ours = current is None or current == stored_digest or template in fresh
            values = {}
            if overwrite or (is_ours and file_digest != _digest(_values(message).values())):
                values = {} if template in fresh else _values(message)
                loaded |= template
            if (name := template._shipped_name(message)) != template.name:
                values["name"] = name
            if values:
                template.write(values)
        stored = loaded._digests()
        for template in loaded:
            digests = {lang: [_digest(_values(messages[template.code]).values()), stored[template.id, lang]]}
            template.shipped_digests = {**(template.shipped_digests or {}), **digests}

    def _shipped_name(self, message):
        """Return what a shipped message is called in the language of the environment."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env)) for name in ("purpose", "tone", "audience")
        }
        parts = [labels["purpose"][message.purpose], labels["tone"][message.tone]]
        if message.industry:
            parts.append(self.industry_id.name)
        if message.audience:
            parts.append(labels["audience"][message.audience])
        return ", ".join(parts)

    def action_reset(self):
        """Bring back the shipped words of these messages in all languages."""
        self.check_access("write")
        self._load_shipped(codes=self.mapped("code"), overwrite=True)


def _values(message):
    return {field: getattr(message, part) for part, field in FIELD_OF_PART.items()}


def _digest(texts):
    return hashlib.sha256("\0".join(text or "" for text in texts).encode()).hexdigest()[:16]
