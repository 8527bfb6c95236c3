"""One rung of a policy's ladder. Says when and how; which items are on it is refresh's answer."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .collection_template import MILD_PURPOSES, PURPOSES, STERN_TONES, TONES

MODES = [
    ("auto", "Automatic"),
    ("approve", "After a Yes"),
    ("manual", "Manual (Activity)"),
]
CHANNELS = [
    ("email", "E-mail"),
    ("sms", "Text Message"),
    ("letter", "Letter"),
    ("call", "Call"),
    ("portal", "Portal Message"),
]
#: The tone of a purpose's first message on a usual ladder.
TONE_OF_PURPOSE = {
    "heads_up": "warm",
    "help_offer": "warm",
    "firm_reminder": "firm",
    "handover": "firm",
    "formal_notice": "formal",
}


class CollectionStage(models.Model):
    _name = "collection.stage"
    _description = "Collection Stage"
    _order = "policy_id, days, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    policy_id = fields.Many2one("collection.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    days = fields.Integer(
        string="Days Late",
        required=True,
        aggregator=None,
        help="From how many days after the due date the stage applies. Negative: days before the due date.",
    )
    code = fields.Char(
        help="A short technical name, used in exports. Kept when the stage is renamed.",
    )
    fold = fields.Boolean(string="Folded in Kanban")
    mode = fields.Selection(MODES, required=True, default="auto")
    channel = fields.Selection(
        CHANNELS,
        default="email",
        required=True,
        help="The customer's own wish comes first. Where this way is closed, the policy says what may stand in.",
    )
    also_channel = fields.Selection(
        CHANNELS,
        string="Then Also By",
        help="Where nothing was paid or answered meanwhile, the same message once more on another way.",
    )
    also_days = fields.Integer(
        string="After Days",
        default=7,
        aggregator=None,
        help="Never sooner than the days between messages and the rules allow.",
    )
    attach_invoices = fields.Boolean(
        string="Attach the Invoices", help="The invoices it asks for come with it, as one PDF."
    )
    purpose = fields.Selection(PURPOSES, required=True, default="friendly_reminder")
    tone = fields.Selection(
        TONES,
        required=True,
        compute="_compute_tone",
        store=True,
        precompute=True,
        readonly=False,
        help="How the message sounds. The policy and the relationship may make it milder, never firmer.",
    )
    template_id = fields.Many2one(
        "collection.template",
        string="Always This Message",
        ondelete="restrict",
        help="Empty: the library chooses by purpose, tone, industry and audience.",
    )
    minimum_amount = fields.Float(
        help="In the company's currency: the stage applies only while the customer's items that are "
        "old enough for it add up to at least this.",
    )
    minimum_share = fields.Float(
        string="Minimum Share of Balance (%)",
        aggregator=None,
        help="The stage applies only while these items are at least this share of all the customer has open.",
    )
    only_new_late_or_large = fields.Boolean(
        string="Only New, Late or Large",
        help="Before the due date: only for customers who are new or often pay late, or for items "
        "over the large amount. Never delays a reminder.",
    )
    large_amount = fields.Float(default=1000.0, help="In the company's currency.")
    requires_previous = fields.Boolean(
        string="Only After the Previous Stage",
        help="The stage applies only once the stage before it was sent and its days to pay have passed.",
    )
    response_days = fields.Integer(
        string="Days to Pay",
        aggregator=None,
        help="The days the message gives the customer to pay. The next stage waits for them.",
    )
    activity_type_id = fields.Many2one("mail.activity.type", ondelete="set null")
    activity_summary = fields.Char(translate=True)
    activity_note = fields.Text(translate=True)

    _policy_days_unique = models.UniqueIndex(
        "(policy_id, days) WHERE active IS TRUE",
        "Two stages of one policy cannot start on the same day.",
    )
    _share_is_a_percentage = models.Constraint(
        "CHECK (minimum_share >= 0 AND minimum_share <= 100)",
        "The minimum share of the balance is a percentage from 0 to 100.",
    )
    _also_another_way = models.Constraint(
        "CHECK (also_channel IS NULL OR (also_channel != channel AND also_days > 0))",
        "The second way must differ from the first, and come at least a day later.",
    )
    _amounts_not_negative = models.Constraint(
        "CHECK (COALESCE(minimum_amount, 0) >= 0 AND COALESCE(large_amount, 0) >= 0 AND COALESCE(response_days, 0) >= 0)",
        "Amounts and days to pay of a stage cannot be negative.",
    )

    @api.depends("purpose")
    def _compute_tone(self):
        for stage in self:
            stage.tone = TONE_OF_PURPOSE.get(stage.purpose, "friendly")

    @api.constrains("mode", "purpose", "template_id")
    def _check_message(self):
        # Which messages there are, whoever writes the stage.
        templates = self.env["collection.template"].sudo().search([("purpose", "in", self.mapped("purpose"))])
        with_words = set(templates.mapped("purpose"))
        for stage in self:
            if stage.template_id and stage.template_id.purpose != stage.purpose:
                raise ValidationError(
                    self.env._(
                        "“%(message)s” is for another purpose than stage “%(stage)s”. Choose a message of its purpose.",
                        message=stage.template_id.display_name,
                        stage=stage.name,
                    )
                )
            if stage.mode != "manual" and stage.purpose not in with_words:
                raise ValidationError(
                    self.env._(
                        "The library has no message for the purpose of stage “%(stage)s”. Write one, or make the "
                        "stage manual.",
                        stage=stage.name,
                    )
                )

    def _is_mild(self):
        """Tell whether the stage's message is right after a difficult conversation."""
        self.ensure_one()
        return self.mode != "manual" and self.purpose in MILD_PURPOSES and (self.template_id.tone or self.tone) not in STERN_TONES

    @api.depends("name", "policy_id")
    @api.depends_context("collection_show_policy")
    def _compute_display_name(self):
        if not self.env.context.get("collection_show_policy"):
            return super()._compute_display_name()
        for stage in self:
            stage.display_name = f"{stage.policy_id.name} / {stage.name}"
        return None

    @api.ondelete(at_uninstall=False)
    def _clear_references(self):
        """Take deleted stages off items, cases and their history, whose references the database does not check."""
        for model, names in (
            ("collection.item", ("stage_id", "next_stage_id", "asked_stage_id")),
            ("collection.case", ("stage_id", "next_stage_id")),
            ("collection.case.event", ("old_stage_id", "new_stage_id")),
        ):
            for name in names:
                self.env[model].sudo().search([(name, "in", self.ids)]).write({name: False})
