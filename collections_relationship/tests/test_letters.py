"""Letters: the queue, printing asks again and logs once, the page fits its envelope and can be scanned."""
import base64
import io
import subprocess
import tempfile
from pathlib import Path

import zxingcpp
from PIL import Image

from odoo.tests import tagged

from .test_channels import ChannelCommon

#: Dots per millimetre of a rendered page.
SCALE = 10


def render_pages(pdf):
    """Return the pages of a PDF as grey pictures, ten dots a millimetre."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "letters.pdf"
        source.write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", str(25.4 * SCALE), "-gray", source, Path(folder) / "page"], check=True)
        return [Image.open(io.BytesIO(path.read_bytes())) for path in sorted(Path(folder).glob("page*.pgm"))]


def read_text(pdf):
    """Return the words of each page of a PDF."""
    completed = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return completed.stdout.decode().split("\f")[:-1]


def find_words(pdf, word):
    """Return where a word stands, as (page, left, top, right, bottom), the box in millimetres."""
    completed = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    found, page = [], 0
    for line in completed.stdout.decode().splitlines():
        if "<page " in line:
            page += 1
        if line.strip().startswith("<word") and f">{word}<" in line:
            numbers = {part.split("=")[0]: float(part.split('"')[1]) for part in line.split(">")[0].split()[1:]}
            box = [numbers[name] * 25.4 / 72 for name in ("xMin", "yMin", "xMax", "yMax")]
            found.append((page, *box))
    return found


def scan(picture):
    """Return the texts of all codes on a picture."""
    return [code.text for code in zxingcpp.read_barcodes(picture)]


class LetterCommon(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.collection_channel = "letter"
        cls.company.partner_id.write(
            {
                "street": "8 Example Road",
                "zip": "10115",
                "city": "Sampleton",
                "country_id": cls.env.ref("base.de").id,
                "phone": "+49 30 5550100",
            }
        )

    def _queue(self):
        return self.env["collection.step"].search([("channel", "=", "letter"), ("state", "=", "to_do")])

    def _print(self, letters=None):
        """Print letters; return the batches and what was left out."""
        return (self._queue() if letters is None else letters).sudo()._print_letters(self.now)

    def _print_pdf(self, letters=None):
        batch, _left_out = self._print(letters)
        return base64.b64decode(batch.pdf)


@tagged("post_install", "-at_install")
class TestPrintQueue(LetterCommon):
    def setUp(self):
        super().setUp()
        self._night_and_act_for_real()

    def _night_and_act_for_real(self):
        self._night()
        self._act()

    def test_printing_logs_once_and_keeps_the_pdf(self):
        letter = self._queue()
        batch, left_out = self._print()
        self.assertEqual((letter.state, letter.letter_batch_id, batch.letter_count), ("sent", batch, 1))
        self.assertFalse(left_out)
        self.assertEqual(self._sent().mapped("channel"), ["letter"])
        self.assertTrue(base64.b64decode(batch.pdf).startswith(b"%PDF"))
        self._print(letter)
        self.assertEqual(len(self._sent()), 1)

    def test_print_again_opens_the_same_pdf(self):
        batch, _left_out = self._print()
        self.assertIn(f"/web/content/collection.letter.batch/{batch.id}/pdf/", batch.action_open_pdf()["url"])
        self.assertEqual(len(self._sent()), 1)

    def test_paid_meanwhile_is_left_out_and_said(self):
        other = self._create_customer("Brown Trading", **self._address())
        self._create_item(6, partner=other)
        self._night_and_act_for_real()
        self.assertEqual(len(self._queue()), 2)
        self._pay(self.item)
        batch, left_out = self._print()
        self.assertEqual((batch.letter_count, batch.step_ids.partner_id), (1, other))
        self.assertEqual([(row["partner"], row["code"]) for row in left_out], [(self.customer.id, "case_closed")])
        self.assertIn("Azure Interior", batch.outcome_html)
        self.assertIn("Nothing is owed any more.", batch.outcome_html)
        self.assertFalse(self._sent())

    def _address(self):
        return {
            "collection_channel": "letter",
            "street": "2 Made-up Street",
            "city": "Hoboken",
            "zip": "07030",
            "country_id": self.env.ref("base.us").id,
            "state_id": self.env.ref("base.state_us_31").id,
            "phone": "+1 201 555 0124",
        }
