"""What one question may bring home from a whole fleet is bounded, and every cluster has an equal share of it."""

from collections.abc import Sequence

from rootline.analysis.metrics.joining import identity
from rootline.analysis.metrics.scoring import score
from rootline.domain.change import ChangeSet
from rootline.domain.evidence import ClusterOutcome
from rootline.domain.signal import Series, Span
from rootline.domain.window import Window
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell
from rootline.sources.logs.source import LogRead

MOST_SERIES_OF_ALL, MOST_LINES_OF_ALL, MOST_SPANS_OF_ALL = 2_000, 10_000, 40_000
"""Source: ours; some 16 MB each, two to twelve times what one cluster may send."""


def strongest(series: Sequence[Series], *, window: Window, clusters: int) -> Sequence[Series]:
    """Keep the series of one cluster that moved most, when there are more than its share."""
    share = max(10, MOST_SERIES_OF_ALL // max(1, clusters))
    if len(series) <= share:
        return series
    _left_out("metrics", f"{share} of {len(series)} series, those that moved most")
    found = score(series, window)
    order = {(one.service, one.metric, tuple(sorted(one.labels.items()))): at for at, one in enumerate(found)}
    return sorted(series, key=lambda one: order.get(identity(one), len(order)))[:share]


def counted(read: LogRead) -> LogRead:
    """Tell when a cluster has more lines than it sent."""
    if read.total > len(read.lines):
        _left_out("logs", f"{len(read.lines)} of {read.total} lines")
    return read


def whole_traces(spans: Sequence[Span], *, clusters: int) -> Sequence[Span]:
    """Keep whole traces of one cluster, spread over the window, when there are more spans than its share."""
    share = max(500, MOST_SPANS_OF_ALL // max(1, clusters))
    if len(spans) <= share:
        return spans
    traces = list(dict.fromkeys(span.trace_id for span in spans))
    step = -(-len(spans) // share)
    kept = set(traces[::step])
    _left_out("traces", f"{len(kept)} of {len(traces)} traces")
    return [span for span in spans if span.trace_id in kept]


def remarked(changes: ChangeSet) -> ChangeSet:
    """Tell when the changes of one cluster are not all: which source of them failed, or what it left out."""
    if changes.remarks:
        _left_out("changes", "; ".join(changes.remarks)[:LONGEST_DETAIL])
    return changes


def _left_out(what: str, detail: str) -> None:
    tell([ClusterOutcome(cluster="", asked=what, status="partial", detail=detail)])
