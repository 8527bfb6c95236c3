"""The yes of an accountant to what is beyond the limits: never to what one wrote oneself.

All doors lead through `_right_to_decide`: buttons, several at once, calls from outside. An import cannot pass:
neither states nor decisions are among what may be written.
"""
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

APPROVERS = "collections_relationship.group_collection_approver"
ACTIVITY = "collections_relationship.mail_activity_type_arrangement_yes"
#: What may be written on a draft without a hand in its terms; what it covers and its payments say so themselves.
NO_TERMS = frozenset(
    {"user_id", "proposed_by", "note", "date_until", "replaces_id", "is_alternative", "item_ids", "line_ids"}
)
#: What a yes is given to, besides what it covers and its payments.
APPROVED = ("partner_id", "company_id", "currency_id", "grace_kind", "replan_of_id", "waive_as")


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    author_ids = fields.Many2many(
        "res.users",
        "collection_arrangement_author_rel",
        string="Had a Hand In It",
        readonly=True,
        copy=False,
        help="Colleagues who wrote its terms or put it forward. None of them approves it.",
    )
    approval_ids = fields.One2many("collection.arrangement.approval", "arrangement_id", readonly=True)
    may_decide = fields.Boolean(compute="_compute_may_decide", string="I May Decide")
    why_not_decide = fields.Char(compute="_compute_may_decide")

    @api.depends("state", "author_ids", "approval_ids")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        now = fields.Datetime.now()
        for arrangement in self:
            arrangement.may_decide, arrangement.why_not_decide = False, False
            if arrangement.state == "to_approve":
                holder, why = arrangement._right_to_decide(self.env.user, now)
                arrangement.may_decide, arrangement.why_not_decide = bool(holder), why

    # === WHO WROTE IT === #

    @api.model_create_multi
    def create(self, vals_list):
        arrangements = super().create(vals_list)
        for arrangement in arrangements:
            arrangement._note_authors(arrangement.proposer_id)
        return arrangements

    def write(self, vals):
        done = super().write(vals)
        if self._term_names().difference(NO_TERMS).intersection(vals):
            self.filtered(lambda arrangement: arrangement.state == "draft")._note_authors(self.env.user)
        return done

    def _check_is_draft(self):
        """Note besides who writes on what it covers or on its payments."""
        self.filtered(lambda arrangement: arrangement.state == "draft")._note_authors(self.env.user)
        return super()._check_is_draft()

    def _note_authors(self, users):
        """Remember colleagues who wrote terms; customers, and the machine, approve nothing anyway."""
        users = users.sudo().filtered(lambda user: not user.share and user.id != self.env.ref("base.user_root").id)
        for arrangement in self.sudo():
            if users - arrangement.author_ids:
                arrangement.author_ids = [fields.Command.link(user.id) for user in users - arrangement.author_ids]

    def _submit(self, now, after_yes, origin="office", **details):
        self._note_authors(self.env.user)
        answered = self.replaces_id
        was_waiting = answered.state == "to_approve"
        result = super()._submit(now, after_yes, origin, **details)
        if was_waiting and self.proposed_by == "company":
            self._tell_other_terms(now)
        if self.state == "to_approve" and answered.state == "to_approve" and not self.is_alternative:
            answered._move("countered", now, origin)  # the newest waits, not both
        return result

    def _tell_other_terms(self, now):
        """Tell the colleague whose proposal waited for a yes that an approver wrote other terms."""
        colleague = self.user_id
        if not colleague or colleague.share or colleague == self.env.user:
            return
        words = self.with_context(lang=colleague.lang)
        words.sudo().activity_schedule(  # a note to a colleague
            "mail.mail_activity_data_todo",
            date_deadline=self._today(now),
            user_id=colleague.id,
            summary=words.env._(
                "%(approver)s wrote other terms than %(number)s",
                approver=self.env.user.name,
                number=self.replaces_id.name,
            ),
        )

    # === WHO MAY DECIDE === #

    def _right_to_decide(self, user, now):
        """Return with whose right somebody decides on it, and where he may not, why.

        :return: `(user, False)`: himself, or the approver in whose place he is; or `(empty, words)`
        """
        self.ensure_one()
        nobody = self.env["res.users"]
        user = user.sudo()  # groups and companies only
        if user.share or not user.active or user == self.env.ref("base.user_root"):
            return nobody, self.env._("Only colleagues decide on arrangements.")
        if self.company_id not in user.company_ids.root_id:
            return nobody, self.env._("You do not work for this company.")
        authors = self.sudo().author_ids
        if user in authors:
            return nobody, self.env._("You had a hand in it yourself. Somebody else has to decide.")
        if user.partner_id.commercial_partner_id == self.partner_id:
            return nobody, self.env._("It is about yourself. Somebody else has to decide.")
        absent = self.env["collection.delegation"]._stood_in_for_by(self.company_id, self._today(now)).get(user, nobody)
        decided = self._yes_now(now)
        if user in decided.user_id:
            return nobody, self.env._("You have said yes already. A second person has to decide.")
        spent = decided.user_id | decided.on_behalf_of_id
        for holder in user | (absent - authors):
            if holder not in spent and self._has_own_right(holder, now):
                return holder, False
        if not (user | absent).filtered(lambda one: one.has_group(APPROVERS)):
            return nobody, self.env._("You are not in the group of approvers.")
        return nobody, self.env._("The limits leave this to other approvers, or your right was used for the first yes.")

    def _has_own_right(self, user, now):
        """Tell whether somebody decides on an arrangement of this kind and size, by group and limits."""
        user = user.sudo()
        if not user.active or not user.has_group(APPROVERS) or self.company_id not in user.company_ids.root_id:
            return False
        rows = self._limit().approver_ids
        if not rows:
            return True
        covered = self._in_company(self.amount_covered, self._today(now))
        return any(
            row.user_id == user and row.kind in (False, self.kind) and covered <= row.up_to_amount for row in rows
        )

    def _approvers(self, now):
        """Return everybody who may decide on it now."""
        company, today = self.company_id, self._today(now)
        group = self.env.ref(APPROVERS)
        users = self.env["res.users"].sudo().search(  # groups and companies only
            [("all_group_ids", "in", group.id), ("share", "=", False)]
        )
        users |= self.env["res.users"].union(*self.env["collection.delegation"]._stood_in_for_by(company, today))
        return users.filtered(lambda user: self._right_to_decide(user, now)[0])

    def _check_may_decide(self, now):
        """Refuse whoever may not decide on it; returns with whose right he does.

        Two who decide at the same moment do so one after the other.

        :raise UserError: where it does not wait for a yes, or somebody else has to decide
        """
        self.ensure_one()
        self.check_access("read")
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state", "author_ids", "approval_ids"])
        if self.state != "to_approve":
            raise UserError(self.env._("%s does not wait for a yes any more.", self.display_name))
        # The user who is really logged in, whatever `sudo` the caller uses.
        holder, why = self._right_to_decide(self.env.user, now)
        if not holder:
            raise AccessError(self.env._("%(arrangement)s: %(why)s", arrangement=self.display_name, why=why))
        return holder

    # === WHAT WAS APPROVED === #

    def _terms_fingerprint(self):
        """Return a fingerprint of what a yes is given to: other terms have another one."""
        self.ensure_one()
        names = [name for name in APPROVED if name in self._fields]
        terms = {name: self._fields[name].convert_to_write(self[name], self) for name in names}
        # To the cent: what was just written may carry more digits than what is read back.
        terms["items"] = sorted(
            (item.line_id.id, self._exact(item.amount), self._exact(item.waived_amount)) for item in self.item_ids
        )
        terms["lines"] = sorted((fields.Date.to_string(line.date), self._exact(line.amount)) for line in self.line_ids)
        return hashlib.sha256(json.dumps(terms, sort_keys=True, default=str).encode()).hexdigest()

    def _yes_given(self):
        """Return the yes to its present terms: at most one per person and per right."""
        fingerprint = self._terms_fingerprint()
        given, spent = self.env["collection.arrangement.approval"], self.env["res.users"]
        for approval in self.sudo().approval_ids.sorted("id"):  # only whether there are any
            people = approval.user_id | approval.on_behalf_of_id
            if approval.decision == "yes" and approval.terms == fingerprint and not people & spent:
                given |= approval
                spent |= people
        return given

    def _yes_now(self, now):
        """Return the yes that still counts while another is waited for: not of people who lost the right since."""
        return self._yes_given().filtered(
            lambda approval: self._has_own_right(approval.on_behalf_of_id or approval.user_id, now)
        )

    def _is_approved(self, now):
        return len(self._yes_given()) >= self._yes_needed(now)

    # === ASKING === #

    def _ask_for_yes(self, now):
        """Ask everybody who may decide, and note what is beyond; where nobody may, tell the managers."""
        self.ensure_one()
        beyond = self._beyond(now)
        self._note_event(
            "asked_for_yes",
            now,
            facts={
                "limit": self._limit().id,
                "beyond": [{"code": one.code, "found": float(one.found), "limit": float(one.limit)} for one in beyond],
                "needed": self._yes_needed(now),
            },
        )
        self._remind_approvers(now)
        return super()._ask_for_yes(now)

    def _remind_approvers(self, now):
        """Give an activity to whoever may decide and has none yet."""
        activity_type = self.env.ref(ACTIVITY)
        asked = self.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type).user_id
        approvers = self._approvers(now)
        for user in approvers - asked:
            words = self.with_context(lang=user.lang)
            words.sudo().activity_schedule(
                ACTIVITY,
                date_deadline=self._today(now),
                user_id=user.id,
                summary=words.env._("Yes or no: %s", words._one_line()),
                note=words.beyond_text,
            )
        if not approvers:
            self._tell_nobody_decides(now)

    def _tell_nobody_decides(self, now):
        manager = self.env["res.users"].sudo().search(
            [
                ("all_group_ids", "in", self.env.ref("account.group_account_manager").id),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ],
            limit=1,
        )
        if manager:
            words = self.with_context(lang=manager.lang)
            words.sudo().activity_schedule(
                ACTIVITY,
                date_deadline=self._today(now),
                user_id=manager.id,
                summary=words.env._("Nobody may decide on this. Name an approver who did not write it."),
            )

    def _one_line(self):
        """Return who it is about and how much; its kind and number stand before it, in the mail as in lists."""
        return f"{self.partner_id.name}, {self.currency_id.format(self.amount_agreed)}"

    def _move(self, state, now, origin="office", **details):
        was_waiting = self.state == "to_approve"
        result = super()._move(state, now, origin, **details)
        if was_waiting and state != "to_approve":
            self.sudo().activity_unlink([ACTIVITY])  # whoever was asked need not look any more
        return result

    # === DECIDING === #

    def action_approve(self):
        """Say yes to these, one or several at once; all or none."""
        now = fields.Datetime.now()
        for arrangement in self:
            arrangement._say_yes(now)
        return self.env["collection.step"]._notify(" ".join(arrangement._words_after_yes() for arrangement in self))

    def _words_after_yes(self):
        """Return what became of it with somebody's yes."""
        words = {
            "to_approve": self.env._("%s waits for a second yes."),
            "offered": self.env._("%s is offered to the customer."),
            "active": self.env._("%s is in force."),
        }
        return words.get(self.state, "%s") % self.name

    def action_decide_refuse(self):
        """Ask why, then say no."""
        return self.env["collection.arrangement.decide"]._action_open(self)

    def action_decide_counter(self):
        """Write other terms instead; somebody else says yes to them where they are beyond the limits."""
        self.ensure_one()
        now = fields.Datetime.now()
        holder = self._check_may_decide(now)
        lines = [
            fields.Command.create({"date": line.date, "amount": line.amount}) for line in self.line_ids
        ]
        self._write_decision("counter", now, holder)
        counter = self._counter({"line_ids": lines}, now, "company")
        counter._note_authors(self.env.user)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Other Terms"),
            "res_model": self._name,
            "res_id": counter.id,
            "views": [(self.env.ref("collections_relationship.view_collection_arrangement_form").id, "form")],
        }

    def _say_yes(self, now, note=False):
        """Write somebody's yes; with enough of them it goes on its way.

        :raise UserError: where he may not decide, or the ledger has moved on
        """
        self.ensure_one()
        holder = self._check_may_decide(now)
        self._check_complete()
        self._check_days(now)
        self._check_still_stands(now)
        self.item_ids._check_open(self._today(now))
        self._write_decision("yes", now, holder, note)
        if len(self._yes_now(now)) < self._yes_needed(now):
            self.sudo().activity_unlink([ACTIVITY], user_id=self.env.uid)
            self._remind_approvers(now)
            return
        if self.proposed_by == "customer":
            self._start(now)  # the customer's own terms, and our yes: both agree
        else:
            self._continue(now)

    def _say_no(self, now, reason):
        """Write somebody's no, and tell whoever put it forward.

        :param str reason: is required; the colleague has to tell the customer something
        """
        self.ensure_one()
        holder = self._check_may_decide(now)
        if not (reason or "").strip():
            raise UserError(self.env._("Say why, so that your colleague can tell the customer."))
        self._write_decision("no", now, holder, reason)
        self._refuse(now, note=reason)
        colleague = self.user_id or self.proposer_id
        if colleague and not colleague.share:
            words = self.with_context(lang=colleague.lang)
            words.sudo().activity_schedule(  # a note to a colleague
                "mail.mail_activity_data_todo",
                date_deadline=self._today(now),
                user_id=colleague.id,
                summary=words.env._("Not approved: tell the customer, or offer something else"),
                note=reason,
            )

    def _write_decision(self, decision, now, holder, note=False):
        """Add a yes or no, with what it was given to."""
        user = self.env.user
        self.env["collection.arrangement.approval"].sudo().create(  # `_check_may_decide`
            {
                "arrangement_id": self.id,
                "date": now,
                "user_id": user.id,
                "on_behalf_of_id": holder.id if holder != user else False,
                "decision": decision,
                "note": note,
                "terms": self._terms_fingerprint(),
                "amount_waived": self.amount_waived,
                "amount_agreed": self.amount_agreed,
                "beyond_text": self.beyond_text,
            }
        )
        self.invalidate_recordset(["approval_ids"])
        self._note_event(f"said_{decision}", now, note=note)
