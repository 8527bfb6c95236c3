from odoo.fields import Command
from odoo.tests import tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestBranches(CollectionCommon):
    """Several companies and branches: each message speaks for one, and shows nothing of another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.north = cls._create_branch("Azure North", email="north@azure.example.com")
        cls.south = cls._create_branch("Azure South", email="south@azure.example.com")
        cls.other_data = cls.setup_other_company(name="Lumber Inc", email="hello@lumber.example.com")
        cls.other = cls.other_data["company"]
        cls.other.collection_night_cap_until = False

    def _night_and_act_everywhere(self):
        root = self._root_env()
        root["collection.run"]._night(self.now, root["res.company"].browse([self.company.id, self.other.id]))
        self._act()

    def _sent_of(self, company):
        return self._sent().filtered(lambda contact: contact.company_id == company)

    def test_branches_share_the_case_of_the_company_above(self):
        self._create_item(10, company_id=self.north.id)
        self._create_item(8, company_id=self.south.id)
        self._create_item(6)
        self._refresh()
        cases = self.env["collection.case"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(cases.company_id, self.company)
        self.assertEqual(cases.amount_overdue, 300)

    def test_a_message_about_one_branch_speaks_for_it(self):
        self._create_item(10, company_id=self.north.id)
        self._night_and_act()
        step = self._sent().step_id
        self.assertEqual(step.sender_company_id, self.north)
        self.assertIn("Azure North", self._sent().body_html)
        self.assertNotIn("Azure South", self._sent().body_html)

    def test_a_message_about_several_branches_speaks_for_the_company_above(self):
        moves = self._create_item(10, company_id=self.north.id) | self._create_item(8, company_id=self.south.id)
        self._night_and_act()
        self.assertEqual(self._sent().step_id.sender_company_id, self.company)
        self.assertEqual(self._sent().move_ids, moves)
        self.assertEqual(self._sent().amount, 200)

    def test_a_message_of_a_branch_shows_nothing_of_another(self):
        mine = self._create_item(10, company_id=self.north.id)
        upcoming = self._create_item(-10, company_id=self.south.id)
        self._night_and_act()
        self.assertEqual(self._sent().move_ids, mine)
        self.assertNotIn(upcoming.name, self._sent().body_html)
        self.assertFalse(self._sent().facts["information"])

    def test_when_only_one_branch_is_left_the_message_speaks_for_it(self):
        paid = self._create_item(10, company_id=self.south.id)
        self._create_item(8, company_id=self.north.id)
        self._night()
        self._pay(paid)
        self._act()
        self.assertEqual(self._sent().step_id.sender_company_id, self.north)

    def test_companies_have_a_case_and_a_message_each(self):
        mine = self._create_item(10, amount=100)
        theirs = self._create_item(10, amount=700, company_id=self.other.id)
        self._night_and_act_everywhere()
        self.assertEqual(self._sent_of(self.company).move_ids, mine)
        self.assertEqual(self._sent_of(self.company).amount, 100)
        self.assertEqual(self._sent_of(self.other).move_ids, theirs)
        self.assertEqual(self._sent_of(self.other).amount, 700)

    def test_the_run_of_a_company_counts_its_own_messages_only(self):
        self._create_item(10)
        self._create_item(10, company_id=self.other.id)
        self._night_and_act_everywhere()
        runs = self._root_env()["collection.run"].search([("company_id", "in", (self.company | self.other).ids)])
        self.assertEqual(runs.mapped("sent_count"), [1, 1])

    def test_nothing_of_a_company_reaches_the_message_of_another(self):
        self.env["res.partner.bank"].create({"acc_number": "MINE-0001", "partner_id": self.company.partner_id.id})
        self.env["res.partner.bank"].create({"acc_number": "THEIRS-0002", "partner_id": self.other.partner_id.id})
        mine = self._create_item(10)
        theirs = self._create_item(10, company_id=self.other.id)
        self._night_and_act_everywhere()
        self.assertNotEqual(mine.name, False)
        body = str(self._sent_of(self.other).body_html)
        self.assertIn("Lumber Inc", body)
        for foreign in (self.company.name, self.company.email, "MINE-0001"):
            self.assertNotIn(foreign, body)
        body = str(self._sent_of(self.company).body_html)
        self.assertIn(self.company.name, body)
        for foreign in ("Lumber Inc", self.other.email, "THEIRS-0002"):
            self.assertNotIn(foreign, body)
        self.assertEqual({item["move"] for item in self._sent_of(self.other).facts["asked"]}, {theirs.id})

    def test_a_payment_in_one_company_is_none_in_another(self):
        self._pay(self._create_item(10))
        theirs = self._create_item(10, company_id=self.other.id)
        self._night_and_act_everywhere()
        self.assertEqual(self._sent().move_ids, theirs)

    def test_a_pause_in_one_company_is_none_in_another(self):
        self.env["collection.hold"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "reason": "internal",
                "date_start": self.today,
                "date_end": self.today,
            }
        )
        self._create_item(10)
        theirs = self._create_item(10, company_id=self.other.id)
        self._night_and_act_everywhere()
        self.assertEqual(self._sent().move_ids, theirs)

    def test_totals_do_not_depend_on_the_companies_a_user_looks_at(self):
        self._create_item(10, company_id=self.north.id)
        self._create_item(8)
        self._refresh()
        case = self._case()
        for companies in (self.company, self.north, self.company | self.north | self.other):
            self.assertEqual(
                case.with_context(allowed_company_ids=companies.ids).read(["amount_overdue"])[0]["amount_overdue"], 200
            )

    # === POLICIES === #

    def _create_policy(self, name, **values):
        return self.policy.copy({"name": name, "sequence": 1, **values})

    def _policy_of(self, invoice):
        self._refresh()
        return invoice.collection_item_ids.policy_id

    def test_the_company_policy_is_for_whoever_fits_no_other(self):
        policy = self._create_policy("House", category_ids=[Command.create({"name": "House"})])
        self.company.collection_policy_id = policy
        self.assertEqual(self._policy_of(self._create_item(10)), policy)

    def test_the_first_policy_that_fits_the_customer_applies(self):
        industry = self.env["res.partner.industry"].create({"name": "Made-up Trade"})
        country = self.env.ref("base.fr")
        late = self._create_policy("French trade", sequence=2, country_ids=country.ids, industry_ids=industry.ids)
        first = self._create_policy("French", sequence=1, country_ids=country.ids)
        self.customer.write({"country_id": country.id, "industry_id": industry.id})
        invoice = self._create_item(10)
        self.assertEqual(self._policy_of(invoice), first)
        first.active = False
        self.assertEqual(self._policy_of(invoice), late)
        self.customer.industry_id = False
        self.assertEqual(self._policy_of(invoice), self.policy)

    def test_a_tag_of_the_customer_chooses_the_policy(self):
        tag = self.env["res.partner.category"].create({"name": "Strategic"})
        policy = self._create_policy("Strategic", category_ids=tag.ids)
        self.customer.category_id = tag
        self.assertEqual(self._policy_of(self._create_item(10)), policy)

    def test_the_customers_own_policy_wins_over_its_segment(self):
        self._create_policy("French", country_ids=self.env.ref("base.fr").ids)
        own = self._create_policy("Own", sequence=200)
        self.customer.country_id = self.env.ref("base.fr")
        self.customer.with_company(self.company).collection_policy_id = own
        self.assertEqual(self._policy_of(self._create_item(10)), own)

    def test_a_policy_chosen_while_working_in_a_branch_counts_for_its_invoices(self):
        own = self._create_policy("Own", sequence=200)
        self.customer.with_company(self.north).collection_policy_id = own
        theirs, above = self._create_item(10, company_id=self.north.id), self._create_item(10)
        self.assertEqual(self._policy_of(theirs), own)
        self.assertEqual(self._policy_of(above), self.policy)

    def test_the_invoices_own_policy_wins_over_the_customers(self):
        own = self._create_policy("Own", sequence=200)
        customers = self._create_policy("Customers", sequence=201)
        self.customer.with_company(self.company).collection_policy_id = customers
        invoice, plain = self._create_item(10), self._create_item(10)
        invoice.collection_policy_id = own
        self.assertEqual(self._policy_of(invoice), own)
        self.assertEqual(self._policy_of(plain), customers)

    def test_a_policy_of_another_company_never_applies(self):
        self._create_policy("Theirs", company_id=self.other.id, country_ids=self.env.ref("base.fr").ids)
        self.customer.country_id = self.env.ref("base.fr")
        self.assertEqual(self._policy_of(self._create_item(10)), self.policy)
