"""What came of a message: how many customers answered, paid, opted out or complained within two weeks.

A customer counts once for each message, from the first time he got it, and only when the two weeks
are over, so that a variant that is new does not look worse than it is. Nothing here chooses.
"""
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ..engine.vocabulary import ASKING

#: Days within which something counts as coming of a message.
WINDOW_DAYS = 14
#: Protections that are a complaint about being contacted at all; an opt-out closes one channel only.
COMPLAINTS = ("cease", "represented")
#: What may come of a message.
COUNTED = ("answered", "paid", "opted_out", "complained")
#: What the count reads.
READ = (
    "collection.contact",
    "collection.protection",
    "account.partial.reconcile",
    "account.move.line",
    "account.move",
    "account.payment",
    "res.partner",
)


class Result(NamedTuple):
    """Customers of one message.

    :param customers: who got it more than `WINDOW_DAYS` ago; the others count these
    :param pending: who got it later than that
    """

    customers: int = 0
    pending: int = 0
    answered: int = 0
    paid: int = 0
    opted_out: int = 0
    complained: int = 0


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

    contact_ids = fields.One2many("collection.contact", "template_id", readonly=True)
    variant_ids = fields.Many2many(
        "collection.template", string="Variants", compute="_compute_variant_ids", context={"active_test": False}
    )
    result_customers = fields.Integer(
        string="Customers",
        compute="_compute_results",
        help="Each counts once, from the first time he got the message, once two weeks have passed.",
    )
    result_pending = fields.Integer(
        string="Not Counted Yet", compute="_compute_results", help="Got it less than two weeks ago."
    )
    result_answered = fields.Integer(
        string="Answered",
        compute="_compute_results",
        help="By mail, text, in the portal or by a call, within two weeks and before the next message.",
    )
    result_paid = fields.Integer(
        string="Paid",
        compute="_compute_results",
        help="Money that came in within two weeks and is matched with an item the message asked for.",
    )
    result_opted_out = fields.Integer(
        string="Opted Out", compute="_compute_results", help="Closed a channel within two weeks."
    )
    result_complained = fields.Integer(
        string="Complained",
        compute="_compute_results",
        help="Asked us to stop altogether or had a lawyer speak, within two weeks.",
    )
    result_answered_share = fields.Float(string="Answered (%)", compute="_compute_results")
    result_answered_text = fields.Char(string="Answered, With Share", compute="_compute_results")
    result_paid_share = fields.Float(string="Paid (%)", compute="_compute_results")
    result_paid_text = fields.Char(string="Paid, With Share", compute="_compute_results")
    result_opted_out_share = fields.Float(string="Opted Out (%)", compute="_compute_results")
    result_opted_out_text = fields.Char(string="Opted Out, With Share", compute="_compute_results")
    result_complained_share = fields.Float(string="Complained (%)", compute="_compute_results")
    result_complained_text = fields.Char(string="Complained, With Share", compute="_compute_results")
    result_asks = fields.Boolean(string="Asks for Money", compute="_compute_results")
    result_is_enough = fields.Boolean(compute="_compute_results")
    result_words = fields.Char(string="What It Says", compute="_compute_results")

    @api.depends("purpose", "tone", "industry_id", "audience")
    def _compute_variant_ids(self):
        for template in self:
            template.variant_ids = template.with_context(active_test=False)._variants() | template._origin

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_results(self):
        results = self._results(fields.Datetime.now(), self.env.companies.root_id)
        least = self.env.company.root_id.collection_minimum_sample
        for template in self:
            result = results.get(template._origin.id, Result())
            for name, value in result._asdict().items():
                template[f"result_{name}"] = value
            template.result_is_enough = result.customers >= least
            for name in COUNTED:
                count = getattr(result, name)
                share = count / (result.customers or 1)
                template[f"result_{name}_share"] = share
                template[f"result_{name}_text"] = (
                    self.env._("%(count)s (%(share)s %%)", count=count, share=formatLang(self.env, 100 * share, digits=1))
                    if template.result_is_enough
                    else str(count)
                )
            template.result_asks = template.purpose in ASKING
            if not result.customers and not result.pending:
                template.result_words = self.env._("Not sent yet")
            elif result.customers < least:
                template.result_words = self.env._(
                    "Too few to say (%(count)s of %(least)s)", count=result.customers, least=least
                )
            else:
                template.result_words = self.env._("Enough customers")

    def _results(self, now, companies):
        """Count what came of these messages, in one statement.

        :param datetime now: naive UTC
        :param companies: root companies whose contacts count
        :return: template id to `Result`; nothing for a message that never left
        :rtype: dict[int, Result]
        """
        for model in READ:
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH message AS (
                    SELECT DISTINCT ON (c.template_id, c.partner_id)
                           c.template_id, c.partner_id, c.company_id, c.date, c.facts,
                           (c.date AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(p.tz, 'UTC'))::date AS day,
                           c.date + %(window)s * INTERVAL '1 day' AS until
                      FROM collection_contact c
                      JOIN res_company r ON r.id = c.company_id
                      JOIN res_partner p ON p.id = r.partner_id
                     WHERE c.kind = 'sent' AND c.template_id = ANY(%(templates)s) AND c.company_id = ANY(%(companies)s)
                     ORDER BY c.template_id, c.partner_id, c.date, c.id
                ), ripe AS (
                    SELECT m.*,
                           LEAST(m.until, (
                               SELECT min(n.date) FROM collection_contact n
                                WHERE n.partner_id = m.partner_id AND n.company_id = m.company_id AND n.kind = 'sent'
                                  AND n.date > m.date AND n.template_id IS DISTINCT FROM m.template_id
                           )) AS answer_until
                      FROM message m
                     WHERE m.until <= %(now)s
                ), judged AS (
                    SELECT m.template_id,
                           EXISTS (%(answered)s) AS answered,
                           EXISTS (%(paid)s) AS paid,
                           EXISTS (%(opted_out)s) AS opted_out,
                           EXISTS (%(complained)s) AS complained
                      FROM ripe m
                )
                SELECT m.template_id,
                       count(*) FILTER (WHERE m.until <= %(now)s),
                       count(*) FILTER (WHERE m.until > %(now)s),
                       (SELECT ARRAY[count(*) FILTER (WHERE answered), count(*) FILTER (WHERE paid),
                                     count(*) FILTER (WHERE opted_out), count(*) FILTER (WHERE complained)]
                          FROM judged WHERE judged.template_id = m.template_id)
                  FROM message m
                 GROUP BY m.template_id
                """,
                window=WINDOW_DAYS,
                templates=self._origin.ids,
                companies=companies.ids,
                now=now,
                answered=_sql_answered(),
                paid=_sql_paid(),
                opted_out=_sql_protected(["opt_out"]),
                complained=_sql_protected(COMPLAINTS),
            )
        )
        return {template_id: Result(customers, pending, *counts) for template_id, customers, pending, counts in rows}


def _sql_answered():
    """Return what finds an answer to message ``m``: a person's, and not yet one to the message after it."""
    return SQL(
        """
        SELECT 1 FROM collection_contact a
         WHERE a.partner_id = m.partner_id AND a.company_id = m.company_id
           AND a.direction = 'in' AND a.kind IN ('answered', 'called')
           AND a.date > m.date AND a.date <= m.answer_until
        """
    )


def _sql_paid():
    """Return what finds money for an item message ``m`` asked for.

    Money is what is in a journal of a bank or of cash: a credit note or a write-off is none, and neither is
    a payment that was taken back. What came in on the day of the message counts if it was matched after it.
    """
    return SQL(
        """
        SELECT 1
          FROM jsonb_array_elements(m.facts -> 'asked') asked
          JOIN account_partial_reconcile r ON r.debit_move_id = (asked ->> 'line')::int
          JOIN account_move_line l ON l.id = r.credit_move_id
          JOIN account_move e ON e.id = l.move_id AND e.state = 'posted'
          JOIN account_journal j ON j.id = e.journal_id AND j.type IN ('bank', 'cash', 'credit')
     LEFT JOIN account_payment y ON y.id = e.origin_payment_id
         WHERE COALESCE(y.state, 'paid') NOT IN ('canceled', 'rejected')
           AND NOT EXISTS (SELECT 1 FROM account_move b WHERE b.reversed_entry_id = e.id AND b.state = 'posted')
           AND l.date >= m.day AND l.date <= m.day + %s
           AND (l.date > m.day OR r.create_date > m.date)
        """,
        WINDOW_DAYS,
    )


def _sql_protected(kinds):
    """Return what finds a protection of these kinds that came after message ``m``; ended ones count, too.

    What the customer did himself has its moment in the log, what a person noted only its day.
    """
    return SQL(
        """
        SELECT 1 FROM collection_protection p
     LEFT JOIN collection_contact t ON t.id = p.contact_id
         WHERE p.commercial_partner_id = m.partner_id AND (p.company_id IS NULL OR p.company_id = m.company_id)
           AND p.kind = ANY(%s)
           AND CASE WHEN t.id IS NOT NULL THEN t.date > m.date AND t.date <= m.until
                    ELSE p.date_from >= m.day AND p.date_from <= m.day + %s
                         AND (p.date_from > m.day OR p.create_date > m.date) END
        """,
        list(kinds),
        WINDOW_DAYS,
    )
