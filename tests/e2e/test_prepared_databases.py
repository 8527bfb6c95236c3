"""Databases are found whole or made anew, and other people's are left alone."""

from collections.abc import Callable

import pytest
from lib import api, database, paths
from lib.words import Trouble

KEY = "made for a test"


@pytest.fixture
def name(prepared: api.Environment) -> str:
    return f"collections_proof_{paths.checkout_name()}"


def maker(made: list[str]) -> Callable[[str], None]:
    """Notes under which name a database is filled."""
    return made.append


def test_a_half_made_database_is_made_anew(prepared: api.Environment, name: str) -> None:
    server = prepared.server
    made: list[str] = []

    def broken_off(making: str) -> None:
        server.sql("CREATE TABLE half (id integer)", making)
        raise Trouble("killed")

    with pytest.raises(Trouble, match="killed"):
        database.build(server, name, KEY, broken_off)
    assert not database.exists(server, name)
    try:
        database.build(server, name, KEY, maker(made))
        assert database.key_of(server, name) == KEY
        assert server.sql("SELECT count(*) FROM pg_tables WHERE tablename = 'half'", name) == "0"
        assert not database.exists(server, name + database.MAKING)
        database.build(server, name, KEY, maker(made))
        assert len(made) == 1, "a whole database is taken as it is"
    finally:
        database.drop(server, name)


def test_a_database_of_somebody_else_is_left_alone(prepared: api.Environment, name: str) -> None:
    server = prepared.server
    server.sql(f"CREATE DATABASE {name}")
    try:
        with pytest.raises(Trouble, match="not made by these commands"):
            database.build(server, name, KEY, maker([]))
        with pytest.raises(Trouble, match="not made by these commands"):
            database.drop(server, name)
        assert database.exists(server, name)
    finally:
        server.sql(f"DROP DATABASE {name}")


def test_two_runs_at_once_have_databases_of_their_own(prepared: api.Environment, name: str) -> None:
    server = prepared.server
    template = prepared.base_template()
    with database.scratch(server, template, name) as first, database.scratch(server, template, name) as second:
        assert first == name != second
        assert database.filestore(server, second).is_dir(), "the files come with the copy"
        assert server.sql("SELECT count(*) FROM ir_module_module WHERE state = 'installed'", second) > "0"
    assert not database.exists(server, first)
    assert not database.filestore(server, second).exists()


def test_a_name_that_is_no_plain_word_is_refused(prepared: api.Environment) -> None:
    for wrong in ('a"; DROP DATABASE b', "Größe", "x" * 60, ""):
        with pytest.raises(Trouble, match="no name"):
            database.exists(prepared.server, wrong)
