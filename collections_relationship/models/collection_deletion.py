"""Deletes the texts of contacts once nobody may or must keep them. What happened stays in the log.

One row of this model is one run that deleted something. What goes: subject and body of contacts, the
messages, mails, text messages and attachments that carried them, and what was noted from them. What
stays: that there was a contact, when, with whom, on which channel, for which amount, and why.
"""
import logging
from collections import namedtuple

import psycopg2

from odoo import api, fields, models, modules
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..engine import keeping

_logger = logging.getLogger(__name__)

#: Contacts whose texts are deleted in one transaction.
BATCH = 500
#: What one row may raise; it costs that row, not its batch.
ROW_ERRORS = (UserError, ValueError, psycopg2.Error)
#: What was written to or by a customer. Notes of calls and clicks are no letters.
LETTER_KINDS = ("sent", "answered", "auto_reply", "bounced", "stopped", "written", "imported")
#: Why a text is kept, the strongest first.
REASONS = ("open_case", "open_claim", "letter", "protection", "recent_case", "young")

#: What holds for one company on one day. Limits are naive UTC: texts before them are free; `None`: no limit.
Terms = namedtuple("Terms", ["company", "today", "text_before", "letter_before", "years", "counted_from", "year_end"])


class CollectionDeletion(models.Model):
    _name = "collection.deletion"
    _description = "Deletion of Texts"
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Datetime(required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        ondelete="restrict",
        help="Whose texts somebody deleted. Empty: the scheduled action, for all customers.",
    )
    user_id = fields.Many2one("res.users", string="By", readonly=True, ondelete="restrict")
    before = fields.Date(string="Texts Before", readonly=True, help="Empty: of any age.")
    deleted_count = fields.Integer(string="Texts Deleted", readonly=True)
    failed_count = fields.Integer(string="Failed", readonly=True)
    kept = fields.Json(string="Texts Kept", readonly=True, help="Reason code to number of texts kept for it.")
    kept_text = fields.Text(string="Kept, and Why", compute="_compute_kept_text")

    @api.depends("kept")
    @api.depends_context("lang")
    def _compute_kept_text(self):
        for deletion in self:
            deletion.kept_text = self._describe_kept(deletion.kept or {})

    @api.model
    def _describe_kept(self, kept):
        """Return in words how many texts are kept and why.

        :param dict kept: reason code to number
        """
        labels = self._reason_labels()
        return "\n".join(
            self.env._("%(reason)s: %(count)s", reason=labels[code], count=kept[code]) for code in REASONS if kept.get(code)
        )

    @api.model
    def _reason_labels(self):
        """Return the words for each reason a text is kept, by code."""
        return {
            "open_case": self.env._("The customer has an open case"),
            "open_claim": self.env._("An invoice it was about is not paid"),
            "letter": self.env._("The law has business letters kept"),
            "protection": self.env._("It proves a protection that still holds"),
            "recent_case": self.env._("The customer's case was closed a short while ago"),
            "young": self.env._("Not old enough"),
        }

    # === WHAT MAY GO === #

    @api.model
    def _terms(self, company, now, forget=False):
        """Return what holds for a root company at `now` (naive UTC).

        :param forget: a person deletes now, whatever the age; keeping periods and open claims still hold
        :rtype: Terms
        """
        today = company._collection_today(now)
        zone = company._collection_zone()
        year_end = (int(company.fiscalyear_last_month), company.fiscalyear_last_day)
        letters = keeping.free_before(
            today, company.collection_letter_years, company.collection_letter_count, year_end
        )
        texts = None if forget else keeping.minus_months(today, company.collection_text_months)
        return Terms(
            company,
            today,
            texts and keeping.start_of_day(texts, zone),
            letters and keeping.start_of_day(letters, zone),
            company.collection_letter_years,
            company.collection_letter_count,
            year_end,
        )

    @api.model
    def _sql_judged(self, terms, ids=None, customers=None):
        """Return a query of the contacts that still have a text: id, date, and why it is kept (NULL: it may go).

        :param ids: contacts to look at, `None` for all
        :param customers: commercial partners to look at, `None` for all
        """
        only = SQL("TRUE")
        if ids is not None:
            only = SQL("c.id = ANY(%s)", list(ids))
        if customers is not None:
            only = SQL("%s AND p.commercial_partner_id = ANY(%s)", only, list(customers))
        all_kinds = terms.counted_from == keeping.LAST_CONTACT
        return SQL(
            """
            WITH candidate AS MATERIALIZED (
                SELECT c.id, c.case_id, c.date, c.kind, p.commercial_partner_id AS customer
                  FROM collection_contact c
                  JOIN res_partner p ON p.id = c.partner_id
                  JOIN res_company co ON co.id = c.company_id
                 WHERE c.text_deleted_on IS NULL AND (c.content_id IS NOT NULL OR c.note IS NOT NULL)
                   AND split_part(co.parent_path, '/', 1)::int = %(company)s AND %(only)s
            ), customer AS MATERIALIZED (
                SELECT p.id, p.commercial_partner_id
                  FROM res_partner p
                 WHERE p.commercial_partner_id IN (SELECT customer FROM candidate)
            ), follow_up AS MATERIALIZED (
                SELECT p.commercial_partner_id AS customer, bool_or(k.state = 'open') AS is_open,
                       max(k.date_closed) AS closed
                  FROM collection_case k
                  JOIN customer p ON p.id = k.partner_id
                 WHERE k.company_id = %(company)s
                 GROUP BY 1
            ), log AS MATERIALIZED (
                SELECT c.id, c.case_id, c.date, c.facts, p.commercial_partner_id AS customer
                  FROM collection_contact c
                  JOIN customer p ON p.id = c.partner_id
                  JOIN res_company co ON co.id = c.company_id
                 WHERE split_part(co.parent_path, '/', 1)::int = %(company)s
            ), last AS MATERIALIZED (
                SELECT customer, max(date) AS date FROM log GROUP BY 1
            ), named AS (
                SELECT log.id, log.case_id, l.id AS line_id
                  FROM log
                  JOIN collection_contact_move_rel r ON r.contact_id = log.id
                  JOIN account_move_line l ON l.move_id = r.move_id
                UNION
                SELECT log.id, log.case_id, (item->>'line')::int
                  FROM log
                 CROSS JOIN LATERAL (VALUES (log.facts->'asked'), (log.facts->'open')) AS listed (items)
                 CROSS JOIN LATERAL jsonb_array_elements(
                       CASE WHEN jsonb_typeof(listed.items) = 'array' THEN listed.items ELSE '[]' END) AS item
            ), claim AS MATERIALIZED (
                SELECT DISTINCT named.id, named.case_id
                  FROM named
                  JOIN account_move_line l ON l.id = named.line_id
                  JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                 WHERE l.parent_state = 'posted' AND NOT COALESCE(l.reconciled, FALSE) AND l.amount_residual_currency != 0
            )
            SELECT c.id, c.date,
                   CASE WHEN follow_up.is_open THEN 'open_case'
                        WHEN EXISTS (SELECT 1 FROM claim WHERE claim.id = c.id OR claim.case_id = c.case_id)
                            THEN 'open_claim'
                        WHEN %(letter_before)s::timestamp IS NOT NULL AND (%(all_kinds)s OR c.kind = ANY(%(letters)s))
                             AND CASE WHEN %(all_kinds)s THEN last.date ELSE c.date END >= %(letter_before)s::timestamp
                            THEN 'letter'
                        WHEN EXISTS (SELECT 1
                                       FROM collection_protection pr
                                      WHERE pr.contact_id = c.id AND pr.active
                                        AND (pr.date_until IS NULL OR pr.date_until >= %(today)s))
                            THEN 'protection'
                        WHEN follow_up.closed >= %(text_before)s::timestamp THEN 'recent_case'
                        WHEN c.date >= %(text_before)s::timestamp THEN 'young'
                   END AS reason
              FROM candidate c
              JOIN last ON last.customer = c.customer
         LEFT JOIN follow_up ON follow_up.customer = c.customer
            """,
            company=terms.company.id,
            only=only,
            all_kinds=all_kinds,
            letters=list(LETTER_KINDS),
            letter_before=terms.letter_before,
            text_before=terms.text_before,
            today=terms.today,
        )

    @api.model
    def _judge(self, terms, customers=None):
        """Return what may go and what stays.

        :return: tuple (ids of contacts whose text may go, reason code to (number, newest moment) of those kept)
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT reason, count(*), max(date), array_agg(id ORDER BY id) FILTER (WHERE reason IS NULL)
                  FROM (%s) AS judged GROUP BY reason
                """,
                self._sql_judged(terms, customers=customers),
            )
        )
        free = next((ids for reason, _count, _newest, ids in rows if reason is None), [])
        return free, {reason: (count, newest) for reason, count, newest, _ids in rows if reason}

    @api.model
    def _lock_free(self, terms, ids):
        """Return which of these contacts may still lose their text now, and keep other workers from them."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM collection_contact
                 WHERE id IN (SELECT id FROM (%s) AS judged WHERE reason IS NULL) AND text_deleted_on IS NULL
                 ORDER BY id FOR UPDATE SKIP LOCKED
                """,
                self._sql_judged(terms, ids=ids),
            )
        )
        return [contact_id for (contact_id,) in rows]

    # === THE SCHEDULED ACTION === #

    @api.model
    def _cron_delete(self):
        """Scheduled action: delete the texts nobody keeps any longer."""
        self._delete_all(fields.Datetime.now())

    @api.model
    def _delete_all(self, now, batch=BATCH):
        """Delete what is old enough, for each company that wants it, within the time a scheduled action has.

        Commits after each batch (not in Odoo's test mode); what a kill leaves over, the next run finds.

        :param datetime now: naive UTC
        :return: the runs that deleted something, or failed to
        """
        runs = self.browse()
        companies = self.env["res.company"].sudo().search(
            [("parent_id", "=", False), ("collection_text_months", ">", 0)], order="id"
        )
        for company in companies:
            terms = self._terms(company, now)
            free, kept = self._judge(terms)
            if not free:
                continue
            values = {
                "company_id": company.id,
                "date": now,
                "before": company._collection_today(terms.text_before),
                "kept": {code: count for code, (count, _newest) in kept.items()},
            }
            run, has_time = self._delete_batches(terms, free, values, batch)
            runs |= run
            if not has_time:
                break
        return runs

    @api.model
    def _delete_batches(self, terms, ids, values, batch=BATCH):
        """Delete the texts of these contacts batch by batch, and write the run as it grows.

        :param dict values: of the run
        :return: tuple (the run, whether there is time for more)
        """
        cron, run = self.env["ir.cron"], self.browse()
        commits = not modules.module.current_test and not self.env.context.get("collection_no_commit")
        if commits:
            cron._commit_progress(remaining=len(ids))
        for start in range(0, len(ids), batch):
            chunk = ids[start : start + batch]
            deleted, failed = self._delete_batch(terms, chunk)
            if deleted or failed:
                run = run or self.sudo().create(values)
                run.write(
                    {"deleted_count": run.deleted_count + deleted, "failed_count": run.failed_count + failed}
                )
            if commits and not cron._commit_progress(len(chunk)):
                return run, False
        return run, True

    @api.model
    def _delete_batch(self, terms, ids):
        """Delete the texts of these contacts together; if that fails, one by one.

        :return: tuple (number deleted, number failed)
        """
        ids = self._lock_free(terms, ids)
        try:
            with self.env.cr.savepoint():
                self._delete_texts(terms, ids)
            return len(ids), 0
        except ROW_ERRORS:
            if len(ids) == 1:
                _logger.exception("The text of contact %d could not be deleted.", ids[0])
                return 0, 1
        failed = 0
        for contact_id in ids:
            try:
                with self.env.cr.savepoint():
                    self._delete_texts(terms, [contact_id])
            except ROW_ERRORS:
                _logger.exception("The text of contact %d could not be deleted.", contact_id)
                failed += 1
        return len(ids) - failed, failed

    # === A PERSON DELETES NOW === #

    @api.model
    def _forget(self, partner, company, now):
        """Delete the texts of one customer now, as far as no keeping period and no open claim stands.

        :param partner: any contact of the customer
        :param company: root company
        :param datetime now: naive UTC
        :return: the run
        :raise AccessError: only managers may
        :raise UserError: nothing may be deleted; says why and until when
        """
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(self.env._("Only managers of invoicing may delete texts."))
        company.check_access("read")
        partner.check_access("read")
        deletion = self.sudo()
        customer = partner.commercial_partner_id
        terms = deletion._terms(company.sudo(), now, forget=True)
        free, kept = deletion._judge(terms, customers=customer.ids)
        if not free:
            raise UserError(
                "\n".join([self.env._("No text of this customer can be deleted now."), *self._describe_until(terms, kept)])
            )
        values = {
            "company_id": company.id,
            "date": now,
            "partner_id": customer.id,
            "user_id": self.env.uid,
            "kept": {code: count for code, (count, _newest) in kept.items()},
        }
        # One click is one transaction: either all of it is gone, or the user is told why not.
        run, _has_time = deletion.with_context(collection_no_commit=True)._delete_batches(terms, free, values)
        return run

    @api.model
    def _describe_until(self, terms, kept):
        """Return in words what is kept, why and until when, one line for each reason.

        :param dict kept: as `_judge` returns it
        """
        labels, lines = self._reason_labels(), []
        for code in REASONS:
            if code not in kept:
                continue
            count, newest = kept[code]
            line = self.env._("%(reason)s: %(count)s", reason=labels[code], count=count)
            if code == "letter":
                day = keeping.free_on(
                    terms.company._collection_today(newest), terms.years, terms.counted_from, terms.year_end
                )
                line = self.env._(
                    "%(line)s (the last one until %(day)s)",
                    line=line,
                    day=format_date(self.env, fields.Date.add(day, days=-1)),
                )
            lines.append(line)
        return lines
