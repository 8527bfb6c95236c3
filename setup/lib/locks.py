"""Two commands at once: each step is done by one of them, the other waits.

The locks are the kernel's (flock): a killed process leaves none behind, and a
child that outlives it holds them (`held`) until it ends too.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from . import paths
from .words import HEARTBEAT, say

_held: list[int] = []


def held() -> tuple[int, ...]:
    """Descriptors of the steps being done now, for children to inherit."""
    return tuple(_held)


def open_lock(name: str) -> int:
    """Open (not take) the lock of that name and return its descriptor."""
    path = paths.folder(paths.LOCKS) / f"{name}.lock"
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock if it is free now; say whether it was."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_lock(descriptor: int, name: str, *, shared: bool = False) -> None:
    """Take the lock, saying from time to time that this waits."""
    started = time.monotonic()
    tell = started + 1
    while not try_lock(descriptor, shared=shared):
        if time.monotonic() >= tell:
            say(f"waiting for another run ({name}) ... {time.monotonic() - started:.0f} s")
            tell += HEARTBEAT
        time.sleep(0.1)


@contextmanager
def step(name: str, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock of that name while the block runs: alone, or `shared` with
    others who only read what the step makes."""
    descriptor = open_lock(name)
    try:
        wait_lock(descriptor, name, shared=shared)
        _held.append(descriptor)
        yield
    finally:
        if descriptor in _held:
            _held.remove(descriptor)
        os.close(descriptor)


@contextmanager
def free_name(name: str) -> Iterator[str]:
    """The first of `name`, `name_2`, `name_3`... that no other run uses."""
    number = 1
    while True:
        own = name if number == 1 else f"{name}_{number}"
        descriptor = open_lock(f"name-{own}")
        if try_lock(descriptor):
            break
        os.close(descriptor)
        number += 1
    try:
        yield own
    finally:
        os.close(descriptor)
