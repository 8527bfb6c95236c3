"""One customer of 'Follow up now', and the ways to him."""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime

from ..models.collection_case_ways import BY_HAND


class CollectionFollowUpJudged(models.AbstractModel):
    _name = "collection.follow.up.judged"
    _description = "A Way to a Customer, and Whether It May Be Taken Now"

    channel = fields.Selection(selection="_selection_channel", string="Way")
    recipient_id = fields.Many2one("res.partner", string="To")
    address = fields.Char()
    why_text = fields.Char(string="Why This Way")
    way_text = fields.Text(string="Channel", compute="_compute_way_text")
    allowed = fields.Boolean(string="May Leave")
    verdict_text = fields.Text(string="Held Back Because")
    verdict_html = fields.Html(sanitize=False)
    date_next = fields.Datetime(string="Next Right Moment")
    may_override = fields.Boolean()

    @api.model
    def _selection_channel(self):
        return self.env["collection.stage"]._fields["channel"]._description_selection(self.env)

    @api.depends("channel", "why_text")
    @api.depends_context("lang")
    def _compute_way_text(self):
        labels = dict(self._selection_channel())
        for judged in self:
            label = labels.get(judged.channel, "")
            judged.way_text = (
                self.env._("%(channel)s: %(why)s", channel=label, why=judged.why_text) if judged.why_text else label
            )


class CollectionFollowUpWay(models.TransientModel):
    _name = "collection.follow.up.way"
    _description = "Way to a Customer"
    _inherit = ["collection.follow.up.judged"]
    _order = "sequence, id"

    wizard_id = fields.Many2one("collection.follow.up", required=True, ondelete="cascade")
    sequence = fields.Integer()

    @api.depends("channel")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._selection_channel())
        for way in self:
            way.display_name = labels.get(way.channel, "")


class CollectionFollowUpLine(models.TransientModel):
    _name = "collection.follow.up.line"
    _description = "Customer to Follow Up Now"
    _inherit = ["collection.follow.up.judged"]

    wizard_id = fields.Many2one("collection.follow.up", required=True, ondelete="cascade")
    case_id = fields.Many2one("collection.case", string="Customer", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="case_id.currency_id")
    stage_id = fields.Many2one("collection.stage")
    item_ids = fields.Many2many("collection.item", "collection_follow_up_line_item_rel", string="Asked For")
    amount = fields.Monetary(string="To Ask For")
    result = fields.Selection(
        [("sent", "Sent"), ("to_do", "To Do"), ("later", "Later"), ("held", "Held Back")], readonly=True
    )
    result_text = fields.Text(string="Outcome", readonly=True)

    def _send(self, now, later=False):
        """Send the stage's message to the line's customer by its way, or note why it is held back.

        :param datetime now: naive UTC
        :param bool later: where now is not right, leave at the next right moment
        """
        self.ensure_one()
        if not self.allowed and not (later and self.date_next):
            self.write({"result": "held", "result_text": self._describe_held()})
            return
        try:
            with self.env.cr.savepoint():
                subject, body_html = self._message()
                step = self.case_id._follow_up_now(
                    now, self.stage_id, self.item_ids, subject, body_html, self.env.user, channel=self.channel, later=later
                )
        except UserError as error:
            self.write({"result": "held", "result_text": str(error)})
            return
        planned = step.sudo().date_planned
        if planned > now:
            self.write({"result": "later", "date_next": planned, "result_text": self._describe_later(planned)})
        elif self.channel in BY_HAND:
            self.write({"result": "to_do", "result_text": self._describe_to_do()})
        else:
            self.write({"result": "sent", "result_text": self.env._("To %(address)s", address=self.address)})

    def _message(self):
        """Return the subject and words of the stage's message in the recipient's language, unfilled; a call has none."""
        if self.channel == "call":
            return False, False
        lang = self.recipient_id.lang or self.env.lang
        template = self.case_id.sudo()._message_for(self.stage_id, self.channel).with_context(lang=lang)
        return template.subject, template._words(self.channel) if template else ""

    def _describe_held(self):
        if not self.date_next:
            return self.verdict_text
        return self.env._(
            "%(why)s The next right moment is %(moment)s.",
            why=self.verdict_text,
            moment=format_datetime(self.env, self.date_next, dt_format="short"),
        )

    def _describe_to_do(self):
        if self.channel == "letter":
            return self.env._("Waits under Letters to Print, for %(address)s", address=self.address)
        return self.env._("Waits under Calls to Make, at %(address)s", address=self.address)

    def _describe_later(self, moment):
        return self.env._(
            "To %(address)s on %(moment)s, if it is still right then",
            address=self.address,
            moment=format_datetime(self.env, moment, dt_format="short"),
        )
