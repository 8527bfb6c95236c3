"""What a step that sends a statement of account says and brings along."""
import logging

from odoo import api, models

from .collection_step_act import RENDER_ERRORS, Refused
from .collection_step_attachments import Attached
from .collection_step_render import INFORMATION_SHOWN

_logger = logging.getLogger(__name__)

PURPOSE = "statement"


class CollectionStep(models.Model):
    _inherit = "collection.step"

    def _is_statement(self):
        return self.filtered(lambda step: step.purpose == PURPOSE)

    def _render(self, now):
        """Write the messages; the figures of all statements among them are read once."""
        statements = self._is_statement()
        if not statements:
            return super()._render(now)
        return super(CollectionStep, self.with_context(collection_figures=statements._read_figures(now)))._render(now)

    def _read_figures(self, now):
        """Return the `Figures` of each of these statements by step id.

        :param datetime now: naive UTC
        """
        Statement = self.env["collection.statement"].sudo()  # a step was planned for these customers
        planned = {statement.step_id: statement for statement in Statement.search([("step_id", "in", self.ids)])}
        figures = {}
        for (company, start), steps in self.grouped(
            lambda step: (step.company_id, planned[step].date_start if step in planned else False)
        ).items():
            today = company._collection_today(now)
            own = Statement._read_figures(company, steps.partner_id, today, start or None)
            figures.update({step.id: own[step.partner_id.id] for step in steps})
        return figures

    def _figures(self):
        """Return the figures `_render` has read for this step; `None` for other messages."""
        return self.env.context.get("collection_figures", {}).get(self.id)

    def _render_one(self, speech, today, rows, *args):
        rendered = super()._render_one(speech, today, rows, *args)
        figures = self._figures()
        if not figures:
            return rendered
        return rendered._replace(facts={**rendered.facts, "statement": self._statement_facts(figures)})

    def _statement_facts(self, figures):
        """Return what the statement says in figures, JSON-able, for the log."""
        return {
            "date": figures.today.isoformat(),
            "history": figures.start.isoformat() if figures.start else False,
            "accounts": [
                {
                    "currency": account.currency.name,
                    "balance": account.closing,
                    "unmatched": account.unmatched,
                    "received": account.received,
                    "due": account.to_pay,
                    "lines": [line.line_id for line in account.lines],
                }
                for account in figures.accounts
            ],
        }

    def _plain_values(self, speech, today, company, user, asked):
        values = super()._plain_values(speech, today, company, user, asked)
        if figures := self._figures():
            values["statement_date"] = speech.day(figures.today, "long")
            values["amount_due"] = speech.listed(
                speech.amount(account.closing, account.currency) for account in figures.accounts
            ) or speech.amount(0.0, company.currency_id)
        return values

    def _block_values(self, names, speech, today, company, user, link, asked, information):
        values = super()._block_values(names, speech, today, company, user, link, asked, information)
        if figures := self._figures():
            if "items" in names:
                values["items"] = self._statement_block(speech, figures)
            if "bank_account" in names and (rows := self._bank_rows(figures)):
                values["bank_account"] = self._bank_block(speech, company, rows)
        return values

    def _statement_block(self, speech, figures):
        """Return the short form of the statement: what is open, the oldest due first, and the balance."""
        return self._block(
            "mail_statement",
            speech,
            tables=[
                {
                    **self.env["collection.statement"]._sheet_account(account, figures, speech, False, None),
                    "more": max(len(account.lines) - INFORMATION_SHOWN, 0),
                }
                for account in figures.accounts
            ],
            shown=INFORMATION_SHOWN,
            several=len(figures.accounts) > 1,
        )

    def _bank_rows(self, figures):
        """Return what `_bank_block` needs to know of what is to be paid."""
        moves = self.env["account.move"].browse({line.move_id for line in figures.lines if line.residual > 0})
        by_id = moves.grouped("id")
        return [
            {
                "bank_id": by_id[line.move_id].partner_bank_id.id,
                "currency": account.currency,
                "reference": by_id[line.move_id].payment_reference or line.number,
            }
            for account in figures.accounts
            for line in account.lines
            if line.residual > 0
        ]

    # === WHAT LEAVES WITH IT === #

    def _render_safely(self, now):
        """Write the messages, and the statements that leave with them; one that cannot be made costs no other."""
        rendered = super()._render_safely(now)
        if self.env.context.get("collection_record_only"):
            return rendered
        statements = self.browse(rendered)._is_statement().filtered(lambda step: step.channel == "email")
        figures = statements._read_figures(now) if statements else {}
        links = statements._payment_links() if statements else {}
        for step in statements:
            try:
                file = step._statement_file(figures[step.id], links[step.id])
            except RENDER_ERRORS:
                _logger.exception("The statement of step %d could not be made.", step.id)
                step._cancel("render_error")
                rendered.pop(step.id)
            else:
                rendered[step.id] = rendered[step.id]._replace(files=(file, *rendered[step.id].files))
        return rendered

    def _statement_file(self, figures, link):
        """Return the statement as `Attached`, in the customer's language.

        :param Figures figures: what it says
        :param str link: the step's own payment page
        """
        Statement = self.env["collection.statement"].sudo()  # a step was planned for this customer
        Statement = Statement.with_context(lang=Statement._lang_of(figures.partner, figures.company))
        name = Statement._file_name(figures.partner, figures.today)
        return Attached(f"{name}.pdf", Statement._pdf([figures], {figures.partner.id: link}))

    def _pay_items(self):
        """A statement's link opens the items it lists and no others."""
        return self.item_ids if self.purpose == PURPOSE else super()._pay_items()

    # === WHETHER IT MAY LEAVE === #

    def _refusal(self, plan, rows, facts, night, unknown):
        refused = super()._refusal(plan, rows, facts, night, unknown)
        if refused or self.purpose != PURPOSE or self.is_manual:
            return refused
        open_items = self.env["collection.statement"]._items_of(self.company_id, self.partner_id)
        return None if open_items[self.partner_id] else Refused("nothing_owed", None, False)

    @api.model
    def _cancel_labels(self):
        return {
            **super()._cancel_labels(),
            "printed": self.env._("It is the link on a printed statement of account; nothing was sent."),
        }


class CollectionCase(models.Model):
    _inherit = "collection.case"

    @api.model
    def _next_reason_labels(self):
        return {
            **super()._next_reason_labels(),
            "statement_day": self.env._("The day of the customer's statement of account has come."),
        }
