"""The page on which a customer says how he wants to be contacted.

Opening it changes nothing: programs that scan mail open every link. What changes something is a POST,
which needs no cookie: the link itself is the key, so there is no session that another site could borrow.
"""
from odoo import fields
from odoo.exceptions import ValidationError
from odoo.http import Controller, Response, request, route

from ..models.collection_step_link import PREFERENCE_SCOPE
from .message_page import OPEN_PAGE, PRIVATE_HEADERS, MessagePage

PAGE = "/collections/preferences/<string:token>"


class CollectionPreferencePage(MessagePage, Controller):
    @route(PAGE, methods=["GET"], **OPEN_PAGE)
    def collection_preference_page(self, token, done=None, **_kwargs):
        """Show how we contact the customer, and what he may choose.

        :param str token: names and proves the message
        :param str done: what was just done, to say so
        """
        step_sudo, problem = self._find_step(token)
        if problem:
            return self._render_problem(step_sudo, problem, "collections_relationship.preference_page_problem")
        return self._render_page(step_sudo, done=done)

    @route(PAGE, methods=["POST"], csrf=False, **OPEN_PAGE)
    def collection_preference_change(self, token, do=None, channel=None, **form):
        """Do what the customer chose, then show the page anew.

        :param str do: stop, allow, cease, resume, save or person
        :param str channel: which channel to stop or to allow
        """
        step_sudo, problem = self._find_step(token)
        if problem:
            return self._render_problem(step_sudo, problem, "collections_relationship.preference_page_problem")
        try:
            done = self._change(step_sudo, do, channel, form)
        except ValidationError as error:
            response = self._render_page(step_sudo, problem_words=str(error), typed=form)
            response.status_code = 422
            return response
        response = request.redirect(f"{step_sudo._preference_path()}?done={done}", code=303)
        response.headers.update(PRIVATE_HEADERS)
        return response

    @route(f"{PAGE}/unsubscribe", methods=["GET", "POST"], csrf=False, **OPEN_PAGE)
    def collection_preference_unsubscribe(self, token, **form):
        """The button of the customer's mail program (RFC 8058): stop mail to this message's address.

        Opened as a page it shows the preferences and changes nothing.

        :param str token: names and proves the message
        """
        if request.httprequest.method != "POST":
            return self.collection_preference_page(token)
        step_sudo, problem = self._find_step(token)
        if problem:
            return self._render_problem(step_sudo, problem, "collections_relationship.preference_page_problem")
        if form.get("List-Unsubscribe") != "One-Click" or not step_sudo.address:
            return Response(status=400, headers=PRIVATE_HEADERS)
        step_sudo._stop_channel("email", fields.Datetime.now(), only_address=True)
        return Response(status=200, headers=PRIVATE_HEADERS)

    # === HELPERS === #

    def _find_step(self, token):
        """Return the message a link stands for, in its own company and language, and what is wrong with the link."""
        step_sudo, problem = request.env["collection.step"]._find_by_link(
            token, fields.Datetime.now(), scope=PREFERENCE_SCOPE
        )
        return (step_sudo if problem else self._speak_as(step_sudo)), problem

    def _change(self, step_sudo, do, channel, form):
        """Do one of the things the page offers; return its name, to say so."""
        now = fields.Datetime.now()
        if do == "stop":
            step_sudo._stop_channel(channel, now)
        elif do == "allow":
            step_sudo._allow_channel(channel, now)
        elif do == "cease":
            step_sudo._cease(now)
        elif do == "resume":
            step_sudo._resume(now)
        elif do == "person":
            step_sudo._name_other_person(form.get("name"), form.get("reach"), now)
        elif do == "save":
            weekdays = request.httprequest.form.getlist("weekday")
            step_sudo._save_preferences({**form, "channel": channel, "weekdays": weekdays}, now)
        else:
            raise ValidationError(step_sudo.env._("Please choose one of the ways shown on this page."))
        return do

    def _render_page(self, step_sudo, done=None, problem_words="", typed=()):
        values = {
            **self._speaker_values(step_sudo),
            **step_sudo._preference_values(fields.Datetime.now()),
            "page_path": step_sudo._preference_path(),
            "done": done,
            "problem_words": problem_words,
            "typed": dict(typed),
        }
        return self._render_private("collections_relationship.preference_page", values)
