"""Lines as programs append them to files: what is new since the last look, across rotation, in bounded pieces."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 16 * 2**20
"""Source: ours; twelve seconds of 200,000 lines of 400 bytes a minute, so that a late look catches up."""
LONGEST_LINE = 2**16


@dataclass(kw_only=True)
class Tail:
    """Follows one file by name.

    It begins at the end of what is there, finishes a file that was moved away, and reads the one in its place from
    the start, as it does one that was emptied. A line is given when its end has been written; of one that is longer
    than 64 KiB, the beginning.
    """

    file: Path
    _held: BinaryIO | None = None
    _has_looked: bool = False
    _begun: bytes = b""

    def lines(self) -> list[bytes]:
        """Return the lines that were completed since the last call; none while the file is not there."""
        found = self._rest() if self._held and self._is_moved() else []
        if self._held is None:
            self._open()
        self._has_looked = True
        return [*found, *self._rest()]

    def close(self) -> None:
        """Let go of the file."""
        if self._held is not None:
            self._held.close()
        self._held, self._begun = None, b""

    def _open(self) -> None:
        try:
            self._held = self.file.open("rb")
        except OSError:
            return
        if not self._has_looked:
            self._held.seek(0, os.SEEK_END)

    def _is_moved(self) -> bool:
        """Whether another file stands under the name, or none; what is held is then read to its end and let go."""
        assert self._held is not None  # noqa: S101 the caller has looked
        mine = os.fstat(self._held.fileno())
        try:
            there = self.file.stat()
        except OSError:
            return False
        return (mine.st_dev, mine.st_ino) != (there.st_dev, there.st_ino)

    def _rest(self) -> list[bytes]:
        if self._held is None:
            return []
        if os.fstat(self._held.fileno()).st_size < self._held.tell():
            self._held.seek(0)
            self._begun = b""
        *whole, rest = (self._begun + self._held.read(MOST_BYTES)).split(b"\n")
        self._begun = rest[:LONGEST_LINE]
        found = [line[:LONGEST_LINE] for line in whole if line]
        if self._is_moved():
            self.close()
        return found
