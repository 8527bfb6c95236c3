"""Makes the square codes a phone reads from paper: an address to open, or a bank transfer filled in."""
import base64
import io
from typing import NamedTuple

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from odoo import api, models
from odoo.tools.image import image_data_uri

#: Dots per square: sharp at 600 dots an inch for a code of three centimetres.
BOX_SIZE = 8
#: The quiet zone every reader needs around a code, in squares.
BORDER = 4
#: Bank codes whose look is laid down, by Odoo's name of the method: side in millimetres.
SIDES = {"ch_qr": 46}
USUAL_SIDE = 30


class QrCode(NamedTuple):
    """A code ready to be shown.

    :param image: the address of the picture, data included, for `src` of an `img`
    :param side: how wide it must be on paper, in millimetres
    """

    image: str
    side: int


class CollectionQr(models.AbstractModel):
    _name = "collection.qr"
    _description = "QR Codes of Collection Messages"

    @api.model
    def _draw(self, text):
        """Return the code of any text.

        :rtype: QrCode
        """
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=BOX_SIZE, border=BORDER)
        code.add_data(text)
        code.make(fit=True)
        with io.BytesIO() as buffer:
            code.make_image().save(buffer, format="PNG")
            return QrCode(image_data_uri(base64.b64encode(buffer.getvalue())), USUAL_SIDE)

    @api.model
    def _draw_transfer(self, bank, amount, currency, reference, customer):
        """Return the code with which a banking app fills in a transfer, `None` where the account's country has none.

        The kinds of code are Odoo's own: the European one, and what a country's localization adds.

        :param bank: `res.partner.bank` to pay into
        :param float amount: in ``currency``
        :param str reference: what the payment is for; a structured one is given as such
        :param customer: `res.partner` who pays
        :rtype: QrCode | None
        """
        values = bank._build_qr_code_vals(amount, reference, reference, currency, customer) if bank else None
        if not values:
            return None
        drawing = bank._get_qr_code_generation_params(**values)
        if not drawing:
            return None
        if drawing.get("mask"):  # a country's own mark in the middle, which Odoo draws
            picture = self.env["ir.actions.report"].barcode(**{**drawing, "width": 600, "height": 600})
            return QrCode(image_data_uri(base64.b64encode(picture)), SIDES.get(values["qr_method"], USUAL_SIDE))
        return self._draw(drawing["value"])
