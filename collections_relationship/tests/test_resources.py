"""Help for customers: what is shipped, who is offered what, and what a bad link comes to."""
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..engine import help as help_files
from ..engine.vocabulary import PURPOSES
from ..models.collection_resource import OCCASION_OF
from .common import shipped
from .mail_common import NOW
from .test_render import RenderCommon


@tagged("post_install", "-at_install")
class TestResources(RenderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.resources = cls.env["collection.resource"]
        cls.resources.search([]).active = False
        cls.france, cls.germany = cls.env.ref("base.fr"), cls.env.ref("base.de")
        cls.company.country_id = cls.germany

    @classmethod
    def _resource(cls, name, **values):
        return cls.resources.create({"name": name, "words": f"About {name}.", **values})

    def _offered(self, purpose="help_offer", lang="en_US", partner=None):
        offers = self.resources._shelf().offered(partner or self.customer, self.company, purpose, lang)
        return [offer.name for offer in offers]

    def test_it_stands_in_the_message_with_its_address_written_out(self):
        self._resource("Made-up Advice", link="https://www.example.org/advice/")
        html = self._render(self._step(self.case, self.item, "help_offer")).body_html
        self.assertIn("About Made-up Advice.", html)
        self.assertIn('href="https://www.example.org/advice/"', html)
        self.assertIn(">www.example.org/advice<", html)

    def test_nothing_to_offer_leaves_no_gap(self):
        html = self._render(self._step(self.case, self.item, "help_offer")).body_html
        self.assertNotIn("What may help", html)
        self.assertNotIn("{{", html)

    def test_markup_in_words_is_shown_as_text(self):
        self._resource("<b>Bold</b>", words="<script>alert(1)</script>")
        html = self._render(self._step(self.case, self.item, "help_offer")).body_html
        self.assertIn("&lt;script&gt;", html)
        self.assertNotIn("<script>alert", html)

    def test_country_industry_and_audience_decide(self):
        building = self.env.ref("base.res_partner_industry_F")
        self._resource("French", country_ids=self.france.ids)
        self._resource("Builders", industry_ids=building.ids)
        self._resource("Private", for_companies=False, for_sole_traders=False)
        self.assertEqual(self._offered(), [])
        self.customer.write({"country_id": self.france.id})
        self.assertEqual(self._offered(), ["French"])
        self.customer.write({"country_id": self.germany.id, "industry_id": building.id})
        self.assertEqual(self._offered(), ["Builders"])
        self.customer.write({"industry_id": False, "collection_debtor_kind": "consumer"})
        self.assertEqual(self._offered(), ["Private"])

    def test_a_customer_without_a_country_is_taken_for_one_of_the_companys(self):
        self._resource("German", country_ids=self.germany.ids)
        self.customer.country_id = False
        self.assertEqual(self._offered(), ["German"])

    def test_the_closest_come_first_one_of_each_kind_and_no_more_than_the_company_says(self):
        self._resource("General Advice", sequence=1)
        self._resource("General Budget", sequence=2, kind="budgeting")
        self._resource("German Advice", sequence=3, country_ids=self.germany.ids)
        self.assertEqual(self._offered(), ["German Advice", "General Budget"])
        self.company.collection_resource_limit = 1
        self.assertEqual(self._offered(), ["German Advice"])
        self.company.collection_resource_limit = 3
        self.assertEqual(self._offered(), ["German Advice", "General Budget", "General Advice"])
        self.company.collection_resource_limit = 0
        self.assertEqual(self._offered(), [])

    def test_it_is_offered_where_it_helps_and_elsewhere_only_if_wanted(self):
        resource = self._resource("Advice")
        offered = {purpose for purpose in PURPOSES if self._offered(purpose)}
        self.assertEqual(
            offered,
            {
                "help_offer",
                "check_in",
                "hardship_received",
                "hardship_granted",
                "hardship_ending",
                "cooling_off",
                *(purpose for purpose in PURPOSES if purpose.startswith(("plan_", "instalment_"))),
            },
        )
        resource.write(dict.fromkeys(OCCASION_OF.values(), True))
        self.assertTrue(all(self._offered(purpose) for purpose in PURPOSES))

    def test_without_words_in_the_language_it_is_not_offered(self):
        resource = self._resource("Advice")
        self.assertEqual(self._offered(lang="fr_FR"), [])
        resource.with_context(lang="fr_FR").write({"name": "Conseil", "words": "Gratuit."})
        self.assertEqual(self._offered(lang="fr_FR"), ["Conseil"])
        self.assertEqual(self._offered(lang="en_GB"), ["Advice"])

    def test_another_companys_own_is_not_offered(self):
        other = self.env["res.company"].create({"name": "Another Made-up Company"})
        self._resource("Theirs", company_id=other.id)
        self.assertEqual(self._offered(), [])
        self._resource("Ours", company_id=self.company.id)
        self.assertEqual(self._offered(), ["Ours"])

    def test_many_messages_take_one_statement(self):
        self._resource("Advice", country_ids=self.germany.ids)
        customers = [self._customer(f"Made-up Customer {number}") for number in range(20)]
        shelf = self.resources._shelf()
        shelf.offered(customers[0], self.company, "help_offer", "en_US")
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        for customer in customers:
            self.assertTrue(shelf.offered(customer, self.company, "help_offer", "en_US"))
        self.assertEqual(self.env.cr.sql_log_count - before, 0)

    def test_only_addresses_of_pages_are_links(self):
        resource = self._resource("Advice")
        for link in (
            "javascript:alert(1)",
            "data:text/html,hello",
            "ftp://example.org/",
            "//example.org/",
            "www.example.org",
            "https://",
            "https://example",
            "https://name:secret@example.org/",
            "https://example.org\\@evil.example/",
            "https://exam ple.org/",
            "https://example.org:port/",
        ):
            with self.subTest(link), self.assertRaises(ValidationError):
                resource.link = link
        for link in ("https://example.org", "http://www.example.org:8080/a/b?c=d#e", False):
            resource.link = link

    def test_colleagues_read_and_managers_write(self):
        clerk = new_test_user(self.env, "clerk.help@example.com", groups="account.group_account_invoice")
        resource = self._resource("Advice")
        self.assertEqual(resource.with_user(clerk).name, "Advice")
        with self.assertRaises(AccessError):
            resource.with_user(clerk).words = "Mine"


@tagged("post_install", "-at_install")
class TestShippedResources(RenderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["collection.resource"]._load_shipped()  # French was switched on a moment ago

    def test_each_language_has_words_for_all_of_them(self):
        codes = {each.code for each in help_files.resources()}
        self.assertEqual(set(help_files.languages()), {"en", "de", "fr", "es", "it", "nl"})
        for language in help_files.languages():
            with self.subTest(language):
                words = help_files.words(language)
                self.assertEqual(set(words.resources), codes)
                self.assertTrue(all(name and text for name, text in words.resources.values()))
                self.assertTrue(words.title and words.text)
                self.assertFalse([text for _name, text in words.resources.values() if "!" in text or len(text) > 190])

    def test_all_are_there_in_the_languages_the_database_has(self):
        for each in help_files.resources():
            resource = self.env["collection.resource"].search([("code", "=", each.code)])
            self.assertEqual(resource.country_ids.mapped("code"), list(each.countries))
            self.assertEqual(resource.link or "", each.link)
            for lang, language in (("en_US", "en"), ("fr_FR", "fr")):
                self.assertEqual(
                    resource.with_context(lang=lang).words, help_files.words(language).resources[each.code][1]
                )

    def test_what_was_changed_stays_and_can_be_undone(self):
        resource = self.env["collection.resource"].search([("code", "=", "fr_money_questions")])
        resource.with_context(lang="fr_FR").words = "Nos propres mots."
        resource.link = "https://www.example.org/ours"
        self.env["collection.resource"]._load_shipped()
        self.assertEqual(resource.with_context(lang="fr_FR").words, "Nos propres mots.")
        self.assertEqual(resource.link, "https://www.example.org/ours")
        resource.action_reset()
        self.assertIn("Banque de France", resource.with_context(lang="fr_FR").words)
        self.assertEqual(resource.link, "https://www.mesquestionsdargent.fr/")

    def test_what_is_new_in_the_files_arrives(self):
        resource = self.env["collection.resource"].search([("code", "=", "ie_mabs")])
        self.env.cr.execute(
            "UPDATE collection_resource SET shipped_digests = shipped_digests || %s::jsonb, link = %s WHERE id = %s",
            ['{"en_US": ["older", "%s"], "link": "https://old.example.org/"}' % resource.shipped_digests["en_US"][1],
             "https://old.example.org/", resource.id],
        )
        resource.invalidate_recordset()
        self.env["collection.resource"]._load_shipped()
        self.assertEqual(resource.link, "https://mabs.ie/")
        self.assertNotEqual(resource.shipped_digests["en_US"][0], "older")

    def test_a_private_customer_abroad_finds_advice_at_home(self):
        self.customer.write(
            {"country_id": self.env.ref("base.fr").id, "collection_debtor_kind": "consumer", "lang": "fr_FR"}
        )
        html = self._render(self._step(self.case, self.item, "help_offer")).body_html
        self.assertIn("www.mesquestionsdargent.fr", html)
        self.assertNotIn("geldfit.nl", html)

    def test_a_text_message_names_no_help(self):
        template = shipped(self.env, "help_offer", "friendly")
        step = self._step(self.case, self.item, "help_offer", template_id=template.id, channel="sms")
        self.assertNotIn("example.org/advice", step._render(NOW)[step.id].text)
