"""The morning's digest: to whom, when, and that it went once. Facts and words are in the two files beside.

One e-mail to each colleague who looks after cases and wants it, in the morning of his own day. It goes to
colleagues only: no customer is contacted, so no guard is asked and nothing is logged as a contact.
"""
import logging
from collections import namedtuple
from datetime import timedelta, timezone

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.addons.base.models.ir_qweb import QWebError
from odoo.tools import SQL

from ..engine import calendar
from .collection_step_act import RENDER_ERRORS

_logger = logging.getLogger(__name__)

DIGEST_MODES = [
    ("off", "No digest"),
    ("daily", "Every working day"),
    ("weekly", "Once a week"),
    ("needs", "Only when something needs me"),
]
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
STATES = [("sent", "Sent"), ("quiet", "Nothing to Tell"), ("failed", "Failed")]
#: The first hour of the reader's own day at which a digest may be made.
FIRST_HOUR = 8
#: Until this hour of his day it waits for a night that is about to run.
LAST_HOUR_TO_WAIT = 12
NIGHT_NEAR = timedelta(hours=1)
#: Users whose digests are worked out together.
BATCH = 50
#: A digest looks back to the last one, but no further than this.
LOOKS_BACK = timedelta(days=14)
#: The first digest of somebody tells this much.
FIRST_LOOK = {"weekly": timedelta(days=7)}

#: One reader: the users whose cases he looks after on `day` (himself, those he stands in for), the companies
#: he may see, and the moment from which he has not been told yet (naive UTC).
Reader = namedtuple("Reader", ["user", "owners", "companies", "day", "since", "mode"])


class CollectionDigest(models.Model):
    _name = "collection.digest"
    _description = "Digest of the Follow-up"
    _order = "day desc, id desc"
    _rec_name = "day"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    day = fields.Date(required=True, readonly=True, help="The day where the reader is.")
    date = fields.Datetime(required=True, readonly=True, help="What happened before this moment has been told.")
    state = fields.Selection(STATES, required=True, readonly=True)
    mail_id = fields.Many2one("mail.mail", readonly=True, ondelete="set null", index="btree_not_null")
    error = fields.Char(readonly=True)

    _once = models.UniqueIndex("(user_id, day)", "Nobody gets two digests on one day.")

    # === THE SCHEDULED ACTION === #

    @api.model
    def _cron_digest(self):
        """Scheduled action: send the digests whose hour has come."""
        now = fields.Datetime.now()
        self._send_digests(now, self._night_is_near(now))

    @api.model
    def _night_is_near(self, now):
        """Tell whether the night's run is under way or about to start.

        :param datetime now: naive UTC
        """
        night = self.env.ref("collections_relationship.ir_cron_night", raise_if_not_found=False)
        return bool(night and night.sudo().active and night.sudo().nextcall <= now + NIGHT_NEAR)

    @api.model
    def _send_digests(self, now, night_is_near=False):
        """Send every digest that is due, in batches; a digest that fails costs its reader only.

        :param datetime now: naive UTC
        :param bool night_is_near: wait, until noon, for what the night will bring
        :return: the digests made
        """
        readers = self._due_readers(now, night_is_near)
        digests, cron = self.browse(), self.env["ir.cron"]
        for start in range(0, len(readers), BATCH):
            batch = readers[start : start + BATCH]
            facts = self._gather(batch, now)
            for place, reader in enumerate(batch, start=start + 1):
                digests |= self._send_one(reader, facts[reader.user.id], now)
                if modules.module.current_test:
                    continue
                if not cron._commit_progress(1, remaining=len(readers) - place):
                    return digests
        return digests

    def _send_one(self, reader, facts, now):
        """Write and queue one digest and note that its day is told.

        :param facts: as `_gather` returns them for this reader; empty where he has no cases
        """
        values = {"user_id": reader.user.id, "day": reader.day, "date": now, "state": "quiet"}
        if not facts or (reader.mode == "needs" and not any(section.needs for section in facts)):
            return self.create(values)
        try:
            with self.env.cr.savepoint():
                mail = self._create_digest_mail(reader, facts)
                return self.create({**values, "state": "sent", "mail_id": mail.id})
        except (*RENDER_ERRORS, QWebError) as error:
            _logger.exception("The digest of user %d could not be written.", reader.user.id)
            return self.create({**values, "state": "failed", "error": str(error)[:240]})

    def _create_digest_mail(self, reader, facts):
        """Queue the e-mail; Odoo's own queue sends it within the hour, or at once when it is awake."""
        user = reader.user
        subject, body = self._render_digest(reader, facts)
        company = user.company_id.root_id if user.company_id.root_id in reader.companies else reader.companies[0]
        address = company.partner_id.email_formatted or company.email_formatted or user.email_formatted
        mail = self.env["mail.mail"].create(
            {
                "subject": subject,
                "body_html": body,
                "email_from": address,
                "reply_to": address,
                "author_id": company.partner_id.id,
                "recipient_ids": [fields.Command.set(user.partner_id.ids)],
                "message_type": "user_notification",
                "record_company_id": company.id,
                "auto_delete": True,
                "headers": repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF"}),
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return mail

    # === TO WHOM, AND WHEN === #

    @api.model
    def _due_readers(self, now, night_is_near=False):
        """Return whose digest's hour has come and who has not had it today.

        Only active colleagues with an address who may work with invoices. While somebody is away, who stands in
        for him reads about his cases.

        :param datetime now: naive UTC
        :rtype: list of Reader
        """
        group = self.env.ref("account.group_account_invoice").sudo()  # who is in a group
        users = group.all_user_ids.filtered(lambda user: user.active and not user.share and user.id != SUPERUSER_ID)
        users.fetch(["company_id", "company_ids", "partner_id", "collection_digest", "collection_digest_weekday"])
        told = self._last_told()
        days = {user: calendar.local_date(now.replace(tzinfo=timezone.utc), user._collection_zone()) for user in users}
        owners = {user: user.browse() for user in users}
        for user in users:
            acting = user._collection_stand_in(days[user])
            if acting in owners:
                owners[acting] |= user
        readers = []
        for user in users.filtered("email").sorted("id"):
            mode, weekday = user._collection_digest_choice()
            last_day, last_date = told.get(user.id, (None, None))
            hour = now.replace(tzinfo=timezone.utc).astimezone(calendar.zone(user._collection_zone())).hour
            waits = night_is_near and hour < LAST_HOUR_TO_WAIT
            if not owners[user] or waits or hour < FIRST_HOUR or not _is_its_day(mode, weekday, days[user], last_day):
                continue
            first = now - FIRST_LOOK.get(mode, timedelta(days=1))
            since = max(last_date or first, now - LOOKS_BACK)
            readers.append(Reader(user, owners[user], user.company_ids.root_id, days[user], since, mode))
        return readers

    def _last_told(self):
        """Return for each user the last day that was looked at, and up to when he was told, by user id."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT user_id, max(day), max(date) FILTER (WHERE state = 'sent')
                  FROM collection_digest
                 GROUP BY user_id
                """
            )
        )
        return {user_id: (day, date) for user_id, day, date in rows}

    @api.autovacuum
    def _gc_digests(self):
        """Forget digests nothing looks back to any more."""
        self.search([("date", "<", fields.Datetime.now() - timedelta(days=90))], limit=10_000).unlink()


def _is_its_day(mode, weekday, day, last_day):
    """Tell whether a digest is due on a day.

    One that was missed, because the server was down, comes on the next day.

    :param str mode: one of `DIGEST_MODES`
    :param int weekday: of a weekly one, Monday is 0
    :param date day: where the reader is
    :param last_day: the day of the one before, or `None`

    >>> from datetime import date
    >>> monday = date(2026, 3, 16)
    >>> _is_its_day("weekly", 0, monday, None), _is_its_day("weekly", 1, monday, None)
    (True, False)
    """
    if mode not in ("daily", "weekly", "needs") or (last_day and last_day >= day):
        return False
    if mode != "weekly":
        return day.weekday() < 5
    its_day = day - timedelta(days=(day.weekday() - weekday) % 7)
    return its_day == day or bool(last_day and its_day - timedelta(days=7) <= last_day < its_day)
