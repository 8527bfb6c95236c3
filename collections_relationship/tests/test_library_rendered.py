"""Every purpose of the library, on every channel, in every language, for ten customers who differ."""
import html
import logging
import re
from collections import Counter, defaultdict

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import tone
from ..engine.vocabulary import CHANNELS, PURPOSES
from .mail_common import NOW, MailCommon

_logger = logging.getLogger(__name__)

LANGUAGES = ("en_US", "fr_FR", "de_DE", "es_ES", "it_IT", "nl_NL")
#: What an unfilled word, a sentence without its word, or a value nobody has leaves behind.
GAPS = re.compile(
    r"\{\{|\}\}|\[\?|\?\]|\(\s*\)| [.,](?=\s|$)|,\s*,|\.\.(?!\.)|\bFalse\b|\bNone\b|\bundefined\b|<t\b", re.MULTILINE
)
LONG_NAME = "Made-up Trading Company of the Northern and Southern Provinces " * 3 + "Limited"


def _plain(markup):
    """Return the words of a message, a line for each block."""
    lines = re.sub(r"<(?:br|/p|/div|/tr|/td|/th|/li|/h4)\b[^>]*>", "\n", markup)
    return html.unescape(re.sub(r"<[^>]*>", "", lines))


@tagged("post_install", "-at_install")
class TestLibraryRendered(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in LANGUAGES:
            cls.env["res.lang"]._activate_lang(code)
        with mute_logger("odoo.addons.base.models.ir_module"):
            cls.env["ir.module.module"]._load_module_terms(["collections_relationship"], list(LANGUAGES))
        cls.collector.name = "Clara Clarke"  # whose name is no word of the check
        cls.cases = cls._ten_cases()
        cls.steps = cls._steps_of_all_purposes()

    @classmethod
    def _ten_cases(cls):
        industry = {
            key: cls.env.ref(f"base.res_partner_industry_{letter}")
            for key, letter in (("education", "P"), ("construction", "F"), ("logistics", "H"))
        }
        customers = [
            cls._customer("Made-up Bakery"),
            cls._customer('Ada "Addy" O\'Neil', is_company=False),
            cls._customer("Café Zébre 🦓 & Söhne"),
            cls._customer(LONG_NAME[:200]),
            cls._customer("Made-up Nursery", lang=False),
            cls._customer("Made-up Builders", industry_id=industry["construction"].id),
            cls._customer("Made-up School", industry_id=industry["education"].id),
            cls._customer("Made-up Carriers", industry_id=industry["logistics"].id),
            cls._customer("Made-up Importers"),
            cls._customer("<b>Bold</b> Ltd."),
        ]
        euro = cls.env.ref("base.EUR")
        euro.active = True
        silent = cls.env["res.users"].create(
            {"name": "Quiet Person", "login": "quiet@example.com", "email": False, "company_ids": cls.company.ids,
             "company_id": cls.company.id}
        )
        cases = cls.env["collection.case"]
        for number, customer in enumerate(customers):
            case = cls._case(customer, user_id=silent.id if number == 9 else cls.collector.id)
            items = cls._item(cls._invoice(customer, 120.0 + number, 12), case_id=case.id)
            if number == 8:
                items |= cls._item(cls._invoice(customer, 75.5, 30, euro), case_id=case.id)
                items |= cls._item(cls._invoice(customer, 60.0, 40), case_id=case.id, credit_applied=20.0)
            if number == 9:
                for _more in range(14):
                    items |= cls._item(cls._invoice(customer, 10.0, 20), case_id=case.id)
            cases |= case
        return cases

    @classmethod
    def _steps_of_all_purposes(cls):
        stage = cls.env.ref("collections_relationship.stage_friendly_reminder")
        return cls.env["collection.step"].create(
            [
                {
                    "case_id": case.id,
                    "company_id": case.company_id.id,
                    "sender_company_id": case.company_id.id,
                    "stage_id": stage.id,
                    "purpose": purpose,
                    "state": "cancelled",  # so that a case may have them all at once
                    "date_planned": NOW,
                    "user_id": case.user_id.id,
                    "recipient_id": case.partner_id.id,
                    "address": case.partner_id.email_normalized,
                    "item_ids": [Command.set(case.open_item_ids.ids)],
                }
                for case in cls.cases
                for purpose in PURPOSES
            ]
        )

    def _choose(self, channel):
        """Give each step the message the library chooses; over the ten customers every tone has its turn."""
        chooser = self.env["collection.template"]._chooser(self.company, self.cases.partner_id.ids, NOW.date())
        chosen = defaultdict(list)
        for step in self.steps:
            tones = PURPOSES[step.purpose].tones
            tone_of_case = tones[self.cases.ids.index(step.case_id.id) % len(tones)]
            picked = chooser.choose(
                step.partner_id, step.purpose, tone_of_case, channel, policy=self.env["collection.policy"]
            )
            chosen[picked.template_id].append(step.id)
        self.steps.channel = channel
        for template_id, step_ids in chosen.items():
            self.steps.browse(step_ids).template_id = template_id

    def _texts(self, step, message):
        if step.channel == "sms":
            return {"sms": message.text}
        # The frame around the words is the same for all of them and has tests of its own.
        words = str(message.body_html).rpartition('class="o_collection_mail"')[2].partition("margin-top:28px")[0]
        texts = {step.channel: words or str(message.body_html)}
        if step.channel == "email":
            texts["subject"] = message.subject
        return texts

    def _faults(self, step, part, text, language):
        plain = text if part in ("sms", "subject") else _plain(text)
        if not plain.strip():
            yield "empty"
        if gap := GAPS.search(plain):
            yield f"gap “{plain[max(0, gap.start() - 30) : gap.end() + 30]}”"
        report = tone.check(text, language, step.purpose, part, tone=step.template_id.tone, with_ease=False)
        for finding in report.findings:
            # Whether a text names its facts is judged on its placeholders, by the engine's tests.
            if finding.severity != "advice" and finding.kind != "missing":
                yield f"{finding.kind} “{finding.words}” {finding.detail}"

    def test_every_message_is_whole_and_kind(self):
        counted, faults = Counter(), []
        for language in LANGUAGES:
            named = self.cases.partner_id.filtered("lang")
            named.lang = language
            for channel in CHANNELS:
                self._choose(channel)
                speaking = self.steps.filtered(lambda step: step.template_id and step.template_id._words(step.channel))
                for purpose, steps in speaking.grouped("purpose").items():
                    steps.details = self.env["collection.template"]._example_details(purpose, language, NOW.date())
                rendered = speaking._render(NOW)
                for step in speaking:
                    counted[language, channel] += 1
                    code = language if step.partner_id.lang else "en_US"
                    for part, text in self._texts(step, rendered[step.id]).items():
                        faults += [
                            f"{language} {channel} {step.template_id.code} for {step.partner_id.name[:20]}: {fault}"
                            for fault in self._faults(step, part, text, code)
                        ]
        for language in LANGUAGES:
            _logger.info(
                "%s: %s", language, ", ".join(f"{counted[language, channel]} {channel}" for channel in CHANNELS)
            )
        self.assertFalse(faults, "\n".join(faults[:40]))
        for language in LANGUAGES:
            for channel in CHANNELS:
                called = sum(purpose.called for purpose in PURPOSES.values())
                wanted = 10 * (called if channel == "call" else len(PURPOSES))
                self.assertGreaterEqual(counted[language, channel], wanted, (language, channel))
