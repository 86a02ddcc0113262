"""One lease per caller, one shared lock per process, one server per home."""

import atexit
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rootline.errors import Misconfigured
from rootline.store.embedded.deadline import Deadline
from rootline.store.embedded.locks import alone, is_free, open_lock, take
from rootline.store.embedded.place import Place, open_place
from rootline.store.embedded.provision import APP, OWNER, dsn
from rootline.store.embedded.server import bring_up, stop

LEAVE_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Embedded:
    """A lease on the running server."""

    owner_dsn: str
    app_dsn: str
    _leave: Callable[[], None] = field(repr=False, compare=False)

    def release(self) -> None:
        """Give the lease back, once; the last one of the last process stops the server."""
        self._leave()


@dataclass(frozen=True, kw_only=True)
class _Use:
    """The shared lock of one process on one home, and the leases that need it."""

    place: Place
    users_lock: int
    leases: set[object]


_gate = threading.RLock()
_uses: dict[tuple[int, Path], _Use] = {}
"""By process id too: a forked child inherits this dictionary but none of its leases."""


def start(home: Path, *, deadline_s: float = 30.0, user_namespaces: bool = True) -> Embedded:
    """Lease the server under a home folder, starting it if nobody has.

    Blocks; call it in a thread where that matters. Calls of one process share one lock.

    Args:
        home: ROOTLINE_HOME; made with mode 0700 if it does not exist.
        deadline_s: Seconds until giving up, the waiting for other processes included.
        user_namespaces: False acts as if the kernel forbade them, which only root notices:
            the server then runs as `nobody`.

    Raises:
        Misconfigured: No server can run there; the message says why and shows its log.

    """
    try:
        with _gate:
            return _join(open_place(home), user_namespaces=user_namespaces, deadline=Deadline.after(deadline_s))
    except OSError as error:
        raise Misconfigured(
            f"The embedded database cannot live in ROOTLINE_HOME={home}: {error}. Choose a folder on a local disk "
            "that you can write to, or use your own PostgreSQL (docs/cli.md)."
        ) from error


def _join(place: Place, *, user_namespaces: bool, deadline: Deadline) -> Embedded:
    with alone(place.start_lock, deadline) as locked:
        if not locked:
            raise Misconfigured(
                f"Another process is still starting or stopping the database in {place.folder}. Try again, "
                f"or find who holds {place.start_lock}."
            )
        use = _use(place)
        try:
            sockets = bring_up(place, user_namespaces=user_namespaces, deadline=deadline)
        except Misconfigured:  # a server that is still recovering is left to it
            _abandon_if_unused(use)
            raise
        except BaseException:
            _abandon_if_unused(use)
            if is_free(place.users_lock):
                stop(place)
            raise
    lease = object()
    use.leases.add(lease)
    return Embedded(
        owner_dsn=dsn(sockets, OWNER), app_dsn=dsn(sockets, APP), _leave=partial(_leave, os.getpid(), use, lease)
    )


def _use(place: Place) -> _Use:
    """Find this process's use of the home, or take the shared lock; the start lock keeps it free for us."""
    key = (os.getpid(), place.folder)
    if key not in _uses:
        descriptor = open_lock(place.users_lock)
        take(descriptor, shared=True)
        _uses[key] = _Use(place=place, users_lock=descriptor, leases=set())
        atexit.unregister(_leave_all)
        atexit.register(_leave_all)
    return _uses[key]


def _abandon_if_unused(use: _Use) -> None:
    if not use.leases:
        del _uses[os.getpid(), use.place.folder]
        os.close(use.users_lock)


def _leave(pid: int, use: _Use, lease: object) -> None:
    """Drop one lease of the process that took it; with the last one, leave the server."""
    with _gate:
        if pid != os.getpid() or lease not in use.leases:
            return
        use.leases.remove(lease)
        if use.leases:
            return
        _abandon_if_unused(use)
        _stop_if_last(use.place)


def _leave_all() -> None:
    with _gate:
        for (pid, _), use in tuple(_uses.items()):
            for lease in tuple(use.leases):
                _leave(pid, use, lease)


def _stop_if_last(place: Place) -> None:
    """Stop the server when no process uses it; whoever keeps us from looking is itself a user."""
    if not place.folder.exists():
        return
    with alone(place.start_lock, Deadline.after(LEAVE_S)) as locked:
        if locked and is_free(place.users_lock):
            stop(place)
