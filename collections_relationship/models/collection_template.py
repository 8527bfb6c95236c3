"""One message of the library: what it is for, its tone, and its words per language."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import placeholders

PURPOSES = [
    ("heads_up", "Heads-up Before Due"),
    ("friendly_reminder", "Friendly Reminder"),
    ("check_in", "Check-in"),
    ("help_offer", "Offer of Help"),
    ("firm_reminder", "Firm Reminder"),
    ("formal_notice", "Formal Notice"),
    ("handover", "Hand-over"),
    ("account_settled", "Account Settled (Thanks)"),
    ("opt_out_confirmation", "Contact Preferences Confirmed"),
]
#: Purposes whose message asks for money. The others are exempt from the gap and never counted.
ASKING_PURPOSES = (
    "heads_up",
    "friendly_reminder",
    "check_in",
    "help_offer",
    "firm_reminder",
    "formal_notice",
)
#: Purposes that are right after a difficult conversation.
MILD_PURPOSES = ("heads_up", "friendly_reminder", "check_in", "help_offer")
#: Tones that are not.
STERN_TONES = ("firm", "formal")
TONES = [
    ("warm", "Warm"),
    ("friendly", "Friendly"),
    ("neutral", "Neutral"),
    ("firm", "Firm"),
    ("formal", "Formal"),
]
#: What a text may name. Words for the editor's help are in `collection.template._placeholder_labels`.
PLACEHOLDERS = frozenset(
    {
        "greeting",
        "customer",
        "company",
        "amount_due",
        "items",
        "other_items",
        "credits",
        "pay_button",
        "pay_link",
        "pay_by",
        "bank_account",
        "sender",
        "sender_phone",
        "sender_email",
        "signature",
        "preferences",
    }
)
#: Those that are tables, buttons and blocks, which stand on their own line.
BLOCK_PLACEHOLDERS = frozenset({"items", "other_items", "pay_button", "bank_account", "signature", "preferences"})

#: Words about people, which a person who edits a message sees filled in; the others are facts of the moment.
PERSONAL_PLACEHOLDERS = frozenset(
    {"greeting", "customer", "company", "pay_by", "sender", "sender_phone", "sender_email"}
)


class CollectionTemplate(models.Model):
    _name = "collection.template"
    _description = "Collection Message Template"
    _order = "purpose, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    purpose = fields.Selection(PURPOSES, required=True)
    tone = fields.Selection(TONES, required=True, default="friendly")
    subject = fields.Char(
        required=True,
        translate=True,
        help="Third parties may read it: name neither the debt nor an amount here.",
    )
    preview = fields.Char(translate=True, help="The line mail programs show beside the subject.")
    body_html = fields.Html(
        string="Message",
        required=True,
        translate=True,
        sanitize="email_outgoing",
        help="Words in {{double braces}} are filled in when the message is sent. A part between [? and ?] "
        "is left out when a word in it has nothing to say.",
    )
    button_label = fields.Char(
        translate=True,
        help="The words on the button that opens the payment page.",
    )
    is_statutory = fields.Boolean(
        string="Legal Notice",
        help="It counts as a notice by law. Mail programs then show no button of their own to unsubscribe: "
        "a click or a scanner must not cut off the way such notices go. The line with the customer's "
        "choices stays at its end.",
    )

    @api.constrains("subject", "preview", "body_html", "purpose")
    def _check_placeholders(self):
        for template in self:
            for text in (template.subject, template.preview, template.body_html):
                self._check_text(text, template.name)
            names = placeholders.compile_text(str(template.body_html or "")).names
            if template.purpose in ASKING_PURPOSES and "items" not in names:
                raise ValidationError(
                    self.env._(
                        "“%(template)s” asks for money: put {{items}} where the list of it belongs.",
                        template=template.name,
                    )
                )

    @api.model
    def _check_text(self, text, title):
        """Refuse a text with words that cannot be filled in, or parts that are not closed.

        :param str text: as a person typed it
        :param str title: what to call it in the refusal
        :raises ValidationError: says what is wrong and what to do
        """
        try:
            unknown = placeholders.compile_text(str(text or "")).names - PLACEHOLDERS
        except placeholders.UnbalancedText as error:
            raise ValidationError(
                self.env._(
                    "In “%(template)s” a part that may be left out is not closed: every [? needs its ?]. (%(where)s)",
                    template=title,
                    where=error,
                )
            ) from error
        if stray := placeholders.stray_braces(str(text or "")):
            raise ValidationError(
                self.env._(
                    "In “%(template)s” two braces stand alone: every {{ needs its }}. (%(where)s)",
                    template=title,
                    where=stray,
                )
            )
        if unknown:
            raise ValidationError(
                self.env._(
                    "“%(template)s” names %(unknown)s, which cannot be filled in. Use one of: %(known)s.",
                    template=title,
                    unknown=", ".join("{{%s}}" % name for name in sorted(unknown)),
                    known=", ".join(sorted(PLACEHOLDERS)),
                )
            )
