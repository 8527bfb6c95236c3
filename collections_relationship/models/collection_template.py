"""One message of the library: what it is for, its tone, for whom, and its words per channel and language."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, ormcache

from ..engine import markup, placeholders, wording
from ..engine.vocabulary import ASKING, NAMES
from ..engine.vocabulary import PURPOSES as MEANINGS

PURPOSES = [
    ("heads_up", "Heads-up Before Due"),
    ("friendly_reminder", "Friendly Reminder"),
    ("second_reminder", "Second Reminder"),
    ("check_in", "Check-in"),
    ("help_offer", "Offer of Help"),
    ("after_agreement", "After an Agreement That Ended"),
    ("firm_reminder", "Firm Reminder"),
    ("formal_notice", "Formal Notice"),
    ("handover", "Notice Before Hand-over"),
    ("promise_noted", "Promise Noted"),
    ("promise_due", "Promise Due Tomorrow"),
    ("promise_missed", "Promise Missed"),
    ("promise_offered", "One Payment Offered"),
    ("plan_offered", "Plan Offered"),
    ("plan_countered", "Counter-offer"),
    ("choice_offered", "Several Offers to Choose From"),
    ("plan_confirmed", "Plan Confirmed"),
    ("instalment_soon", "Instalment Soon"),
    ("instalment_missed", "Instalment Missed"),
    ("instalment_received", "Instalment Received (Thanks)"),
    ("partly_paid", "Agreed Payment Partly Paid"),
    ("date_moved", "Agreed Payment Moved"),
    ("plan_reduced", "Plan Reduced"),
    ("plan_nearly_done", "Plan Nearly Done"),
    ("plan_completed", "Plan Completed"),
    ("settlement_offered", "Settlement Offered"),
    ("settlement_agreed", "Settlement Agreed"),
    ("settlement_approved", "Settlement Approved"),
    ("settlement_soon", "Settlement Soon"),
    ("settlement_missed", "Settlement Missed"),
    ("settlement_confirmed", "Settlement Confirmed"),
    ("settlement_lapsed", "Settlement Lapsed"),
    ("grace_given", "Grace Given"),
    ("hardship_received", "Hardship: Request Received"),
    ("hardship_granted", "Hardship: Pause Granted"),
    ("hardship_ending", "Hardship: Pause Ending"),
    ("dispute_received", "Dispute Received"),
    ("dispute_progress", "Dispute Being Looked Into"),
    ("dispute_upheld", "Dispute: Customer Was Right"),
    ("dispute_declined", "Dispute: Invoice Stands"),
    ("payment_received", "Payment Received (Thanks)"),
    ("account_settled", "Account Settled (Thanks)"),
    ("statement", "Statement of Account"),
    ("apology", "Apology for a Wrongful Reminder"),
    ("cooling_off", "Cooling-off"),
    ("opt_out_confirmation", "Contact Preferences Confirmed"),
    ("fee_announced", "Fee or Interest Announced"),
    ("fee_waived", "Fee or Interest Waived"),
]
#: Purposes whose message asks for money. The others are exempt from the gap and never counted.
ASKING_PURPOSES = ASKING
#: Purposes that are right after a difficult conversation.
MILD_PURPOSES = ("heads_up", "friendly_reminder", "check_in", "help_offer", "after_agreement")
#: Tones that are not.
STERN_TONES = ("firm", "formal")
TONES = [
    ("warm", "Warm"),
    ("friendly", "Friendly"),
    ("neutral", "Neutral"),
    ("firm", "Firm"),
    ("formal", "Formal"),
]
AUDIENCES = [
    ("company", "Companies"),
    ("sole_trader", "Sole Traders"),
    ("consumer", "Consumers"),
]
#: The words of each channel. A letter or a portal message without words of its own says those of the e-mail.
WORDS_OF_CHANNEL = {
    "email": ("body_html",),
    "sms": ("sms_body",),
    "letter": ("letter_html", "body_html"),
    "portal": ("portal_html", "body_html"),
    "call": ("call_html",),
}
#: What a version keeps: all that a customer can read.
TEXT_FIELDS = (
    "subject",
    "preview",
    "body_html",
    "button_label",
    "sms_body",
    "letter_html",
    "portal_html",
    "call_html",
)
#: Those of them with markup.
HTML_FIELDS = ("body_html", "letter_html", "portal_html", "call_html")


class CollectionTemplate(models.Model):
    _name = "collection.template"
    _description = "Collection Message Template"
    _order = "purpose, tone, industry_id, audience, variant, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(readonly=True, copy=False, help="Its place in the shipped library; empty for your own messages.")
    active = fields.Boolean(default=True)
    purpose = fields.Selection(PURPOSES, required=True, index=True)
    tone = fields.Selection(TONES, required=True, default="friendly")
    industry_id = fields.Many2one(
        "res.partner.industry",
        ondelete="restrict",
        help="Only for customers of this industry. Empty: for all that have no message of their own.",
    )
    audience = fields.Selection(AUDIENCES, help="Only for these customers. Empty: for all that have no message of their own.")
    variant = fields.Char(
        default="A",
        required=True,
        help="Messages of the same purpose, tone, industry and audience are variants of each other: each customer "
        "always gets the same one, and the results show which of them works better.",
    )
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
    sms_body = fields.Text(
        string="Text Message",
        translate=True,
        help="Others may read it on a locked screen: name neither the debt nor an amount. Empty: no text message.",
    )
    letter_html = fields.Html(
        string="Letter",
        translate=True,
        sanitize="email_outgoing",
        help="Only where paper must say it otherwise. Empty: the words of the e-mail.",
    )
    portal_html = fields.Html(
        string="Portal Message",
        translate=True,
        sanitize="email_outgoing",
        help="Only where the portal must say it otherwise. Empty: the words of the e-mail.",
    )
    call_html = fields.Html(
        string="Call Sheet",
        translate=True,
        sanitize="email_outgoing",
        help="What to say, what to ask and what to listen for when somebody calls.",
    )
    is_statutory = fields.Boolean(
        string="Legal Notice",
        help="It counts as a notice by law. Mail programs then show no button of their own to unsubscribe: "
        "a click or a scanner must not cut off the way such notices go. The line with the customer's "
        "choices stays at its end.",
    )

    _code_unique = models.UniqueIndex("(code) WHERE code IS NOT NULL", "This place of the library is taken.")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidied(vals) for vals in vals_list])

    @api.model
    def _tidied(self, vals):
        """Return values whose texts are in shape: each table on its own line, nothing of the editor's, nothing that runs."""
        return {
            name: markup.tidy(str(value)) if name in HTML_FIELDS and value else value for name, value in vals.items()
        }

    @api.constrains("purpose", *TEXT_FIELDS)
    def _check_placeholders(self):
        for template in self:
            for name in TEXT_FIELDS:
                self._check_text(template[name], template._title_of(name), template.purpose)
            if template.purpose in ASKING and "items" not in wording.names(str(template.body_html or "")):
                raise ValidationError(
                    self._for_reader()._(
                        "“%(template)s” asks for money: insert “%(items)s” where the list belongs.",
                        template=template._title_of("body_html"),
                        items=self._labels_of({"items"})[0],
                    )
                )

    def _for_reader(self):
        """Return the environment in the language of whoever reads what is refused, whatever language the words are in."""
        return self.with_context(lang=self.env.user.lang or self.env.lang).env

    def _title_of(self, name):
        """Return what to call the words of a field: the message, the field, the language where there are several."""
        reader = self._for_reader()
        parts = [self.name or "", self._fields[name]._description_string(reader)]
        installed = dict(reader["res.lang"].get_installed())
        if len(installed) > 1 and (lang := self.env.lang or "en_US") in installed:
            parts.append(installed[lang])
        return " · ".join(part for part in parts if part)

    @api.model
    def _labels_of(self, names):
        """Return what people call these placeholders, in the order in which they choose them."""
        return [label for name, label in self.with_env(self._for_reader())._placeholder_names().items() if name in names]

    @api.model
    def _check_text(self, text, title, purpose=None):
        """Refuse a text with words that cannot be filled in, or parts that are not closed.

        :param str text: as a person typed it
        :param str title: what to call it in the refusal
        :param str purpose: its purpose knows these words only; `None` for any word
        :raises ValidationError: says what is wrong and what to do
        """
        reader = self._for_reader()
        try:
            named = placeholders.compile_text(str(text or "")).names
        except placeholders.UnbalancedText as error:
            raise ValidationError(
                reader._(
                    "In “%(template)s” a part that may be left out is not closed: every [? needs its ?]. (%(where)s)",
                    template=title,
                    where=error,
                )
            ) from error
        if stray := placeholders.stray_braces(str(text or "")):
            raise ValidationError(
                reader._(
                    "In “%(template)s” two braces stand alone: every {{ needs its }}. (%(where)s)",
                    template=title,
                    where=stray,
                )
            )
        known = MEANINGS[purpose].known if purpose else NAMES
        if unknown := named - known:
            raise ValidationError(
                reader._(
                    "“%(template)s” names %(unknown)s, which cannot be filled in here. "
                    "What can be inserted: %(known)s.",
                    template=title,
                    unknown=", ".join("{{%s}}" % name for name in sorted(unknown)),
                    known=", ".join(self._labels_of(known)),
                )
            )

    def _words(self, channel):
        """Return the words of a channel in the language of the environment, with their placeholders.

        :param str channel: a letter or a portal message without words of its own says those of the e-mail;
            what a language has no words for at all is said in English
        """
        self.ensure_one()
        english = self.with_context(lang="en_US")
        names = WORDS_OF_CHANNEL[channel]
        return next((str(words[name]) for words in (self, english) for name in names if words[name]), "")

    @api.model
    @ormcache("template_id")
    def _worded_languages(self, template_id):
        """Return the codes of the languages a message has words in; kept until a message is written."""
        self.flush_model(["body_html"])
        rows = self.env.execute_query(
            SQL("SELECT jsonb_object_keys(body_html) FROM collection_template WHERE id = %s", template_id)
        )
        return frozenset(code for (code,) in rows)

    def write(self, vals):
        result = super().write(self._tidied(vals))
        if "body_html" in vals:
            self.env.registry.clear_cache()
        return result

    def copy_data(self, default=None):
        """A copy is a further variant of the same message."""
        return [
            dict(vals, name=self.env._("%s (copy)", template.name), variant=template._next_variant())
            for template, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def _next_variant(self):
        """Return the letter after the last one of this message's variants."""
        self.ensure_one()
        last = max(self._variants().mapped("variant"), default="A")
        return chr(ord(last[0].upper()) + 1) if last[:1].isalpha() and last[0].upper() < "Z" else f"{last}+"

    def _variants(self):
        """Return this message and the active ones it is a variant of."""
        self.ensure_one()
        return self.search(
            [
                ("purpose", "=", self.purpose),
                ("tone", "=", self.tone),
                ("industry_id", "=", self.industry_id.id),
                ("audience", "=", self.audience),
            ]
        )

    @api.depends("name", "variant")
    def _compute_display_name(self):
        for template in self:
            plain = template.variant in (False, "A")
            template.display_name = template.name if plain else f"{template.name} ({template.variant})"
