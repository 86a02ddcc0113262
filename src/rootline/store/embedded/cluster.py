"""The data folder: made once, complete or not at all, and owned by whoever runs the server."""

import os
import shutil
from pathlib import Path

from rootline.errors import Misconfigured
from rootline.store.embedded.account import Account
from rootline.store.embedded.binaries import Binaries
from rootline.store.embedded.deadline import Deadline
from rootline.store.embedded.place import Place
from rootline.store.embedded.provision import OWNER

LOCALES = ("C.UTF-8", "C")
"""What the C library's parts use; a machine without the first falls back. Sorting and case never ask it."""


def ensure_cluster(
    place: Place, account: Account, binaries: Binaries, *, lock: int, log: int, deadline: Deadline
) -> None:
    """Make the data folder if there is none, and hand an older one to the account.

    Raises:
        Misconfigured: initdb failed; the message ends with what it printed.
        subprocess.TimeoutExpired: initdb was still running at the deadline.

    """
    if place.data.exists():
        _hand_over(place.data, account)
        return
    for locale in LOCALES:
        _empty(place.unfinished, account)
        command = _initdb(binaries, account.name_of(place.unfinished), locale)
        if account.run(command, within=place.unfinished, lock=lock, log=log, deadline=deadline) == 0:
            _publish(place)
            return
    raise Misconfigured(
        f"initdb could not make a database in {place.data}. Free some space or choose another ROOTLINE_HOME, or "
        f"use your own PostgreSQL (docs/cli.md). It said:\n{place.log_tail()}"
    )


def _initdb(binaries: Binaries, folder: str, locale: str) -> list[str]:
    return [
        str(binaries.program("initdb")),
        f"--pgdata={folder}",
        f"--username={OWNER}",
        "--auth=trust",
        "--encoding=UTF8",
        f"--locale={locale}",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]


def _empty(folder: Path, account: Account) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    _hand_over(folder, account)


def _publish(place: Place) -> None:
    place.unfinished.rename(place.data)
    folder = os.open(place.folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _hand_over(folder: Path, account: Account) -> None:
    """Give everything to the account, the folder itself last, so that a broken-off attempt starts again."""
    if folder.stat().st_uid == account.uid:
        return
    for parent, folders, names in os.walk(folder, topdown=False):
        for name in (*folders, *names):
            os.chown(Path(parent, name), account.uid, account.gid, follow_symlinks=False)
    os.chown(folder, account.uid, account.gid)
