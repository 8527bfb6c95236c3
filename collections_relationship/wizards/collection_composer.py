"""What every window has in which somebody writes to customers: is it about payment, and may it leave now?"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.collection_door import ABOUT_PAYMENT, OVERRIDE_REASON
from ..models.mail_scheduled_message import CUSTOMERS

ANSWERS = [("yes", "Yes, about payment"), ("no", "No, about something else")]
#: On these, or on no document, nothing is preset: a message there may well be about payment.
ASKED_WITHOUT_PRESET = ("account.move", "collection.case", "res.partner", False)


class CollectionComposer(models.AbstractModel):
    """What mail and text composer share. Each of them says whom it reaches, in which company, whether its recipients get
    messages of their own, whether there is a place to wait, and how it sends: these methods are its own, as in Odoo's
    mixins, and none has an answer that would be right for both."""

    _name = "collection.composer"
    _description = "Composer That Asks the Guard"

    #: The channel the guard is asked about, and the field that names the model of the documents written on.
    _collection_channel = "email"
    _collection_model_field = "model"

    collection_is_asked = fields.Boolean(compute="_compute_collection_is_asked")
    collection_about_payment = fields.Selection(
        ANSWERS,
        string="Is this about payment?",
        compute="_compute_collection_about_payment",
        store=True,
        readonly=False,
        help="What asks for money counts as a contact and passes the guard; anything else does not.",
    )
    collection_verdict_html = fields.Html(compute="_compute_collection_verdict_html", sanitize=False)
    collection_is_refused = fields.Boolean(compute="_compute_collection_verdict_html")
    collection_next_moment = fields.Datetime(compute="_compute_collection_verdict_html")
    collection_may_override = fields.Boolean(compute="_compute_collection_verdict_html")
    collection_override_reason = fields.Text(
        string="Why the Rules Are Set Aside", help="Logged with the message, with your name and the rules."
    )

    # === WHOM IT REACHES === #

    def _collection_company(self):
        """Return the company the message speaks for."""
        raise NotImplementedError

    def _collection_recipients(self):
        """Return whom the message would reach, as `collection.door._reached` takes them."""
        raise NotImplementedError

    def _collection_reached(self):
        return self.env["collection.door"]._reached(self._collection_recipients(), self._collection_company())

    def _compute_collection_is_asked(self):
        for composer in self:
            composer.collection_is_asked = bool(composer._collection_reached())

    @api.depends(lambda self: ("collection_is_asked", self._collection_model_field))
    def _compute_collection_about_payment(self):
        for composer in self:
            if not composer.collection_is_asked:
                composer.collection_about_payment = False
            elif not composer.collection_about_payment and composer[self._collection_model_field] not in ASKED_WITHOUT_PRESET:
                composer.collection_about_payment = "no"

    # === THE VERDICT === #

    def _collection_is_several(self):
        """Tell whether each recipient gets a message of his own, so that the others' may leave."""
        raise NotImplementedError

    def _collection_can_wait(self):
        """Tell whether there is a place where the message could wait for its moment."""
        raise NotImplementedError

    def _compute_collection_verdict_html(self):
        door, now = self.env["collection.door"], fields.Datetime.now()
        is_manager = self.env.user.has_group("account.group_account_manager")
        for composer in self:
            judged = []
            if composer.collection_about_payment == "yes":
                judged = door._judge(now, composer._collection_reached(), self._collection_channel)
            refused = [one for one in judged if not one.allowed]
            moments = [one.next_moment for one in refused]
            can_wait = moments and all(moments) and composer._collection_can_wait()
            composer.collection_next_moment = max(moments) if can_wait else False
            composer.collection_verdict_html = door._verdict_html(judged) if judged else False
            composer.collection_is_refused = bool(refused) and (
                not composer._collection_is_several() or len(refused) == len(judged)
            )
            composer.collection_may_override = is_manager and bool(refused) and all(one.is_soft for one in refused)

    # === SENDING === #

    def _collection_send(self):
        """Send the message; return what the window does then."""
        raise NotImplementedError

    def _collection_declared(self):
        """Return the composer with the answer in its context.

        :raises UserError: somebody who owes would be reached and nobody answered
        """
        reached = self._collection_reached()
        if not reached:
            return self
        if not self.collection_about_payment:
            raise UserError(self.env._("Answer first: is this about payment?"))
        is_about = self.collection_about_payment == "yes"
        customers = [one.customer.id for one in reached] if is_about else []
        return self.with_context(**{ABOUT_PAYMENT: is_about, CUSTOMERS: customers})

    def _collection_later_moment(self):
        """Return the next right moment.

        :raises UserError: none is known
        """
        self.ensure_one()
        if not self.collection_next_moment:
            raise UserError(self.env._("No later moment is known at which this message would be right."))
        return self.collection_next_moment

    def action_collection_set_aside(self):
        """Send all the same: a manager sets the rules aside and says why."""
        self.ensure_one()
        if not self.env["collection.guard"]._says_why(self.collection_override_reason):
            raise UserError(self.env._("Write why the rules are set aside. It is logged with the message."))
        return self.with_context(**{OVERRIDE_REASON: self.collection_override_reason})._collection_send()
