"""Yes and No to waiting messages: what the person is told, and what is kept of a no."""
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .test_views import ViewsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestDecisions(ViewsCommon):
    def setUp(self):
        super().setUp()
        self.stage["friendly_reminder"].mode = "approve"
        self.policy.minimum_gap = 4
        self._create_item(14, 300)
        self._create_item(14, 200, partner=self._create_customer("Borealis"))
        self._night()
        self.steps = (
            self.env["collection.step"]
            .search([("state", "=", "waiting"), ("company_id", "=", self.company.id)])
            .with_user(self.user)
        )
        self.assertEqual(len(self.steps), 2)

    def _refuse(self, steps, note=False):
        action = steps.action_refuse()
        wizard = self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])
        wizard.note = note
        return wizard.action_refuse()

    def test_a_yes_is_confirmed_with_what_happens_next(self):
        action = self.steps[0].action_approve()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn(self.steps[0].partner_id.name, action["params"]["message"])
        self.assertIn("minutes", action["params"]["message"])
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close", "the list is shown anew")

    def test_a_yes_to_several_says_how_many(self):
        self.assertTrue(self.steps.action_approve()["params"]["message"].startswith("2 messages"))

    def test_no_asks_before_it_does_anything(self):
        action = self.steps.action_refuse()
        self.assertEqual((action["res_model"], action["target"]), ("collection.refuse", "new"))
        self.assertEqual(set(self.steps.mapped("state")), {"waiting"})

    def test_no_says_from_which_day_it_is_proposed_again(self):
        message = self._refuse(self.steps[0])["params"]["message"]
        self.assertIn(self.steps[0].partner_id.name, message)
        self.assertIn("03/20/2026", message, "four days after the 16th")

    def test_the_reason_of_a_no_is_kept_and_shown(self):
        step = self.steps[0]
        self._refuse(step, "  They pay on Friday. ")
        self.assertEqual(step.state, "cancelled")
        self.assertEqual(step.refused_note, "They pay on Friday.")
        self.assertEqual(step.refused_by_id, self.user)
        self.assertEqual(step.cancel_text, f"{self.user.name} said no: They pay on Friday.")
        note = step.case_id.message_ids[0]
        self.assertIn("Friendly Reminder", note.body)
        self.assertIn("They pay on Friday.", note.body)
        self.assertTrue(note.subtype_id.internal, "the customer never reads it")

    def test_a_no_needs_no_reason(self):
        self._refuse(self.steps)
        self.assertEqual(set(self.steps.mapped("cancel_text")), {f"{self.user.name} said no."})

    def test_what_has_left_meanwhile_is_not_refused(self):
        wizard = self.env["collection.refuse"].with_user(self.user).create({"step_ids": self.steps.ids})
        self.steps.action_approve()
        self._act()
        with self.assertRaisesRegex(UserError, "not left yet"):
            wizard.action_refuse()
        with self.assertRaisesRegex(UserError, "not left yet"):
            self.steps.action_refuse()
