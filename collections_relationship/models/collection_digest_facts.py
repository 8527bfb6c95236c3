"""What a digest tells: read for many readers at once, a fixed number of statements whatever their number."""
from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .collection_run import FAILED_CODES

#: Names listed of each kind; the rest is a number and a link.
NAMES_SHOWN = 5
#: A pause that ends within so many days is worth a look.
ENDS_SOON = timedelta(days=3)
#: Money booked later than this after its day is old news: somebody tidied up.
OLD_NEWS = timedelta(days=14)
#: Reasons that hold nothing back: what is due leaves, or its day has not come.
NOT_HELD = ("due", "ready", "manual", "stage_day", "nothing_due", "settled")


class Section:
    """What one reader is told about one company.

    sent: number of messages; customers: of how many customers; sums: currency id -> amount asked for
    held: reason code -> number of cases
    unread, activities, pauses, promises: (number, the first of them as dicts)
    steps: kind -> number, of `waiting`, `unknown`, `failed`, `bounced`
    paid: number of payments; paid_sums: currency id -> amount; paid_by: names
    packs: names of rule packs to read again
    """

    def __init__(self, company_id):
        self.company_id = company_id
        self.sent = self.customers = self.paid = 0
        self.sums, self.paid_sums, self.held, self.steps = {}, {}, {}, {}
        self.unread = self.activities = self.pauses = self.promises = (0, [])
        self.paid_by, self.packs = [], []

    @property
    def needs(self):
        """How many things wait for a person."""
        lists = (self.unread, self.activities, self.pauses, self.promises)
        return sum(count for count, _first in lists) + sum(self.steps.values()) + len(self.packs)

    @property
    def is_empty(self):
        return not (self.needs or self.sent or self.held or self.paid)


class CollectionDigest(models.Model):
    _inherit = "collection.digest"

    @api.model
    def _gather(self, readers, now):
        """Return what each reader is told, as ``{user id: [Section]}``, one section per company with cases of his.

        Who has no case, and is asked for nothing about others', gets an empty list.

        :param readers: list of Reader
        :param datetime now: naive UTC
        """
        self.env.flush_all()
        sections = {reader.user.id: {} for reader in readers}
        rows = self._visible_cases(readers, now)
        for user_id, _case_id, company_id, *_rest in rows:
            sections[user_id].setdefault(company_id, Section(company_id))
        if rows:
            seen = self._seen(rows, readers)
            self._add_sent(sections, seen, now)
            self._add_held(sections, seen)
            self._add_steps(sections, seen)
            self._add_listed(sections, "unread", self._unread(seen))
            self._add_listed(sections, "activities", self._activities(seen))
            self._add_holds(sections, seen)
            self._add_payments(sections, seen)
            self._add_packs(sections, readers)
        return {user_id: [of_user[key] for key in sorted(of_user)] for user_id, of_user in sections.items()}

    def _visible_cases(self, readers, now):
        """Return the cases each reader looks after, or has an activity on, by his own rights, in one statement.

        :return: tuples (user, case, company, customer, is his own, is open)
        """
        queries = []
        for reader in readers:
            if not reader.companies:
                continue
            cases = self.env["collection.case"].with_user(reader.user).with_context(
                allowed_company_ids=reader.user.company_ids.ids, active_test=False
            )
            query = cases._search([("company_id", "in", reader.companies.ids)])
            for_the_rest = reader.companies.filtered(lambda company, reader=reader: company.collection_user_id in reader.owners)
            queries.append(
                SQL(
                    """
                    SELECT %(reader)s::int AS reader, c.id, c.company_id, c.partner_id,
                           COALESCE(c.user_id = ANY(%(owners)s), c.company_id = ANY(%(for_the_rest)s)) AS own,
                           c.state = 'open' AS open
                      FROM collection_case c
                     WHERE c.id IN %(visible)s
                       AND (c.state = 'open' OR c.date_closed >= %(since)s)
                       AND (c.user_id = ANY(%(owners)s)
                            OR (c.user_id IS NULL AND c.company_id = ANY(%(for_the_rest)s))
                            OR EXISTS (SELECT 1 FROM mail_activity a
                                        WHERE a.res_model = 'collection.case' AND a.res_id = c.id AND a.active
                                          AND a.user_id = %(reader)s))
                    """,
                    reader=reader.user.id,
                    owners=reader.owners.ids,
                    for_the_rest=SQL("%s::int[]", for_the_rest.ids),
                    visible=query.subselect(),
                    since=min(reader.since, now),
                )
            )
        return self.env.execute_query(SQL(" UNION ALL ").join(queries)) if queries else []

    def _seen(self, rows, readers):
        """Return the visible cases as a table for the other statements."""
        by_user = {reader.user.id: reader for reader in readers}
        users, cases, companies, partners, own, is_open = (list(column) for column in zip(*rows, strict=True))
        return SQL(
            """
            unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::bool[], %s::bool[], %s::timestamp[], %s::date[])
            AS seen(reader, case_id, company_id, partner_id, own, open, since, day)
            """,
            users,
            cases,
            companies,
            partners,
            own,
            is_open,
            [by_user[user_id].since for user_id in users],
            [by_user[user_id].day for user_id in users],
        )

    # === WHAT LEFT, WHAT WAS HELD BACK === #

    def _add_sent(self, sections, seen, now):
        rows = self.env.execute_query(
            SQL(
                """
                WITH sent AS (
                    SELECT seen.reader, seen.company_id, seen.partner_id, k.id,
                           CASE WHEN jsonb_typeof(k.facts->'totals') = 'array' THEN k.facts->'totals' END AS totals
                      FROM %(seen)s
                      JOIN collection_contact k ON k.case_id = seen.case_id
                     WHERE seen.own AND k.direction = 'out' AND k.kind IN ('sent', 'written')
                       AND k.date >= seen.since AND k.date < %(now)s
                )
                SELECT reader, company_id, NULL, count(*), count(DISTINCT partner_id), 0
                  FROM sent GROUP BY reader, company_id
                UNION ALL
                SELECT reader, company_id, currency.id, 0, 0, sum(total.amount)
                  FROM sent
                  JOIN LATERAL jsonb_to_recordset(sent.totals) AS total(currency varchar, amount numeric) ON true
                  JOIN res_currency currency ON currency.name = total.currency
                 GROUP BY reader, company_id, currency.id
                """,
                seen=seen,
                now=now,
            )
        )
        for reader, company_id, currency_id, count, customers, amount in rows:
            section = sections[reader][company_id]
            if currency_id:
                section.sums[currency_id] = float(amount)
            else:
                section.sent, section.customers = count, customers

    def _add_held(self, sections, seen):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT seen.reader, seen.company_id, held.code, count(*)
                  FROM %(seen)s
                  JOIN collection_case c ON c.id = seen.case_id
                  JOIN LATERAL (SELECT CASE WHEN c.reply_unread_since IS NOT NULL THEN 'reply_unread'
                                            ELSE c.next_reason->>'code' END AS code) held ON true
                 WHERE seen.own AND seen.open AND held.code IS NOT NULL AND held.code != ALL(%(not_held)s)
                 GROUP BY seen.reader, seen.company_id, held.code
                 ORDER BY count(*) DESC, held.code
                """,
                seen=seen,
                not_held=list(NOT_HELD),
            )
        )
        for reader, company_id, code, count in rows:
            sections[reader][company_id].held[code] = count

    # === WHAT NEEDS A HUMAN === #

    def _add_listed(self, sections, name, rows):
        """Put rows (reader, company, number of all, fact) into the sections, under a name."""
        found = defaultdict(lambda: (0, []))
        for reader, company_id, count, fact in rows:
            found[reader, company_id] = (count, [*found[reader, company_id][1], fact])
        for (reader, company_id), listed in found.items():
            setattr(sections[reader][company_id], name, listed)

    def _unread(self, seen):
        """Return the answers nobody has read, the oldest first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT * FROM (
                    SELECT seen.reader, seen.company_id, count(*) OVER per_section AS total, c.id,
                           COALESCE(p.complete_name, p.name) AS name, c.reply_unread_since,
                           row_number() OVER (per_section ORDER BY c.reply_unread_since, c.id) AS place
                      FROM %(seen)s
                      JOIN collection_case c ON c.id = seen.case_id AND c.reply_unread_since IS NOT NULL
                      JOIN res_partner p ON p.id = c.partner_id
                     WHERE seen.own AND seen.open
                    WINDOW per_section AS (PARTITION BY seen.reader, seen.company_id)
                ) answers WHERE place <= %(shown)s ORDER BY reader, company_id, place
                """,
                seen=seen,
                shown=NAMES_SHOWN,
            )
        )
        return [
            (reader, company_id, count, {"case": case_id, "name": name, "since": since})
            for reader, company_id, count, case_id, name, since, _place in rows
        ]

    def _add_steps(self, sections, seen):
        """Count the messages that wait for a yes, whose fate is unknown, that failed, and addresses that bounced."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT seen.reader, seen.company_id,
                       CASE s.state WHEN 'cancelled' THEN 'failed' ELSE s.state END AS kind, count(*)
                  FROM %(seen)s
                  JOIN collection_step s ON s.case_id = seen.case_id
                 WHERE seen.own AND seen.open
                   AND (s.state IN ('waiting', 'unknown')
                        OR (s.state = 'cancelled' AND s.cancel_code = ANY(%(failed)s) AND s.write_date >= seen.since))
                 GROUP BY 1, 2, 3
                UNION ALL
                SELECT seen.reader, seen.company_id, 'bounced', count(*)
                  FROM %(seen)s
                  JOIN collection_case c ON c.id = seen.case_id AND c.bounced_on IS NOT NULL
                 WHERE seen.own AND seen.open
                 GROUP BY 1, 2
                """,
                seen=seen,
                failed=list(FAILED_CODES),
            )
        )
        for reader, company_id, kind, count in rows:
            sections[reader][company_id].steps[kind] = count

    def _activities(self, seen):
        """Return what the readers are to do by their day; what the other lines tell already is left out."""
        ref = self.env["ir.model.data"]._xmlid_to_res_id
        told = [ref(f"collections_relationship.mail_activity_type_{name}") for name in ("reply", "approve", "unknown")]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT * FROM (
                    SELECT seen.reader, seen.company_id, count(*) OVER per_section AS total, seen.case_id,
                           COALESCE(p.complete_name, p.name) AS name, COALESCE(a.summary, '') AS summary,
                           a.activity_type_id, a.date_deadline,
                           row_number() OVER (per_section ORDER BY a.date_deadline, a.id) AS place
                      FROM %(seen)s
                      JOIN mail_activity a ON a.res_model = 'collection.case' AND a.res_id = seen.case_id
                                          AND a.active AND a.user_id = seen.reader AND a.date_deadline <= seen.day
                      JOIN res_partner p ON p.id = seen.partner_id
                     WHERE NOT seen.own OR a.activity_type_id IS NULL OR a.activity_type_id != ALL(%(told)s)
                    WINDOW per_section AS (PARTITION BY seen.reader, seen.company_id)
                ) due WHERE place <= %(shown)s ORDER BY reader, company_id, place
                """,
                seen=seen,
                told=told,
                shown=NAMES_SHOWN,
            )
        )
        return [
            (reader, company_id, count, {"case": case_id, "name": name, "summary": summary, "type": type_id, "day": day})
            for reader, company_id, count, case_id, name, summary, type_id, day, _place in rows
        ]

    def _add_holds(self, sections, seen):
        """Add pauses that end soon, and promises whose day has come or comes tomorrow."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT * FROM (
                    SELECT seen.reader, seen.company_id, h.reason = 'promise' AS promised,
                           count(*) OVER per_kind AS total, seen.case_id,
                           COALESCE(p.complete_name, p.name) AS name, ends.day,
                           row_number() OVER (per_kind ORDER BY ends.day, h.id) AS place
                      FROM %(seen)s
                      JOIN collection_hold h ON h.commercial_partner_id = seen.partner_id AND h.active
                                            AND h.date_start <= seen.day AND h.date_end >= seen.day
                      JOIN res_company company ON company.id = h.company_id
                                              AND split_part(company.parent_path, '/', 1)::int = seen.company_id
                 LEFT JOIN (SELECT hold_id, min(day) AS day FROM collection_hint
                             WHERE hold_id IS NOT NULL GROUP BY hold_id) hint ON hint.hold_id = h.id
                      JOIN LATERAL (SELECT CASE WHEN h.reason = 'promise' THEN COALESCE(hint.day, h.date_end)
                                                ELSE h.date_end END AS day) ends ON true
                      JOIN res_partner p ON p.id = seen.partner_id
                     WHERE seen.own AND seen.open
                       AND ends.day <= seen.day + CASE WHEN h.reason = 'promise' THEN 1 ELSE %(soon)s END
                    WINDOW per_kind AS (PARTITION BY seen.reader, seen.company_id, h.reason = 'promise')
                ) holds WHERE place <= %(shown)s ORDER BY reader, company_id, promised, place
                """,
                seen=seen,
                soon=ENDS_SOON.days,
                shown=NAMES_SHOWN,
            )
        )
        facts = [
            (promised, (reader, company_id, count, {"case": case_id, "name": name, "day": day}))
            for reader, company_id, promised, count, case_id, name, day, _place in rows
        ]
        self._add_listed(sections, "promises", [fact for promised, fact in facts if promised])
        self._add_listed(sections, "pauses", [fact for promised, fact in facts if not promised])

    def _add_packs(self, sections, readers):
        """Tell managers, in their first section, which rules of law somebody should read again."""
        managers = self.env.ref("account.group_account_manager").sudo().all_user_ids  # who is in a group
        dated = self.env["collection.rule.pack"].search([("review_date", "!=", False)], order="review_date, id")
        for reader in readers:
            of_reader = sections[reader.user.id]
            if reader.user in managers and of_reader:
                of_reader[min(of_reader)].packs = (
                    dated.with_context(lang=reader.user.lang)
                    .filtered(lambda pack, reader=reader: pack.review_date <= reader.day)
                    .mapped("name")
                )

    # === GOOD NEWS === #

    def _add_payments(self, sections, seen):
        """Add the money matched with what these customers owe since the last digest."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH paid AS (
                    SELECT seen.reader, seen.company_id, pr.id, pr.credit_move_id, pr.debit_amount_currency AS amount,
                           pr.debit_currency_id AS currency_id, COALESCE(p.complete_name, p.name) AS name
                      FROM (SELECT DISTINCT reader, company_id, partner_id, since FROM %(seen)s WHERE own) seen
                      JOIN collection_item i ON i.partner_id = seen.partner_id AND i.root_company_id = seen.company_id
                      JOIN account_partial_reconcile pr ON pr.debit_move_id = i.line_id AND pr.create_date >= seen.since
                      JOIN account_move_line credit ON credit.id = pr.credit_move_id
                                                   AND credit.date >= seen.since::date - %(old)s
                      JOIN account_move m ON m.id = credit.move_id AND m.move_type = 'entry'
                                         AND (m.origin_payment_id IS NOT NULL OR m.statement_line_id IS NOT NULL)
                      JOIN res_partner p ON p.id = seen.partner_id
                )
                SELECT reader, company_id, NULL::int, count(DISTINCT credit_move_id), 0, array_agg(DISTINCT name)
                  FROM paid GROUP BY reader, company_id
                UNION ALL
                SELECT reader, company_id, currency_id, 0, sum(amount), NULL
                  FROM paid GROUP BY reader, company_id, currency_id
                """,
                seen=seen,
                old=OLD_NEWS.days,
            )
        )
        for reader, company_id, currency_id, count, amount, names in rows:
            section = sections[reader][company_id]
            if currency_id:
                section.paid_sums[currency_id] = float(amount)
            else:
                section.paid, section.paid_by = count, names
