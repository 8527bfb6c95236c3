"""What the page behind a message's link shows and takes money for. All amounts are of this second.

Nothing here trusts the browser: it chooses among the message's own items, no more.
"""
from collections import namedtuple

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools.misc import format_amount, format_date, hash_sign, verify_hash_signed

#: One item of the message as it stands now. ``amount``: open less credits, in ``group.currency``;
#: ``state``: open, paused (open, not asked for now), on_its_way, covered, paid, withdrawn;
#: ``unmatched``: money of this customer is here or on its way, and may be for it;
#: ``notes``: what else the customer should know, in words.
PayItem = namedtuple("PayItem", "item line number amount state unmatched notes")
#: Items that one payment can settle: one currency, one receivable account.
PayGroup = namedtuple("PayGroup", "currency account items")
#: What the customer chose to pay: ``amount`` is the sum of the chosen items.
PayChoice = namedtuple("PayChoice", "group items amount")

SELECTION_SCOPE = "collections_relationship.payment_choice"
PAYABLE_STATES = ("open", "paused")
#: Holds under which the customer may pay, though nobody asks for it now.
QUIET_HOLDS = ("arranged", "offered", "proposed", "paused", "excluded", "blocked")
#: Holds that say money of this customer is not matched to anything yet.
UNMATCHED_HOLDS = ("unmatched_receipt", "pending_payment")
#: A transaction in one of these states means money that may already be on its way.
RUNNING_STATES = ("pending", "authorized", "done")


class CollectionStep(models.Model):
    _inherit = "collection.step"

    # === WHAT IS OPEN NOW === #

    def _pay_groups(self, now):
        """Return the message's items as they stand now, as a list of `PayGroup`, the oldest due first.

        :param datetime now: the moment of the visit, UTC
        """
        self.ensure_one()
        items = self._pay_items()
        open_now = self.env["collection.item"]._read_now(now, self.company_id, self.partner_id)
        running = self._running_transactions(items.line_id)
        groups = {}
        for item in items.sorted(lambda item: (item.date_due, item.id)):
            group = groups.setdefault(
                (item.currency_id, item.account_id), PayGroup(item.currency_id, item.account_id, [])
            )
            group.items.append(self._pay_item(item, open_now.get(item.line_id.id), running))
        return list(groups.values())

    def _pay_items(self):
        """Return the items the message asked for; once it has left, those it did ask for when it left."""
        self.ensure_one()
        sent = self.env["collection.contact"].search([("step_id", "=", self.id), ("kind", "=", "sent")], limit=1)
        if not sent:
            return self.item_ids
        asked_line_ids = {asked["line"] for asked in (sent.facts or {}).get("asked", [])}
        return self.item_ids.filtered(lambda item: item.line_id.id in asked_line_ids)

    def _pay_item(self, item, row, running):
        """Return how one item stands now.

        :param item: collection.item of this message
        :param dict|None row: its amounts now, see `collection.item._read_now`; None when it is not open
        :param running: the transactions that may already bring its money
        :rtype: PayItem
        """
        if not row:
            state = "paid" if item.line_id.parent_state == "posted" else "withdrawn"
        elif running._covers(item.line_id):
            state = "on_its_way"
        elif item.currency_id.compare_amounts(row["amount_asked"], 0.0) <= 0:
            state = "covered"
        else:
            state = "paused" if row["hold_code"] in QUIET_HOLDS else "open"
        return PayItem(
            item=item,
            line=item.line_id,
            number=self._pay_number(item),
            amount=item.currency_id.round(row["amount_asked"]) if row else 0.0,
            state=state,
            unmatched=bool(row) and row["hold_code"] in UNMATCHED_HOLDS and not running,
            notes=self._pay_notes(item, row["credit"] if row else 0.0, state),
        )

    @api.model
    def _pay_notes(self, item, credit, state):
        """Return what stands below an item's number, as a list of texts.

        :param float credit: open credits taken off, in the item's currency
        :param str state: see `PayItem`
        """
        notes = []
        if instalment := self._pay_instalment(item):
            notes.append(self.env._("Instalment %(number)s of %(count)s", number=instalment[0], count=instalment[1]))
        notes.append(self.env._("Due %s", format_date(self.env, item.date_due, date_format="long")))
        if state in PAYABLE_STATES and item.currency_id.compare_amounts(credit, 0.0) > 0:
            notes.append(
                self.env._("Your credit of %s is taken off", format_amount(self.env, credit, item.currency_id))
            )
        if state == "paused":
            notes.append(self.env._("No need to pay this one now"))
        return notes

    @api.model
    def _pay_number(self, item):
        """Return the number the customer knows an item by."""
        move = item.move_id
        if move.is_invoice(include_receipts=True):
            return move.name
        return item.line_id.name or move.ref or move.name

    @api.model
    def _pay_instalment(self, item):
        """Return which instalment of its invoice an item is, as (number, count), or None."""
        lines = item.move_id.line_ids.filtered(lambda line: line.display_type == "payment_term")
        if len(lines) < 2 or item.line_id not in lines:
            return None
        ordered = lines.sorted(lambda line: (line.date_maturity or line.date, line.id))
        return ordered.ids.index(item.line_id.id) + 1, len(ordered)

    @api.model
    def _running_transactions(self, lines):
        """Return the online payments under way for journal items, whoever started them.

        A bank transfer the customer announced is not among them: it may never come.
        """
        return self.env["payment.transaction"].search(
            Domain("state", "in", RUNNING_STATES)
            & Domain("provider_code", "!=", "custom")
            & (Domain("state", "!=", "done") | Domain("is_post_processed", "=", False))
            & (
                Domain("collection_line_ids", "in", lines.ids)
                | Domain("collection_line_ids", "=", False) & Domain("invoice_ids", "in", lines.move_id.ids)
            )
        )

    # === WHAT THE CUSTOMER CHOOSES === #

    @api.model
    def _pay_choice(self, group, item_ids=None):
        """Return what is chosen of a group.

        :param PayGroup group: the group to pay from
        :param item_ids: ids of the chosen items; None: everything the message still asks for, else
            everything that can be paid
        :rtype: PayChoice
        """
        payable = [entry for entry in group.items if entry.state in PAYABLE_STATES]
        if item_ids is None:
            chosen = [entry for entry in payable if entry.state == "open"] or payable
        else:
            chosen = [entry for entry in payable if entry.item.id in item_ids]
        return PayChoice(group, chosen, group.currency.round(sum(entry.amount for entry in chosen)))

    def _sign_choice(self, choice):
        """Return the proof that this choice and its amount were shown to the holder of the link."""
        self.ensure_one()
        return hash_sign(self.env, SELECTION_SCOPE, self._choice_values(choice))

    def _choice_values(self, choice):
        amount = f"{choice.amount:.{choice.group.currency.decimal_places}f}"
        return [self.id, self.link_key, choice.group.currency.id, [entry.item.id for entry in choice.items], amount]

    def _read_choice(self, signed, now):
        """Return the choice the customer saw, computed again from the ledger.

        :param str signed: what `_sign_choice` gave when the page was shown
        :param datetime now: the moment of paying, UTC
        :rtype: PayChoice
        :raise ValidationError: it is of another message, or what it shows is no longer so
        """
        self.ensure_one()
        try:
            values = verify_hash_signed(self.env, SELECTION_SCOPE, str(signed))
        except ValueError:  # no base64, another version, or no text inside
            values = None
        if not values or values[:2] != [self.id, self.link_key]:
            raise ValidationError(self.env._("This payment does not belong to this page. Please open the link again."))
        item_ids = values[3]
        for group in self._pay_groups(now):
            choice = self._pay_choice(group, item_ids)
            if choice.items and self._choice_values(choice) == values:
                return choice
        raise ValidationError(
            self.env._("Something has changed since you opened this page. Please reload it to see what is open now.")
        )

    # === PAYING === #

    def _pay_transaction_values(self, choice):
        """Return what an online payment of this choice is created with.

        :param PayChoice choice: computed by `_read_choice`
        """
        self.ensure_one()
        lines = self.env["account.move.line"].union(*(entry.line for entry in choice.items))
        invoices = lines.move_id.filtered(lambda move: move.is_invoice(include_receipts=True))
        return {
            "collection_step_id": self.id,
            "collection_line_ids": [Command.set(lines.ids)],
            "invoice_ids": [Command.set(invoices.ids)],
        }

    def _payer(self):
        """Return the partner an online payment is made for: the person written to, else the customer."""
        self.ensure_one()
        if self.recipient_id.commercial_partner_id == self.partner_id:
            return self.recipient_id
        return self.partner_id

    def _pay_reference(self, choice):
        """Return what a payment of this choice is called, by which the company recognizes it."""
        if len(choice.items) == 1:
            return choice.items[0].line.move_id.payment_reference or choice.items[0].number
        return ", ".join(dict.fromkeys(entry.number for entry in choice.items))

    def _pay_numbers(self, lines):
        """Return the numbers of the message's items with these journal items, as one text."""
        self.ensure_one()
        items = self._pay_items().filtered(lambda item: item.line_id in lines)
        items = items.sorted(lambda item: (item.date_due, item.id))
        return ", ".join(dict.fromkeys(self._pay_number(item) for item in items))

    def _pay_short_reference(self, choice):
        """Return the start of an online payment's reference; payment providers limit its length."""
        numbers = list(dict.fromkeys(entry.number for entry in choice.items))
        return numbers[0] if len(numbers) == 1 else f"{numbers[0]}+{len(numbers) - 1}"

    def _pay_bank_account(self, choice):
        """Return the account a transfer of this choice goes to, possibly none."""
        self.ensure_one()
        named = self.env["res.partner.bank"].union(*(entry.line.move_id.partner_bank_id for entry in choice.items))
        return self._speaker()._collection_bank_account(named, choice.group.currency)

    def _pay_language(self):
        """Return the code of the language the page is written in: the recipient's."""
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (self.recipient_id.lang, self.partner_id.lang, self._speaker().partner_id.lang)
        return next((code for code in wanted if code in installed), self.env.lang)

    # === LOGGING === #

    def _log_click(self, now):
        """Note that the customer opened the page: once a day for each message.

        :param datetime now: the moment of the visit, UTC
        """
        self.ensure_one()
        contacts = self.env["collection.contact"]
        day_start = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if contacts.search_count(
            [("step_id", "=", self.id), ("kind", "=", "clicked"), ("date", ">=", day_start)], limit=1
        ):
            return
        contacts.create(
            {
                "case_id": self.case_id.id,
                "partner_id": self.partner_id.id,
                "recipient_id": self.recipient_id.id,
                "company_id": self.company_id.id,
                "date": now,
                "kind": "clicked",
                "direction": "in",
                "channel": "portal",
                "purpose": self.purpose,
                "stage_id": self.stage_id.id,
                "step_id": self.id,
                "template_id": self.template_id.id,
                "move_ids": [Command.set(self._pay_items().move_id.ids)],
            }
        )
