"""By which channels a customer can be reached, and in which order they are tried. Sends nothing."""
from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL

#: One way to a customer: the person, and the address or number there; a letter has the postal address in words.
Way = namedtuple("Way", "channel partner_id address")
#: Refusals that close one channel and leave the others open.
CLOSING = frozenset({"OPTED_OUT", "WORK_EMAIL", "MISSING_OPT_OUT_NOTICE", "EMPLOYER_PROHIBITS"})
#: What is tried after the customer's wish and the stage's own channel, in this order.
FALLBACKS = ("email", "sms", "letter", "call")
#: Channels by which a person, not a server, reaches the customer.
BY_HAND = ("letter", "call")


class CollectionCase(models.Model):
    _inherit = "collection.case"

    @api.model
    def _reach(self, case_ids, move_ids_by_case):
        """Return by which channels each customer can be reached: a handful of statements for all cases.

        The person is the one an e-mail would go to; where he has no number or no postal address, the
        customer's own is taken. A portal message needs somebody with access to the portal.

        :param case_ids: ids of `collection.case`
        :param dict move_ids_by_case: case id to the ids of the invoices asked for
        :return: case id to {channel: Way}
        :rtype: dict
        """
        cases = self.browse(case_ids)
        recipients = self._recipients(case_ids, move_ids_by_case)
        people = self.env["res.partner"].sudo().browse({partner_id for partner_id, _address in recipients.values()})
        people = people | cases.partner_id.sudo()
        people.fetch(["phone", "phone_sanitized", "street", "zip", "city", "country_id", "commercial_partner_id"])
        portal = self._portal_people(people.commercial_partner_id) if cases else {}
        dead = self._dead_numbers(people) if cases else {}
        reach = {}
        for case in cases:
            partner_id, address = recipients.get(case.id, (case.partner_id.id, False))
            ways = reach[case.id] = {}
            if address and not case.bounced_on:
                ways["email"] = Way("email", partner_id, address)
            candidates = (people.browse(partner_id), case.partner_id.sudo())
            for channel, read in (("sms", _number), ("call", _number), ("letter", _postal_address)):
                closed = dead.get(channel, frozenset())
                person = next((person for person in candidates if read(person) and read(person) not in closed), None)
                if person:
                    ways[channel] = Way(channel, person.id, read(person))
            if case.partner_id.id in portal:
                ways["portal"] = Way("portal", *portal[case.partner_id.id])
        return reach

    @api.model
    def _portal_people(self, customers):
        """Return one person with access to the portal and his log-in per customer, where there is one."""
        users = self.env["res.users"].sudo().search(
            [("share", "=", True), ("partner_id.commercial_partner_id", "in", customers.ids)], order="id desc"
        )
        return {user.partner_id.commercial_partner_id.id: (user.partner_id.id, user.login) for user in users}

    @api.model
    def _dead_numbers(self, people):
        """Return the numbers of these people that are not used any more, by channel.

        One that did not take a text message gets no other; one that somebody else answered gets neither text nor
        call, until a call there reaches the customer after all.

        :rtype: dict[str, frozenset]
        """
        numbers = list({person.phone_sanitized for person in people if person.phone_sanitized})
        self.env["collection.contact"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (address, kind) address, kind, outcome
                  FROM collection_contact
                 WHERE address = ANY(%(numbers)s)
                   AND (kind = 'bounced' AND channel = 'sms'
                        OR kind = 'called' AND channel = 'call' AND outcome IN ('conversation', 'wrong_number'))
                 ORDER BY address, kind, date DESC, id DESC
                """,
                numbers=numbers,
            )
        )
        wrong = frozenset(number for number, _kind, outcome in rows if outcome == "wrong_number")
        return {"sms": wrong | {number for number, kind, _outcome in rows if kind == "bounced"}, "call": wrong}

    def _channel_order(self, stage):
        """Return the channels to try for this customer at a stage, the first one first.

        What the customer wishes wins; then the stage's own; then those the policy lets stand in.
        """
        self.ensure_one()
        policy = self.policy_id
        stand_in = {
            "email": True,
            "sms": policy.may_text,
            "letter": policy.may_write,
            "call": policy.may_call,
        }
        order = [self.partner_id.sudo().collection_channel, stage.channel]
        order += [channel for channel in FALLBACKS if stand_in[channel]]
        return [channel for channel in dict.fromkeys(order) if channel]


def _number(partner):
    return partner.phone_sanitized or ""


def _postal_address(partner):
    """Return the postal address in one line, nothing where a letter would not arrive."""
    if not (partner.street and partner.city):
        return ""
    return ", ".join(filter(None, (partner.street, f"{partner.zip or ''} {partner.city}".strip(), partner.country_id.code)))
