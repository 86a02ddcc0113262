"""A million JSON lines to findings: every line is counted by a cheap key, one line a key is parsed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from rootline.analysis.logs.clock import BEFORE, NOW, Clock, read
from rootline.analysis.logs.columns import Reader
from rootline.analysis.logs.counts import Counts
from rootline.analysis.logs.findings import Exemplar, LogFinding
from rootline.analysis.logs.masking import HOLE
from rootline.analysis.logs.message import Message
from rootline.analysis.logs.mining import mine
from rootline.analysis.logs.shaping import Shaper, opened
from rootline.analysis.logs.tally import REST, Example, Tally
from rootline.analysis.logs.widening import Widener
from rootline.analysis.logs.wording import is_error, quotes_a_user
from rootline.domain.window import Window

_CHUNK = 500
_TRACES = 5


@dataclass(kw_only=True)
class _Kind:
    """All lines of one key, in one part of the comparison. `head` has holes where the key has blanks."""

    now: bool
    count: int
    example: Example
    said: Message
    head: str
    last: bytes


@dataclass(kw_only=True)
class _Bucket:
    """The kinds of one template of one service, in order of their first lines."""

    now: list[_Kind] = field(default_factory=list)
    before: list[_Kind] = field(default_factory=list)


def summarise_json(lines: Iterable[bytes], window: Window, *, onset: datetime | None = None) -> list[LogFinding]:
    """Summarise JSON lines as `summarise` does, but at the speed of counting: for a million lines and more.

    Fields are found by their usual names. Times are compared to the second; first and last seen are those of
    the first and last line in the order given. Stack traces are not folded: a JSON line holds its own.
    """
    split = onset or window.start
    shaper = Shaper()
    tally = _tally(lines, shaper, Clock(split=split, end=window.end))
    start = min(read(tally.earliest) or window.start, window.start)
    seconds = (split - start).total_seconds(), (window.end - split).total_seconds()
    found = [_finding(name, bucket, seconds) for name, bucket in _buckets(_kinds(tally, shaper.widener)).items()]
    return sorted(found, key=lambda one: (-one.importance, one.service, one.template))


def _tally(lines: Iterable[bytes], shaper: Shaper, clock: Clock) -> Tally:
    tally, reader, place, stream = Tally(), Reader(), 0, iter(lines)
    while chunk := list(islice(stream, _CHUNK)):
        for some in reader.columns(chunk, range(place, place + len(chunk))):
            tally.add(some, shaper.keys(some.messages()), clock)
        place += len(chunk)
    return tally


def _kinds(tally: Tally, widener: Widener) -> list[_Kind]:
    named = tally.kinds
    found: dict[tuple[bytes, bytes, bool], _Kind] = {}
    for part in (BEFORE, NOW):
        counted = tally.parts[part]
        for number, example in counted.first.items():
            service, early = named[number]
            shape = widener.widen(early)
            key = service, shape, part == NOW
            if key in found:
                found[key].count += counted.counts[number]
                found[key].last = max(found[key].last, counted.last[number])
            else:
                said = example.said if number != REST else Message(text=HOLE)
                head = opened(said.text.split("\n", 1)[0], shape, HOLE)
                last = counted.last[number]
                found[key] = _Kind(
                    now=part == NOW, count=counted.counts[number], example=example, said=said, head=head, last=last
                )
    return sorted(found.values(), key=lambda kind: kind.example.place)


def _buckets(kinds: Sequence[_Kind]) -> dict[tuple[str, str], _Bucket]:
    """Kinds by service and template."""
    mined = mine([kind.head for kind in kinds])
    found: dict[tuple[str, str], _Bucket] = {}
    for kind, number in zip(kinds, mined.template_of, strict=True):
        name = kind.said.service, mined.templates[number]
        bucket = found.setdefault(name, _Bucket())
        (bucket.now if kind.now else bucket.before).append(kind)
    return found


def _finding(name: tuple[str, str], bucket: _Bucket, seconds: tuple[float, float]) -> LogFinding:
    shown = bucket.now or bucket.before
    first = shown[0].example
    now, before = (sum(kind.count for kind in of) for of in (bucket.now, bucket.before))
    counts = Counts(now=now, before=before, now_s=seconds[1], before_s=seconds[0])
    severity, head = shown[0].said.severity, shown[0].head
    return LogFinding(
        service=name[0],
        template=name[1],
        count=now,
        baseline_count=before,
        first_seen=read(first.time),
        last_seen=read(max(kind.last for kind in shown)),
        severity=severity,
        novelty=counts.novelty,
        growth=counts.growth,
        exemplar=Exemplar(line=first.place, text=first.text),
        trace_ids=tuple(dict.fromkeys(kind.said.trace_id for kind in shown if kind.said.trace_id))[:_TRACES],
        frames=(),
        is_error=is_error(head, severity),
        from_user_text=quotes_a_user(head),
        counted_by_source=False,
    )
