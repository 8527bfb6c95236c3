"""Words that are shipped as files and stay what a person made of them.

What was loaded is remembered by its digest, per language; only words that still are what was loaded
are brought up to date. `collection.template` does the same for its library.
"""
import hashlib

from odoo import api, fields, models
from odoo.tools import SQL


class CollectionShippedWords(models.AbstractModel):
    _name = "collection.shipped.words"
    _description = "Words Shipped as Files"

    #: The translated fields whose words are shipped.
    _shipped_fields = ()

    shipped_digests = fields.Json(
        readonly=True,
        copy=False,
        help="Language to two digests: of the words in the file, and of the same words as they were stored.",
    )

    @api.model
    def _shipped_languages(self, spoken):
        """Return the active languages there are files for, as ``{code of Odoo: language of the files}``, English first.

        :param spoken: languages of the files
        """
        result = {"en_US": "en"}
        for code, _name in self.env["res.lang"].get_installed():
            if (language := code.partition("_")[0]) in spoken:
                result.setdefault(code, language)
        return result

    def _load_words(self, lang, values_of, overwrite=False):
        """Write the words of one language where they are still those that were loaded.

        :param str lang: code of Odoo
        :param dict values_of: record id to ``{field: words}``
        :param bool overwrite: undo what a person changed
        """
        stored = self._stored_digests()
        loaded = self.browse()
        for record in self.with_context(lang=lang):
            values = values_of.get(record.id)
            if not values:
                continue
            file_digest, stored_digest = (record.shipped_digests or {}).get(lang, (None, None))
            current = stored.get((record.id, lang))
            if overwrite or (current in (None, stored_digest) and file_digest != _digest(values.values())):
                record.write(values)
                loaded |= record
        stored = loaded._stored_digests()
        for record in loaded:
            digests = {lang: [_digest(values_of[record.id].values()), stored[record.id, lang]]}
            record.shipped_digests = {**(record.shipped_digests or {}), **digests}

    def _stored_digests(self):
        """Return the digest of the words as they are, by (record id, language) of those there are words in."""
        self.flush_recordset(self._shipped_fields)
        names = [SQL.identifier("t", name) for name in self._shipped_fields]
        rows = self.env.execute_query(
            SQL(
                "SELECT t.id, lang, %s FROM %s t, jsonb_object_keys(%s) lang WHERE t.id = ANY(%s)",
                SQL(", ").join(SQL("%s ->> lang", name) for name in names),
                SQL.identifier(self._table),
                SQL(" || ").join(names),
                self._origin.ids,
            )
        )
        return {(record_id, lang): _digest(texts) for record_id, lang, *texts in rows}


def _digest(texts):
    return hashlib.sha256("\0".join(text or "" for text in texts).encode()).hexdigest()[:16]
