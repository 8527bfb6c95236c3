"""Gives messages of an earlier version that nobody changed the words of the library."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Load the library's words into the messages that `pre-library` gave a place in it."""
    if not version:
        return
    cr.execute("SELECT code FROM collection_template WHERE code IS NOT NULL AND shipped_digests IS NULL")
    codes = [code for (code,) in cr.fetchall()]
    if codes:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["collection.template"]._load_shipped(codes=codes, overwrite=True)
