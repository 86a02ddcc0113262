"""The chain of spans that decided how long a trace took."""

from collections.abc import Sequence
from dataclasses import dataclass

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.periods import Periods


@dataclass(frozen=True, kw_only=True)
class PathStep:
    """One span on the critical path; `self_s` is its own working time in seconds."""

    service: str
    operation: str
    span_id: str
    trace_id: str
    depth: int
    duration_s: float
    self_s: float
    failed: bool


def slowest_path(forest: Forest, periods: Periods) -> tuple[PathStep, ...]:
    """The critical path of the slowest current trace, from its root on; empty without current traces."""
    roots = [root for root in forest.trees if periods.after(forest.starts[root])]
    slowest = max(roots, key=lambda root: (forest.spans[root].duration_s, -root), default=None)
    return () if slowest is None else tuple(_step(forest, at, depth) for at, depth in critical(forest, slowest))


def critical(forest: Forest, root: int) -> Sequence[tuple[int, int]]:
    """Indices and depths on the critical path below a root.

    From a span's end backwards, the child that ended last is on it, then the one that ended last before that
    one began. With a coarse clock only the longest child is.
    """
    found: list[tuple[int, int]] = []
    waiting = [(root, 0)]
    while waiting:
        at, depth = waiting.pop()
        found.append((at, depth))
        waiting.extend((child, depth + 1) for child in _blocking(forest, at))
    return found


def _blocking(forest: Forest, at: int) -> list[int]:
    below = forest.children[at]
    if forest.coarse:
        return [max(below, key=lambda child: (forest.spans[child].duration_s, -child))] if below else []
    until, chosen = forest.ends(at), list[int]()
    for child in sorted(below, key=lambda child: (-forest.ends(child), child)):
        if forest.starts[child] < until and (forest.ends(child) <= until or not chosen):
            chosen.append(child)
            until = forest.starts[child]
    return chosen


def _step(forest: Forest, at: int, depth: int) -> PathStep:
    return PathStep(
        service=forest.operations[at].service,
        operation=forest.operations[at].name,
        span_id=forest.spans[at].span_id,
        trace_id=forest.spans[at].trace_id,
        depth=depth,
        duration_s=forest.spans[at].duration_s,
        self_s=forest.self_s[at],
        failed=forest.failed(at),
    )
