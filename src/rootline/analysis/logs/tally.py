"""Counts of JSON lines by a cheap key, with one real line for each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rootline.analysis.logs.clock import Part


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Lines with their keys, their times as written and their places in the whole stream, side by side."""

    keys: Sequence[bytes]
    times: Sequence[bytes]
    lines: Sequence[bytes]
    index: Sequence[int]

    def pick(self, places: Sequence[int]) -> "Batch":
        """The lines at these places of the batch."""
        return Batch(
            keys=[self.keys[at] for at in places],
            times=[self.times[at] for at in places],
            lines=[self.lines[at] for at in places],
            index=[self.index[at] for at in places],
        )


class Example(NamedTuple):
    """The first line of a key, its place in the stream and its time as written."""

    place: int
    line: bytes
    time: bytes


@dataclass(kw_only=True)
class Counted:
    """One part of the comparison: how often each key came, its first line and the time of its last."""

    counts: Counter[bytes] = field(default_factory=Counter)
    first: dict[bytes, Example] = field(default_factory=dict)
    last: dict[bytes, bytes] = field(default_factory=dict)

    def add(self, batch: Batch) -> None:
        """Count lines that follow those counted before."""
        self.counts.update(batch.keys)
        self.last.update(zip(batch.keys, batch.times, strict=True))
        if len(self.counts) > len(self.first):
            self._meet(batch)

    def _meet(self, batch: Batch) -> None:
        places = dict(zip(reversed(batch.keys), range(len(batch.keys) - 1, -1, -1), strict=True))
        for key in sorted(places.keys() - self.first.keys(), key=places.__getitem__):
            at = places[key]
            self.first[key] = Example(batch.index[at], batch.lines[at], batch.times[at])


@dataclass(kw_only=True)
class Tally:
    """Counts so far by part. `earliest` is the smallest time in the order of text, which is that of one notation."""

    parts: dict[Part, Counted] = field(default_factory=dict)
    earliest: bytes = b""

    def add(self, batch: Batch, parts: Sequence[Part]) -> None:
        """Count lines that follow those counted before; `parts` says where each belongs."""
        present = sorted(set(parts))
        for part in present:
            mine = batch if len(present) == 1 else batch.pick([at for at, one in enumerate(parts) if one == part])
            self.parts.setdefault(part, Counted()).add(mine)
        if batch.times:
            self.earliest = _earlier(self.earliest, batch.times)


def _earlier(known: bytes, times: Sequence[bytes]) -> bytes:
    smallest = min(times) or min((time for time in times if time), default=b"")
    return min(known, smallest) if known and smallest else known or smallest
