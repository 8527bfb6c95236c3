"""Six digits by mail: whoever holds a link proves that he reads the customer's mail before he decides anything.

The codes go to addresses we know, never to one that is typed. Only a keyed hash of them is kept.
"""
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, email_normalize
from odoo.tools.misc import hmac

CODE_SCOPE = "collections_relationship.arrangement_code"
CODE_DIGITS = 6
CODE_MINUTES = 15
CODE_LASTS = timedelta(minutes=CODE_MINUTES)
#: Of one code; a million codes against so few tries.
MOST_TRIES = 5
#: Of one negotiation.
MOST_CODES_AN_HOUR = 5


class CollectionArrangementCode(models.Model):
    _name = "collection.arrangement.code"
    _description = "Code for Signing an Arrangement"
    _order = "id desc"
    _rec_name = "address"

    negotiation_id = fields.Many2one("collection.arrangement", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="negotiation_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    address = fields.Char(required=True, readonly=True)
    code_hash = fields.Char(readonly=True, groups="base.group_system")
    date = fields.Datetime(required=True, readonly=True)
    tries = fields.Integer(readonly=True)
    used_on = fields.Datetime(readonly=True)

    def _hash_of(self, code):
        self.ensure_one()
        return hmac(self.sudo().env, CODE_SCOPE, (self.id, code))

    def _check(self, typed, now):
        """Return whether this is the code; each try counts, and the right one is good once.

        :param str typed: as the customer typed it
        :param datetime now: naive UTC
        """
        self.ensure_one()
        digits = "".join(letter for letter in typed or "" if letter.isdigit())
        if len(digits) != CODE_DIGITS:
            return False  # a slip of the finger, no guess
        self.lock_for_update()  # two tries at a moment are two tries
        self.invalidate_recordset(["tries", "used_on"])
        if not self._is_open(now):
            return False
        self.tries += 1
        if not consteq(self._hash_of(digits), self.code_hash or ""):
            return False
        self.used_on = now
        return True

    def _is_open(self, now):
        """Return whether the code can still be used."""
        return not self.used_on and self.tries < MOST_TRIES and self.date + CODE_LASTS >= now

    @api.autovacuum
    def _gc_codes(self):
        """Remove codes nobody can use any more."""
        self.sudo().search([("date", "<", fields.Datetime.now() - timedelta(days=1))], limit=10000).unlink()


class CollectionArrangement(models.Model):
    _inherit = "collection.arrangement"

    def _known_people(self, step=None):
        """Return people of the customer with an e-mail address who may have a code sent: whom the message went to first.

        :param step: the message whose link was opened, if any
        :return: `res.partner`, one for each address
        """
        self.ensure_one()
        customer = self.partner_id
        people = customer.browse(customer.address_get(["invoice"])["invoice"]) | customer
        if step and step.recipient_id.commercial_partner_id == customer:
            people = step.recipient_id | people
        known = customer.browse()
        for person in people:
            address = email_normalize(person.email)
            if address and address not in known.mapped("email_normalized"):
                known |= person
        return known

    @staticmethod
    def _masked(address):
        """Return an address as its owner knows it again and nobody else learns it.

        >>> CollectionArrangement._masked("ann.bell@north.example")
        'a•••@north.example'
        """
        name, _at, domain = address.partition("@")
        return f"{name[:1]}•••@{domain}"

    def _send_code(self, person, now):
        """Send six digits to a person of the customer.

        :param person: of `_known_people`
        :param datetime now: naive UTC
        :raise UserError: says what to do where too many were asked for, or mail cannot leave
        """
        self.ensure_one()
        Code = self.env["collection.arrangement.code"].sudo()
        negotiation = self.negotiation_id
        negotiation.lock_for_update()  # whoever asks many times at once is counted right
        recent = Code.search_count([("negotiation_id", "=", negotiation.id), ("date", ">", now - timedelta(hours=1))])
        if recent >= MOST_CODES_AN_HOUR:
            raise UserError(self.env._("We have sent several codes already. Please use the newest, or try again in an hour."))
        digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        code = Code.create(
            {"negotiation_id": negotiation.id, "partner_id": person.id, "address": person.email_normalized, "date": now}
        )
        code.code_hash = code._hash_of(digits)
        self._mail_code(person, digits, now)

    def _mail_code(self, person, digits, now):
        """Write and send the mail with the code: asked for this moment by the customer, it asks for nothing."""
        company = self._speaker()
        body = self.env["ir.qweb"]._render(
            "collections_relationship.arrangement_code_mail",
            {
                "code": f"{digits[:3]} {digits[3:]}",
                "how_long": self.env._("Please type it on our page. It is good for %s minutes.", CODE_MINUTES),
                "company": company,
            },
            minimal_qcontext=True,
        )
        mail = self.env["mail.mail"].sudo().create(
            {
                "subject": self.env._("Your code for %s", company.name),
                "body_html": body,
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "email_to": person.email_formatted,
                "auto_delete": True,
            }
        )
        mail.send()
        if mail.exists().state == "exception":
            raise UserError(self.env._("The mail with the code could not leave. Please try again in a moment, or call us."))
        case = self.case_id
        self.env["collection.contact"].sudo().create(  # the log of contacts is written by the machine alone
            {
                "case_id": case.id,
                "partner_id": self.partner_id.id,
                "recipient_id": person.id,
                "company_id": self.company_id.id,
                "date": now,
                "kind": "sent",
                "direction": "out",
                "channel": "email",
                "requested": True,
                "address": person.email_normalized,
                "note": self.env._("Code for signing"),
            }
        )

    def _prove_by_code(self, typed, now):
        """Return the person whose newest code this is; nobody where it is not, or has run out.

        :param str typed: as the customer typed it
        :rtype: res.partner
        """
        self.ensure_one()
        code = self._newest_code()
        if not code or not code._check(typed, now):
            return self.env["res.partner"]
        return code.partner_id

    def _newest_code(self):
        """Return the code sent last for the negotiation, possibly none."""
        codes = self.env["collection.arrangement.code"].sudo()  # of the negotiation whose link was opened
        return codes.search([("negotiation_id", "=", self.negotiation_id.id)], order="id desc", limit=1)

    def _awaited_from(self, now):
        """Return the person who was sent a code that can still be typed; nobody where there is none."""
        code = self._newest_code()
        return code.partner_id if code and code._is_open(now) else self.env["res.partner"]

    def _words_on_code(self, typed, now):
        """Return why what was typed is not taken, and what to do."""
        code = self._newest_code()
        if len("".join(letter for letter in typed or "" if letter.isdigit())) != CODE_DIGITS:
            return self.env._("The code has six digits. Please type all of them.")
        if code.tries >= MOST_TRIES and not code.used_on:
            return self.env._("That were too many tries for this code. Please have another one sent.")
        if not code or not code._is_open(now):
            return self.env._("This code has run out. Please have another one sent.")
        return self.env._("This code is not right. Please look at the newest mail, or have another one sent.")
