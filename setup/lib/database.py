"""Databases: made once, copied often, never found half made.

A database is built under a name of its own (`..._making`) and gets its real
name when it is complete; its comment says what it was made from. A database
without such a comment is somebody else's and is never touched.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import locks, paths
from .cluster import Server
from .progress import Trouble

MAKING = "_making"


def key_of(server: Server, name: str) -> str | None:
    """What the database was made from; None where there is none of ours."""
    comment = server.sql(f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{name}'")
    if not comment.startswith("{"):
        return None
    found = json.loads(comment).get(paths.MODULE)
    return None if found is None else str(found)


def set_key(server: Server, name: str, key: str) -> None:
    """Write down what the database was made from."""
    server.sql(f"COMMENT ON DATABASE \"{name}\" IS '{json.dumps({paths.MODULE: key})}'")


def exists(server: Server, name: str) -> bool:
    """Is there a database of that name, ours or not?"""
    return server.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "1"


def filestore(name: str) -> Path:
    """Where Odoo keeps the files of that database."""
    return paths.DATA_DIR / "filestore" / name


def drop(server: Server, name: str) -> None:
    """Remove a database of ours and its files."""
    if exists(server, name) and key_of(server, name) is None and not name.endswith(MAKING):
        raise Trouble(f"the database {name} is not one that these commands made: rename it or set COLLECTIONS_DB")
    server.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(filestore(name), ignore_errors=True)


def build(server: Server, name: str, key: str, template: str | None, fill: Callable[[str], None]) -> None:
    """Have a database made from `key`: a copy of `template`, then filled."""
    if key_of(server, name) == key:
        return
    with locks.step(f"database-{name}"):
        if key_of(server, name) == key:
            return
        making = name + MAKING
        drop(server, name)
        drop(server, making)
        _create(server, making, template)
        fill(making)
        set_key(server, making, key)
        if filestore(making).exists():
            filestore(making).rename(filestore(name))
        server.sql(f'ALTER DATABASE "{making}" RENAME TO "{name}"')


def copy(server: Server, template: str, name: str) -> None:
    """Make `name` a fresh copy of `template`, whatever it was before."""
    build_key = f"copy of {template} {key_of(server, template)}"
    drop(server, name)
    build(server, name, build_key, template, lambda making: None)


@contextmanager
def scratch(server: Server, template: str, name: str) -> Iterator[str]:
    """A copy of `template` that is gone after the block."""
    copy(server, template, name)
    try:
        yield name
    finally:
        drop(server, name)


def _create(server: Server, name: str, template: str | None) -> None:
    server.sql(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE \"{template or 'template0'}\"")
    if template and filestore(template).exists():
        shutil.copytree(filestore(template), filestore(name))
