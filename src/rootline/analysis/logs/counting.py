"""How JSON lines get their keys: by a cut where the lines allow it, by their fields otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rootline.analysis.logs.clock import Clock
from rootline.analysis.logs.columns import columns
from rootline.analysis.logs.cutting import Cut
from rootline.analysis.logs.layout import learned
from rootline.analysis.logs.masking import HOLE
from rootline.analysis.logs.shaping import Shaper
from rootline.analysis.logs.tally import Batch, Tally
from rootline.analysis.logs.widening import opened

_LONGEST = 2000
_MANY = 0.25
_SMALL = 100


@dataclass(kw_only=True)
class LineCounter:
    """Counts chunks of lines into a tally and remembers what it learned about their layout."""

    clock: Clock
    tally: Tally = field(default_factory=Tally)
    _cut: Cut | None = None
    _may_cut: bool = True
    _of_cuts: Shaper = field(default_factory=Shaper)
    _of_messages: Shaper = field(default_factory=Shaper)
    _trusted: set[bytes] = field(default_factory=set)

    def add(self, lines: Sequence[bytes], first: int) -> None:
        """Count lines, the first of which has this place in the stream."""
        if self._may_cut and self._cut is None:
            known = learned(lines)
            self._cut = Cut.of(*known) if known else None
            self._of_cuts.widener.lead = self._cut.lead if self._cut else 1
        index = range(first, first + len(lines))
        left = self._by_cut(self._cut, lines, index) if self._cut and self._may_cut else index
        if left:
            self._by_columns([lines[at - first] for at in left], left)

    def widened(self, key: bytes) -> bytes:
        """The key as it would be given now, when all lines are known."""
        shape, end, rest = key.partition(b"\0")
        return (self._of_messages if end else self._of_cuts).widener.widen(shape) + end + rest

    def head(self, key: bytes, said: str) -> str:
        """The first row of what a line of this key says, with a hole for each of the key's blanks."""
        shape, end, _ = key.partition(b"\0")
        lead = 1 if end else self._of_cuts.widener.lead
        return opened(said.split("\n", 1)[0], shape, lead, HOLE)

    def _by_cut(self, cut: Cut, lines: Sequence[bytes], index: Sequence[int]) -> Sequence[int]:
        """Count the lines that the cut can be trusted with, and return the places of the others.

        Where a quarter of the keys are different, something else in the lines varies, and cutting is given up.
        """
        keys = self._of_cuts.keys(_short(cut.pieces(lines)))
        example = dict(zip(keys, range(len(keys)), strict=True))
        if len(example) > _MANY * len(lines) + _SMALL:
            self._may_cut = False
            return index
        batch = Batch(keys=keys, times=cut.times(lines), lines=lines, index=index)
        odd = {key for key in example.keys() - self._trusted if not cut.trusts(key, lines[example[key]])}
        self._trusted.update(example.keys() - odd)
        self._count(batch.pick([at for at, key in enumerate(keys) if key not in odd]) if odd else batch)
        return [place for place, key in zip(index, keys, strict=True) if key in odd] if odd else ()

    def _by_columns(self, lines: Sequence[bytes], index: Sequence[int]) -> None:
        for some in columns(lines, index):
            shapes = self._of_messages.keys(_short(some.messages))
            keys = list(map(b"\0".join, zip(shapes, some.services, some.levels, strict=True)))
            self._count(Batch(keys=keys, times=some.times, lines=some.lines, index=some.index))

    def _count(self, batch: Batch) -> None:
        self.tally.add(batch, self.clock.parts(batch.times))


def _short(texts: Sequence[bytes]) -> Sequence[bytes]:
    longest = max(map(len, texts), default=0)
    return [text[:_LONGEST] for text in texts] if longest > _LONGEST else texts
