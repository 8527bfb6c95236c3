"""Gives a language that is installed later the messages of the library."""
from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Load the library's words besides the PO files of the add-on."""
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if "collections_relationship" in modules:
            # Whoever installs a language does so for all companies, also those not chosen in the menu.
            everything = self.sudo().env
            everything["collection.template"]._load_shipped()
            everything["collection.resource"]._load_shipped()
            everything["collection.public.policy"]._start_companies()
        return result
