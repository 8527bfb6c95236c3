"""What was sent stands in the case's chatter, without what only mail programs need."""
from odoo.tests import tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestChatterCopy(CollectionCommon):
    def test_chatter_shows_the_sent_text_without_its_style_sheet(self):
        invoice = self._create_item(8, 250.0)
        self._night()
        self._root_env()["collection.step"]._act_all(self.now)

        step = self._case().step_ids
        self.assertEqual(step.state, "sent")
        message = step.mail_id.mail_message_id
        self.assertIn(invoice.name, message.body)
        self.assertIn("</table>", message.body)
        self.assertNotIn("<style", message.body)
        self.assertNotIn("<body", message.body)
        self.assertIn("<style", step.mail_id.body_html)
        self.assertEqual(message.model, "collection.case")
        self.assertEqual(message.res_id, self._case().id)
