"""Where the server listens: in its data folder, or in a private folder when that path is too long."""

import hashlib
import os
import tempfile
from pathlib import Path

from rootline.errors import Misconfigured
from rootline.store.embedded.account import Account
from rootline.store.embedded.place import require_private

LONGEST_BYTES = 90
"""A socket's whole path has room for 107 bytes, of which `/.s.PGSQL.5432.lock` takes 19. Source: unix(7)."""
SEPARATORS = frozenset(",\"'\\")
"""In a connection string a comma separates hosts; the others would have to be quoted thrice."""


def socket_folder(data: Path, account: Account) -> Path:
    """Choose the folder, make it if it is a temporary one, and make sure that it is the account's alone.

    Raises:
        Misconfigured: Someone else has made it before us, or every temporary folder has a long path.

    """
    if _fits(data):
        return data
    folder = short_folder(data, account.uid)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        os.chown(folder, account.uid, account.gid)
    require_private(folder, account.uid)
    return folder


def short_folder(data: Path, uid: int) -> Path:
    """Name the temporary folder that stands for a long path: the same for the same data and user."""
    name = f"rootline-{uid}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    for parent in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - a folder there is checked to be ours
        if _fits(parent / name):
            return parent / name
    raise Misconfigured(
        f"{data} is too long a path for a socket, and so is the temporary folder. Choose a shorter ROOTLINE_HOME."
    )


def _fits(folder: Path) -> bool:
    short = len(os.fsencode(folder)) <= LONGEST_BYTES
    return short and str(folder).isprintable() and not SEPARATORS.intersection(str(folder))
