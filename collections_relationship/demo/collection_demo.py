"""The demo company's last eight months: its ledger, and the follow-up as it would have gone.

The past is played, not written: invoices and payments are booked on their days, and the nights run
with the moment of each passed in and nothing sent. All days count back from the day of installation.
"""
import random
from collections import defaultdict
from datetime import datetime, timedelta
from datetime import time as time_of_day

from markupsafe import Markup

from odoo import Command, api, fields, models

SEED = 19
#: Days of follow-up that are played; the ledger begins earlier.
NIGHTS = 66
LEDGER_DAYS = 240
#: Naive UTC; the morning where the company is.
NIGHT = time_of_day(11, 0)
TERMS = 30
EURO_COUNTRIES = ("FR", "BE")
#: Dollars for a euro in the months up to today, newest first.
EURO_RATES = (1.17, 1.16, 1.15, 1.17, 1.13, 1.12, 1.09, 1.08, 1.05)
GOODS = (
    "Oak meeting table",
    "Brass desk lamp",
    "Shelving, birch",
    "Upholstered chair",
    "Counter stool",
    "Wardrobe, two doors",
    "Restoring a worktop",
    "Assembly on site",
)
#: How many days after the due date a customer usually pays, by the last digit of the customer's number.
HABITS = (-6, -2, 0, 3, 9, -4, 14, 1, 20, -1)

#: What customers owe today: days late (negative: not due yet) and amount of each invoice. Those of
#: `NOT_TODAY` aside, each gets what the ladder says.
OPEN = {
    1: [(68, 3860.00)],
    2: [(47, 5420.00)],
    3: [(-5, 2480.00)],
    4: [(18, 1315.50)],
    5: [(8, 640.00)],
    6: [(24, 1980.00), (7, 450.25)],
    7: [(33, 2750.00)],
    8: [(14, 890.40)],
    9: [(35, 4120.00), (22, 2380.75), (13, 1950.00), (6, 3300.20), (-10, 2875.00)],
    10: [(16, 720.00)],
    11: [(40, 1490.00)],
    12: [(15, 1200.00)],
    13: [(9, 300.00)],
    14: [(20, 560.80)],
    15: [(26, 3300.00)],
    16: [(48, 2210.00)],
    17: [(19, 975.60)],
    18: [(5, 186.30)],
    20: [(12, 830.00)],
    21: [(13, 1125.00)],
    22: [(7, 410.00)],
    23: [(7, 655.50)],
    24: [(30, 18.50)],
    25: [(13, 1450.00), (-12, 990.00)],
    26: [(-4, 3900.00)],
    27: [(28, 2640.00)],
    30: [(63, 4480.00)],
    31: [(12, 540.00)],
    35: [(5, 1875.40)],
    32: [(22, 1730.00)],
    36: [(31, 1260.00)],
    37: [(21, 905.00)],
    38: [(-15, 760.00)],
    39: [(-20, 1310.00)],
    40: [(-7, 1180.00)],
}
#: Paid lately: days late when paid, days since then.
JUST_PAID = {28: (19, 0), 29: (15, 3), 33: (9, 6), 34: (12, 10)}
INSTALMENTS_CUSTOMER = 19
DOLLAR_ITEM_OF_EURO_CUSTOMER = 32
PAUSED, EXCLUDED, BLOCKED, CONTESTED, NOT_DELIVERED = 4, 11, 14, 27, 20
#: Credit notes: amount, and whether it names the invoice (then Odoo matches the two) or stays open.
CREDIT_NOTES = {12: (400.00, True), 13: (300.00, False), 31: (140.00, False)}
PARTLY_PAID = {15: 1300.00}
UNMATCHED_RECEIPT = {21: 1125.00}
ANSWERED = 17
#: Their formal notices still wait for a yes today.
NOT_APPROVED = (2, 16)


class CollectionDemo(models.AbstractModel):
    _name = "collection.demo"
    _description = "Demo Company of the Follow-up"

    @api.model
    def _activate_languages(self):
        """French for the customers, before anything is written in it."""
        self.env["res.lang"]._activate_lang("fr_FR")
        modules = self.env["ir.module.module"].search([("state", "in", ("installed", "to install"))])
        modules._update_translations(["fr_FR"])

    @api.model
    def _play(self):
        """Book eight months up to now and run the nights of the last weeks."""
        company = self.env.ref("base.main_company")
        now = fields.Datetime.now()
        quiet = self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_notrack=True,
            collection_record_only=True,
            collection_no_commit=True,
            collection_no_dirty=True,
        )
        if not company.chart_template:
            quiet.env["account.chart.template"].try_loading("generic_coa", company)
        _Past(quiet.env, now).play()


class _Past:
    """Books and plays the demo company's past.

    :param env: environment of the demo company
    :param datetime now: naive UTC
    """

    def __init__(self, env, now):
        self.env = env
        self.company = env.company
        self.now = now
        self.today = self.company._collection_today(now)
        self.chance = random.Random(SEED)  # noqa: S311 (a demo that is the same each time)
        self.euro = env.ref("base.EUR")
        self.customers = {number: env.ref(self._xml_id(number)) for number in range(1, 41)}
        self.moves_of_day = defaultdict(env["account.move"].browse)
        self.payments_of_day = defaultdict(list)
        self.seen_waiting = {}

    @staticmethod
    def _xml_id(number):
        return f"collections_relationship.demo_customer_{number:02d}"

    def play(self):
        self._prepare_company()
        self._leave_out_others()
        self._draft_past_invoices()
        open_moves = self._draft_open_invoices()
        self._draft_special_payments(open_moves)
        # All of it is one transaction: without this the planner takes the tables for empty to the end.
        self.env.flush_all()
        self.env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile")
        first_night = self.today - timedelta(days=NIGHTS)
        days = sorted({*self.moves_of_day, *self.payments_of_day})
        self._book([day for day in days if day < first_night])
        self._set_apart(open_moves)
        for age in range(NIGHTS, 0, -1):
            day = self.today - timedelta(days=age)
            self._book([day])
            self._run_night(datetime.combine(day, NIGHT))
        self._book([self.today])
        self._pause(open_moves)
        self._answer(open_moves)
        # Tonight is decided and not sent: the steps planned now are there to look at.
        self.env["collection.run"]._night(self.now, self.company)

    def _prepare_company(self):
        self.euro.active = True
        self.company.collection_user_id = self.env.ref("collections_relationship.demo_user_collector")
        first_of_month = self.today.replace(day=1)
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.euro.id), ("company_id", "=", self.company.id)]
        ).unlink()
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": self.euro.id,
                    "company_id": self.company.id,
                    "name": fields.Date.subtract(first_of_month, months=months),
                    "inverse_company_rate": rate,
                }
                for months, rate in enumerate(EURO_RATES)
            ]
        )
        self.company.collection_waiver_account_id = self.env["account.account"].create(
            {"code": "6490", "name": "Bad Debts", "account_type": "expense", "company_ids": [self.company.id]}
        )
        provider = self.env.ref("payment.payment_provider_demo", raise_if_not_found=False)
        if provider and provider.code == "demo" and provider.state == "disabled":
            provider.write({"state": "test", "is_published": True})

    def _leave_out_others(self):
        """Keep Odoo's own demo data out of the follow-up and its mail here: this company has people of its own."""
        self.env["account.move.line"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("partner_id", "not in", [customer.id for customer in self.customers.values()]),
            ]
        ).no_followup = True
        others = self.env["res.company"].search([("parent_id", "=", False)]) - self.company
        others.collection_active = False
        self.env["mail.mail"].search([("state", "=", "outgoing")]).cancel()

    # === INVOICES === #

    def _draft_past_invoices(self):
        """Draft what was paid meanwhile: about one invoice a month for each customer."""
        values, payments = [], []
        for number in self.customers:
            for age in self._ages(number):
                late = HABITS[number % 10] + self.chance.randint(-4, 6)
                issued = self.today - timedelta(days=age)
                paid = max(issued, issued + timedelta(days=TERMS + late))
                if paid < self.today:
                    values.append(self._prepare_invoice(number, issued, self._amount()))
                    payments.append(paid)
            if number in JUST_PAID:
                late, since = JUST_PAID[number]
                paid = self.today - timedelta(days=since)
                values.append(self._prepare_invoice(number, paid - timedelta(days=TERMS + late), self._amount()))
                payments.append(paid)
        for move, paid in zip(self._draft(values), payments, strict=True):
            self.payments_of_day[paid].append((move, move.amount_total))

    def _ages(self, number):
        """Return the ages in days of a customer's paid invoices, the oldest first."""
        ages = range(LEDGER_DAYS - 3 * (number % 7), TERMS + 5, -self.chance.randint(26, 37))
        return [age - self.chance.randint(0, 5) for age in ages]

    def _amount(self):
        return round(self.chance.lognormvariate(6.6, 0.7), 2)

    def _draft_open_invoices(self):
        """Draft what is open today; returns the invoices by customer number."""
        keys, values = [], []
        for number, items in OPEN.items():
            for late, amount in items:
                keys.append(number)
                values.append(self._prepare_invoice(number, self.today - timedelta(days=TERMS + late), amount))
        keys += [DOLLAR_ITEM_OF_EURO_CUSTOMER, INSTALMENTS_CUSTOMER]
        values += [
            {
                **self._prepare_invoice(DOLLAR_ITEM_OF_EURO_CUSTOMER, self.today - timedelta(days=TERMS + 21), 845.00),
                "currency_id": self.company.currency_id.id,
            },
            self._prepare_instalments(INSTALMENTS_CUSTOMER, self.today - timedelta(days=70), 9000.00),
        ]
        open_moves = defaultdict(self.env["account.move"].browse)
        for number, move in zip(keys, self._draft(values), strict=True):
            open_moves[number] |= move
        return open_moves

    def _draft(self, values):
        moves = self.env["account.move"].create(values)
        for move in moves:
            self.moves_of_day[move.invoice_date] |= move
        return moves

    def _prepare_invoice(self, number, issued, amount):
        partner = self.customers[number]
        in_euro = partner.country_id.code in EURO_COUNTRIES
        return {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_user_id": self.env.ref("collections_relationship.demo_user_collector").id,
            "currency_id": (self.euro if in_euro else self.company.currency_id).id,
            "invoice_date": issued,
            "date": issued,
            "invoice_payment_term_id": False,
            "invoice_date_due": issued + timedelta(days=TERMS),
            "is_move_sent": number != NOT_DELIVERED or issued < self.today - timedelta(days=TERMS + 20),
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": self.chance.choice(GOODS),
                        "quantity": 1,
                        "price_unit": amount,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    def _prepare_instalments(self, number, issued, amount):
        terms = self.env.ref("collections_relationship.demo_payment_term_instalments")
        values = self._prepare_invoice(number, issued, amount)
        values.pop("invoice_date_due")
        return {**values, "invoice_payment_term_id": terms.id}

    # === MONEY === #

    def _draft_special_payments(self, open_moves):
        """Part payments, and lately issued credit notes."""
        for number, amount in PARTLY_PAID.items():
            self.payments_of_day[self.today - timedelta(days=11)].append((open_moves[number], amount))
        self.payments_of_day[self.today - timedelta(days=38)].append((open_moves[INSTALMENTS_CUSTOMER], 1800.00))
        issued = self.today - timedelta(days=4)
        self._draft(
            [
                {
                    **self._prepare_invoice(number, issued, amount),
                    "move_type": "out_refund",
                    "reversed_entry_id": open_moves[number][:1].id if names_invoice else False,
                }
                for number, (amount, names_invoice) in CREDIT_NOTES.items()
            ]
        )

    def _book(self, days):
        """Post what belongs to these days: invoices, then the money that came in."""
        moves = self.env["account.move"].union(*(self.moves_of_day[day] for day in days))
        moves._post(soft=False)
        paid = [(day, move, amount) for day in days for move, amount in self.payments_of_day[day]]
        payments = self._create_payments(paid)
        self.env["account.move.line"]._reconcile_plan(
            [
                self._receivables(payment.move_id) | self._receivables(move)
                for payment, (_day, move, _amount) in zip(payments, paid, strict=True)
            ]
        )
        for number, amount in UNMATCHED_RECEIPT.items() if self.today in days else ():
            due = self.env["account.move"].search([("partner_id", "=", self.customers[number].id)], limit=1)
            self._create_payments([(self.today - timedelta(days=1), due, amount)])

    def _create_payments(self, paid):
        """Create and post a payment for each (day, invoice, amount)."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), *self.env["account.journal"]._check_company_domain(self.company)], limit=1
        )
        payments = self.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": move.partner_id.id,
                    "journal_id": journal.id,
                    "currency_id": move.currency_id.id,
                    "amount": amount,
                    "date": day,
                    "memo": move.name,
                }
                for day, move, amount in paid
            ]
        )
        payments.action_post()
        return payments

    @staticmethod
    def _receivables(moves):
        return moves.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")

    # === WHAT PEOPLE DID === #

    def _set_apart(self, open_moves):
        """Mark what people excluded or blocked; what is contested is on hold from the start."""
        open_moves[EXCLUDED].line_ids.no_followup = True
        contested = open_moves[CONTESTED]
        self.env["collection.hold"].create(
            {
                "partner_id": contested.partner_id.id,
                "company_id": self.company.id,
                "move_id": contested.id,
                "reason": "dispute",
                "note": "One chair arrived damaged; photos are with the workshop.",
                "date_start": contested.invoice_date_due,
                "date_end": self.today + timedelta(days=12),
            }
        )

    def _pause(self, open_moves):
        open_moves[BLOCKED].action_toggle_block_payment()
        self.env["collection.hold"].with_user(self.env.ref("collections_relationship.demo_user_collector")).create(
            {
                "partner_id": self.customers[PAUSED].id,
                "company_id": self.company.id,
                "reason": "customer_request",
                "note": "Waiting for the payment of their own customer; asked for ten days.",
                "date_start": self.today - timedelta(days=1),
                "date_end": self.today + timedelta(days=9),
            }
        )

    def _answer(self, open_moves):
        """A customer wrote back yesterday evening, and nobody has read it yet."""
        case = self.env["collection.case"].search(
            [("partner_id", "=", self.customers[ANSWERED].id), ("state", "=", "open")], limit=1
        )
        partner = self.customers[ANSWERED]
        written = {
            "subject": "Re: Is everything all right?",
            "body": Markup("<p>%s</p>")
            % "Hello Colin, our oven had to be replaced this month. Could we pay half now and half in three weeks?",
            "message_id": f"<demo-answer-{case.id}@hazel-rye-bakery.example.com>",
        }
        # As the mail gateway does: the log and the messages of the case both have it.
        case._receive_answer(
            self.now - timedelta(hours=14),
            author=partner,
            address=partner.email_normalized,
            channel="email",
            **written,
        )
        case.message_post(
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=partner.id,
            date=self.now - timedelta(hours=14),
            notify_skip_followers=True,
            **written,
        )

    def _run_night(self, now):
        """Run one past night and let it leave, on paper; the accountant says yes a day later."""
        self.env["collection.run"]._night(now, self.company)
        waiting = self.env["collection.step"].search([("state", "=", "waiting")])
        for step in waiting:
            self.seen_waiting.setdefault(step.id, now)
        kept = {self.customers[number] for number in NOT_APPROVED}
        ready = waiting.filtered(lambda step: self.seen_waiting[step.id] < now and step.partner_id not in kept)
        if ready:
            accountant = self.env.ref("collections_relationship.demo_user_accountant")
            ready.with_user(accountant)._approve(now)
        while self.env["collection.step"]._act(now):
            pass
