"""What people see and do: invoices by stage, 'Follow up now', pauses, responsibles, the checklist."""

from datetime import date, timedelta
from unittest.mock import patch

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import config

from .common import CollectionCommon, shipped


class ViewsCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("collector", "account.group_account_invoice")
        cls.manager = cls._create_user("manager", "account.group_account_manager")

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            email=f"{login}@azure.example.com",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestInvoice(ViewsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls._create_item(14, 300)
        cls.later = cls._create_item(33, 200, partner=cls._create_customer("Borealis"))
        cls.not_due = cls._create_item(-20, 100)
        cls.paid = cls._create_item(40, 50, partner=cls._create_customer("Cirrus"))
        cls._pay(cls.paid)
        cls.all = cls.late | cls.later | cls.not_due | cls.paid

    def setUp(self):
        super().setUp()
        self._refresh()
        self.moves = self.env["account.move"].with_user(self.user)

    def _search(self, *domain):
        return self.env["account.move"].with_user(self.user).search([("id", "in", self.all.ids), *domain])

    def _group(self, fname):
        rows = self.moves.with_context(read_group_expand=True).formatted_read_group(
            [("id", "in", self.all.ids)], [fname], ["__count", "collection_amount:sum"]
        )
        return [(row[fname] and row[fname][1], row["__count"], row["collection_amount:sum"]) for row in rows]

    def test_invoice_says_where_it_stands(self):
        invoice = self.late.with_user(self.user)
        self.assertTrue(invoice.collection_is_open)
        self.assertEqual(invoice.collection_stage_id, self.stage["check_in"])
        self.assertEqual(invoice.collection_days_late, 14)
        self.assertEqual(invoice.collection_amount, 300)
        self.assertEqual(invoice.collection_case_id, self._case())
        self.assertEqual(
            invoice.collection_next_date, self.today - timedelta(days=9), "never asked: the first reminder"
        )
        self.assertFalse(invoice.collection_hold_code)
        paid = self.paid.with_user(self.user)
        self.assertFalse(paid.collection_is_open)
        self.assertFalse(paid.collection_stage_id)
        self.assertEqual(paid.collection_days_late, 0)

    def test_invoice_of_instalments_shows_the_furthest(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Three instalments",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 25, "nb_days": 10}),
                    Command.create({"value": "percent", "value_amount": 25, "nb_days": 60}),
                ],
            }
        )
        invoice = self._create_item(
            0, 100, invoice_date=self.today - timedelta(days=35), invoice_payment_term_id=terms.id
        )
        self._refresh()
        self.assertEqual(invoice.collection_days_late, 35)
        self.assertEqual(invoice.collection_stage_id, self.stage["firm_reminder"], "the second one is at day 25 only")
        self.assertEqual(invoice.collection_amount, 100)
        self.assertEqual(invoice.collection_date_due, self.today - timedelta(days=35))

    def test_hold_shows_with_its_reason_and_end(self):
        self.env["collection.hold"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "move_id": self.late.id,
                "reason": "clarification",
                "date_end": self.today + timedelta(days=4),
            }
        )
        self._refresh()
        self.assertEqual(self.late.collection_hold_code, "paused")
        self.assertEqual(self.late.collection_hold_until, self.today + timedelta(days=4))
        self.assertFalse(self.late.collection_next_date)
        self.assertIn("Paused.", self.late.collection_next_text)
        self.assertEqual(self._search(("collection_hold_code", "=", "paused")), self.late)
        self.assertEqual(self._search(("collection_hold_code", "!=", False)), self.late)
        rows = self.moves.formatted_read_group([("id", "in", self.all.ids)], ["collection_hold_code"], ["__count"])
        self.assertEqual({row["collection_hold_code"]: row["__count"] for row in rows}, {"paused": 1, False: 3})

    def test_excluded_invoice_shows_it(self):
        self.late.no_followup = True
        self._refresh()
        self.assertEqual(self.late.collection_hold_code, "excluded")
        self.assertEqual(self._search(("collection_hold_code", "=", "excluded")), self.late)

    def test_search(self):
        firm, check_in = self.stage["firm_reminder"], self.stage["check_in"]
        for domain, expected in (
            ([("collection_is_open", "=", True)], self.late | self.later | self.not_due),
            ([("collection_is_open", "=", False)], self.paid),
            ([("collection_stage_id", "=", firm.id)], self.later),
            ([("collection_stage_id", "in", [firm.id, check_in.id])], self.late | self.later),
            ([("collection_stage_id", "!=", firm.id)], self.all - self.later),
            ([("collection_stage_id", "=", False)], self.not_due | self.paid),
            ([("collection_stage_id", "!=", False)], self.late | self.later),
            ([("collection_stage_id", "in", [firm.id, False])], self.later | self.not_due | self.paid),
            ([("collection_stage_id", "ilike", "firm")], self.later),
            ([("collection_stage_id.code", "=", "firm_reminder")], self.later),
            ([("collection_stage_id.days", ">", 12)], self.later),
            ([("collection_days_late", ">", 14)], self.later),
            ([("collection_days_late", ">=", 14)], self.late | self.later),
            ([("collection_days_late", "<", 14)], self.not_due | self.paid),
            ([("collection_days_late", "=", 14)], self.late),
            ([("collection_days_late", "=", 0)], self.not_due | self.paid),
            ([("collection_days_late", "!=", 0)], self.late | self.later),
            ([("collection_next_date", "<=", "2026-03-16")], self.late | self.later),
            ([("collection_next_date", ">", "today")], self.not_due),
            ([("collection_next_date", "=", False)], self.paid),
            ([("collection_hold_code", "=", False)], self.all),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self._search(*domain), expected)

    def test_search_agrees_with_what_is_shown(self):
        for fname in ("collection_stage_id", "collection_days_late", "collection_next_date"):
            for move in self.all:
                with self.subTest(field=fname, move=move.name):
                    value = move[fname].id if fname == "collection_stage_id" else move[fname]
                    self.assertIn(move, self._search((fname, "=", value)))

    def test_group_by_stage_in_the_ladders_order_with_every_stage_of_what_is_late(self):
        rows = self._group("collection_stage_id")
        named = [row for row in rows if row[0]]
        stages = self.policy.stage_ids.filtered(lambda stage: stage.days >= 0).sorted("days")
        self.assertEqual([row[0] for row in named], stages.mapped("name"))
        self.assertEqual([row for row in named if row[1]], [("Check-in", 1, 300.0), ("Firm Reminder", 1, 200.0)])
        [nothing] = [row for row in rows if not row[0]]
        self.assertEqual(nothing[1], 2)

    def test_sort(self):
        found = self.moves.search([("id", "in", self.all.ids)], order="collection_days_late desc, id")
        self.assertEqual(found[:2].ids, [self.later.id, self.late.id])
        found = self.moves.search([("id", "in", (self.late | self.later).ids)], order="collection_stage_id, id")
        self.assertEqual(found.ids, [self.late.id, self.later.id])

    def test_statements_do_not_grow_with_the_invoices(self):
        fnames = ["collection_stage_id", "collection_days_late", "collection_next_date", "collection_next_text"]

        def statements(moves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            moves.with_user(self.user).read(fnames)
            return self.env.cr.sql_log_count - before

        many = self.env["account.move"].union(*(self._create_item(10 + day, 30) for day in range(8)))
        self._refresh()
        statements(many)  # what is read once per process
        self.assertEqual(statements(many), statements(many[:1]))

    def test_form_opens_for_everybody_who_works_with_invoices(self):
        for user in (self.user, self.manager):
            with Form(self.late.with_user(user)) as form:
                self.assertEqual(form.collection_days_late, 14)
                form.collection_policy_id = self.policy
        self.assertEqual(self.late.collection_policy_id, self.policy)

    def test_draft_invoice_opens_and_saves(self):
        form = Form(self.env["account.move"].with_user(self.user).with_context(default_move_type="out_invoice"))
        form.partner_id = self.customer
        with form.invoice_line_ids.new() as line:
            line.name = "Work"
            line.price_unit = 10
        self.assertFalse(form.save().collection_is_open)

    def test_views_of_every_model_are_served_to_users(self):
        for xmlid, kinds in {
            "collection.case": "kanban list form activity pivot graph search",
            "collection.item": "list form pivot search",
            "collection.step": "list kanban form search",
            "collection.contact": "list form pivot search",
            "collection.hold": "list form calendar search",
            "collection.run": "list form search",
            "account.move": "list form search",
            "res.partner": "form search",
            "collection.follow.up": "form",
            "collection.pause": "form",
            "collection.reassign": "form",
        }.items():
            for kind in kinds.split():
                with self.subTest(model=xmlid, kind=kind):
                    self.assertTrue(self.env[xmlid].with_user(self.user).get_view(view_type=kind)["arch"])

    def test_menus_belong_to_whom_they_are_for(self):
        def sees(user, xmlid):
            menu = self.env.ref(f"collections_relationship.{xmlid}")
            return menu.id in self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()

        for xmlid in ("menu_collection_case", "menu_collection_step_waiting", "menu_account_move_follow_up"):
            self.assertTrue(sees(self.user, xmlid), xmlid)
            self.assertTrue(sees(self.manager, xmlid), xmlid)
        for xmlid in ("menu_collection_policy", "menu_collection_import", "menu_collection_checklist"):
            self.assertFalse(sees(self.user, xmlid), xmlid)
            self.assertTrue(sees(self.manager, xmlid), xmlid)

    def test_cases_are_found_and_grouped_by_the_reason_they_wait_for(self):
        silent = self._create_item(14, 80, partner=self._create_customer("No Address", email=False)).partner_id
        self._night()
        cases = self.env["collection.case"].with_user(self.user)
        waiting = cases.search([("next_reason_code", "in", ("no_address", "bounced"))])
        self.assertEqual(waiting, self._case(silent))
        self.assertIn(waiting, cases.search([("next_reason_code", "!=", False)]))
        self.assertNotIn(waiting, cases.search([("next_reason_code", "=", "due")]))
        self.assertEqual(cases.search([]).filtered_domain([("next_reason_code", "=", "no_address")]), waiting)
        groups = dict(cases._read_group([], ["next_reason_code"], ["__count"]))
        self.assertEqual(groups["no_address"], 1)

    def test_unread_answer_is_the_reason_shown(self):
        self._night()
        self._case().sudo().reply_unread_since = self.now
        self.assertIn("somebody must read it first", self._case().with_user(self.user).next_reason_text)

    def test_open_case_from_the_invoice_and_the_customer(self):
        self.assertEqual(self.late.with_user(self.user).action_collection_open_case()["res_id"], self._case().id)
        customer = self.customer.with_user(self.user).with_company(self.company)
        self.assertEqual(customer.collection_case_id, self._case())
        self.assertEqual(customer.collection_amount_overdue, 300)
        self.assertEqual(customer.action_collection_open_cases()["res_id"], self._case().id)
        with self.assertRaises(UserError):
            self.paid.with_user(self.user).action_collection_open_case()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestFollowUpNow(ViewsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_item(14, 300)

    def _open(self, records):
        action = records.with_user(self.user)
        action = action.action_collection_follow_up() if records._name == "account.move" else action.action_follow_up()
        self.assertEqual(action["res_model"], "collection.follow.up")
        return self.env["collection.follow.up"].with_user(self.user).browse(action["res_id"])

    def test_proposal_is_the_gentlest_stage_that_fits(self):
        self._refresh()
        wizard = self._open(self.invoice)
        self.assertEqual(wizard.case_id, self._case())
        self.assertEqual(wizard.stage_id, self.stage["friendly_reminder"])
        self.assertEqual(wizard.item_ids.move_id, self.invoice)
        self.assertEqual(wizard.address, self.customer.email)
        self.assertTrue(wizard.allowed, wizard.verdict_text)
        self.assertIn("{{items}}", wizard.body_html)

    def test_the_names_of_people_are_filled_in_and_the_facts_are_not(self):
        self._refresh()
        wizard = self._open(self.invoice)
        self.assertIn(self.company.name, wizard.subject)
        self.assertNotIn("{{greeting}}", wizard.body_html)
        self.assertIn("{{items}}", wizard.body_html)

    def test_an_invoice_is_proposed_its_own_stage_not_that_of_a_younger_one(self):
        older = self._create_item(31, 300)
        self._refresh()
        older.collection_item_ids._note_asked(self.stage["help_offer"], self.today - timedelta(days=9))
        self._refresh()
        self.assertEqual(self._open(older).stage_id, self.stage["firm_reminder"])

    def test_a_word_that_cannot_be_filled_in_is_refused(self):
        self._refresh()
        wizard = self._open(self.invoice)
        wizard.body_html = "<p>{{items}} {{Amount Owed}}</p>"
        with self.assertRaisesRegex(UserError, "Amount Owed"):
            wizard.action_send()

    def test_a_message_without_the_items_or_a_subject_is_refused(self):
        self._refresh()
        wizard = self._open(self.invoice)
        wizard.body_html = "<p>Please pay.</p>"
        with self.assertRaisesRegex(UserError, "Keep {{items}}"):
            wizard.action_send()
        wizard.write({"body_html": "<p>{{items}}</p>", "subject": " "})
        with self.assertRaisesRegex(UserError, "subject"):
            wizard.action_send()

    def test_message_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = shipped(self.env, "friendly_reminder", "friendly").with_context(lang="fr_FR")
        template.write({"subject": "Un mot de {{company}}", "body_html": "<p>{{greeting}}</p>{{items}}"})
        self.customer.lang = "fr_FR"
        self._refresh()
        self.assertEqual(self._open(self.invoice).subject, f"Un mot de {self.company.name}")

    def test_send_plans_the_edited_message_signed_by_the_user(self):
        self._refresh()
        wizard = self._open(self.invoice)
        with Form(wizard) as form:
            form.subject = "About your order"
            form.body_html = "<p>Dear Ann, a word about this: {{items}}{{pay_button}} Call me.</p>{{signature}}"
        wizard.action_send()
        step = self._case().step_ids
        self.assertEqual(step.state, "approved")
        self.assertTrue(step.is_manual)
        self.assertEqual(step.user_id, self.user)
        self.assertEqual(step.item_ids.move_id, self.invoice)
        self._act()
        contact = self._sent()
        self.assertEqual(contact.subject, "About your order")
        self.assertIn("Dear Ann", contact.body_html)
        self.assertEqual(contact.amount, 300)

    def test_changing_the_stage_changes_the_words(self):
        self._refresh()
        with Form(self._open(self.invoice)) as form:
            form.stage_id = self.stage["check_in"]
            self.assertIn("Is everything all right?", form.subject)

    def test_stage_the_items_are_too_young_for_is_not_offered(self):
        self._refresh()
        wizard = self._open(self.invoice)
        self.assertEqual(wizard.usable_stage_ids, self.stage["friendly_reminder"] | self.stage["check_in"])

    def test_formal_notice_is_offered_after_the_firm_reminder_only(self):
        invoice = self._create_item(50, 70, partner=self._create_customer("Borealis"))
        self._refresh()
        formal = self.stage["formal_notice"]
        self.assertNotIn(formal, self._open(invoice).usable_stage_ids)
        invoice.collection_item_ids.sudo()._note_asked(self.stage["firm_reminder"], self.today - timedelta(days=15))
        self._refresh()
        self.assertIn(formal, self._open(invoice).usable_stage_ids)

    def test_young_and_held_items_are_not_asked_for(self):
        young = self._create_item(2, 10)
        held = self._create_item(20, 20)
        held.no_followup = True
        self._refresh()
        wizard = self._open(self._case())
        self.assertEqual(wizard.item_ids.move_id, self.invoice)
        for added in (young, held):
            wizard.item_ids = self.invoice.collection_item_ids | added.collection_item_ids
            with self.subTest(added=added.name), self.assertRaises(UserError):
                wizard.action_send()
        self.assertFalse(self._case().step_ids)

    def test_item_too_young_for_any_stage_is_told_with_its_day(self):
        young = self._create_item(2, 10, partner=self._create_customer("Borealis"))
        self._create_item(-3, 5000, partner=young.partner_id)
        self._refresh()
        if not young.collection_case_id:
            with self.assertRaises(UserError):
                self._open(young)
            return
        wizard = self._open(young)
        self.assertFalse(wizard.allowed)
        self.assertIn("03/19/2026", wizard.verdict_text)

    def test_verdict_is_told_before_anybody_writes(self):
        self._night_and_act()
        self.assertEqual(len(self._sent()), 1)
        wizard = self._open(self.invoice)
        self.assertFalse(wizard.allowed)
        self.assertIn("heard from us recently", wizard.verdict_text)
        self.assertIn("3/21/26, 8:00", wizard.verdict_text)
        with self.assertRaises(UserError):
            wizard.action_send()
        self.assertEqual(len(self._case().step_ids), 1)

    def test_unread_answer_is_told(self):
        self._refresh()
        self._case().sudo().reply_unread_since = self.now
        wizard = self._open(self._case())
        self.assertFalse(wizard.allowed)
        self.assertIn("somebody must read it first", wizard.verdict_text)

    def test_missing_address_is_told(self):
        self.customer.email = False
        self._refresh()
        wizard = self._open(self._case())
        self.assertFalse(wizard.allowed)
        self.assertIn("no e-mail address", wizard.verdict_text)

    def test_several_customers_hear_once_each_and_the_rest_is_explained(self):
        silent = self._create_item(14, 80, partner=self._create_customer("No Address", email=False))
        other = self._create_item(7, 60, partner=self._create_customer("Borealis"))
        also = self._create_item(8, 40, partner=other.partner_id)
        formal = self._create_item(50, 70, partner=self._create_customer("Cirrus"))
        self._refresh()
        formal.collection_item_ids.sudo()._note_asked(self.stage["firm_reminder"], self.today - timedelta(days=15))
        self._refresh()
        wizard = self._open(self.invoice | silent | other | also | formal)
        self.assertEqual((wizard.line_count, wizard.allowed_count), (4, 2))
        wizard.action_send()
        self.assertEqual(wizard.state, "done")
        result = {line.case_id.partner_id: line for line in wizard.line_ids}
        self.assertEqual(result[self.customer].result, "sent")
        self.assertEqual(result[other.partner_id].result, "sent")
        self.assertEqual(result[silent.partner_id].result, "held")
        self.assertIn("no e-mail address", result[silent.partner_id].result_text)
        self.assertEqual(result[formal.partner_id].result, "held")
        self.assertIn("needs a yes of its own", result[formal.partner_id].result_text)
        self.assertIn("2 of 4", wizard.result_text)
        self._act()
        self.assertEqual(len(self._sent(other.partner_id)), 1)
        self.assertEqual(self._sent(other.partner_id).amount, 100)
        self.assertFalse(self._sent(silent.partner_id))

    def test_one_refusal_does_not_stop_the_others(self):
        other = self._create_item(7, 60, partner=self._create_customer("Borealis"))
        self._refresh()
        wizard = self._open(self.invoice | other)
        self._case().sudo().reply_unread_since = self.now
        wizard.action_send()
        result = {line.case_id.partner_id: line for line in wizard.line_ids}
        self.assertEqual(result[self.customer].result, "held")
        self.assertIn("somebody must read it first", result[self.customer].result_text)
        self.assertEqual(result[other.partner_id].result, "sent")

    def test_preview_shows_the_message_and_leaves_nothing(self):
        self._refresh()
        wizard = self._open(self.invoice)
        wizard.body_html = "<p>Dear Ann {{items}}</p>"
        steps = self.env["collection.step"].search_count([])
        contents = self.env["collection.contact.content"].search_count([])
        wizard.action_preview()
        self.assertIn("Dear Ann", wizard.preview_html)
        self.assertIn(self.invoice.name, wizard.preview_html)
        self.assertEqual(self.env["collection.step"].search_count([]), steps)
        self.assertEqual(self.env["collection.contact.content"].search_count([]), contents)

    def test_invoices_no_message_asks_for_are_named(self):
        excluded = self._create_item(20, 90, partner=self._create_customer("Excluded One"))
        excluded.line_ids.no_followup = True
        young = self._create_item(-3, 90, partner=self._create_customer("Early One"))
        paid = self._create_item(20, 90, partner=self._create_customer("Paid One"))
        self._pay(paid)
        self._refresh()
        wizard = self._open(self.invoice | excluded | young | paid)
        self.assertEqual(
            wizard.left_out_text.splitlines(),
            [
                f"{excluded.name}, Excluded One: Excluded from follow-up.",
                f"{young.name}, Early One: It is not late.",
                f"{paid.name}, Paid One: Nothing is open on it.",
            ],
        )
        self.assertIn(self._case(), wizard.line_ids.case_id)
        with self.assertRaisesRegex(UserError, "Excluded One: Excluded from follow-up"):
            self._open(excluded | paid)

    def test_a_held_customer_is_named_once(self):
        self.env["collection.hold"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "reason": "customer_request",
                "date_end": self.today + timedelta(days=5),
            }
        )
        self._refresh()
        wizard = self._open(self.invoice)
        self.assertFalse(wizard.left_out_text)
        self.assertIn("Paused until 03/21/2026: The customer asked for time.", wizard.line_ids.verdict_text)

    def test_what_is_held_is_named_with_what_to_do_about_it(self):
        self.invoice.is_move_sent = False
        self.company.collection_require_delivery = True
        self._refresh()
        wizard = self._open(self.invoice)
        self.assertIn(f"{self.invoice.name}: The invoice was never sent to the customer.", wizard.verdict_text)
        self.assertIn("Open the invoice and press “Send”", wizard.verdict_html)
        self.assertFalse(wizard.eligible_item_ids)
        with Form(wizard) as form:
            self.assertTrue(form._get_modifier("item_ids", "invisible"), "an empty table says nothing")

    def test_more_than_five_invoices_are_counted(self):
        moves = [self._create_item(20, 10) for _count in range(7)]
        self._refresh()
        text = self._case()._describe_with_cure("excluded", self.env["account.move"].union(*moves))
        self.assertIn("2 more: Excluded from follow-up. To ask for it, untick", text)

    def test_of_several_the_reason_can_be_read_on_a_phone_too(self):
        other = self._create_customer("No Address", email=False)
        self._create_item(20, 90, partner=other)
        self._refresh()
        wizard = self._open(self.invoice | other.invoice_ids)
        view = self.env.ref("collections_relationship.view_collection_follow_up_form")
        arch = etree.fromstring(wizard.get_view(view.id)["arch"])
        [lines] = arch.xpath("//field[@name='line_ids']")
        self.assertEqual(lines.get("mode"), "list,kanban")
        for view in ("list", "kanban"):
            shown = lines.xpath(f"./{view}//field[@name='verdict_text'] | ./{view}//field[@name='date_next']")
            self.assertEqual({field.get("name") for field in shown}, {"verdict_text", "date_next"})
        self.assertEqual(wizard.line_ids._fields["verdict_text"].type, "text", "in a list it wraps instead of being cut")

    def test_waiting_step_shows_the_message_as_it_would_leave(self):
        self._refresh()
        self.stage["friendly_reminder"].mode = "approve"
        self._night()
        step = self._case().step_ids.filtered(lambda step: step.state == "waiting").with_user(self.user)
        self.assertEqual(len(step), 1)
        self.assertEqual(step.amount_asked, 300)
        self.assertEqual(step.oldest_days_late, 14)
        self.assertIn(self.invoice.name, step.preview_html)
        self.assertTrue(step.preview_subject)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestPauseAndPeople(ViewsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_item(14, 300)
        cls.other = cls._create_item(14, 80, partner=cls._create_customer("Borealis"))

    def setUp(self):
        super().setUp()
        self._refresh()

    def _pause(self, action, **values):
        wizard = self.env["collection.pause"].with_user(self.user).browse(action["res_id"])
        wizard.write({"reason": "clarification", "date_end": self.today + timedelta(days=5), **values})
        wizard.action_pause()
        return self.env["collection.hold"].search([("company_id", "=", self.company.id)], order="id")

    def test_several_invoices_are_paused_at_once_and_show_it_at_once(self):
        moves = (self.invoice | self.other).with_user(self.user)
        holds = self._pause(moves.action_collection_pause(), note="We look into it")
        self.assertEqual(holds.move_id, self.invoice | self.other)
        self.assertEqual(holds.mapped("user_id"), self.user)
        self.assertEqual(set(holds.mapped("date_end")), {self.today + timedelta(days=5)})
        self.assertEqual(set(moves.mapped("collection_hold_code")), {"paused"})

    def test_customer_is_paused_with_all_that_is_open(self):
        second = self._create_item(20, 50)
        holds = self._pause(self._case().with_user(self.user).with_company(self.company).action_pause())
        self.assertEqual((holds.partner_id, holds.move_id), (self.customer, self.env["account.move"]))
        self.assertEqual(set((self.invoice | second).mapped("collection_hold_code")), {"paused"})
        self.assertFalse(self.other.collection_hold_code)

    def test_invoices_can_widen_to_their_customers(self):
        holds = self._pause(self.invoice.with_user(self.user).action_collection_pause(), covers="partners")
        self.assertEqual((holds.partner_id, holds.move_id), (self.customer, self.env["account.move"]))

    def test_opening_entry_of_two_customers_is_paused_for_both(self):
        account = self.company_data["default_account_receivable"].id
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": self.today - timedelta(days=60),
                "line_ids": [
                    Command.create({"account_id": account, "partner_id": self.customer.id, "debit": 70}),
                    Command.create({"account_id": account, "partner_id": self.other.partner_id.id, "debit": 30}),
                    Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": 100}),
                ],
            }
        )
        entry.action_post()
        entry.line_ids.no_followup = False
        self._refresh()
        holds = self._pause(entry.with_user(self.user).action_collection_pause())
        self.assertEqual(holds.partner_id, self.customer | self.other.partner_id)
        self.assertEqual(entry.collection_item_ids.mapped("hold_code"), ["paused", "paused"])
        self.assertFalse(self.invoice.collection_hold_code)

    def test_pause_of_the_past_is_refused(self):
        with self.assertRaises(UserError):
            self._pause(self.invoice.with_user(self.user).action_collection_pause(), date_end=date(2026, 3, 15))

    def test_paid_invoice_cannot_be_paused(self):
        self._pay(self.invoice)
        self._refresh()
        with self.assertRaises(UserError):
            self.invoice.with_user(self.user).action_collection_pause()

    def test_cases_are_handed_over_together(self):
        cases = self._case() | self._case(self.other.partner_id)
        wizard = (
            self.env["collection.reassign"]
            .with_user(self.user)
            .with_context(active_model="collection.case", active_ids=cases.ids)
            .create({"user_id": self.manager.id})
        )
        self.assertEqual(wizard.case_ids, cases)
        wizard.action_reassign()
        self.assertEqual(cases.user_id, self.manager)
        self.assertTrue(all(cases.mapped("user_is_chosen")))
        self.env["collection.responsible"].create({"user_id": self.user.id, "company_id": self.company.id})
        self._refresh()
        self.assertEqual(cases.user_id, self.manager, "a person chose; the rules leave it alone")
        wizard.write({"by_rules": True})
        wizard.action_reassign()
        self.assertEqual(cases.user_id, self.user)

    def test_everybody_names_the_own_stand_in(self):
        me = self.user.with_user(self.user)
        me.write(
            {
                "collection_cover_id": self.manager.id,
                "collection_away_from": self.today,
                "collection_away_until": self.today + timedelta(days=3),
            }
        )
        self.assertEqual(self.user._collection_stand_in(self.today + timedelta(days=3)), self.manager)
        self.assertEqual(self.user._collection_stand_in(self.today + timedelta(days=4)), self.user)
        with self.assertRaises(AccessError):
            self.manager.with_user(self.user).write({"collection_cover_id": self.user.id})
        with self.assertRaises(ValidationError):
            me.write({"collection_cover_id": self.user.id})
        with self.assertRaises(ValidationError):
            me.write({"collection_away_until": self.today - timedelta(days=1)})


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestChecklist(ViewsCommon):
    def _checklist(self, user=None):
        model = self.env["collection.checklist"].with_user(user or self.manager).with_company(self.company)
        return model.browse(model.action_open()["res_id"])

    def _status(self, code):
        line = self._checklist().line_ids.filtered(lambda line: line.code == code)
        return line.status, line.text

    def test_policy(self):
        self.company.collection_policy_id = False
        self.assertEqual(self._status("policy")[0], "ok", "a policy is for everybody")
        self.env["collection.policy"].search([]).country_ids = self.env.ref("base.fr")
        self.assertEqual(self._status("policy")[0], "todo")
        checklist = self._checklist()
        checklist.policy_id = self.policy
        checklist.action_save()
        self.assertEqual(self.company.collection_policy_id, self.policy)
        self.assertEqual(self._status("policy")[0], "ok")

    def test_sender(self):
        self.company.email = "no address"
        self.assertEqual(self._status("sender")[0], "todo")
        self.company.email = "billing@azure.example.com"
        self.assertEqual(self._status("sender")[0], "ok")

    def test_outgoing_mail(self):
        self.env["ir.mail_server"].search([]).active = False
        with patch.dict(config.options, {"smtp_server": "localhost", "smtp_port": 25}):
            self.assertEqual(self._status("outgoing")[0], "todo")
        with patch.dict(config.options, {"smtp_server": "mail.example.com"}):
            self.assertEqual(self._status("outgoing")[0], "ok")
        self.env["ir.mail_server"].create({"name": "Out", "smtp_host": "localhost"})
        self.assertEqual(self._status("outgoing")[0], "ok")

    def test_answers(self):
        self.company.alias_domain_id = False
        self.assertEqual(self._status("incoming")[0], "todo")
        self.company.alias_domain_id = self.env["mail.alias.domain"].create({"name": "answers.example.com"})
        self.assertEqual(self._status("incoming")[0], "ok")

    def test_bank_data_without_statements_are_confirmed_by_a_person(self):
        self.company.collection_bank_checked_on = False
        self.assertEqual(self._status("bank")[0], "todo")
        line = self._checklist().line_ids.filtered(lambda line: line.code == "bank")
        line.action_confirm()
        self.assertEqual(self.company.collection_bank_checked_on, self.today)
        self.assertEqual(self._status("bank")[0], "ok")
        self.company.collection_bank_checked_on = self.today - timedelta(days=7)
        self.assertEqual(self._status("bank")[0], "look")

    def test_bank_data_of_statements_grow_old(self):
        statement_line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": date(2026, 3, 9),
                "amount": 10,
                "payment_ref": "x",
            }
        )
        status, text = self._status("bank")
        self.assertEqual(status, "todo")
        self.assertIn("03/09/2026", text)
        statement_line.date = date(2026, 3, 13)
        self.assertEqual(self._status("bank")[0], "ok")

    def test_opening_balances_are_named_and_decided_line_by_line(self):
        self.assertEqual(self._status("opening")[0], "ok")
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": self.today - timedelta(days=60),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.company_data["default_account_receivable"].id,
                            "partner_id": self.customer.id,
                            "debit": 700,
                        }
                    ),
                    Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": 700}),
                ],
            }
        )
        entry.action_post()
        status, text = self._status("opening")
        self.assertEqual(status, "look")
        self.assertIn("700.00", text)
        action = self._checklist().line_ids.filtered(lambda line: line.code == "opening").action_do()
        lines = self.env["account.move.line"].with_user(self.manager).search(action["domain"])
        self.assertEqual(lines, entry.line_ids.filtered("partner_id"))
        lines.no_followup = False
        self.assertEqual(self._status("opening")[0], "ok")
        self._refresh()
        self.assertEqual(entry.collection_hold_code, False)
        self.assertEqual(entry.collection_days_late, 60)

    def test_first_nights(self):
        self.company.write({"collection_night_cap": 0, "collection_night_cap_until": False})
        self.assertEqual(self._status("first_nights")[0], "look")
        checklist = self._checklist()
        checklist.write({"night_cap": 20, "night_cap_until": self.today + timedelta(days=5)})
        checklist.action_save()
        self.assertEqual(self.company.collection_night_cap, 20)
        self.assertEqual(self._status("first_nights")[0], "ok")

    def test_responsibles(self):
        self._create_item(14, 300)
        self._refresh()
        self.assertEqual(self._status("responsible")[0], "todo", "nobody looks after the case")
        self.env["collection.responsible"].create({"user_id": self.user.id, "company_id": self.company.id})
        self._refresh()
        self.assertEqual(self._status("responsible")[0], "ok")

    def test_every_line_has_a_button_but_those_of_administrators(self):
        self.company.alias_domain_id = self.env["mail.alias.domain"].create({"name": "answers.example.com"})
        lines = self._checklist().line_ids
        self.assertEqual(set(lines.filtered(lambda line: not line.can_do).mapped("code")), {"outgoing", "payment", "retention"})
        self.manager.group_ids += self.env.ref("base.group_system")
        self.assertTrue(all(self._checklist().line_ids.mapped("can_do")))

    def test_every_button_leads_to_something_the_user_may_read(self):
        self.company.write({"collection_bank_checked_on": False})
        for groups in ("account.group_account_manager", "base.group_system"):
            self.manager.group_ids += self.env.ref(groups)
            for domain in (False, self.env["mail.alias.domain"].create({"name": f"{groups}.example.com"})):
                self.company.alias_domain_id = domain
                for line in self._checklist().line_ids.filtered("can_do"):
                    with self.subTest(line=line.code, groups=groups):
                        action = line.action_do()
                        self.assertTrue(self.env[action["res_model"]].with_user(self.manager).has_access("read"))

    def test_only_managers_of_the_company_decide(self):
        with self.assertRaises(AccessError):
            self._checklist(self.user)
        other = self.setup_other_company(name="Another Company")["company"]
        with self.assertRaises(AccessError):
            self.env["collection.checklist"].with_user(self.manager).create({"company_id": other.id})

    def test_settings_write_the_company(self):
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        settings.collection_night_cap = 7
        settings.collection_user_id = self.user
        settings.collection_policy_id = self.policy
        settings.execute()
        self.assertEqual(self.company.collection_night_cap, 7)
        self.assertEqual(self.company.collection_user_id, self.user)
        self.assertEqual(self.company.collection_policy_id, self.policy)


@tagged("post_install", "-at_install")
class TestTour(HttpCase, ViewsCommon):
    def test_collector_follows_up_and_pauses(self):
        type(self).today = date.today()
        # The tour runs by the real clock, whatever the hour.
        self.policy.write({"hour_from": 0, "hour_to": 24})
        self._create_item(14, 300, partner=self._create_customer("Azure Tour"))
        self._create_item(25, 80, partner=self._create_customer("Borealis Tour"))
        cirrus = self._create_customer("Cirrus Tour")
        self._create_item(14, 80, partner=cirrus)
        self.env["collection.item"].sudo()._refresh(date.today(), self.env.cr.now(), self.company)
        self._case(cirrus).sudo().stage_id = False
        self.start_tour("/odoo/collection-cases", "collections_relationship_follow_up", login="collector")
        azure, borealis = (
            self.env["collection.case"].search([("partner_id.name", "=", name)])
            for name in ("Azure Tour", "Borealis Tour")
        )
        self.assertEqual(azure.step_ids.mapped("state"), ["approved"])
        self.assertTrue(azure.step_ids.is_manual)
        hold = self.env["collection.hold"].search([("partner_id", "=", borealis.partner_id.id)])
        self.assertEqual(hold.move_id, borealis.item_ids.move_id)
        self.assertEqual(borealis.item_ids.hold_code, "paused")


@tagged("post_install", "-at_install")
class TestCompanyDay(CollectionCommon):
    """How many days something is late depends on where the company is, not on who looks from where."""

    @freeze_time("2026-03-16 03:00:00")
    def test_screens_count_to_the_companys_day_as_mails_do(self):
        self.company.partner_id.tz = "America/New_York"  # still Sunday the 15th there
        invoice = self._create_item(10)
        self._refresh()
        self.assertEqual(self.company._collection_today(fields.Datetime.now()), date(2026, 3, 15))
        for zone in ("Asia/Tokyo", "America/Los_Angeles", "UTC"):
            here = self.env(context={**self.env.context, "tz": zone})
            seen = invoice.with_env(here)
            self.assertEqual(seen.collection_days_late, 9, zone)
            self.assertEqual(seen.collection_item_ids.days_late, 9, zone)
            self.assertEqual(self._case().with_env(here).days_late, 9, zone)
            for model, field, record in (
                ("account.move", "collection_days_late", seen),
                ("collection.item", "days_late", seen.collection_item_ids),
            ):
                found = here[model].search([(field, "=", 9), ("id", "=", record.id)])
                self.assertEqual(found, record, (zone, model))
                self.assertFalse(here[model].search([(field, ">", 9), ("id", "=", record.id)]), (zone, model))

    def test_a_branch_counts_as_the_company_above_it(self):
        self.company.partner_id.tz = "America/New_York"
        branch = self._create_branch("Azure West")
        branch.partner_id.tz = "Asia/Tokyo"
        self.assertEqual(branch._collection_zone(), "America/New_York")
