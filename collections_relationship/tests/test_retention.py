"""Texts of contacts are deleted after the keeping period; what happened stays in the log."""
from datetime import datetime, timedelta

import psycopg2

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CollectionCommon

SECRET = "My mother is ill, I will pay on Friday"


class RetentionCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"collection_text_months": 12, "collection_letter_years": 0, "collection_letter_count": "calendar_year"}
        )
        cls.invoice = cls._create_item(10)

    def _deletions(self):
        return self._root_env()["collection.deletion"]

    def _later(self, days):
        """Return the deletion's moment `days` days from now; the tests' own day stays."""
        return self.now + timedelta(days=days)

    def _write_and_answer(self):
        """Ask for the invoice by mail and receive an answer with a file; the invoice is still open."""
        self._night()
        self._root_env()["collection.step"]._act_all(self.now)
        sent = self._sent()
        self.assertEqual(len(sent), 1)
        case = self._case().sudo()
        message = case.message_post(
            body=SECRET,
            subject="Re: your mail",
            author_id=self.customer.id,
            message_type="email",
            message_id="<answer-1@customer.example.com>",
            attachments=[("letter.txt", b"from the customer")],
        )
        answer = case._log_incoming(
            "answered",
            self.now,
            subject="Re: your mail",
            body=SECRET,
            message_id=message.message_id,
            author=self.customer,
            address=self.customer.email_normalized,
            channel="email",
        )
        return sent, answer, message

    def _settle(self, invoice=None):
        """Let the customer pay, and the case close."""
        self._pay(invoice or self.invoice)
        self._refresh()
        self.assertEqual(self._case().state, "closed")

    def _columns(self, contacts):
        """Return all columns of these rows as the database has them."""
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM collection_contact WHERE id = ANY(%s) ORDER BY id", [contacts.ids])
        return self.env.cr.dictfetchall()

    def _add_contacts(self, count, customer=None, **values):
        """Add rows with a note to the log."""
        return self.env["collection.contact"].sudo().create(
            [
                {
                    "partner_id": (customer or self.customer).id,
                    "company_id": self.company.id,
                    "date": self.now,
                    "kind": "called",
                    "direction": "out",
                    "channel": "call",
                    "outcome": "no_answer",
                    "note": f"Call {number}",
                    **values,
                }
                for number in range(count)
            ]
        )


@tagged("post_install", "-at_install")
class TestRetention(RetentionCommon):
    def test_everything_made_from_a_contact_goes_and_the_rows_stay(self):
        sent, answer, message = self._write_and_answer()
        mail = sent.step_id.mail_id
        self.assertTrue(mail.body_html)
        hint = self.env["collection.hint"].search([("contact_id", "=", answer.id)], limit=1)
        self.assertIn("pay on Friday", hint.quote)
        attachment = message.attachment_ids
        self.assertTrue(attachment.store_fname or attachment.db_datas)
        self._settle()
        both = sent | answer
        before = self._columns(both)

        runs = self._deletions()._delete_all(self._later(400))

        after = self._columns(both)
        today = self.company._collection_today(self._later(400))
        for old, new in zip(before, after, strict=True):
            self.assertEqual({**old, "note": None, "text_deleted_on": today}, new)
        self.assertTrue(after[0]["reason"] and after[0]["facts"] and after[0]["amount"])
        for contact in both:
            self.assertFalse(contact.subject or contact.body_html or contact.note)
            self.assertIn("Text deleted on", contact.text_deleted_text)
        self.assertFalse(attachment.exists(), "the customer's file is gone")
        self.assertFalse(hint.quote)
        letters = self.env["mail.message"].search([("message_id", "in", both.mapped("message_id"))])
        self.assertEqual(len(letters), 2)
        for letter in letters:
            self.assertEqual(letter.body, "<p>Deleted after the keeping period</p>")
            self.assertFalse(letter.subject or letter.attachment_ids)
        self.assertEqual(mail.body_html, "<p>Deleted after the keeping period</p>")
        self.assertEqual((runs.deleted_count, runs.failed_count), (2, 0))
        self.env.cr.execute(
            "SELECT count(*) FROM mail_message WHERE body LIKE %s OR subject LIKE %s", ["%mother is ill%"] * 2
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_nothing_is_deleted_where_nobody_asked_for_it(self):
        self.company.collection_text_months = 0
        _sent, answer, _message = self._write_and_answer()
        self._settle()
        self.assertFalse(self._deletions()._delete_all(self._later(9000)))
        self.assertTrue(answer.body_html)

    def test_an_open_case_stops_it(self):
        _sent, answer, _message = self._write_and_answer()
        self.assertFalse(self._deletions()._delete_all(self._later(400)))
        self.assertTrue(answer.body_html)

    def test_an_unpaid_invoice_it_was_about_stops_it(self):
        """The case is closed, as where a claim was excluded from follow-up; the claim is still there."""
        sent, answer, _message = self._write_and_answer()
        self._case().sudo().write({"state": "closed", "date_closed": self.now})
        terms = self._deletions()._terms(self.company, self._later(400))
        free, kept = self._deletions()._judge(terms)
        self.assertFalse(set((sent | answer).ids) & set(free), "neither the message nor its answer")
        self.assertEqual(kept["open_claim"][0], 2)
        self._pay(self.invoice)
        self.assertLessEqual(set((sent | answer).ids), set(self._deletions()._judge(terms)[0]))

    def test_an_unpaid_invoice_that_only_the_row_names_stops_it(self):
        [row] = self._add_contacts(1, move_ids=[Command.set(self.invoice.ids)])
        terms = self._deletions()._terms(self.company, self._later(400))
        self.assertNotIn(row.id, self._deletions()._judge(terms)[0])
        self._pay(self.invoice)
        self.assertIn(row.id, self._deletions()._judge(terms)[0])

    def test_a_case_closed_lately_stops_it(self):
        _sent, answer, _message = self._write_and_answer()
        self._settle()
        self._case().sudo().date_closed = self._later(300)
        self.assertFalse(self._deletions()._delete_all(self._later(400)))
        self.assertTrue(self._deletions()._delete_all(self._later(300 + 370)))
        self.assertFalse(answer.body_html)

    def test_a_proof_of_a_protection_stays_while_it_holds(self):
        [row] = self._add_contacts(1)
        protection = self.env["collection.protection"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "kind": "opt_out",
                "channel": "email",
                "source": "email",
                "contact_id": row.id,
                "note": SECRET,
            }
        )
        self.assertFalse(self._deletions()._delete_all(self._later(400)))
        protection.active = False
        self.assertTrue(self._deletions()._delete_all(self._later(400)))
        self.assertFalse(protection.note)
        self.env.cr.execute("SELECT 1 FROM mail_tracking_value WHERE new_value_text LIKE %s", ["%mother%"])
        self.assertFalse(self.env.cr.fetchall())

    def test_letters_are_kept_as_long_as_the_law_says(self):
        """Six years from the end of 2026: free on 1 January 2033, a note of a call after a year."""
        sent, answer, _message = self._write_and_answer()
        self._settle()
        [call] = self._add_contacts(1)
        self.company.collection_letter_years = 6
        self._deletions()._delete_all(datetime(2032, 12, 31, 12))
        self.assertTrue(sent.body_html and answer.body_html)
        self.assertFalse(call.note, "a note of a call is no letter")
        self._deletions()._delete_all(datetime(2033, 1, 1, 12))
        self.assertFalse(sent.body_html or answer.body_html)

    def test_a_financial_year_counts_from_its_own_end(self):
        """March 2026 lies in the year that ends in June 2026; but its calendar year ends later."""
        sent, _answer, _message = self._write_and_answer()
        self._settle()
        self.company.write(
            {
                "collection_letter_years": 6,
                "collection_letter_count": "financial_year",
                "fiscalyear_last_month": "1",
                "fiscalyear_last_day": 31,
            }
        )
        self._deletions()._delete_all(datetime(2033, 1, 31, 12))
        self.assertTrue(sent.body_html)
        self._deletions()._delete_all(datetime(2033, 2, 1, 12))
        self.assertFalse(sent.body_html)

    def test_counted_from_the_last_contact_a_later_one_keeps_the_earlier(self):
        sent, _answer, _message = self._write_and_answer()
        self._settle()
        self.company.write({"collection_letter_years": 3, "collection_letter_count": "last_contact"})
        self._add_contacts(1, date=self._later(365))
        self._deletions()._delete_all(self._later(365 * 3 + 100))
        self.assertTrue(sent.body_html)
        self._deletions()._delete_all(self._later(365 * 4 + 5))
        self.assertFalse(sent.body_html)

    def test_the_log_is_shut_again(self):
        self._add_contacts(1)
        self._deletions()._delete_all(self._later(400))
        self.env.flush_all()
        with self.assertRaises(psycopg2.Error), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE collection_contact SET note = 'changed' WHERE partner_id = %s", [self.customer.id])

    def test_another_companys_log_is_untouched(self):
        other = self.env["res.company"].sudo().create({"name": "Elsewhere Ltd"})
        other.collection_text_months = 0
        [mine] = self._add_contacts(1)
        [theirs] = self._add_contacts(1, company_id=other.id)
        self._deletions()._delete_all(self._later(400))
        self.assertFalse(mine.note)
        self.assertTrue(theirs.note)

    def test_the_log_of_a_branch_follows_the_company_above(self):
        branch = self._create_branch("Azure North")
        [row] = self._add_contacts(1, company_id=branch.id)
        self._deletions()._delete_all(self._later(400))
        self.assertFalse(row.note)

    def test_a_kill_between_batches_leaves_the_rest_to_the_next_run(self):
        rows = self._add_contacts(5)
        Deletion = type(self.env["collection.deletion"])
        done = []

        def die_at_the_third(deletion, terms, ids):
            if len(done) == 2:
                raise KeyboardInterrupt
            done.append(ids)
            return real(deletion, terms, ids)

        real = Deletion._delete_batch
        self.patch(Deletion, "_delete_batch", die_at_the_third)
        killed = False
        try:  # not assertRaises: it would take back what the batches before have done
            self._deletions()._delete_all(self._later(400), batch=2)
        except KeyboardInterrupt:
            killed = True
        self.assertTrue(killed)
        self.env.invalidate_all()
        self.assertEqual(len(rows.filtered("note")), 1)
        self.patch(Deletion, "_delete_batch", real)
        run = self._deletions()._delete_all(self._later(400), batch=2)
        self.assertFalse(rows.filtered("note"))
        self.assertEqual(run.deleted_count, 1, "what was done already is not done again")
        self.assertFalse(self._deletions()._delete_all(self._later(400)))

    def test_one_row_that_fails_costs_itself_only(self):
        rows = self._add_contacts(3)
        Deletion = type(self.env["collection.deletion"])
        real = Deletion._delete_texts

        def refuse_one(deletion, terms, ids):
            if rows[1].id in ids:
                raise ValueError("A file cannot be removed")
            return real(deletion, terms, ids)

        self.patch(Deletion, "_delete_texts", refuse_one)
        with mute_logger("odoo.addons.collections_relationship.models.collection_deletion"):
            run = self._deletions()._delete_all(self._later(400))
        self.assertEqual((run.deleted_count, run.failed_count), (2, 1))
        self.assertEqual(rows.filtered("note"), rows[1])

    def test_ten_thousand_contacts_take_a_fixed_number_of_statements_for_each_batch(self):
        self._add_contacts(10_000)
        now = self._later(400)
        deletion = self._deletions()
        terms = deletion._terms(self.company, now)
        free, _kept = deletion._judge(terms)
        self.assertEqual(len(free), 10_000)
        counts = []
        for batch in (free[:1], free[1:10], free[10:9_000]):  # the first reads what is read once only
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            deletion._delete_batch(terms, batch)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[1], 30)
        self.assertEqual(len(deletion._judge(terms)[0]), 1_000)

    def test_a_mail_to_two_customers_stays_until_both_are_done(self):
        other = self._create_customer("Other Made-up Customer")
        message = self.customer.message_post(body=SECRET)
        [mine] = self._add_contacts(1, message_id=message.message_id)
        [theirs] = self._add_contacts(1, other, message_id=message.message_id, date=self._later(300))
        self._deletions()._delete_all(self._later(400))
        self.assertFalse(mine.note)
        self.assertIn("mother", message.body)
        self._deletions()._delete_all(self._later(700))
        self.assertFalse(theirs.note)
        self.assertNotIn("mother", message.body)

    def test_what_was_noted_on_a_finished_case_goes_with_its_last_text(self):
        _sent, answer, _message = self._write_and_answer()
        case = self._case().sudo()
        note = case.message_post(body=f"He said: {SECRET}", subtype_xmlid="mail.mt_note")
        note.date = self.now
        activity = case.activity_schedule("mail.mail_activity_data_todo", note=SECRET)
        self._settle()
        self._deletions()._delete_all(self._later(400))
        self.assertFalse(answer.body_html)
        self.assertNotIn("mother", note.body)
        self.assertFalse(activity.note)

    def test_the_invoice_we_sent_with_a_message_stays(self):
        pdf = self.env["ir.attachment"].create(
            {"name": "invoice.pdf", "res_model": "account.move", "res_id": self.invoice.id, "raw": b"%PDF"}
        )
        message = self.customer.message_post(body="Here it is again", attachment_ids=pdf.ids)
        pdf.write({"res_model": "account.move", "res_id": self.invoice.id})
        self._add_contacts(1, message_id=message.message_id, kind="written", channel="email")
        self._deletions()._delete_all(self._later(400))
        self.assertIn("Deleted", message.body)
        self.assertTrue(pdf.exists())

    def test_words_of_a_text_message_go_from_the_customers_messages_too(self):
        self.customer.phone = "+33 6 12 34 56 78"
        stranger = self.env["collection.case"].sudo()
        stranger._receive_sms("+33612345678", SECRET, self.now)
        contact = self.env["collection.contact"].search([("kind", "=", "answered")], limit=1)
        self.assertEqual(contact.channel, "sms")
        self._deletions()._delete_all(self._later(400))
        self.env.cr.execute("SELECT count(*) FROM mail_message WHERE body LIKE %s", ["%mother is ill%"])
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_the_period_is_proposed_by_country(self):
        company = self.env["res.company"].sudo().create({"name": "Neu", "country_id": self.env.ref("base.de").id})
        self.assertEqual((company.collection_letter_years, company.collection_letter_count), (6, "calendar_year"))
        self.assertIn("257", company.collection_letter_source)
        self.assertEqual(company.collection_text_months, 0)
        company.country_id = self.env.ref("base.br")
        self.assertEqual(company.collection_letter_years, 10, "of an unknown law the longest period known")


@tagged("post_install", "-at_install")
class TestForget(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "mona.manager",
            "account.group_account_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.clerk = new_test_user(
            cls.env,
            "clara.clerk",
            "account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _forget(self, user=None, now=None):
        deletion = self.env["collection.deletion"].with_user(user or self.manager)
        partner, company = self.customer.with_user(user or self.manager), self.company.with_user(user or self.manager)
        return deletion._forget(partner, company, now or self.now)

    def test_a_manager_deletes_one_customers_texts_at_once(self):
        other = self._create_customer("Somebody Else")
        _sent, answer, _message = self._write_and_answer()
        [theirs] = self._add_contacts(1, other)
        self._settle()
        run = self._forget()
        self.assertFalse(answer.body_html)
        self.assertTrue(theirs.note)
        self.assertEqual((run.partner_id, run.user_id, run.deleted_count), (self.customer, self.manager, 2))

    def test_an_open_claim_refuses_it(self):
        self._write_and_answer()
        with self.assertRaisesRegex(UserError, "open case"):
            self._forget()

    def test_a_keeping_period_refuses_it_and_says_until_when(self):
        self._write_and_answer()
        self._settle()
        self.company.collection_letter_years = 6
        with self.assertRaisesRegex(UserError, "12/31/2032"):
            self._forget()

    def test_only_managers_may(self):
        self._add_contacts(1)
        with self.assertRaises(AccessError):
            self._forget(self.clerk)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.clerk).action_collection_forget()

    def test_the_dialog_shows_before_it_acts(self):
        rows = self._add_contacts(2)
        action = self.customer.with_user(self.manager).action_collection_forget()
        wizard = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        self.assertEqual(wizard.free_count, 2)
        self.assertEqual(self.env["collection.contact"].search(wizard.action_show()["domain"]), rows)
        self.assertEqual(len(rows.filtered("note")), 2, "looking deletes nothing")
        wizard.action_delete()
        self.assertFalse(rows.filtered("note"))

    def test_the_settings_show_what_would_go_tonight(self):
        old = self._add_contacts(1, date=fields.Datetime.now() - timedelta(days=500))
        self._add_contacts(1, date=fields.Datetime.now())
        settings = self.env["res.config.settings"].with_user(self.manager)
        action = settings.new({"company_id": self.company.id}).action_collection_preview_deletion()
        wizard = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        self.assertEqual(wizard.free_count, 1)
        self.assertIn("Not old enough: 1", wizard.kept_text)
        self.assertEqual(wizard.action_show()["domain"], [("id", "in", old.ids)])

    def test_the_checklist_proposes_a_period_until_one_is_chosen(self):
        def look():
            checklist = self.env["collection.checklist"].with_user(self.manager).with_company(self.company).create({})
            return checklist.line_ids.filtered(lambda line: line.code == "retention")

        self.company.collection_text_months = 0
        line = look()
        self.assertEqual(line.status, "look")
        self.assertIn("36 months", line.text)
        self.assertEqual(line.action_do()["res_model"], "res.config.settings")
        self.company.collection_text_months = 24
        self.assertEqual(look().status, "ok")
        self.assertIn("24 months", look().text)
