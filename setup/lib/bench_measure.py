"""How the bench measures. Imported inside Odoo.

Seconds are wall time; busy seconds are the processor's, of this process and of the database's
backend together, which a busy machine does not stretch. Statements are what went through Odoo's
cursors.
"""

import os
import time
from collections import namedtuple
from pathlib import Path

import odoo.sql_db

Measured = namedtuple("Measured", ["result", "seconds", "busy", "statements"])


def measure(env, call):
    """Run ``call``; return what it returned, its seconds, busy seconds and statements."""
    env.cr.execute("SELECT pg_backend_pid()")
    [backend] = env.cr.fetchone()
    statements, busy, started = odoo.sql_db.sql_counter, busy_seconds(backend), time.monotonic()
    result = call()
    seconds = time.monotonic() - started
    return Measured(result, seconds, busy_seconds(backend) - busy, odoo.sql_db.sql_counter - statements)


def busy_seconds(backend):
    """Return the processor time of this process and, where it can be seen, of the backend."""
    stat = Path(f"/proc/{backend}/stat")
    ticks = stat.read_text(encoding="ascii").rpartition(")")[2].split() if stat.exists() else []
    theirs = sum(int(tick) for tick in ticks[11:13]) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + theirs
