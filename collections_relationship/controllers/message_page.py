"""What the pages behind a message's links have in common: whose words, which language, how to fail kindly."""
from odoo.http import request

#: The address is a key: keep it out of caches, search engines and the next page's Referer.
PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
#: What the routes of all pages without a log-in have in common.
OPEN_PAGE = {"type": "http", "auth": "public", "website": True, "multilang": False, "sitemap": False}
PROBLEM_STATUS = {"unknown": 404, "revoked": 410, "expired": 410}


class MessagePage:
    """Helpers for controllers of pages without a log-in."""

    def _speak_as(self, step_sudo):
        """Return the step for its own company, and switch the request to the recipient's language.

        The cookie carries the language over to Odoo's own page that waits for the provider.
        """
        language = step_sudo._pay_language()
        request.lang = request.env["res.lang"]._get_data(code=language)
        request.update_context(lang=language)
        if request.env.user._is_public():
            request.future_response.set_cookie("frontend_lang", language)
        return step_sudo.with_context(lang=language).with_company(step_sudo._speaker())

    def _speaker_values(self, step_sudo):
        """Return who the page speaks for: company, branding, contact person."""
        company = step_sudo._speaker()
        person = step_sudo.user_id or step_sudo.case_id.user_id
        return {
            **self._brand_values(company),
            "contact_name": person.name,
            "contact_email": person.email or company.email,
            "contact_phone": person.phone or company.phone,
            "html_data": {"lang": step_sudo.env.context["lang"].replace("_", "-")},
        }

    @staticmethod
    def _brand_values(company):
        """Return whose page it is and its colours."""
        return {
            "res_company": company,
            "page_colors": f"--collections-accent: {company.email_secondary_color or '#875A7B'}; "
            f"--collections-accent-text: {company.email_primary_color or '#FFFFFF'};",
        }

    def _render_problem(self, step_sudo, problem, template):
        """Show a kind page for a link that opens nothing; says nothing about who owes what.

        :param step_sudo: the message; shown by its company's name and address only, and in its language
        :param str problem: see `collection.step._find_by_link`
        :param str template: the page's own words
        """
        if step_sudo:
            step_sudo = self._speak_as(step_sudo)
        values = {"problem": problem, "html_data": {"lang": request.env.lang.replace("_", "-")}}
        if problem == "expired":
            values.update(self._speaker_values(step_sudo))
        response = self._render_private(template, values)
        response.status_code = PROBLEM_STATUS[problem]
        return response

    @staticmethod
    def _render_private(template, values):
        response = request.render(template, values)
        response.headers.update(PRIVATE_HEADERS)
        return response
