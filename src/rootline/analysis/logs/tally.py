"""Counts of log lines by service and shape, with one real line for each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple, Self

from rootline.analysis.logs.clock import Clock, Part
from rootline.analysis.logs.columns import Columns
from rootline.analysis.logs.message import Message, message

MOST = 20_000
"""Source: ours; a program has some thousands of messages of its own, and so many kinds take some tens of megabytes."""
REST = -1


_SHOWN = 1_000
_LONGEST = 2_000
_KEPT = 4_000
_Kind = tuple[bytes, bytes]


class Example(NamedTuple):
    """The first line of a kind: its place in the stream, its time, and its text as far as it is kept.

    Only a line of more than 4,000 bytes is read at once: of the others, most are never asked what they say.
    """

    place: int
    time: bytes
    line: bytes
    read: Message | None = None

    @classmethod
    def of(cls, line: bytes, place: int, time: bytes) -> Self:
        """Keep what is needed of a line; a finding shows no more of it."""
        return cls(place, time, line[:_KEPT], _said(line) if len(line) > _KEPT else None)

    @property
    def text(self) -> str:
        """The first 1,000 characters of the line."""
        return self.line.decode(errors="replace")[:_SHOWN]

    @property
    def said(self) -> Message:
        """What the line says, of which the first 2,000 characters are kept."""
        return self.read or _said(self.line)


def _said(line: bytes) -> Message:
    said = message(line.decode(errors="replace"))
    return replace(said, text=said.text[:_LONGEST], stack="")


@dataclass(kw_only=True)
class Counted:
    """One part of the comparison: how often each kind came, its first line and the time of its last."""

    counts: Counter[int] = field(default_factory=Counter)
    first: dict[int, Example] = field(default_factory=dict)
    last: dict[int, bytes] = field(default_factory=dict)

    def add(self, kinds: Sequence[int], times: Sequence[bytes], places: Sequence[int], lines: Columns) -> None:
        """Count lines of these kinds and times, which stand at these places of some and follow those before."""
        self.counts.update(kinds)
        self.last.update(zip(kinds, times, strict=True))
        if len(self.counts) > len(self.first):
            new = set(kinds).difference(self.first)
            for at, kind in enumerate(kinds) if new else ():
                if kind in new:
                    new.remove(kind)
                    self.first[kind] = Example.of(lines.lines[places[at]], lines.index[places[at]], times[at])


@dataclass(kw_only=True)
class Tally:
    """Counts so far by part. `earliest` is the smallest time in the order of text, which is that of one notation.

    A kind is a service, as written, and a shape. Kinds are numbered as they come; those that come after the first
    20,000 are counted together, as `REST`.
    """

    parts: defaultdict[Part, Counted] = field(default_factory=lambda: defaultdict(Counted))
    earliest: bytes = b""
    _numbers: defaultdict[_Kind, int] = field(default_factory=lambda: defaultdict(count().__next__))

    def add(self, lines: Columns, shapes: Sequence[bytes], clock: Clock) -> None:
        """Count lines of these shapes, which follow those counted before."""
        kinds, times = self._numbered(zip(lines.all("service"), shapes, strict=True)), lines.all("time")
        for part, places in clock.places(times).items():
            if len(places) == len(times):
                self.parts[part].add(kinds, times, places, lines)
            else:
                self.parts[part].add([kinds[at] for at in places], [times[at] for at in places], places, lines)
        self.earliest = _earlier(self.earliest, times)

    @property
    def kinds(self) -> dict[int, _Kind]:
        """The service and the shape of every number."""
        return {number: kind for kind, number in self._numbers.items()} | {REST: (b"", b"")}

    def _numbered(self, kinds: Iterable[_Kind]) -> list[int]:
        if len(self._numbers) < MOST:
            return list(map(self._numbers.__getitem__, kinds))
        return [self._numbers.get(kind, REST) for kind in kinds]


def _earlier(known: bytes, times: Sequence[bytes]) -> bytes:
    smallest = min(times) or min((time for time in times if time), default=b"")
    return min(known, smallest) if known and smallest else known or smallest
