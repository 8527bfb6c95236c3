"""Asks other accounting managers for the second yes, where a change takes two people."""
from odoo import models


class CollectionSecondPerson(models.AbstractModel):
    _name = "collection.second.person"
    _description = "Takes a Second Person"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    def _ask_second_person(self, authors, company, day):
        """Give an activity to the managers who may confirm.

        :param authors: users who may not
        :param company: whose managers; empty for those of every company
        :param date day: by when
        """
        self.ensure_one()
        managers = self.env["res.users"].sudo().search(  # who to ask, by group and company
            [
                ("all_group_ids", "in", self.env.ref("account.group_account_manager").id),
                ("share", "=", False),
                ("id", "not in", authors.ids),
                *([("company_ids", "in", company.ids)] if company else []),
            ]
        )
        for manager in managers:
            words = self.with_context(lang=manager.lang).sudo()  # a note to a colleague
            words.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=day,
                user_id=manager.id,
                summary=words._second_person_question(),
            )

    def _second_person_question(self):
        """Return what a second person is asked; the record's name stands before it in the mail and beside it in lists."""
        return self.env._("A second person has to say yes")

    def _second_person_asked_no_more(self):
        """Take the question back from whoever was asked."""
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])  # only ours: they are made by the machine
