"""Every series of a window, scored against its own normal state."""

from collections.abc import Sequence
from datetime import datetime

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.findings import findings
from rootline.analysis.metrics.grids import by_grid
from rootline.analysis.metrics.joining import Labels, identity, joined, span
from rootline.analysis.metrics.spans import columns, normal_columns
from rootline.analysis.metrics.usual import against_usual
from rootline.domain.signal import Series
from rootline.domain.window import Window


def score(
    series: Sequence[Series],
    window: Window,
    *,
    baseline: Window | None = None,
    onset_hint: datetime | None = None,
) -> list[MetricFinding]:
    """Say for each series how it changed inside a window.

    The normal state is taken from `baseline` if given, else from the samples before the window if there are
    at least five, else from the earlier half of those before `onset_hint`, else from the quiet part of the
    window itself.

    Args:
        series: Any number of series, on any sample times.
        window: The samples to judge; the onset and the end lie inside.
        baseline: A time known to be normal.
        onset_hint: A moment at which something was already wrong, such as the start of an alert.

    Returns:
        One finding a series, strongest first; equal ones by service, metric and labels. A series without
        samples in the window has NaN levels. What moved as a number of the same hour before did is unchanged.

    """
    found: list[MetricFinding] = []
    for grid in by_grid(series):
        inside = columns(grid.times, window)
        before = normal_columns(grid.times, inside, baseline=baseline, onset_hint=onset_hint)
        found.extend(findings([series[member] for member in grid.members.tolist()], grid, inside, before))
    return sorted(against_usual(found), key=_order)


def compare(before: Sequence[Series], during: Sequence[Series]) -> list[MetricFinding]:
    """Score series that were read twice: once in a normal time, once in the time in question.

    Args:
        before: The normal time. A series that is missing here is judged by its own quiet part.
        during: The time in question; every series here gets a finding.

    Returns:
        As `score` does.

    """
    if not during or not any(line.times.size for line in during):
        return []
    known = {identity(line): line for line in before}
    merged = [joined(known.get(identity(line)), line) for line in during]
    normal = span(before) if any(line.times.size for line in before) else None
    return score(merged, span(during), baseline=normal)


def _order(finding: MetricFinding) -> tuple[float, str, str, Labels]:
    return (-finding.score, finding.service, finding.metric, tuple(sorted(finding.labels.items())))
