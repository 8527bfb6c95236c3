"""Hands out the contact log of customers as a PDF for people or a CSV for machines."""
import base64
import csv
import io
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import keeping

FORMATS = [("pdf", "PDF, to read and print"), ("csv", "CSV, for a spreadsheet")]
#: Tells spreadsheets that the file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"
#: Of a customer's name, what a file name takes.
LONGEST_NAME = 60


class CollectionLogExport(models.TransientModel):
    _name = "collection.log.export"
    _description = "Export the Contact Log"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    contact_ids = fields.Many2many("collection.contact", string="Chosen Contacts")
    only_chosen = fields.Boolean(string="Only the Chosen Contacts")
    date_start = fields.Date(string="From")
    date_end = fields.Date(string="Until")
    with_texts = fields.Boolean(string="With the Texts of the Messages")
    file_format = fields.Selection(FORMATS, required=True, default="pdf")
    count = fields.Integer(string="Contacts", compute="_compute_count")
    content = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.constrains("date_start", "date_end")
    def _check_period(self):
        for wizard in self:
            if wizard.date_start and wizard.date_end and wizard.date_end < wizard.date_start:
                raise ValidationError(self.env._("The period ends before it starts."))

    @api.depends("partner_ids", "contact_ids", "only_chosen", "date_start", "date_end")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard._contacts())

    @api.model
    def _action_open(self, partners, contacts=None):
        """Open the export for these customers; of `contacts` only, where some were chosen."""
        customers = partners.commercial_partner_id
        if not customers:
            raise UserError(self.env._("Choose the customers whose contact log you want first."))
        wizard = self.create(
            {
                "partner_ids": [Command.set(customers.ids)],
                "contact_ids": [Command.set(contacts.ids if contacts else [])],
                "only_chosen": bool(contacts),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export the Contact Log"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _zone(self):
        """Return the name of the time zone of the moments: the user's, else the company's."""
        return self.env.user.tz or self.env.company._collection_zone()

    def _contacts(self):
        """Return the contacts asked for that the user may see, the oldest first."""
        self.ensure_one()
        zone = self._zone()
        start = self.date_start and keeping.start_of_day(self.date_start, zone)
        end = self.date_end and keeping.start_of_day(self.date_end + timedelta(days=1), zone)
        contacts = self.env["collection.contact"]._log_of(self.partner_ids.commercial_partner_id._origin, start, end)
        return contacts & self.contact_ids._origin if self.only_chosen else contacts

    def _by_customer(self):
        """Return list of (customer, his contacts), in the order of the customers' names."""
        self.ensure_one()
        contacts = self._contacts()
        by_customer = contacts.sudo().grouped(lambda contact: contact.partner_id.commercial_partner_id)
        none = contacts.browse()
        return [
            (customer, contacts.browse(by_customer.get(customer.sudo(), none).ids))
            for customer in self.partner_ids.commercial_partner_id.sorted(lambda customer: customer.name or "")
        ]

    def action_export(self):
        """Make the file and hand it out."""
        self.ensure_one()
        if self.file_format == "pdf":
            return self.env.ref("collections_relationship.action_report_contact_log").report_action(
                self, config=False
            )
        self.write({"content": base64.b64encode(self._csv()), "filename": f"{self._file_name()}.csv"})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content?download=true&filename_field=filename",
            "target": "download",
        }

    def _file_name(self):
        """Return the name of the file without its ending."""
        customers = self.partner_ids.commercial_partner_id
        name = customers.name if len(customers) == 1 else self.env._("%s customers", len(customers))
        letters = "".join(letter if letter.isalnum() or letter in " -_.&" else " " for letter in name or "")
        day = fields.Date.context_today(self)
        return self.env._(
            "Contact log %(name)s %(day)s", name=" ".join(letters.split())[:LONGEST_NAME], day=day.isoformat()
        )

    def _csv(self):
        """Return the log as bytes of a CSV file that spreadsheets open at once.

        Columns are separated the way the user's language expects: by semicolons where it writes
        decimals with a comma.
        """
        lang = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";" if lang.decimal_point == "," else ",", lineterminator="\r\n")
        writer.writerows(self._contacts()._read_table(self._zone(), self.with_texts))
        return (BYTE_ORDER_MARK + text.getvalue()).encode()
