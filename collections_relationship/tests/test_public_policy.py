"""How a company deals with late invoices, published: what customers see, what they never see, who keeps it current."""
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..engine import help as help_files
from .test_render import RenderCommon


class PublicPolicyCommon(RenderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policies = cls.env["collection.public.policy"]
        policies._start_companies()  # French was switched on a moment ago
        cls.published = policies.search([("company_id", "=", cls.company.id)])

    @classmethod
    def _publish(cls):
        cls.published.action_publish()
        return cls.published.version_id


@tagged("post_install", "-at_install")
class TestPublicPolicy(PublicPolicyCommon):
    def test_each_company_starts_with_good_words_that_nobody_sees(self):
        self.assertFalse(self.published.is_published)
        self.assertEqual(self.published.name, "How we deal with late invoices")
        self.assertEqual(self.published.with_context(lang="fr_FR").name, "Quand une facture est en retard")
        self.assertEqual(self.env["collection.public.policy"].search_count([("company_id", "=", self.company.id)]), 1)

    def test_a_new_company_has_them_at_once_and_a_branch_has_none(self):
        policies = self.env["collection.public.policy"]
        new = self.env["res.company"].create({"name": "Another Made-up Company"})
        branch = self.env["res.company"].create({"name": "Made-up Branch", "parent_id": new.id})
        self.assertEqual(policies.search_count([("company_id", "=", new.id), ("is_published", "=", False)]), 1)
        self.assertFalse(policies.search([("company_id", "=", branch.id)]))

    def test_the_figures_are_those_of_the_companys_own_policy(self):
        self.policy.write({"minimum_gap": 9, "hour_from": 9.5, "hour_to": 18.0})
        self.published.action_reset()
        text = str(self.published.text)
        self.assertIn("at most once in 9 days", text)
        self.assertRegex(text, r"between 9:30\sAM and 6:00\sPM, your time")
        self.assertIn("entre 09:30 et 18:00", str(self.published.with_context(lang="fr_FR").text))
        self.policy.write({"minimum_gap": 1, "hour_from": 0.0, "hour_to": 24.0})
        self.published.action_reset()
        text = str(self.published.text)
        self.assertNotIn("at most once", text)
        self.assertNotIn("your time", text)
        self.assertIn("we read your answer before we write again", text)

    def test_no_language_leaves_a_placeholder(self):
        for language in help_files.languages():
            text = self.published._filled(help_files.words(language).text, self.company, "en_US")
            for left in ("{{", "}}", "[?", "?]", "!"):
                self.assertNotIn(left, text, language)
            self.assertEqual(text.count("<h2>"), 7)

    def test_publishing_keeps_a_version_and_later_words_wait(self):
        version = self._publish()
        self.assertEqual(version.number, 1)
        self.assertFalse(self.published.has_changes)
        self.published.text = "<p>New words.</p>"
        self.assertTrue(self.published.has_changes)
        self.assertNotIn("New words", str(self.published.version_id.text))
        self.published.action_publish()
        self.assertEqual(self.published.version_id.number, 2)
        self.assertIn("New words", str(self.published.version_id.text))
        self.assertNotIn("New words", str(version.text))

    def test_publishing_again_without_new_words_makes_no_version(self):
        version = self._publish()
        self.published.action_unpublish()
        self.published.action_publish()
        self.assertEqual(self.published.version_id, version)

    def test_a_new_translation_is_a_change(self):
        self._publish()
        self.published.with_context(lang="fr_FR").text = "<p>Autrement.</p>"
        self.assertTrue(self.published.has_changes)

    def test_shipped_words_changed_by_a_person_stay(self):
        self.published.text = "<p>Ours.</p>"
        self.env["collection.public.policy"]._start_companies()
        self.assertIn("Ours.", str(self.published.text))

    def test_messages_link_to_it_once_it_is_published(self):
        step = self._step(self.case, self.item, "help_offer")
        self.assertNotIn("/collections/policy/", self._render(step).body_html)
        self._publish()
        html = self._render(step).body_html
        self.assertIn(f"/collections/policy/{self.company.id}?language=en_US", html)
        self.assertIn("How we deal with late invoices", html)
        self.published.action_unpublish()
        self.assertNotIn("/collections/policy/", self._render(step).body_html)

    def test_a_branch_shows_what_the_company_above_has_published(self):
        branch = self.env["res.company"].create({"name": "Made-up Branch", "parent_id": self.company.id})
        self._publish()
        policies = self.env["collection.public.policy"]
        self.assertEqual(policies._published_of(branch)[branch], self.published)
        own = policies.create({"company_id": branch.id, "name": "Ours", "text": "<p>Ours</p>"})
        self.assertEqual(policies._published_of(branch)[branch], self.published)
        own.action_publish()
        self.assertEqual(policies._published_of(branch)[branch], own)


@tagged("post_install", "-at_install")
class TestPolicyReview(PublicPolicyCommon):
    def _remind(self, day):
        self.env["collection.public.policy"]._remind(datetime.combine(day, datetime.min.time()))
        return self.published.activity_ids.filtered(lambda activity: activity.active)

    def test_its_owner_is_reminded_once_before_the_day(self):
        self.published.write({"review_date": "2026-06-30", "remind_days": 30, "user_id": self.collector.id})
        self.assertFalse(self._remind(date(2026, 5, 30)))
        activity = self._remind(date(2026, 5, 31))
        self.assertEqual((activity.user_id, activity.date_deadline), (self.collector, date(2026, 6, 30)))
        self.assertEqual(self._remind(date(2026, 6, 1)), activity)

    def test_done_is_done_until_the_next_review(self):
        self.published.write({"review_date": "2026-06-30", "remind_days": 30})
        self._remind(date(2026, 6, 1)).action_feedback()
        self.assertFalse(self._remind(date(2026, 6, 2)))
        self.published.review_date = "2026-06-20"
        self.assertEqual(len(self._remind(date(2026, 6, 3))), 1)

    def test_another_day_takes_the_reminder_away(self):
        self.published.write({"review_date": "2026-06-30", "remind_days": 30})
        self._remind(date(2026, 6, 1))
        self.published.review_date = "2027-06-30"
        self.assertFalse(self.published.activity_ids)

    def test_nothing_to_change_moves_the_day_by_a_year(self):
        self.published.write({"review_date": "2026-06-30", "remind_days": 30})
        self._remind(date(2026, 6, 1))
        self.published.action_reviewed()
        self.assertFalse(self.published.activity_ids)
        self.assertGreater(self.published.review_date, date(2026, 6, 30))


@tagged("post_install", "-at_install")
class TestPolicyReaders(PublicPolicyCommon):
    def test_colleagues_say_that_they_have_read_this_version(self):
        mine = self.published.with_user(self.collector)
        with self.assertRaises(UserError):
            mine.action_read()
        first = self._publish()
        self.assertIn(self.collector, self.published.waiting_ids)
        mine.action_read()
        mine.action_read()
        self.assertTrue(mine.is_read)
        self.assertEqual(first.reading_ids.user_id, self.collector)
        self.assertEqual(len(first.reading_ids), 1)
        self.published.invalidate_recordset()
        self.assertNotIn(self.collector, self.published.waiting_ids)
        self.published.name = "New Title"
        self.published.action_publish()
        mine.invalidate_recordset()
        self.assertFalse(mine.is_read)
        self.assertEqual(self.published.reading_ids.mapped("version_id"), first)

    def test_colleagues_comment_and_only_managers_publish(self):
        mine = self.published.with_user(self.collector)
        mine.message_post(body="Is the number of days still right?")
        for refused in (mine.action_publish, mine.action_unpublish, mine.action_reset, mine.action_reviewed):
            with self.assertRaises(AccessError):
                refused()
        with self.assertRaises(AccessError):
            self.env["collection.public.policy.reading"].with_user(self.collector).create(
                {"version_id": self._publish().id, "user_id": self.env.ref("base.user_admin").id, "date": "2026-03-16"}
            )

    def test_another_companys_policy_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Another Made-up Company"})
        seen = self.env["collection.public.policy"].with_user(self.collector).search([])
        self.assertIn(self.published, seen)
        self.assertNotIn(other, seen.company_id)


@tagged("post_install", "-at_install")
class TestPolicyPage(PublicPolicyCommon, HttpCase):
    def _page(self, company=None, **query):
        words = "&".join(f"{name}={value}" for name, value in query.items())
        return self.url_open(f"/collections/policy/{(company or self.company).id}?{words}")

    def test_everybody_reads_it_without_a_log_in(self):
        self._publish()
        page = self._page()
        self.assertEqual(page.status_code, 200)
        self.assertIn("How we deal with late invoices", page.text)
        self.assertIn("Version 1 of", page.text)
        self.assertIn(self.company.phone, page.text)
        self.assertNotIn('name="robots"', page.text)

    def test_nothing_else_is_told(self):
        self.published.message_post(body="An inner remark")
        self._publish()
        self.published.text = "<p>Words of tomorrow</p>"
        page = self._page().text
        for hidden in ("An inner remark", "Words of tomorrow", self.published.user_id.name, self.customer.name):
            self.assertNotIn(hidden, page)

    def test_what_is_not_published_is_not_there(self):
        missing = self.url_open("/collections/policy/999999")
        drafted = self._page()
        self.assertEqual((missing.status_code, drafted.status_code), (404, 404))
        self.assertNotIn(self.company.name, drafted.text)
        self._publish()
        self.published.action_unpublish()
        self.assertEqual(self._page().status_code, 404)

    def test_each_language_has_its_words(self):
        self._publish()
        page = self._page(language="fr_FR").text
        self.assertIn("Quand une facture est en retard", page)
        self.assertIn('lang="fr-FR"', page)
        self.assertIn("?language=en_US", page)
        self.assertIn("How we deal with late invoices", self._page(language="xx_XX").text)

    def test_markup_of_a_manager_is_cleaned(self):
        self.published.text = '<p>Fine</p><script>alert(1)</script><p onclick="alert(2)">Too</p>'
        self._publish()
        page = self._page().text
        self.assertIn("Fine", page)
        self.assertNotIn("alert(", page)
