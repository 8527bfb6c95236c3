"""The customer's own statement of account under /my. Shows nobody but the log-in's own commercial entity."""
from odoo import fields
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route

from .message_page import PRIVATE_HEADERS

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: The history a customer may see at once.
HISTORY_MONTHS = 12


class CollectionStatementPage(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "collection_statement_count" in counters:
            values["collection_statement_count"] = int(any(own.accounts for own in self._own_statements()))
        return values

    @route("/my/statement", type="http", auth="user", methods=["GET"], website=True)
    def portal_my_statement(self, history=None, **_kwargs):
        """Show what is open between the customer and each company.

        :param str history: set to show what was booked in the last months, too
        """
        figures = self._own_statements(bool(history))
        Statement = request.env["collection.statement"]
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "collection_statement",
            "history": bool(history),
            # The name of the company whose account with the log-in's own customer it is.
            "sheets": [(own.company.sudo(), Statement._sheet_for_page(own, request.env.lang)) for own in figures],
        }
        response = request.render("collections_relationship.portal_my_statement", values)
        response.headers.update(PRIVATE_HEADERS)
        return response

    @route("/my/statement/<int:company_id>/<string:kind>", type="http", auth="user", methods=["GET"], website=True)
    def portal_my_statement_file(self, company_id, kind, history=None, **_kwargs):
        """Hand out the statement of one company as a file.

        :param int company_id: one of the companies the log-in belongs to; any other is not found
        :param str kind: pdf or xlsx
        """
        own = next((own for own in self._own_statements(bool(history)) if own.company.id == company_id), None)
        if not own or kind not in TYPES:
            raise request.not_found()
        Statement = request.env["collection.statement"].sudo()  # the customer's own account, as chosen above
        try:
            content = Statement._file_for_page(own, kind, fields.Datetime.now(), request.env.lang)
        except UserError as error:
            response = request.render("http_routing.http_error", {"status_code": 503, "status_message": str(error)})
            response.status_code = 503
            return response
        name = f"{Statement._file_name(own.partner, own.today)}.{kind}"
        return request.make_response(
            content,
            [
                ("Content-Type", TYPES[kind]),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                *PRIVATE_HEADERS.items(),
            ],
        )

    @staticmethod
    def _own_statements(history=False):
        """Return the figures of the log-in's own commercial entity, one per company it belongs to.

        Which customer is decided here alone: nothing the browser sends names one.
        """
        user = request.env.user
        return request.env["collection.statement"]._figures_of_user(
            user, fields.Datetime.now(), HISTORY_MONTHS if history else 0
        )
