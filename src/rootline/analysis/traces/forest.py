"""Spans as trees, from input that may lie: wrong trace ids, missing parents, skewed clocks, cycles, duplicates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from rootline.analysis.traces.naming import Operation, operation
from rootline.analysis.traces.parents import named_parent, parents
from rootline.analysis.traces.refusals import refused
from rootline.analysis.traces.selftime import self_times
from rootline.domain.signal import Span


@dataclass(frozen=True, kw_only=True, eq=False)
class Forest:
    """Every distinct span with its place in a tree. All sequences have one entry a span, by start then ids.

    `parent[i]` is an index or -1; `root[i]` is the top of i's tree; `starts` are Unix seconds;
    `self_s` is the time in which no child ran, in seconds; `coarse` says that the clock ticks in whole seconds;
    `refused` are those newly answered with a refusal of which no caller tells.
    """

    spans: tuple[Span, ...]
    operations: tuple[Operation, ...]
    starts: tuple[float, ...]
    parent: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    root: tuple[int, ...]
    self_s: tuple[float, ...]
    coarse: bool
    duplicates: int
    refused: frozenset[int] = frozenset()

    @property
    def orphans(self) -> tuple[int, ...]:
        """Spans that name a parent which is not there."""
        return tuple(at for at, up in enumerate(self.parent) if up < 0 and named_parent(self.spans[at]) is not None)

    @cached_property
    def trees(self) -> dict[int, list[int]]:
        """The spans of each tree under its root, roots in order of start."""
        found: dict[int, list[int]] = {}
        for at, root in enumerate(self.root):
            found.setdefault(root, []).append(at)
        return found

    def ends(self, at: int) -> float:
        """When the span ended, Unix seconds."""
        return self.starts[at] + self.spans[at].duration_s

    def failed(self, at: int) -> bool:
        """Whether the span reports an error, or was newly refused."""
        return self.spans[at].status == "error" or bool(self.spans[at].error) or at in self.refused


def plant(spans: Iterable[Span]) -> Forest:
    """Link spans into trees; a repeated span counts once, a cycle is cut where it was entered."""
    given = sorted(spans, key=_order)
    unique, starts, parent = linked(given)
    children = _children(parent)
    names = {(span.service, span.operation): span for span in unique}
    named = {key: operation(span) for key, span in names.items()}
    coarse = _is_coarse(starts, unique)
    operations = tuple(named[span.service, span.operation] for span in unique)
    return Forest(
        spans=unique,
        operations=operations,
        starts=starts,
        parent=tuple(parent),
        children=children,
        root=tuple(_roots(parent)),
        self_s=tuple(self_times(starts, [span.duration_s for span in unique], children, coarse=coarse)),
        coarse=coarse,
        duplicates=len(given) - len(unique),
        refused=refused(unique, operations, parent),
    )


def linked(ordered: Iterable[Span]) -> tuple[tuple[Span, ...], tuple[float, ...], list[int]]:
    """Return the distinct spans, when each began (Unix seconds), and the place of each one's parent, -1 for none."""
    unique = tuple(_distinct(ordered))
    starts = tuple(span.start.timestamp() for span in unique)
    return unique, starts, parents(unique, starts)


def _order(span: Span) -> tuple[datetime, str, str, str, str, float]:
    return span.start, span.trace_id, span.span_id, span.service, span.operation, span.duration_s


def _distinct(spans: Iterable[Span]) -> Iterable[Span]:
    seen: set[tuple[object, ...]] = set()
    for span in spans:
        key = (span.trace_id, span.span_id, span.service, span.operation, span.start, span.duration_s)
        if key not in seen:
            seen.add(key)
            yield span


def _children(parent: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    found: list[list[int]] = [[] for _ in parent]
    for at, up in enumerate(parent):
        if up >= 0:
            found[up].append(at)
    return tuple(tuple(of) for of in found)


def _roots(parent: Sequence[int]) -> list[int]:
    root = [-1] * len(parent)
    for at in range(len(parent)):
        path, here = [], at
        while root[here] < 0 and parent[here] >= 0:
            path.append(here)
            here = parent[here]
        top = root[here] if root[here] >= 0 else here
        for passed in (*path, here):
            root[passed] = top
    return root


def _is_coarse(starts: Sequence[float], spans: Sequence[Span]) -> bool:
    """Whether starts are cut to whole seconds although spans are shorter than that."""
    short = any(span.duration_s % 1 for span in spans)
    return short and all(start.is_integer() for start in starts)
