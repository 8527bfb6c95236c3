"""Shows how a message reads while it is being written, and mails it to whoever writes it.

Everything made for looking at it is undone; no customer gets anything, and the log says nothing of it.
"""
import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formataddr

from ..engine import wording
from ..engine.segments import segments
from ..engine.vocabulary import ASKING, CHANNELS, PURPOSES
from .collection_template import TEXT_FIELDS, WORDS_OF_CHANNEL

#: What is looked at besides the words.
KIND_FIELDS = ("purpose", "tone", "industry_id", "audience", "is_statutory")
#: Links that would open a page of a message that never was.
_LINK = re.compile(r'href="[^"]*/collections/(?:pay|preferences)/[^"]*"')


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

    # === LOOKING === #

    @api.model
    def preview_choices(self, template_id, company_id=False):
        """Return what the preview of a message lets a person choose from.

        :param int template_id: a message, or `False` while it is new
        :return: ``cases`` to begin with, ``languages``, ``variants`` of the message
        """
        self.check_access("read")
        case = self.env["collection.case"].search(
            [("state", "=", "open"), ("amount_overdue", ">", 0), ("hold_code", "=", False)],
            order="amount_overdue desc, id",
            limit=1,
        )
        template = self.browse(template_id or []).exists()
        return {
            "case_id": case.id,
            "languages": [
                {"code": code, "name": name, "has_words": code in worded}
                for worded in [template._languages_with_words()]
                for code, name in self.env["res.lang"].get_installed()
            ],
            "variants": [
                {"id": variant.id, "name": self.env._("Variant %s", variant.variant)}
                for variant in (template._variants() if template else template)
            ],
        }

    @api.model
    def preview_message(self, template_id, values, words_lang, case_id, channel, lang):
        """Return how a message reads for a customer, with words that are not saved yet.

        :param int template_id: a message, or `False` while it is new
        :param dict values: what differs from the saved message: its words, its purpose, tone, industry, audience
        :param str words_lang: code of the language these words are in
        :param int case_id: `collection.case`, or `False` for a made-up customer
        :param str channel: one of the channels
        :param str lang: code of the language to show
        :return: the message as the screen shows it, or what is wrong with its words as ``error``
        """
        self.check_access("read")
        try:
            message = self._look_at(template_id, values, words_lang, case_id, channel, lang)
        except UserError as error:
            return {"error": str(error)}
        rendered = message["rendered"]
        counted = segments(rendered.text)
        return {
            **{key: value for key, value in message.items() if key != "rendered"},
            "subject": rendered.subject,
            "preview": rendered.preview,
            "html": str(rendered.body_html),
            "text": rendered.text,
            "segments": counted.count,
            "letters": counted.length,
            "is_plain": counted.is_plain,
        }

    @api.model
    def send_preview(self, template_id, values, words_lang, case_id, channel, lang):
        """Mail how a message reads to the user who asks, never to the customer. See `preview_message`.

        The gate is not asked, for it reaches nobody but us; the log says nothing of it.

        :return: the address it went to
        :raises UserError: the user has no address, or the words cannot be filled in
        """
        self.check_access("read")
        user = self.env.user
        if not user.email_normalized:
            raise UserError(self.env._("You have no e-mail address. Enter one in your preferences."))
        rendered = self._look_at(template_id, values, words_lang, case_id, channel, lang)["rendered"]
        label = dict(self.env["collection.step"]._fields["channel"]._description_selection(self.env))[channel]
        words = rendered.body_html or Markup("<p>%s</p>") % rendered.text
        if not words.strip() or words == Markup("<p></p>"):
            raise UserError(self.env._("There are no words for this channel yet."))
        title = rendered.subject if channel in ("email", "portal") else label
        mail = (
            self.env["mail.mail"]
            .sudo()  # whoever may read messages of the library may mail them to himself
            .create(
                {
                    "subject": self.env._("Test: %s", title),
                    "body_html": _LINK.sub('href="#"', str(words)),
                    "email_from": user.email_formatted,
                    "email_to": formataddr((user.name, user.email_normalized)),
                    "auto_delete": True,
                }
            )
        )
        mail.send()
        return user.email_normalized

    @api.model
    def _look_at(self, template_id, values, words_lang, case_id, channel, lang):
        """Return the message as a step would say it, with what is to be known about it."""
        template = self.browse(template_id or []).exists()
        template.check_access("read")
        case = self.env["collection.case"].browse(case_id or [])
        case.check_access("read")
        installed = dict(self.env["res.lang"].get_installed())
        if channel not in CHANNELS or lang not in installed:
            raise UserError(self.env._("Choose a channel and an installed language."))
        now = fields.Datetime.now()
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            values = dict(values or {})
            if lang != words_lang:
                values = {name: value for name, value in values.items() if name not in TEXT_FIELDS}
            seen = self._look_in_passing(template, values, case, channel, lang, now)
            return {**seen, "is_translated": lang == words_lang or lang in template._languages_with_words()}
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    @api.model
    def _look_in_passing(self, template, values, case, channel, lang, now):
        shown = self._passing_template(template, values, lang)
        is_example = not case
        case = case or self._example_case(lang, now)
        items, stage = self._items_to_show(case, shown.purpose)
        has_example_items = not items and bool({"items", "invoices", "amount_due"} & PURPOSES[shown.purpose].sure)
        today = case.company_id._collection_today(now)
        details = self._example_details(shown.purpose, lang, today, case.company_id)

        def look(step):
            step = step.with_context(
                collection_message_lang=lang, collection_example_items=has_example_items and shown.purpose
            )
            return step._render(now)[step.id]

        rendered = self.env["collection.step"]._with_passing_step(
            case, shown, items, stage, None, look, channel=channel, details=details
        )
        labels = self._placeholder_names()
        named = self._names_of(shown.with_context(lang=lang), channel)
        # The letter's own frame says how to pay by transfer.
        framed = {"bank_account"} if channel == "letter" else set()
        made_up = named & set(details)
        if has_example_items:
            made_up |= named & {"items", "invoices", "amount_due", "oldest_due"}
        own = shown.with_context(lang=lang)[WORDS_OF_CHANNEL[channel][0]]
        return {
            "rendered": rendered,
            "lang": lang,
            "direction": self.env["res.lang"]._get_data(code=lang).direction or "ltr",
            "customer": case.partner_id.display_name,
            "company": case.company_id.display_name,
            "sender": self.env.user.name,
            "is_example": is_example,
            "has_own_words": bool(own),
            "has_words": bool(shown.with_context(lang=lang)._words(channel)),
            "made_up": sorted(labels[name] for name in made_up),
            "silent": sorted(labels[name] for name in (rendered.silent & named) - framed),
        }

    @api.model
    def _names_of(self, template, channel):
        texts = [template._words(channel)]
        if channel == "email":
            texts += [template.subject or "", template.preview or ""]
        return frozenset().union(*(wording.names(text) for text in texts))

    @api.model
    def _passing_template(self, template, values, lang):
        """Return a message that has the words to look at in one language, until they have been looked at."""
        saved = template.with_context(lang=lang)
        vals = {name: values.get(name, saved[name]) for name in TEXT_FIELDS}
        for name in KIND_FIELDS:
            value = template[name]
            vals[name] = values.get(name, value.id if isinstance(value, models.BaseModel) else value)
        if not vals["purpose"]:
            raise UserError(self.env._("Choose what the message is for."))
        vals.update(name=template.name or "…", subject=vals["subject"] or "…", tone=vals["tone"] or "friendly")
        if not vals["body_html"]:
            raise UserError(self.env._("Write a message to see how it reads."))
        # Rights were checked; what is made here never is seen by anybody else.
        return self.sudo().with_context(lang=lang).create(vals)

    def _languages_with_words(self):
        """Return the codes of the languages a message has words of its own in."""
        if not self:
            return frozenset()
        self.ensure_one()
        return self._worded_languages(self.id)

    # === FOR WHOM === #

    @api.model
    def _items_to_show(self, case, purpose):
        """Return what a message of a purpose would be about for a customer, and the stage it would speak as."""
        stage = case.policy_id.stage_ids.filtered(lambda stage: stage.purpose == purpose)[:1]
        items = case.open_item_ids.filtered(
            lambda item: item.currency_id.compare_amounts(item.amount_asked, 0) > 0 and not item.hold_code
        )
        if purpose in ASKING:
            items = items.filtered(lambda item: (item.days_late > 0) != (purpose == "heads_up"))
        return items, stage

    @api.model
    def _example_case(self, lang, now):
        """Return a case of a made-up customer that exists only while it is looked at."""
        company = self.env.company.root_id
        words = self.with_context(lang=lang).env._
        partner = (
            self.env["res.partner"]
            .sudo()  # the user may look at messages; nothing of this stays
            .with_context(tracking_disable=True, mail_create_nolog=True)
            .create({"name": words("Example Customer"), "is_company": True, "lang": lang})
        )
        return (
            self.env["collection.case"]
            .sudo()
            .with_context(tracking_disable=True, mail_create_nolog=True)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "policy_id": company._collection_default_policy().id,
                    "user_id": self.env.uid,
                    "date_opened": now,
                }
            )
        )
