"""A night that is killed again and again contacts every customer exactly once, or says it does not know."""

import json
import random
import subprocess
import time
from collections import Counter

import psycopg2
from server import OdooServer
from smtp import Inbox

CUSTOMERS = 500
KILLS = 20
#: The same moments in every run, as far as a machine can repeat them.
SEED = 20
#: How psycopg2 calls what libpq reads from the environment.
LIBPQ = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
LEDGER = f"""
from datetime import timedelta
from odoo import fields

today = fields.Date.today()
env.company.collection_night_cap = 0
partners = env["res.partner"].create([
    {{"name": f"Made-up Customer {{number}}", "email": f"customer{{number}}@example.com"}} for number in range({CUSTOMERS})
])
moves = env["account.move"].create([{{
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": today - timedelta(days=36),
    "invoice_date_due": today - timedelta(days=6), "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {{"name": "Work", "price_unit": 100, "tax_ids": []}})],
}} for partner in partners])
moves.action_post()
moves.is_move_sent = True
env.cr.commit()
"""
NIGHT = """
from odoo import fields

now = fields.Datetime.now()
print("READY", flush=True)
env["collection.run"]._night(now)
env["collection.step"]._act_all(now)
env.cr.commit()
print("DONE", flush=True)
"""


class Night:
    """One process that runs the night and can be killed."""

    def __init__(self, server: OdooServer) -> None:
        command = server.env.odoo_command(["shell", "-d", server.db, "--no-http", "--log-level=error"])
        self._child = server.env.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._child.stdin and self._child.stdout
        self._child.stdin.write(NIGHT.encode())
        self._child.stdin.close()
        assert self._child.stdout.readline() == b"READY\n"

    def kill(self) -> None:
        """End it as a power cut would."""
        self._child.kill()
        self._child.wait()

    def finish(self) -> None:
        """Let it come to its end."""
        assert self._child.stdout
        assert self._child.stdout.readline() == b"DONE\n"
        assert self._child.wait() == 0


def rows(server: OdooServer, statement: str) -> list[dict[str, object]]:
    """What a query answers, one dict a row."""
    answer = server.env.server.sql(f"SELECT coalesce(json_agg(q), '[]') FROM ({statement}) q", server.db)
    return list(json.loads(answer))


def kill_at_random(server: OdooServer, smtp: Inbox, chance: random.Random) -> None:
    """Kill a night anywhere: while it refreshes and plans, or while it sends.

    Counted in messages where it sends, so that a fast machine is not through before the last kill.
    """
    before = len(smtp.messages)
    sending = chance.random() < 0.6
    night = Night(server)
    if sending:
        wait_for_message(smtp, before + chance.randrange(15))
    time.sleep(chance.uniform(0.0, 0.02 if sending else 0.8))
    night.kill()


def wait_for_message(smtp: Inbox, before: int) -> None:
    """Wait until the mail server has more messages than before."""
    deadline = time.monotonic() + 60
    while len(smtp.messages) <= before:
        assert time.monotonic() < deadline, "no message reached the mail server"
        time.sleep(0.001)


def kill_between_acceptance_and_commit(server: OdooServer, smtp: Inbox) -> str:
    """Kill a night after the mail server took a message and before our log could say so.

    A lock on the log keeps the worker waiting at exactly that line. Returns the message's id.
    """
    before = len(smtp.messages)
    variables = server.env.server.variables
    keeper = psycopg2.connect(
        dbname=server.db, **{key: variables[name] for key, name in LIBPQ.items() if name in variables}
    )
    try:
        with keeper.cursor() as cursor:
            cursor.execute("LOCK TABLE collection_contact IN SHARE MODE")
        night = Night(server)
        wait_for_message(smtp, before)
        time.sleep(0.5)
        night.kill()
    finally:
        keeper.close()
    assert len(smtp.messages) == before + 1, "the worker went on without its log"
    return str(smtp.messages[-1].message["Message-Id"])


def test_a_night_killed_again_and_again(odoo_server: OdooServer, smtp: Inbox) -> None:
    odoo_server.shell(LEDGER)
    chance = random.Random(SEED)
    certain = chance.randrange(5, KILLS - 5)
    interrupted = ""
    progress = []
    for number in range(KILLS):
        if number == certain:
            interrupted = kill_between_acceptance_and_commit(odoo_server, smtp)
        else:
            kill_at_random(odoo_server, smtp, chance)
        progress.append(len(smtp.messages))
    print("messages after each kill:", progress)
    assert progress[-1] < CUSTOMERS, "the night was over before the last kill; choose shorter moments"
    assert len(set(progress)) > 8, "too few kills fell into the sending"
    Night(odoo_server).finish()

    steps = rows(
        odoo_server,
        """SELECT s.id, s.state, s.message_id, s.case_id, p.email,
                  (SELECT count(*) FROM collection_contact c WHERE c.step_id = s.id AND c.kind = 'sent') AS contacts,
                  (SELECT count(*) FROM mail_activity a JOIN ir_model_data d ON d.res_id = a.activity_type_id
                      AND d.model = 'mail.activity.type' AND d.name = 'mail_activity_type_unknown'
                    WHERE a.res_model = 'collection.case' AND a.res_id = s.case_id) AS activities
             FROM collection_step s JOIN res_partner p ON p.id = s.partner_id WHERE s.state != 'cancelled'""",
    )
    received = Counter(str(message.message["Message-Id"]) for message in smtp.messages)
    assert max(received.values()) == 1, "a Message-Id twice at the mail server"
    assert max(Counter(message.recipients for message in smtp.messages).values()) == 1, "a customer written to twice"
    assert len(steps) == len({step["case_id"] for step in steps}) == CUSTOMERS, "every customer has exactly one step"
    assert {step["state"] for step in steps} == {"sent", "unknown"}
    for step in steps:
        if step["state"] == "sent":
            assert step["contacts"] == 1, step
            assert received[str(step["message_id"])] == 1, step
        else:
            assert step["contacts"] == 0, step
            assert step["activities"] == 1, "a human must look at it"
    unknown = {str(step["message_id"]): step for step in steps if step["state"] == "unknown"}
    assert interrupted in unknown, "the hand-over cut between acceptance and commit is unknown, not sent again"
    assert len(unknown) <= KILLS

    count = len(smtp.messages)
    odoo_server.run_cron("mail.ir_cron_mail_scheduler_action")
    Night(odoo_server).finish()
    more = [(message.recipients, message.subject, message.message["Message-Id"]) for message in smtp.messages[count:]]
    assert not more, f"a queue sent what the follow-up had interrupted: {more[:5]}"
