"""Says in words why the library chose these words for a customer."""
from odoo import api, fields, models
from odoo.tools import format_amount, format_list


class CollectionTemplate(models.Model):
    _inherit = "collection.template"

    @api.model
    def _describe_choice(self, why):
        """Return in short sentences why a message speaks to a customer.

        :param dict why: as `_chooser` gives it and `reason["words"]` of steps and contacts keeps it
        :rtype: list[str]
        """
        if not why:
            return []
        if why.get("fixed"):
            return [self.env._("This very message was chosen by hand, on the stage or while writing.")]
        tones = dict(self._fields["tone"]._description_selection(self.env))
        sentences = []
        if wished := why.get("wished"):
            sentences.append(self.env._("The stage wishes for the tone “%s”.", tones.get(wished, wished)))
        if ceiling := why.get("ceiling"):
            sentences.append(
                self.env._(
                    "To this customer nothing sounds firmer than “%(tone)s”, because %(why)s.",
                    tone=tones.get(ceiling, ceiling),
                    why=format_list(self.env, self._describe_ceiling(why)),
                )
            )
        return sentences + self._describe_given_up(why, tones)

    @api.model
    def _describe_ceiling(self, why):
        """Return what lowered the ceiling, each as part of a sentence."""
        figures = why.get("figures") or {}
        words = {
            "policy": self.env._("the policy says so"),
            "person": self.env._("somebody decided so for this customer"),
            "good_customer": self._describe_good_customer(figures),
            "open_matter": self.env._("a question of the customer still waits for us"),
        }
        return [words[code] for code in why.get("because", ()) if code in words]

    @api.model
    def _describe_good_customer(self, figures):
        parts = []
        if (years := int(figures.get("years") or 0)) >= 1:
            parts.append(self.env._("a customer for %s years", years) if years > 1 else self.env._("a customer for a year"))
        if paid := figures.get("paid"):
            parts.append(
                self.env._("%(punctual)s of %(paid)s payments on time", punctual=figures.get("punctual") or 0, paid=paid)
            )
        currency = self.env["res.currency"].search([("name", "=", figures.get("currency"))], limit=1)
        if (revenue := figures.get("revenue")) and currency:
            amount = format_amount(self.env, revenue, currency, trailing_zeroes=False)
            parts.append(self.env._("%s invoiced in the last twelve months", amount))
        if not parts:
            return self.env._("this is a good customer")
        return self.env._("this is a good customer (%s)", ", ".join(parts))

    @api.model
    def _describe_given_up(self, why, tones):
        """Return a sentence for each wish the library has no message for, and one for the variant."""
        given_up = why.get("given_up") or {}
        sentences = []
        if tone := given_up.get("tone"):
            sentences.append(
                self.env._(
                    "There is no message for this in the tone “%(wished)s”; the nearest is “%(tone)s”.",
                    wished=tones.get(tone, tone),
                    tone=tones.get(why.get("tone"), why.get("tone") or ""),
                )
            )
        if industry := given_up.get("industry"):
            name = self.env["res.partner.industry"].sudo().browse(int(industry)).exists().name  # a name everybody may see
            sentences.append(
                self.env._("No message is written for the industry “%s” alone; the general one speaks.", name or industry)
            )
        # What is written for everybody is written with companies in mind; that it speaks to them is no news.
        if (audience := given_up.get("audience")) and audience != "company":
            audiences = dict(self._fields["audience"]._description_selection(self.env))
            sentences.append(
                self.env._(
                    "No message is written for “%s” alone; the one for everybody speaks.", audiences.get(audience, audience)
                )
            )
        if variant := why.get("variant"):
            sentences.append(self.env._("Of its variants this customer always gets variant %s.", variant))
        return sentences


class CollectionStep(models.Model):
    _inherit = "collection.step"

    words_text = fields.Text(string="Why These Words", compute="_compute_words_text")

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_words_text(self):
        for step in self:
            step.words_text = " ".join(step.template_id._describe_choice((step.reason or {}).get("words")))


class CollectionContact(models.Model):
    _inherit = "collection.contact"

    words_text = fields.Text(string="Why These Words", compute="_compute_words_text")

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_words_text(self):
        for contact in self:
            contact.words_text = " ".join(contact.template_id._describe_choice((contact.reason or {}).get("words")))
