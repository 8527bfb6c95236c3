"""Sends what is due: asks the gate and the ledger again, hands over, writes the log.

The order is what makes a kill at any line harmless. A step is committed as `sending` before the
mail server hears of it, and as `sent` together with its contact after the server has accepted it.
A kill between the two leaves `sending` behind, which the next run finds without its worker and
shows to a human as `unknown`: the log says each contact once, the server gets each mail at most
once.
"""

import logging
import smtplib
from collections import Counter, defaultdict, namedtuple
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models, modules
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.base.models.ir_qweb import QWebError
from odoo.exceptions import UserError
from odoo.tools import SQL, plaintext2html
from odoo.tools.mail import generate_tracking_message_id

from .collection_case_decide import _Night, _Plan
from .collection_guard import binding, next_moment, put_off_until
from .collection_run import FAILED_CODES

_logger = logging.getLogger(__name__)

#: Classes of PostgreSQL's advisory locks: one number each for cases and addresses.
LOCK_CASE = 19_470_001
LOCK_ADDRESS = 19_470_002
#: A mail server that could not take a message now is tried again after this.
RETRY_AFTER = timedelta(minutes=15)
#: What writing one message may raise; it costs that message, not its batch.
RENDER_ERRORS = (UserError, ValueError, LookupError, TypeError, ArithmeticError, QWebError)

#: Of a step put off again and again, this many moves are kept.
LAST_MOVES = 5

#: Why a step may not leave: code, when to ask again (naive UTC, or `None`), and whether it is only the hour.
Refused = namedtuple("Refused", ["code", "until", "is_timed"])

#: Name of the prepared statement that logs one message and claims the next.
LOG_AND_CLAIM = "collection_log_and_claim"
#: Its parameters and their types, in their order.
PARAMETERS = {
    "step": "int",
    "now": "timestamp",
    "today": "date",
    "expires": "date",
    "amount": "numeric",
    "facts": "jsonb",
    "moves": "int[]",
    "uid": "int",
    "next_step": "int",
    "next_today": "date",
}

Outcome = namedtuple("Outcome", ["state", "code"])


class CollectionStep(models.Model):
    _inherit = "collection.step"

    @api.model
    def _act(self, now, limit=50):
        """Send one batch of steps that are due.

        Commits on its way (not in Odoo's test mode, where the test owns the transaction).

        :param datetime now: naive UTC
        :param int limit: steps taken at most
        :return: how many were handled, sent or not; 0 means nothing can be done now
        :rtype: int
        """
        self._recover_interrupted(now)
        due = self._lock_due(now, limit)
        try:
            self._checkpoint()
            due = due.filtered(lambda step: step.state in ("planned", "approved"))
            due._mark_refreshed(now)
            ready = due._recheck(now)
            if ready:
                ready._hand_over_by_channel(now)
            self._count_outcomes(due)
            return len(due)
        finally:
            self._unlock_all()

    @api.model
    def _act_all(self, now):
        """Send everything that is due, batch by batch, within the time a scheduled action has.

        :return: number of steps handled
        """
        total = 0
        in_test = modules.module.current_test
        cron = self.env["ir.cron"]
        if not in_test:
            cron._commit_progress(remaining=self._count_due(now))
        while handled := self._act(now):
            total += handled
            if not in_test and not cron._commit_progress(handled):
                break
        return total

    @api.model
    def _count_due(self, now, limit=None):
        """Return how many steps are due at `now`, at most `limit`."""
        return self.search_count([("state", "in", ("planned", "approved")), ("date_planned", "<=", now)], limit=limit)

    @api.model
    def _moments_ahead(self, now, within=timedelta(days=1)):
        """Return the moments up to a day ahead at which steps are due, those due already as `now`.

        :param datetime now: naive UTC
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT GREATEST(date_planned, %(now)s::timestamp)
                  FROM collection_step
                 WHERE state IN ('planned', 'approved') AND date_planned <= %(until)s
                """,
                now=now,
                until=now + within,
            )
        )
        return [moment for (moment,) in rows]

    def _checkpoint(self):
        """Commit what is done so far, unless the caller owns the transaction; look at the database anew."""
        if modules.module.current_test or self.env.context.get("collection_no_commit"):
            self.env.flush_all()
        else:
            # What left must be written down whatever happens to the rest of the batch.
            self.env.cr.commit()  # pylint: disable=invalid-commit
        self.env.invalidate_all()

    # === ONE WORKER PER CASE AND ADDRESS === #

    @api.model
    def _lock_due(self, now, limit):
        """Return due steps whose case and address no other worker holds, and hold them.

        Advisory locks belong to the session: they outlive our commits and end with the process,
        which tells an interrupted hand-over from one that is under way.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH due AS MATERIALIZED (
                    SELECT DISTINCT ON (case_id) id, case_id, COALESCE(address, '') AS address, date_planned
                      FROM collection_step
                     WHERE state IN ('planned', 'approved') AND date_planned <= %(now)s
                     ORDER BY case_id, is_asking, date_planned, id
                ), first AS MATERIALIZED (
                    SELECT * FROM due ORDER BY date_planned, id LIMIT %(limit)s
                ), locked AS MATERIALIZED (
                    SELECT * FROM first WHERE pg_try_advisory_lock(%(case_class)s, case_id)
                )
                SELECT id FROM locked
                 WHERE address = '' OR pg_try_advisory_lock(%(address_class)s, hashtext(address))
                 ORDER BY date_planned, id
                """,
                now=now,
                limit=limit,
                case_class=LOCK_CASE,
                address_class=LOCK_ADDRESS,
            )
        )
        return self.browse([step_id for (step_id,) in rows])

    def _unlock_all(self):
        self.env.cr.execute(SQL("SELECT pg_advisory_unlock_all()"))

    @api.model
    def _recover_interrupted(self, now):
        """Show hand-overs whose worker is gone to a human, and settle what their mails say."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH sending AS MATERIALIZED (
                    SELECT id, case_id FROM collection_step WHERE state = 'sending'
                ), orphan AS MATERIALIZED (
                    SELECT id FROM sending WHERE pg_try_advisory_lock(%s, case_id)
                )
                UPDATE collection_step s SET state = 'unknown' FROM orphan WHERE orphan.id = s.id
                RETURNING s.id, s.mail_id
                """,
                LOCK_CASE,
            )
        )
        self._settle_mails()
        if rows:
            self.env.invalidate_all()
            interrupted = self.browse([step_id for step_id, _mail_id in rows])
            by_company = interrupted.case_id.grouped("company_id")
            for company, cases in by_company.items():
                cases._schedule(
                    "mail_activity_type_unknown",
                    company._collection_today(now),
                    self.env._("Find out whether the last message left"),
                )
            _logger.warning("%d messages were interrupted on their way out; a human must look.", len(rows))
        self._checkpoint()
        self._unlock_all()

    def _settle_mails(self):
        """Bring mails in line with their steps after an interruption, so that no queue sends them again."""
        self.env.execute_query(
            SQL(
                """
                UPDATE mail_mail m
                   SET state = CASE s.state WHEN 'sent' THEN 'sent' WHEN 'unknown' THEN 'exception' ELSE 'cancel' END
                  FROM collection_step s
                 WHERE s.mail_id = m.id AND m.state = 'outgoing' AND s.state IN ('sent', 'unknown', 'cancelled')
                RETURNING m.id
                """
            )
        )

    # === IS IT STILL RIGHT? === #

    def _mark_refreshed(self, now):
        """Bring the items of these steps' customers up to date before looking at them.

        Nobody else refreshes meanwhile: two that write the same rows would make one of them fail.
        """
        Run = self.env["collection.run"]
        if self:
            Run._lock_refresh(wait=True)
        try:
            self._refresh_customers(now)
            self._checkpoint()
        finally:
            if self:
                Run._unlock_refresh()

    def _refresh_customers(self, now):
        for company, steps in self.grouped("company_id").items():
            self.env["collection.item"]._refresh(
                company._collection_today(now), now, company, steps.case_id.partner_id.ids
            )

    def _recheck(self, now):
        """Ask the gate and the ledger again; cancel or move what is no longer right.

        :return: the steps that may leave now, with the items they may ask for
        """
        ready = self.browse()
        for company, steps in self.grouped("company_id").items():
            night = _Night(
                company,
                company._collection_today(now),
                now,
                company._collection_bank_is_stale(company._collection_today(now)),
            )
            ready |= steps._recheck_company(night)
        return ready

    def _recheck_company(self, night):
        cases = self.case_id
        items = cases._open_item_rows(cases.ids)
        unknown = self.search([("case_id", "in", cases.ids), ("state", "=", "unknown")]).case_id
        self._readdress()
        facts = self.env["collection.guard"]._facts(
            night.now, night.company, cases.partner_id.ids, set(self.mapped("address"))
        )
        ready, asked = self.browse(), {}
        cancelled, moved, senders = defaultdict(self.browse), defaultdict(self.browse), defaultdict(self.browse)
        for step in self:
            plan = _Plan(step.case_id, items[step.case_id.id], {step.stage_id.id: step.stage_id}, night.today)
            rows = step._rows_to_ask(plan)
            refused = step._refusal(plan, rows, facts, night, step.case_id in unknown)
            if not refused:
                ready |= step
                if step.is_asking:
                    asked[step] = [row["id"] for row in rows]
                    facts.note(step.partner_id.id, step.address, channel=step.channel)
                    if plan.sender_id(rows) != step.sender_company_id.id:
                        senders[plan.sender_id(rows)] |= step
            elif refused.until and (refused.is_timed or step.state == "approved" or not step.is_asking):
                moved[refused] |= step
            else:
                cancelled[refused.code] |= step
        for code, steps in cancelled.items():
            steps._cancel(code)
        for refused, steps in moved.items():
            steps._move(refused)
        for company_id, steps in senders.items():
            steps.write({"sender_company_id": company_id})
        ready._write_asked(asked)
        return ready

    def _readdress(self):
        """Follow a change of the recipient or his address since the step was planned."""
        asking = self.filtered("is_asking")
        move_ids = {step.case_id.id: step.item_ids.move_id.ids for step in asking}
        Case = self.env["collection.case"]
        mailed = asking.filtered(lambda step: step.channel == "email").case_id
        recipients = Case._recipients(mailed.ids, move_ids)
        others = (asking.filtered(lambda step: step.channel != "email")).case_id
        reach = Case._reach(others.ids, move_ids) if others else {}
        for step in asking:
            if step.channel == "email":
                recipient_id, address = recipients.get(step.case_id.id, (False, False))
            else:
                way = reach[step.case_id.id].get(step.channel)
                recipient_id, address = (way.partner_id, way.address) if way else (step.recipient_id.id, False)
            if (step.recipient_id.id, step.address or False) != (recipient_id, address or False):
                step.write({"recipient_id": recipient_id, "address": address})

    def _rows_to_ask(self, plan):
        """Return the rows of the items the step may ask for now."""
        self.ensure_one()
        if not self.is_asking:
            return []
        mine = set(self.item_ids.ids)
        own = [row for row in plan.rows if row["id"] in mine and not row["hold_code"]]
        if self.is_manual or self.repeats_id or not own or self.stage_id.days < 0:
            return own
        return own + [row for row in plan.asked_rows(self.stage_id) if row["id"] not in mine]

    def _move(self, refused):
        """Put steps off, with the reason; the log shows it beside the message once it has left."""
        for step in self:
            moves = [*(step.reason or {}).get("moved", ()), {"code": refused.code, "to": refused.until.isoformat()}]
            # Each night can move a step once more; the log needs the last ones.
            step.reason = {**(step.reason or {}), "moved": moves[-LAST_MOVES:]}
        self.write({"date_planned": refused.until})

    def _refusal(self, plan, rows, facts, night, unknown):
        """Return why the step may not leave now and when to ask again, `None` when it may leave.

        :param facts: what the guard knows of the customers
        :param bool unknown: nobody knows yet whether another message of the case left
        :rtype: Refused
        """
        self.ensure_one()
        code, day = self._refusal_of_case(plan, rows, night, unknown)
        if code:
            return Refused(code, day and fields.Datetime.to_datetime(day), False)
        verdict = facts.check(
            self.partner_id.id,
            self.address,
            policy=self.case_id.policy_id,
            channel=self.channel,
            asking=self.is_asking,
            purpose=self._guard_purpose(night.today),
        )
        refusals = [refusal for refusal in verdict.refusals if not self._is_overridden(refusal)]
        if not refusals:
            return None
        return Refused(binding(refusals).code.lower(), next_moment(verdict), bool(put_off_until(verdict, night.now)))

    def _refusal_of_case(self, plan, rows, night, unknown):
        """Return why the state of case and ledger forbids the step, and the day on which to ask again.

        :return: tuple (code, date); code empty when nothing forbids it, date `None` when it never may leave
        """
        tomorrow = night.today + timedelta(days=1)
        if self.purpose == "opt_out_confirmation":
            return ("", None) if self.address else ("no_address", None)
        if not self.is_manual and not night.company.collection_active:
            return "switched_off", tomorrow
        if not self.address:
            return "no_address", tomorrow
        if self.case_id.reply_unread_since:
            return "reply_unread", tomorrow
        if not self.is_asking:
            return "", None
        if self.case_id.state != "open":
            return "case_closed", None
        if unknown:
            return "unknown", tomorrow
        if night.bank_is_stale:
            return "bank_stale", tomorrow
        return self._refusal_of_items(plan, rows, night, tomorrow)

    def _refusal_of_items(self, plan, rows, night, tomorrow):
        """Return why these items may not be asked for now by an asking step, as `_refusal` does."""
        case = self.case_id
        if not rows:
            return self._why_nothing_is_owed(plan, tomorrow)
        if self.stage_id.days < 0 and all(row["date_due"] <= night.today for row in rows):
            return "outdated", None
        if self.channel == "email" and case.bounced_on and not (self.is_manual and case.bounced_on < self.create_date):
            return "bounced", None
        total = sum(row["amount_company"] for row in rows) if self.stage_id.days < 0 else plan.overdue_total()
        if not self.is_manual and night.company.currency_id.compare_amounts(total, case.policy_id.minimum_total) < 0:
            return "below_minimum", None
        return "", None

    def _why_nothing_is_owed(self, plan, tomorrow):
        """Tell a paid step from one whose items are only held for now."""
        mine = set(self.item_ids.ids)
        held = [row["hold_code"] for row in plan.rows if row["id"] in mine and row["hold_code"]]
        if not held:
            return "nothing_owed", None
        return held[0], tomorrow

    def _write_asked(self, asked):
        """Set the items of steps to those they ask for now: two statements whatever their number."""
        changed = {step: ids for step, ids in asked.items() if set(ids) != set(step.item_ids.ids)}
        if not changed:
            return
        self.env.cr.execute(
            SQL("DELETE FROM collection_item_step_rel WHERE step_id = ANY(%s)", [step.id for step in changed])
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO collection_item_step_rel (step_id, item_id) VALUES %s",
                SQL(", ").join(SQL("(%s, %s)", step.id, item_id) for step, ids in changed.items() for item_id in ids),
            )
        )
        self.invalidate_model(["item_ids"])

    # === HANDING OVER === #

    def _hand_over(self, now):
        """Write, send and log these steps.

        :return: `Counter` of outcomes: sent, refused, later, unknown
        """
        rendered = self._render_safely(now)
        steps = self.browse(rendered)
        record_only = self.env.context.get("collection_record_only")
        envelopes = steps._prepare_envelopes(rendered, now, record_only)
        # Read before the commit, which empties the cache.
        partner_ids = steps.partner_id.ids
        groups = [] if record_only else list(self._group_by_server(envelopes))
        self._checkpoint()
        outcomes = Counter()
        if record_only:
            outcomes["sent"] = self._record_one_by_one(envelopes, now)
        for mail_server_id, alias_domain_id, smtp_from, group in groups:
            outcomes += self._send_group(mail_server_id, alias_domain_id, smtp_from, group, now)
        self.env.invalidate_all()
        self._settle_mails()
        self.env["collection.dirty"]._mark(partner_ids)
        self._checkpoint()
        return outcomes

    def _record_one_by_one(self, envelopes, now):
        """Claim and log messages as `_send_one_by_one` does, without a mail server; return how many."""
        sent, refused, prepared = None, self.browse(), False
        for envelope in envelopes:
            if sent and not prepared:
                prepared = self._prepare_log_and_claim()
            claimed = self._log_and_claim(sent, envelope, now)
            sent = envelope if claimed else None
            if not claimed:
                refused |= self.browse(envelope["step_id"])
        if sent:
            self._log_and_claim(sent, None, now)
        self.env.invalidate_all()
        refused._put_off(now)
        return len(envelopes) - len(refused)

    def _render_safely(self, now):
        """Render the batch; if that fails, one by one, so that one bad text costs one message."""
        try:
            return self._render(now)
        except RENDER_ERRORS:
            _logger.exception("A batch of messages could not be written; each is tried alone.")
        rendered = {}
        for step in self:
            try:
                rendered.update(step._render(now))
            except RENDER_ERRORS:
                _logger.exception("The message of step %d could not be written.", step.id)
                step._cancel("render_error")
        return rendered

    def _prepare_envelopes(self, rendered, now, record_only):
        """Create texts and mails of the batch and return what sending needs, as plain data."""
        if not self:
            return []
        # A worker that was killed before it claimed these left texts and mails of its own.
        stale_mails, stale_contents = self.mail_id, self.content_id
        contents = self.env["collection.contact.content"].create(
            [
                {
                    "subject": rendered[step.id].subject,
                    "body_html": rendered[step.id].body_html or plaintext2html(rendered[step.id].text),
                    "company_id": step.company_id.id,
                }
                for step in self
            ]
        )
        mails = self.env["mail.mail"] if record_only else self._create_mails(rendered)
        to_json = fields.Json().convert_to_column
        days = {company: company._collection_today(now) for company in self.company_id}
        versions = self.env["collection.template.version"]._of(self.template_id)
        envelopes = []
        for index, step in enumerate(self):
            facts = rendered[step.id].facts
            mail = mails[index] if mails else mails
            today = days[step.company_id]
            envelopes.append(
                {
                    "step_id": step.id,
                    "mail_id": mail.id or None,
                    "message_id": mail.message_id or generate_tracking_message_id(f"{step.case_id.id}-collection.case"),
                    "content_id": contents[index].id,
                    "version_id": versions.get(step.template_id.id),
                    "amount": rendered[step.id].amount,
                    "facts": facts,
                    "move_ids": sorted({item["move"] for item in facts["asked"]}),
                    "today": today,
                    "expires": today + timedelta(days=step.case_id.policy_id.link_days),
                }
            )
        self.env.execute_query(
            SQL(
                """
                WITH n (id, mail_id, message_id, content_id, version_id, written) AS (VALUES %s), shown AS (
                    UPDATE mail_message m
                       SET body = COALESCE(substring(c.body_html FROM '<body[^>]*>(.*)</body>'), c.body_html)
                      FROM n
                      JOIN mail_mail l ON l.id = n.mail_id
                      JOIN collection_contact_content c ON c.id = n.content_id
                     WHERE m.id = l.mail_message_id
                )
                UPDATE collection_step s
                   SET mail_id = n.mail_id, message_id = n.message_id, content_id = n.content_id,
                       template_version_id = n.version_id, written = n.written
                  FROM n
                 WHERE n.id = s.id
                RETURNING s.id
                """,
                SQL(", ").join(
                    SQL(
                        "(%s, %s::int, %s, %s, %s::int, %s::jsonb)",
                        e["step_id"],
                        e["mail_id"],
                        e["message_id"],
                        e["content_id"],
                        e["version_id"],
                        to_json({"facts": e["facts"], "amount": e["amount"]}, self),
                    )
                    for e in envelopes
                ),
            )
        )
        self.invalidate_recordset(["mail_id", "message_id", "content_id", "template_version_id"], flush=False)
        self._discard_mails(stale_mails)
        stale_contents.unlink()
        if mails:
            return self._build_messages(mails, envelopes)
        return envelopes

    def _create_mails(self, rendered):
        """Create one `mail.mail` per step; the chatter and the answers hang on them.

        The chatter's copy of the text, without the mail's style sheet, comes with the next statement:
        sanitizing our own text a second time would take a quarter of all the time a message needs.
        """
        headers, unsubscribe = self._mail_headers(), self._unsubscribe_headers()
        attachment_ids = self._create_attachments(rendered)
        return self.env["mail.mail"].create(
            [
                {
                    "model": "collection.case",
                    "res_id": step.case_id.id,
                    "message_type": "email_outgoing",
                    "author_id": (step.user_id.partner_id or self.env.user.partner_id).id,
                    "subject": rendered[step.id].subject,
                    "body_html": rendered[step.id].body_html,
                    "recipient_ids": [fields.Command.link(step.recipient_id.id)],
                    "record_name": step.case_id.display_name,
                    "message_id": generate_tracking_message_id(f"{step.case_id.id}-collection.case"),
                    "auto_delete": False,
                    "is_notification": False,
                    "state": "outgoing",
                    "headers": repr(unsubscribe[step.id]) if unsubscribe[step.id] else False,
                    "attachment_ids": [fields.Command.set(attachment_ids.get(step.id, []))],
                    **headers[step.id],
                }
                for step in self
            ]
        )

    def _group_by_server(self, envelopes):
        """Yield (mail server id, alias domain id, sender, envelopes) as Odoo's own mail queue groups them."""
        if not envelopes:
            return
        by_mail = {envelope["mail_id"]: envelope for envelope in envelopes}
        mails = self.env["mail.mail"].browse(list(by_mail))
        groups = [
            (mail_server_id, alias_domain_id, smtp_from, [by_mail[mail_id] for mail_id in mail_ids])
            for mail_server_id, alias_domain_id, smtp_from, mail_ids in mails._split_by_mail_configuration()
        ]
        # Return addresses.
        alias_domains = self.env["mail.alias.domain"].sudo().browse([group[1] for group in groups if group[1]])
        defaults = {domain.id: (domain.default_from_email, domain.bounce_email) for domain in alias_domains}
        for mail_server_id, alias_domain_id, smtp_from, group in groups:
            for envelope in group:
                default_from, bounce = defaults.get(alias_domain_id, (False, False))
                envelope["context"] = {
                    "domain_notifications_email": default_from,
                    "domain_bounce_address": envelope["return_path"] or bounce,
                    "send_validated_to": envelope["to"],
                }
            yield mail_server_id, alias_domain_id, smtp_from, group

    def _send_group(self, mail_server_id, alias_domain_id, smtp_from, envelopes, now):
        """Send messages over one connection. Each is claimed and committed before, logged after."""
        Server = self.env["ir.mail_server"]
        outcomes = Counter()
        try:
            session = Server._connect__(mail_server_id=mail_server_id, smtp_from=smtp_from)
        except (OSError, UserError, smtplib.SMTPException) as error:
            _logger.warning("The mail server cannot be reached; %d messages wait: %s", len(envelopes), error)
            self.browse([envelope["step_id"] for envelope in envelopes])._put_off(now)
            return Counter(later=len(envelopes))
        try:
            with self._sending_environment() as env:
                self._send_one_by_one(env["ir.mail_server"], mail_server_id, session, envelopes, now, outcomes)
        finally:
            if session:
                self._quit(session)
        return outcomes

    @contextmanager
    def _sending_environment(self):
        """Yield an environment on a cursor of its own, which our commits do not empty.

        Each commit clears what Odoo has read; the mail server would read its settings again for
        every message.
        """
        if modules.module.current_test:
            yield self.env
            return
        with self.env.registry.cursor() as cr:
            yield self.env(cr=cr)

    def _send_one_by_one(self, server, mail_server_id, session, envelopes, now, outcomes):
        """Send messages; the log of one and the claim of the next are one statement and one commit."""
        sent, prepared = None, False
        for position, envelope in enumerate(envelopes):
            if sent and not prepared:
                prepared = self._prepare_log_and_claim()
            claimed = self._log_and_claim(sent, envelope, now)
            self._checkpoint()
            sent = None
            if not claimed:
                self.browse(envelope["step_id"])._put_off(now)
                outcomes["later"] += 1
                continue
            outcome = self._deliver(server, mail_server_id, session, envelope)
            outcomes[outcome.state] += 1
            if outcome.state == "sent":
                sent = envelope
                continue
            self._note_failure(envelope, outcome, now)
            if outcome.state == "unknown":
                rest = [later["step_id"] for later in envelopes[position + 1 :]]
                self.browse(rest)._put_off(now)
                outcomes["later"] += len(rest)
                break
        if sent:
            self._log_and_claim(sent, None, now)

    def _quit(self, session):
        try:
            session.quit()
        except (smtplib.SMTPException, OSError):
            _logger.info("The mail server had closed the connection already.")

    def _log_and_claim(self, sent, following, now):
        """Write that `sent` left, and mark `following` as being sent if at this very second it is right.

        One statement for both. The claim looks at the ledger itself, not at our copy of it: an item
        paid, put in draft, excluded, paused or changed in amount since the batch was written takes
        the message back.

        :param sent: envelope that left, or `None`
        :param following: envelope to claim, or `None`
        :return: whether `following` may leave
        """
        values = {**self._values_to_log(sent, now), **self._values_to_claim(following)}
        if sent and following:
            listed = SQL(", ").join(SQL("%s", values[name]) for name in PARAMETERS)
            return bool(self.env.execute_query(SQL("EXECUTE %s (%s)", SQL.identifier(LOG_AND_CLAIM), listed)))
        if following:
            return bool(self.env.execute_query(SQL("WITH %s SELECT id FROM claimed", self._sql_claim(values))))
        self.env.cr.execute(SQL("WITH %s SELECT id FROM done", self._sql_log(values)))
        return False

    def _values_to_log(self, sent, now):
        if not sent:
            return {}
        return {
            "step": sent["step_id"],
            "now": now,
            "today": sent["today"],
            "expires": sent["expires"],
            "amount": sent["amount"],
            "facts": fields.Json().convert_to_column(sent["facts"], self),
            "moves": sent["move_ids"],
            "uid": self.env.uid,
        }

    @staticmethod
    def _values_to_claim(following):
        return {"next_step": following["step_id"], "next_today": following["today"]} if following else {}

    def _prepare_log_and_claim(self):
        """Have the database plan `_log_and_claim` once for this connection: planning takes longer than doing.

        :return: `True`: a message and its successor can be given to `_log_and_claim` now
        """
        # A connection outlives batch and cursor: an earlier one may have prepared it.
        if not self.env.execute_query(SQL("SELECT 1 FROM pg_prepared_statements WHERE name = %s", LOG_AND_CLAIM)):
            numbered = {name: SQL(f"${number}") for number, name in enumerate(PARAMETERS, 1)}
            self.env.cr.execute(
                SQL(
                    "PREPARE %s (%s) AS WITH %s, %s SELECT id FROM claimed",
                    SQL.identifier(LOG_AND_CLAIM),
                    SQL(", ".join(PARAMETERS.values())),
                    self._sql_log(numbered),
                    self._sql_claim(numbered),
                )
            )
        return True

    @staticmethod
    def _sql_claim(values):
        """Return the part that claims a step; ``values`` by parameter."""
        return SQL(
            """
            claimed AS (
                UPDATE collection_step s
                   SET state = 'sending'
                 WHERE s.id = %(next_step)s AND s.state IN ('planned', 'approved', 'to_do')
                   AND (s.purpose = 'opt_out_confirmation' OR NOT EXISTS (
                       SELECT 1 FROM collection_case c WHERE c.id = s.case_id AND c.reply_unread_since IS NOT NULL))
                   AND (s.purpose = 'opt_out_confirmation' OR NOT EXISTS (
                       SELECT 1
                         FROM collection_protection p
                        WHERE p.active AND p.commercial_partner_id = s.partner_id
                          AND (p.company_id IS NULL OR p.company_id = s.company_id)
                          AND %(next_today)s >= p.date_from AND (p.date_until IS NULL OR %(next_today)s <= p.date_until)
                          AND (p.kind = 'cease' OR p.kind = 'opt_out'
                               AND (p.channel = s.channel OR p.channel IS NULL AND s.channel != 'letter')
                               AND (p.address IS NULL OR p.address = s.address))))
                   AND (s.is_asking IS NOT TRUE OR (
                       EXISTS (SELECT 1 FROM collection_item_step_rel r WHERE r.step_id = s.id)
                       AND NOT EXISTS (
                           SELECT 1
                             FROM collection_item_step_rel r
                             JOIN collection_item i ON i.id = r.item_id
                             JOIN account_move_line l ON l.id = i.line_id
                             JOIN account_move m ON m.id = l.move_id
                            WHERE r.step_id = s.id
                              AND (l.reconciled OR l.parent_state != 'posted' OR l.no_followup
                                   OR m.payment_state = 'blocked' OR i.hold_code IS NOT NULL
                                   OR l.amount_residual_currency != i.residual
                                   OR EXISTS (
                                       SELECT 1
                                         FROM collection_hold h
                                        WHERE h.active AND h.company_id = s.company_id
                                          AND h.commercial_partner_id = s.partner_id
                                          AND (h.move_id IS NULL OR h.move_id = l.move_id)
                                          AND %(next_today)s BETWEEN h.date_start AND h.date_end)))))
                RETURNING s.id
            )
            """,
            **values,
        )

    def _deliver(self, server, mail_server_id, session, envelope):
        """Hand one message to the mail server and say what came of it."""
        if server._disable_send():
            return Outcome("sent", "")
        try:
            server.with_context(**envelope["context"]).send_email(
                envelope["message"], mail_server_id=mail_server_id or None, smtp_session=session
            )
        except AssertionError as error:
            _logger.info("Step %d has no valid address: %s", envelope["step_id"], error)
            return Outcome("refused", "no_address")
        except MailDeliveryException as error:
            return self._outcome_of(error.__context__)
        except smtplib.SMTPServerDisconnected:
            return Outcome("unknown", "unknown")
        return Outcome("sent", "")

    @staticmethod
    def _outcome_of(cause):
        """Tell a refusal, which is certain, from a break after which nobody knows."""
        if isinstance(cause, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _text in cause.recipients.values()]
            return (
                Outcome("later", "") if all(code < 500 for code in codes) else Outcome("refused", "refused_by_server")
            )
        if isinstance(cause, smtplib.SMTPResponseException):
            return Outcome("later", "") if cause.smtp_code < 500 else Outcome("refused", "refused_by_server")
        return Outcome("unknown", "unknown")

    def _note_failure(self, envelope, outcome, now):
        """Write what became of a message that did not leave, or perhaps did not."""
        step = self.browse(envelope["step_id"])
        if outcome.state == "later":
            step.write({"state": "approved" if step.approved_by_id else "planned", "date_planned": now + RETRY_AFTER})
            self._forget_mail(envelope)
        elif outcome.state == "refused":
            step._cancel(outcome.code)
            step.case_id.bounced_on = now
        else:
            # The worker's lock ends with this batch; recovery then shows the step to a human.
            _logger.warning("It is unknown whether step %d left.", envelope["step_id"])

    def _put_off(self, now):
        """Try these again a little later; their mails are made anew then."""
        waiting = self.filtered(lambda step: step.state in ("planned", "approved"))
        mails = waiting.mail_id
        waiting.write({"date_planned": now + RETRY_AFTER, "mail_id": False, "message_id": False})
        self._discard_mails(mails)

    def _forget_mail(self, envelope):
        mail = self.env["mail.mail"].browse(envelope["mail_id"])
        self.browse(envelope["step_id"]).write({"mail_id": False, "message_id": False})
        self._discard_mails(mail)

    @api.model
    def _discard_mails(self, mails):
        """Delete mails that did not leave."""
        return mails.unlink()

    @staticmethod
    def _sql_log(values):
        """Return the parts that write that a message left: step, contact, invoices, items and case.

        :param dict values: by parameter
        """
        return SQL(
            """
                done AS (
                    UPDATE collection_step
                       SET state = 'sent', sent_on = %(now)s, link_expires = %(expires)s, written = NULL
                     WHERE id = %(step)s AND state = 'sending'
                    RETURNING id, case_id, partner_id, company_id, recipient_id, address, purpose, is_asking, stage_id,
                              template_id, template_version_id, user_id, channel, reason, message_id, content_id
                ), logged AS (
                    INSERT INTO collection_contact (
                        case_id, partner_id, recipient_id, company_id, date, kind, direction, channel, purpose, is_asking,
                        stage_id, step_id, template_id, template_version_id, user_id, address, amount, facts, reason,
                        message_id, content_id,
                        create_uid, create_date, write_uid, write_date)
                    SELECT case_id, partner_id, recipient_id, company_id, %(now)s, 'sent', 'out', channel, purpose,
                           is_asking, stage_id, id, template_id, template_version_id, user_id, address, %(amount)s,
                           %(facts)s::jsonb, reason, message_id, content_id, %(uid)s, %(now)s, %(uid)s, %(now)s
                      FROM done
                    RETURNING id
                ), invoices AS (
                    INSERT INTO collection_contact_move_rel (contact_id, move_id)
                    SELECT logged.id, m.id FROM logged, unnest(%(moves)s::int[]) AS m (id)
                ), asked AS (
                    UPDATE collection_item i
                       SET asked_on = CASE WHEN COALESCE(i.asked_days, -9999) <= st.days
                                           THEN %(today)s::date ELSE i.asked_on END,
                           asked_stage_id = CASE WHEN COALESCE(i.asked_days, -9999) <= st.days
                                                 THEN st.id ELSE i.asked_stage_id END,
                           asked_days = GREATEST(COALESCE(i.asked_days, -9999), st.days),
                           restart = i.restart AND st.days < 0,
                           next_stage_id = NULL, next_date = NULL
                      FROM done
                      JOIN collection_stage st ON st.id = done.stage_id
                      JOIN collection_item_step_rel r ON r.step_id = done.id
                     WHERE done.is_asking AND i.id = r.item_id
                ), restarted AS (
                    UPDATE collection_hold h
                       SET restarted = TRUE
                      FROM done
                     WHERE done.is_asking AND done.purpose != 'heads_up'
                       AND h.commercial_partner_id = done.partner_id AND h.company_id = done.company_id
                       AND h.reason = 'cooling_off' AND h.restarted IS NOT TRUE
                       AND (h.active IS NOT TRUE OR h.date_end < %(today)s)
                ), dated AS (
                    UPDATE collection_case c SET last_asked = %(now)s
                      FROM done WHERE done.case_id = c.id AND done.is_asking
                )
                """,
            **values,
        )

    # === AFTERWARDS === #

    def _count_outcomes(self, due):
        """Add what became of these steps to the newest run of each company, its own steps only."""
        for company, steps in due.grouped("company_id").items():
            run = self.env["collection.run"].search([("company_id", "=", company.id)], limit=1)
            if run:
                failed = steps.filtered(lambda step: step.state == "sending" or step.cancel_code in FAILED_CODES)
                run.write(
                    {
                        "sent_count": run.sent_count + len(steps.filtered(lambda step: step.state == "sent")),
                        "failed_count": run.failed_count + len(failed),
                    }
                )

    def _resolve_unknown(self, left, now):
        """Settle steps of unknown outcome the way a person found it.

        :param bool left: the message did leave; it is logged as it was written, at the time it was due
        :param datetime now: naive UTC, when the person found it
        """
        if not left:
            self._cancel("not_left")
        for step in self if left else self.browse():
            step.state = "sending"
            step.flush_recordset()
            facts = step.written["facts"]
            step._log_and_claim(
                {
                    "step_id": step.id,
                    "amount": step.written["amount"],
                    "facts": {**facts, "resolved_by": self.env.uid, "resolved_on": fields.Datetime.to_string(now)},
                    "move_ids": sorted({item["move"] for item in facts["asked"]}),
                    "today": step.company_id._collection_today(step.date_planned),
                    "expires": step.link_expires or None,
                },
                None,
                step.date_planned,
            )
        self.env.invalidate_all()
        self.case_id.activity_feedback(["collections_relationship.mail_activity_type_unknown"])
        self.env["collection.dirty"]._mark(self.partner_id.ids)
