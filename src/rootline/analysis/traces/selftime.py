"""How long a span worked itself, without its children."""

from collections.abc import Iterable, Sequence


def self_times(
    starts: Sequence[float],
    durations: Sequence[float],
    children: Sequence[Sequence[int]],
    *,
    coarse: bool,
) -> list[float]:
    """Seconds of each span in which none of its children ran, never negative.

    A child that a skewed clock puts partly outside its parent is moved inside. A child that began more than
    the parent's duration after its end is taken as asynchronous and costs the parent nothing.
    With a coarse clock children are taken one after the other where they fit, else all at once.
    """
    busy = _busy_coarse if coarse else _busy
    return [
        max(0.0, duration - busy(at, starts, durations, children[at])) if children[at] else duration
        for at, duration in enumerate(durations)
    ]


def union_s(intervals: Iterable[tuple[float, float]]) -> float:
    """Seconds covered by at least one of the intervals."""
    covered, until = 0.0, float("-inf")
    for start, end in sorted(intervals):
        covered += max(0.0, end - max(start, until))
        until = max(until, end)
    return covered


def _busy(at: int, starts: Sequence[float], durations: Sequence[float], below: Sequence[int]) -> float:
    start, end = starts[at], starts[at] + durations[at]
    moved = (_inside(starts[child], durations[child], start, end) for child in below)
    return union_s(span for span in moved if span[1] > span[0])


def _inside(child: float, duration: float, start: float, end: float) -> tuple[float, float]:
    if child > end + (end - start):
        return end, end
    if duration >= end - start:
        return max(child, start), min(child + duration, end)
    moved = min(max(child, start), end - duration)
    return moved, moved + duration


def _busy_coarse(at: int, _starts: Sequence[float], durations: Sequence[float], below: Sequence[int]) -> float:
    lengths = [min(durations[child], durations[at]) for child in below]
    total = sum(lengths)
    return total if total <= durations[at] else max(lengths)
