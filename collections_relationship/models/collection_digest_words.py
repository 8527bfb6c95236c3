"""The words of a digest: what was gathered, said shortly in the reader's language, with links."""
from odoo import api, models
from odoo.tools import format_amount, format_date, format_datetime, format_list

from .collection_digest_facts import NAMES_SHOWN

#: Where the links lead: paths of the window actions of `views/collection_digest_views.xml` and others.
PREFERENCES = "collection-my-preferences"
LISTS = {
    "unread": "collection-my-answers",
    "waiting": "collection-my-approvals",
    "unknown": "collection-my-approvals",
    "failed": "collection-my-failed",
    "bounced": "collection-my-addresses",
    "activities": "collection-my-activities",
    "promises": "collection-my-promises",
    "pauses": "collection-my-pauses",
    "packs": "collection-rule-packs-review",
    "held": "collection-my-held",
    "sent": "collection-my-sent",
    "cases": "collection-my-cases",
}


class CollectionDigest(models.Model):
    _inherit = "collection.digest"

    @api.model
    def _render_digest(self, reader, facts):
        """Return subject and HTML of one reader's digest, in his language.

        :param Reader reader: as in `collection_digest.py`
        :param facts: list of Section
        """
        env = self._env_of_reader(reader.user)
        told = [section for section in facts if not section.is_empty]
        needs = sum(section.needs for section in told)
        base = reader.user.get_base_url()
        company = env["res.company"].sudo().browse(told[0].company_id) if told else reader.companies[0].with_env(env)
        values = {
            "greeting": env._("Good morning %s,", reader.user.name),
            "headline": self._headline(env, told, needs),
            "since": env._("Since %s", format_datetime(env, reader.since, tz=env.context["tz"], dt_format="short")),
            "sections": [self._section_words(env, section, base, len(facts) > 1) for section in told],
            "cases_link": f"{base}/odoo/{LISTS['cases']}",
            "preferences_link": f"{base}/odoo/{PREFERENCES}",
            "color": company.email_secondary_color or "#875A7B",
            "text_color": company.email_primary_color or "#FFFFFF",
            "direction": env["res.lang"]._get_data(code=env.lang).direction or "ltr",
        }
        body = env["ir.qweb"]._render("collections_relationship.mail_digest", values)
        html = env["mail.render.mixin"]._render_encapsulate(
            "collections_relationship.mail_layout",
            body,
            add_context={
                "company": company,
                "record_name": "",
                "subtitles": [],
                "model_description": "",
                "lang": env.lang.replace("_", "-"),
                "direction": values["direction"],
                "preheader": "",
                "email_notification_force_footer": True,
            },
        )
        return self._subject(env, told, needs), html

    def _env_of_reader(self, user):
        """Return the environment in a reader's language and time zone; moments are written with its `tz`."""
        lang = user.lang if user.lang in dict(self.env["res.lang"].get_installed()) else "en_US"
        return self.env(context={**self.env.context, "lang": lang, "tz": user._collection_zone()})

    @staticmethod
    def _subject(env, told, needs):
        if needs == 1:
            return env._("Follow-up: one thing needs you")
        if needs:
            return env._("Follow-up: %s things need you", needs)
        if any(section.paid for section in told):
            return env._("Follow-up: money came in, nothing needs you")
        return env._("Follow-up: nothing needs you")

    @staticmethod
    def _headline(env, told, needs):
        if needs == 1:
            return env._("One thing needs you.")
        if needs:
            return env._("%s things need you.", needs)
        if told:
            return env._("Nothing needs you today.")
        return env._("Nothing left, nothing was held back, and nothing needs you.")

    # === ONE COMPANY === #

    def _section_words(self, env, section, base, several):
        """Return what the template shows of one company."""
        return {
            "company": env["res.company"].sudo().browse(section.company_id).name if several else "",
            "good": self._good_news(env, section),
            "needs": self._needs_words(env, section, base),
            "sent": self._sent_words(env, section),
            "sent_link": f"{base}/odoo/{LISTS['sent']}",
            "held": self._held_words(env, section),
            "held_link": f"{base}/odoo/{LISTS['held']}",
        }

    def _good_news(self, env, section):
        if not section.paid:
            return ""
        names = {"amounts": self._amounts(env, section.paid_sums), "names": self._names(env, section.paid_by)}
        if section.paid == 1:
            return env._("A payment came in: %(amounts)s from %(names)s. Thank you.", **names)
        return env._("%(count)s payments came in: %(amounts)s from %(names)s. Thank you.", count=section.paid, **names)

    def _sent_words(self, env, section):
        if not section.sent:
            return ""
        amounts = self._amounts(env, section.sums)
        count, customers = section.sent, section.customers
        if count == 1:
            return env._("One message left, asking for %s.", amounts) if amounts else env._("One message left.")
        if not amounts:
            return env._("%(count)s messages left. Customers: %(customers)s.", count=count, customers=customers)
        return env._(
            "%(count)s messages left, asking for %(amounts)s. Customers: %(customers)s.",
            count=count,
            amounts=amounts,
            customers=customers,
        )

    @staticmethod
    def _held_words(env, section):
        """Return the reasons for which customers are not written to, with their numbers, the most frequent first."""
        labels = env["collection.case"]._next_reason_labels()
        return [{"text": labels.get(code, code).rstrip("."), "count": count} for code, count in section.held.items()]

    def _needs_words(self, env, section, base):
        """Return what waits for a person: titles with a number and a link, and the first of each by name."""

        def day(value):
            return format_date(env, value)

        def moment(value):
            return format_datetime(env, value, tz=env.context["tz"], dt_format="short")

        types = env["mail.activity.type"].browse([fact["type"] for fact in section.activities[1] if fact["type"]])
        type_names = {one.id: one.name for one in types.sudo()}
        unread = [
            env._("%(customer)s, since %(day)s", customer=fact["name"], day=moment(fact["since"]))
            for fact in section.unread[1]
        ]
        promises = [
            env._("%(customer)s, %(day)s", customer=fact["name"], day=day(fact["day"])) for fact in section.promises[1]
        ]
        pauses = [
            env._("%(customer)s, until %(day)s", customer=fact["name"], day=day(fact["day"])) for fact in section.pauses[1]
        ]
        to_do = [
            env._("%(customer)s: %(what)s", customer=fact["name"], what=fact["summary"] or type_names.get(fact["type"], ""))
            for fact in section.activities[1]
        ]
        steps = section.steps
        kinds = [
            ("unread", env._("Answers nobody has read"), section.unread, unread),
            ("waiting", env._("Messages that wait for a yes"), (steps.get("waiting", 0), []), []),
            ("promises", env._("Promises whose day has come"), section.promises, promises),
            ("unknown", env._("Messages nobody knows whether they left"), (steps.get("unknown", 0), []), []),
            ("failed", env._("Messages that could not be sent"), (steps.get("failed", 0), []), []),
            ("bounced", env._("Addresses to check: mail came back"), (steps.get("bounced", 0), []), []),
            ("activities", env._("To do by today"), section.activities, to_do),
            ("pauses", env._("Pauses that end soon"), section.pauses, pauses),
            ("packs", env._("Rules of law to read again"), (len(section.packs), []), section.packs[:NAMES_SHOWN]),
        ]
        cases = f"{base}/odoo/collection-cases"
        return [
            {
                "title": env._("%(reason)s: %(count)s", reason=title, count=count),
                "link": f"{base}/odoo/{LISTS[kind]}",
                "lines": [
                    {"text": text, "link": f"{cases}/{facts[place]['case']}" if facts else ""}
                    for place, text in enumerate(lines)
                ],
                "more": env._("and %s more", count - len(lines)) if lines and count > len(lines) else "",
            }
            for kind, title, (count, facts), lines in kinds
            if count
        ]

    # === SMALL WORDS === #

    @staticmethod
    def _amounts(env, sums):
        """Return amounts as one phrase, the currencies in the order of their names.

        :param dict sums: currency id -> amount
        """
        currencies = env["res.currency"].browse(sums).sorted("name")
        return format_list(env, [format_amount(env, sums[currency.id], currency) for currency in currencies])

    @staticmethod
    def _names(env, names):
        shown = sorted(names)[:NAMES_SHOWN]
        if len(names) > len(shown):
            shown.append(env._("%s more", len(names) - len(shown)))
        return format_list(env, shown)
