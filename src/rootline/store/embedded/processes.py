"""Which processes really work on a data folder.

A process id in a file proves nothing: it may be a zombie, may have been given to someone else, or
may belong to another container. A postmaster and its children stand in their data folder, and a zombie
stands nowhere.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

OURS = frozenset({"postgres", "initdb", "pg_ctl"})
SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True, kw_only=True)
class Postmaster:
    """What a server writes about itself into `postmaster.pid`; no pid when we do not see it alive."""

    pid: int | None
    sockets: Path
    ready: bool


def postmaster(data: Path) -> Postmaster | None:
    """Read who serves or last served the data folder, or None when nobody says so.

    Source: PostgreSQL 18, src/include/utils/pidfile.h (line 1 pid, line 5 socket folder, line 8 status).
    """
    try:
        text = (data / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return None
    lines = [line.strip() for line in text.splitlines()] + [""] * 5
    named = lines[4] if lines[4] not in {"", "/proc/self/cwd"} else data
    return Postmaster(pid=_visible_pid(lines[0], data), sockets=Path(named), ready="ready" in lines[7:])


def _visible_pid(written: str, data: Path) -> int | None:
    """Translate a process id that may come from a container into one that we can use."""
    if not written.isdecimal():
        return None
    if works_in(int(written), data):
        return int(written)
    return next((pid for pid in _standing_in(data) if _fact(pid, "status", "NSpid").endswith(f"\t{written}")), None)


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process lives and stands in the folder; without /proc, whether it lives."""
    try:
        if Path("/proc/self/cwd").exists():
            return os.path.samestat(Path(f"/proc/{pid}/cwd").stat(), folder.stat())
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def forget(data: Path, sockets: Path) -> None:
    """Remove what a dead server left; the caller holds the server lock.

    PostgreSQL does this by itself, except when the old process id is a zombie or lives on as someone else.
    """
    server = postmaster(data)
    if server and server.pid:
        return
    for leftover in (data / "postmaster.pid", sockets / SOCKET, sockets / f"{SOCKET}.lock"):
        leftover.unlink(missing_ok=True)


def kill_orphans(*folders: Path) -> None:
    """End every PostgreSQL process that stands in one of the folders, without asking it."""
    for folder in folders:
        for pid in _standing_in(folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _standing_in(folder: Path) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        if _fact(pid, "comm") in OURS and works_in(pid, folder):
            yield pid


def _fact(pid: int, name: str, line: str = "") -> str:
    """Read a file of /proc, or the line of it that begins so; empty when the process is gone."""
    try:
        text = Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return next((found for found in text.splitlines() if found.startswith(line)), "")
