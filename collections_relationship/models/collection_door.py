"""The doors people write through by hand: composers, the chatter, text messages.

Says whom a message would reach that owes something late, asks the guard and the ledger about it, and
logs what was written about a payment. It sends nothing itself.
"""

from collections import namedtuple
from datetime import timezone

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.service.server import thread_local
from odoo.tools import SQL
from odoo.tools.mail import email_normalize
from odoo.tools.misc import format_date

from .collection_guard import next_moment
from .collection_step_act import LOCK_CASE

#: Context: the answer to 'is this about payment?'; missing where nobody was asked.
ABOUT_PAYMENT = "collection_about_payment"
#: Context: why a manager sets the rules aside for this message.
OVERRIDE_REASON = "collection_override_reason"
#: With these a person outside writes to people past the screens, whatever kind of message he calls it.
POSTING = (
    ".message_post",
    ".message_notify",
    ".message_post_with_source",
    ".message_mail_with_source",
    ".mail.message.post",  # the route of the chatter
)
#: With these a mail or text message is made without a post on a document.
MAILING = (
    ".mail.template.send_mail",
    ".mail.template.send_mail_batch",
    ".mail.mail.create",
    ".sms.sms.create",
)
#: Kinds of messages that a person writes; the others are written by programs.
WRITTEN_TYPES = ("comment", "sms")
#: Refusals that count contacts; a message that was logged when it was written would refuse itself.
COUNTING = frozenset({"CONVERSATION_COOLDOWN", "FREQUENCY_CAP", "MINIMUM_GAP", "ADDRESS_GAP"})

#: A customer a message would reach: the customer, the company he owes, the case, the person and the
#: address written to, and why nothing of what is late may be asked for (empty: something may).
Reached = namedtuple("Reached", ["customer", "company", "case", "recipient", "address", "hold_code"])


class Unanswered(UserError):
    """Nobody has said whether a message that would reach somebody who owes is about payment.

    The chatter knows it by its name and opens the full composer, where the question is asked.
    """


class Judged:
    """The guard's and the ledger's answer about one customer who would be reached."""

    def __init__(self, reached, verdict, of_guard, of_ledger):
        self.reached = reached
        self.verdict = verdict
        self.of_guard = of_guard
        self.of_ledger = of_ledger
        #: What whoever does it should know although nothing forbids it, in words.
        self.notice = ""

    @property
    def allowed(self):
        return not self.reasons

    @property
    def reasons(self):
        """Every reason against it, those nobody can wait out first."""
        return [*self.of_ledger, *self.of_guard]

    @property
    def is_soft(self):
        """Whether a manager may set aside everything that is in the way."""
        return bool(self.of_guard) and not self.of_ledger and not any(why["hard"] for why in self.of_guard)

    @property
    def next_moment(self):
        """Naive UTC; `None` where it may leave now, or no moment is known to change that."""
        return None if self.of_ledger else next_moment(self.verdict)


class CollectionDoor(models.AbstractModel):
    _name = "collection.door"
    _description = "Doors for Written Messages"

    # === WHO WRITES === #

    @api.model
    def _is_called_from_outside(self, methods):
        """Tell whether this request is somebody's call of one of these methods, by any of Odoo's remote ways.

        :param methods: endings such as `.message_post`
        """
        # Odoo names the method of a remote call for its log; the newest of its ways names it in the path only.
        path = request.httprequest.path if request else ""
        called = getattr(thread_local, "rpc_model_method", "") or path.replace("/", ".")
        return f".{called}".endswith(methods)

    @api.model
    def _is_written_by_hand(self, message_type):
        """Tell whether a colleague writes this message himself, not a program for him."""
        if self.env.uid == SUPERUSER_ID or not self.env.user._is_internal():
            return False
        return message_type in WRITTEN_TYPES or self._is_called_from_outside(POSTING)

    # === WHOM IT REACHES === #

    @api.model
    def _reached(self, recipients, company=None):
        """Return the customers with something late whom a message to these recipients would reach.

        The ledger itself is looked at: what was paid a moment ago is not late any more.

        :param recipients: pairs (partner id or False, address or number or False)
        :param company: whose document is written about; a customer who owes several is taken as owing it
        :rtype: list of Reached, one per customer
        """
        recipients = list(recipients)
        partner_ids = [partner_id for partner_id, _address in recipients if partner_id]
        addresses = [address for _partner_id, address in recipients if address]
        if not recipients:
            return []
        company = (company or self.env.company).root_id
        companies = company | self.env.user.company_ids.root_id
        self.env["collection.item"].flush_model()
        self.env["account.move.line"].flush_model(["parent_state", "reconciled"])
        self.env["res.partner"].flush_model(["commercial_partner_id", "email_normalized", "partner_share", "phone_sanitized"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (i.partner_id)
                       i.partner_id, i.root_company_id, max(i.case_id), p.id, p.email_normalized, p.phone_sanitized,
                       CASE WHEN bool_and(i.hold_code IS NOT NULL) THEN min(i.hold_code) END
                  FROM res_partner p
                  JOIN collection_item i ON i.partner_id = p.commercial_partner_id AND i.is_open
                  JOIN account_move_line l ON l.id = i.line_id
                 WHERE (p.id = ANY(%(partners)s) OR p.email_normalized = ANY(%(addresses)s)
                        OR p.phone_sanitized = ANY(%(addresses)s))
                   AND p.partner_share
                   AND i.root_company_id = ANY(%(companies)s) AND i.date_due < %(today)s
                   AND l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
                 GROUP BY i.partner_id, i.root_company_id, p.id
                 ORDER BY i.partner_id, i.root_company_id != %(company)s, p.id != ALL(%(partners)s), i.root_company_id, p.id
                """,
                partners=SQL("%s::int[]", partner_ids),
                addresses=SQL("%s::varchar[]", addresses),
                companies=companies.ids,
                company=company.id,
                today=company._collection_today(fields.Datetime.now()),
            )
        )
        by_partner = dict(recipients)
        # A mailbox several customers share belongs, in this message, to the one who is written to.
        taken = {by_partner[partner_id] for *_row, partner_id, _email, _phone, _hold in rows if partner_id in by_partner}
        rows = [row for row in rows if row[3] in by_partner or not taken & {row[4], row[5]} - {None, False}]
        Partner, Case, Company = self.env["res.partner"], self.env["collection.case"].sudo(), self.env["res.company"].sudo()
        return [
            Reached(
                Partner.browse(customer_id),
                Company.browse(company_id),
                Case.browse(case_id or []),
                Partner.browse(partner_id),
                by_partner.get(partner_id) or next((one for one in (email, phone) if one in addresses), email or ""),
                hold_code or "",
            )
            for customer_id, company_id, case_id, partner_id, email, phone, hold_code in rows
        ]

    @api.model
    def _recipients_of(self, record, message_type, subtype_id, partner_ids):
        """Return the recipients, as `_reached` takes them, of a message posted on a record with its followers."""
        data = self.env["mail.followers"]._get_recipient_data(record, message_type, subtype_id, partner_ids)
        return self._of_data(data[record.id if record else 0].values())

    @api.model
    def _of_data(self, recipients_data):
        """Return the recipients outside the inbox, as `_reached` takes them, of Odoo's recipients data."""
        return [
            (data["id"], data.get("email_normalized") or False)
            for data in recipients_data
            if data["notif"] in ("email", "sms") and data["active"] is not False and data["share"]
        ]

    # === MAY IT? === #

    @api.model
    def _judge(self, now, reached, channel="email"):
        """Ask the guard and the ledger about a message about payment to these customers.

        :param datetime now: naive UTC; the moment at which it would reach them
        :rtype: list of Judged
        """
        guard = self.env["collection.guard"]
        judged = []
        for company in {one.company for one in reached}:
            here = [one for one in reached if one.company == company]
            facts = guard._facts(now, company, [one.customer.id for one in here], [one.address for one in here])
            stale = company._collection_bank_is_stale(company._collection_today(now))
            for one in here:
                policy = facts.policy_of(one.customer.id)
                verdict = facts.check(one.customer.id, one.address, channel=channel, policy=policy)
                judged.append(self._judged(one, verdict, bank_is_stale=stale))
        return judged

    @api.model
    def _judged(self, reached, verdict, with_ledger=True, bank_is_stale=False):
        """Return a verdict with its reasons in words, and those of the ledger beside it."""
        of_ledger = self._describe_ledger(reached, bank_is_stale) if with_ledger else []
        return Judged(reached, verdict, self.env["collection.guard"]._describe(verdict), of_ledger)

    @api.model
    def _describe_ledger(self, reached, bank_is_stale=False):
        """Return why the state of case and ledger forbids asking, in the form of the guard's reasons."""
        codes = []
        if reached.case.reply_unread_since:
            codes.append("reply_unread")
        if reached.case.step_ids.filtered(lambda step: step.state == "unknown"):
            codes.append("unknown")
        if reached.hold_code:
            codes.append(reached.hold_code)
        if bank_is_stale:
            codes.append("bank_stale")
        described = self._describe_codes(codes)
        for why in described:
            if why["code"] == reached.hold_code:
                why["text"] = reached.case._describe_hold(reached.hold_code)
        return described

    @api.model
    def _describe_codes(self, codes):
        labels = self.env["collection.case"]._next_reason_labels()
        return [
            {
                "code": code,
                "text": labels[code],
                "figures": "",
                "source": self.env._("the follow-up's own books"),
                "basis": "",
                "hard": True,
            }
            for code in codes
        ]

    @api.model
    def _pass(self, now, recipients, company=None, channel="email"):
        """Let a message through to these recipients, or raise the words why not.

        Who would be reached without anybody having said whether it is about payment, is not. A
        message that is about payment is judged; its customers are locked until the end of the
        transaction, so that of two people who write in the same second one is refused.

        :param datetime now: naive UTC
        :param recipients: as `_reached` takes them
        :return: what is about payment: list of Judged, to be logged
        :raises UserError: it may not leave
        """
        about_payment = self.env.context.get(ABOUT_PAYMENT)
        if about_payment is False:
            return []
        reached = self._reached(recipients, company)
        if not reached:
            return []
        if about_payment is None:
            raise Unanswered(self._words_unanswered(reached))
        self._lock(reached)
        judged = self._judge(now, reached, channel)
        refused = [one for one in judged if not one.allowed]
        if refused and not self._set_aside(refused):
            raise UserError("\n\n".join(self._words_refused(one) for one in refused))
        return judged

    @api.model
    def _set_aside(self, refused):
        """Tell whether the user, a manager, sets aside with a reason what is in the way.

        :raises AccessError: he is no manager
        :raises UserError: a rule binds managers too
        """
        if not self.env["collection.guard"]._says_why(self.env.context.get(OVERRIDE_REASON)):
            return False
        if any(one.of_ledger for one in refused):
            return False
        for one in refused:
            self.env["collection.guard"]._check_may_override(one.verdict)
        return True

    @api.model
    def _lock(self, reached):
        """Keep these customers for this transaction; the night's worker and other people wait or are refused."""
        for case in {one.case for one in reached if one.case}:
            [(free,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK_CASE, case.id))
            if not free:
                raise UserError(
                    self.env._(
                        "Another message is leaving to %s at this very moment. Look at it first.",
                        case.partner_id.display_name,
                    )
                )
            # A colleague who wrote since our transaction began has changed this row: Odoo starts ours anew.
            case.lock_for_update(allow_referencing=True)

    # === IN WORDS === #

    @api.model
    def _words_unanswered(self, reached):
        return self.env._(
            "%(customers)s owes something that is late, and nobody has said whether this message is about payment. "
            "Open the full composer and answer there, or log a note instead.",
            customers=", ".join(one.customer.display_name for one in reached),
        )

    @api.model
    def _words_refused(self, judged):
        """Return, as lines of text, why a message about payment may not leave now."""
        lines = [
            self.env._(
                "This message about payment may not reach %s now:", judged.reached.customer.display_name
            )
        ]
        for why in judged.reasons:
            words = " ".join(filter(None, [why["text"], why["figures"]]))
            lines.append(self.env._("• %(why)s (source: %(rule)s)", why=words, rule=why["source"]))
        lines.append(self._describe_next(judged))
        return "\n".join(filter(None, lines))

    @api.model
    def _describe_next(self, judged):
        """Return when a message that may not leave now would be right, in words; empty where nobody knows."""
        guard = self.env["collection.guard"]
        day = judged.reached.case._day_after_pause()
        if judged.of_ledger and (not day or [why["code"] for why in judged.of_ledger] != ["paused"]):
            return ""
        if not judged.of_ledger or not (judged.verdict.allowed or judged.verdict.next_allowed_at):
            return guard._describe_moment(judged.verdict)
        if moment := next_moment(judged.verdict):
            day = max(day, judged.reached.company._collection_today(moment))
        return self.env._("The next right moment is not before %s, when the pause is over.", format_date(self.env, day))

    @api.model
    def _verdict_html(self, judged):
        """Return the verdicts as they are shown before somebody writes."""
        return self.env["ir.qweb"]._render(
            "collections_relationship.verdict",
            {
                "verdicts": [
                    {
                        "customer": one.reached.customer.display_name if len(judged) > 1 else "",
                        "allowed": one.allowed,
                        "reasons": one.reasons,
                        "notice": one.notice,
                        "moment": "" if one.allowed else self._describe_next(one),
                        "there": self._describe_time(one.reached),
                    }
                    for one in judged
                ]
            },
        )

    @api.model
    def _describe_time(self, reached, now=None):
        """Return what time it is where the customer is."""
        guard = self.env["collection.guard"]
        now = now or fields.Datetime.now()
        facts = guard._facts(now, reached.company, reached.customer.ids)
        zones = facts.zones_of(reached.customer.id)
        times = [fields.Datetime.context_timestamp(self.with_context(tz=zone), now).strftime("%H:%M") for zone in zones]
        names = [zone.replace("_", " ") for zone in zones]
        if len(zones) == 1:
            return self.env._("%(time)s where the customer is (%(zone)s)", time=times[0], zone=names[0])
        return self.env._(
            "The customer's time zone is not certain: %(time)s (%(zone)s) or %(others)s. Enter it on the contact, or the state.",
            time=times[0],
            zone=names[0],
            others=", ".join(f"{time} ({name})" for time, name in list(zip(times, names, strict=True))[1:]),
        )

    # === THE LOG === #

    @api.model
    def _log(self, now, judged, channel, *, subject, body, message_id=False, move=None, kind="written"):
        """Write what was written about a payment in the log, so that it counts in the budget.

        :param datetime now: naive UTC
        :param move: the invoice it was written on, if any
        :return: the contacts
        """
        contacts = self.env["collection.contact"].sudo()
        Case = self.env["collection.case"].sudo()
        for one in judged:
            vals = {
                "case_id": one.reached.case.id,
                "partner_id": one.reached.customer.id,
                "recipient_id": one.reached.recipient.id,
                "company_id": one.reached.company.id,
                "user_id": self.env.uid,
                "is_asking": True,
                "outcome": "sent",
                "reason": self._reason(one),
                "facts": {"open": one.reached.case.open_item_ids._ledger_now()},
                "move_ids": [fields.Command.set(move.ids if move else [])],
            }
            contacts |= Case._create_contact(
                vals,
                kind,
                now,
                subject=subject,
                body=body,
                message_id=message_id,
                address=one.reached.address,
                channel=channel,
                direction="out",
            )
            one.reached.case.last_asked = now
        for company in {one.reached.company for one in judged}:
            customers = [one.reached.customer.id for one in judged if one.reached.company == company]
            self.env["collection.hold"]._note_restart(customers, company, company._collection_today(now))
        self.env["collection.dirty"]._mark([one.reached.customer.id for one in judged])
        return contacts

    @api.model
    def _reason(self, judged):
        """Return the 'why now' of a message written by hand, as data."""
        reason = {"code": "by_hand", "verdict": judged.verdict.code.lower()}
        if not judged.verdict.allowed:
            reason["set_aside"] = {
                "codes": [refusal.code.lower() for refusal in judged.verdict.refusals],
                "why": (self.env.context.get(OVERRIDE_REASON) or "").strip(),
                "by": self.env.uid,
            }
        return reason

    # === WAITING IN A QUEUE === #

    @api.model
    def _ask_again(self, now, recipients, company, channel="email", message_id=""):
        """Ask about a message that was written and logged earlier and leaves only now.

        What counts contacts is left aside: it was asked when the message was written, which is logged
        since and would refuse itself. So is what a manager has set aside for this message.

        :param datetime now: naive UTC
        :param str message_id: by which the log knows the message
        :return: tuple (reasons in words, naive UTC at which it may leave; `None`: never)
        """
        reached = self._reached(recipients, company)
        if not reached:
            return [self.env._("Nothing of it is owed any more.")], None
        reasons, moments = [], []
        passed = COUNTING | self._codes_set_aside(message_id)
        for one in self._judge(now, reached, channel):
            refusals = [refusal for refusal in one.verdict.refusals if refusal.hard or refusal.code not in passed]
            if one.of_ledger or refusals:
                codes = {refusal.code.lower() for refusal in refusals}
                texts = [*one.of_ledger, *(why for why in one.of_guard if why["code"] in codes)]
                reasons += [why["text"] for why in texts]
                free = [refusal.free_at for refusal in refusals]
                waits = None if one.of_ledger or not all(free) else max(free)
                moments.append(waits and waits.astimezone(timezone.utc).replace(tzinfo=None))
        if not reasons:
            return [], None
        return reasons, max(moments) if all(moments) else None

    @api.model
    def _codes_set_aside(self, message_id):
        """Return the rules a manager set aside for a message, as the log has it."""
        if not message_id:
            return set()
        contacts = self.env["collection.contact"].sudo().search(
            [("message_id", "=", message_id), ("kind", "=", "written")]
        )
        set_aside = ((contact.reason or {}).get("set_aside") or {} for contact in contacts)
        return {code.upper() for one in set_aside for code in one.get("codes", ())}

    @api.model
    def _split_emails(self, *texts):
        """Return the recipients, as `_reached` takes them, written out in these address fields."""
        addresses = (email_normalize(part) for text in texts for part in (text or "").split(","))
        return [(False, address) for address in addresses if address]
