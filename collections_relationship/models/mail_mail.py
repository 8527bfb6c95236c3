"""Lets no mail of a step leave but through the step itself."""
from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _send(self, *args, **kwargs):
        """Leave out mails that belong to a step of the follow-up.

        Steps send their own mail after asking the gate and the ledger; the queue, a retry by hand
        or another module would send it without asking. A mail whose step has ended is cancelled.
        """
        steps = self.env["collection.step"].sudo().search([("mail_id", "in", self.ids)])
        of_steps = steps.mail_id
        ended = steps.filtered(lambda step: step.state in ("sent", "cancelled", "unknown")).mail_id
        ended.filtered(lambda mail: mail.state == "outgoing").write(
            {"state": "cancel", "failure_reason": self.env._("Only the follow-up itself sends this message.")}
        )
        return super(MailMail, self - of_steps)._send(*args, **kwargs)
