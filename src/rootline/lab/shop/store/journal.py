"""The journal on the store's volume: what is written there survives a restart."""

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import Gauge

from ..lib.wire import Json

SIZE = Gauge("volume_size_bytes", "Size of the data volume")
AVAILABLE = Gauge("volume_available_bytes", "What is left of the data volume")
KEPT_BYTES = 2**20


class Journal:
    """Appends to a file on a volume that holds `volume_bytes`; the file starts anew when it is long.

    Another process may append to it as well while it takes over; what it wrote is read too.
    """

    def __init__(self, volume: Path, volume_bytes: int) -> None:
        self._volume, self._bytes = volume, volume_bytes
        self._file = volume / "journal"
        self._read_until = 0
        SIZE.set(volume_bytes)
        AVAILABLE.set_function(self._left)

    def append(self, entry: Json) -> None:
        """Write an entry; raises OSError when the volume is full."""
        line = json.dumps(entry, separators=(",", ":")) + "\n"
        if self._left() < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._file))
        mode = "w" if self._file.exists() and self._file.stat().st_size > KEPT_BYTES else "a"
        with self._file.open(mode, encoding="utf-8") as out:
            out.write(line)

    def unread(self) -> list[Json]:
        """Return the entries that were written since this was asked last, in order."""
        size = self._file.stat().st_size if self._file.exists() else 0
        if size == self._read_until:
            return []
        with self._file.open("rb") as written:
            written.seek(self._read_until if size > self._read_until else 0)
            lines = written.read(size).splitlines(keepends=True)
        whole = [line for line in lines if line.endswith(b"\n")]
        self._read_until = size - sum(len(line) for line in lines[len(whole) :])
        return [json.loads(line) for line in whole]

    def _left(self) -> float:
        return float(max(0, self._bytes - sum(self._sizes())))

    def _sizes(self) -> Iterator[int]:
        with os.scandir(self._volume) as entries:
            for entry in entries:
                yield entry.stat().st_size
