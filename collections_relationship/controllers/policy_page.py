"""The page on which everybody can read how a company deals with late invoices. What is published is the model's matter."""
from odoo.http import Controller, request, route

from .message_page import OPEN_PAGE, MessagePage


class CollectionPolicyPage(MessagePage, Controller):
    @route("/collections/policy/<int:company_id>", methods=["GET"], **OPEN_PAGE)
    def collection_policy_page(self, company_id, language=None, **_kwargs):
        """Show the version a company has published; nothing else of the company is shown than how to reach it.

        :param int company_id: company
        :param str language: code of Odoo; where the page has no such words, the visitor's own
        """
        version_sudo = request.env["collection.public.policy"]._published_version(company_id)
        if not version_sudo:
            response = request.render("collections_relationship.policy_page_missing", {"is_for_everybody": False})
            response.status_code = 404
            return response
        languages = dict(version_sudo._languages())
        spoken = version_sudo._language_for(language, request.env.lang)
        request.lang = request.env["res.lang"]._get_data(code=spoken)
        request.update_context(lang=spoken)
        return request.render(
            "collections_relationship.policy_page",
            {
                **self._brand_values(version_sudo.company_id),
                "version": version_sudo.with_context(lang=spoken),
                "languages": [(code, request.env["res.lang"]._get_data(code=code)) for code in languages],
                "spoken": spoken,
                "is_for_everybody": True,
                "html_data": {"lang": spoken.replace("_", "-")},
            },
        )
