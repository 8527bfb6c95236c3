"""Puts what the database knows into the guard's words, in bulk, and its verdicts into people's words.

The judging is in `engine/guard.py`; nothing that asks for money leaves without it.
"""
from collections import defaultdict
from datetime import timedelta, timezone
from functools import lru_cache

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_datetime

from ..engine import guard, pack, zones
from .collection_protection import ALL_BUT_LETTERS

#: So far back is looked at least; packs and policies with longer limits are told of more.
HISTORY_DAYS = 45
#: Refusals that only want another hour: such a message is put off, not taken back.
TIMED = frozenset({"HOLIDAY", "OUTSIDE_HOURS", "TZ_CONFLICT", "INCONVENIENT_TIME"})
#: Kinds of contacts that count as having happened between us and the customer.
COUNTED_KINDS = ("sent", "written", "imported", "called", "answered")
#: Protections that are a yes or no to the guard, by the name it has for them.
FLAGS = {
    "cease": "ceased",
    "represented": "represented_by_attorney",
    "capacity": "mental_capacity_concern",
    "employer": "employer_prohibits",
}
MINUTES = 60
#: Letters of the shortest reason by which a rule is set aside; two are a word in some languages.
SHORTEST_REASON = 2


class CollectionGuard(models.AbstractModel):
    _name = "collection.guard"
    _description = "Contact Guard"

    # === ASKING === #

    @api.model
    def _facts(self, now, company, partner_ids, addresses=()):
        """Load what the guard must know about these customers: at most five statements, whatever their number.

        :param datetime now: naive UTC
        :param company: one root company
        :param partner_ids: ids of commercial partners
        :param addresses: normalised addresses and numbers that may be written to
        :rtype: GuardFacts
        """
        self.env.flush_all()
        return GuardFacts(self.sudo().env, now, company, list(partner_ids), [address for address in addresses if address])

    @api.model
    def _verdict(self, now, partner, channel, address="", asking=True, company=None, purpose="", **details):
        """Return the verdict on one contact with one customer.

        :param datetime now: naive UTC; the moment of the contact
        :param partner: any contact of the customer
        :param str channel: email, sms, call, letter or visit
        :param details: further fields of `engine.guard.Ask`
        :rtype: engine.guard.Verdict
        """
        company = (company or self.env.company).root_id
        customer = partner.commercial_partner_id
        facts = self._facts(now, company, customer.ids, [address])
        policy = facts.policy_of(customer.id)
        return facts.check(customer.id, address, channel=channel, asking=asking, purpose=purpose, policy=policy, **details)

    @api.model
    def _check_may_override(self, verdict):
        """Refuse, in words, to set aside what the user may not, or nobody may.

        :raises AccessError: only managers set rules aside
        :raises UserError: one of the rules binds managers too
        """
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(self.env._("Only a manager may set a rule aside. Ask one, or send it at the next right moment."))
        hard = [why["text"] for why in self._describe(verdict) if why["hard"]]
        if hard:
            raise UserError(self.env._("Nobody may set this aside: %s", " ".join(hard)))

    @api.model
    def _says_why(self, reason):
        """Tell whether a reason somebody wrote says anything: a word at least, not a dot."""
        return sum(letter.isalpha() for letter in reason or "") >= SHORTEST_REASON

    # === IN WORDS === #

    @api.model
    def _reason_labels(self):
        """Return the words for each refusal, by code in small letters."""
        return {
            "ceased": self.env._("The customer asked us to stop."),
            "attorney": self.env._("A lawyer represents the customer; write to the lawyer."),
            "mental_capacity": self.env._("The customer may not be able to deal with this now."),
            "breathing_space": self.env._("The law gives the customer a breathing space."),
            "hardship": self.env._("The customer is in hardship."),
            "disputed": self.env._("The customer contests it."),
            "opted_out": self.env._("The customer does not want to be contacted this way."),
            "work_email": self.env._("The address belongs to the customer's employer."),
            "employer_prohibits": self.env._("The customer's employer does not allow contact at work."),
            "missing_opt_out_notice": self.env._("The message must say how to be left in peace."),
            "zone_unknown": self.env._("The customer's time zone is not known. Enter it on the contact."),
            "notice_wait": self.env._("A written notice must come first, and some days to read it."),
            "holidays_unknown": self.env._(
                "The public holidays of the customer's country are not known. Check the country on the contact."
            ),
            "holiday": self.env._("It is a public holiday where the customer is."),
            "outside_hours": self.env._("It is too early or too late where the customer is."),
            "tz_conflict": self.env._(
                "The customer's time zone is not certain, and it is too early or too late in one of those it may be. "
                "Enter it on the contact."
            ),
            "inconvenient_time": self.env._("The customer asked not to be contacted at this time."),
            "conversation_cooldown": self.env._("Somebody spoke with the customer a short while ago."),
            "frequency_cap": self.env._("The customer was contacted as often as is allowed."),
            "minimum_gap": self.env._("The customer heard from us recently."),
            "address_gap": self.env._("Another customer at the same address heard from us recently."),
        }

    @api.model
    def _describe(self, verdict):
        """Return why a contact may not be made, one dict per rule, in the order in which they are named.

        :return: list of dicts: code, text, figures, source, basis, hard (nobody may override it)
        """
        labels = self._reason_labels()
        bases = dict(self.env["collection.rule.pack"]._fields["basis"]._description_selection(self.env))
        described = {}
        for refusal in verdict.refusals:
            code, figures = refusal.code.lower(), self._describe_figures(refusal)
            why = described.setdefault(
                (code, figures), {"code": code, "text": labels[code], "figures": figures, "hard": refusal.hard}
            )
            # What several packs say is said once, with the source of each.
            why.setdefault("sources", {})[refusal.source or refusal.pack] = (
                self.env._("House rule") if refusal.pack == pack.HOUSE else bases.get(refusal.basis, "")
            )
        for why in described.values():
            sources = why.pop("sources")
            why["source"] = ", ".join(sources)
            why["basis"] = ", ".join(dict.fromkeys(filter(None, sources.values())))
        return list(described.values())

    @api.model
    def _describe_figures(self, refusal):
        """Return the figures behind a refusal as one short sentence, empty where there are none."""
        detail = refusal.detail
        if refusal.code in ("FREQUENCY_CAP", "MINIMUM_GAP", "ADDRESS_GAP") and "limit" in detail:
            return self.env._(
                "%(count)s of at most %(limit)s within %(days)s days.",
                count=detail.get("count", detail["limit"]),
                limit=detail["limit"],
                days=detail["days"],
            )
        if "opens" in detail and "closes" in detail:
            return self.env._("Allowed from %(opens)s to %(closes)s.", opens=detail["opens"], closes=detail["closes"])
        if refusal.code in ("OUTSIDE_HOURS", "TZ_CONFLICT"):
            return self.env._("Not on this day of the week.")
        if detail.get("holiday"):
            return str(detail["holiday"])
        return ""

    @api.model
    def _describe_moment(self, verdict):
        """Return the next right moment in the user's and the customer's time, or that there is none."""
        moment = verdict.next_allowed_at
        if verdict.allowed:
            return self.env._("It may leave now.")
        if moment is None:
            return self.env._("No date changes that.")
        utc = next_moment(verdict)
        here, there = (
            format_datetime(self.env, utc, tz=zone, dt_format="short")
            for zone in (self.env.user.tz or "UTC", str(moment.tzinfo))
        )
        if here == there:
            return self.env._("The next right moment is %s.", here)
        return self.env._("The next right moment is %(here)s (%(there)s where the customer is).", here=here, there=there)


class GuardFacts:
    """What the guard knows of some customers of one company at one moment."""

    def __init__(self, env, now, company, partner_ids, addresses):
        self._env = env
        self._company = company
        self._moment = _aware(now)
        self._company_zone = company._collection_zone()
        self._today = company._collection_today(now)
        self._partners = self._read_partners(partner_ids)
        self._protections = defaultdict(list)
        for row in env["collection.protection"]._state_rows(company, partner_ids, self._today):
            self._protections[row["partner_id"]].append(row)
        self._packs = env["collection.rule.pack"]._compiled()
        self._pack_ids = {rules.code: pack_id for pack_id, rules in self._packs.items()}
        self._policy_packs = {}
        self._states = {}
        self._by_partner = defaultdict(list)
        self._by_address = defaultdict(list)
        self._load_history(partner_ids, addresses)
        self._load_other_mail(partner_ids)

    # === THE VERDICT === #

    def check(self, partner_id, address, *, policy, channel="email", asking=True, purpose="", at=None, **details):
        """Return the verdict on a contact with a customer.

        :param int partner_id: commercial partner
        :param str address: normalised; empty where the channel has none or it is not known
        :param policy: `collection.policy` whose limits hold
        :param datetime at: naive UTC, the moment of these facts if not given
        :rtype: engine.guard.Verdict
        """
        partner = self._partners[partner_id]
        address = address or ""
        # The frame of an e-mail says how to stop; the few words of a text message do not.
        details.setdefault("has_opt_out_notice", {"email": True, "sms": False}.get(channel))
        if channel == "portal":
            # It waits for its reader like a letter, and no stop of electronic mail is meant.
            channel = "letter"
        ask = guard.Ask(
            at=_aware(at) if at else self._moment,
            channel=channel,
            debts=frozenset({partner_id}),
            customer=partner_id,
            address=address,
            asking=asking,
            purpose=purpose,
            **details,
        )
        agreed = partner["bundle_agreed"]
        elsewhere = [
            contact
            for contact in self._by_address.get(address, ())
            if contact.customer != partner_id
            and not (agreed and self._partners.get(contact.customer, {}).get("bundle_agreed"))
        ]
        history = self._by_partner[partner_id] + elsewhere
        return guard.check(ask, history, self._state(partner_id), self._packs_of(partner, policy))

    def note(self, partner_id, address, at=None, channel="email"):
        """Count a message planned in this run, so that the next customer at its address waits."""
        self._add(
            guard.Contact(
                at=_aware(at) if at else self._moment,
                channel=channel,
                debts=frozenset({partner_id}),
                customer=partner_id,
                address=address or "",
            )
        )

    def policy_of(self, partner_id):
        """Return the policy of a customer: that of the open case, else the customer's own, else the company's."""
        partner = self._partners[partner_id]
        policy = self._env["collection.policy"].browse(partner["case_policy_id"] or partner["own_policy_id"])
        return policy or self._company._collection_default_policy()

    def packs_of(self, partner_id, policy):
        """Return the packs that hold for a customer, the house's first."""
        return self._packs_of(self._partners[partner_id], policy)

    # === PACKS === #

    def _packs_of(self, partner, policy):
        house = _house(
            policy.minimum_gap,
            policy.address_gap,
            policy.hour_from,
            policy.hour_to,
            policy.weekdays or "",
            policy.skip_holidays,
            policy.other_mail_limit if policy.other_mail_counts else 0,
            policy.other_mail_days,
            policy.name or "",
        )
        if policy.id not in self._policy_packs:
            self._policy_packs[policy.id] = policy.pack_ids.ids
        ids = {*self._policy_packs[policy.id], *self.own_pack_ids(partner["id"])}
        return [house, *(self._packs[pack_id] for pack_id in sorted(ids) if pack_id in self._packs)]

    def own_pack_ids(self, partner_id):
        """Return the packs a person confirmed for the customer, else those that fit what is known."""
        partner = self._partners[partner_id]
        if partner["packs_confirmed"]:
            return partner["pack_ids"]
        return self.proposed_pack_ids(partner_id)

    def proposed_pack_ids(self, partner_id):
        """Return the packs that fit what is known of the customer."""
        partner = self._partners[partner_id]
        debtor = partner["debtor_kind"] or ("company" if partner["is_company"] else "")
        debt = {"company": "commercial", "sole_trader": "commercial", "consumer": "consumer"}.get(debtor, "")
        facts = pack.CustomerFacts(
            country=partner["country"] or "",
            subdivision=partner["state"] or "",
            city=partner["city"] or "",
            debtor=debtor,
            collector=self._company.collection_collects_as or "",
            debt=debt,
        )
        codes = pack.proposed(facts, {rules.code: rules for rules in self._packs.values()})
        return [self._pack_ids[code] for code in codes]

    # === THE CUSTOMER === #

    def _read_partners(self, partner_ids):
        rows = self._env.execute_query_dict(
            SQL(
                """
                SELECT p.id, p.is_company, p.tz, p.city, p.phone, country.code AS country, state.code AS state,
                       COALESCE(p.collection_bundle_agreed, FALSE) AS bundle_agreed,
                       p.collection_debtor_kind AS debtor_kind,
                       p.collection_hour_from AS hour_from, p.collection_hour_to AS hour_to,
                       p.collection_weekdays AS weekdays,
                       p.collection_packs_confirmed_on IS NOT NULL AS packs_confirmed,
                       ARRAY(SELECT r.collection_rule_pack_id FROM collection_rule_pack_res_partner_rel r
                              WHERE r.res_partner_id = p.id) AS pack_ids,
                       (SELECT c.policy_id FROM collection_case c
                         WHERE c.partner_id = p.id AND c.company_id = %(company)s AND c.state = 'open') AS case_policy_id,
                       (p.collection_policy_id ->> %(company_key)s)::int AS own_policy_id
                  FROM res_partner p
                  LEFT JOIN res_country country ON country.id = p.country_id
                  LEFT JOIN res_country_state state ON state.id = p.state_id
                 WHERE p.id = ANY(%(ids)s)
                """,
                company=self._company.id,
                company_key=str(self._company.id),
                ids=partner_ids,
            )
        )
        return {row["id"]: row for row in rows}

    def _state(self, partner_id):
        if partner_id not in self._states:
            partner = self._partners[partner_id]
            self._states[partner_id] = guard.State(
                zones=self.zones_of(partner_id),
                country=partner["country"] or self._company.country_id.code or "",
                subdivision=partner["state"] or "",
                preferred_hours=self._preferred_hours(partner),
                **self._protected_by(self._protections[partner_id]),
            )
        return self._states[partner_id]

    def zones_of(self, partner_id):
        """Return the names of the customer's time zones.

        The contact's own, else those its address and phone point to, else the company's. Odoo gives a
        new contact the time zone of whoever makes it: one that is the company's own and cannot be that
        of the address is no sign.
        """
        partner = self._partners[partner_id]
        place = partner["country"] or "", partner["state"] or "", partner["phone"] or ""
        own = partner["tz"] or ""
        if own and (own != self._company_zone or zones.zones_of(own, *place) == (own,)):
            return (own,)
        return zones.zones_of("", *place) or (self._company_zone,)

    def _preferred_hours(self, partner):
        span = _span(partner["weekdays"], partner["hour_from"], partner["hour_to"])
        return () if span == guard.Span() else (span,)

    def _protected_by(self, rows):
        """Return the fields of `engine.guard.State` that these protections stand for."""
        by_kind = defaultdict(list)
        for row in rows:
            by_kind[row["kind"]].append(row)
        opted_out = by_kind["opt_out"]
        ends = [row["date_until"] for row in by_kind["moratorium"]]
        return {
            **{name: True for kind, name in FLAGS.items() if by_kind[kind]},
            "attorney_exception": all(row["direct_contact_agreed"] for row in by_kind["represented"]),
            "breathing_space_open_ended": None in ends,
            "breathing_space_until": max(filter(None, ends), default=None),
            "opted_out": frozenset(
                channel
                for row in opted_out
                if not row["address"]
                for channel in ([row["channel"]] if row["channel"] else ALL_BUT_LETTERS)
            ),
            "opted_out_addresses": frozenset(row["address"] for row in opted_out if row["address"]),
            "inconvenient": tuple(
                _span(row["weekdays"], row["hour_from"], row["hour_to"], row["place"]) for row in by_kind["inconvenient"]
            ),
        }

    # === WHAT HAPPENED BEFORE === #

    def _load_history(self, partner_ids, addresses):
        """Read what left or came in, or may have left: the guard stays on the safe side."""
        rows = self._env.execute_query(
            SQL(
                """
                SELECT k.date, k.partner_id, COALESCE(k.address, ''), k.channel, k.direction,
                       COALESCE(k.outcome, 'sent'), COALESCE(k.is_asking, FALSE), COALESCE(k.requested, FALSE),
                       COALESCE(k.place, ''), COALESCE(p.collection_bundle_agreed, FALSE)
                  FROM collection_contact k
                  JOIN res_partner p ON p.id = k.partner_id
                 WHERE k.kind = ANY(%(kinds)s) AND k.company_id = %(company)s
                   AND (k.date >= %(since)s OR k.outcome = 'conversation')
                   AND (k.partner_id = ANY(%(partners)s) OR k.address = ANY(%(addresses)s))
                UNION ALL
                SELECT COALESCE(s.sent_on, s.date_planned), s.partner_id, COALESCE(s.address, ''), s.channel, 'out',
                       'sent', s.is_asking, FALSE, '', COALESCE(p.collection_bundle_agreed, FALSE)
                  FROM collection_step s
                  JOIN res_partner p ON p.id = s.partner_id
                 WHERE s.state IN ('sending', 'unknown') AND s.company_id = %(company)s
                   AND (s.partner_id = ANY(%(partners)s) OR s.address = ANY(%(addresses)s))
                """,
                kinds=list(COUNTED_KINDS),
                since=self._since(),
                company=self._company.id,
                partners=partner_ids,
                addresses=addresses,
            )
        )
        for date, partner_id, address, channel, direction, outcome, asking, requested, place, agreed in rows:
            self._partners.setdefault(partner_id, {"bundle_agreed": agreed})
            self._add(
                guard.Contact(
                    at=_aware(date),
                    # What came from another system may not say how: it counts like what is most common.
                    channel={"portal": "letter"}.get(channel, channel if channel in guard.CHANNELS else "email"),
                    direction=direction,
                    outcome="answered" if outcome == "wrong_number" else outcome,
                    misdirected=outcome == "wrong_number",
                    debts=frozenset({partner_id}),
                    customer=partner_id,
                    address=address,
                    asking=asking,
                    requested=requested,
                    place=place,
                )
            )

    def _since(self):
        """Return how far back contacts count, as SQL; whether anybody ever spoke with a customer counts for ever."""
        of_packs = max((pack.days_back([rules]) or 0 for rules in self._packs.values()), default=0)
        return SQL(
            """
            %s::timestamp - interval '1 day' * (2 + GREATEST(%s, (
                SELECT max(GREATEST(minimum_gap, address_gap, other_mail_days)) FROM collection_policy)))
            """,
            self._moment.replace(tzinfo=None),
            max(of_packs, HISTORY_DAYS),
        )

    def _load_other_mail(self, partner_ids):
        """Read invoices, quotes and the like that were mailed, where a policy counts them."""
        rows = self._env.execute_query(
            SQL(
                """
                SELECT m.date, p.commercial_partner_id, COALESCE(p.email_normalized, '')
                  FROM res_partner p
                  JOIN mail_notification n ON n.res_partner_id = p.id AND n.notification_type = 'email'
                  JOIN mail_message m ON m.id = n.mail_message_id
                 WHERE EXISTS (SELECT 1 FROM collection_policy WHERE other_mail_counts)
                   AND p.commercial_partner_id = ANY(%(partners)s)
                   AND n.notification_status NOT IN ('canceled', 'exception', 'bounce')
                   AND m.date >= %(since)s
                   AND m.model IS DISTINCT FROM 'collection.case'
                   AND (m.record_company_id IS NULL OR m.record_company_id IN (
                       SELECT c.id FROM res_company c WHERE split_part(c.parent_path, '/', 1)::int = %(company)s))
                   AND m.collection_about_payment IS NOT TRUE
                """,
                partners=partner_ids,
                company=self._company.id,
                since=self._since(),
            )
        )
        for date, partner_id, address in rows:
            self._add(
                guard.Contact(at=_aware(date), channel="email", customer=partner_id, address=address, asking=False)
            )

    def _add(self, contact):
        self._by_partner[contact.customer].append(contact)
        if contact.address:
            self._by_address[contact.address].append(contact)


def _span(weekdays, hour_from, hour_to, place=""):
    """Return a stretch of the day; no hours, or none in order, stand for the whole day."""
    opens, closes = round((hour_from or 0) * MINUTES), round((hour_to or 24) * MINUTES)
    if closes <= opens:
        opens, closes = 0, guard.Span().closes
    return guard.Span(
        days=frozenset(int(day) for day in weekdays or "") or guard.Span().days,
        opens=opens,
        closes=closes,
        place=place or "",
    )


def put_off_until(verdict, now, within=timedelta(days=1)):
    """Return the moment to which a refused message is put off, `None` when another night decides about it.

    A message that only comes at the wrong hour leaves as soon as it may, without being decided again.

    :param datetime now: naive UTC
    :return: naive UTC
    """
    moment = next_moment(verdict)
    if moment is None or any(refusal.code not in TIMED for refusal in verdict.refusals):
        return None
    return moment if moment <= now + within else None


def next_moment(verdict):
    """Return the next right moment as naive UTC, `None` where there is none or the verdict allows it."""
    moment = verdict.next_allowed_at
    return moment and moment.astimezone(timezone.utc).replace(tzinfo=None)


def reason_of(verdict):
    """Return a refusal as it is stored: the rule that holds longest, and the first local day that changes it."""
    day = verdict.next_allowed_at and verdict.next_allowed_at.date().isoformat()
    return {"code": binding(verdict.refusals).code.lower(), "date": day}


def binding(refusals):
    """Return the refusal that holds longest: one no date cures, else the last to give way.

    At night every message comes at the wrong hour; what people want to know is why not tomorrow.
    """
    for refusal in refusals:
        if refusal.free_at is None:
            return refusal
    return max(refusals, key=lambda refusal: refusal.free_at)


@lru_cache(maxsize=256)
def _house(minimum_gap, address_gap, hour_from, hour_to, weekdays, holidays, other_mail_limit, other_mail_days, name):
    """Return the limits of a policy as a pack; the same object for the same limits."""
    days = frozenset(int(day) for day in weekdays) or guard.Span().days
    always = hour_from <= 0 and hour_to >= 24 and days == guard.Span().days
    return pack.house(
        minimum_gap=minimum_gap,
        address_gap=address_gap,
        hours=None if always else (hour_from, hour_to),
        weekdays=days,
        holidays=bool(holidays),
        other_mail_limit=other_mail_limit,
        other_mail_days=other_mail_days or 7,
        source=name,
    )


def _aware(moment):
    return moment.replace(tzinfo=timezone.utc)
