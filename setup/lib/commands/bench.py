"""`setup/bench`: how fast the add-on is, beside a bare floor and beside its peer.

Three ledgers of made-up items are seeded in databases of their own: a small one and the full one
show that the number of statements does not grow, a middle one is sent by OCA's
account_credit_control too. Mail goes to an SMTP server on loopback that takes everything and
keeps nothing, so what is measured includes handing over.
"""

import argparse
import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .. import api, database, oca, paths, process
from ..words import Trouble, say

PEER = "odoo-addon-account_credit_control==19.0.1.0.0.13"
PEER_MODULE = "account_credit_control"
SMALL, MIDDLE = 1_000, 10_000
#: Fewer plans would leave no one who pays, misses and ends in one night.
LEAST_PLANS = 100
TESTS = paths.PROJECT / "tests" / "bench"
FLOOR = TESTS / "floor.sql"
SCRIPTS = paths.SETUP / "lib"
PATIENCE = 20.0


def main(arguments: list[str]) -> int:
    """Measure, print, and write the figures where they are wanted."""
    options = _parse(arguments)
    share = options.customers / options.items
    with api.environment() as env, _mail_sink(env) as port:
        ours = {}
        for items in sorted({SMALL, options.items} | (set() if options.no_peer else {MIDDLE})):
            ours[items] = _measure_ours(env, items, max(round(items * share), 1), port)
        peer = None if options.no_peer else _measure_peer(env, MIDDLE, max(round(MIDDLE * share), 1), port)
        plans = _measure_plans(env, options.plans)
        say("the guard: verdicts ...")
        verdicts = float(_alone(env, "guard_speed"))
        say("the check of words: messages ...")
        checked = _alone(env, "tone_speed")
    figures = {
        "sizes": ours,
        "peer": peer,
        "plans": plans,
        "guard_verdicts_per_second": verdicts,
        "check_ms_per_message": checked,
        **_conclusions(ours, peer, options.items),
    }
    if options.json:
        paths.write_text(options.json.absolute(), json.dumps(figures, indent=4) + "\n")
    _show(figures, options.items)
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="setup/bench", description="Measure the add-on on a made-up ledger.")
    parser.add_argument("--items", type=int, default=100_000, metavar="N", help="open items (default 100,000)")
    parser.add_argument("--customers", type=int, default=20_000, metavar="M", help="customers (default 20,000)")
    parser.add_argument("--plans", type=int, default=20_000, metavar="N", help="running payment plans (default 20,000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--no-peer", action="store_true", help="leave the peer out")
    options = parser.parse_args(arguments)
    if not 0 < options.customers <= options.items:
        parser.error("there must be at least one customer, and no more customers than items")
    if options.plans < LEAST_PLANS:
        parser.error(f"there must be at least {LEAST_PLANS} plans")
    return options


@contextmanager
def _mail_sink(env: api.Environment) -> Iterator[int]:
    """An SMTP server on loopback that forgets what it is given; yields its port."""
    port = api.free_port()
    address = f"{api.LOOPBACK}:{port}"
    command = [str(env.python), "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", address]
    sink = env.start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(port):
            if time.monotonic() > until or sink.poll() is not None:
                raise Trouble("the SMTP server for the bench does not start")
            time.sleep(0.1)
        yield port
    finally:
        process.end(sink)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((api.LOOPBACK, port)) == 0


def _measure_ours(env: api.Environment, items: int, customers: int, port: int) -> dict[str, Any]:
    with api.scratch_database(env, "bench") as db:
        _seed(env, db, items, customers, [])
        say(f"{items} items: refresh, floor, first night ...")
        return _figures(env, db, "bench_odoo.py", [str(paths.SETUP), str(FLOOR)], _mail_options(port))


def _measure_peer(env: api.Environment, items: int, customers: int, port: int) -> dict[str, Any]:
    folder = oca.ensure_addons(env.python, PEER)
    with database.scratch(env.server, env.base_template(), f"bench_peer_{paths.checkout_name()}") as db:
        addons = f"--addons-path={env.addons_path(folder)}"
        env.install("Installing the peer", db, "-i", PEER_MODULE, addons)
        _seed(env, db, items, customers, [addons])
        say(f"{items} items: the peer's run and mails ...")
        return _figures(env, db, "bench_peer.py", [str(paths.SETUP)], [addons, *_mail_options(port)])


def _measure_plans(env: api.Environment, plans: int) -> dict[str, Any]:
    """A night of payment plans, each of its own customer."""
    with api.scratch_database(env, "bench_plans") as db:
        # Some items cannot be agreed on: credit notes, and what is excluded.
        _seed(env, db, plans * 2, plans, [])
        say(f"{plans} payment plans: one night, and again ...")
        return _figures(env, db, "bench_plans.py", [str(paths.SETUP), str(plans)], [])


def _alone(env: api.Environment, module: str) -> Any:
    """What a file of `TESTS` measures on one core; it needs no database."""
    command = [str(env.python), "-c", f"import json, {module}; print(json.dumps({module}.measure()))"]
    done = subprocess.run(process.tied(command), cwd=TESTS, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Trouble(f"{module}.py ended with exit code {done.returncode}")
    return json.loads(done.stdout)


def _seed(env: api.Environment, db: str, items: int, customers: int, options: list[str]) -> None:
    say(f"Seeding {items} items of {customers} customers ...")
    _run(env, db, "bench_seed.py", [str(paths.SETUP), str(items), str(customers)], options)


def _figures(env: api.Environment, db: str, script: str, arguments: list[str], options: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "figures.json"
        _run(env, db, script, [*arguments, str(result)], options)
        figures: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return figures


def _run(env: api.Environment, db: str, script: str, arguments: list[str], options: list[str]) -> None:
    if code := api.run_odoo_script(env, db, SCRIPTS / script, arguments, options=options):
        raise Trouble(f"{script} ended with exit code {code}")


def _mail_options(port: int) -> list[str]:
    return [f"--smtp={api.LOOPBACK}", f"--smtp-port={port}"]


def _conclusions(ours: dict[int, dict[str, Any]], peer: dict[str, Any] | None, items: int) -> dict[str, Any]:
    full = ours[items]
    return {
        "same_statements": len({figures["refresh_first_statements"] for figures in ours.values()}) == 1,
        **{
            f"refresh_{run}_to_floor": full[f"refresh_{run}_busy_seconds"] / full["floor_busy_seconds"]
            for run in ("first", "again", "next_day")
        },
        "peer_to_ours": peer and peer["busy_ms_per_communication"] / ours[MIDDLE]["busy_ms_per_contact"],
    }


def _show(figures: dict[str, Any], items: int) -> None:
    for size, ours in figures["sizes"].items():
        print(f"{size} items, {ours['cases']} cases")
        for run in ("first", "again", "next_day"):
            statements = ours[f"refresh_{run}_statements"]
            print(f"    refresh, {run.replace('_', ' ')}: {_took(ours, f'refresh_{run}')}, {statements} statements")
        print(f"    the floor: {_took(ours, 'floor')} ({ours['floor_differs']} customers differ)")
        print(
            f"    first night: {ours['contacts']} contacts, {ours['ms_per_contact']:.1f} ms "
            f"({ours['busy_ms_per_contact']:.1f} busy) and {ours['statements_per_contact']:.2f} statements each"
        )
        print(
            f"        written, checked and queued alone: {ours['written']} e-mails, {ours['ms_per_written']:.1f} ms "
            f"({ours['busy_ms_per_written']:.1f} busy) and {ours['statements_per_written']:.2f} statements each"
        )
        print(f"        decide {_took(ours, 'decide')}, act {_took(ours, 'act')}")
        print(f"    {ours['letters']} letters in one PDF: {ours['seconds_per_letter']:.3f} s each")
        print(f"    memory: {ours['memory_baseline_mb']:.0f} MB at the start, {ours['memory_peak_mb']:.0f} MB at most")
    print(
        f"refresh beside the floor at {items} items, busy seconds: first {figures['refresh_first_to_floor']:.1f} times, "
        f"again {figures['refresh_again_to_floor']:.1f}, next day {figures['refresh_next_day_to_floor']:.1f}"
    )
    plans = figures["plans"]
    print(f"{plans['plans']} payment plans judged in a night")
    for night in ("first", "again"):
        print(
            f"    {night}: {_took(plans, f'judge_{night}')}, {plans[f'judge_{night}_statements'] / plans['plans']:.3f} "
            f"statements each"
        )
    print(
        f"    {plans['kept']} kept, {plans['broken']} broken, {plans['missed']} payments missed, "
        f"{plans['told']} messages planned"
    )
    print(f"the guard: {figures['guard_verdicts_per_second']:,.0f} verdicts a second, 20 past contacts each")
    checked = ", ".join(f"{language} {took:.1f}" for language, took in figures["check_ms_per_message"].items())
    print(f"the check of words, ms for each message: {checked}")
    peer = figures["peer"]
    if peer:
        print(
            f"account_credit_control, {MIDDLE} items: {peer['communications']} communications, "
            f"{peer['ms_per_communication']:.1f} ms ({peer['busy_ms_per_communication']:.1f} busy) "
            f"and {peer['statements_per_communication']:.1f} statements each"
        )
        print(f"the peer is busy {figures['peer_to_ours']:.1f} times as long with each message as this add-on")


def _took(figures: dict[str, Any], name: str) -> str:
    return f"{figures[f'{name}_seconds']:.2f} s ({figures[f'{name}_busy_seconds']:.2f} busy)"
