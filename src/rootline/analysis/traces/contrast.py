"""What slow traces spend their time on that normal ones do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.naming import Operation
from rootline.analysis.traces.periods import Periods, mean, quantile

Reference = Literal["baseline", "window", "nothing"]
_SLOW = 1.5
_SHOWN = 5
_WORTH = 0.01


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """What one operation adds. Self-times are mean seconds a trace.

    `share` is its part, 0 to 1, of all the self-time that slow traces have more than normal ones.
    """

    service: str
    operation: str
    slow_s: float
    normal_s: float
    share: float


@dataclass(frozen=True, kw_only=True)
class SlowContrast:
    """Slow against normal traces that enter through the same operation; durations are mean seconds.

    Compared with traces before the onset ("baseline"), with the faster half of the current ones ("window"),
    or with "nothing": then shares are simply those of the self-time and normal values are 0.
    """

    service: str
    operation: str
    compared_with: Reference
    slow_traces: int
    normal_traces: int
    slow_s: float
    normal_s: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, kw_only=True)
class _Sides:
    slow: Sequence[int]
    normal: Sequence[int]
    reference: Reference


def contrasts(forest: Forest, periods: Periods) -> list[SlowContrast]:
    """Contrast every entry operation that has slow traces, the most added time first."""
    entries: dict[Operation, tuple[list[int], list[int]]] = {}
    for root in forest.trees:
        before, after = entries.setdefault(forest.operations[root], ([], []))
        if periods.before(forest.starts[root]):
            before.append(root)
        elif periods.after(forest.starts[root]):
            after.append(root)
    found = [_contrast(forest, entry, _sides(forest, *both)) for entry, both in entries.items()]
    shown = [one for one in found if one.slow_traces]
    return sorted(shown, key=_added)


def _sides(forest: Forest, before: Sequence[int], after: Sequence[int]) -> _Sides:
    """Choose what is slow: half again above the baseline's p95, else twice the window's own median.

    Source: own choice; 1.5 is beyond what p95 wanders between quiet hours, and 2 separates two modes.
    """
    if before:
        normal = sorted(forest.spans[root].duration_s for root in before)
        limit = _SLOW * quantile(normal, 0.95)
        slow = [root for root in after if forest.spans[root].duration_s > limit]
        return _Sides(slow=slow, normal=before, reference="baseline")
    ordered = sorted(after, key=lambda root: (forest.spans[root].duration_s, root))
    median = quantile([forest.spans[root].duration_s for root in ordered], 0.5) if ordered else 0.0
    slow = [root for root in ordered if forest.spans[root].duration_s >= 2 * median]
    normal_half = [root for root in ordered if forest.spans[root].duration_s <= median]
    if median > 0 and slow:
        return _Sides(slow=slow, normal=normal_half, reference="window")
    return _Sides(slow=ordered, normal=(), reference="nothing")


def _contrast(forest: Forest, entry: Operation, sides: _Sides) -> SlowContrast:
    slow, normal = _profile(forest, sides.slow), _profile(forest, sides.normal)
    excess = {name: spent - normal.get(name, 0.0) for name, spent in slow.items()}
    total = sum(more for more in excess.values() if more > 0)
    largest = sorted((name for name in excess if excess[name] > 0), key=lambda name: (-excess[name], name))
    return SlowContrast(
        service=entry.service,
        operation=entry.name,
        compared_with=sides.reference,
        slow_traces=len(sides.slow),
        normal_traces=len(sides.normal),
        slow_s=mean([forest.spans[root].duration_s for root in sides.slow]),
        normal_s=mean([forest.spans[root].duration_s for root in sides.normal]),
        contributions=tuple(
            Contribution(
                service=name.service,
                operation=name.name,
                slow_s=slow[name],
                normal_s=normal.get(name, 0.0),
                share=excess[name] / total,
            )
            for name in largest[:_SHOWN]
            if excess[name] >= _WORTH * total
        ),
    )


def _profile(forest: Forest, roots: Sequence[int]) -> dict[Operation, float]:
    """Mean self-time in seconds a trace, of every operation."""
    spent: dict[Operation, float] = {}
    for root in roots:
        for at in forest.trees[root]:
            name = forest.operations[at]
            spent[name] = spent.get(name, 0.0) + forest.self_s[at]
    return {name: seconds / len(roots) for name, seconds in spent.items()}


def _added(one: SlowContrast) -> tuple[bool, float, str, str]:
    return (
        one.compared_with == "nothing",
        -one.slow_traces * (one.slow_s - one.normal_s),
        one.service,
        one.operation,
    )
