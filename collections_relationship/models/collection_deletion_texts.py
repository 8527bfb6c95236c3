"""Where the texts of contacts are, and how they go: a fixed number of statements for each batch."""
from markupsafe import Markup

from odoo import api, models
from odoo.tools import SQL


class CollectionDeletion(models.Model):
    _inherit = "collection.deletion"

    @api.model
    def _delete_texts(self, terms, ids):
        """Delete the texts of these contacts and what was made from them; the contacts stay.

        :param Terms terms: of the contacts' company; its moment is written as the day of deletion
        :param ids: contacts somebody has judged and locked
        """
        if not ids:
            return
        self.env.flush_all()
        self._blank_contacts(terms, ids)
        cases = self._finished_cases(terms, ids)
        messages = self._messages(terms, ids, cases)
        self._blank_hints(ids)
        self._blank_activities(ids, cases)
        self._delete_attachments(terms, messages, cases)
        self._blank_messages(terms, list(messages))
        self.env.invalidate_all()

    def _blank_contacts(self, terms, ids):
        """Blank the texts and notes in the log, and write when that was done. The log is open only meanwhile."""
        contacts = self.env["collection.contact"]
        contacts._open_log()
        self._run_sql(
            """
            UPDATE collection_contact_content t SET subject = NULL, body_html = NULL
             WHERE t.id IN (SELECT content_id FROM collection_contact WHERE id = ANY(%(ids)s)
                            UNION ALL
                            SELECT s.draft_id FROM collection_contact c JOIN collection_step s ON s.id = c.step_id
                             WHERE c.id = ANY(%(ids)s) AND c.kind = 'sent')
            """,
            ids=ids,
        )
        self._run_sql(
            """
            UPDATE collection_contact
               SET note = NULL, text_deleted_on = %(today)s,
                   facts = CASE WHEN kind = 'preference' THEN facts - 'name' - 'reach' ELSE facts END
             WHERE id = ANY(%(ids)s)
            """,
            ids=ids,
            today=terms.today,
        )
        contacts._close_log()

    def _finished_cases(self, terms, ids):
        """Return the closed cases of these contacts in whose log no text is left: the rest of their texts goes too."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT k.id
                  FROM collection_case k
                 WHERE k.state = 'closed' AND k.id IN (SELECT case_id FROM collection_contact WHERE id = ANY(%(ids)s))
                   AND NOT EXISTS (
                       SELECT 1
                         FROM collection_contact c
                        WHERE c.case_id = k.id AND c.text_deleted_on IS NULL
                          AND (c.content_id IS NOT NULL OR c.note IS NOT NULL))
                """,
                ids=ids,
            )
        )
        return [case_id for (case_id,) in rows]

    def _messages(self, terms, ids, cases):
        """Return the messages that carried these contacts, and the remaining ones of finished cases.

        A message to several customers stays as long as one of them still has its text.

        :return: message id to whether it came from a customer
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id, bool_or(c.direction = 'in')
                  FROM collection_contact c
                  JOIN mail_message m ON m.message_id = c.message_id
                 WHERE c.id = ANY(%(ids)s)
                   AND NOT EXISTS (
                       SELECT 1 FROM collection_contact other
                        WHERE other.message_id = c.message_id AND other.text_deleted_on IS NULL)
                 GROUP BY m.id
                UNION
                SELECT m.id, FALSE
                  FROM mail_message m
                 WHERE m.model = 'collection.case' AND m.res_id = ANY(%(cases)s)
                   AND (%(before)s::timestamp IS NULL OR m.date < %(before)s::timestamp)
                   AND NOT EXISTS (
                       SELECT 1 FROM collection_contact other
                        WHERE other.message_id = m.message_id AND other.text_deleted_on IS NULL)
                """,
                ids=ids,
                cases=cases,
                before=terms.text_before,
            )
        )
        messages = {}
        for message_id, is_incoming in rows:
            messages[message_id] = is_incoming or messages.get(message_id, False)
        return messages

    def _blank_hints(self, ids):
        """Blank the customer's words in suggestions, and what was noted from them elsewhere."""
        self._run_sql("UPDATE collection_hint SET quote = NULL WHERE contact_id = ANY(%(ids)s)", ids=ids)
        self._run_sql(
            """
            UPDATE collection_hold SET note = NULL
             WHERE id IN (SELECT hold_id FROM collection_hint WHERE contact_id = ANY(%(ids)s))
            """,
            ids=ids,
        )
        self._run_sql(
            """
            WITH blanked AS (
                UPDATE collection_protection SET note = NULL
                 WHERE contact_id = ANY(%(ids)s)
                    OR id IN (SELECT protection_id FROM collection_hint WHERE contact_id = ANY(%(ids)s))
                RETURNING id
            )
            UPDATE mail_tracking_value v SET old_value_text = NULL, new_value_text = NULL
              FROM mail_message m, blanked, ir_model_fields f
             WHERE m.id = v.mail_message_id AND m.model = 'collection.protection' AND m.res_id = blanked.id
               AND f.id = v.field_id AND f.name = 'note'
            """,
            ids=ids,
        )

    def _blank_activities(self, ids, cases):
        """Blank the notes of activities made from suggestions, and of all activities of finished cases."""
        self._run_sql(
            """
            UPDATE mail_activity SET note = NULL
             WHERE id IN (SELECT activity_id FROM collection_hint WHERE contact_id = ANY(%(ids)s)
                          UNION ALL
                          SELECT id FROM mail_activity WHERE res_model = 'collection.case' AND res_id = ANY(%(cases)s))
            """,
            ids=ids,
            cases=cases,
        )

    def _delete_attachments(self, terms, messages, cases):
        """Delete the files of these messages: not the invoices we sent, nor what another message still carries."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH carried AS MATERIALIZED (
                    SELECT attachment_id AS id, bool_or(message_id = ANY(%(incoming)s)) AS is_incoming
                      FROM message_attachment_rel
                     WHERE message_id = ANY(%(messages)s)
                     GROUP BY attachment_id
                    UNION ALL
                    SELECT id, FALSE
                      FROM ir_attachment
                     WHERE res_model = 'collection.case' AND res_id = ANY(%(cases)s)
                       AND (%(before)s::timestamp IS NULL OR create_date < %(before)s::timestamp)
                )
                SELECT DISTINCT a.id
                  FROM carried
                  JOIN ir_attachment a ON a.id = carried.id
                 WHERE a.res_field IS NULL
                   AND (carried.is_incoming OR a.res_model IS DISTINCT FROM 'account.move')
                   AND NOT EXISTS (SELECT 1 FROM message_attachment_rel r
                                    WHERE r.attachment_id = a.id AND r.message_id != ALL(%(messages)s))
                """,
                messages=list(messages),
                incoming=[message_id for message_id, is_incoming in messages.items() if is_incoming],
                cases=cases,
                before=terms.text_before,
            )
        )
        self.env["ir.attachment"].sudo().browse([attachment_id for (attachment_id,) in rows]).unlink()

    def _blank_messages(self, terms, messages):
        """Replace the bodies of these messages, mails and text messages by a line that says so."""
        env = self.with_context(lang=terms.company.partner_id.lang or self.env.lang).env
        marker = env._("Deleted after the keeping period")
        values = {"messages": messages, "marker": marker, "html": str(Markup("<p>%s</p>") % marker)}
        self._run_sql(
            "UPDATE mail_message SET body = %(html)s, subject = NULL WHERE id = ANY(%(messages)s)", **values
        )
        self._run_sql(
            "UPDATE mail_mail SET body_html = %(html)s WHERE mail_message_id = ANY(%(messages)s)", **values
        )
        self._run_sql("UPDATE sms_sms SET body = %(marker)s WHERE mail_message_id = ANY(%(messages)s)", **values)
        self._run_sql("DELETE FROM mail_message_translation WHERE message_id = ANY(%(messages)s)", **values)
        self._run_sql("DELETE FROM mail_message_link_preview WHERE message_id = ANY(%(messages)s)", **values)
        self._run_sql("DELETE FROM message_attachment_rel WHERE message_id = ANY(%(messages)s)", **values)

    def _run_sql(self, query, **values):
        self.env.cr.execute(SQL(query, **values))
