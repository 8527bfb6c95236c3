"""Who receives the messages of a case. Looks up addresses, sends nothing."""
from odoo import api, models
from odoo.tools import SQL


class CollectionCase(models.Model):
    _inherit = "collection.case"

    @api.model
    def _recipients(self, case_ids, move_ids_by_case):
        """Return who a message about these invoices goes to, one statement for all cases.

        The contact for payments named on the customer wins, even without an address: nobody else
        is written to in his place. Else the contact the invoices are addressed to (most of them,
        then the newest), else the customer's invoice address, else the customer, the first of them
        with an address.

        :param case_ids: ids of `collection.case`
        :param dict move_ids_by_case: case id to the ids of the invoices asked for
        :return: case id to (partner id, normalised address, or False where there is none)
        :rtype: dict
        """
        case_ids = list(case_ids)
        if not case_ids:
            return {}
        pairs = [(case_id, move_id) for case_id in case_ids for move_id in move_ids_by_case.get(case_id, ())]
        self.env["res.partner"].flush_model(
            ["active", "collection_recipient_id", "commercial_partner_id", "email_normalized", "parent_id", "type"]
        )
        self.env["account.move"].flush_model(["partner_id"])
        self.flush_model(["partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH chosen AS (
                    SELECT cases.id, cases.partner_id, customer.collection_recipient_id
                      FROM collection_case cases
                      JOIN res_partner customer ON customer.id = cases.partner_id
                     WHERE cases.id = ANY(%(cases)s)
                ), candidate AS (
                    SELECT id AS case_id, 1 AS rank, 0 AS place, collection_recipient_id AS partner_id
                      FROM chosen
                     WHERE collection_recipient_id IS NOT NULL
                     UNION ALL
                    SELECT chosen.id, 2,
                           row_number() OVER (PARTITION BY chosen.id ORDER BY count(*) DESC, max(move.id) DESC),
                           move.partner_id
                      FROM unnest(%(pair_cases)s, %(pair_moves)s) AS asked(case_id, move_id)
                      JOIN chosen ON chosen.id = asked.case_id
                      JOIN account_move move ON move.id = asked.move_id AND move.partner_id != chosen.partner_id
                     GROUP BY chosen.id, move.partner_id
                     UNION ALL
                    SELECT chosen.id, 3, child.id, child.id
                      FROM chosen
                      JOIN res_partner child ON child.parent_id = chosen.partner_id AND child.type = 'invoice'
                     UNION ALL
                    SELECT id, 4, 0, partner_id
                      FROM chosen
                )
                SELECT DISTINCT ON (candidate.case_id)
                       candidate.case_id, partner.id, partner.email_normalized
                  FROM candidate
                  JOIN chosen ON chosen.id = candidate.case_id
                  JOIN res_partner partner ON partner.id = candidate.partner_id
                 WHERE (partner.active AND partner.commercial_partner_id = chosen.partner_id)
                    OR candidate.rank = 4
                 ORDER BY candidate.case_id,
                       candidate.rank > 1,
                       COALESCE(partner.email_normalized, '') = '',
                       candidate.rank,
                       candidate.place
                """,
                cases=case_ids,
                pair_cases=SQL("%s::int[]", [case_id for case_id, _move_id in pairs]),
                pair_moves=SQL("%s::int[]", [move_id for _case_id, move_id in pairs]),
            )
        )
        return {case_id: (partner_id, address or False) for case_id, partner_id, address in rows}
