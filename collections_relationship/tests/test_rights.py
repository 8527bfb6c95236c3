"""Who sees and does what: an Invoicing user, a manager, a portal user, a user of another company."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import CollectionCommon, shipped

#: Models with records that belong to one company.
OF_A_COMPANY = [
    "collection.case",
    "collection.case.event",
    "collection.item",
    "collection.step",
    "collection.contact",
    "collection.contact.content",
    "collection.hint",
    "collection.hold",
    "collection.protection",
    "collection.run",
    "collection.deletion",
    "collection.letter.batch",
    "collection.statement",
    "collection.responsible",
    "collection.arrangement",
    "collection.arrangement.item",
    "collection.arrangement.line",
    "collection.arrangement.event",
    "collection.arrangement.approval",
    "collection.delegation",
    "collection.allocation",
    "collection.final.payment",
]
#: Models only the machine writes.
ONLY_READ = [
    "collection.allocation",
    "collection.final.payment",
    "collection.arrangement.approval",
    "collection.arrangement.event",
    "collection.case.event",
    "collection.item",
    "collection.step",
    "collection.contact",
    "collection.contact.content",
    "collection.hint",
    "collection.run",
    "collection.deletion",
    "collection.letter.batch",
    "collection.statement",
]
#: Models managers own.
OWNED_BY_MANAGERS = [
    "collection.policy",
    "collection.stage",
    "collection.template",
    "collection.responsible",
    "collection.rule.pack",
    "collection.resource",
]
#: Who reads and writes the published policy is tested with it.
PUBLISHED = ["collection.public.policy", "collection.public.policy.version", "collection.public.policy.reading"]
#: What is added up from the books; who reads it is tested with it.
REPORTS = ["collection.given.up"]
FOR_USERS = [
    "collection.call",
    "collection.follow.up",
    "collection.follow.up.line",
    "collection.follow.up.way",
    "collection.pause",
    "collection.reschedule",
    "collection.reassign",
    "collection.refuse",
    "collection.protection.end",
    "collection.log.export",
    "collection.statement.export",
    "collection.arrangement.decide",
    "collection.arrangement.answer",
    "collection.match.payment",
    "collection.match.payment.line",
]
#: Limits are written by managers and confirmed by a second one; tested with them.
BY_TWO_PEOPLE = [
    "collection.limit",
    "collection.limit.discount",
    "collection.limit.approver",
    "collection.limit.change",
]
#: What the machine keeps about its own mails to colleagues; it belongs to a user, not to a company.
FOR_NOBODY = ["collection.digest", "collection.arrangement.code"]
DECISIONS_ABOUT_STEPS = (
    "action_approve",
    "action_refuse",
    "action_resolve_unknown_sent",
    "action_resolve_unknown_not_sent",
)
FOR_MANAGERS = [
    "collection.checklist",
    "collection.checklist.line",
    "collection.import",
    "collection.forget",
]


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestRights(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("invoicing", "account.group_account_invoice")
        cls.manager = cls._create_user("manager", "account.group_account_manager")
        cls.colleague = cls._create_user("colleague", "base.group_user")
        cls.portal = new_test_user(
            cls.env,
            "portal",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.portal.partner_id.parent_id = cls.customer
        other = cls.setup_other_company(name="Another Company")
        cls.other_company = other["company"]
        cls.stranger = cls._create_user("stranger", "account.group_account_manager", cls.other_company)
        cls.invoice = cls._create_item(31, 400)
        cls._create_item(14, 90, partner=cls._create_customer("Borealis"))
        cls.hold = cls.env["collection.hold"].create(
            {
                "partner_id": cls._create_customer("Cirrus").id,
                "company_id": cls.company.id,
                "reason": "internal",
                "date_end": cls.today + timedelta(days=3),
            }
        )
        cls.protection = cls.env["collection.protection"].create(
            {"partner_id": cls._create_customer("Dorado").id, "company_id": cls.company.id, "kind": "cease"}
        )
        cls.env["collection.deletion"].sudo().create(
            {"company_id": cls.company.id, "date": cls.now, "deleted_count": 1, "kept": {"young": 2}}
        )
        cls.env["collection.letter.batch"].sudo().create(
            {"company_id": cls.company.id, "date": cls.now, "user_id": cls.user.id, "letter_count": 1}
        )
        cls.env["collection.statement"].sudo().create(
            {"company_id": cls.company.id, "partner_id": cls.customer.id, "date": cls.today}
        )
        Arrangement = cls.env["collection.arrangement"]
        cls.arrangement = Arrangement.create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "item_ids": Arrangement._values_of(cls.invoice.line_ids.filtered("date_maturity"), {}),
                "line_ids": [Command.create({"date": cls.today + timedelta(days=3), "amount": 400.0})],
            }
        )
        cls.arrangement._note_event("draft", cls.now)
        cls.env["collection.arrangement.approval"].sudo().create(
            {
                "arrangement_id": cls.arrangement.id,
                "date": cls.now,
                "user_id": cls.manager.id,
                "decision": "no",
            }
        )
        payment = {
            "partner_id": cls.customer.id,
            "company_id": cls.company.id,
            "currency_id": cls.company.currency_id.id,
            "user_id": cls.user.id,
            "amount": 5,
        }
        cls.env["collection.allocation"].sudo().create({**payment, "date": cls.now, "basis": "by_hand"})
        cls.env["collection.final.payment"].sudo().create(
            {**payment, "credit_line_id": cls.invoice.line_ids[:1].id, "decision": "part", "note": "Rang him"}
        )
        cls.env["collection.delegation"].create(
            {
                "user_id": cls.manager.id,
                "delegate_id": cls.user.id,
                "company_id": cls.company.id,
                "date_start": cls.today,
                "date_end": cls.today,
            }
        )
        cls.rule = cls.env["collection.responsible"].create({"user_id": cls.user.id, "company_id": cls.company.id})
        cls.own_policy = cls.policy.copy({"company_id": cls.company.id})

    @classmethod
    def _create_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    def setUp(self):
        super().setUp()
        self._night_and_act()
        self.case = self._case()
        self.case.sudo()._receive_answer(
            self.now,
            subject=False,
            body="We will pay tomorrow.",
            message_id="<rights@made-up.example.com>",
            author=self.customer,
            address=self.customer.email_normalized,
            channel="email",
        )
        self.samples = {
            name: self.env[name].sudo().search([("company_id", "=", self.company.id)], limit=1)
            for name in OF_A_COMPANY
            if name != "collection.case.event"
        }
        self.samples["collection.case.event"] = self.case.event_ids[:1]
        for name, record in self.samples.items():
            self.assertTrue(record, f"the test needs a {name}")

    def _models(self):
        names = self.env["ir.model"].sudo().search([("model", "=like", "collection.%")]).mapped("model")
        return [name for name in names if not self.env[name]._abstract]

    # === NOTHING IS FORGOTTEN === #

    def test_every_model_is_judged_here(self):
        judged = {*OF_A_COMPANY, *OWNED_BY_MANAGERS, *FOR_USERS, *FOR_MANAGERS, *FOR_NOBODY, *PUBLISHED, *BY_TWO_PEOPLE}
        judged |= {"collection.dirty", "collection.template.version", *REPORTS}
        self.assertEqual(set(self._models()) - judged, set(), "a new model needs its rights tested")

    def test_what_is_for_nobody_is_hidden_from_everybody(self):
        for name in FOR_NOBODY:
            for user in (self.user, self.manager, self.portal):
                with self.subTest(model=name, user=user.login), self.assertRaises(AccessError):
                    self.env[name].with_user(user).search([])

    def test_every_model_has_rights_and_a_company_rule(self):
        without_company = {
            "collection.template",
            "collection.template.version",
            "collection.dirty",
            "collection.rule.pack",
            *FOR_NOBODY,
        }
        for name in self._models():
            with self.subTest(model=name):
                model = self.env["ir.model"]._get(name)
                self.assertTrue(model.access_ids, "no access rights")
                if not self.env[name]._transient and name not in without_company:
                    self.assertTrue(model.rule_ids.filtered(lambda rule: not rule.groups), "no rule about companies")

    # === AN INVOICING USER === #

    def test_user_reads_everything_of_the_company(self):
        for name, record in self.samples.items():
            with self.subTest(model=name):
                record.with_user(self.user).read()
        for name in OWNED_BY_MANAGERS:
            self.assertTrue(self.env[name].with_user(self.user).search([]), name)
            self.env[name].with_user(self.user).search([]).read()

    def test_user_never_writes_what_the_machine_writes(self):
        for user in (self.user, self.manager):
            for name in ONLY_READ:
                record = self.samples[name].with_user(user)
                with self.subTest(user=user.login, model=name):
                    for operation in ("create", "write", "unlink"):
                        self.assertFalse(record.has_access(operation), operation)
                    with self.assertRaises(AccessError):
                        self.env[name].with_user(user).create({})
                    with self.assertRaises(UserError):
                        record.write({"company_id": False} if "company_id" in record else {"amount_overdue": 0})
                    with self.assertRaises(UserError):
                        record.unlink()

    def test_log_is_not_changed_by_anybody(self):
        contact = self.samples["collection.contact"].sudo()
        with self.assertRaises(UserError):
            contact.write({"note": "Never happened"})
        with self.assertRaises(UserError):
            contact.unlink()

    def test_user_hands_a_case_over_and_changes_nothing_else_of_it(self):
        case = self.case.with_user(self.user)
        case.write({"user_id": self.manager.id})
        self.assertEqual(self.case.user_id, self.manager)
        self.assertTrue(self.case.user_is_chosen)
        values = {
            "state": "closed",
            "stage_id": False,
            "policy_id": self.own_policy.id,
            "amount_overdue": 0.0,
            "amount_open": 0.0,
            "next_step_date": False,
            "next_stage_id": False,
            "next_reason": {},
            "hold_code": "paused",
            "reply_unread_since": False,
            "bounced_on": False,
            "last_asked": False,
            "user_is_chosen": False,
            "partner_id": self.env.user.partner_id.id,
            "company_id": self.other_company.id,
        }
        for user in (self.user, self.manager):
            for name, value in values.items():
                with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                    self.case.with_user(user).write({name: value})
                with self.subTest(user=user.login, field=name, beside="user_id"), self.assertRaises(AccessError):
                    self.case.with_user(user).write({"user_id": user.id, name: value})
        self.assertEqual(self.case.state, "open")

    def test_nobody_creates_or_deletes_a_case(self):
        for user in (self.user, self.manager):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.env["collection.case"].with_user(user).create(
                        {"partner_id": self.customer.id, "company_id": self.company.id}
                    )
                with self.assertRaises(UserError):
                    self.case.with_user(user).unlink()

    def test_user_pauses_and_ends_a_pause_but_deletes_none(self):
        hold = (
            self.env["collection.hold"]
            .with_user(self.user)
            .create(
                {
                    "partner_id": self.customer.id,
                    "reason": "promise",
                    "date_end": self.today,
                    "company_id": self.company.id,
                }
            )
        )
        self.assertEqual(hold.user_id, self.user)
        hold.date_end = self.today + timedelta(days=2)
        hold.action_end()
        self.assertFalse(hold.active)
        with self.assertRaises(AccessError):
            hold.unlink()
        self.hold.with_user(self.manager).unlink()

    def test_user_notes_and_ends_a_protection_but_nobody_deletes_one(self):
        protection = (
            self.env["collection.protection"]
            .with_user(self.user)
            .create({"partner_id": self.customer.id, "kind": "opt_out", "channel": "email", "company_id": self.company.id})
        )
        self.assertEqual(protection.user_id, self.user)
        self.env["collection.protection.end"].with_user(self.user).create(
            {"protection_ids": protection.ids, "note": "They like e-mail again"}
        ).action_end()
        self.assertFalse(protection.active)
        self.assertEqual(protection.ended_by_id, self.user)
        for user in (self.user, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                protection.with_user(user).unlink()

    def test_user_does_not_own_the_rules_of_the_house(self):
        for name in OWNED_BY_MANAGERS:
            record = self.env[name].search([], limit=1)
            with self.subTest(model=name):
                with self.assertRaises(AccessError):
                    record.with_user(self.user).write({"active": False})
                with self.assertRaises(AccessError):
                    record.with_user(self.user).unlink()
                self.assertFalse(self.env[name].with_user(self.user).has_access("create"))

    def test_user_marks_an_answer_as_read(self):
        self.case.sudo().reply_unread_since = self.now
        self.case.with_user(self.user).action_mark_reply_read()
        self.assertFalse(self.case.reply_unread_since)

    def test_user_says_yes_and_no(self):
        step = self._waiting_step()
        step.with_user(self.user).action_approve()
        self.assertEqual(step.state, "approved")
        self.assertEqual(step.approved_by_id, self.user)
        self.env["collection.refuse"].with_user(self.user).create({"step_ids": step.ids}).action_refuse()
        self.assertEqual(step.state, "cancelled")
        self.assertEqual(step.refused_by_id, self.user)

    def test_user_does_not_reach_the_setup(self):
        for name in FOR_MANAGERS:
            with self.subTest(model=name), self.assertRaises(AccessError):
                self.env[name].with_user(self.user).create({})

    # === A MANAGER === #

    def test_manager_owns_the_rules_of_the_house(self):
        manager = self.manager
        policy = (
            self.env["collection.policy"]
            .with_user(manager)
            .create(
                {
                    "name": "Patient",
                    "company_id": self.company.id,
                    "stage_ids": [Command.create({"name": "Call", "days": 40, "mode": "manual"})],
                }
            )
        )
        policy.stage_ids.days = 41
        policy.unlink()
        template = (
            self.env["collection.template"]
            .with_user(manager)
            .create({"name": "Hi", "purpose": "check_in", "subject": "Hi", "body_html": "<p>{{items}}</p>"})
        )
        template.subject = "Hello"
        self.rule.with_user(manager).write({"minimum_amount": 10})
        self.rule.with_user(manager).unlink()

    # === A PORTAL USER AND A COLLEAGUE WHO DOES NOT WORK WITH INVOICES === #

    def test_portal_user_and_other_colleagues_see_nothing(self):
        for user in (self.portal, self.colleague):
            for name in self._models():
                with self.subTest(user=user.login, model=name):
                    for operation in ("read", "create", "write", "unlink"):
                        self.assertFalse(self.env[name].with_user(user).has_access(operation), operation)
                    with self.assertRaises(AccessError):
                        self.env[name].with_user(user).search([])

    def test_customer_reads_his_invoice_without_the_follow_up(self):
        invoice = self.invoice.with_user(self.portal)
        self.assertEqual(invoice.read(["name"])[0]["name"], self.invoice.name)
        self._check_hidden(invoice)
        for condition in (
            ("collection_is_open", "=", True),
            ("collection_days_late", ">", 1),
            ("collection_stage_id", "=", self.stage["firm_reminder"].id),
            ("collection_next_date", "<", "2026-04-01"),
            ("collection_hold_code", "=", "paused"),
            ("collection_waits", "=", True),
        ):
            with self.subTest(condition=condition), self.assertRaises(AccessError):
                self.env["account.move"].with_user(self.portal).search([condition])
        with self.assertRaises(AccessError):
            self.env["account.move"].with_user(self.portal)._read_group([], ["collection_stage_id"], ["__count"])

    def test_customer_reads_himself_without_the_follow_up(self):
        self._check_hidden(self.portal.partner_id.with_user(self.portal))

    def test_portal_user_decides_nothing(self):
        step = self._waiting_step()
        for method in DECISIONS_ABOUT_STEPS:
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(step.with_user(self.portal), method)()
        self.case.sudo().reply_unread_since = self.now
        with self.assertRaises(AccessError):
            self.case.with_user(self.portal).action_mark_reply_read()
        with self.assertRaises(AccessError):
            self.case.with_user(self.portal).action_follow_up()
        with self.assertRaises(AccessError):
            self.case.with_user(self.portal)._follow_up_now(
                self.now, self.stage["check_in"], self.case.item_ids, "Hi", "<p>Hi</p>", self.portal
            )

    # === A USER OF ANOTHER COMPANY === #

    def test_stranger_sees_nothing_of_the_company(self):
        for name, record in self.samples.items():
            with self.subTest(model=name):
                self.assertNotIn(
                    record, self.env[name].with_user(self.stranger).with_context(active_test=False).search([])
                )
                with self.assertRaises(AccessError):
                    record.with_user(self.stranger).check_access("read")

    def test_stranger_shares_what_belongs_to_no_company(self):
        policies = self.env["collection.policy"].with_user(self.stranger).search([])
        self.assertIn(self.policy, policies)
        self.assertNotIn(self.own_policy, policies)
        stages = self.env["collection.stage"].with_user(self.stranger).search([])
        self.assertLessEqual(self.policy.stage_ids, stages)
        self.assertFalse(self.own_policy.stage_ids & stages)

    def test_stranger_changes_nothing(self):
        step = self._waiting_step()
        for method in DECISIONS_ABOUT_STEPS:
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(step.with_user(self.stranger), method)()
        case = self.case.with_user(self.stranger)
        for change in (
            lambda: case.write({"user_id": self.stranger.id}),
            case.action_mark_reply_read,
            lambda: case._follow_up_now(
                self.now, self.stage["check_in"], self.case.item_ids, "Hi", "<p>Hi</p>", self.stranger
            ),
            lambda: self.own_policy.with_user(self.stranger).write({"name": "Mine"}),
            lambda: self.hold.with_user(self.stranger).action_end(),
            lambda: (
                self.env["collection.hold"]
                .with_user(self.stranger)
                .create(
                    {
                        "partner_id": self.customer.id,
                        "reason": "internal",
                        "date_end": self.today,
                        "company_id": self.company.id,
                    }
                )
            ),
            lambda: self.env["collection.checklist"].with_user(self.stranger).create({"company_id": self.company.id}),
            lambda: (
                self.env["collection.import"]
                .with_user(self.stranger)
                .create({"company_id": self.company.id, "file": b"Y3VzdG9tZXI="})
                .action_import()
            ),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_stranger_logs_no_call_and_closes_none(self):
        step = self._waiting_step()
        step.sudo().write({"channel": "call", "state": "to_do"})
        Call = self.env["collection.call"].with_user(self.stranger)
        own = {"partner_id": self.customer.id, "company_id": self.stranger.company_id.id, "outcome": "conversation"}
        for values in ({**own, "company_id": self.company.id}, {**own, "step_id": step.id}):
            with self.subTest(values=values):
                wizard = Call.create({**values, "direction": "in"})
                with self.assertRaises(AccessError):
                    wizard.action_log()
                wizard.direction = "out"
                with self.assertRaises(AccessError):
                    wizard.read(["verdict_html"])
        self.assertEqual(step.state, "to_do")

    def test_a_call_is_not_logged_on_another_customers_call(self):
        step = self._waiting_step()
        step.sudo().write({"channel": "call", "state": "to_do"})
        other = self._create_customer("Brown Trading")
        wizard = self.env["collection.call"].with_user(self.user).create(
            {"partner_id": other.id, "company_id": self.company.id, "outcome": "conversation", "step_id": step.id}
        )
        with self.assertRaises(AccessError):
            wizard.action_log()

    def test_user_of_a_branch_sees_the_case_and_the_items_of_the_branch(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        receivable = self.company_data["default_account_receivable"]
        self.customer.with_company(branch).property_account_receivable_id = receivable
        branch_user = self._create_user("branch", "account.group_account_invoice", branch)
        invoice = (
            self.env["account.move"]
            .with_context(allowed_company_ids=[branch.id, self.company.id])
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": self.today - timedelta(days=50),
                    "invoice_date_due": self.today - timedelta(days=20),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [Command.create({"name": "Work done", "price_unit": 70, "tax_ids": []})],
                }
            )
        )
        invoice.action_post()
        self.assertEqual(invoice.company_id, branch)
        self._refresh()
        case = self.case.with_user(branch_user)
        self.assertEqual(case.partner_id, self.customer)
        items = self.env["collection.item"].with_user(branch_user).search([("partner_id", "=", self.customer.id)])
        self.assertEqual(items.move_id, invoice)
        self.assertIn(self.hold, self.env["collection.hold"].with_user(branch_user).search([]))

    # === HELPERS === #

    def _check_hidden(self, record):
        names = [name for name in record._fields if name.startswith("collection_")]
        self.assertGreater(len(names), 3)
        self.assertFalse(set(names) & set(record.fields_get()))
        for name in names:
            with self.subTest(field=name), self.assertRaises(AccessError):
                record.read([name])

    def _waiting_step(self):
        return (
            self.env["collection.step"]
            .sudo()
            .create(
                {
                    "case_id": self.case.id,
                    "company_id": self.company.id,
                    "stage_id": self.stage["formal_notice"].id,
                    "template_id": shipped(self.env, "formal_notice", "formal").id,
                    "purpose": "formal_notice",
                    "state": "waiting",
                    "date_planned": self.now,
                    "item_ids": [Command.set(self.case.item_ids.ids)],
                }
            )
            .with_env(self.env)
        )
