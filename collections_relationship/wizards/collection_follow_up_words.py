"""The words of 'Follow up now': each way has its own, and what was written for another way is not lost."""
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..engine.segments import segments


class CollectionFollowUp(models.TransientModel):
    _inherit = "collection.follow.up"

    template_id = fields.Many2one(
        "collection.template",
        string="Written From",
        compute="_compute_template_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', offered_template_ids)]",
        help="The message the library chose: by the stage's tone, the relationship, the industry and who the customer is.",
    )
    chosen = fields.Json(help="Stage and message chosen for each way.")
    offered_template_ids = fields.Many2many("collection.template", compute="_compute_offered_template_ids")
    offered_text = fields.Char(compute="_compute_offered_template_ids")
    words_text = fields.Text(string="Why These Words", compute="_compute_words_text")
    subject = fields.Char(compute="_compute_message", store=True, readonly=False)
    body_html = fields.Html(
        string="Message",
        compute="_compute_message",
        store=True,
        readonly=False,
        sanitize="email_outgoing",
        help="Words in {{double braces}} are filled in when the message leaves.",
    )
    sms_body = fields.Text(
        string="Text Message",
        compute="_compute_message",
        store=True,
        readonly=False,
        help="Words in {{double braces}} are filled in when the message leaves.",
    )
    sms_size_text = fields.Char(compute="_compute_sms_size_text")
    call_html = fields.Html(string="Call Sheet", compute="_compute_call_html", sanitize=False)
    drafts = fields.Json(
        compute="_compute_message", store=True, readonly=False, help="What was written for each way, to come back to."
    )
    kept_text = fields.Char(compute="_compute_kept_text")

    preview_subject = fields.Char(string="Subject as Sent", readonly=True)
    preview_html = fields.Html(readonly=True, sanitize=False)

    # === WHICH MESSAGE === #

    @api.depends("stage_id", "case_id", "channel")
    def _compute_template_id(self):
        for wizard in self:
            if not (wizard.case_id and wizard.stage_id and wizard.channel):
                wizard.template_id = False
                continue
            stage_id, template_id = (wizard.chosen or {}).get(wizard.channel) or (False, False)
            if stage_id == wizard.stage_id.id:
                wizard.template_id = template_id
            else:
                wizard.template_id = wizard.case_id.sudo()._message_for(wizard.stage_id, wizard.channel)

    @api.onchange("template_id")
    def _onchange_template_id(self):
        """Remember the message chosen for a way: on coming back to it the words written from it are still there."""
        if self.template_id and self.channel:
            self.chosen = {**(self.chosen or {}), self.channel: [self.stage_id.id, self.template_id.id]}

    @api.depends("stage_id", "case_id", "channel")
    @api.depends_context("lang")
    def _compute_offered_template_ids(self):
        purposes = dict(self.env["collection.stage"]._fields["purpose"]._description_selection(self.env))
        for wizard in self:
            if not (wizard.case_id and wizard.stage_id and wizard.channel):
                wizard.offered_template_ids, wizard.offered_text = False, False
                continue
            offered = wizard.case_id.sudo()._messages_fitting(wizard.stage_id, wizard.channel)
            wizard.offered_template_ids = offered
            wizard.offered_text = self.env._(
                "The messages of the kind “%(purpose)s” that fit this customer are offered: %(count)s. "
                "For another kind choose another stage.",
                purpose=purposes[wizard.stage_id.purpose],
                count=len(offered),
            )

    @api.depends("stage_id", "case_id", "template_id", "channel")
    def _compute_words_text(self):
        for wizard in self:
            why = {}
            if wizard.case_id and wizard.stage_id and wizard.template_id:
                picked = wizard.case_id.sudo()._pick_for(wizard.stage_id, wizard.channel)
                why = picked.why if picked.template_id == wizard.template_id.id else {"fixed": True}
            wizard.words_text = " ".join(wizard.template_id._describe_choice(why))

    # === WORDS === #

    @api.depends("stage_id", "template_id", "recipient_id", "channel")
    def _compute_message(self):
        """Give each way the words of its own; what was written for another way is kept, and is there on coming back."""
        for wizard in self:
            drafts = wizard._kept_drafts()
            basis = [wizard.stage_id.id, wizard.template_id.id]
            kept = drafts.get(wizard.channel)
            if not kept or kept["basis"] != basis:
                kept = {"basis": basis, **wizard._new_draft()}
            wizard.subject, wizard.body_html, wizard.sms_body = kept["subject"], kept["body_html"], kept["sms_body"]
            # As the fields have it, so that only what a person changes differs from it.
            kept.setdefault("first", wizard._words_now())
            wizard.drafts = {**drafts, wizard.channel: kept, "now": wizard.channel} if wizard.channel else drafts

    def _words_now(self):
        return {"subject": self.subject, "body_html": str(self.body_html or ""), "sms_body": self.sms_body}

    def _kept_drafts(self):
        """Return the drafts by channel, the one on the screen as it stands there."""
        drafts = dict(self.drafts or {})
        channel = drafts.get("now")
        if channel in drafts:
            drafts[channel] = {**drafts[channel], **self._words_now()}
        return drafts

    def _new_draft(self):
        """Return the words of the message for the way, to be edited; a call has a sheet instead."""
        draft = {"subject": False, "body_html": False, "sms_body": False}
        if not (self.case_id and self.stage_id and self.template_id and self.channel) or self.channel == "call":
            return draft
        subject, words = self.env["collection.step"]._draft_message(
            self.case_id, self.template_id, self.eligible_item_ids, self.stage_id, **self._prepare_passing()
        )
        if self.channel == "sms":
            return {**draft, "sms_body": words}
        return {**draft, "subject": subject, "body_html": str(words)}

    def _prepare_passing(self):
        """Return what a step that is only looked at has of the way."""
        return {"channel": self.channel, "recipient_id": self.recipient_id.id, "address": self.address}

    def _words(self):
        """Return the words as they are edited, `False` for a call."""
        return {"sms": self.sms_body, "call": False}.get(self.channel, self.body_html)

    @api.depends("drafts", "channel", "subject", "body_html", "sms_body")
    @api.depends_context("lang")
    def _compute_kept_text(self):
        labels = dict(self._selection_channel())
        for wizard in self:
            changed = [
                labels[channel]
                for channel, draft in (wizard.drafts or {}).items()
                if channel in labels and channel != wizard.channel and _is_edited(draft)
            ]
            words = self.env._("What you wrote for another way is kept (%s): choose it again to go on with it.")
            wizard.kept_text = words % ", ".join(changed) if changed else False

    @api.depends("sms_body", "channel", "item_ids", "template_id", "recipient_id")
    @api.depends_context("lang")
    def _compute_sms_size_text(self):
        for wizard in self:
            wizard.sms_size_text = wizard._describe_size() if wizard.channel == "sms" and wizard.sms_body else False

    def _describe_size(self):
        """Return how long the text message is as it would leave, and what that comes to; empty for a broken text."""
        try:
            self.env["collection.template"]._check_text(self.sms_body, "")
        except UserError:
            return ""
        size = segments(self._look_at_message().text)
        alphabet = "GSM7" if size.is_plain else "UNICODE"
        return self.env._(
            "Filled in: %(length)s characters, %(count)s SMS (%(alphabet)s)",
            length=size.length,
            count=size.count,
            alphabet=alphabet,
        )

    @api.depends("channel", "template_id", "stage_id", "item_ids", "recipient_id")
    def _compute_call_html(self):
        for wizard in self:
            has_sheet = wizard.channel == "call" and wizard.case_id and wizard.template_id
            wizard.call_html = wizard._look_at_message().body_html if has_sheet else False

    def _look_at_message(self):
        """Return the message as it would leave now; nothing of it stays.

        :rtype: collection_step_render.Rendered
        """
        texts = {"subject": self.subject, "body_html": self.body_html}
        if self.channel == "sms":
            texts["body_html"] = Markup("<p>%s</p>") % (self.sms_body or "")
        return self.env["collection.step"]._preview_message(
            self.case_id,
            self.template_id,
            self.item_ids,
            stage=self.stage_id,
            texts=None if self.channel == "call" else texts,
            **self._prepare_passing(),
        )

    def action_preview(self):
        """Show the message as it would leave now."""
        self.ensure_one()
        message = self._look_at_message()
        words = message.body_html
        if self.channel != "email":  # a mail brings its own frame
            frame = Markup('<div style="font-family:sans-serif;padding:16px;overflow-wrap:anywhere">%s</div>')
            words = frame % (plaintext2html(message.text) if self.channel == "sms" else words)
        self.write({"preview_subject": message.subject, "preview_html": words})
        return self._action_show("view_collection_follow_up_preview_form")


def _is_edited(draft):
    """Tell whether a person has changed the words of a draft."""
    return any((draft.get(name) or "") != (words or "") for name, words in draft["first"].items())
