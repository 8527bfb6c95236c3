"""What is given up, in the books: only once it was agreed and the agreed money is in the bank.

Not paid in time, the judgement lets a settlement lapse: the whole debt stands, and what was paid stays where it
is. Where the money is taken back later, an accountant is asked to take back what was given up.
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError

from ..engine import agreement, judgement, settlement
from ..engine.instalment import NOTHING
from .collection_arrangement_entries import exact

ACTIVITY = "collections_relationship.mail_activity_type_waiver"
#: Who decides about the books of an arrangement.
ACCOUNTANTS = ("account.group_account_manager", "collections_relationship.group_collection_approver")


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    waive_as = fields.Selection(
        [
            ("credit_note", "A lower price: credit note with its taxes"),
            ("write_off", "A rest nobody can collect: written off"),
        ],
        string="What Is Given Up Is",
        required=True,
        default="credit_note",
        help="The books follow what it is. Relief of tax on a rest written off is claimed apart, where the law allows it.",
    )
    waiver_move_ids = fields.Many2many(
        "account.move",
        "collection_arrangement_waiver_rel",
        "arrangement_id",
        "move_id",
        string="Booked As",
        readonly=True,
        copy=False,
    )
    waiver_count = fields.Integer(compute="_compute_waiver_count", string="Entries")
    is_waived = fields.Boolean(compute="_compute_waiver_count", help="What is given up is booked and not taken back.")
    waived_on = fields.Date(readonly=True, copy=False, string="Given Up On", help="The day in the books.")
    booking_note = fields.Char(readonly=True, copy=False, help="What the entry waits for, or why its day is a later one.")
    booking_preview = fields.Html(compute="_compute_booking_preview", string="Entry")

    @api.depends("waiver_move_ids.state", "waiver_move_ids.reversal_move_ids.state")
    def _compute_waiver_count(self):
        for arrangement in self:
            arrangement.waiver_count = len(arrangement.waiver_move_ids)
            arrangement.is_waived = bool(arrangement._booked_moves())

    @api.depends("waive_as", "item_ids.amount", "item_ids.waived_amount", "item_ids.line_id", "waiver_move_ids.state")
    def _compute_booking_preview(self):
        now = fields.Datetime.now()
        for arrangement in self:
            origin = arrangement._origin
            rows = origin._preview_booking(now) if origin else []
            problem = origin and arrangement._gives_up() and not origin.is_waived and origin.sudo()._waiver_problem()
            arrangement.booking_preview = (
                self.env["ir.qweb"]._render(
                    "collections_relationship.arrangement_booking",
                    {"rows": rows, "problem": problem, "currency": arrangement.company_id.currency_id},
                )
                if rows or problem
                else False
            )

    def _gives_up(self):
        """Tell whether anything is given up."""
        self.ensure_one()
        return any(item.waived_amount for item in self.item_ids)

    def _booked_moves(self):
        """Return the entries that gave something up and stand."""
        return self.sudo().waiver_move_ids.filtered(  # whether, not what: of arrangements one may read
            lambda move: move.state == "posted" and "posted" not in move.reversal_move_ids.mapped("state")
        )

    def _check_complete(self):
        """Refuse also what could not be booked in the end."""
        result = super()._check_complete()
        for arrangement in self:
            if arrangement._gives_up() and (problem := arrangement.sudo()._waiver_problem()):  # reads taxes only
                raise ValidationError(problem)
        return result

    @api.depends("waive_as")
    def _compute_problem_text(self):
        """Say while it is written already what could not be booked."""
        result = super()._compute_problem_text()
        for arrangement in self.filtered(lambda arrangement: arrangement.state == "draft" and arrangement._gives_up()):
            if problem := arrangement.sudo()._waiver_problem():  # reads taxes and settings only
                arrangement.problem_text = " ".join(filter(None, (arrangement.problem_text, problem)))
        return result

    def _counter(self, values, now, proposed_by, origin="office", person=None):
        return super()._counter({"waive_as": self.waive_as, **values}, now, proposed_by, origin, person)

    # === WHETHER THE MONEY IS THERE === #

    def _money(self):
        """Return what came in on the covered invoices since it started, and what of it is in the bank.

        In the bank is a transaction of a bank or cash statement, a payment matched to one, or a payment in cash.

        :return: (came in, of that in the bank), `Decimal` in the currency of the arrangement
        """
        received = self._read_ledger()[self.id].received
        partials = self.env["account.partial.reconcile"].browse([money.key for money in received])
        banked = {partial.id for partial in partials if self._is_in_bank(partial.credit_move_id.move_id)}
        return (
            sum((money.amount for money in received), NOTHING),
            sum((money.amount for money in received if money.key in banked), NOTHING),
        )

    @api.model
    def _is_in_bank(self, move):
        """Tell whether the money of an entry has arrived; a payment is under way until a transaction matches it."""
        if move.state != "posted":
            return False
        payment = move.origin_payment_id
        return not payment or payment.is_matched or payment.journal_id.type == "cash"

    def _money_needed(self):
        """Return the money that must be there: all that was agreed, less what credit notes took off it."""
        return exact(self.amount_agreed - sum(self.line_ids.mapped("amount_reduced")), self.currency_id)

    def _is_money_there(self):
        return self._money()[1] >= self._money_needed()

    # === BOOKING === #

    def _paid_in_full(self, now):
        """Give up what was agreed to be given up, before it counts as kept."""
        if self._gives_up() and not self._book(now):
            return None
        self._settle_activities()
        return super()._paid_in_full(now)

    def action_book(self):
        """Book now what waits, such as after a setting was mended."""
        self._check_keeps_books()
        for arrangement in self:
            arrangement._paid_in_full(fields.Datetime.now())
            if arrangement.state in agreement.RUNNING:
                raise UserError(arrangement.booking_note)

    def _check_keeps_books(self):
        """Refuse those who do not decide about the books."""
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in ACCOUNTANTS):
            raise AccessError(self.env._("Only accountants decide about the entries of an arrangement."))

    def _book(self, now):
        """Book what is given up, if the agreed money is in the bank; once only.

        Where it cannot be booked, an accountant gets an activity that says why, and the next attempt follows with
        the next judgement.

        :param datetime now: naive UTC
        :return: whether it is booked
        """
        self.ensure_one()
        # The agreement was approved where it had to be, or it would not run; the night books it for everybody.
        arrangement = self.sudo()
        if not arrangement.try_lock_for_update():
            return False  # somebody else is booking it at this moment
        arrangement.invalidate_recordset(["state", "waiver_move_ids"])
        if arrangement._booked_moves():
            return True
        if arrangement.state not in agreement.RUNNING:
            raise UserError(self.env._("Only an agreement that is running can be booked."))
        if not arrangement._is_money_there():
            arrangement._note_waiting()
            return False
        try:
            with self.env.cr.savepoint():
                arrangement._book_waiver(now)
        except (UserError, RedirectWarning) as problem:
            arrangement._note_trouble(str(problem.args[0]), now)
            return False
        return True

    def _note_waiting(self):
        came, banked = self._money()
        self.booking_note = self.env._(
            "Waits for the bank: %(banked)s of %(needed)s are matched to bank or cash transactions, %(came)s were paid.",
            banked=self.currency_id.format(float(banked)),
            needed=self.currency_id.format(float(self._money_needed())),
            came=self.currency_id.format(float(came)),
        )

    def _note_trouble(self, problem, now):
        """Ask an accountant for help with an entry that could not be booked, once for each problem."""
        note = self.env._("What is given up could not be booked: %s", problem)
        if self.booking_note != note:
            self.booking_note = note
            self._ask_accountant(self.env._("Book what is given up"), note, now)

    def _ask_accountant(self, summary, note, now):
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY,
            date_deadline=self._today(now),
            summary=summary,
            note=note,
            user_id=self._accountant().id or self.env.uid,
        )

    def _settle_activities(self):
        """Tick off what accountants were asked about it."""
        kind = self.env.ref(ACTIVITY)
        self.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind).action_done()

    def _accountant(self):
        """Return who is asked about the entries of this arrangement; maybe nobody."""
        users = self.env["res.users"].search(
            [
                ("all_group_ids", "in", [self.env.ref(group).id for group in ACCOUNTANTS]),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ],
            order="id",
        )
        return self.user_id if self.user_id in users else users[:1]

    def _book_waiver(self, now):
        """Make the entries, post them and match them with the invoices."""
        today = self._today(now)
        if problem := self._waiver_problem():
            raise UserError(problem)
        if unposted := self.item_ids.filtered(lambda item: item.line_id.parent_state != "posted"):
            raise UserError(self.env._("%s is not posted. Post it again.", unposted[0].move_id.name))
        amounts = self._amounts_to_waive()
        moves = self.env["account.move"]
        for entry in self._entries(amounts, today):
            move = self.env["account.move"].with_company(entry["company"]).create(entry["values"])
            self._check_amount(move, entry)
            move._post(soft=False)
            self._match(move, entry["items"])
            if "invoice" in entry:  # named afterwards: Odoo matches a credit note that names its invoice by itself
                move.reversed_entry_id = entry["invoice"]
            move._message_log(body=self.env._("Made by %s, once the agreed money was there.", self._get_html_link()))
            moves += move
        late = max(moves.mapped("date"), default=today)
        self.write(
            {
                "waiver_move_ids": [(4, move.id) for move in moves],
                "waived_on": moves and late,
                "booking_note": late > today
                and self.env._("The books are closed until then; the first open day is %s.", fields.Date.to_string(late)),
            }
        )
        if moves:  # nothing is left to give up where the customer paid all of it
            self._note_event(
                "waived",
                now,
                "night",
                note=self.booking_note,
                facts={"moves": moves.mapped("name"), "amount": sum(amounts.values()), "currency": self.currency_id.name},
            )

    def _amounts_to_waive(self):
        """Return what is given up of each item now: where it was agreed, else where something is left.

        Never more than was agreed nor than is open; what was paid beyond the agreement pays what it did not cover.
        """
        agreed = {item: exact(item.waived_amount, self.currency_id) for item in self.item_ids}
        room = {item: exact(item.line_id.amount_residual_currency, self.currency_id) for item in self.item_ids}
        return {item: float(amount) for item, amount in settlement.place(agreed, room).items()}

    def _check_amount(self, move, entry):
        """Refuse an entry that does not clear exactly what it is for."""
        cleared = -sum(self._receivables(move, entry["items"]).mapped("amount_currency"))
        if self.currency_id.compare_amounts(cleared, sum(entry["items"].values())):
            raise UserError(
                self.env._(
                    "The entry came to %(found)s instead of %(wanted)s.",
                    found=self.currency_id.format(cleared),
                    wanted=self.currency_id.format(sum(entry["items"].values())),
                )
            )

    def _receivables(self, move, items):
        """Return the journal items of an entry that clear the invoices; on the same account as those."""
        if move.move_type == "out_refund":
            lines = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
            account = next(iter(items)).line_id.account_id
            if lines.account_id != account:
                lines.account_id = account
            return lines
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def _match(self, move, items):
        """Match an entry with what it clears; a credit note with all instalments it is for, the oldest first."""
        lines = self._receivables(move, items)
        if move.move_type == "out_refund":
            self.env["account.move.line"].union(lines, *(item.line_id for item in items)).reconcile()
            return
        for item, line in zip(items, lines, strict=True):  # one for each, in this order
            (item.line_id | line).reconcile()

    # === TAKEN BACK === #

    def _move(self, state, now, origin="office", **details):
        """Propose to take back what was given up, where the money that earned it is taken back."""
        was_kept = self.state == "kept"
        result = super()._move(state, now, origin, **details)
        if was_kept and self._booked_moves():
            self.sudo()._ask_accountant(
                self.env._("Take back what was given up?"),
                self.env._(
                    "A payment under %(name)s was taken back, but %(amount)s were given up for it. If the customer does not "
                    "pay again, take that back: the button is on the arrangement.",
                    name=self.name,
                    amount=self.currency_id.format(self.amount_waived),
                ),
                now,
            )
        return result

    def action_take_back(self):
        """Reverse what was given up, because the money that earned it is gone."""
        self._check_keeps_books()
        for arrangement in self:
            arrangement._take_back(fields.Datetime.now())

    def _take_back(self, now):
        """Reverse the entries on the first open day; the whole debt stands again.

        :raise UserError: while the customer has paid what was agreed: then what was given up stays given up
        """
        self.ensure_one()
        arrangement = self.sudo()  # `_check_keeps_books` comes before
        moves = arrangement._booked_moves()
        if not moves:
            raise UserError(self.env._("Nothing is given up in the books that could be taken back."))
        if arrangement._is_money_there():
            raise UserError(
                self.env._(
                    "The customer has paid what was agreed, so what was given up stays given up. Only when a payment is "
                    "taken back, this can be taken back too."
                )
            )
        today = arrangement._today(now)
        reversals = moves._reverse_moves([arrangement._reversal_of(move, today) for move in moves], cancel=True)
        arrangement._note_event(
            "waiver_taken_back",
            now,
            facts={"moves": reversals.mapped("name"), "dates": [fields.Date.to_string(move.date) for move in reversals]},
        )
        arrangement._settle_activities()
        arrangement.waived_on = False
        if arrangement.state == "kept":
            arrangement._move("active", now, code="reopened")
        if arrangement.state in agreement.RUNNING and arrangement._has_missed_its_day(now):
            arrangement._end("lapsed", now, "not_paid", "office")

    def _has_missed_its_day(self, now):
        """Tell whether a payment did not come by its day; before that the customer may still pay as agreed."""
        return self._judged_now(now).verdict.overall in (judgement.MISSED, judgement.BROKEN)

    def _reversal_of(self, move, today):
        """Return the values of the reversal of an entry."""
        has_tax = bool(move.line_ids.tax_ids)
        values = {
            "date": self._open_day(move.company_id, move.journal_id, has_tax, today),
            "ref": self.env._("Reversal of %(entry)s: the payment was taken back", entry=move.name),
        }
        if move.is_invoice():
            values.update(
                invoice_date=today,
                invoice_date_due=today,
                invoice_payment_term_id=False,
                invoice_currency_rate=move.invoice_currency_rate,
            )
        return values

    def action_open_waiver(self):
        """Show the entries that gave something up, and their reversals."""
        moves = self.waiver_move_ids | self.waiver_move_ids.reversal_move_ids
        return moves._get_records_action(name=self.env._("Given Up"))
