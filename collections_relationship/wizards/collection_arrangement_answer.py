"""The customer answered an offer, or agreed on the phone: written down with who, when, how and in which words."""
from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionArrangementAnswer(models.TransientModel):
    _name = "collection.arrangement.answer"
    _description = "Record the Customer's Answer"

    arrangement_id = fields.Many2one("collection.arrangement", required=True, readonly=True, ondelete="cascade")
    arrangement_state = fields.Selection(related="arrangement_id.state", string="State of the Arrangement")
    partner_id = fields.Many2one(related="arrangement_id.partner_id")
    company_id = fields.Many2one(related="arrangement_id.company_id")
    answer = fields.Selection([("yes", "Yes"), ("no", "No")], required=True, default="yes")
    how = fields.Selection(
        [("mail", "By mail"), ("phone", "On the phone"), ("person", "In person")], required=True, default="phone"
    )
    person_id = fields.Many2one(
        "res.partner",
        string="Contact",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="Who said it, if known here.",
    )
    name = fields.Char(
        string="Who Said It", compute="_compute_name", store=True, readonly=False, required=True, precompute=True
    )
    note = fields.Text(
        string="What Was Said", help="For whoever asks later: who called whom, when, in which words; or the words of the mail."
    )
    file = fields.Binary(string="Mail or Letter", help="What he wrote or signed, if you have it.")
    file_name = fields.Char()
    warning = fields.Char(related="arrangement_id.limitation_warning")
    to_read = fields.Text(
        string="To Be Read Out", compute="_compute_to_read", help="It is kept with the yes, in the customer's language."
    )

    @api.depends("person_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.person_id.name or wizard.name or wizard.arrangement_id.partner_id.name

    @api.depends("arrangement_id")
    def _compute_to_read(self):
        for wizard in self:
            arrangement = wizard.arrangement_id
            wizard.to_read = arrangement and "\n".join(arrangement._clauses(arrangement._speech()))

    @api.model
    def _action_agreed(self, arrangement):
        """Return the action that asks who agreed to a draft on the phone, and what was said."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agreed on the Phone"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_arrangement_id": arrangement.id,
                "collection_more_lines": self.env.context.get("collection_more_lines") or [],
                "collection_window": self.env.context.get("collection_window", False),
            },
        }

    def action_back(self):
        """Return to the window the draft was written in."""
        return {**self.arrangement_id._action_window(), "res_id": self.arrangement_id.id}

    def action_record(self):
        """Write the answer as evidence, and let it have its effect."""
        self.ensure_one()
        arrangement = self.arrangement_id
        arrangement._check_may_agree()
        now = fields.Datetime.now()
        note = (self.note or "").strip()
        if not note:
            raise UserError(self.env._("Please write under “What Was Said” what was said: it is the evidence of the answer."))
        if arrangement.proposed_by != "company":
            raise UserError(self.env._("This is the customer's own proposal; accept or answer it instead."))
        if self.file:
            self._keep_file(note)
        details = {"origin": self.how, "name": self.name, "person": self.person_id, "note": note[:240]}
        if self.answer == "no" and arrangement.state != "draft":
            arrangement._refuse(now, origin=self.how, person=self.person_id, note=note[:240])
            arrangement._refresh_now()
            return self.env["collection.step"]._notify(
                self.env._("The no is written down. What it covered is followed up again.")
            )
        arrangement.sudo().accepted_note = note  # the right is checked above; users write no evidence by themselves
        if arrangement.state == "draft":
            arrangement._submit(now, "start", how=self.how, **details)
        else:
            arrangement._accept(now, self.how, **details)
        return arrangement._notify_state()

    def _keep_file(self, note):
        """Put what the customer wrote beside the arrangement."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.file_name or self.env._("Answer"),
                "datas": self.file,
                "res_model": self.arrangement_id._name,
                "res_id": self.arrangement_id.id,
            }
        )
        self.arrangement_id._message_log(body=note, attachment_ids=attachment.ids)
