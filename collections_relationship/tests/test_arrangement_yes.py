"""Limits of arrangements, who says yes beyond them, and that nobody says it to what he wrote himself."""
from datetime import timedelta
from itertools import product

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine.limits import Beyond
from .test_arrangement import ArrangementCommon

APPROVERS = "collections_relationship.group_collection_approver"


class YesCommon(ArrangementCommon):
    """A collector, accountants who approve, managers; the limits as they were shipped, unless a test says otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("collector", "account.group_account_invoice")
        cls.accountant = cls._user("accountant1", APPROVERS)
        cls.other_accountant = cls._user("accountant2", APPROVERS)
        cls.boss = cls._user("boss1", "account.group_account_manager")
        cls.other_boss = cls._user("boss2", "account.group_account_manager")
        cls.limit = cls.env.ref("collections_relationship.limit_default")

    @classmethod
    def _user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups=groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    def _draft_of(self, user, payments=((300, 300),), waived=0.0, moves=None, **values):
        """Return a draft this user wrote, by default one beyond the limits: a payment in 300 days."""
        lines = self._line(moves or self.item)
        Arrangement = self.env["collection.arrangement"].with_user(user)
        return Arrangement.create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "currency_id": lines.currency_id.id,
                "item_ids": Arrangement._values_of(lines.with_user(user), waived={lines[0].id: waived}),
                "line_ids": [
                    Command.create({"date": self.today + timedelta(days=days), "amount": amount})
                    for days, amount in payments
                ],
                **values,
            }
        )

    def _waiting_of(self, user, *args, **values):
        arrangement = self._draft_of(user, *args, **values)
        arrangement.action_offer()
        self.assertEqual(arrangement.state, "to_approve")
        return arrangement

    def _codes(self, arrangement):
        return {one.code for one in arrangement.sudo()._beyond(self.now)}


@tagged("post_install", "-at_install")
class TestLimits(YesCommon):
    def test_inside_the_limits_nobody_is_asked(self):
        arrangement = self._draft_of(self.collector, ((30, 150), (60, 150)))
        arrangement.action_offer()
        self.assertEqual(arrangement.state, "offered")
        self.assertFalse(arrangement.approval_ids)

    def test_presets(self):
        for days, kind, codes in (
            (14, "grace", set()),
            (15, "grace", {"grace_too_long"}),
        ):
            arrangement = self._draft_of(self.collector, ((days, 300),))
            self.assertEqual((arrangement.kind, self._codes(arrangement)), (kind, codes))
        self.assertFalse(self._codes(self._draft_of(self.collector, ((1, 100), (184, 200)))))
        self.assertEqual(self._codes(self._draft_of(self.collector, ((1, 100), (185, 200)))), {"too_long"})
        big = self._create_item(20, 10001)
        self.assertEqual(self._codes(self._draft_of(self.collector, ((1, 5000), (9, 5001)), moves=big)), {"too_much"})
        even = self._create_item(20, 10000)
        self.assertFalse(self._codes(self._draft_of(self.collector, ((1, 5000), (9, 5000)), moves=even)))
        self.assertEqual(self._codes(self._draft_of(self.collector, ((1, 299),), waived=1)), {"discount"})

    def test_plans_of_a_year_add_up_per_customer(self):
        big = self._create_item(20, 9900)
        self._agree_on_the_phone(self._draft_of(self.collector, ((1, 4000), (9, 5900)), moves=big))
        small = self._draft_of(self.collector, ((1, 50), (9, 250)))
        self.assertEqual(self._codes(small), {"too_much"})
        self.env["collection.arrangement"].search([("started_on", "!=", False)]).sudo().started_on = (
            self.today - timedelta(days=366)
        )
        self.assertFalse(self._codes(small))

    def test_promises_in_a_row(self):
        for _number in range(2):
            promise = self._draft_of(self.collector, ((5, 300),))
            self.assertFalse(self._codes(promise))
            self._agree_on_the_phone(promise)
            promise.sudo()._end("broken", self.now, "broken")
        self.assertEqual(self._codes(self._draft_of(self.collector, ((5, 300),))), {"promises"})

    def test_a_second_new_plan_for_an_old_one_asks(self):
        plan = self._draft_of(self.collector, ((5, 100), (35, 200)))
        self._agree_on_the_phone(plan)
        second = self._draft_of(self.collector, ((5, 100), (65, 200)), replan_of_id=plan.id)
        self.assertFalse(self._codes(second))
        self._agree_on_the_phone(second)
        third = self._draft_of(self.collector, ((5, 100), (95, 200)), replan_of_id=second.id)
        self.assertEqual(self._codes(third), {"replans"})

    def test_discounts_by_age_and_amount(self):
        """The matrix: every cell, and the row beside it."""
        self.limit.sudo().discount_ids = [
            Command.create({"age_days": 30, "up_to_amount": 1000, "percent": 10}),
            Command.create({"age_days": 90, "up_to_amount": 1000, "percent": 30}),
            Command.create({"age_days": 90, "up_to_amount": 0, "percent": 20}),
        ]
        for age, amount, percent in (
            (29, 500, 0), (30, 500, 10), (89, 1000, 10), (90, 1000, 30), (90, 1001, 20), (30, 1001, 0),
        ):
            with self.subTest(age=age, amount=amount):
                item = self._create_item(age, amount)
                most = amount * percent / 100
                if most:
                    inside = self._draft_of(self.collector, ((1, amount - most),), waived=most, moves=item)
                    self.assertFalse(self._codes(inside))
                beyond = self._draft_of(
                    self.collector, ((1, amount - most - 0.01),), waived=most + 0.01, moves=item
                )
                self.assertEqual(self._codes(beyond), {"discount"})

    def test_the_closest_limits_hold(self):
        group = self.env["res.partner.category"].create({"name": "Key Accounts"})
        Limit = self.env["collection.limit"].sudo()
        by_policy = Limit.create({"policy_id": self.policy.id, "grace_days": 20, "state": "in_force"})
        holding = lambda: Limit._holding(self.customer, self.company, self.policy)  # noqa: E731
        self.assertEqual(holding(), by_policy)
        by_group = Limit.create({"category_ids": group.ids, "grace_days": 30, "state": "in_force"})
        self.assertEqual(holding(), by_policy)
        self.customer.category_id = group
        self.assertEqual(holding(), by_group)
        Limit.create({"category_ids": group.ids, "policy_id": self.policy.id, "grace_days": 99})
        self.assertEqual(holding(), by_group, "what nobody confirmed does not hold")

    def test_without_limits_everything_is_asked_about(self):
        self.limit.sudo().active = False
        self.assertTrue(self._codes(self._draft_of(self.collector, ((5, 300),))))

    def test_each_reason_has_its_words(self):
        """Whatever somebody is beyond, he reads a sentence; of an invoice, with its name."""
        arrangement = self._draft_of(self.collector)
        codes = (
            "too_long", "grace_too_long", "too_much", "instalment_too_small", "deposit_too_small", "promises", "replans",
            "forgiven", "discount", "discounts_of_year", "limitation",
        )
        sentences = arrangement._beyond_words(
            [Beyond(code, 7, 5, self._line(self.item).id if code in ("discount", "limitation") else None) for code in codes]
        )
        self.assertEqual(len(set(sentences)), len(codes))
        self.assertEqual(sum(self.item.name in sentence for sentence in sentences), 2)
        with self.assertRaises(ValueError):
            arrangement._beyond_words([Beyond("unheard_of", 7, 5)])

    def test_amounts_are_compared_in_the_companys_currency(self):
        currency = self.setup_other_currency("EUR", rates=[(str(self.today - timedelta(days=400)), 2.0)])
        invoice = self._create_item(20, 300, currency_id=currency.id)
        arrangement = self._draft_of(self.collector, ((1, 100), (9, 200)), moves=invoice)
        self.assertEqual(float(sum(line.amount for line in arrangement.sudo()._proposal(self.now).lines)), 150.0)
        settlement = self._draft_of(self.collector, ((1, 200),), waived=100, moves=invoice)
        self.assertIn(currency.format(100), settlement.beyond_text, "said in the currency of the arrangement")


@tagged("post_install", "-at_install")
class TestYes(YesCommon):
    def test_a_yes_lets_it_go_on(self):
        arrangement = self._waiting_of(self.collector)
        asked = arrangement.sudo().activity_ids.user_id
        self.assertLessEqual(self.accountant | self.other_accountant, asked)
        self.assertNotIn(self.collector, asked)
        arrangement.with_user(self.accountant).action_approve()
        self.assertEqual(arrangement.state, "offered")
        self.assertEqual(arrangement.approval_ids.user_id, self.accountant)
        self.assertFalse(arrangement.sudo().activity_ids)

    def test_what_the_phone_agreed_starts_with_the_yes(self):
        arrangement = self._draft_of(self.collector)
        self._agree_on_the_phone(arrangement)
        self.assertEqual(arrangement.state, "to_approve")
        arrangement.with_user(self.accountant).action_approve()
        self.assertEqual(arrangement.state, "active")

    def test_a_no_needs_a_reason_and_tells_the_colleague(self):
        arrangement = self._waiting_of(self.collector)
        wizard = self.env["collection.arrangement.decide"].with_user(self.accountant)
        action = arrangement.with_user(self.accountant).action_decide_refuse()
        with self.assertRaisesRegex(UserError, "Say why"):
            wizard.browse(action["res_id"]).action_refuse()
        wizard.browse(action["res_id"]).reason = "Too long"
        wizard.browse(action["res_id"]).action_refuse()
        self.assertEqual((arrangement.state, arrangement.approval_ids.note), ("refused", "Too long"))
        self.assertIn("Too long", arrangement.sudo().activity_ids.filtered(lambda one: one.user_id == self.collector).note)

    def test_other_terms_need_another_persons_yes(self):
        arrangement = self._waiting_of(self.collector)
        action = arrangement.with_user(self.accountant).action_decide_counter()
        counter = arrangement.with_user(self.accountant).browse(action["res_id"])
        self.assertEqual((counter.state, counter.replaces_id.id, counter.line_ids.amount), ("draft", arrangement.id, 300))
        counter.line_ids.date = self.today + timedelta(days=250)
        counter.action_offer()
        self.assertEqual((counter.state, arrangement.state), ("to_approve", "countered"))
        with self.assertRaises(AccessError):
            counter.action_approve()
        counter.with_user(self.other_accountant).action_approve()
        self.assertEqual(counter.state, "offered")

    def test_mails_to_colleagues_name_each_thing_once(self):
        """The name of the record stands before the question; nobody is 'assigned' what he is responsible for."""
        self.env = self.env(context={})  # tests write no mails otherwise
        arrangement = self._waiting_of(self.collector)
        [question] = {*arrangement.sudo().activity_ids.mapped("summary")}
        self.assertEqual(question, f"Yes or no: {self.customer.name}, {arrangement.currency_id.format(300)}")
        action = arrangement.with_user(self.accountant).action_decide_counter()
        counter = arrangement.with_user(self.accountant).browse(action["res_id"])
        self.assertEqual(counter.user_id, self.collector)
        self.assertFalse(self._assignments(counter))
        counter.action_offer()
        told = counter.sudo().activity_ids.filtered(lambda activity: activity.user_id == self.collector)
        self.assertEqual(told.summary, f"{self.accountant.name} wrote other terms than {arrangement.name}")

    def test_a_new_colleague_reads_which_arrangement_is_his(self):
        """Also of one created for him: it has its number from the start."""
        self.env = self.env(context={})  # tests write no mails otherwise
        arrangement = self._draft_of(self.collector, user_id=self.accountant.id)
        [message] = self._assignments(arrangement)
        self.assertIn(arrangement.name, message.subject)

    def _assignments(self, arrangement):
        """Return the mails that tell a colleague that it is his; they do not stand in the chatter."""
        return self.env["mail.message"].sudo().search(
            [
                ("model", "=", arrangement._name),
                ("res_id", "=", arrangement.id),
                ("subject", "=like", "You have been assigned%"),
            ]
        )

    def test_the_customers_own_terms_start_with_our_yes(self):
        arrangement = self._draft_of(self.collector, proposed_by="customer")
        arrangement.action_offer()
        arrangement.with_user(self.accountant).action_approve()
        self.assertEqual(arrangement.state, "active")

    def test_several_at_once_all_or_none(self):
        first = self._waiting_of(self.collector)
        second = self._waiting_of(self.collector, moves=self._create_item(40, 300))
        own = self._waiting_of(self.accountant, moves=self._create_item(50, 300))
        with self.assertRaises(AccessError):
            (first | second | own).with_user(self.accountant).action_approve()
        (first | second).with_user(self.accountant).action_approve()
        self.assertEqual([first.state, second.state, own.state], ["offered", "offered", "to_approve"])

    def test_a_yes_is_to_these_terms(self):
        arrangement = self._waiting_of(self.collector)
        arrangement.with_user(self.accountant).action_approve()
        self.assertTrue(arrangement._is_approved(self.now))
        arrangement.sudo().line_ids.date = self.today + timedelta(days=301)
        self.assertFalse(arrangement._is_approved(self.now))
        arrangement.sudo()._accept(self.now, "portal", "page")
        self.assertEqual(arrangement.state, "to_approve")

    def test_what_was_approved_is_accepted_without_asking_again(self):
        arrangement = self._waiting_of(self.collector)
        arrangement.with_user(self.accountant).action_approve()
        arrangement.sudo()._accept(self.now, "portal", "page")
        self.assertEqual(arrangement.state, "active")

    def test_the_ledger_may_have_moved_on(self):
        arrangement = self._waiting_of(self.collector)
        self._pay(self.item)
        with self.assertRaisesRegex(UserError, "paid already"):
            arrangement.with_user(self.accountant).action_approve()
        self.assertEqual(arrangement.state, "to_approve")

    def test_two_people_where_much_is_given_up(self):
        """20 percent is one person's, more is two persons'."""
        one = self._waiting_of(self.collector, ((5, 240),), waived=60)
        one.with_user(self.accountant).action_approve()
        self.assertEqual(one.state, "offered")
        item = self._create_item(40, 300)
        two = self._waiting_of(self.collector, ((5, 239),), waived=61, moves=item)
        two.with_user(self.accountant).action_approve()
        self.assertEqual(two.state, "to_approve")
        with self.assertRaises(AccessError):
            two.with_user(self.accountant).action_approve()
        two.with_user(self.other_accountant).action_approve()
        self.assertEqual(two.state, "offered")

    def test_two_people_from_an_amount_of_the_year(self):
        for amount, state in ((5000, "offered"), (5000.01, "to_approve")):
            item = self._create_item(40, 40000)
            arrangement = self._waiting_of(self.collector, ((5, 40000 - amount),), waived=amount, moves=item)
            arrangement.with_user(self.accountant).action_approve()
            self.assertEqual(arrangement.state, state)

    def test_a_first_yes_falls_with_the_right(self):
        arrangement = self._waiting_of(self.collector, ((5, 200),), waived=100)
        arrangement.with_user(self.accountant).action_approve()
        self.accountant.group_ids -= self.env.ref(APPROVERS)
        arrangement.with_user(self.other_accountant).action_approve()
        self.assertEqual(arrangement.state, "to_approve", "one yes is left, two are needed")
        third = self._user("accountant3", APPROVERS)
        arrangement.with_user(third).action_approve()
        self.assertEqual(arrangement.state, "offered")

    def test_who_lost_the_group_decides_no_more(self):
        arrangement = self._waiting_of(self.collector)
        self.accountant.group_ids = [Command.set(self.env.ref("account.group_account_invoice").ids)]
        with self.assertRaisesRegex(AccessError, "group of approvers"):
            arrangement.with_user(self.accountant).action_approve()

    def test_where_nobody_may_decide_a_manager_is_told(self):
        everybody = self.env["res.users"].search([("all_group_ids", "in", self.env.ref(APPROVERS).id)])
        everybody.group_ids -= self.env.ref(APPROVERS)
        arrangement = self._waiting_of(self.collector)
        activity = arrangement.sudo().activity_ids
        self.assertIn("Nobody may decide", activity.summary)
        self.assertTrue(activity.user_id.has_group("account.group_account_manager"))

    def test_decisions_are_never_changed(self):
        arrangement = self._waiting_of(self.collector)
        arrangement.with_user(self.accountant).action_approve()
        for change in (lambda row: row.write({"note": "x"}), lambda row: row.unlink()):
            with self.assertRaises(UserError):
                change(arrangement.sudo().approval_ids)


@tagged("post_install", "-at_install")
class TestNeverOnesOwn(YesCommon):
    def test_matrix(self):
        """Proposer x approver x amount x age x discount: who may say yes, and whether anybody has to."""
        self.limit.sudo().write(
            {
                "discount_ids": [Command.create({"age_days": 60, "up_to_amount": 1000, "percent": 10})],
                "approver_ids": [
                    Command.create({"user_id": self.accountant.id, "up_to_amount": 1000}),
                    Command.create({"user_id": self.other_accountant.id, "up_to_amount": 100000}),
                ],
            }
        )
        right = {self.accountant: 1000, self.other_accountant: 100000}
        people = (self.collector, self.accountant, self.other_accountant, self.boss)
        for proposer, amount, age, percent in product(people, (500, 5000), (10, 70), (0, 10, 11)):
            item = self._create_item(age, amount)
            given_up = amount * percent / 100
            arrangement = self._draft_of(proposer, ((5, amount - given_up),), waived=given_up, moves=item)
            arrangement.action_offer()
            alone = not percent or (percent == 10 and amount == 500 and age == 70)
            case = {"proposer": proposer.login, "amount": amount, "age": age, "percent": percent}
            with self.subTest(**case):
                self.assertEqual(arrangement.state, "offered" if alone else "to_approve")
            if alone:
                arrangement.sudo()._cancel(self.now)
                continue
            for approver in people:
                with self.subTest(**case, approver=approver.login):
                    may = approver != proposer and right.get(approver, 0) >= amount
                    seen = arrangement.with_user(approver)
                    self.assertEqual(seen.may_decide, may)
                    if not may:
                        with self.assertRaises(AccessError):
                            seen.action_approve()
                        self.assertEqual(arrangement.state, "to_approve")
            arrangement.sudo()._cancel(self.now)

    def test_every_door_is_closed(self):
        arrangement = self._waiting_of(self.accountant)
        own = arrangement.with_user(self.accountant)
        doors = {
            "button": own.action_approve,
            "refusal": lambda: self.env["collection.arrangement.decide"]
            .with_user(self.accountant)
            .create({"arrangement_ids": [Command.set(arrangement.ids)], "reason": "No"})
            .action_refuse(),
            "other terms": own.action_decide_counter,
            "several at once": lambda: (own | self._waiting_of(self.collector, moves=self._create_item(9, 300))).with_user(
                self.accountant
            ).action_approve(),
            "with sudo": own.sudo().action_approve,
            "state by hand": lambda: own.write({"state": "active"}),
            "authors by hand": lambda: own.write({"author_ids": [Command.clear()]}),
            "decision by hand": lambda: self.env["collection.arrangement.approval"]
            .with_user(self.accountant)
            .create({"arrangement_id": arrangement.id, "user_id": self.other_accountant.id, "decision": "yes"}),
            "decision in the arrangement": lambda: own.write(
                {"approval_ids": [Command.create({"user_id": self.other_accountant.id, "decision": "yes"})]}
            ),
        }
        for door, through in doors.items():
            with self.subTest(door=door), self.assertRaises(UserError):
                through()
            self.assertEqual(arrangement.state, "to_approve")
            self.assertFalse(arrangement.sudo().approval_ids)

    def test_an_import_carries_no_state_and_no_yes(self):
        for names, row in (
            (["partner_id/.id", "state"], [str(self.customer.id), "active"]),
            (["partner_id/.id", "proposer_id/.id"], [str(self.customer.id), str(self.collector.id)]),
            (["partner_id/.id", "approval_ids/decision"], [str(self.customer.id), "yes"]),
        ):
            with self.subTest(names=names):
                try:
                    result = self.env["collection.arrangement"].with_user(self.accountant).load(names, [row])
                except AccessError:
                    continue
                self.assertFalse(result["ids"])

    def test_who_wrote_on_the_terms_does_not_approve_them(self):
        """The draft is a colleague's; the accountant moved a payment, or an amount, or submitted it."""
        hands = {
            "payment": lambda draft: draft.line_ids.write({"date": self.today + timedelta(days=310)}),
            "item": lambda draft: draft.item_ids.write({"waived_amount": 0}),
            "terms": lambda draft: draft.write({"grace_kind": "new_due_date"}),
        }
        for name, hand in hands.items():
            with self.subTest(hand=name):
                draft = self._draft_of(self.collector)
                hand(draft.with_user(self.accountant))
                draft.action_offer()
                with self.assertRaisesRegex(AccessError, "hand in it"):
                    draft.with_user(self.accountant).action_approve()
                draft.sudo()._cancel(self.now)
        draft = self._draft_of(self.collector)
        draft.with_user(self.accountant).action_offer()
        with self.assertRaisesRegex(AccessError, "hand in it"):
            draft.with_user(self.accountant).action_approve()

    def test_taking_it_back_and_handing_it_on_changes_nothing(self):
        arrangement = self._waiting_of(self.accountant)
        arrangement.action_back_to_draft()
        arrangement.with_user(self.collector).write({"user_id": self.collector.id})
        arrangement.with_user(self.collector).action_offer()
        with self.assertRaises(AccessError):
            arrangement.with_user(self.accountant).action_approve()

    def test_nobody_decides_about_his_own_debts(self):
        self.accountant.partner_id.parent_id = self.customer
        arrangement = self._waiting_of(self.collector)
        with self.assertRaisesRegex(AccessError, "about yourself"):
            arrangement.with_user(self.accountant).action_approve()

    def test_a_stranger_and_the_portal_decide_nothing(self):
        arrangement = self._waiting_of(self.collector)
        other = self.setup_other_company(name="Another Company")["company"]
        stranger = self._user("stranger1", f"{APPROVERS},account.group_account_manager", other)
        portal = self._user("portal1", "base.group_portal")
        for user in (stranger, portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                arrangement.with_user(user).action_approve()
            self.assertFalse(arrangement.sudo()._right_to_decide(user, self.now)[0])


@tagged("post_install", "-at_install")
class TestDelegation(YesCommon):
    def _delegation(self, writer, approver, delegate, days=(0, 7)):
        return self.env["collection.delegation"].with_user(writer).create(
            {
                "user_id": approver.id,
                "delegate_id": delegate.id,
                "company_id": self.company.id,
                "date_start": self.today + timedelta(days=days[0]),
                "date_end": self.today + timedelta(days=days[1]),
            }
        )

    def test_a_second_person_reads_that_it_is_a_delegation(self):
        delegation = self.env["collection.delegation"].with_user(self.boss).create(
            {
                "user_id": self.accountant.id,
                "delegate_id": self.collector.id,
                "date_start": "2026-03-16",
                "date_end": "2026-03-20",
            }
        )
        [question] = {*delegation.sudo().activity_ids.mapped("summary")}
        for words in ("Stands in for", self.accountant.name, "03/16/2026", "03/20/2026", "second person"):
            self.assertIn(words, question)
        self.limit.with_user(self.boss).grace_days = 20
        [question] = {*self.limit.sudo().activity_ids.mapped("summary")}
        self.assertIn("Limits of arrangements", question)
        self.assertNotIn(self.limit.display_name, question)

    def test_holds_on_its_days_once_confirmed(self):
        helper = self._user("helper", "account.group_account_invoice")
        delegation = self._delegation(self.accountant, self.accountant, helper, (1, 3))
        arrangement = self._waiting_of(self.collector)
        right = lambda: arrangement.sudo()._right_to_decide(helper, self.now)[0]  # noqa: E731
        self._move_to(1)
        self.assertFalse(right(), "nobody has confirmed it")
        delegation.with_user(self.boss).action_confirm()
        self.assertEqual(right(), self.accountant)
        self._move_to(-1)
        self.assertFalse(right(), "its first day is tomorrow")
        self._move_to(3)
        self.assertEqual(right(), self.accountant)
        self._move_to(1)
        self.assertFalse(right(), "its last day was yesterday")

    def test_the_yes_says_in_whose_place(self):
        helper = self._user("helper", "account.group_account_invoice")
        self._delegation(self.accountant, self.accountant, helper).with_user(self.boss).action_confirm()
        arrangement = self._waiting_of(self.collector)
        self.assertIn(helper, arrangement.sudo().activity_ids.user_id)
        arrangement.with_user(helper).action_approve()
        self.assertEqual(arrangement.approval_ids.on_behalf_of_id, self.accountant)

    def test_confirmed_by_a_second_person(self):
        delegation = self._delegation(self.boss, self.accountant, self.other_boss)
        for user, words in ((self.boss, "wrote it yourself"), (self.other_boss, "rights to yourself")):
            with self.assertRaisesRegex(UserError, words):
                delegation.with_user(user).action_confirm()
        with self.assertRaises(AccessError):
            delegation.with_user(self.collector).action_confirm()
        self._user("boss3", "account.group_account_manager")
        delegation.with_user(self.env["res.users"].search([("login", "=", "boss3")])).action_confirm()
        self.assertEqual(delegation.state, "in_force")
        with self.assertRaisesRegex(UserError, "stays as it is"):
            delegation.with_user(self.boss).date_end = self.today + timedelta(days=99)
        with self.assertRaises(AccessError):
            self._delegation(self.boss, self.accountant, self.collector).with_user(self.boss).state = "in_force"

    def test_nobody_gives_away_what_is_anothers(self):
        with self.assertRaisesRegex(AccessError, "own place"):
            self._delegation(self.collector, self.accountant, self.collector)

    def test_no_way_around_the_four_eyes(self):
        """A delegate of the proposer has no right by him, and one right is one yes."""
        helper = self._user("helper", "account.group_account_invoice")
        self._delegation(self.accountant, self.accountant, helper).with_user(self.boss).action_confirm()
        own = self._waiting_of(self.accountant)
        with self.assertRaises(AccessError):
            own.with_user(helper).action_approve()
        settlement = self._waiting_of(self.collector, ((5, 200),), waived=100, moves=self._create_item(40, 300))
        settlement.with_user(helper).action_approve()
        with self.assertRaises(AccessError):
            settlement.with_user(self.accountant).action_approve()
        settlement.with_user(self.other_accountant).action_approve()
        self.assertEqual(settlement.state, "offered")

    def test_falls_with_the_approvers_right_and_ends_early(self):
        helper = self._user("helper", "account.group_account_invoice")
        delegation = self._delegation(self.accountant, self.accountant, helper)
        delegation.with_user(self.boss).action_confirm()
        arrangement = self._waiting_of(self.collector)
        self.assertTrue(arrangement.sudo()._right_to_decide(helper, self.now)[0])
        self.accountant.group_ids -= self.env.ref(APPROVERS)
        self.assertFalse(arrangement.sudo()._right_to_decide(helper, self.now)[0])
        self.accountant.group_ids += self.env.ref(APPROVERS)
        delegation.with_user(self.accountant).action_end()
        self.assertFalse(arrangement.sudo()._right_to_decide(helper, self.now)[0])


@tagged("post_install", "-at_install")
class TestLimitChange(YesCommon):
    def test_a_change_waits_for_a_second_person(self):
        limit = self.limit.with_user(self.boss)
        limit.write({"grace_days": 60, "discount_ids": [[0, 0, {"age_days": 30, "percent": 15}]]})
        self.assertEqual((limit.grace_days, len(limit.discount_ids)), (14, 0))
        self.assertIn("Longest Grace (Days): 14 → 60", limit.waiting_text)
        self.assertIn("15", limit.waiting_text)
        with self.assertRaisesRegex(UserError, "wrote it yourself"):
            limit.action_confirm()
        with self.assertRaisesRegex(UserError, "waits for a second person already"):
            limit.grace_days = 20
        self.limit.with_user(self.other_boss).action_confirm()
        self.assertEqual((limit.grace_days, limit.discount_ids.percent), (60, 15))
        self.assertEqual(limit.change_ids.decided_by_id, self.other_boss)

    def test_a_change_nobody_could_confirm_is_refused_at_once(self):
        """Of the limits and of their rows; nothing waits then, and nobody is asked."""
        for values in (
            {"longest_days": -5},
            {"offer_days": 0},
            {"second_yes_percent": 101},
            {"discount_ids": [[0, 0, {"age_days": 30, "percent": 0}]]},
            {"discount_ids": [[0, 0, {"age_days": 30, "up_to_amount": 9, "percent": percent}] for percent in (5, 6)]},
            {"approver_ids": [[0, 0, {"user_id": self.accountant.id, "up_to_amount": 0}]]},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.limit.with_user(self.boss).write(values)
            self.assertFalse(self.limit.waiting_change_id)
            self.assertFalse(self.limit.sudo().activity_ids)
        self.limit.with_user(self.boss).longest_days = 90
        self.env.invalidate_all()
        self.assertEqual((self.limit.longest_days, self.limit.waiting_change_id.state), (184, "waiting"))

    def test_amounts_name_their_currency(self):
        """That of the company; where companies have several, each has its own."""
        limit, currency = self.limit.with_user(self.boss), self.company.currency_id
        self.assertEqual(self.env["res.company"].search([]).currency_id, currency)
        self.assertEqual(limit.currency_id, currency)
        limit.max_amount = 20000
        self.assertIn(f"{currency.format(10000)} → {currency.format(20000)}", limit.waiting_text)
        self._create_company(name="In Pounds", currency_id=self.setup_other_currency("GBP").id)
        self.env.invalidate_all()
        self.assertFalse(limit.currency_id)
        own = self.env["collection.limit"].with_user(self.boss).create({"company_id": self.company.id})
        self.assertEqual(own.currency_id, currency)

    def test_a_change_taken_back_changes_nothing(self):
        limit = self.limit.with_user(self.boss)
        limit.grace_days = 60
        limit.action_withdraw()
        self.assertEqual((limit.grace_days, limit.change_ids.state), (14, "withdrawn"))

    def test_rows_are_not_changed_past_the_limits(self):
        self.limit.sudo().discount_ids = [Command.create({"age_days": 30, "percent": 5})]
        row = self.limit.discount_ids.with_user(self.boss)
        for change in (
            lambda: row.write({"percent": 50}),
            lambda: row.unlink(),
            lambda: row.create({"limit_id": self.limit.id, "age_days": 0, "percent": 100}),
            lambda: self.env["collection.limit.approver"]
            .with_user(self.boss)
            .create({"limit_id": self.limit.id, "user_id": self.boss.id}),
        ):
            with self.assertRaisesRegex(UserError, "second person"):
                change()
        self.assertEqual(row.percent, 5)

    def test_new_limits_hold_once_confirmed_by_somebody_else(self):
        limit = self.env["collection.limit"].with_user(self.boss).create({"policy_id": self.policy.id, "grace_days": 90})
        self.assertEqual(limit.state, "proposed")
        limit.with_user(self.other_boss).grace_days = 91
        for user in (self.boss, self.other_boss):
            with self.assertRaisesRegex(UserError, "wrote it yourself"):
                limit.with_user(user).action_confirm()
        limit.with_user(self._user("boss3", "account.group_account_manager")).action_confirm()
        self.assertEqual(limit.state, "in_force")

    def test_states_are_not_written_by_hand(self):
        for values in ({"state": "in_force"}, {"author_ids": [Command.clear()]}, {"confirmed_by_id": self.boss.id}):
            with self.assertRaises(AccessError):
                self.limit.with_user(self.boss).write(values)
            with self.assertRaises(AccessError):
                self.env["collection.limit"].with_user(self.boss).create(values)
        with self.assertRaises(UserError):
            self.limit.with_user(self.boss).unlink()
        self.limit.with_user(self.boss).action_archive()
        self.assertTrue(self.limit.active)

    def test_other_managers_are_asked_until_one_decides(self):
        limit = self.limit.with_user(self.boss)
        for decide in (lambda: limit.with_user(self.other_boss).action_confirm(), limit.action_withdraw):
            limit.grace_days += 10
            asked = self.limit.sudo().activity_ids.user_id
            self.assertIn(self.other_boss, asked)
            self.assertNotIn(self.boss, asked)
            decide()
            self.assertFalse(self.limit.sudo().activity_ids)

    def test_deleting_a_tag_or_a_policy_does_not_change_what_holds(self):
        """Else limits of a few customers would become those of all, by one person."""
        tag = self.env["res.partner.category"].create({"name": "Key Accounts"})
        policy = self.policy.copy()
        self.env["collection.limit"].create({"category_ids": tag.ids, "policy_id": policy.id})
        for record in (tag, policy):
            with (
                self.subTest(record=record),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                record.unlink()

    def test_users_read_limits_and_write_none(self):
        self.limit.with_user(self.collector).read()
        with self.assertRaises(AccessError):
            self.limit.with_user(self.collector).grace_days = 60
        with self.assertRaises(AccessError):
            self.limit.with_user(self.collector).action_confirm()


@tagged("post_install", "-at_install")
class TestDecisionScreen(YesCommon):
    def test_says_all_that_is_needed(self):
        old = self._draft_of(self.collector, ((5, 300),))
        self._agree_on_the_phone(old)
        old.sudo()._end("kept", self.now, "kept")
        arrangement = self._waiting_of(self.collector, ((5, 200),), waived=100)
        html = str(arrangement.with_user(self.accountant).decision_html)
        for words in (
            self.item.name, "100.00", "33.3", "Any discount on it needs a yes", "Two people", old.name, "1 out of 1",
            "Without asking", "Nothing agreed", "Nothing paid in two years",
        ):
            self.assertIn(words, html)

    def test_a_plan_goes_as_far_without_asking_as_the_limits_let_it(self):
        big = self._create_item(20, 11750)
        arrangement = self._waiting_of(self.collector, ((5, 5000), (30, 6750)), moves=big)
        html = str(arrangement.with_user(self.accountant).decision_html)
        self.assertIn("$\u00a010,000.00 at most", html)
        self._agree_on_the_phone(self._draft_of(self.collector, ((5, 100), (30, 200))))
        arrangement.invalidate_recordset()
        self.assertIn("9,700.00 at most", str(arrangement.with_user(self.accountant).decision_html))

    def test_says_why_two_are_asked_and_what_follows(self):
        arrangement = self._draft_of(self.collector, ((5, 200),), waived=100)
        self._agree_on_the_phone(arrangement, note="Read it out, he said yes.", name="Ann Bell")
        self.assertEqual(arrangement.state, "to_approve")
        for user, words in (
            (self.accountant, "then it starts at once"),
            (self.other_accountant, "With your yes it starts at once"),
        ):
            html = " ".join(str(arrangement.with_user(user).decision_html).split())
            for sentence in (words, "more than 20 %", "Ann Bell", "Read it out, he said yes."):
                self.assertIn(sentence, html)
            notice = arrangement.with_user(user).action_approve()["params"]["message"]
            arrangement.invalidate_recordset()
            state = "waits for a second yes" if user == self.accountant else "is in force"
            self.assertIn(state, notice)
            if user == self.accountant:
                html = str(arrangement.with_user(user).decision_html)
                self.assertNotIn("With your yes", html)

    def test_a_limit_that_cannot_be_is_refused_before_a_second_person_is_asked(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.limit.with_user(self.boss).longest_days = -5
        self.assertFalse(self.limit.waiting_change_id)
        self.assertGreater(self.limit.longest_days, 0)

    def test_a_day_that_passed_while_a_yes_was_waited_for_is_not_changed_silently(self):
        arrangement = self._waiting_of(self.collector, ((30, 300),))
        arrangement.sudo().date_until = self.today + timedelta(days=1)
        with freeze_time(self.now + timedelta(days=3)), self.assertRaisesRegex(UserError, "has passed"):
            arrangement.with_user(self.accountant).action_approve()
        self.assertEqual((arrangement.state, arrangement.date_until), ("to_approve", self.today + timedelta(days=1)))
