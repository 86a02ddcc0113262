"""A tape of bounded size: what does not fit is left out, the least telling first, and is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rootline.analysis.metrics.joining import identity
from rootline.analysis.metrics.scoring import score
from rootline.domain.change import Commit
from rootline.domain.session import Question
from rootline.domain.signal import LogLine, Series, Span
from rootline.tapes import parts
from rootline.tapes.parts import Part
from rootline.tapes.recording import Recording
from rootline.tapes.taken import Taken

MOST_BYTES = 64 * 2**20
"""Source: ours; what a repository or a ticket takes as an attachment without trouble."""
LEAST = 20
Halve = Callable[[Sequence[Any], Question], tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """A part that can be made smaller: its name for people, how it is written, and which half of it stays."""

    name: str
    which: str
    part: Part
    halve: Halve


def fitted(recording: Recording, most_bytes: int = MOST_BYTES) -> Recording:
    """Return the recording with at most so many bytes; `taken.left_out` says what is missing.

    The largest part is halved until all fit; a part with few records is kept whole.
    """
    held: dict[str, tuple[Any, ...]] = {
        name: getattr(recording, name) for name in _KINDS if name != "commits" and getattr(recording, name)
    }
    if recording.changes and recording.changes.commits:
        held["commits"] = recording.changes.commits
    before = {name: len(many) for name, many in held.items()}
    sizes = {name: _size(name, many) for name, many in held.items()}
    while sum(sizes.values()) > most_bytes:
        largest = max((name for name in sizes if len(held[name]) > LEAST), key=lambda name: sizes[name], default="")
        if not largest:
            break
        held[largest] = _KINDS[largest].halve(held[largest], recording.question)
        sizes[largest] = _size(largest, held[largest])
    return _with(recording, held, _remarks(before, held))


def _size(name: str, many: Sequence[Any]) -> int:
    return len(_KINDS[name].part.write(many).encode("utf-8", "surrogatepass"))


def _remarks(before: Mapping[str, int], held: Mapping[str, Sequence[Any]]) -> tuple[str, ...]:
    short = [name for name in before if len(held[name]) < before[name]]
    return tuple(
        f"{len(held[name]):,} of {before[name]:,} {_KINDS[name].name} are kept, {_KINDS[name].which}" for name in short
    )


def _with(recording: Recording, held: Mapping[str, tuple[Any, ...]], remarks: tuple[str, ...]) -> Recording:
    if not remarks:
        return recording
    changes = recording.changes and replace(recording.changes, commits=held.get("commits", ()))
    return replace(
        recording,
        series=held.get("series", recording.series),
        lines=held.get("lines", recording.lines),
        spans=held.get("spans", recording.spans),
        changes=changes,
        taken=replace(recording.taken or Taken(), left_out=remarks),
    )


def _newest(lines: Sequence[LogLine], _: Question) -> tuple[LogLine, ...]:
    return tuple(lines[len(lines) // 2 :])


def _traces(spans: Sequence[Span], _: Question) -> tuple[Span, ...]:
    kept = set(list(dict.fromkeys(span.trace_id for span in spans))[::2])
    whole = tuple(span for span in spans if span.trace_id in kept)
    return whole if len(whole) < len(spans) else tuple(spans[: len(spans) // 2])


def _moved(series: Sequence[Series], question: Question) -> tuple[Series, ...]:
    found = score(series, question.window)
    order = {(one.service, one.metric, tuple(sorted(one.labels.items()))): at for at, one in enumerate(found)}
    return tuple(sorted(series, key=lambda one: order.get(identity(one), len(order))))[: len(series) // 2]


def _latest(commits: Sequence[Commit], _: Question) -> tuple[Commit, ...]:
    return tuple(sorted(commits, key=lambda one: one.at)[len(commits) // 2 :])


_KINDS: Mapping[str, _Kind] = {
    "series": _Kind(name="series", which="those that moved most", part=parts.SERIES, halve=_moved),
    "lines": _Kind(name="log lines", which="the newest", part=parts.LINES, halve=_newest),
    "spans": _Kind(name="spans", which="whole traces over the window", part=parts.SPANS, halve=_traces),
    "commits": _Kind(name="commits", which="the latest", part=parts.COMMITS, halve=_latest),
}
