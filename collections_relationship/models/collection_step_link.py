"""The links in a message: signed, expiring, revocable, a pair per step.

One opens the payment page (`collection_step_pay.py`), one the page on which the customer says how he
wants to be contacted (`collection_step_preferences.py`).
"""
import datetime
import secrets

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, consteq
from odoo.tools.misc import hash_sign, verify_hash_signed

PAYMENT_PATH = "/collections/pay"
PREFERENCE_PATH = "/collections/preferences"
#: Signatures of one scope are worthless in another.
LINK_SCOPE = "collections_relationship.payment_link"
PREFERENCE_SCOPE = "collections_relationship.preference_link"
#: Whoever finds an old message may still ask us to stop, long after its payment link has run out.
PREFERENCE_LASTS_LONGER = datetime.timedelta(days=365)


class CollectionStep(models.Model):
    _inherit = "collection.step"

    # === MAKING LINKS === #

    def _payment_link(self):
        """Return the absolute address of this message's payment page."""
        self.ensure_one()
        return self._payment_links()[self.id]

    def _payment_links(self):
        """Return the absolute address of each message's payment page, as ``{step id: address}``.

        The same step always gets the same link. Costs one statement, whatever the number of steps.
        """
        return self._absolute_links(lambda step: step._payment_path())

    def _payment_path(self):
        """Return the path of this message's payment page; its key must have been set."""
        return f"{PAYMENT_PATH}/{self._link_token(LINK_SCOPE)}"

    def _preference_links(self):
        """Return the absolute address of each message's preference page, as `_payment_links` does."""
        return self._absolute_links(lambda step: step._preference_path())

    def _preference_path(self):
        """Return the path of this message's preference page; its key must have been set."""
        return f"{PREFERENCE_PATH}/{self._link_token(PREFERENCE_SCOPE)}"

    def _absolute_links(self, path_of):
        steps_sudo = self.sudo()  # the secret parts are for nobody to read; the address goes into the message
        steps_sudo._ensure_link_keys()
        base_urls = {company: company.get_base_url() for company in {step._speaker() for step in steps_sudo}}
        return {step.id: base_urls[step._speaker()] + path_of(step) for step in steps_sudo}

    def _link_token(self, scope):
        self.ensure_one()
        return hash_sign(self.sudo().env, scope, [self.id, self.sudo().link_key])

    def _speaker(self):
        """Return the company or branch the message speaks for."""
        self.ensure_one()
        return self.sender_company_id or self.company_id

    def _ensure_link_keys(self):
        """Give the steps without a link its secret part and its last day, in one statement."""
        fresh = self.filtered(lambda step: not step.link_key)
        if not fresh:
            return
        self.env.execute_query(
            SQL(
                """
                UPDATE collection_step
                   SET link_key = fresh.key, link_expires = fresh.expires
                  FROM unnest(%s, %s, %s::date[]) AS fresh(id, key, expires)
                 WHERE collection_step.id = fresh.id AND collection_step.link_key IS NULL
             RETURNING collection_step.id
                """,
                fresh.ids,
                [secrets.token_urlsafe(12) for _step in fresh],
                [step._link_last_day() for step in fresh],
            )
        )
        fresh.invalidate_recordset(["link_key", "link_expires"])

    def _link_last_day(self):
        """Return the last day on which the link of a message that leaves when it is due opens its page."""
        self.ensure_one()
        leaves = max(filter(None, (self.date_planned, self.approved_on, self.sent_on)))
        policy = self.stage_id.policy_id or self.case_id.policy_id
        days = policy.link_days or self.env["collection.policy"].default_get(["link_days"])["link_days"]
        return leaves.date() + datetime.timedelta(days=days)

    # === TAKING LINKS BACK === #

    def action_revoke_link(self):
        """Make the links of these messages worthless at once, for good."""
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only people who work with invoices may take a payment link back."))
        self.sudo().write({"link_revoked": True})

    # === READING LINKS === #

    @api.model
    def _find_by_link(self, token, now, scope=LINK_SCOPE):
        """Return the step a link was made for, and what is wrong with the link.

        :param str token: the last part of the link's path
        :param datetime now: the moment the page is opened, UTC
        :param str scope: which of the message's links it must be
        :return: the step (sudo; empty unless the signature holds) and False, or 'unknown' (never
            made by us, or altered), 'revoked', 'expired'
        :rtype: tuple(collection.step, str | bool)
        """
        unknown = self.sudo().browse(), "unknown"
        try:
            values = verify_hash_signed(self.sudo().env, scope, token)
        except ValueError:  # no base64, another version, or no text inside
            return unknown
        if not values:
            return unknown
        step_id, key = values
        step_sudo = self.sudo().browse(step_id).exists()
        if not step_sudo or not consteq(step_sudo.link_key or "", key):
            return unknown
        if step_sudo.link_revoked:
            return step_sudo, "revoked"
        lasts_longer = PREFERENCE_LASTS_LONGER if scope == PREFERENCE_SCOPE else datetime.timedelta()
        if step_sudo.link_expires and step_sudo.link_expires + lasts_longer < now.date():
            return step_sudo, "expired"
        return step_sudo, False
