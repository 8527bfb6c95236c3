"""The page behind the link in a message. Decides nothing: what is open and what may be paid is `collection.step`'s."""
from odoo import fields
from odoo.addons.payment.controllers.portal import PaymentPortal
from odoo.exceptions import ValidationError
from odoo.http import request, route

from ..models.collection_step_pay import PAYABLE_STATES
from .message_page import OPEN_PAGE, MessagePage

#: A transaction in one of these has done its part: the customer need not do anything more.
PAID_STATES = ("done", "authorized")
#: Parts of the name of a program that opens links before, or without, a person.
ROBOTS = ("bot", "crawl", "spider", "preview", "scan", "proxy", "curl", "wget", "python", "monitor", "facebookexternalhit")


class CollectionPaymentPage(MessagePage, PaymentPortal):
    # === THE PAGE === #

    @route("/collections/pay/<string:token>", methods=["GET"], **OPEN_PAGE)
    def collection_payment_page(self, token, part=None, chosen=None, last=None, tx=None, scope=None, **_kwargs):
        """Show what a message asked for, as it stands now, and take the payment.

        :param str token: names and proves the message
        :param str part: which currency to pay in, counted from 0, when there are several
        :param str chosen: set when the customer has chosen among the items (parameters `item`)
        :param str last: the item whose box was ticked last, to keep the keyboard there
        :param str tx: the transaction the customer comes back from
        :param str scope: 'whole' for all that is left of an arrangement, not its next payment alone
        """
        now = fields.Datetime.now()
        step_sudo, problem = request.env["collection.step"]._find_by_link(token, now)
        if problem:
            return self._render_problem(step_sudo, problem, "collections_relationship.payment_page_problem")
        step_sudo = self._speak_as(step_sudo).with_context(collection_pay_whole=scope == "whole")
        if self._is_a_person():
            step_sudo._log_click(now)
        item_ids = {self._cast_as_int(item) for item in request.httprequest.args.getlist("item")} if chosen else None
        values = self._page_values(step_sudo, now, self._cast_as_int(part), item_ids, self._cast_as_int(tx))
        values["last_item"] = self._cast_as_int(last)
        return self._render_private("collections_relationship.payment_page", values)

    def _page_values(self, step_sudo, now, part, item_ids, tx_id):
        """Return what the page shows.

        :param step_sudo: the message
        :param datetime now: the moment of the visit, UTC
        :param int|None part: index of the group to pay from
        :param set|None item_ids: the items chosen; None before any choice
        :param int|None tx_id: the transaction the customer comes back from
        """
        groups = step_sudo._pay_groups(now)
        open_groups = [group for group in groups if any(entry.state in PAYABLE_STATES for entry in group.items)]
        chosen_group = groups[part] if part is not None and 0 <= part < len(groups) else None
        if chosen_group not in open_groups:
            chosen_group = open_groups[0] if open_groups else None
        returned_tx = step_sudo.env["payment.transaction"].search(
            [("id", "=", tx_id), ("collection_step_id", "=", step_sudo.id)]
        )
        values = {
            **self._speaker_values(step_sudo),
            "step": step_sudo,
            "page_path": step_sudo._payment_path(),
            "groups": groups,
            "open_groups": open_groups,
            "chosen_group": chosen_group,
            "payable_states": PAYABLE_STATES,
            "has_unmatched": any(entry.unmatched for group in open_groups for entry in group.items),
            "returned_tx": returned_tx,
            "returned_words": returned_tx._payment_page_words() if returned_tx else "",
            "scopes": step_sudo._pay_scopes(now),
            "is_agreed": bool(step_sudo._runs_by()),
            # Whoever has just paid is not asked for the next payment in the same breath.
            "agreement_link": step_sudo._runs_by() and step_sudo._runs_by()._page_path(step_sudo),
            "nothing_to_do": returned_tx.state in PAID_STATES and step_sudo._nothing_to_do_words(now),
            "choice": None,
        }
        if chosen_group and not values["nothing_to_do"]:
            choice = step_sudo._pay_choice(chosen_group, item_ids)
            values["choice"] = choice
            values["bank_account"] = step_sudo._pay_bank_account(choice)
            values["bank_reference"] = step_sudo._pay_reference(choice)
            if choice.items:
                values.update(self._payment_form_values(step_sudo, choice))
        return values

    def _payment_form_values(self, step_sudo, choice):
        """Return what `payment.form` needs to take the chosen amount.

        No saved cards: whoever holds the link is not known to be their owner.
        """
        providers_sudo, methods_sudo = self._payment_options(step_sudo, choice)
        return {
            "amount": choice.amount,
            "currency": choice.group.currency,
            "partner_id": step_sudo._payer().id,
            "providers_sudo": providers_sudo,
            "payment_methods_sudo": methods_sudo,
            "tokens_sudo": request.env["payment.token"].sudo(),  # empty, as said above
            "allow_token_selection": False,
            "show_tokenize_input_mapping": dict.fromkeys(providers_sudo.ids, False),
            "reference_prefix": step_sudo._pay_short_reference(choice),
            "transaction_route": f"{step_sudo._payment_path()}/transaction",
            "landing_route": step_sudo._payment_path(),
            "access_token": step_sudo._sign_choice(choice),
        }

    def _payment_options(self, step_sudo, choice):
        """Return the payment providers and methods that can take the chosen amount.

        As root: which there are is for whoever holds the link, as on Odoo's own payment pages.
        """
        company, partner = step_sudo._speaker(), step_sudo._payer()
        providers_sudo = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(company.id, partner.id, choice.amount, currency_id=choice.group.currency.id)
        )
        methods_sudo = (
            request.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(providers_sudo.ids, partner.id, currency_id=choice.group.currency.id)
        )
        return providers_sudo, methods_sudo

    # === TAKING THE PAYMENT === #

    @route("/collections/pay/<string:token>/transaction", type="jsonrpc", auth="public", website=True)
    def collection_payment_transaction(self, token, access_token=None, **kwargs):
        """Start an online payment of what the page showed and return its processing values.

        The amount, the currency, the payer and where to land are the server's; what the browser sends
        for them is ignored.

        :param str token: names and proves the message
        :param str access_token: the signed choice the page was shown with
        :raise ValidationError: the link or the choice is no longer good, or something was paid meanwhile
        """
        now = fields.Datetime.now()
        step_sudo, problem = request.env["collection.step"]._find_by_link(token, now)
        if problem:
            raise ValidationError(request.env._("This link no longer works. Please answer our message, we will help."))
        step_sudo = self._speak_as(step_sudo)
        self._validate_transaction_kwargs(kwargs)
        choice = step_sudo._read_choice(access_token, now)
        self._check_payment_option(step_sudo, choice, kwargs)
        tx_sudo = self._create_transaction(
            provider_id=kwargs["provider_id"],
            payment_method_id=kwargs["payment_method_id"],
            token_id=None,
            amount=choice.amount,
            currency_id=choice.group.currency.id,
            partner_id=step_sudo._payer().id,
            flow=kwargs["flow"],
            tokenization_requested=False,
            landing_route=step_sudo._payment_path(),
            reference_prefix=step_sudo._pay_short_reference(choice),
            custom_create_values=step_sudo._pay_transaction_values(choice),
        )
        tx_sudo.landing_route = f"{step_sudo._payment_path()}?tx={tx_sudo.id}"
        return tx_sudo._get_processing_values()

    def _check_payment_option(self, step_sudo, choice, kwargs):
        """Refuse providers, methods and flows the page did not offer."""
        providers_sudo, methods_sudo = self._payment_options(step_sudo, choice)
        if (
            kwargs.get("provider_id") not in providers_sudo.ids
            or kwargs.get("payment_method_id") not in methods_sudo.ids
            or kwargs.get("flow") not in ("redirect", "direct")
        ):
            raise ValidationError(request.env._("This way to pay is not available here. Please choose another one."))

    # === HELPERS === #

    @staticmethod
    def _is_a_person():
        """Return whether a customer seems to look: no prefetch, no robot, nobody of ours."""
        http_request = request.httprequest
        agent = (http_request.user_agent.string or "").lower()
        fetched_ahead = "prefetch" in (
            http_request.headers.get("Sec-Purpose", "") + http_request.headers.get("Purpose", "")
        )
        return (
            http_request.method == "GET"
            and not fetched_ahead
            and not any(robot in agent for robot in ROBOTS)
            and not request.env.user._is_internal()
        )
