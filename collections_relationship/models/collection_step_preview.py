"""Shows a message: as it left, as it would leave now, or as a template would read for a customer."""

from datetime import timedelta

from odoo import Command, api, fields, models

from .collection_step import PENDING_STATES

#: Invoices of a made-up customer: amount and days late.
EXAMPLE_ITEMS = ((640.0, 18), (260.0, 11))


class CollectionStep(models.Model):
    _inherit = "collection.step"

    currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    amount_asked = fields.Monetary(
        string="To Ask For", compute="_compute_asked", help="What the items come to now, in the company's currency."
    )
    oldest_days_late = fields.Integer(string="Days Late", compute="_compute_asked", aggregator=None)
    preview_subject = fields.Char(compute="_compute_preview")
    preview_html = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("item_ids.amount_company", "item_ids.days_late")
    def _compute_asked(self):
        for step in self:
            step.amount_asked = sum(step.item_ids.mapped("amount_company"))
            step.oldest_days_late = max(step.item_ids.mapped("days_late"), default=0)

    @api.depends("state", "content_id")
    def _compute_preview(self):
        pending = self.filtered(lambda step: step.state in PENDING_STATES)
        # Reading the step is what the user needs to see its words; the link's secret part stays unread.
        pending.check_access("read")
        rendered = pending.sudo()._render(fields.Datetime.now()) if pending else {}
        for step in self:
            message = rendered.get(step.id)
            step.preview_subject = message.subject if message else step.content_id.subject
            step.preview_html = message.body_html if message else step.content_id.body_html

    @api.model
    def _preview_message(self, case, template, items, stage=None, texts=None, **values):
        """Return the message a template, or edited texts, would make for a customer now. Nothing of it stays.

        :param case: `collection.case` of the customer
        :param items: `collection.item` asked for
        :param dict texts: edited `subject` and `body_html`; None for the template's own
        :param values: what the step has besides, such as its channel
        :rtype: Rendered
        """
        return self._with_passing_step(
            case, template, items, stage, texts, lambda step: step._render(fields.Datetime.now())[step.id], **values
        )

    @api.model
    def _draft_message(self, case, template, items, stage, **values):
        """Return a template's subject and body for a person to edit: names filled in, facts left as words.

        Amounts and tables are filled in when the message leaves, from the ledger of that second.

        :param values: what the step has besides, such as its channel
        :return: tuple (subject, body as HTML source; plain text for a text message)
        """
        return self._with_passing_step(
            case, template, items, stage, None, lambda step: step._draft_texts(fields.Datetime.now()), **values
        )

    @api.model
    def _with_passing_step(self, case, template, items, stage, texts, look, **values):
        """Return what `look` makes of a step that exists only while it is looked at.

        :param values: what the step has besides, by field
        """
        case.check_access("read")
        case_sudo = case.sudo()
        recipient_id, address = case_sudo._recipients(case.ids, {case.id: items.move_id.ids}).get(
            case.id, (False, False)
        )
        # A message is rendered for a step that exists; this one exists for as long as it is looked at. The
        # cache must survive, because a form may be half filled in: only what was made here is forgotten.
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            content = self.env["collection.contact.content"].sudo()
            if texts:
                content = content.create(dict(texts, company_id=case.company_id.id))
            step = self.sudo().create(
                {
                    "case_id": case.id,
                    "company_id": case.company_id.id,
                    "stage_id": stage.id if stage else False,
                    "purpose": template.purpose,
                    "template_id": template.id,
                    "state": "cancelled",
                    "date_planned": fields.Datetime.now(),
                    "user_id": self.env.uid,
                    "recipient_id": recipient_id,
                    "address": address,
                    "item_ids": [Command.set(items.ids)],
                    "draft_id": content.id,
                    **values,
                }
            )
            seen = look(step)
            self.env.flush_all()
            return seen
        finally:
            savepoint.close(rollback=True)
            self.invalidate_model(flush=False)
            case.invalidate_model(flush=False)

    def _fetch_open_rows(self):
        rows_by_step = super()._fetch_open_rows()
        if self.env.context.get("collection_example_items"):
            for step in self:
                rows_by_step[step.id] = step._example_rows(self.env.context["collection_example_items"])
        return rows_by_step

    def _preference_lines(self, day):
        """A message that is only tried out says what was made up for it."""
        return (self.details or {}).get("preferences") or super()._preference_lines(day)

    def _example_rows(self, purpose):
        """Return made-up open items, as `_fetch_open_rows` does those of the ledger."""
        self.ensure_one()
        company = self.company_id
        currency = company.currency_id
        today = company._collection_today(self.date_planned)
        ahead = 30 if purpose == "heads_up" else 0
        rows = []
        for number, (amount, late) in enumerate(EXAMPLE_ITEMS, 1):
            due = today - timedelta(days=late - ahead)
            rows.append(
                {
                    "step_id": self.id,
                    "id": 0,
                    "line_id": 0,
                    "move_id": 0,
                    "currency": currency,
                    "date_due": due,
                    "residual": amount,
                    "credit_applied": 0.0,
                    "amount_asked": amount,
                    "amount_company": amount,
                    "hold_code": None,
                    "stage": "",
                    "invoice": f"INV/{due.year}/{number:05}",
                    "invoice_date": due - timedelta(days=30),
                    "amount_full": amount,
                    "bank_id": None,
                    "reference": f"INV/{due.year}/{number:05}",
                    "named": True,
                    "asked": True,
                }
            )
        return rows

    def action_open_case(self):
        """Open the case of the step."""
        self.ensure_one()
        return self.case_id._get_records_action()
