"""Where the server keeps its files, and whether those folders are really ours."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from rootline.errors import Misconfigured

LOG_KEPT_BYTES = 1_000_000
LOG_SHOWN_BYTES = 2_000
LOG_SHOWN_LINES = 12


@dataclass(frozen=True, kw_only=True)
class Place:
    """The folder `<home>/postgres`, resolved, and the names inside it."""

    folder: Path

    @property
    def data(self) -> Path:
        """The data folder of PostgreSQL; it exists only once it is complete."""
        return self.folder / "data"

    @property
    def unfinished(self) -> Path:
        """Where a data folder is made before it is renamed."""
        return self.folder / "data.unfinished"

    @property
    def start_lock(self) -> Path:
        """Held while someone starts or stops the server."""
        return self.folder / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by every process that uses the server."""
        return self.folder / "users.lock"

    @property
    def server_lock(self) -> Path:
        """Held by the server and by each of its children."""
        return self.folder / "server.lock"

    @property
    def log(self) -> Path:
        """What the server and initdb print."""
        return self.folder / "server.log"

    def open_log(self) -> int:
        """Open the log for appending; a log above a megabyte is set aside first."""
        if self.log.exists() and self.log.stat().st_size > LOG_KEPT_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))
        return os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)

    def log_tail(self) -> str:
        """Return the last lines of the log, for a message to the operator."""
        if not self.log.exists():
            return "(no log)"
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - LOG_SHOWN_BYTES))
            lines = log.read(LOG_SHOWN_BYTES).decode(errors="replace").splitlines()
        return "\n".join(lines[-LOG_SHOWN_LINES:])


def open_place(home: Path) -> Place:
    """Make `<home>/postgres` if it is not there yet; modes of what already exists stay as they are.

    Raises:
        Misconfigured: The folder belongs to another user or others can enter it.
        OSError: It cannot be made.

    """
    folder = home.resolve() / "postgres"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    require_private(folder, os.geteuid())
    return Place(folder=folder)


def require_private(folder: Path, uid: int) -> None:
    """Refuse a folder that is a link, belongs to someone else or lets anyone else in.

    Raises:
        Misconfigured: The folder must not be used.

    """
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        found = "is not a folder"
    elif status.st_uid != uid:
        found = f"belongs to user id {status.st_uid}, not to {uid}"
    elif status.st_mode & 0o077:
        found = f"is open to others (mode {stat.S_IMODE(status.st_mode):o})"
    else:
        return
    raise Misconfigured(
        f"The database needs {folder} for itself, but it {found}. "
        "Remove it or choose another ROOTLINE_HOME, or use your own PostgreSQL (docs/cli.md)."
    )
