"""Databases: made once, copied often, never found half made.

A database is built under a name of its own (`..._making`) and gets its real
name when it is complete; its comment says what it was made from, and for which
checkout. A database without such a comment is somebody else's and is never
touched.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import locks, paths
from .cluster import Server
from .words import Trouble

MAKING = "_making"


def key_of(server: Server, name: str) -> str | None:
    """What the database was made from; None where there is none of ours."""
    found = _ours(server).get(name)
    return None if found is None else found["key"]


def set_key(server: Server, name: str, key: str, *, shared: bool) -> None:
    """Write down what the database was made from. A `shared` one stays when
    this checkout is deleted."""
    mark = {"key": key, "checkout": "" if shared else str(paths.PROJECT)}
    text = json.dumps({paths.MODULE: mark}).replace("'", "''")
    server.sql(f"COMMENT ON DATABASE \"{name}\" IS '{text}'")


def exists(server: Server, name: str) -> bool:
    """Is there a database of that name, ours or not?"""
    return server.sql(f"SELECT 1 FROM pg_database WHERE datname = '{checked(name)}'") == "1"


def checked(name: str) -> str:
    """The name, if it is a plain one."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,54}", name):
        raise Trouble(f"{name!r} is no name for a database here: small letters, digits and _, at most 55")
    return name


def filestore(server: Server, name: str) -> Path:
    """Where Odoo keeps the files of that database."""
    return server.data_dir / "filestore" / name


def drop(server: Server, name: str) -> None:
    """Remove a database of ours and its files."""
    if exists(server, name) and key_of(server, name) is None and not name.endswith(MAKING):
        raise Trouble(f"the database {name} was not made by these commands: rename it, or set COLLECTIONS_DB")
    server.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(filestore(server, name), ignore_errors=True)


def build(
    server: Server,
    name: str,
    key: str,
    fill: Callable[[str], None],
    *,
    template: str | None = None,
    shared: bool = False,
) -> None:
    """Have a database made from `key`: a copy of `template`, then filled."""
    if key_of(server, checked(name)) == key:
        return
    with locks.step(f"database-{name}"):
        if key_of(server, name) == key:
            return
        making = name + MAKING
        drop(server, name)
        drop(server, making)
        if template:
            with locks.step(f"database-{template}", shared=True):
                _copy(server, making, template)
        else:
            server.sql(f"CREATE DATABASE \"{making}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'")
        fill(making)
        set_key(server, making, key, shared=shared)
        if filestore(server, making).exists():
            filestore(server, making).rename(filestore(server, name))
        server.sql(f'ALTER DATABASE "{making}" RENAME TO "{name}"')


@contextmanager
def scratch(server: Server, template: str, name: str) -> Iterator[str]:
    """A fresh copy of `template` that is gone after the block. Its name begins
    with `name`; another run at the same time gets another."""
    with locks.free_name(checked(name)) as own:
        drop(server, own)
        build(server, own, f"copy of {template}", _leave, template=template)
        try:
            yield own
        finally:
            drop(server, own)


def sweep(server: Server) -> None:
    """Remove the databases of checkouts that are no longer there."""
    for name, mark in _ours(server).items():
        if mark["checkout"] and not Path(mark["checkout"]).exists():
            drop(server, name)


def _leave(making: str) -> None:
    """A plain copy is complete as it is."""


def _ours(server: Server) -> dict[str, dict[str, str]]:
    """Every database made by these commands, with its mark."""
    rows = server.sql(
        "SELECT json_build_array(datname, shobj_description(oid, 'pg_database')) FROM pg_database"
        f" WHERE shobj_description(oid, 'pg_database') LIKE '{{\"{paths.MODULE}\": {{%'"
    )
    pairs = [json.loads(row) for row in rows.splitlines()]
    return {name: json.loads(comment)[paths.MODULE] for name, comment in pairs}


def _copy(server: Server, name: str, template: str) -> None:
    server.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    if filestore(server, template).exists():
        shutil.copytree(filestore(server, template), filestore(server, name))
