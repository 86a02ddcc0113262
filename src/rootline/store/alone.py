"""One process of an installation at a time works on an investigation; the lock goes with the process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from rootline.errors import Misconfigured


class Held(Misconfigured):
    """Another process works on it right now."""


@contextmanager
def alone(home: Path, investigation: UUID) -> Iterator[None]:
    """Hold the investigation while the block runs; raise Held when another process holds it."""
    folder = home / "running"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / str(investigation)
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise Held(
                f"Another process works on investigation {investigation} right now. Wait for it, or stop it first."
            ) from held
        yield
    file.unlink(missing_ok=True)
