"""Gives each mail domain the address to which customers answer."""
from odoo import api, models

#: The first of these that is free on the domain becomes the address customers see; people may rename it later.
ALIAS_NAMES = ("accounts", "customer-accounts", "your-account")


class MailAliasDomain(models.Model):
    _inherit = "mail.alias.domain"

    @api.model_create_multi
    def create(self, vals_list):
        domains = super().create(vals_list)
        domains._collection_create_aliases()
        return domains

    @api.model
    def _collection_aliases(self, domains=None):
        """Return the addresses for answers on ``domains``, or on all, the oldest of each domain first."""
        model = self.env["ir.model"]._get("collection.case")
        wanted = [("alias_model_id", "=", model.id), ("alias_name", "!=", False), ("alias_domain_id", "!=", False)]
        if domains is not None:
            wanted.append(("alias_domain_id", "in", domains.ids))
        return self.env["mail.alias"].sudo().search(wanted, order="id")

    @api.model
    def _collection_addresses(self, domains):
        """Return the address for answers of each of ``domains``, by domain id."""
        result = {}
        for alias in self._collection_aliases(domains):
            result.setdefault(alias.alias_domain_id.id, alias.alias_full_name)
        return result

    def _collection_create_aliases(self):
        """Create the address for answers on each domain that has none yet."""
        missing = self - self._collection_aliases(self).alias_domain_id
        if not missing:
            return
        taken = {
            (alias.alias_domain_id, alias.alias_name)
            for alias in self.env["mail.alias"].sudo().search([("alias_domain_id", "in", missing.ids)])
        }
        model = self.env["ir.model"]._get("collection.case")
        vals_list = []
        for domain in missing:
            reserved = {domain.bounce_alias, domain.catchall_alias, domain.default_from}
            name = next(
                (name for name in ALIAS_NAMES if (domain, name) not in taken and name not in reserved), None
            )
            if name:
                vals_list.append(
                    {
                        "alias_name": name,
                        "alias_domain_id": domain.id,
                        "alias_model_id": model.id,
                        "alias_contact": "everyone",
                    }
                )
        self.env["mail.alias"].sudo().create(vals_list)

    @api.model
    def _collection_create_all_aliases(self):
        """Create the missing addresses on all domains; called when the add-on is installed or updated."""
        self.search([("name", "!=", False)])._collection_create_aliases()
