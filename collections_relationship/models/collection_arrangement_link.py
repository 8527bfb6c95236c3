"""The link to the page on which a customer reads and answers what we offered: signed, expiring, revocable.

One key for a whole negotiation: whoever opens an old message sees what stands now.
"""
import datetime
import secrets

from odoo import api, fields, models
from odoo.tools import consteq
from odoo.tools.misc import hash_sign, verify_hash_signed

PAGE_PATH = "/collections/offer"
LINK_SCOPE = "collections_relationship.arrangement_link"
#: So long the page stays after the last day that matters: of the offer, of the last payment, of its end.
STAYS_OPEN = datetime.timedelta(days=60)


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    link_key = fields.Char(readonly=True, copy=False, groups="base.group_system", help="The secret part of the page's link.")
    link_revoked = fields.Boolean(readonly=True, copy=False, help="The links to the customer's page open nothing any more.")

    # === MAKING LINKS === #

    def _page_link(self, step=None):
        """Return the absolute address of the customer's page.

        :param step: the message it stands in; whoever it is written to may then have a code sent
        """
        return self._speaker().get_base_url() + self._page_path(step)

    def _page_path(self, step=None):
        """Return the path of the customer's page: the same for all offers of a negotiation."""
        self.ensure_one()
        first = self.sudo().negotiation_id or self.sudo()  # whoever may read one of its offers may have its link
        if not first.link_key:
            first.link_key = secrets.token_urlsafe(12)
        token = hash_sign(first.env, LINK_SCOPE, [first.id, first.link_key, step.id if step else 0])
        return f"{PAGE_PATH}/{token}"

    def _speaker(self):
        """Return the company or branch the arrangement speaks for: the branch where all it covers is of one."""
        self.ensure_one()
        companies = self.sudo().item_ids.line_id.company_id
        return companies if len(companies) == 1 else self.company_id

    def _link_last_day(self):
        """Return the last day on which the link opens the page."""
        versions = self._versions()
        days = [version.date_until for version in versions]
        days += [version.date_last for version in versions if version.state in ("accepted", "active")]
        days += [version.ended_on and version.ended_on.date() for version in versions]
        days += [version.create_date.date() for version in versions]
        return max(filter(None, days)) + STAYS_OPEN

    # === TAKING LINKS BACK === #

    def action_revoke_link(self):
        """Make the links to the customer's page worthless at once, for good."""
        self._check_may_agree()
        self.sudo().negotiation_id.link_revoked = True

    # === READING LINKS === #

    @api.model
    def _find_by_page_link(self, token, now):
        """Return the first offer of the negotiation a link was made for, its message, and what is wrong with it.

        :param str token: the last part of the link's path
        :param datetime now: the moment the page is opened, UTC
        :return: arrangement (sudo; empty unless the signature holds), `collection.step` (maybe empty) and False,
            or 'unknown', 'revoked', 'expired'
        """
        no_step = self.env["collection.step"].sudo()
        unknown = self.sudo().browse(), no_step, "unknown"
        try:
            values = verify_hash_signed(self.sudo().env, LINK_SCOPE, token)
        except ValueError:  # no base64, another version, or no text inside
            return unknown
        if not values:
            return unknown
        first_id, key, step_id = values
        first = self.sudo().browse(first_id).exists()
        if not first or not consteq(first.link_key or "", key):
            return unknown
        step = no_step.browse(step_id).exists()
        if first.link_revoked or step.link_revoked:
            return first, step, "revoked"
        if first._link_last_day() < now.date():
            return first, step, "expired"
        return first, step, False
