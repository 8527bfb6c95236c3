"""Mail that comes in: answers, automatic replies, bounces, and copies of what was written elsewhere.

A human answer stops the follow-up until somebody has read it. Nothing that arrives is lost: what
fits no case lands on a contact, with an activity. Sends nothing.
"""
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, html2plaintext, html_sanitize, plaintext2html
from odoo.tools.mail import email_normalize, email_normalize_all, unfold_references

from ..engine import calendar, incoming
from .collection_contact import NOTE_LENGTH
from .collection_door import ABOUT_PAYMENT

#: An unread answer goes to somebody else after this many working days.
UNREAD_BANK_DAYS = 2
#: A bounce that does not say which mail it is about is ours if we wrote to that address this recently.
BOUNCE_WITHIN = timedelta(days=14)
#: Longer texts are cut in the log; the chatter keeps them whole.
LONGEST_BODY = 200_000


class CollectionCase(models.Model):
    _inherit = "collection.case"

    # === COMING IN BY MAIL === #

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Find where a mail to our address belongs, when it answers no message of ours.

        :return: the case, else the contact who wrote, else the company's own contact
        """
        now = fields.Datetime.now()
        Case = self.sudo()
        companies = Case._companies_written_to(msg_dict)
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or [])
        addresses = [email_normalize(msg_dict.get("email_from") or "")]
        if author and not author.partner_share:
            addresses = Case._customer_addresses(msg_dict)
        for address in filter(None, addresses):
            case = Case._find_by_address(address, companies)
            if case:
                case = case.with_env(self.env)
                case.message_update(msg_dict)
                return case
        return Case._receive_unassigned(msg_dict, author, companies, now)

    def message_update(self, msg_dict, update_vals=None):
        result = super().message_update(msg_dict, update_vals)
        self.sudo()._receive(msg_dict, fields.Datetime.now())
        return result

    def _receive(self, msg_dict, now):
        """Log a mail on its case and do what its kind asks for.

        Changes ``msg_dict`` so that the gateway posts a note, which reaches nobody by mail, where
        nobody has to be told.

        :param datetime now: naive UTC
        """
        self.ensure_one()
        case = self._open_twin()
        if self._is_logged(msg_dict["message_id"]):
            return
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        values = {
            "subject": msg_dict.get("subject"),
            "body": msg_dict.get("body"),
            "message_id": msg_dict["message_id"],
            "author": author,
            "address": email_normalize(msg_dict.get("email_from") or "") or False,
            "channel": "email",
        }
        if author and not author.partner_share:
            self._receive_from_colleague(case, msg_dict, values, now)
        elif self.env.context.get("collection_incoming") == incoming.AUTOMATIC:
            msg_dict["is_internal"] = True
            msg_dict.pop("parent_id", None)
            case._log_incoming("auto_reply", now, **values)
        else:
            case._receive_answer(now, **values)
        if values["address"]:
            case._clear_bounce(values["address"])

    def _receive_from_colleague(self, case, msg_dict, values, now):
        """Log what a colleague wrote to the customer from his own mail program."""
        addresses = self._customer_addresses(msg_dict)
        parent = self.env["mail.message"].browse(msg_dict.get("parent_id") or [])
        if addresses:
            # The customer has it already: no second copy through us.
            msg_dict["is_internal"] = True
            msg_dict.pop("parent_id", None)
        elif not parent.author_id.partner_share or msg_dict.get("is_internal"):
            return
        address = addresses[0] if addresses else parent.author_id.email_normalized
        user = values["author"].main_user_id
        values = dict(values, address=address, author=self._partner_at(address, case.partner_id))
        case._log_incoming("written", now, direction="out", user=user, why="written_elsewhere", **values)

    def _receive_answer(self, now, summary=False, **values):
        """A person answered: log it, stop the follow-up, ask somebody to read it.

        :param str summary: what the reader is asked to do, where it is more than to read
        :return: the row of the log
        """
        self.ensure_one()
        contact = self._log_incoming("answered", now, **values)
        if not self.reply_unread_since:
            self.write({"reply_unread_since": now, "reply_escalated": False})
        today = self.company_id._collection_today(now)
        self._schedule(
            "mail_activity_type_reply",
            today,
            summary or self._env_of(self._acting_user(today))._("Read the customer's answer"),
            plaintext2html(contact.note) if contact.note else False,
        )
        self.env["collection.dirty"]._mark(self.partner_id.ids)
        return contact

    def _log_incoming(
        self, kind, now, *, subject, body, message_id, author, address, channel, direction="in", user=None, why=None
    ):
        """Write one row of the log with its text; returns it.

        :param str why: code of the reason why now, of what left us
        """
        self.ensure_one()
        return self._create_contact(
            {
                "case_id": self.id,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "recipient_id": author.id,
                "user_id": user.id if user else False,
                **({"reason": {"code": why}, "facts": {"open": self.open_item_ids._ledger_now()}} if why else {}),
            },
            kind,
            now,
            subject=subject,
            body=body,
            message_id=message_id,
            address=address,
            channel=channel,
            direction=direction,
        )

    @api.model
    def _create_contact(self, vals, kind, now, *, subject, body, message_id, address, channel, direction):
        body = str(body or "")
        text = incoming.new_text(html2plaintext(body[:LONGEST_BODY]))
        if len(body) > LONGEST_BODY:
            body = plaintext2html(text[:LONGEST_BODY])
        content = self.env["collection.contact.content"].create(
            {
                "subject": subject,
                "body_html": html_sanitize(body, sanitize_style=True, strip_classes=True),
                "company_id": vals["company_id"],
            }
        )
        return self.env["collection.contact"].create(
            [
                {
                    **vals,
                    "kind": kind,
                    "date": now,
                    "direction": direction,
                    "channel": channel,
                    "address": address,
                    "message_id": message_id,
                    "content_id": content.id,
                    "note": " ".join(text.split())[:NOTE_LENGTH] or False,
                }
            ]
        )

    # === WHERE IT BELONGS === #

    @api.model
    def _answered_case(self, msg_dict):
        """Return the case of the message a mail answers, where only our log knows that message.

        Odoo deletes mails that were sent; what stands in its own messages it finds by itself. A mail that goes to
        another address for mail coming in as well is a new matter there.
        """
        references = unfold_references(msg_dict.get("references") or msg_dict.get("in_reply_to") or "")[-32:]
        if not references:
            return self.browse()
        contact = self.env["collection.contact"].search(
            [("message_id", "in", references), ("direction", "=", "out"), ("case_id", "!=", False)],
            order="id DESC",
            limit=1,
        )
        if not contact or self.env["mail.message"].search_count([("message_id", "in", references)], limit=1):
            return self.browse()
        addresses = email_normalize_all(msg_dict.get("to") or "")
        elsewhere = self.env["mail.alias"].search_count(
            [("alias_full_name", "in", addresses), ("alias_model_id.model", "!=", self._name)], limit=1
        )
        return self.browse() if elsewhere else contact.case_id

    @api.model
    def _companies_written_to(self, msg_dict):
        """Return the root companies whose address for answers is among the recipients; all when none is."""
        recipients = email_normalize_all(msg_dict.get("recipients") or "")
        aliases = self.env["mail.alias.domain"]._collection_aliases()
        written_to = aliases.filtered(lambda alias: alias.alias_full_name in recipients)
        companies = self.env["res.company"].search([("alias_domain_id", "in", written_to.alias_domain_id.ids)])
        return companies.root_id or self.env["res.company"].search([("parent_id", "=", False)])

    @api.model
    def _customer_addresses(self, msg_dict):
        """Return the recipients that are neither ours nor a colleague's, in the order written."""
        addresses = list(dict.fromkeys(email_normalize_all(f"{msg_dict.get('to') or ''},{msg_dict.get('cc') or ''}")))
        ours = set(self.env["mail.alias.domain"]._find_aliases(addresses))
        partners = self.env["res.partner"].search([("email_normalized", "in", addresses)])
        ours.update(partners.filtered(lambda partner: not partner.partner_share).mapped("email_normalized"))
        return [address for address in addresses if address not in ours]

    @api.model
    def _find_by_address(self, address, companies):
        """Return the case a person at ``address`` most likely writes about, possibly none.

        Open cases first; among them the one we last wrote about to that very address, else the one
        of a customer with that address.
        """
        self.flush_model(["company_id", "last_asked", "partner_id", "state"])
        self.env["res.partner"].flush_model(["commercial_partner_id", "email_normalized"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH written AS (
                    SELECT case_id, max(date) AS last
                      FROM collection_contact
                     WHERE address = %(address)s AND kind IN ('sent', 'written') AND case_id IS NOT NULL
                     GROUP BY case_id
                ), customer AS (
                    SELECT commercial_partner_id AS id FROM res_partner WHERE email_normalized = %(address)s
                )
                SELECT cases.id
                  FROM collection_case cases
             LEFT JOIN written ON written.case_id = cases.id
                 WHERE cases.company_id = ANY(%(companies)s)
                   AND (cases.id IN (SELECT case_id FROM written) OR cases.partner_id IN (SELECT id FROM customer))
                 ORDER BY cases.state = 'open' DESC, written.last DESC NULLS LAST, cases.last_asked DESC NULLS LAST,
                          cases.id DESC
                 LIMIT 1
                """,
                address=address,
                companies=companies.ids,
            )
        )
        return self.browse([case_id for (case_id,) in rows])

    def _open_twin(self):
        """Return the customer's open case when this one is closed already and there is one."""
        self.ensure_one()
        if self.state == "open":
            return self
        return self.search(
            [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id), ("state", "=", "open")],
            limit=1,
        ) or self

    @api.model
    def _partner_at(self, address, customer):
        """Return the person of ``customer`` with that address, else the customer."""
        people = self.env["res.partner"].search(
            [("email_normalized", "=", address), ("commercial_partner_id", "=", customer.id)], limit=1
        )
        return people or customer

    @api.model
    def _is_logged(self, message_id):
        """Tell whether a mail came in before: two of our addresses may stand in one mail."""
        return bool(
            self.env["collection.contact"].search_count(
                [("message_id", "=", message_id), ("kind", "!=", "sent")], limit=1
            )
        )

    @api.model
    def _receive_unassigned(self, msg_dict, author, companies, now):
        """Keep a mail that fits no case: on its writer where he is known, else on the company itself."""
        company = companies[:1]
        colleague = bool(author) and not author.partner_share
        known = author.commercial_partner_id if author and not colleague else self.env["res.partner"]
        thread = known or company.partner_id
        msg_dict["is_internal"] = True
        automatic = self.env.context.get("collection_incoming") == incoming.AUTOMATIC
        if known:
            self._create_contact(
                {"partner_id": known.id, "recipient_id": author.id, "company_id": company.id},
                "auto_reply" if automatic else "answered",
                now,
                subject=msg_dict.get("subject"),
                body=msg_dict.get("body"),
                message_id=msg_dict["message_id"],
                address=email_normalize(msg_dict.get("email_from") or "") or False,
                channel="email",
                direction="in",
            )
        if not automatic:
            user = author.main_user_id if colleague else self._managers(company)[:1]
            reader = self._env_of(user)
            summary = reader._("Whose mail is this? From %s", msg_dict.get("email_from") or "")
            if summary not in thread.activity_ids.mapped("summary"):
                thread.with_context(mail_activity_quick_update=True).activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=company._collection_today(now),
                    summary=summary,
                    note=reader._(
                        "It came to the address for answers and fits no open case. The mail is in the messages here."
                    ),
                    user_id=user.id or self.env.uid,
                )
        return thread.with_env(self.env)

    # === WRITTEN IN THE CHATTER === #

    def _message_post_after_hook(self, message, msg_values):
        """A customer who writes in the portal has answered; a colleague who writes to him is logged."""
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "comment":
            case, now = self.sudo(), fields.Datetime.now()
            author = message.sudo().author_id
            values = {
                "subject": message.subject,
                "body": message.body,
                "message_id": message.message_id,
                "author": author,
                "address": author.email_normalized or email_normalize(message.email_from or "") or False,
                "channel": "portal",
            }
            customers = message.sudo().partner_ids.filtered("partner_share")
            if author.partner_share or not author:
                case._open_twin()._receive_answer(now, **values)
            elif customers and not message.is_internal and not self.env.context.get(ABOUT_PAYMENT):
                # What is about payment is logged once the guard has let it through.
                values.update(author=customers[0], address=customers[0].email_normalized, channel="email")
                case._log_incoming(
                    "written", now, direction="out", user=author.main_user_id, why="by_hand", **values
                )
        return result

    def _notify_thread_with_out_of_office(self, message, recipients_data, msg_vals=False, **kwargs):
        """Leave a machine without an answer: two absent people must not write to each other for ever."""
        if self.env.context.get("collection_incoming") == incoming.AUTOMATIC:
            return self.env["mail.message"]
        return super()._notify_thread_with_out_of_office(message, recipients_data, msg_vals=msg_vals, **kwargs)

    # === BOUNCES === #

    @api.model
    def _receive_bounce(self, email_message, message_dict):
        """Mark the case of a message that came back. The entry point reads the clock."""
        now = fields.Datetime.now()
        report = email_message.get_content_type() == "multipart/report"
        blocks = [
            block
            for part in email_message.walk()
            if part.get_content_type() == "message/delivery-status"
            for block in part.get_payload()
        ]
        failed = incoming.is_failure(
            (email_message.get_param("report-type") or "") if report else "",
            [block.get("Action", "") for block in blocks],
            [block.get("Status", "") for block in blocks],
        )
        if not failed or self._is_logged(message_dict["message_id"]):
            return
        step = self._bounced_step(message_dict, now)
        if step:
            reason = next((block["Diagnostic-Code"] for block in blocks if block.get("Diagnostic-Code")), "")
            step.case_id._note_bounce(step, message_dict, reason, now)

    @api.model
    def _bounced_step(self, message_dict, now):
        """Return the step whose mail came back: by its Message-Id, else the last one to that address."""
        Step = self.env["collection.step"]
        message_ids = message_dict.get("bounced_msg_ids") or []
        step = Step.search([("message_id", "in", message_ids)], limit=1) if message_ids else Step
        address = message_dict.get("bounced_email")
        if not step and address and not message_dict.get("bounced_message"):
            step = Step.search(
                [("address", "=", address), ("state", "=", "sent"), ("sent_on", ">=", now - BOUNCE_WITHIN)],
                order="sent_on DESC",
                limit=1,
            )
        return step

    def _note_bounce(self, step, message_dict, reason, now):
        """Log that a step's mail came back, and have somebody look at the address unless it was corrected."""
        self.ensure_one()
        self._create_contact(
            {
                "case_id": self.id,
                "partner_id": self.partner_id.id,
                "recipient_id": step.recipient_id.id,
                "company_id": self.company_id.id,
                "step_id": step.id,
            },
            "bounced",
            now,
            subject=message_dict.get("subject"),
            body=plaintext2html(reason) if reason else message_dict.get("body"),
            message_id=message_dict["message_id"],
            address=step.address,
            channel="email",
            direction="in",
        )
        case = self._open_twin()
        _partner_id, current = case._recipients(case.ids, {case.id: step.item_ids.move_id.ids})[case.id]
        if current != step.address:
            return
        case.bounced_on = now
        today = case.company_id._collection_today(now)
        reader = self._env_of(case._acting_user(today))
        case._schedule(
            "mail_activity_type_address",
            today,
            reader._("Find an address that works"),
            Markup("<p>%s</p>") % reader._("The message to %s came back.", step.address),
        )
        self.env["collection.dirty"]._mark(case.partner_id.ids)

    def _clear_bounce(self, address):
        """A mail from an address shows that it works, whatever came back from it before."""
        if self.bounced_on and address == self._recipients(self.ids, {})[self.id][1]:
            self._address_changed()

    def _address_changed(self):
        """Messages may go out again: the address that came back is not used any more, or works again."""
        bounced = self.filtered("bounced_on")
        bounced.write({"bounced_on": False})
        bounced.activity_feedback(["collections_relationship.mail_activity_type_address"])
        self.env["collection.dirty"]._mark(bounced.partner_id.ids)

    # === UNREAD FOR TOO LONG === #

    @api.model
    def _cron_escalate_replies(self):
        """Scheduled action: bring answers nobody has read to somebody else."""
        self._escalate_replies(fields.Datetime.now())

    @api.model
    def _escalate_replies(self, now):
        """Give a manager each answer unread for `UNREAD_BANK_DAYS` working days, once.

        :param datetime now: naive UTC
        """
        waiting = self.search([("reply_unread_since", "<", now), ("reply_escalated", "=", False)])
        for company, cases in waiting.grouped("company_id").items():
            today = company._collection_today(now)
            late = cases.filtered(
                lambda case, company=company, today=today: calendar.bank_days_between(
                    company._collection_today(case.reply_unread_since), today
                )
                >= UNREAD_BANK_DAYS
            )
            managers = self._managers(company)
            users = {case: case._escalation_user(today, managers) for case in late}
            activity_type = self.env.ref("collections_relationship.mail_activity_type_reply")
            self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
                [
                    {
                        "res_model_id": self.env["ir.model"]._get_id(self._name),
                        "res_id": case.id,
                        "activity_type_id": activity_type.id,
                        "summary": self._env_of(users[case])._("A customer's answer waits unread"),
                        "date_deadline": today,
                        "automated": True,
                        "user_id": users[case].id or self.env.uid,
                    }
                    for case in late
                ]
            )
            late.write({"reply_escalated": True})

    @api.model
    def _env_of(self, user):
        """Return the environment in the language of whoever reads an activity: the gateway has none."""
        return self.with_context(lang=user.lang or self.env.lang).env

    def _escalation_user(self, day, managers):
        """Return who reads an answer its responsible has not read: a manager, else whoever stands in."""
        acting = self._acting_user(day)
        return (managers - acting - self.user_id)[:1] or self.user_id.collection_cover_id or acting

    @api.model
    def _managers(self, company):
        """Return the people who run the follow-up of ``company``, the one named for the rest first."""
        group = self.env.ref("account.group_account_manager").sudo()  # who is in a group
        managers = group.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        ).sorted("id")
        return company.collection_user_id | managers
