"""The check of tone and facts, in people's words: what was found, why it matters, what to write instead.

The check reads the language of the message; what is said about it is in the language of the reader.
"""
from functools import lru_cache

from odoo import api, models
from odoo.exceptions import UserError

from ..engine import tone

#: What a mail says around the words: the line with the customer's choices.
MAIL_BRINGS = frozenset({"opt_out"})
#: Besides, what a mail by hand has: the colleague who answers.
OWN_MAIL_BRINGS = MAIL_BRINGS | {"contact"}
#: Besides, what a mail written on an invoice leads to.
INVOICE_MAIL_BRINGS = OWN_MAIL_BRINGS | {"amount", "number", "date", "how_to_pay"}


@lru_cache(maxsize=4096)
def _is_refused(text, language, purpose, part, message_tone):
    """Tell whether a message's words are refused; the same words are looked at once per process."""
    facts = tone.Facts(brought=MAIL_BRINGS)
    return tone.check(text, language, purpose, part, facts, message_tone, with_ease=False).is_refused


class CollectionTone(models.AbstractModel):
    _name = "collection.tone"
    _description = "Check of Tone and Facts"

    @api.model
    def _look(self, parts, language, purpose="", message_tone="", brought=MAIL_BRINGS):
        """Return the report of each part that has words, by part.

        :param dict parts: part of `engine.tone.PARTS` to its text
        :param str language: of the message, as `de_DE`
        """
        facts = tone.Facts(brought=brought)
        return {
            part: tone.check(str(text), language or "en_US", purpose or "", part, facts, message_tone or "")
            for part, text in parts.items()
            if text
        }

    @api.model
    def _parts_by_hand(self, channel, subject, words):
        """Return what a person wrote for a channel, by part: of an e-mail the subject as well, which others may see."""
        return {"subject": subject, "email": words} if channel == "email" else {channel: words}

    @api.model
    def _refuses(self, parts, language, purpose, message_tone):
        """Tell whether a message of the library says something that is refused; see `_look`."""
        return any(
            _is_refused(str(text), language, purpose, part, message_tone) for part, text in parts.items() if text
        )

    # === IN WORDS === #

    @api.model
    def _kind_labels(self):
        return {
            "threat": self.env._("Threat"),
            "blame": self.env._("Blame"),
            "shame": self.env._("Shame"),
            "jargon": self.env._("Hard words"),
            "pressure": self.env._("Pressure"),
            "consequence": self.env._("Consequence"),
            "missing": self.env._("Missing"),
            "exposure": self.env._("Others may read it"),
            "impression": self.env._("Impression"),
            "length": self.env._("Too long"),
            "ease": self.env._("Hard to read"),
        }

    @api.model
    def _part_labels(self):
        return {
            "subject": self.env._("Subject"),
            "preview": self.env._("Preview line"),
            "email": self.env._("E-mail"),
            "sms": self.env._("Text message"),
            "letter": self.env._("Letter"),
            "portal": self.env._("Portal"),
            "call": self.env._("Call sheet"),
        }

    @api.model
    def _reasons(self):
        """Return why something is found, by kind and detail; by kind alone where the detail changes nothing."""
        return {
            "threat": self.env._("Whoever feels threatened stops talking, and may have the law on his side."),
            "blame": self.env._("Nobody likes to answer a reproach. Most people who pay late had a reason."),
            "shame": self.env._("Whoever feels small does not get in touch."),
            "jargon": self.env._("Not everybody knows these words. Plain ones are understood at once."),
            "pressure": self.env._("Haste makes people look away. A date and a choice bring more answers."),
            ("pressure", "capitals"): self.env._("Capitals read as if somebody shouted."),
            ("pressure", "exclamation"): self.env._("An exclamation mark raises the voice."),
            ("pressure", "red"): self.env._("Red frightens. The facts speak for themselves."),
            ("consequence", "unplanned"): self.env._(
                "This message's stage plans no such step, and what will not happen must not be announced."
            ),
            ("consequence", "no_date"): self.env._("A consequence is named once, calmly, with its day; the day is missing."),
            ("missing", "amount"): self.env._("The customer must see how much it is."),
            ("missing", "number"): self.env._("The customer must see which invoice it is about."),
            ("missing", "date"): self.env._("The customer must see a date: when it was due, or by when you ask for it."),
            ("missing", "how_to_pay"): self.env._("The customer must see how to pay."),
            ("missing", "contact"): self.env._("The customer must see whom to talk to."),
            ("missing", "ways_out"): self.env._("Say what else is possible: more time, something is wrong, a talk."),
            ("missing", "opt_out"): self.env._("A rule asks for the words how to stop such messages."),
            "exposure": self.env._("This line may be seen by others over the customer's shoulder: nothing about money there."),
            "impression": self.env._("This sentence reads unkindly, or is hard to follow."),
            ("impression", "threat"): self.env._("This sentence reads unkindly, perhaps like a threat."),
            ("impression", "reproach"): self.env._("This sentence reads unkindly, perhaps like a reproach."),
            ("impression", "pressure"): self.env._("This sentence reads unkindly, perhaps as if it pushed."),
            ("impression", "jargon"): self.env._("This sentence reads as if it were hard to follow."),
            "length": self.env._("It is longer than there is room or patience for: %s."),
            "ease": self.env._("Shorter sentences and shorter words are read by everybody. This sentence weighs most."),
        }

    @api.model
    def _cures(self):
        """Return what to write instead where the word lists have no words of their own, by kind and detail."""
        return {
            ("pressure", "capitals"): self.env._("Write it in small letters."),
            ("pressure", "exclamation"): self.env._("End the sentence with a full stop."),
            ("pressure", "red"): self.env._("Take the colour out."),
            ("missing", "amount"): self.env._("Write the amount."),
            ("missing", "number"): self.env._("Write the number of the invoice."),
            ("missing", "date"): self.env._("Write the date."),
            ("missing", "how_to_pay"): self.env._("Write a link to pay, or a bank account."),
            ("missing", "contact"): self.env._("Write a name, with phone or e-mail."),
            ("missing", "ways_out"): self.env._("For example: “If you need more time or something is wrong, tell us.”"),
            ("missing", "opt_out"): self.env._("Say how to stop such messages."),
            "exposure": self.env._("Say who writes, not why."),
            "impression": self.env._(
                "It was compared with examples and may be fine. Read it once as your customer would, then change it or leave it."
            ),
            "length": self.env._("Leave out what the customer need not know now."),
            "ease": self.env._("Make two sentences of it."),
        }

    @api.model
    def _placeholder_cures(self):
        """Return the same for texts with words to be filled in."""
        return {
            "amount": self.env._("Put in {{amount_due}} or the list {{items}}."),
            "number": self.env._("Put in {{invoices}} or the list {{items}}."),
            "date": self.env._("Put in {{oldest_due}}, {{pay_by}} or the list {{items}}."),
            "how_to_pay": self.env._("Put in {{pay_button}}, {{pay_link}} or {{bank_account}}."),
            "contact": self.env._("End with {{signature}}."),
            "opt_out": self.env._("Put in {{preferences}}."),
        }

    @api.model
    def _describe(self, finding, is_filled_in=False):
        """Return a finding as a dict of words: kind, words, why, better.

        :param bool is_filled_in: the text has placeholders
        """
        key = (finding.kind, finding.detail)
        reasons, cures = self._reasons(), self._cures()
        if is_filled_in and finding.kind == "missing":
            cures = {("missing", fact): words for fact, words in self._placeholder_cures().items()} | {
                key: words for key, words in cures.items() if key == ("missing", "ways_out")
            }
        why = reasons.get(key) or reasons.get(finding.kind, "")
        if finding.kind == "length":
            why = why % finding.detail
        return {
            "kind": self._kind_labels()[finding.kind],
            "severity": finding.severity,
            "words": finding.words,
            "why": why,
            "better": finding.better or cures.get(key) or cures.get(finding.kind, ""),
        }

    @api.model
    def _panel(self, reports, refuses=True, is_filled_in=True):
        """Return the panel beside an editor: what was found and how easily the message is read.

        :param dict reports: part to `engine.tone.Report`
        :param bool refuses: what is grave keeps the message from leaving
        :param bool is_filled_in: the text has placeholders
        """
        labels = self._part_labels()
        parts = [
            {
                "label": labels[part],
                "findings": [
                    self._describe(finding, is_filled_in)
                    for finding in sorted(report.findings, key=lambda finding: finding.severity == "advice")
                ],
            }
            for part, report in sorted(reports.items(), key=lambda row: not row[1].is_refused)
            if report.findings
        ]
        grave = sum(finding.severity != "advice" for report in reports.values() for finding in report.findings)
        eases = [(report.ease, report.goal) for report in reports.values() if report.ease is not None]
        ease, goal = eases[0] if eases else (None, None)
        return self.env["ir.qweb"]._render(
            "collections_relationship.tone_panel",
            {
                "parts": parts,
                "several": len(reports) > 1,
                "grave": grave,
                "refuses": refuses,
                "count": sum(len(part["findings"]) for part in parts),
                # A formula may leave its scale; the gauge does not.
                "ease": min(100, max(0, round(ease))) if ease is not None else None,
                "goal": goal,
                "knows_language": all(report.knows_language for report in reports.values()),
                "is_empty": not reports,
            },
        )

    @api.model
    def _check_may_leave(self, reports, is_filled_in=False):
        """Refuse words that threaten or leave out a fact, in words that say what to do.

        :param dict reports: part to `engine.tone.Report`
        :raises UserError: something grave was found
        """
        if words := self._words_refused(reports, is_filled_in):
            raise UserError(words)

    @api.model
    def _words_refused(self, reports, is_filled_in=False):
        """Return why these words may not leave and what to do, as lines; empty where they may."""
        grave = [finding for report in reports.values() for finding in report.findings if finding.severity != "advice"]
        if not grave:
            return ""
        lines = [self.env._("These words may not leave like this:")]
        for finding in grave:
            told = self._describe(finding, is_filled_in)
            if told["words"]:
                lines.append(self.env._("• %(kind)s: “%(words)s”. %(better)s", **told))
            else:
                lines.append(self.env._("• %(kind)s: %(why)s %(better)s", **told))
        lines.append(
            self.env._(
                "Change the words and send again. Your policy refuses threats and missing facts; a manager may set it to advise."
            )
        )
        return "\n".join(lines)
