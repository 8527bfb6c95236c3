"""How the customer wants to be contacted, as the page behind a message's link shows and changes it.

Whoever holds the link speaks for the person the message was sent to, about contacts only: he sees no
amounts, no other people, and no address but in part. What he asks for takes effect in the same
transaction; what would send our messages to somebody new waits for a person of ours.
"""
import re
from collections import namedtuple

from babel.dates import get_day_names
from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.mail import email_normalize
from odoo.tools.misc import babel_locale_parse, format_duration

from ..engine import zones
from .collection_protection import ALL_BUT_LETTERS
from .collection_step import PENDING_STATES
from .res_partner_preferences import DAY_HOURS, PREFERRED_CHANNELS, hours_of

#: One channel on the page. ``address``: where it goes, in part; ``stopped``: we use it no more;
#: ``only_address``: not to that address, others may still be used; ``may_undo``: it was asked for here.
PreferenceChannel = namedtuple("PreferenceChannel", "code name address stopped only_address may_undo")

CONFIRMATION = "opt_out_confirmation"
#: Channels that a click stops. Letters stay: by law, or as the only way left.
STOPPABLE = ("email", "sms", "call")
#: Messages that mail programs may offer to unsubscribe from with a button of their own: never one that
#: may count as a notice, whose way a click or a scanner must not cut off.
UNSUBSCRIBABLE = ("heads_up", "friendly_reminder", "check_in", "help_offer", "after_agreement", "account_settled")
#: What an address looks like: Odoo's own check takes a name without a domain's dot.
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(?:\.[^@\s,;<>.]+)+")
#: So much of what a customer types is kept.
LONGEST_NOTE = 200
HIDDEN = "\N{BULLET}" * 3


def masked_email(address):
    """Return an e-mail address by which its owner knows it and nobody else learns it.

    >>> masked_email("ada@bakery.example").replace(HIDDEN, "...")
    'a...@bakery.example'
    """
    name, _at, domain = (address or "").rpartition("@")
    return f"{name[:1]}{HIDDEN}@{domain}" if name else ""


def masked_phone(number):
    """Return the end of a phone number.

    >>> masked_phone("+1 555 0123").replace(HIDDEN, "...")
    '... 23'
    """
    digits = "".join(sign for sign in number or "" if sign.isdigit())
    return f"{HIDDEN} {digits[-2:]}" if len(digits) > 4 else ""


class CollectionStep(models.Model):
    _inherit = "collection.step"

    # === WHAT THE PAGE SHOWS === #

    def _preference_values(self, now):
        """Return what the preference page shows, in the language of the environment.

        :param datetime now: the moment of the visit, UTC
        """
        self.ensure_one()
        customer = self.partner_id
        day_names = get_day_names("wide", locale=babel_locale_parse(self.env.lang))
        ceased = self._stops(now).filtered(lambda stop: stop.kind == "cease")
        return {
            "channels": self._preference_channels(now),
            "ceased": bool(ceased),
            "confirms": bool(self._confirmations_of_today(now)),
            "may_resume": bool(ceased) and all(stop.source == "link" for stop in ceased),
            "preferred_channels": self._channel_names(dict(PREFERRED_CHANNELS)),
            "preferred": customer.collection_channel,
            "weekdays": [(str(day), day_names[day]) for day in range(7)],
            "chosen_days": customer.collection_weekdays or "",
            "hours": [(float(hour), format_duration(hour)) for hour in range(25)],
            "hour_from": customer.collection_hour_from,
            "hour_to": customer.collection_hour_to or DAY_HOURS,
            "languages": self.env["res.lang"].get_installed(),
            "language": self._pay_language(),
        }

    def _preference_channels(self, now):
        """Return the channels by which this customer may be reached, as a list of `PreferenceChannel`."""
        stops = self._stops(now).filtered(lambda stop: stop.kind == "opt_out")
        person = self._payer()
        reach = {
            "email": masked_email(self.address or person.email_normalized),
            "sms": masked_phone(person.phone),
            "call": masked_phone(person.phone),
        }
        channels = []
        for code, name in self._channel_names(reach).items():
            own = stops.filtered(lambda stop, code=code: stop._covers(code, self.address))
            if not (own or reach[code]):
                continue
            channels.append(
                PreferenceChannel(
                    code=code,
                    name=name,
                    address=reach[code],
                    stopped=bool(own),
                    only_address=bool(own) and all(stop.address for stop in own),
                    may_undo=all(stop.source == "link" for stop in own),
                )
            )
        return channels

    def _channel_names(self, codes):
        """Return what customers call these channels, as ``{code: name}``."""
        names = {
            "email": self.env._("E-mail"),
            "sms": self.env._("Text message"),
            "call": self.env._("Phone call"),
            "letter": self.env._("Letter"),
        }
        return {code: names[code] for code in codes}

    def _stops(self, now):
        """Return the protections in force now by which this customer asked us to stop."""
        return self._stops_on(self.company_id._collection_today(now))

    def _stops_on(self, day):
        self.ensure_one()
        protections = self.env["collection.protection"].search(
            [("commercial_partner_id", "=", self.partner_id.id), ("kind", "in", ("opt_out", "cease"))]
        )
        return protections.filtered(lambda protection: protection._is_in_force(self.company_id, day))

    def _preference_lines(self, day):
        """Return in the customer's words what he asked us to stop, as it stands on a day, one sentence each."""
        stops = self._stops_on(day)
        if stops.filtered(lambda stop: stop.kind == "cease"):
            return [
                self.env._("We no longer contact you about what is open."),
                self.env._("It stays open all the same, and a letter may still come where the law asks for one."),
            ]
        whole = {
            "email": self.env._("No more e-mails about payments."),
            "sms": self.env._("No more text messages about payments."),
            "call": self.env._("No more calls about payments."),
            "visit": self.env._("No more visits about payments."),
            "letter": self.env._("No more letters about payments, but where the law asks for one."),
        }
        lines = []
        for stop in stops.sorted("id"):
            if stop.address:
                where = masked_email(stop.address) if stop.channel == "email" else masked_phone(stop.address)
                lines.append(self.env._("No more messages about payments to %s.", where))
            else:
                lines += [whole[channel] for channel in ([stop.channel] if stop.channel else ALL_BUT_LETTERS)]
        return list(dict.fromkeys(lines)) or [self.env._("You may hear from us on every channel again.")]

    # === STOPPING AND STARTING AGAIN === #

    def _stop_channel(self, channel, now, only_address=False):
        """The customer wants no more messages on a channel: it takes effect with this transaction.

        Asked twice it is noted once.

        :param str channel: one of `STOPPABLE`
        :param datetime now: naive UTC
        :param bool only_address: not to the address of this message, which it then must have
        :return: whether that is new
        """
        self.ensure_one()
        if channel not in STOPPABLE or (only_address and not self.address):
            raise ValidationError(self.env._("Please choose one of the ways shown on this page."))
        self._take_turn()
        address = self.address if only_address else False
        known = self._stops(now).filtered(
            lambda stop: stop.kind == "opt_out" and stop._covers(channel, address) and (address or not stop.address)
        )
        if known:
            return False
        words = self._staff_env()
        name = dict(self.env["collection.protection"]._fields["channel"]._description_selection(words))[channel]
        note = (
            words._("Unsubscribed %(address)s with the button of the mail program.", address=address)
            if address
            else words._("No more messages about payments by this channel: %s.", name)
        )
        self._note_stop({"kind": "opt_out", "channel": channel, "address": address}, note, now)
        self._take_back("opted_out", [("channel", "=", channel), *([("address", "=", address)] if address else [])])
        return True

    def _allow_channel(self, channel, now):
        """The customer takes back what he asked for on this page: the channel may be used again.

        What a colleague noted stays: it was told to us, not clicked here.

        :return: whether anything changed
        """
        self.ensure_one()
        self._take_turn()
        stops = self._stops(now).filtered(
            lambda stop: stop.kind == "opt_out" and stop.source == "link" and stop._covers(channel, self.address)
        )
        return self._end_stops(stops, self._staff_env()._("May be contacted by this channel again."), now)

    def _cease(self, now):
        """The customer wants no more contact about what is owed: it takes effect with this transaction.

        :return: whether that is new
        """
        self.ensure_one()
        self._take_turn()
        stops = self._stops(now)
        if stops.filtered(lambda stop: stop.kind == "cease"):
            return False
        if stops.filtered(lambda stop: stop._covers("email", self.address)):
            # A mail may pass the stop it confirms, not two.
            self._confirmations([("state", "in", PENDING_STATES)])._cancel("ceased")
        words = self._staff_env()
        self._note_stop({"kind": "cease"}, words._("Asked us to stop all contact about what is owed."), now)
        self._take_back("ceased", [])
        self._ask_somebody(words._("The customer asked us to stop: decide how to go on"), now)
        return True

    def _resume(self, now):
        """The customer takes back that he wants no contact.

        :return: whether anything changed
        """
        self.ensure_one()
        self._take_turn()
        stops = self._stops(now).filtered(lambda stop: stop.kind == "cease" and stop.source == "link")
        return self._end_stops(stops, self._staff_env()._("May be contacted again."), now)

    def _take_turn(self):
        """Let two clicks at the same moment follow each other: the second starts anew and sees the first.

        A row read is not enough: only a row changed makes PostgreSQL refuse the second, which Odoo repeats.
        """
        self.env.cr.execute(SQL("UPDATE collection_case SET write_date = write_date WHERE id = %s", self.case_id.id))

    def _note_stop(self, values, note, now):
        if not self._stops(now).filtered(lambda stop: stop.kind == "cease" or stop._covers("email", self.address)):
            self._plan_confirmation(now)
        contact = self._log_preference("stopped", note, values, now)
        self.env["collection.protection"].create(
            {
                "partner_id": self._payer().id,
                "company_id": self.company_id.id,
                "date_from": self.company_id._collection_today(now),
                "source": "link",
                "contact_id": contact.id,
                "user_id": self.env.uid,
                **values,
            }
        )

    def _end_stops(self, stops, note, now):
        if not stops:
            return False
        stops._end(note)
        self._log_preference("preference", note, {"ended": stops.ids}, now)
        if not self._stops(now):
            self._confirmations([("state", "in", PENDING_STATES)])._cancel("outdated")
        return True

    def _take_back(self, code, domain):
        """Cancel what has not left yet; what is being sent right now is refused when it is claimed."""
        steps = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", PENDING_STATES),
                ("purpose", "!=", CONFIRMATION),
                *domain,
            ]
        )
        steps._cancel(code)
        cases = steps.case_id.filtered(lambda case: case.state == "open")
        cases.write({"next_reason": {"code": code}, "next_stage_id": False, "next_step_date": False})
        cases.activity_unlink(["collections_relationship.mail_activity_type_approve"])

    # === THE CONFIRMATION === #

    def _confirmations(self, domain):
        return self.search([("case_id", "=", self.case_id.id), ("purpose", "=", CONFIRMATION), *domain])

    def _confirmations_of_today(self, now):
        """Return the confirmations to this address that left today or have not left yet."""
        day_start = now.replace(hour=0, minute=0, second=0, microsecond=0)
        known = self._confirmations([("state", "!=", "cancelled"), ("address", "=", self.address)])
        return known.filtered(lambda step: step.state in PENDING_STATES or step.date_planned >= day_start)

    def _plan_confirmation(self, now):
        """Plan one mail that confirms what the customer asked for; it says what is in force when it leaves.

        One that has not left yet says it all, and one that left today is enough. Who had stopped our mail
        before gets none: nobody who asks for quiet gets a second one.
        """
        if not self.address or self._confirmations_of_today(now):
            return
        today = self.company_id._collection_today(now)
        chooser = self.env["collection.template"]._chooser(self.company_id, self.partner_id.ids, today)
        message = chooser.choose(self.partner_id, CONFIRMATION, "friendly", policy=self.case_id.policy_id)
        if not message.template_id:
            return
        self.create(
            {
                "case_id": self.case_id.id,
                "company_id": self.company_id.id,
                "sender_company_id": self._speaker().id,
                "purpose": CONFIRMATION,
                "template_id": message.template_id,
                "state": "planned",
                "round": len(self._confirmations([])),
                "date_planned": now,
                "recipient_id": self.recipient_id.id,
                "address": self.address,
                "user_id": self.user_id.id,
                "reason": {"code": "opted_out"},
            }
        )
        self.env.ref("collections_relationship.ir_cron_act").sudo()._trigger()  # waking it is all that happens

    def _guard_purpose(self, day):
        """Return what the guard is told a message is for.

        A confirmation may pass the stop it confirms. To whom nothing more may be sent it says that we stop.
        """
        if self.purpose == CONFIRMATION and self._stops_on(day).filtered(lambda stop: stop.kind == "cease"):
            return "termination_notice"
        return self.purpose

    # === CHOICES === #

    def _save_preferences(self, choices, now):
        """Keep how the customer would rather be contacted.

        :param dict choices: as the page sends them: ``channel``, ``hour_from``, ``hour_to`` (text),
            ``weekdays`` (list of digits), ``lang``
        :return: whether anything changed
        :raise ValidationError: says what is wrong, for the customer
        """
        self.ensure_one()
        customer, person = self.partner_id, self._payer()
        values = self._read_preferences(choices)
        lang = choices.get("lang")
        if lang not in dict(self.env["res.lang"].get_installed()):
            lang = person.lang
        changed = {name: value for name, value in values.items() if (customer[name] or False) != (value or False)}
        if not changed and lang == person.lang:
            return False
        customer.write(changed)
        if lang != person.lang:
            person.lang = changed["lang"] = lang
        self._log_preference("preference", self._describe_preferences(changed), changed, now)
        self.env["collection.dirty"]._mark(customer.ids)
        return True

    def _read_preferences(self, choices):
        """Return the customer's fields for what the page sent."""
        channel = choices.get("channel") or False
        days = "".join(sorted({day for day in choices.get("weekdays", ()) if day in tuple("0123456")}))
        try:
            hour_from, hour_to = float(choices.get("hour_from") or 0), float(choices.get("hour_to") or DAY_HOURS)
        except ValueError:
            hour_from = hour_to = 0.0
        if not 0.0 <= hour_from < hour_to <= DAY_HOURS:
            raise ValidationError(self.env._("Please choose a first hour that is before the last one."))
        if channel and channel not in dict(PREFERRED_CHANNELS):
            raise ValidationError(self.env._("Please choose one of the ways shown on this page."))
        return {
            "collection_channel": channel,
            "collection_hour_from": hour_from,
            "collection_hour_to": hour_to,
            "collection_weekdays": "" if len(days) == 7 else days,
        }

    def _describe_preferences(self, changed):
        """Return for colleagues what a customer changed."""
        env = self._staff_env()
        customer = self.partner_id.with_env(env)
        words = []
        if "collection_channel" in changed:
            names = dict(customer._fields["collection_channel"]._description_selection(env))
            words.append(env._("by: %s", names.get(customer.collection_channel) or env._("any channel")))
        if {"collection_hour_from", "collection_hour_to"} & changed.keys():
            hours = hours_of(env, customer.collection_hour_from, customer.collection_hour_to)
            words.append(
                env._("hours: %(opens)s to %(closes)s", opens=format_duration(hours[0]), closes=format_duration(hours[1]))
                if hours
                else env._("hours: any")
            )
        if "collection_weekdays" in changed:
            names = get_day_names("abbreviated", locale=babel_locale_parse(env.lang))
            days = ", ".join(names[int(day)] for day in customer.collection_weekdays or "")
            words.append(env._("days: %s", days or env._("any")))
        if "lang" in changed:
            words.append(env._("language: %s", env["res.lang"]._get_data(code=changed["lang"]).name))
        return env._("Wants to be contacted: %s", "; ".join(words))

    def _name_other_person(self, name, reach, now):
        """The customer names somebody to talk to instead: noted for a colleague, who asks before writing there.

        :param str name: of that person
        :param str reach: his e-mail address or phone number
        :return: whether that is new
        :raise ValidationError: says what is missing, for the customer
        """
        self.ensure_one()
        name, reach = _one_line(name), _one_line(reach)
        if not name or not reach:
            raise ValidationError(self.env._("Please give us a name, and an e-mail address or a phone number."))
        if not self._is_reachable(reach):
            raise ValidationError(
                self.env._(
                    "We cannot reach anybody at “%s”. Please give us one e-mail address, such as name@example.com, or "
                    "one phone number, best with its country code, such as +44 20 7946 0123.",
                    reach[:LONGEST_NOTE],
                )
            )
        self._take_turn()
        env = self._staff_env()
        note = env._("Talk to %(name)s instead: %(reach)s", name=name[:LONGEST_NOTE], reach=reach[:LONGEST_NOTE])
        known = self.env["collection.contact"].search_count(
            [("case_id", "=", self.case_id.id), ("kind", "=", "preference"), ("note", "=", note)], limit=1
        )
        if known:
            return False
        self._log_preference("preference", note, {"name": name[:LONGEST_NOTE], "reach": reach[:LONGEST_NOTE]}, now)
        self._ask_somebody(env._("The customer named somebody else to talk to"), now, note)
        return True

    def _is_reachable(self, reach):
        """Tell whether what a customer typed is one e-mail address or one phone number."""
        country = self.partner_id.country_id or self.company_id.country_id
        address = email_normalize(reach)
        return bool(address and EMAIL.fullmatch(address)) or zones.is_phone(reach, country.code or "")

    # === FOR OUR PEOPLE === #

    def _staff_env(self):
        """Return the environment in the language of whoever looks after the customer."""
        person = self.user_id or self.case_id.user_id
        lang = person.lang or self.company_id.partner_id.lang or "en_US"
        return self.env(context={**self.env.context, "lang": lang})

    def _log_preference(self, kind, note, facts, now):
        """Write in the log, and on the case, what the customer said on the page."""
        message = self.case_id._message_log(body=Markup("<p>%s</p>") % note, author_id=self._payer().id)
        return self.env["collection.contact"].create(
            {
                "case_id": self.case_id.id,
                "partner_id": self.partner_id.id,
                "recipient_id": self.recipient_id.id,
                "company_id": self.company_id.id,
                "date": now,
                "kind": kind,
                "direction": "in",
                "channel": "portal",
                "step_id": self.id,
                "address": self.address,
                "note": note,
                "message_id": message.message_id,
                "facts": facts,
                "user_id": self.env.uid if self.env.user._is_internal() and self.env.uid != api.SUPERUSER_ID else False,
            }
        )

    def _ask_somebody(self, summary, now, note=None):
        """Give the open case an activity: a person decides."""
        case = self.case_id.with_env(self._staff_env())
        if case.state == "open":
            case._schedule("mail_activity_type_preference", self.company_id._collection_today(now), summary, note)

    # === IN MESSAGES === #

    def _unsubscribe_headers(self):
        """Return the headers by which mail programs offer to unsubscribe (RFC 8058), per step.

        Without https there is no one-click: the link then opens the page only.

        :return: step id to a dict, empty for messages that may count as a notice
        """
        headers = {step.id: {} for step in self}
        fitting = self.filtered(
            lambda step: step.purpose in UNSUBSCRIBABLE and step.address and not step.template_id.is_statutory
        )
        for step_id, link in fitting._preference_links().items() if fitting else ():
            headers[step_id] = {"List-Unsubscribe": f"<{link}/unsubscribe>"}
            if link.startswith("https://"):
                headers[step_id]["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return headers

    def _preference_block(self, speech, today):
        """Return what the customer asked us to stop, as a list."""
        return self._block("mail_preferences", speech, lines=self.with_env(speech.env)._preference_lines(today))

    def _preference_footer(self, speech, link):
        """Return the line at the end of every message that leads to the customer's choices."""
        return self._common_block("mail_preference_footer", speech, {"link": link})


def _one_line(text):
    """Return what a browser sent as one line of signs that can be read; `None` as nothing."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())
