"""Bring the server up until a connection succeeds, and stop it; the caller holds the start lock."""

import os
import shlex
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psycopg

from rootline.errors import Misconfigured
from rootline.store.embedded.account import Account, choose
from rootline.store.embedded.binaries import Binaries, find, readable_by
from rootline.store.embedded.cluster import ensure_cluster
from rootline.store.embedded.deadline import Deadline
from rootline.store.embedded.locks import is_free, opened, take
from rootline.store.embedded.place import Place, require_private
from rootline.store.embedded.processes import SOCKET, Postmaster, forget, kill_orphans, postmaster
from rootline.store.embedded.provision import provision
from rootline.store.embedded.sockets import socket_folder

REFUSALS = 5
"""A server that gives up takes its `postmaster.pid` along; one that was killed does not, and is started again."""
ORPHAN_GRACE_S = 1.0
STOP_S = 10.0
SETTINGS = (
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "shared_buffers=64MB",
    "dynamic_shared_memory_type=mmap",
    "max_connections=60",
    "max_wal_size=256MB",
    "io_method=sync",
    "max_logical_replication_workers=0",
    "fsync=on",
    "full_page_writes=on",
    "synchronous_commit=on",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_checkpoints=off",
)
"""On the command line, where neither a file nor ALTER SYSTEM can weaken what keeps stored rows safe.

Dynamic shared memory lies in files of the data folder: a killed server leaves nothing in /dev/shm,
which containers keep small.
"""


def bring_up(place: Place, *, user_namespaces: bool, deadline: Deadline) -> Path:
    """Return the folder of the socket once a connection has succeeded.

    Raises:
        Misconfigured: The server could not be brought up; the message ends with its log.

    """
    refusals = 0
    sockets = _answer(place, deadline)
    while sockets is None and refusals < REFUSALS:
        _launch(place, user_namespaces=user_namespaces, deadline=deadline)
        sockets = _answer(place, deadline)
        refusals += postmaster(place.data) is None
    if sockets is None:
        raise _refusal(place, f"gave up by itself at each of {REFUSALS} starts")
    return sockets


def stop(place: Place) -> None:
    """Stop the server in order and wait for the last of its processes, ten seconds at most."""
    server = postmaster(place.data)
    if server is None or server.pid is None:
        return
    with suppress(ProcessLookupError):
        os.kill(server.pid, signal.SIGINT)
    if any(is_free(place.server_lock) for _ in Deadline.after(STOP_S).ticks()) and server.sockets != place.data:
        with suppress(OSError):
            server.sockets.rmdir()


def _answer(place: Place, deadline: Deadline) -> Path | None:
    """Wait until the server lets us in, or return None as soon as no process works on the data."""
    grace = Deadline.after(ORPHAN_GRACE_S)
    reason = "nothing listens yet"
    for _ in deadline.ticks():
        if is_free(place.server_lock):
            return None
        server = postmaster(place.data)
        if server and server.pid:
            grace = Deadline.after(ORPHAN_GRACE_S)
        elif not grace.left_s:
            kill_orphans(place.data, place.unfinished)
        if server:
            try:
                return _connected(place, server)
            except (psycopg.Error, FileNotFoundError, ProcessLookupError) as error:
                reason = str(error)
    raise _refusal(place, f"did not answer in time ({reason})")


def _connected(place: Place, server: Postmaster) -> Path:
    """Connect once; a ready server whose socket someone removed is stopped, for it can never answer."""
    if server.pid and server.ready and not (server.sockets / SOCKET).exists():
        os.kill(server.pid, signal.SIGINT)
    require_private(server.sockets, place.data.stat().st_uid)
    provision(server.sockets)
    return server.sockets


def _launch(place: Place, *, user_namespaces: bool, deadline: Deadline) -> None:
    """Start the server as a process of its own session, which will hold the server lock for its life."""
    wheel = find()
    account = choose(place.data, wheel.program("postgres"), user_namespaces=user_namespaces)
    binaries = readable_by(account, wheel, deadline)
    log = place.open_log()
    try:
        with opened(place.server_lock) as lock:
            if any(take(lock) for _ in deadline.ticks()):
                sockets = socket_folder(place.data, account)
                ensure_cluster(place, account, binaries, lock=lock, log=log, deadline=deadline)
                forget(place.data, sockets)
                command = _pg_ctl(binaries, account, place.data, sockets)
                account.run(command, within=place.data, lock=lock, log=log, deadline=deadline)
    except subprocess.TimeoutExpired as error:
        raise _refusal(place, "was not even set up in time") from error
    finally:
        os.close(log)


def _pg_ctl(binaries: Binaries, account: Account, data: Path, sockets: Path) -> list[str]:
    folder = account.name_of(data)
    listen = folder if sockets == data else str(sockets)
    options = [f"-c{setting}" for setting in (*SETTINGS, f"unix_socket_directories={listen}")]
    return [str(binaries.program("pg_ctl")), "start", "-W", "-s", "-D", folder, "-o", shlex.join(options)]


def _refusal(place: Place, happened: str) -> Misconfigured:
    return Misconfigured(
        f"The embedded database in {place.data} {happened}. Read {place.log}, or use your own PostgreSQL "
        f"(docs/cli.md). Its log ends:\n{place.log_tail()}"
    )
