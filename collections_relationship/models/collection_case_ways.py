"""By which channels a customer can be reached, and in which order they are tried. Sends nothing."""
from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL, format_list

from .collection_guard import reason_of

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

    def _ways_in_order(self, stage, reach):
        """Return the ways to the customer to be tried at a stage, the first one first.

        :param dict reach: channel to `Way`, as `_reach` gives it for the case
        """
        return [reach[channel] for channel in self._channel_order(stage) if channel in reach]

    def _first_open_way(self, ways, facts):
        """Return the first of these ways that is open, and the guard's verdict on it.

        :param ways: in the order in which they are tried
        :param facts: what the guard knows of the customer
        :return: (Way, verdict, refusal as stored in `next_reason`); way and verdict are `None` where
            all ways are closed
        """
        self.ensure_one()
        closed = None
        for way in ways:
            verdict = facts.check(self.partner_id.id, way.address, policy=self.policy_id, channel=way.channel)
            if not is_closed(verdict):
                return way, verdict, None
            closed = closed or reason_of(verdict)
        return None, None, closed or {"code": "bounced" if self.bounced_on else "no_address"}

    # === IN WORDS === #

    def _describe_way(self, stage, channel, reach, facts):
        """Return in a few words why a message of `stage` goes this way and no other; empty where it is the usual one.

        :param str channel: the way it goes
        :param dict reach: channel to `Way`, as `_reach` gives it for the case
        :param facts: what the guard knows of the customer
        """
        self.ensure_one()
        wish = self.partner_id.sudo().collection_channel
        if channel == wish:
            return self._wish_labels()[channel]
        order = self._channel_order(stage)
        before = order[: order.index(channel)] if channel in order else order
        return format_list(self.env, dict.fromkeys(filter(None, (self._why_closed(one, reach, facts) for one in before))))

    def _why_closed(self, channel, reach, facts):
        """Return in a few words why this way is not taken; empty where it is open."""
        if channel not in reach:
            return self._describe_missing(channel, reach)
        way = reach[channel]
        verdict = facts.check(self.partner_id.id, way.address, policy=self.policy_id, channel=channel)
        closing = next((refusal.code for refusal in verdict.refusals if refusal.code in CLOSING), None)
        return self._closed_labels(channel)[closing] if closing else ""

    def _describe_missing(self, channel, reach):
        """Return in a few words what is missing for this way to the customer."""
        if channel == "email" and self.bounced_on:
            return self.env._("the last e-mail bounced")
        if channel == "sms" and "call" in reach:
            return self.env._("the number takes no text messages")
        if channel in ("sms", "call") and _number(self.partner_id.sudo()):
            return self.env._("the phone number is wrong")
        return {
            "email": self.env._("no e-mail address"),
            "sms": self.env._("no phone number"),
            "letter": self.env._("no postal address"),
            "call": self.env._("no phone number"),
            "portal": self.env._("nobody has access to the portal"),
        }[channel]

    @api.model
    def _wish_labels(self):
        return {
            "email": self.env._("wants e-mails"),
            "sms": self.env._("wants text messages"),
            "letter": self.env._("wants letters"),
            "call": self.env._("wants calls"),
            "portal": self.env._("wants messages in the portal"),
        }

    @api.model
    def _closed_labels(self, channel):
        """Return in a few words what closes a channel, by the code of the guard's refusal."""
        stopped = {
            "email": self.env._("the customer stopped e-mails"),
            "sms": self.env._("the customer stopped text messages"),
            "letter": self.env._("the customer stopped letters"),
            "call": self.env._("the customer stopped calls"),
            "portal": self.env._("the customer stopped messages in the portal"),
        }
        return {
            "OPTED_OUT": stopped[channel],
            "WORK_EMAIL": self.env._("the e-mail address belongs to the employer"),
            "EMPLOYER_PROHIBITS": self.env._("the employer does not allow it"),
            "MISSING_OPT_OUT_NOTICE": self.env._("a text message would have to say how to stop it"),
        }

    def _describe_no_way(self, stage, reach, is_alone=False):
        """Return that no way leads to the customer, why, and what to enter.

        :param dict reach: channel to `Way`: those the policy does not let stand in by itself
        :param bool is_alone: whoever reads it can choose one of them there
        """
        order = self._channel_order(stage)
        missing = format_list(self.env, dict.fromkeys(self._describe_missing(channel, reach) for channel in order))
        cures = {
            "email": self.env._("an e-mail address that works") if self.bounced_on else self.env._("an e-mail address"),
            "sms": self.env._("a phone number"),
            "letter": self.env._("a postal address with street and town"),
            "call": self.env._("a phone number"),
        }
        entries = format_list(self.env, dict.fromkeys(cures[one] for one in order if one in cures), style="or")
        if not reach:
            return self.env._(
                "No way leads to this customer: %(missing)s. Enter %(entries)s on the contact.",
                missing=missing,
                entries=entries,
            )
        labels = dict(self.env["collection.stage"]._fields["channel"]._description_selection(self.env))
        others = format_list(self.env, [labels[channel] for channel in reach], style="or")
        if is_alone:
            return self.env._(
                "By itself the policy takes no way to this customer: %(missing)s. Enter %(entries)s on the contact, "
                "or choose a way yourself: %(others)s.",
                missing=missing,
                entries=entries,
                others=others,
            )
        return self.env._(
            "By itself the policy takes no way to this customer: %(missing)s. Enter %(entries)s on the contact, "
            "or follow up this customer alone and choose: %(others)s.",
            missing=missing,
            entries=entries,
            others=others,
        )


def is_closed(verdict):
    """Tell whether a verdict closes its channel and leaves the others open."""
    return any(refusal.code in CLOSING for refusal in verdict.refusals)


def _number(partner):
    return partner.phone_sanitized or ""


def _postal_address(partner):
    """Return the postal address in one line, nothing where a letter would not arrive."""
    if not (partner.street and partner.city):
        return ""
    return ", ".join(filter(None, (partner.street, f"{partner.zip or ''} {partner.city}".strip(), partner.country_id.code)))
