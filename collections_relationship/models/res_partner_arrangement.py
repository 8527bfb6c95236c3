"""What became of a customer's promises and plans: how many he kept, and which one a new one would be."""
from collections import defaultdict

from odoo import api, fields, models

from ..engine import agreement, judgement
from .res_partner import FOLLOW_UP_GROUPS

#: How an arrangement that ended counts; whatever else ended was not his to keep.
OUTCOMES = {"kept": judgement.KEPT, "not_kept": judgement.BROKEN, "partly_kept": "partly", "not_paid": judgement.BROKEN}


class ResPartner(models.Model):
    _inherit = "res.partner"

    collection_arrangement_ids = fields.One2many(
        "collection.arrangement", "partner_id", string="Arrangements", groups=FOLLOW_UP_GROUPS, readonly=True
    )
    collection_kept_text = fields.Char(
        string="Promises and Plans", compute="_compute_collection_kept", groups=FOLLOW_UP_GROUPS
    )
    collection_kept_rate = fields.Float(
        string="Kept", compute="_compute_collection_kept", groups=FOLLOW_UP_GROUPS, help="Of those that ended, 0 to 1."
    )

    @api.depends("collection_arrangement_ids.state")
    @api.depends_context("lang", "company")
    def _compute_collection_kept(self):
        history = self._collection_history(self.env.company)
        for partner in self:
            outcomes = history[partner.commercial_partner_id.id]
            partner.collection_kept_rate = float(judgement.kept_rate(outcomes).share or 0)
            partner.collection_kept_text = self._collection_kept_words(outcomes)

    @api.model
    def _collection_kept_words(self, outcomes):
        """Return in one line what became of them; empty where there was none.

        :param outcomes: as `_collection_history` returns them
        """
        rate, nth = judgement.kept_rate(outcomes), judgement.nth_promise(outcomes)
        running = outcomes.count(judgement.RUNNING)
        words = [
            rate.kept and self.env._("%s kept", rate.kept),
            rate.partly and self.env._("%s partly kept", rate.partly),
            rate.broken and self.env._("%s broken", rate.broken),
            running and self.env._("%s running", running),
            (rate.partly or rate.broken) and nth.in_a_row > 1 and self.env._("the next is number %s in a row", nth.in_a_row),
        ]
        return ", ".join(filter(None, words)) or False

    def _collection_history(self, company):
        """Return what became of what each of these customers agreed on, oldest first, by id of the commercial partner.

        :param company: one of the house; those of the company at the top are counted
        :return: lists of 'kept', 'partly', 'broken', 'running'
        :rtype: dict[int, list[str]]
        """
        result = defaultdict(list)
        started = self.env["collection.arrangement"].sudo().search(  # what became of it, for who may see the customer
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", company.root_id.id),
                ("started_on", "!=", False),
            ],
            order="started_on, id",
        )
        for arrangement in started:
            if arrangement.state in agreement.RUNNING:
                result[arrangement.partner_id.id].append(judgement.RUNNING)
            elif outcome := OUTCOMES.get(arrangement.end_code):
                result[arrangement.partner_id.id].append(outcome)
        return result


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    kept_text = fields.Char(related="partner_id.collection_kept_text", string="Promises and Plans So Far")
