"""Which of several items of one customer is spoken about first."""
from odoo.tests import tagged

from .common import CollectionCommon


@tagged("post_install", "-at_install")
class TestTurns(CollectionCommon):
    def _last_sent(self):
        return self._case().step_ids.filtered(lambda step: step.state == "sent").sorted("id")[-1]

    def test_item_asked_about_lately_gives_way_to_a_newly_late_one(self):
        self._create_item(41, 300.0)
        self._night_and_act()
        self.assertEqual(self._last_sent().stage_id.code, "friendly_reminder")

        self._create_item(1, 200.0)
        self._move_to(5)
        self._night_and_act()
        self.assertEqual(self._last_sent().stage_id.code, "friendly_reminder")
        self.assertEqual(len(self._last_sent().item_ids), 2)

        self._move_to(5)
        self._night_and_act()
        self.assertEqual(self._last_sent().stage_id.code, "firm_reminder")
