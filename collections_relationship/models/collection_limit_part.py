"""What the rows of limits have in common: they change with the limits, by two people."""
from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionLimitPart(models.AbstractModel):
    _name = "collection.limit.part"
    _description = "Row of Limits"

    limit_id = fields.Many2one("collection.limit", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="limit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="limit_id.currency_id")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.limit_id._check_rows_may_change()
        return rows

    def write(self, vals):
        self.limit_id._check_rows_may_change()
        done = super().write(vals)
        self.limit_id._check_rows_may_change()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_with_the_limits(self):
        self.limit_id._check_rows_may_change()

    def _describe_commands(self, commands):
        """Return what these commands make of the rows, in words: a line each."""
        words = []
        for command, row_id, values in commands:
            if command == fields.Command.CREATE:
                words.append(self.env._("+ %s", self.new(values)._sentence()))
            elif command == fields.Command.UPDATE:
                row = self.browse(row_id)
                words.append(f"{row._sentence()} → {self.new(values, origin=row)._sentence()}")
            elif command in (fields.Command.DELETE, fields.Command.UNLINK):
                words.append(self.env._("− %s", self.browse(row_id)._sentence()))
        return words

    def _sentence(self):
        """Return the row in words; each kind of row has its own, this abstract model has no rows."""
        raise NotImplementedError


class CollectionLimit(models.Model):
    _inherit = "collection.limit"

    def _check_rows_may_change(self):
        """Refuse rows written past the limits they belong to; whoever writes those of a proposal is an author of it."""
        if self.env.su:
            return
        if self.filtered(lambda limit: limit.state == "in_force"):
            raise UserError(
                self.env._("Change the rows on the form of the limits: a second person has to say yes to them.")
            )
        self.sudo().author_ids = [fields.Command.link(self.env.uid)]
