"""Builders shared by the tests: customers, invoices at a given age, nights with a given clock."""
from datetime import datetime, time, timedelta

from odoo import SUPERUSER_ID, fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon

TODAY = fields.Date.to_date("2026-03-16")


def shipped(env, purpose, tone):
    """Return a message of the library as it was shipped."""
    return env["collection.template"].search([("code", "=", f"{purpose}.{tone}")])


class CollectionCommon(AccountTestInvoicingCommon):
    """A company with its own chart, the default policy, and a fixed day: Monday 16 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.today = TODAY
        cls.now = datetime.combine(TODAY, time(9))
        cls.company.write(
            {
                "email": "accounts@azure.example.com",
                "collection_night_cap_until": False,
                "collection_active": True,
            }
        )
        cls.policy = cls.env.ref("collections_relationship.policy_default")
        cls.customer = cls._create_customer("Azure Interior")
        cls.stage = {stage.code: stage for stage in cls.policy.stage_ids}

    @classmethod
    def _create_customer(cls, name, **values):
        slug = "".join(letter for letter in name.lower() if letter.isalnum())
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "email": f"{slug}@customer.example.com", "lang": "en_US", **values}
        )

    @classmethod
    def _create_branch(cls, name, **values):
        """Create a branch of the company; it books on the same accounts."""
        branch = cls.env["res.company"].create({"name": name, "parent_id": cls.company.id, **values})
        cls.env.cr.precommit.run()  # where Odoo gives it the company's chart of accounts
        cls.env.user.company_ids |= branch
        return branch

    @classmethod
    def _create_item(cls, days_late, amount=100.0, partner=None, sent=True, **values):
        """Post an invoice of one instalment that is `days_late` days late today."""
        due = cls.today - timedelta(days=days_late)
        company = cls.env["res.company"].browse(values.get("company_id")) or cls.company
        invoice = cls.env["account.move"].with_company(company).create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    fields.Command.create({"name": "Work done", "quantity": 1, "price_unit": amount, "tax_ids": []})
                ],
                **values,
            }
        )
        invoice.action_post()
        invoice.is_move_sent = sent
        return invoice

    @classmethod
    def _create_refund(cls, amount, partner=None, invoice=None, **values):
        company = cls.env["res.company"].browse(values.get("company_id")) or cls.company
        refund = cls.env["account.move"].with_company(company).create(
            {
                "move_type": "out_refund",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": cls.today - timedelta(days=1),
                "invoice_line_ids": [
                    fields.Command.create({"name": "Taken back", "quantity": 1, "price_unit": amount, "tax_ids": []})
                ],
                **values,
            }
        )
        refund.action_post()
        # Named afterwards: Odoo matches a refund that names its invoice when it is posted.
        refund.reversed_entry_id = invoice
        return refund

    @classmethod
    def _pay(cls, invoice, amount=None, date=None):
        """Register a payment of the invoice at the bank."""
        return cls._register_payment(
            invoice, payment_date=date or cls.today, **({"amount": amount} if amount else {})
        )

    @classmethod
    def _move_to(cls, days):
        """Let `days` days pass."""
        cls.today += timedelta(days=days)
        cls.now += timedelta(days=days)

    @classmethod
    def _move_on(cls, minutes):
        """Let `minutes` minutes of the same day pass."""
        cls.now += timedelta(minutes=minutes)

    def setUp(self):
        super().setUp()
        type(self).today = TODAY
        type(self).now = datetime.combine(TODAY, time(9))

    def _root_env(self):
        """Return the environment scheduled actions run in."""
        return self.env(user=SUPERUSER_ID)

    def _refresh(self):
        self._root_env()["collection.item"]._refresh(self.today, self.now, self.company)

    def _night(self):
        """Run one night at the current moment and return its run."""
        root = self._root_env()
        return root["collection.run"]._night(self.now, root["res.company"].browse(self.company.id))

    def _act(self):
        """Send everything that is due; nothing leaves the test, everything is logged as if it had."""
        return self._root_env()["collection.step"].with_context(collection_record_only=True)._act_all(self.now)

    def _act_once(self):
        """Send one batch only: what is not sent now waits for the next."""
        return self._root_env()["collection.step"].with_context(collection_record_only=True)._act(self.now)

    def _night_and_act(self):
        self._night()
        self._act()

    def _case(self, partner=None):
        return self.env["collection.case"].search(
            [("partner_id", "=", (partner or self.customer).id), ("company_id", "=", self.company.id)], limit=1
        )

    def _reason(self, partner=None):
        """Return the code of why the customer's case has no message now."""
        return (self._case(partner).next_reason or {}).get("code")

    def _sent(self, partner=None):
        """Return the outgoing contacts of a customer, oldest first."""
        return self.env["collection.contact"].search(
            [("partner_id", "=", (partner or self.customer).id), ("kind", "=", "sent")], order="date, id"
        )
