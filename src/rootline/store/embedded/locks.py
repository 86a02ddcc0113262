"""Locks that the kernel drops when their holder dies, and that children inherit with the descriptor."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rootline.store.embedded.deadline import Deadline


def open_lock(path: Path) -> int:
    """Open a lock file without taking the lock; the caller closes the descriptor."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def take(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock now, or answer False when someone else's lock forbids it."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """Lend the descriptor of a lock file; a child that was given it holds the lock on after the block."""
    descriptor = open_lock(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def alone(path: Path, deadline: Deadline) -> Iterator[bool]:
    """Hold the lock exclusively, or yield False when it stays taken until the deadline.

    The lock is given back by name: closing is not enough when a fork has copied the descriptor.
    """
    with opened(path) as descriptor:
        taken = any(take(descriptor) for _ in deadline.ticks())
        try:
            yield taken
        finally:
            if taken:
                fcntl.flock(descriptor, fcntl.LOCK_UN)


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock at this moment."""
    with alone(path, Deadline.after(0)) as taken:
        return taken
