from odoo import models


class CollectionItem(models.Model):
    _inherit = "collection.item"
