"""Who runs the server: we ourselves, we in a user namespace, or another user."""

import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rootline.errors import Misconfigured
from rootline.store.embedded import namespace
from rootline.store.embedded.deadline import Deadline

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
"""A server that outlives us must not keep our secrets, nor read PGDATA, PGPORT and the like."""
READ, ENTER = 0o4, 0o1


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user on disk and the way to run a program as that user."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    switch: bool = False

    def run(self, command: Sequence[str], *, within: Path, lock: int, log: int, deadline: Deadline) -> int:
        """Run a program to its end in a folder and return its exit status.

        The program and what it leaves behind hold the lock and write to the log.

        Raises:
            subprocess.TimeoutExpired: It was still running at the deadline and has been killed.

        """
        done = subprocess.run(  # noqa: S603 - our own binaries
            [*self.prefix, *command],
            cwd=within,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(lock,),
            timeout=deadline.left_s,
            check=False,
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=() if self.switch else None,
        )
        return done.returncode

    def name_of(self, folder: Path) -> str:
        """Name the folder that a program runs within, so that the account can open it.

        Nobody cannot walk through /root, but stands inside already: a working folder needs no path.
        """
        return str(folder) if self.reaches(folder, ENTER) else "/proc/self/cwd"

    def reaches(self, path: Path, wanted: int) -> bool:
        """Whether the mode bits of the path and of every folder above it let the account in."""
        if os.geteuid() != 0:
            return True
        real = path.resolve()
        return all(self._may(folder, ENTER) for folder in real.parents) and self._may(real, wanted)

    def _may(self, path: Path, wanted: int) -> bool:
        status = path.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return stat.S_IMODE(status.st_mode) >> shift & wanted == wanted


def choose(data: Path, postgres: Path, *, user_namespaces: bool) -> Account:
    """Pick who runs the server on a data folder, which may not exist yet.

    Args:
        data: The data folder. One that nobody owns stays with nobody.
        postgres: The server program, to try a namespace with.
        user_namespaces: False acts as if the kernel forbade them.

    Raises:
        Misconfigured: No account of this machine can run it.

    """
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0 and _is_named(uid):
        return Account(uid=uid, gid=gid)
    if uid == 0 and data.exists() and data.stat().st_uid != 0:
        return Account(uid=data.stat().st_uid, gid=data.stat().st_gid, switch=True)
    prefix = (sys.executable, "-I", "-S", namespace.__file__, str(_nobody().pw_uid))
    if user_namespaces and _enters(prefix, postgres):
        return Account(uid=uid, gid=gid, prefix=prefix)
    if uid == 0:
        return Account(uid=_nobody().pw_uid, gid=_nobody().pw_gid, switch=True)
    raise Misconfigured(
        f"The embedded database cannot start: user id {uid} has no entry in /etc/passwd, which initdb needs, "
        "and user namespaces are forbidden. Add an entry, or use your own PostgreSQL (docs/cli.md)."
    )


def _is_named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError as error:
        raise Misconfigured(
            "The embedded database cannot start: it must not run as root, and /etc/passwd knows no user 'nobody'. "
            "Add one, run as another user, or use your own PostgreSQL (docs/cli.md)."
        ) from error


def _enters(prefix: tuple[str, ...], postgres: Path) -> bool:
    try:
        tried = subprocess.run(  # noqa: S603 - our own binaries
            [*prefix, str(postgres), "--version"],
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:  # a process that gave up its user id may no longer run its own interpreter
        return False
    return tried.returncode == 0
