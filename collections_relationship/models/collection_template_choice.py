"""Chooses which message of the library speaks to a customer, and says why.

Looks up in bulk what `engine.choice` and `engine.relationship` judge.
"""
import hashlib
from collections import namedtuple
from dataclasses import asdict
from datetime import timedelta
from functools import cached_property

from odoo import api, models
from odoo.tools import SQL

from ..engine import choice, relationship
from ..engine.vocabulary import TONES as ORDER
from .collection_template import WORDS_OF_CHANNEL

#: A message as `engine.choice` looks at it; ``industry`` is the id of Odoo's industry as text.
Candidate = namedtuple("Candidate", "id purpose tone industry audience variant channels")
#: The message chosen, and as data why these words; `must_approve`: firmer than the relationship allows.
Picked = namedtuple("Picked", "template_id why must_approve")


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

    @api.model
    def _chooser(self, company, partner_ids, today):
        """Return what chooses messages for these customers.

        :param company: root company
        :param partner_ids: ids of commercial partners
        :param date today: in the company's time zone
        """
        return _Chooser(self.sudo(), company, partner_ids, today)

    @api.model
    def _candidates(self):
        """Return the active messages as candidates, with the channels they have words for."""
        self.flush_model()
        has_words = SQL(", ").join(
            SQL(
                "CASE WHEN %s THEN %s END",
                SQL(" OR ").join(
                    SQL("COALESCE(%s ->> 'en_US', '') != ''", SQL.identifier(name)) for name in names
                ),
                channel,
            )
            for channel, names in WORDS_OF_CHANNEL.items()
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, purpose, tone, COALESCE(industry_id::text, ''), COALESCE(audience, ''), variant,
                       ARRAY_REMOVE(ARRAY[%s], NULL)
                  FROM collection_template
                 WHERE active
                 ORDER BY id
                """,
                has_words,
            )
        )
        return [Candidate(*row) for row in rows]


class _Chooser:
    """Chooses for a set of customers of one company; reads each kind of fact once, when it is needed."""

    def __init__(self, templates, company, partner_ids, today):
        self._templates = templates
        self._env = templates.env
        self._company = company
        self._partner_ids = list(partner_ids)
        self._today = today
        self._rules = {}

    def choose(self, partner, purpose, tone, channel="email", policy=None, fixed=None):
        """Choose the message for a customer.

        :param partner: commercial partner
        :param str tone: the tone the ladder wants
        :param policy: `collection.policy` whose ceiling holds
        :param fixed: a message somebody chose for this; only its variants are among the candidates
        :rtype: Picked
        """
        ceiling = self._ceiling(partner, policy, tone)
        if fixed:
            return Picked(fixed.id, {"fixed": True}, False)
        chosen = choice.choose(
            [candidate for candidate in self._candidates if channel in candidate.channels],
            purpose,
            tone,
            ceiling.tone,
            str(partner.industry_id.id or ""),
            partner.collection_debtor_kind or "",
        )
        if not chosen.candidates:
            return Picked(False, {}, False)
        spoken = self._assigned(partner, chosen.candidates)
        why = {"tone": spoken.tone, "wished": tone}
        if ceiling.tone and ORDER.index(ceiling.tone) < ORDER.index(tone):
            why.update(ceiling=ceiling.tone, because=list(ceiling.reasons))
            if {"good_customer", "open_matter"}.intersection(ceiling.reasons):
                why["figures"] = asdict(self._facts.get(partner.id, relationship.Facts()))
                why["figures"]["currency"] = self._company.currency_id.name
        if chosen.given_up:
            why["given_up"] = dict(chosen.given_up)
        if len(chosen.candidates) > 1:
            why["variant"] = spoken.variant
        return Picked(spoken.id, why, chosen.above_ceiling)

    @staticmethod
    def _assigned(partner, variants):
        """Return the variant of a customer: always the same one, and each variant for as many customers.

        The highest of one number per variant decides, so a further variant takes its share from all
        others and moves nobody between them.
        """
        if len(variants) == 1:
            return variants[0]
        first = variants[0]
        seed = f"{first.purpose}.{first.tone}.{first.industry}.{first.audience}"
        return max(
            variants,
            key=lambda variant: hashlib.sha256(f"{seed}.{variant.variant}.{partner.id}".encode()).digest(),
        )

    def facts_of(self, partner):
        """Return what the books say about a customer: `engine.relationship.Facts`."""
        return self._facts.get(partner.id, relationship.Facts())

    @cached_property
    def _candidates(self):
        return self._templates._candidates()

    def _ceiling(self, partner, policy, tone):
        """Return the ceiling; the books are asked only where the tone wished for is above what they may lower it to."""
        rules = self._rules_of(policy)
        own = partner.collection_tone_ceiling or ""
        lowering = [lowered for lowered in (rules.good, rules.matters) if lowered]
        if any(ORDER.index(lowered) < ORDER.index(tone) for lowered in lowering):
            return relationship.ceiling(self._facts.get(partner.id, relationship.Facts()), rules, own)
        return relationship.ceiling(relationship.Facts(), rules, own)

    def _rules_of(self, policy):
        if policy not in self._rules:
            self._rules[policy] = policy._relationship_rules() if policy else relationship.Rules()
        return self._rules[policy]

    @cached_property
    def _facts(self):
        """What the books say about all these customers, by id: one statement."""
        env = self._env
        env["account.move"].flush_model()
        env["account.move.line"].flush_model()
        env["collection.hold"].flush_model()
        env["collection.arrangement"].flush_model()
        rows = env.execute_query(
            SQL(
                """
                WITH invoiced AS (
                    SELECT m.commercial_partner_id AS partner_id, min(m.invoice_date) AS first,
                           sum(m.amount_untaxed_signed) FILTER (WHERE m.invoice_date > %(year_ago)s) AS revenue
                      FROM account_move m
                     WHERE m.commercial_partner_id = ANY(%(partners)s) AND m.company_id = ANY(%(companies)s)
                       AND m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')
                     GROUP BY 1
                ), habits AS (
                    SELECT partner_id, count(*) AS paid,
                           count(*) FILTER (WHERE paid_on <= date_maturity + %(tolerance)s) AS punctual
                      FROM (
                          SELECT m.commercial_partner_id AS partner_id, l.date_maturity, max(r.max_date) AS paid_on
                            FROM account_move m
                            JOIN account_move_line l ON l.move_id = m.id AND l.reconciled
                            JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                            JOIN account_partial_reconcile r ON r.debit_move_id = l.id
                           WHERE m.commercial_partner_id = ANY(%(partners)s) AND m.company_id = ANY(%(companies)s)
                             AND m.state = 'posted' AND m.move_type = 'out_invoice'
                             AND l.date_maturity > %(two_years_ago)s
                           GROUP BY l.id, m.commercial_partner_id, l.date_maturity
                      ) paid
                     GROUP BY 1
                ), matters AS (
                    SELECT commercial_partner_id AS partner_id, count(*) AS open
                      FROM collection_hold
                     WHERE commercial_partner_id = ANY(%(partners)s) AND company_id = %(company)s AND active
                       AND reason IN ('clarification', 'dispute') AND %(today)s BETWEEN date_start AND date_end
                     GROUP BY 1
                ), agreed AS (
                    SELECT a.partner_id,
                           count(*) FILTER (WHERE a.state = 'broken' AND a.ended_on > COALESCE(last.kept, %(year_ago)s)) AS broken
                      FROM collection_arrangement a
                      LEFT JOIN (
                          SELECT partner_id, max(ended_on) AS kept
                            FROM collection_arrangement
                           WHERE state = 'kept' AND company_id = %(company)s AND partner_id = ANY(%(partners)s)
                           GROUP BY partner_id
                      ) last ON last.partner_id = a.partner_id
                     WHERE a.partner_id = ANY(%(partners)s) AND a.company_id = %(company)s AND a.ended_on > %(year_ago)s
                     GROUP BY 1
                )
                SELECT p.id, COALESCE((%(today)s - i.first) / 365.25, 0), COALESCE(i.revenue, 0),
                       COALESCE(h.paid, 0), COALESCE(h.punctual, 0), COALESCE(o.open, 0),
                       COALESCE(g.broken, 0)
                  FROM unnest(%(partners)s) AS p (id)
             LEFT JOIN invoiced i ON i.partner_id = p.id
             LEFT JOIN habits h ON h.partner_id = p.id
             LEFT JOIN matters o ON o.partner_id = p.id
             LEFT JOIN agreed g ON g.partner_id = p.id
                """,
                partners=self._partner_ids,
                companies=env["res.company"].search([("id", "child_of", self._company.id)]).ids,
                company=self._company.id,
                today=self._today,
                year_ago=self._today - timedelta(days=365),
                two_years_ago=self._today - timedelta(days=730),
                tolerance=relationship.TOLERANCE_DAYS,
            )
        )
        return {
            partner_id: relationship.Facts(float(years), float(revenue), paid, punctual, matters, broken)
            for partner_id, years, revenue, paid, punctual, matters, broken in rows
        }
