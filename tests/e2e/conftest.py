"""Fixtures of the end-to-end tests: a real server, real mail, a real browser.

    def test_a_reminder_leaves(odoo_server, smtp): ...

`odoo_server` is one server and one fresh database per test module;
`make_odoo_server()` starts further ones, for instance with scheduled actions.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from browser import Browser
from lib import api
from server import OdooServer, serve
from smtp import Inbox


@pytest.fixture(scope="session")
def prepared() -> Iterator[api.Environment]:
    """The prepared environment; PostgreSQL runs as long as the tests do."""
    with api.environment() as env:
        yield env


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Inbox]:
    """The mail server of this run; tests use `smtp`."""
    inbox = Inbox()
    inbox.start()
    try:
        yield inbox
    finally:
        inbox.stop()


@pytest.fixture
def smtp(mail_server: Inbox) -> Inbox:
    """The mail server, empty."""
    mail_server.clear()
    return mail_server


@pytest.fixture(scope="module")
def odoo_server(prepared: api.Environment, mail_server: Inbox) -> Iterator[OdooServer]:
    """A server on a fresh database, for the tests of one module."""
    with serve(prepared, mail_server.port) as server:
        yield server


@pytest.fixture(scope="module")
def make_odoo_server(prepared: api.Environment, mail_server: Inbox) -> Iterator[Callable[..., OdooServer]]:
    """Starts servers that end with the module: `make_odoo_server(cron_threads=1)`."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(serve(prepared, mail_server.port, **options))


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser with an empty profile."""
    with Browser() as page:
        yield page
