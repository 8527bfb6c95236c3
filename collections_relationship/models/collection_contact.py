"""One thing that happened between us and a customer. Added to, never changed or deleted.

The ORM refuses it here; a trigger refuses it in the database. A partner merge, retention and
uninstall pass under a transaction-local setting (`_open_log`).
"""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .collection_template import PURPOSES

KINDS = [
    ("sent", "Sent"),
    ("answered", "Answered"),
    ("auto_reply", "Automatic Reply"),
    ("bounced", "Bounced"),
    ("clicked", "Opened the Payment Page"),
    ("called", "Called"),
    ("written", "Written Elsewhere"),
    ("imported", "From Another System"),
    ("stopped", "Asked Us to Stop"),
    ("preference", "Said How to Be Contacted"),
    ("agreed", "Said Yes to an Offer"),
]
CHANNELS = [
    ("email", "E-mail"),
    ("sms", "Text Message"),
    ("call", "Call"),
    ("letter", "Letter"),
    ("visit", "Visit"),
    ("portal", "Portal"),
    ("other", "Other"),
]
OUTCOMES = [
    ("sent", "Sent"),
    ("answered", "Answered"),
    ("conversation", "Conversation"),
    ("left_message", "Left a Message"),
    ("no_answer", "No Answer"),
    ("wrong_number", "Wrong Number"),
]
#: A note is a line in the log; longer texts belong into the content.
NOTE_LENGTH = 240
LOG_SETTING = "collections_relationship.log_open"


class CollectionContact(models.Model):
    _name = "collection.contact"
    _description = "Contact"
    _order = "date desc, id desc"
    _rec_name = "date"
    _check_company_auto = True

    case_id = fields.Many2one("collection.case", index=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, readonly=True, ondelete="restrict"
    )
    recipient_id = fields.Many2one("res.partner", string="Person", readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    date = fields.Datetime(required=True, readonly=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    direction = fields.Selection([("out", "Outgoing"), ("in", "Incoming")], required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True, help="What came of it; rules differ in what they count.")
    requested = fields.Boolean(readonly=True, help="The customer asked for it or agreed to it.")
    place = fields.Selection([("residence", "At Home"), ("work", "At Work")], readonly=True)
    purpose = fields.Selection(PURPOSES, readonly=True)
    is_asking = fields.Boolean(string="Asks for Money", readonly=True)
    stage_id = fields.Many2one("collection.stage", readonly=True, ondelete="restrict")
    step_id = fields.Many2one("collection.step", readonly=True, index="btree_not_null", ondelete="restrict")
    template_id = fields.Many2one("collection.template", readonly=True, ondelete="restrict")
    template_version_id = fields.Many2one(
        "collection.template.version", string="Version", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", string="By", readonly=True, ondelete="restrict")
    address = fields.Char(readonly=True, index="btree_not_null")
    amount = fields.Monetary(string="Asked For", readonly=True, help="In the company's currency.")
    asked_text = fields.Text(
        string="Asked For, as the Message Said It", compute="_compute_asked_text", help="In the currencies of the invoices."
    )
    facts = fields.Json(
        readonly=True,
        help="The items asked for and those for information, with due dates and amounts as they were.",
    )
    reason = fields.Json(readonly=True, help="Why now: rule, facts, verdict and ledger as they were.")
    reason_text = fields.Char(string="Why Now", compute="_compute_reason_text")
    set_aside_text = fields.Text(string="Set Aside", compute="_compute_set_aside_text")
    message_id = fields.Char(string="Message-Id", readonly=True, index="btree_not_null")
    content_id = fields.Many2one(
        "collection.contact.content", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    subject = fields.Char(related="content_id.subject")
    body_html = fields.Html(related="content_id.body_html", string="Message")
    note = fields.Char(readonly=True)
    text_deleted_on = fields.Date(
        readonly=True, help="Its texts were deleted on that day; what happened stays in the log."
    )
    text_deleted_text = fields.Char(string="Text", compute="_compute_text_deleted_text")
    move_ids = fields.Many2many(
        "account.move", "collection_contact_move_rel", "contact_id", "move_id", string="Invoices", readonly=True
    )

    _step_once = models.UniqueIndex(
        "(step_id) WHERE kind = 'sent'",
        "A step leaves once.",
    )

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION collection_contact_keep() RETURNS trigger AS $$
                BEGIN
                    IF current_setting(%(setting)s, true) IS DISTINCT FROM 'on' THEN
                        RAISE EXCEPTION 'The contact log can be added to, never changed or deleted.';
                    END IF;
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    RETURN NEW;
                END
                $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS collection_contact_keep ON collection_contact;
                CREATE TRIGGER collection_contact_keep BEFORE UPDATE OR DELETE ON collection_contact
                    FOR EACH ROW EXECUTE FUNCTION collection_contact_keep();
                DROP TRIGGER IF EXISTS collection_contact_keep_all ON collection_contact;
                CREATE TRIGGER collection_contact_keep_all BEFORE TRUNCATE ON collection_contact
                    FOR EACH STATEMENT EXECUTE FUNCTION collection_contact_keep();

                -- Which invoices a contact was about: a link goes only with its invoice, once that is deleted itself.
                CREATE OR REPLACE FUNCTION collection_contact_move_keep() RETURNS trigger AS $$
                BEGIN
                    IF current_setting(%(setting)s, true) = 'on' THEN
                        RETURN COALESCE(NEW, OLD);
                    END IF;
                    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM account_move m WHERE m.id = OLD.move_id) THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'The invoices of the contact log can be added to, never changed or deleted.';
                END
                $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS collection_contact_move_keep ON collection_contact_move_rel;
                CREATE TRIGGER collection_contact_move_keep BEFORE UPDATE OR DELETE ON collection_contact_move_rel
                    FOR EACH ROW EXECUTE FUNCTION collection_contact_move_keep();
                DROP TRIGGER IF EXISTS collection_contact_move_keep_all ON collection_contact_move_rel;
                CREATE TRIGGER collection_contact_move_keep_all BEFORE TRUNCATE ON collection_contact_move_rel
                    FOR EACH STATEMENT EXECUTE FUNCTION collection_contact_keep();
                """,
                setting=LOG_SETTING,
            )
        )

    @api.depends("kind", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for contact in self:
            contact.display_name = f"{kinds.get(contact.kind, '')}: {contact.partner_id.display_name}"

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for contact in self:
            contact.reason_text = contact.case_id._describe_reason(contact.reason or {})

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_set_aside_text(self):
        for contact in self:
            contact.set_aside_text = self._describe_set_aside(contact.reason or {})

    @api.depends("facts", "amount", "is_asking")
    @api.depends_context("lang")
    def _compute_asked_text(self):
        currencies = self._currencies()
        for contact in self:
            totals = contact._asked_totals(currencies)
            if not totals and contact.is_asking and contact.amount:
                totals = [(contact.currency_id, contact.amount)]
            contact.asked_text = ", ".join(currency.format(amount) for currency, amount in totals)

    @api.model
    def _currencies(self):
        """Return every currency by its code, those no longer used too."""
        return self.env["res.currency"].with_context(active_test=False).search([("name", "!=", False)]).grouped("name")

    def _asked_totals(self, currencies):
        """Return (currency, amount) of what the message asked for, as it said it; empty where nobody knows.

        :param dict currencies: as `_currencies` returns them
        """
        self.ensure_one()
        totals = (self.facts or {}).get("totals") if self.is_asking else None
        return [(currencies[one["currency"]], one["amount"]) for one in totals or () if one["currency"] in currencies]

    @api.depends("text_deleted_on")
    @api.depends_context("lang")
    def _compute_text_deleted_text(self):
        for contact in self:
            day = contact.text_deleted_on
            contact.text_deleted_text = day and self.env._(
                "Text deleted on %s: no keeping period and no open claim held it", format_date(self.env, day)
            )

    @api.model
    def _describe_set_aside(self, reason):
        """Return which rules were not kept and why, as far as a stored reason says; else nothing.

        :param dict reason: as kept on steps and contacts
        """
        labels = self.env["collection.case"]._next_reason_labels()
        if against := reason.get("against"):
            rules = " ".join(dict.fromkeys(labels.get(code, code) for code in against))
            return self.env._("It was made although the rules said no: %s", rules)
        set_aside = reason.get("set_aside")
        if not set_aside:
            return False
        return self.env._(
            "%(who)s set aside: %(rules)s Why: %(why)s",
            who=self.env["res.users"].sudo().browse(set_aside["by"]).name,  # a colleague's name only
            rules=" ".join(labels.get(code, code) for code in set_aside["codes"]),
            why=set_aside["why"],
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The contact log can be added to, never changed. Add a new contact instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The contact log can be added to, never deleted."))

    @api.model
    def _open_log(self):
        """Let this transaction change the log: for a partner merge, retention and uninstall only."""
        self.env.cr.execute(SQL("SELECT set_config(%s, 'on', true)", LOG_SETTING))

    @api.model
    def _close_log(self):
        """Protect the log again for the rest of this transaction."""
        self.env.cr.execute(SQL("SELECT set_config(%s, 'off', true)", LOG_SETTING))
