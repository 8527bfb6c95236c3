"""Builds customers, invoices, cases and steps for the tests of mails."""
from datetime import datetime, timedelta

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common import shipped

NOW = datetime(2026, 3, 16, 9, 30)


class MailCommon(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(su=True)  # scheduled actions and the mail gateway run like this
        cls.company = cls.company_data["company"]
        cls.policy = cls.env.ref("collections_relationship.policy_default")
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.domain = cls.company.alias_domain_id or cls.env["mail.alias.domain"].create({"name": "mail.example.com"})
        cls.company.alias_domain_id = cls.domain
        cls.domain._collection_create_aliases()
        cls.alias = cls.env["mail.alias.domain"]._collection_aliases(cls.domain)[0]
        cls.collector = cls.env["res.users"].create(
            {
                "name": "Clara Collector",
                "login": "clara.collector@example.com",
                "email": "clara.collector@example.com",
                "phone": "+1 555 0100",
                "group_ids": [Command.set([cls.env.ref("account.group_account_invoice").id])],
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )
        cls.customer = cls._customer("Made-up Bakery")

    @classmethod
    def _customer(cls, name, **vals):
        slug = "".join(letter for letter in name.lower() if letter.isalnum() and letter.isascii()) or "somebody"
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "email": f"{slug}@example.org", "lang": "en_US", **vals}
        )

    @classmethod
    def _invoice(cls, partner, amount, days_late, currency=None, **vals):
        """Post an invoice of one line without tax, due ``days_late`` days before `NOW`."""
        due = NOW.date() - timedelta(days=days_late)
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "currency_id": (currency or cls.company.currency_id).id,
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": []})
                ],
                **vals,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _item(cls, move, **vals):
        """Write the row refresh would write for the one receivable line of ``move``."""
        line = move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        credit = vals.get("credit_applied", 0.0)
        item_vals = {
            "line_id": line.id,
            "move_id": move.id,
            "partner_id": move.commercial_partner_id.id,
            "company_id": move.company_id.id,
            "root_company_id": move.company_id.root_id.id,
            "currency_id": line.currency_id.id,
            "account_id": line.account_id.id,
            "date_due": line.date_maturity,
            "is_open": True,
            "residual": line.amount_residual_currency,
            "amount_asked": line.amount_residual_currency - credit,
            "amount_company": line.amount_residual,
            **vals,
        }
        existing = cls.env["collection.item"].search([("line_id", "=", line.id)])
        if existing:
            existing.write(item_vals)
            return existing
        return cls.env["collection.item"].create(item_vals)

    @classmethod
    def _case(cls, partner, **vals):
        return cls.env["collection.case"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "policy_id": cls.policy.id,
                "user_id": cls.collector.id,
                "date_opened": NOW,
                **vals,
            }
        )

    @classmethod
    def _step(cls, case, items, code="friendly_reminder", **vals):
        stage = cls.env.ref(f"collections_relationship.stage_{code}", raise_if_not_found=False)
        return cls.env["collection.step"].create(
            {
                "case_id": case.id,
                "company_id": case.company_id.id,
                "sender_company_id": case.company_id.id,
                "stage_id": stage.id if stage else False,
                "purpose": code,
                "template_id": shipped(cls.env, code, stage.tone if stage else "warm").id,
                "state": "approved",
                "date_planned": NOW,
                "user_id": case.user_id.id,
                "recipient_id": case.partner_id.id,
                "address": case.partner_id.email_normalized,
                "item_ids": [Command.set(items.ids)],
                **vals,
            }
        )
