"""Kinds of fields of our own."""
from odoo import fields


class UncheckedMany2one(fields.Many2one):
    """A reference without a foreign key of its own, which would be checked once per row written.

    For tables of which a night writes a hundred thousand rows: the keys left out are half the time
    of writing them. Whatever is referenced must never be deleted, or clear its references when it
    is: see where the field is used.
    """

    def update_db_foreign_key(self, model, column):
        """Leave the column without a foreign key."""


class WholeHtml(fields.Html):
    """HTML that is cleaned, and whose translations are whole texts, each written by itself.

    Odoo translates cleaned HTML sentence by sentence and lays the same frame under every language.
    """

    def _get_attrs(self, model_class, name):
        return {**super()._get_attrs(model_class, name), "translate": True}
