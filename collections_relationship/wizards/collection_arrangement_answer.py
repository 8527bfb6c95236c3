"""The customer answered an offer by mail, on the phone or in person: written down with who, when and how."""
from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionArrangementAnswer(models.TransientModel):
    _name = "collection.arrangement.answer"
    _description = "Record the Customer's Answer"

    arrangement_id = fields.Many2one("collection.arrangement", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="arrangement_id.partner_id")
    company_id = fields.Many2one(related="arrangement_id.company_id")
    answer = fields.Selection([("yes", "Yes"), ("no", "No")], required=True, default="yes")
    how = fields.Selection(
        [("mail", "By mail"), ("phone", "On the phone"), ("person", "In person")], required=True, default="phone"
    )
    person_id = fields.Many2one(
        "res.partner", domain="[('commercial_partner_id', '=', partner_id)]", help="Who said it, if known here."
    )
    name = fields.Char(compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    note = fields.Text(
        string="What Was Said", help="For whoever asks later: who called whom, when, in which words; or the words of the mail."
    )
    file = fields.Binary(string="Mail or Letter", help="What he wrote or signed, if you have it.")
    file_name = fields.Char()
    warning = fields.Char(related="arrangement_id.limitation_warning")

    @api.depends("person_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.person_id.name or wizard.name or wizard.arrangement_id.partner_id.name

    def action_record(self):
        """Write the answer as evidence, and let it have its effect."""
        self.ensure_one()
        arrangement = self.arrangement_id
        arrangement._check_may_agree()
        now = fields.Datetime.now()
        note = (self.note or "").strip()
        if not note:
            raise UserError(self.env._("Please write what was said: it is the evidence of the answer."))
        if arrangement.proposed_by != "company":
            raise UserError(self.env._("This is the customer's own proposal; accept or answer it instead."))
        if self.file:
            attachment = self.env["ir.attachment"].create(
                {
                    "name": self.file_name or self.env._("Answer"),
                    "datas": self.file,
                    "res_model": arrangement._name,
                    "res_id": arrangement.id,
                }
            )
            arrangement._message_log(body=note, attachment_ids=attachment.ids)
        if self.answer == "no":
            arrangement._refuse(now, origin=self.how, person=self.person_id, note=note[:240])
            return {"type": "ir.actions.act_window_close"}
        arrangement.sudo().accepted_note = note  # the right is checked above; users write no evidence by themselves
        arrangement._accept(now, self.how, origin=self.how, name=self.name, person=self.person_id, note=note[:240])
        return {"type": "ir.actions.act_window_close"}
