"""What 'Follow up now' shows before anybody writes: as which stage, by which way, whether it may.

Everything is read in bulk: the number of statements does not depend on the number of customers.
"""
from odoo import Command, api, fields, models

from ..models.collection_case_ways import Way
from ..models.collection_door import Judged, Reached
from ..models.collection_stage import CHANNELS
from ..models.collection_template import ASKING_PURPOSES


class CollectionFollowUp(models.TransientModel):
    _inherit = "collection.follow.up"

    @api.model
    def _prepare_lines(self, cases, moves=None):
        """Return the values of one line per case: what would be asked, as which stage, by which way, and whether it may."""
        look = _Look(self, cases, fields.Datetime.now(), moves)
        return [look.line(case) for case in cases]

    @api.model
    def _prepare_ways(self, case, moves=None):
        """Return the values of each way to the customer of a case, the proposed one first."""
        return _Look(self, case, fields.Datetime.now(), moves).ways(case)

    @api.model
    def _late_items(self, cases):
        """Return the late items of the cases, held or not."""
        items = self.env["collection.item"].search([("case_id", "in", cases.ids), ("is_open", "=", True)])
        return items.filtered(lambda item: self._days_late(item) > 0)

    @api.model
    def _free_items(self, cases):
        """Return the late items of the cases that nothing holds back, with something to ask for."""
        return self._late_items(cases).filtered(
            lambda item: not item.hold_code and item.currency_id.compare_amounts(item.amount_asked, 0) > 0
        )

    @api.model
    def _days_late(self, item):
        """Return the days late where the company is, which is what the follow-up counts."""
        return (item.root_company_id._collection_today(fields.Datetime.now()) - item.date_due).days

    @api.model
    def _old_enough(self, items, stage):
        """Return the items late for at least as many days as the stage starts at."""
        return items.filtered(lambda item: stage and self._days_late(item) >= stage.days)

    @api.model
    def _usable_stages(self, case, items, is_cooled):
        """Return the stages a person may send as for these items, the gentlest first.

        None the items are too young for, none whose previous stage nobody has sent yet, and after a
        difficult conversation none that is not mild.
        """
        ladder = case.policy_id.stage_ids.sorted("days")
        oldest = max(map(self._days_late, items), default=0)
        reached = max(items.mapped("asked_days"), default=0)
        previous = dict(zip(ladder[1:], ladder, strict=False))
        return ladder.filtered(
            lambda stage: (
                stage.mode != "manual"
                and stage.purpose in ASKING_PURPOSES
                and 0 <= stage.days <= oldest
                and (stage._is_mild() or not is_cooled)
                and (not stage.requires_previous or stage not in previous or reached >= previous[stage].days)
            )
        )

    @api.model
    def _proposed_stage(self, case, items, is_cooled, moves=None):
        """Return the stage to send as: what the items (of the invoices one came from) are due for, else stand at.

        Items nobody has asked for yet are due for the gentlest reminder, so the first message is gentle.
        """
        usable = self._usable_stages(case, items, is_cooled)
        wanted = items.filtered(lambda item: moves and item.move_id in moves) or items
        today = case.company_id._collection_today(fields.Datetime.now())
        due = wanted.filtered(lambda item: item.next_date and item.next_date <= today)
        for candidates in (due.next_stage_id, wanted.stage_id):
            if fitting := (candidates & usable).sorted("days"):
                return fitting[-1]
        if usable:
            return usable[0]
        friendly = case.policy_id.stage_ids.filtered(lambda stage: stage.purpose == "friendly_reminder")
        return friendly[:1]

    @api.model
    def _describe_texts(self, texts):
        """Return sentences about case and ledger in the form of the guard's reasons."""
        return [
            {
                "code": "",
                "text": text,
                "figures": "",
                "source": self.env._("the follow-up's own books"),
                "basis": "",
                "hard": True,
            }
            for text in dict.fromkeys(filter(None, texts))
        ]

    @api.model
    def _describe_in_short(self, judged, with_moment=True):
        """Return why a message may not leave now and when it may, in a few sentences.

        :param bool with_moment: say the next right moment; that there is none is said in any case
        """
        if judged.allowed:
            return ""
        sentences = [why["text"] for why in judged.reasons]
        if not judged.of_ledger and (with_moment or not judged.next_moment):
            sentences.append(self.env["collection.guard"]._describe_moment(judged.verdict))
        return " ".join(dict.fromkeys(filter(None, sentences)))


class _Look:
    """What is known of some cases at one moment; nothing here asks the database for one case alone."""

    def __init__(self, wizard, cases, now, moves):
        self._wizard = wizard
        self._env = wizard.env
        self._is_alone = len(cases) == 1
        self._none = wizard.env["collection.item"]
        late = wizard._late_items(cases)
        self._held = late.filtered("hold_code").grouped("case_id")
        self._free = late.filtered(
            lambda item: not item.hold_code and item.currency_id.compare_amounts(item.amount_asked, 0) > 0
        ).grouped("case_id")
        cooled = cases._cooled()
        self._stages = {case: wizard._proposed_stage(case, self._items(case), case in cooled, moves) for case in cases}
        self._asked = {case: wizard._old_enough(self._items(case), self._stages[case]) for case in cases}
        move_ids = {case.id: self._asked[case].move_id.ids for case in cases}
        self._reach = cases._reach(cases.ids, move_ids)
        # Whoever has corrected the address may write to it again; by itself nothing goes where a mail bounced.
        bounced = cases.filtered("bounced_on") if self._is_alone else cases.browse()
        self._bounced = {
            case_id: Way("email", partner_id, address)
            for case_id, (partner_id, address) in cases._recipients(bounced.ids, move_ids).items()
            if address
        }
        addresses = {way.address for ways in self._reach.values() for way in ways.values()}
        addresses.update(way.address for way in self._bounced.values())
        self._facts, self._choosers, self._stale = {}, {}, {}
        for company, of_company in cases.grouped("company_id").items():
            today = company._collection_today(now)
            partner_ids = of_company.partner_id.ids
            self._facts[company] = self._env["collection.guard"]._facts(now, company, partner_ids, addresses)
            self._choosers[company] = self._env["collection.template"]._chooser(company, partner_ids, today)
            self._stale[company] = company._collection_bank_is_stale(today)

    def _items(self, case):
        return self._free.get(case, self._none)

    # === THE WAY === #

    def _offered(self, case):
        """Return every way to the customer by channel, in the order in which they are tried."""
        ways = {**self._reach[case.id]}
        if case.id in self._bounced:
            ways.setdefault("email", self._bounced[case.id])
        order = [*case._channel_order(self._stages[case]), *(channel for channel, _label in CHANNELS)]
        return {channel: ways[channel] for channel in dict.fromkeys(order) if channel in ways}

    def _way(self, case):
        """Return the way the night would take; where all are closed the first one, whose verdict says why.

        `None` where no way leads to the customer that the policy takes by itself.
        """
        in_order = case._ways_in_order(self._stages[case], self._reach[case.id])
        way, _verdict, _refusal = case._first_open_way(in_order, self._facts[case.company_id])
        return way or next(iter(in_order), None)

    def line(self, case):
        """Return the values of a case's line."""
        return {
            "case_id": case.id,
            "stage_id": self._stages[case].id,
            "item_ids": [Command.set(self._asked[case].ids)],
            "amount": sum(self._asked[case].mapped("amount_company")),
            **self._values(case, self._way(case)),
        }

    def ways(self, case):
        """Return the values of each way to a customer, the proposed one first."""
        proposed = self._way(case)
        offered = sorted(self._offered(case).values(), key=lambda way: way != proposed)
        return [{"sequence": place, **self._values(case, way)} for place, way in enumerate(offered)]

    def _values(self, case, way):
        judged = self._judge(case, way)
        stage, facts = self._stages[case], self._facts[case.company_id]
        is_manager = self._env.user.has_group("account.group_account_manager")
        return {
            "channel": way.channel if way else False,
            "recipient_id": way.partner_id if way else case.partner_id.id,
            "address": way.address if way else False,
            "why_text": case._describe_way(stage, way.channel, self._reach[case.id], facts) if way else False,
            "allowed": judged.allowed,
            # A list has a column for the moment.
            "verdict_text": self._wizard._describe_in_short(judged, with_moment=self._is_alone),
            "verdict_html": self._env["collection.door"]._verdict_html([judged]) if self._is_alone else False,
            "date_next": judged.next_moment,
            "may_override": judged.is_soft and is_manager,
        }

    # === MAY IT? === #

    def _judge(self, case, way):
        """Ask the guard and the ledger about a message to the customer now, by this way.

        :param way: `None` where there is none
        :rtype: collection_door.Judged
        """
        way = way or Way(self._stages[case].channel or "email", False, "")
        verdict = self._facts[case.company_id].check(
            case.partner_id.id, way.address, policy=case.policy_id, channel=way.channel
        )
        recipient = self._env["res.partner"].browse(way.partner_id or [])
        return Judged(
            Reached(case.partner_id, case.company_id, case, recipient, way.address, ""),
            verdict,
            self._env["collection.guard"]._describe(verdict),
            self._wizard._describe_texts([*self._texts_of_books(case), *self._texts_of_way(case, way)]),
        )

    def _texts_of_books(self, case):
        """Return why case and ledger forbid asking, as sentences."""
        stage, items = self._stages[case], self._items(case)
        texts = []
        if not self._is_alone and stage.mode == "approve":
            texts.append(self._env._("A message of this stage needs a yes of its own: send it from the case."))
        if case.reply_unread_since:
            texts.append(case._describe_with_cure("reply_unread"))
        if case.step_ids.filtered(lambda step: step.state == "unknown"):
            texts.append(case._describe_with_cure("unknown"))
        if self._stale[case.company_id]:
            texts.append(case._describe_with_cure("bank_stale"))
        if not items:
            held = self._held.get(case, self._none)
            of_code = [case._describe_with_cure(code, some.move_id) for code, some in held.grouped("hold_code").items()]
            if not (texts or of_code):
                of_code = [self._env._("Nothing that is late may be asked for.")]
            texts += of_code
        elif not self._asked[case]:
            first = min(items.mapped("date_due"))
            day = fields.Date.to_string(fields.Date.add(first, days=stage.days))
            texts.append(case._describe_reason({"code": "stage_day", "date": day}))
        return texts

    def _texts_of_way(self, case, way):
        """Return why this way is none, as sentences; empty where there is nothing to ask for anyway."""
        stage = self._stages[case]
        if not self._items(case):
            return []
        if not way.address:
            return [case._describe_no_way(stage, self._offered(case), is_alone=self._is_alone)]
        picked = self._choosers[case.company_id].choose(
            case.partner_id,
            stage.purpose,
            stage.tone,
            way.channel,
            policy=case.policy_id,
            fixed=stage.template_id,
        )
        return [] if picked.template_id else [case._describe_no_words(way.channel)]
