from odoo import models


class CollectionCase(models.Model):
    _inherit = "collection.case"
