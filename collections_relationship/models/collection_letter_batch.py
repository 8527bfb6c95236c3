"""What was printed at one time: the PDF, which letters it holds, and what was left out and why."""
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import format_date, format_datetime


class CollectionLetterBatch(models.Model):
    _name = "collection.letter.batch"
    _description = "Printed Letters"
    _order = "date desc, id desc"

    date = fields.Datetime(string="Printed", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    step_ids = fields.One2many("collection.step", "letter_batch_id", string="Letters", readonly=True)
    letter_count = fields.Integer(string="Letters Printed", readonly=True)
    pdf = fields.Binary(string="PDF", attachment=True, readonly=True)
    pdf_name = fields.Char(compute="_compute_pdf_name")
    left_out = fields.Json(
        string="Letters Left Out",
        readonly=True,
        help="Letters that were asked for and not printed: customer, code, until when.",
    )
    left_out_count = fields.Integer(string="Left Out", readonly=True)
    outcome_html = fields.Html(string="What Happened", compute="_compute_outcome_html", sanitize=False)

    @api.depends("date", "user_id")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for batch in self:
            batch.display_name = self.env._(
                "Letters of %s", format_datetime(self.env, batch.date, dt_format="short") if batch.date else ""
            )

    @api.depends("date")
    def _compute_pdf_name(self):
        for batch in self:
            moment = fields.Datetime.context_timestamp(batch, batch.date) if batch.date else None
            batch.pdf_name = f"letters-{moment:%Y-%m-%d-%H%M}.pdf" if moment else False

    @api.depends("left_out", "letter_count")
    @api.depends_context("lang")
    def _compute_outcome_html(self):
        for batch in self:
            batch.outcome_html = batch._describe(batch.letter_count, batch.left_out or [])

    @api.model
    def _describe(self, count, left_out):
        """Return what came of printing, for people.

        :param int count: letters printed
        :param list left_out: as in the field
        :rtype: Markup
        """
        said = self.env._("1 letter is in the PDF.") if count == 1 else self.env._("%s letters are in the PDF.", count)
        if not left_out:
            return Markup("<p>%s</p>") % said
        # Names of letters the user may read, or may have read when they were printed.
        customers = self.env["res.partner"].sudo().browse([row["partner"] for row in left_out])
        customers.fetch(["name"])
        rows = Markup("").join(
            Markup("<li><b>%s</b>: %s</li>") % (customer.name, self._why(row))
            for customer, row in zip(customers, left_out, strict=True)
        )
        left = (
            self.env._("1 letter was left out:")
            if len(left_out) == 1
            else self.env._("%s letters were left out:", len(left_out))
        )
        return Markup("<p>%s</p><p>%s</p><ul>%s</ul>") % (said, left, rows)

    def _why(self, row):
        """Return in words why a letter was left out."""
        labels = {
            **self.env["collection.step"]._cancel_labels(),
            "case_closed": self.env._("Nothing is owed any more."),
            "printed": self.env._("It was printed before."),
            "being_printed": self.env._("Somebody else is printing it right now."),
        }
        label = labels.get(row["code"], row["code"])
        if not row.get("until"):
            return label
        return self.env._("%(why)s Not before %(day)s.", why=label, day=format_date(self.env, row["until"][:10]))

    def action_open_pdf(self):
        """Open the PDF as it was printed: nothing is logged again."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/pdf/{self.pdf_name}",
            "target": "new",
        }
