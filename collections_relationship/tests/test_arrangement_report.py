"""What the lists and reports of arrangements add up."""
from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..engine.instalment import MOST_LINES
from .test_arrangement_book import BookCommon
from .test_arrangement_judge import JudgeCommon


@tagged("post_install", "-at_install")
class TestGivenUp(BookCommon):
    """The report says what stands in the books: once, with both who said yes."""

    def _row(self, arrangement):
        self.env.invalidate_all()
        return self.env["collection.given.up"].browse(arrangement.id)

    def _total(self):
        [(total,)] = self.env["collection.given.up"]._read_group([("company_id", "=", self.company.id)], [], ["amount:sum"])
        return total

    def test_one_row_for_two_yes_and_only_what_is_booked(self):
        """357 of 1,190 take two yes: nothing is given up before the money is there, 357 then, nothing once taken back."""
        invoice = self._sell((1000, self.vat))
        arrangement = self._settle(invoice, {invoice: 357}, waive_as="write_off")
        self.assertEqual(len(arrangement.approval_ids), 2)
        row = self._row(arrangement)
        self.assertEqual((row.stage, row.amount, row.amount_agreed, self._total()), ("waiting", 0, 357, 0))
        self.assertFalse(row.date)
        self._receive(invoice, 833)
        arrangement._paid_in_full(self.now)
        row = self._row(arrangement)
        self.assertEqual((row.stage, row.state, row.amount, self._total()), ("booked", "kept", 357, 357))
        self.assertEqual((row.user_id, row.second_user_id), (self.approvers[0], self.approvers[1]))
        self.assertEqual((row.date, row.approved_on), (self.today, self.now))
        self._take_money_back(invoice)
        arrangement.action_take_back()
        row = self._row(arrangement)
        self.assertEqual((row.stage, row.state, row.amount), ("waiting", "active", 0), "its day is still to come")
        arrangement._end("lapsed", self.now, "not_paid")
        row = self._row(arrangement)
        self.assertEqual((row.stage, row.state, row.amount, self._total()), ("taken_back", "lapsed", 0, 0))
        self.assertFalse(row.date)

    def test_adds_up_in_the_currency_of_the_books(self):
        """200 pounds at 2 for one are 100; with 50 of another arrangement it is 150, in several entries or one."""
        currency = self.setup_other_currency("GBP", rates=[("2020-01-01", 2.0)])
        foreign = self._sell((1000, None), currency_id=currency.id)
        old, new = self._sell((600, None), days_late=40), self._sell((400, None), days_late=10)
        first = self._settle(foreign, {foreign: 200})
        second = self._settle(old | new, {old: 30, new: 20})
        self._receive(foreign, 400, foreign_currency_id=currency.id, amount_currency=800)
        self._receive(old | new, 950)
        for arrangement in (first, second):
            arrangement._paid_in_full(self.now)
        row = self._row(first)
        self.assertEqual((row.amount, row.amount_currency), (100, 200))
        self.assertEqual(self._row(second).amount, 50)
        self.assertEqual(self._total(), 150)

    def test_a_yes_to_other_terms_is_nobodys_yes(self):
        """Approved, changed and approved by another one: the one who said yes to these terms stands there."""
        invoice = self._sell((1000, None))
        line = self._line(invoice)
        arrangement = self._arrangement(
            ((7, 900),), invoice, item_ids=self.env["collection.arrangement"]._values_of(line, waived={line.id: 100})
        )
        arrangement._submit(self.now, "offer")
        first, second = self.approvers
        self.env["collection.arrangement.approval"].sudo().create(
            {
                "arrangement_id": arrangement.id,
                "date": self.now - timedelta(days=1),
                "user_id": first.id,
                "decision": "yes",
                "terms": "of other terms",
            }
        )
        arrangement.with_user(second)._say_yes(self.now)
        arrangement._accept(self.now, "phone")
        row = self._row(arrangement)
        self.assertEqual((row.user_id, row.second_user_id.id), (second, False))

    def test_what_nobody_agreed_on_is_not_listed(self):
        invoice = self._sell((1000, None))
        line = self._line(invoice)
        draft = self._arrangement(
            ((7, 900),), invoice, item_ids=self.env["collection.arrangement"]._values_of(line, waived={line.id: 100})
        )
        self.assertFalse(self.env["collection.given.up"].search([("arrangement_id", "=", draft.id)]))
        draft._submit(self.now, "offer")
        self.assertFalse(self.env["collection.given.up"].search([("arrangement_id", "=", draft.id)]))

    def test_read_by_managers_and_approvers_of_the_company_and_written_by_nobody(self):
        invoice = self._sell((1000, None))
        arrangement = self._settle(invoice, {invoice: 100})
        manager = new_test_user(self.env, "m1", groups="account.group_account_manager", company_id=self.company.id)
        for user in (manager, self.approvers[0]):
            row = self.env["collection.given.up"].with_user(user).search([])
            self.assertEqual((row.arrangement_id, row.amount_agreed), (arrangement, 100))
            self.assertEqual(row.action_open()["res_id"], arrangement.id)
            for operation in ("create", "write", "unlink"):
                self.assertFalse(row.has_access(operation))
        collector = new_test_user(self.env, "c1", groups="account.group_account_invoice", company_id=self.company.id)
        with self.assertRaises(AccessError):
            self.env["collection.given.up"].with_user(collector).search([])
        other = self.setup_other_company(name="Another Company")["company"]
        stranger = new_test_user(
            self.env, "s1", groups="account.group_account_manager", company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        self.assertFalse(self.env["collection.given.up"].with_user(stranger).search([]))


@tagged("post_install", "-at_install")
class TestLists(JudgeCommon):
    """What lists add up and show, and what a new arrangement brings along."""

    def test_only_what_runs_is_to_come(self):
        """Three offers beside each other and one that runs: 100 of 300 paid, 100 missed."""
        running = self._running(((0, 100), (30, 100), (60, 100)))
        self._pay(self.item, 100)
        self._judge()
        self.assertEqual((running.amount_expected, running.amount_missed), (200, 0))
        other = self._create_item(30, 500)
        offers = self._arrangement(((9, 500),), other) | self._arrangement(((9, 500),), other)
        for offer in offers:
            offer.is_alternative = True
            offer._submit(self.now, "offer")
        listed = running | offers
        self.assertEqual(sum(listed.mapped("amount_expected")), 200)
        running.line_ids.sorted("date")[1].sudo().state = "missed"
        self.assertEqual((running.amount_expected, running.amount_missed), (200, 100))
        running.sudo()._end("cancelled", self.now, "cancelled")
        self.assertEqual((running.amount_expected, running.amount_missed), (0, 0))

    def test_payments_to_come_open_by_day_and_as_cards_on_a_phone(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("collections_relationship.action_collection_arrangement_line")
        modes = [mode for _view, mode in action["views"]]
        self.assertIn(action["mobile_view_mode"], modes)
        for kind in ("list", "kanban"):
            view = etree.fromstring(self.env["collection.arrangement.line"].get_view(view_type=kind)["arch"])
            self.assertEqual(view.get("default_order"), "date, id")
        line = self._running().line_ids[0]
        self.assertEqual(line.action_open()["res_id"], line.arrangement_id.id)

    def test_a_plan_shows_all_its_payments(self):
        """The timeline draws the payments of the list's page: there is one page."""
        for form in ("view_collection_arrangement_form", "view_collection_arrangement_agree_form"):
            view = self.env.ref(f"collections_relationship.{form}")
            arch = etree.fromstring(self.env["collection.arrangement"].get_view(view.id, "form")["arch"])
            limits = {one.get("limit") for one in arch.xpath("//field[@name='line_ids']/*[self::list or self::kanban]")}
            self.assertEqual(limits, {str(MOST_LINES)})

    def _new(self, partner):
        form = Form(self.env["collection.arrangement"], "collections_relationship.view_collection_arrangement_form")
        form.partner_id = partner
        return form

    def test_a_new_one_brings_what_is_late_of_the_customer(self):
        """What is not late stays out while something is late; what runs already too; another customer's goes."""
        late, later = self._create_item(40, 500), self._create_item(-20, 70)
        stranger = self._create_customer("Borealis")
        self._create_item(-5, 90, partner=stranger)
        self._running(moves=self.item)
        form = self._new(self.customer)
        arrangement = form.save()
        self.assertEqual(arrangement.item_ids.line_id, self._line(late))
        self.assertNotIn(self._line(later), arrangement.item_ids.line_id)
        self.assertEqual((arrangement.amount_agreed, arrangement.line_count), (500, 3))
        form = self._new(self.customer)
        form.partner_id = stranger
        self.assertEqual(form.save().amount_covered, 90)
        form = self._new(self.customer)
        form.partner_id = self._create_customer("Cirrus")
        self.assertFalse(len(form.item_ids))

    def test_tables_are_cards_on_a_phone(self):
        """With what one looks for: state, still to pay, amount; a tap opens a form of their own, no row without an invoice."""
        wanted = {
            "line_ids": {"date", "amount", "amount_left", "state"},
            "item_ids": {"move_id", "amount", "waived_amount"},
            "event_ids": {"date", "state", "note"},
            "approval_ids": {"user_id", "decision", "note"},
        }
        view = self.env.ref("collections_relationship.view_collection_arrangement_form")
        arch = etree.fromstring(self.env["collection.arrangement"].get_view(view.id, "form")["arch"])
        for name, shown in wanted.items():
            with self.subTest(field=name):
                [field] = arch.xpath(f"//field[@name='{name}'][kanban]")
                self.assertIn("kanban", field.get("mode").split(","))
                cards = {one.get("name") for one in field.xpath("./kanban/templates//field")}
                self.assertEqual(shown - cards, set())
        for form in ("view_collection_arrangement_form", "view_collection_arrangement_agree_form"):
            view = self.env.ref(f"collections_relationship.{form}")
            arch = etree.fromstring(self.env["collection.arrangement"].get_view(view.id, "form")["arch"])
            [line] = arch.xpath("//field[@name='item_ids']/form//field[@name='line_id']")
            self.assertEqual(line.get("required"), "1")
