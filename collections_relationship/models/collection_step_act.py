from odoo import models


class CollectionStep(models.Model):
    _inherit = "collection.step"
