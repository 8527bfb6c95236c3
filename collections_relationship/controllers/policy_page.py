"""The page on which everybody can read how a company deals with late invoices."""
from odoo.http import Controller, request, route

from .message_page import MessagePage


class CollectionPolicyPage(MessagePage, Controller):
    @route(
        "/collections/policy/<int:company_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def collection_policy_page(self, company_id, language=None, **_kwargs):
        """Show the version a company has published; nothing else of the company is shown than how to reach it.

        :param int company_id: company
        :param str language: code of Odoo; where the page has no such words, the visitor's own
        """
        policies = request.env["collection.public.policy"].sudo()
        # Readable by everybody, but only what somebody has published.
        policy_sudo = policies.search([("company_id", "=", company_id), ("is_published", "=", True)], limit=1)
        if not policy_sudo:
            response = request.render("collections_relationship.policy_page_missing", {"is_for_everybody": False})
            response.status_code = 404
            return response
        version_sudo = policy_sudo.version_id
        languages = dict(version_sudo._languages())
        wanted = (language, request.env.lang, policy_sudo.company_id.partner_id.lang, *languages)
        spoken = next(code for code in wanted if code in languages)
        request.lang = request.env["res.lang"]._get_data(code=spoken)
        request.update_context(lang=spoken)
        return request.render(
            "collections_relationship.policy_page",
            {
                **self._brand_values(policy_sudo.company_id),
                "version": version_sudo.with_context(lang=spoken),
                "languages": [(code, request.env["res.lang"]._get_data(code=code)) for code in languages],
                "spoken": spoken,
                "is_for_everybody": True,
                "html_data": {"lang": spoken.replace("_", "-")},
            },
        )
