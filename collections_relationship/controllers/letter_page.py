"""The address printed on a letter. Leads to the page behind the message's link, which knows what to show."""
from odoo.http import Controller, request, route

from .message_page import OPEN_PAGE, MessagePage


class CollectionLetterPage(MessagePage, Controller):
    @route("/letter/<string:code>", methods=["GET"], **OPEN_PAGE)
    def collection_letter_page(self, code, **_kwargs):
        """Open the page of a letter.

        :param str code: as it was scanned or typed
        """
        path = request.env["collection.step"]._find_by_letter_code(code)
        if not path:
            no_step = request.env["collection.step"].sudo().browse()  # empty: the page tells nothing of any letter
            return self._render_problem(no_step, "unknown", "collections_relationship.payment_page_problem")
        return request.redirect(path)
